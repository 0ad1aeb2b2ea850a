"""What is kept: entries in memory, bounded in bytes, above a store that outlives the process."""

from collections import OrderedDict

from weather.exchange import CacheEntry, Store, unpack

MEMORY_LIMIT = 32 * 2**20


class Memory:
    """The most recently used entries, within a number of bytes."""

    def __init__(self, limit: int = MEMORY_LIMIT) -> None:
        self._limit, self._bytes = limit, 0
        self._entries: OrderedDict[str, CacheEntry] = OrderedDict()

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
        self._store, self._memory = store, memory or Memory()

    @property
    def trouble(self) -> str | None:
        """What keeps answers from outliving the process; None if nothing does."""
        return self._store.trouble

    async def open(self) -> None:
        await self._store.open()

    async def get(self, key: str) -> CacheEntry | None:
        if entry := self._memory.get(key):
            return entry
        stored = await self._store.get(key)
        if stored is None or (entry := unpack(stored)) is None:
            return None
        self._memory.put(key, entry)
        return entry

    async def put(self, key: str, entry: CacheEntry, seconds: float, *, persist: bool) -> None:
        """Keep an entry in memory, and for so many seconds in the store unless upstream said not to."""
        self._memory.put(key, entry)
        if persist:
            await self._store.put(key, entry.pack(), seconds)

    async def close(self) -> None:
        await self._store.close()
