"""Language models are answered over MCP, as the SDK's client sees it: with age, source, credit, and what is unknown."""

import json
import sys
from contextlib import asynccontextmanager

import httpx
import pytest
from fakes import NOON, Upstream, onecall_body, running
from serving import plain_environment

pytestmark = [pytest.mark.anyio, pytest.mark.needs("mcp")]

PARIS = {"q": "Paris"}
LONDON = {"lat": 51.51, "lon": -0.13}


@asynccontextmanager
async def connected(site: httpx.AsyncClient, headers: dict | None = None, mode: str = "auto"):
    """The SDK's client, over HTTP, to the real app."""
    import httpx2
    from mcp.client import Client
    from mcp.client.streamable_http import streamable_http_client

    wire = httpx2.ASGITransport(app=site.app)
    async with httpx2.AsyncClient(transport=wire, headers=headers or {}) as http:
        async with Client(streamable_http_client("http://test/mcp", http_client=http), mode=mode) as client:
            yield client


async def call(site, tool: str, arguments: dict, **how):
    async with connected(site, **how) as client:
        return await client.call_tool(tool, arguments)


@pytest.mark.slow
@pytest.mark.parametrize("mode", ["auto", "legacy"])
async def test_a_client_of_either_era_finds_three_tools(site, mode):
    async with connected(site, mode=mode) as client:
        listed = (await client.list_tools()).tools
    assert {tool.name for tool in listed} == {"search", "forecast", "alerts"}
    assert all(tool.input_schema["additionalProperties"] is False and tool.description for tool in listed)


@pytest.mark.slow
async def test_the_forecast_is_that_of_the_api(site, upstream):
    """The same members and values, of the same cache: the API costs no further call after the tool."""
    told = await call(site, "forecast", LONDON)
    calls = upstream.count
    answered = (await site.get("/api/v1/forecast?lat=51.51&lon=-0.13&hours=24&days=7")).json()
    assert told.structured_content == answered and not told.is_error
    assert upstream.count == calls > 0
    assert json.loads(told.content[1].text) == answered


async def test_a_fresh_answer_begins_with_its_age_source_and_credit(site, clock):
    await call(site, "forecast", LONDON)
    clock.now = NOON + 300
    lead = (await call(site, "forecast", LONDON)).content[0].text
    assert lead.startswith("Fresh: fetched 5 minutes ago, at 2026-11-24T12:00:00Z, from openweathermap;")
    assert lead.endswith("Credit to print: Weather data provided by OpenWeather.")


async def test_the_words_name_the_place_that_was_taken(site):
    """Of several of one name, or of a name in another language: a model repeats the words, not the members."""
    told = await call(site, "forecast", {"q": "Springfield"})
    place = told.structured_content["place"]
    point = f"{place['latitude']}, {place['longitude']}"
    assert f"\nPlace: Springfield, {place['region']}, United States ({point}).\n" in told.content[0].text
    florence = (await call(site, "forecast", {"q": "Firenze"})).content[0].text
    assert "Place: Florence, Tuscany, Italy (" in florence and "; found by the name Firenze)." in florence


@pytest.mark.slow
@pytest.mark.parametrize("q", ["", [], ["London"], {"name": "London"}])
async def test_what_is_no_name_is_told_as_a_mistake(site, upstream, q):
    """An empty text, a list, an object: nothing is looked for, and the argument is named."""
    told = await call(site, "forecast", {"q": q})
    assert told.is_error and told.structured_content["parameter"] == "q"
    assert told.content[0].text == "There is no answer: q is one text or number, and not empty"
    assert upstream.count == 0


@pytest.mark.slow
async def test_a_stale_answer_says_so_first(site, upstream, clock):
    await call(site, "forecast", LONDON)
    upstream.fails(500)
    clock.now = NOON + 7200
    told = await call(site, "forecast", LONDON)
    assert not told.is_error and told.structured_content["freshness"]["state"] == "stale"
    assert told.content[0].text.startswith("OUT OF DATE: fetched 2 hours ago, at 2026-11-24T12:00:00Z,")


