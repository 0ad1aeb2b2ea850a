"""The brake on guesses before every door that takes an access key, except for the form of `/sign-in`, which reads it
out of a body. It stands before the response cache, whose answers would tell a good key from a wrong one."""

from collections.abc import Awaitable, Callable, Iterator

from starlette.datastructures import Headers
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from weather.settings import Settings
from weather.web.http.clients.access import COOKIE, holder, holder_by_cookie, key_sent
from weather.web.http.clients.client_ip import client_of
from weather.web.http.clients.cookies import cookies
from weather.web.http.clients.guesses import KeyGuesses, TooManyGuesses
from weather.web.http.clients.insiders import INSIDE, bearer_key
from weather.web.http.middleware import App
from weather.web.http.responses import SHAPE, surface
from weather.web.terminal.clients import kind_of

REFUSED = "weather.refused"
"""The key in the ASGI scope of why a request is refused here."""


class KeyBrake:
    """Wraps the whole app. `refuse` answers in its place, for who must wait."""

    def __init__(self, app: App, refuse: App, settings: Settings, guesses: KeyGuesses) -> None:
        self._app, self._refuse, self._settings, self._guesses = app, refuse, settings, guesses

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and (refused := self._refused(scope)):
            await self._refuse({**scope, REFUSED: refused}, receive, send)
        else:
            await self._app(scope, receive, send)

    def _refused(self, scope: Scope) -> TooManyGuesses | None:
        headers = Headers(scope=scope)
        for sent, is_good in self._credentials(scope, headers):
            peer = scope["client"][0] if scope.get("client") else ""
            try:
                self._guesses.check(client_of(peer, headers, self._settings.trusted_proxies), sent, is_good)
            except TooManyGuesses as error:
                return error
        return None

    def _credentials(self, scope: Scope, headers: Headers) -> Iterator[tuple[str, bool]]:
        """Each key or token of a key that a request brings, and whether it is good."""
        keys = self._settings.access_keys
        bearer = bearer_key(headers) if scope["path"] in INSIDE else ""
        for sent in filter(None, (bearer, key_sent(headers, scope["query_string"]))):
            yield sent, holder(keys, sent) is not None
        if token := cookies(headers).get(COOKIE, ""):
            yield token, holder_by_cookie(keys, headers) is not None

    def end(self) -> None:
        self._app.end()


class Refusal:
    """An app that answers everything with why it is refused, in the form of its door."""

    def __init__(self, answer: Callable[[Request, Exception], Awaitable[Response]]) -> None:
        self._answer = answer

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        request = Request(scope)
        if surface(scope["path"]) == "page" and (scope["path"] == "/metrics" or kind_of(request) != "page"):
            scope[SHAPE] = "text"
        response = await self._answer(request, scope[REFUSED])
        await response(scope, receive, send)
