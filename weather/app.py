"""The composition root: builds the app, wires its parts, closes them in reverse. Only here stand concrete adapters."""

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from hashlib import blake2b
from secrets import token_hex

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from weather.cache import Cache
from weather.client import Client, Transport, in_process
from weather.demo import demo
from weather.errors import WeatherError
from weather.finder import Finder
from weather.gates import Gates
from weather.gateway import Gateway, Policy
from weather.gazetteer import Gazetteer
from weather.language import N_
from weather.ledger import Ledger
from weather.logs import as_text
from weather.openweathermap.answers import judged
from weather.openweathermap.provider import ATTRIBUTION, OpenWeatherMap
from weather.quota import Allowance
from weather.report import Attribution
from weather.settings import CacheLocation, Key, Settings, load
from weather.store import Store
from weather.stores.disk import BUDGETS, DiskStore
from weather.stores.memory import MemoryStore
from weather.web.api import Api
from weather.web.failures import Failures
from weather.web.installable import Installable
from weather.web.middleware import Outermost, Tell
from weather.web.ops import Check, Ops
from weather.web.pages import Pages
from weather.web.ready import ReadyAnswers
from weather.web.relay import Relay
from weather.web.routes import routes
from weather.web.status import Status
from weather.web.templating import PACKAGE, Assets, Templating

DEMO_ORIGIN = "http://demo.invalid"
"""Never looked up: the demo answers in process. It gives the demo's answers a key space of their own."""

DEMO_ATTRIBUTION = Attribution(N_("Demo: invented weather, of no source"), "https://openweathermap.org/api")

GRACE, LANDING = 5.0, 2.0
"""Seconds in which what is under way at the end may be finished; of these flights have the last two to themselves."""

LARGEST_BODY = 64 * 2**10
LEDGER_LIMIT = 16 * 2**20
ONE_CALL = frozenset({"onecall3", "onecall4"})
"""The products that draw on the daily allowance of One Call."""


def logged(fields: dict[str, object]) -> None:
    """A request's line as any other, for those who run the app on a server of their own."""
    logging.getLogger("weather.requests").info(as_text(fields))


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time of day in Unix seconds, one that never steps back, how to wait between attempts, and chance (0 to 1)."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.perf_counter
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    dice: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class Crew:
    """The processes that serve together: how many, and a name for this run of them."""

    workers: int = 1
    name: str = field(default_factory=lambda: token_hex(8))


def create_app(
    settings: Settings | None = None,
    clocks: Clocks | None = None,
    transport: Transport | None = None,
    crew: Crew | None = None,
    tell: Tell = logged,
    *,
    ready: bool = True,
) -> ASGIApp:
    """The whole app, by default with the environment's settings; without a key it runs on the demo upstream.

    `transport` replaces the wire, in tests; `tell` writes the line of each request; without `ready` every answer is
    made anew.
    """
    settings, clocks, crew = settings or load(), clocks or Clocks(), crew or Crew()
    atlas = Gazetteer()
    answers, budgets = stores_at(settings.cache, clocks)
    cache, ledger = Cache(answers), Ledger(budgets, crew.workers)
    gateway = gateway_of(settings, clocks, crew, cache, ledger, atlas, transport)
    source, attribution = ("demo", DEMO_ATTRIBUTION) if settings.api_key is None else ("openweathermap", ATTRIBUTION)
    plan = "free" if settings.api_key is None else settings.plan
    provider = OpenWeatherMap(gateway, atlas, clocks.wall, source, attribution, plan, settings.timeout)
    finder = Finder(atlas, provider)
    assets = Assets(PACKAGE / "static", settings.root_path)
    templating = Templating(assets, {"is_demo": settings.api_key is None}, settings.root_path)
    failures = Failures(templating, finder.suggestions)
    checks = checks_of(settings, gateway, answers, budgets)
    status = Status({source: gateway}, answers, checks, clocks.wall, crew.workers, lambda: provider.plan)

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await asyncio.gather(answers.open(), budgets.open())
        yield
        await gateway.close(LANDING)
        await asyncio.gather(answers.close(), budgets.close())
        atlas.close()

    app = Starlette(
        routes=routes(
            Pages(provider, finder, templating, clocks.wall, settings, status),
            Api(provider, finder, clocks.wall, settings),
            Relay(gateway, settings),
            Ops(assets, checks),
            Installable(assets, settings.root_path),
        ),
        lifespan=lifespan,
        max_body_size=LARGEST_BODY,
        exception_handlers={WeatherError: failures.weather, HTTPException: failures.http, Exception: failures.crash},
    )
    # A slash too many is another address, and must not become one answer under two names.
    app.router.redirect_slashes = False
    outermost = Outermost(app, failures.status, clocks.steady, settings.root_path, tell)
    return ReadyAnswers(outermost, clocks.wall, clocks.steady, tell, gateway.hit) if ready else outermost


