"""Answers One Call's routes in their own shape where the key may not use One Call (WEATHER_ONECALL=answer)."""

from collections.abc import Callable
from dataclasses import replace

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from weather.domain.model import Coordinates
from weather.domain.units import SYSTEMS
from weather.errors import KeyPaused, KeyRejected, WeatherError
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES, language
from weather.providers.openweathermap import onecall_answer
from weather.providers.openweathermap.endpoints import ONECALL, ONECALL_25
from weather.providers.openweathermap.onecall_answer import AnswerStyle
from weather.providers.report import Provider
from weather.settings import Settings
from weather.upstream.freshness import FreshnessNow
from weather.upstream.types import Endpoint, Requester, UpstreamRequest
from weather.web.http.clients.access import vary
from weather.web.http.responses import JSON, allow_reuse, conditional_response, freshness_headers

ROUTES = frozenset({ONECALL, ONECALL_25})


class OneCallAnswers:
    """Makes One Call's body of whatever the provider has: another plan of the key, or another source."""

    def __init__(self, provider: Provider, clock: Callable[[], float], settings: Settings) -> None:
        self._provider, self._clock, self._settings = provider, clock, settings
        self._refused = set[Endpoint]()

    def stands_in(self, wanted: UpstreamRequest, error: WeatherError) -> bool:
        """Whether a request that failed is answered here: the key is refused, or was when upstream last answered."""
        if isinstance(error, KeyRejected | KeyPaused):
            self._refused.add(wanted.endpoint)
        return self._settings.onecall == "answer" and wanted.endpoint in self._refused & ROUTES

    async def answer(self, request: Request, wanted: UpstreamRequest, visitor: Requester) -> Response:
        """The body, marked with its source and with what it lacks. Raises what the provider raises."""
        query, style = dict(wanted.query), style_of(wanted)
        sections = onecall_answer.sections_of(style) or frozenset({"current"})
        at = Coordinates(float(query["lat"]), float(query["lon"]))
        report = await self._provider.report(at, None, sections, visitor)
        body = msgspec.json.encode(onecall_answer.body(report, style, self._clock()))
        headers = {"Cache-Control": "no-store"}
        if report.has_data:
            at_now, fetched_at = marked(report.freshness_now), report.fetched_at
            headers |= freshness_headers(at_now, fetched_at, self._settings.stale_for, whole=report.is_complete)
        headers["X-Weather-Source"] = report.source.word
        if credited := report.source.attributions[0].url:
            headers["Link"] = f'<{credited}>; rel="license"'
        if missing := onecall_answer.missing(report, style):
            headers["X-Weather-Missing"] = ", ".join(missing)
        if report.has_data:
            allow_reuse(request, report.validities, of_minute=True, seconds=report.unchanged_for)
        return conditional_response(request, body, JSON, headers, vary(self._settings, "Accept-Encoding"))


def style_of(wanted: UpstreamRequest) -> AnswerStyle:
    """Read units, language and excluded parts; a language that we do not speak is English."""
    query = dict(wanted.query)
    code = query.get("lang", "en")
    formatter = Formatter(language(code if code in LANGUAGES else "en"), SYSTEMS["metric"])
    excluded = frozenset(query.get("exclude", "").split(","))
    return AnswerStyle(query.get("units", "standard"), formatter, excluded, wanted.endpoint is ONECALL)


def marked(at: FreshnessNow) -> FreshnessNow:
    """The freshness with the word that this is no body of upstream's, where Cache-Status has no other to say."""
    return replace(at, via=replace(at.via, detail=at.via.detail or "answered"))
