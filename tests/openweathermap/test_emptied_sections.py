"""What a fresh answer no longer tells is over: old warnings end, and minutes of an hour ago are not told as to come."""

import pytest
from fakes import NOON, located, onecall_body, running

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

FULL, PAGE = "/api/v1/forecast?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"
ONECALL, MINUTES = "/data/3.0/onecall", "/data/4.0/onecall/timeline/1min"


@pytest.mark.parametrize("none", [{"alerts": []}, {"alerts": None}, {}])
async def test_an_answer_without_warnings_ends_the_old_ones(upstream, clock, none):
    """It is fresh and says that there are none, with an empty list or without one: that is news."""
    body = onecall_body()
    upstream.bodies[ONECALL] = lambda query: body
    async with running(upstream, clock, WEATHER_PLAN="onecall3", WEATHER_ALERTS="none") as site:
        before = (await site.get(FULL)).json()["alerts"]
        body = {name: part for name, part in onecall_body().items() if name != "alerts"} | none
        clock.now = NOON + 660
        after, page = (await site.get(FULL)).json(), (await site.get(PAGE)).text
    assert len(before) == 1
    assert (after["alerts"], after["freshness"]["sections"]["alerts"]["state"]) == ([], "fresh")
    assert "No alerts." in page


@pytest.mark.parametrize("none", [{"minutely": []}, {"minutely": None}])
async def test_an_answer_without_minutes_leaves_none_of_the_old_ones(upstream, clock, none):
    """One Call 3.0: the section is missing, and no sentence is made of last hour's rain."""
    body = onecall_body()
    upstream.bodies[ONECALL] = lambda query: body
    async with running(upstream, clock, WEATHER_PLAN="onecall3", WEATHER_ALERTS="none") as site:
        before = (await site.get(FULL)).json()["nowcast"]
        body = onecall_body() | none
        clock.now = NOON + 660
        after = (await site.get(FULL)).json()
    assert len(before) == 60
    assert after["nowcast"] is None
    assert [gap["reason"] for gap in after["missing"] if gap["section"] == "nowcast"] == ["not_available"]


async def test_an_empty_list_of_minutes_of_4_0_is_an_answer(upstream, clock):
    """It replaces the last one, which told of minutes that are not over yet."""
    rows = [{"dt": int(NOON) + 60 * n, "precipitation": 1.0} for n in range(60)]
    upstream.bodies[MINUTES] = lambda query: located(*rows)
    async with running(upstream, clock, WEATHER_PLAN="onecall4", WEATHER_ALERTS="none") as site:
        before = (await site.get("/api/v1/nowcast?lat=51.51&lon=-0.13")).json()["nowcast"]
        rows = []
        clock.now = NOON + 660
        after = (await site.get("/api/v1/nowcast?lat=51.51&lon=-0.13")).json()
    assert before
    assert after["nowcast"] is None


async def test_an_hour_or_a_day_that_comes_twice_is_told_once(upstream, clock):
    """Of two entries of one time the last counts; the order is that of time."""
    body = onecall_body()
    body["hourly"] = [*body["hourly"], body["hourly"][3] | {"temp": 250.15}]
    body["daily"] = [body["daily"][2], *body["daily"]]
    upstream.bodies[ONECALL] = lambda query: body
    async with running(upstream, clock, WEATHER_PLAN="onecall3", WEATHER_ALERTS="none") as site:
        told = (await site.get(FULL)).json()
    times, dates = [hour["time"] for hour in told["hourly"]], [day["date"] for day in told["daily"]]
    assert times == sorted(set(times)) and dates == sorted(set(dates))
    assert told["hourly"][3]["temperature"] == -23


async def test_hours_and_days_of_which_nothing_is_told_are_not_dry(upstream, clock):
    """Entries of nulls: no sum and no "0"; the day over such hours stays as wet as its source says."""
    body = onecall_body()
    for hour in body["hourly"][6:]:
        hour |= dict.fromkeys(hour.keys() - {"dt"})
    day, empty = body["daily"][1:3]
    empty |= dict.fromkeys(empty.keys() - {"dt"})
    assert day["rain"] == 3
    upstream.bodies[ONECALL] = lambda query: body
    async with running(upstream, clock, WEATHER_PLAN="onecall3", WEATHER_ALERTS="none") as site:
        told = (await site.get(FULL)).json()
        text = (await site.get("/51.51,-0.13", headers={"User-Agent": "curl/8"})).text
    assert {hour["precipitation"] for hour in told["hourly"] if hour["temperature"] is None} == {None}
    assert [day["precipitation"] for day in told["daily"][1:3]] == [3.0, None]
    assert told["daily"][1]["condition"]["text"] == "light rain"
    (row,) = [line.split() for line in text.splitlines() if line.startswith("  22:00")]
    assert row == ["22:00", "–", "–", "–", "–", "–"]
    assert "traces in the next" not in text and "No more than traces" not in text
