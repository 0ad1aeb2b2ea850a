"""diskcache, which the project must use, made safe: bytes only, in rows only. It writes rows by statements of its own.

diskcache unpickles what a row claims to be a pickle, reads and deletes the files that a row names (CVE-2025-69872,
under JSONDisk too), believes the sizes that rows claim, takes its settings from the database, and tries for a minute
when that is locked. None of that is left here: see `BytesDisk`, `SqliteTable` and `check_settings`.
"""

import os
import re
import sqlite3
import stat
import threading
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

import diskcache
import msgspec

from weather.upstream.stores.old_layouts import remove_old_layouts

Timeout = diskcache.Timeout
"""Raised where the database is locked."""

OPEN_TRIES, LOCK_SECONDS = 4, 1.0

LOG_ROOM = 5 * 2**20
"""Bytes that the write-ahead log takes beside the database."""

CULL = 10
"""The most rows that are dropped for each row that is written."""

LOCKED = re.compile("SQLITE_(BUSY|LOCKED|PROTOCOL)")
MACHINE = re.compile("SQLITE_(AUTH|CANTOPEN|FULL|IOERR|NOLFS|NOMEM|PERM|READONLY)")
SETTINGS: dict[str, Any] = {
    "eviction_policy": "least-recently-stored",  # least-recently-used makes every read a write
    "statistics": 0,
    "tag_index": 0,
    "cull_limit": CULL,
    "disk_min_file_size": 2**30,  # all in rows: files are not synced, and orphaned by a kill
    "disk_pickle_protocol": 0,
    "sqlite_auto_vacuum": 1,  # so that the file shrinks with a smaller limit
    "sqlite_synchronous": 1,
    "sqlite_journal_mode": "wal",
    "sqlite_mmap_size": 0,
    "sqlite_cache_size": 2**10,
}

CLAIM_KEPT = 60
"""Seconds that an expired claim stays, so that who wants it knows that it was held."""

NOW = "(julianday('now') - 2440587.5) * 86400"
COLUMNS = "(key, raw, store_time, expire_time, access_time, access_count, size, mode, value)"
VALUES = f"?, 1, {NOW}, {NOW} + ?, {NOW}, 0, 0, {diskcache.core.MODE_RAW}, ?"
OURS = f"(raw = 1 AND mode IS {diskcache.core.MODE_RAW} AND filename IS NULL AND typeof(value) = 'blob')"
PUT = f"""INSERT INTO Cache {COLUMNS} VALUES ({VALUES}) ON CONFLICT (key, raw) DO UPDATE
SET store_time = excluded.store_time, expire_time = excluded.expire_time, mode = excluded.mode, filename = NULL,
value = excluded.value WHERE NOT ({OURS} AND ifnull(expire_time, 0) > {NOW}
AND substr(value, 1, 8) > substr(excluded.value, 1, 8) AND substr(value, 1, 8) <= ?)"""  # noqa: S608
HELD = f"(store_time > {NOW} AND store_time <= {NOW} + :seconds + 0.1)"
FREE = f"(NOT {OURS} OR value = excluded.value OR (access_count > 0 AND NOT {HELD}))"
CLAIM = f"""INSERT INTO Cache {COLUMNS} VALUES (:key, 1, {NOW} + :seconds, {NOW} + :seconds + {CLAIM_KEPT}, {NOW}, 0, 0,
{diskcache.core.MODE_RAW}, :holder) ON CONFLICT (key, raw) DO UPDATE
SET access_count = NOT {FREE}, value = iif({FREE}, excluded.value, value), mode = excluded.mode, filename = NULL,
store_time = iif({FREE}, excluded.store_time, {NOW} + :grace), expire_time = excluded.expire_time
WHERE {FREE} OR NOT {HELD} RETURNING value = :holder"""  # noqa: S608
"""A claim lapses at its `store_time`; another wants it if its `access_count` is not 0. `HELD`: it has not lapsed, nor
is it so far ahead that the clock must have been set back since."""
SEVERAL = f"""SELECT key, value FROM Cache
WHERE {OURS} AND expire_time > {NOW} AND key IN (SELECT value FROM json_each(?))"""  # noqa: S608
SAMPLE = """SELECT key, CAST(substr(value, 1, 8) AS BLOB) FROM Cache
WHERE +key >= '/' AND +key < '0' AND raw = 1 AND length(value) >= 8 ORDER BY store_time DESC LIMIT ?"""
"""With the plus SQLite goes by the time and stops at the limit; without it by the keys, and sorts all of them."""

LAPSED = f"DELETE FROM Cache WHERE rowid IN (SELECT rowid FROM Cache WHERE expire_time < {NOW} LIMIT ?)"  # noqa: S608
OLDEST = "DELETE FROM Cache WHERE rowid IN (SELECT rowid FROM Cache ORDER BY store_time LIMIT ?)"
"""Each in one statement: between two of them a thread may wait long for its turn beside a busy loop."""


class Corrupt(ValueError):
    """The database holds something that this store did not write."""


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
        """Does nothing: there are no files, whatever a row says."""


