"""The whole site on Open-Meteo alone, and as OpenWeatherMap's stand-in: what visitors see, and what it costs."""

import asyncio
import json
import re
from html import unescape

import httpx
import pytest
from fakes import running
from meteo import Both, forecast

from weather.providers.openmeteo.endpoints import (
    CURRENT_VARIABLES,
    FORECAST,
    HOURLY_VARIABLES,
    QUARTERLY_VARIABLES,
)

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

HERE = "lat=51.51&lon=-0.13"
PAGE = "/forecast/51.51,-0.13"
FULL = f"/api/v1/forecast?{HERE}"
OWM, METEO = "/data/", "/v1/"
REJECTED = (
    b'{"cod":401, "message": "Invalid API key. Please see https://openweathermap.org/faq#error401 for more info."}'
)
AUTO = {"WEATHER_PROVIDER": "auto", "WEATHER_ALERTS": "brightsky"}  # which warns of Germany alone


@pytest.fixture
def both(clock):
    return Both(clock)


def words(text: str) -> str:
    """What stands between the tags."""
    return " ".join(unescape(re.sub(r"<[^>]*>", " ", text)).split())


async def test_every_day_stands_with_a_capital_at_its_head(both, clock):
    """In French, whose weekdays are small within a sentence: that of the day a week from now as well."""
    async with running(both, clock, key=None, **AUTO) as site:
        page = (await site.get("/forecast/48.86,2.35?lang=fr")).text
    names = re.findall(r'<span class="name"><time[^>]*>([^<]+)', page)
    assert len(names) == 8
    assert [name for name in names if not name[0].isupper()] == []


async def test_without_a_key_all_is_there_for_two_calls(both, clock):
    """Page and JSON, whole, from one forecast and one air call; what Open-Meteo lacks is null and said."""
    async with running(both, clock, key=None, **AUTO) as site:
        body = (await site.get(FULL)).json()
        page = await site.get(f"{PAGE}?units=si")
        for name in ("current", "hourly", "daily", "air"):
            assert (await site.get(f"/api/v1/{name}?{HERE}")).status_code == 200
    assert sorted(both.calls) == ["/v1/air-quality", "/v1/forecast"]
    assert body["freshness"]["source"] == body["freshness"]["sections"]["air"]["source"] == "open-meteo"
    assert body["freshness"]["observed_at"] is None
    assert body["current"]["basis"] == "forecast"
    assert body["alerts"] is None
    assert [(gap["section"], gap["reason"]) for gap in body["missing"]] == [("alerts", "not_covered")]
    assert body["attributions"][0]["url"] == "https://open-meteo.com/"
    assert page.status_code == 200
    assert '<a href="https://open-meteo.com/">Weather data by Open-Meteo.com' in page.text
    seen = words(page.text)
    assert "Open-Meteo, received 12:00" in seen
    assert "Nobody is asked for official warnings for this place. There may be some in force" in seen
    assert "Forecast for now, not measured." in seen
    assert "Demo" not in seen
    assert "OpenWeatherMap" not in seen.replace("Scale: OpenWeatherMap 1-5", "")


@pytest.mark.parametrize(
    ("route", "calls"),
    [
        *((name, ["/v1/forecast"]) for name in ("current", "nowcast", "hourly", "daily")),
        ("air", ["/v1/air-quality"]),
        ("search?q=Paris", []),
    ],
)
async def test_a_section_costs_its_own_call_alone(both, clock, route, calls):
    """As few as possible."""
    async with running(both, clock, key=None, **AUTO) as site:
        path = f"/api/v1/{route}" + ("" if "?" in route else f"?{HERE}")
        assert (await site.get(path)).status_code == 200
    assert both.calls == calls


