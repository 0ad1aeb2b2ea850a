"""The gates of one upstream: their states, kept where all workers see them; and leave to call, attempt by attempt."""

import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import blake2b
from secrets import token_hex

from weather.errors import (
    CallRefused,
    CircuitOpen,
    ClientQuotaExhausted,
    KeyRejected,
    Offline,
    QuotaExhausted,
    TooManyCalls,
    UpstreamError,
)
from weather.upstream import circuit_breaker
from weather.upstream.circuit_breaker import KEY, PRODUCT, BreakerPolicy, BreakerState
from weather.upstream.codec import sealed, unsealed
from weather.upstream.quota import Quota, charges_for, is_clients
from weather.upstream.quota_ledger import LATE, Ledger
from weather.upstream.stores.base import Store
from weather.upstream.types import Endpoint, Requester, UpstreamRequest

log = logging.getLogger(__name__)

ACCOUNT_NAME = "account"
REMEMBERED = 10_000
KEPT_SECONDS = 2 * circuit_breaker.LONGEST_WAIT
PROBE_SECONDS = 10.0
"""A probe that has not come back by then is given up, and another goes."""


States = Mapping[str, BreakerState]
"""By the name of the gate: the account, a product, a key."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What an end says of a gate: an error or none, by which rule, whose it was, and whether it decides for all."""

    error: UpstreamError | None
    rule: BreakerPolicy
    whose: str = ""
    decides: bool = True


@dataclass(frozen=True, slots=True)
class OpenBreaker:
    """A gate that is closed, for `/status` and `/readyz`: of which product (or the account), why, and until when."""

    name: str
    why: str
    until: float


