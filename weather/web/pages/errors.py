"""Every error that leaves the app, in the shape of its door: HTML, problem+json, or OpenWeatherMap's own."""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from weather.domain.model import Place
from weather.errors import BadParameter, CallRefused, NotCached, PlaceNotFound, UpstreamError, WeatherError
from weather.i18n.formatting import Formatter
from weather.i18n.language import SOURCE, Language, language
from weather.messages import N_
from weather.places.search.place_search import UNKNOWN_NAME
from weather.settings import Settings
from weather.web.api.model import place
from weather.web.http.clients.cookies import cookies
from weather.web.http.forms import depends_on_client, kind_of
from weather.web.http.preferences import Preferences, preferences
from weather.web.http.problems import problem_of, problem_of_status
from weather.web.http.responses import (
    CODES,
    HTML,
    SHAPE,
    TEXT,
    error_headers,
    owm_error,
    owm_error_response,
    phrase,
    surface,
)
from weather.web.http.suggestions import route_for
from weather.web.pages.embeds.embed import by_address
from weather.web.pages.embeds.embed_view import is_card
from weather.web.pages.templating import Templating
from weather.web.terminal.options import place_text
from weather.web.terminal.report import paths

WRONG_FORM = N_("Please check what you entered")

SOONEST_RETRY = 60
"""Seconds for which a page of an error waits at least before it asks again."""


@dataclass(frozen=True, slots=True)
class ErrorPage:
    """What `error.html` shows. `retry`: after how many seconds the page asks again by itself; 0 is never."""

    status: int
    title: str
    detail: str
    query: str
    suggestions: list[Place]
    retry: int = 0


class ErrorResponses:
    """Exception handlers for Starlette, and the last resort of the outermost layer.

    `nothing_given` counts the answers that had to be errors because upstream gave nothing and nothing was kept.
    """

    def __init__(
        self,
        templating: Templating,
        suggestions: Callable[[str], list[Place]],
        clock: Callable[[], float],
        settings: Settings,
        card_headers: Mapping[str, str],
    ) -> None:
        self._templating, self._suggestions, self._clock = templating, suggestions, clock
        self._root, self._units = settings.root_path, settings.units
        self._card_headers = card_headers
        self.nothing_given = 0

    async def weather(self, request: Request, error: Exception) -> Response:
        """One of ours."""
        assert isinstance(error, WeatherError)  # noqa: S101
        self.nothing_given += isinstance(error, UpstreamError | CallRefused | NotCached)
        shape = shape_of(request)
        if shape == "owm":
            return owm_error_response(error)
        query = asked_name(request, error)[:200]
        near = await asyncio.to_thread(self._suggestions, query) if query else []  # to compare spellings takes long
        if shape == "api":
            return self._problem(error, near)
        detail = in_words(error, self._wanted(request).reader.language)
        page = ErrorPage(error.status, title_of(error, request), detail, query, near)
        if shape == "text":
            return self._text(request, page, error_headers(error))
        return self._page(request, page, error_headers(error))

    def _problem(self, error: WeatherError, near: list[Place]) -> Response:
        problem = problem_of(error)
        if isinstance(error, PlaceNotFound):
            spoken, now = language(SOURCE), self._clock()
            problem.more["suggestions"] = [place(neighbour, spoken, now) for neighbour in near]
        return problem.response(self._root, error_headers(error))

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
        path, title = request.scope["path"], phrase(status)
        shape = shape_of(request)
        if shape == "owm":
            return owm_error(status, "Internal error" if status == 404 else title, headers)
        if shape == "api":
            problem = problem_of_status(status, CODES.get(status, "bad_parameter"), title)
            return (replace(problem, **no_route(path)) if status == 404 else problem).response(
                self._root, dict(headers)
            )
        page = ErrorPage(status, TITLES.get(status, title), DETAILS.get(status, ""), "", [])
        if shape == "text":
            return self._text(request, page, headers)
        return self._page(request, page, headers)

    def _page(self, request: Request, page: ErrorPage, headers: Mapping[str, str]) -> Response:
        all_headers = dict(headers) | {"Cache-Control": "no-store", "Content-Type": HTML}
        can_be_shown = request.method in ("GET", "HEAD") and page.status != 405
        path = request.scope["path"] if can_be_shown else "/"
        page = replace(page, retry=retry_of(request.method, headers))
        if is_card(path):
            all_headers |= self._card_headers
        template = "card_error.html" if is_card(path) else "error.html"
        body = self._templating.render(template, page, self._wanted(request), request.query_params, path)
        return Response(body, page.status, all_headers)

    def _text(self, request: Request, page: ErrorPage, headers: Mapping[str, str]) -> Response:
        body = error_text(page, self._wanted(request).reader)
        return Response(body, page.status, dict(headers) | {"Cache-Control": "no-store", "Content-Type": TEXT})

    def _wanted(self, request: Request) -> Preferences:
        if is_card(request.scope["path"]):
            return by_address(request.query_params, self._units)
        accepted = request.headers.get("accept-language", "")
        return preferences(request.query_params, cookies(request.headers), accepted, self._units)


