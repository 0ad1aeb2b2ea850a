"""Parses requests of programs made for OpenWeatherMap. As lenient as it is, but nothing unchecked goes upstream.

Of a repeated parameter the first counts, an empty one is absent, an unknown one is ignored. Of several ways to name
a place one is sent: coordinates, else a name, an id, a postal code.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date

from weather.domain.model import Coordinates, format_degrees, parse_degrees
from weather.errors import BadParameter, PlaceNotFound
from weather.places.postal_codes import canonical_code, first_half
from weather.providers.openweathermap import endpoints
from weather.upstream.types import Endpoint, UpstreamRequest, make_request

LANGUAGES = frozenset(
    "sq af ar az eu be bg ca zh_cn zh_tw hr cz da nl en fi fr gl de el he hi hu is id it ja kr ku la lt mk no fa pl pt "
    "pt_br ro ru sr sk sl sp es sv se th tr ua uk vi zu".split()
)
LONGEST_NAME, LONGEST_GROUP = 200, 20
NOTHING_TO_GEOCODE = "Nothing to geocode"
PARTS = frozenset({"current", "minutely", "hourly", "daily", "alerts"})

REQUIRED = {endpoints.TIMEMACHINE: "dt", endpoints.TIMEMACHINE_25: "dt", endpoints.DAY_SUMMARY: "date"}
MAX_CNT = {
    endpoints.DAILY: 16,
    endpoints.HOURLY: 96,
    endpoints.CLIMATE: 30,
    endpoints.FIND: 50,
    endpoints.UVI: 8,
    endpoints.UVI_FORECAST: 8,
    endpoints.MINUTES: 60,
    endpoints.QUARTERS: 50,
    endpoints.HOURS: 20,
    endpoints.DAYS: 10,
}
"""The greatest `cnt`; elsewhere it is that of the 5 day forecast."""


def first_values(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """Return the first value of each parameter that is not empty."""
    values: dict[str, str] = {}
    for name, value in pairs:
        if value.strip():
            values.setdefault(name, value.strip())
    return values


def canonical_request(endpoint: Endpoint, params: dict[str, str]) -> UpstreamRequest:
    """Return the one request for all spellings of it. Raises BadParameter or PlaceNotFound in OWM's words."""
    query = place_of(endpoint, params)
    for name, read in (READERS | {"cnt": whole_number(MAX_CNT.get(endpoint, 40))}).items():
        if name in endpoint.parameters and (value := read(params.get(name, ""))) is not None:
            query[name] = value
    if (needed := REQUIRED.get(endpoint)) and needed not in query:
        raise BadParameter(needed, f"Invalid {needed} format")
    return make_request(endpoint, **query)


def with_half_code(request: UpstreamRequest) -> UpstreamRequest | None:
    """Return the request for the first half of its postal code, to try if the whole is unknown; None if it has none."""
    query = dict(request.query)
    shorter = first_half(query.get("zip", ""))
    return make_request(request.endpoint, **query | {"zip": shorter}) if shorter else None


def place_of(endpoint: Endpoint, params: dict[str, str]) -> dict[str, str]:
    """Return the parameters that name the place, in the one way that is sent."""
    takes = endpoint.parameters
    if not takes & {"lat", *PLACES}:
        return {}
    if "lat" in takes and "lat" in params and "lon" in params:
        return point(params["lat"], params["lon"])
    for name, read in PLACES.items():
        if name in takes and name in params:
            return {name: ids_of(params[name]) if endpoint == endpoints.GROUP else read(params[name])}
    raise BadParameter("q" if "q" in takes else "lat", NOTHING_TO_GEOCODE)


def point(latitude: str, longitude: str) -> dict[str, str]:
    """Return coordinates on the grid of OWM's own cache. Raises BadParameter."""
    cell = Coordinates(bounded(latitude, "latitude", 90), bounded(longitude, "longitude", 180)).rounded()
    return {"lat": format_degrees(cell.latitude), "lon": format_degrees(cell.longitude)}


def bounded(text: str, name: str, most: int) -> float:
    try:
        number = parse_degrees(text)
    except ValueError:
        raise BadParameter(name[:3], f"wrong {name}") from None
    if abs(number) > most:
        raise BadParameter(name[:3], f"wrong {name}")
    return number


def name_of(text: str) -> str:
    """Return a place's name. Raises PlaceNotFound for control characters, and for what is longer than any name."""
    if len(text) > LONGEST_NAME or not text.isprintable():
        raise PlaceNotFound("city not found")
    return text


def id_of(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,10}", text):
        raise BadParameter("id", f"{text[:20]} is not a city ID")
    return str(int(text))


def ids_of(text: str) -> str:
    """Return the ids of a group, in the order of the answer."""
    return ",".join(id_of(part.strip()) for part in text.split(",")[:LONGEST_GROUP])


def box_of(text: str) -> str:
    """Left, bottom, right and top in degrees on the grid of all coordinates, and perhaps a zoom."""
    corners = [part.strip() for part in text.split(",")]
    if len(corners) not in (4, 5):
        raise BadParameter("bbox", NOTHING_TO_GEOCODE)
    zoom = whole_number(20)("".join(corners[4:]))
    return ",".join([*map(corner, corners[:4]), *([zoom] if zoom else [])])


def corner(text: str) -> str:
    try:
        number = round(parse_degrees(text), 2)
    except ValueError:
        raise BadParameter("bbox", f'"{text[:20]}" is not a float') from None
    if abs(number) > 180:
        raise BadParameter("bbox", "wrong bbox")
    return format_degrees(number)


def code_of(text: str) -> str:
    code = canonical_code(text)
    if code is None:
        raise PlaceNotFound("not found")
    return code


def one_of(*allowed: str) -> Callable[[str], str | None]:
    """Return a parser of words in any case. It ignores other words."""
    return lambda text: text.lower() if text.lower() in allowed else None


def whole_number(most: int) -> Callable[[str], str | None]:
    """Return a parser of whole numbers from 1; a greater one than `most` becomes `most`."""
    return lambda text: str(min(int(text), most)) if re.fullmatch(r"0*[1-9][0-9]{0,11}", text, re.ASCII) else None


def day_of(text: str) -> str | None:
    """Return a calendar date; None for "". Raises BadParameter."""
    try:
        return date.fromisoformat(text).isoformat() if text else None
    except ValueError:
        raise BadParameter("date", "Invalid date format") from None


def offset_of(text: str) -> str | None:
    """Return an offset from UTC such as "+02:00". A plus that was not encoded has become a space."""
    match = re.fullmatch(r"([+-]?)([01]\d:[0-5]\d)", text, re.ASCII)
    return (match[1] or "+") + match[2] if match else None


def parts_of(text: str) -> str | None:
    """Return the parts to exclude, each once and in order."""
    return ",".join(sorted(PARTS & {part.strip().lower() for part in text.split(",")})) or None


PLACES: dict[str, Callable[[str], str]] = {"q": name_of, "id": id_of, "zip": code_of, "bbox": box_of}
READERS: dict[str, Callable[[str], str | None]] = {
    "units": one_of("metric", "imperial"),  # "standard" is what comes without
    "lang": one_of(*LANGUAGES),
    "mode": one_of("xml"),  # JSON comes without; OWM's HTML is never served from here
    "limit": whole_number(5),
    "start": whole_number(2**33),
    "end": whole_number(2**33),
    "dt": whole_number(2**33),
    "date": day_of,
    "tz": offset_of,
    "exclude": parts_of,
    "type": one_of("like", "accurate"),
    "cluster": one_of("yes", "no"),
}
