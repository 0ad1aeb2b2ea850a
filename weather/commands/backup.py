"""`weather backup FILE` and `weather restore FILE`: saved places, from and to the database of the settings.

The cache is not worth a backup: it fills itself. A backup is written beside its place and then moved there, so that
there is never half of one; a restore is one transaction.
"""

import os
import sys
from contextlib import suppress
from pathlib import Path
from secrets import token_hex

from weather.backend import Clocks
from weather.errors import DatabaseUnavailable
from weather.places.saved.backup import NoBackup, document, lists_of
from weather.places.saved.database import Database
from weather.settings import Settings

SQLITE = "sqlite:///"


def backup(settings: Settings, file: Path) -> int:
    """Write all saved places into a file that only we may read. The exit status."""
    now, url = Clocks().wall(), settings.database_url
    if url.startswith(SQLITE) and not Path(url.removeprefix(SQLITE)).exists():
        return failed(f"there are no saved places yet: no file {url.removeprefix(SQLITE)}")
    database = opened(url, now)
    try:
        rows = database.dump()
        write(file, document(rows, now))
    except DatabaseUnavailable:
        return failed(database.trouble or "the database cannot be used")
    except OSError as error:
        return failed(f"{file} cannot be written: {error.strerror}")
    finally:
        database.close()
    print(f"{len({row[0] for row in rows})} lists with {sum(row[2] is not None for row in rows)} places: {file}")
    return 0


def restore(settings: Settings, file: Path) -> int:
    """Put the lists of a file back; lists that are not in it stay as they are. The exit status."""
    try:
        lists = lists_of(file.read_bytes())
    except OSError as error:
        return failed(f"{file} cannot be read: {error.strerror}")
    except NoBackup as error:
        return failed(f"{file} is not restored: {error}")
    database = opened(settings.database_url, Clocks().wall())
    try:
        database.load(lists)
    except DatabaseUnavailable:
        return failed(database.trouble or "the database cannot be used")
    finally:
        database.close()
    print(f"{len(lists)} lists with {sum(len(places) for _, _, places in lists)} places are restored")
    return 0


def opened(url: str, now: float) -> Database:
    return Database(url, 1, lambda: int(now // 86400))


def write(file: Path, content: bytes) -> None:
    """Write a file, mode 0600, whole or not at all. Raises OSError."""
    beside = file.with_name(f".{file.name}.{token_hex(4)}")
    descriptor = os.open(beside, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        beside.replace(file)
    except BaseException:
        with suppress(OSError):
            beside.unlink()
        raise


def failed(why: str) -> int:
    print(f"weather: {why}", file=sys.stderr)
    return 1
