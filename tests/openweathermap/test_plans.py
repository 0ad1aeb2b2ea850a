"""Every plan, one answer: which products a key may use is found out, and each section climbs down to what it may."""

import asyncio
from collections import Counter

import html5lib
import pytest
from fakes import located, onecall_body, running, warning

from weather.domain.model import Coordinates
from weather.providers.openweathermap.endpoints import FORECAST, MINUTES, NOW, ONECALL, WEATHER
from weather.providers.openweathermap.plans import candidates
from weather.providers.openweathermap.provider import ReportRequest
from weather.upstream.types import Requester

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

AT = "lat=51.51&lon=-0.13"
ALL = f"/api/v1/forecast?{AT}"
THREE, FOUR = "/data/3.0/", "/data/4.0/"
REJECTED = (
    b'{"cod":401, "message": "Invalid API key. Please see https://openweathermap.org/faq#error401 for more info."}'
)

FREE_CALLS = {"/data/2.5/weather": 1, "/data/2.5/forecast": 1, "/data/2.5/air_pollution": 1}
WITH_THREE = {"/data/3.0/onecall": 1, "/data/2.5/air_pollution": 1}
WITH_FOUR = {
    "/data/4.0/onecall/current": 1,
    "/data/4.0/onecall/timeline/1min": 1,
    "/data/4.0/onecall/alert/A-1": 1,
    "/data/2.5/forecast": 1,
    "/data/2.5/air_pollution": 1,
}
TRIED_THREE, TRIED_FOUR = {"/data/3.0/onecall": 1}, {"/data/4.0/onecall/current": 1}


def rejects(upstream, *paths: str) -> None:
    upstream.fails(401, REJECTED, "application/json; charset=utf-8", paths=paths or ("/none",))


def gives_dry_minutes(upstream) -> None:
    """One Call's minutes contradict no dry hour of the free products."""
    minutes = [minute | {"precipitation": 0} for minute in onecall_body()["minutely"]]
    upstream.bodies["/data/3.0/onecall"] = lambda query: onecall_body(minutely=minutes)


def gaps(body: dict) -> dict[str, str]:
    return {gap["section"]: gap["reason"] for gap in body["missing"]}


@pytest.mark.parametrize(
    ("plan", "refused", "calls", "missing", "interval"),
    [
        ("auto", (FOUR,), WITH_THREE, {}, 1),
        ("auto", (), WITH_THREE, {}, 1),
        ("auto", (THREE,), WITH_FOUR | TRIED_THREE, {}, 3),
        ("onecall3", (), WITH_THREE, {}, 1),
        ("onecall4", (), WITH_FOUR, {}, 3),
        ("onecall3", (THREE,), FREE_CALLS | TRIED_THREE, {"nowcast": "plan", "alerts": "plan"}, 3),
        ("free", (), FREE_CALLS, {"nowcast": "plan", "alerts": "plan"}, 3),
    ],
    ids=["3.0 only", "both", "4.0 only", "3.0 set", "4.0 set", "3.0 set, not bought", "free set"],
)
async def test_each_key_ends_at_its_rung(upstream, clock, plan, refused, calls, missing, interval):
    """The whole report: what was asked, what is there, and what this plan cannot give."""
    rejects(upstream, *refused)
    async with running(upstream, clock, WEATHER_PLAN=plan) as site:
        answer = await site.get(ALL)
    body = answer.json()
    assert answer.status_code == 200
    assert upstream.by_path == Counter(calls)
    assert gaps(body) == missing
    assert body["hourly"][0]["interval_hours"] == interval
    assert (body["current"]["uv_index"] is None) is bool(missing)
    assert (body["place"]["name"], body["place"]["timezone"]) == ("London", "Europe/London")
    if not missing:
        assert [alert["event"] for alert in body["alerts"]] == ["Yellow warning of wind"]
        assert body["alerts"][0]["tags"] == ["Wind"]
        assert [step["precipitation_rate"] for step in body["nowcast"]].count(1.2) == 1


