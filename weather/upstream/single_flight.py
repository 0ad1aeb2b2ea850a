"""One flight per key: whoever wants the same answer waits for the same call, and nobody who leaves ends it."""

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
        """Wait for the landing, at most so long. Says whether it has landed; a waiter's end is not the flight's."""
        if not self.task.done() and seconds > 0:
            await asyncio.wait({self.task}, timeout=seconds)
        return self.task.done()


class SingleFlight(Generic[T]):
    """The flights under way, by key."""

    def __init__(self) -> None:
        self._flights: dict[str, Flight[T]] = {}

    def __len__(self) -> int:
        return len(self._flights)

    def join(self, key: str, call: Callable[[], Coroutine[None, None, T]]) -> tuple[Flight[T], bool]:
        """The flight of this key, started if there is none; and whether it was up already."""
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
        """Let those under way land for `grace` seconds, then end them."""
        tasks = [flight.task for flight in self._flights.values()]
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=grace)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)
