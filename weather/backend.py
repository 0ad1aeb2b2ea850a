"""What lies below the web: stores, quotas, gazetteer, sources and saved places, made, opened and closed together.

Concrete stores are chosen only here, concrete sources only in providers/registry.
"""

import asyncio
import random
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from weather.errors import TooManyLists
from weather.messages import N_
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.saved.lists import SavedPlaces
from weather.providers.context import ProviderContext
from weather.providers.registry import Providers
from weather.settings import CacheLocation, Settings
from weather.tracing import tracing_to
from weather.upstream.cache import Cache
from weather.upstream.freshness_policy import PATIENCE
from weather.upstream.limits.quota_ledger import Ledger
from weather.upstream.quota import list_charges
from weather.upstream.stores.base import Store
from weather.upstream.stores.disk import BUDGETS, DiskStore
from weather.upstream.stores.memory import MemoryStore
from weather.upstream.wire.client import Transport
from weather.upstream.wire.network import Network

FLIGHT_GRACE = 2.0
"""Seconds in which upstream calls may end when the server does."""

LEDGER_LIMIT = 16 * 2**20


def since_boot() -> float:
    """Seconds of a clock that is never set, and on Linux goes on while the machine sleeps."""
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time of day in Unix seconds, a clock that is never set, how to wait between attempts, and chance (0 to 1).

    `patience`: seconds for which who has an old answer waits for a new one.
    """

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = since_boot
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    dice: Callable[[], float] = random.random
    patience: float = PATIENCE


class Backend:
    """The parts of one process. `workers`: how many processes share the quotas."""

    def __init__(self, settings: Settings, clocks: Clocks, transport: Transport | None, workers: int) -> None:
        self.atlas, (self.answers, self.budgets) = Gazetteer(), make_stores(settings.cache, clocks)
        ledger = Ledger(self.budgets, workers, clocks.steady)
        self.sources = make_providers(settings, clocks, (self.answers, self.budgets), ledger, self.atlas, transport)
        admit = admission_of(ledger, clocks.wall)
        self.saved = SavedPlaces(settings.database_url, clocks.wall, clocks.steady, admit)
        self.checks = health_checks(settings, self.sources, self.answers, self.budgets) | {"database": self.saved.check}

    async def open(self) -> None:
        await asyncio.gather(self.answers.open(), self.budgets.open())

    async def close(self) -> None:
        """Give upstream calls a moment to end, for they are stored then; and close the stores."""
        await self.sources.close(FLIGHT_GRACE)
        await asyncio.gather(self.answers.close(), self.budgets.close(), self.saved.close())
        self.atlas.close()


def make_providers(
    settings: Settings,
    clocks: Clocks,
    stores: tuple[Store, Store],
    ledger: Ledger,
    atlas: Gazetteer,
    transport: Transport | None,
) -> Providers:
    """The sources of weather, over the stores of responses and of quotas."""
    cache, network = Cache(stores[0], steady=clocks.steady), network_of(settings)
    return Providers(
        ProviderContext(
            settings=settings,
            clock=clocks.wall,
            sleep=clocks.sleep,
            dice=clocks.dice,
            patience=clocks.patience,
            cache=cache,
            ledger=ledger,
            notes=stores[1],
            atlas=atlas,
            transport=transport,
            network=network,
        )
    )


def network_of(settings: Settings) -> Network:
    network = Network(settings.proxies, settings.ca_file, contact=settings.contact)
    return replace(network, around=tracing_to(settings.otel_url).of_calls) if settings.otel_url else network


def admission_of(ledger: Ledger, wall: Callable[[], float]) -> Callable[[str], Awaitable[None]]:
    """Returns a function that charges a client for a new list of saved places. It raises TooManyLists."""

    async def admit(client: str) -> None:
        async with ledger.turn(list_charges(client, wall())):
            now = wall()
            if refused := await ledger.charge(list_charges(client, now), now):
                raise TooManyLists(refused.wait)

    return admit


def rfc3339(at: float) -> str:
    return f"{datetime.fromtimestamp(at, UTC):%Y-%m-%dT%H:%M:%SZ}"


def make_stores(location: CacheLocation, clocks: Clocks) -> tuple[Store, Store]:
    """The store of responses and leases, and the store of quotas."""
    if location.kind == "disk":
        return (
            DiskStore(location.folder, location.limit, clocks.steady, clocks.wall),
            DiskStore(location.folder, LEDGER_LIMIT, clocks.steady, clocks.wall, BUDGETS),
        )
    if location.kind == "redis":
        from weather.upstream.stores.redis import RedisStore  # of an extra, which may not be there

        answers = RedisStore(location.url, clocks.steady, clocks.wall)
        return answers, RedisStore(location.url, clocks.steady, clocks.wall, "budgets:", server=answers.server)
    memory = MemoryStore(clocks.steady, wall=clocks.wall)
    return memory, memory


def health_checks(
    settings: Settings, sources: Providers, answers: Store, budgets: Store
) -> dict[str, Callable[[], Awaitable[str | None]]]:
    """The checks of `/readyz`, by part: each returns the problem, or None if the part works."""

    async def upstream() -> str | None:
        if settings.offline:
            return N_("offline: the weather services are never asked")
        paused = [
            f"{source}, {breaker.name}: {breaker.reason}, paused until {rfc3339(breaker.open_until)}"
            for source, gateway in (sources.asked | sources.alert_gateways).items()
            for breaker in await gateway.admission.open_breakers()
        ]
        if paused:
            return "; ".join(paused)
        if settings.provider == "openweathermap" and settings.api_key is None:
            return N_("openweathermap: there is no key")
        return N_("demo: nothing shown is real") if settings.provider == "demo" else None

    async def cache() -> str | None:
        return answers.problem

    async def quota() -> str | None:
        return budgets.problem

    return {"upstream": upstream, "cache": cache, "quota": quota}
