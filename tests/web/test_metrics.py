"""`/metrics`: the numbers are those of the requests and of upstream itself, and strangers do not get them."""

from pathlib import Path

import httpx
import pytest
from fakes import KEY, running
from promtext import by, samples

from weather.settings import SettingsError, load
from weather.web.metrics.workers import Numbers, Workers

pytestmark = [pytest.mark.anyio, pytest.mark.needs("prometheus_client")]

OWM, API, PAGE = "/data/2.5/weather?lat=51.51&lon=-0.13", "/api/v1/current?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"
AWAY = "203.0.113.9"


async def scraped(site, **headers) -> dict:
    answer = await site.get("/metrics", headers={"Host": "localhost:8000", **headers})
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith("text/plain")
    return samples(answer.text)


@pytest.fixture
async def local(upstream, clock, tmp_path):
    async with running(upstream, clock, tmp_path / "cache") as site:
        yield site


@pytest.mark.parametrize("ready", [True, False])
async def test_hits_stale_misses_and_errors_are_all_requests(upstream, clock, ready):
    """Each request for weather counts once, by how it was answered; what asks for none counts among the responses."""
    async with running(upstream, clock, ready=ready) as site:
        for path in (OWM, OWM, API, PAGE, PAGE):  # a miss, two hits, a page with two parts that are new, a hit
            assert (await site.get(path)).status_code == 200
        clock.now += 2 * 3600
        upstream.fails(500)
        assert (await site.get(OWM)).status_code == 200  # stale
        assert (await site.get("/data/2.5/weather?lat=1&lon=1")).status_code == 502
        assert (await site.get("/api/v1/current?lat=x")).status_code == 400
        assert (await site.get("/healthz")).status_code == 200
        found = await scraped(site)
    assert by(found["weather_requests_total"], "result") == {"miss": 2, "hit": 3, "stale": 1, "error": 2}
    assert by(found["weather_requests_total"], "door") == {"owm": 4, "api": 2, "page": 2}
    assert sum(found["weather_http_responses_total"].values()) == 9


@pytest.mark.parametrize("ready", [True, False])
async def test_requests_below_a_prefix_count_alike(upstream, clock, ready):
    """Whether an answer is ready or made, and if a proxy takes the prefix off."""
    async with running(upstream, clock, ready=ready, WEATHER_ROOT_PATH="/weather") as site:
        for path in (OWM, f"/weather{OWM}", API, f"/weather{API}", f"/weather{PAGE}"):
            assert (await site.get(path)).status_code == 200
        found = await scraped(site)
    assert by(found["weather_requests_total"], "door") == {"owm": 2, "api": 2, "page": 1}


async def test_the_exported_calls_are_upstreams_own_count(local, upstream):
    """Retries and failures included, by product and outcome (acceptance: our counters equal upstream's)."""
    await local.get(PAGE)
    upstream.fails(503)
    await local.get("/data/2.5/weather?lat=1&lon=1")
    found = await scraped(local)
    attempts = found["weather_upstream_attempts_total"]
    assert sum(attempts.values()) == upstream.count == 6
    assert by(attempts, "product") == {"weather": 4, "forecast": 1, "air": 1}
    assert by(attempts, "outcome") == {"ok": 3, "upstream_failed": 3}
    assert by(found["weather_upstream_seconds_count"], "product") == {"weather": 4, "forecast": 1, "air": 1}


async def test_calls_that_never_arrived_are_told_apart(clock):
    """Where no connection can be made upstream has counted nothing."""

    class Nowhere(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request):
            raise httpx.ConnectError("refused")

    async with running(Nowhere(), clock) as site:
        assert (await site.get(OWM)).status_code == 502
        found = await scraped(site)
    assert set(by(found["weather_upstream_attempts_total"], "outcome")) == {"not_connected"}


