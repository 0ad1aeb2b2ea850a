"""The shapes that are frozen: which step is first, which day, what stands beside, and how times are written."""

import re
from datetime import UTC, datetime

import pytest
from fakes import NOON, air_body, forecast_body, weather_body

from weather.domain.conditions import TEXTS, condition, group
from weather.domain.model import GROUPS

pytestmark = pytest.mark.anyio

AT = "lat=51.51&lon=-0.13"


def air_of(index: int) -> dict:
    body = air_body()
    body["list"][0]["main"]["aqi"] = index
    return body


FORECAST = f"/api/v1/forecast?{AT}"
HOUR = 3600


async def test_days_begin_today_when_the_forecast_begins_tomorrow(site, upstream, clock):
    """At 22:07 the free forecast holds no step of today: today is there, partial, with its sun and nothing invented."""
    clock.now = NOON + 10 * HOUR + 7 * 60
    upstream.bodies["/data/2.5/forecast"] = lambda q: forecast_body(NOON + 15 * HOUR)
    days = (await site.get(f"/api/v1/daily?{AT}&days=2")).json()["daily"]
    assert [day["date"] for day in days] == ["2026-11-24", "2026-11-25"]
    today = days[0]
    assert (today["partial"], today["temperature_max"], today["precipitation"], today["condition"]) == (
        True,
        *[None] * 3,
    )
    assert today["sunrise"].startswith("2026-11-24T07:3")


@pytest.mark.parametrize("more", ["", "&hours=12"])
async def test_hours_begin_at_the_first_that_is_not_over(site, upstream, clock, more):
    """With and without `hours` the same first step: the first whose time is not before now."""
    upstream.bodies["/data/2.5/forecast"] = lambda q: forecast_body(NOON - 6 * HOUR)
    for minutes, first in ((0, 0), (1, 3)):
        clock.now = NOON + 60 * minutes
        steps = (await site.get(f"/api/v1/hourly?{AT}{more}")).json()["hourly"]
        assert datetime.fromisoformat(steps[0]["time"]) == datetime.fromtimestamp(NOON + first * HOUR, UTC)


async def test_hours_that_are_all_over_are_missing_and_not_empty(site, clock, upstream):
    """A kept forecast whose last step is past: null with its reason; an empty list would read as nothing to come."""
    upstream.bodies["/data/2.5/forecast"] = lambda q: forecast_body(NOON - 130 * HOUR)
    body = (await site.get(f"/api/v1/hourly?{AT}")).json()
    assert (body["hourly"], body["freshness"]["state"]) == (None, "missing")
    assert [(gap["section"], gap["reason"]) for gap in body["missing"]] == [("hourly", "upstream")]


@pytest.mark.slow
@pytest.mark.parametrize("name", ["forecast", "current", "hourly", "daily", "nowcast", "alerts", "air"])
async def test_freshness_is_an_object_in_every_answer(site, name):
    """With the same members everywhere; a section that is not there is `missing`, its times null."""
    body = (await site.get(f"/api/v1/{name}?{AT}")).json()
    told = body["freshness"]
    assert list(told) == ["state", "source", "observed_at", "fetched_at", "fresh_until", "sections"]
    gone = {gap["section"] for gap in body["missing"]}
    for section, age in told["sections"].items():
        assert (age["state"] == "missing") is (section in gone) is (body[section] is None)
    assert told["state"] == ("missing" if name in gone else "fresh")


async def test_times_of_machines_are_utc_and_those_of_weather_have_an_offset(site):
    """In winter London too: +00:00, never Z, so that one parser reads both London and Tokyo."""
    body = (await site.get(FORECAST)).json()
    machine = [body["freshness"][name] for name in ("observed_at", "fetched_at", "fresh_until")]
    assert all(re.fullmatch(r"2026-11-24T\d\d:\d\d:\d\dZ", time) for time in machine)
    weather = [body["current"]["time"], body["hourly"][0]["time"], body["daily"][0]["sunrise"], body["air"]["time"]]
    assert all(time.endswith("+00:00") for time in weather)


