"""The operations of `/api/v1`: one table, which `/openapi.json`, `/docs` and `/llms.txt` are written from."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any

from weather import errors
from weather.web.api.fields import names_of
from weather.web.api.many import LONGEST, MOST_PLACES, PATTERN
from weather.web.api.model import Index, Results
from weather.web.api.places import Added, NewPlace, Saved, SavedList
from weather.web.api.schema import ANSWERS, WEATHER_ROUTES, WeatherRoute
from weather.web.http.problems import DETAILS
from weather.web.http.query import SCHEMAS
from weather.web.http.responses import CODES

Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Parameter:
    """A query parameter with its JSON Schema; `shown` is what the form of `/docs` starts with, if it is there."""

    name: str
    about: str
    schema: Json
    example: Any
    shown: str | None = None
    required: bool = False


@dataclass(frozen=True, slots=True)
class Operation:
    """What a method does at an address."""

    name: str
    method: str
    path: str
    about: str
    answers: dict[int, Any]
    problems: tuple[str, ...]
    parameters: tuple[Parameter, ...] = ()
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

    @property
    def is_worth_a_retry(self) -> bool:
        """Whether the same request may work later, without any change."""
        return self.status in (408, 429, 502, 503, 504) and self.code not in ("not_kept", "offline", "key_rejected")

    @property
    def example(self) -> str:
        """A whole problem document of this kind."""
        more = EXAMPLES.get(self.code, {})
        problem: Json = {"type": f"/docs/errors#{self.code}", "title": self.code.replace("_", " ").capitalize()}
        problem |= {"status": self.status, "detail": self.about.partition(". ")[0].rstrip(".") + ".", "code": self.code}
        return json.dumps(problem | more, ensure_ascii=False, indent=2)


EXAMPLES: dict[str, dict[str, Any]] = {
    "bad_parameter": {
        "detail": "not a parameter here; did you mean units?",
        "parameter": "untis",
        "errors": [
            {"parameter": "untis", "detail": "not a parameter here; did you mean units?", "did_you_mean": "units"}
        ],
    },
    "bad_body": {
        "detail": "latitude is a number from -90 to 90",
        "parameter": "latitude",
        "errors": [{"parameter": "latitude", "detail": "latitude is a number from -90 to 90", "pointer": "#/latitude"}],
    },
    "place_not_found": {
        "detail": "No place of that name is known.",
        "suggestions": [{"name": "London", "id": 2643743}],
    },
    "not_found": {
        "detail": "There is nothing at /api/v1/curent; did you mean /api/v1/current? GET /api/v1 lists the routes.",
        "did_you_mean": "/api/v1/current",
    },
}
"""What stands in the example of a kind beside what every problem has; places are shortened."""

FRAMEWORK = tuple(Kind(code, status, DETAILS[code]) for status, code in CODES.items() if code in DETAILS)
"""What the framework or the server tells, in the words of its answers."""

EXPLAINED = {
    "bad_parameter": "A parameter is missing, unknown, repeated or empty, or its value is not allowed. `errors` lists "
    "every mistake, with what is allowed or was probably meant.",
    "bad_body": "The JSON body is not as described. `errors` points to every member that is wrong.",
    "access_key": "This server asks for an access key: send it as `X-API-Key` or `appid`.",
    "unknown_token": "No list of saved places has this bearer token. Send none to begin a new list.",
    "cross_site": "Refused: a web page of another site sent this with your cookie.",
    "place_not_found": "No place of that name, postal code or id is known. `suggestions` lists similar names.",
    "not_found": "There is nothing at this address, or no such place in your list.",
    "request_timeout": "The body did not arrive within ten seconds.",
    "list_full": "A list holds at most 100 places, and this server a limited number of lists.",
    "unsupported_media_type": "The body must be sent as `Content-Type: application/json`.",
    "client_budget": "You asked for too many new places. Wait `Retry-After` seconds; places already stored still work.",
    "internal": DETAILS["internal"],
    "upstream_failed": "The weather service answered with an error or not at all, and nothing is stored for this "
    "place. Try again after `Retry-After`.",
    "upstream_timeout": "The weather service took too long, and nothing is stored for this place. Try again after "
    "`Retry-After`.",
    "upstream_unavailable": "The weather service is failing; requests to it are paused, and nothing is stored for this "
    "place. Try again after `Retry-After`.",
    "key_rejected": "The **server's** key was refused by the weather service (new keys take up to two hours). Only the "
    "operator can fix it.",
    "quota_exhausted": "The server has used all calls that its plan allows for now. Try again after `Retry-After`.",
    "offline": "The operator has switched the weather service off, and nothing is stored for this place.",
    "not_kept": "`Cache-Control: only-if-cached` was sent, and nothing is stored for this place.",
    "database_unavailable": "Saved places cannot be read or written now. Forecasts still work.",
}
"""By code: what happened, what to do, and when to try again."""


def kinds() -> dict[tuple[str, int], Kind]:
    """Return every kind of problem, of our errors and of the framework. The first class of a code describes it."""
    documented = [Kind(kind.code, kind.status, EXPLAINED[kind.code]) for kind in below(errors.WeatherError)]
    return {(kind.code, kind.status): kind for kind in (*reversed(documented), *FRAMEWORK)}


KINDS = kinds()

TOKEN = codes(errors.UnknownToken)
OWN = (*TOKEN, "not_found")
TOO_LONG = ("uri_too_long", "headers_too_large")
BOUNDS = (*TOO_LONG, "method_not_allowed", "internal", "unavailable", "bad_parameter", "access_key")
ASKING = codes(errors.PlaceNotFound, errors.NotCached, errors.UpstreamError, errors.CallRefused)
KEEPING = codes(errors.DatabaseUnavailable)
WRITING = (*KEEPING, *codes(errors.CrossSite))
READING = ("body_too_large", "bad_body", *codes(errors.SlowBody), *codes(errors.UnsupportedMediaType))

UNITS = Parameter(
    "units",
    "Unit system; the default is the server's, which is metric unless the operator has set another.",
    SCHEMAS["units"] | {"default": "metric"},
    "metric",
    "metric",
)
REFINED = tuple(
    Parameter(name, f"Unit of {about}, instead of that of `units`.", SCHEMAS[name], SCHEMAS[name]["enum"][0])
    for name, about in {
        "temperature": "temperatures",
        "wind": "wind speeds; `kn` knots, `bft` force on Beaufort's scale, a whole number",
        "precipitation": "precipitation",
        "pressure": "pressure",
        "distance": "distances",
    }.items()
)
LANG = Parameter(
    "lang",
    "Language of words: `summary`, `condition.text`, `country`. A tag such as `en-GB` counts as its language.",
    SCHEMAS["lang"] | {"default": "en"},
    "en",
    "en",
)
QUERY = Parameter(
    "q", "A name, or the beginning of one, of at most 200 characters.", SCHEMAS["q"], "Paris", "Paris", required=True
)

ONE_WAY = "The place is exactly one of `q`, `lat` and `lon`, `zip`, `id`, `saved`."
WAYS = (
    Parameter(
        "q",
        f'{ONE_WAY} A name, "Paris, Texas", "10115 Berlin", or "51.5,-0.13". Of several the most likely one is used.',
        SCHEMAS["q"],
        "London",
        "London",
    ),
    Parameter("lat", f"Latitude in degrees; goes with `lon`. {ONE_WAY}", SCHEMAS["lat"], 51.51),
    Parameter("lon", f"Longitude in degrees; goes with `lat`. {ONE_WAY}", SCHEMAS["lon"], -0.13),
    Parameter("zip", f"Postal code, comma, country code. {ONE_WAY}", SCHEMAS["zip"], "10115,DE"),
    Parameter("id", f"GeoNames id, which is OpenWeatherMap's city id. {ONE_WAY}", SCHEMAS["id"], 2643743),
    Parameter(
        "saved",
        f"Id of a saved place, with the token of its list. {ONE_WAY}",
        SCHEMAS["saved"],
        "O4-GjrtpUoUFZ8N4eWw7yQ",
    ),
)
"""The ways to name a place: flat and optional, for no generator of clients understands one of several."""


def whole(name: str, about: str, example: int) -> Parameter:
    return Parameter(name, about, SCHEMAS[name], example, str(example))


LENGTHS = {
    "hours": whole("hours", "How many hours ahead; with three-hour steps 24 hours are 8 steps. Without it: all.", 24),
    "days": whole("days", "How many calendar days, starting today. Without it: all.", 3),
}
LIMIT = Parameter("limit", "How many results.", SCHEMAS["limit"] | {"default": 10}, 5, "5")


def fields_of(name: str, route: WeatherRoute) -> Parameter:
    example = ["current.temperature", "summary"] if route.is_complete else [route.sections[0]]
    # Not an enumeration: of those generators make types that a list of plain strings does not fit.
    pattern = "^(" + "|".join(names_of(ANSWERS[name])).replace(".", r"\.") + ")$"
    names = {"type": "array", "minItems": 1, "items": {"type": "string", "pattern": pattern}}
    about = (
        "Comma-separated members to return, e.g. `current.temperature,daily.date`; for a list it applies to every "
        "item. May be repeated. `place`, `units`, `freshness`, `missing` and `attributions` are always there."
    )
    return Parameter("fields", about, names, example, ",".join(example))


AT = Parameter(
    "at",
    f"Up to {MOST_PLACES} points, `lat,lon;lat,lon`, instead of one place. The answer then has `results` alone: "
    "for each point, in this order, what a request for it would get, or its problem. Of JSON alone.",
    {"type": "string", "minLength": 3, "maxLength": LONGEST, "pattern": PATTERN},
    "51.51,-0.13;48.86,2.35",
)
JSON_OR_CSV = SCHEMAS["format"] | {"default": "json"}
FORMAT = Parameter("format", "`csv` for a table (RFC 4180), as `Accept: text/csv`.", JSON_OR_CSV, "json")


def weather(name: str, route: WeatherRoute) -> Operation:
    lengths = tuple(LENGTHS[length] for length in route.lengths)
    own = ((FORMAT,) if route.is_table else ()) + ((AT,) if route.takes_many else ())
    return Operation(
        name,
        "GET",
        f"/api/v1/{name}",
        route.about,
        {200: ANSWERS[name]},
        (*BOUNDS, *ASKING, *OWN),
        (*WAYS, *own, UNITS, *REFINED, LANG, *lengths, fields_of(name, route)),
    )


PLACES, PLACE = "/api/v1/places", "/api/v1/places/{id}"


@cache
def operations() -> tuple[Operation, ...]:
    """Return all operations. They are made at the first request: their schemas take long."""
    return (
        Operation("index", "GET", "/api/v1", "The routes of this API", {200: Index}, BOUNDS),
        *(weather(name, route) for name, route in WEATHER_ROUTES.items()),
        Operation(
            "search", "GET", "/api/v1/search", "Places by name", {200: Results}, (*BOUNDS, *ASKING), (QUERY, LIMIT)
        ),
        Operation("places", "GET", PLACES, "Your saved places", {200: SavedList}, (*BOUNDS, *KEEPING, *TOKEN), (LANG,)),
        Operation(
            "save",
            "POST",
            PLACES,
            "Save a place; the first gives the list's token",
            {201: Added},
            (*BOUNDS, *WRITING, *READING, *TOKEN, *codes(errors.ListFull)),
            body=NewPlace,
        ),
        Operation("end", "DELETE", PLACES, "Delete your whole list", {204: None}, (*BOUNDS, *WRITING, *OWN)),
        Operation("place", "GET", PLACE, "One saved place", {200: Saved}, (*BOUNDS, *KEEPING, *OWN), needs_id=True),
        Operation(
            "replace",
            "PUT",
            PLACE,
            "Put another place under the same id",
            {200: Saved},
            (*BOUNDS, *WRITING, *READING, *OWN),
            body=NewPlace,
            needs_id=True,
        ),
        Operation(
            "remove", "DELETE", PLACE, "Remove a saved place", {204: None}, (*BOUNDS, *WRITING, *OWN), needs_id=True
        ),
    )
