"""Warmer or colder than yesterday at this time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from fakes import running
from meteo import Both
from states import UNKNOWN, current

from weather.domain.model import HourlyForecast
from weather.domain.units import SYSTEMS
from weather.domain.yesterday import temperature_yesterday, warmth
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.i18n.yesterday import than_yesterday

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)


def past(first: datetime, *temperatures: float | None, interval: int = 1) -> tuple[HourlyForecast, ...]:
    """Hours from that moment on."""
    known = [{"time": first + n * timedelta(hours=interval), "temperature": one} for n, one in enumerate(temperatures)]
    return tuple(HourlyForecast(**UNKNOWN[HourlyForecast] | {"interval_hours": interval} | one) for one in known)


def test_between_two_hours_of_yesterday():
    """At 12:15 a quarter of the way from noon's 8 to one o'clock's 10."""
    steps = past(NOON - timedelta(hours=25), 6.0, 8.0, 10.0)
    assert temperature_yesterday(steps, NOON) == 8.0
    assert temperature_yesterday(steps, NOON + timedelta(minutes=15)) == 8.5


@pytest.mark.parametrize(
    "steps",
    [
        (),
        past(NOON - timedelta(hours=5), 8.0, 9.0),
        past(NOON - timedelta(hours=24), None, None),
        past(NOON - timedelta(hours=25), 6.0, 8.0, interval=4),
    ],
    ids=["nothing", "today alone", "no number", "four hours between"],
)
def test_a_yesterday_that_is_not_known_is_not_told(steps):
    """No step about that time, or none of up to three hours."""
    assert temperature_yesterday(steps, NOON) is None
    assert warmth(steps, current(time=NOON), NOON) is None


def test_the_same_clock_where_the_clocks_have_changed():
    """On the day after the end of summer time 09:00 is 25 hours after yesterday's 09:00."""
    berlin = ZoneInfo("Europe/Berlin")
    today = datetime(2026, 10, 25, 9, tzinfo=berlin)
    same = datetime(2026, 10, 24, 7, tzinfo=UTC)  # 09:00 summer time
    assert temperature_yesterday(past(same, 4.0, 5.0), today) == 4.0


def test_a_measurement_of_long_ago_is_not_compared():
    """What is not of this hour is not "at this time"."""
    steps = past(NOON - timedelta(hours=25), 6.0, 8.0, 10.0)
    assert warmth(steps, current(time=NOON, temperature=5.0), NOON + timedelta(minutes=30)) == (5.0, 8.0)
    assert warmth(steps, current(time=NOON, temperature=5.0), NOON + timedelta(hours=2)) is None


@pytest.mark.parametrize(
    ("now", "then", "units", "text"),
    [
        (5.0, 8.2, "metric", "3° colder than yesterday at this time"),
        (8.2, 5.0, "metric", "3° warmer than yesterday at this time"),
        (5.0, 5.4, "metric", "as warm as yesterday at this time"),
        (5.0, 8.0, "us", "5° colder than yesterday at this time"),  # 5.4 °F
    ],
)
def test_the_difference_in_words(now, then, units, text):
    """In whole degrees of the reader's unit: a difference has no offset of 32."""
    assert than_yesterday(now, then, Formatter(language("en"), SYSTEMS[units])) == text


@pytest.mark.anyio
@pytest.mark.virtual_time
async def test_open_meteos_yesterday_costs_no_call(clock):
    """Its hours of yesterday come with the forecast: 18.8° at noon, 11.3° now."""
    both = Both(clock)
    async with running(both, clock, key=None, WEATHER_PROVIDER="open-meteo") as site:
        page = (await site.get("/forecast/51.51,-0.13")).text
    assert "° colder than yesterday at this time" in page
    assert len(both.calls) == 2
