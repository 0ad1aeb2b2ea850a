"""The next two hours by Open-Meteo's quarter hours: what is read of them, where they are known, how they grow old."""

import json
import re
from datetime import UTC, datetime, timedelta

import pytest
from fakes import NOON, running
from hypothesis import given, settings
from hypothesis import strategies as st
from meteo import Both, forecast, of_quarters

from weather.domain.model import Coordinates
from weather.providers.openmeteo.convert import to_hours
from weather.providers.openmeteo.endpoints import FORECAST, QUARTERS, request
from weather.providers.openmeteo.quarter_hours import has_quarters, to_quarters
from weather.providers.openmeteo.wire import read

LONDON, TOKYO = Coordinates(51.51, -0.13), Coordinates(35.69, 139.69)
HERE, PAGE = "lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"
FULL = f"/api/v1/forecast?{HERE}"
AUTO = {"WEATHER_PROVIDER": "auto", "WEATHER_ALERTS": "none"}
BEGIN = datetime.fromtimestamp(NOON, UTC)
MINUTE = timedelta(minutes=1)


def body(*sums) -> dict:
    told = forecast(dict(request(FORECAST, LONDON).query))
    return of_quarters(told, *sums) if sums else told


def steps(raw: dict, at: Coordinates = LONDON):
    return to_quarters(read(json.dumps(raw).encode()), at, UTC)


# What is asked for


def test_they_ride_on_the_call_of_the_hours():
    """One variable, bounded: from the quarter that ends now on, so many that an hour later there are nine to come."""
    query = dict(request(FORECAST, LONDON).query)
    assert (query["minutely_15"], query["forecast_minutely_15"]) == ("precipitation", "14")
    assert "hourly" in query
    last = BEGIN + 13 * 15 * MINUTE  # when the last of 14 labels, the first of them now, is over
    assert last - (BEGIN + 60 * MINUTE) == 9 * 15 * MINUTE


# What is read


def test_a_sum_is_of_the_quarter_hour_before_its_time():
    """0.5 mm by 12:15 are 2 mm an hour from 12:00 to 12:15."""
    told = steps(body(9.0, 0.5, 0.0, None, 0.03))
    assert [(one.time - BEGIN) / MINUTE for one in told] == [-15, 0, 15, 30, 45]
    assert [one.precipitation_rate for one in told] == [36.0, 2.0, 0.0, None, 0.12]
    assert {one.interval_minutes for one in told} == {15}


def test_a_quarter_hour_that_is_left_out_is_not_known():
    """The times are a grid: a hole is no step that lasts longer, and what lies off the grid is none."""
    raw = body()
    raw["minutely_15"] = {"time": [NOON + 900, NOON + 2700, NOON + 3000], "precipitation": [0.1, 0.2, 0.3]}
    assert [one.precipitation_rate for one in steps(raw)] == [0.4, None, 0.8]


def test_a_list_without_end_is_cut_and_what_is_over_is_left_out():
    """An upstream that gives four days of quarters, from the day before on: those from its own present on, so many."""
    raw = body()
    times = [int(NOON) - 36 * 3600 + 900 * n for n in range(384)]
    raw["minutely_15"] = {"time": times, "precipitation": [0.1] * 384}
    assert (len(steps(raw)), steps(raw)[0].time) == (QUARTERS, BEGIN - 15 * MINUTE)


cells = st.none() | st.integers(-100, 1100) | st.floats(-1e6, 1e6) | st.sampled_from([0, -0.0, 1e10, "", "x", True, []])
columns = st.none() | st.text(max_size=3) | st.lists(cells, max_size=30)
times = st.lists(st.sampled_from([NOON + 900 * n for n in range(-3, 20)]) | cells, max_size=30)
sections = (
    st.none()
    | st.text(max_size=3)
    | st.lists(cells, max_size=3)
    | st.fixed_dictionaries({}, optional={"time": times | columns, "precipitation": columns, "nonsense": columns})
)


@pytest.mark.slow
@settings(max_examples=300, deadline=None)
@given(sections, st.none() | st.text(max_size=3) | st.dictionaries(st.text(max_size=9), cells, max_size=2))
def test_odd_quarters_cost_themselves_alone(odd, units):
    """Missing, null, short, unequal, of wrong types: no step that is made up, and the hours are as they were."""
    raw = body()
    whole = to_hours(read(json.dumps(raw).encode()), LONDON, UTC)
    raw |= {"minutely_15": odd, "minutely_15_units": units}
    answer = read(json.dumps(raw).encode())
    assert to_hours(answer, LONDON, UTC) == whole
    told = to_quarters(answer, LONDON, UTC)
    assert len(told) <= QUARTERS
    assert all(later.time - earlier.time == 15 * MINUTE for earlier, later in zip(told, told[1:], strict=False))
    assert all(one.precipitation_rate is None or one.precipitation_rate >= 0 for one in told)
    assert not told or any(one.precipitation_rate is not None for one in told)


