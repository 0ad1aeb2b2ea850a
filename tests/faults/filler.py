"""Fills a file system through the real store, and says as JSON what then still works: `filler.py folder`."""

import asyncio
import json
import logging
import os
import sys
import time
from pathlib import Path

from weather.upstream.stores.disk import DiskStore


class Count(logging.Handler):
    """How many lines were logged."""

    lines = 0

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += 1


async def fill(folder: Path) -> dict[str, object]:
    store, count = DiskStore(folder, 2**30, time.monotonic, time.time), Count()
    logging.getLogger().addHandler(count)
    await store.open()
    first = [f"/first-{i}" for i in range(20)]
    for key in first:
        await store.put(key, key.encode() * 100, 3600, time.time())
    await store.claim("the writes before it", "me", 1)
    found = sum([await store.get(key) == key.encode() * 100 for key in first])
    for i in range(400):
        await store.put(f"/more-{i}", os.urandom(20_000), 3600, time.time())
        await asyncio.sleep(0.002)
    claimed = await store.claim("one more", "me", 5)
    told = {
        "free": os.statvfs(folder).f_bavail * os.statvfs(folder).f_bsize,
        "first": found,
        "first again": sum([await store.get(key) == key.encode() * 100 for key in first]),
        "claimed": claimed,
        "trouble": store.problem,
        "warnings": count.lines,
    }
    await store.close()
    return told


if __name__ == "__main__":
    print(json.dumps(asyncio.run(fill(Path(sys.argv[1])))))
