"""What `/status` counts: the answers that requests were made of, however they were given."""

import asyncio
import re
from itertools import product

import httpx
import pytest
from fakes import NOON, running
from meteo import Both

from weather.i18n.language import LANGUAGES, language
from weather.settings.access_keys import access_keys
from weather.web.pages.consumers import consumers
from weather.web.pages.status import PAUSED, Run, Status, parted, problems

pytestmark = pytest.mark.anyio

KINDS = {
    "hit": "from cache",
    "miss": "newly fetched",
    "stale": "out of date, nothing newer",
    "error": "no answer",
}


async def counted(site) -> dict[str, int]:
    """The numbers of the page, by their words."""
    text = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", (await site.get("/status")).text))
    found = {kind: re.search(rf"% {words} \((\d+)\)", text) for kind, words in KINDS.items()}
    return {kind: int(one[1]) if one else 0 for kind, one in found.items()}


@pytest.mark.slow
@pytest.mark.parametrize("plan", ["free", "onecall3", "auto"])
@pytest.mark.parametrize(
    "path",
    [
        "/forecast/51.51,-0.13",
        "/api/v1/forecast?lat=51.51&lon=-0.13",
        "/api/v1/forecast?zip=10115,DE",
        "/api/v1/current?q=London",
        "/data/2.5/weather?lat=51.51&lon=-0.13",
    ],
)
async def test_the_same_views_give_the_same_counts_with_and_without_ready_answers(upstream, clock, path, plan):
    """Eleven views: what is made is counted, and counted alike when it is given again (95)."""
    if plan == "auto":
        upstream.fails(401, b'{"cod":401, "message": "x"}', "application/json", paths=("/data/3.0", "/data/4.0"))
    told = []
    for ready in (True, False):
        async with running(upstream, clock, ready=ready, WEATHER_PLAN=plan) as site:
            for _ in range(11):
                await site.get(path)
            told.append(await counted(site))
    assert told[0] == told[1]
    assert told[0]["hit"] == 10 * told[0]["miss"] > 0


async def test_a_list_of_cold_places_that_are_all_answered_has_nothing_to_give(site):
    """Three places, each fetched once and kept then: the look before is no answer (B7)."""
    for n in range(3):
        await site.post("/places", data={"name": f"{n}", "latitude": f"{n}", "longitude": "1"})
    for _ in range(2):
        assert (await site.get("/places")).status_code == 200
    assert await counted(site) == {"hit": 3, "miss": 3, "stale": 0, "error": 0}


@pytest.mark.slow
async def test_old_places_are_counted_once_each(upstream, clock, tmp_path):
    """Of fourteen that are old twelve are asked for, in vain, and two are given as they are: fourteen answers (95)."""
    async with running(upstream, clock, tmp_path / "cache") as site:
        for n in range(14):
            await site.post("/places", data={"name": f"{n}", "latitude": f"{n}", "longitude": "1"})
        await site.get("/places")
        await site.get("/places")  # the two that the first view left
        before = await counted(site)
        clock.now += 3600
        upstream.fails(500)
        await site.get("/places")
        after = await counted(site)
    assert (before["miss"], before["hit"]) == (14, 12)
    assert after["stale"] - before["stale"] == 14


@pytest.mark.slow
@pytest.mark.parametrize("ready", [True, False])
async def test_a_page_that_another_source_serves_is_not_nothing(clock, ready):
    """OpenWeatherMap rejects the key, Open-Meteo answers: what was served was something (B7)."""
    upstream = Both(clock)
    upstream.fails(401, b'{"cod":401, "message": "x"}', "application/json", paths=("/data",))
    async with running(upstream, clock, ready=ready, WEATHER_PROVIDER="auto") as site:
        for _ in range(3):
            assert (await site.get("/forecast/51.51,-0.13")).status_code == 200
        told = await counted(site)
    assert told["error"] == 0
    assert told["miss"] > 0


