"""The composition root: builds the app, wires its parts, closes them in reverse.

Concrete adapters are chosen only here and in providers/registry.
"""

import asyncio
import gc
import logging
import random
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from threading import Thread
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from weather.domain import astronomy
from weather.domain.model import Coordinates
from weather.errors import TooManyLists, WeatherError
from weather.logs import AccessLog, AccessRecord, as_text, to_standard_error
from weather.places.gazetteer import Gazetteer
from weather.places.saved import SavedPlaces
from weather.places.search import PlaceSearch
from weather.places.time_zones import load as load_zones
from weather.places.time_zones import use_newest as use_newest_zone_rules
from weather.providers.registry import ProviderContext, Providers
from weather.settings import CacheLocation, Settings, load
from weather.upstream.api_key import ApiKey
from weather.upstream.cache import Cache
from weather.upstream.client import Transport
from weather.upstream.network import Network
from weather.upstream.quota import list_charge
from weather.upstream.quota_ledger import Ledger
from weather.upstream.stores.base import Store
from weather.upstream.stores.disk import BUDGETS, DiskStore
from weather.upstream.stores.memory import MemoryStore
from weather.web.api.places import PlacesApi
from weather.web.api.weather import Api
from weather.web.docs.pages import Docs
from weather.web.errors import ErrorResponses
from weather.web.health import Check, Health
from weather.web.http.assets import Assets
from weather.web.http.middleware import BODY_SECONDS, LARGEST_BODY, App, AppMiddleware, PathPrefix, Tell
from weather.web.http.response_cache import Question, ResponseCache
from weather.web.owm_proxy import OwmProxy
from weather.web.pages.forecast import Pages
from weather.web.pages.pwa import Pwa
from weather.web.pages.renderer import PageRenderer
from weather.web.pages.saved import SavedPages
from weather.web.pages.status import Status
from weather.web.pages.templating import PACKAGE, Templating
from weather.web.routes import routes

GRACE, FLIGHT_GRACE = 5.0, 2.0
"""Seconds in which requests may finish when the server ends; the last two are for upstream calls alone."""

LEDGER_LIMIT = 16 * 2**20

AHEAD = 8
"""Days of a forecast."""


def request_log(settings: Settings, wall: Callable[[], float]) -> Tell:
    """The access log under another ASGI server: its logging if that is configured, else standard error."""
    is_set_up = logging.getLogger("weather").hasHandlers()
    return logged if is_set_up else to_standard_error(settings.log, ApiKey(settings), wall)


def logged(name: str, about: AccessRecord, seconds: float) -> None:
    """Write an access log line through the logging module."""
    logging.getLogger("weather.requests").info(as_text({"id": name, **about._asdict(), "ms": round(seconds * 1000, 1)}))


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time of day in Unix seconds, a steady clock, how to wait between attempts, and chance (0 to 1)."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.perf_counter
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    dice: Callable[[], float] = random.random


@dataclass(frozen=True, slots=True)
class WorkerGroup:
    """The processes that serve together."""

    workers: int = 1


def create_app(
    settings: Settings | None = None,
    clocks: Clocks | None = None,
    transport: Transport | None = None,
    worker_group: WorkerGroup | None = None,
    tell: Tell | None = None,
    *,
    ready: bool = True,
    early: bool = False,
    server: str | None = None,
    body_seconds: float = BODY_SECONDS,
) -> App:
    """The whole app, by default with the environment's settings.

    `transport` replaces the wire, in tests. `tell` writes the access log. `ready` False: there is no response cache.
    `early`: templates and caches are warmed up beside the start, for which the first page would wait otherwise.
    `server`: the Server header, instead of the server's own. A request's body must arrive within `body_seconds`.
    """
    settings, clocks, worker_group = settings or load(), clocks or Clocks(), worker_group or WorkerGroup()
    tell = tell or request_log(settings, clocks.wall)
    zone_rules, loading = str(use_newest_zone_rules()), Thread(target=load_zones)
    loading.start()
    atlas, (answers, budgets) = Gazetteer(), make_stores(settings.cache, clocks)
    ledger = Ledger(budgets, worker_group.workers)
    sources = make_providers(settings, clocks, (answers, budgets), ledger, atlas, transport)
    provider, finder = sources.provider, PlaceSearch(atlas, sources.geocoder)
    saved = SavedPlaces(settings.database_url, clocks.wall, clocks.steady, admission_of(ledger, clocks.wall))
    assets = Assets(PACKAGE / "static", settings.root_path)
    templating = Templating(assets, {"is_demo": settings.provider == "demo"}, settings.root_path)
    frame = PageRenderer(templating, settings)
    saved_pages = SavedPages(saved, atlas.place_at, provider, frame, clocks.wall, settings)
    failures = ErrorResponses(templating, finder.suggestions)
    checks = health_checks(settings, sources, answers, budgets) | {"database": saved.check}
    failed, workers = lambda: failures.nothing_given, worker_group.workers
    status = Status(sources.asked, answers, checks, clocks.wall, workers, sources.plan, failed, zone_rules)

    async def start() -> None:
        await asyncio.gather(answers.open(), budgets.open(), run_in_threadpool(loading.join))

    async def end() -> None:
        await sources.close(FLIGHT_GRACE)
        await asyncio.gather(answers.close(), budgets.close(), saved.close())
        atlas.close()
        if isinstance(tell, AccessLog):
            tell.flush()  # the loop ends before its timer would

    app = Starlette(
        routes=routes(
            Pages(provider, finder, templating, frame, saved_pages.kept, clocks.wall, settings, status),
            saved_pages,
            Api(provider, finder, clocks.wall, settings),
            PlacesApi(saved, atlas.place_at, settings),
            Docs(frame, settings),
            OwmProxy(sources.proxied, settings),
            Health(assets, checks, zone_rules),
            Pwa(assets, settings.root_path),
            settings.root_path,
        ),
        lifespan=lifespan_of(start, partial(warm_up, templating, clocks.wall()) if early else None, end),
        max_body_size=LARGEST_BODY,
        exception_handlers=error_handlers(failures),
    )
    # A path with one more slash is another path: one response must not have two addresses.
    app.router.redirect_slashes = False
    whole: App = AppMiddleware(app, failures.status, clocks.steady, tell, server, body_seconds)
    if ready:
        whole = ResponseCache(whole, clocks.wall, clocks.steady, tell, Question(settings.access_keys))
    return PathPrefix(whole, settings.root_path) if settings.root_path else whole


