"""Saved places, in a database: SQLite or PostgreSQL, each call in a thread of its own, so that the loop never waits.

A list is known by a random token that its visitor holds; here stands only the token's hash. There is no account, and
nothing of a person. A database that fails costs saved places alone: every fault is DatabaseUnavailable.
"""

import asyncio
import logging
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
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

from weather.errors import DatabaseUnavailable, ListFull
from weather.language import N_
from weather.model import Coordinates, Place

T = TypeVar("T")

log = logging.getLogger("weather.saved")

MOST = 100
"""Places in a list."""

TOKEN = 43
"""Characters of a token: 256 random bits in base64, so that one round of a hash is enough."""

THREADS = 4
PATIENCE = 5.0
"""Seconds that a visitor waits for the database."""

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


@dataclass(frozen=True, slots=True)
class SavedPlace:
    """A place that is kept. `id` says nothing but itself."""

    id: str
    name: str
    country: str | None
    latitude: float
    longitude: float
    timezone: str

    @property
    def coordinates(self) -> Coordinates:
        return Coordinates(self.latitude, self.longitude)

    @property
    def place(self) -> Place:
        return Place(self.name, self.country, None, self.latitude, self.longitude, self.timezone)


def new_token() -> str:
    """What a list is known by."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether it can be one of ours; a list by a name that somebody chose could be guessed."""
    return len(text) == TOKEN and all(c.isascii() and (c.isalnum() or c in "-_") for c in text)


def owner_of(token: str) -> str:
    """The token as it is stored."""
    return sha256(token.encode()).hexdigest()


class SavedPlaces:
    """Lists of saved places. Every method raises DatabaseUnavailable; a place that is not in the list is None."""

    def __init__(self, url: str) -> None:
        self._url, self._ready = url, False
        self._threads = ThreadPoolExecutor(THREADS, "saved")
        self._engine: Engine | None = None
        self._lock = Lock()
        self._trouble: str | None = None

    async def check(self) -> str | None:
        """What keeps it from working, for `/readyz`."""
        with suppress(DatabaseUnavailable):
            await self._run(lambda connection: connection.execute(select(PLACES.c.number).limit(1)).all())
        return self._trouble

    async def all(self, token: str) -> list[SavedPlace]:
        """The list, the oldest first; an unknown token has an empty one."""
        query = select(*SHOWN).where(PLACES.c.owner == owner_of(token)).order_by(PLACES.c.number)
        return await self._run(lambda connection: [SavedPlace(*row) for row in connection.execute(query)])

    async def get(self, token: str, id: str) -> SavedPlace | None:
        query = select(*SHOWN).where(*mine(token, id))
        return await self._run(lambda connection: first(connection.execute(query).all()))

    async def add(self, token: str, place: Place) -> SavedPlace:
        """One more. Raises ListFull."""
        saved = saved_as(secrets.token_urlsafe(16), place)
        row = values(saved) | {"owner": owner_of(token)}
        # Counted in the statement that writes, and in turns, so that two at once do not both find room.
        count = select(func.count()).where(PLACES.c.owner == row["owner"]).scalar_subquery()
        rows = select(*(literal(value, PLACES.c[name].type) for name, value in row.items())).where(count < MOST)
        statement = insert(PLACES).from_select(list(row), rows).execution_options(preserve_rowcount=True)

        def work(connection: Connection) -> int:
            take_turns(connection, row["owner"])
            return connection.execute(statement).rowcount

        if not await self._run(work):
            raise ListFull(N_("A list holds at most 100 places."))
        return saved

    async def replace(self, token: str, id: str, place: Place) -> SavedPlace | None:
        saved = saved_as(id, place)
        statement = update(PLACES).where(*mine(token, id)).values(values(saved))
        return saved if await self._run(lambda c: c.execute(statement).rowcount) else None

    async def remove(self, token: str, id: str) -> bool:
        """Whether it was there."""
        statement = delete(PLACES).where(*mine(token, id))
        return bool(await self._run(lambda c: c.execute(statement).rowcount))

    async def _run(self, work: Callable[[Connection], T]) -> T:
        """The work in one transaction, in a thread."""
        call = asyncio.get_running_loop().run_in_executor(self._threads, self._done, work)
        try:
            return await asyncio.wait_for(call, PATIENCE)
        except TimeoutError:
            self._trouble = "it does not answer"
        except (SQLAlchemyError, OSError, ImportError) as error:
            self._complain(error)
        raise DatabaseUnavailable("Saved places cannot be read or written now.")

    def _done(self, work: Callable[[Connection], T]) -> T:
        for left in reversed(range(TRIES)):
            try:
                with self._prepared().begin() as connection:
                    done = work(connection)
            except DBAPIError as error:
                if not left or not is_passing(error):
                    raise
            else:
                self._trouble = None
                return done
        raise AssertionError

    def _prepared(self) -> Engine:
        """The engine, once the table is there: made at the first use that works, so that a start never fails of it."""
        with self._lock:
            self._engine = self._engine or engine(self._url)
            if not self._ready:
                prepare(self._engine)
            self._ready = True
            return self._engine

    def _complain(self, error: Exception) -> None:
        """Of the error only its kind: its text may hold the password of the database."""
        kind = type(getattr(error, "orig", None) or error).__name__
        if self._trouble is None:
            log.warning("Saved places are not available: %s", kind)
        self._trouble, self._ready = f"saved places are not available: {kind}", False

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)
        if self._engine is not None:
            self._engine.dispose()


def engine(url: str) -> Engine:
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
        pool_size=THREADS,
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


def mine(token: str, id: str) -> tuple[Any, Any]:
    return PLACES.c.owner == owner_of(token), PLACES.c.id == id


def first(rows: Any) -> SavedPlace | None:
    return SavedPlace(*rows[0]) if rows else None


def saved_as(id: str, place: Place) -> SavedPlace:
    name = place.name or str(place.coordinates)
    return SavedPlace(id, name, place.country, place.latitude, place.longitude, place.timezone)


def values(saved: SavedPlace) -> dict[str, Any]:
    return {column.name: getattr(saved, column.name) for column in SHOWN}
