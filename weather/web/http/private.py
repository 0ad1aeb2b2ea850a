"""With WEATHER_PRIVATE=yes pages ask for an access key as the APIs do: by a form, which leaves a cookie.

The cookie holds a digest of the key, which opens pages and nothing else. It stands before the response cache, for what
is stored there is for all who may see it.
"""

from collections.abc import Sequence
from urllib.parse import quote

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import Message, Receive, Scope, Send

from weather.settings.access_keys import AccessKey
from weather.web.http.clients.access import holder, holder_by_cookie, key_sent
from weather.web.http.middleware import App
from weather.web.http.responses import surface

SIGN_IN = "/sign-in"
WANTED = "weather.wanted"
"""The key in the ASGI scope of the address that was asked for before the form took its place."""

OPEN = frozenset(
    {SIGN_IN, "/healthz", "/readyz", "/metrics", "/robots.txt", "/settings", "/sw.js", "/manifest.webmanifest"}
)
"""Paths that hold nothing private, or that look after themselves."""


def is_open(path: str) -> bool:
    """Whether a path needs no key here: the APIs ask for theirs themselves."""
    return path in OPEN or path.startswith("/static/") or surface(path) != "page"


class PrivatePages:
    """Wraps the whole app: shows the form in the place of a page to who has no access key."""

    def __init__(self, app: App, access_keys: Sequence[AccessKey]) -> None:
        self._app, self._access_keys = app, access_keys

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or is_open(scope["path"]):
            await self._app(scope, receive, send)
        elif self._may_see(scope):
            await self._app(scope, receive, unshared(send))
        else:
            asked = {**scope, "method": "HEAD" if scope["method"] == "HEAD" else "GET"}
            asked |= {"path": SIGN_IN, "raw_path": SIGN_IN.encode(), "query_string": b"", WANTED: wanted(scope)}
            await self._app(asked, receive, send)

    def _may_see(self, scope: Scope) -> bool:
        headers = Headers(scope=scope)
        sent = key_sent(headers, scope["query_string"])
        return bool(holder_by_cookie(self._access_keys, headers) or holder(self._access_keys, sent))

    def end(self) -> None:
        self._app.end()


def wanted(scope: Scope) -> str:
    """The address of a page that was asked for; the home page instead of a form's."""
    if scope["method"] not in ("GET", "HEAD"):
        return "/"
    query = scope["query_string"].decode("latin-1")
    return quote(scope["path"], safe="/,:@") + (f"?{query}" if query else "")


def unshared(send: Send) -> Send:
    """Sends a response that no cache may keep for others."""

    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = MutableHeaders(raw=list(message["headers"]))
            control = headers.get("cache-control", "")
            if "private" not in control and "no-store" not in control:
                headers["cache-control"] = f"private, {control}".removesuffix(", ")
            message = {**message, "headers": headers.raw}
        await send(message)

    return sending
