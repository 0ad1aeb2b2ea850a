"""The composition root: builds the app, wires its parts, closes them in reverse. Only here stand concrete adapters."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp

from weather import gazetteer
from weather.cache import Cache
from weather.demo import demo
from weather.errors import WeatherError
from weather.exchange import Store
from weather.finder import Finder
from weather.gate import Gate
from weather.gateway import Gateway, Policy
from weather.openweathermap.client import Client, Transport, in_process
from weather.openweathermap.provider import OpenWeatherMap
from weather.settings import CacheLocation, Settings, load
from weather.stores.disk import DiskStore
from weather.stores.memory import NoStore
from weather.web.api import Api
from weather.web.failures import Failures
from weather.web.middleware import Outermost
from weather.web.ops import Ops
from weather.web.pages import Pages
from weather.web.relay import Relay
from weather.web.routes import routes
from weather.web.templating import PACKAGE, Assets, Templating

DEMO_ORIGIN = "http://demo.invalid"
"""Never looked up: the demo answers in process. It gives the demo's answers a key space of their own."""

GRACE = 5.0
LARGEST_BODY = 64 * 2**10


@dataclass(frozen=True, slots=True)
class Clocks:
    """The time of day in Unix seconds, and one that never steps back."""

    wall: Callable[[], float] = time.time
    steady: Callable[[], float] = time.perf_counter


def create_app(
    settings: Settings | None = None, clocks: Clocks | None = None, transport: Transport | None = None
) -> ASGIApp:
    """The whole app, by default with the environment's settings; without a key it runs on the demo upstream.

    `transport` replaces the wire, in tests.
    """
    settings, clocks = settings or load(), clocks or Clocks()
    atlas = gazetteer.Gazetteer()
    cache = Cache(store_at(settings.cache, clocks))
    is_demo = settings.api_key is None
    client = client_of(settings, clocks, atlas, transport)
    gate = Gate(offline=settings.offline)
    policy = Policy(settings.fresh_for, settings.stale_for, settings.timeout)
    gateway = Gateway(client, cache, gate, policy, clocks.wall)
    provider = OpenWeatherMap(gateway, atlas, clocks.wall, "demo" if is_demo else "openweathermap")
    finder = Finder(atlas, provider)

    assets = Assets(PACKAGE / "static", settings.root_path)
    templating = Templating(assets, {"is_demo": is_demo}, settings.root_path)
    failures = Failures(templating, finder.suggestions)
    doors = routes(
        pages=Pages(
            provider,
            finder,
            templating,
            clocks.wall,
            units=settings.units,
            home=settings.home,
            root=settings.root_path,
            stale_for=settings.stale_for,
        ),
        api=Api(
            provider,
            finder,
            clocks.wall,
            units=settings.units or "metric",
            stale_for=settings.stale_for,
            access_keys=settings.access_keys,
        ),
        relay=Relay(gateway, stale_for=settings.stale_for, access_keys=settings.access_keys),
        ops=Ops(assets, {"upstream": lambda: upstream_trouble(settings), "cache": lambda: cache.trouble}),
    )

    @asynccontextmanager
    async def lifespan(_: Starlette) -> AsyncIterator[None]:
        await cache.open()
        yield
        await gateway.close(GRACE)
        await cache.close()
        atlas.close()

    app = Starlette(
        routes=doors,
        lifespan=lifespan,
        max_body_size=LARGEST_BODY,
        exception_handlers={WeatherError: failures.weather, HTTPException: failures.http, Exception: failures.crash},
    )
    # A slash too many is another address, and must not become one answer under two names.
    app.router.redirect_slashes = False
    return Outermost(app, failures.status, clocks.steady, settings.root_path)


def client_of(settings: Settings, clocks: Clocks, atlas: gazetteer.Gazetteer, transport: Transport | None) -> Client:
    """Who is asked: OpenWeatherMap with a key, the demo without one."""
    if settings.api_key is None:
        return Client(
            DEMO_ORIGIN, "demo", settings.timeout, clocks.wall, transport or in_process(demo_upstream(clocks, atlas))
        )
    return Client(settings.upstream_url, settings.api_key, settings.timeout, clocks.wall, transport)


def demo_upstream(clocks: Clocks, atlas: gazetteer.Gazetteer) -> ASGIApp:
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
