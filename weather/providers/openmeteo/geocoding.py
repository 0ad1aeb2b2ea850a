"""Open-Meteo's geocoder (https://open-meteo.com/en/docs/geocoding-api): names and postal codes to places.

It finds what begins like the text, under any name that GeoNames has. Where nothing matches, `results` is absent.
"""

from typing import Annotated

from msgspec import Meta, Struct

from weather.domain.model import Coordinates, Place
from weather.domain.text import label
from weather.places.gazetteer.folding import normalize_name
from weather.places.gazetteer.ranking import Candidate
from weather.places.postal_codes import first_half
from weather.places.search.geocoders import Geocoded, GeocoderQuery
from weather.places.time_zones import zone_at
from weather.providers.common import decoded
from weather.upstream.gateway import Gateway
from weather.upstream.lenient_json import reader
from weather.upstream.types import Endpoint, Requester, make_request

NAME = "Open-Meteo"
ANCHOR = "generationtime_ms"
FOUR_WEEKS = 28 * 86400.0
RESULTS = "20"
SHORTEST = 2  # characters; of shorter texts it finds nothing
MOST_CODES = 2000  # postal codes of one place that are read
KINDS = {"ISL": "island", "AIRP": "airport", "PPLX": "district"}
"""The kinds of places by GeoNames' feature codes; all other populated places (PPL…) are cities."""


class Entry(Struct):
    """A place. Every member may be absent."""

    latitude: float
    longitude: float
    id: int | None = None
    name: str | None = None
    country_code: str | None = None
    admin1: str | None = None
    admin2: str | None = None
    admin3: str | None = None
    admin4: str | None = None
    feature_code: str | None = None
    population: Annotated[int, Meta(ge=0, le=10**8)] | None = None
    postcodes: Annotated[list[str], Meta(max_length=MOST_CODES)] | None = None


class Answer(Struct):
    """The body of /v1/search."""

    results: Annotated[list[Entry], Meta(max_length=100)] | None = None


read = reader(Answer)


def holds(raw: bytes) -> bool:
    """Whether there is any place."""
    return bool(read(raw).results)


SEARCH = Endpoint("/v1/search", "geocoding", frozenset(), FOUR_WEEKS, ANCHOR, "geocoding", 1.0, holds)


class OpenMeteoGeocoder:
    """Finds places by the gateway to Open-Meteo. Raises UpstreamError or CallRefused."""

    name, needs_country = NAME, False

    def __init__(self, gateway: Gateway) -> None:
        self._gateway = gateway

    async def geocode(self, query: GeocoderQuery, visitor: Requester) -> list[Geocoded]:
        """Return the places of a name, in the order of the answer."""
        entries = await self._search(query.name, query.country, visitor)
        places = ((entry, _candidate(entry, query.name)) for entry in entries)
        return [Geocoded(place, _divisions(entry)) for entry, place in places if place]

    async def with_code(self, code: str, country: str, visitor: Requester) -> list[Candidate]:
        """Return the places that have the postal code, of all countries if none is given ("")."""
        half = first_half(f"{code},{country}") if country else None
        wanted = {code, half.partition(",")[0]} if half else {code}
        entries = await self._search(half.partition(",")[0] if half else code, country, visitor)
        matching = [entry for entry in entries if wanted & set(entry.postcodes or ())]
        return [candidate for candidate in (_candidate(entry, entry.name or "") for entry in matching) if candidate]

    async def _search(self, name: str, country: str, visitor: Requester) -> list[Entry]:
        if len(name) < SHORTEST:
            return []
        within = {"countryCode": country} if country else {}
        request = make_request(SEARCH, name=name, count=RESULTS, language="en", format="json", **within)
        fetched = await self._gateway.fetch(request, visitor)
        if fetched.entry.status == 404:
            return []
        entries = decoded(read, fetched, NAME).results or []
        return [entry for entry in entries if not country or entry.country_code == country]


def _divisions(entry: Entry) -> frozenset[str]:
    names = (entry.admin1, entry.admin2, entry.admin3, entry.admin4)
    return frozenset(normalize_name(label(name) or "") for name in names if name)


def _candidate(entry: Entry, asked: str) -> Candidate | None:
    """Return the place of an entry; None if it is nowhere on Earth, nameless, or neither town, island nor airport."""
    code, name = entry.feature_code or "PPL", label(entry.name)
    if name is None or not (code in KINDS or code.startswith("PPL")):
        return None
    try:
        at = Coordinates(entry.latitude, entry.longitude).rounded()
    except ValueError:
        return None
    country = entry.country_code if entry.country_code and len(entry.country_code) == 2 else None
    own = normalize_name(name) == normalize_name(asked)
    place = Place(
        name,
        country,
        label(entry.admin1),
        at.latitude,
        at.longitude,
        zone_at(at),
        kind=KINDS.get(code, "city"),
        matched=None if own else label(asked),
        id=entry.id,
    )
    return Candidate(place, entry.population or 0, own)
