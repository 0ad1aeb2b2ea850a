"""The table of saved places, in SQLite or PostgreSQL. Its calls wait for the database, so they are for threads.

Every fault is DatabaseUnavailable.
"""

import logging
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import Any, TypeVar

from sqlalchemy import (
    Column,
    Connection,
    Engine,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    delete,
    func,
    insert,
    literal,
    make_url,
    select,
    update,
)
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.schema import CreateIndex, CreateTable

from weather.errors import DatabaseUnavailable

T = TypeVar("T")

log = logging.getLogger("weather.saved")

TRIES = 3
"""A connection may have died while it was not used, and the table may be made by another worker just now."""

PLACES = Table(
    "saved_place",
    MetaData(),
    Column("number", Integer, primary_key=True),
    Column("id", String(22), nullable=False, unique=True),
    Column("owner", String(64), nullable=False, index=True),
    Column("name", String(80), nullable=False),
    Column("country", String(2)),
    Column("latitude", Float, nullable=False),
    Column("longitude", Float, nullable=False),
    Column("timezone", String(64), nullable=False),
)
SHOWN = [PLACES.c[name] for name in ("id", "name", "country", "latitude", "longitude", "timezone")]


class Database:
    """Rows of the table, as SHOWN. `trouble` says what kept it from working the last time."""

    def __init__(self, url: str, connections: int) -> None:
        self._url, self._connections, self._ready = url, connections, False
        self._engine: Engine | None = None
        self._lock = Lock()
        self.trouble: str | None = None

    def check(self) -> None:
        """Raise if it does not work."""
        self._run(lambda connection: connection.execute(select(PLACES.c.number).limit(1)).all())

    def all(self, owner: str) -> Sequence[Any]:
        """The rows of a list, the oldest first."""
        query = select(*SHOWN).where(PLACES.c.owner == owner).order_by(PLACES.c.number)
        return self._run(lambda connection: connection.execute(query).all())

    def get(self, owner: str, id: str) -> Any:
        """One row, or None."""
        return self._run(lambda connection: connection.execute(select(*SHOWN).where(*mine(owner, id))).first())

    def add(self, owner: str, values: Mapping[str, Any], most: int) -> bool:
        """One more; whether there was room for it."""
        row = {**values, "owner": owner}
        # Counted in the statement that writes, and in turns, so that two at once do not both find room.
        count = select(func.count()).where(PLACES.c.owner == owner).scalar_subquery()
        rows = select(*(literal(value, PLACES.c[name].type) for name, value in row.items())).where(count < most)
        statement = insert(PLACES).from_select(list(row), rows).execution_options(preserve_rowcount=True)

        def work(connection: Connection) -> int:
            take_turns(connection, owner)
            return connection.execute(statement).rowcount

        return bool(self._run(work))

    def replace(self, owner: str, id: str, values: Mapping[str, Any]) -> bool:
        """Whether it was there."""
        statement = update(PLACES).where(*mine(owner, id)).values(values)
        return bool(self._run(lambda connection: connection.execute(statement).rowcount))

    def remove(self, owner: str, id: str) -> bool:
        """Whether it was there."""
        statement = delete(PLACES).where(*mine(owner, id))
        return bool(self._run(lambda connection: connection.execute(statement).rowcount))

    def _run(self, work: Callable[[Connection], T]) -> T:
        """The work in one transaction."""
        try:
            done = self._done(work)
        except (SQLAlchemyError, OSError, ImportError) as error:
            self._complain(error)
            raise DatabaseUnavailable("Saved places cannot be read or written now.") from None
        self.trouble = None
        return done

    def _done(self, work: Callable[[Connection], T]) -> T:
        for left in reversed(range(TRIES)):
            try:
                with self._prepared().begin() as connection:
                    return work(connection)
            except DBAPIError as error:
                if not left or not is_passing(error):
                    raise
        raise AssertionError

    def _prepared(self) -> Engine:
        """The engine, once the table is there: made at the first use that works, so that a start never fails of it."""
        with self._lock:
            self._engine = self._engine or engine(self._url, self._connections)
            if not self._ready:
                prepare(self._engine)
            self._ready = True
            return self._engine

    def _complain(self, error: Exception) -> None:
        """Of the error only its kind: its text may hold the password of the database."""
        kind = type(getattr(error, "orig", None) or error).__name__
        if self.trouble is None:
            log.warning("Saved places are not available: %s", kind)
        self.trouble, self._ready = f"saved places are not available: {kind}", False

    def close(self) -> None:
        if self._engine is not None:
            self._engine.dispose()


def engine(url: str, connections: int) -> Engine:
    """Made for that URL. Raises OSError if the folder of a file cannot be made, ImportError without the driver."""
    if url.startswith("sqlite:"):
        file = Path(make_url(url).database or "")
        file.parent.mkdir(0o700, parents=True, exist_ok=True)
        file.touch(0o600)
        return create_engine(url, connect_args={"timeout": 2})
    bounds = {"connect_timeout": 3, "options": "-c statement_timeout=3000", "client_encoding": "utf8"}
    return create_engine(
        make_url(url).set(drivername="postgresql+psycopg"),
        pool_pre_ping=True,
        pool_size=connections,
        connect_args=bounds,
    )


def prepare(engine: Engine) -> None:
    """Make the table and its index where they are not there, whoever else does so now."""
    with engine.begin() as connection:
        connection.execute(CreateTable(PLACES, if_not_exists=True))
        for index in PLACES.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))


def is_passing(error: DBAPIError) -> bool:
    """Whether the same may work at once: the connection was dead, or the same table was being made."""
    return error.connection_invalidated or getattr(error.orig, "sqlstate", "") in ("23505", "42P07")


def take_turns(connection: Connection, owner: str) -> None:
    """Wait for who writes to the same list; SQLite lets one write at a time anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(int(owner[:15], 16))))


def mine(owner: str, id: str) -> tuple[Any, Any]:
    return PLACES.c.owner == owner, PLACES.c.id == id
