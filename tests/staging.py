"""Pages for the stage: each state once, in the languages that are looked at."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from itertools import product

from fakes import NOON, Clock, running
from states import AGAIN, DEMO, STATES, report, shown, stale

from weather.places.gazetteer.lookup import Gazetteer
from weather.places.time_zones import zone_at
from weather.providers.demo import demo

TONGUES = ("en", "ar")
HOURS, MINUTES = 3600, 60
RAIN_AHEAD = NOON + 25 * MINUTES  # the demo has a dry day in London, then a wet one
BY_ADDRESS = {
    "home": "/",
    "pick list": "/search?q=Springfield",
    "unknown": "/search?q=Lodnon",
    "not found": "/nowhere",
    "offline page": "/offline",
    "status": "/status",
    "forecast": "/forecast/51.51,-0.13?name=London",
    "saved places": "/places",
    "docs": "/docs",
    "chapter": "/docs/caching",
    "warnings by country": "/docs/honesty",
}
"""What the real app answers, at a time that is told."""

BY_HAND = {
    name: STATES[name]
    for name in (
        "offline",
        "hours by the hour",
        "forecast as now",
        "minutes wet",
        "two alerts",
        "air alone",
        "all told",
        "an evil name",
    )
} | {"quota spent": stale("quota", retry_at=AGAIN), "key rejected": stale("key", retry_at=AGAIN)}
"""What it cannot be made to answer here, and what seldom comes."""

NAMES = (*BY_ADDRESS, "outage", "nothing kept", "demo", *BY_HAND)


class Source:
    """The demo as upstream of a real key, until it fails."""

    def __init__(self, clock: Clock, atlas: Gazetteer) -> None:
        self._app = demo(clock, atlas.named, atlas.nearest, zone_at)
        self.is_up = True

    async def __call__(self, scope, receive, send) -> None:
        if self.is_up:
            await self._app(scope, receive, send)
            return
        await send({"type": "http.response.start", "status": 503, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def faces() -> dict[str, bytes]:
    """The pages by their addresses on the stage."""
    made = {f"/{name}/{lang}": shown(told, lang).encode() for (name, told), lang in product(BY_HAND.items(), TONGUES)}
    made |= {f"/demo/{lang}": shown(report(source=DEMO), lang, is_demo=True).encode() for lang in TONGUES}
    clock, atlas = Clock(RAIN_AHEAD), Gazetteer()
    source = Source(clock, atlas)
    async with running(source, clock) as client:

        async def take(name: str, address: str) -> None:
            for lang in TONGUES:
                answer = await client.get(address, headers={"Accept-Language": lang})
                made[f"/{name}/{lang}"] = answer.content

        for name, latitude, longitude in (("London", "51.51", "-0.13"), ("A place with a very long name", "1", "1")):
            await client.post("/places", data={"name": name, "latitude": latitude, "longitude": longitude})
        await each(take, BY_ADDRESS)
        clock.now += 3 * HOURS + 20 * MINUTES
        source.is_up = False
        await each(take, {"outage": BY_ADDRESS["forecast"], "nothing kept": "/forecast/10,10"})
    atlas.close()
    return made


def made(pages: Callable[[], Coroutine[None, None, dict[str, bytes]]]) -> dict[str, bytes]:
    """Pages, made in a thread of their own: a browser may run in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, pages()).result()


async def portraits() -> dict[str, bytes]:
    """London as the README shows it, fresh and in an outage, with two more places in its chips."""
    made, clock, atlas = {}, Clock(RAIN_AHEAD), Gazetteer()
    source, page = Source(clock, atlas), BY_ADDRESS["forecast"]
    async with running(source, clock) as client:
        for name, point in (("London", "51.51,-0.13"), ("Lisbon", "38.72,-9.14"), ("Oslo", "59.91,10.74")):
            await client.get(f"/forecast/{point}")
            latitude, longitude = point.split(",")
            await client.post("/places", data={"name": name, "latitude": latitude, "longitude": longitude})
        made["/fresh/en"] = (await client.get(page)).content
        clock.now += 3 * HOURS + 20 * MINUTES
        source.is_up = False
        made["/outage/en"] = (await client.get(page)).content
    atlas.close()
    return made


async def each(take: Callable[[str, str], Awaitable[None]], addresses: dict[str, str]) -> None:
    for name, address in addresses.items():
        await take(name, address)
