"""One Call's routes where the key may not use them (WEATHER_ONECALL=answer), and One Call without some of its parts."""

import json
from dataclasses import fields
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from fakes import KEY, NOON, forecast_body, onecall_body, running, warning
from meteo import Both, forecast, of_quarters

from weather.domain.conditions import condition
from weather.domain.full_hours import full_hours
from weather.domain.model import Coordinates, DailyForecast, HourlyForecast
from weather.providers.openweathermap.onecall_answer import fallen

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

V3, V25 = "/data/3.0/onecall", "/data/2.5/onecall"
AT = "lat=51.51&lon=-0.13"
REFUSED = b'{"cod":401, "message": "Please note that using One Call 3.0 requires a separate subscription"}'
ANSWER = {"WEATHER_ONECALL": "answer"}

CURRENT = {"dt", "sunrise", "sunset", "temp", "feels_like", "pressure", "humidity", "dew_point", "clouds", "visibility"}
CURRENT |= {"wind_speed", "wind_deg", "weather"}
DAY = {"dt", "sunrise", "sunset", "moonrise", "moonset", "moon_phase", "summary", "temp", "feels_like", "pressure"}
DAY |= {"humidity", "dew_point", "wind_speed", "wind_deg", "wind_gust", "weather", "clouds", "pop"}


@pytest.fixture
def refusing(upstream):
    """An account of the free products alone."""
    upstream.fails(401, REFUSED, "application/json", paths=(V3, V25, "/data/4.0"))
    return upstream


async def test_a_refused_key_gets_the_shape_of_one_call(refusing, clock):
    """200 with the members of One Call 3.0, in kelvin and m/s without `units`, marked with its source and its gaps."""
    async with running(refusing, clock, **ANSWER) as site:
        answer = await site.get(f"{V3}?{AT}")
    body = answer.json()
    assert (body["lat"], body["lon"], body["timezone"], body["timezone_offset"]) == (51.51, -0.13, "Europe/London", 0)
    assert body["current"].keys() >= CURRENT
    assert (body["current"]["temp"], body["current"]["rain"]) == (285.15, {"1h": 0.4})
    assert body["current"]["weather"][0] == {"id": 500, "main": "Rain", "description": "light rain", "icon": "10d"}
    assert body["daily"][1].keys() >= DAY
    assert answer.headers["x-weather-source"] == "openweathermap"
    assert answer.headers["x-weather-missing"] == "minutely, alerts"
    assert "detail=answered" in answer.headers["cache-status"]
    assert answer.headers["access-control-allow-origin"] == "*"
    assert "alerts" not in body and "minutely" not in body
    assert KEY not in answer.text


