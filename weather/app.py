"""The composition root: builds the app, wires its parts, closes them in reverse.

Concrete adapters stand only here, and in sources.
"""

import asyncio
import gc
import logging
import random
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Thread

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

GRACE, LANDING = 5.0, 2.0
"""Seconds in which what is under way at the end may be finished; of these flights have the last two to themselves."""

LEDGER_LIMIT = 16 * 2**20

AHEAD = 8
"""Days of a forecast."""


def request_log(settings: Settings, wall: Callable[[], float]) -> Tell:
    """Where requests are told on a server of one's own: as its log is set up, else to standard error as with ours."""
    is_set_up = logging.getLogger("weather").hasHandlers()
    return logged if is_set_up else to_standard_error(settings.log, ApiKey(settings), wall)


def logged(name: str, about: AccessRecord, seconds: float) -> None:
    """A request's line as any other."""
    logging.getLogger("weather.requests").info(as_text({"id": name, **about._asdict(), "ms": round(seconds * 1000, 1)}))


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time of day in Unix seconds, one that never steps back, how to wait between attempts, and chance (0 to 1)."""

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

    `transport` replaces the wire, in tests; `tell` writes the line of each request; without `ready` every answer is
    made anew; `early` makes at the start, beside it, what else the first page would wait for; `server` is the header of
    that name, where the server that runs the app would put its own. A request's
    body has `body_seconds` to come.
    """
    settings, clocks, worker_group = settings or load(), clocks or Clocks(), worker_group or WorkerGroup()
    tell = tell or request_log(settings, clocks.wall)
    zone_rules = str(use_newest_zone_rules())
    loading = Thread(target=load_zones)
    loading.start()
    atlas = Gazetteer()
    answers, budgets = make_stores(settings.cache, clocks)
    cache, ledger = Cache(answers, steady=clocks.steady), Ledger(budgets, worker_group.workers)
    network = Network(settings.proxies, settings.ca_file)
    context = ProviderContext(
        settings, clocks.wall, clocks.sleep, clocks.dice, cache, ledger, budgets, atlas, transport, network
    )
    sources = Providers(context)
    provider, finder = sources.provider, PlaceSearch(atlas, sources.geocoder)
    saved = SavedPlaces(settings.database_url, clocks.wall, clocks.steady, admission_of(ledger, clocks.wall))

    assets = Assets(PACKAGE / "static", settings.root_path)
    templating = Templating(assets, {"is_demo": settings.provider == "demo"}, settings.root_path)
    frame = PageRenderer(templating, settings)
    saved_pages = SavedPages(saved, atlas.place_at, provider, frame, clocks.wall, settings)
    failures = ErrorResponses(templating, finder.suggestions)
    checks = health_checks(settings, sources, answers, budgets) | {"database": saved.check}
    status = Status(
        sources.asked,
        answers,
        checks,
        clocks.wall,
        worker_group.workers,
        sources.plan,
        lambda: failures.nothing_given,
        zone_rules,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await asyncio.gather(answers.open(), budgets.open(), run_in_threadpool(loading.join))
        # In Starlette's thread, for to make one loads anyio, which httpx leaves to its first call.
        warming = asyncio.create_task(run_in_threadpool(warm, templating, clocks.wall())) if early else None
        yield
        if warming:
            await asyncio.wait({warming})
        await sources.close(LANDING)
        await asyncio.gather(answers.close(), budgets.close(), saved.close())
        atlas.close()
        if isinstance(tell, AccessLog):
            tell.flush()  # the loop ends now, before its next time

    app = Starlette(
        routes=routes(
            Pages(provider, finder, templating, frame, saved_pages.kept, clocks.wall, settings, status),
            saved_pages,
            Api(provider, finder, clocks.wall, settings),
            PlacesApi(saved, atlas.place_at, settings),
            Docs(frame, settings),
            OwmProxy(sources.relayed, settings),
            Health(assets, checks, zone_rules),
            Pwa(assets, settings.root_path),
        ),
        lifespan=lifespan,
        max_body_size=LARGEST_BODY,
        exception_handlers={
            WeatherError: failures.weather,
            HTTPException: failures.http,
            ClientDisconnect: failures.gone,
            Exception: failures.crash,
        },
    )
    # A slash too many is another address, and must not become one answer under two names.
    app.router.redirect_slashes = False
    site: App = AppMiddleware(app, failures.status, clocks.steady, tell, server, body_seconds)
    if ready:
        site = ResponseCache(site, clocks.wall, clocks.steady, tell, Question(settings.access_keys))
    return PathPrefix(site, settings.root_path) if settings.root_path else site


def warm(templating: Templating, now: float) -> None:
    """Make what all pages need and takes long: the templates, and where sun and moon are in the days to come."""
    here, today = Coordinates(0.0, 0.0), datetime.fromtimestamp(now, UTC).date()
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 10)  # half a millisecond: as long as the loop waits at most when it wakes up
    try:
        templating.compile()
        for n in range(-1, AHEAD):
            astronomy.sun(here, today + timedelta(days=n), UTC)
            astronomy.moon(here, today + timedelta(days=n), UTC)
    finally:
        sys.setswitchinterval(usual)
    gc.freeze()  # all of this stays; to look through it for garbage would stop the loop for 20 ms each time


def admission_of(ledger: Ledger, wall: Callable[[], float]) -> Callable[[str], Awaitable[None]]:
    """Whether a client may begin one more list of saved places. What comes raises TooManyLists."""

    async def admit(client: str) -> None:
        now = wall()
        if refused := await ledger.spend([list_charge(client, now)], now):
            raise TooManyLists(refused.wait)

    return admit


def make_stores(location: CacheLocation, clocks: Clocks) -> tuple[Store, Store]:
    """Where answers and turns are kept, and where budgets are."""
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
    """For `/readyz`: each part, and what keeps it from working."""

    async def upstream() -> str | None:
        if settings.offline:
            return "offline: upstream is never asked"
        closed = [(word, one) for word, road in sources.asked.items() for one in await road.gates.closed()]
        if closed:
            return "; ".join(f"{word}, {one.name}: closed, {one.why}" for word, one in closed)
        if settings.provider == "openweathermap" and settings.api_key is None:
            return "openweathermap: there is no key"
        return "demo: nothing shown is real" if settings.provider == "demo" else None

    async def cache() -> str | None:
        return answers.trouble

    async def quota() -> str | None:
        return budgets.trouble

    return {"upstream": upstream, "cache": cache, "quota": quota}
