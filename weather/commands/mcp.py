"""`weather mcp`: the tools for language models on standard input and output, by the cache and quota of a server."""

import asyncio
import sys
from collections.abc import Coroutine

from weather.backend import Backend, Clocks
from weather.places.search.place_search import PlaceSearch
from weather.places.time_zones import use_newest
from weather.settings import Settings
from weather.web.http.site import Site
from weather.web.mcp.endpoint import NOT_INSTALLED
from weather.web.mcp.tools import Tools


def mcp(settings: Settings) -> int:
    """Serve until standard input ends. The exit status: 2 without the extra."""
    try:
        from weather.web.mcp import protocol  # of an extra, which may not be there
    except ImportError:
        print(f"weather: {NOT_INSTALLED}", file=sys.stderr)
        return 2
    use_newest()
    clocks = Clocks()
    backend = Backend(settings, clocks, None, 1)
    sources = backend.sources
    site = Site(sources.provider, PlaceSearch(backend.atlas, sources.geocoders, sources.by_id), settings, clocks.wall)
    asyncio.run(serve(backend, protocol.serve_stdio(Tools(site))))
    return 0


async def serve(backend: Backend, serving: Coroutine[None, None, None]) -> None:
    await backend.open()
    try:
        await serving
    finally:
        await backend.close()
