"""How long a server is waited for, and how long it is left alone after a fault: a second, doubling up to 15."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TypeVar

from weather.upstream.stores.base import LONGEST_WAIT

T = TypeVar("T")

FIRST_SECONDS, LONGEST_SECONDS = 1.0, 15.0

WAIT_SECONDS = 0.09
"""For one answer, by which one request is slower, once."""

LAST_LOOKS = 5
"""Iterations of the loop in which an answer may still be read that came while the loop was busy."""


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds that a read waits, and that a claim, a charge or a patient read does."""

    read: float = WAIT_SECONDS
    charge: float = LONGEST_WAIT


class Backoff:
    """The back-off of one kind of requests. `problem`: the last fault, None if there is none."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._length, self._until = 0.0, 0.0
        self.problem: str | None = None

    @property
    def is_on(self) -> bool:
        return self._steady() < self._until

    def try_again(self) -> bool:
        """Whether the next request is a trial; no other is made while it is under way."""
        if self.problem is not None:
            self._until = self._steady() + self._length
        return self.problem is not None

    def fail(self, problem: str) -> None:
        self._length = min(LONGEST_SECONDS, max(FIRST_SECONDS, 2 * self._length))
        self._until = self._steady() + self._length
        self.problem = problem

    def end(self) -> None:
        self._length, self._until, self.problem = 0.0, 0.0, None


async def in_time(act: Awaitable[T], seconds: float) -> T:
    """The act's result. Raises TimeoutError if it is not there in time."""
    task = asyncio.ensure_future(act)
    try:
        await asyncio.wait({task}, timeout=seconds)
        for _ in range(LAST_LOOKS):
            if not task.done():
                await asyncio.sleep(0)
        if not task.done():
            raise TimeoutError
        return task.result()
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
