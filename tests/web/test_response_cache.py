"""Ready answers: the same as those made anew, until the first thing that could make them differ."""

import asyncio
import gc
import os
import re
import tracemalloc
from email.utils import parsedate_to_datetime
from pathlib import Path

import pytest
from fakes import NOON, running, until

from weather.errors import (
    CircuitOpen,
    ClientQuotaExhausted,
    KeyPaused,
    NotCached,
    Offline,
    PlaceNotFound,
    QuotaExhausted,
    TooManyCalls,
    UpstreamServerError,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from weather.settings import load
from weather.upstream.freshness import Lifetime, Validity
from weather.upstream.freshness_policy import unchanged_for
from weather.web.http.clients.visitors import Visitors
from weather.web.http.middleware import Watch
from weather.web.http.question import Question
from weather.web.http.response_cache import LIMIT, ResponseCache
from weather.web.http.responses import ALLOW_REUSE

pytestmark = pytest.mark.anyio

OWM = "/data/2.5/weather?lat=51.51&lon=-0.13"
API = "/api/v1/forecast?lat=51.51&lon=-0.13"
PAGE = "/forecast/51.51,-0.13"
DOORS = [OWM, API, PAGE]
MADE_ANEW = {"x-request-id"}


def watched(clock) -> Watch:
    """A watch that tells nobody."""
    return Watch(Visitors(load({}, Path("/nonexistent"))), clock, lambda *_: None)


def told(answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in MADE_ANEW}


@pytest.mark.slow
@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "identity"}, {"If-None-Match": "*"}], ids=str)
@pytest.mark.parametrize("later", [0, 1, 59, 61, 599, 601])
async def test_nothing_differs_but_the_name_of_the_request(upstream, clock, path, headers, later):
    """Asked again at any time, with any coding or tag, by GET and HEAD: bytes and headers as without the layer."""
    answers = []
    for ready in (True, False):
        clock.now = NOON
        async with running(upstream, clock, ready=ready, steady=clock) as site:
            await site.get(path, headers=headers)
            await site.get(path, headers=headers)
            clock.now = NOON + later
            answers.append([await site.request(method, path, headers=headers) for method in ("GET", "HEAD", "GET")])
    for with_it, without in zip(*answers, strict=True):
        assert (with_it.status_code, with_it.content) == (without.status_code, without.content)
        assert told(with_it) == told(without)


@pytest.mark.slow
@pytest.mark.parametrize("path", DOORS)
async def test_every_answer_has_a_name_of_its_own(site, path):
    """Two answers of the same bytes are two requests."""
    names = [(await site.get(path)).headers["x-request-id"] for _ in range(3)]
    assert len(set(names)) == 3


@pytest.mark.slow
async def test_readers_of_two_kinds_do_not_get_each_others_page(site):
    """Language, cookie, units and coding are part of the question (66)."""
    asked = [
        ("", {"Accept-Language": "en-GB"}),
        ("", {"Accept-Language": "de"}),
        ("", {"Accept-Language": "de", "Cookie": "units=us"}),
        ("?units=si", {"Accept-Language": "de"}),
    ]
    seen = []
    for query, headers in asked * 2:
        seen.append((await site.get(PAGE + query, headers=headers)).text)
        site.cookies.clear()  # what was asked for is remembered
    assert seen[:4] == seen[4:]
    assert len(set(seen)) == 4


@pytest.mark.parametrize("path", [OWM, API])
async def test_however_many_browsers_ask_an_answer_of_a_program_is_one(upstream, clock, path):
    """Cookies, languages, hosts and names of browsers make no other answer there; gzip and none make two (107)."""
    async with running(upstream, clock) as site:
        for n in range(50):
            headers = {"Cookie": f"a={n}; lang=de", "Accept-Language": f"de;q=0.{n}", "User-Agent": f"{n}"}
            headers |= {"Host": f"host-{n}", "Accept-Encoding": ["gzip, br", "gzip;q=0.5", "br", ""][n % 4]}
            assert (await site.get(path, headers=headers)).status_code == 200
        assert len(site.app._stored) == 2