async def test_ages_of_what_was_served_are_told(local, clock):
    """Of the 1st answer 0 s, of the next 400 s: one at most a minute old, both at most ten."""
    await local.get(OWM)
    clock.now += 400
    await local.get(OWM)
    found = await scraped(local)
    within = {dict(labels)["le"]: value for labels, value in found["weather_answer_age_seconds_bucket"].items()}
    assert (within["60.0"], within["300.0"], within["600.0"], within["+Inf"]) == (1, 1, 2, 2)
    assert found["weather_answer_age_seconds_sum"] == {(("door", "owm"),): 400}


async def test_quota_and_breakers_are_told_as_they_are_now(upstream, clock):
    """What is left of each quota, and which breaker is open."""
    async with running(upstream, clock, WEATHER_CALLS_PER_MINUTE="10") as site:
        await site.get(OWM)
        upstream.fails(401, b'{"cod":401}', "application/json")
        await site.get("/data/2.5/weather?lat=1&lon=1")
        found = await scraped(site)
    quota = {"source": "openweathermap", "quota": "minute"}
    key = tuple(sorted(quota.items()))
    assert (found["weather_quota_limit"][key], found["weather_quota_used"][key]) == (10, 2)
    assert found["weather_quota_left"][key] == 8
    assert by(found["weather_circuit_breaker_open"], "breaker")["weather"] == 1
    assert by(found["weather_circuit_breaker_open"], "breaker")["account"] == 0


async def test_the_response_cache_and_the_build_are_told(local):
    """Hits of whole responses, how many there are and their bytes; the version that runs."""
    from weather import __version__

    for _ in range(3):
        await local.get(OWM)
    found = await scraped(local)
    assert found["weather_response_cache_hits_total"] == {(): 2}
    assert found["weather_response_cache_entries"] == {(): 1}
    assert found["weather_response_cache_bytes"][()] > 1000
    assert by(found["weather_build_info"], "version") == {__version__: 1}
    assert found["weather_workers"] == {(): 1}


async def ask(site, peer: str, path: str = "/metrics", **headers: str) -> httpx.Response:
    """A request from another address than this machine's."""
    wire = httpx.ASGITransport(app=site.app, client=(peer, 4711))
    async with httpx.AsyncClient(transport=wire, base_url="http://localhost:8000") as client:
        return await client.get(path, headers={name.replace("_", "-"): value for name, value in headers.items()})


@pytest.mark.slow
@pytest.mark.parametrize(
    ("peer", "headers", "status"),
    [
        ("127.0.0.1", {}, 200),
        ("::1", {}, 200),
        ("::ffff:127.0.0.1", {}, 200),
        ("10.0.0.1", {}, 200),
        (AWAY, {}, 403),
        (AWAY, {"x_forwarded_for": "127.0.0.1"}, 403),
        ("127.0.0.1", {"x_forwarded_for": AWAY}, 403),
        ("10.0.0.1", {"x_forwarded_for": AWAY}, 403),
        ("10.0.0.1", {"x_forwarded_for": AWAY, "forwarded": "for=127.0.0.1"}, 403),
        ("10.0.0.1", {"x_forwarded_for": "127.0.0.1"}, 403),
        ("127.0.0.1", {"x_real_ip": AWAY}, 403),
        ("127.0.0.1", {"host": "127.0.0.1:8000"}, 200),
        ("127.0.0.1", {"host": "127.8.8.8"}, 200),
        ("127.0.0.1", {"host": "[::1]:8000"}, 200),
        ("::1", {"host": "[::1]"}, 200),
        ("127.0.0.1", {"host": "LOCALHOST."}, 200),
        ("127.0.0.1", {"host": "weather.localhost:8000"}, 200),
        ("127.0.0.1", {"host": "weather.example.org"}, 403),
        ("127.0.0.1", {"host": "localhost.example.org"}, 403),
        ("127.0.0.1", {"host": "test"}, 200),
        ("127.0.0.1", {"host": "127.0.0.1.example.org"}, 403),
        ("127.0.0.1", {"host": "weather"}, 200),
        ("127.0.0.1", {"host": "192.168.0.7"}, 403),
        ("10.0.0.1", {"host": "weather:8000"}, 200),
        ("10.0.0.1", {"host": "10.0.0.2:8000"}, 200),
        ("10.0.0.1", {"host": "[fd00::2]:8000"}, 200),
        ("10.0.0.1", {"host": "weather.example.org"}, 403),
        ("10.0.0.1", {"host": "198.41.0.4"}, 403),
        (AWAY, {"host": "localhost"}, 403),
        (AWAY, {"host": "127.0.0.1:8000"}, 403),
        (AWAY, {"host": "weather:8000"}, 403),
    ],
)
async def test_metrics_are_for_this_machine_and_trusted_proxies(upstream, clock, peer, headers, status):
    """Who asks straight from there, by a name that is this machine's own or a network's of ours; never who is passed on
    by a proxy, whatever headers say, and never who has only forged them (94)."""
    async with running(upstream, clock, WEATHER_TRUSTED_PROXIES="10.0.0.0/8") as site:
        assert (await ask(site, peer, **headers)).status_code == status


