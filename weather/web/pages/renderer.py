"""What all pages have in common: the reader's preferences, a template, the headers."""

from collections.abc import Mapping
from urllib.parse import parse_qsl, unquote

from starlette.requests import Request
from starlette.responses import Response

from weather.settings import Settings
from weather.web.http.clients.cookies import cookies
from weather.web.http.preferences import Preferences, preferences
from weather.web.http.private import WANTED
from weather.web.http.responses import HTML, conditional_response
from weather.web.pages.templating import Templating

VARY = "Accept-Encoding, Accept-Language, Cookie"
PRIVATE = {"Cache-Control": "private, no-cache"}


class PageRenderer:
    """Shows a page to whoever asks for it."""

    def __init__(self, templating: Templating, settings: Settings) -> None:
        self._templating, self._settings = templating, settings

    def preferences(self, request: Request) -> Preferences:
        accepted = request.headers.get("accept-language", "")
        return preferences(request.query_params, cookies(request.headers), accepted, self._settings.units)

    def text(self, request: Request, template: str, page: object) -> str:
        """A page as it is written for this reader."""
        return self._rendered(request, template, page).decode()

    def _rendered(self, request: Request, template: str, page: object) -> bytes:
        path, query = address_shown(request)
        return self._templating.render(template, page, self.preferences(request), query, path)

    def shown(
        self, request: Request, template: str, page: object, headers: Mapping[str, str] | None = None
    ) -> Response:
        """A page in the reader's language."""
        body = self._rendered(request, template, page)
        all_headers = dict(headers or {}) | PRIVATE | {"Content-Language": self.preferences(request).lang}
        return conditional_response(request, body, HTML, all_headers, VARY)


def address_shown(request: Request) -> tuple[str, Mapping[str, str]]:
    """Path and query of the page that was asked for, also where the form for an access key stands in its place."""
    if WANTED not in request.scope:
        return request.scope["path"], request.query_params
    path, _, query = request.scope[WANTED].partition("?")
    return unquote(path), dict(parse_qsl(query))
