"""The description, the pages of the documentation, and the same for language models."""

import html
import json
import re

import jsonschema
import pytest
from fakes import running
from markup import parsed

from weather.errors import BadParameter, WeatherError
from weather.web.api.fields import names_of
from weather.web.api.schema import ANSWERS, WEATHER_ROUTES
from weather.web.docs.members import members
from weather.web.docs.openapi import description
from weather.web.docs.operations import KINDS, below
from weather.web.docs.pages import CHAPTERS, plain
from weather.web.http.query import SCHEMAS, bounded, count

pytestmark = pytest.mark.anyio

DESCRIPTION = description("")
PAGES = ["/docs", *(f"/docs/{name}" for name in CHAPTERS)]
WEATHER = tuple(WEATHER_ROUTES)


def schema(reference: dict) -> dict:
    return reference | {"components": DESCRIPTION["components"]}


def resolved(reference: dict) -> dict:
    return DESCRIPTION["components"]["schemas"][reference["$ref"].rpartition("/")[2]]


def strict(part):
    """A schema that allows nothing that it does not name."""
    if isinstance(part, list):
        return [strict(one) for one in part]
    if not isinstance(part, dict):
        return part
    told = {name: strict(one) for name, one in part.items()}
    return told | {"additionalProperties": False} if isinstance(told.get("properties"), dict) else told


@pytest.mark.slow
@pytest.mark.parametrize("name", WEATHER)
@pytest.mark.parametrize("units", ["metric", "us"])
async def test_answers_are_as_described(site, name, units):
    """A real answer fits its schema, with no member that the schema does not name; so does the example."""
    content = DESCRIPTION["paths"][f"/api/v1/{name}"]["get"]["responses"]["200"]["content"]["application/json"]
    components = {"schemas": strict(DESCRIPTION["components"]["schemas"])}
    whole = strict(content["schema"]) | {"components": components}
    jsonschema.validate((await site.get(f"/api/v1/{name}?q=London&units={units}")).json(), whole)
    jsonschema.validate(content["example"], whole)


@pytest.mark.slow
@pytest.mark.parametrize("name", ["current", "daily"])
async def test_the_answer_of_many_places_is_as_described(site, upstream, name):
    """One that is answered and one that has a problem; no member is there that the schema does not name."""
    operation = DESCRIPTION["paths"][f"/api/v1/{name}"]["get"]
    (at,) = [one for one in operation["parameters"] if one["name"] == "at"]
    await site.get(f"/api/v1/{name}?lat=51.51&lon=-0.13")
    upstream.fails(500)
    told = (await site.get(f"/api/v1/{name}", params={"at": at["example"]})).json()
    assert [one.get("status", 200) >= 500 for one in told["results"]] == [False, True]
    content = operation["responses"]["200"]["content"]["application/json"]
    components = {"schemas": strict(DESCRIPTION["components"]["schemas"])}
    jsonschema.validate(told, strict(content["schema"]) | {"components": components})
    assert (await site.get(f"/api/v1/{name}?at=1")).status_code == 400
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate("1", at["schema"])


@pytest.mark.slow
@pytest.mark.parametrize("name", WEATHER)
async def test_csv_is_described_where_there_is_csv(site, name):
    """Its content type, and the parameter that asks for it."""
    operation = DESCRIPTION["paths"][f"/api/v1/{name}"]["get"]
    answer = await site.get(f"/api/v1/{name}?q=London&format=csv")
    told = [one["schema"]["enum"] for one in operation["parameters"] if one["name"] == "format"]
    is_csv = answer.headers["content-type"].startswith("text/csv")
    assert ("text/csv" in operation["responses"]["200"]["content"], told) == (is_csv, [["json", "csv"]] * is_csv)


async def test_places_and_problems_are_as_described(site):
    """The bodies of saved places, of a search and of a problem fit their schemas."""
    schemas = {name: schema(part) for name, part in DESCRIPTION["components"]["schemas"].items()}
    added = await site.post("/api/v1/places", json={"name": "A", "latitude": 1, "longitude": 2})
    jsonschema.validate(added.json(), schemas["Added"])
    jsonschema.validate((await site.get("/api/v1/places")).json(), schemas["SavedList"])
    jsonschema.validate((await site.get("/api/v1/search?q=Paris")).json(), schemas["Results"])
    jsonschema.validate((await site.get("/api/v1/search")).json(), schemas["Problem"])


