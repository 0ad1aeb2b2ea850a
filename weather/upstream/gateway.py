"""The road between a visitor and upstream: look, judge, ask once, keep, answer; else the last good answer, and say so.

One rule at every door: ask; wait half a second if an old answer is kept, else as long as a visitor may have to wait;
the flight goes on, and what it brings is kept. The gateway knows nothing of weather: it moves bytes.
"""

import asyncio
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass

from weather.errors import (
    CallRefused,
    ClientQuotaExhausted,
    NotCached,
    TooManyCalls,
    UpstreamError,
    UpstreamInvalid,
    UpstreamTimeout,
    WeatherError,
)
from weather.upstream.admission import ACCOUNT_NAME, AdmissionControl, States
from weather.upstream.cache import Cache
from weather.upstream.circuit_breaker import error_of
from weather.upstream.freshness import CacheOutcome, Lifetime
from weather.upstream.lease import Lease
from weather.upstream.single_flight import Flight, SingleFlight
from weather.upstream.types import (
    NEGATIVE_TTL,
    CachedResponse,
    CacheEntry,
    Requester,
    Upstream,
    UpstreamRequest,
    is_loss,
)

PATIENCE = 0.5
"""Seconds that a visitor waits for a fresh answer when an old one is kept."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The operator's wishes, in seconds; `fresh_for` replaces the lifetime of every endpoint."""

    fresh_for: float | None
    stale_for: float
    timeout: float
    patience: float = PATIENCE

    def fresh_for_of(self, request: UpstreamRequest) -> float:
        """How long a good answer to that request is fresh."""
        return request.endpoint.fresh_for if self.fresh_for is None else self.fresh_for

    def lifetime(self, request: UpstreamRequest, entry: CacheEntry) -> Lifetime:
        """How long that answer to that request lives. That there is nothing is not kept for long."""
        fresh_for = self.fresh_for_of(request)
        if entry.status == 404 or entry.body.strip() == b"[]":
            return Lifetime(min(fresh_for, NEGATIVE_TTL.fresh_for), NEGATIVE_TTL.stale_for)
        return Lifetime(fresh_for, self.stale_for)


@dataclass(frozen=True, slots=True)
class Landing:
    """What a flight brought; `followed` when it had nothing to ask, for another had asked meanwhile.

    `unread`: it replaces nothing, for our own reader cannot read it, or finds nothing in it where something was.
    """

    entry: CacheEntry
    unread: bool
    followed: bool = False


