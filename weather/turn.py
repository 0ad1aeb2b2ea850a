"""One flight per key over all workers: whose turn it is to ask, and what the others do meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
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
        self._renewal: asyncio.Future[bool] | None = None

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

    async def use(self, call: Awaitable[T]) -> T:
        """Make the call, and keep the claim until it is over."""
        self._again = asyncio.get_running_loop().call_later(CLAIM_SECONDS / 3, self._renew)
        try:
            return await call
        finally:
            self._again.cancel()
            if self._renewal:
                await asyncio.wait({self._renewal})  # else it might come after the end
            await self.end()

    def _renew(self) -> None:
        """Claim again, beside the call; few take so long."""
        self._renewal = asyncio.ensure_future(self._store.claim(self._key, self._holder, CLAIM_SECONDS))
        self._again = asyncio.get_running_loop().call_later(CLAIM_SECONDS / 3, self._renew)

    async def end(self) -> None:
        """Give the turn back, if it is ours."""
        await self._store.release(self._key, self._holder)
