"""The JSON door."""

from datetime import datetime

import pytest
from fakes import NOON, forecast_body, running, weather_body

pytestmark = pytest.mark.anyio

FORECAST = "/api/v1/forecast?lat=51.51&lon=-0.13"
SECTIONS = ["current", "nowcast", "hourly", "daily", "alerts", "air"]


async def test_the_shape_of_a_forecast(site):
    """The members stand as in the interface, in its order."""
    body = (await site.get(FORECAST)).json()
    assert list(body) == ["place", "units", "freshness", *SECTIONS, "summary", "missing", "attributions"]
    assert list(body["place"]) == [
        *"name region country country_code latitude longitude timezone utc_offset_seconds".split(),
        *("kind", "matched", "id", "distance"),
    ]
    assert list(body["freshness"]) == ["state", "source", "observed_at", "fetched_at", "fresh_until", "sections"]
    assert list(body["freshness"]["sections"]) == SECTIONS
    assert list(body["freshness"]["sections"]["alerts"]) == list(body["freshness"])[:-1]
    units = (
        "system temperature wind_speed precipitation snowfall precipitation_rate pressure distance concentration pollen"
    )
    assert list(body["units"]) == units.split()
    assert list(body["summary"]) == ["now", "next_24_hours"]
    assert (
        list(body["current"])
        == (
            "time temperature feels_like dew_point humidity pressure wind_speed wind_gust wind_direction cloud_cover "
            "visibility uv_index precipitation rain snowfall condition is_day precipitation_rate basis"
        ).split()
    )
    assert list(body["current"]["condition"]) == ["group", "text", "code", "icon"]
    assert set(body["hourly"][0]) == (set(body["current"]) - {"basis", "precipitation_rate"}) | {
        "interval_hours",
        "precipitation_probability",
    }
    assert (
        list(body["daily"][0])
        == (
            "date temperature_min temperature_max precipitation rain snowfall precipitation_probability wind_speed_max "
            "wind_gust_max wind_direction condition sunrise sunset moonrise moonset moon_phase uv_index_max summary "
            "partial"
        ).split()
    )
    assert set(body["air"]) == {"time", "indexes", "pollutants", "pollen"}
    assert list(body["attributions"][0]) == ["text", "url", "license"]
    assert body["attributions"][0]["url"] == "https://openweathermap.org/"


async def test_numbers_agree_with_upstreams_body(site):
    """285.15 K is 12 °C, 5 m/s is 18 km/h, 10000 m is 10 km; what is not told is null."""
    now = (await site.get(FORECAST)).json()["current"]
    assert (now["temperature"], now["feels_like"]) == (12.0, 10.0)
    assert (now["wind_speed"], now["wind_direction"], now["wind_gust"]) == (18.0, 225.0, None)
    assert (now["visibility"], now["pressure"], now["humidity"], now["cloud_cover"]) == (10.0, 1012.0, 81.0, 75.0)
    assert (now["precipitation"], now["rain"], now["precipitation_rate"], now["uv_index"]) == (0.4, 0.4, 0.4, None)
    assert now["condition"] == {"group": "rain", "text": "light rain", "code": 500, "icon": "10d"}
    assert (now["is_day"], now["basis"]) == (True, "analysis")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("units", "temperature", "wind", "pressure", "visibility"),
    [
        ("metric", 12.0, 18.0, 1012.0, 10.0),
        ("si", 12.0, 5.0, 1012.0, 10.0),
        ("us", 53.6, 11.18, 29.88, 6.21),
        ("uk", 12.0, 11.18, 1012.0, 6.21),
    ],
)
async def test_four_unit_systems_from_one_call(site, upstream, units, temperature, wind, pressure, visibility):
    """Each system's numbers, and its symbols; asked of upstream without units or language."""
    body = (await site.get(f"{FORECAST}&units={units}")).json()
    now = body["current"]
    assert (now["temperature"], now["wind_speed"], now["pressure"], now["visibility"]) == (
        temperature,
        wind,
        pressure,
        visibility,
    )
    assert body["units"]["system"] == units
    for _ in ("metric", "si", "us", "uk"):
        await site.get(f"{FORECAST}&units={_}")
    assert upstream.count == 3
    assert all(query.keys() == {"lat", "lon", "appid"} for query in upstream.queries)