@pytest.mark.parametrize("odd", [None, {}, {"time": [NOON + 900]}, {"precipitation": [0.1]}, "x", {"time": "x"}])
def test_without_a_sum_there_is_no_nowcast(odd):
    """Nulls alone are no forecast."""
    assert steps(body() | {"minutely_15": odd}) == ()
    assert steps(body(*[None] * 14)) == ()


# Where they are known


@pytest.mark.parametrize(
    ("name", "latitude", "longitude", "is_known"),
    [
        ("Berlin", 52.52, 13.41, True), ("Vienna", 48.21, 16.37, True), ("London", 51.51, -0.13, True),
        ("Bordeaux", 44.84, -0.58, True), ("Toulouse", 43.6, 1.44, True), ("Milan", 45.46, 9.19, True),
        ("New York", 40.71, -74.01, True), ("Seattle", 47.61, -122.33, True), ("Miami", 25.76, -80.19, True),
        ("Los Angeles", 34.05, -118.24, True), ("Toronto", 43.65, -79.38, True),
        ("Amsterdam", 52.37, 4.9, False), ("Oslo", 59.91, 10.75, False), ("Madrid", 40.42, -3.7, False),
        ("Warsaw", 52.23, 21.01, False), ("Anchorage", 61.22, -149.9, False), ("Edmonton", 53.55, -113.49, False),
        ("Mexico City", 19.43, -99.13, False), ("Honolulu", 21.31, -157.86, False), ("Tokyo", 35.69, 139.69, False),
        ("Sydney", -33.87, 151.21, False), ("North Pole", 90, 0, False), ("South Pole", -90, 0, False),
        ("the far east", 45, 180, False), ("the far west", 45, -180, False),
    ],
)  # fmt: skip
def test_where_a_model_has_quarter_hours(name, latitude, longitude, is_known):
    """Central Europe and North America; not where Open-Meteo takes a model of hours (KNMI, MET Norway) within it."""
    assert has_quarters(Coordinates(latitude, longitude)) is is_known


def test_the_map_of_hrrr_reaches_from_corner_to_corner():
    """NOAA's grid has its last point, 1799 by 1059 of 3 km, at 47.8424 N, 60.918 W: a step within it is on it."""
    assert has_quarters(Coordinates(47.83, -60.94))
    assert not has_quarters(Coordinates(47.86, -60.88))
    assert has_quarters(Coordinates(21.15, -122.70))
    assert not has_quarters(Coordinates(21.12, -122.74))


@settings(deadline=None)
@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_is_told_one_way_or_the_other(latitude, longitude):
    """The map has no point at which it fails; and no step of a point says otherwise than its place."""
    at = Coordinates(latitude, longitude)
    assert {one.interpolated for one in steps(body(0.1, 0.1), at)} == {not has_quarters(at)}


# The whole site

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]


@pytest.fixture
def both(clock):
    return Both(clock)


def giving(both, clock, *sums, **hourly) -> None:
    """From now on so many millimetres in the quarters from the one on that is over; all hours with those values."""

    def made(query):
        told = of_quarters(forecast(query, clock()), *sums)
        told["hourly"] |= {name: [value] * len(told["hourly"]["time"]) for name, value in hourly.items()}
        return told

    both.bodies["/v1/forecast"] = made


DRY = {"precipitation": 0.0, "weather_code": 1, "precipitation_probability": 0}


async def test_they_come_with_the_forecast_and_cost_no_call(both, clock):
    """Page, whole answer and the route of its own share one call; nothing of it is missing."""
    async with running(both, clock, key=None, **AUTO) as site:
        page = await site.get(PAGE)
        whole = (await site.get(FULL)).json()
        alone = (await site.get(f"/api/v1/nowcast?{HERE}")).json()
    assert sorted(both.calls) == ["/v1/air-quality", "/v1/forecast"]
    assert whole["nowcast"] == alone["nowcast"]
    assert whole["nowcast"][0] == {
        "time": "2026-11-24T12:00:00+00:00", "interval_minutes": 15, "precipitation_rate": 0.12, "interpolated": False,
    }  # fmt: skip
    assert whole["freshness"]["sections"]["nowcast"]["state"] == "fresh"
    assert "nowcast" not in {gap["section"] for gap in whole["missing"]}
    assert "By quarter hours." in page.text


@pytest.mark.parametrize("key", ["0123456789abcdef0123456789abcdef"])
async def test_a_page_of_openweathermap_asks_nobody_else_for_them(both, clock, key):
    """Its free products have none: that is said, and Open-Meteo is not asked."""
    async with running(both, clock, key=key, **AUTO) as site:
        await site.get(PAGE)
        body = (await site.get(FULL)).json()
    assert both.asked("/v1/") == 0
    assert ("nowcast", "plan") in {(gap["section"], gap["reason"]) for gap in body["missing"]}


async def test_a_kept_answer_has_the_next_two_hours_for_an_hour(both, clock):
    """Upstream fails after the first call: nine steps, the running one first, until it is an hour old."""
    async with running(both, clock, key=None, **AUTO) as site:
        await site.get(FULL)
        both.fails(500, paths=("/v1/",))
        for age in (0, 7, 16, 31, 59, 60):
            clock.now = NOON + age * 60
            told = (await site.get(f"/api/v1/nowcast?{HERE}")).json()["nowcast"]
            first = datetime.fromisoformat(told[0]["time"])
            last = datetime.fromisoformat(told[-1]["time"]) + 15 * MINUTE
            now = datetime.fromtimestamp(clock.now, UTC)
            assert first <= now < first + 15 * MINUTE
            assert last >= now + 120 * MINUTE
            assert len(told) in (8, 9)