@pytest.mark.slow
async def test_a_page_is_one_for_all_who_read_alike(upstream, clock):
    """Not the words of a header make another page but what comes of them: language, units, clock, coding (107)."""
    async with running(upstream, clock) as site:
        alike = ["de", "de-DE", "de-DE,de;q=0.9,en;q=0.8", "de-AT, en-US;q=0.5", "sv;q=0.1, de-CH"]
        for n, languages in enumerate(alike * 4):
            headers = {"Accept-Language": languages, "Cookie": f"session={n}{'x' * (n % 2 * 2000)}"}
            assert 'lang="de"' in (await site.get(PAGE, headers=headers)).text
        assert len(site.app._stored) == 1
        other = await site.get(PAGE, headers={"Accept-Language": "de", "Cookie": f"s={'x' * 3000}; lang=fr"})
        assert 'lang="fr"' in other.text
        assert len(site.app._stored) == 2


@pytest.mark.slow
@pytest.mark.parametrize("path", DOORS)
async def test_headers_that_make_no_difference_take_no_memory(upstream, clock, path):
    """Of 1,000 requests with 28 KB of headers each, no two alike, nothing is left behind (107): counted by Python."""
    async with running(upstream, clock) as site:
        wires = [Headers.of(n) for n in range(1000)]
        for headers in wires[:20]:
            await site.get(path, headers=headers)
        gc.collect()
        tracemalloc.start()
        try:
            for headers in wires[20:]:
                await site.get(path, headers=headers)
            gc.collect()
            left, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert left < 2_000_000  # of 27 million bytes that came: a tenth of what is allowed for ten times as many


class Headers:
    """What a visitor sends that makes no difference, another for each number."""

    @staticmethod
    def of(n: int) -> dict[str, str]:
        return {
            "Cookie": f"a={n}{'x' * 13_000}",
            "X-API-Key": f"{n}{'y' * 7_000}",
            "Referer": f"http://{n}/{'z' * 7_000}",
            "Accept-Language": f"sv;q=0.{n:03}",
            "Host": f"host-{n}",
        }


async def test_what_is_kept_has_a_bound(clock):
    """Answers of other addresses push out those that came first, and all that is kept is counted, addresses too."""
    door = Door(size=300_000)
    door.open.set()
    ready = ResponseCache(door, clock, watched(clock), Question(()))
    most = LIMIT // 300_000
    for n in range(most + 20):
        await crowd(ready, 1, f"/{n}")
    assert most * 0.9 < len(ready._stored) <= most
    made = door.made
    await crowd(ready, 1, f"/{most + 19}")
    assert door.made == made, "the newest is there"
    await crowd(ready, 1, "/0")
    assert door.made == made + 1, "the first is not"


async def test_long_addresses_are_counted(clock):
    """Of answers that are small, what is asked with counts: 8 KB each leave room for some 1,600, not for 8,000."""
    door = Door(size=1)
    door.open.set()
    ready = ResponseCache(door, clock, watched(clock), Question(()))
    for n in range(3000):
        await crowd(ready, 1, f"/{n}-{'x' * 8000}")
    assert len(ready._stored) <= LIMIT // 8000


async def test_an_answer_that_varies_with_what_is_not_looked_at_is_not_kept(clock):
    """A door that begins to look at another header is asked each time, until that header is part of the question."""
    door = Door(vary=b"Accept-Encoding, Referer")
    door.open.set()
    ready = ResponseCache(door, clock, watched(clock), Question(()))
    for _ in range(3):
        await crowd(ready, 1)
    assert door.made == 3


async def test_an_access_key_is_part_of_the_question(upstream, clock):
    """Who has no key gets none of the answers that were made for one who has."""
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="alpha") as site:
        for _ in range(2):
            assert (await site.get(API, headers={"X-API-Key": "alpha"})).status_code == 200
        assert (await site.get(API)).status_code == 401
        assert (await site.get(API, headers={"X-API-Key": "beta"})).status_code == 401
        assert (await site.get(f"{OWM}&appid=alpha")).status_code == 200
        assert (await site.get(f"{OWM}&appid=alpha", headers={"X-API-Key": "beta"})).status_code == 401
        assert (await site.get(OWM, headers={"X-API-Key": "alpha"})).status_code == 200
        assert (await site.get(OWM)).status_code == 401


async def test_an_answer_that_lacks_a_part_is_made_anew(upstream, clock):
    """What waiting could bring is looked for at every request."""
    upstream.fails(500, paths=("/data/2.5/air_pollution",))
    async with running(upstream, clock) as site:
        assert (await site.get(API)).json()["air"] is None
        upstream.recovers()
        clock.now += 1
        assert (await site.get(API)).json()["air"] is not None