@pytest.mark.parametrize(("ready", "path"), list(product([True, False], ["/api/v1/current", "/data/2.5/weather"])))
async def test_an_answer_that_had_to_be_an_error_is_nothing(upstream, clock, ready, path):
    """Each request that upstream's failure left without an answer is one; a visitor's own mistake is none (95)."""
    upstream.fails(500)
    async with running(upstream, clock, ready=ready) as site:
        for _ in range(3):
            assert (await site.get(f"{path}?lat=1&lon=1")).status_code >= 500
        await site.get(f"{path}?lat=x&lon=1")
        assert (await counted(site))["error"] == 3


@pytest.mark.parametrize("ready", [True, False])
async def test_what_is_relayed_counts_for_its_own_source(clock, ready):
    """A site of Open-Meteo that relays OpenWeatherMap too: the hits of the one are not the other's (B7)."""
    async with running(Both(clock), clock, ready=ready, WEATHER_PROVIDER="open-meteo") as site:
        for _ in range(5):
            assert (await site.get("/data/2.5/weather?lat=51.51&lon=-0.13")).status_code == 200
        assert set((await counted(site)).values()) == {0}, "of Open-Meteo, which nobody asked"


class Shelf:
    """A store that counts how often it is looked through, which takes until it is let go on."""

    def __init__(self) -> None:
        self.looks, self.open = 0, asyncio.Event()

    async def sample(self, count: int) -> list[tuple[str, float]]:
        self.looks += 1
        await self.open.wait()
        return [("/data/2.5/weather#1", NOON)]


async def test_what_is_kept_is_looked_through_once_in_five_seconds_for_all(clock):
    """Twenty who ask at once, one of whom leaves, and those who come a moment later: one look (105)."""
    shelf = Shelf()
    status = Status({}, str, shelf, {}, clock, Run(1, "2026f (tzdata)", int))
    asking = [asyncio.create_task(status.page()) for _ in range(20)]
    while not shelf.looks:
        await asyncio.sleep(0)
    asking.pop(0).cancel()
    shelf.open.set()
    pages = [*await asyncio.gather(*asking), await status.page()]
    assert shelf.looks == 1
    assert {page.strips[0].count for page in pages} == {1}
    clock.now += 5
    await status.page()
    assert shelf.looks == 2


KEYS = {"WEATHER_ACCESS_KEYS": "alice:one,alice:two,bob:three,four"}
OWM = "/data/2.5/weather?lat=51.51&lon=-0.13"


async def by_name(site, peer: str = "127.0.0.1", host: str = "localhost", **headers: str) -> dict[str, str]:
    """What the page says of each access key, by its name."""
    wire = httpx.ASGITransport(app=site.app, client=(peer, 4711))
    async with httpx.AsyncClient(transport=wire, base_url=f"http://{host}") as client:
        text = (await client.get("/status", headers=headers)).text
    part = text.partition('<section aria-labelledby="keys">')[2].partition("</section>")[0]
    rows = [re.sub(r"<[^>]+>", "", row).split("·", 1) for row in re.findall(r"<li>(.*?)</li>", part, re.DOTALL)]
    return {name.strip(): " ".join(rest.split()) for name, rest in rows}


@pytest.mark.parametrize("ready", [True, False])
async def test_the_operator_sees_what_each_access_key_asked_for(upstream, clock, ready):
    """Both keys of alice are one name; bob has asked for nothing; who has no name comes last; and a stranger, or who
    comes through a proxy, sees no name."""
    async with running(upstream, clock, ready=ready, **KEYS) as site:
        for key in ("one", "two", "one", "four"):
            assert (await site.get(OWM, headers={"X-API-Key": key})).status_code == 200
        upstream.fails(500)
        assert (await site.get("/data/2.5/weather?lat=1&lon=1", headers={"X-API-Key": "two"})).status_code == 502
        seen = {
            "alice": "4 requests for weather from cache (2) · newly fetched (1) · no answer (1)",
            "bob": "0 requests for weather",
            "without a name": "1 request for weather from cache (1)",
        }
        assert await by_name(site) == seen
        assert await by_name(site, "203.0.113.9", "test", **{"X-API-Key": "three"}) == seen
        for peer, host in (("203.0.113.9", "localhost"), ("127.0.0.1", "weather.example.org")):
            assert await by_name(site, peer, host) == {}
        assert await by_name(site, **{"X-Forwarded-For": "203.0.113.9"}) == {}


