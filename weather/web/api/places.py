"""`/api/v1/places`: the saved places of whoever holds the token."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType
from starlette.requests import Request
from starlette.responses import Response

from weather.domain.model import ID, LATITUDE, LONGITUDE, Coordinates, Moment, member
from weather.domain.model import Place as KnownPlace
from weather.domain.text import LONGEST_LABEL
from weather.errors import BadBody, NotFound, UnknownToken, UnsupportedMediaType
from weather.i18n.language import language
from weather.places.gazetteer.lookup import PlaceAt
from weather.places.saved.lists import SavedPlace, SavedPlaces
from weather.settings import Settings
from weather.upstream.validation import is_json
from weather.web.api import model
from weather.web.http import query
from weather.web.http.clients import place_list_token
from weather.web.http.clients.access import allowed
from weather.web.http.clients.client_ip import requester_of
from weather.web.http.responses import JSON, conditional_response

T = TypeVar("T")

PRIVATE = {"Cache-Control": "private, no-cache"}
PARAMETERS = ("lang", "appid")
TOKEN = member(
    "Shown only in this response. Save it: there is no other way to reach the list. Send it as a bearer token.",
    "kHBUcF3C2V4JlF3A…",
)


CREATED = member("When it was saved; null where that was not noted yet.", "2026-11-24T12:00:00Z")


class NewPlace(msgspec.Struct):
    """A place to save. `lat` and `lon` are understood too."""

    name: Annotated[str, Meta(min_length=1, max_length=LONGEST_LABEL), model.NAME]
    latitude: Annotated[float, Meta(ge=-90, le=90), LATITUDE]
    longitude: Annotated[float, Meta(ge=-180, le=180), LONGITUDE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Saved:
    """A saved place. `id` is its own: ask for its weather with `saved` and the token of its list."""

    id: Annotated[str, ID]
    name: Annotated[str, model.NAME]
    region: Annotated[str | None, model.REGION]
    country: Annotated[str | None, model.COUNTRY]
    country_code: Annotated[str | None, model.COUNTRY_CODE]
    latitude: Annotated[float, LATITUDE]
    longitude: Annotated[float, LONGITUDE]
    timezone: Annotated[str, model.TIMEZONE]
    utc_offset_seconds: Annotated[int, model.OFFSET]
    created_at: Annotated[Moment | None, CREATED]


@dataclass(frozen=True, slots=True, kw_only=True)
class Added(Saved):
    """A place that is saved now; the first of a list comes with the token of the list."""

    token: Annotated[str | UnsetType, TOKEN] = UNSET


@dataclass(frozen=True, slots=True)
class SavedList:
    """A visitor's places, in the order of the list."""

    places: list[Saved]