async def test_every_route_of_the_api_is_described(site):
    """Each address below /api/v1, and of it each method that a 405 names."""
    from unittest.mock import MagicMock

    from weather.web.routes import routes

    paths = {one.path for one in routes(MagicMock()) if one.path.startswith("/api/v1") and one.path[-1] != "/"}
    assert paths == DESCRIPTION["paths"].keys()
    for path in paths:
        allowed = (await site.patch(path)).headers["allow"].lower()
        assert set(allowed.split(", ")) - {"head"} == DESCRIPTION["paths"][path].keys()


def test_every_kind_of_problem_is_described():
    """Each code that an error of ours has, with its status."""
    assert {(one.code, one.status) for one in below(WeatherError)} <= KINDS.keys()
    told = {
        code
        for one in DESCRIPTION["paths"].values()
        for operation in one.values()
        for answer in operation["responses"].values()
        for code in re.findall("`([a-z_]+)`: ", answer["description"])
    }
    assert told == {code for code, _ in KINDS}


@pytest.mark.parametrize("name", WEATHER)
def test_the_place_is_flat_and_optional(name):
    """Plain parameters, none required, each with the rule in words: generators understand nothing else."""
    given = {one["name"]: one for one in DESCRIPTION["paths"][f"/api/v1/{name}"]["get"]["parameters"]}
    for way in ("q", "lat", "lon", "zip", "id", "saved"):
        assert given[way]["schema"]["type"] in ("string", "number", "integer")
        assert "required" not in given[way]
        assert "exactly one of `q`, `lat` and `lon`, `zip`, `id`, `saved`" in given[way]["description"]
    assert "anyOf" not in str(DESCRIPTION["paths"][f"/api/v1/{name}"])


def test_members_have_words_units_and_examples():
    """Of every type, every member that is not a type of its own; a measured one says where its unit stands."""
    for title, part in DESCRIPTION["components"]["schemas"].items():
        for name, member in part.get("properties", {}).items():
            if "$ref" not in str(member) and title not in ("Sections",):
                assert member.get("description"), f"{title}.{name}"
                assert member.get("examples") is not None or "items" in member, f"{title}.{name}"
    current = resolved({"$ref": "#/x/CurrentConditions"})["properties"]
    assert "`units.wind_speed`" in current["wind_gust"]["description"]
    assert current["time"]["format"] == "date-time"


async def test_the_description_is_to_be_kept_and_read_anywhere(site):
    """JSON with an ETag, for scripts of any site, packed for who asks."""
    answer = await site.get("/openapi.json")
    assert answer.json()["openapi"] == "3.1.0"
    assert answer.headers["access-control-allow-origin"] == "*"
    again = await site.get("/openapi.json", headers={"If-None-Match": answer.headers["etag"]})
    assert again.status_code == 304


@pytest.mark.slow
@pytest.mark.parametrize("path", PAGES)
async def test_a_page_is_sound(site, path):
    """It parses without an error, has one heading of the first rank, and no script or style but files of ours."""
    text = (await site.get(path)).text
    root = parsed(text)
    assert len(root.findall(".//h1")) == 1
    assert not re.search(r"<script(?![^>]*src)|<style| style=| on\w+=", text)
    assert all(address.startswith("/static/") for address in re.findall(r'<script[^>]*src="([^"]+)"', text))


@pytest.mark.slow
async def test_every_link_of_the_documentation_leads_somewhere(site):
    """Links between the pages, and to the description, are answered."""
    links = {link for path in PAGES for link in re.findall(r'href="(/[^"]*)"', (await site.get(path)).text)}
    assert {"/openapi.json", "/llms.txt", *PAGES} <= links
    assert {link: (await site.get(link)).status_code for link in links} == dict.fromkeys(links, 200)


async def test_the_submit_of_each_form_is_the_url_that_is_shown(site):
    """What a browser sends for the form as it stands is the URL in the code beside it, and it is answered."""
    text = (await site.get("/docs")).text
    sections = re.findall(r'<section class="operation".*?</section>', text, re.DOTALL)
    assert len(sections) == len(WEATHER) + 1
    for section in sections:
        action = re.search(r'action="([^"]+)"', section)[1]
        pairs = re.findall(r'<input name="(\w+)"[^>]* value="([^"]*)"', section)
        pairs += re.findall(r'<select name="(\w+)">.*?<option selected>(\w+)<', section)
        url = html.unescape(re.search(r"curl '(http://test[^']+)'", html.unescape(section))[1])
        assert url.startswith(f"http://test{action}?")
        assert set(url.partition("?")[2].split("&")) == {f"{name}={value}" for name, value in pairs}
        assert (await site.get(url)).status_code == 200