async def test_offline_what_is_kept_is_told_as_old_and_what_is_not_is_an_error(upstream, clock, tmp_path):
    async with running(upstream, clock, tmp_path / "cache") as site:
        await call(site, "forecast", LONDON)
    clock.now = NOON + 86400
    async with running(upstream, clock, tmp_path / "cache", WEATHER_OFFLINE="yes") as site:
        kept, lacking = await call(site, "forecast", LONDON), await call(site, "forecast", {"lat": 1, "lon": 1})
    assert kept.content[0].text.startswith("OUT OF DATE: fetched 1 day ago")
    assert lacking.is_error and lacking.structured_content["code"] == "offline"


async def test_invented_weather_is_said_to_be_invented(clock):
    async with running(Upstream(), clock, key=None) as site:
        told = await call(site, "forecast", LONDON)
    assert told.content[0].text.startswith("INVENTED:") and told.structured_content["freshness"]["state"] == "demo"


async def test_unknown_warnings_are_never_none(site):
    """The free products have no warnings: nobody knows whether there are any."""
    for tool in ("alerts", "forecast"):
        told = await call(site, tool, LONDON)
        assert told.structured_content["alerts"] is None
        assert "NOT KNOWN" in told.content[0].text and "Not known: alerts (" in told.content[0].text


async def test_warnings_and_their_absence_are_told_by_whom(upstream, clock):
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        told = await call(site, "alerts", LONDON)
        assert [one["event"] for one in told.structured_content["alerts"]] == ["Yellow warning of wind"]
        assert "NOT KNOWN" not in told.content[0].text and "No official warning" not in told.content[0].text
        upstream.bodies["/data/3.0/onecall"] = lambda q: onecall_body(alerts=[])
        none = await call(site, "alerts", {"lat": 48.86, "lon": 2.35})
    assert none.structured_content["alerts"] == []
    assert "No official warning is in force, as far as openweathermap says." in none.content[0].text


async def test_places_are_found_and_asked_for_by_id(site, upstream):
    told = (await call(site, "search", {"q": "Paris", "limit": 2})).structured_content
    first = told["results"][0]
    assert (len(told["results"]), first["name"], first["country_code"]) == (2, "Paris", "FR")
    assert told["attributions"][0]["license"] == "CC-BY-4.0" and upstream.count == 0
    place = (await call(site, "forecast", {"id": first["id"]})).structured_content["place"]
    assert (place["name"], place["id"]) == ("Paris", first["id"])


