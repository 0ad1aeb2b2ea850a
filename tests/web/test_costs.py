"""What one request costs: never out of proportion to its size, whatever it holds (105).

Seconds would tell more of the machine than of the code, so that two requests of one run are compared: a header or
parameter at its largest size, and a tenth of that. What reads it in a straight line costs ten times as much at most;
what tries all ways through it a hundred times. `tests/bench/bounds.py` tells the milliseconds.
"""

import pytest
import walk
from fakes import Clock, Upstream, running

pytestmark = pytest.mark.anyio

MOST = 25
SETTINGS = {"WEATHER_ACCESS_KEYS": "alpha", "WEATHER_TRUSTED_PROXIES": "127.0.0.1"}


async def ratio(app, small, large) -> float:
    """How much dearer the large request is than the small one: the least of a few looks, for others use the machine."""
    found = []
    for _ in range(5):
        found.append((await walk.cost(app, *large)) / await walk.cost(app, *small))
        if found[-1] < MOST:
            break
    return min(found)


@pytest.fixture(params=["ready", "made anew"])
async def app(request):
    async with running(Upstream(), Clock(), ready=request.param == "ready", **SETTINGS) as site:
        for path in walk.DOORS.values():
            await site.get(path)  # what is made once is made before
        yield site.app


@pytest.mark.slow
async def test_no_header_costs_out_of_proportion(app):
    """Each header that is read, filled with each thing that ever made a reader slow, at every door that reads it."""
    for door, name, filler, frame in walk.header_walk():
        sizes = (walk.LARGEST_HEADER // 10, walk.LARGEST_HEADER)
        small, large = ((walk.DOORS[door], {name: walk.filled(filler, size, frame)}) for size in sizes)
        found = await ratio(app, small, large)
        assert found < MOST, (door, name, filler, frame, found)


@pytest.mark.slow
async def test_no_parameter_costs_out_of_proportion(app):
    """Each parameter of each route, filled likewise up to the longest address."""
    for path, name, filler in walk.parameter_walk():
        sizes = (walk.LARGEST_QUERY // 10, walk.LARGEST_QUERY)
        small, large = ((walk.target(path, name, walk.filled(filler, size)), {}) for size in sizes)
        found = await ratio(app, small, large)
        assert found < MOST, (path, name, filler, found)
