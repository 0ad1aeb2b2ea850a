"""What every store does: in memory, on disk, and in a real Redis that the tests start themselves."""

import asyncio
import os
import signal
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from fakes import NOON, Clock
from redises import REDIS, Server
from serving import wait_until

from weather.upstream.quota import Charge, QuotaRefusal
from weather.upstream.stores.backoff import Patience
from weather.upstream.stores.base import LedgerUnavailable, Store, StoreLate
from weather.upstream.stores.disk import DiskStore
from weather.upstream.stores.memory import MemoryStore
from weather.upstream.stores.redis import RedisStore

pytestmark = pytest.mark.anyio


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


@asynccontextmanager
async def opened(store: Store) -> AsyncIterator[Store]:
    await store.open()
    try:
        yield store
    finally:
        await store.close()


@pytest.fixture(params=["memory", "disk", pytest.param("redis", marks=pytest.mark.needs(REDIS))])
async def store(request, tmp_path) -> AsyncIterator[Store]:
    if request.param == "redis":
        made = RedisStore(
            request.getfixturevalue("server").url, time.monotonic, Clock(), f"{tmp_path}:", patience=Patience(read=20)
        )
    elif request.param == "disk":
        made = DiskStore(tmp_path, 2**24, time.monotonic, Clock(), patience=20)
    else:
        made = MemoryStore(time.monotonic, wall=Clock())
    async with opened(made):
        yield made


async def settles(condition) -> None:
    """Give the writer of the disk its moment."""
    async with asyncio.timeout(60):
        while not await condition():
            await asyncio.sleep(0.005)


async def test_gives_back_what_was_put(store):
    """Any bytes come back under their key; another key has none."""
    value = bytes(range(256)) * 100
    await store.put("k", value, 60, NOON)
    await settles(lambda: holds(store, "k", value))
    assert await store.get("other") is None


async def holds(store: Store, key: str, value: bytes | None) -> bool:
    return await store.get(key) == value


async def test_several_are_looked_up_at_once(store):
    """What is there of the keys that are asked for, and nothing of the others, or of a key twice."""
    assert await store.get_many([]) == {}
    for key in ("a", "b", "c"):
        await store.put(key, key.encode() * 9, 60, NOON)
    await settles(lambda: holds(store, "c", b"c" * 9))
    assert await store.get_many(["a", "c", "d", "a"]) == {"a": b"a" * 9, "c": b"c" * 9}


async def test_a_later_value_replaces_and_an_earlier_one_does_not(store):
    """Of two answers for a key the one that came about later stays, whichever is written last (statement 24)."""
    await store.put("k", b"first", 60, NOON - 10)
    await store.put("k", b"later", 60, NOON - 5)
    await store.put("k", b"older", 60, NOON - 7)
    await store.claim("the writes before it", "x", 1)
    assert await store.get("k") == b"later"


async def test_what_is_of_the_future_is_replaced(store):
    """After the clock was set back, what claims to be of a later time holds nobody up (statement 37)."""
    await store.put("k", b"tomorrow", 60, NOON + 86400)
    await store.put("k", b"today", 60, NOON)
    await settles(lambda: holds(store, "k", b"today"))


async def test_what_is_a_little_ahead_is_not(store):
    """Clocks of two machines differ: a later value stays, though it is of a moment to come here (24)."""
    await store.put("k", b"later", 60, NOON + 30)
    await store.put("k", b"older", 60, NOON)
    await store.claim("the writes before it", "x", 1)
    assert await store.get("k") == b"later"


async def test_what_has_lapsed_is_gone(store):
    """A value is there for its seconds, and then it is not."""
    await store.put("k", b"v", 0.05, NOON)
    await settles(lambda: holds(store, "k", None))


@pytest.mark.slow
async def test_a_claim_is_one_holders(store):
    """One of many gets it; it may claim again, others when it is released or has lapsed (statement 24)."""
    claimed = await asyncio.gather(*(store.claim("k", str(i), 60) for i in range(20)))
    assert claimed.count(True) == 1
    holder = str(claimed.index(True))
    assert await store.claim("k", holder, 60)
    assert not await store.claim("k", "another", 60)
    await store.release("k", "another")
    assert not await store.claim("k", "another", 60)
    await store.release("k", holder)
    assert await store.claim("k", "another", 0.05)
    await settles(lambda: store.claim("k", "a third", 60))