async def test_hours_of_a_forecast_of_three_hours(refusing, clock):
    """48 full hours from the running one on; between two steps temperatures lie on a line, and rain is shared out.

    The fake's steps: from 15:00 every three hours, each 0.1 K warmer; 2.4 mm in the one that ends at 24:00.
    """
    async with running(refusing, clock, **ANSWER) as site:
        hours = (await site.get(f"{V3}?{AT}")).json()["hourly"]
    assert [hour["dt"] for hour in hours] == [int(NOON) + 3600 * n for n in range(48)]
    by_hour = {(hour["dt"] - int(NOON)) // 3600: hour for hour in hours}
    assert [by_hour[n]["temp"] for n in (3, 4, 5, 6)] == [280.15, 280.18, 280.22, 280.25]
    assert [by_hour[n].get("rain") for n in (9, 10, 11, 12, 13)] == [None, *[{"1h": 0.8}] * 3, None]
    assert [by_hour[n]["pop"] for n in (9, 10, 12)] == [0, 0.8, 0.8]
    assert [by_hour[n]["weather"][0]["id"] for n in (9, 10, 12, 13)] == [803, 501, 501, 803]


@pytest.mark.parametrize(
    ("units", "temp", "speed"), [("standard", 285.15, 5), ("metric", 12, 5), ("imperial", 53.6, 11.18)]
)
async def test_units_are_those_that_were_asked_for(refusing, clock, units, temp, speed):
    """285.15 K = 12 °C = 53.6 °F; 5 m/s = 5 / 0.44704 miles an hour."""
    async with running(refusing, clock, **ANSWER) as site:
        current = (await site.get(f"{V3}?{AT}&units={units}")).json()["current"]
    assert (current["temp"], current["wind_speed"]) == (temp, speed)


async def test_the_language_is_the_programs(refusing, clock):
    """`lang=de` for the descriptions and the days' summaries; a language that is not spoken is English."""
    async with running(refusing, clock, **ANSWER) as site:
        words = [(await site.get(f"{V3}?{AT}&lang={code}")).json()["current"]["weather"] for code in ("de", "fi", "en")]
    assert words[0] != words[1] == words[2]


async def test_what_is_excluded_costs_nothing(refusing, clock):
    """Only `current` wanted: the weather call alone, beside the one that found One Call refused; and no other part."""
    async with running(refusing, clock, **ANSWER) as site:
        answer = await site.get(f"{V3}?{AT}&exclude=minutely,hourly,daily,alerts")
    assert answer.json().keys() == {"lat", "lon", "timezone", "timezone_offset", "current"}
    assert refusing.by_path == {V3: 1, "/data/2.5/weather": 1}
    assert "x-weather-missing" not in answer.headers


async def test_old_one_call_has_no_summaries(refusing, clock):
    """2.5, closed in June 2024, had the same shape without `summary`."""
    async with running(refusing, clock, **ANSWER) as site:
        days = (await site.get(f"{V25}?{AT}")).json()["daily"]
    assert days and not any("summary" in day for day in days)


async def test_a_key_that_may_use_it_gets_upstreams_own_bytes(upstream, clock):
    """Where One Call answers, nothing is made here."""
    raw = json.dumps(onecall_body(), indent=1).encode()
    upstream.fails(200, raw, "application/json; charset=utf-8", paths=(V3,))
    async with running(upstream, clock, **ANSWER) as site:
        answer = await site.get(f"{V3}?{AT}")
    assert answer.content == raw and "x-weather-source" not in answer.headers
    assert upstream.by_path == {V3: 1}


async def test_without_the_setting_the_refusal_is_relayed(refusing, clock):
    """OpenWeatherMap's own 401, byte for byte."""
    async with running(refusing, clock) as site:
        answer = await site.get(f"{V3}?{AT}")
    assert (answer.status_code, answer.content) == (401, REFUSED)


async def test_without_a_key_open_meteo_answers(clock):
    """No key at all: One Call's shape from Open-Meteo, with hours of its own, and its credit."""
    both = Both(clock)
    async with running(both, clock, key=None, WEATHER_PROVIDER="auto", **ANSWER) as site:
        answer = await site.get(f"{V3}?{AT}&units=metric")
        parts = (await site.get(f"/api/v1/forecast?{AT}&units=si")).json()
    body = answer.json()
    assert answer.headers["x-weather-source"] == "open-meteo"
    assert "open-meteo.com" in answer.headers["link"]
    assert body["current"]["temp"] == parts["current"]["temperature"]
    told = {int(datetime.fromisoformat(hour["time"]).timestamp()): hour["temperature"] for hour in parts["hourly"]}
    assert all(told[hour["dt"]] == hour["temp"] for hour in body["hourly"] if hour["dt"] in told)
    assert len(body["hourly"]) == 48
    highest = {day["date"]: day["temperature_max"] for day in parts["daily"]}
    for day in body["daily"]:
        assert day["temp"]["max"] == highest[str(datetime.fromtimestamp(day["dt"], ZoneInfo("Europe/London")).date())]
    assert "alerts" not in body


async def test_an_outage_is_told(refusing, clock):
    """Upstream gone: the last good answer, its age in the headers."""
    async with running(refusing, clock, **ANSWER) as site:
        await site.get(f"{V3}?{AT}")
        refusing.fails(503)
        clock.now += 7200
        answer = await site.get(f"{V3}?{AT}")
    assert answer.status_code == 200 and "ttl=-" in answer.headers["cache-status"]
    assert int(answer.headers["age"]) >= 7200


async def test_known_warnings_are_told(upstream, clock):
    """2.5's route of a key that has 3.0: its warnings are there, in 2.5's shape."""
    upstream.fails(401, REFUSED, "application/json", paths=(V25,))
    upstream.bodies[V3] = lambda _: onecall_body(alerts=[warning()])
    async with running(upstream, clock, WEATHER_PLAN="onecall3", **ANSWER) as site:
        (alert,) = (await site.get(f"{V25}?{AT}")).json()["alerts"]
    assert (alert["event"], alert["start"], alert["end"]) == (warning()["event"], warning()["start"], warning()["end"])


async def test_all_that_exclude_something_share_one_call(upstream, clock):
    """Three programs with three `exclude`s: one upstream call; each gets the rest, each member as upstream wrote it."""
    raw = b'{"lat": 51.51, "current":{"temp":1E1 }, "minutely":[],"hourly" : [ {"x":1.0} ], "daily": [2.50]}'
    upstream.fails(200, raw, "application/json", paths=(V3,))
    async with running(upstream, clock) as site:
        bodies = [
            (await site.get(f"{V3}?{AT}&exclude={parts}")).content for parts in ("minutely,hourly", "daily", "alerts")
        ]
    assert bodies[0] == b'{"lat":51.51,"current":{"temp":1E1 },"daily":[2.50]}'
    assert bodies[1] == b'{"lat":51.51,"current":{"temp":1E1 },"minutely":[],"hourly":[ {"x":1.0} ]}'
    assert bodies[2] == raw
    assert upstream.count == 1


def step(hour: int, interval: int, **more) -> HourlyForecast:
    names = ("temperature", "feels_like", "dew_point", "humidity", "pressure", "wind_speed", "wind_gust")
    names += (
        "wind_direction",
        "cloud_cover",
        "visibility",
        "uv_index",
        "precipitation",
        "precipitation_probability",
        "snowfall",
    )
    empty = dict.fromkeys((*names, "condition", "is_day"))
    time = datetime.fromtimestamp(NOON + 3600 * hour, UTC)
    return HourlyForecast(**(empty | {"time": time, "interval_hours": interval} | more))


def test_what_is_not_known_at_one_end_is_not_made_up():
    """A temperature that one of two steps lacks is known at the other step's own hour alone."""
    steps = [step(3, 3, temperature=3.0), step(6, 3), step(9, 3, temperature=9.0)]
    hours = list(full_hours(steps, None, Coordinates(0, 0), NOON + 3 * 3600))
    assert [hour.temperature for hour in hours] == [3.0, None, None, None, None, None, 9.0]


def test_hours_of_a_zone_with_half_an_hour():
    """Where the source's hours begin at half past (India), so do these."""
    steps = [step(0.5 + n, 1, temperature=float(n)) for n in range(4)]
    hours = list(full_hours(steps, None, Coordinates(0, 0), NOON + 5400))
    assert [hour.temperature for hour in hours] == [1.0, 2.0, 3.0]


def test_no_steps_no_hours():
    assert list(full_hours([], None, Coordinates(0, 0), NOON)) == []


def test_the_fake_is_what_the_hours_test_says():
    """The expected values above are read off this body."""
    steps = forecast_body()["list"]
    assert steps[0]["dt"] == NOON + 3 * 3600 and steps[3]["rain"] == {"3h": 2.4}


FALLING = {
    "snow by its code": (73, -3.0, 0.5, "snow"),
    "rain by its code": (61, 6.0, 0.5, "rain"),
    "snow by its cold alone": (3, -5.0, 0.5, "snow"),
    "traces of it": (3, -5.0, 0.02, "snow"),
    "a code that is too warm": (73, 12.0, 0.5, "rain"),
    "thunder in the cold": (95, -4.0, 0.5, "snow"),
    "thunder in the warm": (95, 18.0, 0.5, "rain"),
    "freezing rain": (66, -2.0, 0.5, "rain"),
}


@pytest.mark.slow
@pytest.mark.parametrize("day_time", ["all day", "in the dark", "in one hour"])
@pytest.mark.parametrize(("code", "warmth", "amount", "name"), FALLING.values(), ids=FALLING)
async def test_a_day_and_its_hours_agree_on_what_falls(clock, code, warmth, amount, name, day_time):
    """What falls on a day has the name that it has in all of its hours, and no other; the sums are the same."""
    hours = {"all day": range(24), "in the dark": range(1, 4), "in one hour": range(11, 12)}[day_time]
    both = Both(clock)

    def body(query):
        told = forecast(query, clock())
        wet = [datetime.fromtimestamp(at, UTC).hour in hours for at in told["hourly"]["time"]]
        told["hourly"] |= {
            "temperature_2m": [warmth] * len(wet),
            "weather_code": [code if one else 3 for one in wet],
            "precipitation": [amount if one else 0.0 for one in wet],
            "snowfall": [None] * len(wet),
        }
        told["current"] |= {"temperature_2m": warmth, "weather_code": 3, "precipitation": 0.0}
        return of_quarters(told, *[0] * 14)

    both.bodies["/v1/forecast"] = body
    async with running(both, clock, key=None, WEATHER_PROVIDER="auto", **ANSWER) as site:
        answer = (await site.get(f"{V3}?{AT}&units=metric")).json()
    names = {key for hour in answer["hourly"] for key in ("rain", "snow") if key in hour}
    assert names == {name}
    days = answer["daily"][1:]
    assert [{key for key in ("rain", "snow") if key in day} for day in days] == [{name}] * len(days)
    assert [day[name] for day in days] == [pytest.approx(amount * len(hours))] * len(days)


async def test_a_day_of_rain_and_snow_has_both(clock):
    """Rain until noon, snow behind it: each with its own sum, as its hours have them."""
    both = Both(clock)

    def body(query):
        told = forecast(query, clock())
        is_snow = [datetime.fromtimestamp(at - 1, UTC).hour >= 12 for at in told["hourly"]["time"]]
        told["hourly"] |= {
            "temperature_2m": [-1.0 if one else 5.0 for one in is_snow],
            "weather_code": [73 if one else 61 for one in is_snow],
            "precipitation": [0.25 if one else 0.5 for one in is_snow],
            "snowfall": [None] * len(is_snow),
        }
        return told

    both.bodies["/v1/forecast"] = body
    async with running(both, clock, key=None, WEATHER_PROVIDER="auto", **ANSWER) as site:
        day = (await site.get(f"{V3}?{AT}")).json()["daily"][1]
    assert (day["rain"], day["snow"]) == (12 * 0.5, 12 * 0.25)


@pytest.mark.parametrize(("sky", "warmest", "name"), [(601, -2.0, "snow"), (501, 9.0, "rain"), (804, -3.0, "snow")])
def test_a_day_without_hours_goes_by_its_sky(sky, warmest, name):
    """Behind the last hour only the day itself tells; a dry sky leaves it to the temperature."""
    names = dict.fromkeys(field.name for field in fields(DailyForecast))
    told = names | {"date": date(2026, 11, 30), "partial": False, "precipitation": 2.0, "temperature_max": warmest}
    assert fallen(DailyForecast(**told | {"condition": condition(sky, None, True)}), ()) == {name: 2}
