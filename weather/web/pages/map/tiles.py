"""The tiles of a weather layer, for the age of a map and for the reader's browser.

The page asks for them through the gateway, as the route that relays them does: the browser, which comes there a moment
later, is answered from the cache. Nobody but the server knows the provider's key.
"""

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from weather.errors import CallRefused, KeyRejected, NotCached, UpstreamError, WeatherError
from weather.providers.openweathermap.endpoints import tile as endpoint_of
from weather.settings.access_keys import AccessKey
from weather.upstream.gateway import Gateway
from weather.upstream.types import CachedResponse, Requester, make_request
from weather.web.http.clients.access import with_tile_token
from weather.web.pages.map.projection import Tile


@dataclass(frozen=True, slots=True)
class FetchedTile:
    """A tile of the layer: its address below the path prefix, and the answer; None if there is none, and why."""

    tile: Tile
    path: str
    answer: CachedResponse | None
    why: str = ""


class Tiles:
    """Fetches tiles. `gateway` is None where no source has any."""

    def __init__(self, gateway: Gateway | None, access_keys: Sequence[AccessKey]) -> None:
        self._gateway, self._access_keys = gateway, access_keys

    @property
    def are_there(self) -> bool:
        return self._gateway is not None

    async def fetch(self, layer: str, wanted: Iterable[Tile], visitor: Requester) -> Sequence[FetchedTile]:
        """Each tile, or why it could not be had."""
        asked = replace(visitor, wants_readable=False)
        if self._gateway is None:
            return []
        return await asyncio.gather(*(self._fetch(self._gateway, layer, tile, asked) for tile in wanted))

    async def _fetch(self, gateway: Gateway, layer: str, tile: Tile, visitor: Requester) -> FetchedTile:
        path = f"/map/{layer}/{tile.zoom}/{tile.column}/{tile.row}.png"
        endpoint = endpoint_of(path)
        assert endpoint  # noqa: S101  every tile of a view is one that there is
        address = with_tile_token(path, self._access_keys)
        try:
            answer = await gateway.fetch(make_request(endpoint), visitor)
        except (UpstreamError, CallRefused, NotCached) as error:
            return FetchedTile(tile, address, None, reason(error))
        return FetchedTile(tile, address, answer if answer.entry.status == 200 else None)


def reason(error: WeatherError) -> str:
    """Why there is no tile, as `pages.notice` knows reasons."""
    if error.code == KeyRejected.code:
        return "key"
    return error.detail if isinstance(error, UpstreamError | CallRefused) else ""
