"""What is kept: entries in memory, bounded in bytes, above a store that outlives the process and that workers share."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace

from weather.upstream.freshness import AHEAD, fetched_at, still_fetched_at
from weather.upstream.stores.base import Store
from weather.upstream.types import CacheEntry, Origin, unpack

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
    """Both levels. Never raises: a store that fails costs what it would have remembered.

    What is in hand ages by the steady clock too, so that nothing becomes younger when the time of day is set.
    """

    def __init__(self, store: Store, memory: Memory | None = None, steady: Callable[[], float] = lambda: 0.0) -> None:
        self.store, self.memory, self._steady = store, Memory() if memory is None else memory, steady

    def get_local(self, key: str, now: float) -> CacheEntry | None:
        """What this worker has at hand."""
        local = self.memory.get(key)
        if local is None or local.origin is None:
            return local
        age = self._steady() - local.origin.steady_at
        at = still_fetched_at(local.origin.dated_at, local.fetched_at, now, age)
        if at == local.fetched_at:
            return local
        local = replace(local, fetched_at=at)
        self.memory.put(key, local)
        return local

    def merge(self, key: str, stored: bytes | None, now: float, fresh_for: float) -> CacheEntry | None:
        """The newer of what this worker has at hand and what the store has just given.

        One that was fetched in the future is from before the clock was set back: older than any other, newer than none.
        """
        local, entry = self.get_local(key, now), None if stored is None else unpack(stored)
        if entry is None or (local and not is_newer(entry, local, now)):
            return local
        return self._hold(key, entry, fetched_at(entry.fetched_at, now, fresh_for), now)

    async def put(self, key: str, entry: CacheEntry, seconds: float, *, persist: bool) -> None:
        """Keep an entry that was fetched just now in memory, and for so many seconds in the store unless upstream said
        not to.
        """
        self._hold(key, entry, entry.fetched_at, entry.fetched_at)
        if persist:
            await self.store.put(key, entry.pack(), seconds, entry.fetched_at)

    def _hold(self, key: str, entry: CacheEntry, at: float, now: float) -> CacheEntry:
        """Take in hand, as fetched at that time, and write down when that was by the steady clock."""
        origin = Origin(entry.fetched_at, at, self._steady() - (now - at))
        local = replace(entry, fetched_at=at, origin=origin)
        self.memory.put(key, local)
        return local


def is_newer(entry: CacheEntry, local: CacheEntry, now: float) -> bool:
    """Whether what the store gives is not what is held, and came after it."""
    is_held = local.origin is not None and local.origin.stored_at == entry.fetched_at
    return not is_held and local.fetched_at < entry.fetched_at <= now + AHEAD
