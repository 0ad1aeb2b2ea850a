"""What is asked of an upstream that geocodes, as protocols."""

from dataclasses import dataclass
from typing import Protocol

from weather.domain.model import Place
from weather.places.gazetteer.ranking import Candidate
from weather.upstream.types import Requester


@dataclass(frozen=True, slots=True)
class GeocoderQuery:
    """A name that a geocoder is asked for: the text as it was typed, the name in it, and its country ("": any)."""

    text: str
    name: str
    country: str = ""


@dataclass(frozen=True, slots=True)
class Geocoded:
    """A place that a geocoder found, and the normalized names of the divisions of its country that it lies in."""

    candidate: Candidate
    divisions: frozenset[str] = frozenset()


class Geocoder(Protocol):
    """An upstream that finds places which the gazetteer does not have. Raises UpstreamError or CallRefused."""

    @property
    def name(self) -> str:
        """Its name, as people know it."""
        ...

    @property
    def needs_country(self) -> bool:
        """Whether it looks a postal code up in one country only."""
        ...

    async def geocode(self, query: GeocoderQuery, visitor: Requester) -> list[Geocoded]:
        """Return the places of that name; [] if there are none."""
        ...

    async def with_code(self, code: str, country: str, visitor: Requester) -> list[Candidate]:
        """Return the places that have a postal code, in the country if one is given; [] if there are none."""
        ...


class ById(Protocol):
    """An upstream that finds places by OpenWeatherMap's city ids. Raises UpstreamError or CallRefused."""

    async def by_id(self, number: int, visitor: Requester) -> Place | None:
        """Return the place of an OpenWeatherMap city id; None if there is none."""
        ...
