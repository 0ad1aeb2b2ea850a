"""The composition root: builds the app, wires its parts, closes them in reverse.

What lies below the web is made by `backend`.
"""

import asyncio
import gc
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from weather.backend import Backend, Clocks
from weather.domain import astronomy
from weather.domain.model import Coordinates
from weather.errors import WeatherError
from weather.logs import AccessLog, AccessRecord, Passing, as_text, to_standard_error
from weather.places.search.place_search import PlaceSearch
from weather.places.time_zones import load as load_zones
from weather.places.time_zones import use_newest as use_newest_zone_rules
from weather.settings import Settings, load
from weather.tracing import tracing_to
from weather.upstream.wire.api_key import ApiKey
from weather.upstream.wire.client import Transport
from weather.web.api.mcp.endpoint import McpEndpoint
from weather.web.api.places import PlacesApi
from weather.web.api.weather import Api
from weather.web.docs.pages import Docs
from weather.web.http.assets import Assets
from weather.web.http.clients.guesses import KeyGuesses
from weather.web.http.clients.visitors import Visitors
from weather.web.http.health import Health
from weather.web.http.key_brake import KeyBrake, Refusal
from weather.web.http.middleware import BODY_SECONDS, App, AppMiddleware, PathPrefix, Tell, Watch
from weather.web.http.private import PrivatePages
from weather.web.http.question import Question
from weather.web.http.request_size import LARGEST_BODY
from weather.web.http.response_cache import ResponseCache
from weather.web.http.site import Site
from weather.web.metrics.counting import Counting
from weather.web.metrics.page import MetricsPage
from weather.web.owm.onecall import OneCallAnswers
from weather.web.owm.proxy import OwmProxy
from weather.web.pages.consumers import Consumer, consumers
from weather.web.pages.embeds.calendar import CalendarFile
from weather.web.pages.embeds.embed import Embeds
from weather.web.pages.embeds.embed_view import card_headers
from weather.web.pages.errors import ErrorResponses
from weather.web.pages.forecast import Pages
from weather.web.pages.map.page import Maps
from weather.web.pages.map.tiles import Tiles
from weather.web.pages.map.view import radar_link
from weather.web.pages.pwa import Pwa
from weather.web.pages.renderer import PageRenderer
from weather.web.pages.robots import Robots
from weather.web.pages.saved import SavedPages
from weather.web.pages.settings_form import SettingsForm
from weather.web.pages.sign_in import SignIn
from weather.web.pages.status import Run, Status
from weather.web.pages.templating import PACKAGE, Templating
from weather.web.routes import Handlers, routes
from weather.web.terminal.handler import Terminal

Lifespan = Callable[[Starlette], AbstractAsyncContextManager[None]]

GRACE = 5.0
"""Seconds in which requests may finish when the server ends; the last of them are for upstream calls alone."""

LAST_TRACES = 2.5
"""Seconds for which the end waits for a collector of traces."""

AHEAD = 8
"""Days of a forecast."""


def request_log(settings: Settings, wall: Callable[[], float]) -> Tell:
    """The access log under another ASGI server: its logging if that is configured, else standard error."""
    is_set_up = logging.getLogger("weather").hasHandlers()
    return logged if is_set_up else to_standard_error(settings.log, ApiKey(settings), wall)


def logged(name: str, about: AccessRecord, passing: Passing) -> None:
    """Write an access log line through the logging module."""
    logging.getLogger("weather.requests").info(as_text({"id": name, **about.fields, **passing.fields}))


@dataclass(frozen=True, slots=True)
class Serving:
    """How the app is served: by how many workers together, and what the server around it does or leaves to it.

    `tell` writes the access log. `ready` False: there is no response cache. `early`: templates and caches are warmed up
    beside the start, for which the first page would wait otherwise. `server`: the Server header, instead of the
    server's own. A request's body must arrive within `body_seconds`. `folder`: where the workers of one run tell each
    other what they counted; None for one that is alone.
    """

    workers: int = 1
    tell: Tell | None = None
    ready: bool = True
    early: bool = False
    server: str | None = None
    body_seconds: float = BODY_SECONDS
    folder: Path | None = None


