"""What a day of visitors costs: upstream calls per 1,000 visits, beside those of other ways to serve the same visits.

Run by hand, `python tests/bench/thrift.py [visits] [places]`. Everything is told: the clock, the dice and the upstream;
so the figures are the same each time. Visitors come to places by Zipf's law, each with his own point within a few
hundred metres, written with 2 to 6 decimals, in his units and language, through every door. They meet the real gateway;
workers have a memory each and share one store.
"""

import asyncio
import random
import sys
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1]))

import httpx
from fakes import KEY, NOON, Clock, Upstream

from weather.backend import Clocks, make_providers
from weather.domain.model import Coordinates, format_degrees
from weather.places.gazetteer.lookup import Gazetteer
from weather.providers.openweathermap.endpoints import AIR, FORECAST, WEATHER
from weather.providers.openweathermap.request_params import canonical_request
from weather.settings import load
from weather.upstream.limits.quota_ledger import Ledger
from weather.upstream.stores.memory import MemoryStore
from weather.upstream.types import Endpoint, Requester, make_request

DAY, SPREAD = 86_400, 0.003
PRODUCTS = (WEATHER, FORECAST, AIR)
SECTIONS = {"current": (WEATHER,), "hourly": (FORECAST,), "daily": (FORECAST,), "air": (AIR,)}
LANGUAGES = ("en", "de", "fr", "es", "ar", "ja", "pl", "it", "tr", "zh_cn")
WHOLE = frozenset({*SECTIONS, "nowcast", "alerts"})


@dataclass(frozen=True)
class Visit:
    """Who comes when, to which door: for some sections of ours, or one of OpenWeatherMap's own routes."""

    at: float
    lat: str
    lon: str
    units: str
    lang: str
    sections: frozenset[str]
    route: Endpoint | None

    @property
    def products(self) -> tuple[Endpoint, ...]:
        """What must be known to answer."""
        if self.route:
            return (self.route,)
        return tuple(
            sorted({row for name in self.sections for row in SECTIONS.get(name, ())}, key=lambda row: row.path)
        )


def a_day(visits: int, places: int) -> list[Visit]:
    """The same day each time."""
    chance = random.Random(4)
    spots = [(chance.uniform(-60, 70), chance.uniform(-180, 180)) for _ in range(places)]
    chosen = chance.choices(spots, [1 / rank for rank in range(1, places + 1)], k=visits)
    times = sorted(chance.uniform(0, DAY) for _ in range(visits))
    return [visit(chance, NOON + at, *spot) for at, spot in zip(times, chosen, strict=True)]


def visit(chance: random.Random, at: float, lat: float, lon: float) -> Visit:
    decimals = chance.choice((2, 3, 4, 5, 6))
    near = [f"{value + chance.gauss(0, SPREAD):.{decimals}f}" for value in (lat, lon)]
    units = chance.choices(("metric", "imperial", "standard"), (70, 25, 5))[0]
    lang = chance.choices(LANGUAGES, [1 / rank for rank in range(1, 11)])[0]
    surface = chance.choices(("page", "forecast", "one", "owm"), (50, 10, 15, 25))[0]
    sections = frozenset({chance.choice(tuple(SECTIONS))}) if surface == "one" else WHOLE
    route = chance.choices(PRODUCTS, (70, 20, 10))[0] if surface == "owm" else None
    return Visit(at, *near, units, lang, sections, route)


def without_cache(day: list[Visit]) -> int:
    return sum(len(one.products) for one in day)


def kept_by(day: list[Visit], name) -> int:
    """Calls of a cache that never forgets before its time, and names what it keeps so."""
    until: dict[object, float] = {}
    calls = 0
    for one in day:
        for row in one.products:
            if until.get(name(one, row), 0.0) <= one.at:
                until[name(one, row)] = one.at + row.fresh_for
                calls += 1
    return calls


def url(one: Visit, row: Endpoint) -> object:
    """As a cache does that knows nothing of weather: by the address, with all that the visitor wrote."""
    return row.path, one.lat, one.lon, one.units, one.lang


def cell(one: Visit, row: Endpoint) -> object:
    """The least that gives everyone what he asked for: a product, a cell; on OpenWeatherMap's routes in his words."""
    words = (one.units, one.lang) if one.route and row is not AIR else ()
    return row.path, f"{float(one.lat):.2f}", f"{float(one.lon):.2f}", words


class Worker:
    """A gateway with a memory of its own over the store of all."""

    def __init__(self, store: MemoryStore, upstream: Upstream, clock: Clock, workers: int, atlas: Gazetteer) -> None:
        settings = load({"OPENWEATHERMAP_API_KEY": KEY, "WEATHER_CALLS_PER_MINUTE": "1000000"}, Path("/nonexistent"))
        clocks = Clocks(clock, clock, dice=lambda: 0.5)
        wire = httpx.ASGITransport(app=upstream)
        ledger = Ledger(store, workers)
        self.gateway = make_providers(settings, clocks, (store, store), ledger, atlas, wire).proxied

    async def serve(self, one: Visit) -> None:
        """As the provider asks for the site and `/api/v1`, and as the relay does."""
        if one.route:
            words = {"lat": one.lat, "lon": one.lon, "units": one.units, "lang": one.lang, "appid": KEY}
            await self.gateway.fetch(canonical_request(one.route, words), Requester())
            return
        at = Coordinates(float(one.lat), float(one.lon)).rounded()
        asked = [
            make_request(row, lat=format_degrees(at.latitude), lon=format_degrees(at.longitude)) for row in one.products
        ]
        await asyncio.gather(*(self.gateway.fetch(request, Requester()) for request in asked))


async def served(day: list[Visit], count: int, atlas: Gazetteer) -> int:
    """Upstream's own count of a day at so many workers, to whom visits are dealt by chance."""
    clock, upstream, chance = Clock(), Upstream(), random.Random(count)
    store = MemoryStore(clock, 2**30)
    workers = [Worker(store, upstream, clock, count, atlas) for _ in range(count)]
    for one in day:
        clock.now = one.at
        await chance.choice(workers).serve(one)
    for worker in workers:
        await worker.gateway.close(1.0)
    return upstream.count


async def main(visits: int, places: int) -> None:
    day, atlas = a_day(visits, places), Gazetteer()
    none, by_url, least = without_cache(day), kept_by(day, url), kept_by(day, cell)
    told = {"no cache": none, "a cache by URL": by_url, "the least possible": least}
    print(f"{visits} visits of one day to {places} places: upstream calls per 1,000 visits")
    for count in (1, 2, 4):
        told[f"Weatherglass, {count} workers"] = await served(day, count, atlas)
    for name, calls in told.items():
        shares = f"{100 * calls / none:7.1f} % of none {100 * calls / by_url:7.1f} % of by URL"
        print(f"{name:24} {1000 * calls / visits:8.1f} {shares}")
    atlas.close()


if __name__ == "__main__":
    given = [int(text) for text in sys.argv[1:]]
    asyncio.run(main(*(given + [10_000, 2_000][len(given) :])))
