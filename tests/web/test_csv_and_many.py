"""CSV of hours and days, and the weather now of many places in one answer."""

import csv
from io import StringIO

import pytest
from fakes import NOON, Upstream, running

pytestmark = pytest.mark.anyio

HOURLY, DAILY = "/api/v1/hourly?lat=51.51&lon=-0.13", "/api/v1/daily?lat=51.51&lon=-0.13"
MANY = "/api/v1/current?at=51.51,-0.13;48.86,2.35"


def rows(answer) -> list[dict[str, str]]:
    """By RFC 4180: lines end with CRLF, the first names the columns."""
    assert answer.headers["content-type"] == "text/csv; charset=utf-8; header=present"
    assert answer.text.endswith("\r\n")
    return list(csv.DictReader(StringIO(answer.text, newline="")))


@pytest.mark.slow
@pytest.mark.parametrize("path", [HOURLY, DAILY])
async def test_a_table_says_what_json_says(site, path):
    """Each member under its dotted name, with the same value; empty where that is null."""
    section = path.split("/")[3].split("?")[0]
    told = (await site.get(path)).json()
    table = rows(await site.get(f"{path}&format=csv"))
    assert len(table) == len(told[section]) > 4
    for row, known in zip(table, told[section], strict=True):
        assert row["condition.text"] == known["condition"]["text"]
        for name in ("precipitation", "precipitation_probability", "wind_gust" if section == "hourly" else "date"):
            assert row[name] == ("" if known[name] is None else str(known[name]))


async def test_each_row_has_its_age_and_units(site):
    """For rows are read without what stands around them."""
    for row in rows(await site.get(f"{HOURLY}&format=csv&units=us&wind=kn")):
        assert (row["freshness.state"], row["freshness.fetched_at"]) == ("fresh", "2026-11-24T12:00:00Z")
        assert (row["units.temperature"], row["units.wind_speed"]) == ("°F", "kn")


async def test_hours_days_and_fields_choose_rows_and_columns(site):
    table = rows(await site.get(f"{HOURLY}&format=csv&hours=6&fields=hourly.time,hourly.temperature"))
    assert len(table) == 2 and list(table[0])[:2] == ["time", "temperature"] and "humidity" not in table[0]
    assert len(rows(await site.get(f"{DAILY}&format=csv&days=3"))) == 3


async def test_accept_asks_for_a_table_too(site):
    """Whoever accepts JSON gets JSON, from the cache of whole responses too; an address that says a form rules."""
    for _ in range(2):
        assert rows(await site.get(HOURLY, headers={"Accept": "text/csv"}))
        told = await site.get(HOURLY, headers={"Accept": "application/json"})
        assert told.json()["hourly"] and "Accept" in told.headers["vary"].split(", ")
        for accept in ("*/*", "text/csv;q=0", "*/*, text/csv; q=0.0"):
            assert (await site.get(HOURLY, headers={"Accept": accept})).json()["hourly"]
    assert (await site.get(f"{HOURLY}&format=json", headers={"Accept": "text/csv"})).json()["hourly"]


async def test_an_old_table_says_so(site, upstream, clock):
    await site.get(f"{DAILY}&format=csv")
    upstream.fails(500)
    clock.now = NOON + 7200
    answer = await site.get(f"{DAILY}&format=csv")
    assert answer.status_code == 200 and {row["freshness.state"] for row in rows(answer)} == {"stale"}


async def test_a_table_without_rows_is_a_problem(site, upstream, clock):
    """Never an empty table: the kept forecast is over after five days."""
    await site.get(f"{HOURLY}&format=csv")
    upstream.fails(500)
    clock.now = NOON + 5.2 * 86400
    answer = await site.get(f"{HOURLY}&format=csv")
    assert answer.status_code >= 400 and answer.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize("path", [f"{HOURLY}&format=xml", "/api/v1/current?lat=1&lon=1&format=csv"])
async def test_other_forms_are_mistakes(site, path):
    answer = await site.get(path)
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_parameter")


async def test_many_places_in_one_answer(site, upstream):
    """In the order asked, each as its own answer would be; one call each."""
    told = (await site.get(MANY)).json()
    assert list(told) == ["results"] and upstream.calls == ["/data/2.5/weather"] * 2
    single = (await site.get("/api/v1/current?lat=51.51&lon=-0.13")).json()
    assert told["results"][0] == single
    assert told["results"][1]["place"]["latitude"] == 48.86 and upstream.count == 2


