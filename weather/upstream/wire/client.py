"""Calls upstream: the only module that sends, and the only one that holds an address with the API key.

The rules:

1. A request has three attempts at most, with full jitter between them (AWS Architecture Blog, "Exponential Backoff And
   Jitter"), and one deadline over all of them. Each error says how many attempts it is worth.
2. No redirect is followed, no cookie is kept, and no body is read beyond a bound.
3. The text of an exception of httpx never reaches a log or a visitor: it may hold the key.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from dataclasses import dataclass, replace
from typing import Any

import httpx
import tenacity
from starlette.types import ASGIApp

from weather import __version__
from weather.errors import (
    CallRefused,
    TooManyCalls,
    UpstreamError,
    UpstreamInvalid,
    UpstreamStatus,
)
from weather.upstream.http_caching import caching_of
from weather.upstream.types import CallPermit, UpstreamRequest, UpstreamResponse
from weather.upstream.validation import is_storable
from weather.upstream.wire.api_key import with_key
from weather.upstream.wire.bounded_body import MAX_BODY, read_body
from weather.upstream.wire.network import Backend, Network
from weather.upstream.wire.permits import Permits
from weather.upstream.wire.transport_errors import classify

log = logging.getLogger(__name__)

Transport = httpx.AsyncBaseTransport
ResponseValidator = Callable[[UpstreamRequest, int, Mapping[str, str], bytes, float], UpstreamResponse]
"""Makes a good answer of request, status, headers, body and time. Raises UpstreamError for any other."""

MAX_ATTEMPTS = 3
QUEUE_SECONDS = 0.9
SHORTEST_KEY = 16
ANSWERS, NOT_MODIFIED = (200, 404), 304
FAULTS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError)
"""All that a call may raise: httpcore lets TLS errors while reading through, and a host name may be invalid (IDNA)."""

HEADERS = {"accept": "*/*", "accept-encoding": "gzip", "connection": "keep-alive"}

_jitter = tenacity.wait_random_exponential(multiplier=0.2, max=2)


def user_agent(contact: str | None) -> str:
    """The User-Agent: our name and version, and as a comment (RFC 9110, 10.1.5) whom upstream may write to."""
    return f"weatherglass/{__version__}" + (f" ({contact})" if contact else "")


def in_process(app: ASGIApp) -> Transport:
    """A transport to an ASGI app in this process."""
    return httpx.ASGITransport(app=app)


def transports(origins: Mapping[str, str], network: Network) -> dict[str, Transport]:
    """The transport of each origin, by name: one connection pool for all origins behind the same proxy or none."""
    limits = httpx.Limits(max_connections=network.connections, max_keepalive_connections=20)
    certificates, backend = network.certificates() or httpx.create_ssl_context(trust_env=False), Backend()
    proxies = {name: network.proxy(origin) for name, origin in origins.items()}
    pools: dict[str | None, Transport] = {}
    for url in set(proxies.values()):
        is_tls = url is not None and url.startswith("https:")
        proxy = httpx.Proxy(url, ssl_context=certificates if is_tls else None) if url else None
        # The pool without a client above it, which would log addresses, keep cookies, read redirects and the
        # environment: all of that would have to be forbidden, and costs more than a third of a call.
        pool = pools[url] = httpx.AsyncHTTPTransport(verify=certificates, limits=limits, trust_env=False, proxy=proxy)
        pool._pool._network_backend = backend  # for which httpx has no parameter
    return {name: pools[url] for name, url in proxies.items()}


@dataclass(frozen=True, slots=True)
class Timing:
    """How long a request may take, its retries included (seconds); the time of day; how to wait between attempts."""

    timeout: float
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


class UpstreamClient:
    """The connections to the origins of one upstream, for the life of the app.

    `key` returns the API key, "" if none is needed. `transport` replaces the network.
    """

    def __init__(
        self,
        origins: Mapping[str, str],
        key: Callable[[], str],
        validate: ResponseValidator,
        timing: Timing,
        network: Network | None = None,
        transport: Transport | None = None,
    ) -> None:
        network = network or Network()
        self.origins = origins
        self._key, self._validate = key, validate
        self._timing = timing
        self._headers = HEADERS | {"user-agent": user_agent(network.contact)}
        self._permits = Permits(network.connections)
        self._pooled = transport is None
        wires = dict.fromkeys(origins, transport) if transport else transports(origins, network)
        wrapped = {wire: network.around(wire) for wire in set(wires.values())}
        self._wires: dict[str, Transport] = {name: wrapped[wire] for name, wire in wires.items()}
        self._problems: dict[str, str] = {}

    async def send(self, request: UpstreamRequest, permit: CallPermit) -> UpstreamResponse:
        """The answer to a request, after up to three attempts.

        Raises UpstreamError, or CallRefused (TooManyCalls when too many calls are under way).
        """
        deadline = asyncio.get_running_loop().time() + self._timing.timeout
        retrying = tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(MAX_ATTEMPTS) | tenacity.stop_before_delay(self._timing.timeout),
            retry=should_retry,
            wait=retry_delay,
            sleep=self._timing.sleep,
            reraise=True,
        )
        failed: UpstreamError | None = None
        async for attempt in retrying:
            if failed:
                failed.__traceback__ = None  # its frames hold the body that was rejected
            try:
                deadline += await self._acquire(permit)
            except CallRefused as refused:
                raise failed or refused from None  # the failure of the attempt before matters more
            with attempt:
                began = asyncio.get_running_loop().time()
                try:
                    answer = await self._call(request, deadline, attempt.retry_state.attempt_number)
                except UpstreamError as error:
                    failed = error
                    # Who waits for this connection must find the circuit breaker open that this failure opens.
                    await permit.record(error, (began, asyncio.get_running_loop().time()))
                    raise
                finally:
                    self._permits.release()
                await permit.record(None, (began, asyncio.get_running_loop().time()))
                return answer
        raise AssertionError("tenacity gives an answer or raises")

    async def _acquire(self, permit: CallPermit) -> float:
        """Acquire a connection, then the permit. Only who has quota waits, and to wait in vain costs nothing.

        Returns the seconds that this took, which do not count against upstream: the ledger may be slow.
        """
        began = asyncio.get_running_loop().time()
        with permit.reserve():
            try:
                await self._permits.acquire(permit.client, QUEUE_SECONDS)
            except TimeoutError:
                raise TooManyCalls("too many calls are under way", permit.client) from None
            try:
                await permit.acquire()
            except BaseException:
                self._permits.release()
                raise
        return asyncio.get_running_loop().time() - began

    async def _call(self, request: UpstreamRequest, deadline: float, number: int) -> UpstreamResponse:
        """One attempt. Logs once when a host cannot be reached, and when it can again."""
        host = request.endpoint.host
        try:
            answer = await self._attempt(request, deadline, number)
        except UpstreamError as error:
            if error.of_connection and self._problems.get(host) != str(error):
                self._problems[host] = str(error)
                log.warning("no answer from %s: %s", self.origins[host].partition("://")[2], error)
            raise
        if self._problems.pop(host, None):
            log.warning("%s answers again", self.origins[host].partition("://")[2])
        return answer

    async def _attempt(self, request: UpstreamRequest, deadline: float, number: int) -> UpstreamResponse:
        """One call on the wire. Raises UpstreamError."""
        now = asyncio.get_running_loop().time()
        # The time left is shared out, so that a first attempt that hangs leaves room for another.
        seconds = (deadline - now) if number == MAX_ATTEMPTS else (deadline - now) / 2
        limits = httpx.Timeout(seconds, connect=seconds * 0.4)  # TCP, then TLS: they end before the whole does
        try:
            # httpx's time-outs are per operation; this one is over all of them.
            async with asyncio.timeout(None if self._pooled else seconds) as limit:
                more = {"timeout": limits.as_dict(), "trace": deadline_trace(limit, now + seconds)}
                headers = self._headers | request.cached.conditions
                url = with_key(self.origins[request.endpoint.host] + request.target, self._key())
                asked = httpx.Request("GET", url, headers=headers, extensions=more)
                async with aclosing(await self._wires[request.endpoint.host].handle_async_request(asked)) as response:
                    return await self._read(request, response)
        except FAULTS as error:
            raise classify(error) from None

    async def _read(self, request: UpstreamRequest, response: httpx.Response) -> UpstreamResponse:
        most, condense = request.endpoint.max_body or MAX_BODY, request.endpoint.condense
        try:
            body = await read_body(response, most)
        except UpstreamInvalid:
            if response.status_code in ANSWERS:
                raise
            body = b""  # an error status counts whatever its body: a 429 must not be retried; and a 304 has none
        body = self._redacted(body)
        if condense and response.status_code == 200:
            body = await asyncio.to_thread(condense, body, self._timing.clock())
        return self._validated(request, response.status_code, response.headers, body)

    def _validated(
        self, request: UpstreamRequest, status: int, headers: Mapping[str, str], body: bytes
    ) -> UpstreamResponse:
        now = self._timing.clock()
        if status == NOT_MODIFIED and request.cached.conditions:
            return UpstreamResponse(status, "", b"", is_storable(headers), caching_of(headers, now))
        answer = self._validate(request, status, headers, body, now)
        is_caching = request.endpoint.uses_caching_headers
        return replace(answer, caching=caching_of(headers, now)) if is_caching else answer

    def _redacted(self, body: bytes) -> bytes:
        """The body without our key, should upstream repeat it: cached and relayed bodies must not hold it."""
        key = self._key().encode()
        # A short key could be part of any word of an answer, so only a real one is looked for.
        return body.replace(key, b"*" * 8) if len(key) >= SHORTEST_KEY else body

    async def close(self) -> None:
        for wire in set(self._wires.values()):
            await wire.aclose()


def deadline_trace(limit: asyncio.Timeout, when: float) -> Callable[[str, Mapping[str, Any]], Awaitable[None]]:
    """A trace (httpx, "Extensions") that sets a limit once the request is being sent, and lifts it at the end.

    A limit cancels, and httpcore 1.0.9 loses for good the slot of a call that is cancelled while it gets or gives back
    its connection (encode/httpcore#1093). In between a cancelled call closes it.
    """

    async def trace(event: str, info: Mapping[str, Any]) -> None:
        # A proxy's tunnel is a part of getting the connection.
        if event == "http11.send_request_headers.started" and info["request"].method != b"CONNECT":
            limit.reschedule(when)
        elif event == "http11.response_closed.started" and not limit.expired():
            limit.reschedule(None)

    return trace


def should_retry(state: tenacity.RetryCallState) -> bool:
    """Whether another attempt is made: each error says how many attempts it is worth."""
    error = state.outcome.exception() if state.outcome else None
    return isinstance(error, UpstreamError) and state.attempt_number < error.max_attempts


def retry_delay(state: tenacity.RetryCallState) -> float:
    """Seconds until the next attempt: full jitter, or upstream's Retry-After if that is longer."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, UpstreamStatus) and error.has_retry_after else None
    return max(_jitter(state), asked or 0.0)
