"""The client on a real wire: what it sends, how often, how long, and what it makes of what comes back."""

import asyncio
import gc
import gzip
import logging
import random
import re
import ssl
import sys
import time
import traceback
import zlib
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path

import httpcore
import httpx
import pytest
import respx
import tenacity
from fakes import KEY, NOON, Clock, Free, make_admission, running, until
from hypothesis import given, settings
from hypothesis import strategies as st
from wire import GOOD, Call, Wire, answer, deaf, giving, self_signed, silence, wired

from weather import __version__
from weather.errors import (
    KeyRejected,
    RequestError,
    RequestTimeout,
    UntrustedUpstream,
    UpstreamError,
    UpstreamInvalid,
    UpstreamRateLimited,
    UpstreamServerError,
    UpstreamStatus,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from weather.logs import Line
from weather.providers.openweathermap.endpoints import AIR, DIRECT, ENDPOINTS, WEATHER
from weather.providers.openweathermap.request_params import canonical_request
from weather.providers.openweathermap.validation import validate
from weather.upstream.cache import Cache
from weather.upstream.freshness_policy import Policy
from weather.upstream.gateway import Gateway
from weather.upstream.single_flight import SingleFlight
from weather.upstream.stores.memory import MemoryStore
from weather.upstream.types import Requester, UpstreamRequest, UpstreamResponse, make_request
from weather.upstream.validation import parse_retry_after
from weather.upstream.wire.bounded_body import MAX_BODY
from weather.upstream.wire.client import Timing, UpstreamClient, retry_delay
from weather.upstream.wire.network import CONNECTIONS, Network

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

ORIGIN = "https://upstream.example"
FREE = Free()
REQUEST = make_request(WEATHER, lat="51.51", lon="-0.13")
XML_REQUEST = make_request(WEATHER, lat="51.51", lon="-0.13", mode="xml")
JSON = "application/json"


class Waits(list):
    """A sleep that is written down instead of slept."""

    async def __call__(self, seconds: float) -> None:
        self.append(seconds)
        await asyncio.sleep(0)


@asynccontextmanager
async def asking(origin: str, timeout: float = 6.0, **more) -> AsyncIterator[UpstreamClient]:
    """The real client, closed at the end; it does not sleep between attempts."""
    client = UpstreamClient(
        {"api": origin},
        lambda: KEY,
        validate,
        Timing(timeout, more.pop("clock", Clock()), more.pop("sleep", Waits())),
        **more,
    )
    try:
        yield client
    finally:
        await client.close()


async def failed(client: UpstreamClient, request: UpstreamRequest = REQUEST) -> UpstreamError:
    """The error that a request ends with."""
    async with asyncio.timeout(30):  # so that what never ends is a failed test
        with pytest.raises(UpstreamError) as caught:
            await client.send(request, FREE)
    return caught.value


async def works(client: UpstreamClient, wire: Wire) -> None:
    """A healthy upstream is answered from within a second."""
    wire.script = giving(answer())
    async with asyncio.timeout(1):
        assert (await client.send(REQUEST, FREE)).body == GOOD


async def fills(client: UpstreamClient, wire: Wire) -> None:
    """Every slot of the pool can be used at once: had one been lost, the last call would wait for it in vain."""
    together, before = asyncio.Event(), len(wire.calls)

    async def script(call: Call) -> None:
        if call.number == before + CONNECTIONS:
            together.set()
        await together.wait()
        await call.send(answer())

    wire.script = script
    answers = await asyncio.gather(*(client.send(numbered(i), FREE) for i in range(CONNECTIONS)))
    assert {one.status for one in answers} == {200}


def numbered(i: int) -> UpstreamRequest:
    return make_request(WEATHER, lat=str(i % 90), lon=str(i % 180))


# What is asked


async def test_the_request_on_the_wire_is_the_target_and_the_key_once_and_last():
    """Method, path and query are the request's own, then `appid`; gzip is accepted, and we say who we are."""
    request = make_request(DIRECT, q="São Paulo,BR", limit="5")
    async with wired(giving(answer(body=b"[]"))) as wire, asking(wire.origin) as client:
        await client.send(request, FREE)
    (call,) = wire.calls
    assert call.head.startswith(f"GET {request.target}&appid={KEY} HTTP/1.1\r\n".encode())
    assert call.head.count(KEY.encode()) == 1
    assert call.headers == {
        "host": wire.origin.removeprefix("http://"),
        "accept": "*/*",
        "accept-encoding": "gzip",
        "connection": "keep-alive",
        "user-agent": f"weatherglass/{__version__}",
    }


@pytest.mark.parametrize("contact", ["me@example.org", "https://example.org/weather?me=1#there"])
async def test_upstream_reads_whom_it_may_write_to(clock, contact):
    """WEATHER_CONTACT stands as a comment (RFC 9110, 10.1.5) in the User-Agent of every upstream call."""
    async with wired(giving(answer())) as wire:
        settings = {"WEATHER_UPSTREAM_URL": wire.origin, "WEATHER_CONTACT": contact}
        async with running(None, clock, key=KEY, **settings) as site:
            await site.get("/data/2.5/weather?lat=1&lon=1")
    assert [call.headers["user-agent"] for call in wire.calls] == [f"weatherglass/{__version__} ({contact})"]


async def test_a_key_of_any_characters_is_one_value_on_the_wire():
    """A key with `&` or `#` cannot add a parameter of its own."""
    async with wired(giving(answer())) as wire:
        client = UpstreamClient({"api": wire.origin}, lambda: "a&q=b#c d", validate, Timing(6.0, Clock()))
        await client.send(REQUEST, FREE)
        await client.close()
    assert wire.calls[0].target == f"{REQUEST.target}&appid=a%26q%3Db%23c%20d"


async def test_an_upstream_cookie_is_never_sent_back():
    """`Set-Cookie` of upstream does not ride on later calls (statement 12)."""
    script = giving(answer(set_cookie="session=evil; Path=/; Max-Age=9999"))
    async with wired(script) as wire, asking(wire.origin) as client:
        for _ in range(3):
            await client.send(REQUEST, FREE)
    assert [call.headers.get("cookie") for call in wire.calls] == [None] * 3


async def test_a_redirect_is_a_failure_and_leads_nowhere():
    """302 to another host: no connection to it, one attempt, upstream's failure (statements 39 and 51)."""
    async with wired(giving(answer())) as other, wired(silence) as wire, asking(wire.origin) as client:
        wire.script = giving(answer(302, b"", location=other.origin + "/"))
        error = await failed(client)
    assert (error.upstream_status, error.code) == (302, "upstream_failed")
    assert (len(wire.calls), other.connections) == (1, 0)


@pytest.mark.parametrize("location", ["http://[half/", "mailto:someone", "http://\x80/", "//:99999/", "http://x:y/"])
async def test_a_redirect_to_nonsense_is_the_same_failure(location):
    """The place a redirect names is not even read: one attempt, status 302 (statement 39)."""
    async with wired(giving(answer(302, b"", location=location))) as wire, asking(wire.origin) as client:
        error = await failed(client)
    assert (error.upstream_status, len(wire.calls)) == (302, 1)


async def test_the_environment_names_no_proxy_and_no_password(monkeypatch, tmp_path):
    """HTTP_PROXY, HTTPS_PROXY, ALL_PROXY and NETRC have no effect (statement 52)."""
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login me password secret\n")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    async with wired(giving(answer())) as proxy, wired(giving(answer())) as wire:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "https_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.origin)
        async with asking(wire.origin) as client:
            await client.send(REQUEST, FREE)
    assert (proxy.connections, len(wire.calls)) == (0, 1)
    assert "authorization" not in wire.calls[0].headers


