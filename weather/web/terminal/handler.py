"""`GET /{name}`, and `/` for programs of a terminal: text for them, on to the page for browsers.

Nobody is asked upstream what a name means: the gazetteer alone finds places here.
"""

import asyncio
import re
from collections.abc import Awaitable, Callable
from dataclasses import replace
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from weather.errors import BadParameter
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES, language
from weather.places.search.place_search import PlaceSearch
from weather.providers.report import Report
from weather.web.http.clients.client_ip import requester_of, site_address
from weather.web.http.preferences import preferences
from weather.web.http.query import NOT_UTF8
from weather.web.http.report_headers import report_headers
from weather.web.http.responses import JSON, SHAPE, TEXT, conditional_response
from weather.web.http.site import Site
from weather.web.terminal.clients import VARY, kind_of, place_text
from weather.web.terminal.find import contents_of, find, spoken_place
from weather.web.terminal.help import HELP
from weather.web.terminal.options import Options, asks_for_data, parse
from weather.web.terminal.render import is_json, rendered, sections_for

HELP_NAME = ":help"
UNDECODED = "\N{REPLACEMENT CHARACTER}"
"""What stands in a path for bytes that are not UTF-8."""

FILE_NAME = re.compile(r"\..*|.*\.[a-z]{2,5}", re.IGNORECASE)
"""What crawlers ask for, `/robots.txt` or `/.env`: no name of a place."""

Endpoint = Callable[[Request], Awaitable[Response]]


class Terminal:
    """`gazetteer_search` finds places without asking any geocoder."""

    def __init__(self, site: Site, gazetteer_search: PlaceSearch) -> None:
        self._provider, self._finder = site.provider, gazetteer_search
        self._clock, self._settings = site.clock, site.settings

    def or_page(self, page: Endpoint) -> Endpoint:
        """Returns the handler of `/`: the operator's place or the help for a terminal, the page for all others."""

        async def answer(request: Request) -> Response:
            if not self._wants_text(request):
                response = await page(request)
                response.headers["Vary"] = ", ".join(dict.fromkeys(f"{response.headers['Vary']}, {VARY}".split(", ")))
                return response
            if self._settings.home is None:
                return self._help(request)
            return await self._text(request, self._settings.home)

        return answer

    async def place(self, request: Request) -> Response:
        """The weather of the place that the path names, or of the point."""
        raw = request.path_params["name"]
        if raw == HELP_NAME:
            return self._help(request)
        name, wants_text = place_text(raw), self._wants_text(request)
        if UNDECODED in raw:
            raise BadParameter("name", NOT_UTF8)
        if raw.startswith(".") or (FILE_NAME.fullmatch(raw) and not wants_text):
            raise HTTPException(404)
        if wants_text:
            return await self._text(request, name)
        return await self._onward(request, name)

    def _wants_text(self, request: Request) -> bool:
        """Whether the answer is text or JSON, also an error; noted for those who make the errors."""
        query = request.scope["query_string"]
        wants = kind_of(request) != "page" or asks_for_data(query)
        if wants:
            is_for_program = re.search(rb"(?:format|view)=j[12]\b", query) is not None
            request.scope[SHAPE] = "api" if is_for_program else "text"
        return wants

    def _help(self, request: Request) -> Response:
        text = HELP.format(address=site_address(request, self._settings), languages=" ".join(LANGUAGES))
        return conditional_response(request, text.encode(), TEXT, {"Cache-Control": "max-age=3600"}, VARY)

    async def _text(self, request: Request, name: str) -> Response:
        options = parse(request.scope["query_string"])
        if options.colour is None:
            options = replace(options, colour=kind_of(request) == "terminal")
        reader = self._reader(request, options)
        visitor = requester_of(request, self._settings.trusted_proxies)
        result = await find(self._finder, name, visitor)
        target, sections = result.target(), sections_for(options.format)
        report = await self._provider.report(target.at.rounded(), target.place, sections, visitor)
        await asyncio.sleep(0)  # to write takes milliseconds: others go in between
        contents, here = contents_of(self._finder, result, options, reader), spoken_place(self._finder, report, reader)
        return self._respond(request, rendered(here, reader, options, contents, self._clock()), options, report)

    def _reader(self, request: Request, options: Options) -> Formatter:
        """Who reads: as the address says, else by Accept-Language and the operator's units, as on pages."""
        wanted = preferences({}, {}, request.headers.get("accept-language", ""), self._settings.units)
        spoken = language(options.lang or wanted.lang)
        return Formatter(spoken, options.system(wanted.units), wanted.clock == "12")

    def _respond(self, request: Request, text: str, options: Options, report: Report) -> Response:
        headers = report_headers(request, report, self._settings.stale_for)
        content_type = JSON if is_json(options.format) else TEXT
        return conditional_response(request, text.encode(), content_type, headers, VARY)

    async def _onward(self, request: Request, name: str) -> Response:
        """A browser goes on to the forecast; to the search where several places are meant alike."""
        result = await find(self._finder, name, requester_of(request, self._settings.trusted_proxies))
        address = f"/search?q={quote(name)}"
        if result.at or result.is_clear:
            target = result.target()
            label = f"?name={quote(target.place.name)}" if target.place and target.place.name else ""
            address = f"/forecast/{target.at.rounded()}{label}"
        headers = {"Cache-Control": "private, no-cache", "Vary": VARY}
        return RedirectResponse(f"{self._settings.root_path}{address}", 303, headers)