@pytest.mark.slow
async def test_a_free_key_wastes_one_call_a_product(upstream, clock):
    """A free key on `auto`: one 401 of 3.0, one of 4.0; then neither is asked for any place for ten minutes."""
    rejects(upstream, THREE, FOUR)
    async with running(upstream, clock, WEATHER_PLAN="auto") as site:
        body = (await site.get(ALL)).json()
        assert gaps(body) == {"nowcast": "plan", "alerts": "plan"}
        assert len(body["hourly"]) == 40
        asked = sum(path.startswith((THREE, FOUR)) for path in upstream.calls)
        await asyncio.gather(*(site.get(f"/api/v1/forecast?lat=40&lon={lon}") for lon in range(20)))
        clock.now += 500
        await site.get("/api/v1/forecast?lat=41&lon=1")
        wasted = Counter(path[:10] for path in upstream.calls if path.startswith((THREE, FOUR)))
        assert (asked, wasted) == (2, {THREE[:10]: 1, FOUR[:10]: 1})
        clock.now += 200
        await asyncio.gather(*(site.get(f"/api/v1/forecast?lat=42&lon={lon}") for lon in range(20)))
        wasted = Counter(path[:10] for path in upstream.calls if path.startswith((THREE, FOUR)))
        assert wasted == {THREE[:10]: 2, FOUR[:10]: 2}


@pytest.mark.slow
async def test_a_crowd_finds_out_once(upstream, clock):
    """Twenty visitors of twenty cold places, the first ever: still one wasted call a product."""
    rejects(upstream, THREE, FOUR)
    async with running(upstream, clock, WEATHER_PLAN="auto") as site:
        answers = await asyncio.gather(*(site.get(f"/api/v1/current?lat=40&lon={lon}") for lon in range(20)))
    assert {answer.status_code for answer in answers} == {200}
    wasted = Counter(path[:10] for path in upstream.calls if path.startswith((THREE, FOUR)))
    assert wasted == {THREE[:10]: 1, FOUR[:10]: 1}
    assert upstream.by_path["/data/2.5/weather"] == 20


async def test_a_fresh_key_wakes_up(upstream, clock):
    """A key that is rejected everywhere fails as such; once it is active the whole report is there."""
    rejects(upstream, "/")
    async with running(upstream, clock, WEATHER_PLAN="auto") as site:
        refused = await site.get(ALL)
        assert (refused.status_code, refused.json()["code"]) == (503, "key_rejected")
        assert int(refused.headers["retry-after"]) > 60
        again = (await site.get(ALL)).json()["detail"]
        assert again == "requests to the weather service are paused, for it does not accept this server's key"
        upstream.recovers()
        clock.now += 601
        body = (await site.get(ALL)).json()
    assert gaps(body) == {}
    assert len(body["nowcast"]) == 51  # of sixty minutes from 12:01 on those that are not over at 12:10


async def test_a_subscription_that_ends_drops_a_rung_at_once(upstream, clock):
    """A 401 of 3.0 after good answers: the free products serve within the same request."""
    gives_dry_minutes(upstream)
    async with running(upstream, clock, WEATHER_PLAN="auto") as site:
        assert len((await site.get(ALL)).json()["hourly"]) == 48
        rejects(upstream, THREE, FOUR)
        clock.now += 900
        body = (await site.get(ALL)).json()
    assert (len(body["hourly"]), body["freshness"]["sections"]["hourly"]["state"]) == (40, "fresh")
    assert body["current"]["uv_index"] is None


