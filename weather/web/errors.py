"""Every error that leaves the app, in the shape of its door: HTML, problem+json, or OpenWeatherMap's own."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from weather.domain.model import Place
from weather.errors import CallRefused, NotCached, PlaceNotFound, UpstreamError, WeatherError
from weather.i18n.language import Language
from weather.messages import N_
from weather.web.http.cookies import cookies
from weather.web.http.responses import (
    CODES,
    HTML,
    owm_error,
    owm_error_response,
    problem,
    problem_of,
    retry_after,
    surface,
)
from weather.web.pages.preferences import Preferences, preferences
from weather.web.pages.templating import Templating


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What `error.html` shows."""

    status: int
    title: str
    detail: str
    query: str
    suggestions: list[Place]


class ErrorResponses:
    """Exception handlers for Starlette, and the last resort of the outermost layer.

    `nothing_given` counts the answers that had to be errors because upstream gave nothing and nothing was kept.
    """

    def __init__(self, templating: Templating, suggestions: Callable[[str], list[Place]]) -> None:
        self._templating, self._suggestions = templating, suggestions
        self.nothing_given = 0

    async def weather(self, request: Request, error: Exception) -> Response:
        """One of ours."""
        assert isinstance(error, WeatherError)  # noqa: S101
        self.nothing_given += isinstance(error, UpstreamError | CallRefused | NotCached)
        shape = surface(request.scope["path"])
        if shape == "owm":
            return owm_error_response(error)
        if shape == "api":
            return problem(error)
        query = request.query_params.get("q", "")[:200] if isinstance(error, PlaceNotFound) else ""
        detail = in_words(error, self._wanted(request).reader.language)
        near = await asyncio.to_thread(self._suggestions, query) if query else []  # to compare spellings takes long
        page = ErrorPage(error.status, error.title, detail, query, near)
        return self._page(request, page, retry_after(error))

    async def http(self, request: Request, error: Exception) -> Response:
        """One of the framework's."""
        assert isinstance(error, HTTPException)  # noqa: S101
        return self._plain(request, error.status_code, error.headers or {})

    async def crash(self, request: Request, error: Exception) -> Response:
        """A mistake of ours; the outermost layer logs it."""
        return self._plain(request, 500, {})

    async def gone(self, request: Request, error: Exception) -> Response:
        """A client that left in the middle of its body, or sent a broken one: nobody's mistake but its own."""
        return self._plain(request, 400, {})

    async def status(self, request: Request, status: int, headers: Mapping[str, str]) -> Response:
        """One that is told by its status alone."""
        return self._plain(request, status, headers)

    def _plain(self, request: Request, status: int, headers: Mapping[str, str]) -> Response:
        phrase = HTTPStatus(status).phrase
        shape = surface(request.scope["path"])
        if shape == "owm":
            return owm_error(status, "Internal error" if status == 404 else phrase, headers)
        if shape == "api":
            return problem_of(status, CODES.get(status, "bad_parameter"), phrase, phrase, headers)
        return self._page(
            request, ErrorPage(status, TITLES.get(status, phrase), DETAILS.get(status, ""), "", []), headers
        )

    def _page(self, request: Request, page: ErrorPage, headers: Mapping[str, str]) -> Response:
        told = dict(headers) | {"Cache-Control": "no-store", "Content-Type": HTML}
        body = self._templating.render("error.html", page, self._wanted(request), request.query_params)
        return Response(body, page.status, told)

    def _wanted(self, request: Request) -> Preferences:
        accepted = request.headers.get("accept-language", "")
        return preferences(request.query_params, cookies(request.headers), accepted, None)


def in_words(error: WeatherError, spoken: Language) -> str:
    """What a page says of an error: for its kind, or in its own words where they are translated."""
    own = str(error)
    return MESSAGES.get(error.code) or (own if spoken.knows(own) else OTHERWISE.get(error.code, ""))


MESSAGES = {
    "upstream_failed": N_("The source could not be asked, and nothing is kept for this place. Try again soon."),
    "upstream_timeout": N_("The source takes too long, and nothing is kept for this place. Try again soon."),
    "upstream_unavailable": N_("The source is left alone for a while, and nothing is kept for this place."),
    "key_rejected": N_("The source rejects this server's key. Not active yet? New keys take up to two hours."),
    "offline": N_("This server is set to be offline, and nothing is kept for this place."),
    "database_unavailable": N_("Saved places cannot be read or written now. The forecasts do not need them."),
    "not_kept": N_("Nothing is kept for this place, and only what is kept was asked for."),
}
OTHERWISE = {
    "bad_parameter": N_("Something in this address or form cannot be read."),
    "place_not_found": N_("No place of that name is known."),
    "not_found": N_("There is no page at this address."),
}
"""By code, where the error's own words are in English alone."""

TITLES = {
    400: N_("Bad request"),
    404: N_("Not found"),
    405: N_("Method not allowed"),
    413: N_("Too large"),
    414: N_("Address too long"),
    431: N_("Headers too long"),
    500: N_("Internal error"),
    503: N_("Not available now"),
}
DETAILS = {
    404: N_("There is no page at this address."),
    500: N_("Something went wrong here. It has been logged."),
    503: N_("This server is just ending. Try again in a moment."),
}
