"""The outermost middleware, pure ASGI: bounds, security headers, request ids, the access log, and 500s."""

import asyncio
import logging
import math
import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple, Protocol

from starlette.datastructures import MutableHeaders
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from weather.errors import SlowBody
from weather.logs import AccessRecord, Passing
from weather.upstream.types import Span
from weather.web.http.clients.client_ip import ATTEMPTS, CLIENT
from weather.web.http.clients.rate_limit import QUOTAS, rate_limit_headers
from weather.web.http.clients.visitors import Visitor, Visitors
from weather.web.http.request_size import size_violation
from weather.web.http.responses import may_be_framed, surface
from weather.web.http.results import result_of

log = logging.getLogger(__name__)

BODY_SECONDS = 10.0
"""Seconds in which a request's body must arrive."""

HOST = re.compile(rb"(?:[A-Za-z0-9._~!$&'()*+,;=%-]{1,255}|\[[0-9A-Fa-f:.]{2,45}\])(?::[0-9]{0,5})?")
"""`Host` (RFC 9110, 7.2): a name or an address, as long as a name may be (RFC 1035, 2.3.4)."""

ENDING = {"Retry-After": "5", "Connection": "close"}
"""Headers for requests that the end of the server cuts off: another server, or its next run, will answer."""

PAGE_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; manifest-src 'self'; "
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
DATA_POLICY = "default-src 'none'; frame-ancestors 'none'"

OPEN = {
    "Access-Control-Allow-Origin": "*",
    "Access-Control-Expose-Headers": "Age, Cache-Status, ETag, Link, Location, RateLimit, RateLimit-Policy, "
    "Retry-After, X-Request-ID, X-Weather-Missing, X-Weather-Source",
}
"""CORS: scripts of any site may read the APIs. Cookies are never sent there with them."""

PREFLIGHT = {
    "Access-Control-Allow-Methods": "GET, HEAD, POST, PUT, DELETE",
    "Access-Control-Allow-Headers": "Authorization, Content-Type, If-None-Match, X-API-Key",
    "Access-Control-Max-Age": "86400",
}

Refuse = Callable[[Request, int, Mapping[str, str]], Awaitable[Response]]
"""Makes the response of a status, in the form of its surface, with these headers."""

Tell = Callable[[str, AccessRecord, Passing], None]
"""Writes the access log line of a request: its id, what is told of the response, and of this request alone."""


class Watch(NamedTuple):
    """What each request is watched by: who it is from, how long it takes, and who is told."""

    visitors: Visitors
    steady: Callable[[], float]
    tell: Tell


