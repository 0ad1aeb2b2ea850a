"""The road: once to upstream, kept, aged, and the last good answer when upstream fails."""

import asyncio
from datetime import datetime
from email.utils import parsedate_to_datetime

import pytest
from fakes import NOON, Clock, Upstream, running, until

from weather.upstream.freshness_policy import PATIENCE

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

WEATHER = "/data/2.5/weather?lat=51.51&lon=-0.13"
FORECAST_PATHS = {"/data/2.5/weather": 1, "/data/2.5/forecast": 1, "/data/2.5/air_pollution": 1}
OWM_ERROR_IN_200 = b'{"cod": "404", "message": "city not found"}'


async def together(site, path: str, times: int) -> list:
    return await asyncio.gather(*(site.get(path) for _ in range(times)))


@pytest.mark.parametrize("path", [WEATHER, "/api/v1/current?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"])
async def test_a_second_get_is_a_hit_with_the_same_bytes(site, upstream, clock, path):
    """Two identical GETs within the lifetime cost one call a product and give the same bytes (statement 1)."""
    first = await site.get(path)
    before = upstream.count
    clock.now += 20
    second = await site.get(path)
    assert first.status_code == second.status_code == 200
    assert upstream.count == before
    assert second.content == first.content
    assert second.headers["cache-status"] == "weather; hit; ttl=580"
    assert second.headers["age"] == "20"


async def test_a_cold_get_is_one_miss(site, upstream):
    """A cold GET is forwarded once and says so, and is no hit (statement 2)."""
    answer = await site.get(WEATHER)
    assert upstream.count == 1
    assert answer.headers["cache-status"] == "weather; fwd=uri-miss; stored"
    assert answer.headers["age"] == "0"


async def test_age_grows_with_the_clock_and_never_below_zero(upstream, clock):
    """Age is now less the time of fetching, and zero when the clock is set back (statement 3)."""
    async with running(upstream, clock, steady=Clock(0.0)) as site:
        await site.get(WEATHER)
        ages = []
        for later in (0, 1, 59, 599):
            clock.now = NOON + later
            ages.append(int((await site.get(WEATHER)).headers["age"]))
        clock.now = NOON - 3600
        answer = await site.get(WEATHER)
    assert ages == [0, 1, 59, 599]
    assert (answer.headers["age"], answer.headers["cache-status"]) == ("0", "weather; hit; ttl=600")


async def test_the_lifetime_ends_when_it_ends(site, upstream, clock):
    """One second before its end an answer is a hit, at its end it is fetched anew."""
    await site.get(WEATHER)
    clock.now += 599
    assert "hit" in (await site.get(WEATHER)).headers["cache-status"]
    clock.now += 1
    assert (await site.get(WEATHER)).headers["cache-status"] == "weather; fwd=stale; stored"
    assert upstream.count == 2


@pytest.mark.slow
async def test_a_hundred_visitors_of_a_cold_place_cost_one_call_a_product(site, upstream):
    """100 concurrent visitors of one cold page: one upstream call for each needed endpoint."""
    answers = await together(site, "/forecast/51.51,-0.13", 100)
    assert {answer.status_code for answer in answers} == {200}
    assert upstream.by_path == FORECAST_PATHS


async def test_followers_of_one_flight_say_so(site, upstream):
    """100 concurrent GETs of a cold key: one call, followers carry `collapsed` (statement 17)."""
    upstream.released.clear()
    visits = asyncio.gather(*(site.get(WEATHER) for _ in range(100)))
    await until(lambda: upstream.count)
    upstream.released.set()
    told = [answer.headers["cache-status"] for answer in await visits]
    assert upstream.count == 1
    assert sorted(set(told)) == ["weather; fwd=uri-miss; stored", "weather; fwd=uri-miss; stored; collapsed"]
    assert sum("collapsed" in one for one in told) == 99


async def test_fifty_cold_keys_for_two_visitors_each_cost_fifty_calls(site, upstream):
    """Flights of different keys do not wait for each other, and none is flown twice (statement 18)."""
    paths = [f"/data/2.5/weather?lat={i}&lon=0" for i in range(50)]
    answers = await asyncio.gather(*(site.get(path) for path in paths * 2))
    assert {answer.status_code for answer in answers} == {200}
    assert upstream.count == 50


