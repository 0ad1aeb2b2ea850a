"""A private server: pages ask for an access key as the APIs do; and what crawlers and strangers may see."""

import re
from pathlib import Path
from urllib.robotparser import RobotFileParser

import httpx
import pytest
from fakes import Clock, Upstream, running

from weather.settings import SettingsError, load

pytestmark = pytest.mark.anyio

PAGES = ["/", "/forecast/51.51,-0.13", "/forecast/51.51,-0.13/meteogram.svg", "/search?q=London", "/places", "/docs"]
PAGES += ["/docs/caching", "/llms.txt", "/status", "/offline", "/nowhere", "//", "/healthz/", "/static", "/sign-in/"]
OPEN = ["/healthz", "/readyz", "/robots.txt", "/sw.js", "/manifest.webmanifest"]
KEYS = {"WEATHER_ACCESS_KEYS": "alice:one,two", "WEATHER_PRIVATE": "yes"}


@pytest.fixture
async def private(upstream, clock):
    async with running(upstream, clock, **KEYS) as site:
        yield site


async def signed_in(site, key: str = "one", page: str = "/") -> httpx.Response:
    return await site.post("/sign-in", data={"key": key, "page": page})


async def test_without_a_key_every_page_is_the_form(private, upstream):
    """401 with the form and nothing of the page, no call upstream, kept by no cache; files and health are open."""
    for path in PAGES:
        for method in ("GET", "HEAD"):
            answer = await private.request(method, path)
            assert answer.status_code == 401, path
            assert "ApiKey" in answer.headers["www-authenticate"]
            assert answer.headers["cache-control"] == "no-store"
        assert 'type="password"' in (await private.get(path)).text
    assert (await private.post("/places", data={"name": "x", "latitude": 1, "longitude": 1})).status_code == 401
    assert [(await private.get(path)).status_code for path in OPEN] == [200] * len(OPEN)
    assert upstream.count == 0


async def test_the_form_leads_to_the_page_that_was_asked_for(private):
    """A good key leaves a cookie that scripts cannot read, and opens that page and all others."""
    form = (await private.get("/forecast/51.51,-0.13?name=London")).text
    form = form.partition('class="sign-in"')[2]
    assert re.search(r'name="page" value="([^"]*)"', form)[1] == "/forecast/51.51,-0.13?name=London"
    answer = await signed_in(private, "two", "/forecast/51.51,-0.13?name=London")
    assert (answer.status_code, answer.headers["location"]) == (303, "/forecast/51.51,-0.13?name=London")
    (cookie,) = answer.headers.get_list("set-cookie")
    assert "HttpOnly" in cookie and "SameSite=lax" in cookie and "two" not in cookie
    assert [(await private.get(path)).status_code for path in PAGES[:2]] == [200, 200]


ASKED = {
    "/forecast/51.51,-0.13?name=London": "/forecast/51.51,-0.13?name=London",
    "/Zürich": "/Z%C3%BCrich",
    "/New York": "/New%20York",
    "/search?q=S%C3%A3o Paulo": "/search?q=S%C3%A3o+Paulo",
    "//evil.example": "/",
}


@pytest.mark.parametrize(("asked", "onward"), ASKED.items())
async def test_who_changes_a_setting_before_the_key_still_gets_there(private, asked, onward):
    """The settings on that form lead back to the page, with a wrong key typed before or not; and so does a key."""
    ways = re.findall(r'name="page" value="([^"]*)"', (await private.get(asked)).text)
    wrong = re.findall(r'name="page" value="([^"]*)"', (await signed_in(private, "three", ways[-1])).text)
    locations = [
        (await private.post("/settings", data={"lang": "de", "page": ways[0]})).headers["location"],
        (await private.post("/settings", data={"lang": "de", "page": wrong[0]})).headers["location"],
        (await signed_in(private, page=wrong[-1])).headers["location"],
    ]
    assert [location.replace("%20Paulo", "+Paulo") for location in locations] == [onward] * 3


@pytest.mark.parametrize("ready", [True, False])
async def test_what_one_visitor_has_opened_the_next_does_not_see(upstream, clock, ready):
    """A page and a picture that are kept whole are for holders alone, and no cache may keep them for others."""
    async with running(upstream, clock, ready=ready, **KEYS) as site:
        await signed_in(site)
        for path in PAGES[1:3] * 2:
            answer = await site.get(path)
            assert (answer.status_code, answer.headers["cache-control"].startswith("private")) == (200, True)
        site.cookies.clear()
        assert [(await site.get(path)).status_code for path in PAGES[1:3]] == [401, 401]


async def test_a_wrong_key_opens_nothing(private):
    """It is told so, and no cookie is set; a made-up cookie, or the key itself as one, is none."""
    answer = await signed_in(private, "three")
    assert (answer.status_code, "set-cookie" in answer.headers) == (401, False)
    assert 'role="alert"' in answer.text
    for value in ("one", "x", "", "ä".encode().decode("latin-1")):
        headers = {"Cookie": f"access={value}".encode("latin-1")}
        assert (await private.get("/places", headers=headers)).status_code == 401
    foreign = await private.post("/sign-in", data={"key": "one"}, headers={"Origin": "http://evil.example"})
    assert foreign.status_code == 403


