"""The URL map, on one screen."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from weather.web.api.places import PlacesApi
from weather.web.api.schema import WEATHER_ROUTES
from weather.web.api.weather import Api
from weather.web.docs.pages import Docs
from weather.web.health import Health
from weather.web.owm_proxy import OwmProxy
from weather.web.pages.forecast import Pages
from weather.web.pages.pwa import Pwa
from weather.web.pages.saved import SavedPages

RELAYED = ("/data/{rest:path}", "/geo/{rest:path}", "/map/{rest:path}", "//{rest:path}")


def routes(
    pages: Pages,
    saved: SavedPages,
    api: Api,
    places: PlacesApi,
    docs: Docs,
    relay: OwmProxy,
    ops: Health,
    installable: Pwa,
    root: str = "",
) -> list[BaseRoute]:
    """Every address and who answers it. GET brings HEAD with it; any other method is 405.

    Programs of OpenWeatherMap are answered as there: also to a POST, and with a slash too many at the beginning.
    The path prefix `root` is taken off before; without the slash behind it, it is an address that people type.
    """
    return [
        *([Route(root, pages.entry)] if root else []),
        Route("/", pages.home),
        Route("/search", pages.search),
        Route("/forecast", pages.search),
        Route("/forecast/{point}", pages.forecast),
        Route("/forecast/{point}/meteogram.svg", pages.meteogram),
        Route("/offline", pages.offline),
        Route("/status", pages.status),
        by_method("/places", GET=saved.page, POST=saved.add),
        by_method("/places/{id}/remove", POST=saved.remove),
        *(Route(f"/api/v1/{name}", partial(api.weather, question)) for name, question in WEATHER_ROUTES.items()),
        Route("/api/v1/search", api.search),
        by_method("/api/v1/places", GET=places.all, POST=places.add),
        by_method("/api/v1/places/{id}", GET=places.get, PUT=places.replace, DELETE=places.remove),
        Route("/openapi.json", docs.openapi),
        Route("/docs", docs.page),
        Route("/docs/{chapter}", docs.chapter),
        Route("/llms.txt", docs.llms),
        *(Route(path, relay.answer, methods=["GET", "POST"]) for path in RELAYED),
        Route("/healthz", ops.healthz),
        Route("/readyz", ops.readyz),
        Route("/static/{name}", ops.static),
        Route("/sw.js", installable.worker),
        Route("/manifest.webmanifest", installable.manifest),
    ]


def by_method(path: str, **handlers: Callable[[Request], Awaitable[Response]]) -> Route:
    """One address whose methods have handlers of their own, so that a 405 names them all."""

    async def answer(request: Request) -> Response:
        return await handlers["GET" if request.method == "HEAD" else request.method](request)

    return Route(path, answer, methods=list(handlers))
