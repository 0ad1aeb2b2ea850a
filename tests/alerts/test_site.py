"""The whole site with official warnings of their own source: the four outcomes, what they cost, whom they name."""

import asyncio

import html5lib
import httpx
import pytest
from fakes import NOON, Clock, iso, no_wait, running
from meteo import Both

from weather.backend import Clocks
from weather.commands.doctor import FAIL, OK, diagnose
from weather.settings import SettingsError, load
from weather.settings.origins import setting_origins
from weather.settings.record import ALERT_SOURCES

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]

NWS = "/alerts/active"
HERE, PAGE = "lat=47.61&lon=-122.33", "/forecast/47.61,-122.33"
OPEN = {"WEATHER_PROVIDER": "open-meteo", "WEATHER_CONTACT": "ops@weather.example", "WEATHER_ALERTS": "auto"}
NONE = "No alerts."
CANADA, AUSTRIA = "/collections/weather-alerts/items", "/wsapp/api/getWarningsForCoords"
SWISS = "/api/v1/warnings/feeds-switzerland"
OTHERS = {
    "/alerts": "52.52,13.4",
    "/weatherapi/metalerts/2.0/current.json": "59.91,10.75",
    CANADA: "43.65,-79.38",
    AUSTRIA: "48.21,16.37",
}
QUIET = {"alerts": [], "features": [], "properties": {"warnings": []}}


def warning(**more) -> dict:
    words = {"id": "urn:1", "event": "Wind <b>Advisory", "senderName": "NWS Seattle WA", "description": "Gusts."}
    times = {"sent": iso(NOON), "onset": iso(NOON - 60), "expires": iso(NOON + 600), "ends": iso(NOON + 7200)}
    return {"properties": {"status": "Actual", "messageType": "Alert", **words, **times} | more}


@pytest.fixture
def both(clock):
    """Open-Meteo and the National Weather Service at one wire; there are no warnings."""
    upstream = Both(clock)
    upstream.bodies[NWS] = lambda query: {"features": []}
    return upstream


async def test_warnings_are_shown_with_their_own_source(both, clock):
    """In the API and on the page, escaped; source and credit beside those of the weather; a contact is told."""
    both.bodies[NWS] = lambda query: {"features": [warning()]}
    async with running(both, clock, key=None, **OPEN) as site:
        whole = (await site.get(f"/api/v1/forecast?{HERE}")).json()
        alone = (await site.get(f"/api/v1/alerts?{HERE}")).json()
        page = (await site.get(PAGE)).text
    assert both.asked(NWS) == 1 and both.queries[both.calls.index(NWS)] == {"point": "47.61,-122.33"}
    assert "(ops@weather.example)" in both.headers[both.calls.index(NWS)]["user-agent"]
    assert [one["event"] for one in whole["alerts"]] == ["Wind <b>Advisory"] and whole["alerts"] == alone["alerts"]
    ages = {name: age["source"] for name, age in whole["freshness"]["sections"].items()}
    assert ages == dict.fromkeys(("current", "nowcast", "hourly", "daily", "air"), "open-meteo") | {"alerts": "nws"}
    assert [credit["url"] for credit in alone["attributions"]] == ["https://www.weather.gov/"]
    assert {"https://www.weather.gov/", "https://open-meteo.com/"} <= {one["url"] for one in whole["attributions"]}
    assert whole["freshness"]["source"] == "open-meteo" and alone["freshness"]["source"] == "nws"
    assert "Wind &lt;b&gt;Advisory" in page and "https://www.weather.gov/" in page and "open-meteo.com" in page


async def test_none_is_told_while_the_answer_is_fresh(both, clock):
    """A fresh empty answer: an empty list, and "No alerts." on the page."""
    async with running(both, clock, key=None, **OPEN) as site:
        assert (await site.get(f"/api/v1/alerts?{HERE}")).json()["alerts"] == []
        assert NONE in (await site.get(PAGE)).text


async def test_that_they_could_not_be_asked_for_stands_above_the_weather(both, clock):
    """Where a source warns, and fails: said once, before the temperature. Where nobody is asked it is no news."""
    both.fails(500, b"", paths=(NWS,))
    async with running(both, clock, key=None, **OPEN) as site:
        failed, nobody = [(await site.get(path)).text for path in (PAGE, "/forecast/35.69,139.69")]
    before, _, after = failed.partition('<p class="big">')
    assert before.count("There may be some in force") == 1 and "There may be some in force" not in after
    assert "There may be some in force" not in nobody.partition('<p class="big">')[0]


