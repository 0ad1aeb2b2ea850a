"""One call per key: whoever wants the same key waits for it, here and in other workers; it goes on when they leave."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

from weather.upstream.lease import Lease
from weather.upstream.stores.base import Store

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Flight(Generic[T]):
    """A call under way; `started` on the event loop's clock."""

    task: asyncio.Task[T]
    started: float

    async def wait(self, seconds: float) -> bool:
        """Wait for the end, at most so long. Return whether it has ended. A cancelled waiter does not cancel it."""
        if not self.task.done() and seconds > 0:
            await asyncio.wait({self.task}, timeout=seconds)
        return self.task.done()


class SingleFlight(Generic[T]):
    """The calls under way in this worker, by key. `store` holds the leases of all workers."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._flights: dict[str, Flight[T]] = {}

    def __len__(self) -> int:
        return len(self._flights)

    def join(
        self, key: str, call: Callable[[], Awaitable[T]], read_result: Callable[[], Awaitable[T | None]]
    ) -> tuple[Flight[T], bool]:
        """The flight of this key, started if there is none; and whether it was under way already.

        `read_result` reads the result that another worker stored meanwhile, if any, or raises the error that it met.
        """
        if flight := self._flights.get(key):
            return flight, True
        # A task of its own, never cancelled with its visitor: httpcore 1.0.9 loses a pool slot for good with
        # every request that is cancelled before it has a connection (encode/httpcore#1093).
        task = asyncio.get_running_loop().create_task(self._call_once(key, call, read_result))
        flight = self._flights[key] = Flight(task, asyncio.get_running_loop().time())
        task.add_done_callback(partial(self._remove, key))
        return flight, False

    async def _call_once(
        self, key: str, call: Callable[[], Awaitable[T]], read_result: Callable[[], Awaitable[T | None]]
    ) -> T:
        """The call, once this worker holds the lease; or another worker's result."""
        lease = Lease(self._store, key)
        result = await lease.acquire_or_result(read_result)
        return await lease.run(call()) if result is None else result

    def _remove(self, key: str, task: asyncio.Task[T]) -> None:
        del self._flights[key]
        if not task.cancelled():
            task.exception()  # read, for a failed flight that everyone has left would be logged as an error

    async def close(self, grace: float) -> None:
        """Give the flights `grace` seconds to end, then cancel them."""
        tasks = [flight.task for flight in self._flights.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
