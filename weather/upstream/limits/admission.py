"""Circuit breakers and quotas of one upstream. A CallPermit is acquired before each attempt.

The breakers' states stand in the store that all workers share; each worker also remembers those that it wrote.
"""

import logging
from collections import OrderedDict
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, ExitStack
from dataclasses import dataclass, replace
from hashlib import blake2b
from secrets import token_hex

from weather.errors import (
    CallRefused,
    CircuitOpen,
    KeyRejected,
    Offline,
    UpstreamError,
)
from weather.upstream.codec import sealed, unsealed
from weather.upstream.limits import circuit_breaker
from weather.upstream.limits.call_counts import CallCounts
from weather.upstream.limits.circuit_breaker import KEY, PRODUCT, Attempt, BreakerPolicy, BreakerState
from weather.upstream.limits.quota_account import QuotaAccount
from weather.upstream.quota import Quota, name_of
from weather.upstream.stores.base import Store
from weather.upstream.types import NO_TIME, Requester, Span, UpstreamRequest
from weather.upstream.validation import LONGEST_WAIT

log = logging.getLogger(__name__)

ACCOUNT_NAME = "account"
MOST_STATES = 10_000
STORED_SECONDS = 2 * LONGEST_WAIT
PROBE_SECONDS = 10.0
"""A probe that has not ended by then is given up, and another call becomes the probe."""


States = Mapping[str, BreakerState]
"""By the breaker's name: the account, a product, or a cache key."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the end of an attempt means for one breaker: the error or None, and by which policy it counts."""

    error: UpstreamError | None
    policy: BreakerPolicy
    attempt: Attempt


@dataclass(frozen=True, slots=True)
class OpenBreaker:
    """An open breaker, for `/readyz`: of which product (or the account), for what reason, and until when."""

    name: str
    reason: str
    open_until: float


class AdmissionControl:
    """Decides whether upstream may be called now.

    `scope` returns a name for the upstream and our key at it. Whoever has the same scope and the same store shares the
    breakers, on any machine and in any run.
    """

    def __init__(
        self,
        store: Store,
        account: QuotaAccount,
        clock: Callable[[], float],
        dice: Callable[[], float],
        scope: Callable[[], str],
        *,
        offline: bool,
    ) -> None:
        self.offline = offline
        self.calls = CallCounts()
        self.account, self._store = account, store
        self._clock, self._dice = clock, dice
        self._scope = scope
        self._states: OrderedDict[str, BreakerState] = OrderedDict()
        self._names: set[str] = {ACCOUNT_NAME}
        self._probes: dict[str, str] = {}
        self._started_at = clock()

    def check(self, states: States, key: str, has_stale: bool) -> CallRefused | None:
        """The error for a call that is refused now; None if it may be tried.

        Without a stale answer a key's pause after a 4xx is ignored: that 4xx is the answer to be shown.
        """
        if self.offline:
            return Offline("upstream is switched off")
        now = self._clock()
        is_key_checked = has_stale or not states[key].is_client_error
        checked = [state for name, state in states.items() if is_key_checked or name != key]
        return next((error for state in checked if (error := circuit_breaker.error_if_open(state, now))), None)

    def permit(self, request: UpstreamRequest, requester: Requester) -> "CallPermit":
        """The permit for all attempts of one request."""
        return CallPermit(self, request, requester)

    async def half_open_breakers(self, product: str) -> list[str]:
        """The names of the breakers whose probe a call would be now. Raises CircuitOpen if one is open."""
        states, now = await self._read_states(ACCOUNT_NAME, product), self._clock()
        for state in states.values():
            if error := circuit_breaker.error_if_open(state, now):
                raise error
        return [name for name, state in states.items() if state.is_half_open(now)]

    async def claim_probe(self, names: Sequence[str], product: str, holder: str) -> None:
        """Reserve the probe of each of these half-open breakers. Raises CircuitOpen if another call has it, or had it
        and failed."""
        for store_key in self.store_keys(*names).values():
            # Checked here too, for a store that is at fault grants every claim.
            if self._probes.setdefault(store_key, holder) != holder:
                raise CircuitOpen(1.0)
            if not await self._store.claim(store_key, holder, PROBE_SECONDS):
                raise CircuitOpen(1.0)
        if names:
            await self.half_open_breakers(product)

    async def record_attempt(
        self, product: str, error: UpstreamError | None, probed: Sequence[str], target_id: str
    ) -> None:
        """Record the end of an attempt in the breakers of its product and of the account."""
        self._names.add(product)
        is_limited = error is not None and circuit_breaker.reason_of(error) == "rate_limited"
        is_counted = circuit_breaker.is_failure(error) or isinstance(error, KeyRejected)
        await self._record(
            {
                ACCOUNT_NAME: Outcome(
                    error if is_limited else None, PRODUCT, Attempt(target_id, ACCOUNT_NAME in probed)
                ),
                product: Outcome(error if is_counted else None, PRODUCT, Attempt(target_id, product in probed)),
            }
        )

    async def release_probe(self, holder: str) -> None:
        """Let another call be the probe."""
        own = [store_key for store_key, prober in self._probes.items() if prober == holder]
        for store_key in own:
            del self._probes[store_key]
        for store_key in own:
            await self._store.release(store_key, holder)

    async def record_request(self, key: str, error: UpstreamError | None) -> None:
        """Record the end of a request, after all its attempts, in the breaker of its cache key."""
        await self._record({key: Outcome(error, KEY, Attempt())})

    async def _record(self, outcomes: Mapping[str, Outcome]) -> None:
        # Nothing is awaited between the states and what becomes of them: of calls that end together each counts.
        store_keys, before = self.store_keys(*outcomes), await self._read_states(*outcomes)
        after = {name: self._after(before[name], outcome) for name, outcome in outcomes.items()}
        changed = {name: state for name, state in after.items() if self._is_stored(name, before[name], state)}
        for name, state in changed.items():
            if name in self._names and before[name].openings != state.openings:
                log.warning(
                    "circuit breaker %s: %s", name, f"open, {state.reason}" if state.openings else "closed again"
                )
            self._remember(store_keys[name], state)
        for name, state in changed.items():
            await self._store.put(store_keys[name], sealed(state), STORED_SECONDS, state.at)

    def _after(self, state: BreakerState, outcome: Outcome) -> BreakerState:
        now, error = self._clock(), outcome.error
        if error is None:
            return circuit_breaker.after_success(state, now, outcome.attempt)
        return circuit_breaker.after_failure(state, error, now, outcome.policy, self._dice(), outcome.attempt)

    @staticmethod
    def _is_stored(name: str, before: BreakerState, after: BreakerState) -> bool:
        """Whether a change is stored. Calls that succeed do not change the account's breaker while it is closed."""
        return after is not before and (name != ACCOUNT_NAME or bool(before.openings or after.openings))

    def _remember(self, store_key: str, state: BreakerState) -> None:
        self._states.pop(store_key, None)
        self._states[store_key] = state
        if len(self._states) > MOST_STATES:
            self._states.popitem(last=False)

    def store_keys(self, *names: str) -> dict[str, str]:
        """The store keys of these breakers, by name."""
        scope = self._scope()
        return {name: f"breaker {scope} {name}" for name in names}

    def latest_states(self, store_keys: Mapping[str, str], stored: Mapping[str, bytes]) -> States:
        """For each breaker the later of its stored state and the one that this worker remembers."""
        return {name: self._latest_state(key, stored.get(key)) for name, key in store_keys.items()}

    def _latest_state(self, store_key: str, stored: bytes | None) -> BreakerState:
        state, now = self._states.get(store_key, BreakerState()), self._clock()
        shared = unsealed(stored, BreakerState) if stored else None
        if shared and state.at < shared.at <= now:
            # A restart is a reason to try a rejected key again: it may have been made good.
            is_before_start = shared.reason == "key_rejected" and shared.at < self._started_at
            state = replace(shared, open_until=shared.at) if is_before_start else shared
        return BreakerState() if state.is_expired(now) else state

    async def _read_states(self, *names: str) -> States:
        store_keys = self.store_keys(*names)
        return self.latest_states(store_keys, await self._store.get_many([*store_keys.values()]))

    async def states(self) -> States:
        """The breakers of the account and of every product that was asked for."""
        return await self._read_states(*sorted(self._names))

    async def open_breakers(self) -> list[OpenBreaker]:
        """Those of `states` that are open now."""
        states, now = await self.states(), self._clock()
        return [
            OpenBreaker(name, state.reason, state.open_until) for name, state in states.items() if state.is_open(now)
        ]

    async def are_open(self) -> dict[str, bool]:
        """Whether each of `states` is open now."""
        now = self._clock()
        return {name: state.is_open(now) for name, state in (await self.states()).items()}

    async def usage(self) -> list[tuple[Quota, float]]:
        """Each quota with the amount that is spent of it."""
        return await self.account.usage()


