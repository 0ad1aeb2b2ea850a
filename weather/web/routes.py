"""The URL map, on one screen."""

from collections.abc import Awaitable, Callable
from functools import partial

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from weather.web.answers import QUESTIONS
from weather.web.api import Api
from weather.web.docs import Docs
from weather.web.installable import Installable
from weather.web.ops import Ops
from weather.web.pages import Pages
from weather.web.places import PlacesApi
from weather.web.relay import Relay
from weather.web.saved_pages import SavedPages


def routes(
    pages: Pages,
    saved: SavedPages,
    api: Api,
    places: PlacesApi,
    docs: Docs,
    relay: Relay,
    ops: Ops,
    installable: Installable,
    root: str = "",
) -> list[BaseRoute]:
    """Every address and who answers it. GET brings HEAD with it; any other method is 405.

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
        *(Route(f"/api/v1/{name}", partial(api.weather, question)) for name, question in QUESTIONS.items()),
        Route("/api/v1/search", api.search),
        by_method("/api/v1/places", GET=places.all, POST=places.add),
        by_method("/api/v1/places/{id}", GET=places.get, PUT=places.replace, DELETE=places.remove),
        Route("/openapi.json", docs.openapi),
        Route("/docs", docs.page),
        Route("/docs/{chapter}", docs.chapter),
        Route("/llms.txt", docs.llms),
        Route("/data/{rest:path}", relay.answer),
        Route("/geo/{rest:path}", relay.answer),
        Route("/map/{rest:path}", relay.answer),
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