@pytest.mark.parametrize("section", ["current", "hourly", "daily", "nowcast", "alerts", "air"])
async def test_a_section_asks_for_no_more_than_it_needs(upstream, clock, section):
    """One section: one call with 3.0, the free one for hours and days with 4.0, the text of an alert besides."""
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        three = await site.get(f"/api/v1/{section}?{AT}")
    assert three.json()[section]
    assert upstream.by_path == {"/data/2.5/air_pollution" if section == "air" else "/data/3.0/onecall": 1}
    upstream.calls.clear()
    async with running(upstream, clock, WEATHER_PLAN="onecall4") as site:
        four = await site.get(f"/api/v1/{section}?{AT}")
    assert four.json()[section]
    wanted = {
        "current": ["/data/4.0/onecall/current"],
        "alerts": ["/data/4.0/onecall/current", "/data/4.0/onecall/alert/A-1"],
        "nowcast": ["/data/4.0/onecall/timeline/1min"],
        "air": ["/data/2.5/air_pollution"],
    }
    assert upstream.calls == wanted.get(section, ["/data/2.5/forecast"])


@pytest.mark.parametrize("section", ["nowcast", "alerts"])
async def test_what_no_plan_gives_is_an_answer_without_age(upstream, clock, section):
    """On the free plan such a section is null and says why; no call is made, and nobody may keep the answer."""
    async with running(upstream, clock, WEATHER_PLAN="free") as site:
        answer = await site.get(f"/api/v1/{section}?{AT}")
    assert (answer.status_code, answer.json()[section], gaps(answer.json())) == (200, None, {section: "plan"})
    assert (answer.headers["cache-control"], "cache-status" in answer.headers) == ("no-store", False)
    assert upstream.count == 0


@pytest.mark.parametrize("fault", [500, 404])
async def test_a_failing_product_is_stood_in_for(upstream, clock, fault):
    """3.0 and 4.0 fail for another reason than the plan: the rest is there, and the gap says so."""
    upstream.fails(fault, b'{"cod":"404","message":"no data"}', "application/json", paths=(THREE, FOUR))
    async with running(upstream, clock, WEATHER_PLAN="auto") as site:
        body = (await site.get(ALL)).json()
    assert body["current"]["temperature"] == 12.0
    reason = "not_available" if fault == 404 else "upstream"
    assert gaps(body) == {"nowcast": reason, "alerts": reason}


async def test_a_hanging_product_leaves_time_for_the_others(upstream, clock):
    """3.0 hangs: the free products answer within the time that a visitor waits at most."""

    async def hangs(scope, receive, send):
        if scope["path"].startswith(THREE):
            await asyncio.sleep(30)
        await upstream(scope, receive, send)

    async with running(hangs, clock, WEATHER_PLAN="onecall3", WEATHER_TIMEOUT="400ms") as site:
        async with asyncio.timeout(2):
            body = (await site.get(ALL)).json()
    assert body["current"]["temperature"] == 12.0
    assert gaps(body) == {"nowcast": "upstream", "alerts": "upstream"}


async def test_upstreams_zone_names_the_place_zone(upstream, clock):
    """One Call tells the zone by name; what is none is not believed."""
    for name, zone in (
        ("Pacific/Apia", "Pacific/Apia"),
        ("../../etc/passwd", None),
        ("Nowhere/Land", None),
        ("", None),
    ):
        upstream.bodies["/data/3.0/onecall"] = lambda q, name=name: onecall_body(timezone=name, timezone_offset=46800)
        async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
            place = (await site.get("/api/v1/hourly?lat=-48.87&lon=-123.39")).json()["place"]
        assert place["timezone"] == (zone or "+13:00")


async def test_the_days_of_one_call_are_its_own(upstream, clock):
    """Eight whole days under the place's dates, with their own extremes, sums and UV index."""
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        days = (await site.get(f"/api/v1/daily?{AT}")).json()["daily"]
    assert [day["date"] for day in days][::7] == ["2026-11-24", "2026-12-01"]
    first = days[0]
    assert (first["temperature_min"], first["temperature_max"], first["precipitation"]) == (8.0, 15.0, 3.0)
    assert (first["uv_index_max"], first["precipitation_probability"], first["partial"]) == (2, 40, False)
    assert first["sunrise"].startswith("2026-11-24T07:3")


