"""Now, read from the forecast when the observation is too old."""

import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from fakes import NOON, forecast_body, running, weather_body
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.conditions import condition
from weather.domain.model import Coordinates, CurrentConditions, HourlyForecast
from weather.domain.nowcast import interpolate_now, is_too_old, wind_between

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
    "snowfall": 0.0,
    "condition": condition(803, "04d", True),
    "is_day": True,
}
SEEN = CurrentConditions(time=START - timedelta(hours=2), **KNOWN)
FIRST = HourlyForecast(time=START, interval_hours=3, precipitation_probability=None, **KNOWN)
NEXT = replace(
    FIRST, time=START + timedelta(hours=3), temperature=16.0, wind_direction=20.0, condition=condition(500, "10d", True)
)


def at(minutes: float) -> float:
    return (START + timedelta(minutes=minutes)).timestamp()


def test_numbers_are_drawn_and_the_sky_is_that_of_the_step_that_covers_now():
    """A third of the way between two steps; the code is that of the running step."""
    told = interpolate_now(SEEN, [FIRST, NEXT], LONDON, at(60.5))
    assert (told.temperature, told.condition.code) == (12.0, 500)
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


def blown(speed: float | None, direction: float | None) -> HourlyForecast:
    return replace(FIRST, wind_speed=speed, wind_direction=direction)


@pytest.mark.parametrize(
    ("one", "other", "share", "told"),
    [
        ((0.2, 350.0), (8.0, 170.0), 0.5, (3.9, 170.0)),  # (8 - 0.2) / 2 along the stronger of two opposite winds
        ((4.0, 350.0), (4.0, 20.0), 0.5, (4 * math.cos(math.radians(15)), 5.0)),  # through north, by symmetry
        ((3.0, 0.0), (4.0, 90.0), 0.5, (2.5, math.degrees(math.atan2(4, 3)))),  # half of 3-4-5
        ((3.0, 0.0), (4.0, 90.0), 0.0, (3.0, 0.0)),
        ((3.0, 0.0), (4.0, 90.0), 1.0, (4.0, 90.0)),
    ],
)
def test_the_wind_between_two_steps_is_their_mean_as_vectors(one, other, share, told):
    """Speed and direction are not averaged apart: a light air does not turn a gale half-way round."""
    found = wind_between(blown(*one), blown(*other), share)
    assert (found["wind_speed"], found["wind_direction"]) == pytest.approx(told)


def test_without_a_direction_the_speed_is_drawn_alone():
    """And without a speed nothing is known."""
    assert wind_between(blown(2.0, None), blown(4.0, 90.0), 0.5) == {"wind_speed": 3.0, "wind_direction": None}
    assert wind_between(blown(None, 10.0), blown(4.0, 90.0), 0.5) == {"wind_speed": None, "wind_direction": None}


@given(st.floats(0, 360), st.floats(0, 360), st.floats(0, 1))
def test_the_wind_turns_the_shorter_way(one, other, share):
    """It ends up between the two, on the side where they are less than half a turn apart."""
    apart = abs((other - one + 180) % 360 - 180)
    told = wind_between(blown(4.0, one), blown(4.0, other), share)["wind_direction"]
    assert 0 <= told < 360
    if apart < 179:  # from straight ahead there is no shorter way
        away = abs((told - one + 180) % 360 - 180) + abs((other - told + 180) % 360 - 180)
        assert away == pytest.approx(apart, abs=0.05)


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
    assert (body["current"]["basis"], body["current"]["time"]) == ("forecast", "2026-11-24T13:30:00+00:00")
    assert body["current"]["temperature"] == 7.05
    assert body["freshness"]["observed_at"] == "2026-11-24T11:55:00Z"
    assert "Forecast for now, not measured." in page
    assert whole["summary"]["now"].startswith("Forecast for now: ")


@pytest.mark.anyio
async def test_without_a_kept_forecast_the_observation_stays(upstream, clock):
    """`/api/v1/current` makes the weather call alone; an old measurement is told with its time."""
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(dt=int(NOON) - 7200)
    async with running(upstream, clock) as site:
        body = (await site.get("/api/v1/current?lat=51.51&lon=-0.13")).json()
    assert (body["current"]["basis"], body["current"]["time"]) == ("analysis", "2026-11-24T10:00:00+00:00")
    assert upstream.calls == ["/data/2.5/weather"]