async def test_a_patient_look_is_a_look(store):
    """Who waits for what is kept is given the same as who does not."""
    await store.put("k", b"v", 60, NOON)
    await settles(lambda: holds(store, "k", b"v"))
    assert await store.get_many(["k", "other"], patient=True) == {"k": b"v"}


@pytest.mark.slow
async def test_a_claim_that_lapsed_is_its_holders_while_another_waits(store):
    """The store was locked, and a claim lapsed that its holder could not renew: when another wants it, the holder has
    a moment to have it back; then it is the other's (statements 24 and 101)."""
    if isinstance(store, MemoryStore):
        return  # that of one process is never locked
    assert await store.claim("k", "holder", 0.2)
    await asyncio.sleep(0.25)
    assert not await store.claim("k", "another", 0.2)
    assert await store.claim("k", "holder", 60)
    assert not await store.claim("k", "another", 60)
    assert await store.claim("k2", "holder", 0.1)
    await settles(lambda: store.claim("k2", "another", 0.1))
    await store.release("k", "holder")
    assert await store.claim("k", "another", 60)


async def test_a_budget_is_never_overdrawn(store):
    """Of a hundred who spend at once as many are let as the limit holds; others are told how long (statement 54)."""
    if isinstance(store, MemoryStore):
        with pytest.raises(LedgerUnavailable):
            await store.charge([Charge("minute", 1, NOON + 60, 7)], NOON)
        return
    charges_for = [Charge("minute", 1, NOON + 60, 7), Charge("month", 1, NOON + 9000, 1000)]
    refused = await asyncio.gather(*(store.charge(charges_for, NOON) for _ in range(100)))
    assert refused.count(None) == 7
    assert {one for one in refused if one} == {QuotaRefusal("minute", 60.0)}
    assert await store.charge([Charge("minute", 1, NOON + 121, 7), charges_for[1]], NOON + 61) is None
    month = [Charge("month", 1, NOON + 9000, 8)]
    assert await store.charge(month, NOON + 61) == QuotaRefusal("month", 9000 - 61.0)


async def test_what_is_known_counts_where_it_is_forgotten(store):
    """Who charges has seen five of seven spent, and the store has nothing: two more are let, and it knows of seven."""
    if isinstance(store, MemoryStore):
        return
    known = Charge("minute", 1, NOON + 61, 7, known=[(NOON - 1, 3), (NOON + 60, 5)])
    refused = await asyncio.gather(*(store.charge([known], NOON) for _ in range(20)))
    assert refused.count(None) == 2
    assert await store.charge([Charge("minute", 1, NOON + 61, 8)], NOON) is None
    assert await store.charge([Charge("minute", 1, NOON + 61, 8)], NOON) == QuotaRefusal("minute", 60.0)


async def test_all_or_nothing_is_drawn(store):
    """A budget that refuses costs the others nothing."""
    if isinstance(store, MemoryStore):
        return
    assert await store.charge([Charge("day", 1, NOON + 60, 1)], NOON) is None
    for _ in range(5):
        both = [Charge("minute", 1, NOON + 60, 2), Charge("day", 1, NOON + 60, 1)]
        assert await store.charge(both, NOON) == QuotaRefusal("day", 60.0)
    assert await store.charge([Charge("minute", 2, NOON + 60, 2)], NOON) is None


@pytest.mark.slow
@pytest.mark.needs(REDIS)
async def test_a_hung_redis_costs_a_moment_once(server):
    """Stopped with SIGSTOP: the first reads wait a tenth of a second, the others not at all; a claim waits longer, is
    then nobody's, and from then on each worker is on its own (statements 82 and 101)."""
    steady = Clock(0.0)
    async with opened(RedisStore(server.url, steady, Clock(), "hung:", patience=Patience(charge=0.3))) as store:
        await store.put("k", b"v", 60, NOON)
        assert await store.claim("the write before it", "me", 1)
        server.tell(signal.SIGSTOP)
        try:
            assert await asyncio.gather(*(store.get("k") for _ in range(10))) == [None] * 10
            assert store.problem == "redis does not answer: TimeoutError"
            async with asyncio.timeout(60):  # a tenth of a second each would be a quarter of an hour
                for _ in range(10_000):
                    assert await store.get("k") is None
            assert not await store.claim("k", "me", 1)
            assert await store.claim("k", "me", 1)
            assert await store.get_many(["k"], patient=True) == {}
            with pytest.raises(LedgerUnavailable):
                await store.charge([Charge("minute", 1, NOON + 60, 1)], NOON)
        finally:
            server.tell(signal.SIGCONT)
        wait_until(server.answers)
        for _ in range(2):  # twice within the half minute
            steady.now += 15
            found = await store.get("k")
            if found:
                break
        assert found == b"v"
        assert store.problem is None
        assert await store.claim("k", "another", 1)


