"""One folder on one machine: reads on the loop, writes in turn in one thread, and no fault of it reaches a visitor."""

import asyncio
import logging
import shutil
import sqlite3
import struct
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from weather.exchange import sealed, unsealed
from weather.quota import Draw, Refused, Row, settle
from weather.store import Unkept
from weather.stores.bytescache import BytesCache, Timeout, is_corrupt, name_of, opened

T = TypeVar("T")
Act = Callable[[BytesCache], None]
log = logging.getLogger(__name__)

ANSWERS, BUDGETS = "weather-2", "budgets-1"
"""Named by the layout: another layout is another folder. Clearing the weather does not touch the budgets."""

OPEN_SECONDS, CLOSE_SECONDS, WARN_EVERY = 5.0, 1.0, 60.0
TURN_SECONDS = 0.1
"""What a visitor waits for the writer thread, where the disk may be slow or locked."""

WAITING, LEAST_WAITING = 16 * 2**20, 2**15
"""Bytes that may wait to be written, and what a small value counts: two of the largest answers, or 512 small ones."""

GATHER_SECONDS, GATHERED = 0.002, 2**20
"""What nobody waits for is written together, a moment later, when the visitor has his answer: so long, or so much."""

STAMP = struct.Struct(">d")
"""Before every value: when it came about. Of positive numbers the bytes are in the order of the numbers."""


def drawn(cache: BytesCache, taken: Sequence[Draw], now: float) -> Refused | None:
    """Draw from the rows that are kept, in one transaction of the caller's."""
    kept = {
        name: unsealed(row[STAMP.size :], Row) for name, row in cache.several([one.budget for one in taken]).items()
    }
    settled = settle({name: row for name, row in kept.items() if row}, taken, now)
    if isinstance(settled, Refused):
        return settled
    cache.drop_lapsed(len(settled) - len(kept))  # as new ones come, old ones go
    for name, row in settled.items():
        cache.put(name, STAMP.pack(now) + sealed(row), row[-1][0] - now)
    return None


def written(cache: BytesCache, acts: Sequence[Act]) -> bool:
    """Do all of it, or nothing."""
    with cache.transact():
        for act in acts:
            act(cache)
        cache.drop_lapsed(len(acts))
        cache.keep_to_limit(len(acts))
    return True