async def test_each_section_costs_its_own_call_only(site, upstream):
    """current: the weather call; hourly and daily: the forecast call; air: one air call."""
    for section, path in {
        "current": "/data/2.5/weather",
        "hourly": "/data/2.5/forecast",
        "daily": "/data/2.5/forecast",
        "air": "/data/2.5/air_pollution",
    }.items():
        upstream.calls.clear()
        body = (await site.get(f"/api/v1/{section}?lat={len(section)}&lon=1")).json()
        assert upstream.calls == [path]
        assert list(body) == ["place", "units", "freshness", section, "missing", "attributions"]


async def test_times_carry_the_places_own_offset(site, upstream):
    """Kathmandu: +05:45 on every time, and the dates of its own calendar."""
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(27.71, 85.32, timezone=20700, name="Kathmandu")
    upstream.bodies["/data/2.5/forecast"] = lambda q: forecast_body(offset=20700)
    body = (await site.get("/api/v1/forecast?lat=27.71&lon=85.32")).json()
    assert body["place"]["timezone"] == "Asia/Kathmandu"
    assert body["current"]["time"] == "2026-11-24T17:40:00+05:45"
    assert body["freshness"]["fetched_at"] == "2026-11-24T12:00:00Z"
    assert body["hourly"][0]["time"] == "2026-11-24T20:45:00+05:45"
    assert body["daily"][0]["date"] == "2026-11-24"
    assert all(day["sunrise"].endswith("+05:45") for day in body["daily"])


async def test_an_unknown_zone_is_upstreams_fixed_offset(site, upstream):
    """The clocks of the zone there show another offset: upstream's own is the zone."""
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(-48, -123, timezone=-34200, name="", sys={})
    body = (await site.get("/api/v1/current?lat=-48&lon=-123")).json()
    assert body["place"] == {
        "name": None,
        "region": None,
        "country": None,
        "country_code": None,
        "latitude": -48.0,
        "longitude": -123.0,
        "timezone": "-09:30",
        "utc_offset_seconds": -34200,
        "kind": None,
        "matched": None,
        "id": None,
        "distance": None,
    }
    assert body["current"]["time"].endswith("-09:30")


async def test_freshness_sums_up_its_parts(site, clock):
    """The worst state, the oldest times, the earliest end; Age of the oldest part, ttl of the shortest."""
    await site.get("/api/v1/hourly?lat=51.51&lon=-0.13")
    clock.now += 300
    answer = await site.get(FORECAST)
    told, parts = answer.json()["freshness"], answer.json()["freshness"]["sections"]
    assert told["state"] == "fresh"
    assert datetime.fromisoformat(told["fetched_at"]).timestamp() == NOON
    assert datetime.fromisoformat(told["fresh_until"]).timestamp() == NOON + 300 + 600
    assert parts["hourly"]["fetched_at"] == "2026-11-24T12:00:00Z"
    assert parts["current"]["fetched_at"] == "2026-11-24T12:05:00Z"
    assert answer.headers["age"] == "300"
    assert answer.headers["cache-control"].startswith("max-age=900,")


async def test_two_answers_within_a_minute_are_byte_equal(site, clock):
    """The bytes do not move within a whole minute, and absolute times stand in them."""
    clock.now = NOON + 60.5
    first = await site.get(FORECAST)
    clock.now = NOON + 119.9
    assert (await site.get(FORECAST)).content == first.content


async def test_no_alerts_is_never_said_without_a_source(site):
    """alerts and minutely are null with the reason, for the free products have neither."""
    body = (await site.get(FORECAST)).json()
    assert (body["alerts"], body["nowcast"]) == (None, None)
    assert {gap["section"]: gap["reason"] for gap in body["missing"]} == {"nowcast": "plan", "alerts": "plan"}