class SqliteTable(diskcache.Cache):  # type: ignore[misc]
    """The table of the store. It waits a second for a lock, but only in the thread that opened it: the other thread is
    the loop's."""

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
        return lambda *statement: execute(self._con, *statement)

    def claim(self, key: str, holder: bytes, seconds: float, grace: float) -> bool:
        """Whether the key is now claimed for this holder: it was free, the holder's already, or no claim of ours.

        It may also be expired. But the first who then wants it gives the old holder `grace` seconds to renew it, for
        while the database was locked it could not be renewed.
        """
        return self._sql(CLAIM, {"key": key, "holder": holder, "seconds": seconds, "grace": grace}).fetchall() == [(1,)]

    def free(self, key: str, holder: bytes) -> None:
        """Release a claim, if it is still the holder's."""
        self._sql("DELETE FROM Cache WHERE key = ? AND raw = 1 AND value = ?", (key, holder))

    def get_many(self, keys: Sequence[str]) -> dict[str, bytes]:
        """The values of those keys that have one which this class wrote."""
        return dict(self._sql(SEVERAL, (msgspec.json.encode(keys).decode(),)).fetchall())

    def put(self, key: str, value: bytes, seconds: float, now: bytes = b"") -> None:
        """Store a value, unless the stored one has a later stamp (the first eight bytes) that is not after `now`.

        Without `now` any value is replaced; so is, always, a row that this class did not write.
        """
        self._sql(PUT, (key, seconds, value, now))

    def drop_expired(self, written: int) -> None:
        """Delete expired rows: a bounded number for each of so many rows that were written."""
        if written:
            self._sql(LAPSED, (CULL * written,))

    def keep_to_limit(self, written: int) -> None:
        """Delete the rows stored first while there is too much: a bounded number for each row that was written."""
        for _ in range(written):
            if self.volume() < self.size_limit:
                return
            self._sql(OLDEST, (CULL,))

    def sample(self, most: int) -> list[tuple[str, bytes]]:
        """Some of the keys that begin with a slash, the last stored first, with the stamps of their values."""
        return [(str(key), bytes(stamp)) for key, stamp in self._sql(SAMPLE, (most,))]

    def volume(self) -> int:
        """Bytes in use. diskcache counts the sizes that rows claim, and free pages: either would cull all."""
        ((pages,),) = self._sql("PRAGMA page_count")
        ((free,),) = self._sql("PRAGMA freelist_count")
        return int(self._page_size * (pages - free))


def execute(connection: sqlite3.Connection, *statement: Any) -> sqlite3.Cursor:
    """A statement's cursor. A lock is raised as Timeout: at sqlite3's own error diskcache retries for a minute."""
    try:
        return connection.execute(*statement)
    except sqlite3.OperationalError as error:
        if LOCKED.match(name_of(error)):
            raise diskcache.Timeout from error
        raise


def name_of(error: BaseException) -> str:
    """SQLite's name for the error, else its class: sqlite3's error for text that is not UTF-8 has no name."""
    return getattr(error, "sqlite_errorname", type(error).__name__)


def is_corrupt(error: Exception) -> bool:
    """Whether the folder's content is at fault, and not the machine (a lock, no space, no permission)."""
    return not (isinstance(error, OSError | MemoryError | diskcache.Timeout) or MACHINE.match(name_of(error)))


def check_settings(database: Path) -> None:
    """Raise Corrupt if a database holds settings that diskcache does not know: diskcache would apply them."""
    with closing(sqlite3.connect(database, timeout=LOCK_SECONDS)) as connection:
        try:
            stored = {key for (key,) in execute(connection, "SELECT key FROM Settings")}
        except sqlite3.OperationalError as error:
            if name_of(error) != "SQLITE_ERROR":
                raise
            return  # no such table yet: the database is new
    if stored - {*diskcache.core.DEFAULT_SETTINGS, *diskcache.core.METADATA}:
        raise Corrupt("settings that are not ours")


def secure_folder(folder: Path) -> None:
    """Make the folder and its database accessible to this user only. Rights are never widened. Raises OSError."""
    if os.path.expanduser(os.path.expandvars(folder)) != str(folder):  # noqa: PTH111, diskcache would open another
        raise NotADirectoryError("the name of the cache folder holds ~ or $")
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not is_own(folder, stat.S_ISDIR):
        raise PermissionError("the cache folder is a link, or belongs to somebody else")
    folder.chmod(folder.stat().st_mode & 0o700)
    database = folder / "cache.db"
    # Made here, so that it and the write-ahead log that inherits its mode are for us alone. One that is there is not
    # opened: to close it would end the locks that SQLite has on it.
    with suppress(FileExistsError):
        os.close(os.open(database, os.O_CREAT | os.O_EXCL | os.O_RDWR | os.O_NOFOLLOW, 0o600))
    if not is_own(database, stat.S_ISREG):
        raise PermissionError("the database is a link, or belongs to somebody else")
    database.chmod(database.stat().st_mode & 0o600)
    if not os.access(database, os.R_OK | os.W_OK, effective_ids=os.access in os.supports_effective_ids):
        raise PermissionError("the database cannot be written to")


def is_own(path: Path, is_kind: Callable[[int], bool]) -> bool:
    """Whether a path is of that kind, no link, and owned by this user. Raises OSError."""
    status = path.lstat()
    return is_kind(status.st_mode) and status.st_uid == os.geteuid()


def open_cache(folder: Path, limit: int) -> SqliteTable:
    """The table in that folder. Raises OSError, or Timeout after some seconds; any other error means corruption."""
    secure_folder(folder)
    remove_old_layouts(folder)
    for _ in range(OPEN_TRIES - 1):
        with suppress(diskcache.Timeout):
            return SqliteTable(folder, limit)
        threading.Event().wait(0.1)  # SQLite refuses some locks at once, when two processes make one database
    return SqliteTable(folder, limit)
