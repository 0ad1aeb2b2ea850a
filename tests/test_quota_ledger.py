"""The ledger: exact where a store keeps it, a share for each worker where none does, and never a new budget."""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, closing, contextmanager, suppress
from pathlib import Path

import pytest
from fakes import NOON, Clock

from weather.errors import CallRefused, QuotaExhausted, TooManyCalls
from weather.providers.openweathermap.endpoints import WEATHER
from weather.upstream.codec import sealed
from weather.upstream.limits.admission import AdmissionControl
from weather.upstream.limits.quota_account import QuotaAccount
from weather.upstream.limits.quota_ledger import MOST_USAGES, Ledger
from weather.upstream.quota import Charge, Quota, QuotaRefusal, try_charge
from weather.upstream.stores.base import LedgerUnavailable, StoreLate
from weather.upstream.stores.disk import BUDGETS, DiskStore
from weather.upstream.stores.memory import MemoryStore

pytestmark = pytest.mark.anyio


def draw(limit: float = 8, until: float = NOON + 60, budget: str = "minute") -> Charge:
    return Charge(budget, 1, until, limit)


async def let(ledger: Ledger, times: int, now: float = NOON, **how) -> int:
    """How many of so many calls are let."""
    return sum([await ledger.charge([draw(**how)], now) is None for _ in range(times)])


def on_disk(folder: Path) -> DiskStore:
    return DiskStore(folder, 2**24, Clock(), Clock(), BUDGETS, patience=20)


async def test_workers_share_one_budget(tmp_path):
    """Two workers over one folder are let as many as the limit together (statement 55)."""
    stores = [on_disk(tmp_path), on_disk(tmp_path)]
    ledgers = [Ledger(store, 2) for store in stores]
    for store in stores:
        await store.open()
    assert [await let(ledgers[i % 2], 1) for i in range(20)].count(1) == 8
    assert [await ledger.used("minute", NOON) for ledger in ledgers] == [8, 8]
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


@asynccontextmanager
async def four(folder: Path, patience: float = 20) -> AsyncIterator[list[Ledger]]:
    """Four workers over one folder."""
    async with AsyncExitStack() as stack:
        ledgers = []
        for _ in range(4):
            store = DiskStore(folder, 2**24, Clock(), Clock(), BUDGETS, patience)
            await store.open()
            stack.push_async_callback(store.close)
            ledgers.append(Ledger(store, 4))
        yield ledgers


