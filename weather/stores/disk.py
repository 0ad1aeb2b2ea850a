"""One folder on one machine, on diskcache, made safe: bytes only, in rows only, and no fault of it reaches a visitor.

diskcache unpickles what a row claims to be a pickle, reads and deletes the files that a row names (CVE-2025-69872,
under JSONDisk too), believes the sizes that rows claim, takes its settings from the database, and tries for a minute
when that is locked. None of that is left here: see `BytesDisk`, `BytesCache` and `check_settings`.
"""

import asyncio
import logging
import os
import re
import shutil
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from pathlib import Path
from typing import Any, TypeVar

import diskcache

T = TypeVar("T")
log = logging.getLogger(__name__)

FOLDER = "weather-1"
"""Named by the layout: another layout is another folder."""

OPEN_SECONDS, OPEN_TRIES, LOCK_SECONDS, CLOSE_SECONDS, WARN_EVERY = 5.0, 4, 1.0, 1.0, 60.0
WAITING, LEAST_WAITING = 16 * 2**20, 2**15
"""Bytes that may wait to be written, and what a small value counts: two of the largest answers, or 512 small ones."""

LOG_ROOM = 5 * 2**20
"""Bytes that the write-ahead log takes beside the database."""

LOCKED = re.compile("SQLITE_(BUSY|LOCKED|PROTOCOL)")
MACHINE = re.compile("SQLITE_(AUTH|CANTOPEN|FULL|IOERR|NOLFS|NOMEM|PERM|READONLY)")
SETTINGS: dict[str, Any] = {
    "eviction_policy": "least-recently-stored",  # least-recently-used makes every read a write
    "statistics": 0,
    "tag_index": 0,
    "cull_limit": 10,
    "disk_min_file_size": 2**30,  # all in rows: files are not synced, and orphaned by a kill
    "disk_pickle_protocol": 0,
    "sqlite_auto_vacuum": 1,  # so that the file shrinks with a smaller limit
    "sqlite_synchronous": 1,
    "sqlite_journal_mode": "wal",
    "sqlite_mmap_size": 0,
    "sqlite_cache_size": 2**10,
}


class Corrupt(ValueError):
    """Something that this store did not write."""


class BytesDisk(diskcache.Disk):  # type: ignore[misc]
    """Short text keys, byte values, in the row itself. Nothing is unpickled; no file is read, written or removed."""

    def put(self, key: str) -> tuple[str, bool]:
        return key, True

    def get(self, key: object, raw: bool) -> str:
        raise Corrupt("a key that is read back")

    def store(self, value: bytes, read: bool, key: str = "") -> tuple[int, int, None, sqlite3.Binary]:
        return 0, diskcache.core.MODE_RAW, None, sqlite3.Binary(value)

    def fetch(self, mode: int, filename: str | None, value: object, read: bool) -> bytes:
        if mode != diskcache.core.MODE_RAW or filename is not None or not isinstance(value, bytes):
            raise Corrupt("a value that is not bytes in its row")
        return value

    def remove(self, file_path: str) -> None:
        """There are no files, whatever a row says."""


