"""Circuit breakers and quotas through the real app: which calls go upstream, and what the others are answered."""

import asyncio
import json
import logging
import os
import re
from datetime import UTC, datetime

import pytest
from fakes import KEY, NOON, Clock, Upstream, make_admission, running, until

from weather.errors import (
    CircuitOpen,
    ClientQuotaExhausted,
    UpstreamRateLimited,
    UpstreamServerError,
    UpstreamUnreachable,
)
from weather.providers.openweathermap.endpoints import FORECAST, WEATHER
from weather.upstream.quota import Quota
from weather.upstream.stores.memory import MemoryStore
from weather.upstream.types import Requester, make_request

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

REJECTION = b'{"cod":401, "message": "Invalid API key. Please see https://openweathermap.org/faq#error401"}'
OTHER_PRODUCT = "/data/2.5/forecast?lat=1&lon=1"
FAILED = UpstreamServerError(503)
TO_CLOSE = 4 * 3 + 1
"""Calls of four keys, each asked three times, and the first of the fifth."""


def place(number: float) -> str:
    return f"/data/2.5/weather?lat={number}&lon=7"


async def open_breaker(site, upstream) -> None:
    """Let the product fail until its circuit breaker is open."""
    upstream.fails(503, paths=("/data/2.5/weather",))
    for i in range(5):
        await site.get(place(60 + i))
    assert (await site.get(place(70))).json()["cod"] == 503


async def test_open_after_five_failures_nobody_asks(site, upstream, clock):
    """Five failed keys open the breaker: no call more, and cold ones 503 with a Retry-After (statements 45, 48)."""
    await open_breaker(site, upstream)
    assert upstream.by_path["/data/2.5/weather"] == TO_CLOSE
    answers = [await site.get(place(i)) for i in range(20)]
    assert {answer.status_code for answer in answers} == {503}
    assert all(1 <= int(answer.headers["retry-after"]) <= 6 for answer in answers)
    assert (await site.get("/api/v1/current?lat=3&lon=3")).json()["code"] == "upstream_unavailable"
    assert upstream.by_path["/data/2.5/weather"] == TO_CLOSE
    assert (await site.get(OTHER_PRODUCT)).status_code == 200


async def test_while_it_is_open_old_answers_say_so(site, upstream, clock):
    """A stored answer while the breaker is open: 200, a hit with a negative ttl and `gate` (statement 31)."""
    await site.get(place(1))
    clock.now += 3600
    await open_breaker(site, upstream)
    before = upstream.count
    answer = await site.get(place(1))
    assert (answer.status_code, answer.headers["cache-status"]) == (200, "weather; hit; ttl=-3000; detail=gate")
    assert upstream.count == before


@pytest.mark.slow
@pytest.mark.parametrize("outcome", [503, 200])
async def test_half_open_one_of_fifty_goes(site, upstream, clock, outcome):
    """50 at once at different places after the pause: one call; its success closes, its failure opens again (46)."""
    await open_breaker(site, upstream)
    clock.now += 7
    if outcome == 200:
        upstream.recovers()
    before = upstream.count
    upstream.released.clear()
    visits = asyncio.gather(*(site.get(place(i)) for i in range(50)))
    await until(lambda: upstream.count > before)
    await asyncio.sleep(0.05)
    assert upstream.count == before + 1
    upstream.released.set()
    statuses = [answer.status_code for answer in await visits]
    assert upstream.count == before + 1
    assert statuses.count(503) >= 49
    after = await site.get(place(80))
    assert after.status_code == (200 if outcome == 200 else 503)


