"""Makes a report of several calls. They run side by side where they can, and each fails alone."""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import Any, TypeVar

from weather.domain.daily import days
from weather.domain.model import (
    Alert,
    Coordinates,
    CurrentConditions,
    HourlyForecast,
    Place,
    format_degrees,
    zone,
)
from weather.domain.nowcast import interpolate_now, is_too_old
from weather.errors import PlaceNotFound, UpstreamTimeout, WeatherError
from weather.messages import N_
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.gazetteer.ranking import Candidate
from weather.places.postal_codes import first_half
from weather.places.search.geocoders import Geocoded, GeocoderQuery
from weather.places.time_zones import zone_at
from weather.providers.common import ProductResult, decoded, place_of, section
from weather.providers.openweathermap import current, endpoints, forecast, geocoding, onecall, onecall_alerts
from weather.providers.openweathermap.plans import (
    DECODERS,
    NAMES,
    READERS,
    candidates,
    next_candidate,
    plan_used,
    skipped_products,
)
from weather.providers.openweathermap.sections import (
    alerts_section,
    best_result,
    cut_of,
    is_in_no_plan,
    not_in_plan,
    place_facts,
    raise_if_all_failed,
)
from weather.providers.openweathermap.wire import GREATEST_VISIBILITY
from weather.providers.past_steps import PastSteps, of_today
from weather.providers.report import SECTIONS, Attribution, Report, Section, Source
from weather.upstream.gateway import Gateway
from weather.upstream.types import CachedResponse, Endpoint, Requester, UpstreamRequest, make_request

T = TypeVar("T")

GEOCODING_LIMIT = "5"
CREDIT = Attribution(N_("Weather data provided by OpenWeather"), "https://openweathermap.org/", "ODbL-1.0")
SOURCE = Source("openweathermap", "OpenWeatherMap", (CREDIT,), GREATEST_VISIBILITY)
NO_DATA = N_("OpenWeatherMap has no data for this place.")
PROBE_WAIT = 1.0
"""Seconds for which concurrent calls of a product wait for the first: it shows whether the key may use it."""


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """A report that was asked for: the point, the requester, and the deadline of the richer products (loop's clock)."""

    at: Coordinates
    visitor: Requester
    until: float

    def request(self, row: Endpoint) -> UpstreamRequest:
        return make_request(row, lat=format_degrees(self.at.latitude), lon=format_degrees(self.at.longitude))

    def seconds(self, row: Endpoint) -> float | None:
        """Return half of the time left if another product can follow; else None, for the gateway's own timeout."""
        left = self.until - asyncio.get_running_loop().time()
        return left / 2 if row.product in NAMES else None