async def test_a_failure_is_shared_too(upstream, clock):
    """20 concurrent visitors of a failing cold key cost one set of attempts, not twenty (statement 19)."""
    upstream.fails(500)
    async with running(upstream, clock) as site:
        answers = await together(site, WEATHER, 20)
    assert {answer.status_code for answer in answers} == {502}
    assert upstream.count == 3


async def test_a_leader_who_leaves_takes_nobody_with_him(site, upstream):
    """The visitor who started a flight disconnects: followers get their answer from it (statement 20)."""
    upstream.released.clear()
    leader = asyncio.create_task(site.get(WEATHER))
    await until(lambda: upstream.count)
    followers = [asyncio.create_task(site.get(WEATHER)) for _ in range(20)]
    await asyncio.sleep(0)
    leader.cancel()
    upstream.released.set()
    assert {answer.status_code for answer in await asyncio.gather(*followers)} == {200}
    assert upstream.count == 1


async def test_a_flight_lands_though_everybody_left(site, upstream):
    """All visitors disconnect: the answer is fetched and kept all the same (statement 21)."""
    upstream.released.clear()
    visits = [asyncio.create_task(site.get(WEATHER)) for _ in range(5)]
    await until(lambda: upstream.count)
    for visit in visits:
        visit.cancel()
    await asyncio.gather(*visits, return_exceptions=True)
    upstream.released.set()
    answer = await site.get(WEATHER)
    assert answer.status_code == 200
    assert upstream.count == 1


@pytest.mark.slow
async def test_no_flight_is_left_behind(upstream, clock):
    """The table of flights is empty after successes, failures and departures (statement 25)."""
    async with running(upstream, clock) as site:
        idle = len(asyncio.all_tasks())
        for i in range(300):
            upstream.fails(404 if i % 3 else 401, b"{}", "application/json") if i % 2 else upstream.recovers()
            visit = asyncio.create_task(site.get(f"/data/2.5/weather?lat={i / 10}&lon=1"))
            if i % 5 == 0:
                await asyncio.sleep(0)
                visit.cancel()
            await asyncio.gather(visit, return_exceptions=True)
        await until(lambda: len(asyncio.all_tasks()) == idle)


async def test_an_expired_key_is_asked_for_again(site, upstream, clock):
    """Upstream answers within half a second: the visitor gets the fresh answer (statement 26)."""
    await site.get(WEATHER)
    clock.now += 3600
    answer = await site.get(WEATHER)
    assert answer.headers["cache-status"] == "weather; fwd=stale; stored"
    assert answer.headers["age"] == "0"


async def test_a_slow_upstream_costs_half_a_second_at_most(upstream, clock, tmp_path):
    """Slower: the old answer, one call, and the next visitor after it lands gets the fresh one (statements 22, 26)."""
    async with running(upstream, clock, tmp_path, patience=PATIENCE) as site:
        await site.get(WEATHER)
        idle = len(asyncio.all_tasks())
        clock.now += 3600
        upstream.released.clear()
        old = await site.get(WEATHER)
        at_once = await together(site, WEATHER, 100)
        assert old.headers["cache-status"] == "weather; fwd=stale; ttl=-3000; detail=upstream-timeout"
        assert {answer.headers["cache-status"] for answer in at_once} == {
            "weather; fwd=stale; collapsed; ttl=-3000; detail=upstream-timeout"
        }
        assert upstream.count == 2
        upstream.released.set()
        await until(lambda: len(asyncio.all_tasks()) == idle)
        assert (await site.get(WEATHER)).headers["cache-status"] == "weather; hit; ttl=600"


