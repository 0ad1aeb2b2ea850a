"""`/sign-in`: the form of a private server, and what becomes of the key that is typed there."""

from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response

from weather.errors import AccessDenied
from weather.messages import N_
from weather.settings import Settings
from weather.settings.access_keys import AccessKey
from weather.web.http.clients.access import COOKIE, NO_KEY, holder, page_token
from weather.web.http.clients.client_ip import client_of, scheme_of
from weather.web.http.clients.guesses import KeyGuesses
from weather.web.http.clients.place_list_token import refuse_foreign
from weather.web.http.private import SIGN_IN, WANTED
from weather.web.http.responses import CHALLENGES, HTML, SHAPE
from weather.web.pages.renderer import PageRenderer
from weather.web.pages.saved import form
from weather.web.pages.settings_form import YEAR, local
from weather.web.terminal.clients import kind_of
from weather.web.terminal.options import asks_for_data

KEY, PAGE = "key", "page"
FOREIGN = N_("The access key is typed into a page of this site, not of another.")


@dataclass(frozen=True, slots=True)
class SignInPage:
    """What `sign_in.html` shows: where it leads, and whether a wrong key was typed."""

    onward: str
    is_wrong: bool = False


class SignIn:
    """Gives who has an access key the cookie that opens the pages."""

    def __init__(self, frame: PageRenderer, settings: Settings, guesses: KeyGuesses) -> None:
        self._frame, self._settings, self._guesses = frame, settings, guesses

    async def page(self, request: Request) -> Response:
        """The form, in the place of the page that was asked for; for a program of a terminal one line.

        Raises HTTPException 404 where there are no access keys that one could type.
        """
        self._need_keys()
        if kind_of(request) != "page" or asks_for_data(str(request.scope.get(WANTED, "")).encode()):
            request.scope[SHAPE] = "text"
            raise AccessDenied(NO_KEY)
        return self._form(request, SignInPage(local(request.scope.get(WANTED, "/"))))

    async def save(self, request: Request) -> Response:
        """Remember a good key, and go on.

        Raises HTTPException, CrossSite, UnsupportedMediaType, BadParameter or TooManyGuesses.
        """
        self._need_keys()
        refuse_foreign(request, FOREIGN)
        fields = await form(request, (KEY, PAGE))
        onward = local(fields.get(PAGE, "/"))
        access_key = self._looked_up(request, fields.get(KEY, "").strip())
        if access_key is None:
            request.scope[WANTED] = onward
            return self._form(request, SignInPage(onward, is_wrong=True))
        root = self._settings.root_path
        response = RedirectResponse(root + ("/" if onward == SIGN_IN else onward), 303, {"Cache-Control": "no-store"})
        is_secure = scheme_of(request, self._settings.trusted_proxies) == "https"
        token = page_token(access_key.key)
        response.set_cookie(COOKIE, token, YEAR, path=root or "/", secure=is_secure, httponly=True, samesite="lax")
        return response

    def _looked_up(self, request: Request, key: str) -> AccessKey | None:
        """The access key that was typed, if it is one. Raises TooManyGuesses."""
        access_key, peer = holder(self._settings.access_keys, key), request.client.host if request.client else ""
        client = client_of(peer, request.headers, self._settings.trusted_proxies)
        self._guesses.check(client, key, access_key is not None)
        return access_key

    def _need_keys(self) -> None:
        if not self._settings.access_keys:
            raise HTTPException(404)

    def _form(self, request: Request, page: SignInPage) -> Response:
        body = self._frame.text(request, "sign_in.html", page)
        headers = {"Cache-Control": "no-store", "WWW-Authenticate": CHALLENGES["access_key"]}
        language = self._frame.preferences(request).lang
        return Response(body, 401, headers | {"Content-Type": HTML, "Content-Language": language})
