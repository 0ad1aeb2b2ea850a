"""Where answers, turns and budgets outlive the process, and are shared by workers: what every store can do.

Two kinds of fault are told apart. Late: it is slow or locked, and what it holds is not known now; so nothing is
granted. Unkept: it cannot keep anything (unwritable, broken, not there, one process's own); so each worker is on its
own. To reads and writes either is a miss, or a dropped write, and one log line.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from weather.upstream.quota import Charge, QuotaRefusal

LONGEST_WAIT = 6.0
"""Seconds that a claim or a spend waits for a store that is slow or locked: a call for which nothing is kept has the
eight of WEATHER_TIMEOUT. Reads wait for nothing."""

GRACE = 1.0
"""Seconds, at most, in which the holder of a claim that has lapsed may have it back, once another wants it: while a
store was locked it could not be renewed."""


class LedgerUnavailable(Exception):
    """This store cannot keep a ledger: it is down, broken, cannot be written to, or is one process's own."""


class StoreLate(Exception):
    """This store did not answer in time: what it holds, or would say, is not known."""


class Store(Protocol):
    """A fault is a miss or a dropped write, and one log line; what must not be guessed tells of it."""

    async def open(self) -> None: ...

    async def get(self, key: str) -> bytes | None: ...

    async def get_many(self, keys: Sequence[str], *, patient: bool = False) -> Mapping[str, bytes]:
        """What is kept under these keys, in one look; nothing of a key under which nothing is.

        Waits for nothing, and a fault is nothing; if `patient`, waits for a store that is slow, and raises Late.
        """
        ...

    async def put(self, key: str, value: bytes, seconds: float, at: float = 0.0) -> None:
        """Keep a value for so long. `at`: when it came about (Unix seconds); it never replaces a later one.

        Nobody waits for it. What is put before a claim is given back is there before another can have that claim.
        """

    async def claim(self, key: str, holder: str, seconds: float) -> bool:
        """Whether this is now the holder's, for so long: it was free, lapsed, or the same holder's already.

        Not if that is not known in time; but whoever asks, where the store can keep no claims. One that has lapsed its
        holder may have back for a moment (`grace`). A late one may still be carried out: who gives up releases it.
        """
        ...

    async def release(self, key: str, holder: str) -> None:
        """Give back what this holder claimed."""

    async def charge(self, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
        """Draw all of it, or nothing and say which budget refused. Raises Unkept, or Late: then it may be drawn."""
        ...

    async def sample(self, most: int) -> list[tuple[str, float]]:
        """Some of the keys that begin with a slash, and when their values came about: for people to look at."""
        ...

    async def close(self) -> None: ...

    @property
    def problem(self) -> str | None:
        """What keeps it from working, for `/readyz`; None if nothing does."""
        ...


def grace(seconds: float) -> float:
    """How long the holder of a claim for so many seconds may have it back, once it has lapsed and another wants it."""
    return min(seconds, GRACE)
