"""The tables of saved places, in SQLite or PostgreSQL. Calls block until the database answers: run them in threads.

Every fault is DatabaseUnavailable. Days are counted from 1 January 1970, in UTC.
"""

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import (
    Connection,
    Engine,
    create_engine,
    delete,
    func,
    insert,
    literal,
    make_url,
    select,
    text,
    update,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError

from weather.errors import DatabaseUnavailable
from weather.messages import N_
from weather.places.saved.errors import describe
from weather.places.saved.order import ORDER, home_is, moved, positions
from weather.places.saved.schema import LISTS, PLACES, is_current, migrate
from weather.places.saved.statements import delete_unread, lock_list, mark_read, own_row, remove_if_twice

T = TypeVar("T")

UNAVAILABLE = N_("saved places are not available")
log = logging.getLogger("weather.saved")

TRIES = 3
"""A connection may have died while it was not used, and the table may be made by another worker just now."""

LOCK_SECONDS = 4
"""How long SQLite waits while another process writes."""

SHOWN = [
    PLACES.c[name]
    for name in ("id", "name", "country", "latitude", "longitude", "timezone", "region", "created_at", "home")
]


class Database:
    """Rows of the tables, as SHOWN. `trouble` says what kept it from working the last time, in plain words."""

    def __init__(self, url: str, connections: int, today: Callable[[], int]) -> None:
        self._url, self._connections, self._today = url, connections, today
        self._ready = False
        self._engine: Engine | None = None
        self._lock = Lock()
        # SQLite's own waiting is not fair: of many threads one may never come to write.
        self._writing: AbstractContextManager[Any] = Lock() if url.startswith("sqlite:") else nullcontext()
        self.trouble: str | None = None

    def check(self) -> None:
        """Raise DatabaseUnavailable if no place can be saved: one is written, and rolled back."""
        values = {column.name: column.type.python_type() for column in PLACES.c if column.name != "number"}

        def work(connection: Connection) -> None:
            connection.execute(insert(PLACES).values(values))
            connection.execute(insert(LISTS).values(owner="", read_on=0))

        self._write(work, keep=False)

    def all(self, owner: str, today: int) -> Sequence[Any]:
        """Return the rows of a list, in its order; and note once a day that it is still read."""
        query = select(*SHOWN).where(PLACES.c.owner == owner).order_by(*ORDER)
        age = select(LISTS.c.read_on).where(LISTS.c.owner == owner)
        rows, read_on = self._run(lambda connection: (connection.execute(query).all(), connection.scalar(age)))
        if read_on is not None and read_on < today:
            with suppress(DatabaseUnavailable):  # what can be read is read, also where nothing can be written
                self._write(lambda connection: connection.execute(mark_read(owner, today)))
        return rows

    def get(self, owner: str, id: str) -> Any:
        """Return one row, or None."""
        return self._run(lambda connection: connection.execute(select(*SHOWN).where(*own_row(owner, id))).first())

    def has(self, owner: str) -> bool:
        """Whether there is such a list. An older version that runs beside this one begins lists by a place alone."""
        queries = [select(table.c.owner).where(table.c.owner == owner).limit(1) for table in (LISTS, PLACES)]
        return self._run(lambda connection: any(connection.execute(query).first() for query in queries))

    def begin(self, owner: str, today: int, most: int) -> bool:
        """Begin a list, after deleting those that nobody read for a year. Returns whether there was room for it."""
        count = select(func.count()).select_from(LISTS)

        def work(connection: Connection) -> bool:
            for statement in delete_unread(today):
                connection.execute(statement)
            if (connection.scalar(count) or 0) >= most:
                return False
            connection.execute(insert(LISTS).values(owner=owner, read_on=today))
            return True

        return self._write(work)

    def add(self, owner: str, values: Mapping[str, Any], most: int, *, once: bool = False) -> bool:
        """Add a place; `once`: unless another of its cell is in the list. Returns whether there was room for it."""
        row = {**values, "owner": owner}
        # Counted in the statement that writes, and under a lock, so that two at once do not both find room.
        count = select(func.count()).where(PLACES.c.owner == owner).scalar_subquery()
        rows = select(*(literal(value, PLACES.c[name].type) for name, value in row.items())).where(count < most)
        statement = insert(PLACES).from_select(list(row), rows).execution_options(preserve_rowcount=True)

        def work(connection: Connection) -> int:
            lock_list(connection, owner)
            added = connection.execute(statement).rowcount
            if once and added:  # seen after the writing, for only then no other worker can add it in between
                remove_if_twice(connection, owner, row["id"])
            return added

        return bool(self._write(work))

    def replace(self, owner: str, id: str, values: Mapping[str, Any]) -> bool:
        """Whether it was there."""
        statement = update(PLACES).where(*own_row(owner, id)).values(values)
        return bool(self._write(lambda connection: connection.execute(statement).rowcount))

    def remove(self, owner: str, id: str) -> bool:
        """Whether it was there."""
        statement = delete(PLACES).where(*own_row(owner, id))
        return bool(self._write(lambda connection: connection.execute(statement).rowcount))

    def move(self, owner: str, id: str, step: int, today: int) -> None:
        """Move a place by so many steps in its list, at most to an end of it."""
        in_order = select(PLACES.c.id).where(PLACES.c.owner == owner).order_by(*ORDER)

        def work(connection: Connection) -> None:
            lock_list(connection, owner)
            connection.execute(mark_read(owner, today))  # SQLite's lock comes with the first statement that writes
            for statement in positions(owner, moved(connection.scalars(in_order).all(), id, step)):
                connection.execute(statement)

        self._write(work)

    def make_home(self, owner: str, id: str) -> None:
        """Make a place the only home of its list; an id that is not in the list changes nothing."""
        self._write(lambda connection: connection.execute(home_is(owner, id)))

    def end(self, owner: str) -> None:
        """Delete a list with all its places."""

        def work(connection: Connection) -> None:
            for table in (PLACES, LISTS):
                connection.execute(delete(table).where(table.c.owner == owner))

        self._write(work)

    def dump(self) -> Sequence[Any]:
        """Return all lists as they are at one moment: owner, day of the last reading, and a place as SHOWN; of a list
        without places one row, without a place."""
        both = LISTS.outerjoin(PLACES, LISTS.c.owner == PLACES.c.owner)
        query = select(LISTS.c.owner, LISTS.c.read_on, *SHOWN).select_from(both)
        ordered = query.order_by(LISTS.c.owner, *ORDER)

        def work(connection: Connection) -> Sequence[Any]:
            if connection.dialect.name == "postgresql":
                connection.execute(text("SET LOCAL statement_timeout = 0"))  # nobody waits for a page meanwhile
            return connection.execute(ordered).all()

        return self._run(work)

    def load(self, lists: Sequence[tuple[str, int, Sequence[Mapping[str, Any]]]]) -> None:
        """Put back lists (owner, day, places), each in the place of what it is now; all of them, or none.

        A place whose id is that of another list's fails: no list loses one to a file that it is not in.
        """

        def work(connection: Connection) -> None:
            for owner, _, _ in lists:
                connection.execute(delete(PLACES).where(PLACES.c.owner == owner))
                connection.execute(delete(LISTS).where(LISTS.c.owner == owner))
            for owner, read_on, places in lists:
                connection.execute(insert(LISTS).values(owner=owner, read_on=read_on))
                if places:
                    connection.execute(insert(PLACES), [{**place, "owner": owner} for place in places])

        self._write(work)

    def _write(self, work: Callable[[Connection], T], *, keep: bool = True) -> T:
        """The work in one transaction that writes; it is undone unless it is to be kept."""
        with self._writing:
            return self._run(work, keep=keep)

    def _run(self, work: Callable[[Connection], T], *, keep: bool = True) -> T:
        """The work in one transaction."""
        try:
            done = self._call(work, keep)
        except (SQLAlchemyError, OSError, ImportError, ValueError) as error:
            self._complain(error)
            raise DatabaseUnavailable("Saved places cannot be read or written now.") from None
        self.trouble = None
        return done

    def _call(self, work: Callable[[Connection], T], keep: bool) -> T:
        for left in reversed(range(TRIES)):
            try:
                with self._prepared().connect() as connection, connection.begin() as transaction:
                    done = work(connection)
                    if not keep:
                        transaction.rollback()
                    return done
            except DBAPIError as error:
                if not left or not is_passing(error):
                    raise
        raise AssertionError

    def _prepared(self) -> Engine:
        """Return the engine. The tables are made at the first use that works, so that no start fails of them."""
        with self._lock:
            self._engine = self._engine or engine(self._url, self._connections)
            if not self._ready:
                self._migrate(self._engine)
            self._ready = True
            return self._engine

    def _migrate(self, engine: Engine) -> None:
        """Bring the tables up to date; where nothing can be written, those that are up to date are read as they are."""
        try:
            migrate(engine, self._today())
        except DBAPIError:
            if not is_current(engine):
                raise

    def _complain(self, error: Exception) -> None:
        """Log the kind of an error. Its text may hold the password of the database."""
        why = describe(error)
        if self.trouble is None:
            log.warning("Saved places are not available: %s", why)
        self.trouble, self._ready = f"{UNAVAILABLE}: {why}", False
        if self._engine is not None and self._url.startswith("sqlite:"):
            self._engine.dispose()  # a file that was opened while it could only be read stays so

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()


def engine(url: str, connections: int) -> Engine:
    """Make the engine of a URL. Raises OSError if a file's folder cannot be made, ImportError without the driver."""
    if url.startswith("sqlite:"):
        secure_file(Path(make_url(url).database or "").absolute())
        return create_engine(url, connect_args={"timeout": LOCK_SECONDS})
    bounds = {"connect_timeout": 3, "options": "-c statement_timeout=3000", "client_encoding": "utf8"}
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=connections,
        connect_args=bounds,
    )


def secure_file(file: Path) -> None:
    """Create the file, readable for us only. Raises OSError for a link, and for a file or folder of another user."""
    file.parent.mkdir(0o700, parents=True, exist_ok=True)
    if file.parent.stat().st_uid not in (os.geteuid(), 0):
        raise PermissionError("its folder belongs to somebody else")
    is_writable = not is_read_only(file)
    create = os.O_CREAT | os.O_RDWR if is_writable else os.O_RDONLY
    descriptor = os.open(file, create | os.O_NOFOLLOW, 0o600)
    try:
        if os.fstat(descriptor).st_uid != os.geteuid():
            raise PermissionError("it belongs to somebody else")
        if is_writable:
            os.fchmod(descriptor, 0o600)
    finally:
        os.close(descriptor)


def is_read_only(file: Path) -> bool:
    """Whether the disk on which a file lies takes no writes; its places are read all the same."""
    return bool(os.statvfs(file.parent).f_flag & os.ST_RDONLY)


def is_passing(error: DBAPIError) -> bool:
    """Whether a retry may work at once: the connection was dead, or another worker was making the same table."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", "") in ("23505", "42P07")
