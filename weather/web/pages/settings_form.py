"""`POST /settings`: keeps what a reader prefers in cookies, and goes back to the page that the form stood on."""

import re
from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from weather.errors import BadParameter
from weather.messages import N_
from weather.settings import Settings
from weather.web.http.clients.client_ip import scheme_of
from weather.web.http.clients.place_list_token import refuse_foreign
from weather.web.http.preferences import ALLOWED
from weather.web.pages.renderer import PRIVATE
from weather.web.pages.saved import form

AUTOMATIC = "auto"
"""The choice that nothing is to be kept: the unit system, the browser or the device decides."""

PAGE = "page"
FOREIGN = N_("Settings are changed from a page of this site, not from one of another.")
LOCAL = re.compile(r"/(?![/\\])[!-~]{0,2000}", re.ASCII)
"""An address on this site: two slashes would begin the name of another host, and so would a backslash to a browser."""

YEAR = 365 * 86400


class SettingsForm:
    """The preferences of a browser; each has a cookie of its own."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    async def save(self, request: Request) -> Response:
        """Keep each preference that the form names. Raises CrossSite, UnsupportedMediaType or BadParameter."""
        refuse_foreign(request, FOREIGN)
        fields = await form(request, (*ALLOWED, PAGE))
        chosen, root = choices(fields), self._settings.root_path
        is_secure = scheme_of(request, self._settings.trusted_proxies) == "https"
        response = RedirectResponse(root + local(fields.get(PAGE, "")), 303, PRIVATE)
        for name, value in chosen.items():
            response.set_cookie(
                name,
                value or "",
                max_age=YEAR if value else 0,
                path=root or "/",
                secure=is_secure,
                httponly=True,
                samesite="lax",
            )
        return response


def choices(fields: Mapping[str, str]) -> dict[str, str | None]:
    """The preferences of a form, None for one that is not to be kept. Raises BadParameter."""
    chosen: dict[str, str | None] = {}
    for name, allowed in ALLOWED.items():
        value = fields.get(name, AUTOMATIC)
        if value not in (AUTOMATIC, *allowed):
            raise BadParameter(name, f"{name} is one of {', '.join((AUTOMATIC, *allowed))}")
        if name in fields:
            chosen[name] = None if value == AUTOMATIC else value
    return chosen


def local(address: str) -> str:
    """An address on this site below its path prefix; of any other, the home page."""
    return address if LOCAL.fullmatch(address) else "/"
