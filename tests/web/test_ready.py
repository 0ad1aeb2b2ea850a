"""Ready answers: the same as those made anew, until the first thing that could make them differ."""

import pytest
from fakes import NOON, running

pytestmark = pytest.mark.anyio

OWM = "/data/2.5/weather?lat=51.51&lon=-0.13"
API = "/api/v1/forecast?lat=51.51&lon=-0.13"
PAGE = "/forecast/51.51,-0.13"
DOORS = [OWM, API, PAGE]
MADE_ANEW = {"x-request-id"}


def told(answer) -> dict[str, str]:
    return {name: value for name, value in answer.headers.items() if name not in MADE_ANEW}


@pytest.mark.parametrize("path", DOORS)
@pytest.mark.parametrize("headers", [{}, {"Accept-Encoding": "identity"}, {"If-None-Match": "*"}], ids=str)
@pytest.mark.parametrize("later", [0, 1, 59, 61, 599, 601])
async def test_nothing_differs_but_the_name_of_the_request(upstream, clock, path, headers, later):
    """Asked again at any time, with any coding or tag, by GET and HEAD: bytes and headers as without the layer."""
    answers = []
    for ready in (True, False):
        clock.now = NOON
        async with running(upstream, clock, ready=ready) as site:
            await site.get(path, headers=headers)
            await site.get(path, headers=headers)
            clock.now = NOON + later
            answers.append([await site.request(method, path, headers=headers) for method in ("GET", "HEAD", "GET")])
    for with_it, without in zip(*answers, strict=True):
        assert (with_it.status_code, with_it.content) == (without.status_code, without.content)
        assert told(with_it) == told(without)


@pytest.mark.parametrize("path", DOORS)
async def test_every_answer_has_a_name_of_its_own(site, path):
    """Two answers of the same bytes are two requests."""
    names = [(await site.get(path)).headers["x-request-id"] for _ in range(3)]
    assert len(set(names)) == 3


async def test_readers_of_two_kinds_do_not_get_each_others_page(site):
    """Language, cookie, units and coding are part of the question (66)."""
    asked = [
        ("", {"Accept-Language": "en-GB"}),
        ("", {"Accept-Language": "de"}),
        ("", {"Accept-Language": "de", "Cookie": "units=us"}),
        ("?units=si", {"Accept-Language": "de"}),
    ]
    seen = []
    for query, headers in asked * 2:
        seen.append((await site.get(PAGE + query, headers=headers)).text)
        site.cookies.clear()  # what was asked for is remembered
    assert seen[:4] == seen[4:]
    assert len(set(seen)) == 4


async def test_an_access_key_is_part_of_the_question(upstream, clock):
    """Who has no key gets none of the answers that were made for one who has."""
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="alpha") as site:
        for _ in range(2):
            assert (await site.get(API, headers={"X-API-Key": "alpha"})).status_code == 200
        assert (await site.get(API)).status_code == 401
        assert (await site.get(API, headers={"X-API-Key": "beta"})).status_code == 401


async def test_an_answer_that_lacks_a_part_is_made_anew(upstream, clock):
    """What waiting could bring is looked for at every request."""
    upstream.fails(500, paths=("/data/2.5/air_pollution",))
    async with running(upstream, clock) as site:
        assert (await site.get(API)).json()["air"] is None
        upstream.recovers()
        assert (await site.get(API)).json()["air"] is not None


async def test_headers_that_come_twice_are_for_others_to_judge(site):
    """A request with a repeated header is answered as if nothing were ready."""
    await site.get(OWM)
    twice = [("Accept-Encoding", "identity"), ("Accept-Encoding", "gzip")]
    assert (await site.get(OWM, headers=twice)).status_code == 200
