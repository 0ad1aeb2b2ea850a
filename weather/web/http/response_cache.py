"""An optional cache of whole responses; without it only speed changes.

The rules:

1. A response is stored only if its handler called `allow_reuse`, and it is a whole 200 that sets no cookie.
2. It is used again for requests of which `Question` shows that they would get the same response.
3. It is used until the first of its parts expires, or, of what is stale or missing, until upstream may be asked for it
   again, and no longer than a second; one that is made as of a whole minute, until that minute ends.
4. While one request looks for what is stale or missing, the others of the same minute get what there is.
5. The headers that say its age are made anew.
"""

import asyncio
import itertools
from collections.abc import Callable
from dataclasses import dataclass, field
from math import inf

from starlette.types import Message, Receive, Scope, Send

from weather.logs import AccessRecord, Passing
from weather.upstream.freshness import AHEAD, Validity, cache_status, combine
from weather.upstream.lru_bytes import LruBytes
from weather.upstream.types import Count
from weather.web.http.clients.client_ip import CALLS
from weather.web.http.middleware import App, Watch, access_record, new_id
from weather.web.http.question import Key, Question, depends
from weather.web.http.request_size import size_violation
from weather.web.http.responses import ALLOW_REUSE, is_unchanged, time_of_change

LIMIT, LEAST = 16 * 2**20, 2**11
MINUTE = 60.0
ANEW = frozenset({b"age", b"cache-status", b"x-request-id"})
OF_ONE_CLIENT = frozenset({b"ratelimit", b"ratelimit-policy"})
NOT_IN_304 = frozenset({b"content-type", b"content-length", b"content-encoding"})
CONDITIONS = (b"if-none-match", b"if-modified-since")

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class StoredResponse:
    """A response as it was sent, without the headers that are made anew (rule 5), which are made once a second.

    `begins_at`, `ends_at`: when it may be sent, in Unix seconds; `lasts_until`: while it is made anew (rule 4).
    `calls`: the tallies in which the answers that it was made of were counted, and as what they are counted again.
    `stored_at`: the time of day and that of the steady clock.
    """

    headers: Headers
    headers_304: Headers
    body: bytes
    etag: bytes
    modified: str
    parts: tuple[Validity, ...]
    calls: tuple[Count, ...]
    begins_at: float
    ends_at: float
    lasts_until: float
    stored_at: tuple[float, float]
    is_of_minute: bool
    second: int = 0
    seconds_old: int = 0
    ages: Headers = field(default_factory=list)
    cache: str = ""

    def was_set(self, now: float, steady: float) -> bool:
        """Whether the time of day has been set since: then the age by the time of day may be wrong."""
        return abs((steady - self.stored_at[1]) - (now - self.stored_at[0])) > AHEAD

    def is_held(self, headers: dict[bytes, bytes]) -> bool:
        """Whether the client has it already. Most requests have neither condition, or the ETag as it was sent."""
        sent = {name.decode(): headers[name].decode("latin-1") for name in CONDITIONS if name in headers}
        if not sent or headers.get(b"if-none-match") == self.etag:
            return bool(sent)
        return is_unchanged(sent, self.etag.decode("latin-1"), self.modified)

    def age(self, now: float) -> None:
        """Make the headers of this second."""
        at = combine([part.standing(now, part.via) for part in self.parts])
        self.second, self.seconds_old, self.cache = int(now), at.age, cache_status(at)
        self.ages = [(b"age", b"%d" % at.age), (b"cache-status", self.cache.encode())]


