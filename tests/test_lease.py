"""Turns at a key, in real time, for it is the loop's clock that they are kept by."""

import asyncio

import pytest
from fakes import Clock, until

from weather.errors import TooManyCalls
from weather.upstream.lease import CLAIM_SECONDS, Lease
from weather.upstream.stores.base import StoreLate
from weather.upstream.stores.memory import MemoryStore

pytestmark = [pytest.mark.anyio, pytest.mark.virtual_time]


async def nothing() -> None:
    """What has landed."""


class Counting(MemoryStore):
    """Counts the claims, and keeps all but the first waiting until it is ready."""

    def __init__(self, clock: Clock) -> None:
        super().__init__(clock)
        self.claims, self.ready = 0, asyncio.Event()

    async def claim(self, key: str, holder: str, seconds: float) -> bool:
        self.claims += 1
        if self.claims > 1:
            await self.ready.wait()
        return await super().claim(key, holder, seconds)


@pytest.mark.slow
async def test_a_long_call_keeps_its_turn():
    """A call that outlasts the claim: nobody else's turn while it is under way, and at once when it is not (24)."""
    clock, answer = Clock(0.0), asyncio.Event()
    store = Counting(clock)
    store.ready.set()
    turn = Lease(store, "k")
    assert await turn.acquire_or_result(nothing) is None
    using = asyncio.ensure_future(turn.run(answer.wait()))
    for renewals in (1, 2):
        clock.now += CLAIM_SECONDS * 0.9
        await until(lambda renewals=renewals: store.claims == 1 + renewals)
    assert not await MemoryStore.claim(store, "k", "another", 1)
    answer.set()
    assert await using
    assert await MemoryStore.claim(store, "k", "another", 1)


@pytest.mark.slow
async def test_no_claim_comes_after_the_end():
    """A claim that is being renewed when the call ends is waited for, and then given back."""
    store = Counting(Clock())
    turn, answer = Lease(store, "k"), asyncio.Event()
    assert await turn.acquire_or_result(nothing) is None
    using = asyncio.ensure_future(turn.run(answer.wait()))
    await until(lambda: store.claims == 2)
    answer.set()
    asyncio.get_running_loop().call_later(0.01, store.ready.set)
    assert await using
    await until(store.ready.is_set)
    await asyncio.sleep(0.01)  # whatever is still under way
    assert await MemoryStore.claim(store, "k", "another", 1)


class Locked(MemoryStore):
    """A store that is late until it is told otherwise: what is claimed is not known to be had."""

    def __init__(self) -> None:
        super().__init__(Clock())
        self.is_late, self.max_attempts = True, 0

    async def claim(self, key: str, holder: str, seconds: float) -> bool:
        self.max_attempts += 1
        return await super().claim(key, holder, seconds) and not self.is_late


async def test_a_store_that_is_late_keeps_all_waiting():
    """Two workers, and a store that does not answer: it is nobody's turn; when it does it is one's (statement 101)."""
    store = Locked()
    turns = [asyncio.ensure_future(Lease(store, "k").acquire_or_result(nothing)) for _ in range(2)]
    await until(lambda: store.max_attempts >= 6)
    assert not any(turn.done() for turn in turns)
    store.is_late = False
    done, waiting = await asyncio.wait(turns, return_when=asyncio.FIRST_COMPLETED)
    assert (len(done), len(waiting)) == (1, 1)
    waiting.pop().cancel()


async def test_a_turn_that_does_not_come_is_given_up():
    """The store stays late: who waits is told to come again in a second, and what was claimed late is given back."""
    store = Locked()
    with pytest.raises(TooManyCalls) as raised:
        await Lease(store, "k", patience=0.1).acquire_or_result(nothing)
    assert raised.value.retry_after == 1.0
    assert await MemoryStore.claim(store, "k", "another", 1)


async def test_who_is_cancelled_while_claiming_gives_it_back():
    """The end of the process, or of a flight, while a claim is under way: nobody waits for it to lapse."""
    store = Counting(Clock())
    await store.claim("another key", "somebody", 1)
    coming = asyncio.ensure_future(Lease(store, "k").acquire_or_result(nothing))
    await until(lambda: store.claims == 2)
    coming.cancel()
    with pytest.raises(asyncio.CancelledError):
        await coming
    assert await MemoryStore.claim(store, "k", "another", 1)


async def test_it_is_not_ours_to_ask_before_it_is_known_what_has_landed():
    """The claim is had, but what another has brought cannot be looked up yet: it waits, and takes that (101)."""
    looks = []

    async def landed() -> str | None:
        looks.append(1)
        if len(looks) < 3:
            raise StoreLate
        return "what another brought"

    store = MemoryStore(Clock())
    assert await Lease(store, "k").acquire_or_result(landed) == "what another brought"
    assert await store.claim("k", "another", 1)


@pytest.mark.slow
async def test_an_answer_waits_for_no_renewal():
    """The store is locked while the call ends: who waits for the answer has it, and the claim is given back later."""
    store = Counting(Clock())
    turn, answer = Lease(store, "k"), asyncio.Event()
    assert await turn.acquire_or_result(nothing) is None
    using = asyncio.ensure_future(turn.run(answer.wait()))
    await until(lambda: store.claims == 2)
    answer.set()
    assert await using
    assert not await MemoryStore.claim(store, "k", "another", 1)
    store.ready.set()
    await until(lambda: store._values.get("claim k") is None)


async def test_one_renewal_at_a_time():
    """A store that is slow is not asked again before it has answered."""
    store = Counting(Clock())
    turn, answer = Lease(store, "k"), asyncio.Event()
    assert await turn.acquire_or_result(nothing) is None
    using = asyncio.ensure_future(turn.run(answer.wait()))
    await asyncio.sleep(CLAIM_SECONDS)  # by the loop's clock, which turns are kept by: three renewals would be due
    assert store.claims == 2
    store.ready.set()
    answer.set()
    assert await using
