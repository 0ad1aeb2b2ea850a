"""The sender's fault is never ours, and what cannot be answered is told in the shape of its door."""

import asyncio
import json
import logging

import pytest
from fakes import running
from starlette.datastructures import Headers

from weather.errors import SlowBody
from weather.web.http.middleware import Body

pytestmark = pytest.mark.anyio

DOORS = {"/places": "text/html; charset=utf-8", "/api/v1/places": "application/problem+json"}
QUERIED = ("/api/v1/current", "/data/2.5/weather")
FORM, JSON = "application/x-www-form-urlencoded", "application/json"


class Wire:
    """One request without a client library: what the server would give the app, and what came back."""

    def __init__(self, path: str, *messages: dict, method: str = "GET", version: str = "1.1", headers=None) -> None:
        raw = [(b"host", b"test")] if headers is None else headers
        path, _, query = path.partition("?")
        self.scope = {"type": "http", "method": method, "path": path, "query_string": query.encode(), "headers": raw}
        self.scope |= {"scheme": "http", "http_version": version, "client": ("127.0.0.1", 1), "server": ("test", 80)}
        self._messages = list(messages)
        self.asked = asyncio.Event()
        self.sent: list[dict] = []

    async def receive(self) -> dict:
        self.asked.set()
        if self._messages:
            return self._messages.pop(0)
        await asyncio.Event().wait()  # for ever
        raise AssertionError

    async def send(self, message) -> None:
        self.sent.append(message)

    async def through(self, app) -> "Wire":
        await app(self.scope, self.receive, self.send)
        return self

    @property
    def status(self) -> int:
        return self.sent[0]["status"]

    @property
    def headers(self) -> Headers:
        return Headers(raw=self.sent[0]["headers"])

    @property
    def body(self) -> bytes:
        return self.sent[1]["body"]


def post(path: str, *messages: dict) -> Wire:
    kind = JSON if path.startswith("/api") else FORM
    headers = [(b"host", b"test"), (b"content-type", kind.encode())]
    return Wire(path, *messages, method="POST", headers=headers)


def part(body: bytes = b"n") -> dict:
    return {"type": "http.request", "body": body, "more_body": True}


# A body that does not come


async def test_a_body_has_so_many_seconds_in_all():
    """However many parts of it come in time: it is the whole that must be there (the clock of the loop, at zero)."""
    body = Body(Wire("/", part(), part()).receive, 0.0)
    with pytest.raises(SlowBody):
        for _ in range(3):
            await body.receive()


async def test_what_comes_after_a_whole_body_may_take_as_long_as_it_likes():
    """That a client leaves is waited for without a bound."""
    whole = {"type": "http.request", "body": b"", "more_body": False}
    body = Body(Wire("/", whole, {"type": "http.disconnect"}).receive, 3600.0)
    assert [(await body.receive())["type"] for _ in range(2)] == ["http.request", "http.disconnect"]
    assert asyncio.current_task().cancelling() == 0


@pytest.mark.parametrize("path", DOORS)
async def test_a_body_that_does_not_end_is_408(upstream, clock, path):
    """In the shape of the door, and the connection is not used again (RFC 9110, 15.5.9)."""
    async with running(upstream, clock, more={"body_seconds": 0.0}) as site:
        told = await post(path, part()).through(site.app)
    assert (told.status, told.headers["content-type"]) == (408, DOORS[path])
    assert told.headers["connection"] == "close"
    if path.startswith("/api"):
        assert json.loads(told.body)["code"] == "request_timeout"


@pytest.mark.parametrize("path", DOORS)
async def test_a_client_that_leaves_in_its_body_is_nobodys_crash(site, caplog, path):
    """What granian tells as a disconnect, bad chunks too: 400, and nothing in the log."""
    with caplog.at_level(logging.WARNING):
        told = await post(path, part(), {"type": "http.disconnect"}).through(site.app)
    assert (told.status, told.headers["content-type"]) == (400, DOORS[path])
    assert not caplog.records


