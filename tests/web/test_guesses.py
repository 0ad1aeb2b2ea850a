"""Who guesses access keys is braked at every door that takes one, and nobody who has a good one is locked out by it."""

import json

import httpx
import pytest
from fakes import Clock, running
from hypothesis import given
from hypothesis import strategies as st

from weather.web.http.clients.guesses import IN_ALL, PER_CLIENT, WINDOW, KeyGuesses, TooManyGuesses

pytestmark = pytest.mark.anyio

OWM, API, PAGE = "/data/2.5/weather?lat=51.51&lon=-0.13", "/api/v1/current?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"
GUESSER, OTHER = "203.0.113.9", "198.51.100.7"
KEYS = {"WEATHER_ACCESS_KEYS": "alice:good,bob:better", "WEATHER_PRIVATE": "yes", "WEATHER_STATUS": "local"}


@pytest.fixture(params=[True, False])
async def private(request, upstream, clock):
    """A server whose doors all ask for a key; its steady clock is that of the test too."""
    async with running(upstream, clock, ready=request.param, steady=clock, **KEYS) as site:
        yield site


async def sent(site, peer: str, key: str, way: str = "owm") -> httpx.Response:
    """A request with a key from an address, in the way that the door takes it."""
    wire = httpx.ASGITransport(app=site.app, client=(peer, 4711))
    async with httpx.AsyncClient(transport=wire, base_url="http://test") as client:
        if way == "form":
            return await client.post("/sign-in", data={"key": key, "page": "/docs"})
        path, headers = WAYS[way]
        return await client.get(path.format(key), headers={name: value.format(key) for name, value in headers.items()})


WAYS = {
    "owm": (OWM, {"X-API-Key": "{}"}),
    "owm query": (OWM + "&appid={}", {}),
    "owm query in capitals": (OWM + "&APPID={}", {}),
    "api": (API, {"X-API-Key": "{}"}),
    "page": (PAGE, {"X-API-Key": "{}"}),
    "page in a terminal": (PAGE, {"X-API-Key": "{}", "User-Agent": "curl/8.5.0"}),
    "page query": (PAGE + "?appid={}", {}),
    "cookie": ("/docs", {"Cookie": "access={}"}),
    "metrics": ("/metrics", {"Authorization": "Bearer {}"}),
    "status": ("/status", {"X-API-Key": "{}"}),
}


@pytest.mark.slow
@pytest.mark.parametrize("way", [*WAYS, "form"])
async def test_every_door_that_takes_a_key_brakes_guesses(private, clock, way):
    """Ten different wrong keys in a minute are refused as ever; then 429 with the seconds to wait, and a good key is
    told nothing either; after that time it opens."""
    usual = [(await sent(private, GUESSER, f"wrong{number}", way)).status_code for number in range(PER_CLIENT)]
    assert set(usual) <= {401, 403}
    clock.now += 20
    for key in ("wrong-more", "good") if way != "cookie" else ("wrong-more",):
        braked = await sent(private, GUESSER, key, way)
        assert (braked.status_code, braked.headers["retry-after"]) == (429, "40"), way
        assert braked.headers["cache-control"] == "no-store"
        assert key not in braked.text and "x-request-id" in braked.headers
    clock.now += 40
    if way != "cookie":
        assert (await sent(private, GUESSER, "good", way)).status_code in (200, 303)


async def test_the_brake_has_the_shape_of_its_door(private):
    """OpenWeatherMap's own form, a problem, a page, or a line in a terminal and for a scraper."""
    for number in range(PER_CLIENT):
        await sent(private, GUESSER, f"wrong{number}")
    owm, api, page, text, metrics, form = [
        await sent(private, GUESSER, "more", way)
        for way in ("owm", "api", "page", "page in a terminal", "metrics", "form")
    ]
    assert json.loads(owm.content)["cod"] == 429
    problem = json.loads(api.content)
    assert (api.headers["content-type"], problem["status"]) == ("application/problem+json", 429)
    assert problem["code"] == "client_budget"
    assert "Too many wrong access keys" in page.text and page.headers["content-type"].startswith("text/html")
    assert "Too many wrong access keys" in form.text and form.headers["content-type"].startswith("text/html")
    for plain in (text, metrics):
        assert plain.headers["content-type"].startswith("text/plain") and "<" not in plain.text


