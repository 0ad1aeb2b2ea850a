"""Every shared sample of Open-Meteo: what was recorded is read, with its own units and clocks."""

import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes import NOON

from weather.domain.daily import days
from weather.domain.model import Coordinates
from weather.errors import UpstreamInvalid, UpstreamStatus
from weather.providers.openmeteo.convert import to_air, to_hours, to_now
from weather.providers.openmeteo.endpoints import AIR, CODE, FORECAST, request
from weather.providers.openmeteo.validation import validate
from weather.providers.openmeteo.weather_codes import CODES
from weather.providers.openmeteo.wire import Answer, hours, now, read

SHARED = Path(__file__).parent.parent.parent.parent / "shared" / "openmeteo"
FOLDER = SHARED / "samples"
HERE = Coordinates(52.27, 6.87)
AMSTERDAM, NEW_YORK = ZoneInfo("Europe/Amsterdam"), ZoneInfo("America/New_York")

pytestmark = pytest.mark.needs(FOLDER)


def answer_of(name: str, row=FORECAST, status: int = 200) -> Answer:
    """A sample as the gateway would take it."""
    raw = (FOLDER / name).read_bytes()
    return read(validate(request(row, HERE), status, {"content-type": "application/json"}, raw, NOON).body)


def names(prefix: str) -> list[str]:
    return sorted(path.name for path in FOLDER.glob(f"{prefix}*.json")) if FOLDER.is_dir() else []


FORECASTS = [*names("mm_"), *names("ruby_forecast"), *names("frenck_forecast")]
OTHERS = names("frenck_geocoding") + names("ruby_search") + names("error_")


def test_every_sample_is_looked_at():
    """None is left out."""
    assert sorted([*FORECASTS, *OTHERS, *names("frenck_air")]) == names("")
    assert len(FORECASTS) == 10


@pytest.mark.parametrize("name", FORECASTS)
def test_a_forecast_is_read(name):
    """As many hours as are told, in order, each at the true moment of its local label; days of them."""
    body, raw = answer_of(name), json.loads((FOLDER / name).read_text("utf-8"))
    told = raw.get("hourly", {}).get("time", [])
    rows = hours(body)
    assert len(rows) == len(told)
    for row, time in zip(rows, told, strict=True):
        if isinstance(time, str):
            naive = datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp()
            assert row["time"] == naive - raw["utc_offset_seconds"]
        else:
            assert row["time"] == time
    steps = to_hours(body, HERE, UTC)
    assert [step.time.timestamp() for step in steps] == sorted(step.time.timestamp() for step in steps)
    # the first hour is of the day before: its span has that for a row
    before = any(step.time.hour == 0 for step in steps[:1])
    assert len(days(steps, HERE, UTC)) == len({step.time.date() for step in steps}) + before
    assert (to_now(body, HERE, UTC) is None) == ("current" not in raw)


@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.parametrize("status", [200, 400])
def test_what_is_no_weather_is_a_failure(name, status):
    """Errors, and the bodies of another service, under either status."""
    with pytest.raises(UpstreamStatus if status == 400 else UpstreamInvalid):
        answer_of(name, status=status)


def test_units_are_those_that_the_answer_names():
    """Recorded in km/h on Amsterdam's clock: m/s and the true moment; sums of a quarter hour as a rate."""
    told = to_now(answer_of("frenck_forecast_current_daily_reduced.json"), HERE, AMSTERDAM)
    assert told.time == datetime(2026, 10, 3, 10, 30, tzinfo=UTC)
    assert (told.wind_speed, told.wind_gust, told.wind_direction) == (1.0, pytest.approx(11.9 / 3.6), 259)
    assert (told.temperature, told.feels_like, told.humidity, told.pressure) == (17.7, 17.6, 66, 1030.4)
    assert (told.visibility, told.uv_index, told.precipitation_rate, told.cloud_cover) == (36080, 2.75, 0, 73)
    assert told.dew_point == pytest.approx(11.3, abs=0.1)  # as Open-Meteo itself reckons it
    assert (told.condition.code, told.condition.icon, told.is_day, told.basis) == (803, "04d", True, "forecast")


def test_a_winter_afternoon_in_new_york():
    """16:30 there: -1.4 degrees, 4.8 km/h, overcast by its code as no cloud cover is told; what is not is None."""
    told = to_now(answer_of("mm_current.json"), Coordinates(40.79, -73.97), NEW_YORK)
    assert told.time.isoformat() == "2026-02-06T16:30:00-05:00"
    assert (told.temperature, told.wind_speed, told.condition.code, told.is_day) == (
        -1.4,
        pytest.approx(4.8 / 3.6),
        804,
        True,
    )
    assert (told.pressure, told.precipitation, told.uv_index) == (None, None, None)


def test_a_tail_of_nulls_is_not_known():
    """Hours of which nothing is told but night are left out, and no zero stands for them."""
    assert to_hours(answer_of("frenck_forecast_16_days_null_tail.json"), HERE, UTC) == ()


def test_air_in_our_classes():
    """PM2.5 of 22.1 and PM10 of 28.2 micrograms are each of class 2 of five; Open-Meteo's own index is 44 of 100."""
    told = to_air(answer_of("frenck_air_quality_reduced.json", AIR), HERE, AMSTERDAM)
    assert (told.index, told.scale) == (2, "OpenWeatherMap 1-5")
    assert told.components == {
        "pm2_5": 22.1, "pm10": 28.2, "o3": 42.0, "no2": 11.2, "so2": 2.5, "co": 229.0, "nh3": 11.1, "no": 2.9,
    }  # fmt: skip
    assert told.time == datetime(2026, 10, 3, 10, tzinfo=UTC)


def test_every_code_recorded_is_in_the_table():
    """And the table is that of the contract sheet."""
    found = {row[CODE] for name in FORECASTS for row in hours(answer_of(name)) if CODE in row}
    found |= {row[CODE] for name in FORECASTS if (row := now(answer_of(name))) and CODE in row}
    assert found
    assert found <= CODES.keys()
    part = (SHARED / "CONTRACT.md").read_text("utf-8").split("## 11 ")[1].split("## 12")[0]
    table = {}
    for line in part.splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        for codes, ids in ((cells[i], cells[i + 2]) for i in (0, 5) if len(cells) > i + 2):
            numbers = codes.replace(" ", "").split("/")
            if numbers[0].isdecimal():
                wanted = ids.replace(" ", "").split("/") * len(numbers)
                table |= {int(n): int(w) for n, w in zip(numbers, wanted, strict=False)}
    assert table == CODES
