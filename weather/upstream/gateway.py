"""Fetches through the cache: at most one upstream call per key; if it fails, the last good answer, marked stale.

The rules:

1. An answer that is fresh is given at once: from this worker's memory, else from the store.
2. Otherwise upstream is asked, unless it is switched off, its circuit breaker is open, or a quota is spent.
3. Everybody who wants the same key waits for one call (single flight), in all workers (lease).
4. Who has a stale answer waits half a second for a better one; who has none waits as long as WEATHER_TIMEOUT allows.
   The call goes on, and its result is stored.
5. If there is no fresh answer in time, the stale one is given with the reason; without one, the reason is raised.
6. Where upstream's headers rule the lifetime, a call asks whether the cached answer is still current. A 304 renews it.
7. An answer that our own reader cannot read, or that holds nothing where something was, does not replace a good one. It
   is stored beside it, for programs that want upstream's bytes as they came.

The gateway knows nothing of weather: it moves bytes.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace

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
from weather.upstream.cache import Cache
from weather.upstream.freshness import CacheOutcome, Lifetime
from weather.upstream.freshness_policy import Policy, unchanged_for
from weather.upstream.http_caching import NO_CACHING
from weather.upstream.limits.admission import ACCOUNT_NAME, AdmissionControl, States
from weather.upstream.limits.circuit_breaker import load_error
from weather.upstream.single_flight import Flight, SingleFlight
from weather.upstream.stores.base import Store, StoreLate
from weather.upstream.types import (
    NEGATIVE_TTL,
    CachedResponse,
    CacheEntry,
    Requester,
    Upstream,
    UpstreamRequest,
    UpstreamResponse,
    is_loss,
    renewed,
)


@dataclass(frozen=True, slots=True)
class FlightResult:
    """The result of a flight.

    `is_unreadable`: the answer is of rule 7. `is_shared`: another worker, or an earlier flight, made the call.
    """

    entry: CacheEntry
    is_unreadable: bool
    is_shared: bool = False


class Gateway:
    """A cache in front of one upstream (an intermediary, RFC 9110, 3.7)."""

    def __init__(
        self, upstream: Upstream, cache: Cache, admission: AdmissionControl, policy: Policy, clock: Callable[[], float]
    ) -> None:
        self.admission = admission
        self.tally: Counter[str] = Counter()
        self._upstream, self._cache = upstream, cache
        self._policy, self._clock = policy, clock
        self._flights: SingleFlight[FlightResult] = SingleFlight(cache.store)

    @property
    def store(self) -> Store:
        """Where its answers are stored, for what is kept beside them."""
        return self._cache.store

    @property
    def origins(self) -> Mapping[str, str]:
        """The origins of its upstream, by the name that an endpoint's `host` has."""
        return self._upstream.origins

    async def fetch(self, request: UpstreamRequest, visitor: Requester) -> CachedResponse:
        """The answer to this request, fresh if possible; a stored 404 is an answer too.

        Raises UpstreamError or CallRefused if there is no answer, and NotCached if the visitor forbids upstream calls
        (`only-if-cached`) and nothing is stored.
        """
        response = await self._fetch(request, visitor)
        if visitor.is_counted and (response.state == "fresh" or not visitor.is_peek):
            again = "stale" if response.state == "stale" else "hit"
            self.tally["miss" if response.via.fwd and again == "hit" else again] += 1
            visitor.calls.append((self.tally, again))
        return response

    async def _fetch(self, request: UpstreamRequest, visitor: Requester) -> CachedResponse:
        key = request.key(self._upstream.origins)
        entry = self._cache.get_local(key, self._clock())
        if entry and self._state(request, entry) == "fresh":
            return self._respond(request, entry, CacheOutcome())
        stored, unreadable, states = await self._read_cache_and_breakers(request, key)
        entry = self._usable(request, stored)
        if entry and self._state(request, entry) == "fresh":
            return self._respond(request, entry, CacheOutcome())
        if unreadable and self._is_current(request, unreadable):
            return self._respond_unreadable(request, entry, unreadable, visitor, CacheOutcome())
        if entry is None and not visitor.wants_readable:
            entry = self._usable(request, unreadable)
        if not visitor.may_call:
            return self._stale_or_raise(request, entry, NotCached("nothing is kept for this request"))
        if refused := self.admission.check(states, key, entry is not None):
            return self._stale_or_raise(request, entry or await self._read_late(request, key), refused)
        return await self._join_flight(key, request, entry, visitor)

    async def _read_cache_and_breakers(
        self, request: UpstreamRequest, key: str, *, patient: bool = False
    ) -> tuple[CacheEntry | None, CacheEntry | None, States]:
        """The answer, the unreadable one beside it, and the breakers' states: read at once, for each read may be a
        round trip."""
        breakers = self.admission.store_keys(ACCOUNT_NAME, request.endpoint.product, key)
        unreadable_key = unreadable_key_of(key)
        names = [key, *breakers.values(), *([unreadable_key] if request.is_read else [])]
        stored = await self._cache.store.get_many(names, patient=patient)
        now, fresh_for = self._clock(), self._policy.fresh_for_of(request)
        entry, unreadable = (
            self._cache.merge(name, stored.get(name), now, fresh_for) for name in (key, unreadable_key)
        )
        return entry, unreadable, self.admission.latest_states(breakers, stored)

    async def _read_late(self, request: UpstreamRequest, key: str) -> CacheEntry | None:
        """What is stored after all: a read that was given up, for the store was slow, says nothing of what is there."""
        if entry := self._usable(request, self._cache.get_local(key, self._clock())):
            return entry
        with suppress(StoreLate):
            stored, _, _ = await self._read_cache_and_breakers(request, key, patient=True)
            return self._usable(request, stored)
        return None

    def _respond_unreadable(
        self,
        request: UpstreamRequest,
        entry: CacheEntry | None,
        unreadable: CacheEntry,
        visitor: Requester,
        via: CacheOutcome,
    ) -> CachedResponse:
        """For a program of upstream's the unreadable answer as it came; for our own reader the one that it can read."""
        if not visitor.wants_readable:
            return self._respond(request, unreadable, via)
        error = UpstreamInvalid("upstream's answer could not be read")
        return self._stale_or_raise(request, entry, error, via.collapsed)

    async def _join_flight(
        self, key: str, request: UpstreamRequest, entry: CacheEntry | None, visitor: Requester
    ) -> CachedResponse:
        """Wait for the one flight of this key (rule 4), and respond with its result."""
        since = self._clock()
        flight, joined = self._flights.join(
            key,
            lambda: self._call_upstream(key, request, entry, visitor),
            lambda: self._result_of_other_worker(key, request, since),
        )
        has_ended = await flight.wait(self._patience(flight, entry))
        try:
            if not has_ended:
                raise UpstreamTimeout("upstream takes long")
            result = flight.task.result()
        except (ClientQuotaExhausted, TooManyCalls) as error:
            if joined and error.client not in ("", visitor.client):  # another client's quota, or place in the queue
                return await self._join_flight(key, request, entry, visitor)
            return self._stale_or_raise(request, entry or await self._read_late(request, key), error)
        except (UpstreamError, CallRefused) as error:
            return self._stale_or_raise(request, entry or await self._read_late(request, key), error, collapsed=joined)
        fwd = "uri-miss" if entry is None else "stale"
        via = CacheOutcome(fwd, stored=True, collapsed=joined or result.is_shared)
        if result.is_unreadable:
            return self._respond_unreadable(request, entry, result.entry, visitor, via)
        return self._respond(request, result.entry, via)

    def _patience(self, flight: Flight[FlightResult], entry: CacheEntry | None) -> float:
        """Seconds to wait. Who joins a flight that is already slow gets a stale answer at once."""
        if entry is None:
            return self._policy.timeout
        return self._policy.patience - (asyncio.get_running_loop().time() - flight.started)

    async def _result_of_other_worker(self, key: str, request: UpstreamRequest, since: float) -> FlightResult | None:
        """The result that was stored meanwhile, if any. Raises the error that was, or StoreLate."""
        entry, unreadable, states = await self._read_cache_and_breakers(request, key, patient=True)
        if entry and self._state(request, entry) == "fresh":
            return FlightResult(entry, False, is_shared=True)
        if unreadable and self._is_current(request, unreadable):
            return FlightResult(unreadable, True, is_shared=True)
        state = states[key]
        if state.failure and since < state.at <= self._clock():
            raise load_error(state.failure)
        return None

    async def _call_upstream(
        self, key: str, request: UpstreamRequest, cached: CacheEntry | None, visitor: Requester
    ) -> FlightResult:
        """Call upstream, and store its answer, or record its failure."""
        permit, began = self.admission.permit(request, visitor), self._clock()
        caching = cached.caching if cached else NO_CACHING
        try:
            response = await self._upstream.send(replace(request, cached=caching), permit)
        except UpstreamError as error:
            await self.admission.record_request(key, error)
            raise
        finally:
            await permit.release()
        entry = entry_of(response, cached, self._clock())
        stored, _, states = await self._read_cache_and_breakers(request, key)
        if stored and began < stored.fetched_at <= entry.fetched_at:
            return FlightResult(stored, False)  # asked for after ours, while this process was held up
        is_unreadable = is_loss(request, entry, self._usable(request, stored))
        name, lifetime = unreadable_key_of(key) if is_unreadable else key, self._policy.lifetime(request, entry)
        await self._cache.put(name, entry, lifetime.fresh_for + lifetime.stale_for, persist=response.storable)
        if states[key].openings:
            await self.admission.record_request(key, None)
        return FlightResult(entry, is_unreadable)

    def _state(self, request: UpstreamRequest, entry: CacheEntry) -> str:
        return self._policy.lifetime(request, entry).state_at(entry.fetched_at, self._clock())

    def _is_current(self, request: UpstreamRequest, unreadable: CacheEntry) -> bool:
        """Whether the next answer would most likely be unreadable too, so that upstream is not asked again yet."""
        fresh_for = self._policy.lifetime(request, unreadable).fresh_for
        if unreadable.caching.fresh_for is None:
            fresh_for = min(fresh_for, NEGATIVE_TTL.fresh_for)
        return Lifetime(fresh_for, 0.0).state_at(unreadable.fetched_at, self._clock()) == "fresh"

    def _usable(self, request: UpstreamRequest, entry: CacheEntry | None) -> CacheEntry | None:
        return None if entry is None or self._state(request, entry) == "gone" else entry

    def _respond(self, request: UpstreamRequest, entry: CacheEntry, via: CacheOutcome) -> CachedResponse:
        return CachedResponse(entry, self._policy.lifetime(request, entry), self._clock(), via)

    def _stale_or_raise(
        self, request: UpstreamRequest, entry: CacheEntry | None, error: WeatherError, collapsed: bool = False
    ) -> CachedResponse:
        """The last good answer, with the error as the reason why it is no better. Without one, raises the error."""
        if entry is None:
            raise error
        if isinstance(error, UpstreamError):
            via = CacheOutcome("stale", False, collapsed, error.upstream_status, error.detail, code=error.code)
        elif isinstance(error, CallRefused):
            never = error.retry_after is None or error.code == "offline"  # which only the operator ends
            now = self._clock()
            retry_at = None if never else now + (error.retry_after or 0.0)
            until = now + unchanged_for(error)
            via = CacheOutcome(detail=error.detail, retry_at=retry_at, code=error.code, unchanged_until=until)
        else:
            via = CacheOutcome(code=error.code)
        return self._respond(request, entry, via)

    async def close(self, grace: float) -> None:
        """Give the flights `grace` seconds to end, then close the connections."""
        await self._flights.close(grace)
        await self._upstream.close()


def entry_of(response: UpstreamResponse, cached: CacheEntry | None, now: float) -> CacheEntry:
    """The entry of an answer that came now; of a 304 the cached one, renewed."""
    if cached and response.status == 304:
        return renewed(cached, response.caching, now)
    return CacheEntry(response.status, response.content_type, response.body, now, caching=response.caching)


def unreadable_key_of(key: str) -> str:
    """The store key of the unreadable answer beside this key's (rule 7)."""
    return f"unread {key}"
