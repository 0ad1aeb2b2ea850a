"""What one request costs the loop at most: `python tests/bench/bounds.py`, the dearest of all headers and parameters.

Each header and parameter at its largest size, over the real app; milliseconds of processor time, the least of three.
The promise is 50.
"""

import asyncio
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import walk
from fakes import Clock, Upstream, running

SETTINGS = {"WEATHER_ACCESS_KEYS": "alpha", "WEATHER_TRUSTED_PROXIES": "127.0.0.1"}
SHOWN = 25


async def main() -> None:
    async with running(Upstream(), Clock(), ready="--no-ready" not in sys.argv, **SETTINGS) as site:
        found = []
        for door, name, filler, frame in walk.header_walk():
            headers = {name: walk.filled(filler, walk.LARGEST_HEADER, frame)}
            found.append((await least(site.app, walk.DOORS[door], headers), f"{door} {name}: {frame[0]}{filler}…"))
        for path, name, filler in walk.parameter_walk():
            address = walk.target(path, name, walk.filled(filler, walk.LARGEST_QUERY))
            found.append((await least(site.app, address, {}), f"{path}?{name}={filler}…"))
    for seconds, words in sorted(found, reverse=True)[:SHOWN]:
        print(f"{seconds * 1000:8.2f} ms  {words}")


async def least(app, path: str, headers: dict[str, str]) -> float:
    return min([await walk.cost(app, path, headers) for _ in range(3)])


asyncio.run(main())