class App(Protocol):
    """The whole app, as the server sees it."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None: ...

    def end(self) -> None:
        """Cancel the requests that are under way."""


def request_ids() -> Iterator[str]:
    """Request ids, for X-Request-ID and the access log: random, for a number would tell how many there are.

    Many at a time: to ask the system for each would be a tenth of a hit.
    """
    while True:
        digits = secrets.token_hex(8 * 128)
        yield from (digits[n : n + 16] for n in range(0, len(digits), 16))


IDS = request_ids()


def new_id() -> str:
    return next(IDS)


class PathPrefix:
    """Serves the app below a path prefix, whether the front proxy removes the prefix or not."""

    def __init__(self, app: App, root: str) -> None:
        self._app, self._root = app, root

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        path: str = scope.get("path", "")
        if path.startswith(f"{self._root}/"):
            scope = {**scope, "path": path.removeprefix(self._root)}
        await self._app(scope, receive, send)

    def end(self) -> None:
        self._app.end()


class AppMiddleware:
    """Wraps the whole app. `refuse` makes the response to a request that is refused here.

    `server` is the value of the Server header; None leaves it to the server.
    """

    def __init__(
        self,
        app: ASGIApp,
        refuse: Refuse,
        watch: Watch,
        server: str | None = None,
        body_seconds: float = BODY_SECONDS,
    ) -> None:
        self._app, self._refuse = app, refuse
        self._watch = watch
        self._body_seconds, self._is_ending = body_seconds, False
        self._more: dict[str, str] = {} if server is None else {"Server": server}
        self._requests: set[asyncio.Task[Any] | None] = set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        trace, task = RequestTrace(scope, send, self._watch, self._more), asyncio.current_task()
        self._requests.add(task)
        try:
            await self._answer(scope, Body(receive, self._body_seconds).receive, trace)
        except asyncio.CancelledError:
            if not self._is_ending or trace.status:
                raise
            if task:
                task.uncancel()
            await self._refused(scope, trace, 503, ENDING)
        except Exception:
            log.exception("request %s failed", trace.id)
            if not trace.status:
                await self._refused(scope, trace, 500)
        finally:
            self._requests.discard(task)
            self._watch.tell(trace.id, trace.record(), trace.passing())

    def end(self) -> None:
        """Cancel the requests that are under way, and refuse new ones; each gets a 503 with a Retry-After."""
        self._is_ending = True
        for task in filter(None, self._requests):
            task.cancel()

    async def _answer(self, scope: Scope, receive: Receive, trace: "RequestTrace") -> None:
        if self._is_ending:
            await self._refused(scope, trace, 503, ENDING)
        elif status := violation(scope):
            await self._refused(scope, trace, status, {"Allow": "GET, HEAD"} if status == 405 else {})
        elif is_preflight(scope):
            await Response(status_code=204, headers=PREFLIGHT)(scope, receive, trace.send)
        else:
            await self._app(scope, receive, trace.send)

    async def _refused(
        self, scope: Scope, trace: "RequestTrace", status: int, headers: Mapping[str, str] | None = None
    ) -> None:
        response = await self._refuse(Request(scope), status, headers or {})
        await response(scope, nothing, trace.send)


async def nothing() -> Message:
    """Receives an empty body."""
    return {"type": "http.request", "body": b"", "more_body": False}


class Body:
    """Receives one request, whose whole body must arrive within so many seconds."""

    def __init__(self, receive: Receive, seconds: float) -> None:
        self._receive, self._seconds = receive, seconds
        self._until: float | None = None
        self._is_whole = False

    async def receive(self) -> Message:
        """The next message. Raises SlowBody."""
        if self._is_whole:  # the next message is the disconnect, for which there is no bound
            return await self._receive()
        self._until = self._until or asyncio.get_running_loop().time() + self._seconds
        try:
            async with asyncio.timeout_at(self._until):
                message = await self._receive()
        except TimeoutError:
            raise SlowBody from None
        self._is_whole = not message.get("more_body", False)
        return message


def violation(scope: Scope) -> int | None:
    """The status for a request that is malformed or too long, so that no route may see it; None for a good one."""
    if scope["method"] == "CONNECT":
        return 405
    return size_violation(scope) or (None if has_host(scope) else 400)


def has_host(scope: Scope) -> bool:
    """Whether there is exactly one well-formed Host; HTTP/1.0 may leave it out (RFC 9112, 3.2).

    granian passes a missing Host as an empty one.
    """
    hosts = [value for name, value in scope["headers"] if name == b"host"]
    if scope.get("http_version") in ("1", "1.0") and not any(hosts):
        return True
    return len(hosts) == 1 and HOST.fullmatch(hosts[0]) is not None


def is_preflight(scope: Scope) -> bool:
    """Whether this is a CORS preflight for one of the APIs (Fetch, 3.3.5)."""
    names = {name for name, _ in scope["headers"]}
    asks = scope["method"] == "OPTIONS" and {b"origin", b"access-control-request-method"} <= names
    return asks and surface(scope["path"]) != "page"


class RequestTrace:
    """Sees one response pass: adds its headers, and notes what the access log needs."""

    def __init__(self, scope: Scope, send: Send, watch: Watch, more: dict[str, str]) -> None:
        self.id, self.status = new_id(), 0
        self._scope, self._send = scope, send
        self._steady, self._started, self._more = watch.steady, watch.steady(), more
        self._cache, self._age = "", ""
        self._visitor: Visitor = watch.visitors.of(scope)
        self._attempts: list[Span] = []
        scope[CLIENT], scope[ATTEMPTS] = self._visitor.client, self._attempts

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            headers = MutableHeaders(raw=message.setdefault("headers", []))
            headers["X-Request-ID"] = self.id
            self._cache, self._age = headers.get("cache-status", ""), headers.get("age", "")
            own_policy = headers.get("content-security-policy", "")
            for name, value in security(self._scope["path"], headers.get("content-type", "")).items():
                if name != "X-Frame-Options" or not may_be_framed(own_policy):
                    headers.setdefault(name, value)
            for name, value in (self._more | rate_limit_headers(self._scope.get(QUOTAS, {}))).items():
                headers.setdefault(name, value)
        elif self._scope["method"] == "HEAD":
            message = {**message, "body": b""}
        await self._send(message)

    def record(self) -> AccessRecord:
        age = int(self._age) if self._age else None
        return access_record(self._scope["method"], self._scope["path"], self.status, self._cache, age)

    def passing(self) -> Passing:
        seconds, under_way = self._steady() - self._started, covered(self._attempts)
        return Passing(self._visitor.shown, len(self._attempts), under_way, seconds, self._visitor.name)


def covered(spans: Iterable[Span]) -> float:
    """The seconds in which at least one of these calls was under way: calls at the same time count once."""
    total, until = 0.0, -math.inf
    for began, ended in sorted(spans):
        total += max(0.0, ended - max(began, until))
        until = max(until, ended)
    return total


def access_record(method: str, path: str, status: int, cache: str, age: int | None) -> AccessRecord:
    """The access record of a request, without its query: that is where visitors put keys."""
    return cached_record(method, path[:200], status, cache, age)


@lru_cache(500)
def cached_record(method: str, path: str, status: int, cache: str, age: int | None) -> AccessRecord:
    return AccessRecord(surface(path), method, path, status, cache, result_of(path, status, cache), age)


def security(path: str, content_type: str) -> dict[str, str]:
    """The security headers of every response, errors and 304s included."""
    is_picture = content_type.startswith("image/") and not path.startswith("/static/")
    page = content_type.startswith("text/html") or (not content_type and surface(path) == "page")
    return ({} if surface(path) == "page" else OPEN) | {
        "Content-Security-Policy": PAGE_POLICY if page else DATA_POLICY,
        "X-Content-Type-Options": "nosniff",
        # Our own forms must send their origin: with "no-referrer" their Origin would be "null".
        "Referrer-Policy": "same-origin" if page else "no-referrer",
        "X-Frame-Options": "DENY",
        "Cross-Origin-Resource-Policy": "same-origin" if surface(path) == "page" and not is_picture else "cross-origin",
    }
