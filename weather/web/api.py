"""The JSON door: one shape for every source, that always says how old it is."""

from collections.abc import Callable
from datetime import datetime
from hmac import compare_digest
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from weather import wording
from weather.alerts import each_once
from weather.errors import AccessDenied
from weather.exchange import Visitor
from weather.finder import Finder, Spot
from weather.language import language
from weather.model import zone
from weather.reader import Reader
from weather.report import SECTIONS, Provider, Report, summed_up
from weather.settings import Settings
from weather.units import convert
from weather.web import params
from weather.web.replies import JSON, freshness_headers, is_made_of, validated
from weather.web.visitors import visitor_of

COMMON = (*params.PLACE, "units", "lang", "appid")


class Api:
    """`/api/v1`: each route is a set of sections."""

    def __init__(self, provider: Provider, finder: Finder, clock: Callable[[], float], settings: Settings) -> None:
        self._provider, self._finder, self._clock, self._settings = provider, finder, clock, settings

    async def forecast(self, request: Request) -> Response:
        return await self._answer(request, SECTIONS)

    async def current(self, request: Request) -> Response:
        return await self._answer(request, ("current",))

    async def hourly(self, request: Request) -> Response:
        return await self._answer(request, ("hourly",))

    async def daily(self, request: Request) -> Response:
        return await self._answer(request, ("daily",))

    async def minutely(self, request: Request) -> Response:
        return await self._answer(request, ("minutely",))

    async def alerts(self, request: Request) -> Response:
        return await self._answer(request, ("alerts",))

    async def air(self, request: Request) -> Response:
        return await self._answer(request, ("air",))

    async def search(self, request: Request) -> Response:
        """Places by name, for a pick list."""
        given = self._given(request, ("q", "limit", "appid"))
        name = params.needed(given, "q")
        places = await self._finder.search(name, params.limit(given), self._visitor(request))
        body = msgspec.json.encode({"results": places})
        headers = {"Cache-Control": "max-age=3600", "Access-Control-Allow-Origin": "*"}
        return validated(request, body, JSON, headers, "Accept-Encoding")

    async def _answer(self, request: Request, sections: tuple[str, ...]) -> Response:
        given = self._given(request, COMMON)
        where, system = params.where(given), params.units(given, self._settings.units or "metric")
        reader = Reader(language(params.language(given)), system)
        visitor = self._visitor(request)
        spot = await self._spot(where, visitor)
        report = await self._provider.report(spot.at, spot.place, frozenset(sections), visitor)
        body = document(report, sections, reader, self._clock(), self._provider)
        headers = {"Access-Control-Allow-Origin": "*", "Cache-Control": "no-store"}
        if report.is_answered:
            at, fetched_at = report.standing, report.fetched_at
            headers |= freshness_headers(at, fetched_at, self._settings.stale_for, whole=report.is_whole)
            if report.is_whole:
                is_made_of(request, report.lifespans, of_minute=True)
        return validated(request, body, JSON, headers, "Accept-Encoding")

    async def _spot(self, where: params.Where, visitor: Visitor) -> Spot:
        """The place that a query names."""
        if where.at:
            return Spot(where.at)
        if where.name:
            return await self._finder.first(where.name, visitor)
        if where.code:
            return await self._finder.by_zip(where.code, visitor)
        return await self._finder.by_id(where.number or 0, visitor)

    def _visitor(self, request: Request) -> Visitor:
        return visitor_of(request, self._settings.trusted_proxies)

    def _given(self, request: Request, allowed: tuple[str, ...]) -> dict[str, str]:
        """The parameters, once the access key is found good."""
        query = request.scope["query_string"]
        given = params.strict(query, allowed)
        if not admitted(self._settings.access_keys, request.headers.get("x-api-key", given.get("appid", ""))):
            raise AccessDenied("This server asks for an access key, as X-API-Key or appid.")
        return given


def admitted(access_keys: tuple[str, ...], given: str) -> bool:
    """Whether a key is one of the access keys, in constant time; without any the door is open."""
    return not access_keys or sum(compare_digest(key.encode(), given.encode()) for key in access_keys) > 0


def document(report: Report, sections: tuple[str, ...], reader: Reader, now: float, provider: Provider) -> bytes:
    """The body, as of the whole minute: its bytes do not move on their own."""
    tz = zone(report.place.timezone)
    as_of = datetime.fromtimestamp(now // 60 * 60, tz)
    ages = report.freshness()
    body: dict[str, Any] = {
        "place": report.place,
        "units": reader.system.symbols(),
        "freshness": summed_up(ages.values()) if ages else None,
    }
    if sections == SECTIONS:
        body["sections"] = ages
    body |= {name: told(report, name, reader) for name in sections}
    if sections == SECTIONS:
        body["summary"] = summary(report, reader, as_of)
    body |= {"missing": report.missing, "attribution": provider.attribution}
    return msgspec.json.encode(body)


def told(report: Report, name: str, reader: Reader) -> Any:
    """A section's value in the reader's units, or None."""
    section = report.sections()[name]
    if section.value is None:
        return None
    if name == "daily" and report.daily and report.daily.value:
        return convert(wording.with_summaries(report.daily.value, reader), reader.system)
    if name == "alerts" and report.alerts and report.alerts.value:
        return each_once(report.alerts.value, reader.language.code)
    return convert(section.value, reader.system)


def summary(report: Report, reader: Reader, as_of: datetime) -> dict[str, str | None]:
    """The sentences: of now, and of the next 24 hours."""
    current = report.current.value if report.current else None
    hours = report.hourly.value if report.hourly else None
    return {
        "now": wording.now(current, reader) if current else None,
        "today": wording.today(hours, reader, as_of) if hours else None,
    }
