"""Writes entries through the real store until it is killed, and says of each that it was put, or is written.

Run as `writer.py folder name`; the words go to standard output, unbuffered: "put key", "written key".
"""

import asyncio
import os
import sys
import time
from itertools import count
from pathlib import Path

from weather.upstream.stores.disk import DiskStore
from weather.upstream.types import CacheEntry


def entry_of(key: str) -> CacheEntry:
    """What is put under a key: between 1 and 64 KB, all of it told by the key."""
    number = int(key.rpartition("-")[2])
    return CacheEntry(200, key, key.encode() * (100 + 37 * number % 6000), float(number))


async def write(folder: Path, name: str) -> None:
    store = DiskStore(folder, 2**30, time.monotonic, time.time, patience=60)
    await store.open()
    if store.problem:
        sys.exit(store.problem)
    for number in count():
        key = f"{name}-{number}"
        await store.put(key, entry_of(key).pack(), 3600)
        os.write(1, f"put {key}\n".encode())
        if number % 50 == 49:
            await store.claim(f"after {key}", name, 60)  # whose turn comes when all before it is done
            os.write(1, f"written {key}\n".encode())
        await asyncio.sleep(0.002)


if __name__ == "__main__":
    asyncio.run(write(Path(sys.argv[1]), sys.argv[2]))