class CallPermit:
    """The permit for the attempts of one request. The request may be the probe of a half-open breaker."""

    def __init__(self, admission: AdmissionControl, request: UpstreamRequest, requester: Requester) -> None:
        self._admission = admission
        self._request, self._requester = request, requester
        self._holder = token_hex(8)
        self._probed: list[str] = []
        self._reservation = ExitStack()

    @property
    def client(self) -> str:
        return self._requester.client

    def reserve(self) -> AbstractContextManager[object]:
        try:
            self._reservation = self._admission.account.reserve(self._request.endpoint, self.client)
        finally:
            self._note_quotas()
        return self._reservation

    def _note_quotas(self) -> None:
        """Note what is left to the client, for the headers of its response."""
        left = self._admission.account.left_to(self.client, self._request.endpoint)
        self._requester.quotas.update({quota.name: quota for quota in left})

    async def acquire(self) -> None:
        product = self._request.endpoint.product
        self._probed = await self._admission.half_open_breakers(product)
        await self._admission.claim_probe(self._probed, product, self._holder)
        self._reservation.close()  # what was reserved is charged now, or refused
        try:
            await self._admission.account.charge(self._request.endpoint, self.client)
        finally:
            self._note_quotas()

    async def record(self, error: UpstreamError | None, span: Span = NO_TIME) -> None:
        product, client = self._request.endpoint.product, self._requester.client
        self._admission.calls.add(product, outcome_of(error), name_of(client), span[1] - span[0])
        self._requester.attempts.append(span)
        # What failed before there was a connection would have failed for any target, and counts once a request.
        target_id = self._holder if error is not None and error.of_connection else target_id_of(self._request)
        await self._admission.record_attempt(product, error, self._probed, target_id)
        await self.release()

    async def release(self) -> None:
        """Release the probe, however the request ended: nobody must wait for it."""
        self._probed = []
        await self._admission.release_probe(self._holder)


def outcome_of(error: UpstreamError | None) -> str:
    """The outcome of a call, to be counted: "ok", the code of an error, or that upstream never got the call."""
    if error is None:
        return "ok"
    return "not_connected" if error.of_connection else error.code


def target_id_of(request: UpstreamRequest) -> str:
    """A short digest that tells one target from another."""
    return blake2b(request.target.encode(), digest_size=6).hexdigest()
