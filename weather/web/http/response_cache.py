"""Ready answers: what was sent a moment ago is sent again as it was, with its age made anew.

A layer before everything else that can be taken away: without it every answer is the same, only later. An answer is
kept for all requests that cannot be answered otherwise (`Question`), until the first of its parts expires or, where it
is told as of a whole minute, until that minute is over: so nothing that is kept here can have changed.
"""

import asyncio
import itertools
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field

from starlette.types import Message, Receive, Scope, Send

from weather.upstream.freshness import AHEAD, CacheOutcome, Validity, cache_status, combine
from weather.web.http import cookies
from weather.web.http.access import admitted
from weather.web.http.middleware import App, Tell, about, new_id
from weather.web.http.responses import matches, surface, takes_gzip
from weather.web.pages.preferences import preferences

LIMIT, LEAST = 16 * 2**20, 2**11
LONGEST_REMEMBERED, MOST_REMEMBERED = 500, 256
"""Bytes of headers whose reading is remembered: those of ordinary browsers are shorter; and of how many."""

OF_PROGRAMS = ("/api/", "/data/", "/geo/", "/map/")
"""Where no cookie and no language changes an answer."""

MINUTE = 60.0
ANEW = frozenset({b"age", b"cache-status", b"x-request-id"})
NOT_IN_304 = frozenset({b"content-type", b"content-length", b"content-encoding"})
HIT = CacheOutcome()

Key = tuple[str, bytes, object]
"""Path, query, and what else an answer there depends on."""

Headers = list[tuple[bytes, bytes]]


@dataclass(slots=True)
class StoredResponse:
    """An answer as it left, without the headers that are made anew; until when it may be sent (Unix seconds).

    Those that tell its age are the same for a whole second, and are made once in it. `calls`: where each of the
    answers that it was made of is counted. `kept_at`: the time of day and that of a clock that never steps.
    """

    headers: Headers
    headers_304: Headers
    body: bytes
    etag: bytes
    parts: tuple[Validity, ...]
    calls: tuple[Counter[str], ...]
    begins_at: float
    ends_at: float
    kept_at: tuple[float, float]
    is_of_minute: bool
    second: int = 0
    ages: Headers = field(default_factory=list)
    cache: str = ""

    def was_set(self, now: float, steady: float) -> bool:
        """Whether the time of day has been set since: then its age may not be what the time of day makes of it."""
        return abs((steady - self.kept_at[1]) - (now - self.kept_at[0])) > AHEAD

    def age(self, now: float) -> None:
        """Make the headers of this second."""
        at = combine([part.standing(now, HIT) for part in self.parts])
        self.second, self.cache = int(now), cache_status(at)
        self.ages = [(b"age", b"%d" % at.age), (b"cache-status", self.cache.encode())]


class Question:
    """What an answer depends on beside path and query: what its `Vary` names, as far as it makes a difference."""

    def __init__(self, access_keys: tuple[str, ...]) -> None:
        self._access_keys = access_keys
        self._known: dict[tuple[bytes | None, ...], tuple[object, ...]] = {}

    def of(self, scope: Scope, headers: dict[bytes, bytes]) -> Key:
        """The same for all requests that get the same answer."""
        path: str = scope["path"]
        told: tuple[bytes | None, ...]
        if not path.startswith(OF_PROGRAMS):
            told = (headers.get(b"accept-encoding"), headers.get(b"cookie"), headers.get(b"accept-language"))
        elif self._access_keys:
            told = (headers.get(b"accept-encoding"), headers.get(b"x-api-key"))
        else:
            told = (headers.get(b"accept-encoding"),)
        return path, scope["query_string"], self._known.get(told) or self._learn(told)

    def _learn(self, told: tuple[bytes | None, ...]) -> tuple[object, ...]:
        """What comes of these headers; remembered, so that the next who sends them costs little."""
        texts = [None if one is None else one.decode("latin-1") for one in told]
        found = (
            takes_gzip(texts[0] or ""),
            *(self._of_page(*texts[1:]) if len(texts) == 3 else self._of_key(texts[1:])),
        )
        if sum(len(one or "") for one in texts) <= LONGEST_REMEMBERED:
            if len(self._known) >= MOST_REMEMBERED:
                self._known.clear()
            self._known[told] = found
        return found

    def _of_page(self, kept: str | None, languages: str | None) -> tuple[object, ...]:
        wanted = preferences({}, cookies.read(kept or ""), languages or "", None)
        return wanted.units, wanted.clock, wanted.lang

    def _of_key(self, key: list[str | None]) -> tuple[object, ...]:
        return tuple(admitted(self._access_keys, one) for one in key if one is not None)


DEPENDS = {
    "page": frozenset({"accept-encoding", "accept-language", "cookie"}),
    "api": frozenset({"accept-encoding", "x-api-key"}),
    "owm": frozenset({"accept-encoding", "x-api-key"}),
}
"""By door: what a `Question` reads. An answer that varies with more is not kept."""