@pytest.mark.parametrize(("lang", "country"), [("en", "United Kingdom"), ("de", "Vereinigtes Königreich"),
                                               ("fr", "Royaume-Uni"), ("ar", "المملكة المتحدة")])  # fmt: skip
@pytest.mark.slow
async def test_a_country_has_a_name_and_a_code(site, lang, country):
    """The name in the language asked for (CLDR), the code beside it; the id leads back to the same place."""
    place = (await site.get(f"/api/v1/current?q=London&lang={lang}")).json()["place"]
    assert (place["country"], place["country_code"], place["region"]) == (country, "GB", "England")
    assert (place["id"], place["utc_offset_seconds"]) == (2643743, 0)
    assert (await site.get(f"/api/v1/current?id={place['id']}&lang={lang}")).json()["place"] == place


async def test_words_are_in_the_language_asked_for(site):
    """The sky, the reasons and the credit, as the sentences beside them."""
    body = (await site.get(f"{FORECAST}&lang=de")).json()
    assert body["current"]["condition"]["text"] == "leichter Regen"
    assert {step["condition"]["text"] for step in body["hourly"]} <= {
        "leichter Regen",
        "mäßiger Regen",
        "stark bewölkt",
        "bedeckt",
    }
    assert all("OpenWeatherMap" in gap["detail"] and "kostenlosen" in gap["detail"] for gap in body["missing"])
    assert body["attributions"][0]["text"].startswith("Wetterdaten")


@pytest.mark.slow
@pytest.mark.parametrize("index", [1, 2, 3, 4, 5])
async def test_the_air_has_a_class_with_its_scale(site, upstream, index):
    """OpenWeatherMap's five classes by their own words; concentrations have a unit."""
    upstream.bodies["/data/2.5/air_pollution"] = lambda q: air_of(index)
    body = (await site.get(f"/api/v1/air?{AT}")).json()
    words = ("good", "fair", "moderate", "poor", "very_poor")
    assert body["air"]["indexes"] == [{"scale": "owm", "value": index, "max": 5, "category": words[index - 1]}]
    assert body["units"]["concentration"] == "µg/m³"
    assert set(body["air"]["pollutants"]) == {"pm2_5", "pm10", "o3", "no2", "so2", "co", "nh3", "no"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("told", "rain", "fallen"),
    [
        ({"rain": {"1h": 0.4}}, 0.4, 0.4),
        ({"rain": {"1h": 0.4}, "snow": {"1h": 0.6}}, 0.4, 1.0),
        ({"rain": None, "snow": {"1h": 0.6}, "weather": [{"id": 600, "icon": "13d"}]}, 0.0, 0.6),
        ({"rain": None, "weather": [{"id": 800, "icon": "01d"}]}, 0.0, 0.0),
        ({"rain": None, "weather": [{"id": 500, "icon": "10d"}]}, None, None),
    ],
)
async def test_rain_stands_beside_precipitation(site, upstream, told, rain, fallen):
    """The rain of what fell; none is zero where only snow or nothing is told, and null where nothing is known."""
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(51.51, -0.13, main={"temp": 272.0}, **told)
    now = (await site.get(f"/api/v1/current?{AT}")).json()["current"]
    assert (now["rain"], now["precipitation"], now["precipitation_rate"]) == (rain, fallen, fallen)


@pytest.mark.parametrize(("units", "unit"), [("metric", "mm/h"), ("us", "in/h")])
async def test_a_rate_has_a_unit_of_its_own(site, units, unit):
    """It is no amount: mm/h, in/h."""
    assert (await site.get(f"/api/v1/current?{AT}&units={units}")).json()["units"]["precipitation_rate"] == unit


def test_groups_are_a_closed_list():
    """Every code is of one of the groups that are documented."""
    assert {group(code) for code in TEXTS} | {condition(0, None, None).group} == set(GROUPS)
    assert GROUPS[0] == "clear"
