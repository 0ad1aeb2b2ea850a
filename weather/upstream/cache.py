"""The cache of upstream's answers: entries in memory, bounded in bytes, above a store that all workers share."""

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
    """Memory above a store. Never raises: what a failing store does not give is a miss.

    Entries in memory age by the steady clock too, so that none becomes younger when the time of day is set.
    """

    def __init__(self, store: Store, memory: Memory | None = None, steady: Callable[[], float] = lambda: 0.0) -> None:
        self.store, self._steady = store, steady
        self.memory = Memory() if memory is None else memory

    def get_local(self, key: str, now: float) -> CacheEntry | None:
        """The entry in this worker's memory, with its age corrected."""
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
        """The newer of the entry in memory and the stored one, which is then in memory.

        An entry dated in the future never replaces another: the clock was set back.
        """
        local, entry = self.get_local(key, now), None if stored is None else unpack(stored)
        if entry is None or (local and not is_newer(entry, local, now)):
            return local
        return self._put_local(key, entry, fetched_at(entry.fetched_at, now, fresh_for), now)

    async def put(self, key: str, entry: CacheEntry, seconds: float, *, persist: bool) -> None:
        """Put an entry that was fetched just now in memory, and with `persist` in the store for so many seconds."""
        self._put_local(key, entry, entry.fetched_at, entry.fetched_at)
        if persist:
            await self.store.put(key, entry.pack(), seconds, entry.fetched_at)

    def _put_local(self, key: str, entry: CacheEntry, at: float, now: float) -> CacheEntry:
        """Put an entry in memory as fetched at that time, and note when that was by the steady clock."""
        origin = Origin(entry.fetched_at, at, self._steady() - (now - at))
        local = replace(entry, fetched_at=at, origin=origin)
        self.memory.put(key, local)
        return local


def is_newer(entry: CacheEntry, local: CacheEntry, now: float) -> bool:
    """Whether the stored entry is another than the one in memory, and was fetched later."""
    is_same = local.origin is not None and local.origin.stored_at == entry.fetched_at
    return not is_same and local.fetched_at < entry.fetched_at <= now + AHEAD
