"""Saved places: lists in a database, each call in a thread of its own, so that the loop never waits.

A list is known by a random token that its visitor holds; the database gets only the token's hash. There is no account,
and nothing of a person. A database that fails costs saved places alone: every fault is DatabaseUnavailable.
"""

import asyncio
import secrets
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from hashlib import sha256
from threading import Lock
from typing import TYPE_CHECKING, Annotated, TypeVar

from weather.errors import DatabaseUnavailable, ListFull
from weather.language import N_
from weather.model import COUNTRY, ID, LATITUDE, LONGITUDE, NAME, TIMEZONE, Coordinates, Place

if TYPE_CHECKING:
    from weather.database import Database

T = TypeVar("T")

MOST = 100
"""Places in a list."""

TOKEN = 43
"""Characters of a token: 256 random bits in base64, so that one round of a hash is enough."""

THREADS = 4
PATIENCE = 5.0
"""Seconds that a visitor waits for the database."""


@dataclass(frozen=True, slots=True)
class SavedPlace:
    """A place that is kept. `id` says nothing but itself."""

    id: Annotated[str, ID]
    name: Annotated[str, NAME]
    country: Annotated[str | None, COUNTRY]
    latitude: Annotated[float, LATITUDE]
    longitude: Annotated[float, LONGITUDE]
    timezone: Annotated[str, TIMEZONE]

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
        self._url = url
        self._threads = ThreadPoolExecutor(THREADS, "saved")
        self._database: Database | None = None
        self._lock = Lock()

    async def check(self) -> str | None:
        """What keeps it from working, for `/readyz`."""
        try:
            await self._run(lambda database: database.check())
        except DatabaseUnavailable:
            return (self._database and self._database.trouble) or "it does not answer"
        return None

    async def all(self, token: str) -> list[SavedPlace]:
        """The list, the oldest first; an unknown token has an empty one."""
        return [SavedPlace(*row) for row in await self._run(lambda database: database.all(owner_of(token)))]

    async def get(self, token: str, id: str) -> SavedPlace | None:
        row = await self._run(lambda database: database.get(owner_of(token), id))
        return SavedPlace(*row) if row else None

    async def add(self, token: str, place: Place) -> SavedPlace:
        """One more. Raises ListFull."""
        saved = saved_as(secrets.token_urlsafe(16), place)
        if not await self._run(lambda database: database.add(owner_of(token), asdict(saved), MOST)):
            raise ListFull(N_("A list holds at most 100 places."))
        return saved

    async def replace(self, token: str, id: str, place: Place) -> SavedPlace | None:
        saved = saved_as(id, place)
        return saved if await self._run(lambda database: database.replace(owner_of(token), id, asdict(saved))) else None

    async def remove(self, token: str, id: str) -> bool:
        """Whether it was there."""
        return await self._run(lambda database: database.remove(owner_of(token), id))

    async def _run(self, work: Callable[["Database"], T]) -> T:
        """The work in a thread."""
        call = asyncio.get_running_loop().run_in_executor(self._threads, self._done, work)
        try:
            return await asyncio.wait_for(call, PATIENCE)
        except TimeoutError:
            raise DatabaseUnavailable("Saved places cannot be read or written now.") from None

    def _done(self, work: Callable[["Database"], T]) -> T:
        with self._lock:
            if self._database is None:
                # Not at the start: SQLAlchemy takes a third of its time, and most visitors have no list.
                from weather.database import Database

                self._database = Database(self._url, THREADS)
        return work(self._database)

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)
        if self._database is not None:
            self._database.close()


def saved_as(id: str, place: Place) -> SavedPlace:
    name = place.name or str(place.coordinates)
    return SavedPlace(id, name, place.country, place.latitude, place.longitude, place.timezone)
