"""Today on the free plan: the hours gone by count, as far as an earlier answer told of them."""

import pytest
from fakes import NOON, Clock, forecast_body, running, weather_body

pytestmark = pytest.mark.anyio

HOUR = 3600
API, PAGE = "/api/v1/forecast?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"
NIGHT = NOON - 12 * HOUR
WARM = 284.15  # 11° at noon; each step away from it is a degree colder


def body(now: float) -> dict:
    """The forecast of a time: from the next step on, warmest at noon, a millimetre from 06:00 to 09:00."""
    first = (int(now) // (3 * HOUR) + 1) * 3 * HOUR
    told = forecast_body(first)
    for step in told["list"]:
        apart = (step["dt"] - int(NOON)) // (3 * HOUR)
        step["main"]["temp"] = WARM - abs(apart)
        step |= {"rain": {"3h": 1.0} if apart == -1 else {}, "weather": [{"id": 500 if apart == -1 else 803}]}
    return told


def mild_at(upstream, clock) -> None:
    """Upstream tells the forecast of its time, and 5° now."""
    upstream.bodies["/data/2.5/forecast"] = lambda _: body(clock.now)
    upstream.bodies["/data/2.5/weather"] = lambda _: weather_body(
        dt=int(clock.now), main={"temp": 278.15, "feels_like": 278.15, "pressure": 1012, "humidity": 81}
    )


async def today(site) -> dict:
    return (await site.get(API)).json()["daily"][0]


async def test_hours_gone_by_count_when_an_earlier_answer_told_of_them(upstream, clock, tmp_path):
    """Asked at midnight and at 15:30: high, low and sum are of the whole day, which is not partial."""
    clock.now = NIGHT
    mild_at(upstream, clock)
    async with running(upstream, clock, tmp_path) as site:
        await today(site)
        clock.now = NOON + 3.5 * HOUR
        told = await today(site)
        calls = upstream.by_path["/data/2.5/forecast"]
    assert (told["temperature_max"], told["temperature_min"], told["precipitation"]) == (11, 5, 1)
    assert not told["partial"]
    assert calls == 2


async def test_they_count_after_a_restart_too(upstream, clock, tmp_path):
    """What was told at night stands in the store, not only in a process's memory."""
    clock.now = NIGHT
    mild_at(upstream, clock)
    async with running(upstream, clock, tmp_path) as site:
        await today(site)
    clock.now = NOON + 3.5 * HOUR
    async with running(upstream, clock, tmp_path) as site:
        assert (await today(site))["temperature_max"] == 11


async def test_hours_that_nobody_told_of_are_named_in_the_row(upstream, clock, tmp_path):
    """First asked at 15:30: the row says from when it is known, the API that it is partial; nothing is guessed."""
    clock.now = NOON + 3.5 * HOUR
    mild_at(upstream, clock)
    async with running(upstream, clock, tmp_path) as site:
        told, page = await today(site), (await site.get(PAGE)).text
    assert (told["partial"], told["temperature_max"]) == (True, 9)
    assert "<small>from 18:00</small>" in page


async def test_hours_of_which_an_answer_told_in_the_morning_are_known_from_then_on(upstream, clock, tmp_path):
    """Asked at 10:30 and at 15:30: the row says "from 12:00", and the warm noon counts."""
    clock.now = NOON - 1.5 * HOUR
    mild_at(upstream, clock)
    async with running(upstream, clock, tmp_path) as site:
        await today(site)
        clock.now = NOON + 3.5 * HOUR
        told, page = await today(site), (await site.get(PAGE)).text
    assert (told["partial"], told["temperature_max"]) == (True, 11)
    assert "<small>from 12:00</small>" in page


async def test_yesterdays_hours_are_no_part_of_today(upstream, tmp_path):
    """Asked at yesterday's noon and today at 03:30: yesterday's warm hours count no more."""
    clock = Clock(NOON - 24 * HOUR)
    mild_at(upstream, clock)
    upstream.bodies["/data/2.5/forecast"] = lambda _: {
        **forecast_body(clock.now // (3 * HOUR) * 3 * HOUR + 3 * HOUR),
    }
    async with running(upstream, clock, tmp_path) as site:
        await today(site)
        clock.now = NOON - 8.5 * HOUR
        told = (await site.get(API)).json()["daily"]
    assert told[0]["date"] == "2026-11-24"
    assert told[0]["temperature_max"] < 8
