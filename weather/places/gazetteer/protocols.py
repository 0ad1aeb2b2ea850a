"""What others ask of the gazetteer, as protocols."""

from collections.abc import Callable
from typing import Protocol

from weather.domain.model import Coordinates, Place


class PlaceLookup(Protocol):
    """Finds the nearest place to a point, and the town of a district."""

    def nearest(self, coordinates: Coordinates) -> Place | None: ...

    def town_of(self, place: Place) -> Place | None: ...


PlaceAt = Callable[[str, Coordinates], Place]
"""Makes a place of a name and a point. It makes no upstream call."""