async def test_an_access_key_or_the_setting_opens_metrics(upstream, clock):
    """A holder may scrape from anywhere, by header, query or bearer token; a wrong key is none; `open` is for all."""
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="alice:one") as site:
        assert (await ask(site, AWAY, authorization="Bearer one")).status_code == 200
        assert (await ask(site, AWAY, x_api_key="one")).status_code == 200
        assert (await ask(site, AWAY, "/metrics?appid=one")).status_code == 200
        assert (await ask(site, AWAY, authorization="Bearer two")).status_code == 403
        assert (await ask(site, AWAY)).status_code == 403
    async with running(upstream, clock, WEATHER_METRICS="open") as site:
        assert (await ask(site, AWAY)).status_code == 200


async def test_with_keys_alone_this_machine_needs_one_too(upstream, clock):
    """Where a tunnel leaves no sign of itself, nobody is known by an address."""
    keys = {"WEATHER_ACCESS_KEYS": "alice:one", "WEATHER_METRICS": "keys", "WEATHER_STATUS": "keys"}
    async with running(upstream, clock, **keys) as site:
        for path in ("/metrics", "/status"):
            assert (await ask(site, "127.0.0.1", path)).status_code == 403
            assert (await ask(site, "127.0.0.1", path, x_api_key="two")).status_code == 403
            assert (await ask(site, "127.0.0.1", path, x_api_key="one")).status_code == 200


@pytest.mark.parametrize("name", ["WEATHER_METRICS", "WEATHER_STATUS"])
def test_a_door_for_keys_needs_keys(name):
    """Nobody could come in."""
    with pytest.raises(SettingsError, match=f"{name} is 'keys'; allowed: with WEATHER_ACCESS_KEYS"):
        load({name: "keys"}, Path("/nonexistent"))


async def test_no_secret_is_in_the_metrics(upstream, clock):
    """Neither our key nor an access key, which is told by its name alone (84, 94)."""
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="alice:geheim-1,geheim-2") as site:
        for key in ("geheim-1", "geheim-2", "wrong"):
            await site.get(OWM, headers={"X-API-Key": key})
        text = (await site.get("/metrics", headers={"Host": "localhost"})).text
    assert "geheim" not in text and KEY not in text
    assert by(samples(text)["weather_requests_total"], "consumer") == {"alice": 1, "": 2}


def test_what_was_told_outlives_its_worker(tmp_path):
    """A worker that ends without a word after it was asked: the next one tells no smaller sum."""
    first = Workers(tmp_path, lambda: Numbers({("requests", "json"): 11.0}, {}))
    second = Workers(tmp_path, lambda: Numbers({("requests", "json"): 49.0}, {}))
    assert first.total().counts == {("requests", "json"): 11.0}
    assert second.total().counts == {("requests", "json"): 60.0}
