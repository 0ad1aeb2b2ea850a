"""Spends from the budgets: in the store that all workers share; where that cannot be, each worker from its share."""

from collections.abc import Sequence
from dataclasses import replace
from math import inf

from weather.exchange import unsealed
from weather.quota import Draw, Refused, Row, settle
from weather.store import Store, Unkept

MOST_ROWS = 5_000
"""Budgets that one worker remembers; clients come and go."""


class Ledger:
    """Remembers too what this worker alone has spent: a store that forgets grants no new budget."""

    def __init__(self, store: Store, workers: int) -> None:
        self._store, self._workers = store, workers
        self._own: dict[str, Row] = {}

    async def spend(self, taken: Sequence[Draw], now: float) -> Refused | None:
        """Draw all of it, or nothing and say which budget refused."""
        refused = self._drawn(taken, now) or await self._shared(taken, now)
        if refused is None:
            self._note(taken, now)
        return refused

    async def _shared(self, taken: Sequence[Draw], now: float) -> Refused | None:
        try:
            return await self._store.spend(taken, now)
        except Unkept:
            return self._drawn([replace(one, limit=max(1.0, one.limit / self._workers)) for one in taken], now)

    def _drawn(self, taken: Sequence[Draw], now: float) -> Refused | None:
        settled = settle(self._own, taken, now)
        return settled if isinstance(settled, Refused) else None

    def _note(self, taken: Sequence[Draw], now: float) -> None:
        settled = settle(self._own, [replace(one, limit=inf) for one in taken], now)
        assert not isinstance(settled, Refused)  # noqa: S101
        self._own |= settled
        if len(self._own) > MOST_ROWS:
            self._own = {name: row for name, row in self._own.items() if row[-1][0] > now}

    async def spent(self, budget: str, now: float) -> float:
        """What has been drawn from a budget and still counts, by all workers as far as is known."""
        shared = unsealed(await self._store.get(budget) or b"", Row)
        return max(counted(self._own.get(budget, []), now), counted(shared or [], now))


def counted(row: Row, now: float) -> float:
    return sum(amount for end, amount in row if end > now)
