"""The HTML door, without script: search, pick list, forecast, and how old it is."""

import gc
import re

import pytest
from fakes import KEY, forecast_body, running, weather_body
from markup import parsed, texts_of

from weather.places.time_zones import use_newest

pytestmark = pytest.mark.anyio

PAGE = "/forecast/51.51,-0.13"


def words(text: str) -> str:
    """What a reader sees."""
    return " ".join(texts_of(text)[1].split())


async def test_a_clear_name_goes_straight_on(site, upstream):
    """One place of that name: 303 to its forecast, no call, and no second redirect."""
    answer = await site.get("/search?q=Tokyo")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/forecast/35.69,139.69?name=Tokyo"
    assert upstream.count == 0
    assert (await site.get(answer.headers["location"])).status_code == 200


async def test_an_ambiguous_name_shows_a_pick_list_ranked_by_size(site, upstream):
    """Several places of that name: a list, the largest first, each with region and country; no call."""
    answer = await site.get("/search?q=Portland")
    links = re.findall(r'href="(/forecast/[^"]+)"', answer.text)
    assert answer.status_code == 200
    assert links[0].startswith("/forecast/45.52,-122.68")
    assert any(link.startswith("/forecast/43.66,-70.26") for link in links)
    assert "Maine" in words(answer.text)
    assert upstream.count == 0


async def test_only_namesakes_are_called_so(site):
    """New York is not called "new"; of a country's towns none is "also Norway"."""
    new, norway = [(await site.get("/search", params={"q": name})).text for name in ("new", "Norway")]
    assert "Places for “new”" in new
    assert "Several places are called" not in new
    assert "Bergen" in norway
    assert "also Norway" not in norway


@pytest.mark.parametrize(
    ("lang", "typed", "shown", "also"),
    [
        ("en", "San Francisco T", "Tesistán", "also San Francisco Tesistán"), ("de", "Cologn", "Köln", "auch Cologne"),
        ("de", "Köl", "Köln", None), ("en", "Cologne", "Cologne", None), ("en", "Köln", "Cologne", "also Köln"),
    ],
)  # fmt: skip
async def test_a_place_that_is_shown_by_another_name_than_was_typed_says_so(site, lang, typed, shown, also):
    """Its own name, where the reader's language has another; never one that was not typed."""
    page = (await site.get("/search", params={"begins": typed}, headers={"Accept-Language": lang})).text
    row = next(one for one in page.split("<li>") if f"<bdi>{shown}</bdi>" in one)
    told = re.search(r"(?:also|auch) [^·<]*(?= ·)", row)
    assert (told and told[0]) == also


async def test_a_qualified_name_is_clear(site):
    """Paris, Texas is one place."""
    answer = await site.get("/search?q=Paris, Texas")
    assert answer.headers["location"].startswith("/forecast/33.66,-95.56?")


async def test_an_unknown_name_is_404_with_suggestions_after_one_call(site, upstream):
    """Nobody knows it: asked of geocoding once, then 404 with names like it; never a random city."""
    for _ in range(2):
        answer = await site.get("/search?q=Lodnon")
    assert answer.status_code == 404
    assert "London" in words(answer.text)
    assert upstream.by_path == {"/geo/1.0/direct": 1}


@pytest.mark.parametrize("query", ["51.5073,-0.1277", "51.5073 -0.1277", "+51.51; -0.13"])
async def test_a_point_may_be_typed(site, query):
    """Coordinates in the search field lead to their cell."""
    assert (await site.get("/search", params={"q": query})).headers["location"] == "/forecast/51.51,-0.13"


async def test_forecast_by_name_is_search(site):
    """/forecast?q= does as /search; without a name both show the search."""
    assert (await site.get("/forecast?q=Tokyo")).status_code == 303
    assert (await site.get("/forecast")).status_code == (await site.get("/search")).status_code == 200


async def test_more_than_two_decimals_are_sent_to_the_cell(site, upstream):
    """308 to two decimals, the query kept; two decimals are answered as they are."""
    answer = await site.get("/forecast/51.5073,-0.12770?units=us&name=X")
    assert (answer.status_code, answer.headers["location"]) == (308, "/forecast/51.51,-0.13?units=us&name=X")
    assert upstream.count == 0
    assert (await site.get("/forecast/51.50,-0.10")).status_code == 200


async def test_the_forecast_tells_everything_in_words(site):
    """Now, a sentence, hours, days, air, sun, in the place's own time, with units and the freshness line."""
    text = words((await site.get(f"{PAGE}?units=metric")).text)
    for part in (
        "London England, United Kingdom · local time 12:00",
        "As of 11:55 · 5 min ago",
        "12°",
        "light rain",
        "feels like 10°",
        "Wind18 km/h from the south-west",
        "Pressure1012 hPa",
        "Tuesday 24 November",
        "11:50: fair (2 of 5; 1 is best) Scale: OpenWeatherMap 1-5",
        "Weather data provided by OpenWeather",
        "There may be some in force",
    ):
        assert part in text, part


