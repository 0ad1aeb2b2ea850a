"""`/api/v1/places`: the saved places of whoever holds the token."""

from dataclasses import asdict, dataclass
from typing import Annotated, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from weather.domain.model import LATITUDE, LONGITUDE, NAME, Coordinates, Place, member
from weather.domain.text import LONGEST_LABEL
from weather.errors import BadParameter, NotFound, UnsupportedMediaType
from weather.places.protocols import PlaceAt
from weather.places.saved import SavedPlace, SavedPlaces
from weather.settings import Settings
from weather.web.http import place_list_token
from weather.web.http.access import allowed
from weather.web.http.client_ip import requester_of
from weather.web.http.responses import JSON, conditional_response

T = TypeVar("T")

PRIVATE = {"Cache-Control": "private, no-cache"}
PARAMETERS = ("appid",)
TOKEN = member("The list is known by it from now on: `Authorization: Bearer …`. Told once.", "kHBUcF3C2V4JlF3A…")


class NewPlace(msgspec.Struct, forbid_unknown_fields=True):
    """What is told of a place to save. Of a name only what can be seen is kept; without that it is the point."""

    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_LABEL), NAME]
    latitude: Annotated[float, Meta(ge=-90, le=90), LATITUDE]
    longitude: Annotated[float, Meta(ge=-180, le=180), LONGITUDE]


@dataclass(frozen=True, slots=True)
class Added(SavedPlace):
    """A place that is kept now; the first of a list with the token that the list is known by from now on."""

    token: Annotated[str | UnsetType, TOKEN] = UNSET


@dataclass(frozen=True, slots=True)
class SavedList:
    """A visitor's places, the oldest first."""

    places: list[SavedPlace]


class PlacesApi:
    """The routes for programs."""

    def __init__(self, saved: SavedPlaces, place_at: PlaceAt, settings: Settings) -> None:
        self._saved, self._place_at, self._settings = saved, place_at, settings

    async def all(self, request: Request) -> Response:
        """Answer with the list; an empty one without a token."""
        allowed(request, PARAMETERS, self._settings)
        token = place_list_token.token_of(request)
        return self._respond(request, SavedList(await self._saved.all(token) if token else []))

    async def add(self, request: Request) -> Response:
        """Save a place. The first one begins a list and answers with its token."""
        allowed(request, PARAMETERS, self._settings)
        place_list_token.refuse_foreign(request)
        place, client = await self._place(request), requester_of(request, self._settings.trusted_proxies).client
        saved, token = await self._saved.add(place_list_token.token_of(request), place, client)
        added = Added(**asdict(saved), token=token or UNSET)
        where = {"Location": f"{self._settings.root_path}/api/v1/places/{saved.id}"}
        response = Response(msgspec.json.encode(added), 201, PRIVATE | where, JSON)
        if token:
            place_list_token.remember(response, request, token, self._settings)
        return response

    async def get(self, request: Request) -> Response:
        """Answer with one place of the list."""
        token, id = self._own(request)
        return self._respond(request, or_404(await self._saved.get(token, id)))

    async def replace(self, request: Request) -> Response:
        """Put another place under the same id."""
        place_list_token.refuse_foreign(request)
        token, id = self._own(request)
        return self._respond(request, or_404(await self._saved.replace(token, id, await self._place(request))))

    async def remove(self, request: Request) -> Response:
        """Remove a place."""
        place_list_token.refuse_foreign(request)
        token, id = self._own(request)
        or_404(await self._saved.remove(token, id) or None)
        return Response(status_code=204, headers=PRIVATE)

    def _own(self, request: Request) -> tuple[str, str]:
        """Return the token and the id of a request. Raises NotFound without a token."""
        allowed(request, PARAMETERS, self._settings)
        return or_404(place_list_token.token_of(request)), request.path_params["id"]

    async def _place(self, request: Request) -> Place:
        """Read the place in a body. Raises UnsupportedMediaType or BadParameter."""
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "application/json":
            raise UnsupportedMediaType("The body is JSON, and says so: Content-Type: application/json.")
        place = parse_place(await request.body())
        return self._place_at(place.name, Coordinates(place.latitude + 0.0, place.longitude + 0.0))

    def _respond(self, request: Request, body: object) -> Response:
        return conditional_response(request, msgspec.json.encode(body), JSON, PRIVATE, place_list_token.VARY)


def parse_place(body: bytes) -> NewPlace:
    """Parse a body. Raises BadParameter, which names the member."""
    try:
        return msgspec.json.decode(body, type=NewPlace)
    except msgspec.ValidationError as error:
        said, _, path = str(error).partition(" - at `$.")
        raise BadParameter(path.rstrip("`") or "body", f"{said}.") from None
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise BadParameter("body", "not JSON in UTF-8") from None


def or_404(value: T | None) -> T:
    """Return the value. Raises NotFound if it is None: unknown ids and those of other lists look the same."""
    if value is None:
        raise NotFound("There is no such place in this list.")
    return value
