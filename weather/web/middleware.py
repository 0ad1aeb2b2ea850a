"""The outermost layers, pure ASGI: bounds, security headers, request ids, one log line, and a last resort."""

import asyncio
import logging
import re
import secrets
from collections.abc import Awaitable, Callable, Mapping
from functools import lru_cache
from itertools import count
from typing import Any, Protocol

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from weather.errors import SlowBody
from weather.logs import About
from weather.web.replies import door

log = logging.getLogger(__name__)

LONGEST_TARGET, LARGEST_HEADERS, LARGEST_BODY = 8 * 2**10, 32 * 2**10, 64 * 2**10
LONGEST_LENGTH = 20
"""Digits of a Content-Length that are read: that of the largest file there is has fewer."""

BODY_SECONDS = 10.0
"""How long a body may take to come."""

HOST = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?")
"""`Host` (RFC 9110, 7.2): a name or an address, as long as a name may be (RFC 1035, 2.3.4)."""

ENDING = {"Retry-After": "5", "Connection": "close"}
"""To who was not answered when the server ends: another, or the next run of it, will answer."""

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

Refuse = Callable[[Request, int, Mapping[str, str]], Awaitable[Response]]
"""Makes the answer of a status, in the shape of its door, with these headers."""

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


class Below:
    """The whole app below a path prefix, whether the front proxy takes the prefix off or not."""

    def __init__(self, app: Site, root: str) -> None:
        self._app, self._root = app, root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if path.startswith(f"{self._root}/"):
            scope = {**scope, "path": path.removeprefix(self._root)}
        await self._app(scope, receive, send)

    def end(self) -> None:
        self._app.end()


class Outermost:
    """Wraps the whole app; `refuse` makes the answer for a request that is refused here."""

    def __init__(
        self,
        app: ASGIApp,
        refuse: Refuse,
        steady: Callable[[], float],
        tell: Tell,
        body_seconds: float,
    ) -> None:
        self._app, self._refuse, self._steady, self._tell = app, refuse, steady, tell
        self._body_seconds, self._is_ending = body_seconds, False
        self._requests: set[asyncio.Task[Any] | None] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        exchange, task = Exchange(scope, send, self._steady), asyncio.current_task()
        self._requests.add(task)
        try:
            await self._answer(scope, Body(receive, self._body_seconds).receive, exchange)
        except asyncio.CancelledError:
            if not self._is_ending or exchange.status:
                raise
            if task:
                task.uncancel()
            await self._refused(scope, exchange, 503, ENDING)
        except Exception:
            log.exception("request %s failed", exchange.id)
            if not exchange.status:
                await self._refused(scope, exchange, 500)
        finally:
            self._requests.discard(task)
            self._tell(exchange.id, exchange.about(), exchange.seconds)

    def end(self) -> None:
        """End the requests that are under way, and answer no more: each is told to come back."""
        self._is_ending = True
        for task in filter(None, self._requests):
            task.cancel()

    async def _answer(self, scope: Scope, receive: Receive, exchange: "Exchange") -> None:
        if self._is_ending:
            await self._refused(scope, exchange, 503, ENDING)
        elif status := fault(scope):
            await self._refused(scope, exchange, status, {"Allow": "GET, HEAD"} if status == 405 else {})
        elif is_preflight(scope):
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, exchange.send)
        else:
            await self._app(scope, receive, exchange.send)

    async def _refused(
        self, scope: Scope, exchange: "Exchange", status: int, headers: Mapping[str, str] | None = None
    ) -> None:
        response = await self._refuse(Request(scope), status, headers or {})
        await response(scope, nothing, exchange.send)


async def nothing() -> Message:
    """What is received by who does not read: no body."""
    return {"type": "http.request", "body": b"", "more_body": False}


class Body:
    """What is received of one request: its body has so many seconds to come, in all."""

    def __init__(self, receive: Receive, seconds: float) -> None:
        self._receive, self._seconds = receive, seconds
        self._until: float | None = None
        self._is_whole = False

    async def receive(self) -> Message:
        """The next message. Raises SlowBody."""
        if self._is_whole:  # what comes now is that the client leaves, for which there is no bound
            return await self._receive()
        self._until = self._until or asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise SlowBody from None
        self._is_whole = not message.get("more_body", False)
        return message


def fault(scope: Scope) -> int | None:
    """The status for a request that no route may see: malformed or too long; None if nothing is wrong with it."""
    if scope["method"] == "CONNECT":
        return 405
    return excess(scope) or (None if has_host(scope) else 400)


def has_host(scope: Scope) -> bool:
    """Whether there is one well-formed Host, which HTTP/1.0 alone may leave out (RFC 9112, 3.2).

    granian tells one that is not there as an empty one.
    """
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if scope.get("http_version") in ("1", "1.0") and not any(hosts):
        return True
    return len(hosts) == 1 and HOST.fullmatch(hosts[0]) is not None


def excess(scope: Scope) -> int | None:
    """The status for a request that is too long; None if it is not."""
    if len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"]) > LONGEST_TARGET:
        return 414
    if sum(len(name) + len(value) for name, value in scope["headers"]) > LARGEST_HEADERS:
        return 431
    # Starlette would refuse it too, but as plain text; one of untold length it counts while it comes.
    told = Headers(scope=scope).get("content-length", "")
    return 413 if told.isdecimal() and (len(told) > LONGEST_LENGTH or int(told) > LARGEST_BODY) else None


def is_preflight(scope: Scope) -> bool:
    """Whether a browser asks what scripts of other sites may send to the open doors (Fetch, 3.3.5)."""
    names = {name for name, _ in scope["headers"]}
    asks = scope["method"] == "OPTIONS" and {b"origin", b"access-control-request-method"} <= names
    return asks and door(scope["path"]) != "page"


class Exchange:
    """One request and its answer, as they pass."""

    def __init__(self, scope: Scope, send: Send, steady: Callable[[], float]) -> None:
        self._scope, self._send, self._steady = scope, send, steady
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
        elif self._scope["method"] == "HEAD":
            message = {**message, "body": b""}
        await self._send(message)

    def about(self) -> About:
        return about(self._scope["method"], self._scope["path"], self.status, self._cache)

    @property
    def seconds(self) -> float:
        return self._steady() - self._started


def about(method: str, path: str, status: int, cache: str) -> About:
    """What is told of a request. Of its query nothing: that is where visitors put keys."""
    return told(method, path[:200], status, cache)


@lru_cache(500)
def told(method: str, path: str, status: int, cache: str) -> About:
    return About(door(path), method, path, status, cache)


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
        "Server": "",  # granian would put its name here; it cannot be told not to
    }
