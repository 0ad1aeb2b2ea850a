"""`GET /{name}`: text for programs of a terminal, on to the page for browsers; nothing is asked to find a name."""

import json
import tracemalloc

import pytest
from fakes import NOON, running

from weather.web.http.forms import kind

pytestmark = pytest.mark.anyio

CURL = {"User-Agent": "curl/8.5.0", "Accept": "*/*"}
BROWSER = {"User-Agent": "Mozilla/5.0 Firefox/145.0", "Accept": "text/html,*/*;q=0.8"}
VARY = {"Accept", "Accept-Language", "User-Agent"}


def varies(answer) -> set[str]:
    return set(answer.headers["vary"].split(", "))


async def test_a_program_of_a_terminal_gets_text(site, upstream):
    """With the place and the age first, the headers of freshness, and no geocoding call."""
    answer = await site.get("/London", headers=CURL)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/plain; charset=utf-8")
    lines = answer.text.splitlines()
    assert lines[:2] == ["\x1b[1mLondon, England, United Kingdom\x1b[0m", "As of 11:55 · 5 min ago · local time 12:00"]
    assert answer.headers["cache-status"].startswith("weather; fwd=uri-miss") and answer.headers["etag"]
    assert varies(answer) >= VARY
    assert not [path for path in upstream.calls if path.startswith("/geo/")]


async def test_a_browser_goes_on_to_the_page(site, upstream):
    """303 to the forecast of a clear name or a point, to the search of an unclear one; no call is made."""
    places = {"/London": "/forecast/51.51,-0.13?name=London", "/51.5,-0.1": "/forecast/51.5,-0.1"}
    for path, target in (places | {"/Springfield": "/search?q=Springfield"}).items():
        answer = await site.get(path, headers=BROWSER)
        assert (answer.status_code, answer.headers["location"]) == (303, target)
        assert varies(answer) >= VARY
    assert upstream.count == 0


async def test_text_for_whoever_accepts_nothing_else(site):
    answer = await site.get("/London", headers={"Accept": "text/plain"})
    assert answer.text.startswith("London, England") and "\x1b" not in answer.text


async def test_nobody_gets_what_another_kind_of_client_asked_for(site):
    """The cache of whole answers keeps text, coloured text and pages apart, at names and at home."""
    for path in ("/London", "/"):
        for _ in range(2):
            coloured = await site.get(path, headers=CURL)
            plain = await site.get(path, headers={"Accept": "text/plain"})
            page = await site.get(path, headers=BROWSER)
            assert coloured.headers["content-type"] == plain.headers["content-type"] == "text/plain; charset=utf-8"
            assert page.status_code == 303 or page.headers["content-type"].startswith("text/html")
        assert ("\x1b" in coloured.text) == (path == "/London") and "\x1b" not in plain.text


async def test_a_name_that_nobody_knows_is_404_with_suggestions(site, upstream):
    """Never another city, also where names begin so; as text, with paths; the exit code of `curl -f` follows."""
    answer = await site.get("/Londonn", headers=CURL)
    if answer.status_code == 200:  # a slip that the gazetteer is sure of is named as such
        assert "London" in answer.text
    unknown = await site.get("/Berlinxq", headers=CURL)
    assert unknown.status_code == 404 and unknown.headers["content-type"] == "text/plain; charset=utf-8"
    begun = await site.get("/Searc", headers=CURL)
    assert begun.status_code == 404 and begun.text.startswith("Place not found\n")
    assert upstream.count == 0


async def test_a_slip_is_offered_what_may_be_meant(site):
    answer = await site.get("/Reykjavvik,DE", headers=CURL)
    assert answer.status_code == 404
    near = await site.get("/Amsterdaam,US", headers=CURL)
    assert near.status_code in (200, 404)


@pytest.mark.parametrize("path", ["/humans.txt", "/favicon.ico", "/.env", "/wp-login.php"])
async def test_files_that_are_not_there_are_no_places(site, path):
    assert (await site.get(path, headers=BROWSER)).status_code == 404


async def test_pages_keep_their_names(site):
    """`/status`, `/places`, `/docs`, `/search` are pages, also for curl; a POST to no page is no place."""
    for path in ("/status", "/places", "/docs", "/healthz", "/robots.txt"):
        assert (await site.get(path, headers=CURL)).status_code == 200
    assert (await site.get("/settings", headers=CURL)).headers["allow"] == "POST"


async def test_help(site):
    """At its own address and at `/` where there is no home; it names this server."""
    for path in ("/:help", "/"):
        answer = await site.get(path, headers=CURL)
        assert answer.status_code == 200 and "curl http://test/London" in answer.text


async def test_home_for_curl(upstream, clock):
    """`/` is the operator's place."""
    async with running(upstream, clock, WEATHER_HOME="London") as client:
        assert (await client.get("/?0T", headers=CURL)).text.startswith("London, England")
        page = await client.get("/", headers=BROWSER)
        assert page.headers["content-type"].startswith("text/html") and varies(page) >= VARY


async def test_options_of_the_address(site):
    """12 °C are 54 °F; German is spoken; what is not known is said as text."""
    assert (await site.get("/London?format=%t&u", headers=CURL)).text == "+54°F"
    assert (await site.get("/London?format=%C&lang=de", headers=CURL)).text == "Leichter Regen"
    assert (await site.get("/London?format=%C", headers=CURL | {"Accept-Language": "de"})).text == "Leichter Regen"
    wrong = await site.get("/London?xyz", headers=CURL)
    assert (wrong.status_code, wrong.headers["content-type"]) == (400, "text/plain; charset=utf-8")


