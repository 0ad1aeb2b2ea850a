"""What passes between the doors and upstream: requests, answers, what is kept of them, and who plays which part."""

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
"""A 404 is kept for ten minutes at most and never served old: a typo repeats, but a new place must not stay hidden."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route of an upstream: the product it belongs to, the parameters it takes, its lifetime in seconds.

    `anchor` is a name that every good answer holds; None where the answer is an array, "" where that is not known.
    `host` names one of the upstream's origins; `cost` is what a call counts against its budgets. `holds` tells whether
    our own reader finds anything in a body, and raises msgspec.DecodeError if it cannot read it; None where the site
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
    """A question in canonical form: validated values only, in one order, without the key."""

    endpoint: Endpoint
    query: tuple[tuple[str, str], ...]

    @property
    def target(self) -> str:
        """Path and query, as they go upstream."""
        return f"{self.endpoint.path}?{urlencode(self.query, quote_via=quote, safe=',')}"

    @property
    def expects_xml(self) -> bool:
        return ("mode", "xml") in self.query

    @property
    def is_read(self) -> bool:
        """Whether an answer is one that the site could read: JSON, of which nothing was left out by request."""
        return self.endpoint.holds is not None and not any(name in ("mode", "exclude") for name, _ in self.query)

    def key(self, origins: Mapping[str, str]) -> str:
        """The name under which the answer is kept: bounded, and another for every upstream."""
        digest = blake2b(f"{origins[self.endpoint.host]}{self.target}".encode(), digest_size=20)
        return f"{self.endpoint.path}#{digest.hexdigest()}"


def is_loss(request: UpstreamRequest, new: "CacheEntry", kept: "CacheEntry | None") -> bool:
    """Whether a new answer must not replace what is kept: it cannot be read, or holds nothing where something was."""
    holds = request.endpoint.holds
    if holds is None or new.status != 200 or not request.is_read:
        return False
    try:
        if holds(new.body):
            return False
    except msgspec.DecodeError:
        return True
    try:
        return kept is not None and kept.status == 200 and holds(kept.body)
    except msgspec.DecodeError:
        return False


def make_request(endpoint: Endpoint, **query: str) -> UpstreamRequest:
    """A request with its parameters in canonical order."""
    return UpstreamRequest(endpoint, tuple(sorted(query.items())))


@dataclass(frozen=True, slots=True)
class UpstreamResponse:
    """A good answer: 200 with a body that parses, or a proper 404. `storable` is upstream's own say."""

    status: int
    content_type: str
    body: bytes
    storable: bool = True


@dataclass(frozen=True, slots=True)
class Origin:
    """When an entry was fetched: as its store says, as it was understood when it came, and by this process's clock that
    never steps.
    """

    stored_at: float
    dated_at: float
    steady_at: float


@dataclass(frozen=True, slots=True)
class CacheEntry:
    """What is kept of an answer; `fetched_at` in Unix seconds. `origin` is known of it in hand, and is not stored."""

    status: int
    content_type: str
    body: bytes
    fetched_at: float
    origin: "Origin | None" = field(default=None, compare=False, repr=False)

    @property
    def size(self) -> int:
        return len(self.body) + 300

    def pack(self) -> bytes:
        """As stored."""
        return sealed((self.status, self.content_type, self.fetched_at, self.body))


def unpack(stored: bytes) -> CacheEntry | None:
    """The entry, or None if these bytes are not one that `CacheEntry.pack` made."""
    if (told := unsealed(stored, tuple[int, str, float, bytes])) is None:
        return None
    status, content_type, fetched_at, body = told
    return CacheEntry(status, content_type, body, fetched_at)


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """An answer with all that is known of its age; `at` is the moment it was given, in Unix seconds."""

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
    """Who asks: `client` is whose budget a call draws on; with `ask` False only what is kept is answered.

    `reads` False: a program that is given the bytes as they came, also those that our own reader cannot read.
    With `looks` he only looks whether to ask: what is not fresh is not counted, for it is asked for again. `calls`
    notes where the answers that he was given are counted, for who gives him the same again.
    """

    client: str = ""
    ask: bool = True
    reads: bool = True
    looks: bool = False
    calls: list[Counter[str]] = field(default_factory=list, compare=False)


class CallPermit(Protocol):
    """Leave to call upstream: asked for before every attempt, and told how it ended; `client` is for whom."""

    @property
    def client(self) -> str: ...

    async def acquire(self) -> None:
        """Raises Refusal."""

    async def record(self, error: UpstreamError | None) -> None: ...


class Upstream(Protocol):
    """Who is asked, at which origins. Raises UpstreamError, or Refusal."""

    origins: Mapping[str, str]

    async def send(self, request: UpstreamRequest, permit: CallPermit) -> UpstreamResponse: ...

    async def close(self) -> None: ...