async def test_a_good_key_is_not_locked_out(private):
    """One that has opened for this client goes on to open, and all others' do, while somebody guesses; a key of
    another that this client has not used is no way around."""
    assert (await sent(private, GUESSER, "good")).status_code == 200
    for number in range(3 * PER_CLIENT):
        await sent(private, GUESSER, f"wrong{number}")
    assert (await sent(private, GUESSER, "good")).status_code == 200
    assert (await sent(private, GUESSER, "good", "api")).status_code == 200
    assert (await sent(private, GUESSER, "better")).status_code == 429
    assert (await sent(private, OTHER, "better")).status_code == 200


async def test_a_program_with_an_old_key_is_no_guesser(private):
    """The same wrong key, however often, is one guess: it is told 401, and its neighbours are heard."""
    found = [(await sent(private, GUESSER, "old")).status_code for _ in range(5 * PER_CLIENT)]
    assert found == [401] * len(found)
    assert (await sent(private, GUESSER, "good")).status_code == 200


async def test_what_is_kept_whole_tells_nothing_of_a_key(private):
    """A stored response is not given to who must wait, not even by a good key."""
    for _ in range(2):
        assert (await sent(private, OTHER, "good")).status_code == 200
    for number in range(PER_CLIENT):
        await sent(private, GUESSER, f"wrong{number}")
    assert (await sent(private, GUESSER, "good")).status_code == 429


async def test_who_sends_no_key_is_not_braked(private):
    """Files, health and the form are for all, also for an address from which somebody guesses."""
    for number in range(2 * PER_CLIENT):
        await sent(private, GUESSER, f"wrong{number}")
    wire = httpx.ASGITransport(app=private.app, client=(GUESSER, 4711))
    async with httpx.AsyncClient(transport=wire, base_url="http://test") as client:
        assert [(await client.get(path)).status_code for path in ("/healthz", "/robots.txt", "/docs")] == [
            200,
            200,
            401,
        ]


async def test_behind_a_trusted_proxy_each_visitor_is_braked_alone(upstream, clock):
    """The client is who the proxy names, not the proxy."""
    async with running(upstream, clock, **KEYS, WEATHER_TRUSTED_PROXIES="127.0.0.1") as site:
        for number in range(2 * PER_CLIENT):
            headers = {"X-Forwarded-For": GUESSER, "X-API-Key": f"wrong{number}"}
            last = await site.get(OWM, headers=headers)
        assert last.status_code == 429
        other = {"X-Forwarded-For": OTHER, "X-API-Key": "good"}
        assert (await site.get(OWM, headers=other)).status_code == 200


async def test_without_access_keys_there_is_no_brake(upstream, clock):
    """A key of OpenWeatherMap that programs still send is nothing here, wherever it is sent."""
    async with running(upstream, clock) as site:
        found = [(await site.get(f"{OWM}&appid=key{number}")).status_code for number in range(3 * PER_CLIENT)]
    assert set(found) == {200}


def test_while_many_guess_who_has_guessed_is_heard_once():
    """A hundred wrong keys in a minute from as many clients: each of them must wait now, and who has sent none is still
    heard; a minute after the first all is as before."""
    clock = Clock()
    guesses = KeyGuesses(clock)
    for number in range(IN_ALL):
        guesses.check(f"client {number}", "wrong", is_good=False)
    with pytest.raises(TooManyGuesses) as refused:
        guesses.check("client 0", "another", is_good=False)
    assert refused.value.retry_after == WINDOW
    guesses.check("operator", "good", is_good=True)
    guesses.check("stranger", "wrong", is_good=False)
    with pytest.raises(TooManyGuesses):
        guesses.check("stranger", "good", is_good=True)
    clock.now += WINDOW
    guesses.check("client 0", "another", is_good=False)
    guesses.check("stranger", "good", is_good=True)


@given(st.lists(st.tuples(st.integers(0, 40), st.sampled_from(["a", "b"])), max_size=60))
def test_no_client_is_told_of_more_than_ten_keys_in_any_minute(steps):
    """However the guesses fall: of those that were looked at, no eleven are within a minute."""
    clock = Clock(0.0)
    guesses, heard = KeyGuesses(clock), {"a": [], "b": []}
    for number, (wait, client) in enumerate(steps):
        clock.now += wait / 8
        try:
            guesses.check(client, f"wrong {number}", is_good=False)
            heard[client].append(clock.now)
        except TooManyGuesses as error:
            assert 0 < error.retry_after <= WINDOW
    for times in heard.values():
        assert all(late - early >= WINDOW for early, late in zip(times, times[PER_CLIENT:], strict=False))
