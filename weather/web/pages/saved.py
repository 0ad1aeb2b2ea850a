"""`/places`: saved places side by side, kept and removed by plain forms."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from weather.domain.model import Coordinates, CurrentConditions, Freshness, zone
from weather.errors import BadParameter, DatabaseUnavailable, UnsupportedMediaType, WeatherError
from weather.messages import N_
from weather.places.protocols import PlaceAt
from weather.places.saved import BRIEF, PATIENCE, SavedPlace, SavedPlaces
from weather.providers.report import Provider, Report
from weather.settings import Settings
from weather.upstream.types import Requester
from weather.web.http import place_list_token, query
from weather.web.http.client_ip import requester_of
from weather.web.pages.forecast_view import symbol_of
from weather.web.pages.renderer import PRIVATE, PageRenderer

ASKED = 12
"""Places that one view of the page asks upstream for, of those not kept or old: a long list fills with each visit."""

CURRENT = frozenset({"current"})
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Card:
    """A saved place with its weather now, if that could be had; `age` in seconds since it was fetched."""

    saved: SavedPlace
    as_of: datetime
    current: CurrentConditions | None = None
    freshness: Freshness | None = None
    picture: str | None = None

    @property
    def age(self) -> float:
        told = self.freshness
        return max(0.0, self.as_of.timestamp() - told.fetched_at.timestamp()) if told else 0.0


@dataclass(frozen=True, slots=True)
class PlacesPage:
    """What `places.html` shows."""

    cards: list[Card]
    symbols: list[str]
    served: int
    query: str = ""


class SavedPages:
    """The list of a browser, known by its cookie."""

    def __init__(
        self,
        saved: SavedPlaces,
        place_at: PlaceAt,
        provider: Provider,
        frame: PageRenderer,
        clock: Callable[[], float],
        settings: Settings,
    ) -> None:
        self._saved, self._place_at, self._provider = saved, place_at, provider
        self._frame, self._clock, self._settings = frame, clock, settings

    async def kept(self, request: Request) -> list[SavedPlace]:
        """The list, for pages that can do without it."""
        try:
            return await self._all(request, BRIEF)
        except DatabaseUnavailable:
            return []

    async def _all(self, request: Request, patience: float = PATIENCE) -> list[SavedPlace]:
        token = place_list_token.cookie(request)
        return await self._saved.all(token, patience) if token else []

    async def page(self, request: Request) -> Response:
        """Each place with what its weather is now."""
        saved = await self._all(request)
        reports = await self._reports(saved, requester_of(request, self._settings.trusted_proxies))
        now = self._clock() // 60 * 60
        cards = [card(place, report, now) for place, report in zip(saved, reports, strict=True)]
        symbols = sorted({one.picture for one in cards if one.picture})
        return self._frame.shown(request, "places.html", PlacesPage(cards, symbols, int(now)))

    async def _reports(self, saved: Sequence[SavedPlace], visitor: Requester) -> list[Report | None]:
        """What is kept first; then upstream is asked for what is not there or old, of the first few."""
        leave = replace(visitor, ask=False)
        look = replace(leave, looks=True)
        found = list(await asyncio.gather(*(self._report(place, look) for place in saved)))
        due = [i for i, report in enumerate(found) if report is None or report.freshness_now.is_stale]
        who = [visitor] * ASKED + [leave] * len(due)
        asked = await asyncio.gather(*(self._report(saved[i], one) for i, one in zip(due, who, strict=False)))
        for i, report in zip(due, asked, strict=True):
            found[i] = report or found[i]
        return found

    async def _report(self, saved: SavedPlace, visitor: Requester) -> Report | None:
        try:
            return await self._provider.report(saved.coordinates.rounded(), saved.place, CURRENT, visitor)
        except WeatherError:
            return None

    async def add(self, request: Request) -> Response:
        """Keep a place, unless its cell is kept already; then on to the list."""
        place_list_token.refuse_foreign(request)
        name, at = place_in(await form(request, ("name", "latitude", "longitude")))
        response, client = self._to_list(), requester_of(request, self._settings.trusted_proxies).client
        if not any(one.coordinates.rounded() == at.rounded() for one in await self._all(request)):
            _, new = await self._saved.add(place_list_token.cookie(request), self._place_at(name, at), client)
            if new:
                place_list_token.remember(response, request, new, self._settings)
        return response

    async def remove(self, request: Request) -> Response:
        """Keep a place no longer; one that is gone already is gone."""
        place_list_token.refuse_foreign(request)
        await form(request, ())
        if token := place_list_token.cookie(request):
            await self._saved.remove(token, request.path_params["id"])
        return self._to_list()

    def _to_list(self) -> Response:
        return RedirectResponse(f"{self._settings.root_path}/places", 303, PRIVATE)


async def form(request: Request, allowed: tuple[str, ...]) -> dict[str, str]:
    """The fields of a form. Raises UnsupportedMediaType or BadParameter."""
    kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if kind != FORM:
        raise UnsupportedMediaType(N_("This address takes forms."))
    return query.strict(await request.body(), allowed)


def place_in(given: dict[str, str]) -> tuple[str, Coordinates]:
    """Name and point. Raises BadParameter."""
    told = {"lat": given.get("latitude", ""), "lon": given.get("longitude", "")}
    try:
        return given.get("name", ""), query.coordinates(told)
    except BadParameter:
        raise BadParameter("latitude", N_("Latitude and longitude are numbers of degrees.")) from None


def card(saved: SavedPlace, report: Report | None, now: float) -> Card:
    """What the page says of a place."""
    as_of = datetime.fromtimestamp(now, zone(report.place.timezone if report else saved.timezone))
    current = report.current.value if report and report.current else None
    if report is None or current is None:
        return Card(saved, as_of)
    return Card(saved, as_of, current, report.freshness()["current"], symbol_of(current))