FAULTS = {
    "500": (dict(status=500), "fwd-status=500; ttl=-3000; detail=upstream-status"),
    "502": (dict(status=502, body=b"<html>Bad Gateway</html>"), "fwd-status=502; ttl=-3000; detail=upstream-status"),
    "503": (dict(status=503), "fwd-status=503; ttl=-3000; detail=upstream-status"),
    "504": (dict(status=504), "fwd-status=504; ttl=-3000; detail=upstream-status"),
    "429": (dict(status=429, body=b"{}"), "fwd-status=429; ttl=-3000; detail=upstream-status"),
    "401": (dict(status=401, body=b"{}"), "fwd-status=401; ttl=-3000; detail=upstream-status"),
    "302": (
        dict(status=302, location="http://elsewhere.invalid/"),
        "fwd-status=302; ttl=-3000; detail=upstream-status",
    ),
    "garbage": (
        dict(status=200, body=b"\x00\xff{", content_type="application/json"),
        "ttl=-3000; detail=upstream-invalid",
    ),
    "truncated": (
        dict(status=200, body=b'{"main": {"temp"', content_type="application/json"),
        "ttl=-3000; detail=upstream-invalid",
    ),
    "html": (dict(status=200, body=b"<html></html>"), "ttl=-3000; detail=upstream-invalid"),
    "wrong type": (dict(status=200, body=b'{"main": {}, "dt": 1}'), "ttl=-3000; detail=upstream-invalid"),
    "empty": (dict(status=200, body=b"", content_type="application/json"), "ttl=-3000; detail=upstream-invalid"),
    "error in a 200": (
        dict(status=200, body=OWM_ERROR_IN_200, content_type="application/json"),
        "ttl=-3000; detail=upstream-invalid",
    ),
}


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
async def test_the_last_good_answer_is_served_when_upstream_fails(site, upstream, clock, fault):
    """Each failure of upstream: 200 with the last good body, marked stale, with the reason (statement 27)."""
    good = await site.get(WEATHER)
    clock.now += 3600
    how, told = FAULTS[fault]
    upstream.fails(**how)
    answer = await site.get(WEATHER)
    assert answer.status_code == 200
    assert answer.content == good.content
    assert answer.headers["cache-status"] == f"weather; fwd=stale; {told}"
    assert answer.headers["cache-control"] == "max-age=0, stale-if-error=30"
    assert answer.headers["last-modified"] == good.headers["last-modified"]


@pytest.mark.slow
@pytest.mark.parametrize("fault", FAULTS)
async def test_a_failure_is_never_kept(site, upstream, clock, fault):
    """An answer that breaks the contract is not stored: after its key's second of rest it is asked anew (9 and 10)."""
    how, _ = FAULTS[fault]
    upstream.fails(**how)
    failed = await site.get(WEATHER)
    before = upstream.count
    upstream.recovers()
    clock.now += 1
    answer = await site.get(WEATHER)
    assert failed.status_code >= 400
    if fault not in ("401", "429"):  # which open the breaker for ten minutes (statements 29 and 43)
        assert answer.status_code == 200
        assert upstream.count == before + 1


async def test_past_the_stale_limit_nothing_old_is_served(site, upstream, clock):
    """Older than its lifetime and three days: an error in the shape of the door, with Retry-After (statement 28)."""
    await site.get("/forecast/51.51,-0.13")
    clock.now += 1800 + 3 * 86400
    upstream.fails(503)
    answers = []
    for path in (WEATHER, "/api/v1/forecast?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"):
        answers.append(await site.get(path))
        clock.now += 5
    owm, api, page = answers
    assert (owm.status_code, api.status_code, page.status_code) == (502, 502, 502)
    assert owm.json()["cod"] == 502
    assert api.json()["code"] == "upstream_failed"
    assert page.headers["content-type"] == "text/html; charset=utf-8"
    assert all(int(answer.headers["retry-after"]) > 0 for answer in (owm, api, page))


async def test_one_second_before_the_stale_limit_the_old_answer_is_served(site, upstream, clock):
    """The limit itself: lifetime plus three days, less a second, is still answered."""
    await site.get(WEATHER)
    clock.now += 600 + 3 * 86400 - 1
    upstream.fails(500)
    assert (await site.get(WEATHER)).status_code == 200


async def test_a_404_replaces_a_kept_answer_and_is_kept_briefly(site, upstream, clock):
    """Upstream's own 404 replaces what was kept, for ten minutes (statements 10 and 29)."""
    await site.get(WEATHER)
    clock.now += 3600
    upstream.fails(404, b'{"cod":"404","message":"city not found"}', "application/json")
    answer = await site.get(WEATHER)
    assert (answer.status_code, answer.json()["message"]) == (404, "city not found")
    await site.get(WEATHER)
    assert upstream.count == 2
    upstream.recovers()
    clock.now += 600
    assert (await site.get(WEATHER)).status_code == 200


