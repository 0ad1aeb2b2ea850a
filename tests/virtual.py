"""An event loop of virtual time: a wait of a second costs none, and a deadline is exact on the busiest machine.

Time stands still while anything can go on, and leaps to the next timer once nothing can: no task is ready, no thread of
an executor is at work, and no byte is under way between sockets of this process.
"""

import asyncio
import selectors
import time
from collections.abc import Callable

GRACE = 0.002
"""Seconds that the kernel is given to carry bytes over loopback, before it is believed that none are under way. A wait
that took twice as long says that the machine is busy elsewhere, and is made again."""


class VirtualLoop(asyncio.SelectorEventLoop):
    """Its `time()` is told by its timers alone; `leap` is what a machine does to it that stands still."""

    def __init__(self) -> None:
        self._now, self._at_work = 0.0, 0
        super().__init__(Patient(self))

    def time(self) -> float:
        return self._now

    def leap(self, seconds: float) -> None:
        self._now += seconds

    @property
    def is_at_work(self) -> bool:
        return self._at_work > 0

    def run_in_executor(self, executor, act: Callable, *given) -> asyncio.Future:
        self._at_work += 1
        working = super().run_in_executor(executor, act, *given)
        working.add_done_callback(self._rest)
        return working

    async def shutdown_default_executor(self, *given) -> None:
        self._at_work += 1
        await super().shutdown_default_executor(*given)

    def _rest(self, _: asyncio.Future) -> None:
        self._at_work -= 1


class Patient(selectors.DefaultSelector):
    """Waits for what may still come of itself; else leaps over the wait."""

    def __init__(self, loop: VirtualLoop) -> None:
        super().__init__()
        self._loop = loop

    def select(self, timeout: float | None = None):
        if timeout is None or timeout <= 0:
            return super().select(timeout)
        is_busy = True
        while is_busy:
            began = time.monotonic()
            if (ready := super().select(GRACE)) or self._loop.is_at_work:
                return ready
            is_busy = time.monotonic() - began > 2 * GRACE
        self._loop.leap(timeout)
        return []


VIRTUAL = ("asyncio", {"loop_factory": VirtualLoop})
"""The value of the fixture `anyio_backend` for it."""
