"""The ledger: exact where a store keeps it, a share for each worker where none does, and never a new budget."""

from pathlib import Path

import pytest
from fakes import NOON, Clock

from weather.ledger import MOST_ROWS, Ledger
from weather.quota import Draw, Refused
from weather.store import Unkept
from weather.stores.disk import BUDGETS, DiskStore
from weather.stores.memory import MemoryStore

pytestmark = pytest.mark.anyio


def draw(limit: float = 8, until: float = NOON + 60, budget: str = "minute") -> Draw:
    return Draw(budget, 1, until, limit)


async def let(ledger: Ledger, times: int, now: float = NOON, **how) -> int:
    """How many of so many calls are let."""
    return sum([await ledger.spend([draw(**how)], now) is None for _ in range(times)])


def on_disk(folder: Path) -> DiskStore:
    return DiskStore(folder, 2**24, Clock(), Clock(), BUDGETS, patience=20)


async def test_workers_share_one_budget(tmp_path):
    """Two workers over one folder are let as many as the limit together (statement 55)."""
    stores = [on_disk(tmp_path), on_disk(tmp_path)]
    ledgers = [Ledger(store, 2) for store in stores]
    for store in stores:
        await store.open()
    assert [await let(ledgers[i % 2], 1) for i in range(20)].count(1) == 8
    assert [await ledger.spent("minute", NOON) for ledger in ledgers] == [8, 8]
    for store in stores:
        await store.close()


async def test_a_restart_grants_nothing(tmp_path):
    """Spent, then begun anew on the same folder: what was spent is spent (statement 55)."""
    for expected in (8, 0, 0):
        store = on_disk(tmp_path)
        await store.open()
        assert await let(Ledger(store, 1), 20) == expected
        await store.close()


@pytest.mark.parametrize(("workers", "expected"), [(1, 8), (2, 4), (3, 2), (4, 2), (8, 1), (9, 1)])
async def test_without_a_ledger_each_counts_its_share(workers, expected):
    """Where nothing is kept a worker is let the limit divided by the workers, but one at least (statement 55)."""
    assert await let(Ledger(MemoryStore(Clock()), workers), 20) == expected


async def test_a_share_is_a_sliding_one():
    """What was counted in memory ceases to count when it lapses."""
    ledger = Ledger(MemoryStore(Clock()), 4)
    assert await let(ledger, 5) == 2
    assert await let(ledger, 5, NOON + 59, until=NOON + 119) == 0
    assert await let(ledger, 5, NOON + 60, until=NOON + 120) == 2


class Forgetful(MemoryStore):
    """A store that grants all, for it forgets; or keeps nothing, when told so."""

    is_up = True

    async def spend(self, taken, now):
        if not self.is_up:
            raise Unkept


async def test_a_store_that_forgets_grants_no_new_budget():
    """Redis flushed, the folder removed: what this worker has spent it remembers (statement 55)."""
    ledger = Ledger(Forgetful(Clock()), 1)
    assert await let(ledger, 20) == 8
    assert await ledger.spend([draw()], NOON) == Refused("minute", 60.0)


async def test_a_store_that_fails_grants_no_new_budget():
    """What was spent through the store counts against the share that is left without it."""
    store = Forgetful(Clock())
    ledger = Ledger(store, 2)
    assert await let(ledger, 3) == 3
    store.is_up = False
    assert await let(ledger, 20) == 1
    store.is_up = True
    assert await let(ledger, 20) == 4


async def test_clients_come_and_go():
    """What has lapsed is forgotten, what counts is not: a crowd of clients is bounded by time (statement 58)."""
    ledger = Ledger(Forgetful(Clock()), 1)
    for i in range(MOST_ROWS + 10):
        await ledger.spend([draw(budget=f"client {i}", until=NOON + i)], NOON - 1 + i)
    assert len(ledger._own) <= MOST_ROWS
    assert await ledger.spent(f"client {MOST_ROWS + 9}", NOON + MOST_ROWS + 8.5) == 1