UNCONFIRMED = {
    "description as a list": {"description": [{"language": "en-GB", "description": "Windy."}]},
    "no tags": {"tags": None},
    "empty texts": {"sender_name": "", "event": "", "description": "", "tags": []},
    "null texts": {"sender_name": None, "event": None, "description": None},
    "an empty list": {"description": []},
}


@pytest.mark.parametrize("more", UNCONFIRMED.values(), ids=UNCONFIRMED)
async def test_alert_texts_of_either_shape_are_read(upstream, clock, more):
    """What is not on record of 4.0 may be so or otherwise: the alert is there."""
    upstream.bodies["/data/4.0/onecall/alert/A-1"] = lambda q: warning(**more)
    async with running(upstream, clock, WEATHER_PLAN="onecall4") as site:
        body = (await site.get(f"/api/v1/alerts?{AT}")).json()
        page = await site.get("/forecast/51.51,-0.13")
    assert len(body["alerts"]) == 1
    assert "1 alert<" in page.text


@pytest.mark.parametrize(
    "more", [{"weather": None}, {"weather": []}, {"alerts": None}, {"rain": {"1h": 1}}, {"rain": 1}]
)
async def test_odd_records_of_4_are_read(upstream, clock, more):
    """No sky, no list of alerts, rain of either shape: current is there."""
    upstream.bodies["/data/4.0/onecall/current"] = lambda q: located(onecall_body()["current"] | more)
    async with running(upstream, clock, WEATHER_PLAN="onecall4") as site:
        body = (await site.get(ALL)).json()
    assert body["current"]["temperature"] == 11.0
    assert (body["alerts"], body["current"]["precipitation"]) == ([], 1.0 if "rain" in more else 0.0)


async def test_an_alert_whose_text_fails_is_not_kept_silent(upstream, clock):
    """One of two texts cannot be had: the other is told, and `missing` says that there is more."""
    upstream.bodies["/data/4.0/onecall/current"] = lambda q: located(
        onecall_body()["current"] | {"alerts": ["A-1", "urn:oid:2.49"]}
    )
    upstream.fails(500, paths=("/data/4.0/onecall/alert/urn",))
    async with running(upstream, clock, WEATHER_PLAN="onecall4") as site:
        body = (await site.get(f"/api/v1/alerts?{AT}")).json()
    assert ([alert["event"] for alert in body["alerts"]], gaps(body)) == (
        ["Yellow warning of wind"],
        {"alerts": "upstream"},
    )
    assert "/data/4.0/onecall/alert/urn:oid:2.49" in upstream.calls


ODD_IDS = {
    "no list": "A-1",
    "numbers": [1, 2],
    "objects": [{"id": "A-1"}],
    "an object": {"id": "A-1"},
    "a null": [None],
    "a path": ["../../weather"],
    "a line": ["A-1\n"],
    "empty": [""],
}


@pytest.mark.parametrize("ids", ODD_IDS.values(), ids=ODD_IDS)
async def test_ids_of_alerts_that_cannot_be_read_are_never_none_at_all(upstream, clock, ids):
    """Null and why, for an empty list would mean that there is no danger; now is there all the same."""
    upstream.bodies["/data/4.0/onecall/current"] = lambda q: located(onecall_body()["current"] | {"alerts": ids})
    async with running(upstream, clock, WEATHER_PLAN="onecall4") as site:
        body = (await site.get(ALL)).json()
        page = (await site.get("/forecast/51.51,-0.13")).text
    assert (body["alerts"], gaps(body)) == (None, {"alerts": "upstream"})
    assert body["current"]["temperature"] == 11.0
    assert "No alerts." not in page


