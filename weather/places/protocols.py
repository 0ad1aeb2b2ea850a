"""The protocols of place look-up: by the gazetteer, and by an upstream that geocodes."""

from collections.abc import Callable
from typing import Protocol

from weather.domain.model import Coordinates, Place
from weather.upstream.types import Requester


class PlaceLookup(Protocol):
    """Finds the nearest place to a point."""

    def nearest(self, coordinates: Coordinates) -> Place | None: ...


PlaceAt = Callable[[str, Coordinates], Place]
"""Makes a place of a name and a point. It makes no upstream call."""


class Geocoder(Protocol):
    """Finds places that the gazetteer does not have. Raises UpstreamError or CallRefused."""

    async def geocode(self, name: str, visitor: Requester) -> list[Place]:
        """Return the places of that name; [] if there are none."""
        ...

    async def by_zip(self, code: str, visitor: Requester) -> Place | None:
        """Return the place of a postal code, such as "10115,DE"; None if there is none."""
        ...

    async def by_id(self, number: int, visitor: Requester) -> Place | None:
        """Return the place of an OpenWeatherMap city id; None if there is none."""
        ...
