"""The URL map, on one screen."""

from functools import partial

from starlette.routing import BaseRoute, Route

from weather.web.answers import QUESTIONS
from weather.web.api import Api
from weather.web.installable import Installable
from weather.web.ops import Ops
from weather.web.pages import Pages
from weather.web.relay import Relay


def routes(pages: Pages, api: Api, relay: Relay, ops: Ops, installable: Installable) -> list[BaseRoute]:
    """Every address and who answers it. GET brings HEAD with it; any other method is 405."""
    return [
        Route("/", pages.home),
        Route("/search", pages.search),
        Route("/forecast", pages.search),
        Route("/forecast/{point}", pages.forecast),
        Route("/forecast/{point}/meteogram.svg", pages.meteogram),
        Route("/offline", pages.offline),
        *(Route(f"/api/v1/{name}", partial(api.weather, question)) for name, question in QUESTIONS.items()),
        Route("/api/v1/search", api.search),
        Route("/data/{rest:path}", relay.answer),
        Route("/geo/{rest:path}", relay.answer),
        Route("/healthz", ops.healthz),
        Route("/readyz", ops.readyz),
        Route("/static/{name}", ops.static),
        Route("/sw.js", installable.worker),
        Route("/manifest.webmanifest", installable.manifest),
    ]
