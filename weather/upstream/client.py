"""Calls upstream: the only module that sends, and the only one that adds the API key.

The rules:

1. A request has three attempts at most, with full jitter between them (AWS Architecture Blog, "Exponential Backoff And
   Jitter"), and one deadline over all of them. Each error says how many attempts it is worth.
2. No redirect is followed, no cookie is kept, and no body is read beyond a bound.
3. The text of an exception of httpx never reaches a log or a visitor: it may hold the key.
"""

import asyncio
import logging
import zlib
from collections.abc import Awaitable, Callable, Mapping
from contextlib import aclosing
from typing import Any
from urllib.parse import quote

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
from weather.upstream.network import Backend, Network
from weather.upstream.permits import Permits
from weather.upstream.transport_errors import classify
from weather.upstream.types import CallPermit, UpstreamRequest, UpstreamResponse

log = logging.getLogger(__name__)

Transport = httpx.AsyncBaseTransport
ResponseValidator = Callable[[UpstreamRequest, int, Mapping[str, str], bytes, float], UpstreamResponse]
"""Makes a good answer of request, status, headers, body and time. Raises UpstreamError for any other."""

MAX_BODY = 8 * 2**20
MAX_ATTEMPTS = 3
CONNECTIONS = 64
QUEUE_SECONDS = 0.9
SHORTEST_KEY = 16
ANSWERS = (200, 404)
FAULTS = (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, OSError, UnicodeError)
"""All that a call may raise: httpcore lets TLS errors while reading through, and a host name may be invalid (IDNA)."""

HEADERS = {
    "accept": "*/*",
    "accept-encoding": "gzip",
    "connection": "keep-alive",
    "user-agent": f"weatherglass/{__version__}",
}

_jitter = tenacity.wait_random_exponential(multiplier=0.2, max=2)


def in_process(app: ASGIApp) -> Transport:
    """A transport to an ASGI app in this process."""
    return httpx.ASGITransport(app=app)


def transports(origins: Mapping[str, str], network: Network, connections: int) -> dict[str, Transport]:
    """The transport of each origin, by name: one connection pool for all origins behind the same proxy or none."""
    limits = httpx.Limits(max_connections=connections, max_keepalive_connections=20)
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