CONNECTED: list[object] = []


def watch(event: str, arguments: tuple) -> None:
    if event == "socket.connect":
        CONNECTED.append(arguments[1][:2])
    elif event == "socket.getaddrinfo":
        CONNECTED.append(arguments[:2])


@pytest.fixture
def connected() -> list[object]:
    """Every address that is looked up or connected to, as the interpreter's own audit tells it."""
    if not hasattr(sys, "_weather_watch"):
        sys.addaudithook(watch)
        sys._weather_watch = True
    CONNECTED.clear()
    return CONNECTED


NASTY = [
    "//evil.example", "@evil.example", "\\\\evil.example", "x@evil.example/", "London\r\nHost: evil.example",
    "London HTTP/1.1\r\n\r\nGET / HTTP/1.1", "%2e%2e/%2e%2e/", "../../", "%00", "a\x00b", "münchen.example",
    "例え.テスト", "http://evil.example/", "?appid=other", "&appid=other", "#fragment", ";q=1", "{q}", "\u202eevil",
    "\ud800", ":80@evil.example:80", " evil.example ", "%0d%0aHost:evil", "[::1]", "a" * 201, "~'()*!$", "\u2028",
]  # fmt: skip
WELL_FORMED = re.compile(r"/[a-z0-9./_]+\?([a-z]+=[A-Za-z0-9%._~,-]*(&|$))+")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("parameter", "beside"),
    [("q", {}), ("zip", {}), ("id", {}), ("lat", {"lon": "1"}), ("lang", {"q": "x"}), ("mode", {"q": "x"})],
)
async def test_no_value_leads_anywhere_but_upstream(connected, parameter, beside):
    """Hostile values make no connection elsewhere, and no request line but a well-formed one (statement 85)."""
    async with wired(giving(answer())) as wire, asking(wire.origin) as client:
        connected.clear()
        for value in NASTY:
            try:
                request = canonical_request(WEATHER, {parameter: value} | beside)
            except RequestError:
                continue
            await client.send(request, FREE)
            line = wire.calls[-1].head.split(b"\r\n")[0].decode("ascii")
            assert line == f"GET {request.target}&appid={KEY} HTTP/1.1"
            assert WELL_FORMED.fullmatch(request.target)
        port = int(wire.origin.rpartition(":")[2])
    assert set(connected) <= {("127.0.0.1", port)}
    assert connected or parameter in ("zip", "id", "lat")


@given(st.text(max_size=40), st.sampled_from(sorted(ENDPOINTS)))
@settings(database=None, deadline=None)
def test_no_name_changes_host_path_or_the_number_of_parameters(name, path):
    """Whatever a place is called, it is one value in one query of one host (statement 85)."""
    endpoint = ENDPOINTS[path]
    try:
        request = canonical_request(endpoint, {"q": name, "zip": name, "id": name, "lat": name, "lon": name})
    except RequestError:
        return
    url = httpx.URL(ORIGIN + request.target)
    assert (url.scheme, url.host, url.port, url.path, url.fragment) == ("https", "upstream.example", None, path, "")
    assert url.raw_path.decode() == request.target
    assert dict(url.params) == dict(request.query)


# How often


async def cut_short(call: Call) -> None:
    await call.send(answer()[:-5])
    call.close()


async def broken_off(call: Call) -> None:
    await call.send(answer()[:-5])
    call.reset()


