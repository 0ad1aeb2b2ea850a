"""A server's two lives over one folder, for a shell to change the disk between: `restarter.py folder end|kill|again`.

First it keeps 20 places, and ends as it should or by SIGKILL; then, with upstream down, it says as JSON what of them it
still answers, and how many calls the budget still holds.
"""

import asyncio
import json
import os
import signal
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

from fakes import NOON, Clock, Upstream, running

from weather.upstream.limits.quota_ledger import Ledger
from weather.upstream.quota import Charge
from weather.upstream.stores.disk import BUDGETS, DiskStore

PLACES = [f"/data/2.5/weather?lat={i}&lon=7" for i in range(20)]
DRAW = Charge("b", 1, NOON + 9e6, 30)


async def first(folder: Path, ending: str) -> None:
    async with running(Upstream(), Clock(), folder) as site:
        for path in PLACES:
            assert (await site.get(path)).status_code == 200
        store = DiskStore(folder, 2**24, Clock(), Clock(), BUDGETS)
        await store.open()
        for _ in range(20):
            assert await store.charge([DRAW], NOON) is None
        if ending == "kill":
            await asyncio.sleep(0.5)  # what nobody waits for is written a moment later
            os.kill(os.getpid(), signal.SIGKILL)
        await store.close()


async def again(folder: Path) -> dict[str, object]:
    upstream, clock = Upstream(), Clock()
    upstream.fails(503)
    clock.now += 7200
    store = DiskStore(folder, 2**24, clock, clock, BUDGETS)
    await store.open()
    ledger, left = Ledger(store, 1), 0
    while await ledger.charge([DRAW], NOON) is None:
        left += 1
    await store.close()
    async with running(upstream, clock, folder) as site:
        answers = [await site.get(path) for path in PLACES]
        checks = (await site.get("/readyz")).json()["checks"]
    return {
        "statuses": [answer.status_code for answer in answers],
        "states": ["stale" if "ttl=-" in answer.headers["cache-status"] else "fresh" for answer in answers],
        "trouble": checks["cache"].get("detail"),
        "left": left,
    }


if __name__ == "__main__":
    if sys.argv[2] == "again":
        print(json.dumps(asyncio.run(again(Path(sys.argv[1])))))
    else:
        asyncio.run(first(Path(sys.argv[1]), sys.argv[2]))
