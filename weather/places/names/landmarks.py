"""Mountains, parks and buildings that people ask the weather of and that are no towns: each has a point of its own."""

from collections.abc import Iterable
from typing import NamedTuple

from weather.domain.model import Coordinates
from weather.places.gazetteer.folding import normalize_name
from weather.places.names.tables import rows

WEIGHT = 50_000
"""What a landmark counts, as if so many people lived there: towns of its name stand beside it in a list."""


class Landmark(NamedTuple):
    """A point that people know by name, in a country (ISO 3166)."""

    name: str
    country: str
    at: Coordinates


def landmarks(table: Iterable[tuple[str, list[str]]]) -> dict[str, list[Landmark]]:
    """Of each normalized name the landmarks that bear it."""
    by_name: dict[str, list[Landmark]] = {}
    for known, others in table:
        name, country, point = known.rsplit(" ", 2)
        latitude, longitude = map(float, point.split(","))
        landmark = Landmark(name, country, Coordinates(latitude, longitude))
        for folded in {normalize_name(called) for called in (name, *others)} - {""}:
            if landmark not in by_name.setdefault(folded, []):
                by_name[folded].append(landmark)
    return by_name


LANDMARKS = landmarks(rows("landmarks"))
