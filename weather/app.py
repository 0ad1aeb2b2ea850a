"""The composition root: builds the app, wires its parts, closes them in reverse. Only here stand concrete adapters."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from weather.cache import Cache
from weather.client import Client, Transport, in_process
from weather.demo import demo
from weather.errors import WeatherError
from weather.exchange import Store
from weather.finder import Finder
from weather.gate import Gate
from weather.gateway import Gateway, Policy
from weather.gazetteer import Gazetteer
from weather.language import N_
from weather.openweathermap.answers import judged
from weather.openweathermap.provider import ATTRIBUTION, OpenWeatherMap
from weather.report import Attribution
from weather.saved import SavedPlaces
from weather.settings import CacheLocation, Settings, load
from weather.stores.disk import DiskStore
from weather.stores.memory import NoStore
from weather.web.api import Api
from weather.web.docs import Docs
from weather.web.failures import Failures
from weather.web.frame import Frame
from weather.web.installable import Installable
from weather.web.middleware import Outermost
from weather.web.ops import Ops
from weather.web.pages import Pages
from weather.web.places import PlacesApi, Surveyor
from weather.web.relay import Relay
from weather.web.routes import routes
from weather.web.saved_pages import SavedPages
from weather.web.templating import PACKAGE, Assets, Templating

DEMO_ORIGIN = "http://demo.invalid"
"""Never looked up: the demo answers in process. It gives the demo's answers a key space of their own."""

DEMO_ATTRIBUTION = Attribution(N_("Demo: invented weather, of no source"), "https://openweathermap.org/api")

GRACE = 5.0
LARGEST_BODY = 64 * 2**10


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time of day in Unix seconds, one that never steps back, and how to wait between attempts."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.perf_counter
    sleep: Callable[[float], Awaitable[None]] = asyncio.sleep


def create_app(
    settings: Settings | None = None, clocks: Clocks | None = None, transport: Transport | None = None
) -> ASGIApp:
    """The whole app, by default with the environment's settings; without a key it runs on the demo upstream.

    `transport` replaces the wire, in tests.
    """
    settings, clocks = settings or load(), clocks or Clocks()
    atlas = Gazetteer()
    cache = Cache(store_at(settings.cache, clocks))
    gateway = gateway_of(settings, clocks, cache, atlas, transport)
    source, attribution = ("demo", DEMO_ATTRIBUTION) if settings.api_key is None else ("openweathermap", ATTRIBUTION)
    provider = OpenWeatherMap(gateway, atlas, clocks.wall, source, attribution)
    finder = Finder(atlas, provider)
    saved, surveyor = SavedPlaces(settings.database_url), Surveyor(atlas, clocks.wall)
    assets = Assets(PACKAGE / "static", settings.root_path)
    templating = Templating(assets, {"is_demo": settings.api_key is None}, settings.root_path)
    frame = Frame(templating, settings)
    saved_pages = SavedPages(saved, surveyor, provider, frame, clocks.wall, settings)
    failures = Failures(templating, finder.suggestions)
    checks = {
        "upstream": lambda: upstream_trouble(settings),
        "cache": lambda: cache.trouble,
        "database": lambda: saved.trouble,
    }

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await cache.open()
        saved.open()
        yield
        await gateway.close(GRACE)
        await saved.close()
        await cache.close()
        atlas.close()

    app = Starlette(
        routes=routes(
            Pages(provider, finder, templating, frame, saved_pages.kept, clocks.wall, settings),
            saved_pages,
            Api(provider, finder, clocks.wall, settings),
            PlacesApi(saved, surveyor, settings),
            Docs(frame, settings.root_path),
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
    return Outermost(app, failures.status, clocks.steady, settings.root_path)


def gateway_of(
    settings: Settings, clocks: Clocks, cache: Cache, atlas: Gazetteer, transport: Transport | None
) -> Gateway:
    """The road to OpenWeatherMap with a key, to the demo without one."""
    origin = settings.upstream_url
    if settings.api_key is None:
        origin, transport = DEMO_ORIGIN, transport or in_process(demo_upstream(clocks, atlas))
    key, origins = settings.api_key or "demo", {"api": origin}
    client = Client(origins, lambda: key, judged, settings.timeout, clocks.wall, transport, clocks.sleep)
    policy = Policy(settings.fresh_for, settings.stale_for, settings.timeout)
    return Gateway(client, cache, Gate(offline=settings.offline), policy, clocks.wall)


def demo_upstream(clocks: Clocks, atlas: Gazetteer) -> ASGIApp:
    """The invented climate, which knows the same places as the gazetteer."""
    return demo(clocks.wall, atlas.named, atlas.nearest, lambda at, now: atlas.zone(at, None, now))


def store_at(location: CacheLocation, clocks: Clocks) -> Store:
    """Where answers outlive the process."""
    if location.kind == "disk":
        return DiskStore(location.folder, location.limit, clocks.steady)
    return NoStore()


def upstream_trouble(settings: Settings) -> str | None:
    """For `/readyz`."""
    if settings.offline:
        return "offline: upstream is never asked"
    return "demo: there is no key, and nothing shown is real" if settings.api_key is None else None
