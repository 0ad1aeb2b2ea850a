"""The cache of upstream's answers: entries in memory, bounded in bytes, above a store that all workers share."""

from collections.abc import Callable
from dataclasses import replace

from weather.upstream.freshness import AHEAD, fetched_at, still_fetched_at
from weather.upstream.lru_bytes import LruBytes
from weather.upstream.stores.base import Store
from weather.upstream.types import CacheEntry, Origin, unpack

MEMORY_LIMIT = 32 * 2**20


def new_memory(limit: int = MEMORY_LIMIT) -> LruBytes[str, CacheEntry]:
    return LruBytes(limit, lambda key, entry: entry.size)


class Cache:
    """Memory above a store. Never raises: what a failing store does not give is a miss.

    Entries in memory age by the steady clock too, so that none becomes younger when the time of day is set.
    """

    def __init__(self, store: Store, steady: Callable[[], float] = lambda: 0.0) -> None:
        self.store, self._steady = store, steady
        self._memory = new_memory()

    def get_local(self, key: str, now: float) -> CacheEntry | None:
        """The entry in this worker's memory, with its age corrected."""
        local = self._memory.get(key)
        if local is None or local.origin is None:
            return local
        age = self._steady() - local.origin.steady_at
        at = still_fetched_at(local.origin.dated_at, local.fetched_at, now, age)
        if at == local.fetched_at:
            return local
        local = replace(local, fetched_at=at)
        self._memory.put(key, local)
        return local

    def merge(self, key: str, stored: bytes | None, now: float, fresh_for: float) -> CacheEntry | None:
        """The newer of the entry in memory and the stored one, which is then in memory.

        An entry dated in the future never replaces another: the clock was set back.
        """
        local, entry = self.get_local(key, now), None if stored is None else unpack(stored)
        if entry is None or (local and not is_newer(entry, local, now)):
            return local
        lifetime = max(fresh_for, entry.caching.fresh_for or 0.0)
        return self._put_local(key, entry, fetched_at(entry.fetched_at, now, lifetime), now)

    async def put(self, key: str, entry: CacheEntry, seconds: float, *, persist: bool) -> None:
        """Put an entry that was fetched just now in memory, and with `persist` in the store for so many seconds."""
        self._put_local(key, entry, entry.fetched_at, entry.fetched_at)
        if persist:
            await self.store.put(key, entry.pack(), seconds, entry.fetched_at)

    def _put_local(self, key: str, entry: CacheEntry, at: float, now: float) -> CacheEntry:
        """Put an entry in memory as fetched at that time, and note when that was by the steady clock."""
        origin = Origin(entry.fetched_at, at, self._steady() - (now - at))
        local = replace(entry, fetched_at=at, origin=origin)
        self._memory.put(key, local)
        return local


def is_newer(entry: CacheEntry, local: CacheEntry, now: float) -> bool:
    """Whether the stored entry is another than the one in memory, and was fetched later."""
    is_same = local.origin is not None and local.origin.stored_at == entry.fetched_at
    return not is_same and local.fetched_at < entry.fetched_at <= now + AHEAD
