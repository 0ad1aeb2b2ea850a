"""Reads a folder that cannot be written to: the disk is full or read-only, or the database is locked."""

import sqlite3
import stat
from collections.abc import Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

import msgspec

from weather.upstream.stores.sqlite import SAMPLE, SEVERAL, is_own

WAYS = ("mode=ro", "mode=ro&readonly_shm=1")
"""Even to read a database that has a log SQLite writes a file of shared memory beside it, unless `readonly_shm` forbids
it (`unixOpenSharedMemory` in its os_unix.c)."""


def get_many(folder: Path, keys: Sequence[str]) -> dict[str, bytes]:
    """The values of those keys that have one; nothing if they cannot be read."""
    return dict(rows(folder, SEVERAL, msgspec.json.encode(keys).decode()))


def sample(folder: Path, most: int) -> list[tuple[str, bytes]]:
    return [(str(key), bytes(stamp)) for key, stamp in rows(folder, SAMPLE, most)]


def rows(folder: Path, statement: str, value: object) -> list[tuple[Any, ...]]:
    """Opened anew for each look: an open connection would be in the way of whoever can write again."""
    database = folder / "cache.db"
    with suppress(OSError, sqlite3.Error):
        if not (is_own(folder, stat.S_ISDIR) and is_own(database, stat.S_ISREG)):
            return []
        for how in WAYS:
            with suppress(sqlite3.Error):
                return read_with(database, how, statement, value)
        # If there is no log, or nothing in it, all is in the database, and that is read as if nobody ever wrote to it.
        log = database.with_name("cache.db-wal")
        if not log.exists() or log.stat().st_size == 0:
            return read_with(database, "mode=ro&immutable=1", statement, value)
    return []


def read_with(database: Path, how: str, statement: str, value: object) -> list[tuple[Any, ...]]:
    with closing(sqlite3.connect(f"file:{quote(str(database))}?{how}", uri=True, timeout=0)) as connection:
        return connection.execute(statement, (value,)).fetchall()