async def test_a_404_that_is_not_upstreams_own_replaces_nothing(site, upstream, clock):
    """A 404 page of something in between is no word of OpenWeatherMap about a place."""
    await site.get(WEATHER)
    clock.now += 3600
    upstream.fails(404, b"<html>Not Found</html>")
    answer = await site.get(WEATHER)
    assert (answer.status_code, answer.headers["cache-status"].split("; ")[1]) == (200, "fwd=stale")


async def test_a_failing_key_is_left_alone_for_longer_and_longer(site, upstream, clock):
    """100 requests of one stale key in ten seconds of outage: at most four sets of attempts (statement 30)."""
    await site.get(WEATHER)
    clock.now += 3600
    upstream.fails(400)
    before = upstream.count
    for _ in range(100):
        clock.now += 0.1
        answer = await site.get(WEATHER)
        assert answer.status_code == 200
    assert 3 <= upstream.count - before <= 4
    assert answer.headers["cache-status"].endswith("detail=gate")
    assert answer.headers["cache-status"].startswith("weather; hit; ttl=-")


@pytest.mark.slow
async def test_the_pause_doubles_up_to_a_minute_and_no_further(site, upstream, clock):
    """The times at which a stale key is asked for again: 1, 2, 4 … 60, 60 seconds apart (statement 30)."""
    await site.get(WEATHER)
    clock.now += 3600
    upstream.fails(400)
    asked, before = [], upstream.count
    for second in range(400):
        await site.get(WEATHER)
        if upstream.count > before:
            asked.append(second)
            before = upstream.count
        clock.now += 1
    apart = [later - earlier for earlier, later in zip(asked, asked[1:], strict=False)]
    assert apart == [1, 2, 4, 8, 16, 32, 60, 60, 60, 60, 60]


async def test_the_first_success_forgives(site, upstream, clock):
    """After an outage the first success makes the key fresh, and a new failure counts from one again."""
    await site.get(WEATHER)
    clock.now += 3600
    upstream.fails(400)
    await site.get(WEATHER)
    upstream.recovers()
    clock.now += 1
    assert (await site.get(WEATHER)).headers["cache-status"] == "weather; fwd=stale; stored"
    clock.now += 600
    upstream.fails(400)
    await site.get(WEATHER)
    before = upstream.count
    clock.now += 1
    await site.get(WEATHER)
    assert upstream.count == before + 1


async def test_a_failed_refresh_moves_no_times(site, upstream, clock):
    """Neither the time of fetching nor the stale limit moves with failures (statement 35)."""
    first = await site.get("/api/v1/current?lat=51.51&lon=-0.13")
    upstream.fails(500)
    tags = set()
    for later in (700, 90_000, 259_000):
        clock.now = NOON + later
        answer = await site.get("/api/v1/current?lat=51.51&lon=-0.13")
        tags.add(answer.headers["etag"])
        assert answer.json()["freshness"]["fetched_at"] == first.json()["freshness"]["fetched_at"]
        assert answer.json()["freshness"]["state"] == "stale"
    assert len(tags) == 1
    assert tags != {first.headers["etag"]}
    clock.now = NOON + 600 + 3 * 86400
    assert (await site.get("/api/v1/current?lat=51.51&lon=-0.13")).status_code == 502


DAY = 86_400.0
DOORS = [WEATHER, "/api/v1/current?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"]


@pytest.mark.slow
@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("is_up", [True, False], ids=["up", "down"])
@pytest.mark.parametrize("is_disk", [True, False], ids=["disk", "memory"])
@pytest.mark.parametrize("later", [15 * 60.0, 5 * 3600.0, 23 * 3600.0, DAY + 60])
async def test_after_a_clock_that_was_a_day_ahead_nothing_old_is_fresh(
    upstream, clock, tmp_path, path, is_up, is_disk, later
):
    """Asked while the clock was a day ahead, and again when it is right: asked anew, or told as stale (109)."""
    steady, folder = Clock(), tmp_path if is_disk else None
    clock.now = NOON + DAY
    async with running(upstream, clock, folder, steady=steady, WEATHER_FRESH_FOR="10m") as site:
        await site.get(path)
        before = upstream.count
        upstream.recovers() if is_up else upstream.fails(503)
        clock.now, steady.now = NOON + later, steady.now + later
        answer = await site.get(path)
        assert answer.status_code == 200
        assert upstream.count > before
        if is_up:
            assert answer.headers["age"] == "0"
        else:
            assert int(answer.headers["age"]) == later
            assert f"; ttl={600 - later:.0f}; detail=" in answer.headers["cache-status"]
        moment = parsedate_to_datetime(answer.headers["last-modified"]).timestamp()
        assert moment == clock.now - int(answer.headers["age"])