@pytest.mark.slow
async def test_one_probe_at_an_interval(site, upstream, clock):
    """An outage, and visitors of other places all the time: one call for each pause, each longer (statement 44)."""
    await open_breaker(site, upstream)
    at, before = [], upstream.count
    start = clock.now
    while clock.now < start + 300:
        await site.get(place(int(clock.now - start) % 80 + 0.5))
        if upstream.count > before:
            assert upstream.count == before + 1
            at.append(clock.now)
            before = upstream.count
        clock.now += 0.5
    apart = [later - earlier for earlier, later in zip(at, at[1:], strict=False)]
    assert 6 <= len(at) <= 9
    assert all(low <= seconds <= low * 1.2 + 0.5 for low, seconds in zip((10, 20, 40, 60, 60), apart, strict=False))


async def test_a_probe_whose_visitor_leaves_wedges_nothing(site, upstream, clock):
    """The probe's visitor disconnects: the probe ends all the same and closes the breaker (statement 47)."""
    await open_breaker(site, upstream)
    upstream.recovers()
    clock.now += 7
    before = upstream.count
    upstream.released.clear()
    visit = asyncio.create_task(site.get(place(1)))
    await until(lambda: upstream.count > before)
    visit.cancel()
    upstream.released.set()
    await until(lambda: asyncio.all_tasks() and visit.done())
    await asyncio.sleep(0.05)
    assert (await site.get(place(2))).status_code == 200


async def test_a_probe_that_times_out_wedges_nothing(upstream, clock):
    """A probe without an answer is a failure, after which another goes (statement 47)."""
    async with running(upstream, clock, WEATHER_TIMEOUT="300ms") as site:
        await open_breaker(site, upstream)
        clock.now += 7
        upstream.released.clear()
        assert (await site.get(place(1))).status_code in (502, 503, 504)
        upstream.released.set()
        await asyncio.sleep(0.1)
        upstream.recovers()
        clock.now += 13
        assert (await site.get(place(2))).status_code == 200


async def test_a_probe_that_dies_wedges_nothing(clock):
    """A worker that is killed while it probes: ten seconds later another may (statement 47)."""
    store = MemoryStore(clock)
    dead, alive = make_admission(clock, store), make_admission(clock, store)
    request = make_request(WEATHER, lat="1", lon="1")
    await fail(dead)
    clock.now += 6
    await dead.permit(request, Requester()).acquire()
    for later in (0.0, 9.9):
        clock.now += later
        with pytest.raises(CircuitOpen):
            await attempt(alive)
    clock.now += 0.2
    await attempt(alive)


async def fail(admission) -> None:
    """Let five keys of the product fail."""
    for i in range(5):
        await admission.record_attempt("weather", FAILED, (), str(i))


async def attempt(admission) -> None:
    """Enter and leave, as the gateway does."""
    permit = admission.permit(make_request(WEATHER, lat="1", lon="1"), Requester())
    try:
        await permit.acquire()
    finally:
        await permit.release()


class Refusing(MemoryStore):
    """A store at fault: every claim is granted, nothing is kept."""

    async def get(self, key):
        return None

    async def claim(self, key, holder, seconds):
        await asyncio.sleep(0)
        return True


async def test_one_probe_though_the_store_grants_every_claim(clock):
    """Redis down, or the disk: each worker still lets one probe through (statements 46 and 82)."""
    admission = make_admission(clock, Refusing(clock))
    await fail(admission)
    clock.now += 6
    permits = [admission.permit(make_request(WEATHER, lat=str(i)), Requester()) for i in range(50)]
    entered = await asyncio.gather(*(one.acquire() for one in permits), return_exceptions=True)
    assert entered.count(None) == 1
    await permits[entered.index(None)].release()
    await permits[(entered.index(None) + 1) % 50].acquire()


async def test_a_probe_that_is_refused_by_one_breaker_releases_the_other(clock):
    """Account and product both half-open, the product's turn taken: the account's is given back."""
    store = MemoryStore(clock)
    admission, others = make_admission(clock, store), make_admission(clock, store)
    weather, forecast = make_request(WEATHER, lat="1"), make_request(FORECAST, lat="1")
    await admission.record_attempt("weather", UpstreamRateLimited(429, wait=5.0), (), "one")
    await fail(admission)
    clock.now += 7
    await store.claim(others.store_keys("weather")["weather"], "another", 60)
    permit = admission.permit(weather, Requester())
    with pytest.raises(CircuitOpen):
        await permit.acquire()
    await permit.release()
    await others.permit(forecast, Requester()).acquire()