@pytest.mark.parametrize("more", [[None], [7], ["not an id"], [f"B-{n}" for n in range(20)], ["A-1"] * 200])
async def test_ids_beside_or_beyond_those_that_are_read_are_told_of(upstream, clock, more):
    """The texts that can be had are there, of twenty at most; that there are others is said."""
    upstream.bodies |= {f"/data/4.0/onecall/alert/B-{n}": lambda q, n=n: warning(event=f"B {n}") for n in range(20)}
    upstream.bodies["/data/4.0/onecall/current"] = lambda q: located(
        onecall_body()["current"] | {"alerts": ["A-1", *more]}
    )
    async with running(upstream, clock, WEATHER_PLAN="onecall4") as site:
        body = (await site.get(f"/api/v1/alerts?{AT}")).json()
    assert gaps(body) == {"alerts": "upstream"}
    assert body["alerts"][0]["event"] == "Yellow warning of wind"
    assert len([path for path in upstream.calls if "/alert/" in path]) == len(body["alerts"]) <= 20


async def test_an_id_that_comes_twice_is_one_alert(upstream, clock):
    """Nothing is missing."""
    upstream.bodies["/data/4.0/onecall/current"] = lambda q: located(
        onecall_body()["current"] | {"alerts": ["A-1"] * 40}
    )
    async with running(upstream, clock, WEATHER_PLAN="onecall4") as site:
        body = (await site.get(f"/api/v1/alerts?{AT}")).json()
    assert (len(body["alerts"]), body["missing"]) == (1, [])


async def test_no_alerts_is_said_by_a_fresh_answer_alone(upstream, clock, tmp_path):
    """An empty list while fresh; null and why once it is old; an alert that has ended is not told from the cache."""
    upstream.bodies["/data/3.0/onecall"] = lambda q: onecall_body(alerts=[])
    async with running(upstream, clock, tmp_path, WEATHER_PLAN="onecall3") as site:
        assert (await site.get(f"/api/v1/alerts?{AT}")).json()["alerts"] == []
        upstream.bodies["/data/3.0/onecall"] = lambda q: onecall_body()
        assert len((await site.get("/api/v1/alerts?lat=50&lon=0")).json()["alerts"]) == 1
    clock.now += 7000
    async with running(upstream, clock, tmp_path, WEATHER_PLAN="onecall3", WEATHER_OFFLINE="yes") as site:
        none = (await site.get(f"/api/v1/alerts?{AT}")).json()
        on = (await site.get("/api/v1/alerts?lat=50&lon=0")).json()
        clock.now += 300
        over = (await site.get("/api/v1/alerts?lat=50&lon=0")).json()
    assert (none["alerts"], gaps(none)) == (None, {"alerts": "offline"})
    assert (len(on["alerts"]), on["freshness"]["state"]) == (1, "stale")
    assert (over["alerts"], gaps(over)) == (None, {"alerts": "offline"})


async def test_the_page_says_the_plan_in_one_line(upstream, clock):
    """And shows what the plan brings: alerts, the next hour, UV."""
    for plan, line in (
        ("onecall3", "One Call 3.0."),
        ("onecall4", "One Call 4.0 beside"),
        ("free", "the free products"),
    ):
        async with running(upstream, clock, WEATHER_PLAN=plan) as site:
            page = (await site.get("/forecast/51.51,-0.13")).text
        assert f"OpenWeatherMap plan: {line}" in page
        assert ("Yellow warning of wind" in page) is (plan != "free")
        assert ("Rain from 12:20 to 12:21." in page) is (plan != "free")
        assert ("UV index" in page) is (plan != "free")


async def test_the_key_is_nowhere_in_4(upstream, clock, tmp_path):
    """Links of 4.0 hold the caller's key: it is neither kept nor told (statement 84)."""
    key = "fedcba9876543210fedcba9876543210"
    link = "https://api.openweathermap.org/data/4.0/onecall/timeline/1min?cnt=60&lat=51.51&lon=-0.13&start=1&appid="
    upstream.bodies["/data/4.0/onecall/timeline/1min"] = lambda q: located(next=link + q["appid"])
    async with running(upstream, clock, tmp_path, key, WEATHER_PLAN="onecall4") as site:
        answer = await site.get(f"/api/v1/nowcast?{AT}")
    assert key not in answer.text
    assert not any(key.encode() in file.read_bytes() for file in tmp_path.rglob("*") if file.is_file())