class ResponseCache:
    """Wraps the whole app. Stores whole responses, bounded in bytes."""

    def __init__(
        self,
        app: App,
        clock: Callable[[], float],
        watch: Watch,
        question: Question,
    ) -> None:
        self._app, self._question = app, question
        self._clock, self._steady = clock, watch.steady
        self._tell, self._visitors = watch.tell, watch.visitors
        self.hits = 0
        self._stored: LruBytes[Key, StoredResponse] = LruBytes(LIMIT, size)
        self._under_way: dict[Key, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if len(headers) != len(scope["headers"]) or not headers.get(b"host") or size_violation(scope):
            await self._app(scope, receive, send)  # repeated, missing and long headers are judged by the layers behind
            return
        key, started = self._question.of(scope, headers), self._steady()
        if (stored := self._current(key)) is None and (under_way := self._under_way.get(key)):
            await under_way.wait()
            stored = self._current(key)
        if stored is None:
            await self._make(key, scope, receive, send)
            return
        name = new_id()
        status, response_headers, body = self._respond(stored, scope, headers, name)
        await send({"type": "http.response.start", "status": status, "headers": response_headers})
        await send({"type": "http.response.body", "body": body})
        for tally, outcome in stored.calls:
            tally[outcome] += 1
        self.hits += 1
        about, visitor = self._about(scope, status, stored), self._visitors.of(scope)
        self._tell(name, about, Passing(visitor.shown, 0, 0.0, self._steady() - started, visitor.name))

    @staticmethod
    def _about(scope: Scope, status: int, stored: StoredResponse) -> AccessRecord:
        return access_record(scope["method"], scope["path"], status, stored.cache, stored.seconds_old)

    @property
    def held(self) -> tuple[int, int]:
        """How many responses are stored, and the bytes that they take."""
        return len(self._stored), self._stored.bytes

    def _current(self, key: Key) -> StoredResponse | None:
        """The response that may be sent now, its age made anew."""
        stored, now = self._stored.get(key), self._clock()
        if stored is None or now < stored.begins_at or stored.was_set(now, self._steady()):
            return None
        if now >= stored.ends_at and (now >= stored.lasts_until or key not in self._under_way):
            return None
        if stored.second != int(now):
            stored.age(now)
        return stored

    async def _make(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        """Have the app make the response. At the turn of a minute many want the same one: only one request makes it."""
        before, mine = self._stored.get(key), asyncio.Event()
        if before and before.is_of_minute:
            self._under_way.setdefault(key, mine)
        try:
            await self._app(scope, receive, Recorder(self, key, scope, (self._clock(), self._steady()), send).send)
        finally:
            if self._under_way.get(key) is mine:
                del self._under_way[key]
            mine.set()

    def _respond(
        self, stored: StoredResponse, scope: Scope, headers: dict[bytes, bytes], name: str
    ) -> tuple[int, Headers, bytes]:
        """Status, headers and body: the stored ones, and the headers that are made anew."""
        if stored.is_held(headers):
            return 304, [*stored.headers_304, *stored.ages, (b"x-request-id", name.encode())], b""
        body = b"" if scope["method"] == "HEAD" else stored.body
        return 200, [*stored.headers, *stored.ages, (b"x-request-id", name.encode())], body

    def end(self) -> None:
        self._app.end()

    def store(self, key: Key, stored: StoredResponse) -> None:
        self._stored.put(key, stored)


class Recorder:
    """Sees one response pass, and stores it if rule 1 allows."""

    def __init__(self, cache: ResponseCache, key: Key, scope: Scope, now: tuple[float, float], send: Send) -> None:
        self._cache, self._key = cache, key
        self._now, self._send = now, send
        self._start: Message | None = None
        self._parts: tuple[Validity, ...] = ()
        self._is_of_minute, self._seconds = False, inf
        self._depends = depends(scope["path"])
        self._calls = list[Count]()
        scope[ALLOW_REUSE], scope[CALLS] = self.allow_reuse, self._calls

    def allow_reuse(self, parts: tuple[Validity, ...], of_minute: bool, seconds: float) -> None:
        """Called by the handler: the response is made of these parts only, as of the whole minute or of any time, and
        stays right for so many seconds after the request came.
        """
        self._parts, self._is_of_minute, self._seconds = parts, of_minute, seconds

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif self._start and self._start["status"] == 200 and self._parts and not message.get("more_body"):
            self._store(self._start["headers"], message.get("body", b""))
        await self._send(message)

    def _store(self, headers: Headers, body: bytes) -> None:
        by_name = dict(headers)
        if (
            b"set-cookie" in by_name
            or b"etag" not in by_name
            or int(by_name.get(b"content-length", b"-1")) != len(body)
        ):
            return
        varies = {name.strip().lower() for name in by_name.get(b"vary", b"").decode("latin-1").split(",")} - {""}
        if not varies <= self._depends:
            return
        fixed = [header for header in headers if header[0].lower() not in ANEW | OF_ONE_CLIENT]
        now, parts, minute = self._now[0], self._parts, self._now[0] // MINUTE * MINUTE
        ends = min(now + self._seconds, *(part.unchanged_until for part in parts))
        lasts = ends
        if self._is_of_minute:
            ends = min(ends, minute + MINUTE)
            lasts = min(minute + MINUTE, *(part.state_ends_at(now) for part in parts))
        if ends <= now:
            return
        self._cache.store(
            self._key,
            StoredResponse(
                headers=fixed,
                headers_304=[header for header in fixed if header[0] not in NOT_IN_304],
                body=bytes(body),
                etag=by_name[b"etag"],
                modified=time_of_change({name.decode().title(): text.decode() for name, text in headers}),
                parts=parts,
                calls=tuple(self._calls),
                begins_at=max(minute if self._is_of_minute else 0.0, *(part.fetched_at for part in parts)),
                ends_at=ends,
                lasts_until=lasts,
                stored_at=self._now,
                is_of_minute=self._is_of_minute,
            ),
        )


def size(key: Key, stored: StoredResponse) -> int:
    """About the bytes that a stored response takes: with its key, its headers, and Python's overhead."""
    path, query, _ = key
    return LEAST + len(path) + len(query) + len(stored.body) + 2 * sum(map(len, itertools.chain(*stored.headers)))