class Slow(MemoryStore):
    """A store beyond a network: each answer takes a turn of the loop."""

    async def get(self, key):
        found = await super().get(key)
        await asyncio.sleep(0)
        return found


async def test_of_failures_that_end_together_each_counts(clock):
    """Five calls that fail in one moment close the product, though the store is a network away (statement 45)."""
    admission = make_admission(clock, Slow(clock))
    await asyncio.gather(*(admission.record_attempt("weather", FAILED, (), str(i)) for i in range(5)))
    assert [one.name for one in await admission.open_breakers()] == ["weather"]


class SickAt(Upstream):
    """An upstream that fails for one question alone."""

    def __init__(self, which: str, status: int = 500, body: bytes = b"", **headers: str) -> None:
        super().__init__()
        self.which, self.how = which, dict(status=status, body=body, **headers)

    async def __call__(self, scope, receive, send) -> None:
        self.fails(**self.how) if self.which in scope["query_string"].decode() else self.recovers()
        await super().__call__(scope, receive, send)


SICKNESSES = {
    "500": SickAt("q=Bad"),
    "503 with an order": SickAt("q=Bad", 503, retry_after="40"),
    "garbage": SickAt("q=Bad", 200, b"\xff", content_type="application/json"),
    "nan": SickAt("q=Bad", 200, b'{"main": {"temp": -nan}}', content_type="application/json"),
    "redirect": SickAt("q=Bad", 302, location="https://elsewhere.invalid/"),
}


@pytest.mark.slow
@pytest.mark.parametrize("sickness", SICKNESSES)
@pytest.mark.parametrize("apart", [0.2, 1.0, 3.0])
async def test_a_sick_key_costs_itself_alone(clock, sickness, apart):
    """One town always fails and is asked without pause: of 200 other cold towns none gets a 503 (statement 102)."""
    sick = SICKNESSES[sickness]
    async with running(sick, clock) as site:
        statuses = []
        for i in range(200):
            await site.get("/data/2.5/weather?q=Bad")
            statuses.append((await site.get(place(i / 4))).status_code)
            clock.now += apart
        assert set(statuses) == {200}
        assert (await site.get("/readyz")).json()["checks"]["upstream"]["status"] == "ok"


async def test_a_failing_cold_key_is_held_back_by_its_own_pause(upstream, clock):
    """Nothing is kept, and it failed a moment ago: 503 with Retry-After at once, in the shape of the door, no call."""
    upstream.fails(500)
    async with running(upstream, clock) as site:
        owm, api, page = place(1), "/api/v1/current?lat=1&lon=7", "/forecast/1,7"
        assert (await site.get(owm)).status_code == 502
        before = upstream.count
        for path in (owm, api):
            held = await site.get(path)
            assert (held.status_code, held.headers["retry-after"]) == (503, "1")
        assert held.json()["code"] == "upstream_unavailable"
        assert held.headers["content-type"] == "application/problem+json"
        assert upstream.count == before
        assert (await site.get(page)).status_code in (502, 503)  # which asks for more than that
        clock.now += 1
        assert (await site.get(owm)).status_code == 502
        held = await site.get(owm)
        assert (held.status_code, held.json()["cod"], held.headers["retry-after"]) == (503, 503, "2")


async def test_what_upstream_answers_to_a_question_is_told_again(upstream, clock):
    """A 400 is an answer: a program that repeats its mistake sees it again, and no 503 (interface, 7)."""
    body = b'{"cod":"400","message":"wrong latitude"}'
    upstream.fails(400, body, "application/json")
    async with running(upstream, clock) as site:
        answers = [await site.get(place(1)) for _ in range(3)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(400, body)] * 3


