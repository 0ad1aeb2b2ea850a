"""Adds up what the workers of one run count.

Each writes its numbers now and then to a file of its own in a folder of the run, and who is asked reads them all. A
file outlives its worker, so that no sum ever falls; what a worker holds (a gauge) ends with it.
"""

import asyncio
import os
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from secrets import token_hex
from shutil import rmtree
from tempfile import mkdtemp

import msgspec

from weather.upstream.limits.call_counts import Counts

WRITE_EVERY = 0.25
"""Seconds by which the numbers of another worker may be late."""


@dataclass(frozen=True, slots=True)
class Numbers:
    """What one worker has counted since its start, and what it holds now."""

    counts: Counts
    gauges: Counts


class Written(msgspec.Struct):
    """The numbers of a worker as they are written."""

    process: int
    counts: list[tuple[list[str], float]]
    gauges: list[tuple[list[str], float]]


class Workers:
    """The numbers of all workers. Without a folder this one is alone."""

    def __init__(self, folder: Path | None, own: Callable[[], Numbers]) -> None:
        self._folder, self._own = folder, own
        self._name, self._last = f"{os.getpid()}-{token_hex(4)}", b""

    def total(self) -> Numbers:
        """The sum over all workers, with this one's numbers of now: written first, so that what is told outlives it."""
        self.write()
        total = Numbers(defaultdict(float), defaultdict(float))
        own = self._own()
        add(total.counts, own.counts)
        add(total.gauges, own.gauges)
        for other in self._others():
            add(total.counts, {tuple(key): value for key, value in other.counts})
            if is_alive(other.process):
                add(total.gauges, {tuple(key): value for key, value in other.gauges})
        return total

    def _others(self) -> list[Written]:
        files = self._folder.glob("*.json") if self._folder else []
        others = []
        for file in files:
            with suppress(OSError, msgspec.DecodeError):
                if file.stem != self._name:
                    others.append(msgspec.json.decode(file.read_bytes(), type=Written))
        return others

    async def keep_writing(self) -> None:
        """Write whenever something has changed, until this is cancelled."""
        while self._folder:
            await asyncio.sleep(WRITE_EVERY)
            self.write()

    def write(self) -> None:
        """Write this worker's numbers. A folder that cannot be written to costs them, nothing else."""
        own = self._own()
        written = msgspec.json.encode(Written(os.getpid(), rows(own.counts), rows(own.gauges)))
        if self._folder is None or written == self._last:
            return
        with suppress(OSError):
            new = self._folder / f"{self._name}.new"
            new.write_bytes(written)
            new.rename(self._folder / f"{self._name}.json")
            self._last = written


def rows(counts: Counts) -> list[tuple[list[str], float]]:
    return [(list(key), value) for key, value in counts.items()]


def add(total: Counts, more: dict[tuple[str, ...], float]) -> None:
    for key, value in more.items():
        total[key] += value


def is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError:
        return False
    return True


@contextmanager
def folder_of_run() -> Iterator[Path | None]:
    """A folder for this run alone, removed at its end; none where no file can be written."""
    try:
        made = Path(mkdtemp(prefix="weatherglass-"))
    except OSError:
        yield None
        return
    try:
        yield made
    finally:
        rmtree(made, ignore_errors=True)