class AdmissionControl:
    """What may be asked now. `scope` names the upstream and our key at it: whoever shares both, and the store, shares
    the states, on whichever machine and in whichever run.
    """

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        allowances: Sequence[Quota],
        clock: Callable[[], float],
        dice: Callable[[], float],
        scope: Callable[[], str],
        *,
        offline: bool,
    ) -> None:
        self._store, self._ledger, self._clock, self._dice, self._scope = store, ledger, clock, dice, scope
        self.allowances, self.offline = allowances, offline
        self.calls: Counter[str] = Counter()
        self._states: OrderedDict[str, BreakerState] = OrderedDict()
        self._names: set[str] = {ACCOUNT_NAME}
        self._probing: dict[str, str] = {}
        self._began = clock()

    def refusal(self, states: States, key: str, has_old: bool) -> CallRefused | None:
        """Why this may not be asked for now. Who has nothing old to show does not wait for an answer of upstream, such
        as its 400: that is what he is to see.
        """
        if self.offline:
            return Offline("upstream is switched off")
        now = self._clock()
        waits = has_old or not states[key].is_answer
        refused = (circuit_breaker.refusal(state, now) for name, state in states.items() if waits or name != key)
        return next(filter(None, refused), None)

    def passage(self, request: UpstreamRequest, visitor: Requester) -> "CallPermit":
        """Leave for one request, to be asked for before every attempt."""
        return CallPermit(self, request, visitor)

    async def half_open(self, product: str) -> list[str]:
        """The gates of which a call would be the probe now. Raises GateClosed if one is closed."""
        states, now = await self._look(ACCOUNT_NAME, product), self._clock()
        for state in states.values():
            if closed := circuit_breaker.refusal(state, now):
                raise closed
        return [name for name, state in states.items() if state.is_half_open(now)]

    async def probe(self, probed: Sequence[str], product: str, holder: str) -> None:
        """Take the one turn at each of these gates. Raises GateClosed if another call has it, or has failed at it."""
        for name in self.rows(*probed).values():
            # Here too, for a store that is at fault grants every claim.
            if self._probing.setdefault(name, holder) != holder:
                raise CircuitOpen(1.0)
            if not await self._store.claim(name, holder, PROBE_SECONDS):
                raise CircuitOpen(1.0)
        if probed:
            await self.half_open(product)

    async def pay(self, endpoint: Endpoint, client: str) -> None:
        """Draw one call from its budgets. Raises QuotaExhausted or ClientBudget; Busy while none can be looked up."""
        now = self._clock()
        if refused := await self._ledger.spend(charges_for(self.allowances, endpoint, client, now), now):
            if refused is LATE:
                raise TooManyCalls("what has been spent cannot be looked up for a moment")
            raise (
                ClientQuotaExhausted(refused.wait, client)
                if is_clients(refused.budget)
                else QuotaExhausted(refused.wait)
            )

    async def left(self, product: str, error: UpstreamError | None, probed: Sequence[str], whose: str) -> None:
        """An attempt has ended: what it says of its product, and of the account; `whose` names what it asked for."""
        self._names.add(product)
        self.calls["calls"] += 1
        self.calls["failed" if circuit_breaker.is_failure(error) else "answered"] += 1
        is_block = error is not None and circuit_breaker.why_closed(error) == "blocked"
        counts = circuit_breaker.is_failure(error) or isinstance(error, KeyRejected)
        await self._tell(
            {
                ACCOUNT_NAME: Outcome(error if is_block else None, PRODUCT, whose, ACCOUNT_NAME in probed),
                product: Outcome(error if counts else None, PRODUCT, whose, product in probed),
            }
        )

    async def give_up(self, holder: str) -> None:
        """Let another probe."""
        mine = [name for name, prober in self._probing.items() if prober == holder]
        for name in mine:
            del self._probing[name]
        for name in mine:
            await self._store.release(name, holder)

    async def landed(self, key: str, error: UpstreamError | None) -> None:
        """A whole request has ended: what that says of its key."""
        await self._tell({key: Outcome(error, KEY)})

    async def _tell(self, verdicts: Mapping[str, Outcome]) -> None:
        # Nothing is awaited between the states and what becomes of them: of calls that end together each counts.
        rows, before = self.rows(*verdicts), await self._look(*verdicts)
        after = {name: self._after(before[name], verdict) for name, verdict in verdicts.items()}
        changed = {name: state for name, state in after.items() if self._matters(name, before[name], state)}
        for name, state in changed.items():
            if name in self._names and before[name].openings != state.openings:
                log.warning("gate %s: %s", name, f"closed, {state.why}" if state.openings else "open again")
            self._remember(rows[name], state)
        for name, state in changed.items():
            await self._store.put(rows[name], sealed(state), KEPT_SECONDS, state.at)

    def _after(self, state: BreakerState, verdict: Outcome) -> BreakerState:
        now, error = self._clock(), verdict.error
        if error is None:
            return circuit_breaker.after_success(state, now, verdict.whose, verdict.decides)
        return circuit_breaker.after_failure(
            state, error, now, verdict.rule, self._dice(), verdict.whose, verdict.decides
        )

    @staticmethod
    def _matters(name: str, before: BreakerState, after: BreakerState) -> bool:
        """Whether a change is to be remembered: what of calls succeeded says nothing of the account."""
        return after is not before and (name != ACCOUNT_NAME or bool(before.openings or after.openings))

    def _remember(self, row: str, state: BreakerState) -> None:
        self._states.pop(row, None)
        self._states[row] = state
        if len(self._states) > REMEMBERED:
            self._states.popitem(last=False)

    def rows(self, *names: str) -> dict[str, str]:
        """Under what the states of these gates are kept, by name."""
        scope = self._scope()
        return {name: f"gate {scope} {name}" for name in names}

    def latest(self, rows: Mapping[str, str], kept: Mapping[str, bytes]) -> States:
        """The latest states, whichever worker knows them: of what is kept there, and what this one remembers."""
        return {name: self._newest(row, kept.get(row)) for name, row in rows.items()}

    def _newest(self, row: str, stored: bytes | None) -> BreakerState:
        state, now = self._states.get(row, BreakerState()), self._clock()
        shared = unsealed(stored, BreakerState) if stored else None
        if shared and state.at < shared.at <= now:
            # A restart is a reason to try a rejected key again: it may have been made good.
            is_before = shared.why == "key" and shared.at < self._began
            state = replace(shared, until=shared.at) if is_before else shared
        return BreakerState() if state.is_forgotten(now) else state

    async def _look(self, *names: str) -> States:
        rows = self.rows(*names)
        return self.latest(rows, await self._store.get_many([*rows.values()]))

    async def states(self) -> States:
        """What is remembered of the account and of every product that was asked for."""
        return await self._look(*sorted(self._names))

    async def closed(self) -> list[OpenBreaker]:
        """The gates that are closed now."""
        told, now = await self.states(), self._clock()
        return [OpenBreaker(name, state.why, state.until) for name, state in told.items() if state.is_open(now)]

    async def spent(self) -> list[tuple[Quota, float]]:
        """What is spent of each allowance."""
        now = self._clock()
        return [(one, await self._ledger.spent(one.name, now)) for one in self.allowances]


class CallPermit:
    """Leave for the attempts of one request; it may be the probe of a half-open gate."""

    def __init__(self, gates: AdmissionControl, request: UpstreamRequest, visitor: Requester) -> None:
        self._gates, self._request, self._visitor, self._holder = gates, request, visitor, token_hex(8)
        self._probed: list[str] = []

    @property
    def client(self) -> str:
        return self._visitor.client

    async def enter(self) -> None:
        product = self._request.endpoint.product
        self._probed = await self._gates.half_open(product)
        await self._gates.probe(self._probed, product, self._holder)
        await self._gates.pay(self._request.endpoint, self._visitor.client)

    async def left(self, error: UpstreamError | None) -> None:
        # What failed before there was a connection would have failed for any key, and counts once a request.
        whose = self._holder if error is not None and error.of_connection else name_of(self._request)
        await self._gates.left(self._request.endpoint.product, error, self._probed, whose)
        await self.end()

    async def end(self) -> None:
        """However it ended: nobody shall wait for this probe."""
        self._probed = []
        await self._gates.give_up(self._holder)


def name_of(request: UpstreamRequest) -> str:
    """What tells one question from another, for a while."""
    return blake2b(request.target.encode(), digest_size=6).hexdigest()