@pytest.mark.parametrize("later", [0.0, 5.0, 3600.0])
async def test_what_an_earlier_run_dated_ahead_is_asked_for_anew(upstream, clock, tmp_path, later):
    """Kept by a run whose clock was a day ahead: stale, never of the future, the old one while upstream fails (109)."""
    clock.now = NOON + DAY
    async with running(upstream, clock, tmp_path) as site:
        await site.get(WEATHER)
    clock.now = NOON + later
    upstream.fails(503)
    async with running(upstream, clock, tmp_path) as site:
        old, told = await site.get(WEATHER), await site.get(DOORS[1])
        assert (old.status_code, old.headers["cache-control"]) == (200, "max-age=0, stale-if-error=30")
        assert int(old.headers["age"]) >= 600
        assert told.json()["freshness"]["state"] == "stale"
        assert datetime.fromisoformat(told.json()["freshness"]["fetched_at"]).timestamp() <= clock.now
        upstream.recovers()
        clock.now += 90
        new = await site.get(WEATHER)
    assert (new.headers["age"], new.headers["cache-status"]) == ("0", "weather; fwd=stale; stored")
    async with running(upstream, clock, tmp_path) as site:
        assert (await site.get(WEATHER)).headers["cache-status"] == "weather; hit; ttl=600"


async def test_what_is_dated_a_moment_ahead_is_of_now(upstream, clock, tmp_path):
    """Clocks of two machines differ by seconds: an answer of the other is fresh, and its age is none (37, 109)."""
    clock.now = NOON + 50
    async with running(upstream, clock, tmp_path) as site:
        await site.get(WEATHER)
    clock.now = NOON
    async with running(upstream, clock, tmp_path) as site:
        answer = await site.get(WEATHER)
        assert (answer.headers["age"], answer.headers["cache-status"]) == ("0", "weather; hit; ttl=600")
        told = (await site.get(DOORS[1])).json()["freshness"]["fetched_at"]
    assert datetime.fromisoformat(told).timestamp() == NOON
    assert upstream.count == 1


@pytest.mark.parametrize("path", DOORS)
async def test_ready_answers_do_not_become_young_again(upstream, clock, path):
    """Made while the clock was ahead; it is set right, and the time that they claim comes again: not given (109)."""
    steady = Clock()
    async with running(upstream, clock, steady=steady) as site:
        clock.now = NOON + 3600
        await site.get(path)
        before = upstream.count
        clock.now, steady.now = NOON + 3601, steady.now + 3601
        answer = await site.get(path)
    assert upstream.count > before
    assert answer.headers["age"] == "0"


async def test_an_hours_step_refetches_nothing(upstream, clock, tmp_path):
    """The clock is set back by an hour, and forward again, while time passes: the true age is told (37)."""
    steady = Clock()
    async with running(upstream, clock, tmp_path, steady=steady) as site:
        for i in range(20):
            await site.get(f"/data/2.5/weather?lat={i}&lon=1")
        for step in (-3600.0, -1800.0, -3600.0, -90.0, 0.0):
            steady.now += 60
            clock.now = steady.now + step
            answers = [await site.get(f"/data/2.5/weather?lat={i}&lon=1") for i in range(20)]
            assert {answer.headers["age"] for answer in answers} == {f"{steady.now - NOON:.0f}"}
    assert upstream.count == 20


