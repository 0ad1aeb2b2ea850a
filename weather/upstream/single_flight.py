"""One call per key in this worker: whoever wants the same key waits for it, and it goes on when they leave."""

import asyncio
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from functools import partial
from typing import Generic, TypeVar

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
    """The calls under way, by key."""

    def __init__(self) -> None:
        self._flights: dict[str, Flight[T]] = {}

    def __len__(self) -> int:
        return len(self._flights)

    def join(self, key: str, call: Callable[[], Coroutine[None, None, T]]) -> tuple[Flight[T], bool]:
        """The flight of this key, started if there is none; and whether it was under way already."""
        if flight := self._flights.get(key):
            return flight, True
        # A task of its own, never cancelled with its visitor: httpcore 1.0.9 loses a pool slot for good with
        # every request that is cancelled before it has a connection (encode/httpcore#1093).
        task = asyncio.get_running_loop().create_task(call())
        flight = self._flights[key] = Flight(task, asyncio.get_running_loop().time())
        task.add_done_callback(partial(self._remove, key))
        return flight, False

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
