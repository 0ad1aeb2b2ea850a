"""Geocoding (https://openweathermap.org/api/geocoding-api): names and postal codes to places."""

from collections.abc import Callable

from msgspec import Struct

from weather.domain.model import Coordinates, Place
from weather.domain.text import label
from weather.providers.openweathermap.wire import country_code
from weather.upstream.lenient_json import reader


class Entry(Struct):
    """An entry of /geo/1.0/direct and /reverse, and the whole of /geo/1.0/zip."""

    lat: float
    lon: float
    name: str | None = None
    country: str | None = None
    state: str | None = None


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
