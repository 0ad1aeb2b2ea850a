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
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from secrets import token_hex

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from weather import sky
from weather.cache import Cache
from weather.client import Transport
from weather.errors import WeatherError
from weather.finder import Finder
from weather.gazetteer import Gazetteer
from weather.ledger import Ledger
from weather.logs import About, as_text
from weather.model import Coordinates
from weather.saved import SavedPlaces
from weather.settings import CacheLocation, Settings, load
from weather.sources import Ground, Sources
from weather.store import Store
from weather.stores.disk import BUDGETS, DiskStore
from weather.stores.memory import MemoryStore
from weather.web.api import Api
from weather.web.docs import Docs
from weather.web.failures import Failures
from weather.web.frame import Frame
from weather.web.installable import Installable
from weather.web.middleware import BODY_SECONDS, LARGEST_BODY, Below, Outermost, Site, Tell
from weather.web.ops import Check, Ops
from weather.web.pages import Pages
from weather.web.places import PlacesApi, Surveyor
from weather.web.ready import Question, ReadyAnswers
from weather.web.relay import Relay
from weather.web.routes import routes
from weather.web.saved_pages import SavedPages
from weather.web.status import Status
from weather.web.templating import PACKAGE, Assets, Templating

GRACE, LANDING = 5.0, 2.0
"""Seconds in which what is under way at the end may be finished; of these flights have the last two to themselves."""

LEDGER_LIMIT = 16 * 2**20

AHEAD = 8
"""Days of a forecast."""


def logged(name: str, about: About, seconds: float) -> None:
    """A request's line as any other, for those who run the app on a server of their own."""
    logging.getLogger("weather.requests").info(as_text({"id": name, **about._asdict(), "ms": round(seconds * 1000, 1)}))


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
    early: bool = False,
    body_seconds: float = BODY_SECONDS,
) -> Site:
    """The whole app, by default with the environment's settings.

    `transport` replaces the wire, in tests; `tell` writes the line of each request; without `ready` every answer is
    made anew; `early` makes at the start, beside it, what else the first page would wait for. A request's body has
    `body_seconds` to come.
    """
    settings, clocks, crew = settings or load(), clocks or Clocks(), crew or Crew()
    atlas = Gazetteer()
    answers, budgets = stores_at(settings.cache, clocks)
    cache, ledger = Cache(answers), Ledger(budgets, crew.workers)
    ground = Ground(
        settings, clocks.wall, clocks.sleep, clocks.dice, crew.name, cache, ledger, budgets, atlas, transport
    )
    sources = Sources(ground)
    provider, finder = sources.provider, Finder(atlas, sources.geocoder)
    saved, surveyor = SavedPlaces(settings.database_url), Surveyor(atlas, clocks.wall)
    assets = Assets(PACKAGE / "static", settings.root_path)
    templating = Templating(assets, {"is_demo": settings.provider == "demo"}, settings.root_path)
    frame = Frame(templating, settings)
    saved_pages = SavedPages(saved, surveyor, provider, frame, clocks.wall, settings)
    failures = Failures(templating, finder.suggestions)
    checks = checks_of(settings, sources, answers, budgets) | {"database": saved.check}
    status = Status(
        sources.asked,
        answers,
        checks,
        clocks.wall,
        crew.workers,
        sources.plan,
        lambda: failures.nothing_given,
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await asyncio.gather(answers.open(), budgets.open())
        # In Starlette's thread, for to make one loads anyio, which httpx leaves to its first call.
        warming = asyncio.create_task(run_in_threadpool(warm, templating, clocks.wall())) if early else None
        yield
        if warming:
            await asyncio.wait({warming})
        await sources.close(LANDING)
        await asyncio.gather(answers.close(), budgets.close(), saved.close())
        atlas.close()

    app = Starlette(
        routes=routes(
            Pages(provider, finder, templating, frame, saved_pages.kept, clocks.wall, settings, status),
            saved_pages,
            Api(provider, finder, clocks.wall, settings),
            PlacesApi(saved, surveyor, settings),
            Docs(frame, settings),
            Relay(sources.relayed, settings),
            Ops(assets, checks),
            Installable(assets, settings.root_path),
            settings.root_path,
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
    site: Site = Outermost(app, failures.status, clocks.steady, tell, body_seconds)
    if ready:
        site = ReadyAnswers(site, clocks.wall, clocks.steady, tell, Question(settings.access_keys))
    return Below(site, settings.root_path) if settings.root_path else site


def warm(templating: Templating, now: float) -> None:
    """Make what all pages need and takes long: the templates, and where sun and moon are in the days to come."""
    here, today = Coordinates(0.0, 0.0), datetime.fromtimestamp(now, UTC).date()
    usual = sys.getswitchinterval()
    sys.setswitchinterval(usual / 10)  # half a millisecond: as long as the loop waits at most when it wakes up
    try:
        templating.compile()
        for n in range(-1, AHEAD):
            sky.sun(here, today + timedelta(days=n), UTC)
            sky.moon(here, today + timedelta(days=n), UTC)
    finally:
        sys.setswitchinterval(usual)
    gc.freeze()  # all of this stays; to look through it for garbage would stop the loop for 20 ms each time


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


def checks_of(settings: Settings, sources: Sources, answers: Store, budgets: Store) -> dict[str, Check]:
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