class UpstreamClient:
    """The connections to the origins of one upstream, for the life of the app. `key` returns "" if none is needed."""

    def __init__(
        self,
        origins: Mapping[str, str],
        key: Callable[[], str],
        validate: ResponseValidator,
        timeout: float,
        clock: Callable[[], float],
        transport: Transport | None = None,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        connections: int = CONNECTIONS,
        network: Network | None = None,
    ) -> None:
        self.origins = origins
        self._key, self._validate = key, validate
        self._timeout = timeout
        self._clock, self._sleep = clock, sleep
        self._permits = Permits(connections)
        self._pooled = transport is None
        self._wires = (
            dict.fromkeys(origins, transport) if transport else transports(origins, network or Network(), connections)
        )
        self._problems: dict[str, str] = {}

    async def send(self, request: UpstreamRequest, permit: CallPermit) -> UpstreamResponse:
        """The answer to a request, after up to three attempts.

        Raises UpstreamError, or CallRefused (TooManyCalls when too many calls are under way).
        """
        deadline = asyncio.get_running_loop().time() + self._timeout
        retrying = tenacity.AsyncRetrying(
            stop=tenacity.stop_after_attempt(MAX_ATTEMPTS) | tenacity.stop_before_delay(self._timeout),
            retry=should_retry,
            wait=retry_delay,
            sleep=self._sleep,
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
                try:
                    answer = await self._call_with_permit(request, deadline, attempt.retry_state.attempt_number)
                except UpstreamError as error:
                    failed = error
                    await permit.record(error)
                    raise
                await permit.record(None)
                return answer
        raise AssertionError("tenacity gives an answer or raises")

    async def _acquire(self, permit: CallPermit) -> float:
        """Acquire the permit first and then a connection: who has no quota left stands in nobody's way.

        Returns the seconds that were waited, which do not count against upstream.
        """
        await permit.acquire()
        began = asyncio.get_running_loop().time()
        try:
            await self._permits.acquire(permit.client, QUEUE_SECONDS)
        except TimeoutError:
            raise TooManyCalls("too many calls are under way", permit.client) from None
        return asyncio.get_running_loop().time() - began

    async def _call_with_permit(self, request: UpstreamRequest, deadline: float, number: int) -> UpstreamResponse:
        """One attempt, which then releases its permit. Logs once when a host cannot be reached, and when it can."""
        host = request.endpoint.host
        try:
            answer = await self._attempt(request, deadline, number)
        except UpstreamError as error:
            if error.of_connection and self._problems.get(host) != str(error):
                self._problems[host] = str(error)
                log.warning("no answer from %s: %s", self.origins[host].partition("://")[2], error)
            raise
        finally:
            self._permits.release()
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
                asked = httpx.Request("GET", self._url_with_key(request), headers=HEADERS, extensions=more)
                async with aclosing(await self._wires[request.endpoint.host].handle_async_request(asked)) as response:
                    return await self._read(request, response)
        except FAULTS as error:
            raise classify(error) from None

    def _url_with_key(self, request: UpstreamRequest) -> str:
        """The URL with the API key at its end; never to be logged, printed or raised."""
        key, address = self._key(), self.origins[request.endpoint.host] + request.target
        joint = "" if address.endswith("?") else "&"
        return f"{address}{joint}appid={quote(key, safe='')}" if key else address

    async def _read(self, request: UpstreamRequest, response: httpx.Response) -> UpstreamResponse:
        try:
            body = await read_body(response)
        except UpstreamInvalid:
            if response.status_code in ANSWERS:
                raise
            body = b""  # an error status counts whatever its body: a 429 must not be retried
        return self._validate(request, response.status_code, response.headers, self._redacted(body), self._clock())

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


async def read_body(response: httpx.Response) -> bytes:
    """The decoded body. Raises UpstreamInvalid if it is cut short."""
    try:
        return await read_bounded(response)
    except (httpx.RemoteProtocolError, httpx.ReadError):
        raise UpstreamInvalid("the body was cut short") from None


async def read_bounded(response: httpx.Response) -> bytes:
    """The decoded body. Raises UpstreamInvalid beyond MAX_BODY, however small it was on the wire."""
    coding = response.headers.get("content-encoding", "identity").strip().lower()
    if coding not in ("gzip", "x-gzip", "identity", ""):
        raise UpstreamInvalid("a content coding that was not asked for")
    unzip = zlib.decompressobj(wbits=31) if coding.endswith("gzip") else None
    body = bytearray()
    async for chunk in response.aiter_raw():
        body += decompress_bounded(unzip, chunk, MAX_BODY + 1 - len(body)) if unzip else chunk
        if len(body) > MAX_BODY or (unzip and unzip.unused_data):
            raise UpstreamInvalid("too much")
    if unzip and not unzip.eof:
        raise UpstreamInvalid("cut short")
    return bytes(body)


def decompress_bounded(unzip: "zlib._Decompress", chunk: bytes, room: int) -> bytes:
    try:
        return unzip.decompress(chunk, room)
    except zlib.error:
        raise UpstreamInvalid("not the gzip it says it is") from None


def should_retry(state: tenacity.RetryCallState) -> bool:
    """Whether another attempt is made: each error says how many attempts it is worth."""
    error = state.outcome.exception() if state.outcome else None
    return isinstance(error, UpstreamError) and state.attempt_number < error.max_attempts


def retry_delay(state: tenacity.RetryCallState) -> float:
    """Seconds until the next attempt: full jitter, or upstream's Retry-After if that is longer."""
    error = state.outcome.exception() if state.outcome else None
    asked = error.retry_after if isinstance(error, UpstreamStatus) and error.has_retry_after else None
    return max(_jitter(state), asked or 0.0)