async def test_a_connection_that_is_not_made_concerns_every_key(clock):
    """Nobody listens: five requests close the product, be they for one key; each counts once (issue, 2)."""
    admission = make_admission(clock)
    error = UpstreamUnreachable("the connection is refused")
    error.of_connection = True
    for _ in range(5):
        assert await admission.open_breakers() == []
        permit = admission.permit(make_request(WEATHER, q="London"), Requester())
        for _ in range(3):
            await permit.record(error)
    assert [one.name for one in await admission.open_breakers()] == ["weather"]


@pytest.mark.slow
async def test_breakers_are_shared_by_all_who_use_one_store_and_one_key(upstream, clock, tmp_path):
    """Two apps over one store, no parent between them: what opened in one is open in the other (statement 120)."""
    async with running(upstream, clock, tmp_path) as one, running(upstream, clock, tmp_path) as other:
        await open_breaker(one, upstream)
        await until(lambda: list(tmp_path.rglob("cache.db")))
        before = upstream.count
        for _ in range(200):
            if (await other.get("/readyz")).json()["checks"]["upstream"]["status"] == "degraded":
                break
            await other.get("/healthz")
            await asyncio.sleep(0.01)
        assert (await other.get(place(1))).status_code == 503
        assert upstream.count == before
    async with running(upstream, clock, tmp_path, KEY[::-1]) as another_key:
        await another_key.get(place(1))
        assert upstream.count > before


async def test_a_block_outlives_the_process(upstream, clock, tmp_path):
    """429, then a restart within its time: nobody asks; after it, one does (statement 43)."""
    upstream.fails(429, b"{}", "application/json")
    async with running(upstream, clock, tmp_path) as site:
        await site.get(place(1))
    upstream.recovers()
    clock.now += 599
    async with running(upstream, clock, tmp_path) as site:
        assert (await site.get(place(2))).status_code == 503
        assert upstream.count == 1
        clock.now += 1
        assert (await site.get(place(2))).status_code == 200


async def test_a_restart_is_a_reason_to_try_a_rejected_key_again(upstream, clock, tmp_path):
    """401, the operator makes the key good and restarts: it is tried at once, and not after ten minutes (29)."""
    upstream.fails(401, REJECTION, "application/json")
    async with running(upstream, clock, tmp_path) as site:
        await site.get(place(1))
    clock.now += 5
    async with running(upstream, clock, tmp_path) as site:
        for i in range(9):
            assert (await site.get(place(i))).status_code == 401
        assert upstream.count == 2
    upstream.recovers()
    clock.now += 5
    async with running(upstream, clock, tmp_path) as site:
        assert (await site.get(place(1))).status_code == 200


async def test_an_outage_that_is_long_over_holds_up_no_first_visitors(upstream, clock, tmp_path):
    """Closed, then an hour later a crowd at once after a restart: all are answered, not one of them (46)."""
    async with running(upstream, clock, tmp_path) as site:
        await open_breaker(site, upstream)
    upstream.recovers()
    clock.now += 3600
    async with running(upstream, clock, tmp_path) as site:
        answers = await asyncio.gather(*(site.get(place(i)) for i in range(20)))
    assert {answer.status_code for answer in answers} == {200}


@pytest.mark.parametrize("header", ["0", "Tue, 24 Nov 2026 11:59:30 GMT", "Tue, 24 Nov 2026 12:00:00 GMT"])
async def test_429_without_time_to_wait_pauses_the_account(site, upstream, clock, header):
    """`Retry-After: 0`, or a date that has just passed: six places, one call (issue, 4)."""
    upstream.fails(429, b"{}", "application/json", retry_after=header)
    statuses = [(await site.get(place(i))).status_code for i in range(6)]
    assert (statuses, upstream.count) == ([503] * 6, 1)
    assert "account: rate_limited, paused" in (await site.get("/readyz")).json()["checks"]["upstream"]["detail"]


