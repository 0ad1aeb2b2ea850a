"""The outermost layer, pure ASGI: bounds, security headers, request ids, one log line, and a last resort."""

import asyncio
import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from itertools import count
from typing import Any, Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from weather.logs import About
from weather.web.replies import door

log = logging.getLogger(__name__)

LONGEST_TARGET, LARGEST_HEADERS, LARGEST_BODY = 8 * 2**10, 32 * 2**10, 64 * 2**10
PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Age, Cache-Status, ETag, Link, Location, Retry-After, X-Request-ID",
}
"""What scripts of any site may read of the APIs. Cookies are never sent there with them."""

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match, X-API-Key",
    "Access-Control-Max-Age": "86400",
}

Refuse = Callable[[Request, int], Awaitable[Response]]
Tell = Callable[[str, About, float], None]
"""Writes the line of a request: its name, what is told of it, and the seconds it took."""


RUN, _numbers = secrets.token_hex(4), count(1)


class Site(Protocol):
    """The whole app, as a server sees it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def end(self) -> None:
        """End the requests that are under way."""


def new_id() -> str:
    """The name of a request, in its answer and in its line: of this run of the process, and its number in that."""
    return f"{RUN}{next(_numbers):08x}"


class Outermost:
    """Wraps the whole app below a path prefix; `refuse` makes the answer for a request that is refused here.

    `server` is what stands in the header of that name; None: whatever the server puts there.
    """

    def __init__(
        self,
        app: ASGIApp,
        refuse: Refuse,
        steady: Callable[[], float],
        root: str,
        tell: Tell,
        server: str | None = None,
    ) -> None:
        self._app, self._refuse, self._steady, self._root, self._tell = app, refuse, steady, root, tell
        self._more = {} if server is None else {"Server": server}
        self._requests: set[asyncio.Task[Any] | None] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope = self._below_root(scope)
        exchange, task = Exchange(scope, send, self._steady, self._more), asyncio.current_task()
        self._requests.add(task)
        try:
            await self._answer(scope, receive, exchange)
        except Exception:
            log.exception("request %s failed", exchange.id)
            if not exchange.status:
                await (await self._refuse(Request(scope), 500))(scope, receive, exchange.send)
        finally:
            self._requests.discard(task)
            self._tell(exchange.id, exchange.about(), exchange.seconds)

    def end(self) -> None:
        """End the requests that are under way."""
        for task in filter(None, self._requests):
            task.cancel()

    def _below_root(self, scope: Scope) -> Scope:
        """The scope as the app sees it, whether the front proxy takes the prefix off or not."""
        path: str = scope["path"]
        return {**scope, "path": path.removeprefix(self._root)} if path.startswith(f"{self._root}/") else scope

    async def _answer(self, scope: Scope, receive: Receive, exchange: "Exchange") -> None:
        if too_long := excess(scope):
            await (await self._refuse(Request(scope), too_long))(scope, receive, exchange.send)
        elif is_preflight(scope):
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, exchange.send)
        else:
            await self._app(scope, receive, exchange.send)


def excess(scope: Scope) -> int | None:
    """The status for a request that is too long; None if it is not."""
    if len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"]) > LONGEST_TARGET:
        return 414
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
        return 431
    # Starlette would refuse it too, but as plain text; one of untold length it counts while it comes.
    told = Headers(scope=scope).get("content-length", "")
    return 413 if told.isdecimal() and int(told) > LARGEST_BODY else None


def is_preflight(scope: Scope) -> bool:
    """Whether a browser asks what scripts of other sites may send to the open doors (Fetch, 3.3.5)."""
    names = {name for name, _ in scope["headers"]}
    asks = scope["method"] == "OPTIONS" and {b"origin", b"access-control-request-method"} <= names
    return asks and door(scope["path"]) != "page"


class Exchange:
    """One request and its answer, as they pass."""

    def __init__(self, scope: Scope, send: Send, steady: Callable[[], float], more: Mapping[str, str]) -> None:
        self._scope, self._send, self._steady, self._more = scope, send, steady, more
        self.id, self.status, self._started = new_id(), 0, steady()
        self._cache = ""

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            headers["X-Request-ID"] = self.id
            self._cache = headers.get("cache-status", "")
            for name, value in security(self._scope["path"], headers.get("content-type", "")).items():
                headers.setdefault(name, value)
            for name, value in self._more.items():
                headers.setdefault(name, value)
        elif self._scope["method"] == "HEAD":
            message = {**message, "body": b""}
        await self._send(message)

    def about(self) -> About:
        return about(self._scope["method"], self._scope["path"], self.status, self._cache)

    @property
    def seconds(self) -> float:
        return self._steady() - self._started


@lru_cache(500)
def about(method: str, path: str, status: int, cache: str) -> About:
    """What is told of a request. Of its query nothing: that is where visitors put keys."""
    return About(door(path), method, path[:200], status, cache)


def security(path: str, content_type: str) -> dict[str, str]:
    """Headers for every answer, errors and 304s included."""
    is_picture = content_type.startswith("image/") and not path.startswith("/static/")
    page = content_type.startswith("text/html") or (not content_type and door(path) == "page")
    return ({} if door(path) == "page" else OPEN) | {
        "Content-Security-Policy": PAGE_POLICY if page else DATA_POLICY,
        "X-Content-Type-Options": "nosniff",
        # Our own forms must tell where they come from: with "no-referrer" their Origin would be "null".
        "Referrer-Policy": "same-origin" if page else "no-referrer",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Resource-Policy": "same-origin" if door(path) == "page" and not is_picture else "cross-origin",
    }
