"""One upstream call per key over all workers: who holds the lease calls, the others wait for the result."""

import asyncio
from collections.abc import Awaitable, Callable
from secrets import token_hex
from typing import TypeVar

from weather.errors import TooManyCalls
from weather.upstream.stores.base import Store, StoreLate

T = TypeVar("T")

CLAIM_SECONDS = 1.0
"""A lease expires after so long, unless it is renewed: a worker that died holds the others up no longer than that,
and the store's grace."""

POLL_SECONDS = 0.04

PATIENCE = 60.0
"""Seconds after which waiting for a lease is given up: who wanted the answer has long left."""


class Lease:
    """The right of one worker to call upstream for a key: a claim in the store, renewed while the call runs."""

    def __init__(self, store: Store, key: str, patience: float = PATIENCE) -> None:
        self._store, self._key = store, key
        self._holder, self._patience = token_hex(8), patience
        self._renewal: asyncio.Future[bool] | None = None

    async def acquire_or_result(self, read_result: Callable[[], Awaitable[T | None]]) -> T | None:
        """Return None once we hold the lease, or the result that another worker stored meanwhile.

        `read_result` reads that result, or raises the error that the other worker met. While the store is late, or
        `read_result` raises StoreLate, the lease counts as not held. Raises TooManyCalls when patience ends.
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
                raise TooManyCalls("it is not known for a moment which worker calls")
            await asyncio.sleep(POLL_SECONDS)

    async def run(self, call: Awaitable[T]) -> T:
        """Await the call, and hold the lease until it ends."""
        self._timer = asyncio.get_running_loop().call_later(CLAIM_SECONDS / 3, self._renew)
        try:
            return await call
        finally:
            self._timer.cancel()
            if self._renewal and not self._renewal.done():
                # Or it might be carried out after the release. Nobody waits for it, for the store may be slow.
                self._renewal.add_done_callback(lambda _: asyncio.ensure_future(self.release()))
            else:
                await self.release()

    def _renew(self) -> None:
        """Renew the claim while the call runs; few calls take so long."""
        if self._renewal is None or self._renewal.done():
            self._renewal = asyncio.ensure_future(self._store.claim(self._key, self._holder, CLAIM_SECONDS))
        self._timer = asyncio.get_running_loop().call_later(CLAIM_SECONDS / 3, self._renew)

    async def release(self) -> None:
        """Give the lease back, if we hold it."""
        await self._store.release(self._key, self._holder)


async def result_if_known(read_result: Callable[[], Awaitable[T | None]]) -> tuple[T | None, bool]:
    """The stored result, if there is one; and whether that is known."""
    try:
        return await read_result(), True
    except StoreLate:
        return None, False