async def test_a_404_of_one_product_is_not_available(site, upstream):
    """One product's 404: its section is null; place_not_found only when every product says so."""
    upstream.fails(404, b'{"cod":"404","message":"not found"}', "application/json", paths=("/data/2.5/air",))
    body = (await site.get(FORECAST)).json()
    assert {gap["section"]: gap["reason"] for gap in body["missing"]}["air"] == "not_available"
    upstream.paths = ("/",)
    gone = await site.get("/api/v1/forecast?lat=2&lon=2")
    assert (gone.status_code, gone.json()["code"]) == (404, "place_not_found")


async def test_a_body_that_cannot_be_read_is_upstreams_failure(site, upstream):
    """A 200 of another shape: null with `upstream`, or 502 when it was all that was asked for; never a 500."""
    upstream.bodies["/data/2.5/weather"] = lambda q: {"main": "warm", "cod": 200}
    body = (await site.get(FORECAST)).json()
    assert body["current"] is None
    alone = await site.get("/api/v1/current?lat=51.51&lon=-0.13")
    assert (alone.status_code, alone.json()["code"]) == (502, "upstream_failed")


async def test_a_place_by_name_id_and_postal_code(site, upstream):
    """q and id come from the gazetteer without a geocoding call; zip is geocoded once and kept for weeks."""
    london = (await site.get("/api/v1/current?q=London,GB")).json()["place"]
    by_id = (await site.get("/api/v1/current?id=2643743")).json()["place"]
    assert (london["name"], london["country_code"], london["region"], london["timezone"]) == (
        "London",
        "GB",
        "England",
        "Europe/London",
    )
    assert by_id == london
    assert upstream.calls == ["/data/2.5/weather"]
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(52.53, 13.38, timezone=3600)
    berlin = (await site.get("/api/v1/current?zip=10115,DE")).json()["place"]
    await site.get("/api/v1/hourly?zip=10115,de")
    assert (berlin["name"], berlin["latitude"], berlin["timezone"]) == ("Berlin", 52.53, "Europe/Berlin")
    assert upstream.by_path["/geo/1.0/zip"] == 1


async def test_an_id_that_the_gazetteer_lacks_is_asked_of_upstream(site, upstream):
    """A village of OpenWeatherMap by its id: its current weather tells where it is; unknown ids are 404."""
    upstream.bodies["/data/2.5/weather"] = lambda q: (
        weather_body(50.0, 7.0, name="Nowhere") if "id" in q else weather_body(50.0, 7.0)
    )
    assert (await site.get("/api/v1/current?id=99999")).json()["place"]["name"] == "Nowhere"
    upstream.fails(404, b'{"cod":"404","message":"city not found"}', "application/json")
    assert (await site.get("/api/v1/current?id=88888")).json()["code"] == "place_not_found"


async def test_an_unknown_name_is_geocoded_once(site, upstream):
    """A name that the gazetteer lacks is asked of upstream once, found or not."""
    upstream.bodies["/geo/1.0/direct"] = lambda q: [
        {"name": "Kleinkleckersdorf", "lat": 51.0, "lon": 13.0, "country": "DE"}
    ]
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(51.0, 13.0, timezone=3600)
    for _ in range(3):
        place = (await site.get("/api/v1/current?q=Kleinkleckersdorf")).json()["place"]
    assert (place["name"], place["latitude"], place["timezone"]) == ("Kleinkleckersdorf", 51.0, "Europe/Berlin")
    assert upstream.by_path["/geo/1.0/direct"] == 1


async def test_search_ranks_and_limits(site, upstream):
    """Search lists places of that name, the largest first, without a call."""
    found = (await site.get("/api/v1/search?q=Paris&limit=3")).json()["results"]
    assert len(found) == 3
    assert (found[0]["name"], found[0]["country_code"]) == ("Paris", "FR")
    assert upstream.count == 0


async def test_the_demo_says_that_it_is_one(clock, tmp_path):
    """Without a key the source is "demo", and readiness says so."""
    async with running(None, clock, tmp_path, key=None) as site:
        body = (await site.get("/api/v1/forecast?q=Tokyo")).json()
        ready = (await site.get("/readyz")).json()
    assert body["freshness"]["source"] == "demo"
    assert body["freshness"]["sections"]["air"]["source"] == "demo"
    assert ready["checks"]["upstream"]["status"] == "degraded"
