"""Turns at a key, in real time, for it is the loop's clock that they are kept by."""

import asyncio

import pytest
from fakes import Clock, until

from weather.stores.memory import MemoryStore
from weather.turn import CLAIM_SECONDS, Turn

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


async def test_a_long_call_keeps_its_turn():
    """A call that outlasts the claim: nobody else's turn while it is under way, and at once when it is not (24)."""
    clock, answer = Clock(0.0), asyncio.Event()
    store = Counting(clock)
    store.ready.set()
    turn = Turn(store, "k")
    assert await turn.come(nothing) is None
    using = asyncio.ensure_future(turn.use(answer.wait()))
    for renewals in (1, 2):
        clock.now += CLAIM_SECONDS * 0.9
        await until(lambda renewals=renewals: store.claims == 1 + renewals)
    assert not await MemoryStore.claim(store, "k", "another", 1)
    answer.set()
    assert await using
    assert await MemoryStore.claim(store, "k", "another", 1)


async def test_no_claim_comes_after_the_end():
    """A claim that is being renewed when the call ends is waited for, and then given back."""
    store = Counting(Clock())
    turn, answer = Turn(store, "k"), asyncio.Event()
    assert await turn.come(nothing) is None
    using = asyncio.ensure_future(turn.use(answer.wait()))
    await until(lambda: store.claims == 2)
    answer.set()
    asyncio.get_running_loop().call_later(0.01, store.ready.set)
    assert await using
    await until(store.ready.is_set)
    await asyncio.sleep(0.01)  # whatever is still under way
    assert await MemoryStore.claim(store, "k", "another", 1)