@pytest.mark.parametrize(
    ("route", "key", "reason"),
    [
        ("alerts", None, "not_covered"),
        ("alerts", "0123456789abcdef0123456789abcdef", "plan"),
        ("nowcast", "0123456789abcdef0123456789abcdef", "plan"),
    ],
)
async def test_what_a_source_does_not_have_costs_nothing(both, clock, route, reason, key):
    """Open-Meteo has no warnings, OpenWeatherMap's free products no minutes either: null and why, nobody is asked."""
    async with running(both, clock, key=key, **AUTO) as site:
        body = (await site.get(f"/api/v1/{route}?{HERE}")).json()
    assert (body[route], both.count) == (None, 0)
    assert body["missing"][0]["reason"] == reason
    assert body["attributions"][0]["url"] == ("https://openweathermap.org/" if key else "https://open-meteo.com/")


async def test_neither_a_key_nor_our_grid_goes_astray(both, clock):
    """No appid goes to Open-Meteo, not even with a key; the cell's own coordinates are never shown."""
    async with running(both, clock, WEATHER_PROVIDER="open-meteo") as site:
        answer = await site.get(FULL)
        page = await site.get(PAGE)
    assert all("appid" not in query for query in both.queries)
    assert (answer.json()["place"]["latitude"], answer.json()["place"]["longitude"]) == (51.51, -0.13)
    assert "0.120000124" not in answer.text + page.text


async def test_now_days_and_hours_are_right(both, clock):
    """Values of the recorded kind in our shape: the rate of an hour, local days whole, hours from now on."""
    async with running(both, clock, key=None, **AUTO) as site:
        body = (await site.get(f"{FULL}&units=si")).json()
    now = body["current"]
    assert now["time"] == "2026-11-24T12:00:00+00:00"
    assert (now["temperature"], now["wind_speed"], now["precipitation_rate"], now["visibility"]) == (
        11.3,
        5.0,
        0.4,
        36.08,
    )
    assert now["condition"]["code"] == 500
    assert body["hourly"][0]["time"] == "2026-11-24T12:00:00+00:00"
    assert {hour["interval_hours"] for hour in body["hourly"]} == {1}
    today = body["daily"][0]
    assert (today["date"], today["partial"], today["precipitation"]) == ("2026-11-24", False, 2.4)
    # The 24 hours from 01:00 to 24:00 are the 26th to the 49th told, 17.5 to 15.2 degrees; but now it is 11.3.
    assert (today["temperature_max"], today["temperature_min"], today["uv_index_max"]) == (17.5, 11.3, 0.4)
    assert body["air"]["indexes"] == [{"scale": "owm", "value": 2, "max": 5, "category": "fair"}]


@pytest.mark.parametrize(("units", "unit", "hour"), [("metric", "cm", 0.35), ("us", "in", 0.138)])
async def test_the_depth_of_snow_comes_with_the_same_call(both, clock, units, unit, hour):
    """0.35 cm in an hour; a quarter of an hour tells no sum of the last hour; a day of 24 hours 8.4 cm."""
    snow = {"snowfall": 0.35, "precipitation": 0.5, "temperature_2m": -3.0, "weather_code": 73}
    both.bodies["/v1/forecast"] = lambda query: snowing(forecast(query, clock()), snow)
    async with running(both, clock, key=None, **AUTO) as site:
        body = (await site.get(f"{FULL}&units={units}")).json()
        page = words((await site.get(f"{PAGE}?units={units}")).text)
    assert sorted(both.calls) == ["/v1/air-quality", "/v1/forecast"]
    assert (body["units"]["snowfall"], body["current"]["snowfall"]) == (unit, None)
    assert {step["snowfall"] for step in body["hourly"]} == {hour}
    assert body["daily"][1]["snowfall"] == (8.4 if unit == "cm" else 3.307)
    assert ("Snow, about 8 cm." if unit == "cm" else "Snow, about 3.3 in.") in page.replace("\xa0", " ")
    assert "of snow in the next 24 hours" in body["summary"]["next_24_hours"]


