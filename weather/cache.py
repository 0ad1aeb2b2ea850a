"""What is kept: entries in memory, bounded in bytes, above a store that outlives the process and that workers share."""

from collections import OrderedDict
from math import inf

from weather.exchange import CacheEntry, unpack
from weather.store import AHEAD, Store

MEMORY_LIMIT = 32 * 2**20


class Memory:
    """The most recently used entries, within a number of bytes."""

    def __init__(self, limit: int = MEMORY_LIMIT) -> None:
        self._limit, self._bytes = limit, 0
        self._entries: OrderedDict[str, CacheEntry] = OrderedDict()

    def __len__(self) -> int:
        return len(self._entries)

    @property
    def bytes(self) -> int:
        return self._bytes

    def get(self, key: str) -> CacheEntry | None:
        if entry := self._entries.get(key):
            self._entries.move_to_end(key)
        return entry

    def put(self, key: str, entry: CacheEntry) -> None:
        if replaced := self._entries.pop(key, None):
            self._bytes -= replaced.size
        self._entries[key] = entry
        self._bytes += entry.size
        while self._bytes > self._limit:
            _, dropped = self._entries.popitem(last=False)
            self._bytes -= dropped.size


class Cache:
    """Both levels. Never raises: a store that fails costs what it would have remembered."""

    def __init__(self, store: Store, memory: Memory | None = None) -> None:
        self.store, self.memory = store, Memory() if memory is None else memory

    def recall(self, key: str) -> CacheEntry | None:
        """What this worker has at hand."""
        return self.memory.get(key)

    def newest(self, key: str, stored: bytes | None, now: float) -> CacheEntry | None:
        """The newer of what this worker has at hand and what the store has just given.

        One that was fetched in the future is from before the clock was set back: older than any other, newer than none.
        """
        held, entry = self.memory.get(key), None if stored is None else unpack(stored)
        if entry is None or (held and dated(entry, now) <= dated(held, now)):
            return held
        self.memory.put(key, entry)
        return entry

    async def put(self, key: str, entry: CacheEntry, seconds: float, *, persist: bool) -> None:
        """Keep an entry in memory, and for so many seconds in the store unless upstream said not to."""
        self.memory.put(key, entry)
        if persist:
            await self.store.put(key, entry.pack(), seconds, entry.fetched_at)


def dated(entry: CacheEntry, now: float) -> float:
    """When an entry was fetched; before all times, if that is ahead of now by more than clocks differ."""
    return entry.fetched_at if entry.fetched_at <= now + AHEAD else -inf