class BytesCache(diskcache.Cache):  # type: ignore[misc]
    """Waits for a lock for a second, and only in the thread that opened it: the other is the loop."""

    def __init__(self, folder: Path, limit: int) -> None:
        self._home = threading.get_ident()
        check_settings(folder / "cache.db")
        try:
            super().__init__(str(folder), disk=BytesDisk, size_limit=max(limit - LOG_ROOM, limit // 2), **SETTINGS)
        except BaseException:
            self.close()  # or its connection would live on until it is collected
            raise

    # Its own, because diskcache sets it to nothing while it opens.
    _timeout = property(lambda self: LOCK_SECONDS * (threading.get_ident() == self._home), lambda self, value: None)

    @property
    def _sql(self) -> Callable[..., sqlite3.Cursor]:
        return lambda *statement: executed(self._con, *statement)

    def volume(self) -> int:
        """Bytes in use. diskcache adds what rows claim to take, and free pages: either would cull to nothing."""
        ((pages,),) = self._sql("PRAGMA page_count")
        ((free,),) = self._sql("PRAGMA freelist_count")
        return int(self._page_size * (pages - free))


def executed(connection: sqlite3.Connection, *statement: Any) -> sqlite3.Cursor:
    """A statement's cursor. A lock is raised as Timeout: told of a lock, diskcache tries for a minute."""
    try:
        return connection.execute(*statement)
    except sqlite3.OperationalError as error:
        if LOCKED.match(name_of(error)):
            raise diskcache.Timeout from error
        raise


def name_of(error: BaseException) -> str:
    """SQLite's name for it, if it has one. For text that is not UTF-8 it has none, though sqlite3 raises its error."""
    return getattr(error, "sqlite_errorname", type(error).__name__)


def is_corrupt(error: Exception) -> bool:
    """Whether it is the folder's content that is at fault, not the machine (a lock, no space, no permission)."""
    return not (isinstance(error, OSError | MemoryError | diskcache.Timeout) or MACHINE.match(name_of(error)))


def check_settings(database: Path) -> None:
    """Raise Corrupt if a database holds settings that diskcache does not know: it would apply what it finds there."""
    with closing(sqlite3.connect(database, timeout=LOCK_SECONDS)) as connection:
        try:
            kept = {key for (key,) in executed(connection, "SELECT key FROM Settings")}
        except sqlite3.OperationalError as error:
            if name_of(error) != "SQLITE_ERROR":
                raise
            return  # no such table yet: the database is new
    if kept - {*diskcache.core.DEFAULT_SETTINGS, *diskcache.core.METADATA}:
        raise Corrupt("settings that are not ours")


def claim(folder: Path) -> None:
    """Make the folder and its database ours alone. Rights are narrowed, never widened. Raises OSError."""
    if os.path.expanduser(os.path.expandvars(folder)) != str(folder):  # noqa: PTH111, diskcache would open another
        raise NotADirectoryError("the name of the cache folder holds ~ or $")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if folder.is_symlink() or folder.stat().st_uid != os.geteuid():
        raise PermissionError("the cache folder is a link, or belongs to somebody else")
    folder.chmod(folder.stat().st_mode & 0o700)
    # Made here, so that it and the write-ahead log that inherits its mode are for us alone.
    file = os.open(folder / "cache.db", os.O_CREAT | os.O_RDWR | os.O_NOFOLLOW, 0o600)
    os.fchmod(file, 0o600)
    os.close(file)


def opened(folder: Path, limit: int) -> BytesCache:
    """The cache in that folder. Raises OSError, Timeout after some seconds; with anything else, it is corrupt."""
    claim(folder)
    for _ in range(OPEN_TRIES - 1):
        with suppress(diskcache.Timeout):
            return BytesCache(folder, limit)
        threading.Event().wait(0.1)  # SQLite refuses some locks at once, when two processes make one database
    return BytesCache(folder, limit)


class DiskStore:
    """Reads on the loop (some 30 microseconds); writes through one thread, dropped when it cannot keep up."""

    def __init__(self, folder: Path, limit: int, steady: Callable[[], float]) -> None:
        self._folder, self._limit, self._steady = (folder / FOLDER).absolute(), limit, steady
        self._cache: BytesCache | None = None
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="weather-disk")
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
        aside = self._folder.with_name(f"{FOLDER}.corrupt")  # one is kept, for a look
        shutil.rmtree(aside, ignore_errors=True)
        self._folder.rename(aside)
        return opened(self._folder, self._limit)

    async def get(self, key: str) -> bytes | None:
        """What is kept under a key; None too when the store is at fault."""
        cache = self._cache
        # Compared with None throughout: an empty cache is false, and to ask it for its length is a query.
        return None if cache is None else self._guarded("read", lambda: cache.get(key))

    async def put(self, key: str, value: bytes, seconds: float) -> None:
        """Keep a value for so long, soon: the visitor does not wait for the disk."""
        if self._cache is not None and self._admitted(max(len(value), LEAST_WAITING)):
            self._writer.submit(self._write, self._cache, key, value, seconds)

    def _admitted(self, size: int) -> bool:
        with self._lock:
            admitted = self._waiting + size <= WAITING
            self._waiting += size * admitted
        if not admitted:
            self._warn("write", TimeoutError("too much is waiting"))
        return admitted

    def _write(self, cache: BytesCache, key: str, value: bytes, seconds: float) -> None:
        if self._late:
            return
        # `retry` stays off: on a read-only database it would spin for ever. The expiry is the hard one, after
        # which nothing may be served, for diskcache deletes expired rows at every write.
        written = self._guarded("write", lambda: cache.set(key, value, expire=seconds))
        self.trouble = None if written else "the cache folder cannot be written to"
        with self._lock:
            self._waiting -= max(len(value), LEAST_WAITING)

    def _guarded(self, what: str, act: Callable[[], T]) -> T | None:
        """What the act gives; None if it fails. All is caught, for what diskcache raises has no bounds."""
        try:
            return act()
        except Exception as error:
            self._warn(what, error)
            return None

    def _warn(self, what: str, error: BaseException) -> None:
        """One line for each cause a minute."""
        if isinstance(error, diskcache.Timeout | sqlite3.Error):  # what hides a failed BEGIN, or ends in a ROLLBACK
            error = error.__context__ or error
        cause, now = f"{what}: {name_of(error)}", self._steady()
        if now - self._warned.get(cause, -WARN_EVERY) >= WARN_EVERY:
            self._warned[cause] = now
            log.warning("cache folder, %s (%s)", cause, error)

    async def close(self) -> None:
        """Write what is waiting, for a second at most, and close each connection in its own thread."""
        cache, self._cache = self._cache, None
        shut = (lambda: None) if cache is None else cache.close
        self._guarded("close", shut)
        shutting = asyncio.get_running_loop().run_in_executor(self._writer, self._guarded, "close", shut)
        _, late = await asyncio.wait({shutting}, timeout=CLOSE_SECONDS)
        self._late = bool(late)
        self._writer.shutdown(wait=not late)