def gateway_of(
    settings: Settings,
    clocks: Clocks,
    crew: Crew,
    cache: Cache,
    ledger: Ledger,
    atlas: Gazetteer,
    transport: Transport | None,
) -> Gateway:
    """The road to OpenWeatherMap with a key, to the demo without one."""
    origins = {"api": settings.upstream_url, "tiles": settings.tiles_url}
    key, name = Key(settings), "openweathermap"
    if settings.api_key is None:
        origins, transport = dict.fromkeys(origins, DEMO_ORIGIN), transport or in_process(demo_upstream(clocks, atlas))
        name = "demo"
    client = Client(origins, key, judged, settings.timeout, clocks.wall, transport, clocks.sleep)
    gates = Gates(
        cache.store,
        ledger,
        [] if settings.api_key is None else allowances(settings, name),
        clocks.wall,
        clocks.dice,
        lambda: f"{crew.name} {name} {fingerprint(key())}",
        offline=settings.offline,
    )
    policy = Policy(settings.fresh_for, settings.stale_for, settings.timeout)
    return Gateway(client, cache, gates, policy, clocks.wall)


def allowances(settings: Settings, name: str) -> list[Allowance]:
    """What the plan of an OpenWeatherMap account allows, in the order in which a refusal is told."""
    return [
        Allowance(f"{name} minute", settings.calls_per_minute, "minute"),
        Allowance(f"{name} month", settings.calls_per_month, "month"),
        Allowance(f"{name} One Call day", settings.onecall_per_day, "day", ONE_CALL),
    ]


def fingerprint(key: str) -> str:
    """Tells one key from another, and gives neither away."""
    return blake2b(key.encode(), digest_size=4).hexdigest()


def demo_upstream(clocks: Clocks, atlas: Gazetteer) -> ASGIApp:
    """The invented climate, which knows the same places as the gazetteer."""
    return demo(clocks.wall, atlas.named, atlas.nearest, lambda at, now: atlas.zone(at, None, now))


def stores_at(location: CacheLocation, clocks: Clocks) -> tuple[Store, Store]:
    """Where answers and turns are kept, and where budgets are."""
    if location.kind == "disk":
        return (
            DiskStore(location.folder, location.limit, clocks.steady, clocks.wall),
            DiskStore(location.folder, LEDGER_LIMIT, clocks.steady, clocks.wall, BUDGETS),
        )
    if location.kind == "redis":
        from weather.stores.redis import RedisStore  # of an extra, which may not be there

        return (
            RedisStore(location.url, clocks.steady, clocks.wall),
            RedisStore(location.url, clocks.steady, clocks.wall, "budgets:"),
        )
    memory = MemoryStore(clocks.steady)
    return memory, memory


def checks_of(settings: Settings, gateway: Gateway, answers: Store, budgets: Store) -> dict[str, Check]:
    """For `/readyz`: each part, and what keeps it from working."""

    async def upstream() -> str | None:
        if settings.offline:
            return "offline: upstream is never asked"
        if closed := await gateway.gates.closed():
            return "; ".join(f"{one.name}: closed, {one.why}" for one in closed)
        return "demo: there is no key, and nothing shown is real" if settings.api_key is None else None

    async def cache() -> str | None:
        return answers.trouble

    async def quota() -> str | None:
        return budgets.trouble

    return {"upstream": upstream, "cache": cache, "quota": quota}