def snowing(body: dict, values: dict) -> dict:
    """The body with those values at all times."""
    body["current"] |= values
    body["hourly"] |= {name: [value] * len(body["hourly"]["time"]) for name, value in values.items()}
    return body


def test_the_depth_of_snow_makes_no_call_heavier():
    """27 variables of now and the hours weigh 2.7 calls, as before it was asked for; the quarter hours' one 0.1."""
    names = [*CURRENT_VARIABLES, *HOURLY_VARIABLES]
    assert (len(names), QUARTERLY_VARIABLES, FORECAST.cost) == (27, ("precipitation",), 2.8)
    assert names.count("snowfall") == 2
    assert "is_day" not in names


@pytest.mark.slow
@pytest.mark.parametrize(("part", "row"), [("hourly", 42), ("minutely_15", 5)])
@pytest.mark.parametrize("odd", ["twice", 0, -5, 1e11, 1e18, 1e300, "soon", "2026-11-24T15:00", True])
async def test_a_time_that_is_odd_or_comes_twice_costs_its_row_alone(both, clock, part, row, odd):
    """All pages and answers stand, with the other rows (the drawing divided by the time between two)."""
    told = both.bodies["/v1/forecast"]

    def changed(query):
        body = told(query)
        times = body[part]["time"]
        times[row] = times[row - 1] if odd == "twice" else odd
        return body

    both.bodies["/v1/forecast"] = changed
    async with running(both, clock, key=None, **AUTO) as site:
        for path in (PAGE, f"{PAGE}/meteogram.svg", f"{PAGE}/card", f"{PAGE}/calendar.ics", FULL):
            assert (await site.get(path)).status_code == 200, path
        steps = [step["time"] for step in (await site.get(FULL)).json()[{"minutely_15": "nowcast"}.get(part, part)]]
    assert len(steps) == len(set(steps)) > 4


async def test_stale_and_offline_work_as_ever(both, clock, tmp_path):
    """An outage, then a restart offline: the last good answer, marked, with its age; nothing kept: 503."""
    async with running(both, clock, tmp_path, key=None, **AUTO) as site:
        first = (await site.get(FULL)).json()
        clock.now += 7200
        both.fails(502, b"<html>", paths=(METEO,))
        later = await site.get(FULL)
        page = await site.get(PAGE)
    told = later.json()["freshness"]
    assert told | {"sections": {}} == first["freshness"] | {"state": "stale", "sections": {}}
    assert {age["state"] for age in told["sections"].values()} == {"stale", "missing"}
    # two hours later "now" is read from the kept hours: 12:00 was told as 16.4, and each hour is a tenth colder
    assert (later.json()["current"]["time"], later.json()["current"]["temperature"]) == (
        "2026-11-24T14:00:00+00:00",
        16.2,
    )
    assert "ttl=-" in later.headers["cache-status"]
    assert "Out of date" in page.text
    calls = both.count
    async with running(both, clock, tmp_path, key=None, WEATHER_OFFLINE="yes", **AUTO) as site:
        kept = await site.get(FULL)
        unknown = await site.get("/api/v1/current?lat=10&lon=10")
        ready = (await site.get("/readyz")).json()
    assert (kept.json()["freshness"]["state"], both.count) == ("stale", calls)
    assert (unknown.status_code, unknown.json()["code"]) == (503, "offline")
    assert ready["checks"]["upstream"]["detail"].startswith("offline")


async def test_without_a_key_openweathermaps_routes_say_so(both, clock):
    """401 in its own words, and nobody is asked."""
    async with running(both, clock, key=None, **AUTO) as site:
        for path in ("/data/2.5/weather?q=London", "/geo/1.0/direct?q=London"):
            answer = await site.get(path)
            assert (answer.status_code, answer.json()["cod"]) == (401, 401)
            assert answer.json()["message"].startswith("Invalid API key.")
    assert both.count == 0


