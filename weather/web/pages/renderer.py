"""What all pages have in common: the reader's preferences, a template, the headers, the cookies."""

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response

from weather.settings import Settings
from weather.web.http.cookies import cookies
from weather.web.http.responses import HTML, conditional_response
from weather.web.pages.preferences import Preferences, preferences
from weather.web.pages.templating import Templating

YEAR = 365 * 86400
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
        return self._templating.render(template, page, self.preferences(request), request.query_params).decode()

    def shown(
        self, request: Request, template: str, page: object, headers: Mapping[str, str] | None = None
    ) -> Response:
        """A page in the reader's language; what its address asked for is remembered."""
        wanted = self.preferences(request)
        body = self._templating.render(template, page, wanted, request.query_params)
        told = dict(headers or {}) | PRIVATE | {"Content-Language": wanted.lang}
        response = conditional_response(request, body, HTML, told, VARY)
        for name, value in wanted.keep.items():
            path = self._settings.root_path or "/"
            response.set_cookie(name, value, max_age=YEAR, path=path, httponly=True, samesite="lax")
        return response
