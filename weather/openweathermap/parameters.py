"""What a program of OpenWeatherMap sends, in canonical form. Lenient as OWM is, but nothing unchecked goes upstream.

Of a repeated parameter the first counts, an empty one is absent, an unknown one is ignored. Of several ways to name
a place one is sent: coordinates, else a name, an id, a postal code.
"""

import re
from collections.abc import Callable, Iterable

from weather.errors import BadParameter, PlaceNotFound
from weather.exchange import Endpoint, UpstreamRequest, request_for
from weather.model import Coordinates, degrees, read_degrees

LANGUAGES = frozenset(
    "sq af ar az eu be bg ca zh_cn zh_tw hr cz da nl en fi fr gl de el he hi hu is id it ja kr ku la lt mk no fa pl pt "
    "pt_br ro ru sr sk sl sp es sv se th tr ua uk vi zu".split()
)
POSTAL_CODE = re.compile(r"[A-Z0-9][A-Z0-9 -]{0,11}(,[A-Z]{2})?", re.ASCII)
LONGEST_NAME = 200
NOTHING = "Nothing to geocode"


def first_values(pairs: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The first value that is not empty of each parameter."""
    found: dict[str, str] = {}
    for name, value in pairs:
        if value.strip():
            found.setdefault(name, value.strip())
    return found


def canonical(endpoint: Endpoint, given: dict[str, str]) -> UpstreamRequest:
    """The request that stands for all its spellings. Raises BadParameter or PlaceNotFound in OWM's words."""
    query = place_of(endpoint, given)
    for name, read in READERS.items():
        if name in endpoint.parameters and (value := read(given.get(name, ""))) is not None:
            query[name] = value
    return request_for(endpoint, **query)


def place_of(endpoint: Endpoint, given: dict[str, str]) -> dict[str, str]:
    """The one way of naming a place that is sent."""
    takes = endpoint.parameters
    if "lat" in takes and "lat" in given and "lon" in given:
        return point(given["lat"], given["lon"])
    for name, read in PLACES.items():
        if name in takes and name in given:
            return {name: read(given[name])}
    raise BadParameter("q" if "q" in takes else "lat", NOTHING)


def point(latitude: str, longitude: str) -> dict[str, str]:
    """Coordinates on the grid of OWM's own cache."""
    cell = Coordinates(bounded(latitude, "latitude", 90), bounded(longitude, "longitude", 180)).rounded()
    return {"lat": degrees(cell.latitude), "lon": degrees(cell.longitude)}


def bounded(text: str, name: str, most: int) -> float:
    try:
        number = read_degrees(text)
    except ValueError:
        raise BadParameter(name[:3], f"wrong {name}") from None
    if abs(number) > most:
        raise BadParameter(name[:3], f"wrong {name}")
    return number


def name_of(text: str) -> str:
    """A place's name. One with control characters, or longer than any, is of no place."""
    if len(text) > LONGEST_NAME or not text.isprintable():
        raise PlaceNotFound("city not found")
    return text


def id_of(text: str) -> str:
    if not re.fullmatch(r"[0-9]{1,10}", text):
        raise BadParameter("id", f"{text[:20]!r} is not a city ID")
    return str(int(text))


def code_of(text: str) -> str:
    if not POSTAL_CODE.fullmatch(text.upper()):
        raise PlaceNotFound("not found")
    return text.upper()


def one_of(*allowed: str) -> Callable[[str], str | None]:
    """A reader of words whose case does not matter; any other word is ignored, as if it were not there."""
    return lambda text: text.lower() if text.lower() in allowed else None


def whole(most: int) -> Callable[[str], str | None]:
    """A reader of whole numbers from 1 to a bound."""
    return lambda text: str(min(int(text), most)) if re.fullmatch(r"0*[1-9][0-9]{0,11}", text, re.ASCII) else None


PLACES: dict[str, Callable[[str], str]] = {"q": name_of, "id": id_of, "zip": code_of}
READERS: dict[str, Callable[[str], str | None]] = {
    "units": one_of("metric", "imperial"),  # "standard" is what comes without
    "lang": one_of(*LANGUAGES),
    "mode": one_of("xml"),  # JSON comes without; OWM's HTML is never served from here
    "cnt": whole(40),
    "limit": whole(5),
    "start": whole(2**33),
    "end": whole(2**33),
}
