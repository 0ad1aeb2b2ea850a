"""Which calls make a report. They are made side by side where they can be, and each part fails alone."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any, TypeVar

from weather.domain.model import Alert, Coordinates, CurrentConditions, Place, format_degrees, zone
from weather.domain.nowcast import interpolate_now, is_too_old
from weather.errors import PlaceNotFound, UpstreamTimeout, WeatherError
from weather.messages import N_
from weather.places.geocoder import PlaceLookup
from weather.providers.openweathermap import current, endpoints, geocoding, onecall
from weather.providers.openweathermap.plans import NAMES, READ, VIEWS, skipped_products, upcoming, used, way
from weather.providers.openweathermap.sections import (
    NOT_IN_PLAN,
    Part,
    best,
    decoded,
    refuse_if_empty,
    section,
    told,
    warnings,
)
from weather.providers.report import SECTIONS, Attribution, Report, Section, Source, gap
from weather.upstream.gateway import Gateway
from weather.upstream.types import CachedResponse, Endpoint, Requester, UpstreamRequest, make_request

T = TypeVar("T")

GEOCODING_LIMIT = "5"
CREDIT = Attribution(N_("Weather data provided by OpenWeather"), "https://openweathermap.org/")
SOURCE = Source("openweathermap", "OpenWeatherMap", CREDIT)
NO_DATA = N_("OpenWeatherMap has no data for this place.")
FIRST = 1.0
"""Seconds that a crowd waits for the first call of a product to tell whether the key may use it."""
MOST_TEXTS = 20
"""Alerts of one place whose texts are asked for: each is a call that counts."""


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """One report's way: whose weather, for whom, and until when on the loop's clock the richer products may take."""

    at: Coordinates
    visitor: Requester
    until: float

    def request(self, row: Endpoint) -> UpstreamRequest:
        return make_request(row, lat=format_degrees(self.at.latitude), lon=format_degrees(self.at.longitude))

    def seconds(self, row: Endpoint) -> float | None:
        """A product that others can stand in for gets half of the time left; the last one, what the gateway gives."""
        left = self.until - asyncio.get_running_loop().time()
        return left / 2 if row.product in NAMES else None


class OpenWeatherMap:
    """The provider over a gateway to OpenWeatherMap, or to what speaks like it (`source`), by a plan of the ladder."""

    def __init__(
        self,
        gateway: Gateway,
        atlas: PlaceLookup,
        clock: Callable[[], float],
        source: Source,
        plan: str,
        timeout: float,
    ) -> None:
        self._gateway, self._atlas, self._clock, self._source = gateway, atlas, clock, source
        self._ways = {name: way(plan, name) for name in SECTIONS}
        self._plan, self._timeout = plan, timeout
        self._probes: dict[str, asyncio.Event] = {}
        self.plan = ""

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """The wanted sections. Raises the reason if none could be had; PlaceNotFound if every product says so."""
        asked = ReportRequest(at.rounded(), visitor, asyncio.get_running_loop().time() + self._timeout)
        parts = await self._climb(asked, wanted)
        answers = {
            name: [parts[row] for row in rows if row in parts] for name, rows in self._ways.items() if name in wanted
        }
        chosen = {name: best(name, found) for name, found in answers.items() if not self._is_beyond(name, found)}
        refuse_if_empty(chosen.values())
        place = self._place(asked.at, known, parts)
        tz = zone(place.timezone)
        sections: dict[str, Any] = {name: gap(name, "plan", NOT_IN_PLAN[name]) for name in wanted - chosen.keys()}
        for name, part in chosen.items():
            sections[name] = await self._section(name, part, asked, tz, parts)
        plan = used(self._plan, parts) if self._source is SOURCE else ""
        if "alerts" in wanted:  # the one section whose way down leads over every product
            self.plan = plan
        return Report(place=place, source=self._source, plan=plan, skipped_products=skipped_products(parts), **sections)

    async def _climb(self, asked: ReportRequest, wanted: Iterable[str]) -> dict[Endpoint, Part]:
        """Ask for each section from the top of its way down, side by side, until each is settled."""
        parts: dict[Endpoint, Part] = {}
        ways = [(name, self._ways[name]) for name in wanted]
        while found := {row for row in (upcoming(name, rows, parts) for name, rows in ways) if row}:
            rows = sorted(found, key=lambda row: row.path)
            answers = await asyncio.gather(*(self._part(row, asked.request(row), asked, READ[row]) for row in rows))
            parts |= zip(rows, answers, strict=True)
        return parts

    def _is_beyond(self, name: str, found: list[Part]) -> bool:
        """Whether no product that this key may use has such a section."""
        return name in NOT_IN_PLAN and all(part.is_not_allowed for part in found)

    async def _part(
        self, row: Endpoint, request: UpstreamRequest, asked: ReportRequest, read: Callable[[bytes], Any]
    ) -> Part:
        """One product's answer, read; its failure is a value, for the other parts do not share it."""
        try:
            async with asyncio.timeout(asked.seconds(row)):
                fetched = await self._fetched(request, asked.visitor)
            if fetched.entry.status == 404:
                return Part(error=PlaceNotFound(NO_DATA))
            return Part(fetched, decoded(read, fetched))
        except TimeoutError:
            return Part(error=UpstreamTimeout("OpenWeatherMap takes long."))
        except WeatherError as error:
            return Part(error=error)

    async def _fetched(self, request: UpstreamRequest, visitor: Requester) -> CachedResponse:
        """The gateway's answer. Whether the key may use a product is found out by one call, not by a crowd at once."""
        product = request.endpoint.product
        if product not in NAMES:
            return await self._gateway.fetch(request, visitor)
        if probe := self._probes.get(product):
            with suppress(TimeoutError):
                await asyncio.wait_for(probe.wait(), FIRST)
            return await self._gateway.fetch(request, visitor)
        probe = self._probes[product] = asyncio.Event()
        try:
            return await self._gateway.fetch(request, visitor)
        finally:
            probe.set()

    async def _section(
        self, name: str, part: Part, asked: ReportRequest, tz: tzinfo, parts: dict[Endpoint, Part]
    ) -> Section[object]:
        """A section from the answer that was chosen for it."""
        row = next((row for row, one in parts.items() if one is part), None)
        value = VIEWS[row][name](part.body, asked.at, tz) if row and part.body is not None else None
        if name == "alerts":
            return await self._alerts(part, value or (), asked, tz)
        if isinstance(value, CurrentConditions) and is_too_old(value, self._clock()):
            return await self._foreseen(section(name, part, value), value, asked, tz, parts)
        return section(name, part, value)

    async def _alerts(self, part: Part, value: tuple[Alert, ...], asked: ReportRequest, tz: tzinfo) -> Section[object]:
        """The alerts; 4.0 has only their ids in the body, and each text is a call."""
        texts: list[Part] = []
        if isinstance(part.body, onecall.Now):
            rows = [endpoints.alert(name) for name in part.body.alert_ids[:MOST_TEXTS]]
            calls = (self._part(row, make_request(row), asked, onecall.read_alert) for row in rows if row)
            texts = list(await asyncio.gather(*calls))
            value = onecall.bulletins([text.body for text in texts if text.body], tz)
        return warnings(part, texts, value, self._clock())

    async def _foreseen(
        self,
        observed: Section[object],
        value: CurrentConditions,
        asked: ReportRequest,
        tz: tzinfo,
        parts: dict[Endpoint, Part],
    ) -> Section[object]:
        """Now, from the newest forecast that is kept or was asked for; the observation, if none covers this minute."""
        kept = replace(asked, visitor=replace(asked.visitor, ask=False))
        rows = self._ways["hourly"]
        found = {row: parts.get(row) or await self._part(row, kept.request(row), kept, READ[row]) for row in rows}
        for row, part in sorted(found.items(), key=lambda pair: -pair[1].came_at):
            hours = VIEWS[row]["hourly"](part.body, asked.at, tz) if part.body is not None else ()
            if told := interpolate_now(value, hours, asked.at, self._clock()):
                return Section(told, part.fetched, observed.observed_at)
        return observed

    def _place(self, at: Coordinates, known: Place | None, parts: dict[Endpoint, Part]) -> Place:
        """The place that was asked for; else the one that the bodies name, else the nearest in the gazetteer."""
        if known:
            return replace(known, latitude=at.latitude, longitude=at.longitude)
        words = told(parts.values())
        moment = datetime.fromtimestamp(self._clock() if words.at is None else words.at, UTC)
        timezone = words.zone or self._atlas.zone(at, words.offset, moment)
        near = self._atlas.nearest(at)
        if near and words.name in (None, near.name):
            return replace(near, latitude=at.latitude, longitude=at.longitude, timezone=timezone)
        return Place(words.name, words.country, None, at.latitude, at.longitude, timezone)

    async def geocode(self, name: str, visitor: Requester) -> list[Place]:
        """Places of that name."""
        spots = await self._looked_up(endpoints.DIRECT, geocoding.read_many, visitor, q=name, limit=GEOCODING_LIMIT)
        places = (self._place_of(spot) for spot in spots or [])
        return [place for place in places if place]

    async def by_zip(self, code: str, visitor: Requester) -> Place | None:
        """The place of a postal code."""
        return self._place_of(await self._looked_up(endpoints.ZIP, geocoding.read_one, visitor, zip=code))

    async def by_id(self, number: int, visitor: Requester) -> Place | None:
        """The place of a city id, from its current weather: geocoding knows no ids."""
        body = await self._looked_up(endpoints.WEATHER, current.read, visitor, id=str(number))
        if body is None or body.coord is None or body.coord.lat is None or body.coord.lon is None:
            return None
        country = body.sys.country if body.sys else None
        return self._place_of(geocoding.Spot(body.coord.lat, body.coord.lon, body.name, country))

    def _place_of(self, spot: geocoding.Spot | None) -> Place | None:
        now = datetime.fromtimestamp(self._clock(), UTC)
        return geocoding.to_model(spot, lambda at: self._atlas.zone(at, None, now)) if spot else None

    async def _looked_up(self, row: Endpoint, read: Callable[[bytes], T], visitor: Requester, **query: str) -> T | None:
        fetched = await self._gateway.fetch(make_request(row, **query), visitor)
        return None if fetched.entry.status == 404 else decoded(read, fetched)
