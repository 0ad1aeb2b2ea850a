"""Geocoding (https://openweathermap.org/api/geocoding-api): names and postal codes to places."""

from collections.abc import Callable
from dataclasses import replace

from msgspec import Struct

from weather.domain.model import Coordinates, Place
from weather.domain.text import label
from weather.places.gazetteer.folding import normalize_name
from weather.places.gazetteer.ranking import Candidate
from weather.providers.openweathermap.wire import country_code
from weather.upstream.lenient_json import reader

MOST_NAMES = 300
"""Languages of one name that are read; recorded answers have up to 108."""


class Entry(Struct):
    """An entry of /geo/1.0/direct and /reverse, and the whole of /geo/1.0/zip."""

    lat: float
    lon: float
    name: str | None = None
    country: str | None = None
    state: str | None = None
    local_names: dict[str, str | None] | None = None


read_many = reader(list[Entry])
read_one = reader(Entry)


def holds_many(raw: bytes) -> bool:
    """Whether there is a place of that name."""
    return bool(read_many(raw))


def holds_one(raw: bytes) -> bool:
    """Whether there is a place: one that is none cannot be read."""
    return bool(read_one(raw))


def to_model(entry: Entry, zone_of: Callable[[Coordinates], str]) -> Place | None:
    """Return a place; None if its point is not on Earth."""
    try:
        at = Coordinates(entry.lat, entry.lon).rounded()
    except ValueError:
        return None
    country = country_code(entry.country)
    return Place(label(entry.name), country, label(entry.state), at.latitude, at.longitude, zone_of(at))


def candidate(entry: Entry, place: Place, asked: str) -> Candidate:
    """Return the place as one that the asked name may mean, which is its own if it is its name in some language."""
    own = normalize_name(asked) in {normalize_name(name) for name in (entry.name, *names_of(entry)) if name}
    return Candidate(place if own else replace(place, matched=label(asked)), 0, own)


def names_of(entry: Entry) -> list[str | None]:
    return list((entry.local_names or {}).values())[:MOST_NAMES]