def lifespan_of(
    start: Callable[[], Awaitable[None]], warming: Callable[[], None] | None, end: Callable[[], Awaitable[None]]
) -> Callable[[Starlette], AbstractAsyncContextManager[None]]:
    """Returns the app's lifespan: `warming` runs beside the serving, and is over before the end."""

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await start()
        # In Starlette's thread, for making one imports anyio, which httpx would import at its first call.
        task = asyncio.create_task(run_in_threadpool(warming)) if warming else None
        yield
        if task:
            await asyncio.wait({task})
        await end()

    return lifespan


def error_handlers(failures: ErrorResponses) -> dict[Any, Any]:
    """Who answers for which exception."""
    return {
        WeatherError: failures.weather,
        HTTPException: failures.http,
        ClientDisconnect: failures.gone,
        Exception: failures.crash,
    }


def make_providers(
    settings: Settings,
    clocks: Clocks,
    stores: tuple[Store, Store],
    ledger: Ledger,
    atlas: Gazetteer,
    transport: Transport | None,
) -> Providers:
    """The sources of weather, over the stores of responses and of quotas."""
    cache, network = Cache(stores[0], steady=clocks.steady), Network(settings.proxies, settings.ca_file)
    return Providers(
        ProviderContext(
            settings, clocks.wall, clocks.sleep, clocks.dice, cache, ledger, stores[1], atlas, transport, network
        )
    )


def warm_up(templating: Templating, now: float) -> None:
    """Fill the caches that all pages need: the compiled templates, and sun and moon of the next days."""
    here, today = Coordinates(0.0, 0.0), datetime.fromtimestamp(now, UTC).date()
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 10)  # half a millisecond, the longest that the loop waits when it wakes up
    try:
        templating.compile()
        for n in range(-1, AHEAD):
            astronomy.sun(here, today + timedelta(days=n), UTC)
            astronomy.moon(here, today + timedelta(days=n), UTC)
    finally:
        sys.setswitchinterval(usual)
    gc.freeze()  # all of this stays; a collection that walks through it would stop the loop for 20 ms


def admission_of(ledger: Ledger, wall: Callable[[], float]) -> Callable[[str], Awaitable[None]]:
    """Returns a function that charges a client for a new list of saved places. It raises TooManyLists."""

    async def admit(client: str) -> None:
        now = wall()
        if refused := await ledger.charge([list_charge(client, now)], now):
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


def health_checks(settings: Settings, sources: Providers, answers: Store, budgets: Store) -> dict[str, Check]:
    """The checks of `/readyz`, by part."""

    async def upstream() -> str | None:
        if settings.offline:
            return "offline: upstream is never asked"
        paused = [
            f"{source}, {breaker.name}: {breaker.reason}, paused until {rfc3339(breaker.open_until)}"
            for source, gateway in sources.asked.items()
            for breaker in await gateway.admission.open_breakers()
        ]
        if paused:
            return "; ".join(paused)
        if settings.provider == "openweathermap" and settings.api_key is None:
            return "openweathermap: there is no key"
        return "demo: nothing shown is real" if settings.provider == "demo" else None

    async def cache() -> str | None:
        return answers.problem

    async def quota() -> str | None:
        return budgets.problem

    return {"upstream": upstream, "cache": cache, "quota": quota}
