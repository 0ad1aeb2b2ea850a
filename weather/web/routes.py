"""The URL map, on one screen."""

import re
from dataclasses import dataclass
from functools import partial
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import BaseRoute, Match, Route, request_response
from starlette.types import Receive, Scope, Send

from weather.web.api.mcp.endpoint import McpEndpoint
from weather.web.api.places import PlacesApi
from weather.web.api.schema import WEATHER_ROUTES
from weather.web.api.weather import Api
from weather.web.docs.pages import Docs
from weather.web.http.health import Health
from weather.web.metrics.page import MetricsPage
from weather.web.owm.proxy import OwmProxy
from weather.web.pages.embeds.calendar import CalendarFile
from weather.web.pages.embeds.embed import Embeds
from weather.web.pages.forecast import Pages
from weather.web.pages.map.page import Maps
from weather.web.pages.pwa import Pwa
from weather.web.pages.robots import Robots
from weather.web.pages.saved import SavedPages
from weather.web.pages.settings_form import SettingsForm
from weather.web.pages.sign_in import SignIn
from weather.web.terminal.handler import Endpoint, Terminal

INDEX = "/api/v1"
OF_PAPERS = ("/api/", "/docs/")
RELAYED = ("/data", "/geo", "/map", "/data/{rest:path}", "/geo/{rest:path}", "/map/{rest:path}", "//{rest:path}")


@dataclass(frozen=True, slots=True)
class Handlers:
    """Who answers."""

    pages: Pages
    embeds: Embeds
    maps: Maps
    settings_form: SettingsForm
    saved: SavedPages
    api: Api
    places: PlacesApi
    docs: Docs
    owm_proxy: OwmProxy
    health: Health
    pwa: Pwa
    metrics: MetricsPage
    robots: Robots
    sign_in: SignIn
    terminal: Terminal
    calendar: CalendarFile
    mcp: McpEndpoint


def routes(to: Handlers, root: str = "") -> list[BaseRoute]:
    """Every address and who answers it. GET brings HEAD with it; any other method is 405.

    Programs of OpenWeatherMap are answered as there: also to a POST, and with a slash too many at the beginning.
    The path prefix `root` is taken off before; without the slash behind it, it is an address that people type.
    """
    return [
        *([Route(root, to.pages.entry)] if root else []),
        Slashed(root),
        Route("/", to.terminal.or_page(to.pages.home)),
        Route("/search", to.pages.search),
        Route("/forecast", to.pages.search),
        Route("/forecast/{point}", to.pages.forecast),
        Route("/forecast/{point}/meteogram.svg", to.pages.meteogram),
        Route("/forecast/{point}/card", to.embeds.card),
        Route("/forecast/{point}/badge.svg", to.embeds.badge),
        Route("/forecast/{point}/preview.png", to.embeds.preview),
        Route("/forecast/{point}/map", to.maps.page),
        Route("/forecast/{point}/calendar.ics", to.calendar.calendar),
        Route("/offline", to.pages.offline),
        Route("/status", to.pages.status),
        Route("/settings", OnlyPost(to.settings_form.save)),
        by_method("/places", GET=to.saved.page, POST=to.saved.add),
        by_method("/places/{id}/remove", POST=to.saved.remove),
        by_method("/places/{id}/rename", POST=to.saved.rename),
        by_method("/places/{id}/move", POST=to.saved.move),
        by_method("/places/{id}/home", POST=to.saved.make_home),
        *(Route(f"/api/v1/{name}", partial(to.api.weather, question)) for name, question in WEATHER_ROUTES.items()),
        Route("/api/v1/search", to.api.search),
        by_method("/api/v1/places", GET=to.places.all, POST=to.places.add, DELETE=to.places.end),
        by_method("/api/v1/places/{id}", GET=to.places.get, PUT=to.places.replace, DELETE=to.places.remove),
        Route(INDEX, to.docs.index),
        Route("/mcp", to.mcp.answer, methods=["GET", "POST", "DELETE"]),
        Route("/openapi.json", to.docs.openapi),
        Route("/docs", to.docs.page),
        Route("/docs/{chapter}", to.docs.chapter),
        Route("/llms.txt", to.docs.llms),
        *(Route(path, to.owm_proxy.answer, methods=["GET", "POST"]) for path in RELAYED),
        Route("/healthz", to.health.healthz),
        Route("/readyz", to.health.readyz),
        Route("/metrics", to.metrics.answer),
        Route("/robots.txt", to.robots.answer),
        by_method("/sign-in", GET=to.sign_in.page, POST=to.sign_in.save),
        Route("/static/{name}", to.health.static),
        Route("/sw.js", to.pwa.worker),
        Route("/manifest.webmanifest", to.pwa.manifest),
        Route("/{name}", to.terminal.place),
    ]


class Slashed(Route):
    """Leads from an address of the API or its papers with slashes too many to the one without, by whatever method.

    Programs write them whose base ends in a slash. `/api` is the index.
    """

    def __init__(self, root: str) -> None:
        super().__init__("/api/{rest:path}/", self)
        self._root = root

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        path = scope.get("path", "")
        is_slashed = scope["type"] == "http" and without_slashes(path) not in (path, "")
        return (Match.FULL if is_slashed else Match.NONE), {}

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        path, query = without_slashes(scope["path"]), scope["query_string"].decode("latin-1")
        address = f"{self._root}{quote(path)}" + (f"?{query}" if query else "")
        await RedirectResponse(address, 308, {"Cache-Control": "no-store"})(scope, receive, send)


def without_slashes(path: str) -> str:
    """The one address of the API or its papers that a path means; "" for any other path."""
    clean = re.sub("/{2,}", "/", path).rstrip("/")
    return INDEX if clean == "/api" else clean if f"{clean}/".startswith(OF_PAPERS) else ""


class OnlyPost:
    """An ASGI app for a handler of POST, with 405 for any other method: else a GET would be that of a place's name."""

    def __init__(self, handler: Endpoint) -> None:
        self._app = request_response(handler)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["method"] != "POST":
            raise HTTPException(405, headers={"Allow": "POST"})
        await self._app(scope, receive, send)


def by_method(path: str, **handlers: Endpoint) -> Route:
    """One address whose methods have handlers of their own, so that a 405 names them all."""

    async def answer(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, answer, methods=list(handlers))
