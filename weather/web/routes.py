"""The URL map, on one screen."""

from starlette.routing import BaseRoute, Route

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
        Route("/status", pages.status),
        Route("/api/v1/forecast", api.forecast),
        Route("/api/v1/current", api.current),
        Route("/api/v1/hourly", api.hourly),
        Route("/api/v1/daily", api.daily),
        Route("/api/v1/minutely", api.minutely),
        Route("/api/v1/alerts", api.alerts),
        Route("/api/v1/air", api.air),
        Route("/api/v1/search", api.search),
        Route("/data/{rest:path}", relay.answer),
        Route("/geo/{rest:path}", relay.answer),
        Route("/map/{rest:path}", relay.answer),
        Route("/healthz", ops.healthz),
        Route("/readyz", ops.readyz),
        Route("/static/{name}", ops.static),
        Route("/sw.js", installable.worker),
        Route("/manifest.webmanifest", installable.manifest),
    ]