async def test_without_access_keys_there_is_nobody_to_name(upstream, clock):
    """The part is not there, not even for the operator."""
    async with running(upstream, clock) as site:
        await site.get(OWM)
        assert await by_name(site) == {}


def test_names_are_of_all_doors_and_other_numbers_do_not_matter():
    """Requests of a name at two doors are added up; one that is in no setting any more, but was counted by another
    worker, is still told."""
    counts = {
        ("requests", "owm", "hit", "alice"): 2.0,
        ("requests", "api", "hit", "alice"): 3.0,
        ("requests", "api", "miss", "carol"): 1.0,
        ("responses", "api", "200"): 9.0,
    }
    told = [(one.name, dict(one.results)) for one in consumers(access_keys("alice:one,bob:two"), counts)]
    assert told == [("alice", {"hit": 5}), ("bob", {}), ("carol", {"miss": 1})]


async def broken() -> str:
    raise OSError


@pytest.mark.slow
@pytest.mark.parametrize("code", ["de", "fr", "ar"])
@pytest.mark.parametrize(
    ("settings", "part"),
    [
        ({"WEATHER_CACHE_URL": "memory:"}, "cache"),
        ({"WEATHER_PROVIDER": "demo"}, "upstream"),
        ({"WEATHER_OFFLINE": "yes"}, "upstream"),
    ],
)
async def test_what_is_wrong_is_told_in_the_readers_language(upstream, clock, code, settings, part):
    """No sentence of `/readyz` stands on a page of another language as it is."""
    async with running(upstream, clock, **settings) as site:
        told = (await site.get("/readyz")).json()["checks"][part]["detail"]
        page = (await site.get(f"/status?lang={code}")).text
    assert told and told not in page
    assert not re.findall(r'<p class="missing">[^\n]*lang="en"', page)


@pytest.mark.parametrize("code", LANGUAGES)
async def test_pauses_are_told_once_and_in_words(upstream, clock, code):
    """A rejected key: that calls are paused, and in its row until when; not the line of `/readyz`."""
    upstream.fails(401, b'{"cod":401, "message": "x"}', "application/json")
    async with running(upstream, clock) as site:
        await site.get("/api/v1/current?lat=51.51&lon=-0.13")
        page = (await site.get(f"/status?lang={code}")).text
        told = (await site.get("/readyz")).json()["checks"]["upstream"]["detail"]
    assert "key_rejected, paused until" in told and "key_rejected" not in page
    assert language(code).say(PAUSED) in page


@pytest.mark.parametrize(
    ("problem", "parts"),
    [
        ("redis does not answer: TimeoutError", ("redis does not answer", "TimeoutError")),
        ("nobody wrote this: x", ("", "nobody wrote this: x")),
    ],
)
def test_the_words_of_a_problem_stand_apart_from_what_operators_look_up(problem, parts):
    """What no catalogue has stays whole, and the page says that it is English."""
    assert parted(problem, language("de")) == parts


async def test_a_check_that_fails_does_not_cost_the_page():
    """As of `/readyz`: the part that cannot be checked says so."""
    assert await problems({"cache": broken}, []) == {"cache": "it cannot be checked: OSError"}


async def test_a_service_whose_calls_fail_is_not_just_in_use(upstream, clock):
    """Not paused yet: how many of its last calls failed stands in words, for the bars tell it by colour alone."""
    async with running(upstream, clock, WEATHER_PLAN="free") as site:
        await site.get("/data/2.5/weather?lat=1&lon=1")
        before = (await site.get("/status")).text
        upstream.fails(500)
        await site.get("/data/2.5/weather?lat=2&lon=2")
        after = (await site.get("/status")).text
    assert "in use</span>" in before and "failed:" not in before
    assert "in use · last calls: 2, failed: 1</span>" in after