class ResponseCache:
    """Wraps the whole app."""

    def __init__(
        self,
        app: App,
        clock: Callable[[], float],
        steady: Callable[[], float],
        tell: Tell,
        question: Question,
    ) -> None:
        self._app, self._clock, self._steady, self._tell, self._question = app, clock, steady, tell, question
        self._kept: OrderedDict[Key, StoredResponse] = OrderedDict()
        self._bytes = 0
        self._under_way: dict[Key, asyncio.Event] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] not in ("GET", "HEAD"):
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        if len(headers) != len(scope["headers"]) or not headers.get(b"host"):
            await self._app(scope, receive, send)  # what is repeated, or lacking, is for others to judge
            return
        key, started = self._question.of(scope, headers), self._steady()
        if (kept := self._ready(key)) is None and (under_way := self._under_way.get(key)):
            await under_way.wait()
            kept = self._ready(key)
        if kept is None:
            await self._make(key, scope, receive, send)
            return
        name = new_id()
        status, told, body = self._answer(kept, scope, headers, name)
        await send({"type": "http.response.start", "status": status, "headers": told})
        await send({"type": "http.response.body", "body": body})
        for tally in kept.calls:
            tally["hit"] += 1
        self._tell(name, about(scope["method"], scope["path"], status, kept.cache), self._steady() - started)

    def _ready(self, key: Key) -> StoredResponse | None:
        """The answer that may be given now, its age made anew."""
        kept, now = self._kept.get(key), self._clock()
        if kept is None or not kept.begins_at <= now < kept.ends_at or kept.was_set(now, self._steady()):
            return None
        if kept.second != int(now):
            kept.age(now)
        return kept

    async def _make(self, key: Key, scope: Scope, receive: Receive, send: Send) -> None:
        """Have it made anew. One that was of a minute all ask for at once when the minute turns: one makes it."""
        before, mine = self._kept.get(key), asyncio.Event()
        if before and before.is_of_minute:
            self._under_way.setdefault(key, mine)
        try:
            await self._app(scope, receive, Recorder(self, key, scope, (self._clock(), self._steady()), send).send)
        finally:
            if self._under_way.get(key) is mine:
                del self._under_way[key]
            mine.set()

    def _answer(
        self, kept: StoredResponse, scope: Scope, headers: dict[bytes, bytes], name: str
    ) -> tuple[int, Headers, bytes]:
        """Status, headers and body: what is kept, with what is made anew."""
        tag = headers.get(b"if-none-match")
        if tag is not None and (tag == kept.etag or matches(tag.decode("latin-1"), kept.etag.decode("latin-1"))):
            return 304, [*kept.headers_304, *kept.ages, (b"x-request-id", name.encode())], b""
        body = b"" if scope["method"] == "HEAD" else kept.body
        return 200, [*kept.headers, *kept.ages, (b"x-request-id", name.encode())], body

    def end(self) -> None:
        self._app.end()

    def keep(self, key: Key, kept: StoredResponse) -> None:
        """Keep an answer, and drop those that were kept longest ago beyond the limit."""
        if replaced := self._kept.pop(key, None):
            self._bytes -= size(key, replaced)
        self._kept[key] = kept
        self._bytes += size(key, kept)
        while self._bytes > LIMIT:
            self._bytes -= size(*self._kept.popitem(last=False))


class Recorder:
    """One answer on its way: kept if the door says what it was made of, and it is a whole 200 that sets no cookie."""

    def __init__(self, ready: ResponseCache, key: Key, scope: Scope, now: tuple[float, float], send: Send) -> None:
        self._ready, self._key, self._now, self._send = ready, key, now, send
        self._start: Message | None = None
        self._parts: tuple[Validity, ...] = ()
        self._is_of_minute = False
        self._door, self._calls = surface(scope["path"]), list[Counter[str]]()
        scope["weather.made_of"], scope["weather.calls"] = self.made_of, self._calls

    def made_of(self, parts: tuple[Validity, ...], of_minute: bool) -> None:
        """The door's word: these parts and nothing else, as of the whole minute or of any time."""
        self._parts, self._is_of_minute = parts, of_minute

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._start = message
        elif self._start and self._start["status"] == 200 and self._parts and not message.get("more_body"):
            self._keep(self._start["headers"], message.get("body", b""))
        await self._send(message)

    def _keep(self, headers: Headers, body: bytes) -> None:
        told = dict(headers)
        if b"set-cookie" in told or b"etag" not in told or int(told.get(b"content-length", b"-1")) != len(body):
            return
        varies = {name.strip().lower() for name in told.get(b"vary", b"").decode("latin-1").split(",")} - {""}
        if not varies <= DEPENDS[self._door]:
            return
        fixed = [one for one in headers if one[0] not in ANEW]
        ends = min(part.ends_at for part in self._parts)
        minute = self._now[0] // MINUTE * MINUTE
        self._ready.keep(
            self._key,
            StoredResponse(
                headers=fixed,
                headers_304=[one for one in fixed if one[0] not in NOT_IN_304],
                body=bytes(body),
                etag=told[b"etag"],
                parts=self._parts,
                calls=tuple(self._calls),
                begins_at=max(minute if self._is_of_minute else 0.0, *(part.fetched_at for part in self._parts)),
                ends_at=min(ends, minute + MINUTE) if self._is_of_minute else ends,
                kept_at=self._now,
                is_of_minute=self._is_of_minute,
            ),
        )


def size(key: Key, kept: StoredResponse) -> int:
    """The bytes that an answer takes here, about: with its key, its headers, and what Python needs for them."""
    path, query, _ = key
    return LEAST + len(path) + len(query) + len(kept.body) + 2 * sum(map(len, itertools.chain(*kept.headers)))
