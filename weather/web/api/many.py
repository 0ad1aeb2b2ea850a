"""`/api/v1/current?at=lat,lon;lat,lon…`, and of days: many places in one answer, each with its freshness or problem."""

import asyncio
from collections.abc import Sequence
from typing import Any

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from weather.domain.model import Coordinates
from weather.errors import BadParameter, WeatherError
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.providers.report import Report
from weather.upstream.freshness import combine
from weather.web.api.fetch_many import ManyReports
from weather.web.api.fields import names_of, parse_fields, select
from weather.web.api.schema import HEADER, WeatherRoute, response_body
from weather.web.api.sections import Selection
from weather.web.http import query
from weather.web.http.clients.access import admit, vary
from weather.web.http.clients.client_ip import requester_of
from weather.web.http.problems import problem_of
from weather.web.http.responses import JSON, conditional_response, freshness_headers
from weather.web.http.site import Site
from weather.web.http.unit_params import UNIT_PARAMS, system_in

MOST_PLACES = 50
PARAMS = ("at", *UNIT_PARAMS, "lang", "fields", "appid")
POINTS = f"at is one to {MOST_PLACES} points such as 51.51,-0.13;48.86,2.35"


class ManyPlaces:
    """Answers for many points at once; who asks has the same quota as for each of them alone."""

    def __init__(self, site: Site) -> None:
        self._provider, self._clock, self._settings = site.provider, site.clock, site.settings

    async def answer(self, route: WeatherRoute, kind: type, request: Request) -> Response:
        """Answer with `{"results": […]}`, in the order of the points; `kind` is the type of one answer."""
        own = (*route.lengths, *(("format",) if route.is_table else ()))
        values, mistakes = query.collected(request.scope["query_string"], (*PARAMS, *own))
        points, _, system, lang, days, fields = query.read_all(
            values,
            mistakes,
            lambda params: points_in(params.get("at", "")),
            json_alone,
            lambda params: system_in(params, self._settings.units or "metric"),
            lambda params: query.lang(params, "en"),
            lambda params: query.count(params, "days"),
            lambda params: parse_fields(params["fields"], names_of(kind)) if "fields" in params else None,
        )
        admit(request, values, self._settings)
        visitor = requester_of(request, self._settings.trusted_proxies)
        wanted = frozenset(route.sections)
        outcomes = await ManyReports(self._provider, wanted, visitor).fetch(points, self._settings.timeout)
        selection = Selection(days=days, fields=fields)
        formatter, now = Formatter(language(lang), system), self._clock()
        results = []
        for outcome in outcomes:
            await asyncio.sleep(0)  # each takes a millisecond to write: others go in between
            results.append(self._result(outcome, route, selection, formatter, now))
        body = msgspec.json.encode({"results": results})
        return conditional_response(request, body, JSON, self._headers(outcomes), vary(self._settings))

    def _result(
        self,
        outcome: Report | WeatherError,
        route: WeatherRoute,
        selection: Selection,
        formatter: Formatter,
        now: float,
    ) -> Any:
        """What a request for this point alone would get."""
        if isinstance(outcome, WeatherError):
            return problem_of(outcome).document(self._settings.root_path)
        body, fields = response_body(outcome, route, selection, formatter, now), selection.fields
        return body if fields is None else select(msgspec.to_builtins(body), fields.union(HEADER))

    def _headers(self, outcomes: Sequence[Report | WeatherError]) -> dict[str, str]:
        """The freshness of the worst of them; what lacks one is not to be kept."""
        reports = [outcome for outcome in outcomes if isinstance(outcome, Report) and outcome.has_data]
        if len(reports) < len(outcomes):
            return {"Cache-Control": "no-store"}
        whole = all(report.is_complete for report in reports)
        at = combine(report.freshness_now for report in reports)
        return freshness_headers(
            at, max(report.fetched_at for report in reports), self._settings.stale_for, whole=whole
        )


def json_alone(params: dict[str, str]) -> None:
    """Raises BadParameter if a table is asked for: a place without days would be no row of it, and its problem lost."""
    if query.one_of(params, "format", "json") != "json":
        raise BadParameter("format", "format is json where at is given: a table is of one place", ("json",))


def points_in(text: str) -> list[Coordinates]:
    """The points of a list. Raises BadParameter."""
    # A space within a number, or a list that is cut, would be another place.
    parts = [",".join(number.strip() for number in part.split(",")) for part in text[: LONGEST + 1].split(";")]
    pairs = [query.path_point(part) for part in parts if part]
    if len(text) > LONGEST or not 0 < len(pairs) <= MOST_PLACES:
        raise BadParameter("at", POINTS)
    points = []
    for numbers in pairs:
        if numbers is None:
            raise BadParameter("at", POINTS)
        points.append(query.coordinates({"lat": numbers[0], "lon": numbers[1]}))
    return points


LONGEST = 5000
"""Characters that a list of points has at most: fifty of the longest have fewer, of those that mean anything."""

POINT = r"-?([0-8]?[0-9](\.[0-9]{1,6})?|90),-?((1[0-7][0-9]|[0-9]{1,2})(\.[0-9]{1,6})?|180)"
PATTERN = f"^{POINT}(;{POINT}){{0,{MOST_PLACES - 1}}}$"
"""How a list is written (ECMA 262). Spaces about a number or a point are read as well."""
