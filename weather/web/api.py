"""The JSON door: one shape for every source, that always says how old it is."""

import asyncio
from collections.abc import Callable

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from weather.errors import AccessDenied
from weather.exchange import Visitor
from weather.finder import Finder, Spot
from weather.language import language
from weather.reader import Reader
from weather.report import Provider
from weather.settings import Settings
from weather.web import params
from weather.web.access import admitted, key_in, vary
from weather.web.answers import ANSWERS, QUESTIONS, Question, Results, Wanted, document
from weather.web.fields import chosen, names_of, pick
from weather.web.replies import JSON, freshness_headers, is_made_of, validated
from weather.web.visitors import visitor_of

COMMON = (*params.PLACE, "units", "lang", "fields", "appid")
FIELDS = {QUESTIONS[name]: names_of(kind) for name, kind in ANSWERS.items()}
FOUND = 10
"""Results of a search, when nobody says how many."""


class Api:
    """`/api/v1`: each route but the search is a question for some sections."""

    def __init__(self, provider: Provider, finder: Finder, clock: Callable[[], float], settings: Settings) -> None:
        self._provider, self._finder, self._clock, self._settings = provider, finder, clock, settings

    async def search(self, request: Request) -> Response:
        """Places by name, for a pick list."""
        given = allowed(request, ("q", "limit", "appid"), self._settings)
        name, limit = params.needed(given, "q"), params.count(given, "limit") or FOUND
        places = await self._finder.search(name, limit, self._visitor(request))
        body = msgspec.json.encode(Results(places))
        return validated(request, body, JSON, {"Cache-Control": "max-age=3600"}, vary(self._settings))

    async def weather(self, question: Question, request: Request) -> Response:
        """The sections of a question, for the place that is named."""
        given = allowed(request, (*COMMON, *question.lengths), self._settings)
        where, reader, wanted = params.where(given), self._reader(given), wanted_of(given, question)
        visitor = self._visitor(request)
        spot = await self._spot(where, visitor)
        report = await self._provider.report(spot.at, spot.place, frozenset(question.sections), visitor)
        await asyncio.sleep(0)  # to read and to write take milliseconds each: others go in between
        body = document(report, question, wanted, reader, self._clock(), report.source.attribution)
        await asyncio.sleep(0)
        headers = {"Cache-Control": "no-store"}
        if report.is_answered:
            at, fetched_at = report.standing, report.fetched_at
            headers |= freshness_headers(at, fetched_at, self._settings.stale_for, whole=report.is_whole)
            if report.is_whole:
                is_made_of(request, report.lifespans, of_minute=True)
        return validated(request, encoded(body, wanted.fields), JSON, headers, vary(self._settings))

    async def _spot(self, where: params.Where, visitor: Visitor) -> Spot:
        """The place that a query names."""
        if where.at:
            return Spot(where.at)
        if where.name:
            return await self._finder.first(where.name, visitor)
        if where.code:
            return await self._finder.by_zip(where.code, visitor)
        return await self._finder.by_id(where.number or 0, visitor)

    def _reader(self, given: dict[str, str]) -> Reader:
        system = params.units(given, self._settings.units or "metric")
        return Reader(language(params.language(given)), system)

    def _visitor(self, request: Request) -> Visitor:
        return visitor_of(request, self._settings.trusted_proxies)


def wanted_of(given: dict[str, str], question: Question) -> Wanted:
    """What of the answer is asked for. Raises BadParameter."""
    fields = chosen(given["fields"], FIELDS[question]) if "fields" in given else None
    return Wanted(params.count(given, "hours"), params.count(given, "days"), fields)


def encoded(body: dict[str, object], fields: frozenset[str] | None) -> bytes:
    """The bytes of a body, or of the fields that are wanted of it."""
    return msgspec.json.encode(body if fields is None else pick(msgspec.to_builtins(body), fields))


def allowed(request: Request, parameters: tuple[str, ...], settings: Settings) -> dict[str, str]:
    """The parameters, once the access key is found good. Raises BadParameter or AccessDenied."""
    given = params.strict(request.scope["query_string"], parameters)
    if not admitted(settings.access_keys, key_in(request, given)):
        raise AccessDenied("This server asks for an access key, as X-API-Key or appid.")
    return given