def title_of(error: WeatherError, request: Request) -> str:
    """The heading of an error. Who filled in a form, or the field of the search, has typed no address."""
    is_form = request.method == "POST" or "q" in request.query_params
    return WRONG_FORM if is_form and isinstance(error, BadParameter) else error.title


def retry_of(method: str, headers: Mapping[str, str]) -> int:
    """After how many seconds a page asks again by itself; 0, never, where waiting does not help, or it was a form."""
    is_of_use = method in ("GET", "HEAD") and "Retry-After" in headers
    return max(SOONEST_RETRY, int(headers["Retry-After"])) if is_of_use else 0


def shape_of(request: Request) -> str:
    """The form of a request's errors: that of its path, and of a place by its name that of who asks.

    Its handler may have said another.
    """
    if shape := request.scope.get(SHAPE):
        return str(shape)
    path = request.scope["path"]
    is_text = surface(path) == "page" and depends_on_client(path) and kind_of(request) != "page"
    return "text" if is_text else surface(path)


def asked_name(request: Request, error: WeatherError) -> str:
    """The name of the place that nobody could find, in the query or in the path; "" where another thing failed.

    A name in a path is looked up here alone: where upstream fails, the place of it was known.
    """
    if isinstance(error, PlaceNotFound):
        return request.query_params.get("q") or place_text(request.path_params.get("name", ""))
    return request.query_params.get("q", "") if isinstance(error, UpstreamError | CallRefused) else ""


def error_text(page: ErrorPage, reader: Formatter) -> str:
    """An error for a terminal: what it is, why, and the paths of places that may be meant."""
    lines = [reader.say(page.title), *([reader.say(page.detail)] if page.detail else [])]
    if page.suggestions:
        lines += ["", reader.say("Did you mean …?"), *paths(page.suggestions, reader)]
    return "\n".join(lines) + "\n"


def no_route(path: str) -> dict[str, Any]:
    """What a 404 says of an address of the API that is none: the nearest one, and where all are listed."""
    near = route_for(path)
    detail = f"There is nothing at {path[:80]}; did you mean {near}?" if near else f"There is nothing at {path[:80]}."
    return {"detail": f"{detail} GET /api/v1 lists the routes.", "more": {"did_you_mean": near} if near else {}}


def in_words(error: WeatherError, spoken: Language) -> str:
    """What a page says of an error: for its kind, or in its own words where they are translated."""
    own = str(error)
    return MESSAGES.get(error.code) or (own if spoken.knows(own) else OTHERWISE.get(error.code, ""))


MESSAGES = {
    "upstream_failed": N_(
        "We could not reach the weather service, and have no saved forecast for this place. Please try again soon."
    ),
    "upstream_timeout": N_(
        "The weather service is too slow, and we have no saved forecast for this place. Please try again soon."
    ),
    "upstream_unavailable": N_(
        "The weather service has a fault, and we have no saved forecast for this place. "
        "Please try again in a few minutes."
    ),
    "key_rejected": N_("The weather service does not accept this server's key. New keys take up to two hours to work."),
    "offline": N_("This server is set to work offline, and there is no saved forecast for this place."),
    "database_unavailable": N_("Your saved places cannot be opened or changed now. Forecasts still work."),
    "not_kept": N_("There is no saved forecast for this place, and only a saved one was asked for."),
}
OTHERWISE = {
    "bad_parameter": N_("Something in this address or form is not valid."),
    "bad_body": N_("Something in this address or form is not valid."),
    "access_key": N_("This server needs an access key."),
    "place_not_found": UNKNOWN_NAME,
    "cross_site": N_("For your safety, places can be changed only from this site."),
    "not_found": N_("There is no page at this address."),
}
"""By code, where the error's own words are in English alone."""

TITLES = {
    400: N_("Bad request"),
    403: N_("Not open to everybody"),
    404: N_("Not found"),
    405: N_("Method not allowed"),
    413: N_("Too large"),
    414: N_("Address too long"),
    431: N_("Headers too long"),
    500: N_("Internal error"),
    503: N_("Not available now"),
}
DETAILS = {
    403: N_("This page is only for those who run this server."),
    404: N_("There is no page at this address."),
    500: N_("Something went wrong on this server. It has been logged."),
    503: N_("This server is shutting down. Please try again in a moment."),
}
