"""Spends from a budget of 2,000 until it is refused twice over or has tried enough; prints how often it could.

Run as `spender.py where times`: a folder, or the URL of a Redis.
"""

import asyncio
import sys
import time
from pathlib import Path

from weather.upstream.quota import Charge
from weather.upstream.stores.backoff import Patience
from weather.upstream.stores.base import LedgerUnavailable, StoreLate
from weather.upstream.stores.disk import BUDGETS, DiskStore
from weather.upstream.stores.redis import RedisStore

PATIENCE = 20.0
"""So that nothing is given up, and counted all the same, on a busy machine."""


async def charge(where: str, times: int) -> int:
    """Each tries 100 times more than its share: what is counted wrong would show."""
    if where.startswith("redis:"):
        store = RedisStore(where, time.monotonic, time.time, "spent:", Patience(PATIENCE))
    else:
        store = DiskStore(Path(where), 2**24, time.monotonic, time.time, BUDGETS, PATIENCE)
    await store.open()
    draw, spent = Charge("b", 1, time.time() + 3600, 4 * times), 0
    for _ in range(times + 100):
        while True:
            try:
                spent += await store.charge([draw], time.time()) is None
                break
            except (LedgerUnavailable, StoreLate):  # another has it, or it is slow: try again
                await asyncio.sleep(0.001)
    await store.close()
    return spent


if __name__ == "__main__":
    print(asyncio.run(charge(sys.argv[1], int(sys.argv[2]))))
