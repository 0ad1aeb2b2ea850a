"""Spends from the budgets: in the store that all workers share; where none can be kept, each worker from its share.

Never over the limit. A store that is late stops calls. One that is lost leaves what it last said: of the rest each
worker may spend its part, counts that by itself, and writes it down when the store is there again.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf

from weather.upstream.codec import unsealed
from weather.upstream.quota import Charge, QuotaRefusal, Row, counted, try_charge
from weather.upstream.stores.base import LedgerUnavailable, Store, StoreLate

MOST_ROWS = 5_000
"""Budgets that one worker remembers, those that were drawn on last; clients come and go."""

LATE = QuotaRefusal("", 1.0)
"""What has been spent cannot be looked up for a moment."""


class Rows:
    """Budgets by name, of those drawn on last."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, Row] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rows)

    def of(self, names: Iterable[str]) -> dict[str, Row]:
        return {name: self._rows.get(name, []) for name in names}

    def counted(self, budget: str, now: float) -> float:
        return counted(self._rows.get(budget, []), now)

    def set(self, rows: Mapping[str, Row]) -> None:
        for name, row in rows.items():
            self._rows.pop(name, None)
            if row:
                self._rows[name] = row
        while len(self._rows) > MOST_ROWS:
            self._rows.popitem(last=False)

    def draw(self, taken: Sequence[Charge], now: float) -> None:
        """Draw this, however much that makes."""
        settled = try_charge(self.of(names(taken)), [replace(one, limit=inf) for one in taken], now)
        assert not isinstance(settled, QuotaRefusal)  # noqa: S101
        self.set(settled)


class Ledger:
    """Remembers what the store last said, what this worker has spent, and what of that without the store."""

    def __init__(self, store: Store, workers: int) -> None:
        self._store, self._workers = store, workers
        self._shared, self._own, self._alone = Rows(), Rows(), Rows()

    async def spend(self, taken: Sequence[Charge], now: float) -> QuotaRefusal | None:
        """Draw all of it, or nothing and say which budget refused; `LATE` while the store is slow or locked."""
        for rows in (self._own, self._shared):
            known = try_charge(rows.of(names(taken)), taken, now)
            if isinstance(known, QuotaRefusal):
                return known  # it has been spent, whatever a store that has forgotten says
        try:
            await self._report(taken, now)
            refused = await self._store.spend(taken, now)
        except StoreLate:
            return LATE
        except LedgerUnavailable:
            await self._hear(taken, now)  # it may be that it can still be read
            return self._spend_alone(taken, now)
        if refused is None:
            self._own.draw(taken, now)
        await self._hear(taken, now)
        return refused

    async def _report(self, taken: Sequence[Charge], now: float) -> None:
        """Write down what was spent without the store. It counts as spent now, which is no shorter than it would."""
        owed = [replace(one, amount=self._alone.counted(one.budget, now), limit=inf) for one in taken]
        owed = [one for one in owed if one.amount]
        if not owed:
            return
        held = self._alone.of(names(owed))
        self._alone.set({name: [] for name in held})
        try:
            await self._store.spend(owed, now)
        except BaseException:
            self._alone.set({name: sorted([*row, *held[name]]) for name, row in self._alone.of(held).items()})
            raise

    async def _hear(self, taken: Sequence[Charge], now: float) -> None:
        """Remember what the store says, unless it is less than is known: then it has forgotten."""
        kept = await self._store.get_many(names(taken))
        for name, row in self._shared.of(kept).items():
            said = unsealed(kept[name], Row) or []
            if counted(said, now) > counted(row, now):
                self._shared.set({name: said})

    def _spend_alone(self, taken: Sequence[Charge], now: float) -> QuotaRefusal | None:
        """Spend from this worker's share, and no more than its part of what was left when the store was last heard."""
        share = [replace(one, limit=max(1.0, one.limit / self._workers)) for one in taken]
        part = [replace(one, limit=self._part(one, now)) for one in taken]
        for rows, mine in ((self._own, share), (self._alone, part)):
            settled = try_charge(rows.of(names(mine)), mine, now)
            if isinstance(settled, QuotaRefusal):
                return settled
        self._own.draw(taken, now)
        self._alone.draw(taken, now)
        return None

    def _part(self, draw: Charge, now: float) -> float:
        used = self._shared.counted(draw.budget, now)
        return max(0.0, draw.limit - used) / self._workers if used else inf

    async def spent(self, budget: str, now: float) -> float:
        """What has been drawn from a budget and still counts, by all workers as far as is known."""
        stored = unsealed(await self._store.get(budget) or b"", Row) or []
        shared = max(self._shared.counted(budget, now), counted(stored, now))
        return max(shared + self._alone.counted(budget, now), self._own.counted(budget, now))


def names(taken: Sequence[Charge]) -> list[str]:
    return [one.budget for one in taken]
