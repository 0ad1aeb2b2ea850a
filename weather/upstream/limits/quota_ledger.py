"""Charges quotas in the shared store; without it each worker has limit ÷ workers, of all machines that charge there.

The rules:

1. No limit is exceeded while the store can be asked.
2. While the store is late (slow or locked) nothing is charged, and no call is made.
3. While the store is lost, each worker divides what was left, by the store's last word, by the number of workers, and
   charges its own part. When the store is back it writes down what it charged. So a store that is lost to all costs no
   call over a limit; one that is lost to some machines only, at most their part of it. A store that has forgotten is
   charged what it said last, too; but others charged since, so that for a minute each worker keeps to its part of what
   was left. What is charged between the last word and the loss is still made twice, a call or two each time (measured:
   49 of 40 in a minute in which Redis was killed and emptied every two seconds).
4. A call that waits for a connection has its charges reserved, in its worker: no other call that waits there counts on
   them. They are charged when it is sent, so that nothing need be taken back from the store if it never is. (A store
   whose usages could shrink would look like one that has forgotten them; see `_read_shared`.)
5. When the time of day is set, what a worker remembers is dated anew, and the store counts as one that has forgotten.
   So a minute that is skipped, or a day that is visited by mistake, brings no quota that was spent.
"""

import asyncio
from collections import OrderedDict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager, contextmanager, nullcontext
from dataclasses import replace
from math import inf

from weather.upstream.codec import unsealed
from weather.upstream.quota import SLIDING, TINY, Charge, QuotaRefusal, Usage, live_amount, total, try_charge
from weather.upstream.stores.base import LedgerUnavailable, Store, StoreLate

MOST_USAGES = 5_000
"""Usages that one worker remembers, the last charged ones; clients come and go."""

WORKERS = "workers"
"""The usage of no quota: how many workers have charged in each hour, so that each knows by how many to divide."""

CAREFUL_SECONDS = SLIDING["minute"]
"""How long a store that has forgotten is not believed to know what others charged."""

LEAST_STEP = 1.0
"""Seconds by which the time of day must differ from a steady clock's to have been set."""

LATE = QuotaRefusal("", 1.0)
"""The refusal while the store is late."""


class Usages:
    """The usages of the budgets that were charged last, by name."""

    def __init__(self) -> None:
        self._usages: OrderedDict[str, Usage] = OrderedDict()

    def __len__(self) -> int:
        return len(self._usages)

    def of(self, names: Iterable[str]) -> dict[str, Usage]:
        return {name: self._usages.get(name, []) for name in names}

    def live_amount(self, budget: str, now: float) -> float:
        return live_amount(self._usages.get(budget, []), now)

    def set(self, usages: Mapping[str, Usage]) -> None:
        for name, usage in usages.items():
            self._usages.pop(name, None)
            if usage:
                self._usages[name] = usage
        while len(self._usages) > MOST_USAGES:
            self._usages.popitem(last=False)

    def shift(self, seconds: float) -> None:
        """Let every amount expire so much later."""
        for name, usage in self._usages.items():
            self._usages[name] = [(end + seconds, amount) for end, amount in usage]

    def charge(self, charges: Sequence[Charge], now: float) -> None:
        """Add these charges, whatever their limits."""
        result = try_charge(self.of(names(charges)), [replace(charge, limit=inf) for charge in charges], now)
        assert not isinstance(result, QuotaRefusal)  # noqa: S101
        self.set(result)


class Pending:
    """The amounts of calls that are not charged yet, by budget."""

    def __init__(self) -> None:
        self._amounts: dict[str, float] = {}

    @contextmanager
    def hold(self, charges: Sequence[Charge]) -> Iterator[None]:
        self._add(charges, 1)
        try:
            yield
        finally:
            self._add(charges, -1)

    def _add(self, charges: Sequence[Charge], sign: int) -> None:
        for charge in charges:
            amount = self._amounts.pop(charge.budget, 0.0) + sign * charge.amount
            if amount > TINY:
                self._amounts[charge.budget] = amount

    def on_top_of(self, charges: Sequence[Charge]) -> list[Charge]:
        """These charges, each with what is pending of its budget."""
        return [replace(charge, amount=charge.amount + self._amounts.get(charge.budget, 0.0)) for charge in charges]


