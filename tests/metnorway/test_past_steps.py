"""Today on MET Norway: the hours gone by count, as far as an earlier answer told of them."""

from datetime import UTC, datetime

import pytest
from fakes import NOON, Upstream, running

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

HOUR = 3600
HERE, PATH = "lat=59.91&lon=10.75", "/weatherapi/locationforecast/2.0/complete"
MET = {"WEATHER_PROVIDER": "met-norway", "WEATHER_CONTACT": "ops@weather.example", "WEATHER_ALERTS": "none"}
MIDNIGHT = NOON - 13 * HOUR  # of the 24th in Oslo


def body(begin: float) -> dict:
    """60 hours from the running one on: 11° at noon (UTC), each hour away from it a degree colder; 1 mm from 06:00."""
    series = []
    for moment in (begin + HOUR * n for n in range(60)):
        rain = 1.0 if moment == NOON - 6 * HOUR else 0.0
        span = {"summary": {"symbol_code": "rain" if rain else "cloudy"}, "details": {"precipitation_amount": rain}}
        details = {"air_temperature": 11 - abs(moment - NOON) / HOUR, "cloud_area_fraction": 60}
        data = {"instant": {"details": details}, "next_1_hours": span, "next_6_hours": span}
        series.append({"time": f"{datetime.fromtimestamp(moment, UTC):%Y-%m-%dT%H:%M:%SZ}", "data": data})
    return {"type": "Feature", "properties": {"timeseries": series}}


@pytest.fixture
def met(clock):
    """Upstream tells the forecast of its time."""
    told = Upstream()
    told.bodies[PATH] = lambda query: body(clock.now // HOUR * HOUR)
    return told


async def today(site) -> dict:
    return (await site.get(f"/api/v1/daily?{HERE}&units=si")).json()["daily"][0]


@pytest.mark.parametrize("restarts", [False, True])
async def test_hours_gone_by_count_for_high_low_and_sum(met, clock, tmp_path, restarts):
    """Asked at midnight and at 18:00 in Oslo: the noon's 11°, the night's -2° and the morning's millimetre count."""
    clock.now = MIDNIGHT
    async with running(met, clock, tmp_path, key=None, **MET) as site:
        await today(site)
        clock.now = NOON + 5 * HOUR
        told = await today(site)
    if restarts:
        async with running(met, clock, tmp_path, key=None, **MET) as site:
            told = await today(site)
    assert (told["temperature_max"], told["precipitation"], told["partial"]) == (11, 1, False)
    assert told["temperature_min"] == -1  # 00:00 UTC; the hour of midnight itself ends yesterday
    assert met.count == 2


async def test_hours_that_nobody_told_of_are_not_guessed(met, clock, tmp_path):
    """First asked at 18:00 in Oslo: the day is partial, and as warm as it is at that time."""
    clock.now = NOON + 5 * HOUR
    async with running(met, clock, tmp_path, key=None, **MET) as site:
        told = await today(site)
    assert (told["temperature_max"], told["precipitation"], told["partial"]) == (6, 0, True)


async def test_a_hole_between_two_answers_is_no_step(met, clock, tmp_path):
    """An answer of three days ago tells of nothing that has gone by today."""
    clock.now = MIDNIGHT - 72 * HOUR
    async with running(met, clock, tmp_path, key=None, **MET) as site:
        await today(site)
        clock.now = NOON + 5 * HOUR
        told = await today(site)
    assert (told["temperature_max"], told["precipitation"], told["partial"]) == (6, 0, True)
