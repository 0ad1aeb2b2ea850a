"""`/docs`, `/llms.txt` and `/openapi.json`: one table of operations and one set of chapters, in three forms."""

import asyncio
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from html.parser import HTMLParser
from urllib.parse import quote, urlencode

import msgspec
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from weather import __version__
from weather.domain.model import GROUPS
from weather.settings import Settings
from weather.web.api.model import Index, RouteOf
from weather.web.docs.members import Member, members
from weather.web.docs.openapi import description
from weather.web.docs.operations import KINDS, Kind, Operation, operations
from weather.web.docs.warners import Warner, warners
from weather.web.http.clients.client_ip import site_address
from weather.web.http.responses import JSON, TEXT, conditional_response
from weather.web.pages.renderer import PageRenderer

CHAPTERS = {
    "programs": "Small programs",
    "errors": "Errors",
    "honesty": "How old an answer is, and what is missing",
    "caching": "Limits, caching, CORS",
    "places": "Keys, tokens, saved places",
    "quota": "Quota and fair use",
    "terminal": "Terminal, status bars, calendars, models",
    "recipes": "Home automation and dashboards",
    "openweathermap": "Use existing OpenWeatherMap programs",
    "running": "Running a server",
}
"""By the last part of the address, in order; each has a template `docs_….html`."""

NOT_INSTALLED = Kind(
    "not_installed", 501, "This server lacks a package that `/mcp` needs. Only the operator can add it."
)
"""Of an address beside the API."""

CODE = {
    "curl": "curl '{url}'",
    "Python": """\
import json, urllib.error, urllib.request

try:
    with urllib.request.urlopen('{url}', timeout=15) as answer:
        print(json.load(answer))
except urllib.error.HTTPError as error:
    print(error.code, json.load(error)['detail'], error.headers['Retry-After'])""",
    "JavaScript": """\
const answer = await fetch('{url}', { signal: AbortSignal.timeout(15_000) });
const told = await answer.json();
if (answer.ok) console.log(told);
else console.error(answer.status, told.detail, answer.headers.get('Retry-After'));""",
}
"""How a request is made: what an error says is seen, and nothing waits for ever."""


@dataclass(frozen=True, slots=True)
class Form:
    """An operation that can be tried: its form starts with these values, and this is the URL that they make."""

    operation: Operation
    values: dict[str, str]
    url: str


@dataclass(frozen=True, slots=True)
class DocsPage:
    """What `docs.html` and the chapters show."""

    origin: str
    chapter: str
    chapters: Mapping[str, str]
    forms: Sequence[Form]
    code: Mapping[str, str]
    problems: Sequence[Kind]
    members: Mapping[str, Sequence[Member]]
    groups: Sequence[str]
    warners: Sequence[Warner]
    query: str = ""


def form(operation: Operation, origin: str) -> Form:
    """Return the form of an operation with its first values."""
    values = {parameter.name: parameter.shown for parameter in operation.parameters if parameter.shown is not None}
    return Form(operation, values, f"{origin}{operation.path}?{urlencode(values, quote_via=quote, safe=',')}")


def index(root: str) -> Index:
    """Return what `GET /api/v1` says."""
    routes = [RouteOf(operation.method, f"{root}{operation.path}", operation.about) for operation in operations()]
    return Index(routes, f"{root}/docs", f"{root}/openapi.json", __version__)


@cache
def described(root: str) -> bytes:
    """Return the OpenAPI document as JSON. It is made at the first request."""
    return msgspec.json.encode(description(root))


class Docs:
    """The routes of the documentation. Slow work runs in a thread, so that it does not block the event loop."""

    def __init__(self, frame: PageRenderer, settings: Settings) -> None:
        self._frame, self._settings = frame, settings

    async def openapi(self, request: Request) -> Response:
        """The OpenAPI description."""
        body = await asyncio.to_thread(described, self._settings.root_path)
        return conditional_response(request, body, JSON, {"Cache-Control": "max-age=3600"}, "Accept-Encoding")

    async def index(self, request: Request) -> Response:
        """The routes of the API, and where they are described."""
        body = msgspec.json.encode(await asyncio.to_thread(index, self._settings.root_path))
        return conditional_response(request, body, JSON, {"Cache-Control": "max-age=3600"}, "Accept-Encoding")

    async def page(self, request: Request) -> Response:
        """The API: to read, and to try."""
        return self._frame.shown(request, "docs.html", self._page(request, ""))

    async def chapter(self, request: Request) -> Response:
        """One of the longer chapters."""
        name = request.path_params["chapter"]
        if name not in CHAPTERS:
            raise HTTPException(404)
        return self._frame.shown(request, f"docs_{name}.html", self._page(request, name))

    async def llms(self, request: Request) -> Response:
        """All of it as plain text, for language models."""
        body = await asyncio.to_thread(self._text, request)
        return conditional_response(request, body, TEXT, {"Cache-Control": "max-age=3600"}, "Accept-Encoding")

    def _text(self, request: Request) -> bytes:
        pages = [("docs.html", ""), *((f"docs_{name}.html", name) for name in CHAPTERS)]
        texts = [plain(self._frame.text(request, template, self._page(request, name))) for template, name in pages]
        return "\n\n".join(texts).encode() + b"\n"

    def _page(self, request: Request, chapter: str) -> DocsPage:
        origin = site_address(request, self._settings)
        forms = [
            form(operation, origin)
            for operation in operations()
            if operation.method == "GET" and operation.parameters and "/places" not in operation.path
        ]
        problems = sorted([*KINDS.values(), NOT_INSTALLED], key=lambda kind: (kind.status, kind.code))
        sources = warners(self._settings)
        return DocsPage(origin, chapter, CHAPTERS, forms, CODE, problems, members(), GROUPS, sources)


LINE, BLANK = "\n", "\n\n"
BEFORE = {"h1": f"{BLANK}# ", "h2": f"{BLANK}## ", "ul": LINE, "li": f"{LINE}- ", "tr": f"{LINE}| "}
BEFORE |= dict.fromkeys(("p", "figcaption", "summary"), BLANK) | {"pre": f"{BLANK}```{LINE}"}
AFTER = {"pre": f"{LINE}```{LINE}", "td": " | ", "th": " | ", "code": "`"}
SILENT = frozenset({"form", "nav", "output", "button"})


class HtmlToMarkdown(HTMLParser):
    """Converts the article of a page to Markdown."""

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._inside, self._silent, self._is_code = False, 0, False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._inside |= tag == "article"
        self._silent += tag in SILENT
        self._is_code |= tag == "pre"
        self._add(BEFORE.get(tag, "`" if tag == "code" and not self._is_code else ""))

    def handle_endtag(self, tag: str) -> None:
        self._add("" if tag == "code" and self._is_code else AFTER.get(tag, ""))
        self._is_code &= tag != "pre"
        self._silent -= tag in SILENT
        self._inside &= tag != "article"

    def handle_data(self, data: str) -> None:
        self._add(data if self._is_code else " ".join(f".{data}.".split())[1:-1])

    def _add(self, text: str) -> None:
        if self._inside and not self._silent:
            self.parts.append(text)


def plain(page: str) -> str:
    """Return the article of a page as Markdown, without its forms and navigation."""
    parser = HtmlToMarkdown()
    parser.feed(page)
    return re.sub(r"\n{3,}", "\n\n", re.sub(r" +\n", "\n", "".join(parser.parts))).strip()