class OpenWeatherMap:
    """The provider over a gateway to OpenWeatherMap, or to what speaks like it (`source`). `plan`: see FALLBACK_ORDER.

    `detected_plan` names the product that the account turned out to have: it is the state that reports leave behind,
    for `/status`; "" before the first whole report, and for every source but OpenWeatherMap itself.
    """

    needs_country = True

    def __init__(
        self,
        gateway: Gateway,
        atlas: Gazetteer,
        clock: Callable[[], float],
        source: Source,
        plan: str,
        timeout: float,
    ) -> None:
        self._past = PastSteps(gateway.store, forecast.Step, forecast.moment)
        self._gateway, self._atlas, self._clock, self._source = gateway, atlas, clock, source
        self._candidates = {name: candidates(plan, name) for name in SECTIONS}
        self._plan, self._timeout = plan, timeout
        self._probes: dict[str, asyncio.Event] = {}
        self.detected_plan = ""

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """Return the wanted sections. Raises the error if no product answered, PlaceNotFound if all said so."""
        query = ReportRequest(at.rounded(), visitor, asyncio.get_running_loop().time() + self._timeout)
        results = await self._fetch_products(query, wanted)
        chosen = self._chosen(wanted, results)
        raise_if_all_failed(chosen.values())
        place = place_of(query.at, known, place_facts(results.values()), self._atlas, self._clock())
        tz = zone(place.timezone)
        sections: dict[str, Any] = {
            name: not_in_plan(name, is_demo=self._source.word == "demo") for name in wanted - chosen.keys()
        }
        for name, result in chosen.items():
            sections[name] = await self._section(name, result, query, tz, results)
        past = await self._steps_gone_by(chosen.get("daily"), query, tz)
        if today := of_today(past, self._clock(), tz):
            steps = (*today, *forecast.to_model(chosen["daily"].body, query.at, tz))
            sections["daily"] = replace(sections["daily"], value=days(steps, query.at, tz))
        plan = plan_used(self._plan, results) if self._source is SOURCE else ""
        if "alerts" in wanted:  # the one section for which every product is tried
            self.detected_plan = plan
        facts: dict[str, Any] = {"plan": plan, "skipped_products": skipped_products(results), "past": past}
        return Report(place=place, source=self._source, cut=cut_of(chosen.get("daily")), **facts, **sections)

    async def _fetch_products(self, query: ReportRequest, wanted: Iterable[str]) -> dict[Endpoint, ProductResult]:
        """Call the best candidate of each section side by side, then the next, until each section is conclusive."""
        results: dict[Endpoint, ProductResult] = {}
        orders = [(name, self._candidates[name]) for name in wanted]
        while due := {row for row in (next_candidate(name, rows, results) for name, rows in orders) if row}:
            rows = sorted(due, key=lambda row: row.path)
            calls = (self._fetch_product(row, query.request(row), query, DECODERS[row]) for row in rows)
            results |= zip(rows, await asyncio.gather(*calls), strict=True)
        return results

    def _chosen(self, wanted: frozenset[str], results: Mapping[Endpoint, ProductResult]) -> dict[str, ProductResult]:
        """Return the best result for each section that some product of this key may have."""
        ordered = (name for name in SECTIONS if name in wanted)
        by_section = {name: [results[row] for row in self._candidates[name] if row in results] for name in ordered}
        return {
            name: best_result(name, rivals) for name, rivals in by_section.items() if not is_in_no_plan(name, rivals)
        }

    async def _fetch_product(
        self, row: Endpoint, request: UpstreamRequest, query: ReportRequest, read: Callable[[bytes], Any]
    ) -> ProductResult:
        """Fetch and decode one product's answer. A failure is returned, not raised: other products do not share it."""
        try:
            async with asyncio.timeout(query.seconds(row)):
                fetched = await self._fetch(request, query.visitor)
            if fetched.entry.status == 404:
                return ProductResult(error=PlaceNotFound(NO_DATA))
            return ProductResult(fetched, decoded(read, fetched, SOURCE.name))
        except TimeoutError:
            return ProductResult(error=UpstreamTimeout("OpenWeatherMap takes long."))
        except WeatherError as error:
            return ProductResult(error=error)

    async def _fetch(self, request: UpstreamRequest, visitor: Requester) -> CachedResponse:
        """Fetch through the gateway. The first call of a product shows whether the key may use it; others wait."""
        product = request.endpoint.product
        if product not in NAMES:
            return await self._gateway.fetch(request, visitor)
        if probe := self._probes.get(product):
            with suppress(TimeoutError):
                await asyncio.wait_for(probe.wait(), PROBE_WAIT)
            return await self._gateway.fetch(request, visitor)
        probe = self._probes[product] = asyncio.Event()
        try:
            return await self._gateway.fetch(request, visitor)
        finally:
            probe.set()

    async def _section(
        self,
        name: str,
        result: ProductResult,
        query: ReportRequest,
        tz: tzinfo,
        results: Mapping[Endpoint, ProductResult],
    ) -> Section[object]:
        """Make a section of the result that was chosen for it."""
        row = next((row for row, other in results.items() if other is result), None)
        value = READERS[row][name](result.body, query.at, tz) if row and result.body is not None else None
        if name == "alerts":
            return await self._alerts(result, value or (), query, tz)
        observed = section(name, result, value, getattr(value, "time", None))
        if isinstance(value, CurrentConditions) and is_too_old(value, self._clock()):
            return await self._now_from_forecast(observed, value, query, tz, results)
        return observed

    async def _steps_gone_by(
        self, result: ProductResult | None, query: ReportRequest, tz: tzinfo
    ) -> tuple[HourlyForecast, ...]:
        """Return the steps of the last day that earlier answers told of, and this one no longer does."""
        if result is None or result.fetched is None or not isinstance(result.body, forecast.Forecast):
            return ()
        key = f"{self._source.word} {query.at}"
        gone = await self._past.before(key, result.fetched.entry, result.body.list)
        return tuple(forecast.one_step(step, query.at, tz) for step in gone)

    async def _alerts(
        self, result: ProductResult, value: tuple[Alert, ...], query: ReportRequest, tz: tzinfo
    ) -> Section[object]:
        """Make the section of alerts. One Call 4.0 has only their ids in the body, and each text is a call."""
        texts: list[ProductResult] = []
        if isinstance(result.body, onecall.CurrentV4):
            rows = [endpoints.alert(name) for name in result.body.alert_ids]
            calls = (
                self._fetch_product(row, make_request(row), query, onecall_alerts.read_alert) for row in rows if row
            )
            texts = list(await asyncio.gather(*calls))
            value = onecall_alerts.alerts([text.body for text in texts if text.body], tz)
        return alerts_section(result, texts, value, self._clock())

    async def _now_from_forecast(
        self,
        observed: Section[object],
        value: CurrentConditions,
        query: ReportRequest,
        tz: tzinfo,
        results: Mapping[Endpoint, ProductResult],
    ) -> Section[object]:
        """Interpolate now from the newest forecast, cached or fetched for this report.

        Returns the observation if no forecast covers this minute.
        """
        cached_only = replace(query, visitor=replace(query.visitor, may_call=False))
        forecasts = self._candidates["hourly"]
        known = {
            row: results.get(row)
            or await self._fetch_product(row, cached_only.request(row), cached_only, DECODERS[row])
            for row in forecasts
        }
        for row, result in sorted(known.items(), key=lambda pair: -pair[1].fetched_at):
            hours = READERS[row]["hourly"](result.body, query.at, tz) if result.body is not None else ()
            if now := interpolate_now(value, hours, query.at, self._clock()):
                return Section(now, result.fetched, observed.observed_at)
        return observed

    @property
    def name(self) -> str:
        return self._source.name

    async def geocode(self, query: GeocoderQuery, visitor: Requester) -> list[Geocoded]:
        """Return the places of that name, the likeliest first. How many people live there is not told."""
        asked = {"q": query.text, "limit": GEOCODING_LIMIT}
        entries = await self._geocoded(endpoints.DIRECT, geocoding.read_many, visitor, **asked)
        places = ((entry, self._place_of(entry)) for entry in entries or [])
        return [Geocoded(geocoding.candidate(entry, place, query.name)) for entry, place in places if place]

    async def with_code(self, code: str, country: str, visitor: Requester) -> list[Candidate]:
        """Return the place of a postal code, or of its first half where the whole is unknown; [] if there is none."""
        spelling = f"{code},{country}" if country else code
        place = await self._by_zip(spelling, visitor)
        if place is None and (shorter := first_half(spelling)):
            place = await self._by_zip(shorter, visitor)
        return [Candidate(place, 0, own=True)] if place else []

    async def _by_zip(self, code: str, visitor: Requester) -> Place | None:
        return self._place_of(await self._geocoded(endpoints.ZIP, geocoding.read_one, visitor, zip=code))

    async def by_id(self, number: int, visitor: Requester) -> Place | None:
        """Return the place of a city id, read from its current weather: geocoding takes no ids."""
        body = await self._geocoded(endpoints.WEATHER, current.read, visitor, id=str(number))
        if body is None or body.coord is None or body.coord.lat is None or body.coord.lon is None:
            return None
        country = body.sys.country if body.sys else None
        return self._place_of(geocoding.Entry(body.coord.lat, body.coord.lon, body.name, country))

    def _place_of(self, entry: geocoding.Entry | None) -> Place | None:
        return geocoding.to_model(entry, zone_at) if entry else None

    async def _geocoded(self, row: Endpoint, read: Callable[[bytes], T], visitor: Requester, **query: str) -> T | None:
        """Fetch and decode an answer about a name, a code or an id; None if upstream knows no such place."""
        fetched = await self._gateway.fetch(make_request(row, **query), visitor)
        return None if fetched.entry.status == 404 else decoded(read, fetched, SOURCE.name)
