"""The routes of `/api/v1` that answer with weather: one shape for every source, with its freshness."""

import asyncio
from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.places.search import PlaceSearch, Target
from weather.providers.report import Provider
from weather.settings import Settings
from weather.upstream.types import Requester
from weather.web.api.fields import names_of, parse_fields, select
from weather.web.api.schema import ANSWERS, WEATHER_ROUTES, Results, Selection, WeatherRoute, response_body
from weather.web.http import query
from weather.web.http.access import allowed, vary
from weather.web.http.client_ip import requester_of
from weather.web.http.responses import JSON, allow_reuse, conditional_response, freshness_headers

COMMON_PARAMS = (*query.PLACE, "units", "lang", "fields", "appid")
FIELDS = {WEATHER_ROUTES[name]: names_of(kind) for name, kind in ANSWERS.items()}
DEFAULT_RESULTS = 10
"""Results of a search, when nobody says how many."""


class Api:
    """The routes of `/api/v1`. Each but the search answers with some sections of a report."""

    def __init__(self, provider: Provider, finder: PlaceSearch, clock: Callable[[], float], settings: Settings) -> None:
        self._provider, self._finder, self._clock, self._settings = provider, finder, clock, settings

    async def search(self, request: Request) -> Response:
        """Answer with places by name."""
        params = allowed(request, ("q", "limit", "appid"), self._settings)
        name, limit = query.needed(params, "q"), query.count(params, "limit") or DEFAULT_RESULTS
        places = await self._finder.search(name, limit, self._requester(request))
        body = msgspec.json.encode(Results(places))
        return conditional_response(request, body, JSON, {"Cache-Control": "max-age=3600"}, vary(self._settings))

    async def weather(self, route: WeatherRoute, request: Request) -> Response:
        """Answer with the sections of a route, for the place in the query."""
        params = allowed(request, (*COMMON_PARAMS, *route.lengths), self._settings)
        where, formatter, selection = query.where(params), self._formatter(params), selection_of(params, route)
        visitor = self._requester(request)
        target = await self._target(where, visitor)
        report = await self._provider.report(target.at, target.place, frozenset(route.sections), visitor)
        await asyncio.sleep(0)  # to read and to write take milliseconds each: others go in between
        body = response_body(report, route, selection, formatter, self._clock(), report.source.attribution)
        await asyncio.sleep(0)
        headers = {"Cache-Control": "no-store"}
        if report.has_data:
            at, fetched_at = report.freshness_now, report.fetched_at
            headers |= freshness_headers(at, fetched_at, self._settings.stale_for, whole=report.is_complete)
            if report.is_complete:
                allow_reuse(request, report.validities, of_minute=True)
        return conditional_response(request, encoded(body, selection.fields), JSON, headers, vary(self._settings))

    async def _target(self, where: query.PlaceQuery, visitor: Requester) -> Target:
        """Resolve the place of a query."""
        if where.at:
            return Target(where.at)
        if where.name:
            return await self._finder.resolve(where.name, visitor)
        if where.code:
            return await self._finder.by_zip(where.code, visitor)
        return await self._finder.by_id(where.number or 0, visitor)

    def _formatter(self, params: dict[str, str]) -> Formatter:
        system = SYSTEMS[query.one_of(params, "units", self._settings.units or "metric")]
        return Formatter(language(query.one_of(params, "lang", "en")), system)

    def _requester(self, request: Request) -> Requester:
        return requester_of(request, self._settings.trusted_proxies)


def selection_of(params: dict[str, str], route: WeatherRoute) -> Selection:
    """Parse what of the answer is wanted. Raises BadParameter."""
    fields = parse_fields(params["fields"], FIELDS[route]) if "fields" in params else None
    return Selection(query.count(params, "hours"), query.count(params, "days"), fields)


def encoded(body: dict[str, object], fields: frozenset[str] | None) -> bytes:
    """Encode a body, or only the wanted fields of it."""
    return msgspec.json.encode(body if fields is None else select(msgspec.to_builtins(body), fields))
