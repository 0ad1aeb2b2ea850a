"""Saved places: lists in a database, each call in a thread of its own, so that the loop never waits.

A list is known by a random token that its visitor holds; the database gets only the token's hash. There is no account,
and nothing of a person. A database that fails costs saved places alone: every fault is DatabaseUnavailable.
"""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from math import inf
from threading import Lock
from typing import TYPE_CHECKING, Any, TypeVar

from weather.domain.model import Coordinates, Place
from weather.domain.text import LONGEST_LABEL
from weather.errors import DatabaseUnavailable, ListFull
from weather.messages import N_
from weather.places.time_zones import zone_at

if TYPE_CHECKING:
    from weather.places.saved.database import Database

T = TypeVar("T")

MAX_PLACES = 100
"""Places in a list."""

MAX_LISTS = 50_000
"""Lists in all. They may hold a few gigabytes; one that nobody reads for a year goes."""

TOKEN = 43
"""Characters of a token: 256 random bits in base64, so that one round of a hash is enough."""

ID_LENGTH = 22
"""Characters of the id of a place: 128 random bits in base64."""

THREADS = 4
PATIENCE, BRIEF = 5.0, 0.25
"""Seconds that a visitor waits for the database; and where the answer can do without it."""

PAUSE = 5.0
"""Seconds for which a database that did not answer in time is not asked again."""

UNAVAILABLE = "Saved places cannot be read or written now."


@dataclass(frozen=True, slots=True)
class SavedPlace:
    """A place that is kept. `id` says nothing but itself.

    `created_at`: when it was saved, in Unix seconds; None for one of before that was noted. `home`: it is where the
    site opens; at most one of a list is.
    """

    id: str
    name: str
    country: str | None
    latitude: float
    longitude: float
    timezone: str
    region: str | None = None
    created_at: int | None = None
    home: bool = False

    @property
    def coordinates(self) -> Coordinates:
        return Coordinates(self.latitude, self.longitude)

    @property
    def place(self) -> Place:
        return Place(self.name, self.country, self.region, self.latitude, self.longitude, self.timezone)


def new_token() -> str:
    """Return a new token of a list."""
    return secrets.token_urlsafe(32)


def is_token(text: str) -> bool:
    """Whether it can be a token of ours. A token that somebody chose could be guessed."""
    return len(text) == TOKEN and is_base64(text)


def is_id(text: str) -> bool:
    """Whether it can be the id of a place."""
    return len(text) == ID_LENGTH and is_base64(text)


def is_base64(text: str) -> bool:
    """Whether it is in the base64 alphabet for URLs (RFC 4648, 5)."""
    return all(c.isascii() and (c.isalnum() or c in "-_") for c in text)


def hash_token(token: str) -> str:
    """Return the hash under which a token is stored."""
    return sha256(token.encode()).hexdigest()


