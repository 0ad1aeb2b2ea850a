"""Persistent key-value store for responses, leases and quotas, shared by all workers: what every store can do.

There are two kinds of fault:

1. Late: the store is slow or locked. What it holds is not known now, so nothing is granted.
2. Unavailable: it cannot store anything (unwritable, broken, gone, or of one process only). Each worker is on its own.

To a read either is a miss, to a write a dropped write, and one log line.
"""

from collections.abc import Mapping, Sequence
from typing import Protocol

from weather.upstream.quota import Charge, QuotaRefusal

LONGEST_WAIT = 6.0
"""Seconds that a claim or a charge waits for a store that is slow or locked: a call for which nothing is cached has the
eight of WEATHER_TIMEOUT. Reads do not wait."""

GRACE = 1.0
"""Seconds, at most, in which the holder may renew a claim that has expired, once another wants it: while a store was
locked it could not be renewed."""


class LedgerUnavailable(Exception):
    """This store cannot keep a ledger: it is down, broken, cannot be written to, or is one process's own."""


class StoreLate(Exception):
    """This store did not answer in time: what it holds, or would say, is not known."""


class Store(Protocol):
    """A fault is a miss or a dropped write, and one log line. Only `claim`, `charge` and patient reads report it."""

    is_contended: bool
    """Whether charges hinder each other that one worker makes at once: they are to be made one by one."""

    async def open(self) -> None: ...

    async def get(self, key: str) -> bytes | None: ...

    async def get_many(self, keys: Sequence[str], *, patient: bool = False) -> Mapping[str, bytes]:
        """The values of those keys that have one, in one read.

        Does not wait, and returns nothing after a fault; if `patient`, waits for a store that is slow, and raises
        StoreLate.
        """
        ...

    async def put(self, key: str, value: bytes, seconds: float, at: float = 0.0) -> None:
        """Store a value for so many seconds. `at`: its date (Unix seconds); it never replaces a later one.

        Nobody waits for it. A value that is put before a claim is released is there before another can have the claim.
        """

    async def claim(self, key: str, holder: str, seconds: float) -> bool:
        """Whether the key is now claimed for this holder: it was free, expired, or the same holder's already.

        False if that is not known in time. True for everybody where the store cannot store claims. A claim that has
        expired may be renewed by its holder for a moment (`grace`). After False the claim may still be carried out:
        who gives up releases it.
        """
        ...

    async def release(self, key: str, holder: str) -> None:
        """Release this holder's claim."""

    async def charge(self, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
        """Make all of these charges, or none and return the refusal. Raises LedgerUnavailable, or StoreLate: then they
        may have been made."""
        ...

    async def sample(self, most: int) -> list[tuple[str, float]]:
        """Some of the keys that begin with a slash, with the dates of their values, for `/status`."""
        ...

    async def close(self) -> None: ...

    @property
    def problem(self) -> str | None:
        """What keeps it from working, for `/readyz`; None if nothing does."""
        ...


def grace(seconds: float) -> float:
    """How long an expired claim of so many seconds may be renewed by its holder, once another wants it."""
    return min(seconds, GRACE)
