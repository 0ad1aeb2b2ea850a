"""Which calls make a report. They are made side by side, and each part fails alone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Protocol, TypeVar

from weather.errors import PlaceNotFound, WeatherError
from weather.exchange import Endpoint, Visitor, request_for
from weather.gateway import Gateway
from weather.model import Coordinates, Place, degrees, zone
from weather.openweathermap import current, endpoints, geocoding
from weather.openweathermap.parts import CALLS, NOT_IN_PLAN, READ, Part, decoded, gap, refuse_if_empty, section, told
from weather.report import Attribution, Report

T = TypeVar("T")

GEOCODING_LIMIT = "5"
ATTRIBUTION = Attribution("Weather data provided by OpenWeather", "https://openweathermap.org/")


class Atlas(Protocol):
    """What is asked of a gazetteer: the nearest place to a point, and its time zone."""

    def nearest(self, coordinates: Coordinates) -> Place | None: ...

    def zone(self, coordinates: Coordinates, offset_seconds: int | None, now: datetime) -> str: ...


class OpenWeatherMap:
    """The provider over a gateway to OpenWeatherMap, or to what speaks like it (`source`)."""

    def __init__(
        self, gateway: Gateway, atlas: Atlas, clock: Callable[[], float], source: str, attribution: Attribution
    ) -> None:
        self._gateway, self._atlas, self._clock = gateway, atlas, clock
        self.source, self.attribution = source, attribution

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Visitor) -> Report:
        """The wanted sections. Raises the reason if none could be had; PlaceNotFound if every product says so."""
        cell = at.rounded()
        rows = sorted({CALLS[name] for name in wanted if name in CALLS}, key=lambda row: row.path)
        answers = await asyncio.gather(*(self._part(row, cell, visitor) for row in rows))
        refuse_if_empty(answers)
        parts = dict(zip(rows, answers, strict=True))
        place = self._place(cell, known, parts)
        tz = zone(place.timezone)
        sections: dict[str, Any] = {name: gap(name, "plan", why) for name, why in NOT_IN_PLAN.items() if name in wanted}
        sections |= {name: section(name, parts[row], cell, tz) for name, row in CALLS.items() if name in wanted}
        return Report(place=place, source=self.source, **sections)

    async def _part(self, row: Endpoint, at: Coordinates, visitor: Visitor) -> Part:
        """One product's answer, read; its failure is a value, for the other parts do not share it."""
        try:
            request = request_for(row, lat=degrees(at.latitude), lon=degrees(at.longitude))
            fetched = await self._gateway.fetch(request, visitor)
            if fetched.entry.status == 404:
                return Part(error=PlaceNotFound("OpenWeatherMap has no data for this place."))
            return Part(fetched, decoded(READ[row], fetched))
        except WeatherError as error:
            return Part(error=error)

    def _place(self, at: Coordinates, known: Place | None, parts: dict[Endpoint, Part]) -> Place:
        """The place that was asked for; else the one that the bodies name, else the nearest in the gazetteer."""
        if known:
            return replace(known, latitude=at.latitude, longitude=at.longitude)
        words = told(parts.values())
        moment = datetime.fromtimestamp(self._clock() if words.at is None else words.at, UTC)
        timezone = self._atlas.zone(at, words.offset, moment)
        near = self._atlas.nearest(at)
        if near and words.name in (None, near.name):
            return replace(near, latitude=at.latitude, longitude=at.longitude, timezone=timezone)
        return Place(words.name, words.country, None, at.latitude, at.longitude, timezone)

    async def geocode(self, name: str, visitor: Visitor) -> list[Place]:
        """Places of that name."""
        spots = await self._looked_up(endpoints.DIRECT, geocoding.read_many, visitor, q=name, limit=GEOCODING_LIMIT)
        places = (self._place_of(spot) for spot in spots or [])
        return [place for place in places if place]

    async def by_zip(self, code: str, visitor: Visitor) -> Place | None:
        """The place of a postal code."""
        return self._place_of(await self._looked_up(endpoints.ZIP, geocoding.read_one, visitor, zip=code))

    async def by_id(self, number: int, visitor: Visitor) -> Place | None:
        """The place of a city id, from its current weather: geocoding knows no ids."""
        body = await self._looked_up(endpoints.WEATHER, current.read, visitor, id=str(number))
        if body is None or body.coord is None or body.coord.lat is None or body.coord.lon is None:
            return None
        country = body.sys.country if body.sys else None
        return self._place_of(geocoding.Spot(body.coord.lat, body.coord.lon, body.name, country))

    def _place_of(self, spot: geocoding.Spot | None) -> Place | None:
        now = datetime.fromtimestamp(self._clock(), UTC)
        return geocoding.to_model(spot, lambda at: self._atlas.zone(at, None, now)) if spot else None

    async def _looked_up(self, row: Endpoint, read: Callable[[bytes], T], visitor: Visitor, **query: str) -> T | None:
        fetched = await self._gateway.fetch(request_for(row, **query), visitor)
        return None if fetched.entry.status == 404 else decoded(read, fetched)
