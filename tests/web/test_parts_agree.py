"""Where a source contradicts itself, a part of the weather is the same alone as in the whole, at no call more.

Issue 14, section 1: no output says dry over a span in which another one says wet.
"""

import pytest
from fakes import NOON, onecall_body, running
from meteo import Both, forecast, of_quarters

pytestmark = pytest.mark.anyio

AT = "lat=51.51&lon=-0.13"
PAGE = "/forecast/51.51,-0.13"
CURL = {"User-Agent": "curl/8"}
PARTS = ("hourly", "daily", "current", "nowcast")
WET_QUARTERS = (0, 0.4, 0.3, *[0] * 12)
"""Millimetres: of the quarter hour that is over, and from 12:00 to 12:30."""


def quarters_over_dry_hours(now: float, **current) -> dict:
    """Open-Meteo's hours under a clear sky, two quarters of one wet."""
    query = {"past_days": "1", "forecast_days": "8", "forecast_minutely_15": "14", "minutely_15": "precipitation"}
    query |= {"timezone": "GMT", "timeformat": "unixtime", "wind_speed_unit": "ms"}
    names = "temperature_2m,precipitation,weather_code,cloud_cover,snowfall"
    told = forecast(query | {"hourly": f"{names},precipitation_probability", "current": names}, now)
    count = len(told["hourly"]["time"])
    told["hourly"] |= {"weather_code": [0] * count, "precipitation": [0.0] * count, "cloud_cover": [3] * count}
    told["hourly"] |= {"precipitation_probability": [0] * count, "temperature_2m": [11.0] * count}
    told["current"] |= {"weather_code": 0, "precipitation": 0.0, "cloud_cover": 3} | current
    return of_quarters(told, *WET_QUARTERS)


def minutes_over_dry_hours() -> dict:
    """One Call's hours and days under a clear sky, half an hour by the minute wet."""
    clear = {"weather": [{"id": 800, "icon": "01d"}], "clouds": 3}
    body = onecall_body()
    return body | {
        "current": body["current"] | clear,
        "minutely": [{"dt": int(NOON) + 60 * n, "precipitation": 1.4 if n < 30 else 0} for n in range(61)],
        "hourly": [hour | clear | {"pop": 0} for hour in body["hourly"]],
        "daily": [day | clear | {"pop": 0, "rain": 0} for day in body["daily"]],
    }


def sources(clock) -> dict:
    """The environment of each source, and its wire."""
    meteo, onecall = Both(clock), Both(clock)
    meteo.bodies["/v1/forecast"] = lambda query: quarters_over_dry_hours(clock())
    onecall.bodies["/data/3.0/onecall"] = lambda query: minutes_over_dry_hours()
    return {
        "Open-Meteo": (meteo, "/v1/forecast", {"key": None, "WEATHER_PROVIDER": "open-meteo"}),
        "One Call": (onecall, "/data/3.0/onecall", {"WEATHER_PLAN": "onecall3"}),
    }


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("source", ["Open-Meteo", "One Call"])
async def test_a_part_alone_is_as_in_the_whole(clock, source, part):
    """Asked for first, and after the whole."""
    wire, path, settings = sources(clock)[source]
    async with running(wire, clock, **settings) as site:
        alone = (await site.get(f"/api/v1/{part}?{AT}")).json()
        whole = (await site.get(f"/api/v1/forecast?{AT}")).json()
        again = (await site.get(f"/api/v1/{part}?{AT}")).json()
    assert alone[part] == whole[part] == again[part]
    assert alone.keys().isdisjoint({*PARTS} - {part})
    assert wire.asked(path) == 1


