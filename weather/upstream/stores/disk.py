"""The store in a folder on one machine: reads on the loop, writes in one thread; no fault reaches a visitor."""

import asyncio
import logging
import shutil
import sqlite3
import struct
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from math import inf
from pathlib import Path
from typing import TypeVar

from weather.messages import N_
from weather.upstream.codec import sealed, unsealed
from weather.upstream.freshness import AHEAD
from weather.upstream.quota import Charge, QuotaRefusal, Usage, try_charge
from weather.upstream.stores import readonly
from weather.upstream.stores.base import LONGEST_WAIT, LedgerUnavailable, StoreLate, grace
from weather.upstream.stores.sqlite import SqliteTable, Timeout, is_corrupt, name_of, open_cache

T = TypeVar("T")
Act = Callable[[SqliteTable], None]
log = logging.getLogger(__name__)

ANSWERS, BUDGETS = "weather-2", "budgets-1"
"""Named by the layout: another layout is another folder. Clearing the weather does not touch the budgets."""

OPEN_SECONDS, CLOSE_SECONDS, WARN_EVERY, OPEN_EVERY = 5.0, 1.0, 60.0, 60.0
"""`OPEN_EVERY`: after so many a folder that does not open for writing is tried again."""

MOST_WAITING, LEAST_WAITING = 16 * 2**20, 2**15
"""Bytes that may wait to be written, and what a small value counts: two of the largest answers, or 512 small ones."""

BATCH_SECONDS, BATCH_BYTES = 0.002, 2**20
"""Writes are batched: every 2 ms or 1 MiB."""

STAMP = struct.Struct(">d")
"""The date before every value. The bytes of positive numbers are in the order of the numbers."""


