"""One folder on one machine, on diskcache, made safe: bytes only, in rows only, and no fault of it reaches a visitor.

diskcache unpickles what a row claims to be a pickle, reads and deletes the files that a row names (CVE-2025-69872,
under JSONDisk too), spins for ever on a read-only database when told to retry, and takes its settings from the
database. None of that is used here: see `BytesDisk`, `check_settings` and `DiskStore._guarded`.
"""

import asyncio
import logging
import os
import sqlite3
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import diskcache

T = TypeVar("T")
log = logging.getLogger(__name__)

FOLDER = "weather-1"
"""Named by the layout: another layout is another folder."""

OPEN_SECONDS, LOCK_SECONDS, QUEUE = 5.0, 0.25, 256
WARN_EVERY = 60.0
MACHINE_CODES = {
    sqlite3.SQLITE_BUSY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR,
    sqlite3.SQLITE_LOCKED,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_READONLY,
}
FAULTS = (sqlite3.Error, diskcache.Timeout, OSError, KeyError, ValueError, TypeError, AttributeError)
SETTINGS: dict[str, Any] = {
    "eviction_policy": "least-recently-stored",  # least-recently-used makes every read a write
    "statistics": 0,
    "tag_index": 0,
    "cull_limit": 10,
    "disk_min_file_size": 2**30,  # all in rows: files are not synced, and orphaned by a kill
    "disk_pickle_protocol": 0,
    "sqlite_auto_vacuum": 1,  # without it a full cache would never count as less full, and be culled to nothing
    "sqlite_synchronous": 1,
    "sqlite_journal_mode": "wal",
    "sqlite_mmap_size": 0,
    "sqlite_cache_size": 2**10,
}


class Corrupt(ValueError):
    """A row that this store did not write."""


class BytesDisk(diskcache.Disk):  # type: ignore[misc]
    """Short text keys, byte values, in the row itself. Nothing is unpickled; no file is read, written or removed."""

    def put(self, key: str) -> tuple[str, bool]:
        return key, True

    def get(self, key: object, raw: bool) -> str:
        if not raw or not isinstance(key, str):
            raise Corrupt("a key that is not text")
        return key

    def store(self, value: bytes, read: bool, key: str = "") -> tuple[int, int, None, sqlite3.Binary]:
        return 0, diskcache.core.MODE_RAW, None, sqlite3.Binary(value)

    def fetch(self, mode: int, filename: str | None, value: object, read: bool) -> bytes:
        if mode != diskcache.core.MODE_RAW or filename is not None or not isinstance(value, bytes):
            raise Corrupt("a value that is not bytes in its row")
        return value

    def remove(self, file_path: str) -> None:
        """There are no files, whatever a row says."""


def check_settings(database: Path) -> None:
    """Raise Corrupt if a database holds settings that diskcache does not know: it would apply what it finds there."""
    if database.stat().st_size == 0:
        return
    with closing(sqlite3.connect(database, timeout=LOCK_SECONDS)) as connection:
        kept = {key for (key,) in connection.execute("SELECT key FROM Settings")}
    if kept - {*diskcache.core.DEFAULT_SETTINGS, *diskcache.core.METADATA}:
        raise Corrupt("settings that are not ours")


def is_corrupt(error: Exception) -> bool:
    """Whether it is the folder's content that is at fault, not the machine (a lock, no space, no permission)."""
    if isinstance(error, sqlite3.Error):
        return error.sqlite_errorcode & 0xFF not in MACHINE_CODES
    return isinstance(error, KeyError | ValueError | TypeError | AttributeError)


def opened(folder: Path, limit: int) -> diskcache.Cache:
    """The cache in a folder that is ours alone. Raises OSError, sqlite3.Error or Corrupt."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.stat().st_uid != os.getuid():
        raise PermissionError("the cache folder belongs to somebody else")
    folder.chmod(0o700)
    database = folder / "cache.db"
    # Made here, so that it and the write-ahead log that inherits its mode are for us alone.
    os.close(os.open(database, os.O_CREAT | os.O_RDWR, 0o600))
    check_settings(database)
    return diskcache.Cache(str(folder), timeout=LOCK_SECONDS, disk=BytesDisk, size_limit=limit, **SETTINGS)


def move_aside(folder: Path) -> None:
    """Keep one corrupt folder for a look, and make room for a new one."""
    aside = folder.with_name(f"{folder.name}.corrupt")
    if aside.exists():
        for file in aside.iterdir():
            file.unlink()
        aside.rmdir()
    folder.rename(aside)


class DiskStore:
    """Reads on the loop (some 20 microseconds); writes through one thread, dropped when it cannot keep up."""

    def __init__(self, folder: Path, limit: int, steady: Callable[[], float]) -> None:
        self._folder, self._limit, self._steady = folder / FOLDER, limit, steady
        self._cache: diskcache.Cache | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="weather-disk")
        self._pending = 0
        self._warned: dict[str, float] = {}
        self.trouble: str | None = "not open yet"

    async def open(self) -> None:
        """Open the folder, or say why it cannot be; never takes longer than a few seconds."""
        opening = asyncio.get_running_loop().run_in_executor(self._writer, self._open)
        done, _ = await asyncio.wait({opening}, timeout=OPEN_SECONDS)
        if not done:
            self.trouble = "the cache folder does not open"

    def _open(self) -> None:
        """In the writer thread; a corrupt folder is moved aside and another begun."""
        try:
            self._cache = self._opened_or_new()
            self.trouble = None
        except FAULTS as error:
            self._warn("open", error)
            self.trouble = f"the cache folder does not open: {type(error).__name__}"

    def _opened_or_new(self) -> diskcache.Cache:
        try:
            return opened(self._folder, self._limit)
        except FAULTS as error:
            if not is_corrupt(error):
                raise
            self._warn("moved aside", error)
        move_aside(self._folder)
        return opened(self._folder, self._limit)

    async def get(self, key: str) -> bytes | None:
        """What is kept under a key; None too when the store is at fault."""
        cache = self._cache
        value = self._guarded("read", lambda: cache.get(key)) if cache else None
        return value if isinstance(value, bytes) else None

    async def put(self, key: str, value: bytes, seconds: float) -> None:
        """Keep a value for so long, soon: the visitor does not wait for the disk."""
        cache = self._cache
        if cache is None or self._pending >= QUEUE:
            return
        self._pending += 1
        self._writer.submit(self._write, cache, key, value, seconds)

    def _write(self, cache: diskcache.Cache, key: str, value: bytes, seconds: float) -> None:
        try:
            # `retry` stays off: on a read-only database it would spin for ever. The expiry is the hard one, after
            # which nothing may be served, for diskcache deletes expired rows at every write.
            self._guarded("write", lambda: cache.set(key, value, expire=seconds))
        finally:
            self._pending -= 1

    def _guarded(self, what: str, act: Callable[[], T]) -> T | None:
        try:
            return act()
        except FAULTS as error:
            self._warn(what, error)
            return None

    def _warn(self, what: str, error: Exception) -> None:
        """One line for each cause a minute."""
        cause, now = f"{what}: {type(error).__name__}", self._steady()
        if now - self._warned.get(cause, -WARN_EVERY) >= WARN_EVERY:
            self._warned[cause] = now
            log.warning("cache folder, %s (%s)", cause, error)

    async def close(self) -> None:
        """Write what is pending, then close in the thread that opened."""
        if cache := self._cache:
            self._cache = None
            self._writer.submit(self._guarded, "close", cache.close)
            self._guarded("close", cache.close)
        await asyncio.get_running_loop().run_in_executor(None, self._writer.shutdown)
