"""Where answers, turns and budgets outlive the process, and are shared by workers: what every store can do."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from weather.quota import Draw, Refused


class Unkept(Exception):
    """This store cannot keep a ledger: it is down, locked, broken, or one process's own."""


class Store(Protocol):
    """A fault is a miss, a dropped write or a granted claim, and one log line; only `spend` tells of it."""

    async def open(self) -> None: ...

    async def get(self, key: str) -> bytes | None: ...

    async def several(self, keys: Sequence[str]) -> Mapping[str, bytes]:
        """What is kept under these keys, in one look; nothing of a key under which nothing is."""
        ...

    async def put(self, key: str, value: bytes, seconds: float, at: float = 0.0) -> None:
        """Keep a value for so long. `at`: when it came about (Unix seconds); it never replaces a later one."""

    async def claim(self, key: str, holder: str, seconds: float) -> bool:
        """Whether this is now the holder's, for so long: it was free, lapsed, or the same holder's already."""
        ...

    async def release(self, key: str, holder: str) -> None:
        """Give back what this holder claimed."""

    async def spend(self, taken: Sequence[Draw], now: float) -> Refused | None:
        """Draw all of it, or nothing and say which budget refused. Raises Unkept."""
        ...

    async def sample(self, most: int) -> list[tuple[str, float]]:
        """Some of the keys that begin with a slash, and when their values came about: for people to look at."""
        ...

    async def close(self) -> None: ...

    @property
    def trouble(self) -> str | None:
        """What keeps it from working, for `/readyz`; None if nothing does."""
        ...