@pytest.mark.slow
@pytest.mark.parametrize("source", ["Open-Meteo", "One Call"])
async def test_every_output_is_wet_over_the_wet_steps(clock, source):
    """0.7 mm by half past twelve, 0 mm at 0 % by the hour: the hour has them, and so has the day."""
    wire, _, settings = sources(clock)[source]
    async with running(wire, clock, **settings) as site:
        body = (await site.get(f"/api/v1/forecast?{AT}")).json()
        page, card = [(await site.get(f"{PAGE}{ending}?lang=en")).text for ending in ("", "/card")]
        badge, calendar = [(await site.get(f"{PAGE}/{name}?lang=en")).text for name in ("badge.svg", "calendar.ics")]
        report, line = [(await site.get(f"/51.51,-0.13{end}", headers=CURL)).text for end in ("", "?format=%25C")]
        bars = (await site.get("/51.51,-0.13?format=j1", headers=CURL)).json()
    hour = next(one for one in body["hourly"] if "T13:00" in one["time"])
    assert (hour["precipitation"], hour["rain"], hour["precipitation_probability"]) == (0.7, 0.7, None)
    assert hour["condition"]["text"] == "light rain"
    day = body["daily"][0]
    assert (day["precipitation"], day["precipitation_probability"], day["condition"]["code"]) == (0.7, None, 500)
    assert day["summary"] == "Light rain, about 0.7\u00a0mm."
    assert (body["current"]["precipitation_rate"], body["current"]["condition"]["code"]) in ((1.6, 501), (1.4, 501))
    assert body["summary"]["next_24_hours"].startswith("Rain until about 12:30.")
    for text in (page, card, report):
        assert "Rain until about 12:30." in text.replace("\u00a0", " ") or text is card
        assert "dry until" not in text.casefold()
    assert "moderate rain" in badge
    assert "Light rain" in calendar
    assert line.strip() == "Moderate rain"
    assert bars["current_condition"][0]["weatherDesc"][0]["value"].startswith(
        ("Moderate rain", "Forecast for now: Mod")
    )
    assert bars["weather"][0]["hourly"][4]["weatherDesc"][0]["value"] == "Light rain"


async def test_what_is_over_is_not_to_come(clock):
    """At 12:31 the quarters are over: the hour is as it was foreseen, in every part."""
    wire, _, settings = sources(clock)["Open-Meteo"]
    wire.bodies["/v1/forecast"] = lambda query: quarters_over_dry_hours(NOON)
    async with running(wire, clock, **settings) as site:
        await site.get(f"/api/v1/forecast?{AT}")
        clock.now += 31 * 60
        body = (await site.get(f"/api/v1/forecast?{AT}")).json()
        hours = (await site.get(f"/api/v1/hourly?{AT}")).json()["hourly"]
    assert [one["precipitation"] for one in hours[:3]] == [0.0, 0.0, 0.0]
    assert body["hourly"] == hours
    assert body["current"]["condition"]["code"] == 800
    assert body["daily"][0]["precipitation"] == 0.0


@pytest.mark.parametrize(
    ("now", "code", "text"),
    [
        ({"weather_code": 99, "precipitation": 0.5}, 212, "thunderstorm with heavy hail"),
        ({"weather_code": 67, "precipitation": 0.5, "temperature_2m": -1.0}, 511, "heavy freezing rain"),
    ],
)
async def test_ice_and_hail_of_now_are_named_in_the_hour_too(clock, now, code, text):
    """The sentence about the quarters names them, so the hour in which these lie does, and the day."""
    wire, _, settings = sources(clock)["Open-Meteo"]

    def body(query):
        told = quarters_over_dry_hours(clock(), **now)
        warmth = now.get("temperature_2m", 11.0)
        told["hourly"]["temperature_2m"] = [warmth] * len(told["hourly"]["time"])
        return told

    wire.bodies["/v1/forecast"] = body
    async with running(wire, clock, **settings) as site:
        hour = next(one for one in (await site.get(f"/api/v1/hourly?{AT}")).json()["hourly"] if "T13:00" in one["time"])
        day = (await site.get(f"/api/v1/daily?{AT}")).json()["daily"][0]
    assert (hour["condition"]["code"], hour["condition"]["text"]) == (code, text)
    assert day["condition"]["code"] == code


async def test_a_day_alone_knows_its_hours(clock):
    """One Call's own days are dry, hours of them are not: the day alone is as wet as in the whole."""
    wire, _, settings = sources(clock)["One Call"]
    rain = {"weather": [{"id": 501, "icon": "10d"}], "rain": {"1h": 2}, "pop": 0.9}

    def body(query):
        told = minutes_over_dry_hours()
        told["hourly"][20:24] = [hour | rain for hour in told["hourly"][20:24]]
        return told

    wire.bodies["/data/3.0/onecall"] = body
    async with running(wire, clock, **settings) as site:
        alone = (await site.get(f"/api/v1/daily?{AT}")).json()["daily"][1]
        whole = (await site.get(f"/api/v1/forecast?{AT}")).json()["daily"][1]
    assert alone == whole
    assert (alone["precipitation"], alone["condition"]["code"]) == (8.0, 501)