async def test_the_cookie_ends_with_its_key_and_opens_no_api(upstream, clock):
    """After the key is taken out of the settings its cookie is none; the APIs ask for the key itself."""
    async with running(upstream, clock, **KEYS) as site:
        cookie = (await signed_in(site)).headers["set-cookie"].partition(";")[0]
        assert (await site.get("/api/v1/current?lat=1&lon=1")).status_code == 401
    async with running(upstream, clock, **KEYS | {"WEATHER_ACCESS_KEYS": "two"}) as site:
        assert (await site.get("/places", headers={"Cookie": cookie})).status_code == 401


async def test_a_program_opens_a_page_with_its_key(private):
    """By header or query, as at the APIs."""
    assert (await private.get("/docs", headers={"X-API-Key": "one"})).status_code == 200
    assert (await private.get("/docs?appid=two")).status_code == 200


@pytest.mark.parametrize("page", ["//evil.example", "https://evil.example", "/\\evil.example", "", "/sign-in"])
async def test_the_form_leads_nowhere_else(private, page):
    """To an address of this site, else to the home page."""
    data = {"key": "one"} | ({"page": page} if page else {})
    assert (await private.post("/sign-in", data=data)).headers["location"] == "/"


async def test_it_works_below_a_prefix_and_behind_tls(upstream, clock):
    """The cookie is for the prefix, and for TLS alone where the visitor uses it."""
    more = {"WEATHER_ROOT_PATH": "/weather", "WEATHER_TRUSTED_PROXIES": "127.0.0.1"}
    async with running(upstream, clock, **KEYS, **more) as site:
        form = await site.get("/weather/docs")
        assert (form.status_code, 'action="/weather/sign-in"' in form.text) == (401, True)
        answer = await site.post(
            "/weather/sign-in", data={"key": "one", "page": "/docs"}, headers={"X-Forwarded-Proto": "https"}
        )
    assert answer.headers["location"] == "/weather/docs"
    assert {"Path=/weather", "Secure"} <= set(answer.headers["set-cookie"].split("; "))


def test_private_without_keys_stops_the_start():
    """Nobody could come in."""
    with pytest.raises(SettingsError, match="WEATHER_PRIVATE is 'yes'; allowed: with WEATHER_ACCESS_KEYS"):
        load({"WEATHER_PRIVATE": "yes"}, Path("/nonexistent"))


async def test_status_can_be_closed(upstream: Upstream, clock: Clock):
    """With `local` it is for this machine and holders of a key; a page for others says so."""
    async with running(upstream, clock, WEATHER_STATUS="local", WEATHER_ACCESS_KEYS="one") as site:
        # By the name of the site a proxy may have passed it on.
        assert (await site.get("/status", headers={"Host": "weather.example.org"})).status_code == 403
        assert (await site.get("/status")).status_code == 200
        assert (await site.get("/status", headers={"Host": "127.0.0.1:8000"})).status_code == 200
        away = httpx.ASGITransport(app=site.app, client=("203.0.113.9", 4711))
        async with httpx.AsyncClient(transport=away, base_url="http://test") as stranger:
            refused = await stranger.get("/status")
            assert (refused.status_code, refused.headers["content-type"]) == (403, "text/html; charset=utf-8")
            assert (await stranger.get("/status", headers={"X-API-Key": "one"})).status_code == 200


async def test_crawlers_may_read_forecasts_and_nothing_that_costs_more(site):
    """By Python's own reader of the file; and the variants of a page are excluded by the patterns of RFC 9309."""
    text = (await site.get("/robots.txt")).text
    rules = RobotFileParser()
    rules.parse(text.splitlines())
    assert all(rules.can_fetch("any", path) for path in ("/", "/forecast/51.51,-0.13", "/docs", "/static/style.css"))
    closed = ("/search?q=x", "/places", "/status", "/api/v1/current", "/data/2.5/weather", "/metrics")
    assert not [path for path in closed if rules.can_fetch("any", path)]
    patterns = [re.escape(path).replace(r"\*", ".*") for path in re.findall("Disallow: (.*)", text)]
    for path in ("/forecast/1,1?lang=de", "/forecast/1,1?name=x&units=us", "/docs?clock=12"):
        assert any(re.match(pattern, path) for pattern in patterns), path


async def test_a_private_server_has_nothing_for_crawlers(private):
    """Everything is disallowed."""
    assert (await private.get("/robots.txt")).text == "User-agent: *\nDisallow: /\n"


@pytest.mark.parametrize("headers", [{}, {"User-Agent": "curl/8.5.0"}])
async def test_without_access_keys_nobody_is_asked_for_one(site, headers):
    """There is no form where no key would open anything, for browsers as for programs."""
    answers = [await site.request(method, "/sign-in", headers=headers) for method in ("GET", "HEAD", "POST")]
    assert [answer.status_code for answer in answers] == [404] * 3