@pytest.mark.slow
@pytest.mark.parametrize(
    "origin", ["http://[", "http://[::1", "[", "http://a]b", "null", "//", "\xff", "http://test:x"]
)
@pytest.mark.parametrize("path", ["/places", "/api/v1/places"])
async def test_a_malformed_origin_is_foreign(site, caplog, path, origin):
    """403, without a traceback."""
    kind = JSON if path.startswith("/api") else FORM
    answer = await site.post(path, content=b"", headers=[("Origin", origin.encode("latin-1")), ("Content-Type", kind)])
    assert answer.status_code == 403
    assert not caplog.records


# Who is meant


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/", *(f"{path}?lat=51.51&lon=-0.13" for path in QUERIED), "/healthz"])
@pytest.mark.parametrize(
    ("hosts", "status"),
    [
        ([], 400),
        ([b""], 400),
        ([b"a", b"b"], 400),
        ([b"a", b"a"], 400),
        ([b"["], 400),
        ([b"[::1"], 400),
        ([b"a/b"], 400),
        ([b"a@b"], 400),
        ([b"a b"], 400),
        ([b"a:b"], 400),
        ([b"a" * 256], 400),
        ([b"a" * 255], 200),
        ([b"test:8000"], 200),
        ([b"[::1]:8000"], 200),
        ([b"api.openweathermap.org"], 200),
    ],
)
async def test_there_is_one_well_formed_host(site, caplog, path, hosts, status):
    """Anything else is 400 in HTTP/1.1 (RFC 9112, 3.2), whether an answer is ready or not; and never a traceback."""
    await site.get(path)
    told = await Wire(path, headers=[(b"host", host) for host in hosts]).through(site.app)
    assert told.status == status
    assert not caplog.records


@pytest.mark.parametrize("version", ["1", "1.0"])
async def test_http_1_0_needs_no_host(site, version):
    """As programs on small boards ask."""
    for headers in ([], [(b"host", b"")]):
        assert (await Wire("/healthz", version=version, headers=headers).through(site.app)).status == 200
    assert (await Wire("/healthz", version=version, headers=[(b"host", b"[")]).through(site.app)).status == 400


async def test_connect_is_405(site):
    """This is no tunnel; the path of such a request is empty."""
    told = await Wire("", method="CONNECT").through(site.app)
    assert (told.status, told.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize("length", ["9" * 5000, "9" * 21, "65537"])
async def test_a_length_beyond_all_bounds_is_413(site, caplog, length):
    """However many digits it has: more than Python reads are no mistake of ours."""
    headers = [(b"host", b"test"), (b"content-length", length.encode())]
    assert (await Wire("/api/v1/places", method="POST", headers=headers).through(site.app)).status == 413
    assert not caplog.records


# The end


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/forecast/51.51,-0.13", "text/html; charset=utf-8"),
        ("/api/v1/current?lat=51.51&lon=-0.13", "application/problem+json"),
        ("/data/2.5/weather?lat=51.51&lon=-0.13", "application/json; charset=utf-8"),
    ],
)
@pytest.mark.parametrize("ready", [True, False])
async def test_what_the_end_cuts_is_told_to_come_back(upstream, clock, path, kind, ready):
    """503 with Retry-After in the shape of its door, logged as such; so is what comes later on an open connection."""
    upstream.released.clear()
    lines = []
    async with running(upstream, clock, ready=ready, more={"tell": lambda _, about, __: lines.append(about)}) as site:
        slow = [Wire(path) for _ in range(3)]
        tasks = [asyncio.create_task(one.through(site.app)) for one in slow]
        while not upstream.calls:
            await asyncio.sleep(0)
        site.app.end()
        await asyncio.gather(*tasks)
        late = await Wire(path).through(site.app)
        upstream.released.set()
    for one in (*slow, late):
        assert (one.status, one.headers["content-type"]) == (503, kind)
        assert int(one.headers["retry-after"]) >= 1
        assert "x-content-type-options" in one.headers
    assert [about.status for about in lines] == [503] * 4


async def test_a_client_that_leaves_is_not_answered(upstream, clock):
    """What somebody else cancels than the end of the server stays cancelled."""
    upstream.released.clear()
    async with running(upstream, clock) as site:
        slow = Wire("/forecast/51.51,-0.13")
        task = asyncio.create_task(slow.through(site.app))
        while not upstream.calls:
            await asyncio.sleep(0)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        upstream.released.set()
    assert not slow.sent