@pytest.mark.parametrize(("cod", "last"), [("429", 503), ('"429"', 503), ("401", 401), ('"401"', 401)])
async def test_a_cod_under_a_200_pauses_what_its_status_pauses(site, upstream, clock, cod, last):
    """`"cod": 429` or `401` in a 200: six places, one call, ten minutes long (issue, 4)."""
    upstream.fails(200, b'{"cod": %s, "message": "no"}' % cod.encode(), "application/json")
    assert [(await site.get(place(i))).status_code for i in range(6)][1:] == [last] * 5
    assert upstream.count == 1
    clock.now += 599
    await site.get(place(7))
    assert upstream.count == 1


async def test_who_claims_a_probe_after_another_has_failed_at_it_looks_again(clock):
    """The breaker was half-open when he looked, and is open when he gets the claim: he does not go (46)."""
    store = MemoryStore(clock)
    first, second = make_admission(clock, store), make_admission(clock, store)
    await fail(first)
    clock.now += 6
    probed = await second.half_open_breakers("weather")
    assert probed == ["weather"]
    permit = first.permit(make_request(WEATHER, lat="1"), Requester())
    await permit.acquire()
    await permit.record(FAILED)
    with pytest.raises(CircuitOpen):
        await second.claim_probe(probed, "weather", "second")


async def test_429_pauses_the_account(site, upstream, clock):
    """A 429 on one product: no call of any until its Retry-After has passed; then one, and all is open (43)."""
    upstream.fails(429, b"{}", "application/json", paths=("/data/2.5/weather",), retry_after="120")
    first = await site.get(place(1))
    assert (first.status_code, first.json()["cod"], first.headers["retry-after"]) == (503, 503, "120")
    upstream.recovers()
    before = upstream.count
    for later in (1, 60, 119.5):
        clock.now = NOON + later
        assert (await site.get(OTHER_PRODUCT)).status_code == 503
    assert upstream.count == before
    clock.now = NOON + 120
    assert (await site.get(OTHER_PRODUCT)).status_code == 200


async def test_429_without_a_word_pauses_it_for_ten_minutes(site, upstream, clock):
    """OpenWeatherMap's own advice, where it says nothing else (statement 43)."""
    upstream.fails(429, b"{}", "application/json")
    await site.get(place(1))
    upstream.recovers()
    clock.now += 599
    assert (await site.get(OTHER_PRODUCT)).status_code == 503
    clock.now += 1
    assert (await site.get(OTHER_PRODUCT)).status_code == 200


async def test_a_success_that_was_under_way_lifts_no_block(site, upstream, clock):
    """Two calls at once, one gets a 429 and the other then a 200: the account stays paused (statement 43)."""
    upstream.released.clear()
    slow = asyncio.create_task(site.get(OTHER_PRODUCT))
    await until(lambda: upstream.count == 1)
    released, upstream.released = upstream.released, asyncio.Event()
    upstream.released.set()
    upstream.fails(429, b"{}", "application/json", paths=("/data/2.5/weather",))
    await site.get(place(1))
    released.set()
    assert (await slow).status_code == 200
    before = upstream.count
    upstream.recovers()
    assert (await site.get(place(2))).status_code == 503
    assert upstream.count == before


async def test_a_401_pauses_its_product_only(site, upstream, clock):
    """401: old answers stay, cold ones 503, no call of that product for ten minutes; others as ever (29)."""
    await site.get(place(1))
    clock.now += 3600
    upstream.fails(401, REJECTION, "application/json", paths=("/data/2.5/weather",))
    old = await site.get(place(1))
    assert (old.status_code, old.json()["name"]) == (200, "London")
    before = upstream.count
    clock.now += 599
    again = await site.get(place(1))
    cold, api = await site.get(place(2)), await site.get("/api/v1/current?lat=5&lon=5")
    assert upstream.count == before
    assert again.headers["cache-status"].startswith("weather; hit; ttl=-")
    assert (cold.status_code, cold.content, cold.headers["content-type"]) == (401, REJECTION, "application/json")
    assert (api.status_code, api.json()["code"]) == (503, "key_rejected")
    assert (await site.get(OTHER_PRODUCT)).status_code == 200
    upstream.recovers()
    clock.now += 1
    assert (await site.get(place(2))).status_code == 200


