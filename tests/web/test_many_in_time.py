"""Fifty cold places in one request, of a slow upstream: whoever is answered in time is told, and nothing is lost."""

import asyncio

import pytest
from fakes import NOON, Clock, Upstream, running

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

POINTS = [f"{n},{n}" for n in range(50)]
MANY = f"/api/v1/current?at={';'.join(POINTS)}"


class Slow(Upstream):
    """Takes so many seconds for each call, and counts how many are under way."""

    def __init__(self, seconds: float) -> None:
        super().__init__()
        self.seconds, self.under_way, self.most = seconds, 0, 0

    async def __call__(self, scope, receive, send) -> None:
        self.under_way += 1
        self.most = max(self.most, self.under_way)
        await asyncio.sleep(self.seconds)
        self.under_way -= 1
        await super().__call__(scope, receive, send)


def codes(answer) -> list[str]:
    return [one.get("code") or one["freshness"]["state"] for one in answer.json()["results"]]


async def test_a_few_are_asked_for_at_a_time():
    """Of fifty four at once: the fifty take 50 / 4 turns of 0.3 s, and all are answered."""
    upstream = Slow(0.3)
    async with running(upstream, Clock()) as site:
        began = asyncio.get_running_loop().time()
        assert codes(await site.get(MANY)) == ["fresh"] * 50
        assert asyncio.get_running_loop().time() - began == pytest.approx(13 * 0.3, abs=0.2)
    assert (upstream.most, upstream.count) == (4, 50)


@pytest.mark.slow
async def test_what_has_no_time_left_says_so_and_the_next_request_goes_on():
    """Eight seconds hold four calls of two seconds each for four at once; what was fetched costs no second call."""
    upstream = Slow(1.9)
    async with running(upstream, Clock()) as site:
        first = await site.get(MANY)
        assert (codes(first).count("fresh"), codes(first).count("upstream_timeout")) == (16, 34)
        assert first.headers["cache-control"] == "no-store"
        told = {one["detail"] for one in first.json()["results"] if "detail" in one}
        assert told == {"There was no time left for this place. Ask again: what has come meanwhile is kept."}
        for _ in range(3):
            last = await site.get(MANY)
        assert codes(last) == ["fresh"] * 50
    assert upstream.count == 50


async def test_what_is_kept_waits_for_nobody():
    """Upstream hangs: the last points, which are kept, are told all the same; the old one with its age."""
    upstream, clock = Slow(0.0), Clock()
    async with running(upstream, clock) as site:
        await site.get("/api/v1/current?lat=48&lon=48")
        clock.now = NOON + 3600
        await site.get("/api/v1/current?lat=49&lon=49")
        upstream.seconds = 1000.0
        told = codes(await site.get(MANY))
    assert told[48:] == ["stale", "fresh"] and set(told[:48]) == {"upstream_timeout", "upstream_unavailable"}


@pytest.mark.slow
async def test_a_source_of_two_connections_is_not_flooded():
    """Open-Meteo takes two calls at a time: no point is refused for want of a connection."""
    upstream = Slow(0.2)
    upstream.bodies["/v1/forecast"] = lambda q: open_meteo(float(q["latitude"]), float(q["longitude"]))
    async with running(upstream, Clock(), key=None, WEATHER_PROVIDER="open-meteo") as site:
        answer = await site.get(MANY)
    assert codes(answer) == ["fresh"] * 50
    assert (upstream.most, upstream.count) == (2, 50)


def open_meteo(lat: float, lon: float) -> dict:
    """The least that is a body of Open-Meteo's."""
    current = {"time": int(NOON), "interval": 900, "temperature_2m": 11.0, "weather_code": 3}
    return {"latitude": lat, "longitude": lon, "utc_offset_seconds": 0, "timezone": "GMT", "current": current}