async def test_the_sentence_names_the_wet_hours(site):
    """The one wet step of the fake forecast (21:00 to midnight, 2.4 mm) is what the sentence tells."""
    told = "Rain from about 21:00 to 00:00 tomorrow. About 2.4 mm in the next 24 hours."
    assert told in words((await site.get(f"{PAGE}?units=metric")).text)


@pytest.mark.slow
async def test_a_stale_page_says_so_in_words(upstream, clock, tmp_path):
    """After a restart without upstream: not up to date, since when, how long ago, and why."""
    async with running(upstream, clock, tmp_path) as site:
        await site.get(PAGE)
    clock.now += 3 * 3600 + 20 * 60
    async with running(upstream, clock, tmp_path, WEATHER_OFFLINE="yes") as site:
        answer = await site.get(PAGE)
    text = words(answer.text)
    assert answer.status_code == 200
    assert "Offline. Data from: 12:00 · 3 h 20 min ago · This server is set to work offline." in text
    assert "As of 11:55 · 3 h 25 min ago" in text
    assert answer.headers["cache-status"] == "weather; hit; ttl=-10200; detail=offline"
    assert answer.headers["cache-control"] == "private, no-cache"


@pytest.mark.slow
async def test_units_follow_the_query_then_the_operator_then_the_region(upstream, clock):
    """?units= first, WEATHER_UNITS next, else what is used where the browser is at home."""
    async with running(upstream, clock) as site:
        us = await site.get(PAGE, headers={"Accept-Language": "en-US,en;q=0.9"})
        uk = await site.get(PAGE, headers={"Accept-Language": "en-GB"})
        german = await site.get(PAGE, headers={"Accept-Language": "de-DE"})
        asked = await site.get(f"{PAGE}?units=si", headers={"Accept-Language": "en-US"})
    async with running(upstream, clock, WEATHER_UNITS="metric") as site:
        operator = await site.get(PAGE, headers={"Accept-Language": "en-US"})
    assert "<title>54° London</title>" in us.text
    assert "Wind11 mph" in words(uk.text)
    assert "Wind5 m/s" in words(asked.text)
    assert "Wind18 km/h" in words(operator.text)
    assert "18 km/h" in words(german.text)
    assert us.headers["vary"] == "Accept-Encoding, Accept-Language, Cookie"


@pytest.mark.slow
@pytest.mark.virtual_time
async def test_a_failing_upstream_leaves_a_page_that_is_not_up_to_date(site, upstream, clock):
    """Upstream answers with errors: the old page, since when, how long ago, whose fault, and when it is asked again."""
    await site.get(PAGE)
    clock.now += 3 * 3600 + 20 * 60
    upstream.fails(500)
    first, second = [words((await site.get(PAGE)).text) for _ in range(2)]
    assert "Out of date. Data from: 12:00 · 3 h 20 min ago · The weather service answered with an error." in first
    assert "Out of date. Data from: 12:00 · 3 h 20 min ago · The weather service did not answer a moment ago." in second
    assert "Next try: 15:20" in second


@pytest.mark.slow
async def test_language_and_clock_follow_the_browser(site):
    """English and 24 hours unless the browser says otherwise; the page says which language it is in."""
    plain = await site.get(PAGE)
    german = await site.get(PAGE, headers={"Accept-Language": "de-DE,de;q=0.9,en;q=0.8"})
    american = await site.get(PAGE, headers={"Accept-Language": "en-US"})
    tellings = ((plain, "en-GB", "11:55"), (german, "de", "11:55"), (american, "en-GB", "11:55 am"))
    for answer, lang, told in tellings:
        assert (answer.headers["content-language"], parsed(answer.text).get("lang")) == (lang[:2], lang)
        assert told in words(answer.text)
    assert not re.search(r"\d:\d\d [ap]m", words(plain.text))


@pytest.mark.slow
async def test_what_upstream_and_visitors_write_is_inert(site, upstream):
    """Markup, direction marks and endless names from upstream or the address are shown as text, and bounded (92)."""
    evil = "<script>alert(1)</script>\u202e" + "x" * 1_000_000
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(
        name=evil, sys={"country": "<b>"}, weather=[{"id": 500, "icon": '"><img src=x>'}]
    )
    upstream.bodies["/data/2.5/forecast"] = lambda q: forecast_body() | {"city": {"name": evil, "timezone": 0}}
    for path in ("/forecast/1,1", f"{PAGE}?name=<script>alert(2)</script>", "/search?q=<script>alert(3)</script>"):
        text = (await site.get(path)).text
        parsed(text)
        assert not re.search(r'<script(?! src="/static/)', text)
        assert "<img" not in text
        assert "\u202e" not in text
        assert len(text) < 100_000


async def test_a_part_that_fails_says_so_alone(site, upstream):
    """Air down: the page stands, and the air section says that it is not there."""
    upstream.fails(500, paths=("/data/2.5/air_pollution",))
    answer = await site.get(PAGE)
    assert answer.status_code == 200
    text = words(answer.text)
    assert "Air quality Not available now. The weather service did not send this." in text
    assert text.count("Not available now") == 1