def create_app(
    settings: Settings | None = None,
    clocks: Clocks | None = None,
    transport: Transport | None = None,
    serving: Serving | None = None,
) -> App:
    """The whole app, by default with the environment's settings. `transport` replaces the wire, in tests."""
    settings, clocks, serving = settings or load(), clocks or Clocks(), serving or Serving()
    log = serving.tell or request_log(settings, clocks.wall)
    zone_rules, loading = str(use_newest_zone_rules()), Thread(target=load_zones)
    loading.start()
    backend = Backend(settings, clocks, transport, serving.workers)
    atlas, sources, saved, checks = backend.atlas, backend.sources, backend.saved, backend.checks
    finder = PlaceSearch(atlas, sources.geocoders, sources.by_id)
    site = Site(sources.provider, finder, settings, clocks.wall)
    assets = Assets(PACKAGE / "static", settings.root_path)
    templating = Templating(assets, common_names(backend, settings), settings.root_path)
    frame = PageRenderer(templating, settings)
    framing = card_headers(templating.card_style_source, settings.embed_origins)
    failures = ErrorResponses(templating, finder.suggestions, clocks.wall, settings, framing)
    saved_pages = SavedPages(site, saved, atlas.place_at, frame)
    counts, guesses = Counting(sources.gateways, serving.folder), KeyGuesses(clocks.steady)
    run = Run(serving.workers, zone_rules, lambda: failures.nothing_given, uses(settings, counts))
    status = Status(sources.asked | sources.alert_gateways, sources.plan, backend.answers, checks, clocks.wall, run)
    handlers = Handlers(
        Pages(site, templating, frame, saved_pages, status),
        Embeds(site, templating, framing),
        Maps(site, atlas, Tiles(sources.with_tiles, settings.access_keys), frame),
        SettingsForm(settings),
        saved_pages,
        Api(site, saved),
        PlacesApi(saved, atlas.place_at, clocks.wall, settings),
        Docs(frame, settings),
        OwmProxy(sources.proxied, OneCallAnswers(sources.provider, clocks.wall, settings), settings),
        Health(assets, checks, zone_rules),
        Pwa(assets, settings.root_path),
        MetricsPage(sources.gateways, counts.workers, serving.workers, settings),
        Robots(settings),
        SignIn(frame, settings, guesses),
        Terminal(site, PlaceSearch(atlas)),
        CalendarFile(site),
        McpEndpoint(site),
    )
    life = lifespan_of(
        partial(start, backend, counts, loading),
        partial(warm_up, templating, clocks.wall()) if serving.early else None,
        partial(end, backend, counts, log, settings.otel_url),
    )
    app = routed(handlers, life, failures, settings)
    watch = Watch(Visitors(settings), clocks.steady, counts.requests.before(log))
    whole: App = AppMiddleware(app, failures.status, watch, serving.server, serving.body_seconds)
    if serving.ready:
        question = Question(settings.access_keys)
        whole = counts.cache = ResponseCache(whole, clocks.wall, watch, question)
    refusal = AppMiddleware(Refusal(failures.weather), failures.status, watch, serving.server)
    return outermost(whole, refusal, settings, guesses)


def routed(to: Handlers, life: Lifespan, failures: ErrorResponses, settings: Settings) -> Starlette:
    """The handlers under their addresses."""
    app = Starlette(
        routes=routes(to, settings.root_path),
        lifespan=life,
        max_body_size=LARGEST_BODY,
        exception_handlers=error_handlers(failures),
    )
    # A path with one more slash is another path: one response must not have two addresses.
    app.router.redirect_slashes = False
    if settings.otel_url:
        tracing_to(settings.otel_url).of_app(app)
    return app


def common_names(backend: Backend, settings: Settings) -> dict[str, Any]:
    """What all templates may use of this server."""
    atlas, sources = backend.atlas, backend.sources
    return {
        "localized": atlas.in_language,
        "country_name": atlas.country_name,
        "is_demo": settings.provider == "demo",
        "asks_open_meteo": sources.asks_open_meteo,
        "public_url": settings.public_url,
        "has_map": sources.with_tiles is not None,
        "radar_at": partial(radar_link, settings.radar_url),
    }


def uses(settings: Settings, counts: Counting) -> Callable[[], list[Consumer]]:
    """Returns a function that says what each holder of an access key asked for; nothing where there are none."""
    keys = settings.access_keys
    return lambda: consumers(keys, counts.workers.total().counts) if keys else []


def outermost(app: App, refusal: App, settings: Settings, guesses: KeyGuesses) -> App:
    """The app below its path prefix, behind its form if it is private, and behind a brake if it has access keys."""
    if settings.private:
        app = PrivatePages(app, settings.access_keys)
    if settings.access_keys:
        app = KeyBrake(app, refusal, settings, guesses)
    return PathPrefix(app, settings.root_path) if settings.root_path else app


async def start(backend: Backend, counts: Counting, loading: Thread) -> None:
    await asyncio.gather(backend.open(), run_in_threadpool(loading.join))
    counts.begin()


async def end(backend: Backend, counts: Counting, log: Tell, collector: str | None) -> None:
    await backend.close()
    if collector:
        sending = Thread(target=tracing_to(collector).end, daemon=True)
        sending.start()
        await run_in_threadpool(sending.join, LAST_TRACES)
    counts.end()
    if isinstance(log, AccessLog):
        log.flush()  # the loop ends before its timer would


def lifespan_of(
    start: Callable[[], Awaitable[None]], warming: Callable[[], None] | None, end: Callable[[], Awaitable[None]]
) -> Lifespan:
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