async def cut_chunk(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n5\r\n{")
    call.close()


async def reset(call: Call) -> None:
    call.reset()


async def closed(call: Call) -> None:
    call.close()


def gzipped(body: bytes, **headers: str) -> bytes:
    return answer(body=body, content_encoding="gzip", **headers)


ZIPPED = gzip.compress(GOOD)
HUGE = giving(answer(body=b'{"main": "' + b" " * MAX_BODY + b'"}'))

ATTEMPTS = {
    "500": (giving(answer(500, b"")), UpstreamServerError, 3),
    "502": (giving(answer(502, b"<html>Bad Gateway</html>", "text/html")), UpstreamServerError, 3),
    "503": (giving(answer(503)), UpstreamServerError, 3),
    "504": (giving(answer(504)), UpstreamServerError, 3),
    "reset before headers": (reset, UpstreamUnreachable, 3),
    "closed before headers": (closed, UpstreamUnreachable, 3),
    "no HTTP": (giving(b"SSH-2.0-OpenSSH_9.2\r\n\r\n"), UpstreamUnreachable, 3),
    "hang": (silence, UpstreamTimeout, 3),
    "408": (giving(answer(408, b"")), RequestTimeout, 2),
    "cut short": (cut_short, UpstreamInvalid, 2),
    "cut short by a reset": (broken_off, UpstreamInvalid, 2),
    "cut short in a chunk": (cut_chunk, UpstreamInvalid, 2),
    "garbage": (giving(answer(body=b"\x00\xff{")), UpstreamInvalid, 2),
    "half a JSON": (giving(answer(body=GOOD[:-1])), UpstreamInvalid, 2),
    "wrong content type": (giving(answer(content_type="text/html")), UpstreamInvalid, 2),
    "error in a 200": (giving(answer(body=b'{"cod": "404", "message": "city not found"}')), UpstreamInvalid, 2),
    "another coding": (giving(answer(content_encoding="br")), UpstreamInvalid, 2),
    "no gzip": (giving(gzipped(GOOD)), UpstreamInvalid, 2),
    "half a gzip": (giving(gzipped(ZIPPED[:-9])), UpstreamInvalid, 2),
    "flipped gzip": (giving(gzipped(ZIPPED[:-5] + b"12345")), UpstreamInvalid, 2),
    "more than a gzip": (giving(gzipped(ZIPPED + b"more")), UpstreamInvalid, 2),
    "400": (giving(answer(400, b'{"cod":"400","message":"wrong latitude"}')), UpstreamStatus, 1),
    "401": (giving(answer(401, b'{"cod":401,"message":"Invalid API key"}')), KeyRejected, 1),
    "403": (giving(answer(403, b"")), UpstreamStatus, 1),
    "404 of somebody else": (giving(answer(404, b"<html>", "text/html")), UpstreamStatus, 1),
    "405": (giving(answer(405, b"")), UpstreamStatus, 1),
    "410": (giving(answer(410, b"")), UpstreamStatus, 1),
    "422": (giving(answer(422, b"")), UpstreamStatus, 1),
    "429": (giving(answer(429, b'{"cod":429,"message":"blocked"}')), UpstreamRateLimited, 1),
    "302": (giving(answer(302, b"", location="https://elsewhere.invalid/")), UpstreamStatus, 1),
    "304": (giving(b"HTTP/1.1 304 Not Modified\r\n\r\n"), UpstreamStatus, 1),
    "204": (giving(b"HTTP/1.1 204 No Content\r\n\r\n"), UpstreamStatus, 1),
    "101 unasked": (
        giving(b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\n"),
        UpstreamUnreachable,
        3,
    ),
    "429 in another coding": (giving(answer(429, content_encoding="br")), UpstreamRateLimited, 1),
    "429 that is no gzip": (giving(answer(429, content_encoding="gzip")), UpstreamRateLimited, 1),
    "429 of any length": (giving(answer(429, b" " * (MAX_BODY + 1))), UpstreamRateLimited, 1),
    "401 of any length": (giving(answer(401, b" " * (MAX_BODY + 1))), KeyRejected, 1),
    "too large": (HUGE, UpstreamInvalid, 2),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", ATTEMPTS)
async def test_how_often_each_fault_is_asked(fault):
    """Requests counted at the socket: three, two or one, by what failed (statements 9 and 39)."""
    script, kind, times = ATTEMPTS[fault]
    waits = Waits()
    async with wired(script) as wire, asking(wire.origin, 2.0 if fault == "hang" else 6.0, sleep=waits) as client:
        error = await failed(client)
        assert (type(error), len(wire.calls), len(waits)) == (kind, times, times - 1)
        await works(client, wire)


@pytest.mark.parametrize(
    ("cod", "kind", "times"),
    [
        ("429", UpstreamRateLimited, 1),
        ('"429"', UpstreamRateLimited, 1),
        ("401", KeyRejected, 1),
        ('"401"', KeyRejected, 1),
        ("503", UpstreamInvalid, 2),
        ('"404"', UpstreamInvalid, 2),
        ("429.5", UpstreamInvalid, 2),
    ],
)
async def test_a_cod_under_a_200_is_the_status_it_is(cod, kind, times):
    """`"cod": 429` or `401` in the body of a 200, as a number or text, is not asked again (contract, trap 13)."""
    script = giving(answer(body=b'{"cod": %s, "main": {}, "message": "blocked"}' % cod.encode()))
    async with wired(script) as wire, asking(wire.origin) as client:
        error = await failed(client)
    assert (type(error), len(wire.calls)) == (kind, times)
    assert error.retry_after == kind.retry_after


@pytest.mark.parametrize("header", ["0", "Tue, 24 Nov 2026 11:59:00 GMT", "Tue, 24 Nov 2026 12:00:00 GMT"])
@respx.mock
async def test_a_wait_for_no_time_is_the_usual_pause(header):
    """503 with `Retry-After: 0` or a date that has passed: jitter as ever between attempts (issue, 4; statement 40)."""
    road = respx.get(url__startswith=ORIGIN).respond(503, headers={"Retry-After": header})
    waits = Waits()
    async with asking(ORIGIN, sleep=waits) as client:
        for _ in range(20):
            await failed(client)
    assert road.call_count == 60
    assert all(waits)
    assert 0.1 < max(waits[::2]) <= 0.2 < max(waits[1::2]) <= 0.4


async def test_a_refusal_that_breaks_off_is_still_one():
    """A 429 or 401 whose body never ends properly is not asked again (statement 39)."""
    for status, kind in ((429, UpstreamRateLimited), (401, KeyRejected), (302, UpstreamStatus)):

        async def script(call: Call, status: int = status) -> None:
            await call.send(answer(status)[:-5])
            call.reset()

        async with wired(script) as wire, asking(wire.origin) as client:
            assert type(await failed(client)) is kind
        assert len(wire.calls) == 1


async def test_a_proper_404_is_an_answer():
    """OpenWeatherMap's own 404 is an answer about a place, asked for once (statements 10 and 39)."""
    body = b'{"cod":"404","message":"city not found"}'
    async with wired(giving(answer(404, body))) as wire, asking(wire.origin) as client:
        found = await client.send(REQUEST, FREE)
    assert (found.status, found.body, len(wire.calls)) == (404, body, 1)


async def test_a_refused_connection_is_tried_three_times():
    """Nobody listens: UpstreamUnreachable after three attempts (statement 39)."""
    async with wired(giving(answer())) as wire:
        pass
    waits = Waits()
    async with asking(wire.origin, sleep=waits) as client:
        assert type(await failed(client)) is UpstreamUnreachable
    assert len(waits) == 2


async def test_a_name_that_does_not_resolve_is_unreachable():
    """No address for the name: UpstreamUnreachable (RFC 6761, 6.4: `invalid` never resolves)."""
    async with asking("http://nowhere.invalid", timeout=25.0) as client:  # a resolver may be slow
        assert type(await failed(client)) is UpstreamUnreachable


@pytest.fixture(scope="module")
def certificate(tmp_path_factory) -> Path:
    return self_signed(tmp_path_factory.mktemp("tls"))


@pytest.mark.needs("openssl")
async def test_a_certificate_nobody_vouches_for_ends_it_at_once(certificate):
    """Self-signed upstream: one connection, no request, UntrustedUpstream (statements 39 and 52)."""
    waits = Waits()
    async with wired(giving(answer()), certificate) as wire, asking(wire.origin, sleep=waits) as client:
        assert type(await failed(client)) is UntrustedUpstream
    assert (wire.connections, wire.calls, waits) == (1, [], [])


@pytest.mark.needs("openssl")
async def test_tls_that_breaks_later_is_upstreams_fault_too(certificate):
    """Bytes that are no TLS record after the handshake end as an UpstreamError, once (statement 39)."""

    async def script(call: Call) -> None:
        wire.below_tls.write(b"no record of any TLS at all\r\n")

    trusting = httpx.AsyncHTTPTransport(verify=ssl.create_default_context(cafile=certificate))
    async with wired(script, certificate) as wire, asking(wire.origin, transport=trusting) as client:
        assert type(await failed(client)) is UntrustedUpstream
        assert len(wire.calls) == 1
        await works(client, wire)


async def test_the_next_attempt_may_succeed():
    """Two failures, then an answer: the visitor gets it (statement 39)."""
    script = giving(answer(503), answer(500), answer())
    async with wired(script) as wire, asking(wire.origin) as client:
        assert (await client.send(REQUEST, FREE)).body == GOOD
    assert len(wire.calls) == 3


@pytest.mark.slow
async def test_keep_alive_that_ends_at_random_is_never_noticed():
    """Upstream closes connections after any answer, by FIN or RST: 300 requests, no failure (statement 50)."""
    dice = random.Random(50)

    async def script(call: Call) -> None:
        await call.send(answer())
        if dice.random() < 0.5:
            moment = dice.choice((0, dice.random() / 200))  # while the next is sent, or later
            asyncio.get_running_loop().call_later(moment, dice.choice((call.close, call.reset)))

    async with wired(script) as wire, asking(wire.origin, sleep=asyncio.sleep) as client:
        for _ in range(30):
            answers = await asyncio.gather(*(client.send(REQUEST, FREE) for _ in range(10)))
            assert {one.status for one in answers} == {200}
            await asyncio.sleep(dice.random() / 200)
    assert wire.connections > 30


# How long between


def state_of(attempt: int, error: BaseException) -> tenacity.RetryCallState:
    state = tenacity.RetryCallState(tenacity.AsyncRetrying(), None, (), {})
    state.attempt_number = attempt
    state.set_exception((type(error), error, None))
    return state


@pytest.mark.parametrize("n", range(6))
def test_waits_are_spread_over_all_of_their_bound(n):
    """200 waits lie in [0, min(2, 0.2 · 2ⁿ)], with a mean near half of that (statement 40)."""
    random.seed(40)
    bound = min(2, 0.2 * 2**n)
    waits = [retry_delay(state_of(n + 1, UpstreamTimeout("no answer in time"))) for _ in range(200)]
    assert all(0 <= wait <= bound for wait in waits)
    assert 0.8 * bound / 2 <= sum(waits) / len(waits) <= 1.2 * bound / 2
    assert max(waits) > 0.9 * bound


@respx.mock
async def test_these_are_the_waits_that_are_slept():
    """What is slept between attempts is that jitter: up to 0.2 s, then up to 0.4 s (statement 40)."""
    respx.get(url__startswith=ORIGIN).respond(500)
    waits = Waits()
    async with asking(ORIGIN, sleep=waits) as client:
        for _ in range(50):
            await failed(client)
    assert len(waits) == 100
    assert 0.1 < max(waits[::2]) <= 0.2 < max(waits[1::2]) <= 0.4


@pytest.mark.parametrize("status", [503, 500, 408])
@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("1", 1.0),
        (" 2 ", 2.0),
        (format_datetime(datetime.fromtimestamp(NOON + 3, UTC), usegmt=True), 3.0),
    ],
)
@respx.mock
async def test_upstreams_own_wait_is_slept(status, header, wait):
    """`Retry-After` in seconds or as a date is slept exactly (statement 42)."""
    respx.get(url__startswith=ORIGIN).mock(
        side_effect=[httpx.Response(status, headers={"Retry-After": header}), httpx.Response(200, json={"main": {}})]
    )
    waits = Waits()
    async with asking(ORIGIN, sleep=waits) as client:
        await client.send(REQUEST, FREE)
    assert waits == [wait]


@pytest.mark.parametrize(
    ("header", "told"),
    [
        ("30", 30.0),
        ("6", 6.0),
        ("86400", 3600.0),
        ("9" * 400, 3600.0),
        (format_datetime(datetime.fromtimestamp(NOON + 60, UTC), usegmt=True), 60.0),
    ],
)
@respx.mock
async def test_a_wait_beyond_the_deadline_ends_it_at_once(header, told):
    """`Retry-After` past the time left: no second call, and the error says how long, an hour at most (statement 42)."""
    road = respx.get(url__startswith=ORIGIN).respond(503, headers={"Retry-After": header})
    waits = Waits()
    async with asking(ORIGIN, sleep=waits) as client:
        error = await failed(client)
    assert (road.call_count, waits, error.retry_after) == (1, [], told)


@pytest.mark.parametrize("header", ["soon", "", "1.5", "-5", "1e3", "0x10", "²", "Tue, 99 Foo 2026", "1, 2", "\x01"])
@respx.mock
async def test_a_wait_that_is_nonsense_is_none(header):
    """A `Retry-After` that is neither seconds nor a date is ignored: jitter as ever (statement 42)."""
    road = respx.get(url__startswith=ORIGIN).respond(503, headers=[("Retry-After", header.encode("latin-1"))])
    waits = Waits()
    async with asking(ORIGIN, sleep=waits) as client:
        error = await failed(client)
    assert (road.call_count, error.retry_after) == (3, UpstreamError.retry_after)
    assert 0 <= waits[0] <= 0.2
    assert 0 <= waits[1] <= 0.4


@respx.mock
async def test_a_block_names_its_end():
    """429 with `Retry-After` is never repeated within the request, and carries the time (statements 39 and 42)."""
    road = respx.get(url__startswith=ORIGIN).respond(429, headers={"Retry-After": "1"})
    async with asking(ORIGIN) as client:
        error = await failed(client)
    assert (road.call_count, error.retry_after) == (1, 1.0)


@pytest.mark.parametrize(
    "date", ["Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun Nov  6 08:49:37 1994"]
)
@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Asia/Tokyo"])
def test_all_three_forms_of_a_date_are_read(monkeypatch, date, zone):
    """The three date forms of RFC 9110, 5.6.7 mean the same moment, wherever we run (statement 42)."""
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        assert parse_retry_after(date, 784111777.0 - 120) == 120.0
    finally:
        monkeypatch.delenv("TZ")
        time.tzset()


DATES = st.datetimes(datetime(1970, 1, 1), timezones=st.just(UTC)).map(
    lambda moment: format_datetime(moment, usegmt=True)
)
NEARLY_DATES = st.from_regex(
    r"[A-Z][a-z]{2},? ?[0-9]{1,3}[ -][A-Z][a-z]{2}[ -][0-9]{1,5}[ 0-9:+-]{0,20}", fullmatch=True
)


@pytest.mark.slow
@given(st.one_of(st.text(), st.from_regex(r"[0-9+. -]{1,30}"), DATES, NEARLY_DATES), st.floats(0, 4e9))
@settings(database=None, deadline=None, max_examples=300)
def test_a_wait_is_none_or_within_an_hour(value, now):
    """Whatever `Retry-After` says, it is ignored or a number of seconds from 0 to 3600 (statement 42)."""
    wait = parse_retry_after(value, now)
    assert wait is None or 0 <= wait <= 3600


@given(st.integers(0, 10**9), DATES)
@settings(database=None, deadline=None)
def test_a_wait_is_what_it_says(seconds, date):
    """Seconds and dates are read as they are meant, and bounded (statement 42)."""
    assert parse_retry_after(str(seconds), NOON) == min(seconds, 3600)
    moment = datetime.strptime(date, "%a, %d %b %Y %H:%M:%S GMT").replace(tzinfo=UTC)
    assert parse_retry_after(date, NOON) == min(
        max((moment - datetime.fromtimestamp(NOON, UTC)).total_seconds(), 0), 3600
    )


# How long in all


def now() -> float:
    """The loop's own time."""
    return asyncio.get_running_loop().time()


async def body_byte_by_byte(call: Call) -> None:
    head, _, body = answer().partition(b"\r\n\r\n")
    await call.send(head + b"\r\n\r\n")
    for byte in body:
        await call.send(bytes([byte]))
        await asyncio.sleep(0.2)


async def endless_headers(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\n")
    while True:
        await call.send(b"x-more: 1\r\n")
        await asyncio.sleep(0.02)


async def endless_hints(call: Call) -> None:
    while True:
        await call.send(b"HTTP/1.1 103 Early Hints\r\n\r\n")
        await asyncio.sleep(0.02)


async def slow_500(call: Call) -> None:
    await asyncio.sleep(0.25)
    await call.send(answer(500))


async def endless_body(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
    while True:
        await call.send(b"1\r\n \r\n")
        await asyncio.sleep(0.01)


SLOW = [silence, body_byte_by_byte, endless_headers, endless_hints, slow_500, endless_body]


@pytest.mark.slow
@pytest.mark.parametrize("script", SLOW, ids=lambda script: script.__name__)
async def test_the_deadline_holds(script):
    """However upstream dawdles, the request ends at its deadline; then all is well (statement 41)."""
    async with wired(script) as wire, asking(wire.origin, 0.6) as client:
        began = now()
        error = await failed(client)
        assert now() - began == pytest.approx(0.6)
        assert type(error) is UpstreamTimeout
        await works(client, wire)


async def test_the_deadline_holds_for_a_connection_that_is_not_made():
    """Neither accepted nor refused: the request ends by its deadline; then it works (statement 41)."""
    async with deaf() as listener, asking(f"http://127.0.0.1:{listener.getsockname()[1]}", 0.6) as client:
        began = now()
        error = await failed(client)
        assert now() - began <= 0.6
        assert type(error) is UpstreamTimeout
        async with wired(silence, listener=listener) as wire:
            await works(client, wire)


async def test_the_deadline_holds_for_tls_that_is_not_made():
    """A handshake that never comes: the same (statement 41)."""

    async def script(call: Call) -> None:
        raise AssertionError("a request, without TLS")

    async with wired(script) as wire, asking(wire.origin.replace("http:", "https:"), 1.2) as client:
        began = now()
        error = await failed(client)
        assert now() - began <= 1.2
        assert (type(error), wire.connections) == (UpstreamTimeout, 3)


class LatePermit(Free):
    """A permit whose ledger takes seven seconds; it notes the outcomes of the attempts."""

    def __init__(self) -> None:
        self.outcomes: list[UpstreamError | None] = []

    async def acquire(self) -> None:
        await asyncio.sleep(7)

    async def record(self, error, span=None) -> None:
        self.outcomes.append(error)


async def test_a_ledger_that_takes_long_is_no_failure_of_upstream():
    """Its time is not upstream's: else each call after a slow charge would count against a healthy product."""

    async def script(call: Call) -> None:
        await asyncio.sleep(2)
        await call.send(answer())

    permit = LatePermit()
    async with wired(script) as wire, asking(wire.origin) as client:
        assert (await client.send(REQUEST, permit)).body == GOOD
    assert (permit.outcomes, len(wire.calls)) == ([None], 1)


async def test_the_deadline_holds_in_process():
    """An upstream in this process that hangs ends by the deadline too (statement 41)."""

    async def hangs(scope, receive, send) -> None:
        await asyncio.get_running_loop().create_future()

    async with asking("http://demo.invalid", 0.6, transport=httpx.ASGITransport(app=hangs)) as client:
        began = now()
        assert type(await failed(client)) is UpstreamTimeout
        assert now() - began == pytest.approx(0.6)


# The pool


@pytest.mark.slow
async def test_300_deadlines_while_reading_cost_no_slot():
    """After 300 requests that ran out of time in headers or body, the pool is whole (statements 41 and 49)."""

    async def script(call: Call) -> None:
        await (endless_headers if call.number % 2 else body_byte_by_byte)(call)

    async with wired(script) as wire, asking(wire.origin, 1.2) as client:
        for _ in range(5):
            errors = await asyncio.gather(*(failed(client, numbered(i)) for i in range(60)))
            assert {type(error) for error in errors} == {UpstreamTimeout}
        await until(lambda: wire.open == 0)
        await works(client, wire)
        await fills(client, wire)
        assert wire.open <= CONNECTIONS


@pytest.mark.slow
async def test_300_deadlines_while_connecting_cost_no_slot():
    """After 300 requests that got no connection in time, the pool is whole (statements 41 and 49)."""
    async with deaf() as listener, asking(f"http://127.0.0.1:{listener.getsockname()[1]}", 1.2) as client:
        for _ in range(5):
            errors = await asyncio.gather(*(failed(client, numbered(i)) for i in range(60)))
            assert {type(error) for error in errors} == {UpstreamTimeout}
        async with wired(silence, listener=listener) as wire:
            await works(client, wire)
            await fills(client, wire)


def alive(kind: type) -> list:
    """All objects of a class that there are."""
    gc.collect()
    return [thing for thing in gc.get_objects() if type(thing) is kind]


@pytest.mark.slow
@pytest.mark.parametrize("header", ["keep-alive", "close"])
async def test_a_deadline_at_any_turn_of_the_loop_costs_no_slot(header):
    """The loop stands still past the deadline at each turn of a call in turn: every slot comes back (statement 49).

    httpcore 1.0.9 loses the slot of a call that is cancelled just after connecting or while it is closed, and
    `asyncio.timeout` cancels; a free loop hits these moments once in thousands of slow calls, a standing one at will.
    """
    others = alive(httpcore.AsyncConnectionPool)
    async with wired(giving(answer(connection=header))) as wire, asking(wire.origin, 0.04) as client:
        (pool,) = [one for one in alive(httpcore.AsyncConnectionPool) if one not in others]
        loop, outcomes = asyncio.get_running_loop(), set()

        def stand_still_after(turns: int) -> None:
            if turns:
                loop.call_soon(stand_still_after, turns - 1)
            else:
                loop.leap(0.03)  # more than the first attempt's share

        for turn in range(60):
            stand_still_after(turn)
            outcomes |= {type(one) for one in await asyncio.gather(client.send(REQUEST, FREE), return_exceptions=True)}
            await until(lambda: all(one.is_idle() or one.is_open() for one in pool.connections))
        assert outcomes <= {UpstreamResponse, UpstreamTimeout}
        assert "Requests: 0 active, 0 queued" in repr(pool)


@pytest.mark.slow
async def test_2000_visitors_who_leave_cost_no_slot():
    """2,000 visitors leave while upstream is slow: the next request is served within a second (statement 49)."""
    dice = random.Random(49)

    async def script(call: Call) -> None:
        await asyncio.sleep(dice.random() / 50)
        await call.send(answer())

    async with wired(script) as wire, asking(wire.origin, 1.2) as client:
        gateway = Gateway(client, Cache(MemoryStore(Clock())), make_admission(Clock()), Policy(None, 0, 6.0), Clock())
        for wave in range(40):
            visits = [asyncio.create_task(gateway.fetch(weather_at(wave, i // 5), Requester())) for i in range(50)]
            for visit in visits:
                for _ in range(dice.randrange(3)):
                    await asyncio.sleep(0)
                visit.cancel()
            await asyncio.gather(*visits, return_exceptions=True)
        async with asyncio.timeout(1):
            assert (await gateway.fetch(REQUEST, Requester())).entry.body == GOOD
        await until(lambda: not gateway._flights)
        assert wire.open <= CONNECTIONS
        await fills(client, wire)
        await gateway.close(0)


def weather_at(wave: int, i: int) -> UpstreamRequest:
    return make_request(WEATHER, lat=str(wave), lon=str(i))


async def nothing() -> None:
    """What another worker has stored."""


@pytest.mark.slow
async def test_flights_that_are_ended_with_the_app_leave_no_socket_open():
    """Flights cut off at shutdown, at any moment of theirs, close their connections (statements 53 and 100)."""
    async with wired(silence) as wire:
        for turns in range(40):
            async with asking(wire.origin) as client:
                flights: SingleFlight[UpstreamResponse] = SingleFlight(MemoryStore(Clock()))
                flights.join("one", lambda: client.send(REQUEST, FREE), nothing)
                for _ in range(turns):
                    await asyncio.sleep(0)
                await flights.close(0)
        gc.collect()
        await until(lambda: wire.open == 0)


@pytest.mark.slow
async def test_the_app_has_one_client_and_closes_it(clock):
    """One pool for the life of the app; no connection and no warning is left after it (statement 53)."""
    async with wired(giving(answer(body=b'{"cod": 200, "main": {}, "dt": 1, "coord": {}, "list": []}'))) as wire:
        before = alive(httpx.AsyncHTTPTransport)
        async with running(None, clock, key=KEY, WEATHER_UPSTREAM_URL=wire.origin) as site:
            for i in range(3):
                await asyncio.gather(*(site.get(f"/data/2.5/weather?lat={i}&lon={j}") for j in range(5)))
            assert len(alive(httpx.AsyncHTTPTransport)) - len(before) == 1
            assert len(wire.calls) == 15
            assert 1 <= wire.connections <= 5
        await until(lambda: wire.open == 0)


# How much


def resident(field: str) -> int:
    """Bytes of memory of this process: VmRSS now, VmHWM at most since `forget_the_peak`."""
    found = re.search(rf"{field}:\s+(\d+) kB", Path("/proc/self/status").read_text())
    return int(found[1]) * 1024


def forget_the_peak() -> None:
    Path("/proc/self/clear_refs").write_text("5")  # proc(5): resets VmHWM


@cache
def zipped_zeros(megabytes: int) -> bytes:
    squeeze = zlib.compressobj(9, wbits=31)
    return b"".join(squeeze.compress(bytes(2**20)) for _ in range(megabytes)) + squeeze.flush()


async def a_bomb(call: Call) -> None:
    await call.send(gzipped(zipped_zeros(10)))


async def a_larger_bomb(call: Call) -> None:
    await call.send(gzipped(zipped_zeros(200)))


async def a_hundred_megabytes(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 104857600\r\n\r\n")
    for _ in range(1600):
        await call.send(bytes(65536))


async def chunks_without_end(call: Call) -> None:
    await call.send(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ntransfer-encoding: chunked\r\n\r\n")
    for _ in range(1600):
        await call.send(b"10000\r\n" + bytes(65536) + b"\r\n")


async def a_gzip_with_a_long_tail(call: Call) -> None:
    head = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-encoding: gzip\r\ncontent-length: 104857600"
    await call.send(head + b"\r\n\r\n" + ZIPPED)
    for _ in range(1600):
        await call.send(bytes(65536))


TOO_LARGE = [a_bomb, a_larger_bomb, a_hundred_megabytes, chunks_without_end, a_gzip_with_a_long_tail]


@pytest.mark.slow
@pytest.mark.needs("/proc/self/clear_refs")
@pytest.mark.parametrize("script", TOO_LARGE, ids=lambda script: script.__name__)
async def test_a_body_beyond_the_bound_is_not_read_to_its_end(script):
    """Too much, packed or not: a failure, in less memory than three times the bound (statement 11)."""
    assert len(zipped_zeros(10)) < 11_000
    assert len(zipped_zeros(200)) < 220_000  # made before the memory is measured
    async with wired(script) as wire, asking(wire.origin) as client:
        gc.collect()
        forget_the_peak()
        before = resident("VmRSS")
        assert type(await failed(client)) is UpstreamInvalid
        assert resident("VmHWM") - before < 3 * MAX_BODY
        assert len(wire.calls) == 2
        # What is read, and what two socket buffers hold
        assert max(call.sent for call in wire.calls) < MAX_BODY + 16 * 2**20
        await works(client, wire)


async def test_a_body_of_just_the_bound_is_read():
    """MAX_BODY bytes are an answer, packed or not; one more is none (statement 11)."""
    body = b'{"main": "' + b"x" * (MAX_BODY - 12) + b'"}'
    assert len(body) == MAX_BODY
    async with wired(silence) as wire, asking(wire.origin) as client:
        for just in (answer(body=body), gzipped(gzip.compress(body, 1))):
            wire.script = giving(just)
            assert (await client.send(REQUEST, FREE)).body == body
        for one_more in (answer(body=body + b" "), gzipped(gzip.compress(body + b" ", 1))):
            wire.script = giving(one_more)
            assert type(await failed(client)) is UpstreamInvalid


@pytest.mark.parametrize("coding", ["gzip", "x-gzip", "GZIP", " gzip "])
async def test_gzip_is_understood(coding):
    """The one coding that is asked for, under all its names (RFC 9110, 8.4.1.3), however it is cut in pieces."""

    async def script(call: Call) -> None:
        raw = answer(body=ZIPPED, content_encoding=coding)
        for i in range(0, len(raw), 7):
            await call.send(raw[i : i + 7])

    async with wired(script) as wire, asking(wire.origin) as client:
        assert (await client.send(REQUEST, FREE)).body == GOOD


# What it is


LOL = b"".join(b'<!ENTITY l%d "%s">' % (i, b"&l%d;" % (i - 1) * 10) for i in range(1, 10))
LAUGHS = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY l0 "lol">' + LOL + b"]><l>&l9;</l>"
OUTSIDE = b'<?xml version="1.0"?><!DOCTYPE l [<!ENTITY x SYSTEM "file:///etc/passwd">]><l>&x;</l>'
XML = b'<?xml version="1.0" encoding="UTF-8"?><current><city id="1" name="London"/></current>'
OWN_404 = b'{"cod":"404","message":"city not found"}'

VERDICTS = [
    (REQUEST, 200, JSON, GOOD, None),
    (REQUEST, 200, "application/json; charset=utf-8", GOOD, None),
    (REQUEST, 200, "Application/JSON ;charset=utf-8", GOOD, None),
    (REQUEST, 200, JSON, b'{"cod": "200", "main": {}}', None),
    (REQUEST, 200, JSON, b'{"main": {}}', None),
    (REQUEST, 200, "", GOOD, UpstreamInvalid),
    (REQUEST, 200, "text/html", GOOD, UpstreamInvalid),
    (REQUEST, 200, "text/plain", GOOD, UpstreamInvalid),
    (REQUEST, 200, "application/jsonp", GOOD, UpstreamInvalid),
    (REQUEST, 200, "application/xml", XML, UpstreamInvalid),
    (REQUEST, 200, JSON, b"", UpstreamInvalid),
    (REQUEST, 200, JSON, b" ", UpstreamInvalid),
    (REQUEST, 200, JSON, b"null", UpstreamInvalid),
    (REQUEST, 200, JSON, b"[]", UpstreamInvalid),
    (REQUEST, 200, JSON, b'"main"', UpstreamInvalid),
    (REQUEST, 200, JSON, b"{}", UpstreamInvalid),
    (REQUEST, 200, JSON, GOOD[:-1], UpstreamInvalid),
    (REQUEST, 200, JSON, GOOD + b"}", UpstreamInvalid),
    (REQUEST, 200, JSON, GOOD + GOOD, UpstreamInvalid),
    (REQUEST, 200, JSON, b'{"main": "\xff"}', None),
    (REQUEST, 200, JSON, b'{"main": NaN}', None),
    (REQUEST, 200, JSON, b'{"main": ' + b"[" * 100_000, UpstreamInvalid),
    (REQUEST, 200, JSON, b'{"main": ' + b"1" * 5_000 + b"}", None),
    (REQUEST, 200, JSON, b'{"cod": 404, "main": {}}', UpstreamInvalid),
    (REQUEST, 200, JSON, b'{"cod": "404", "message": "city not found"}', UpstreamInvalid),
    (REQUEST, 200, JSON, b'{"cod": 400, "main": {}}', UpstreamInvalid),
    (REQUEST, 200, JSON, b'{"cod": null, "main": {}}', UpstreamInvalid),
    (make_request(AIR, lat="1", lon="1"), 200, JSON, b'{"list": []}', None),
    (make_request(AIR, lat="1", lon="1"), 200, JSON, b'{"main": {}}', UpstreamInvalid),
    (make_request(DIRECT, q="x"), 200, JSON, b"[]", None),
    (make_request(DIRECT, q="x"), 200, JSON, b"{}", UpstreamInvalid),
    (make_request(DIRECT, q="x"), 200, JSON, b'{"cod": 200, "list": []}', UpstreamInvalid),
    (XML_REQUEST, 200, "application/xml", XML, None),
    (XML_REQUEST, 200, "text/xml; charset=utf-8", XML, None),
    (XML_REQUEST, 200, JSON, GOOD, UpstreamInvalid),
    (XML_REQUEST, 200, "text/html", XML, UpstreamInvalid),
    (XML_REQUEST, 200, "application/xml", GOOD, UpstreamInvalid),
    (XML_REQUEST, 200, "application/xml", b"", UpstreamInvalid),
    (XML_REQUEST, 200, "application/xml", XML[:-3], UpstreamInvalid),
    (XML_REQUEST, 200, "application/xml", b"<a><b></a></b>", UpstreamInvalid),
    (XML_REQUEST, 200, "application/xml", XML.replace(b"UTF-8", b"klingon"), UpstreamInvalid),
    (XML_REQUEST, 200, "application/xml", XML.replace(b"UTF-8", b"shift_jis"), UpstreamInvalid),
    (XML_REQUEST, 200, "application/xml", XML.replace(b"UTF-8", b"base64"), UpstreamInvalid),
    (XML_REQUEST, 200, "application/xml", XML.replace(b"UTF-8", b"undefined"), UpstreamInvalid),
    (XML_REQUEST, 200, "application/xml", LAUGHS, UpstreamInvalid),
    (REQUEST, 404, JSON, OWN_404, None),
    (REQUEST, 404, "text/html", b"<html></html>", UpstreamStatus),
    (REQUEST, 404, JSON, b"", UpstreamStatus),
    (REQUEST, 404, JSON, b"[]", UpstreamStatus),
    *((REQUEST, status, JSON, GOOD, UpstreamServerError) for status in (500, 502, 503, 504)),
    (REQUEST, 401, JSON, b'{"cod":401, "message": "Invalid API key"}', KeyRejected),
    (REQUEST, 408, JSON, GOOD, RequestTimeout),
    (REQUEST, 429, JSON, GOOD, UpstreamRateLimited),
    *((REQUEST, s, JSON, GOOD, UpstreamStatus) for s in (201, 204, 206, 301, 302, 304, 307, 308, 400, 403, 405, 410)),
    *((REQUEST, s, JSON, GOOD, UpstreamStatus) for s in (418, 422, 451, 501, 505, 507, 599)),
]


@pytest.mark.parametrize(
    ("request_", "status", "kind", "body", "error"), VERDICTS, ids=[f"{v[1]}-{v[3][:20]!r}" for v in VERDICTS]
)
def test_what_is_an_answer_and_what_is_none(request_, status, kind, body, error):
    """Status, content type and body decide together; everything else is a failure by its name (statements 9, 10)."""
    if error is None:
        found = validate(request_, status, {"content-type": kind}, body, NOON)
        assert found == UpstreamResponse(status, kind, body)
        return
    with pytest.raises(UpstreamError) as caught:
        validate(request_, status, {"content-type": kind}, body, NOON)
    assert type(caught.value) is error
    assert caught.value.upstream_status == (None if error is UpstreamInvalid else status)


ORDERS = [
    *((REQUEST, status, JSON, b'{"cod": 429}') for status in (200, 400, 403, 404, 500, 503)),
    *((REQUEST, status, JSON, b'{"cod": "401", "message": "Invalid API key"}') for status in (200, 403, 404, 500)),
    (REQUEST, 200, "text/html", b' {"cod": 429, "message": "blocked"}'),
    (REQUEST, 200, "text/plain", b'{"cod":"401"}'),
    (REQUEST, 200, JSON, b'{"cod": 200, "main": {}, "cod": 429}'),
    (REQUEST, 200, JSON, b'\xef\xbb\xbf{"cod": 429}'),
    (REQUEST, 200, JSON, '{"cod": 401}'.encode("utf-16")),
    (make_request(DIRECT, q="x"), 200, JSON, b'{"cod": 401, "message": "Invalid API key"}'),
    (XML_REQUEST, 200, JSON, b'{"cod": 429}'),
    (XML_REQUEST, 200, "text/xml", b"<ClientError><cod>429</cod><message>blocked</message></ClientError>"),
    (XML_REQUEST, 404, "application/xml", b"<?xml version='1.0'?><error><cod> 401 </cod></error>"),
]


@pytest.mark.parametrize(("request_", "status", "kind", "body"), ORDERS)
def test_an_order_in_the_body_counts_whatever_the_status(request_, status, kind, body):
    """`cod` 401 or 429, as number or text: the status that it is, which is not asked again (issue, 4)."""
    with pytest.raises(UpstreamStatus) as caught:
        validate(request_, status, {"content-type": kind}, body, NOON)
    order = 401 if re.search(rb"4\0*0\0*1", body) else 429
    assert (type(caught.value), caught.value.upstream_status) == (
        {401: KeyRejected, 429: UpstreamRateLimited}[order],
        order,
    )
    assert caught.value.max_attempts == 1


@pytest.mark.parametrize("body", [b"<error><cod>404</cod></error>", b"<a><cod>500</cod><message>x</message></a>"])
def test_an_error_in_xml_is_no_answer_either(body):
    """Under a 200, like one in JSON (statement 9)."""
    with pytest.raises(UpstreamInvalid):
        validate(XML_REQUEST, 200, {"content-type": "text/xml"}, body, NOON)


def test_a_laugh_is_short():
    """A billion laughs are refused long before they are told, and nothing outside is read."""
    began = time.process_time()
    with pytest.raises(UpstreamInvalid):
        validate(XML_REQUEST, 200, {"content-type": "text/xml"}, LAUGHS, NOON)
    assert time.process_time() - began < 2
    assert validate(XML_REQUEST, 200, {"content-type": "text/xml"}, OUTSIDE, NOON).body == OUTSIDE


@pytest.mark.parametrize(
    ("header", "storable"),
    [
        ("", True),
        ("max-age=60", True),
        ("public, no-cache", True),
        ("no-store", False),
        ("max-age=0, No-Store", False),
        ("private", False),
        ('max-age=5, private="set-cookie"', False),
        ("unprivate, no-stores", True),
    ],
)
def test_upstream_says_whether_it_may_be_written_down(header, storable):
    """`no-store` and `private` keep an answer from the disk, in any case and company (statement 12)."""
    headers = {"content-type": JSON, "cache-control": header}
    assert validate(REQUEST, 200, headers, GOOD, NOON).storable is storable


ODD_XML = st.builds(
    '<?xml version="1.0" encoding="{}"?>{}'.format,
    st.sampled_from(["utf-16", "idna", "cp037", "x", "rot13"]),
    st.text(),
)
BODIES = st.one_of(
    st.binary(),
    st.text().map(lambda text: text.encode("utf-8", "surrogatepass")),
    ODD_XML.map(lambda text: text.encode("utf-8", "surrogatepass")),
    st.recursive(st.none() | st.integers() | st.text(), lambda inner: st.lists(inner), max_leaves=5).map(
        lambda value: repr({"cod": value, "main": 1}).replace("'", '"').encode("utf-8", "replace")
    ),
)
HEADERS = st.dictionaries(st.sampled_from(["content-type", "retry-after", "cache-control"]), st.text())


@given(
    st.sampled_from([REQUEST, XML_REQUEST, make_request(DIRECT, q="x")]),
    st.integers(100, 599) | st.just(200) | st.just(404),
    st.sampled_from([JSON, "text/xml", "", "\x00"]),
    HEADERS,
    BODIES,
)
@pytest.mark.slow
@settings(database=None, deadline=None, max_examples=500)
def test_nothing_upstream_sends_is_an_accident(request_, status, kind, headers, body):
    """Any status, header and body is a good answer or an UpstreamError (statement 9)."""
    try:
        found = validate(request_, status, {"content-type": kind} | headers, body, NOON)
    except UpstreamError:
        return
    assert found.status in (200, 404)
    assert found.body == body


async def test_xml_comes_through_when_it_is_asked_for():
    """`mode=xml` gives the XML as it came; the same under a JSON request is a failure (statement 9)."""
    async with wired(giving(answer(body=XML, content_type="application/xml"))) as wire, asking(wire.origin) as client:
        found = await client.send(XML_REQUEST, FREE)
        assert (found.body, found.content_type) == (XML, "application/xml")
        assert "mode=xml" in wire.calls[0].target
        assert type(await failed(client)) is UpstreamInvalid


# The key


async def echo(call: Call) -> None:
    """Everything we were asked, said back: in the body, compressed, as success or failure by its turn."""
    body = b'{"cod": 200, "main": "' + call.target.encode() + b'"}'
    statuses = (200, 401, 429, 500, 302, 404, 400)
    status = statuses[call.number % len(statuses)]
    packed = gzipped(gzip.compress(body)) if call.number % 2 else answer(status, body)
    await call.send(packed)


def said(error: BaseException) -> str:
    """All that can be printed of an error and of those behind it."""
    texts, seen = [], error
    while seen:
        texts += [str(seen), repr(seen), repr(vars(seen)), *traceback.format_exception(seen)]
        seen = seen.__cause__ or seen.__context__
    return "\n".join(texts)


@pytest.fixture
def everything_logged(caplog) -> pytest.LogCaptureFixture:
    """Every logger at DEBUG, however quiet the app would have it."""
    for name in (None, "httpx", "httpcore", "asyncio", "weather"):
        caplog.set_level(logging.DEBUG, logger=name)
    return caplog


FAILURES = {
    "401": giving(answer(401, b'{"cod":401}')),
    "500": giving(answer(500)),
    "302": giving(answer(302, b"", location="https://elsewhere.invalid/")),
    "reset": reset,
    "cut short": cut_short,
    "garbage": giving(answer(body=b"\xff")),
    "no HTTP": giving(b"garbage\r\n\r\n"),
    "timeout": silence,
    "success": giving(answer()),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAILURES)
async def test_the_key_is_in_no_log_and_no_error(everything_logged, fault):
    """After success or failure: no log line at DEBUG and nothing printable holds the key (statement 84)."""
    async with wired(FAILURES[fault]) as wire, asking(wire.origin, 0.6) as client:
        (end,) = await asyncio.gather(client.send(REQUEST, FREE), return_exceptions=True)
        texts = [said(end) if isinstance(end, Exception) else repr(end), repr(client), str(client)]
    assert KEY in wire.calls[0].target
    assert {"httpcore.connection", "httpcore.http11"} <= {record.name for record in everything_logged.records}
    assert KEY not in everything_logged.text
    assert not [text for text in texts if KEY in text]


async def test_httpx_logs_nothing(everything_logged):
    """httpx would log every address at INFO, the key in it: it is not asked to (statement 84)."""
    async with wired(giving(answer())) as wire, asking(wire.origin) as client:
        await client.send(REQUEST, FREE)
    assert not [record for record in everything_logged.records if record.name.startswith("httpx")]


@pytest.mark.needs("openssl")
async def test_the_key_is_in_no_error_of_a_connection(everything_logged, certificate):
    """Refused, unresolved, untrusted: the same (statement 84)."""
    async with wired(giving(answer()), certificate) as wire, wired(silence) as gone:
        pass
    async with wired(giving(answer()), certificate) as wire:
        for origin in (gone.origin, "http://nowhere.invalid", wire.origin):
            async with asking(origin) as client:
                assert KEY not in said(await failed(client))
    assert KEY not in everything_logged.text


@pytest.mark.parametrize(
    "origin", ["http://localhost:abc", "http://127.0.0.1:99999", "http://x:-1", "http://[half", "http://" + "a" * 70]
)
async def test_an_origin_that_is_none_is_upstreams_failure(origin):
    """An address httpx refuses, or a name that is none, ends as an UpstreamError, never as a crash (issue, 8)."""
    async with asking(origin, network=Nowhere()) as client:
        assert isinstance(await failed(client), UpstreamUnreachable)


class Nowhere(Network):
    """Without a look at the origins, which `load` refuses if they are as these."""

    def proxy(self, origin: str) -> None:
        return None


async def test_the_key_is_in_no_crash(everything_logged):
    """A fault of the wire that nobody foresaw passes through, and shows no key (statement 84)."""

    class Crash(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            raise RuntimeError("nobody foresaw this")

    async with asking(ORIGIN, transport=Crash()) as client:
        with pytest.raises(RuntimeError, match="nobody foresaw this") as caught:
            await client.send(REQUEST, FREE)
    assert KEY not in said(caught.value)
    assert KEY not in everything_logged.text


async def test_an_upstream_that_says_the_key_is_not_repeated(everything_logged):
    """Bodies that hold our own URL reach nobody with the key in them, compressed or not (statement 84)."""
    async with wired(echo) as wire, asking(wire.origin) as client:
        ends = await asyncio.gather(*(client.send(REQUEST, FREE) for _ in range(20)), return_exceptions=True)
    bodies = [end.body for end in ends if hasattr(end, "body")]
    assert len(bodies) > 10
    assert all(b"appid=********" in body for body in bodies)
    assert not [end for end in ends if KEY in (said(end) if isinstance(end, Exception) else repr(end))]
    assert KEY not in everything_logged.text


async def test_a_header_that_says_the_key_is_masked_in_our_log(caplog):
    """httpcore logs upstream's headers at DEBUG; what our log prints of them is masked (statement 84)."""
    caplog.set_level(logging.DEBUG, logger="httpcore")
    async with wired(giving(answer(302, b"", location=f"/?appid={KEY}"))) as wire, asking(wire.origin) as client:
        assert KEY not in said(await failed(client))
    printed = "\n".join(Line("text", lambda: KEY).format(record) for record in caplog.records)
    assert "location" in printed.lower()
    assert KEY not in printed