async def test_openweathermap_alone_without_a_key_has_nothing(both, clock):
    """Asked for by name: 503 at our doors, and readiness says why."""
    async with running(both, clock, key=None, WEATHER_PROVIDER="openweathermap") as site:
        answer = await site.get(FULL)
        ready = (await site.get("/readyz")).json()
    assert (answer.status_code, answer.json()["code"], both.count) == (503, "key_rejected", 0)
    assert ready["checks"]["upstream"]["detail"] == "openweathermap: there is no key"


async def test_a_name_that_nobody_knows_is_asked_of_the_geocoder_once(both, clock):
    """A name and a postal code cost a call each, kept; a city's id is asked of nobody. The 404 says who was asked."""
    both.bodies["/v1/search"] = lambda q: {"generationtime_ms": 0.1}
    async with running(both, clock, key=None, **AUTO) as site:
        for _ in range(2):
            found = await site.get("/api/v1/current?q=Xyzzyburg")
            by_zip = await site.get("/api/v1/current?zip=10115,DE")
            by_id = await site.get("/api/v1/current?id=1")
    assert [answer.json()["code"] for answer in (found, by_zip, by_id)] == ["place_not_found"] * 3
    assert "Open-Meteo's place search" in found.json()["detail"]
    assert both.calls == ["/v1/search"] * 2


async def test_a_rejected_key_is_stood_in_for_at_once_and_taken_over_from(both, clock, tmp_path):
    """401: Open-Meteo, and why, until when. Accepted: OpenWeatherMap within ten minutes, without a restart."""
    both.fails(401, REJECTED, "application/json", paths=(OWM,))
    async with running(both, clock, tmp_path, **AUTO) as site:
        first = await site.get(FULL)
        page = words((await site.get(PAGE)).text)
        relayed = await site.get(f"/data/2.5/weather?{HERE}")
        assert first.json()["freshness"]["source"] == "open-meteo"
        assert first.headers["cache-control"].startswith("max-age=0")  # nobody else may hold on to it
        assert "OpenWeatherMap does not accept this server's key. Shown instead: Open-Meteo." in page
        assert "Next try for OpenWeatherMap: 12:10" in page
        assert (relayed.status_code, relayed.content) == (401, REJECTED)
        asked = both.asked(OWM)
        clock.now += 300
        await site.get(FULL)
        assert both.asked(OWM) == asked  # its circuit breaker is open
        both.recovers()
        clock.now += 301
        after = await site.get(FULL)
        page = await site.get(PAGE)
    assert after.json()["freshness"]["source"] == "openweathermap"
    assert {part["source"] for part in after.json()["freshness"]["sections"].values()} == {"openweathermap", None}
    assert after.json()["attributions"][0]["url"] == "https://openweathermap.org/"
    assert "pen-Meteo" not in page.text


async def test_a_key_rejected_later_leaves_no_old_answer_in_the_way(both, clock):
    """What is kept of OpenWeatherMap has expired and its key is rejected: Open-Meteo's fresh one, now and closed."""
    async with running(both, clock, **AUTO) as site:
        assert (await site.get(FULL)).json()["freshness"]["source"] == "openweathermap"
        both.fails(401, REJECTED, "application/json", paths=(OWM,))
        clock.now += 7200
        for _ in range(2):  # the second time its circuit breaker is open
            body = (await site.get(FULL)).json()
            assert (body["freshness"]["source"], body["freshness"]["state"]) == ("open-meteo", "fresh")
        both.fails(500)
        clock.now += 120
        elsewhere = await site.get("/api/v1/current?lat=10&lon=10")
        both.fails(500, paths=("/",))
        clock.now += 7200
        old = await site.get(FULL)
    assert elsewhere.status_code >= 502
    assert old.json()["freshness"]["state"] == "stale"


