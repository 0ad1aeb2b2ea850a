"""Spends from the budgets: in the store that all workers share; where none can be kept, each worker from its share.

Never over the limit. A store that is late stops calls. One that is lost leaves what it last said: of the rest each
worker may spend its part, counts that by itself, and writes it down when the store is there again.
"""

from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from math import inf

from weather.upstream.codec import unsealed
from weather.upstream.quota import Charge, QuotaRefusal, Usage, live_amount, try_charge
from weather.upstream.stores.base import LedgerUnavailable, Store, StoreLate

MOST_ROWS = 5_000
"""Budgets that one worker remembers, those that were drawn on last; clients come and go."""

LATE = QuotaRefusal("", 1.0)
"""What has been spent cannot be looked up for a moment."""


class Rows:
    """Budgets by name, of those drawn on last."""

    def __init__(self) -> None:
        self._rows: OrderedDict[str, Usage] = OrderedDict()

    def __len__(self) -> int:
        return len(self._rows)

    def of(self, names: Iterable[str]) -> dict[str, Usage]:
        return {name: self._rows.get(name, []) for name in names}

    def live_amount(self, budget: str, now: float) -> float:
        return live_amount(self._rows.get(budget, []), now)

    def set(self, rows: Mapping[str, Usage]) -> None:
        for name, row in rows.items():
            self._rows.pop(name, None)
            if row:
                self._rows[name] = row
        while len(self._rows) > MOST_ROWS:
            self._rows.popitem(last=False)

    def charge(self, charges: Sequence[Charge], now: float) -> None:
        """Draw this, however much that makes."""
        result = try_charge(self.of(names(charges)), [replace(one, limit=inf) for one in charges], now)
        assert not isinstance(result, QuotaRefusal)  # noqa: S101
        self.set(result)


class Ledger:
    """Remembers what the store last said, what this worker has spent, and what of that without the store."""

    def __init__(self, store: Store, workers: int) -> None:
        self._store, self._workers = store, workers
        self._shared, self._own, self._alone = Rows(), Rows(), Rows()

    async def charge(self, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
        """Draw all of it, or nothing and say which budget refused; `LATE` while the store is slow or locked."""
        for rows in (self._own, self._shared):
            known = try_charge(rows.of(names(charges)), charges, now)
            if isinstance(known, QuotaRefusal):
                return known  # it has been spent, whatever a store that has forgotten says
        try:
            await self._settle_alone(charges, now)
            refused = await self._store.charge(charges, now)
        except StoreLate:
            return LATE
        except LedgerUnavailable:
            await self._read_shared(charges, now)  # it may be that it can still be read
            return self._charge_alone(charges, now)
        if refused is None:
            self._own.charge(charges, now)
        await self._read_shared(charges, now)
        return refused

    async def _settle_alone(self, charges: Sequence[Charge], now: float) -> None:
        """Write down what was spent without the store. It counts as spent now, which is no shorter than it would."""
        owed = [replace(one, amount=self._alone.live_amount(one.budget, now), limit=inf) for one in charges]
        owed = [one for one in owed if one.amount]
        if not owed:
            return
        held = self._alone.of(names(owed))
        self._alone.set({name: [] for name in held})
        try:
            await self._store.charge(owed, now)
        except BaseException:
            self._alone.set({name: sorted([*row, *held[name]]) for name, row in self._alone.of(held).items()})
            raise

    async def _read_shared(self, charges: Sequence[Charge], now: float) -> None:
        """Remember what the store says, unless it is less than is known: then it has forgotten."""
        kept = await self._store.get_many(names(charges))
        for name, row in self._shared.of(kept).items():
            said = unsealed(kept[name], Usage) or []
            if live_amount(said, now) > live_amount(row, now):
                self._shared.set({name: said})

    def _charge_alone(self, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
        """Spend from this worker's share, and no more than its part of what was left when the store was last heard."""
        share = [replace(one, limit=max(1.0, one.limit / self._workers)) for one in charges]
        part = [replace(one, limit=self._limit_alone(one, now)) for one in charges]
        for rows, mine in ((self._own, share), (self._alone, part)):
            result = try_charge(rows.of(names(mine)), mine, now)
            if isinstance(result, QuotaRefusal):
                return result
        self._own.charge(charges, now)
        self._alone.charge(charges, now)
        return None

    def _limit_alone(self, charge: Charge, now: float) -> float:
        used = self._shared.live_amount(charge.budget, now)
        return max(0.0, charge.limit - used) / self._workers if used else inf

    async def used(self, budget: str, now: float) -> float:
        """What has been drawn from a budget and still counts, by all workers as far as is known."""
        stored = unsealed(await self._store.get(budget) or b"", Usage) or []
        shared = max(self._shared.live_amount(budget, now), live_amount(stored, now))
        return max(shared + self._alone.live_amount(budget, now), self._own.live_amount(budget, now))


def names(charges: Sequence[Charge]) -> list[str]:
    return [one.budget for one in charges]