@pytest.mark.slow
async def test_the_examples_of_the_documentation_work(site):
    """Each `curl '…'` of a GET in the text is answered with 200."""
    text = (await site.get("/llms.txt")).text
    urls = re.findall(r"^curl '(http://test[^']+)'$", text, re.M)
    assert len(urls) >= 9
    assert {url: (await site.get(url)).status_code for url in urls} == dict.fromkeys(urls, 200)


async def test_the_answer_that_is_shown_is_what_the_demo_answers(clock, tmp_path):
    """The first example and its answer: the demo, asked at the clock of the tests, says the same, member by member."""
    async with running(None, clock, tmp_path, key=None) as site:
        page = (await site.get("/docs")).text
        shown = json.loads(html.unescape(re.findall(r"<pre[^>]*>(.*?)</pre>", page, re.DOTALL)[1]))
        assert (await site.get("/api/v1/current?q=London")).json() == shown


def test_every_member_of_an_answer_is_in_the_table():
    """The table has each dotted path of a whole answer, with a meaning and, where it is measured, its unit."""
    rows = {row.path.replace("[]", ""): row for part in members().values() for row in part}
    assert set(rows) == set(names_of(ANSWERS["forecast"]))
    assert (rows["current.wind_gust"].unit, rows["current.wind_gust"].is_nullable) == ("units.wind_speed", True)
    assert rows["air.pollutants.pm2_5"].unit == "units.concentration"
    assert all(row.about for row in rows.values() if row.kind not in ("object", "list of object"))


@pytest.mark.slow
async def test_language_models_get_the_same_words(site):
    """Every heading, code and chapter of the pages, as plain text without a tag."""
    answer = await site.get("/llms.txt")
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    assert not re.search(r"</?\w+[ >]", answer.text)
    for path in PAGES:
        for heading in re.findall(r"<h[12][^>]*>(.*?)</h", (await site.get(path)).text):
            assert html.unescape(re.sub("<.*?>", "", heading)).replace("`", "") in answer.text.replace("`", "")
    assert all(f"`{code}`" in answer.text for code, _ in KINDS)


def test_text_is_made_of_an_article():
    """Headings, paragraphs, lists, code; no form, no navigation, nothing outside."""
    page = "<p>no</p><article><h1>A</h1><nav>no</nav><p>b <code>c</code>\n d</p><ul><li>e</li></ul><form>no</form>"
    assert plain(f"{page}<pre>f\n  g</pre></article><p>no") == "# A\n\nb `c` d\n\n- e\n\n```\nf\n  g\n```"


async def test_below_a_root_path(upstream, clock):
    """Links, forms, addresses in the text and the server of the description carry the prefix."""
    async with running(upstream, clock, WEATHER_ROOT_PATH="/weather") as site:
        assert (await site.get("/weather/openapi.json")).json()["servers"] == [{"url": "/weather"}]
        text = (await site.get("/weather/docs")).text
    assert 'action="/weather/api/v1/current"' in text
    assert "http://test/weather/api/v1/current?q=London" in text


async def test_pages_link_to_what_programs_want(site):
    """The description and the documentation from every page; the data from the page of a place."""
    text = (await site.get("/forecast/51.51,-0.13")).text
    assert '<link rel="service-desc" type="application/json" href="/openapi.json">' in text
    assert 'rel="alternate" type="application/json" href="/api/v1/forecast?lat=51.51&amp;lon=-0.13"' in text


@pytest.mark.parametrize("name", ["hours", "days", "limit", "id"])
def test_the_bounds_of_a_whole_number_are_those_that_are_described(name):
    """The least and the greatest are taken; what is beyond, longer, signed or empty is refused."""
    least, most = SCHEMAS[name]["minimum"], SCHEMAS[name]["maximum"]
    assert [count({name: str(number)}, name) for number in (least, most)] == [least, most]
    assert count({}, name) is None
    for text in (str(most + 1), str(least - 1), f"0{most}", f"+{most}", f"{least}.0", "", "x", "١"):
        with pytest.raises(BadParameter):
            count({name: text}, name)


@pytest.mark.parametrize("name", ["lat", "lon"])
def test_the_bounds_of_degrees_are_those_that_are_described(name):
    """Both ends are taken, nothing beyond."""
    least, most = SCHEMAS[name]["minimum"], SCHEMAS[name]["maximum"]
    assert [bounded({name: str(number)}, name) for number in (least, most)] == [least, most]
    for text in (f"{most}.001", f"{least}.001", "nan", ""):
        with pytest.raises(BadParameter):
            bounded({name: text}, name)