async def test_one_that_hangs_is_given_half_of_the_time(both, clock):
    """OpenWeatherMap does not answer: the visitor has Open-Meteo's within the time that he may have to wait."""
    both.hangs = True
    loop = asyncio.get_running_loop()
    async with running(both, clock, WEATHER_TIMEOUT="2s", **AUTO) as site:
        began = loop.time()
        answer = await site.get(f"/api/v1/current?{HERE}")
        assert loop.time() - began < 2
        both.let_go.set()
    assert answer.json()["freshness"]["source"] == "open-meteo"


@pytest.mark.slow
@pytest.mark.parametrize("status", [429, 500, 503])
async def test_an_outage_without_anything_kept_is_stood_in_for(both, clock, status):
    """Of a place that is kept the old answer is shown, of another Open-Meteo's."""
    async with running(both, clock, **AUTO) as site:
        await site.get(FULL)
        both.fails(status, paths=(OWM,))
        clock.now += 7200
        kept = (await site.get(FULL)).json()["freshness"]
        other = await site.get("/api/v1/forecast?lat=48.86&lon=2.35")
        page = await site.get("/forecast/48.86,2.35")
    assert (kept["source"], kept["state"]) == ("openweathermap", "stale")
    assert other.json()["freshness"]["source"] == "open-meteo"
    assert "No answer from OpenWeatherMap. Shown instead: Open-Meteo." in words(page.text)


async def test_both_down_is_told_as_the_first_ones_failure(both, clock):
    """Its status, its code."""
    both.fails(500)
    async with running(both, clock, **AUTO) as site:
        answer = await site.get(FULL)
    assert (answer.status_code, answer.json()["code"]) == (502, "upstream_failed")


async def test_a_place_that_is_none_is_not_asked_for_twice(both, clock):
    """OpenWeatherMap says 404: so it is, and Open-Meteo is not asked."""
    both.fails(404, b'{"cod":"404","message":"city not found"}', "application/json", paths=(OWM,))
    async with running(both, clock, **AUTO) as site:
        answer = await site.get(FULL)
    assert (answer.status_code, answer.json()["code"], both.asked(METEO)) == (404, "place_not_found", 0)


async def test_a_client_without_budget_gets_no_stand_in(both, clock):
    """429 is the visitor's own, though the server has calls left: another source must not pay for it."""
    async with running(both, clock, WEATHER_CALLS_PER_MINUTE="6", **AUTO) as site:
        answers = [(await site.get(f"/api/v1/current?lat={n}&lon=0")).status_code for n in range(6)]
    assert answers == [200] * 4 + [429] * 2
    assert both.asked(METEO) == 0


async def test_spent_calls_are_stood_in_for(both, clock):
    """The server's own calls are spent by several clients: Open-Meteo's budget is another."""
    more = {"WEATHER_CALLS_PER_MONTH": "2", "WEATHER_TRUSTED_PROXIES": "127.0.0.1"}
    async with running(both, clock, **more, **AUTO) as site:
        answers = [
            (await site.get(f"/api/v1/current?lat={n}&lon=0", headers={"X-Forwarded-For": f"192.0.2.{n}"})).json()
            for n in range(3)
        ]
        sources = [answer["freshness"]["source"] for answer in answers]
        page = words((await site.get("/forecast/2,0")).text)
    assert sources == ["openweathermap", "openweathermap", "open-meteo"]
    assert "No calls left for OpenWeatherMap now. Shown instead: Open-Meteo." in page


class Cut(httpx.AsyncBaseTransport):
    """A wire that may be cut."""

    def __init__(self, upstream) -> None:
        self.inner, self.is_cut = httpx.ASGITransport(app=upstream), True

    async def handle_async_request(self, request):
        if self.is_cut:
            raise httpx.ConnectError("no route")
        return await self.inner.handle_async_request(request)


