"""Numbers that no weather has: not known at any door, and told once in the log."""

import logging
from dataclasses import fields

import pytest
from fakes import air_body, forecast_body, onecall_body, running, weather_body
from hypothesis import given
from hypothesis import strategies as st
from meteo import AIR, VALUES, Both, air, forecast

from weather.domain.bounds import BOUNDS, is_possible
from weather.domain.model import CurrentConditions, HourlyForecast
from weather.providers.openmeteo import plausible as openmeteo
from weather.providers.openweathermap import plausible as openweathermap
from weather.providers.plausible import PlausibleNumbers

KELVIN = 273.15

# Records that were measured (WMO archive of weather and climate extremes), in the model's units: all are weather.
RECORDS = [
    ("temperature", -89.2), ("temperature", 56.7), ("dew_point", 35.0), ("pressure", 870.0), ("pressure", 1084.8),
    ("wind_gust", 113.2), ("precipitation", 401.0), ("precipitation", 1825.0), ("uv_index", 43.3), ("humidity", 100.0),
    ("precipitation_probability", 0.0), ("component", 0.0), ("wind_direction", 360.0), ("cloud_cover", 0.0),
]  # fmt: skip
IMPOSSIBLE = [
    ("temperature", -95.1), ("temperature", 65.1), ("precipitation", -0.1), ("wind_speed", -0.1), ("wind_gust", -1.0),
    ("component", -0.1), ("precipitation_probability", 100.5), ("precipitation_probability", -1.0),
    ("humidity", 100.5), ("humidity", -1.0), ("pressure", 0.0), ("cloud_cover", 101.0), ("uv_index", -1.0),
    ("visibility", -1.0), ("air_quality_index", 0.0), ("air_quality_index", 6.0),
]  # fmt: skip


@pytest.mark.parametrize(("name", "number"), RECORDS)
def test_what_was_ever_measured_is_weather(name, number):
    """No record of the world is taken for a mistake."""
    assert is_possible(name, number)


@pytest.mark.parametrize(("name", "number"), IMPOSSIBLE)
def test_what_none_can_be_is_not_known(name, number):
    """As the issue lists them; at one decimal beyond the bound."""
    assert PlausibleNumbers("a source").known(name, number) is None


@given(st.sampled_from(sorted(BOUNDS)), st.floats(allow_nan=True, allow_infinity=True))
def test_a_number_is_passed_on_as_it_is_or_not_at_all(name, number):
    """Never bent to a bound; not-a-number and -9999 are no weather of any kind."""
    told = PlausibleNumbers("a source").known(name, number)
    assert told is None or told == number
    assert PlausibleNumbers("a source").known(name, -9999.0) is None
    assert PlausibleNumbers("a source").known(name, float("nan")) is None
    assert PlausibleNumbers("a source").known(name, None) is None


def test_every_number_of_the_model_has_its_bounds():
    """Every measured field of a moment has a row in the one table."""
    measured = {f.name for kind in (CurrentConditions, HourlyForecast) for f in fields(kind) if "float" in str(f.type)}
    assert measured <= set(BOUNDS)


def test_the_log_tells_of_a_field_once(caplog):
    """One line for a source and a quantity, with the first number; a hundred more are counted."""
    numbers = PlausibleNumbers("OpenWeatherMap")
    with caplog.at_level(logging.WARNING, "weather"):
        for _ in range(100):
            numbers.known("temperature", -9999.0)
            numbers.known("wind_speed", -1.0)
            numbers.known("wind_speed", 1.0)
    told = [record.getMessage() for record in caplog.records]
    assert len(told) == 2
    assert all(part in told[0] for part in ("OpenWeatherMap", "temperature", "-9999"))
    assert all(part in told[1] for part in ("OpenWeatherMap", "wind speed", "-1"))
    assert numbers.impossible == {"temperature": 100, "wind_speed": 100}


BAD_MAIN = {"temp": -9999, "feels_like": 1000, "pressure": 0, "humidity": 101}
BAD_PARTS = {"clouds": {"all": 120}, "wind": {"speed": -5, "deg": 999, "gust": 900}, "visibility": -9999}
BAD_HOUR = {
    "temp": 0, "feels_like": -9999, "pressure": -9999, "humidity": -1, "dew_point": 1e6, "uvi": -1, "clouds": -9999,
    "visibility": -1, "wind_speed": -1, "wind_deg": -10, "wind_gust": -9999, "rain": {"1h": -9999}, "pop": 1.5,
}  # fmt: skip
NUMBERS = (
    "temperature feels_like dew_point humidity pressure wind_speed wind_gust wind_direction cloud_cover visibility "
    "uv_index precipitation"
).split()
FORECAST, PAGE = "/api/v1/forecast?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"