def test_the_way_down():
    """Each section's products, the richest first, by the plan."""
    assert candidates("auto", "current") == (ONECALL, NOW, WEATHER)
    assert candidates("auto", "hourly") == (ONECALL, FORECAST)
    assert candidates("auto", "nowcast") == (ONECALL, MINUTES)
    assert candidates("onecall4", "daily") == (FORECAST,)
    assert candidates("free", "alerts") == ()


async def test_a_spent_budget_leaves_its_product_out_by_name(upstream, clock, tmp_path):
    """One Call's calls of the day are used up: the free products stand in, the gaps say `quota`, the page names it."""
    gives_dry_minutes(upstream)
    async with running(upstream, clock, tmp_path, WEATHER_PLAN="onecall3", WEATHER_ONECALL_PER_DAY="1") as site:
        assert gaps((await site.get(ALL)).json()) == {}
        body = (await site.get("/api/v1/forecast?lat=40&lon=1")).json()
        page = (await site.get("/forecast/40,1")).text
        clock.now += 900
        old = (await site.get(ALL)).json()
        alone = await site.get("/api/v1/nowcast?lat=40&lon=1")
    assert gaps(body) == {"nowcast": "quota", "alerts": "quota"}
    assert (len(body["hourly"]), body["current"]["temperature"]) == (40, 12.0)
    assert "Without One Call 3.0: no calls left for it now." in page
    assert upstream.by_path["/data/3.0/onecall"] == 1
    assert (
        len(old["hourly"]),
        old["freshness"]["sections"]["hourly"]["state"],
        old["freshness"]["sections"]["nowcast"]["state"],
    ) == (
        40,
        "fresh",
        "stale",
    )
    assert (alone.status_code, alone.json()["code"]) == (503, "quota_exhausted")
    assert int(alone.headers["retry-after"]) > 3600


async def test_one_budget_for_both_one_calls(upstream, clock):
    """With 4.0 the current call is one of the day's; the minutes then are left out, and the free products stand in.

    A client has two of three.
    """
    async with running(upstream, clock, WEATHER_PLAN="onecall4", WEATHER_ONECALL_PER_DAY="3") as site:
        body = (await site.get(ALL)).json()
    assert sum(path.startswith(FOUR) for path in upstream.calls) == 2
    assert len(body["hourly"]) == 40
    assert "quota" in gaps(body).values()


async def test_an_open_breaker_does_not_show_old_where_new_can_be_had(upstream, clock):
    """After the 401 of a subscription that has ended the circuit breaker is open: the free products go on serving."""
    gives_dry_minutes(upstream)
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        await site.get(ALL)
        rejects(upstream, THREE)
        clock.now += 900
        await site.get(ALL)
        clock.now += 60
        body = (await site.get(ALL)).json()
    assert (len(body["hourly"]), body["freshness"]["sections"]["hourly"]["state"]) == (40, "fresh")
    assert upstream.by_path["/data/3.0/onecall"] == 2


async def test_a_stale_nowcast_wets_no_hour_that_is_called_fresh(upstream, clock):
    """Minutes of a subscription that has ended: the step that they lie in has their rain and their age, as long as
    they are to come. Then it is as the free product has it.
    """
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        await site.get(ALL)
        rejects(upstream, THREE)
        clock.now += 900
        whole, hours = (await site.get(ALL)).json(), (await site.get(f"/api/v1/hourly?{AT}")).json()
        clock.now += 360  # the wet minute, the 20th, is over
        later = (await site.get(f"/api/v1/hourly?{AT}")).json()
    assert [hour["precipitation"] for hour in whole["hourly"][:2]] == [0.02, 0.0]  # 1.2 mm an hour for a minute
    assert whole["hourly"][0]["condition"]["code"] // 100 == 5
    assert {whole["freshness"]["sections"][name]["state"] for name in ("nowcast", "hourly", "daily")} == {"stale"}
    assert (hours["hourly"], hours["freshness"]["state"]) == (whole["hourly"], "stale")
    assert "nowcast" not in hours
    assert later["hourly"][0]["precipitation"] == 0.0
    assert (later["hourly"][0]["condition"]["code"], later["freshness"]["state"]) == (803, "fresh")


