"""The operations of `/api/v1`: one table, which `/openapi.json`, `/docs` and `/llms.txt` are written from."""

from collections.abc import Iterator
from dataclasses import dataclass
from inspect import getdoc
from typing import Any

from weather import errors
from weather.places.saved import SavedPlace
from weather.web.api.places import Added, NewPlace, SavedList
from weather.web.api.schema import ANSWERS, WEATHER_ROUTES, Results, WeatherRoute
from weather.web.api.weather import FIELDS
from weather.web.http import query
from weather.web.http.query import SCHEMAS

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter with its JSON Schema; `shown` is what the form of `/docs` starts with, if it is there."""

    name: str
    about: str
    schema: Json
    example: Any
    shown: str | None = None


@dataclass(frozen=True, slots=True)
class Operation:
    """What a method does at an address. `takes_place`: it needs one of the four ways to name a place."""

    name: str
    method: str
    path: str
    about: str
    answers: dict[int, Any]
    problems: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
    takes_place: bool = False
    body: type | None = None
    needs_id: bool = False


def below(root: type[errors.WeatherError]) -> Iterator[type[errors.WeatherError]]:
    """Yield a class of errors and all its subclasses."""
    yield root
    for subclass in root.__subclasses__():
        yield from below(subclass)


def codes(*roots: type[errors.WeatherError]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(error.code for root in roots for error in below(root)))


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of problem."""

    code: str
    status: int
    about: str


FRAMEWORK = (
    Kind("method_not_allowed", 405, "The address does not take this method; `Allow` names those that it takes."),
    Kind("body_too_large", 413, "The body is longer than 64 KB."),
    Kind("uri_too_long", 414, "The address is longer than 8 KB."),
    Kind("bad_parameter", 431, "The headers are longer than 32 KB."),
    Kind("unavailable", 503, "The server is just ending: ask again in a moment."),
    Kind("internal", 500, "A mistake of ours, which is logged with the X-Request-ID of the answer."),
)


def kinds() -> dict[tuple[str, int], Kind]:
    """Return every kind of problem, of our errors and of the framework. The first class of a code describes it."""
    documented = [
        Kind(kind.code, kind.status, (getdoc(kind) or "").partition("\n")[0]) for kind in below(errors.WeatherError)
    ]
    return {(kind.code, kind.status): kind for kind in (*reversed(documented), *FRAMEWORK)}


KINDS = kinds()

BOUNDS = ("method_not_allowed", "uri_too_long", "internal", "unavailable", "bad_parameter", "access_key")
ASKING = codes(errors.PlaceNotFound, errors.NotCached, errors.UpstreamError, errors.CallRefused)
KEEPING = codes(errors.DatabaseUnavailable)
WRITING = (*KEEPING, *codes(errors.CrossSite))
READING = ("body_too_large", *codes(errors.SlowBody), *codes(errors.UnsupportedMediaType))

UNITS = Parameter(
    "units",
    "Unit system; the default is the server's, mostly metric.",
    SCHEMAS["units"],
    "metric",
    "metric",
)
LANG = Parameter("lang", "Language of `summary`; English by default.", SCHEMAS["lang"], "en", "en")
QUERY = Parameter("q", "A name, or the beginning of one, of at most 200 characters.", SCHEMAS["q"], "Paris", "Paris")

WAYS: dict[str, Json] = {name: SCHEMAS[name] for name in query.PLACE} | {
    "q": SCHEMAS["q"] | {"description": 'A name, "Paris, Texas", or "51.5,-0.13"; the likeliest place is taken.'},
    "zip": SCHEMAS["zip"] | {"description": "Postal code, comma, country."},
    "id": SCHEMAS["id"] | {"description": "City id of OpenWeatherMap."},
}


def whole(name: str, about: str, example: int) -> Parameter:
    return Parameter(name, about, SCHEMAS[name], example, str(example))


LENGTHS = {
    "hours": whole("hours", "Steps from now on that cover so many hours.", 24),
    "days": whole("days", "So many days from today on.", 3),
}
LIMIT = whole("limit", "How many results; ten by default.", 5)


def fields_of(route: WeatherRoute) -> Parameter:
    example = ["place", "freshness", "summary" if route.is_complete else route.sections[0]]
    name = {"type": "string", "enum": FIELDS[route]}
    names = {"type": "array", "minItems": 1, "uniqueItems": True, "items": name}
    return Parameter(
        "fields", "Only these, as dotted names; of a list, of all its items.", names, example, ",".join(example)
    )


def weather(name: str, route: WeatherRoute) -> Operation:
    lengths = tuple(LENGTHS[length] for length in route.lengths)
    return Operation(
        name,
        "GET",
        f"/api/v1/{name}",
        route.about,
        {200: ANSWERS[name]},
        (*BOUNDS, *ASKING),
        (UNITS, LANG, *lengths, fields_of(route)),
        takes_place=True,
    )


PLACES, PLACE = "/api/v1/places", "/api/v1/places/{id}"

OPERATIONS = (
    *(weather(name, route) for name, route in WEATHER_ROUTES.items()),
    Operation("search", "GET", "/api/v1/search", "Places by name", {200: Results}, (*BOUNDS, *ASKING), (QUERY, LIMIT)),
    Operation("places", "GET", PLACES, "Your saved places", {200: SavedList}, (*BOUNDS, *KEEPING)),
    Operation(
        "save",
        "POST",
        PLACES,
        "Save a place; the first gives the list's token",
        {201: Added},
        (*BOUNDS, *WRITING, *READING, *codes(errors.ListFull)),
        body=NewPlace,
    ),
    Operation(
        "place", "GET", PLACE, "One saved place", {200: SavedPlace}, (*BOUNDS, *KEEPING, "not_found"), needs_id=True
    ),
    Operation(
        "replace",
        "PUT",
        PLACE,
        "Put another place under the same id",
        {200: SavedPlace},
        (*BOUNDS, *WRITING, *READING, "not_found"),
        body=NewPlace,
        needs_id=True,
    ),
    Operation(
        "remove", "DELETE", PLACE, "Remove a saved place", {204: None}, (*BOUNDS, *WRITING, "not_found"), needs_id=True
    ),
)