TERMINAL = "/London?T"
CURL = {"User-Agent": "curl/8.5.0"}
CALENDAR = "/forecast/51.51,-0.13/calendar.ics"


def lacks_air(upstream) -> None:
    upstream.fails(500, paths=("/data/2.5/air_pollution",))


def is_down(upstream) -> None:
    upstream.fails(500)


def asks_to_wait(upstream) -> None:
    upstream.fails(429, retry_after="40")


def refuses_the_key(upstream) -> None:
    upstream.fails(401, b'{"cod": 401, "message": "Invalid API key."}', "application/json")


def dated(ready, other) -> dict[str, str]:
    """Its headers, dated as the other one is: what lacks a part is dated when it was made, which may be earlier."""
    headers, name = told(ready), "last-modified"
    if name in headers:
        assert parsedate_to_datetime(headers[name]) <= parsedate_to_datetime(other.headers[name])
        headers[name] = other.headers[name]
    return headers


BAD_DAYS = [lacks_air, is_down, asks_to_wait, refuses_the_key]


@pytest.mark.slow
@pytest.mark.parametrize("path", [*DOORS, TERMINAL, CALENDAR])
@pytest.mark.parametrize("bad_day", BAD_DAYS)
@pytest.mark.parametrize("first", ["cold", "kept"])
async def test_on_a_bad_day_too_nothing_differs(upstream, clock, path, bad_day, first):
    """Missing and stale parts, asked for again and again for two minutes: as without the layer, and no call more."""
    seen = []
    for ready in (True, False):
        clock.now, before = NOON, upstream.count
        upstream.recovers()
        async with running(upstream, clock, ready=ready, steady=clock) as site:
            if first == "kept":
                await site.get(path, headers=CURL)
                clock.now = NOON + 7201
            bad_day(upstream)
            answers = []
            began = clock.now
            for second in [*range(1, 9), 15, 31, 39, 40, 41, 42, 55, 60, 61, 75, 99, 100, 101, 105, 110, 120]:
                clock.now = began + second
                if second == 100:
                    upstream.recovers()
                answers.append(await site.get(path, headers=CURL))
            counts = re.findall(r'<svg class="gauge".*?</svg>', (await site.get("/status")).text)
        seen.append((answers, upstream.count - before, counts))
    (with_it, calls, counted), (without, calls_without, counted_without) = seen
    for second, (one, other) in enumerate(zip(with_it, without, strict=True)):
        assert (second, one.status_code, one.content) == (second, other.status_code, other.content)
        assert (second, dated(one, other)) == (second, told(other))
    assert calls == calls_without
    assert counted == counted_without


@pytest.mark.slow
@pytest.mark.parametrize("path", [API, PAGE, TERMINAL, CALENDAR])
@pytest.mark.parametrize("bad_day", BAD_DAYS)
async def test_a_crowd_on_a_bad_day_costs_one_page_a_second_and_one_for_each_look(upstream, clock, path, bad_day):
    """As of when a part failed a moment ago it is known that it is not asked for yet: for a second it is made once."""
    async with running(upstream, clock, steady=clock) as site:
        await site.get(path, headers=CURL)
        clock.now += 7201
        bad_day(upstream)
        await site.get(path, headers=CURL)
        await site.get(path, headers=CURL)
        before = site.app.hits
        for _ in range(10):
            assert (await site.get(path, headers=CURL)).status_code == 200
        assert site.app.hits - before == 10


@pytest.mark.parametrize("path", [OWM, API, PAGE])
async def test_a_new_key_ends_the_pause_at_once_on_every_surface(upstream, clock, path, tmp_path):
    """A rejected key pauses for ten minutes. A second after its file has changed nobody is given a stale answer."""
    file = tmp_path / "key"
    file.write_text("a" * 32)
    async with running(upstream, clock, key=None, steady=clock, OPENWEATHERMAP_API_KEY_FILE=str(file)) as site:
        await site.get(path)
        clock.now += 7201
        refuses_the_key(upstream)
        for _ in range(3):
            assert "ttl=-" in (await site.get(path)).headers["Cache-Status"]
        upstream.recovers()
        file.write_text("b" * 32)
        os.utime(file, ns=(1, 1))
        clock.now += 1
        assert (await site.get(path)).headers["Cache-Status"] == "weather; fwd=stale; stored"