@pytest.mark.slow
@pytest.mark.parametrize("hidden", ["/data/2.5/weather", "/data/2.5/forecast"])
async def test_the_page_stands_without_any_one_part(site, upstream, hidden):
    """Without current weather, or without forecast, the rest is shown."""
    upstream.fails(500, paths=(hidden,))
    answer = await site.get(PAGE)
    assert answer.status_code == 200
    parsed(answer.text)


async def test_home_is_a_search_or_the_operators_place(upstream, clock):
    """/ asks for a place; with WEATHER_HOME it shows that one."""
    async with running(upstream, clock) as site:
        assert 'role="search"' in (await site.get("/")).text
    for home in ("London,GB", "51.51,-0.13"):
        async with running(upstream, clock, WEATHER_HOME=home) as site:
            assert "London" in words((await site.get("/")).text)


async def test_polar_day_and_night_are_words(site, upstream):
    """At 78° N in November the sun does not rise; at 78° S it does not set; no 1970 anywhere."""
    for latitude, told in ((78.22, "does not rise"), (-78.22, "does not set")):
        upstream.bodies["/data/2.5/weather"] = lambda q, at=latitude: weather_body(
            at, 15.65, sys={"sunrise": 0, "sunset": 0}
        )
        text = words((await site.get(f"/forecast/{latitude},15.65")).text)
        assert told in text
        assert "1970" not in text


async def test_the_demo_cannot_be_mistaken(clock, tmp_path):
    """A band on every page of the demo, with how to see real weather; a forecast is invented, in its title too."""
    async with running(None, clock, tmp_path, key=None) as site:
        forecast = (await site.get("/forecast/35.69,139.69?name=Tokyo")).text
        assert "Invented for" in words(forecast) and "Measured" not in words(forecast)
        assert re.search(r"<title>[^<]*Tokyo[^<]*\bdemo\b[^<]*</title>", forecast)
        for path in ("/", "/search?q=Portland", "/forecast/35.69,139.69", "/nowhere"):
            text = words((await site.get(path)).text)
            assert "Demo: this weather is invented." in text
            assert "start the server without --demo" in text


@pytest.mark.slow
async def test_no_page_holds_script_style_or_a_third_party(site):
    """No inline script or style, no source but our own (strict CSP)."""
    for path in ("/", PAGE, "/search?q=Portland", "/nowhere"):
        text = (await site.get(path)).text
        parsed(text)
        assert " style=" not in text
        assert "<style" not in text
        assert not re.search(r'<script(?! src="/static/)| on[a-z]+="', text)
        assert not re.search(r'(?:src|rel="stylesheet" href)="(?!/static/)', text)
        assert KEY not in text


@pytest.mark.slow
async def test_every_page_has_its_landmarks(site):
    """A language, a title, one h1, a labelled search, a skip link, a main, tables with scopes."""
    for path in ("/", PAGE, "/search?q=Portland", "/nowhere"):
        root = parsed((await site.get(path)).text)
        assert root.get("lang") == "en-GB"
        assert root.find(".//title").text.strip()
        assert len(root.findall(".//h1")) == len(root.findall(".//main")) == 1
        assert root.find(".//label").get("for") == root.find(".//input").get("id")
        assert all(cell.get("scope") for cell in root.iter("th"))


async def test_health_needs_nothing(upstream, clock):
    """/healthz answers without upstream or disk; /readyz lists parts and stays 200 (97)."""
    async with running(upstream, clock, WEATHER_OFFLINE="yes") as site:
        assert (await site.get("/healthz")).json() == {"status": "ok"}
        ready = await site.get("/readyz")
    assert ready.status_code == 200
    assert ready.json()["status"] == "degraded"
    assert ready.json()["checks"]["upstream"]["detail"].startswith("offline")
    assert upstream.count == 0


@pytest.mark.parametrize("ready", [True, False])
async def test_readiness_is_ok_when_all_is(upstream, clock, tmp_path, ready):
    """With a key and a folder that can be written, all is ok."""
    async with running(upstream, clock, tmp_path / "cache", ready=ready) as site:
        answer = await site.get("/readyz")
    assert answer.json() == {
        "status": "ok",
        "checks": {name: {"status": "ok"} for name in ("upstream", "cache", "quota", "database")},
        "time_zones": str(use_newest()),
    }


@pytest.mark.slow
async def test_what_is_made_early_changes_no_page(upstream, clock):
    """The first page is the same if the templates were compiled beside the start; then garbage is sought elsewhere."""
    gc.unfreeze()  # what the tests were collected with
    pages = []
    for early in (False, True):
        async with running(upstream, clock, early=early) as site:
            pages.append((await site.get("/forecast/51.51,-0.13")).content)
    try:
        assert pages[0] == pages[1]
        assert gc.get_freeze_count() > 0
    finally:
        gc.unfreeze()
