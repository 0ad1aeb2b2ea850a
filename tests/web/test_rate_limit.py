"""`RateLimit-Policy` and `RateLimit` (draft-ietf-httpapi-ratelimit-headers-11): what a client may still cause."""

import http_sf
import pytest
from fakes import running

from weather.upstream.client_quota import ClientQuota
from weather.web.http.clients.rate_limit import rate_limit_headers

pytestmark = pytest.mark.anyio

ANNE, BOB = {"X-Forwarded-For": "198.51.100.1"}, {"X-Forwarded-For": "198.51.100.2"}


def read(answer) -> dict[str, dict[str, int]]:
    """All parameters by policy, as a structured list of strings (RFC 9651)."""
    fields = [http_sf.parse(answer.headers[name].encode(), tltype="list") for name in ("ratelimit-policy", "ratelimit")]
    assert [name for name, _ in fields[0]] == [name for name, _ in fields[1]]
    return {name: told | left for (name, told), (_, left) in zip(*fields, strict=True)}


@pytest.fixture
async def site(upstream, clock):
    """Thirty calls a minute for all: twenty, two thirds, for one client."""
    more = {"WEATHER_CALLS_PER_MINUTE": "30", "WEATHER_TRUSTED_PROXIES": "127.0.0.1"}
    async with running(upstream, clock, **more) as client:
        yield client


async def test_an_answer_that_cost_a_call_says_what_is_left(site):
    """Of each quota that it was charged to: 20 a minute; two thirds of 1,000,000 a month, whose length is not told."""
    told = read(await site.get("/api/v1/current?lat=1&lon=1", headers=ANNE))
    minute, month = told["openweathermap minute"], told["openweathermap month"]
    assert (minute["q"], minute["w"], minute["r"]) == (20, 60, 19) and 1 <= minute["t"] <= 62
    assert (month["q"], month["r"], "w" in month) == (666_666, 666_665, False)
    told = read(await site.get("/api/v1/forecast?lat=2&lon=2", headers=ANNE))
    assert told["openweathermap minute"]["r"] == 16


async def test_each_client_has_a_part_of_its_own(site):
    await site.get("/api/v1/current?lat=1&lon=1", headers=ANNE)
    told = read(await site.get("/api/v1/current?lat=2&lon=2", headers=BOB))
    assert told["openweathermap minute"]["r"] == 19


async def test_an_answer_that_cost_nothing_says_nothing(site):
    """Out of the cache of answers, or of whole responses: also to another client, whose quota it is not."""
    await site.get("/api/v1/current?lat=1&lon=1", headers=ANNE)
    for who in (ANNE, BOB):
        for path in ("/api/v1/current?lat=1&lon=1", "/api/v1/current?lat=1&lon=1&units=us", "/docs", "/healthz"):
            assert not {"ratelimit", "ratelimit-policy"} & set((await site.get(path, headers=who)).headers)


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/api/v1/current?lat={}&lon=1", "/data/2.5/weather?lat={}&lon=1", "/{},1?format=1"])
async def test_a_refusal_says_that_nothing_is_left(site, path):
    """429 with r=0, and a time that is that of Retry-After, at every door."""
    for n in range(20):
        await site.get(f"/api/v1/current?lat={n}&lon=5", headers=ANNE)
    answer = await site.get(path.format(50), headers=ANNE)
    minute = read(answer)["openweathermap minute"]
    assert (answer.status_code, minute["r"]) == (429, 0)
    assert abs(minute["t"] - int(answer.headers["retry-after"])) <= 1


async def test_scripts_of_other_sites_may_read_them(site):
    answer = await site.get("/api/v1/current?lat=1&lon=1", headers=ANNE)
    assert {"RateLimit", "RateLimit-Policy"} <= set(answer.headers["access-control-expose-headers"].split(", "))


def test_the_fields_as_the_draft_writes_them():
    """Section 3.2 and 4: `"permin";q=50;w=60,"perhr";q=1000;w=3600` and `"default";r=50;t=30`."""
    quotas = [ClientQuota("permin", 50, "minute", 49, 30), ClientQuota("perhr", 1000, "hour", 7, 1800)]
    assert rate_limit_headers({one.name: one for one in quotas}) == {
        "RateLimit-Policy": '"permin";q=50;w=60, "perhr";q=1000;w=3600',
        "RateLimit": '"permin";r=49;t=30, "perhr";r=7;t=1800',
    }
    assert rate_limit_headers({}) == {}
