"""An answer is read before it replaces one: what our own reader cannot read never takes the place of what it could."""

import json
import re
from datetime import UTC, datetime

import pytest
from fakes import Clock, Upstream, air_body, forecast_body, onecall_body, running, warning, weather_body
from markupsafe import escape
from meteo import Both, forecast

pytestmark = pytest.mark.anyio

AT = "lat=51.51&lon=-0.13"
WEATHER, FORECAST, AIR = (f"/data/2.5/{name}" for name in ("weather", "forecast", "air_pollution"))
ALL = f"/api/v1/forecast?{AT}"
SECTIONS = {WEATHER: "current", FORECAST: "hourly", AIR: "air"}

UNREADABLE = [
    (WEATHER, weather_body(main=None)),
    (WEATHER, weather_body(main=[])),
    (WEATHER, weather_body(dt=-5)),
    (WEATHER, weather_body(dt="now")),
    (FORECAST, forecast_body() | {"list": [{"dt": 1}]}),
    (FORECAST, forecast_body() | {"list": {}}),
    (AIR, air_body() | {"list": [{"main": {"aqi": 1}}]}),
]
EMPTY = [(WEATHER, weather_body(main={}, weather=[])), (FORECAST, forecast_body(steps=0)), (AIR, {"list": []})]


async def turned(upstream, clock, path: str, body: dict, seconds: float):
    """A good answer, then so many seconds later that body; what the site and the program of OWM are then told."""
    async with running(upstream, clock, WEATHER_FRESH_FOR="10m", WEATHER_CACHE_URL="memory:") as site:
        good = (await site.get(ALL)).json()
        upstream.bodies[path] = lambda _: body
        clock.now += seconds
        told, relayed = (await site.get(ALL)).json(), await site.get(f"{path}?{AT}")
        calls = upstream.by_path[path]
        again = await site.get(f"{path}?{AT}")
        later = (await site.get(ALL)).json()
        assert upstream.by_path[path] == calls == 2  # one for the good one, one for the odd one
        upstream.fails(503)
        clock.now += seconds
        dead, relayed_dead = (await site.get(ALL)).json(), await site.get(f"{path}?{AT}")
    return good, [told, later, dead], [relayed, again], relayed_dead


@pytest.mark.slow
@pytest.mark.parametrize(("path", "body"), [*UNREADABLE, *EMPTY])
async def test_the_last_answer_that_could_be_read_stays(upstream, clock, path, body):
    """At the site, marked stale, through the outage that follows; OWM's route gives what came, for the same call."""
    name = SECTIONS[path]
    good, told, relayed, relayed_dead = await turned(upstream, clock, path, body, 1200)
    for one in told:
        assert one[name] == good[name] is not None
        assert one["freshness"]["sections"][name]["state"] == "stale"
        assert name not in {gap["section"] for gap in one["missing"]}
    assert [answer.json() for answer in relayed] == [body, body]
    assert "hit; ttl=600" in relayed[1].headers["cache-status"]
    assert (relayed_dead.status_code, relayed_dead.json()) == (200, upstream_before(path))


def upstream_before(path: str) -> object:
    return json.loads(json.dumps(Upstream().bodies[path]({"lat": "51.51", "lon": "-0.13"})))


@pytest.mark.slow
@pytest.mark.parametrize(("path", "body"), UNREADABLE)
async def test_unreadable_and_nothing_kept(upstream, clock, path, body):
    """Its section says so, of one call, also when asked again at once; OWM's route relays it, in an outage too."""
    upstream.bodies[path] = lambda _: body
    async with running(upstream, clock) as site:
        for _ in range(3):
            told = (await site.get(ALL)).json()
            assert told[SECTIONS[path]] is None
            assert (SECTIONS[path], "upstream") in {(gap["section"], gap["reason"]) for gap in told["missing"]}
        first = await site.get(f"{path}?{AT}")
        assert (first.status_code, first.json(), upstream.by_path[path]) == (200, body, 1)
        upstream.fails(503)
        clock.now += 7200
        assert (await site.get(f"{path}?{AT}")).json() == body
        assert (await site.get(ALL)).json()[SECTIONS[path]] is None