async def test_a_new_key_is_tried_at_once(upstream, clock, tmp_path):
    """The key's file changes: the product that was paused is asked again, without a restart (statement 29)."""
    file = tmp_path / "key"
    file.write_text(KEY)
    async with running(upstream, clock, tmp_path, key=None, OPENWEATHERMAP_API_KEY_FILE=str(file)) as site:
        upstream.fails(401, REJECTION, "application/json")
        await site.get(place(1))
        upstream.recovers()
        assert (await site.get(place(1))).status_code == 401
        file.write_text(KEY[::-1])
        os.utime(file, (clock.now, clock.now + 60))
        assert (await site.get(place(1))).status_code == 200
        assert upstream.queries[-1]["appid"] == KEY[::-1]


async def test_transitions_are_logged_once(site, upstream, clock, caplog):
    """One line when a breaker opens, one when it closes, and none for the calls that it refuses (statement 48)."""
    with caplog.at_level(logging.WARNING, "weather.upstream.limits.admission"):
        await open_breaker(site, upstream)
        for i in range(20):
            await site.get(place(i))
        upstream.recovers()
        clock.now += 7
        await site.get(place(1))
        await site.get(place(2))
    assert [record.message for record in caplog.records] == [
        "circuit breaker weather: open, failing",
        "circuit breaker weather: closed again",
    ]