@pytest.mark.slow
async def test_a_failure_never_reads_as_none_and_leaves_the_forecast_alone(both, clock):
    """Errors, a refusal, a body of another shape; then a fresh "none" that has grown old: null, `upstream`, no "No"."""
    for status, body in ((500, b""), (403, b""), (404, b"{}"), (200, b"[]"), (200, b'{"features": [7]}')):
        both.fails(status, body, "application/geo+json", (NWS,))
        async with running(both, clock, key=None, **OPEN) as site:
            told = (await site.get(f"/api/v1/forecast?{HERE}")).json()
            page = await site.get(PAGE)
        assert told["alerts"] is None and told["current"]["temperature"] == 11.3
        assert [gap["reason"] for gap in told["missing"] if gap["section"] == "alerts"] == ["upstream"]
        assert page.status_code == 200 and NONE not in page.text and "There may be some in force" in page.text
    both.recovers()
    async with running(both, clock, key=None, **OPEN) as site:
        await site.get(PAGE)
        both.fails(500, b"", paths=(NWS,))
        clock.now += 301
        told = (await site.get(f"/api/v1/forecast?{HERE}")).json()
        page = (await site.get(PAGE)).text
    assert told["alerts"] is None and told["freshness"]["sections"]["current"]["state"] == "fresh"
    assert NONE not in page and "There may be some in force" in page and 'class="notice' not in page


@pytest.mark.slow
async def test_warnings_last_in_an_outage_as_the_last_known(both, clock):
    """Until their own end, with their age; the weather beside them is not called old."""
    both.bodies[NWS] = lambda query: {"features": [warning()]}
    async with running(both, clock, key=None, **OPEN) as site:
        await site.get(PAGE)
        both.fails(500, b"", paths=(NWS,))
        clock.now += 7100
        before = (await site.get(PAGE)).text
        clock.now += 200
        after = (await site.get(PAGE)).text
    assert "Wind &lt;b&gt;Advisory" in before and "Last known" in before
    assert "<article data-ends" not in after and NONE not in after


async def test_a_source_that_hangs_holds_up_no_forecast(both, clock):
    """The forecast comes after three seconds at most, the next at once; each says that warnings are not known."""
    release = asyncio.Event()
    answer = both.__call__

    async def hanging(scope, receive, send):
        if scope.get("path", "").startswith(NWS):
            await release.wait()
        await answer(scope, receive, send)

    async with running(hanging, clock, key=None, **OPEN) as site:
        began = asyncio.get_running_loop().time()
        told = (await site.get(f"/api/v1/forecast?{HERE}")).json()
        took = asyncio.get_running_loop().time() - began
        for at in (HERE, "lat=40.71&lon=-74.01"):
            began = asyncio.get_running_loop().time()
            assert (await site.get(f"/api/v1/forecast?{at}")).json()["alerts"] is None
            assert asyncio.get_running_loop().time() - began < 0.5
        release.set()
        assert (await site.get(f"/api/v1/alerts?{HERE}")).json()["alerts"] == []
    assert took < 3.5 and told["alerts"] is None and told["current"]["temperature"] == 11.3


async def test_where_nobody_is_asked_no_call_is_made_and_nothing_is_said_to_be_quiet(both, clock):
    """Tijuana lies in any box around the US; Tokyo; Svalbard, which is not asked of Norway; the open sea."""
    async with running(both, clock, key=None, **OPEN) as site:
        for at in ("32.5,-117.03", "35.68,139.69", "78.22,15.63", "35,-60"):
            lat, lon = at.split(",")
            told = (await site.get(f"/api/v1/alerts?lat={lat}&lon={lon}")).json()
            assert told["alerts"] is None and told["missing"][0]["reason"] == "not_covered"
            page = (await site.get(f"/forecast/{at}")).text
            assert NONE not in page and "There may be some in force" in page
    assert not any(both.asked(path) for path in (NWS, *OTHERS))


async def test_its_own_word_that_a_point_is_not_its_own_is_kept(both, clock):
    """The 400 of a point outside: `not_covered`, and not asked again for five minutes."""
    both.fails(
        400, b'{"detail": "Parameter \\"point\\" is invalid: out of bounds"}', "application/problem+json", (NWS,)
    )
    async with running(both, clock, key=None, **OPEN) as site:
        for _ in range(3):
            told = (await site.get(f"/api/v1/alerts?{HERE}")).json()
    assert told["alerts"] is None and told["missing"][0]["reason"] == "not_covered" and both.asked(NWS) == 1