async def test_offline_asks_nobody(upstream, clock, tmp_path):
    """Offline: fresh ones as ever, old ones marked, unknown ones 503, no call (statement 31)."""
    async with running(upstream, clock, tmp_path) as site:
        await site.get(WEATHER)
    before = upstream.count
    async with running(upstream, clock, tmp_path, WEATHER_OFFLINE="yes") as site:
        fresh = await site.get(WEATHER)
        clock.now += 3600
        old = await site.get(WEATHER)
        unknown = await site.get("/data/2.5/weather?lat=1&lon=1")
    assert fresh.headers["cache-status"] == "weather; hit; ttl=600"
    assert old.headers["cache-status"] == "weather; hit; ttl=-3000; detail=offline"
    assert (unknown.status_code, unknown.json()["cod"]) == (503, 503)
    assert upstream.count == before


async def test_a_restart_keeps_what_was_kept(upstream, clock, tmp_path):
    """What one process fetched another serves, with its true age, while upstream is down (statement 32)."""
    async with running(upstream, clock, tmp_path) as site:
        first = await site.get("/api/v1/forecast?lat=51.51&lon=-0.13")
    upstream.fails(503)
    clock.now += 7200
    async with running(upstream, clock, tmp_path) as site:
        second = await site.get("/api/v1/forecast?lat=51.51&lon=-0.13")
    assert second.status_code == 200
    assert second.headers["age"] == "7200"
    assert second.json()["freshness"]["fetched_at"] == first.json()["freshness"]["fetched_at"]
    assert second.json()["freshness"]["state"] == "stale"


async def test_another_upstream_has_another_key_space(upstream, clock, tmp_path):
    """What the demo gave is never served as real, nor one origin's answer as another's (statement 5)."""
    async with running(upstream, clock, tmp_path) as site:
        await site.get(WEATHER)
    other = Upstream()
    async with running(other, clock, tmp_path, WEATHER_UPSTREAM_URL="https://other.example") as site:
        await site.get(WEATHER)
    async with running(None, clock, tmp_path, key=None, WEATHER_OFFLINE="yes") as site:
        demo = await site.get(WEATHER)
    assert (upstream.count, other.count, demo.status_code) == (1, 1, 503)


async def test_no_store_is_not_written_to_disk(upstream, clock, tmp_path):
    """An upstream `no-store` or `private` is kept in memory only (statement 12)."""
    upstream.more_headers = {"cache_control": "private, max-age=5"}
    async with running(upstream, clock, tmp_path) as site:
        await site.get(WEATHER)
        assert "hit" in (await site.get(WEATHER)).headers["cache-status"]
    async with running(upstream, clock, tmp_path) as site:
        assert "uri-miss" in (await site.get(WEATHER)).headers["cache-status"]


@pytest.mark.parametrize("header", ["no-cache", "max-age=0", "no-store"])
async def test_a_client_cannot_spend_calls_by_its_headers(site, upstream, header):
    """`Cache-Control` and `Pragma` of a client cause no upstream call for a fresh key (statement 60)."""
    await site.get(WEATHER)
    await site.get(WEATHER, headers={"Cache-Control": header, "Pragma": "no-cache"})
    assert upstream.count == 1


async def test_only_if_cached_asks_nobody(site, upstream, clock):
    """`only-if-cached`: 504 without a call when nothing is kept, else what is kept (statement 67)."""
    header = {"Cache-Control": "only-if-cached"}
    cold = [await site.get(path, headers=header) for path in (WEATHER, "/api/v1/current?lat=51.51&lon=-0.13")]
    assert [answer.status_code for answer in cold] == [504, 504]
    assert cold[1].json()["code"] == "not_kept"
    assert upstream.count == 0
    await site.get(WEATHER)
    clock.now += 3600
    assert (await site.get(WEATHER, headers=header)).headers["cache-status"] == "weather; hit; ttl=-3000"
    assert upstream.count == 1


async def test_parts_fail_alone(site, upstream):
    """One product down: its sections are null and say why; the others are there."""
    upstream.fails(500, paths=("/data/2.5/air_pollution",))
    answer = (await site.get("/api/v1/forecast?lat=51.51&lon=-0.13")).json()
    assert answer["air"] is None
    assert answer["current"]["temperature"] == 12.0
    assert [(gap["section"], gap["reason"]) for gap in answer["missing"]] == [
        ("nowcast", "plan"),
        ("alerts", "plan"),
        ("air", "upstream"),
    ]
