"""The JSON door: one shape for every source, that always says how old it is."""

import asyncio
from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.places.search import PlaceSearch, Spot
from weather.providers.report import Provider
from weather.settings import Settings
from weather.upstream.types import Requester
from weather.web.api.fields import chosen, names_of, pick
from weather.web.api.schema import ANSWERS, QUESTIONS, Question, Results, Selection, document
from weather.web.http import query
from weather.web.http.access import allowed, vary
from weather.web.http.client_ip import requester_of
from weather.web.http.responses import JSON, allow_reuse, conditional_response, freshness_headers

COMMON = (*query.PLACE, "units", "lang", "fields", "appid")
FIELDS = {QUESTIONS[name]: names_of(kind) for name, kind in ANSWERS.items()}
FOUND = 10
"""Results of a search, when nobody says how many."""


class Api:
    """`/api/v1`: each route but the search is a question for some sections."""

    def __init__(self, provider: Provider, finder: PlaceSearch, clock: Callable[[], float], settings: Settings) -> None:
        self._provider, self._finder, self._clock, self._settings = provider, finder, clock, settings

    async def search(self, request: Request) -> Response:
        """Places by name, for a pick list."""
        given = allowed(request, ("q", "limit", "appid"), self._settings)
        name, limit = query.needed(given, "q"), query.count(given, "limit") or FOUND
        places = await self._finder.search(name, limit, self._visitor(request))
        body = msgspec.json.encode(Results(places))
        return conditional_response(request, body, JSON, {"Cache-Control": "max-age=3600"}, vary(self._settings))

    async def weather(self, question: Question, request: Request) -> Response:
        """The sections of a question, for the place that is named."""
        given = allowed(request, (*COMMON, *question.lengths), self._settings)
        where, reader, wanted = query.where(given), self._reader(given), wanted_of(given, question)
        visitor = self._visitor(request)
        spot = await self._spot(where, visitor)
        report = await self._provider.report(spot.at, spot.place, frozenset(question.sections), visitor)
        await asyncio.sleep(0)  # to read and to write take milliseconds each: others go in between
        body = document(report, question, wanted, reader, self._clock(), report.source.attribution)
        await asyncio.sleep(0)
        headers = {"Cache-Control": "no-store"}
        if report.has_data:
            at, fetched_at = report.standing, report.fetched_at
            headers |= freshness_headers(at, fetched_at, self._settings.stale_for, whole=report.is_complete)
            if report.is_complete:
                allow_reuse(request, report.validities, of_minute=True)
        return conditional_response(request, encoded(body, wanted.fields), JSON, headers, vary(self._settings))

    async def _spot(self, where: query.PlaceQuery, visitor: Requester) -> Spot:
        """The place that a query names."""
        if where.at:
            return Spot(where.at)
        if where.name:
            return await self._finder.first(where.name, visitor)
        if where.code:
            return await self._finder.by_zip(where.code, visitor)
        return await self._finder.by_id(where.number or 0, visitor)

    def _reader(self, given: dict[str, str]) -> Formatter:
        system = SYSTEMS[query.one_of(given, "units", self._settings.units or "metric")]
        return Formatter(language(query.one_of(given, "lang", "en")), system)

    def _visitor(self, request: Request) -> Requester:
        return requester_of(request, self._settings.trusted_proxies)


def wanted_of(given: dict[str, str], question: Question) -> Selection:
    """What of the answer is asked for. Raises BadParameter."""
    fields = chosen(given["fields"], FIELDS[question]) if "fields" in given else None
    return Selection(query.count(given, "hours"), query.count(given, "days"), fields)


def encoded(body: dict[str, object], fields: frozenset[str] | None) -> bytes:
    """The bytes of a body, or of the fields that are wanted of it."""
    return msgspec.json.encode(body if fields is None else pick(msgspec.to_builtins(body), fields))