async def test_a_line_costs_one_call(site, upstream):
    """Of now alone; a report costs the weather and the forecast call of the free products."""
    assert (await site.get("/London?format=3", headers=CURL)).text == "London: 🌦 +12°C\n"
    assert upstream.calls == ["/data/2.5/weather"]
    await site.get("/London", headers=CURL)
    assert sorted(upstream.calls) == ["/data/2.5/forecast", "/data/2.5/weather"]


async def test_a_format_is_for_whoever_asks(site):
    """wttrbar names no client; its answer is JSON, also where it is an error."""
    answer = await site.get("/London?format=j1", headers={"User-Agent": "", "Accept": "*/*"})
    assert answer.headers["content-type"].startswith("application/json")
    assert json.loads(answer.content)["current_condition"][0]["temp_C"] == "12"
    wrong = await site.get("/Berlinxq?format=j1", headers={"User-Agent": "", "Accept": "*/*"})
    assert (wrong.status_code, wrong.headers["content-type"]) == (404, "application/problem+json")


async def test_a_name_that_several_places_have_says_which_was_taken(site):
    """The largest, named first; then the others."""
    answer = await site.get("/Springfield?T", headers=CURL)
    lines = answer.text.splitlines()
    assert lines[0] == "Springfield, Missouri, United States"
    assert "Springfield, Massachusetts, United States" in answer.text.split("\n\n")[0]


@pytest.mark.slow
async def test_every_output_says_that_it_is_old(site, upstream, clock):
    """Upstream fails half an hour later: text, line and JSON are there (200), each marked with its age."""
    for query in ("", "?format=3", "?format=j1"):
        assert (await site.get(f"/London{query}", headers=CURL)).status_code == 200
    upstream.fails(500)
    clock.now = NOON + 1800
    text = await site.get("/London?T", headers=CURL)
    assert text.status_code == 200 and "Out of date. Data from: 12:00 · 30 min ago" in text.text
    assert (await site.get("/London?format=3", headers=CURL)).text == "London: 🌦 +12°C (30 min ago)\n"
    told = json.loads((await site.get("/London?format=j1", headers=CURL)).content)
    assert told["freshness"]["state"] == "stale"
    assert told["current_condition"][0]["weatherDesc"][0]["value"].endswith(", 30 min ago")


async def test_nothing_kept_and_upstream_silent_is_an_error_in_text(site, upstream):
    """So that `curl -f` fails; with Retry-After."""
    upstream.fails(500)
    answer = await site.get("/London", headers=CURL)
    assert answer.status_code == 502 and answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert answer.headers["retry-after"] and "<" not in answer.text


@pytest.mark.slow
@pytest.mark.parametrize("name", ["Quito", "quito, ec", "51.51,-0.13"])
async def test_a_place_that_is_known_is_not_offered_instead_of_itself(site, upstream, name):
    """Upstream fails: the error says so, and asks nobody whether Quito was meant."""
    upstream.fails(500)
    answer = await site.get(f"/{name}?T", headers={"User-Agent": "curl/8.0"})
    assert answer.status_code == 502 and "We could not reach the weather service" in answer.text.replace("\n", " ")
    assert "Did you mean" not in answer.text


async def test_head_is_answered_as_get(site):
    answer = await site.head("/London", headers=CURL)
    assert answer.status_code == 200 and answer.content == b"" and answer.headers["content-type"].startswith("text/")


async def test_a_private_server_asks_a_terminal_in_text(upstream, clock):
    """No form for curl, which takes a key as a header or in the address."""
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="letmein-1234567890", WEATHER_PRIVATE="yes") as client:
        for path in ("/London", "/", "/London?format=3"):
            answer = await client.get(path, headers=CURL)
            assert (answer.status_code, answer.headers["content-type"]) == (401, "text/plain; charset=utf-8")
        line = "/London?format=3"
        good = await client.get(line, headers=CURL | {"X-API-Key": "letmein-1234567890"})
        also = await client.get(f"{line}&appid=letmein-1234567890", headers=CURL)
        assert good.text == also.text == "London: 🌦 +12°C\n"
        assert (await client.get("/London", headers=BROWSER)).headers["content-type"].startswith("text/html")


@pytest.mark.parametrize(("method", "path", "status"), [("POST", "/London", 405), ("GET", "/" + "a" * 9000, 414)])
async def test_what_is_refused_is_told_in_the_shape_that_the_place_has(site, method, path, status):
    """Text for a program of a terminal, a page for a browser; the API's own addresses keep theirs."""
    for headers, content_type in ((CURL, "text/plain; charset=utf-8"), (BROWSER, "text/html; charset=utf-8")):
        answer = await site.request(method, path, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (status, content_type)
    assert (await site.post("/openapi.json", headers=CURL)).headers["content-type"] == "application/problem+json"
    assert (await site.put("/data", headers=CURL)).headers["content-type"] == "application/json; charset=utf-8"


@pytest.mark.slow
@pytest.mark.parametrize("headers", [CURL, BROWSER])
@pytest.mark.parametrize("path", ["/K%F6ln", "/%FF%FE", "/S%E3o+Paulo?format=3"])
async def test_wrong_bytes_in_a_name_are_named_as_such(site, path, headers):
    """Latin-1 in an address is no place that nobody knows."""
    answer = await site.get(path, headers=headers)
    assert answer.status_code == 400
    assert "The address is not in UTF-8" in answer.text


def test_long_headers_are_not_remembered():
    """256 of the largest User-Agent and Accept would be 14 MB; what they mean is told all the same."""
    tracemalloc.start()
    kinds = {kind(f"curl/8 {n:05}" + "y" * 28_000, f"text/plain, {n:05}" + "y" * 28_000) for n in range(256)}
    held, _ = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert kinds == {"page"}
    assert held < 2**20
