"""The routes of `/api/v1` that answer with weather: one shape for every source, with its freshness."""

import asyncio
from dataclasses import dataclass

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from weather.errors import BadParameter, NotFound, UnknownToken
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.places.saved.lists import SavedPlaces
from weather.places.search.place_search import Target
from weather.providers.report import Report
from weather.upstream.types import Requester
from weather.web.api import model
from weather.web.api.fields import names_of, parse_fields, select
from weather.web.api.many import ManyPlaces
from weather.web.api.schema import ANSWERS, HEADER, WEATHER_ROUTES, WeatherRoute, response_body
from weather.web.api.sections import Selection
from weather.web.api.table import CSV, TABLES, table, wants_csv
from weather.web.api.target import target_of
from weather.web.http import query
from weather.web.http.clients import place_list_token
from weather.web.http.clients.access import admit, allowed, vary
from weather.web.http.clients.client_ip import requester_of
from weather.web.http.report_headers import report_headers
from weather.web.http.responses import JSON, conditional_response
from weather.web.http.site import Site
from weather.web.http.unit_params import UNIT_PARAMS, system_in

COMMON_PARAMS = (*query.PLACE, *UNIT_PARAMS, "lang", "fields", "appid")
KINDS = {WEATHER_ROUTES[name]: kind for name, kind in ANSWERS.items()}
DEFAULT_RESULTS = 10
"""Results of a search, when nobody says how many."""


@dataclass(frozen=True, slots=True)
class Question:
    """What a request asks for."""

    where: query.PlaceQuery
    formatter: Formatter
    selection: Selection
    is_csv: bool = False


class Api:
    """The routes of `/api/v1`. Each but the search answers with some sections of a report."""

    def __init__(self, site: Site, saved: SavedPlaces) -> None:
        self._provider, self._finder, self._saved = site.provider, site.search, saved
        self._clock, self._settings, self._many = site.clock, site.settings, ManyPlaces(site)

    async def search(self, request: Request) -> Response:
        """Answer with places by name."""
        params = allowed(request, ("q", "limit", "lang", "appid"), self._settings)
        name, limit = query.needed(params, "q"), query.count(params, "limit") or DEFAULT_RESULTS
        spoken, now = language(query.lang(params, "en")), self._clock() // 3600 * 3600
        places = await self._finder.search(name, limit, self._requester(request))
        body = msgspec.json.encode(model.Results([model.place(place, spoken, now) for place in places]))
        return conditional_response(request, body, JSON, {"Cache-Control": "max-age=3600"}, vary(self._settings))

    async def weather(self, route: WeatherRoute, request: Request) -> Response:
        """Answer with the sections of a route, for the place in the query; some routes for many places at once."""
        if route.takes_many and any(name == "at" for name, _ in query.pairs(request.scope["query_string"])):
            return await self._many.answer(route, KINDS[route], request)
        asked = self._question(route, request)
        visitor = self._requester(request)
        target = await self._target(asked.where, request, visitor)
        report = await self._provider.report(target.at, target.place, frozenset(route.sections), visitor)
        await asyncio.sleep(0)  # to read and to write take milliseconds each: others go in between
        body = response_body(report, route, asked.selection, asked.formatter, self._clock())
        await asyncio.sleep(0)
        content = as_csv(body, route, asked.selection.fields) if asked.is_csv else encoded(body, asked.selection.fields)
        kind = CSV if asked.is_csv else JSON
        return self._respond(request, content, report, kind, is_own=bool(asked.where.saved))

    def _question(self, route: WeatherRoute, request: Request) -> Question:
        """Parse a request. Raises BadParameter, which tells of every mistake, or AccessDenied."""
        own = (*(("format",) if route.is_table else ()), *(("at",) if route.takes_many else ()))
        known = (*COMMON_PARAMS, *route.lengths, *own)
        values, mistakes = query.collected(request.scope["query_string"], known)
        otherwise = "csv" if route.is_table and wants_csv(request.headers.get("accept", "")) else "json"
        unread = bool(mistakes)  # a name that was spelt wrong may be that of the place
        form, system, lang, selection, *where = query.read_all(
            values,
            mistakes,
            lambda params: query.one_of(params, "format", otherwise),
            lambda params: system_in(params, self._settings.units or "metric"),
            lambda params: query.lang(params, "en"),
            lambda params: selection_of(params, route),
            *([] if unread else [query.where]),
        )
        admit(request, values, self._settings)
        return Question(where[0], Formatter(language(lang), system), selection, form == "csv")

    def _respond(self, request: Request, body: bytes, report: Report, kind: str, *, is_own: bool) -> Response:
        """Send an answer with its freshness; one about a saved place (`is_own`) is its visitor's alone."""
        headers = report_headers(request, report, self._settings.stale_for, is_own=is_own)
        also = ", Accept" if request.scope["path"] in TABLES else ""
        varies = vary(self._settings, f"Accept-Encoding{also}")
        if kind == CSV and (credited := report.source.attributions[0].url):
            headers["Link"] = f'<{credited}>; rel="license"'
        if is_own:
            headers["Cache-Control"] = f"private, {headers['Cache-Control']}"
            varies = vary(self._settings, f"{place_list_token.VARY}{also}")
        return conditional_response(request, body, kind, headers, varies)

    async def _target(self, where: query.PlaceQuery, request: Request, visitor: Requester) -> Target:
        """Resolve the place of a query."""
        if where.saved:
            return await self._saved_target(where.saved, request)
        return await target_of(self._finder, where, visitor)

    async def _saved_target(self, id: str, request: Request) -> Target:
        """Return the place with that id in the list whose token the request has. Raises UnknownToken, NotFound."""
        token = place_list_token.token_of(request)
        saved = await self._saved.get(token, id) if token else None
        if saved is None and place_list_token.was_sent(request) and not (token and await self._saved.has(token)):
            raise UnknownToken(place_list_token.UNKNOWN)
        if saved is None:
            raise NotFound("There is no such place in this list. `saved` needs the token of its list.")
        return Target(saved.coordinates.rounded(), saved.place)

    def _requester(self, request: Request) -> Requester:
        return requester_of(request, self._settings.trusted_proxies)


def selection_of(params: dict[str, str], route: WeatherRoute) -> Selection:
    """Parse what of the answer is wanted. Raises BadParameter."""
    mistakes: list[BadParameter] = []
    hours, days, fields = query.read_all(
        params,
        mistakes,
        lambda values: query.count(values, "hours"),
        lambda values: query.count(values, "days"),
        lambda values: parse_fields(values["fields"], names_of(KINDS[route])) if "fields" in values else None,
    )
    return Selection(hours, days, fields)


def as_csv(body: dict[str, object], route: WeatherRoute, fields: frozenset[str] | None) -> bytes:
    """Encode the one section of a body as CSV, or only the wanted fields of it. Raises NotFound if it is missing."""
    whole = msgspec.to_builtins(body)
    return table(whole if fields is None else select(whole, fields.union(HEADER)), route.sections[0])


def encoded(body: dict[str, object], fields: frozenset[str] | None) -> bytes:
    """Encode a body, or only the wanted fields of it beside its header."""
    if fields is None:
        return msgspec.json.encode(body)
    return msgspec.json.encode(select(msgspec.to_builtins(body), fields.union(HEADER)))
