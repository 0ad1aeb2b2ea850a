"""The access log: who asked, how it came out, how old it was, what it cost upstream (A30)."""

import json
from io import StringIO
from time import perf_counter

import httpx
import pytest
from fakes import running

from weather.logs import AccessLog
from weather.web.http.middleware import covered

pytestmark = pytest.mark.anyio

OWM, PAGE = "/data/2.5/weather?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"
CLOCK = 1_795_521_600.0


async def lines(upstream, clock, asks, ready=True, **settings) -> list[dict]:
    """The log lines of these requests: (path, peer, headers)."""
    stream = StringIO()
    log = AccessLog("json", lambda: "", stream, clock)
    async with running(upstream, clock, ready=ready, steady=perf_counter, more={"tell": log}, **settings) as site:
        for path, peer, headers in asks:
            wire = httpx.ASGITransport(app=site.app, client=(peer, 4711))
            async with httpx.AsyncClient(transport=wire, base_url="http://test") as client:
                await client.get(path, headers=headers)
            clock.now += 100
    return [json.loads(line) for line in stream.getvalue().splitlines()]


@pytest.mark.parametrize("ready", [True, False])
async def test_a_line_tells_the_client_the_result_the_age_and_the_calls(upstream, clock, ready):
    """A page costs three calls, its repetition none, and is then 100 s old; both are of the address that asked."""
    told = await lines(upstream, clock, [(PAGE, "203.0.113.9", {}), (PAGE, "203.0.113.10", {})], ready)
    assert [(one["client"], one["result"], one["age"], one["attempts"]) for one in told] == [
        ("203.0.113.9", "miss", 0, 3),
        ("203.0.113.10", "hit", 100, 0),
    ]
    assert 0 < told[0]["upstream_ms"] <= told[0]["ms"]
    assert told[1]["upstream_ms"] == 0


async def test_retries_and_failures_are_told(upstream, clock):
    """Three attempts without an answer: an error, without an age; stale answers say so."""
    upstream.fails(503)
    (failed,) = await lines(upstream, clock, [(OWM, "203.0.113.9", {})])
    assert (failed["result"], failed["attempts"], "age" in failed) == ("error", 3, False)


async def test_what_asks_for_no_weather_has_no_result(upstream, clock):
    """Health, files, pages without weather: neither hit nor miss."""
    told = await lines(upstream, clock, [(path, "203.0.113.9", {}) for path in ("/healthz", "/docs", "/nowhere")])
    assert not [one for one in told if "result" in one or "age" in one]


@pytest.mark.parametrize("ready", [True, False])
async def test_the_client_is_found_by_the_one_rule(upstream, clock, ready):
    """Through a trusted proxy the forwarded address, of IPv6 its network; from anyone else the peer."""
    asks = [
        (OWM, "10.0.0.1", {"X-Forwarded-For": "198.51.100.7"}),
        (OWM, "10.0.0.1", {"X-Forwarded-For": "2001:db8:1:2:3::4"}),
        (OWM, "203.0.113.9", {"X-Forwarded-For": "198.51.100.7"}),
        (OWM, "nonsense", {}),
    ]
    told = await lines(upstream, clock, asks, ready, WEATHER_TRUSTED_PROXIES="10.0.0.0/8")
    assert [one["client"] for one in told] == ["198.51.100.7", "2001:db8:1:2::", "203.0.113.9", "-"]


@pytest.mark.parametrize("ready", [True, False])
async def test_a_named_key_stands_in_its_clients_place(upstream, clock, ready):
    """By its name, however the key comes; a key without a name, or a wrong one, leaves the address."""
    asks = [
        (OWM, "203.0.113.9", {"X-API-Key": "one"}),
        (OWM + "&appid=one", "203.0.113.9", {}),
        (OWM, "203.0.113.9", {"X-API-Key": "two"}),
        (OWM, "203.0.113.9", {"X-API-Key": "wrong"}),
    ]
    told = await lines(upstream, clock, asks, ready, WEATHER_ACCESS_KEYS="alice:one,two")
    assert [one["client"] for one in told] == ["alice", "alice", "203.0.113.9", "203.0.113.9"]
    assert "one" not in json.dumps([{**one, "client": ""} for one in told]).replace('"id"', "")


async def test_request_ids_count_nothing(upstream, clock):
    """Of two requests in a row the ids have nothing in common that grows: neither begins as the other does."""
    told = await lines(upstream, clock, [("/healthz", "203.0.113.9", {})] * 20)
    ids = [one["id"] for one in told]
    assert len({id[:8] for id in ids}) == len({id[8:] for id in ids}) == 20
    gaps = {int(later, 16) - int(earlier, 16) for earlier, later in zip(ids, ids[1:], strict=False)}
    assert len(gaps) == 19


def test_calls_at_the_same_time_count_once():
    """0-2 and 1-3 are three seconds; 5-6 is one more, and what lies within another nothing."""
    assert covered([(5.0, 6.0), (0.0, 2.0), (1.0, 3.0), (1.5, 2.5)]) == 4.0
    assert covered([]) == 0.0