class Gateway:
    """The intermediary (RFC 9110, 3.7). Raises UpstreamError or Refusal only when nothing good is kept."""

    def __init__(
        self, upstream: Upstream, cache: Cache, gates: AdmissionControl, policy: Policy, clock: Callable[[], float]
    ) -> None:
        self.gates = gates
        self.tally: Counter[str] = Counter()
        self._upstream, self._cache, self._policy, self._clock = upstream, cache, policy, clock
        self._flights: SingleFlight[Landing] = SingleFlight()

    @property
    def under_way(self) -> int:
        """Flights that have not landed."""
        return len(self._flights)

    async def fetch(self, request: UpstreamRequest, visitor: Requester) -> CachedResponse:
        """The answer to this request, fresh if it can be had; a kept 404 is an answer too.

        For a visitor who does not ask upstream is left alone (`only-if-cached`); NotKept if nothing is kept.
        """
        fetched = await self._fetch(request, visitor)
        if fetched.state == "fresh" or not visitor.looks:
            self.tally["stale" if fetched.state == "stale" else "miss" if fetched.via.fwd else "hit"] += 1
            visitor.calls.append(self.tally)
        return fetched

    async def _fetch(self, request: UpstreamRequest, visitor: Requester) -> CachedResponse:
        key = request.key(self._upstream.origins)
        kept = self._cache.recall(key, self._clock())
        if kept and self._state(request, kept) == "fresh":
            return self._answer(request, kept, CacheOutcome())
        newest, unread, states = await self._look(request, key)
        kept = self._usable(request, newest)
        if kept and self._state(request, kept) == "fresh":
            return self._answer(request, kept, CacheOutcome())
        if unread and self._is_current(request, unread):
            return self._as_it_came(request, kept, unread, visitor, CacheOutcome())
        if kept is None and not visitor.reads:
            kept = self._usable(request, unread)
        if not visitor.ask:
            return self._old(request, kept, NotCached("nothing is kept for this request"))
        if refusal := self.gates.refusal(states, key, kept is not None):
            return self._old(request, kept, refusal)
        return await self._fly(key, request, kept, visitor)

    async def _look(
        self, request: UpstreamRequest, key: str, *, patient: bool = False
    ) -> tuple[CacheEntry | None, CacheEntry | None, States]:
        """The newest answer, and that which replaced none; and how the gates before another stand: all in one look,
        for each may be a round trip."""
        rows, unread = self.gates.rows(ACCOUNT_NAME, request.endpoint.product, key), unread_name(key)
        names = [key, *rows.values(), *([unread] if request.is_read else [])]
        kept, fresh_for = await self._cache.store.get_many(names, patient=patient), self._policy.fresh_for_of(request)
        newest, other = (self._cache.newest(name, kept.get(name), self._clock(), fresh_for) for name in (key, unread))
        return newest, other, self.gates.latest(rows, kept)

    def _as_it_came(
        self,
        request: UpstreamRequest,
        kept: CacheEntry | None,
        unread: CacheEntry,
        visitor: Requester,
        via: CacheOutcome,
    ) -> CachedResponse:
        """For a program of upstream's the answer that came; for our own reader that which it can read."""
        if not visitor.reads:
            return self._answer(request, unread, via)
        return self._old(request, kept, UpstreamInvalid("upstream's answer could not be read"), via.collapsed)

    async def _fly(
        self, key: str, request: UpstreamRequest, kept: CacheEntry | None, visitor: Requester
    ) -> CachedResponse:
        """Wait for the one flight of this key, as long as is right for who has an old answer or none."""
        flight, joined = self._flights.join(key, lambda: self._take_turn(key, request, visitor))
        landed = await flight.wait(self._patience(flight, kept))
        try:
            if not landed:
                raise UpstreamTimeout("upstream takes long")
            landing = flight.task.result()
        except (ClientQuotaExhausted, TooManyCalls) as error:
            if joined and error.client not in ("", visitor.client):  # it was another's share, or place in the queue
                return await self._fly(key, request, kept, visitor)
            return self._old(request, kept, error)
        except (UpstreamError, CallRefused) as error:
            return self._old(request, kept, error, collapsed=joined)
        fwd = "uri-miss" if kept is None else "stale"
        via = CacheOutcome(fwd, stored=True, collapsed=joined or landing.followed)
        if landing.unread:
            return self._as_it_came(request, kept, landing.entry, visitor, via)
        return self._answer(request, landing.entry, via)

    def _patience(self, flight: Flight[Landing], kept: CacheEntry | None) -> float:
        """Who comes while a flight is already slow gets the old answer at once."""
        if kept is None:
            return self._policy.timeout
        return self._policy.patience - (asyncio.get_running_loop().time() - flight.started)

    async def _take_turn(self, key: str, request: UpstreamRequest, visitor: Requester) -> Landing:
        """The flight itself: when it is this worker's turn, ask; else take what another brought, be it an error."""
        turn, since = Lease(self._cache.store, key), self._clock()
        if found := await turn.come(lambda: self._brought(key, request, since)):
            return found
        return await turn.use(self._ask(key, request, visitor))

    async def _brought(self, key: str, request: UpstreamRequest, since: float) -> Landing | None:
        """What has landed meanwhile, here or in another worker. Raises the error that another has met, or Late."""
        kept, unread, states = await self._look(request, key, patient=True)
        if kept and self._state(request, kept) == "fresh":
            return Landing(kept, False, followed=True)
        if unread and self._is_current(request, unread):
            return Landing(unread, True, followed=True)
        state = states[key]
        if state.failure and since < state.at <= self._clock():
            raise error_of(state.failure)
        return None

    async def _ask(self, key: str, request: UpstreamRequest, visitor: Requester) -> Landing:
        """Ask upstream, and keep what it says: the answer, or that it gave none."""
        passage, began = self.gates.passage(request, visitor), self._clock()
        try:
            response = await self._upstream.send(request, passage)
        except UpstreamError as error:
            await self.gates.landed(key, error)
            raise
        finally:
            await passage.end()
        entry = CacheEntry(response.status, response.content_type, response.body, self._clock())
        later, _, states = await self._look(request, key)
        if later and began < later.fetched_at <= entry.fetched_at:
            return Landing(later, False)  # asked for after ours, while this process was held up
        lifetime, unread = self._policy.lifetime(request, entry), is_loss(request, entry, self._usable(request, later))
        name = unread_name(key) if unread else key
        await self._cache.put(name, entry, lifetime.fresh_for + lifetime.stale_for, persist=response.storable)
        if states[key].openings:
            await self.gates.landed(key, None)
        return Landing(entry, unread)

    def _state(self, request: UpstreamRequest, entry: CacheEntry) -> str:
        return self._policy.lifetime(request, entry).state_at(entry.fetched_at, self._clock())

    def _is_current(self, request: UpstreamRequest, unread: CacheEntry) -> bool:
        """Whether another would most likely be the same still: for so long none is asked for."""
        fresh_for = min(self._policy.lifetime(request, unread).fresh_for, NEGATIVE_TTL.fresh_for)
        return Lifetime(fresh_for, 0.0).state_at(unread.fetched_at, self._clock()) == "fresh"

    def _usable(self, request: UpstreamRequest, entry: CacheEntry | None) -> CacheEntry | None:
        return None if entry is None or self._state(request, entry) == "gone" else entry

    def _answer(self, request: UpstreamRequest, entry: CacheEntry, via: CacheOutcome) -> CachedResponse:
        return CachedResponse(entry, self._policy.lifetime(request, entry), self._clock(), via)

    def _old(
        self, request: UpstreamRequest, kept: CacheEntry | None, why: WeatherError, collapsed: bool = False
    ) -> CachedResponse:
        """The last good answer, with the reason why it is no better; without one, the reason alone."""
        if kept is None:
            raise why
        if isinstance(why, UpstreamError):
            via = CacheOutcome("stale", False, collapsed, why.upstream_status, why.detail, code=why.code)
            return self._answer(request, kept, via)
        if not isinstance(why, CallRefused):
            return self._answer(request, kept, CacheOutcome(code=why.code))
        retry_at = None if why.retry_after is None else self._clock() + why.retry_after
        return self._answer(request, kept, CacheOutcome(detail=why.detail, retry_at=retry_at, code=why.code))

    async def close(self, grace: float) -> None:
        """Let flights land, then close the way upstream."""
        await self._flights.close(grace)
        await self._upstream.close()


def unread_name(key: str) -> str:
    """Under which an answer is kept that must not replace the one of that key."""
    return f"unread {key}"