class SavedPlaces:
    """Lists of saved places. Every method raises DatabaseUnavailable; a place that is not in the list is None.

    `admit` is asked before a client begins a list, and may refuse. A database that does not answer in time is left
    alone for some seconds: meanwhile every call fails at once.
    """

    def __init__(
        self,
        url: str,
        wall: Callable[[], float],
        steady: Callable[[], float],
        admit: Callable[[str], Awaitable[None]],
    ) -> None:
        self._url, self._wall, self._steady, self._admit = url, wall, steady, admit
        self._threads = ThreadPoolExecutor(THREADS, "saved")
        self._database: Database | None = None
        self._lock = Lock()
        self._paused_until = {BRIEF: -inf, PATIENCE: -inf}

    async def check(self, patience: float = BRIEF) -> str | None:
        """Return why no place can be saved, for `/readyz`; None if one can."""
        try:
            await self._run(lambda database: database.check(), patience)
        except DatabaseUnavailable:
            return (self._database and self._database.trouble) or N_("it does not answer")
        return None

    async def all(self, token: str, patience: float = PATIENCE) -> list[SavedPlace]:
        """Return the list, in its order; [] for an unknown token."""
        owner, today = hash_token(token), self._today()
        return [read_row(row) for row in await self._run(lambda database: database.all(owner, today), patience)]

    async def get(self, token: str, id: str) -> SavedPlace | None:
        if not is_id(id):
            return None
        row = await self._run(lambda database: database.get(hash_token(token), id))
        return read_row(row) if row else None

    async def add(
        self, token: str | None, place: Place, client: str, *, once: bool = False
    ) -> tuple[SavedPlace, str | None]:
        """Add a place; `once`: unless another of its cell is in the list.

        Returns it, and the token if a new list was begun: if there was no token, or of no list.

        Raises ListFull, or what `admit` raises.
        """
        saved, new = saved_as(secrets.token_urlsafe(16), place, int(self._wall())), None
        if token is None or not await self.has(token):
            token = new = await self._begin_list(client)
        owner = hash_token(token)
        if not await self._run(lambda database: database.add(owner, asdict(saved), MAX_PLACES, once=once)):
            raise ListFull(N_("A list holds at most 100 places."))
        return saved, new

    async def _begin_list(self, client: str) -> str:
        """Begin a list and return its token. Raises ListFull, or what `admit` raises."""
        await self._admit(client)
        token, today = new_token(), self._today()
        if not await self._run(lambda database: database.begin(hash_token(token), today, MAX_LISTS)):
            raise ListFull(N_("This server has no room for more lists."))
        return token

    async def replace(self, token: str, id: str, place: Place) -> SavedPlace | None:
        """Put another place under the same id. Its place in the list, and whether it is home, stay."""
        saved = asdict(saved_as(id, place, None))
        values = {name: value for name, value in saved.items() if name not in ("created_at", "home")}
        if not is_id(id) or not await self._replace(token, id, values):
            return None
        return await self.get(token, id)

    async def rename(self, token: str, id: str, name: str) -> bool:
        """Call a place by another name. Returns whether it was there."""
        return is_id(id) and await self._replace(token, id, {"name": name})

    async def move(self, token: str, id: str, step: int) -> None:
        """Move a place by so many steps in its list: down, or up where they are negative."""
        owner, today = hash_token(token), self._today()
        if is_id(id):
            await self._run(lambda database: database.move(owner, id, step, today))

    async def make_home(self, token: str, id: str) -> None:
        """Make a place the home of its list."""
        if is_id(id):
            await self._run(lambda database: database.make_home(hash_token(token), id))

    async def end_home(self, token: str, id: str) -> None:
        """A place is home no longer; if another one is by now, that stays."""
        if is_id(id):
            await self._replace(token, id, {"home": False})

    async def _replace(self, token: str, id: str, values: Mapping[str, Any]) -> bool:
        return await self._run(lambda database: database.replace(hash_token(token), id, values))

    async def has(self, token: str) -> bool:
        """Whether there is a list with this token."""
        return await self._run(lambda database: database.has(hash_token(token)))

    async def end(self, token: str) -> None:
        """Delete a list with all its places."""
        await self._run(lambda database: database.end(hash_token(token)))

    async def remove(self, token: str, id: str) -> bool:
        """Remove a place. Returns whether it was there."""
        return is_id(id) and await self._run(lambda database: database.remove(hash_token(token), id))

    def _today(self) -> int:
        return int(self._wall() // 86400)

    async def _run(self, work: Callable[["Database"], T], patience: float = PATIENCE) -> T:
        """The work in a thread. Who waited in vain is not let wait again for some seconds, nor is who has less time."""
        if self._steady() < self._paused_until[patience]:
            raise DatabaseUnavailable(UNAVAILABLE)
        loop = asyncio.get_running_loop()
        if self._database is None:  # not counted: to load SQLAlchemy takes longer than some would wait
            await loop.run_in_executor(self._threads, self._loaded)
        call = loop.run_in_executor(self._threads, lambda: work(self._loaded()))
        try:
            return await asyncio.wait_for(call, patience)
        except TimeoutError:
            until = self._steady() + PAUSE
            self._paused_until |= {other: until for other in self._paused_until if other <= patience}
            raise DatabaseUnavailable(UNAVAILABLE) from None

    def _loaded(self) -> "Database":
        with self._lock:
            if self._database is None:
                # Not at the start: SQLAlchemy takes a third of its time, and most visitors have no list.
                from weather.places.saved.database import Database

                self._database = Database(self._url, THREADS, self._today)
        return self._database

    async def close(self) -> None:
        await asyncio.to_thread(self._threads.shutdown, cancel_futures=True)
        if self._database is not None:
            self._database.close()


def read_row(row: Iterable[Any]) -> SavedPlace:
    """A row as a place, its zone by the boundaries of today: an older version kept that of a city nearby."""
    saved = SavedPlace(*row)
    return replace(saved, timezone=zone_at(saved.coordinates), home=bool(saved.home))


def saved_as(id: str, place: Place, created_at: int | None) -> SavedPlace:
    name, region = place.name or str(place.coordinates), (place.state or "")[:LONGEST_LABEL] or None
    where = (place.latitude, place.longitude, place.timezone)
    return SavedPlace(id, name, place.country, *where, region, created_at)