class DiskStore:
    """Reads on the loop (some 30 microseconds); writes through one thread, dropped when it cannot keep up."""

    def __init__(
        self,
        folder: Path,
        limit: int,
        steady: Callable[[], float],
        wall: Callable[[], float],
        name: str = ANSWERS,
        patience: float = TURN_SECONDS,
    ) -> None:
        self._folder, self._limit, self._patience = (folder / name).absolute(), limit, patience
        self._steady, self._wall = steady, wall
        self._cache: BytesCache | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="weather-disk")
        self._gathered: list[tuple[int, Act]] = []
        self._waiting, self._lock, self._late = 0, threading.Lock(), False
        self._warned: dict[str, float] = {}
        self.trouble: str | None = "the cache folder is not open yet"

    async def open(self) -> None:
        """Open the folder, or say why it cannot be; never takes longer than a few seconds, though the thread may."""
        opening = asyncio.get_running_loop().run_in_executor(self._writer, self._open)
        await asyncio.wait({opening}, timeout=OPEN_SECONDS)

    def _open(self) -> None:
        """In the writer thread; a corrupt folder is moved aside and another begun."""
        try:
            self._cache = self._opened_or_new()
            self.trouble = None
        except Exception as error:
            self._warn("open", error)
            self.trouble = f"the cache folder does not open: {type(error).__name__}"

    def _opened_or_new(self) -> BytesCache:
        try:
            return opened(self._folder, self._limit)
        except Exception as error:
            if not is_corrupt(error):
                raise
            self._warn("moved aside", error)
        aside = self._folder.with_name(f"{self._folder.name}.corrupt")  # one is kept, for a look
        shutil.rmtree(aside, ignore_errors=True)
        self._folder.rename(aside)
        return opened(self._folder, self._limit)

    async def get(self, key: str) -> bytes | None:
        """What is kept under a key; None too when the store is at fault."""
        return (await self.several([key])).get(key)

    async def several(self, keys: Sequence[str]) -> dict[str, bytes]:
        # Compared with None throughout: an empty cache is false, and to ask it for its length is a query.
        cache = self._cache
        rows = None if cache is None else self._guarded("read", lambda: cache.several(keys))
        return {key: row[STAMP.size :] for key, row in (rows or {}).items()}

    async def put(self, key: str, value: bytes, seconds: float, at: float = 0.0) -> None:
        """Keep a value for so long, soon: the visitor does not wait for the disk.

        That of a time ahead is from before the clock was set, and is replaced. The expiry is the hard one, after which
        nothing may be served, for expired rows are deleted at every write.
        """
        if self._cache is not None and self._admitted(size := max(len(value), LEAST_WAITING)):
            row, now = STAMP.pack(at) + value, STAMP.pack(self._wall())
            self._gather(size, lambda cache: cache.put(key, row, seconds, now))

    def _admitted(self, size: int) -> bool:
        with self._lock:
            admitted = self._waiting + size <= WAITING
            self._waiting += size * admitted
        if not admitted:
            self._warn("write", TimeoutError("too much is waiting"))
        return admitted

    def _gather(self, size: int, act: Act) -> None:
        if not self._gathered:
            asyncio.get_running_loop().call_later(GATHER_SECONDS, self._flush)
        self._gathered.append((size, act))
        if sum(size for size, _ in self._gathered) >= GATHERED:
            self._flush()

    def _flush(self) -> None:
        """Hand to the writer thread what has gathered."""
        gathered, self._gathered = self._gathered, []
        if gathered and self._cache is not None:
            self._writer.submit(self._write, self._cache, gathered)

    def _write(self, cache: BytesCache, gathered: Sequence[tuple[int, Act]]) -> None:
        if self._late:
            return
        is_written = self._guarded("write", lambda: written(cache, [act for _, act in gathered]))
        self.trouble = None if is_written else "the cache folder cannot be written to"
        with self._lock:
            self._waiting -= sum(size for size, _ in gathered)

    async def claim(self, key: str, holder: str, seconds: float) -> bool:
        if (cache := self._cache) is None:
            return True
        claimed = await self._in_turn("claim", lambda: cache.claim(f"claim {key}", holder.encode(), seconds))
        return claimed is not False

    async def release(self, key: str, holder: str) -> None:
        if self._cache is not None:
            self._gather(0, lambda cache: cache.free(f"claim {key}", holder.encode()))

    async def spend(self, taken: Sequence[Draw], now: float) -> Refused | None:
        cache = self._cache

        def act() -> tuple[Refused | None]:
            assert cache is not None  # noqa: S101
            with cache.transact():
                return (drawn(cache, taken, now),)

        settled = await self._in_turn("spend", act)
        self.trouble = None if settled else "the budgets cannot be written down"
        if settled is None:
            raise Unkept
        return settled[0]

    async def sample(self, most: int) -> list[tuple[str, float]]:
        cache = self._cache
        rows = None if cache is None else self._guarded("sample", lambda: cache.sample(most))
        return [(key, STAMP.unpack(stamp)[0]) for key, stamp in rows or ()]

    async def _in_turn(self, what: str, act: Callable[[], T]) -> T | None:
        """What the act gives in the writer thread; None if it fails, or is not done in a moment."""
        if self._cache is None:
            return None
        self._flush()  # what came before is done before
        future = asyncio.get_running_loop().run_in_executor(self._writer, self._guarded, what, act)
        # Not `asyncio.timeout`: it drops a result that has come while the loop was busy.
        await asyncio.wait({future}, timeout=self._patience)
        return future.result() if future.done() else None

    def _guarded(self, what: str, act: Callable[[], T]) -> T | None:
        """What the act gives; None if it fails. All is caught, for what diskcache raises has no bounds."""
        try:
            return act()
        except Exception as error:
            self._warn(what, error)
            return None

    def _warn(self, what: str, error: BaseException) -> None:
        """One line for each cause a minute."""
        if isinstance(error, Timeout | sqlite3.Error):  # what hides a failed BEGIN, or ends in a ROLLBACK
            error = error.__context__ or error
        cause, now = f"{what}: {name_of(error)}", self._steady()
        if now - self._warned.get(cause, -WARN_EVERY) >= WARN_EVERY:
            self._warned[cause] = now
            log.warning("cache folder, %s (%s)", cause, error)

    async def close(self) -> None:
        """Write what is waiting, for a second at most, and close each connection in its own thread."""
        self._flush()
        cache, self._cache = self._cache, None
        shut = (lambda: None) if cache is None else cache.close
        self._guarded("close", shut)
        shutting = asyncio.get_running_loop().run_in_executor(self._writer, self._guarded, "close", shut)
        _, late = await asyncio.wait({shutting}, timeout=CLOSE_SECONDS)
        self._late = bool(late)
        self._writer.shutdown(wait=not late)