class Ledger:
    """Remembers each usage three times: as the store last said, what this worker charged, and what of that while the
    store was lost. Without a `steady` clock the time of day is believed."""

    def __init__(self, store: Store, workers: int, steady: Callable[[], float] | None = None) -> None:
        self._store, self._workers = store, workers
        self._steady = steady
        self._ahead: float | None = None
        self._shared = Usages()
        self._own = Usages()
        self._alone = Usages()
        self._careful, self._careful_until = Usages(), 0.0
        self._counted: Usage = []
        self._is_alone = False
        self._counted_until = 0.0
        self._waiting, self._charging = Pending(), Pending()
        self._turn = asyncio.Lock() if store.is_contended else nullcontext()

    def _follow(self, now: float) -> None:
        """Date anew what is remembered, if the time of day was set since this was last called."""
        if self._steady is None:
            return
        ahead, before = now - self._steady(), self._ahead
        if before is not None and abs(ahead - before) < LEAST_STEP:
            return
        self._ahead = ahead
        if before is not None:
            for usages in (self._shared, self._own, self._alone, self._careful):
                usages.shift(ahead - before)
            self._careful_until = now + CAREFUL_SECONDS

    def reserve(self, charges: Sequence[Charge], now: float) -> ExitStack | QuotaRefusal:
        """Reserve these charges until the stack is closed; or, with nothing reserved, return the refusal."""
        self._follow(now)
        waiting = self._waiting.on_top_of(charges)
        # What is being charged may be in the store's word already, and is not in our own count yet.
        own = self._charging.on_top_of(waiting)
        refused = refusal(self._own, own, now) or refusal(self._shared, waiting, now)
        if self._is_alone:
            refused = refused or self._refusal_alone(own, now)
        if refused:
            return refused
        reservation = ExitStack()
        reservation.enter_context(self._waiting.hold(charges))
        return reservation

    @asynccontextmanager
    async def turn(self, charges: Sequence[Charge]) -> AsyncIterator[None]:
        """This worker's turn to make such charges. While they wait for it no other call counts on them."""
        async with AsyncExitStack() as stack:
            with self._charging.hold(charges):
                await stack.enter_async_context(self._turn)
            yield

    async def charge(self, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
        """Make all of these charges, or none and return the refusal; `LATE` while the store is late. In its `turn`."""
        self._follow(now)
        if spent := refusal(self._own, charges, now) or refusal(self._shared, charges, now):
            return spent  # even if the store has forgotten that
        if refused := self._refusal_careful(charges, now):
            return refused
        try:
            with self._charging.hold(charges):
                await self._settle_alone(charges, now)
                count = worker_charge(now)
                counted = [] if self._counted_until == count.until else [count]
                refused = await self._store.charge([*self._with_known(charges), *counted], now)
                if refused is None:
                    self._record_own(charges, now)
                    self._counted_until = count.until
        except StoreLate:
            return LATE
        except LedgerUnavailable:
            await self._read_shared(charges, now)  # perhaps it can still be read
            return self._charge_alone(charges, now)
        self._is_alone = False
        await self._read_shared(charges, now)
        return refused

    def _with_known(self, charges: Sequence[Charge]) -> list[Charge]:
        """These charges, each with what the store said last: it may have forgotten since."""
        known = self._shared.of(names(charges))
        return [replace(charge, known=known[charge.budget]) for charge in charges]

    async def _settle_alone(self, charges: Sequence[Charge], now: float) -> None:
        """Charge to the store what was charged without it, as of now: so it counts no shorter than it would have."""
        alone = {charge.budget: self._alone.live_amount(charge.budget, now) for charge in charges}
        owed = [replace(charge, amount=alone[charge.budget], limit=inf) for charge in charges if alone[charge.budget]]
        if not owed:
            return
        before = self._alone.of(names(owed))
        self._alone.set({name: [] for name in before})
        try:
            await self._store.charge(owed, now)
        except BaseException:
            self._alone.set({name: sorted([*usage, *before[name]]) for name, usage in self._alone.of(before).items()})
            raise

    async def _read_shared(self, charges: Sequence[Charge], now: float) -> None:
        """Remember what the store says, unless that is less than is known: then the store has forgotten."""
        counted = self._counted  # by words of before this one; others that are under way may be later
        stored = await self._store.get_many([*names(charges), WORKERS])
        if stored:
            self._notice_loss(unsealed(stored.get(WORKERS, b""), Usage) or [], counted, now)
        for name, known in self._shared.of(stored).items():
            usage = unsealed(stored[name], Usage) or []
            if live_amount(usage, now) > live_amount(known, now):
                self._shared.set({name: usage})

    def _record_own(self, charges: Sequence[Charge], now: float) -> None:
        """Remember what this worker has charged, in the store or without it."""
        self._own.charge(charges, now)
        if now < self._careful_until:
            self._careful.charge(charges, now)

    def _notice_loss(self, workers: Usage, before: Usage, now: float) -> None:
        """Be careful, and be counted again, if the store names fewer workers than before: then it has forgotten."""
        is_lost = live_amount(workers, now) < live_amount(before, now)
        if is_lost:
            self._careful_until, self._counted_until = now + CAREFUL_SECONDS, 0.0
        if is_lost or live_amount(workers, now) > live_amount(self._counted, now):
            self._counted = workers

    def _refusal_careful(self, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
        """The refusal of what exceeds this worker's part of what was left when the store forgot; None after a while."""
        if now >= self._careful_until:
            return None
        parts = [replace(charge, limit=self._limit_careful(charge, now)) for charge in charges]
        return refusal(self._careful, parts, now)

    def _limit_careful(self, charge: Charge, now: float) -> float:
        used_before = self._shared.live_amount(charge.budget, now) - self._careful.live_amount(charge.budget, now)
        return max(0.0, charge.limit - max(0.0, used_before)) / self._count_workers(now)

    def _charge_alone(self, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
        self._is_alone = True
        if refused := self._refusal_alone(charges, now):
            return refused
        self._record_own(charges, now)
        self._alone.charge(charges, now)
        return None

    def _refusal_alone(self, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
        """The refusal of what exceeds this worker's share of a limit, or its part of what the store said was left."""
        workers = self._count_workers(now)
        share = [replace(charge, limit=max(1.0, charge.limit / workers)) for charge in charges]
        part = [replace(charge, limit=self._limit_alone(charge, now)) for charge in charges]
        return refusal(self._own, share, now) or refusal(self._alone, part, now)

    def _limit_alone(self, charge: Charge, now: float) -> float:
        used = self._shared.live_amount(charge.budget, now)
        return max(0.0, charge.limit - used) / self._count_workers(now) if used else inf

    def _count_workers(self, now: float) -> float:
        """The workers of this machine, or those of all machines that charged in this hour or the last, if more."""
        hours = self._shared.of([WORKERS])[WORKERS]
        return max([float(self._workers), *(amount for end, amount in hours if end > now)])

    def known_usage(self, budget: str, now: float) -> Usage:
        """What counts of a budget as this worker remembers it: by the store's last word, or by its own charges."""
        usages = (known.of([budget])[budget] for known in (self._shared, self._own))
        return max(([step for step in usage if step[0] > now] for usage in usages), key=total)

    async def used(self, budget: str, now: float) -> float:
        """The amount of a budget that all workers have used and that still counts, as far as is known."""
        self._follow(now)
        stored = unsealed(await self._store.get(budget) or b"", Usage) or []
        shared = max(self._shared.live_amount(budget, now), live_amount(stored, now))
        return max(shared + self._alone.live_amount(budget, now), self._own.live_amount(budget, now))


def refusal(usages: Usages, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
    """The refusal of these charges by these usages; None if they would be allowed. Charges nothing."""
    result = try_charge(usages.of(names(charges)), charges, now)
    return result if isinstance(result, QuotaRefusal) else None


def worker_charge(now: float) -> Charge:
    """What each worker charges once an hour to be counted; it counts to the end of the next hour."""
    return Charge(WORKERS, 1.0, (now // 3600 + 2) * 3600, inf)


def names(charges: Sequence[Charge]) -> list[str]:
    return [charge.budget for charge in charges]