async def test_the_own_route_repeats_the_401(upstream, clock):
    """While a product's circuit breaker is open its OWM route repeats OWM's own body, without a call."""
    rejects(upstream, THREE)
    async with running(upstream, clock, WEATHER_PLAN="auto") as site:
        await site.get(ALL)
        answers = [await site.get(f"/data/3.0/onecall?lat={lat}&lon=1") for lat in range(3)]
    assert [(answer.status_code, answer.content) for answer in answers] == [(401, REJECTED)] * 3
    assert upstream.by_path["/data/3.0/onecall"] == 1


async def test_offline_what_is_fresh_may_be_reused_as_ever(upstream, clock, tmp_path):
    """Switched off, waiting brings nothing: a fresh answer keeps its lifetime though it lacks what was never had."""
    rejects(upstream, THREE, FOUR)
    async with running(upstream, clock, tmp_path, WEATHER_PLAN="auto") as site:
        await site.get(ALL)
    calls = upstream.count
    async with running(upstream, clock, tmp_path, WEATHER_PLAN="auto", WEATHER_OFFLINE="yes") as site:
        answer = await site.get(ALL)
    assert gaps(answer.json()) == {"nowcast": "offline", "alerts": "offline"}
    assert answer.headers["cache-control"].startswith("max-age=600,")
    assert upstream.count == calls


async def test_days_beyond_the_hours_have_no_empty_table(upstream, clock):
    """One Call tells eight days and two of them by the hour: the others open to their words, sun and moon."""
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        page = (await site.get("/forecast/51.51,-0.13")).text
    days = html5lib.parse(page, namespaceHTMLElements=False).findall(".//ol[@class='days']/li")
    assert [day.find(".//table") is not None for day in days] == [True] * 3 + [False] * 5


async def turns(count: int) -> None:
    """Let the loop go on, without any time passing that somebody waits for."""
    for _ in range(count):
        await asyncio.sleep(0)


@pytest.mark.parametrize(("plan", "at_once"), [("free", 10), ("onecall3", 1)])
async def test_only_a_product_that_may_not_be_allowed_is_tried_by_one(upstream, clock, plan, at_once):
    """Ten cold places at once: a product of every plan is asked for all of them, a richer one first for one."""
    upstream.released.clear()
    async with running(upstream, clock, WEATHER_PLAN=plan) as site:
        paths = [f"/api/v1/current?lat={i}&lon=1" for i in range(10)]
        visits = [asyncio.create_task(site.get(path)) for path in paths]
        await turns(3000)
        assert upstream.count == at_once
        upstream.released.set()
        assert {answer.status_code for answer in await asyncio.gather(*visits)} == {200}


async def test_a_richer_product_gets_half_of_the_time_that_is_left(monkeypatch):
    """So that the ones below it can still be asked; the last one has what the gateway gives."""
    loop = asyncio.get_running_loop()
    monkeypatch.setattr(loop, "time", lambda: 100.0)
    asked = ReportRequest(Coordinates(1.0, 2.0), Requester(), 108.0)
    assert {row: asked.seconds(row) for row in (ONECALL, NOW, MINUTES, WEATHER, FORECAST)} == {
        ONECALL: 4.0,
        NOW: 4.0,
        MINUTES: 4.0,
        WEATHER: None,
        FORECAST: None,
    }
    monkeypatch.undo()