class PlacesApi:
    """The routes for programs."""

    def __init__(self, saved: SavedPlaces, place_at: PlaceAt, clock: Callable[[], float], settings: Settings) -> None:
        self._saved, self._place_at, self._clock, self._settings = saved, place_at, clock, settings

    async def all(self, request: Request) -> Response:
        """Answer with the list; an empty one for a visitor without a token."""
        lang, token = self._allowed(request), await self._token(request)
        places = await self._saved.all(token) if token else []
        return self._respond(request, SavedList([self._body(place, lang) for place in places]))

    async def add(self, request: Request) -> Response:
        """Save a place. The first one begins a list and answers with its token."""
        lang, token = self._allowed(request), await self._token(request, writes=True)
        place, client = await self._place(request), requester_of(request, self._settings.trusted_proxies).client
        saved, new = await self._saved.add(token, place, client)
        added = Added(**asdict(self._body(saved, lang)), token=new or UNSET)
        where = {"Location": f"{self._settings.root_path}/api/v1/places/{saved.id}"}
        response = Response(msgspec.json.encode(added), 201, PRIVATE | where, JSON)
        if new:
            place_list_token.remember(response, request, new, self._settings)
        return response

    async def end(self, request: Request) -> Response:
        """Delete the whole list; its token is worth nothing from now on."""
        self._allowed(request)
        await self._saved.end(or_404(await self._token(request, writes=True)))
        response = Response(status_code=204, headers=PRIVATE)
        place_list_token.forget(response, request, self._settings)
        return response

    async def get(self, request: Request) -> Response:
        """Answer with one place of the list."""
        lang, token, id = self._allowed(request), or_404(await self._token(request)), request.path_params["id"]
        return self._respond(request, self._body(or_404(await self._saved.get(token, id)), lang))

    async def replace(self, request: Request) -> Response:
        """Put another place under the same id."""
        lang, token = self._allowed(request), or_404(await self._token(request, writes=True))
        place = await self._place(request)
        saved = or_404(await self._saved.replace(token, request.path_params["id"], place))
        return self._respond(request, self._body(saved, lang))

    async def remove(self, request: Request) -> Response:
        """Remove a place."""
        self._allowed(request)
        token = or_404(await self._token(request, writes=True))
        or_404(await self._saved.remove(token, request.path_params["id"]) or None)
        return Response(status_code=204, headers=PRIVATE)

    def _allowed(self, request: Request) -> str:
        """Return the language of the answer. Raises BadParameter or AccessDenied."""
        return query.lang(allowed(request, PARAMETERS, self._settings), "en")

    async def _token(self, request: Request, *, writes: bool = False) -> str | None:
        """Return the token of a list that is there; None if none was sent. Raises UnknownToken for any other.

        Raises CrossSite for a write that only a cookie vouches for, and that a page of another site has sent.
        """
        bearer = place_list_token.bearer(request)
        if writes and bearer is None:
            place_list_token.refuse_foreign(request)
        token = bearer or place_list_token.cookie(request)
        if place_list_token.was_sent(request) and not (bearer and await self._saved.has(bearer)):
            raise UnknownToken(place_list_token.UNKNOWN)
        return token

    async def _place(self, request: Request) -> KnownPlace:
        """Read the place in a body. Raises UnsupportedMediaType or BadBody."""
        if not is_json(request.headers.get("content-type", "")):
            raise UnsupportedMediaType("The body is JSON, and says so: Content-Type: application/json.")
        place = parse_place(await request.body())
        return self._place_at(place.name, Coordinates(place.latitude + 0.0, place.longitude + 0.0))

    def _body(self, saved: SavedPlace, lang: str) -> Saved:
        place = model.described(saved.place, language(lang), self._clock() // 3600 * 3600)
        created_at = None if saved.created_at is None else datetime.fromtimestamp(saved.created_at, UTC)
        return Saved(id=saved.id, **place, created_at=created_at)

    def _respond(self, request: Request, body: object) -> Response:
        return conditional_response(request, msgspec.json.encode(body), JSON, PRIVATE, place_list_token.VARY)


MEMBERS = {"name": "name", "latitude": "latitude", "longitude": "longitude", "lat": "latitude", "lon": "longitude"}
"""Members of a body by their spellings."""

BOUNDS = {"latitude": 90, "longitude": 180}


def parse_place(body: bytes) -> NewPlace:
    """Parse a body. Raises BadBody, which tells of every member that is wrong."""
    try:
        sent = json.loads(body.decode("utf-8"), parse_constant=lambda text: text)
    except (ValueError, RecursionError):
        raise BadBody("body", "not JSON in UTF-8") from None
    if not isinstance(sent, dict):
        raise BadBody("body", "an object with name, latitude and longitude is needed")
    mistakes = [BadBody(name[:40], unknown_member(name)) for name in sent if name not in MEMBERS]
    values = {MEMBERS[name]: value for name, value in sent.items() if name in MEMBERS}
    if len(values) < len(sent) - len(mistakes):
        mistakes.append(BadBody("body", "latitude or longitude is given more than once"))
    mistakes += [BadBody(name, detail) for name, detail in wrong_values(values).items()]
    if mistakes:
        raise query.all_of(mistakes)
    return NewPlace(values["name"], float(values["latitude"]), float(values["longitude"]))


def unknown_member(name: str) -> str:
    return f"{name[:40]} is not a member here; name, latitude and longitude are"


def wrong_values(values: Mapping[str, Any]) -> dict[str, str]:
    """Return what is wrong with the values of a place, by member."""
    wrong: dict[str, str] = {}
    name = values.get("name")
    if not isinstance(name, str) or not 0 < len(name) <= LONGEST_LABEL:
        wrong["name"] = f"name is a text of 1 to {LONGEST_LABEL} characters"
    for member_name, most in BOUNDS.items():
        number = values.get(member_name)
        is_number = isinstance(number, int | float) and not isinstance(number, bool)
        if not is_number or not abs(values[member_name]) <= most:
            wrong[member_name] = f"{member_name} is a number from -{most} to {most}"
    return wrong


def or_404(value: T | None) -> T:
    """Return the value. Raises NotFound if it is None: unknown ids and those of other lists look the same."""
    if value is None:
        raise NotFound("There is no such place in this list.")
    return value
