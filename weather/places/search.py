"""Finds the place that a visitor typed: in the gazetteer, else by one call of the geocoder if there is one."""

import re
from dataclasses import dataclass

from weather.domain.model import Coordinates, Place
from weather.errors import BadParameter, PlaceNotFound
from weather.messages import N_
from weather.places.gazetteer import Gazetteer
from weather.places.postal_codes import code_in_name, first_half
from weather.places.protocols import Geocoder
from weather.upstream.types import Requester

MAX_NAME = 200
UNKNOWN_NAME = N_("No place of that name is known.")
POINT = re.compile(r"\s*([+-]?\d{1,3}(?:\.\d{1,30})?)\s*[,;\s]\s*([+-]?\d{1,3}(?:\.\d{1,30})?)\s*", re.ASCII)


@dataclass(frozen=True, slots=True)
class Target:
    """The point whose weather is wanted, and the place if it was asked for by name."""

    at: Coordinates
    place: Place | None = None


class PlaceSearch:
    """Finds places by name, postal code and id. Raises what the geocoder raises if it has to be called."""

    def __init__(self, gazetteer: Gazetteer, geocoder: Geocoder | None) -> None:
        self._gazetteer, self._geocoder = gazetteer, geocoder

    async def exact(self, text: str, visitor: Requester) -> list[Place]:
        """Return every place of exactly that name, the likeliest first; [] if there is none."""
        name = clean_name(text)
        return self._gazetteer.named(name) or await self._geocoded(name, visitor)

    async def resolve(self, text: str, visitor: Requester) -> Target:
        """Return the likeliest place of that name, or the point if the text is one. Raises PlaceNotFound."""
        if at := parse_coordinates(text):
            return Target(at)
        places = await self.exact(text, visitor)
        if not places:
            raise PlaceNotFound(UNKNOWN_NAME)
        return target(places[0])

    async def by_zip(self, code: str, visitor: Requester) -> Target:
        """Return the place of a postal code, or of its first half if the whole is unknown. Raises PlaceNotFound."""
        places = await self._with_code(code, visitor)
        if not places:
            raise PlaceNotFound("No place with that postal code is known.")
        return target(places[0])

    async def by_id(self, number: int, visitor: Requester) -> Target:
        """Return the place of an OpenWeatherMap city id, which is that of GeoNames. Raises PlaceNotFound."""
        place = self._gazetteer.by_id(number)
        if place is None and self._geocoder:
            place = await self._geocoder.by_id(number, visitor)
        if place is None:
            raise PlaceNotFound("No place with that id is known.")
        return target(place)

    async def search(self, text: str, limit: int, visitor: Requester) -> list[Place]:
        """Return places whose name begins so, exact names first. The geocoder is called if the gazetteer has none."""
        name = clean_name(text)
        return self._gazetteer.search(name, limit) or (await self._geocoded(name, visitor))[:limit]

    async def _geocoded(self, name: str, visitor: Requester) -> list[Place]:
        if code := code_in_name(name):
            return await self._with_code(code, visitor)
        return await self._geocoder.geocode(name, visitor) if self._geocoder else []

    async def _with_code(self, code: str, visitor: Requester) -> list[Place]:
        if self._geocoder is None:
            return []
        place = await self._geocoder.by_zip(code, visitor)
        if place is None and (shorter := first_half(code)):
            place = await self._geocoder.by_zip(shorter, visitor)
        return [place] if place else []

    def autocomplete(self, text: str) -> list[Place]:
        """Return places whose names begin so, from the gazetteer alone: typing in a search field costs no call."""
        return self._gazetteer.search(text[:MAX_NAME], 8)

    def suggestions(self, text: str) -> list[Place]:
        """Return places whose names look like an unknown name."""
        return self._gazetteer.suggestions(text[:MAX_NAME])


def target(place: Place) -> Target:
    return Target(place.coordinates.rounded(), place)


def parse_coordinates(text: str) -> Coordinates | None:
    """Return the point in a text such as "51.5, -0.13"; None if it is none, or not on Earth."""
    match = POINT.fullmatch(text)
    try:
        return Coordinates(float(match[1]), float(match[2])) if match else None
    except ValueError:
        return None


def clean_name(text: str) -> str:
    """Return a name that may be looked up. Raises BadParameter, or PlaceNotFound if it has no printable character."""
    if not 0 < len(text.strip(" \t\r\n")) <= len(text) <= MAX_NAME:
        raise BadParameter("q", f"a name of at most {MAX_NAME} characters")
    name = " ".join("".join(c if c.isprintable() else " " for c in text).split())
    if not name:
        raise PlaceNotFound(UNKNOWN_NAME)
    return name