def test_what_concerns_one_client_alone_is_no_reason_to_use_a_page_again():
    """Of all errors only three are the same for whoever asks: open, spent, switched off; and for a second at most."""
    waits = {CircuitOpen(0.5): 0.5, KeyPaused(8.0, "", b""): 1.0, QuotaExhausted(9.0): 1.0, Offline(): 1.0}
    of_one = [ClientQuotaExhausted(5.0), TooManyCalls("one at a time"), NotCached("nothing"), UpstreamTimeout("slow")]
    of_one += [UpstreamServerError(503, wait=5.0), UpstreamUnreachable("gone"), PlaceNotFound("nowhere")]
    for error, seconds in {**waits, **dict.fromkeys(of_one, 0.0)}.items():
        assert unchanged_for(error) == seconds


async def test_headers_that_come_twice_are_for_others_to_judge(site):
    """A request with a repeated header is answered as if nothing were ready."""
    await site.get(OWM)
    twice = [("Accept-Encoding", "identity"), ("Accept-Encoding", "gzip")]
    assert (await site.get(OWM, headers=twice)).status_code == 200


class Door:
    """An app of one page, which is told as of its minute: it counts how often it is made, and waits to be let go on."""

    def __init__(self, size: int = 1, vary: bytes = b"Accept-Encoding") -> None:
        self.made, self.open, self.fails = 0, asyncio.Event(), False
        self.size, self.vary, self.seconds = size, vary, 600.0

    async def __call__(self, scope, receive, send) -> None:
        self.made += 1
        await self.open.wait()
        if not self.fails:
            scope[ALLOW_REUSE]((Validity(NOON, Lifetime(600, 0)),), True, self.seconds)
        body = b"%d" % self.made
        body = body.ljust(self.size)
        headers = [(b"etag", b'"x"'), (b"content-length", b"%d" % len(body)), (b"vary", self.vary)]
        await send({"type": "http.response.start", "status": 500 if self.fails else 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def end(self) -> None:
        """Nothing to end."""


async def crowd(ready, n: int, path: str = "/") -> list:
    """What so many are answered who come at once."""
    answers: list[list] = [[] for _ in range(n)]

    async def receive():
        return {"type": "http.request", "body": b""}

    async def ask(answer) -> None:
        async def send(message) -> None:
            answer.append(message)

        scope = {"type": "http", "method": "GET", "path": path, "query_string": b"", "headers": [(b"host", b"a")]}
        await ready(scope, receive, send)

    await asyncio.gather(*(ask(answer) for answer in answers))
    return [(start["status"], body["body"]) for start, body in answers]


@pytest.fixture
def surface():
    return Door()


@pytest.fixture
def ready(surface, clock):
    return ResponseCache(surface, clock, watched(clock), Question(()))


async def test_when_the_minute_turns_one_makes_the_page_for_all(surface, ready, clock):
    """Thirty who come at once in a new minute wait for the first, and are answered with what that made."""
    surface.open.set()
    await crowd(ready, 1)
    clock.now += 60
    surface.open.clear()
    asyncio.get_running_loop().call_later(0.01, surface.open.set)
    assert await crowd(ready, 30) == [(200, b"2")] * 30


async def test_while_one_looks_for_what_is_missing_the_others_do_not_wait(surface, ready, clock):
    """Upstream may be asked again, and hangs: one finds that out, and the crowd has the page of the minute."""
    surface.open.set()
    surface.seconds = 5.0
    await crowd(ready, 1)
    clock.now += 6
    surface.open.clear()
    looking = asyncio.create_task(crowd(ready, 1))
    await until(lambda: surface.made == 2)
    assert await crowd(ready, 30) == [(200, b"1")] * 30
    clock.now += 54
    waiting = asyncio.create_task(crowd(ready, 30))
    surface.open.set()
    assert await looking == [(200, b"2")]
    assert await waiting == [(200, b"3")] * 30  # of a minute that is over, nothing is given


async def test_who_waited_in_vain_goes_on_alone(surface, ready, clock):
    """If the first has failed the others try for themselves, and none waits twice."""
    surface.open.set()
    await crowd(ready, 1)
    clock.now += 60
    surface.open.clear()
    surface.fails = True
    asyncio.get_running_loop().call_later(0.01, surface.open.set)
    assert [status for status, _ in await crowd(ready, 5)] == [500] * 5
    assert surface.made == 6