@pytest.mark.parametrize(("path", "body"), EMPTY[1:])
async def test_that_there_is_nothing_is_an_answer_where_nothing_was(upstream, clock, path, body):
    """An empty list of upstream's, and nothing kept: the source has nothing of it here, and is not asked again."""
    upstream.bodies[path] = lambda _: body
    async with running(upstream, clock) as site:
        for _ in range(2):
            told = (await site.get(ALL)).json()
            assert (SECTIONS[path], "not_available") in {(gap["section"], gap["reason"]) for gap in told["missing"]}
    assert upstream.by_path[path] == 1


async def test_it_heals_with_the_next_answer_that_can_be_read(upstream, clock):
    """Upstream is well again: the next call, when the odd answer's time is over, brings the news."""
    async with running(upstream, clock) as site:
        await site.get(ALL)
        upstream.bodies[WEATHER] = lambda _: weather_body(main=None)
        clock.now += 660
        await site.get(ALL)
        upstream.bodies[WEATHER] = lambda _: weather_body(dt=int(clock.now), main={"temp": 290.15})
        clock.now += 660
        told = (await site.get(ALL)).json()
        relayed = (await site.get(f"{WEATHER}?{AT}")).json()
    assert (told["current"]["temperature"], told["freshness"]["sections"]["current"]["state"]) == (17.0, "fresh")
    assert relayed["main"] == {"temp": 290.15}


async def test_unreadable_answers_of_many_places_shut_nobody_out(upstream, clock):
    """A provider that changes a field's type has answered: the product is not left alone, each place is relayed."""
    upstream.bodies[WEATHER] = lambda _: weather_body(main=None)
    async with running(upstream, clock) as site:
        for n in range(30):
            assert (await site.get(f"/api/v1/current?lat={n}&lon=1")).status_code == 502
            assert (await site.get(f"{WEATHER}?lat={n}&lon=1")).status_code == 200
    assert upstream.count == 30


async def test_another_worker_gives_what_one_has_brought(upstream, clock, tmp_path):
    """The answer that replaced nothing is shared as any other: no second call in its time."""
    async with running(upstream, clock, tmp_path) as site:
        await site.get(f"/api/v1/current?{AT}")
        upstream.bodies[WEATHER] = lambda _: weather_body(main=None)
        clock.now += 660
        assert (await site.get(f"{WEATHER}?{AT}")).json()["main"] is None
    async with running(upstream, clock, tmp_path) as other:
        assert (await other.get(f"{WEATHER}?{AT}")).json()["main"] is None
        assert (await other.get(f"/api/v1/current?{AT}")).json()["current"]["temperature"] == 12.0
    assert upstream.by_path[WEATHER] == 2


async def test_xml_is_never_read_here(upstream, clock):
    """It is relayed and replaces what was."""
    async with running(upstream, clock) as site:
        for text in (b"<a><b/></a>", b"<c/>"):
            upstream.fails(200, text, "application/xml")
            assert (await site.get(f"{WEATHER}?{AT}&mode=xml")).content == text
            clock.now += 660