@pytest.mark.needs(REDIS)
async def test_a_redis_that_pauses_grants_nothing(server):
    """Stopped for less than its time-out: claims, spends and patient reads wait, and two workers get what one would;
    reads do not wait (statement 101)."""
    stores = [RedisStore(server.url, Clock(0.0), Clock(), "paused:", patience=Patience(charge=20)) for _ in range(2)]
    async with opened(stores[0]), opened(stores[1]):
        await stores[0].put("k", b"v", 60, NOON)
        assert await stores[0].claim("the write before it", "me", 1)
        server.tell(signal.SIGSTOP)
        try:
            claims = [asyncio.ensure_future(one.claim("k", str(i), 60)) for i, one in enumerate(stores)]
            draw = Charge("minute", 1, NOON + 60, 3)
            spends = [asyncio.ensure_future(stores[i % 2].charge([draw], NOON)) for i in range(8)]
            look = asyncio.ensure_future(stores[1].get_many(["k"], patient=True))
            assert await stores[0].get("k") is None  # has waited for a tenth of a second
            assert not any(one.done() for one in [*claims, *spends, look])
        finally:
            server.tell(signal.SIGCONT)
        assert sorted(await asyncio.gather(*claims)) == [False, True]
        assert (await asyncio.gather(*spends)).count(None) == 3
        assert await look == {"k": b"v"}


@pytest.mark.needs(REDIS)
async def test_a_late_look_is_no_look(server):
    """Not answered in time: nothing is known, and that is not the same as nothing kept (statement 101)."""
    async with opened(RedisStore(server.url, Clock(0.0), Clock(), "late:", patience=Patience(charge=0.1))) as store:
        server.tell(signal.SIGSTOP)
        try:
            with pytest.raises(StoreLate):
                await store.get_many(["k"], patient=True)
        finally:
            server.tell(signal.SIGCONT)


@pytest.mark.slow
@pytest.mark.needs(REDIS)
async def test_a_redis_that_is_slow_at_the_start_grants_nothing(server):
    """It does not answer while a worker starts: nothing is granted on that account, and what it says counts (101)."""
    server.tell(signal.SIGSTOP)
    store = RedisStore(server.url, Clock(0.0), Clock(), "start:", patience=Patience(charge=20))
    await store.open()
    try:
        assert store.problem == "redis does not answer: TimeoutError"
        claiming = asyncio.ensure_future(store.claim("k", "me", 60))
        assert not (await asyncio.wait({claiming}, timeout=0.1))[0]
    finally:
        server.tell(signal.SIGCONT)
    assert await claiming
    assert not await store.claim("k", "another", 60)
    await store.close()


@pytest.mark.needs(REDIS)
async def test_what_is_found_of_a_server_is_found_once(server):
    """Answers and budgets are of one server: that it hangs costs one wait, not one for each."""
    answers = RedisStore(server.url, Clock(0.0), Clock(), patience=Patience(charge=0.1))
    budgets = RedisStore(
        server.url, Clock(0.0), Clock(), "budgets:", patience=Patience(charge=3600), server=answers.server
    )
    async with opened(answers), opened(budgets):
        server.tell(signal.SIGSTOP)
        try:
            assert not await answers.claim("k", "me", 1)
            with pytest.raises(LedgerUnavailable):
                await budgets.charge([Charge("minute", 1, NOON + 60, 1)], NOON)
        finally:
            server.tell(signal.SIGCONT)


@pytest.mark.needs(REDIS)
async def test_a_hung_redis_that_answers_a_claim_again(server):
    """Nobody reads, and a claim is wanted: it is tried beside it, whether the server is there again."""
    steady = Clock(0.0)
    async with opened(RedisStore(server.url, steady, Clock(), "again:", patience=Patience(charge=0.1))) as store:
        server.tell(signal.SIGSTOP)
        try:
            assert not await store.claim("k", "me", 60)
        finally:
            server.tell(signal.SIGCONT)
        steady.now += 1
        store._longest = 20
        assert await store.claim("another key", "me", 60)  # on its own
        await settles(lambda: is_well(store))
        assert await store.claim("another key", "another", 60)
        assert not await store.claim("another key", "me", 60)


