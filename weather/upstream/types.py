"""The types that pass between the website and upstream: requests, responses, cache entries; and their protocols."""

from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager
from dataclasses import astuple, dataclass, field, replace
from hashlib import blake2b
from typing import Protocol, TypeVar
from urllib.parse import quote, urlencode

import msgspec

from weather.errors import UpstreamError
from weather.upstream.client_quota import ClientQuota
from weather.upstream.codec import sealed, unsealed
from weather.upstream.freshness import CacheOutcome, FreshnessNow, Lifetime, Validity
from weather.upstream.http_caching import NO_CACHING, Caching

T = TypeVar("T")

NEGATIVE_TTL = Lifetime(fresh_for=600.0, stale_for=0.0)
"""A 404 is cached for ten minutes at most and never served stale: a typo repeats, but a new place must be found."""


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One route of an upstream: the product it belongs to, the parameters it takes, its lifetime in seconds.

    `anchor` is a member that every good answer has; None where the answer is an array, "" where that is not known.
    `host` names one of the upstream's origins. `cost` is the amount that a call is charged. `holds` returns whether our
    own reader finds anything in a body, and raises msgspec.DecodeError if it cannot read the body; None where the site
    reads no such answers. `uses_caching_headers`: the answer's own headers rule its lifetime, which is
    `fresh_for` where they say less or nothing, and the next request is conditional.

    `max_body`: bytes that a body may have, None for as many as any. `condense` makes of the body of a 200, and the time
    when it came in Unix seconds, the body that is kept; it is run in a thread, and raises UpstreamInvalid.
    """

    path: str
    product: str
    parameters: frozenset[str]
    fresh_for: float
    anchor: str | None
    host: str = "api"
    cost: float = 1.0
    holds: Callable[[bytes], bool] | None = None
    uses_caching_headers: bool = False
    max_body: int | None = None
    condense: Callable[[bytes, float], bytes] | None = None


@dataclass(frozen=True, slots=True)
class UpstreamRequest:
    """A request in canonical form: validated values only, in one order, without the API key.

    `cached`: the caching of the answer that is cached; if that has a validator the request is conditional.
    """

    endpoint: Endpoint
    query: tuple[tuple[str, str], ...]
    cached: Caching = field(default=NO_CACHING, compare=False)

    @property
    def target(self) -> str:
        """Path and query, as they are sent upstream."""
        return f"{self.endpoint.path}?{urlencode(self.query, quote_via=quote, safe=',')}"

    @property
    def expects_xml(self) -> bool:
        return ("mode", "xml") in self.query

    @property
    def is_read(self) -> bool:
        """Whether the site could read the answer: it is JSON."""
        return self.endpoint.holds is not None and not self.expects_xml

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
    """A good answer: 200 with a body that parses, a proper 404, or a 304 to a conditional request, without a body.

    `storable`: upstream allows to store it. `caching`: for endpoints with `uses_caching_headers`.
    """

    status: int
    content_type: str
    body: bytes
    storable: bool = True
    caching: Caching = NO_CACHING


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
    caching: Caching = NO_CACHING

    @property
    def size(self) -> int:
        return len(self.body) + 300

    def pack(self) -> bytes:
        """The bytes to be stored."""
        caching = () if self.caching == NO_CACHING else astuple(self.caching)
        return sealed((self.status, self.content_type, self.fetched_at, self.body, *caching))


class StoredEntry(msgspec.Struct, array_like=True, frozen=True):
    """A stored entry. The members from `fresh_for` on are there if the answer says something of its caching."""

    status: int
    content_type: str
    fetched_at: float
    body: bytes
    fresh_for: float | None = None
    etag: str = ""
    last_modified: str = ""


def unpack(stored: bytes) -> CacheEntry | None:
    """The entry, or None if these bytes are not one that `CacheEntry.pack` made."""
    if (row := unsealed(stored, StoredEntry)) is None:
        return None
    caching = Caching(row.fresh_for, row.etag, row.last_modified)
    return CacheEntry(row.status, row.content_type, row.body, row.fetched_at, caching=caching)


def renewed(entry: CacheEntry, caching: Caching, now: float) -> CacheEntry:
    """The entry after a 304: as if it had been fetched now (RFC 9111, 4.3.4)."""
    return replace(entry, fetched_at=now, origin=None, caching=entry.caching.renewed_by(caching))


@dataclass(frozen=True, slots=True)
class CachedResponse:
    """A cache entry as the answer to one request. `at` is the time of that request, in Unix seconds."""

    entry: CacheEntry
    lifetime: Lifetime
    at: float
    via: CacheOutcome

    @property
    def validity(self) -> Validity:
        again = self.via if self.via.fwd is None else CacheOutcome()
        return Validity(self.entry.fetched_at, self.lifetime, again)

    @property
    def standing(self) -> FreshnessNow:
        return self.validity.standing(self.at, self.via)

    @property
    def state(self) -> str:
        return "stale" if self.standing.is_stale else "fresh"

    @property
    def valid_until(self) -> float:
        return self.validity.ends_at


Count = tuple[Counter[str], str]
"""A tally, and the outcome that is counted in it when an answer is given again."""

Span = tuple[float, float]
"""When a call began and ended, in seconds of the loop's clock."""

NO_TIME: Span = (0.0, 0.0)


@dataclass(frozen=True, slots=True)
class Requester:
    """On whose behalf a request is made.

    `client`: to whose quota calls are charged. `may_call` False: no upstream call is made (`only-if-cached`).
    `wants_readable` False: a program that takes upstream's bytes as they came, also those that our own reader cannot
    read. `is_peek` True: only a fresh answer is counted in the tally, for any other is asked for again; `is_counted`
    False: none is, for it stands beside one that is. `calls`: the tallies in which this requester's answers were
    counted, and as what, so that the response cache can count the same answer again. `attempts`: when each call
    upstream that was made for this requester began and ended. `quotas`: what was left of its quotas, by name, when a
    call was last charged to them.
    """

    client: str = ""
    may_call: bool = True
    wants_readable: bool = True
    is_peek: bool = False
    is_counted: bool = True
    calls: list[Count] = field(default_factory=list, compare=False)
    attempts: list[Span] = field(default_factory=list, compare=False)
    quotas: dict[str, ClientQuota] = field(default_factory=dict, compare=False)


class CallPermit(Protocol):
    """Permission for one request: acquire before, record after each attempt. `client`: on whose behalf.

    While a call waits to acquire it, its part of the quotas is reserved: within the context of `reserve`, which raises
    CallRefused if it is known that nothing is left. `acquire` charges it; who leaves the context before, pays nothing.
    """

    @property
    def client(self) -> str: ...

    def reserve(self) -> AbstractContextManager[object]: ...

    async def acquire(self) -> None:
        """Raises CallRefused."""

    async def record(self, error: UpstreamError | None, span: Span = NO_TIME) -> None: ...


class Upstream(Protocol):
    """A source of answers, at these origins. Raises UpstreamError or CallRefused."""

    origins: Mapping[str, str]

    async def send(self, request: UpstreamRequest, permit: CallPermit) -> UpstreamResponse: ...

    async def close(self) -> None: ...