async def test_an_old_answer_has_what_is_left_and_then_none(both, clock):
    """Its last quarter ends at 15:15: at 14:40 three are left, at 15:15 none, which is said; never one that is over."""
    async with running(both, clock, key=None, **AUTO) as site:
        await site.get(FULL)
        both.fails(500, paths=("/v1/",))
        clock.now = NOON + 160 * 60
        left = (await site.get(f"/api/v1/nowcast?{HERE}")).json()
        page = (await site.get(PAGE)).text
        clock.now = NOON + 195 * 60
        none = (await site.get(f"/api/v1/nowcast?{HERE}")).json()
        late = (await site.get(PAGE)).text
    assert [one["time"][11:16] for one in left["nowcast"]] == ["14:30", "14:45", "15:00"]
    assert left["freshness"]["state"] == "stale"
    assert "Rain from 14:30." in page
    assert none["nowcast"] is None
    assert none["missing"][0]["section"] == "nowcast"
    assert "By quarter hours" not in late
    assert 'class="shower' not in late


async def test_without_quarters_the_hours_are_there(both, clock):
    """The section is missing and says so."""
    both.bodies["/v1/forecast"] = lambda query: {
        name: part for name, part in forecast(query, clock()).items() if not name.startswith("minutely")
    }
    async with running(both, clock, key=None, **AUTO) as site:
        body = (await site.get(FULL)).json()
        page = (await site.get(PAGE)).text
    assert (body["nowcast"], len(body["hourly"]) > 100) == (None, True)
    assert ("nowcast", "not_available") in {(gap["section"], gap["reason"]) for gap in body["missing"]}
    assert "By quarter hours" not in page


async def test_page_and_terminal_draw_and_say_a_wet_quarter(both, clock):
    """Dry hours, half a millimetre from 12:30 to 12:45: the same words at each, eight bars' ground, one bar."""
    giving(both, clock, 0, 0, 0, 0.5, *[0] * 10, **DRY)
    async with running(both, clock, key=None, **AUTO) as site:
        page = (await site.get(PAGE)).text
        text = (await site.get("/51.51,-0.13", headers={"User-Agent": "curl/8"})).text
        card = (await site.get(f"{PAGE}/card")).text
        body = (await site.get(FULL)).json()
    ground = re.search(r'<path class="axis" d="([^"]*)"', page)[1]
    bars = re.search(r'<path class="bars" d="([^"]*)"', page)[1]
    assert (ground.count("M"), bars.count("M")) == (8, 1)
    assert "Rain from 12:30 to 12:45." in page
    assert "Rain from 12:30 to 12:45. By quarter hours." in " ".join(text.split())
    assert body["summary"]["next_24_hours"].startswith("Rain from about 12:30 to 12:45. About 0.5\xa0mm in")
    for told in (page, text, body["summary"]["next_24_hours"]):
        assert "Dry until" not in told
        assert "dry until" not in told
    assert "Dry until" not in card


async def test_where_they_are_interpolated_it_is_said(both, clock):
    """In Tokyo: on the page, in the terminal, in each step."""
    async with running(both, clock, key=None, **AUTO) as site:
        page = (await site.get("/forecast/35.69,139.69")).text
        text = (await site.get("/35.69,139.69", headers={"User-Agent": "curl/8"})).text
        body = (await site.get("/api/v1/nowcast?lat=35.69&lon=139.69")).json()
    words = "By quarter hours, estimated from hourly values."
    assert words in page
    assert words in " ".join(text.split())
    assert {one["interpolated"] for one in body["nowcast"]} == {True}


async def test_dry_quarters_of_a_wet_hour_say_whose_word_it_is(both, clock):
    """The hours keep their own figures; nothing says plainly that it is dry."""
    giving(both, clock, *[0.0] * 14)
    async with running(both, clock, key=None, **AUTO) as site:
        page = (await site.get(PAGE)).text
    assert "The forecast by quarter hours has no precipitation until 14:00." in page
    assert "No precipitation until" not in page
    assert 'class="shower' not in page


async def test_one_calls_shape_has_no_quarter_hours(both, clock):
    """Its `minutely` are minutes: Open-Meteo stands in, and the part is left out and named as missing."""
    refused = b'{"cod":401, "message": "Invalid API key."}'
    both.fails(401, refused, "application/json", paths=("/data/",))
    async with running(both, clock, WEATHER_ONECALL="answer", **AUTO) as site:
        answer = await site.get(f"/data/3.0/onecall?{HERE}")
    assert answer.headers["x-weather-source"] == "open-meteo"
    assert "minutely" in answer.headers["x-weather-missing"]
    assert "minutely" not in answer.json()
    assert answer.json()["hourly"]
