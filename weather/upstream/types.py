"""The types that pass between the website and upstream: requests, responses, cache entries; and their protocols."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import Protocol, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from weather.errors import UpstreamError
from weather.upstream.codec import sealed, unsealed
from weather.upstream.freshness import CacheOutcome, FreshnessNow, Lifetime, Validity

T = TypeVar("T")

NEGATIVE_TTL = Lifetime(fresh_for=600.0, stale_for=0.0)
"""A 404 is cached for ten minutes at most and never served stale: a typo repeats, but a new place must be found."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route of an upstream: the product it belongs to, the parameters it takes, its lifetime in seconds.

    `anchor` is a member that every good answer has; None where the answer is an array, "" where that is not known.
    `host` names one of the upstream's origins. `cost` is the amount that a call is charged. `holds` returns whether our
    own reader finds anything in a body, and raises msgspec.DecodeError if it cannot read the body; None where the site
    reads no such answers.
    """

    path: str
    product: str
    parameters: frozenset[str]
    fresh_for: float
    anchor: str | None
    host: str = "api"
    cost: float = 1.0
    holds: Callable[[bytes], bool] | None = None


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """A request in canonical form: validated values only, in one order, without the API key."""

    endpoint: Endpoint
    query: tuple[tuple[str, str], ...]

    @property
    def target(self) -> str:
        """Path and query, as they are sent upstream."""
        return f"{self.endpoint.path}?{urlencode(self.query, quote_via=quote, safe=',')}"

    @property
    def expects_xml(self) -> bool:
        return ("mode", "xml") in self.query

    @property
    def is_read(self) -> bool:
        """Whether the site could read the answer: it is JSON, and the request does not exclude parts of it."""
        return self.endpoint.holds is not None and not any(name in ("mode", "exclude") for name, _ in self.query)

    def key(self, origins: Mapping[str, str]) -> str:
        """The cache key: of bounded length, and different for every upstream."""
        digest = blake2b(f"{origins[self.endpoint.host]}{self.target}".encode(), digest_size=20)
        return f"{self.endpoint.path}#{digest.hexdigest()}"


def is_loss(request: UpstreamRequest, new: "CacheEntry", cached: "CacheEntry | None") -> bool:
    """Whether a new answer must not replace the cached one: it cannot be read, or is empty where that one is not."""
    holds = request.endpoint.holds
    if holds is None or new.status != 200 or not request.is_read:
        return False
    try:
        if holds(new.body):
            return False
    except msgspec.DecodeError:
        return True
    try:
        return cached is not None and cached.status == 200 and holds(cached.body)
    except msgspec.DecodeError:
        return False


def make_request(endpoint: Endpoint, **query: str) -> UpstreamRequest:
    """A request with its parameters in canonical order."""
    return UpstreamRequest(endpoint, tuple(sorted(query.items())))


@dataclass(frozen=True, slots=True)
class UpstreamResponse:
    """A good answer: 200 with a body that parses, or a proper 404. `storable`: upstream allows to store it."""

    status: int
    content_type: str
    body: bytes
    storable: bool = True


@dataclass(frozen=True, slots=True)
class Origin:
    """When an entry was fetched: as its store says, as that was understood when it was read, and by this process's
    steady clock, which is never set.
    """

    stored_at: float
    dated_at: float
    steady_at: float


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """A cached answer. `fetched_at` is in Unix seconds. `origin` is known in memory only, and is not stored."""

    status: int
    content_type: str
    body: bytes
    fetched_at: float
    origin: "Origin | None" = field(default=None, compare=False, repr=False)

    @property
    def size(self) -> int:
        return len(self.body) + 300

    def pack(self) -> bytes:
        """The bytes to be stored."""
        return sealed((self.status, self.content_type, self.fetched_at, self.body))


def unpack(stored: bytes) -> CacheEntry | None:
    """The entry, or None if these bytes are not one that `CacheEntry.pack` made."""
    if (members := unsealed(stored, tuple[int, str, float, bytes])) is None:
        return None
    status, content_type, fetched_at, body = members
    return CacheEntry(status, content_type, body, fetched_at)


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A cache entry as the answer to one request. `at` is the time of that request, in Unix seconds."""

    entry: CacheEntry
    lifetime: Lifetime
    at: float
    via: CacheOutcome

    @property
    def validity(self) -> Validity:
        return Validity(self.entry.fetched_at, self.lifetime)

    @property
    def standing(self) -> FreshnessNow:
        return self.validity.standing(self.at, self.via)

    @property
    def state(self) -> str:
        return "stale" if self.standing.is_stale else "fresh"

    @property
    def valid_until(self) -> float:
        return self.validity.ends_at


@dataclass(frozen=True, slots=True)
class Requester:
    """On whose behalf a request is made.

    `client`: to whose quota calls are charged. `ask` False: no upstream call is made (`only-if-cached`). `reads` False:
    a program that takes upstream's bytes as they came, also those that our own reader cannot read. `looks` True: only a
    fresh answer is counted in the tally, for any other is asked for again. `calls`: the tallies in which this
    requester's answers were counted, so that the response cache can count the same answer again.
    """

    client: str = ""
    ask: bool = True
    reads: bool = True
    looks: bool = False
    calls: list[Counter[str]] = field(default_factory=list, compare=False)


class CallPermit(Protocol):
    """Permission for one request: acquire before, record after each attempt. `client`: on whose behalf."""

    @property
    def client(self) -> str: ...

    async def acquire(self) -> None:
        """Raises CallRefused."""

    async def record(self, error: UpstreamError | None) -> None: ...


class Upstream(Protocol):
    """A source of answers, at these origins. Raises UpstreamError or CallRefused."""

    origins: Mapping[str, str]

    async def send(self, request: UpstreamRequest, permit: CallPermit) -> UpstreamResponse: ...

    async def close(self) -> None: ...
