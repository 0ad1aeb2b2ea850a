"""One flight per key over all workers: whose turn it is to ask, and what the others do meanwhile."""

import asyncio
from collections.abc import Awaitable, Callable
from secrets import token_hex
from typing import TypeVar

from weather.errors import TooManyCalls
from weather.upstream.stores.base import Store, StoreLate

T = TypeVar("T")

CLAIM_SECONDS = 1.0
"""A worker that died in a flight holds the others up for so long, and for the grace in which it might have lived."""

POLL_SECONDS = 0.04

PATIENCE = 60.0
"""Seconds after which a turn that does not come is given up: who wanted the answer has long left."""


class Lease:
    """One worker's turn at a key; a claim in the store, renewed as long as the call is under way."""

    def __init__(self, store: Store, key: str, patience: float = PATIENCE) -> None:
        self._store, self._key, self._holder, self._patience = store, key, token_hex(8), patience
        self._renewal: asyncio.Future[bool] | None = None

    async def acquire_or_result(self, read_result: Callable[[], Awaitable[T | None]]) -> T | None:
        """Wait until it is ours to ask: None. Or until another has: what `landed` then gives, or raises.

        Not known is not ours: while the store is late, or `landed` raises Late, it waits on; at last it raises Busy.
        """
        try:
            result = await self._poll(read_result)
        except BaseException:
            await self.release()
            raise
        if result is not None:
            await self.release()
        return result

    async def _poll(self, read_result: Callable[[], Awaitable[T | None]]) -> T | None:
        loop = asyncio.get_running_loop()
        end = loop.time() + self._patience
        while True:
            is_ours = await self._store.claim(self._key, self._holder, CLAIM_SECONDS)
            result, is_known = await result_if_known(read_result)
            if result is not None or (is_ours and is_known):
                return result
            if loop.time() >= end:
                raise TooManyCalls("whose turn it is to ask cannot be told for a moment")
            await asyncio.sleep(POLL_SECONDS)

    async def run(self, call: Awaitable[T]) -> T:
        """Make the call, and keep the claim until it is over."""
        self._timer = asyncio.get_running_loop().call_later(CLAIM_SECONDS / 3, self._renew)
        try:
            return await call
        finally:
            self._timer.cancel()
            if self._renewal and not self._renewal.done():
                # Or it might come after the end. Nobody waits for it, for the store may be slow.
                self._renewal.add_done_callback(lambda _: asyncio.ensure_future(self.release()))
            else:
                await self.release()

    def _renew(self) -> None:
        """Claim again, beside the call; few take so long."""
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.ensure_future(self._store.claim(self._key, self._holder, CLAIM_SECONDS))
        self._timer = asyncio.get_running_loop().call_later(CLAIM_SECONDS / 3, self._renew)

    async def release(self) -> None:
        """Give the turn back, if it is ours."""
        await self._store.release(self._key, self._holder)


async def result_if_known(read_result: Callable[[], Awaitable[T | None]]) -> tuple[T | None, bool]:
    """What has landed; and whether that is known."""
    try:
        return await read_result(), True
    except StoreLate:
        return None, False
