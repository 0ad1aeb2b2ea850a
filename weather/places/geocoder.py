"""Who knows places: what is asked of the gazetteer, and of an upstream that geocodes."""

from collections.abc import Callable
from typing import Protocol

from weather.domain.model import Coordinates, Place
from weather.upstream.types import Requester


class PlaceLookup(Protocol):
    """What is asked of a gazetteer: the nearest place to a point."""

    def nearest(self, coordinates: Coordinates) -> Place | None: ...


PlaceAt = Callable[[str, Coordinates], Place]
"""From a name and a point to a place, without asking upstream."""


class Geocoder(Protocol):
    """Whoever knows places that the gazetteer does not. Raises UpstreamError or Refusal."""

    async def geocode(self, name: str, visitor: Requester) -> list[Place]:
        """Places of that name; none if there is none."""
        ...

    async def by_zip(self, code: str, visitor: Requester) -> Place | None:
        """The place of a postal code, as "code,CC"."""
        ...

    async def by_id(self, number: int, visitor: Requester) -> Place | None:
        """The place of an OpenWeatherMap city id."""
        ...