def bad_free(upstream) -> None:
    """The free products with every number impossible."""
    step = {"main": BAD_MAIN, "rain": {"3h": -0.3}, "pop": -9999, **BAD_PARTS}
    steps = forecast_body()
    steps["list"] = [one | step for one in steps["list"]]
    parts = dict.fromkeys(air_body()["list"][0]["components"], -9999)
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(main=BAD_MAIN, rain={"1h": -1}, **BAD_PARTS)
    upstream.bodies["/data/2.5/forecast"] = lambda q: steps
    upstream.bodies["/data/2.5/air_pollution"] = lambda q: {
        "list": [air_body()["list"][0] | {"main": {"aqi": 9}, "components": parts}]
    }


def bad_onecall(upstream) -> None:
    """One Call with every number impossible."""
    body = onecall_body()
    day = {
        "temp": {"min": -9999, "max": 0},
        "wind_speed": -1,
        "wind_gust": -1,
        "wind_deg": -1,
        "rain": -3,
        "pop": 7,
        "uvi": 99,
    }
    body |= {"current": body["current"] | BAD_HOUR, "hourly": [one | BAD_HOUR for one in body["hourly"]]}
    body |= {"daily": [one | day for one in body["daily"]]}
    body["minutely"] = [one | {"precipitation": -9999} for one in body["minutely"]]
    upstream.bodies["/data/3.0/onecall"] = lambda q: body


@pytest.mark.anyio
@pytest.mark.parametrize(("plan", "spoil"), [("free", bad_free), ("onecall3", bad_onecall)])
async def test_no_door_tells_a_number_that_none_can_be(upstream, clock, caplog, plan, spoil):
    """Every number null in the API, a dash on the page; never dry for want of a number, and the log stays short."""
    spoil(upstream)
    before = openweathermap.NUMBERS.impossible.copy()
    async with running(upstream, clock, WEATHER_PLAN=plan) as site:
        told, page = (await site.get(FORECAST)).json(), (await site.get(PAGE)).text
    for moment in (told["current"], *told["hourly"]):
        assert {name: moment[name] for name in NUMBERS if moment[name] is not None} == {}
    for day in told["daily"]:
        numbers = ("temperature_min", "temperature_max", "precipitation", "precipitation_probability", "wind_speed_max")
        assert {name: day[name] for name in (*numbers, "wind_gust_max", "uv_index_max") if day[name] is not None} == {}
    assert {one["precipitation_probability"] for one in told["hourly"]} == {None}
    if plan == "free":
        assert told["air"]["indexes"] == []
        assert set(told["air"]["pollutants"].values()) == {None}
    else:
        assert {one["precipitation_rate"] for one in told["nowcast"]} == {None}
    for never in ("9999", "9,999", "10,272", "−273", "120%", "Dry until"):
        assert never not in page
    seen = openweathermap.NUMBERS.impossible - before
    assert {"temperature", "feels_like", "humidity", "wind_speed", "precipitation"} <= set(seen)
    assert len([one for one in caplog.records if one.name == "weather.providers.plausible"]) <= len(BOUNDS)


# What Open-Meteo calls them, each with a number that none can be; "is_day" and "weather_code" are no numbers.
ODD = dict.fromkeys(VALUES.keys() - {"is_day", "weather_code"}, -9999)


@pytest.mark.anyio
async def test_the_same_of_open_meteo(clock, caplog):
    """One table for both sources."""
    upstream, before = Both(clock), openmeteo.NUMBERS.impossible.copy()

    def spoilt(query: dict[str, str]) -> dict:
        body = forecast(query, clock())
        body["current"] |= {name: ODD[name] for name in body["current"].keys() & ODD.keys()}
        body["hourly"] |= {name: [ODD[name]] * 216 for name in body["hourly"].keys() & ODD.keys()}
        return body

    def foul(query: dict[str, str]) -> dict:
        body = air(query, clock())
        return body | {"current": body["current"] | dict.fromkeys(body["current"].keys() & AIR.keys(), -1)}

    upstream.bodies |= {"/v1/forecast": spoilt, "/v1/air-quality": foul}
    async with running(upstream, clock, key=None, WEATHER_PROVIDER="open-meteo") as site:
        told, page = (await site.get(FORECAST)).json(), (await site.get(PAGE)).text
    for moment in (told["current"], *told["hourly"]):
        assert {name: moment[name] for name in NUMBERS if moment[name] is not None} == {}
    assert told["air"] is None
    assert "9999" not in page
    assert "Dry until" not in page
    assert set(openmeteo.NUMBERS.impossible - before) >= {"temperature", "precipitation", "component", "humidity"}
    assert len([one for one in caplog.records if one.name == "weather.providers.plausible"]) <= len(BOUNDS)