@pytest.mark.slow
async def test_a_crowd_costs_one_call_a_cell_and_five_minutes(both, clock):
    """A thousand visitors over 300 cells: 300 calls, and as many again five minutes later."""
    cells = [(round(40 + n % 20 / 100, 2), round(-100 + n // 20 / 100, 2)) for n in range(300)]
    async with running(both, clock, key=None, **OPEN) as site:
        for now in (NOON, NOON + 299, NOON + 301):
            clock.now = now
            paths = [f"/api/v1/alerts?lat={lat}&lon={lon}" for lat, lon in (cells * 4)[:1000]]
            for start in range(0, 1000, 50):
                got = await asyncio.gather(*(site.get(path) for path in paths[start : start + 50]))
                assert all(one.json()["alerts"] == [] for one in got)
            assert both.asked(NWS) == (600 if now > NOON + 300 else 300)


async def test_one_calls_own_warnings_are_asked_for_alone(upstream, clock):
    """Where the weather's source has warnings nobody else is asked; else the country's service is."""
    upstream.bodies[NWS] = lambda query: {"features": []}
    settings = {"WEATHER_CONTACT": "ops@weather.example", "WEATHER_ALERTS": "auto"}
    async with running(upstream, clock, WEATHER_PLAN="onecall3", **settings) as site:
        assert len((await site.get(f"/api/v1/alerts?{HERE}")).json()["alerts"]) == 1
    assert upstream.by_path[NWS] == 0
    async with running(upstream, clock, WEATHER_PLAN="free", **settings) as site:
        assert (await site.get(f"/api/v1/alerts?{HERE}")).json()["alerts"] == []
    assert upstream.by_path[NWS] == 1


async def test_who_is_asked_is_the_operators_choice(both, clock):
    """`none`: nobody; without a contact not the US service; the demo has no real warnings."""
    for settings in (
        OPEN | {"WEATHER_ALERTS": "none"},
        {"WEATHER_PROVIDER": "open-meteo"},
        {"WEATHER_PROVIDER": "demo"},
    ):
        async with running(both, clock, key=None, **settings) as site:
            told = (await site.get(f"/api/v1/alerts?{HERE}")).json()
        assert told["alerts"] is None and told["missing"]
    assert both.asked(NWS) == 0


def drawn(**more) -> dict:
    """A message of MeteoAlarm that is on, for a square around Berne."""
    area = {"areaDesc": "Bern", "polygon": "46.5,7 46.5,8 47.5,8 47.5,7"}
    told = {"event": "Wind <b>warning", "expires": iso(NOON + 3600), "language": "de", "area": [area | more]}
    told |= {"parameter": [{"valueName": "awareness_level", "value": "3; orange; Severe"}]}
    head = {"identifier": "one", "sender": "a@example.com", "sent": iso(NOON - 60), "status": "Actual"}
    return {"alert": head | {"msgType": "Alert", "info": [told]}}


BERN, GENEVA = "lat=46.95&lon=7.45", "lat=46.2&lon=6.15"


async def test_of_a_countrys_feed_a_place_has_its_own_warnings(both, clock):
    """Berne lies in the outline and Geneva does not; both by one call, which names no place."""
    both.bodies[SWISS] = lambda query: {"warnings": [drawn()]}
    async with running(both, clock, key=None, **OPEN) as site:
        told = (await site.get(f"/api/v1/alerts?{BERN}")).json()
        none = (await site.get(f"/api/v1/alerts?{GENEVA}")).json()
        page, quiet = (await site.get("/forecast/46.95,7.45")).text, (await site.get("/forecast/46.2,6.15")).text
    assert both.asked(SWISS) == 1 and both.queries[both.calls.index(SWISS)] == {}
    assert [(one["event"], one["severity"]) for one in told["alerts"]] == [("Wind <b>warning (orange)", "severe")]
    assert [credit["url"] for credit in told["attributions"]] == ["https://meteoalarm.org/"]
    assert told["freshness"]["source"] == "meteoalarm" and "Wind &lt;b&gt;warning (orange)" in page
    assert none["alerts"] == [] and none["missing"] == [] and NONE in quiet and NONE not in page


@pytest.mark.slow
async def test_warnings_of_a_country_whose_places_are_not_known_never_read_as_none(both, clock):
    """An area told by its code alone: `not_covered`, the link, and no "No alerts." in any form; also beside others."""
    page = "/forecast/46.95,7.45"
    both.bodies[SWISS] = lambda query: {"warnings": [drawn(polygon=None)]}
    async with running(both, clock, key=None, **OPEN) as site:
        told = (await site.get(f"/api/v1/alerts?{BERN}")).json()
        texts = [(await site.get(f"{page}{more}")).text for more in ("", "/card", "/badge.svg")]
        terminal = (await site.get("/46.95,7.45", headers={"User-Agent": "curl/8"})).text
    (gap,) = told["missing"]
    assert told["alerts"] is None and (gap["section"], gap["reason"]) == ("alerts", "not_covered")
    assert gap["detail"].startswith("There are official warnings in this country.")
    assert '<a href="https://meteoalarm.org/">There are official warnings in this country.' in texts[0]
    for text in (*texts, terminal):
        assert NONE not in text and "warnings" in text
    assert " ".join(terminal.split()).count("There are official warnings in this country.") == 1
    both.bodies[SWISS] = lambda query: {"warnings": [drawn(), drawn(polygon=None)]}
    async with running(both, clock, key=None, **OPEN) as site:
        told = (await site.get(f"/api/v1/alerts?{BERN}")).json()
        text = (await site.get(page)).text
    assert len(told["alerts"]) == 1 and told["missing"][0]["reason"] == "not_covered"
    assert "Wind &lt;b&gt;warning" in text and "There may be more official warnings for this place" in text


@pytest.mark.slow
async def test_a_crowd_in_one_country_costs_one_call_in_five_minutes(both, clock):
    """A thousand visitors over 300 places of Switzerland: one call, and one more five minutes later."""
    both.bodies[SWISS] = lambda query: {"warnings": [drawn()]}
    cells = [(round(46.6 + n % 20 / 100, 2), round(7.2 + n // 20 / 100, 2)) for n in range(300)]
    async with running(both, clock, key=None, **OPEN) as site:
        for now in (NOON, NOON + 299, NOON + 301):
            clock.now = now
            paths = [f"/api/v1/alerts?lat={lat}&lon={lon}" for lat, lon in (cells * 4)[:1000]]
            for start in range(0, 1000, 50):
                got = await asyncio.gather(*(site.get(path) for path in paths[start : start + 50]))
                assert all(len(one.json()["alerts"]) == 1 for one in got)
            assert both.asked(SWISS) == (2 if now > NOON + 300 else 1)


@pytest.mark.slow
async def test_a_feed_may_be_large_and_too_large_a_one_is_a_failure(both, clock):
    """Nine megabytes are read; beyond 32 MiB, or with no list, it could not be asked: never "No alerts."."""
    both.bodies[SWISS] = lambda query: {"warnings": [drawn()], "more": "x" * 9_400_000}
    async with running(both, clock, key=None, **OPEN) as site:
        assert len((await site.get(f"/api/v1/alerts?{BERN}")).json()["alerts"]) == 1
    for body in (b'{"warnings": [], "more": "' + b"x" * 32 * 2**20 + b'"}', b'{"warnings": 1}', b"<p>"):
        both.fails(200, body, "application/json", (SWISS,))
        async with running(both, clock, key=None, **OPEN) as site:
            told = (await site.get(f"/api/v1/alerts?{BERN}")).json()
            page = (await site.get("/forecast/46.95,7.45")).text
        assert told["alerts"] is None and told["missing"][0]["reason"] == "upstream"
        assert NONE not in page and "There may be some in force" in page


async def test_of_two_who_warn_for_a_country_the_point_service_is_asked(both, clock):
    """Austria's own before MeteoAlarm; Norway's feed where its own service needs a contact and there is none."""
    norway = "/api/v1/warnings/feeds-norway"
    both.bodies |= {AUSTRIA: lambda query: QUIET, norway: lambda query: {"warnings": []}}
    async with running(both, clock, key=None, WEATHER_PROVIDER="open-meteo", WEATHER_ALERTS="auto") as site:
        for at in ("lat=48.21&lon=16.37", "lat=59.91&lon=10.75"):
            assert (await site.get(f"/api/v1/alerts?{at}")).json()["alerts"] == []
    assert [path for path in both.calls if path != "/v1/forecast"] == [AUSTRIA, norway]


async def test_the_documentation_says_by_country_who_is_asked(both, clock):
    """Each source with the countries that none before it warns for; those that are not asked here; that others are not.

    Without a contact Norway is MeteoAlarm's and the US is nobody's.
    """
    told = []
    for settings in (OPEN, {"WEATHER_PROVIDER": "open-meteo", "WEATHER_ALERTS": "auto"}):
        async with running(both, clock, key=None, **settings) as site:
            tree = html5lib.parse((await site.get("/docs/honesty")).text, namespaceHTMLElements=False)
        rows = (["".join(cell.itertext()) for cell in row] for row in tree.iterfind(".//tbody/tr"))
        told.append({who: countries for countries, who, _ in rows})
    known, bare = told
    words = ("nws", "brightsky", "metalerts", "eccc", "geosphere", "meteoalarm")
    assert all(any(f"({word})" in who for who in known) for word in words)
    assert known["MetAlerts (metalerts)"] == "Norway" and known["Environment Canada (eccc)"] == "Canada"
    assert known["nobody is asked: not_covered"] == "any other, and the open sea"
    europe, more = (one["MeteoAlarm (meteoalarm)"].split(", ") for one in (known, bare))
    assert europe[:2] == ["Andorra", "Belgium"] and len(europe) == 36
    assert {*more} - {*europe} == {"Norway"} and not {"Austria", "Germany"} & {*more}
    assert "United States" in bare["National Weather Service (nws), which this server does not ask"]


async def test_the_doctor_tries_the_way_to_each_source(tmp_path):
    """By its word, with the origin that is set; one that cannot be reached is a failure."""
    settings = OPEN | {
        "WEATHER_METEOALARM_URL": "https://feeds.example", "WEATHER_CACHE_URL": "memory:",
        "WEATHER_DATABASE_URL": f"sqlite:///{tmp_path}/places.sqlite",
    }  # fmt: skip
    clocks = Clocks(wall=Clock(), sleep=no_wait)
    wire = httpx.ASGITransport(app=Both(clocks.wall))
    given = load(settings, tmp_path), setting_origins(settings, tmp_path), clocks
    found = await diagnose(*given, lambda origin: (NOON, "no way" if "feeds" in origin else ""), wire)
    reached = {one.subject: one for one in found if one.subject in ALERT_SOURCES}
    assert [name for name, one in reached.items() if one.level == OK] == [*ALERT_SOURCES][:-1]
    assert (reached["meteoalarm"].level, "https://feeds.example" in reached["meteoalarm"].text) == (FAIL, True)


async def test_one_calls_shape_says_when_not_all_warnings_are_known(both, clock):
    """A warning of the place beside one whose place is not known: it is told, and `alerts` is named as missing too."""
    both.bodies[SWISS] = lambda query: {"warnings": [drawn(), drawn(polygon=None)]}
    both.fails(401, b'{"cod": 401}', "application/json", ("/data/3.0", "/data/2.5/onecall", "/data/4.0"))
    settings = {"WEATHER_ONECALL": "answer", "WEATHER_ALERTS": "meteoalarm"}
    async with running(both, clock, **settings) as site:
        told = await site.get(f"/data/3.0/onecall?{BERN}")
    assert [one["event"] for one in told.json()["alerts"]] == ["Wind <b>warning (orange)"]
    assert told.headers["x-weather-missing"] == "minutely, alerts"


def test_a_choice_that_cannot_be_met_stops_the_start(tmp_path):
    """An unknown name, `auto` beside others, and a service whose terms ask for a contact that is not given."""
    contact = {"WEATHER_CONTACT": "ops@weather.example"}
    assert load(contact | {"WEATHER_ALERTS": "nws"}, tmp_path).alerts == ("nws",)
    for bad in (
        contact | {"WEATHER_ALERTS": "noaa"},
        contact | {"WEATHER_ALERTS": "auto,nws"},
        {"WEATHER_ALERTS": "nws"},
    ):
        with pytest.raises(SettingsError, match="WEATHER_ALERTS"):
            load(bad, tmp_path)


OF_COUNTRIES = [
    ("52.52,13.4", "/alerts", {"lat": "52.52", "lon": "13.4"}, {"alerts": [{
        "alert_id": "x", "event_de": "FROST", "headline_de": "Amtliche WARNUNG vor FROST", "event_en": "frost",
        "headline_en": "Official WARNING of FROST", "onset": iso(NOON), "expires": iso(NOON + 3600),
    }]}, "brightsky"),
    ("59.91,10.75", "/weatherapi/metalerts/2.0/current.json", {"lat": "59.91", "lon": "10.75", "lang": "en"}, {
        "features": [{"properties": {"event": "gale"}, "when": {"interval": [iso(NOON), iso(NOON + 3600)]}}],
    }, "metalerts"),
    ("43.65,-79.38", CANADA, {"f": "json", "bbox": "-79.38,43.65,-79.38,43.65"}, {
        "features": [{"properties": {"alert_name_en": "heat warning", "event_end_datetime": iso(NOON + 3600)}}],
    }, "eccc"),
    ("48.21,16.37", AUSTRIA, {"lon": "16.37", "lat": "48.21", "lang": "en"}, {
        "properties": {"warnings": [{"properties": {"warntypid": 1, "rawinfo": {"start": str(NOON)}}}]},
    }, "geosphere"),
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize(("at", "path", "query", "body", "word"), OF_COUNTRIES)
async def test_each_country_is_asked_of_its_own_service_and_fails_alone(both, clock, at, path, query, body, word):
    """Germany, Norway, Canada and Austria: one call of the cell; none is told when fresh.

    A failure is `upstream`, and no other's.
    """
    lat, lon = at.split(",")
    where = f"/api/v1/alerts?lat={lat}&lon={lon}"
    both.bodies[path] = lambda asked: body
    async with running(both, clock, key=None, **OPEN) as site:
        told = (await site.get(where)).json()
        assert len(told["alerts"]) == 1 and told["freshness"]["source"] == word
        assert both.calls == [path] and both.queries == [query]
    both.bodies |= {one: lambda asked: QUIET for one in OTHERS}
    async with running(both, clock, key=None, **OPEN) as site:
        assert (await site.get(where)).json()["alerts"] == []
        assert NONE in (await site.get(f"/forecast/{at}")).text
    both.fails(500, b"", paths=(path,))
    async with running(both, clock, key=None, **OPEN) as site:
        told = (await site.get(where)).json()
        page = (await site.get(f"/forecast/{at}")).text
        for other in {*OTHERS.values()} - {at}:
            assert NONE in (await site.get(f"/forecast/{other}")).text
    assert told["alerts"] is None and told["missing"][0]["reason"] == "upstream"
    assert NONE not in page and "There may be some in force" in page


def all_odd(value: object) -> object:
    """The same answer, of which no warning can be read."""
    if isinstance(value, list):
        return [7 for _ in value]
    return {name: all_odd(one) for name, one in value.items()} if isinstance(value, dict) else value


@pytest.mark.parametrize(
    ("at", "path", "body"),
    [(at, path, body) for at, path, _, body, _ in OF_COUNTRIES]
    + [("47.61,-122.33", NWS, {"features": [warning()]}), ("46.95,7.45", SWISS, "drawn")],
)
async def test_what_cannot_be_read_replaces_no_warning(both, clock, at, path, body):
    """A list of which nothing can be read is no list of none: the last known warnings stay, as such."""
    good = {"warnings": [drawn()]} if body == "drawn" else body
    both.bodies[path] = lambda asked: good
    where = "/api/v1/alerts?lat={}&lon={}".format(*at.split(","))
    async with running(both, clock, key=None, **OPEN) as site:
        before = (await site.get(where)).json()
        both.bodies[path] = lambda asked: all_odd(good)
        clock.now += 700
        after = (await site.get(where)).json()
    assert len(before["alerts"]) == 1
    assert after["alerts"] == before["alerts"] and after["freshness"]["state"] == "stale"


async def test_operators_see_the_sources_of_warnings_and_their_pauses(both, clock):
    """Their quota on the page of the status; a block by one of them in `/readyz`."""
    both.fails(403, b"", paths=(NWS,))
    async with running(both, clock, key=None, **OPEN) as site:
        await site.get(f"/api/v1/alerts?{HERE}")
        status = (await site.get("/status")).text
        ready = (await site.get("/readyz")).json()
        metrics = (await site.get("/metrics", headers={"Host": "localhost"})).text
    assert all(f'source="{word}"' in metrics for word in ALERT_SOURCES)
    names = ("NWS", "Bright Sky", "MetAlerts", "Environment Canada", "GeoSphere Austria", "MeteoAlarm")
    assert all(name in status for name in names)
    assert ready["checks"]["upstream"]["detail"].startswith("nws")
