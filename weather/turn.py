"""One flight per key over all workers: whose turn it is to ask, and what the others do meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from secrets import token_hex
from typing import TypeVar

from weather.store import Store

T = TypeVar("T")

CLAIM_SECONDS = 2.0
"""How long a worker that died in a flight holds the others up."""

POLL_SECONDS = 0.04


class Turn:
    """One worker's turn at a key; a claim in the store, renewed as long as the call is under way."""

    def __init__(self, store: Store, key: str) -> None:
        self._store, self._key, self._holder = store, key, token_hex(8)

    async def come(self, landed: Callable[[], Awaitable[T | None]]) -> T | None:
        """Wait until it is ours to ask: None. Or until another has: what `landed` then gives, or raises."""
        while True:
            is_ours = await self._store.claim(self._key, self._holder, CLAIM_SECONDS)
            try:
                found = await landed()
            except BaseException:
                await self.end()
                raise
            if found is None and is_ours:
                return None
            if found is not None:
                await self.end()
                return found
            await asyncio.sleep(POLL_SECONDS)

    async def use(self, call: Coroutine[None, None, T]) -> T:
        """Make the call, and keep the claim until it is over."""
        task = asyncio.ensure_future(call)
        try:
            while not task.done():
                await asyncio.wait({task}, timeout=CLAIM_SECONDS / 3)
                if not task.done():
                    await self._store.claim(self._key, self._holder, CLAIM_SECONDS)
            return task.result()
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self.end()

    async def end(self) -> None:
        """Give the turn back, if it is ours."""
        await self._store.release(self._key, self._holder)
