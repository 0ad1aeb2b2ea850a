"""The store of `memory:`, of one process and bounded in bytes; nothing is kept after a restart."""

from collections.abc import Callable, Sequence
from math import inf

from weather.messages import N_
from weather.upstream.freshness import AHEAD
from weather.upstream.lru_bytes import LruBytes
from weather.upstream.quota import Charge, QuotaRefusal
from weather.upstream.stores.base import LedgerUnavailable

LIMIT, LEAST = 16 * 2**20, 2**9


class MemoryStore:
    """Values with their expiry on a steady clock, and their dates."""

    is_contended = False
    problem: str | None = N_("nothing is kept after a restart (WEATHER_CACHE_URL)")

    def __init__(
        self, steady: Callable[[], float], limit: int = LIMIT, wall: Callable[[], float] = lambda: inf
    ) -> None:
        self._steady, self._wall = steady, wall
        self._values: LruBytes[str, tuple[bytes, float, float]] = LruBytes(limit, lambda _, row: len(row[0]) + LEAST)

    async def open(self) -> None:
        """Nothing to open."""

    async def get(self, key: str) -> bytes | None:
        row = self._current(key)
        return row[0] if row else None

    def _current(self, key: str) -> tuple[bytes, float, float] | None:
        row = self._values.get(key)
        return row if row and self._steady() < row[1] else None

    async def get_many(self, keys: Sequence[str], *, patient: bool = False) -> dict[str, bytes]:
        return {key: value for key in keys if (value := await self.get(key)) is not None}

    async def put(self, key: str, value: bytes, seconds: float, at: float = 0.0) -> None:
        row = self._current(key)
        if row is None or not at < row[2] <= self._wall() + AHEAD:
            self._set(key, value, seconds, at)

    def _set(self, key: str, value: bytes, seconds: float, at: float) -> None:
        self._values.put(key, (value, self._steady() + seconds, at))

    async def claim(self, key: str, holder: str, seconds: float) -> bool:
        if await self.get(f"claim {key}") not in (None, holder.encode()):
            return False
        self._set(f"claim {key}", holder.encode(), seconds, 0.0)
        return True

    async def release(self, key: str, holder: str) -> None:
        if await self.get(f"claim {key}") == holder.encode():
            self._values.drop(f"claim {key}")

    async def charge(self, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
        """Raises LedgerUnavailable: a ledger of one process does not count the others' charges."""
        raise LedgerUnavailable

    async def sample(self, most: int) -> list[tuple[str, float]]:
        sample = [
            (key, at)
            for key, (_, expires_at, at) in self._values.items()
            if key[0] == "/" and self._steady() < expires_at
        ]
        return sample[-most:]

    async def close(self) -> None:
        """Nothing to close."""