async def test_readyz_says_what_is_paused(site, upstream):
    """The product, the reason, and the end of the pause: 5 s, and less than one more by chance."""
    await open_breaker(site, upstream)
    check = (await site.get("/readyz")).json()["checks"]["upstream"]
    end = datetime.fromtimestamp(NOON + 5, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    assert check == {"status": "degraded", "detail": f"openweathermap, weather: failing, paused until {end}"}


async def test_the_first_success_clears_all(site, upstream, clock):
    """After an outage one probe makes its key fresh and opens the way for every other (statement 36)."""
    for i in range(3):
        await site.get(place(i))
    clock.now += 3600
    await open_breaker(site, upstream)
    upstream.recovers()
    clock.now += 7
    told = [(await site.get(place(i))).headers["cache-status"] for i in range(3)]
    assert told == ["weather; fwd=stale; stored"] * 3


async def test_a_clock_that_steps_moves_nothing(upstream, clock):
    """An hour back: what is fresh is a hit with ttl and Age as at first; nothing is fetched anew (statement 37)."""
    async with running(upstream, clock, steady=Clock(0.0)) as site:
        for i in range(20):
            await site.get(place(i))
        for step in (-3600, -1, +1):
            clock.now = NOON + step
            answers = [await site.get(place(i)) for i in range(20)]
            assert all(int(answer.headers["age"]) >= 0 for answer in answers)
            assert all("; hit; ttl=" in answer.headers["cache-status"] for answer in answers)
    assert upstream.count == 20


def minutes(calls: list[float]) -> int:
    """The most calls in any sixty seconds."""
    return max(sum(end - 60 <= at <= end for at in calls) for end in calls)


class Timed(Upstream):
    """Writes down when it was called."""

    def __init__(self, clock) -> None:
        super().__init__()
        self.clock, self.at = clock, []

    async def __call__(self, scope, receive, send):
        self.at.append(self.clock())
        await super().__call__(scope, receive, send)


@pytest.mark.slow
async def test_a_crowd_stays_within_the_minute(clock):
    """1,000 visits of many clients over 300 places, with failures between: never more than Q_MIN in 60 s, and no
    known place is refused (statement 54)."""
    upstream = Timed(clock)
    trusted = {"WEATHER_CALLS_PER_MINUTE": "20", "WEATHER_TRUSTED_PROXIES": "127.0.0.1"}
    async with running(upstream, clock, **trusted) as site:
        known = set()
        for i in range(1000):
            clock.now += 1.2
            which = (i * i + 7 * i) % 300
            upstream.fails(500) if i % 50 == 49 else upstream.recovers()
            client = {"X-Forwarded-For": f"192.0.2.{i % 250}"}
            answer = await site.get(place(which / 10), headers=client)
            assert answer.status_code == 200 or which not in known
            if answer.status_code == 200:
                known.add(which)
        assert minutes(upstream.at) == 20


async def test_at_zero_what_is_kept_goes_on(upstream, clock):
    """The month is spent: hits and old answers 200, cold ones 503 `quota_exhausted` with the true wait (56)."""
    trusted = {"WEATHER_CALLS_PER_MONTH": "2", "WEATHER_TRUSTED_PROXIES": "127.0.0.1"}
    async with running(upstream, clock, **trusted) as site:
        await site.get(place(1), headers={"X-Forwarded-For": "198.51.100.1"})
        await site.get(place(2), headers={"X-Forwarded-For": "198.51.100.2"})
        assert (await site.get(place(1))).headers["cache-status"] == "weather; hit; ttl=600"
        clock.now += 3600
        old = await site.get(place(1))
        assert (old.status_code, old.headers["cache-status"]) == (200, "weather; hit; ttl=-3000; detail=quota")
        cold, api = await site.get(place(3)), await site.get("/api/v1/current?lat=9&lon=9")
    assert upstream.count == 2
    assert (cold.status_code, cold.json()["cod"]) == (503, 503)
    assert (api.status_code, api.json()["code"]) == (503, "quota_exhausted")
    december = 1_796_083_200
    assert int(cold.headers["retry-after"]) == december - clock.now


async def test_the_wait_for_a_call_is_the_truth(upstream, clock):
    """503 `quota_exhausted`: after its Retry-After, and not before, the call is let (statement 56)."""
    async with running(upstream, clock, WEATHER_CALLS_PER_MINUTE="1") as site:
        await site.get(place(1))
        clock.now += 20
        wait = int((await site.get(place(2))).headers["retry-after"])
        clock.now += wait - 2
        assert (await site.get(place(2))).status_code in (429, 503)
        clock.now += 2
        assert (await site.get(place(2))).status_code == 200


async def test_every_attempt_is_paid_for(upstream, clock):
    """Retries draw on the budget like any call: three attempts, two calls, and the sixth is refused (54)."""
    upstream.fails(500)
    trusted = {"WEATHER_CALLS_PER_MONTH": "5", "WEATHER_TRUSTED_PROXIES": "127.0.0.1"}
    async with running(upstream, clock, **trusted) as site:
        one, other = ({"X-Forwarded-For": f"198.51.100.{i}"} for i in range(2))
        assert (await site.get(place(1), headers=one)).status_code == 502
        assert upstream.count == 3
        upstream.recovers()
        assert [(await site.get(place(i), headers=other)).status_code for i in (2, 3)] == [200, 200]
        assert (await site.get(place(4), headers=other)).status_code == 503


@pytest.mark.slow
async def test_one_client_cannot_drain_it(upstream, clock):
    """One with hundreds of places causes two thirds of Q_MIN, then 429; another's cold request succeeds (58)."""
    async with running(upstream, clock, WEATHER_CALLS_PER_MINUTE="30", WEATHER_TRUSTED_PROXIES="127.0.0.1") as site:

        async def visit(number: float, client: str):
            return await site.get(place(number), headers={"X-Forwarded-For": client})

        greedy = [await visit(i / 5, "198.51.100.1") for i in range(300)]
        assert [answer.status_code for answer in greedy].count(200) == 20
        assert {answer.status_code for answer in greedy[20:]} == {429}
        assert 1 <= int(greedy[-1].headers["retry-after"]) <= 62
        assert (await visit(80, "198.51.100.2")).status_code == 200
        hits = [await visit(0, "198.51.100.1") for _ in range(50)]
        assert {answer.status_code for answer in hits} == {200}
        assert upstream.count == 21
        api = await site.get("/api/v1/current?lat=80&lon=80", headers={"X-Forwarded-For": "198.51.100.1"})
        assert api.json()["code"] == "client_budget"


async def test_a_client_cannot_choose_who_he_is(upstream, clock):
    """Without a trusted proxy X-Forwarded-For and Forwarded make nobody another client (statement 59)."""
    async with running(upstream, clock, WEATHER_CALLS_PER_MINUTE="9") as site:
        statuses = []
        for i in range(9):
            told = {"X-Forwarded-For": f"198.51.100.{i}", "Forwarded": f"for=198.51.100.{i}"}
            statuses.append((await site.get(place(i), headers=told)).status_code)
    assert statuses == [200] * 6 + [429] * 3


async def test_who_follows_a_spent_client_gets_his_own_try(upstream, clock):
    """The leader of a flight has spent his share: a follower of another client asks for himself (statement 58)."""
    trusted = {"WEATHER_CALLS_PER_MINUTE": "3", "WEATHER_TRUSTED_PROXIES": "127.0.0.1"}
    async with running(upstream, clock, **trusted) as site:

        def visit(number: float, client: str):
            return site.get(place(number), headers={"X-Forwarded-For": client})

        assert [(await visit(i, "198.51.100.1")).status_code for i in range(2)] == [200, 200]
        spent = [visit(7, "198.51.100.1") for _ in range(40)]
        others = [visit(7, f"198.51.100.{i}") for i in range(2, 5)]
        answers = await asyncio.gather(*spent, *others)
    assert {answer.status_code for answer in answers[40:]} == {200}
    assert {answer.status_code for answer in answers[:40]} <= {200, 429}
    assert upstream.count == 3


@pytest.mark.slow
async def test_many_followers_of_one_spent_client_are_told_at_once(clock):
    """A thousand of a client who has spent his share, at once: each is refused, none crashes (statement 58)."""
    upstream = Upstream()
    async with running(upstream, clock, WEATHER_CALLS_PER_MINUTE="2") as site:
        await site.get(place(1))
        answers = await asyncio.gather(*(site.get(place(2)) for _ in range(1000)))
    assert {answer.status_code for answer in answers} == {429}
    assert upstream.count == 1


async def test_a_client_budget_names_its_client(clock):
    """So that a follower can tell whether it is his own that is spent."""
    admission = make_admission(clock, quotas=[Quota("m", 2, "minute")])
    await admission.account.charge(WEATHER, "one")
    with pytest.raises(ClientQuotaExhausted) as refused:
        await admission.account.charge(WEATHER, "one")
    assert refused.value.client == "one"


async def test_each_request_is_counted_once(site, upstream, clock):
    """Hits, old answers, misses and errors are together the requests; calls are those of upstream (statement 95)."""
    paths = [place(1), place(1), place(2), "/api/v1/forecast?lat=1&lon=7", place(1)]
    for path in paths:
        await site.get(path)
    clock.now += 3600
    upstream.fails(500)
    for path in [place(1), place(2), place(3), place(4)]:
        await site.get(path)
    page = (await site.get("/status?lang=en")).text
    counts = re.findall(r'<rect class="(\w+)" width="1" height="1"/>.*?\((\d+)\)', page)
    assert {kind: int(count) for kind, count in counts} == {"hit": 3, "miss": 4, "stale": 2, "error": 2}
    assert re.search(rf"\b{upstream.count} of 1\D?000\D?000 used", page)


def test_the_rejection_is_json():
    """The sample above is what OpenWeatherMap sends."""
    assert json.loads(REJECTION)["cod"] == 401