async def test_units_language_and_fields_hold_for_all(site):
    told = (await site.get(f"{MANY}&units=us&lang=de&fields=current.temperature")).json()["results"]
    assert [one["current"] for one in told] == [{"temperature": 53.6}] * 2
    assert {one["units"]["temperature"] for one in told} == {"°F"}


async def test_each_place_has_its_own_age_or_problem(site, upstream, clock):
    """One kept and old, one that cannot be had: the answer is 200 and not to be kept."""
    await site.get("/api/v1/current?lat=51.51&lon=-0.13")
    upstream.fails(500)
    clock.now = NOON + 1200
    answer = await site.get(MANY)
    old, lacking = answer.json()["results"]
    assert answer.status_code == 200 and answer.headers["cache-control"] == "no-store"
    assert old["freshness"]["state"] == "stale"
    assert lacking["status"] >= 500 and lacking["code"].startswith("upstream")


async def test_the_whole_is_as_old_as_its_oldest(site, clock):
    await site.get("/api/v1/current?lat=51.51&lon=-0.13")
    clock.now = NOON + 300
    answer = await site.get(MANY)
    assert answer.headers["age"] == "300" and answer.headers["cache-control"].startswith("max-age=600")


async def test_a_client_s_quota_bounds_it(clock):
    """Of twelve a minute one client may cause eight: the others of its places say so."""
    upstream = Upstream()
    async with running(upstream, clock, WEATHER_CALLS_PER_MINUTE="12") as site:
        points = ";".join(f"{n},{n}" for n in range(20))
        told = (await site.get(f"/api/v1/current?at={points}")).json()["results"]
    assert [one.get("code") for one in told].count("client_budget") == 12 and upstream.count == 8


@pytest.mark.slow
@pytest.mark.parametrize("at", ["", "51.51", "91,0", "a,b", "1,1;x", ";".join(["1,1"] * 51), "1,1&lat=1", "1,1&q=x"])
async def test_what_is_no_list_of_points_is_a_mistake(site, upstream, at):
    answer = await site.get(f"/api/v1/current?at={at}")
    assert (answer.status_code, answer.json()["code"], upstream.count) == (400, "bad_parameter", 0)


async def test_many_places_have_their_days_too(site, upstream):
    """Each as its own answer would be, its first day its own today; one call each."""
    told = (await site.get("/api/v1/daily?at=51.51,-0.13;35.69,139.69&days=2")).json()["results"]
    assert upstream.calls == ["/data/2.5/forecast"] * 2
    for place, point in zip(told, ("lat=51.51&lon=-0.13", "lat=35.69&lon=139.69"), strict=True):
        assert place == (await site.get(f"/api/v1/daily?{point}&days=2")).json() and len(place["daily"]) == 2
    assert upstream.count == 2


@pytest.mark.parametrize("days", ["0", "17", "x", ""])
async def test_days_of_many_places_are_within_bounds(site, upstream, days):
    answer = await site.get(f"/api/v1/daily?at=1,1&days={days}")
    assert (answer.status_code, answer.json()["parameter"], upstream.count) == (400, "days", 0)


async def test_a_table_is_of_one_place(site, upstream):
    """A place that has no days would be no row of it; what generated clients send by default is no mistake."""
    answer = await site.get("/api/v1/daily?at=1,1&format=csv")
    assert (answer.status_code, answer.json()["parameter"], upstream.count) == (400, "format", 0)
    assert (await site.get("/api/v1/daily?at=1,1&format=json")).json()["results"]
    told = await site.get("/api/v1/daily?at=1,1", headers={"Accept": "text/csv"})
    assert told.headers["content-type"].startswith("application/json")


async def test_at_is_of_now_and_of_days_alone(site):
    assert (await site.get("/api/v1/hourly?at=1,1")).status_code == 400


@pytest.mark.slow
@pytest.mark.parametrize("at", ["5 1.51,0", "51.51,- 0.13", "51.51,0.1 3;1,1", "1,1;" + " " * 5000])
async def test_a_list_of_points_is_read_whole_or_not_at_all(site, upstream, at):
    """A space within a number, or a list that is cut, would be another place."""
    answer = await site.get("/api/v1/current", params={"at": at})
    assert (answer.status_code, answer.json()["code"], upstream.count) == (400, "bad_parameter", 0)


async def test_spaces_around_the_numbers_cost_nothing(site):
    """As people write lists; a plus sign that was not encoded arrives as one."""
    told = (await site.get("/api/v1/current", params={"at": " 51.51 , -0.13 ; 48.86,2.35 ;"})).json()
    assert [one["place"]["latitude"] for one in told["results"]] == [51.51, 48.86]