def charge_in_transaction(cache: SqliteTable, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
    """Make the charges, in the caller's transaction; or none, and return the refusal."""
    stored = {
        name: unsealed(row[STAMP.size :], Usage)
        for name, row in cache.get_many([charge.budget for charge in charges]).items()
    }
    result = try_charge({name: row for name, row in stored.items() if row}, charges, now)
    if isinstance(result, QuotaRefusal):
        return result
    cache.drop_expired(len(result) - len(stored))  # old rows go as new ones come
    for name, row in result.items():
        cache.put(name, STAMP.pack(now) + sealed(row), row[-1][0] - now)
    return None


def apply_all(cache: SqliteTable, acts: Sequence[Act]) -> None:
    """Do all of these acts, or none."""
    with cache.transact():
        for act in acts:
            act(cache)
        cache.drop_expired(len(acts))
        cache.keep_to_limit(len(acts))


def apply_unless_over(cache: SqliteTable, act: Callable[[SqliteTable], T], is_over: threading.Event) -> T:
    """The act's result. Raises StoreLate, and does nothing, if whoever wanted it has given up."""
    with cache.transact():
        if is_over.is_set():
            raise StoreLate
        return act(cache)


class DiskStore:
    """Reads on the loop (some 30 microseconds); writes through one thread. While the folder is locked claims, charges
    and writes wait. One that cannot be written to is read, and tried again each minute."""

    is_contended = False

    def __init__(
        self,
        folder: Path,
        limit: int,
        steady: Callable[[], float],
        wall: Callable[[], float],
        name: str = ANSWERS,
        patience: float = LONGEST_WAIT,
    ) -> None:
        self._folder = (folder / name).absolute()
        self._limit, self._patience = limit, patience
        self._steady, self._wall = steady, wall
        self._cache: SqliteTable | None = None
        self._is_locked, self._again = True, inf
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="weather-disk")
        self._batch: list[tuple[int, Act]] = []
        self._waiting, self._lock, self._late = 0, threading.Lock(), False
        self._warned: dict[str, float] = {}
        self.problem: str | None = N_("the cache folder is not open yet")

    async def open(self) -> None:
        """Open the folder, or say why it cannot be; never takes longer than a few seconds, though the thread may."""
        opening = asyncio.get_running_loop().run_in_executor(self._writer, self._open)
        await asyncio.wait({opening}, timeout=OPEN_SECONDS)

    def _open(self) -> None:
        """Runs in the writer thread. A corrupt folder is moved aside and a new one begun."""
        try:
            self._cache = self._open_or_replace()
            self.problem, self._is_locked = None, False
        except Exception as error:
            self._warn("open", error)
            self._is_locked = isinstance(error, Timeout)
            self.problem = N_("the cache folder does not open") + f": {type(error).__name__}"
            self._again = self._steady() + OPEN_EVERY

    def _open_again(self) -> None:
        """Try to open the folder again, a minute after it did not open."""
        if self._steady() >= self._again:
            self._again = inf
            self._writer.submit(self._open)

    def _open_or_replace(self) -> SqliteTable:
        try:
            return open_cache(self._folder, self._limit)
        except Exception as error:
            if not is_corrupt(error):
                raise
            self._warn("moved aside", error)
        aside = self._folder.with_name(f"{self._folder.name}.corrupt")  # one is left for inspection
        shutil.rmtree(aside, ignore_errors=True)
        self._folder.rename(aside)
        return open_cache(self._folder, self._limit)

    async def get(self, key: str) -> bytes | None:
        """The value of a key; None also after a fault."""
        return (await self.get_many([key])).get(key)

    async def get_many(self, keys: Sequence[str], *, patient: bool = False) -> dict[str, bytes]:
        try:
            rows = self._read_rows(keys)
        except Exception as error:
            self._warn("read", error)
            if patient and isinstance(error, Timeout):
                raise StoreLate from None
            return {}
        return {key: row[STAMP.size :] for key, row in rows.items()}

    def _read_rows(self, keys: Sequence[str]) -> dict[str, bytes]:
        # Compared with None throughout: an empty cache is false, and to ask it for its length is a query.
        if (cache := self._cache) is not None:
            return cache.get_many(keys)
        self._open_again()
        return readonly.get_many(self._folder, keys)

    async def put(self, key: str, value: bytes, seconds: float, at: float = 0.0) -> None:
        """Store a value for so long, soon: the visitor does not wait for the disk.

        A stored value dated in the future is replaced: the clock was set back. After `seconds` the value may not be
        served, not even stale: expired rows are deleted at every write.
        """
        self._open_again()
        if self._cache is not None and self._has_room(size := max(len(value), LEAST_WAITING)):
            row, now = STAMP.pack(at) + value, STAMP.pack(self._wall() + AHEAD)
            self._enqueue(size, lambda cache: cache.put(key, row, seconds, now))

    def _has_room(self, size: int) -> bool:
        with self._lock:
            admitted = self._waiting + size <= MOST_WAITING
            self._waiting += size * admitted
        if not admitted:
            self._warn("write", TimeoutError("too much is waiting"))
        return admitted

    def _enqueue(self, size: int, act: Act) -> None:
        if not self._batch:
            asyncio.get_running_loop().call_later(BATCH_SECONDS, self._flush)
        self._batch.append((size, act))
        if sum(size for size, _ in self._batch) >= BATCH_BYTES:
            self._flush()

    def _flush(self) -> None:
        """Hand the batch to the writer thread."""
        batch, self._batch = self._batch, []
        if batch and self._cache is not None:
            self._writer.submit(self._write, self._cache, batch)

    def _write(self, cache: SqliteTable, batch: Sequence[tuple[int, Act]]) -> None:
        while not self._late:
            try:
                apply_all(cache, [act for _, act in batch])
                self.problem = None
                break
            except Exception as error:
                self._warn("write", error)
                self.problem = N_("the cache folder cannot be written to")
                if not isinstance(error, Timeout):  # locked: this batch waits, and so do later ones
                    break
        with self._lock:
            self._waiting -= sum(size for size, _ in batch)

    async def claim(self, key: str, holder: str, seconds: float) -> bool:
        try:
            return await self._in_writer(
                "claim", lambda cache: cache.claim(f"claim {key}", holder.encode(), seconds, grace(seconds))
            )
        except StoreLate:
            return False
        except LedgerUnavailable:
            return True

    async def release(self, key: str, holder: str) -> None:
        if self._cache is not None:
            self._enqueue(0, lambda cache: cache.free(f"claim {key}", holder.encode()))

    async def charge(self, charges: Sequence[Charge], now: float) -> QuotaRefusal | None:
        try:
            refused = await self._in_writer("charge", lambda cache: charge_in_transaction(cache, charges, now))
        except (StoreLate, LedgerUnavailable):
            self.problem = N_("the number of calls cannot be saved") if self._cache is not None else self.problem
            raise
        self.problem = None
        return refused

    async def sample(self, most: int) -> list[tuple[str, float]]:
        cache = self._cache
        look = partial(readonly.sample, self._folder) if cache is None else cache.sample
        return [(key, STAMP.unpack(stamp)[0]) for key, stamp in self._guarded("sample", lambda: look(most)) or ()]

    async def _in_writer(self, what: str, act: Callable[[SqliteTable], T]) -> T:
        """The act's result, from the writer thread. Raises StoreLate if it is not done in time, LedgerUnavailable if it
        fails."""
        self._open_again()
        if self._cache is None and not self._is_locked:
            raise LedgerUnavailable
        loop = asyncio.get_running_loop()
        end, is_over = loop.time() + self._patience, threading.Event()
        while True:
            self._flush()  # earlier writes are done before
            future = loop.run_in_executor(self._writer, self._run_act, what, act, is_over)
            try:
                # Not `asyncio.timeout`: it drops a result that has come while the loop was busy.
                await asyncio.wait({future}, timeout=end - loop.time())
            finally:
                if future.cancel():  # it has not begun, or waits for the lock
                    is_over.set()
            if future.cancelled():
                raise StoreLate
            try:
                return future.result()
            except Timeout:
                if loop.time() >= end:
                    raise StoreLate from None

    def _run_act(self, what: str, act: Callable[[SqliteTable], T], is_over: threading.Event) -> T:
        """Runs in the writer thread. Raises Timeout while the database is locked, LedgerUnavailable on failure."""
        if self._cache is None and self._is_locked:
            self._open()
        if self._cache is None:
            raise Timeout if self._is_locked else LedgerUnavailable
        try:
            return apply_unless_over(self._cache, act, is_over)
        except StoreLate:
            raise
        except Exception as error:
            self._warn(what, error)
            if isinstance(error, Timeout):
                raise
            raise LedgerUnavailable from error

    def _guarded(self, what: str, act: Callable[[], T]) -> T | None:
        """The act's result; None if it fails. Every Exception is caught, for diskcache may raise any."""
        try:
            return act()
        except Exception as error:
            self._warn(what, error)
            return None

    def _warn(self, what: str, error: BaseException) -> None:
        """One line for each cause a minute."""
        if isinstance(error, Timeout | sqlite3.Error):  # raised after a failed BEGIN or a ROLLBACK
            error = error.__context__ or error
        cause, now = f"{what}: {name_of(error)}", self._steady()
        if now - self._warned.get(cause, -WARN_EVERY) >= WARN_EVERY:
            self._warned[cause] = now
            log.warning("cache folder, %s (%s)", cause, error)

    async def close(self) -> None:
        """Write what is waiting, for a second at most, and close each connection in its own thread."""
        self._flush()
        cache, self._cache = self._cache, None
        self._is_locked, self._again = False, inf
        shut = (lambda: None) if cache is None else cache.close
        self._guarded("close", shut)
        shutting = asyncio.get_running_loop().run_in_executor(self._writer, self._guarded, "close", shut)
        _, late = await asyncio.wait({shutting}, timeout=CLOSE_SECONDS)
        self._late = bool(late)
        self._writer.shutdown(wait=not late)
