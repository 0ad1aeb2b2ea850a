"""How long a server is waited for; and how long it is left alone after that: a second, doubling to a quarter minute."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")

FIRST_REST, LONGEST_REST = 1.0, 15.0

LAST_LOOKS = 5
"""Turns of the loop in which an answer may still be read that has come while it was busy."""


class Backoff:
    """Of one kind of requests: whether they are left for now, and what was the trouble (None: there is none)."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._length, self._until = 0.0, 0.0
        self.problem: str | None = None

    @property
    def is_on(self) -> bool:
        return self._steady() < self._until

    def try_again(self) -> bool:
        """Whether the next request is a trial: the others are left as long as it is under way."""
        if self.problem is not None:
            self._until = self._steady() + self._length
        return self.problem is not None

    def fail(self, problem: str) -> None:
        self._length = min(LONGEST_REST, max(FIRST_REST, 2 * self._length))
        self._until = self._steady() + self._length
        self.problem = problem

    def end(self) -> None:
        self._length, self._until, self.problem = 0.0, 0.0, None


async def in_time(act: Awaitable[T], seconds: float) -> T:
    """What the act gives, if it does so in time; else raises TimeoutError."""
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
