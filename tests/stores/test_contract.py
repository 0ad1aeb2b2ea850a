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

from weather.quota import Draw, Refused
from weather.store import Store, Unkept
from weather.stores.disk import DiskStore
from weather.stores.memory import MemoryStore
from weather.stores.redis import RedisStore

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
        made = RedisStore(request.getfixturevalue("server").url, time.monotonic, Clock(), f"{tmp_path}:", patience=20)
    elif request.param == "disk":
        made = DiskStore(tmp_path, 2**24, time.monotonic, Clock(), patience=20)
    else:
        made = MemoryStore(time.monotonic)
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
    assert await store.several([]) == {}
    for key in ("a", "b", "c"):
        await store.put(key, key.encode() * 9, 60, NOON)
    await settles(lambda: holds(store, "c", b"c" * 9))
    assert await store.several(["a", "c", "d", "a"]) == {"a": b"a" * 9, "c": b"c" * 9}


async def test_a_later_value_replaces_and_an_earlier_one_does_not(store):
    """Of two answers for a key the one that came about later stays, whichever is written last (statement 24)."""
    await store.put("k", b"first", 60, NOON - 10)
    await store.put("k", b"later", 60, NOON - 5)
    await store.put("k", b"older", 60, NOON - 7)
    await store.claim("the writes before it", "x", 1)
    assert await store.get("k") == b"later"


async def test_what_is_of_the_future_is_replaced(store):
    """After the clock was set back, what claims to be of a later time holds nobody up (statement 37)."""
    if isinstance(store, MemoryStore):
        return  # one process has one clock
    await store.put("k", b"tomorrow", 60, NOON + 86400)
    await store.put("k", b"today", 60, NOON)
    await settles(lambda: holds(store, "k", b"today"))


async def test_what_has_lapsed_is_gone(store):
    """A value is there for its seconds, and then it is not."""
    await store.put("k", b"v", 0.05, NOON)
    await settles(lambda: holds(store, "k", None))


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


async def test_a_budget_is_never_overdrawn(store):
    """Of a hundred who spend at once as many are let as the limit holds; others are told how long (statement 54)."""
    if isinstance(store, MemoryStore):
        with pytest.raises(Unkept):
            await store.spend([Draw("minute", 1, NOON + 60, 7)], NOON)
        return
    draws = [Draw("minute", 1, NOON + 60, 7), Draw("month", 1, NOON + 9000, 1000)]
    refused = await asyncio.gather(*(store.spend(draws, NOON) for _ in range(100)))
    assert refused.count(None) == 7
    assert {one for one in refused if one} == {Refused("minute", 60.0)}
    assert await store.spend([Draw("minute", 1, NOON + 121, 7), draws[1]], NOON + 61) is None
    month = [Draw("month", 1, NOON + 9000, 8)]
    assert await store.spend(month, NOON + 61) == Refused("month", 9000 - 61.0)


async def test_all_or_nothing_is_drawn(store):
    """A budget that refuses costs the others nothing."""
    if isinstance(store, MemoryStore):
        return
    assert await store.spend([Draw("day", 1, NOON + 60, 1)], NOON) is None
    for _ in range(5):
        both = [Draw("minute", 1, NOON + 60, 2), Draw("day", 1, NOON + 60, 1)]
        assert await store.spend(both, NOON) == Refused("day", 60.0)
    assert await store.spend([Draw("minute", 2, NOON + 60, 2)], NOON) is None


@pytest.mark.needs(REDIS)
async def test_a_hung_redis_costs_a_moment_once(server):
    """Stopped with SIGSTOP: the first requests wait a moment, the others not at all (statement 82)."""
    steady = Clock(0.0)
    async with opened(RedisStore(server.url, steady, Clock(), "hung:", patience=1)) as store:
        await store.put("k", b"v", 60, NOON)
        server.tell(signal.SIGSTOP)
        try:
            assert await asyncio.gather(*(store.get("k") for _ in range(10))) == [None] * 10
            assert store.trouble == "redis does not answer: TimeoutError"
            async with asyncio.timeout(60):  # a tenth of a second each would be a quarter of an hour
                for _ in range(10_000):
                    assert await store.get("k") is None
            assert await store.claim("k", "me", 1)
            with pytest.raises(Unkept):
                await store.spend([Draw("minute", 1, NOON + 60, 1)], NOON)
        finally:
            server.tell(signal.SIGCONT)
        wait_until(server.answers)
        for _ in range(2):  # twice within the half minute
            steady.now += 15
            found = await store.get("k")
            if found:
                break
        assert found == b"v"
        assert store.trouble is None


@pytest.mark.needs(REDIS)
async def test_a_redis_that_is_not_there_costs_a_moment_once(caplog):
    """A refused connection is a miss; one line says so, and it is not tried again for a second (statement 82)."""
    steady = Clock(0.0)
    async with opened(RedisStore("redis://127.0.0.1:1/0", steady, Clock())) as store:
        for _ in range(1000):
            assert await store.get("k") is None
        assert [record.message for record in caplog.records] == ["redis, open: ConnectionError"]


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
