"""Now, read from the forecast when the observation is too old."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fakes import NOON, forecast_body, running, weather_body
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.conditions import condition
from weather.domain.model import Coordinates, CurrentConditions, HourlyForecast
from weather.domain.nowcast import interpolate_now, is_too_old, turned

LONDON = Coordinates(51.51, -0.13)
START = datetime(2026, 6, 1, 12, tzinfo=UTC)
KNOWN = {
    "temperature": 10.0,
    "feels_like": 9.0,
    "dew_point": 5.0,
    "humidity": 60.0,
    "pressure": 1000.0,
    "wind_speed": 4.0,
    "wind_gust": None,
    "wind_direction": 350.0,
    "cloud_cover": 40.0,
    "visibility": 10000.0,
    "uv_index": None,
    "precipitation": 0.0,
    "condition": condition(803, "04d", True),
    "is_day": True,
}
SEEN = CurrentConditions(time=START - timedelta(hours=2), **KNOWN)
FIRST = HourlyForecast(time=START, interval=3, precipitation_probability=None, **KNOWN)
NEXT = replace(
    FIRST, time=START + timedelta(hours=3), temperature=16.0, wind_direction=20.0, condition=condition(500, "10d", True)
)


def at(minutes: float) -> float:
    return (START + timedelta(minutes=minutes)).timestamp()


def test_numbers_are_drawn_and_the_sky_is_that_of_the_step_that_covers_now():
    """A third of the way between two steps; the wind turns through north; the code is that of the running step."""
    told = interpolate_now(SEEN, [FIRST, NEXT], LONDON, at(60.5))
    assert (told.temperature, told.wind_direction, told.condition.code) == (12.0, 0.0, 500)
    assert (told.basis, told.time, told.wind_gust) == ("forecast", START + timedelta(hours=1), None)
    assert interpolate_now(SEEN, [FIRST, NEXT], LONDON, at(120)).condition.code == 500
    assert interpolate_now(SEEN, [FIRST, NEXT], LONDON, at(180)).temperature == 16.0


def test_before_the_first_step_it_is_drawn_from_the_observation():
    """The step tells of the three hours before it: within them the way leads on from what was measured."""
    told = interpolate_now(SEEN, [replace(NEXT, time=START + timedelta(hours=2))], LONDON, at(0))
    assert told.temperature == 13.0
    assert interpolate_now(SEEN, [NEXT], LONDON, at(-1)) is None


def test_a_forecast_that_does_not_cover_this_minute_says_nothing():
    """No steps, past its end, a hole between two steps."""
    assert interpolate_now(SEEN, [], LONDON, at(60)) is None
    assert interpolate_now(SEEN, [FIRST, NEXT], LONDON, at(181)) is None
    assert interpolate_now(SEEN, [FIRST, replace(NEXT, time=START + timedelta(days=1))], LONDON, at(60)) is None


def test_what_fell_is_known_only_when_it_was_dry():
    """A sum over three hours says nothing of the last one."""
    assert interpolate_now(SEEN, [FIRST, NEXT], LONDON, at(60)).precipitation == 0.0
    assert interpolate_now(SEEN, [FIRST, replace(NEXT, precipitation=3.0)], LONDON, at(60)).precipitation is None
    assert interpolate_now(SEEN, [FIRST, replace(NEXT, precipitation=None)], LONDON, at(60)).precipitation is None


def test_the_picture_follows_the_sun():
    """At night the same sky has its night picture."""
    late = [replace(step, time=step.time + timedelta(hours=11)) for step in (FIRST, NEXT)]
    told = interpolate_now(SEEN, late, LONDON, at(12 * 60))
    assert (told.is_day, told.condition.icon) == (False, "10n")


@given(st.floats(0, 360), st.floats(0, 360), st.floats(0, 1))
def test_the_wind_turns_the_shorter_way(one, other, share):
    """It ends up between the two, on the side where they are less than half a turn apart."""
    told = turned(one, other, share)
    away = abs((told - one + 180) % 360 - 180) + abs((other - told + 180) % 360 - 180)
    assert 0 <= told < 360
    assert away == pytest.approx(abs((other - one + 180) % 360 - 180), abs=0.05)


def test_an_hour_is_the_limit():
    """To the hour an observation is "now"; after it no more."""
    assert not is_too_old(SEEN, SEEN.time.timestamp() + 3600)
    assert is_too_old(SEEN, SEEN.time.timestamp() + 3601)


@pytest.mark.anyio
async def test_every_door_says_that_now_is_foreseen(upstream, clock):
    """The station is silent, the forecast was asked for: `basis`, sentence and page say so, without a call."""
    upstream.bodies["/data/2.5/forecast"] = lambda q: forecast_body(NOON)
    async with running(upstream, clock) as site:
        await site.get("/forecast/51.51,-0.13")
        clock.now += 5400
        calls = upstream.count
        upstream.bodies["/data/2.5/weather"] = lambda q: weather_body()
        body = (await site.get("/api/v1/current?lat=51.51&lon=-0.13")).json()
        assert upstream.count == calls + 1
        page = (await site.get("/forecast/51.51,-0.13")).text
        whole = (await site.get("/api/v1/forecast?lat=51.51&lon=-0.13")).json()
    assert (body["current"]["basis"], body["current"]["time"]) == ("forecast", "2026-11-24T13:30:00Z")
    assert body["current"]["temperature"] == 7.05
    assert body["freshness"]["observed_at"] == "2026-11-24T11:55:00Z"
    assert "This is what the forecast says for now." in page
    assert whole["summary"]["now"].startswith("By the forecast: ")


@pytest.mark.anyio
async def test_without_a_kept_forecast_the_observation_stays(upstream, clock):
    """`/api/v1/current` makes the weather call alone; an old measurement is told with its time."""
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(dt=int(NOON) - 7200)
    async with running(upstream, clock) as site:
        body = (await site.get("/api/v1/current?lat=51.51&lon=-0.13")).json()
    assert (body["current"]["basis"], body["current"]["time"]) == ("analysis", "2026-11-24T10:00:00Z")
    assert upstream.calls == ["/data/2.5/weather"]