@contextmanager
def locked(folder: Path) -> Iterator[None]:
    with closing(sqlite3.connect(folder / BUDGETS / "cache.db", isolation_level=None)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield
        connection.execute("ROLLBACK")


@pytest.mark.slow
@pytest.mark.parametrize("before", [0, 30, 60])
async def test_a_ledger_that_is_locked_grants_nothing(tmp_path, before):
    """Another holds the write lock: no worker is let anything, and when it is gone exactly what is left (101)."""
    async with four(tmp_path) as ledgers:
        assert await let(ledgers[0], before, limit=60) == before
    async with four(tmp_path, patience=0.3) as ledgers:
        with locked(tmp_path):
            assert [await let(one, 1, limit=60) for one in ledgers] == [0, 0, 0, 0]
    async with four(tmp_path) as ledgers:
        assert sum([await let(one, 60, limit=60) for one in ledgers]) == 60 - before


async def test_a_late_ledger_is_told_as_such(tmp_path):
    """Who cannot be let because the ledger is locked is told to come again in a second, not that all is spent."""
    async with four(tmp_path, patience=0.1) as ledgers:
        admission = AdmissionControl(
            MemoryStore(Clock()),
            QuotaAccount(ledgers[0], [Quota("m", 8, "minute")], Clock()),
            Clock(),
            lambda: 0.5,
            str,
            offline=False,
        )
        with locked(tmp_path), pytest.raises(TooManyCalls) as raised:
            await admission.account.charge(WEATHER, "203.0.113.7")
    assert raised.value.retry_after == 1.0


async def test_a_spend_waits_for_the_lock_to_go(tmp_path):
    """A call that is under way when the lock goes is let, not refused (statement 79)."""
    async with four(tmp_path) as ledgers:
        with locked(tmp_path):
            spending = [asyncio.ensure_future(one.charge([draw()], NOON)) for one in ledgers]
            assert not (await asyncio.wait(spending, timeout=0.05))[0]
        assert await asyncio.gather(*spending) == [None] * 4
        assert await ledgers[0].used("minute", NOON) == 4


@pytest.mark.parametrize("spenders", [[0], [0, 1, 2, 3]])
async def test_a_ledger_that_is_lost_leaves_what_it_last_said(tmp_path, spenders):
    """60 of 60 are spent and known to be, then the database is garbage: nobody is let any more (statement 55)."""
    async with four(tmp_path) as ledgers:
        assert sum([await let(ledgers[i % len(spenders)], 1, limit=60) for i in range(60)]) == 60
        assert [await let(one, 1, limit=60) for one in ledgers] == [0] * 4
        database = tmp_path / BUDGETS / "cache.db"
        for path in (database, database.with_name("cache.db-wal")):
            path.write_bytes(os.urandom(path.stat().st_size))
        assert [await let(one, 20, limit=60) for one in ledgers] == [0] * 4


class Kept(MemoryStore):
    """What all workers share; it forgets, or only reads, or is gone, or is late, when told so."""

    reads = writes = True
    late = False

    def __init__(self) -> None:
        super().__init__(Clock(0.0))
        self.rows = {}

    async def get_many(self, keys, *, patient=False):
        return {key: sealed(self.rows[key]) for key in keys if key in self.rows and self.reads}

    async def charge(self, taken, now):
        if self.late:
            raise StoreLate
        if not self.writes:
            raise LedgerUnavailable
        settled = try_charge(self.rows, taken, now)
        if isinstance(settled, QuotaRefusal):
            return settled
        self.rows |= settled
        return None


async def test_a_ledger_that_can_only_be_read_is_read():
    """40 of 60 are spent by one worker, then the disk is full: each of four is let a fourth of the 20 left (55, 76)."""
    store = Kept()
    ledgers = [Ledger(store, 4) for _ in range(4)]
    assert await let(ledgers[0], 40, limit=60) == 40
    store.writes = False
    assert [await let(one, 60, limit=60) for one in ledgers] == [0, 5, 5, 5]  # the first has had its share


@pytest.mark.parametrize("counted", [1, 2, 3])
async def test_machines_that_lose_their_store_share_the_limit(counted):
    """Of three machines with one worker each so many have called; two minutes later the store is lost to all."""
    store = Kept()
    ledgers = [Ledger(store, 1) for _ in range(3)]
    for ledger in [*ledgers[:counted], *ledgers[:counted]]:
        assert await let(ledger, 2, limit=60) == 2
    store.reads = store.writes = False
    later = [await let(ledger, 99, NOON + 120, limit=60, until=NOON + 180) for ledger in ledgers[:counted]]
    assert later == [60 // counted] * counted


@pytest.mark.parametrize(("hours", "expected"), [(0, 30), (1, 30), (2, 60), (24, 60)])
async def test_a_machine_that_has_gone_is_counted_until_the_next_hour_ends(hours, expected):
    """Two machines charge, one of them is switched off, the other calls each hour. Then the store is lost."""
    store = Kept()
    ledgers = [Ledger(store, 1) for _ in range(2)]
    for ledger in reversed(ledgers):
        assert await let(ledger, 1, limit=60) == 1
    for hour in range(1, hours + 1):
        assert await let(ledgers[0], 1, NOON + 3600 * hour, limit=60, until=NOON + 3600 * hour + 60) == 1
    store.reads = store.writes = False
    end = NOON + 3600 * hours + 120
    assert await let(ledgers[0], 99, end, limit=60, until=end + 60) == expected


async def test_what_was_spent_without_the_ledger_is_written_down():
    """Each worker spends alone, and says so with its next call: together they have no more than the limit (55)."""
    store = Kept()
    ledgers = [Ledger(store, 2) for _ in range(2)]
    store.writes = False
    assert [await let(one, 20) for one in ledgers] == [4, 4]
    store.writes = True
    assert [await let(ledgers[i % 2], 1, limit=10) for i in range(6)] == [1, 1, 0, 0, 0, 0]
    assert sum(amount for _, amount in store.rows["minute"]) == 10


async def test_what_cannot_be_written_down_is_still_owed():
    """The ledger comes and goes at once: what was spent without it counts, and is written down later."""
    store = Kept()
    ledger = Ledger(store, 1)
    store.writes = False
    assert await let(ledger, 3) == 3
    store.late = True
    assert await let(ledger, 3) == 0
    store.late, store.writes = False, True
    assert await let(ledger, 20) == 5
    assert sum(amount for _, amount in store.rows["minute"]) == 8


async def test_a_late_ledger_is_not_taken_for_a_lost_one():
    """Late in the middle: nothing is let, and nothing that was known is forgotten."""
    store = Kept()
    ledger = Ledger(store, 1)
    assert await let(ledger, 3) == 3
    store.late = True
    assert await let(ledger, 20) == 0
    store.late = False
    assert await let(ledger, 20) == 5


class Forgetful(Kept):
    """A store that grants all, for it forgets."""

    async def charge(self, taken, now):
        if not self.writes:
            raise LedgerUnavailable


async def test_a_store_that_forgets_grants_no_new_budget():
    """Redis flushed, the folder removed: what this worker has spent it remembers (statement 55)."""
    ledger = Ledger(Forgetful(), 1)
    assert await let(ledger, 20) == 8
    assert await ledger.charge([draw()], NOON) == QuotaRefusal("minute", 60.0)


async def test_a_worker_remembers_what_all_had_spent():
    """Redis flushed: a worker that knows that others have spent all does not let it be spent again (statement 55)."""
    store = Kept()
    one, other = Ledger(store, 2), Ledger(store, 2)
    assert [await let(one, 8), await let(other, 1)] == [8, 0]
    store.rows.clear()
    assert [await let(one, 20), await let(other, 20)] == [0, 0]


async def test_a_store_that_has_forgotten_is_told_what_it_said():
    """Two of three workers know that five of eight are spent when Redis is flushed; the third knows nothing. All
    together they are let three more."""
    store = Kept()
    ledgers = [Ledger(store, 3) for _ in range(3)]
    assert [await let(ledgers[0], 4), await let(ledgers[1], 1), await let(ledgers[0], 0)] == [4, 1, 0]
    store.rows.clear()
    assert sum([await let(one, 20) for one in (ledgers[1], ledgers[0], ledgers[2])]) == 3
    assert await ledgers[2].used("minute", NOON) == 8


async def test_a_store_that_forgets_again_and_again_costs_no_more_than_once():
    """Redis loses its data before each round of three workers: a call or two are made twice, not some each time."""
    store = Kept()
    ledgers = [Ledger(store, 3) for _ in range(3)]
    made = 0
    for _ in range(40):
        store.rows.clear()
        made += sum([await let(one, 1, limit=30) for one in ledgers])
    assert 30 <= made <= 33


async def test_a_store_that_is_lost_and_forgets_again_and_again_leaves_each_worker_its_part_once():
    """Gone, back and empty in each round: calls with and without it are of one part, but for the first two."""
    store = Kept()
    ledgers = [Ledger(store, 3) for _ in range(3)]
    made = sum([await let(one, 1, limit=30) for one in ledgers])
    for _ in range(40):
        for is_there in (True, False):
            store.rows.clear()
            store.reads = store.writes = is_there
            made += sum([await let(one, 1, limit=30) for one in ledgers])
    assert 27 <= made <= 30 + 2 * 3


async def test_after_a_minute_a_store_that_forgot_is_believed_again():
    """One of two workers has gone meanwhile: the other has all that is left."""
    store = Kept()
    one, other = Ledger(store, 2), Ledger(store, 2)
    assert [await let(one, 2, limit=12), await let(other, 2, limit=12)] == [2, 2]
    store.rows.clear()
    assert await let(one, 20, limit=12) < 8
    assert await let(one, 20, NOON + 62, until=NOON + 122, limit=12) == 12


async def test_what_is_spent_at_once_is_counted_once(tmp_path):
    """Many calls of one worker at the same time: what it remembers is what the store says."""
    async with four(tmp_path) as ledgers:
        assert await asyncio.gather(*(ledgers[0].charge([draw(limit=99)], NOON) for _ in range(50))) == [None] * 50
        assert [await one.used("minute", NOON) for one in ledgers] == [50] * 4
        assert await let(ledgers[0], 99, limit=99) == 49


async def test_a_store_that_fails_grants_no_new_budget():
    """What was spent through the store counts against the share that is left without it."""
    store = Kept()
    ledger = Ledger(store, 2)
    assert await let(ledger, 3) == 3
    store.writes = False
    assert await let(ledger, 20) == 1
    store.writes = True
    assert await let(ledger, 20) == 4


async def test_clients_come_and_go():
    """Those who came last are remembered, so many of them; what all share is, however many come (statement 58)."""
    ledger = Ledger(Forgetful(), 1)
    for i in range(MOST_USAGES + 10):
        assert await ledger.charge([draw(limit=1e9), draw(budget=f"client {i}", until=NOON + 9e6)], NOON) is None
    assert len(ledger._own) == MOST_USAGES
    assert await ledger.used(f"client {MOST_USAGES + 9}", NOON) == 1
    assert await ledger.used("minute", NOON) == MOST_USAGES + 10


class SlowStore(MemoryStore):
    """A store that carries a charge out at once, and says so only after some seconds of this clock."""

    def __init__(self, clock: Clock, seconds: list[float]) -> None:
        super().__init__(clock, wall=clock)
        self._now, self._seconds = clock, seconds

    async def charge(self, charges, now):
        try:
            return await super().charge(charges, now)
        finally:
            self._now.now += self._seconds.pop(0) if self._seconds else 0.0


@pytest.mark.parametrize(
    "seconds", [[5.0], [5.0] * 6, [2.0, 0.0] * 8, [0.6] * 20, [0.95] * 20, [5.9, 0.1] * 8, [0.1] * 20], ids=str
)
async def test_a_call_counts_from_when_it_is_made_and_not_from_when_its_charge_began(seconds):
    """However long the store takes: in no 60 seconds are more calls made than the limit says (statement 101)."""
    clock = Clock()
    account = QuotaAccount(Ledger(SlowStore(clock, seconds), 1), [Quota("minute", 8, "minute")], clock)
    made: list[float] = []
    while clock.now < NOON + 240:
        try:
            await account.charge(WEATHER, "")
            made.append(clock.now)
        except CallRefused:
            clock.now += 0.25
    assert max(sum(0 <= at - began < 60 for at in made) for began in made) <= 8
    assert len(made) >= 20


class Contended(MemoryStore):
    """A store that takes a fifth of a second for each charge, if they are made one by one."""

    is_contended = True

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock, wall=clock)
        self._now, self.made = clock, 0

    async def charge(self, charges, now):
        await asyncio.sleep(0)  # others are ready by now
        self._now.now += 0.2
        self.made += 1


async def test_a_crowd_is_charged_once_a_call():
    """Of twenty at once the last waits four seconds for its turn, and is charged no second time, as if it had taken so
    long."""
    clock = Clock()
    store = Contended(clock)
    account = QuotaAccount(Ledger(store, 1), [Quota("minute", 60, "minute")], clock)
    await asyncio.gather(*(account.charge(WEATHER, f"192.0.2.{number}") for number in range(20)))
    assert (store.made, round(clock.now - NOON, 3)) == (20, 4.0)


async def test_a_charge_that_takes_long_twice_is_no_call():
    """The second one is as of when the first would have been done: if that is too early as well, nothing is called."""
    clock = Clock()
    account = QuotaAccount(Ledger(SlowStore(clock, [1.0, 3.0]), 1), [Quota("minute", 8, "minute")], clock)
    with pytest.raises(TooManyCalls):
        await account.charge(WEATHER, "")
    assert await account.charge(WEATHER, "") is None


STEPS = {
    "a minute skipped": [90.0],
    "an hour visited": [3700.0, -3700.0],
    "a day visited": [86_400.0, -86_400.0],
    "a month visited": [40 * 86_400.0, -40 * 86_400.0],
    "a month ago visited": [-40 * 86_400.0, 40 * 86_400.0],
    "back and forth": [-3600.0, 7200.0, -3600.0],
    "little by little": [25.0] * 6,
}


@pytest.mark.parametrize("window", ["minute", "hour", "day", "month"])
@pytest.mark.parametrize("steps", STEPS.values(), ids=STEPS)
async def test_a_clock_that_is_set_brings_no_quota_that_was_spent(tmp_path, steps, window):
    """The time of day is set once a second, and at each time as much is asked for as the limit is."""
    clock, steady = Clock(), Clock(0.0)
    store = DiskStore(tmp_path, 2**24, steady, clock, BUDGETS)
    await store.open()
    account = QuotaAccount(Ledger(store, 1, steady), [Quota("q", 8, window)], clock)
    made = 0
    for step in (0.0, *steps):
        clock.now, steady.now = clock.now + step + 1, steady.now + 1
        for _ in range(8):
            with suppress(CallRefused):
                await account.charge(WEATHER, "")
                made += 1
    await store.close()
    assert made == 8


@pytest.mark.parametrize("step", [-86_400.0, -90.0, 90.0, 86_400.0])
async def test_a_clock_that_is_set_holds_nobody_up_for_longer_than_the_window(step):
    """A minute later by the steady clock there is quota again, wherever the time of day stands."""
    clock, steady = Clock(), Clock(0.0)
    account = QuotaAccount(Ledger(MemoryStore(steady, wall=clock), 1, steady), [Quota("q", 8, "minute")], clock)
    for _ in range(8):
        await account.charge(WEATHER, "")
    clock.now += step
    with pytest.raises(QuotaExhausted) as refused:
        await account.charge(WEATHER, "")
    assert 0 < refused.value.retry_after <= 62
    clock.now, steady.now = clock.now + 62, steady.now + 62
    await account.charge(WEATHER, "")
    assert await account.usage() == [(account.quotas[0], 1.0)]


async def test_a_minute_that_is_skipped_is_skipped_by_all_workers():
    """The other worker has not heard of the last five calls: it takes its part of what it knows to be left, not all."""
    clock, steady = Clock(), Clock(0.0)
    store = Kept()
    one, other = (QuotaAccount(Ledger(store, 2, steady), [Quota("q", 8, "minute")], clock) for _ in range(2))
    made = [0, 0, 0]
    for i, account, calls in ((0, other, 1), (0, one, 5), (1, other, 8), (2, one, 8)):
        clock.now += 90 if i == 1 else 0
        for _ in range(calls):
            with suppress(CallRefused):
                await account.charge(WEATHER, "")
                made[i] += 1
    assert made[0] == 6
    assert sum(made) <= 10