async def test_the_demo_is_shown_until_the_first_real_answer_and_never_again(both, clock, tmp_path):
    """No key and no network at the very first start: invented and marked so; after one real answer, ever: 502."""
    wire = Cut(both)
    async with running(wire, clock, tmp_path, key=None, **AUTO) as site:
        for n in range(8):  # by then the breaker is open
            first = await site.get(f"/api/v1/current?lat={n}&lon=0")
            assert first.json()["freshness"]["source"] == "demo"
        page = words((await site.get(PAGE)).text)
        assert "Demo: this weather is invented." in page
        assert "No answer from Open-Meteo" in page
        assert "The reason: there is no way to it (no network?)." in page
        wire.is_cut = False
        clock.now += 3600
        real = await site.get(FULL)
        assert real.json()["freshness"]["source"] == "open-meteo"
        assert "Demo" not in (await site.get(PAGE)).text
        wire.is_cut = True
        assert (await site.get("/api/v1/current?lat=60&lon=0")).status_code == 502
    async with running(wire, clock, tmp_path, key=None, **AUTO) as site:
        assert (await site.get("/api/v1/current?lat=61&lon=0")).status_code == 502
        assert (await site.get(FULL)).json()["freshness"]["source"] == "open-meteo"


async def test_a_first_start_without_network_goes_on_after_a_restart(both, clock, tmp_path):
    """Closed by the run before, and never an answer: the demo is shown, and why (issue, 8)."""
    for lang, reason in (("en", "The reason: there is no way"), ("de", "Grund: Es führt kein Weg")):
        async with running(Cut(both), clock, tmp_path, key=None, **AUTO) as site:
            for n in range(8):
                first = await site.get(f"/api/v1/current?lat={n}&lon=0")
                assert first.json()["freshness"]["source"] == "demo"
            assert reason in words((await site.get(PAGE, headers={"Accept-Language": lang})).text)
    assert both.count == 0


async def test_an_upstream_that_answers_badly_is_no_reason_for_a_demo(both, clock):
    """Without a key, an error is an error."""
    both.fails(500)
    async with running(both, clock, key=None, **AUTO) as site:
        answers = [await site.get(f"/api/v1/current?lat={n}&lon=0") for n in range(8)]
    assert {answer.status_code for answer in answers} <= {502, 503}


async def test_the_demo_that_is_asked_for_asks_nobody(both, clock):
    """WEATHER_PROVIDER=demo, even with a key: invented everywhere, OpenWeatherMap's routes too."""
    async with running(both, clock, WEATHER_PROVIDER="demo") as site:
        assert (await site.get(FULL)).json()["freshness"]["source"] == "demo"
        assert (await site.get("/data/2.5/weather?q=London")).status_code == 200
        assert "Demo: this weather is invented." in (await site.get("/")).text
    assert both.count == 0


async def test_a_picture_names_its_source(both, clock):
    """The drawing by its own address."""
    async with running(both, clock, key=None, **AUTO) as site:
        drawing = await site.get(f"{PAGE}/meteogram.svg")
    assert (drawing.status_code, both.calls) == (200, ["/v1/forecast"])
    assert "Open-Meteo, received 12:00" in drawing.text


async def test_a_broken_answer_of_one_call_costs_its_sections_alone(both, clock):
    """The air fails: the weather is there, and the gap is told; a body that lacks all is no failure but empty."""
    both.fails(200, json.dumps({"error": True, "reason": "x"}).encode(), "application/json", paths=("/v1/air",))
    async with running(both, clock, key=None, **AUTO) as site:
        body = (await site.get(FULL)).json()
        both.recovers()
        both.bodies["/v1/forecast"] = lambda query: {"utc_offset_seconds": 0}
        empty = (await site.get("/api/v1/forecast?lat=1&lon=1")).json()
    assert body["air"] is None
    assert ("air", "upstream") in {(gap["section"], gap["reason"]) for gap in body["missing"]}
    assert len(body["hourly"]) > 100
    assert (empty["current"], empty["hourly"], empty["daily"]) == (None, None, None)
    assert {gap["reason"] for gap in empty["missing"]} == {"not_available", "not_covered"}