async def is_well(store: Store) -> bool:
    return store.problem is None


REFUSALS = {
    "out of memory": ("CONFIG SET maxmemory 1", "CONFIG SET maxmemory 0"),
    "read only": ("REPLICAOF 127.0.0.1 1", "REPLICAOF NO ONE"),
    "no replicas": ("CONFIG SET min-replicas-to-write 1", "CONFIG SET min-replicas-to-write 0"),
}


@pytest.mark.needs(REDIS)
@pytest.mark.parametrize("why", REFUSALS)
async def test_a_redis_that_refuses_writes_is_read(why):
    """Full, a replica after a failover, or without replicas of its own: reads go on, each claim is granted, no ledger
    is kept, and it is told until a write works (statement 110)."""
    begin, end = REFUSALS[why]
    server, steady = Server(), Clock(0.0)
    try:
        async with opened(RedisStore(server.url, steady, Clock(), patience=Patience(read=20))) as store:
            for i in range(6):
                await store.put(f"k{i}", b"v", 600, NOON)
            assert await store.claim("the writes before it", "me", 1)
            server.do(begin)
            for _ in range(3):
                await store.put("another", b"v", 600, NOON)
                assert await store.claim("k", "me", 1)
                assert await store.claim("k", "another", 1)
                with pytest.raises(LedgerUnavailable):
                    await store.charge([Charge("minute", 1, NOON + 60, 1)], NOON)
                assert [await store.get(f"k{i}") for i in range(6)] == [b"v"] * 6
                assert await store.get_many(["k0"], patient=True) == {"k0": b"v"}
                assert (store.problem or "").startswith("redis refuses writes: ")
                steady.now += 20
            server.do(end)
            await store.put("another", b"v", 600, NOON)
            await settles(lambda: holds(store, "another", b"v"))
            await settles(lambda: is_well(store))
    finally:
        server.stop()


@pytest.mark.needs(REDIS)
async def test_a_connection_that_breaks_is_not_a_server_that_is_gone(server):
    """All connections are closed by the server, as it does with idle ones: claims and spends go on over others."""
    async with opened(RedisStore(server.url, Clock(0.0), Clock(), "broken:", patience=Patience(read=20))) as store:
        assert await store.claim("k", "me", 60)
        server.do("CLIENT KILL TYPE normal SKIPME yes")
        assert not await store.claim("k", "another", 60)
        server.do("CLIENT KILL TYPE normal SKIPME yes")
        assert await store.charge([Charge("minute", 1, NOON + 60, 1)], NOON) is None
        server.do("CLIENT KILL TYPE normal SKIPME yes")
        await store.put("k", b"v", 60, NOON)
        await settles(lambda: holds(store, "k", b"v"))


@pytest.mark.needs(REDIS)
async def test_a_redis_that_stays_away_is_tried_ever_less_often(caplog):
    """After a second, then twice as long each time, and from a quarter of a minute on no longer (statement 82)."""
    steady = Clock(0.0)
    tried = []
    async with opened(RedisStore("redis://127.0.0.1:1/0", steady, Clock())) as store:
        for half in range(140):
            steady.now = half / 2
            caplog.clear()
            await store.get("k")
            tried += [steady.now] * len(caplog.records)
    assert tried == [1.0, 3.0, 7.0, 15.0, 30.0, 45.0, 60.0]


@pytest.mark.needs(REDIS)
async def test_a_redis_that_is_not_there_costs_a_moment_once(caplog):
    """A refused connection is a miss; one line says so, and it is not tried again for a second (statement 82)."""
    steady = Clock(0.0)
    async with opened(RedisStore("redis://127.0.0.1:1/0", steady, Clock())) as store:
        for _ in range(1000):
            assert await store.get("k") is None
        assert [record.message for record in caplog.records] == ["redis, open: ConnectionRefusedError"]


@pytest.mark.slow
@pytest.mark.needs(REDIS)
async def test_the_ledger_is_exact_over_processes(tmp_path, server):
    """Four processes that spend 500 times each count 2,000, in Redis and on disk (statement 55)."""
    script = Path(__file__).with_name("spender.py")
    for where in (server.url, str(tmp_path)):
        spenders = [
            subprocess.Popen([os.sys.executable, script, where, "500"], stdout=subprocess.PIPE) for _ in range(4)
        ]
        counted = [int(spender.communicate(timeout=60)[0]) for spender in spenders]
        assert sum(counted) == 2000