async def test_a_call_is_short_unless_more_is_asked_for(site):
    """A model reads all that it gets: a day of steps, unless it names the hours; null counts as not given."""
    short = (await call(site, "forecast", LONDON | {"units": None})).structured_content["hourly"]
    assert len(short) == 8 < len((await call(site, "forecast", LONDON | {"hours": 96.0})).structured_content["hourly"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("tool", "arguments", "code", "parameter"),
    [
        ("forecast", {}, "bad_parameter", "q"),
        ("forecast", {"q": "Paris", "lat": 1, "lon": 1}, "bad_parameter", "lat"),
        ("forecast", {"city": "Paris"}, "bad_parameter", "city"),
        ("forecast", {"q": "Paris", "units": "imperial"}, "bad_parameter", "units"),
        ("forecast", {"lat": 91, "lon": 0}, "bad_parameter", "lat"),
        ("forecast", {"q": "Paris", "saved": "x"}, "bad_parameter", "saved"),
        ("forecast", {"q": "x" * 300}, "bad_parameter", "q"),
        ("search", {}, "bad_parameter", "q"),
        ("alerts", PARIS | {"hours": 3}, "bad_parameter", "hours"),
        ("forecast", {"q": "Lodnon"}, "place_not_found", None),
    ],
)
async def test_a_mistake_is_told_as_the_api_tells_it(site, upstream, tool, arguments, code, parameter):
    """So that the model can mend its call: the problem document, and similar names."""
    told = await call(site, tool, arguments)
    problem = told.structured_content
    assert (told.is_error, problem["code"], problem.get("parameter")) == (True, code, parameter)
    assert told.content[0].text == f"There is no answer: {problem['detail']}"
    assert code != "place_not_found" or "London" in {one["name"] for one in problem["suggestions"]}


async def test_an_unknown_tool_is_an_error_of_the_protocol(site):
    from mcp.shared.exceptions import MCPError

    async with connected(site) as client:
        with pytest.raises(MCPError, match="There are search, forecast, alerts"):
            await client.call_tool("weather", {})


async def test_a_client_s_quota_is_the_api_s(clock):
    """Of twelve calls a minute one client may cause eight, by whichever door."""
    upstream = Upstream()
    async with running(upstream, clock, WEATHER_CALLS_PER_MINUTE="12") as site:
        points = ";".join(f"{n},{n}" for n in range(20))
        await site.get(f"/api/v1/current?at={points}")
        told = await call(site, "forecast", LONDON)
    assert (told.is_error, told.structured_content["code"], upstream.count) == (True, "client_budget", 8)


PING = {"jsonrpc": "2.0", "id": 1, "method": "ping"}
TAKES = {"Accept": "application/json, text/event-stream"}


@pytest.mark.parametrize("private", ["no", "yes"])
async def test_access_keys_are_asked_for_as_by_the_api(upstream, clock, private):
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="one", WEATHER_PRIVATE=private) as site:
        for headers in ({}, {"X-API-Key": "two"}):
            answer = await site.post("/mcp", json=PING, headers=TAKES | headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "access_key")
        assert (await site.post("/mcp?appid=one", json=PING, headers=TAKES)).json()["result"] == {}
        told = await call(site, "forecast", LONDON, headers={"X-API-Key": "one"})
    assert told.structured_content["place"]["latitude"] == 51.51


async def test_pages_of_other_sites_are_refused(site):
    """As the protocol asks of servers (its transports, security warning)."""
    foreign = await site.post("/mcp", json=PING, headers=TAKES | {"Origin": "https://evil.example"})
    assert (foreign.status_code, foreign.json()["code"]) == (403, "cross_site")
    assert (await site.post("/mcp", json=PING, headers=TAKES | {"Origin": "http://test"})).status_code == 200


async def test_there_is_no_session_to_open_or_end(site):
    for method in ("GET", "DELETE"):
        answer = await site.request(method, "/mcp", headers=TAKES)
        assert (answer.status_code, answer.headers["allow"]) == (405, "POST")


@pytest.mark.slow
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"1", b"[" * 50_000, b'{"jsonrpc": "2.0"}', b"\xff\xfe"])
async def test_what_is_no_message_is_refused(site, upstream, body):
    answer = await site.post("/mcp", content=body, headers=TAKES | {"Content-Type": "application/json"})
    assert (answer.status_code, upstream.count) == (400, 0)


@pytest.mark.slow
async def test_over_standard_input_and_output(tmp_path):
    """`weather mcp` speaks the protocol on its output, and nothing else; without a server, with the cache of one."""
    from mcp.client import Client
    from mcp.client.stdio import StdioServerParameters

    keeps = {"WEATHER_CACHE_URL": f"disk://{tmp_path}/c", "WEATHER_DATABASE_URL": f"sqlite:///{tmp_path}/p.sqlite"}
    settings = plain_environment() | keeps | {"WEATHER_PROVIDER": "demo"}
    server = StdioServerParameters(command=sys.executable, args=["-m", "weather", "mcp"], env=settings, cwd=tmp_path)
    async with Client(server) as client:
        assert len((await client.list_tools()).tools) == 3
        told = await client.call_tool("forecast", PARIS)
    assert told.structured_content["place"]["name"] == "Paris" and told.content[0].text.startswith("INVENTED:")
