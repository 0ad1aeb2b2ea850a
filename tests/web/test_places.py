"""Saved places: strict bodies, writes from other sites, the pages. What the database does is in test_saved."""

import json
import re

import pytest
from fakes import KEY, running
from hypothesis import given
from hypothesis import strategies as st

from weather.errors import BadParameter
from weather.places.saved.lists import is_token, new_token
from weather.web.api.places import parse_place

pytestmark = pytest.mark.anyio

HOME = {"name": "Home", "latitude": 51.51, "longitude": -0.13}
TYPE = {"Content-Type": "application/json"}
LIST = "/api/v1/places"

BAD = {
    "name": [{}, {"name": ""}, {"name": "x" * 81}, {"name": 1}, {"name": None}],
    "latitude": [{"latitude": 90.1}, {"latitude": "51"}, {"latitude": None}, {"latitude": True}, {"latitude": []}],
    "longitude": [{"longitude": -180.1}, {"longitude": {}}],
}


@pytest.mark.slow
@pytest.mark.parametrize(("member", "wrong"), [(member, one) for member, all in BAD.items() for one in all if one])
async def test_a_wrong_member_is_named(site, member, wrong):
    """400 with the member as `parameter`; nothing is kept, no token given."""
    answer = await site.post(LIST, json=HOME | wrong)
    assert (answer.status_code, answer.json()["parameter"]) == (400, member)
    assert "set-cookie" not in answer.headers


@pytest.mark.slow
@pytest.mark.parametrize(
    "body", [b"", b"{", b"[]", b"null", b"\xff", b'{"name":"a"}', b"[" * 9999, json.dumps(HOME | {"id": "x"}).encode()]
)
async def test_what_is_no_place_is_refused(site, body):
    """Garbage, another type, a member too few or too many: 400."""
    assert (await site.post(LIST, content=body, headers=TYPE)).status_code == 400


@given(st.binary(max_size=60))
def test_any_bytes_are_a_place_or_a_bad_parameter(body):
    """Whatever comes as a body, nothing else happens."""
    try:
        parse_place(body)
    except BadParameter as error:
        assert error.parameter


@pytest.mark.parametrize("kind", ["", "text/plain", "application/x-www-form-urlencoded", "application/jsonx"])
async def test_another_media_type_is_415(site, kind):
    """A body that does not say that it is JSON is refused: so no form of another site can be one."""
    answer = await site.post(LIST, content=json.dumps(HOME), headers={"Content-Type": kind})
    assert (answer.status_code, answer.json()["code"]) == (415, "unsupported_media_type")


async def test_a_large_body_is_413(site):
    """Beyond 64 KB it is not read, whether its length is told or not (89)."""

    async def chunks():
        for _ in range(70):
            yield b" " * 1000

    for content in (b" " * 70_000, chunks()):
        answer = await site.post(LIST, content=content, headers=TYPE)
        assert (answer.status_code, answer.json()["code"]) == (413, "body_too_large")
        assert answer.headers["content-type"] == "application/problem+json"


FOREIGN = [
    {"Origin": "https://evil.example"},
    {"Origin": "null"},
    {"Origin": "http://test:8080"},
    {"Sec-Fetch-Site": "cross-site"},
    {"Sec-Fetch-Site": "same-site"},
    {"Origin": "https://evil.example", "Sec-Fetch-Site": "cross-site"},
]


@pytest.mark.slow
@pytest.mark.parametrize("headers", FOREIGN)
async def test_a_write_from_another_site_is_refused(site, headers):
    """403 `cross_site` on every write, in the shape of its door; nothing changes."""
    told = (await site.post(LIST, json=HOME)).json()
    here = f"{LIST}/{told['id']}"
    for method, path in (("POST", LIST), ("PUT", here), ("DELETE", here)):
        answer = await site.request(method, path, json=HOME, headers=headers)
        assert (answer.status_code, answer.json()["code"]) == (403, "cross_site")
    for path in ("/places", *(f"/places/{told['id']}/{does}" for does in ("remove", "rename", "move", "home"))):
        answer = await site.post(path, data=HOME, headers=headers)
        assert (answer.status_code, answer.headers["content-type"]) == (403, "text/html; charset=utf-8")
    assert len((await site.get(LIST)).json()["places"]) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "headers", [{}, {"Origin": "http://test"}, {"Sec-Fetch-Site": "same-origin"}, {"Sec-Fetch-Site": "none"}]
)
async def test_a_write_from_here_or_from_a_program_passes(site, headers):
    """Our own pages, and programs, which say nothing of that kind."""
    assert (await site.post(LIST, json=HOME, headers=headers)).status_code == 201
    assert (await site.post("/places", data=HOME, headers=headers)).status_code == 303


async def test_our_forms_tell_where_they_come_from(site):
    """Under `no-referrer` a browser would send `Origin: null` with them, so pages are `same-origin`."""
    assert (await site.get("/forecast/51.51,-0.13")).headers["referrer-policy"] == "same-origin"
    assert (await site.get(LIST)).headers["referrer-policy"] == "no-referrer"


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/api/v1/forecast?q=London", LIST, "/data/2.5/weather?q=London", "/openapi.json"])
async def test_scripts_of_other_sites_may_ask_and_read(site, path):
    """A preflight is answered with what may be sent; answers and errors are open to read, and never with cookies."""
    asks = {"Origin": "https://app.example", "Access-Control-Request-Method": "GET"}
    asks["Access-Control-Request-Headers"] = "x-api-key, authorization"
    preflight = await site.options(path, headers=asks)
    assert (preflight.status_code, preflight.content) == (204, b"")
    assert {"X-API-Key", "Authorization"} <= set(preflight.headers["access-control-allow-headers"].split(", "))
    for answer in (preflight, await site.get(path), await site.get("/api/v1/nowhere")):
        assert answer.headers["access-control-allow-origin"] == "*"
        assert "access-control-allow-credentials" not in answer.headers