async def test_the_same_of_open_meteo(clock):
    """Its last answer stays where the next has neither a present nor hours."""
    both = Both(clock)
    async with running(both, clock, None, WEATHER_PROVIDER="open-meteo") as site:
        good = (await site.get(f"/api/v1/forecast?{AT}")).json()
        for odd in ({"current": None, "hourly": {}}, {"current": {"time": "soon"}, "hourly": {"time": []}}):
            both.bodies["/v1/forecast"] = lambda q, odd=odd: forecast(q) | odd
            clock.now += 1200
            told = (await site.get(f"/api/v1/forecast?{AT}")).json()
            assert told["freshness"]["sections"]["hourly"]["state"] == "stale"
            now = datetime.fromtimestamp(clock.now // 60 * 60, UTC)
            assert told["hourly"] == [hour for hour in good["hourly"] if datetime.fromisoformat(hour["time"]) >= now]


async def test_a_bare_nan_is_relayed_and_read(upstream, clock):
    """`"speed": NaN` under 200: the program gets the bytes, the site all but the wind."""
    raw = json.dumps(weather_body()).replace('"speed": 5', '"speed": NaN').encode()
    upstream.fails(200, raw, "application/json", paths=(WEATHER,))
    async with running(upstream, clock) as site:
        assert (await site.get(f"{WEATHER}?{AT}")).content == raw
        told = (await site.get(ALL)).json()["current"]
    assert (told["wind_speed"], told["wind_direction"], told["temperature"]) == (None, 225, 12.0)


ODD_ALERTS = {
    "no start": [warning(), warning(start=None)],
    "a null": [warning(), None],
    "a number": [3, warning()],
}


@pytest.mark.parametrize("alerts", ODD_ALERTS.values(), ids=ODD_ALERTS)
async def test_one_odd_alert_costs_itself_and_is_told_of(upstream, clock, alerts):
    """The other one and all of One Call's parts are there; that one could not be read is said."""
    upstream.bodies["/data/3.0/onecall"] = lambda _: onecall_body(alerts=alerts)
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        told = (await site.get(ALL)).json()
        page = (await site.get("/forecast/51.51,-0.13")).text
    assert [alert["event"] for alert in told["alerts"]] == ["Yellow warning of wind"]
    assert {step["interval_hours"] for step in told["hourly"]} == {1}
    assert len(told["nowcast"]) == 60
    assert [(gap["section"], gap["reason"]) for gap in told["missing"]] == [("alerts", "upstream")]
    assert "Yellow warning of wind" in page


@pytest.mark.parametrize("alerts", [[{"event": "Storm"}], [None], {}, "storm", 5])
async def test_alerts_that_cannot_be_read_are_never_none_at_all(upstream, clock, alerts):
    """Null and why, for an empty list would mean that there is no danger."""
    upstream.bodies["/data/3.0/onecall"] = lambda _: onecall_body(alerts=alerts)
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        told = (await site.get(ALL)).json()
        page = (await site.get("/forecast/51.51,-0.13")).text
    assert (told["alerts"], [gap["section"] for gap in told["missing"]]) == (None, ["alerts"])
    assert "No alerts." not in page
    assert len(told["hourly"]) == 48


async def test_odd_members_of_one_call_cost_themselves(upstream, clock):
    """201 alerts, a tag that is null, a gust of "NaN": minutes, hours, days and alerts are One Call's own."""
    alerts = [warning(event=f"Storm {n}", tags=["Wind", None]) for n in range(201)]
    body = onecall_body(alerts=alerts)
    body["hourly"][3] |= {"wind_gust": "NaN"}
    body["hourly"][4]["weather"] = [None]
    body["daily"][2] |= {"temp": 5}
    body["minutely"][9] = None
    upstream.bodies["/data/3.0/onecall"] = lambda _: body
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        told = (await site.get(ALL)).json()
    assert (len(told["alerts"]), told["alerts"][0]["tags"]) == (200, ["Wind"])
    assert (len(told["nowcast"]), len(told["hourly"]), len(told["daily"])) == (59, 48, 8)
    assert (told["hourly"][3]["wind_gust"], told["hourly"][3]["temperature"]) == (None, 12.3)
    assert (told["daily"][2]["temperature_max"], told["daily"][2]["precipitation"]) == (None, 3)
    assert upstream.by_path[FORECAST] == 0


@pytest.mark.slow
@pytest.mark.parametrize(
    ("lacks", "free"),
    [
        (("hourly",), [AIR, FORECAST]),
        (("hourly", "daily"), [AIR, FORECAST]),
        (("current",), [AIR, WEATHER]),
        (("nowcast", "alerts"), [AIR]),
        ((), [AIR]),
    ],
)
@pytest.mark.parametrize("plan", ["auto", "onecall3"])
async def test_what_one_call_lacks_is_filled_from_the_free_product(upstream, clock, lacks, free, plan):
    """Hours, days or the present that are not there, or null: the free call that has them, and no other."""
    for gone in (dict.fromkeys(lacks), {}):
        body = {name: value for name, value in onecall_body().items() if name not in lacks} | gone
        upstream.bodies["/data/3.0/onecall"] = lambda _, body=body: body
        upstream.calls.clear()
        async with running(upstream, Clock(), WEATHER_PLAN=plan) as site:
            told = (await site.get(ALL)).json()
        assert all(told[name] for name in ("current", "hourly", "daily"))
        assert sorted(upstream.calls) == sorted(["/data/3.0/onecall", *free])
        steps = {step["interval_hours"] for step in told["hourly"]}
        assert steps == ({3} if "hourly" in lacks else {1})


async def test_a_moving_beginning_makes_no_new_warning(upstream, clock):
    """Its `id` stays where the start is seven seconds later at each refresh (openhab-addons#14958)."""
    ids = set()
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        for n in range(3):
            told = [warning(start=int(clock.now) - 60 + 7 * n), warning(event="Frost")]
            upstream.bodies["/data/3.0/onecall"] = lambda _, told=told: onecall_body(alerts=told)
            ids.add(tuple(alert["id"] for alert in (await site.get(f"/api/v1/alerts?{AT}")).json()["alerts"]))
            clock.now += 660
    (pair,) = {tuple(sorted(pair)) for pair in ids}
    assert pair[0] != pair[1]


async def test_a_warning_without_words_has_a_heading(upstream, clock):
    """No event, no tag, no sender, and an end before the beginning: what it is, and when it begins."""
    odd = warning(
        event="", tags=[], sender_name="", start=int(clock.now) + 129_600, end=0, description="Прочие опасности"
    )
    upstream.bodies["/data/3.0/onecall"] = lambda _: onecall_body(alerts=[odd])
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        page = (await site.get("/forecast/51.51,-0.13")).text
        german = (await site.get("/forecast/51.51,-0.13?lang=de")).text
    article = page.partition('id="alerts"')[2].partition("</article>")[0]
    assert "<h3><bdi>Official warning</bdi></h3>" in article
    assert "From: Thursday" in article
    assert "(its end is not clear)" in article
    assert "1970" not in article
    assert "Amtliche Warnung" in german


async def test_a_warning_is_whole(upstream, clock):
    """11,000 characters that end in "EVACUATE NOW." reach page and API, and nothing says that they were cut."""
    long = "Move to higher ground. " * 480 + "EVACUATE NOW."
    upstream.bodies["/data/3.0/onecall"] = lambda _: onecall_body(alerts=[warning(description=long)])
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        (told,) = (await site.get(f"/api/v1/alerts?{AT}")).json()["alerts"]
        page = (await site.get("/forecast/51.51,-0.13")).text
    assert (told["description"], told["truncated"]) == (long, False)
    assert "higher ground. EVACUATE NOW.</p>" in page
    assert "[cut after 64 KB" not in page


@pytest.mark.parametrize("letter", ["a", "ä"])
async def test_a_warning_that_is_cut_says_so(upstream, clock, letter):
    """After 64 KB of UTF-8, in page, API and translation."""
    long = letter * 70_000
    upstream.bodies["/data/3.0/onecall"] = lambda _: onecall_body(alerts=[warning(description=long)])
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        (told,) = (await site.get(f"/api/v1/alerts?{AT}")).json()["alerts"]
        page = (await site.get("/forecast/51.51,-0.13")).text
        german = (await site.get("/forecast/51.51,-0.13?lang=de")).text
    assert (len(told["description"].encode()), told["truncated"]) == (65_536, True)
    assert "… [cut after 64 KB; the whole text is at the issuing service]" in page
    assert "… [nach 64 KB gekürzt; der ganze Text steht beim herausgebenden Dienst]" in german


async def test_markup_of_a_warning_is_read_and_never_executed(upstream, clock):
    """Line breaks and entities are what they mean; a script, escaped or not, is text."""
    odd = warning(
        event="Wind &amp;<br/><b>rain</b>\\n&#62; 60 mph",
        sender_name="Met&nbsp;Office<BR>",
        description="Gusts &gt; 60<br/>mph<BR>inland\\nSea &amp; coast\n"
        "&lt;script&gt;alert(1)&lt;/script&gt;<script>x()</script>",
    )
    upstream.bodies["/data/3.0/onecall"] = lambda _: onecall_body(alerts=[odd])
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        (told,) = (await site.get(f"/api/v1/alerts?{AT}")).json()["alerts"]
        page = (await site.get("/forecast/51.51,-0.13")).text
        style = (await site.get(re.search(r'href="([^"]*style[^"]*)"', page)[1])).text
    assert (told["event"], told["sender"]) == ("Wind & <b>rain</b> > 60 mph", "Met Office")
    text = "Gusts > 60\nmph\ninland\nSea & coast\n<script>alert(1)</script><script>x()</script>"
    assert told["description"] == text
    assert f'<p class="bulletin" dir="auto">{escape(text)}</p>' in page
    assert "<script>" not in page
    assert ".bulletin { white-space: pre-line;" in style


async def test_a_long_heading_is_cut_with_a_mark(upstream, clock):
    """200 characters, the last of them "…"."""
    upstream.bodies["/data/3.0/onecall"] = lambda _: onecall_body(alerts=[warning(event="Storm" * 60)])
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        (told,) = (await site.get(f"/api/v1/alerts?{AT}")).json()["alerts"]
    assert told["event"] == ("Storm" * 60)[:199] + "…"


async def test_the_end_of_a_warning_is_told_as_of_its_beginning(upstream, clock):
    """One day is named once (NOON is a Tuesday), and an end that is none is called so."""
    day = {"start": int(clock.now) + 2 * 86_400, "end": int(clock.now) + 2 * 86_400 + 3600}
    odd = day | {"end": day["start"], "event": "Storm"}
    upstream.bodies["/data/3.0/onecall"] = lambda _: onecall_body(alerts=[warning(**day), warning(**odd)])
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        page = (await site.get("/forecast/51.51,-0.13")).text
    section = page.partition('id="alerts"')[2].partition("</section>")[0]
    assert "Thursday 12:00 to 13:00" in section
    assert "From: Thursday 12:00 (its end is not clear)" in section


@pytest.mark.parametrize("place", ["-48.88,-123.39", "51.51,-0.13"])
async def test_a_point_that_upstream_has_nothing_of_is_told_so(upstream, clock, place):
    """And not that a name is unknown, for none was given."""
    upstream.fails(404, b'{"cod":"404","message":"city not found"}', "application/json")
    async with running(upstream, clock) as site:
        page = await site.get(f"/forecast/{place}")
        german = await site.get(f"/forecast/{place}?lang=de")
        name = await site.get("/search?q=Xyzzyqx")
    assert page.status_code == german.status_code == name.status_code == 404
    assert "OpenWeatherMap has no data for this place." in page.text
    assert "OpenWeatherMap hat für diesen Ort keine Daten." in german.text
    assert "No place of that name" not in page.text
    assert "Neither the list of places here nor OpenWeatherMap&#39;s place search knows it." in name.text


@pytest.mark.parametrize(
    "path", ["/data/2.5/weather", "/geo/1.0/direct", "/api/v1/current", "/api/v1/search", "/search"]
)
@pytest.mark.parametrize("query", ["q=M%FCnchen", "q=%ff", "x=%C3&q=London"])
async def test_bytes_of_another_encoding_are_named_as_such(upstream, clock, path, query):
    """Latin-1 in the address: 400 at every door, and the reason is not another one."""
    async with running(upstream, clock) as site:
        answer = await site.get(f"{path}?{query}")
    assert answer.status_code == 400
    assert "not in UTF-8" in answer.text
    shown = re.sub(r"\.[0-9a-f]{12}\.", "", answer.text)  # without the digests of style and script
    assert "40" not in shown.replace("400", "")
    assert upstream.count == 0