async def test_pages_are_open_to_nobody(site):
    """No CORS on pages, and no preflight."""
    asks = {"Origin": "https://app.example", "Access-Control-Request-Method": "POST"}
    assert (await site.options("/places", headers=asks)).status_code == 405
    assert "access-control-allow-origin" not in (await site.get("/places")).headers


async def test_the_cookie_is_secure_over_https(upstream, clock):
    """Over TLS it never goes out in the clear."""
    async with running(upstream, clock) as site:
        site.base_url = "https://test"
        assert "; Secure" in (await site.post(LIST, json=HOME)).headers["set-cookie"]


async def test_below_a_root_path(upstream, clock):
    """Location, cookie and redirects carry the prefix."""
    async with running(upstream, clock, WEATHER_ROOT_PATH="/weather") as site:
        answer = await site.post(f"/weather{LIST}", json=HOME)
        assert answer.headers["location"].startswith(f"/weather{LIST}/")
        assert "Path=/weather" in answer.headers["set-cookie"]
        assert (await site.post("/weather/places", data=HOME)).headers[
            "location"
        ] == "/weather/forecast/51.51,-0.13?name=Home"


async def test_access_keys_close_this_door_too(upstream, clock):
    """With access keys programs need one; the pages stay open."""
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="alpha") as site:
        assert (await site.post(LIST, json=HOME)).json()["code"] == "access_key"
        assert (await site.post(LIST, json=HOME, headers={"X-API-Key": "alpha"})).status_code == 201
        assert (await site.get("/places")).status_code == 200


def test_tokens_are_random_and_known_by_their_form():
    """256 bits; only what has that form can be one."""
    tokens = {new_token() for _ in range(100)}
    assert len(tokens) == 100
    assert all(map(is_token, tokens))
    assert not any(map(is_token, ("", "a" * 42, "a" * 44, "ä" * 43, "'" * 43, KEY)))


async def shown(site) -> str:
    answer = await site.get("/places")
    assert answer.status_code == 200
    return answer.text


@pytest.mark.slow
async def test_a_place_is_saved_listed_and_removed_by_forms(site, upstream):
    """From its page and back to it, in the list with its weather and age, and away again; twice the same is once."""
    page = (await site.get("/forecast/51.51,-0.13?name=London")).text
    form = page.split('<form class="save"')[1].split("</form>")[0]
    fields = dict(re.findall(r'name="(\w+)" value="([^"]*)"', form))
    assert fields == {"latitude": "51.51", "longitude": "-0.13", "name": "London"}
    for _ in range(2):
        saved = await site.post("/places", data=fields)
        assert (saved.status_code, saved.headers["location"]) == (303, "/forecast/51.51,-0.13?name=London")
    before = upstream.count
    text = await shown(site)
    assert text.count('class="big"') == 1
    assert "12°" in text
    assert 'datetime="2026-11-24T12:00+00:00" data-age>just now<' in text
    assert "Side by side" in (await site.get("/")).text
    assert upstream.count == before
    removal = re.search(r'action="(/places/[^"]+/remove)"', (await site.get("/places?edit=1")).text)[1]
    assert (await site.post(removal)).headers["location"] == "/places?edit=1"
    assert "Nothing is saved yet." in await shown(site)


@pytest.mark.slow
async def test_the_page_asks_for_the_current_weather_alone_and_of_few(site, upstream):
    """Of 30 new places 12 are asked for with each view; the others say so, and come with the next views."""
    for i in range(30):
        await site.post("/places", data={"name": f"P{i}", "latitude": str(i), "longitude": "7"})
    for view, missing in enumerate((18, 6, 0, 0), 1):
        assert (await shown(site)).count("There is no saved forecast for this place") == missing
        assert upstream.by_path == {"/data/2.5/weather": min(12 * view, 30)}


async def test_in_an_outage_the_page_shows_what_is_kept(site, upstream, clock):
    """Old weather is marked with its time; a place of which nothing is kept says so; the page stands."""
    for place in ({"name": "A", "latitude": "1", "longitude": "1"}, {"name": "B", "latitude": "2", "longitude": "2"}):
        await site.post("/places", data=place)
        if place["name"] == "A":
            await shown(site)
    clock.now += 3600
    upstream.fails(503)
    text = await shown(site)
    assert "Out of date. Data from: 12:00" in text
    assert "There is no saved forecast for this place" in text


@pytest.mark.parametrize("form", [{}, {"name": "A"}, {"latitude": "91", "longitude": "0"}, HOME | {"more": "1"}])
async def test_a_wrong_form_is_a_bad_request(site, form):
    """400 as a page."""
    assert (await site.post("/places", data=form)).status_code == 400


@pytest.mark.slow
@pytest.mark.parametrize("name", ["<script>alert(1)</script>", "\u202eevil", "a\nb", "\u200b", "x" * 500])
async def test_a_name_is_inert(site, name):
    """Escaped, one line, bounded, without marks that turn the text around (92)."""
    await site.post("/places", data=HOME | {"name": name})
    text = await shown(site)
    assert "<script>alert" not in text
    assert "\u202e" not in text
    ((told),) = (await site.get(LIST)).json()["places"]
    assert 0 < len(told["name"]) <= 80
