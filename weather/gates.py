"""The gates of one upstream: their states, kept where all workers see them; and leave to call, attempt by attempt."""

import logging
from collections import Counter, OrderedDict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from secrets import token_hex

from weather import gate
from weather.errors import (
    ClientBudget,
    GateClosed,
    KeyRejected,
    Offline,
    QuotaExhausted,
    Refusal,
    UpstreamError,
)
from weather.exchange import Endpoint, UpstreamRequest, Visitor, sealed, unsealed
from weather.gate import ACCOUNT, KEY, PRODUCT, Rule, State
from weather.ledger import Ledger
from weather.quota import Allowance, draws, is_clients
from weather.store import Store

log = logging.getLogger(__name__)

ACCOUNT_NAME = "account"
REMEMBERED = 10_000
KEPT_SECONDS = 2 * gate.LONGEST_WAIT
PROBE_SECONDS = 10.0
"""A probe that has not come back by then is given up, and another goes."""


@dataclass(frozen=True, slots=True)
class Closed:
    """A gate that is closed, for `/status` and `/readyz`: of which product (or the account), why, and until when."""

    name: str
    why: str
    until: float


class Gates:
    """What may be asked now. `scope` names the run and the key: states of another key are another's."""

    def __init__(
        self,
        store: Store,
        ledger: Ledger,
        allowances: Sequence[Allowance],
        clock: Callable[[], float],
        dice: Callable[[], float],
        scope: Callable[[], str],
        *,
        offline: bool,
    ) -> None:
        self._store, self._ledger, self._clock, self._dice, self._scope = store, ledger, clock, dice, scope
        self.allowances, self.offline = allowances, offline
        self.calls: Counter[str] = Counter()
        self._states: OrderedDict[str, State] = OrderedDict()
        self._names: set[str] = {ACCOUNT_NAME}

    async def refusal(self, request: UpstreamRequest, key: str, has_old: bool) -> Refusal | None:
        """Why this may not be asked for now. Who has nothing old to show waits for a key only if upstream said so."""
        if self.offline:
            return Offline("upstream is switched off")
        if closed := await self._closed(request.endpoint.product):
            return closed
        state, now = await self.state(key), self._clock()
        return gate.refusal(state, now) if has_old or state.why == "told" else None

    async def _closed(self, product: str) -> GateClosed | None:
        for name in (ACCOUNT_NAME, product):
            if closed := gate.refusal(await self.state(name), self._clock()):
                return closed
        return None

    def passage(self, request: UpstreamRequest, visitor: Visitor) -> "Passage":
        """Leave for one request, to be asked for before every attempt."""
        return Passage(self, request, visitor)

    async def pass_through(self, product: str, holder: str) -> list[str]:
        """The gates of which this call is the probe. Raises GateClosed if one is closed, or another call probes it."""
        if closed := await self._closed(product):
            raise closed
        probed = [name for name in (ACCOUNT_NAME, product) if (await self.state(name)).is_half_open(self._clock())]
        for name in probed:
            if not await self._store.claim(self._named(name), holder, PROBE_SECONDS):
                raise GateClosed(1.0)
        return probed

    async def pay(self, endpoint: Endpoint, client: str) -> None:
        """Draw one call from its budgets. Raises QuotaExhausted or ClientBudget."""
        now = self._clock()
        if refused := await self._ledger.spend(draws(self.allowances, endpoint, client, now), now):
            raise (ClientBudget if is_clients(refused.budget) else QuotaExhausted)(refused.wait)
        self.calls["calls"] += 1

    async def left(self, product: str, error: UpstreamError | None) -> None:
        """An attempt has ended: what it says of its product, and of the account."""
        self._names.add(product)
        self.calls["failed" if gate.is_failure(error) else "answered"] += 1
        await self._tell(ACCOUNT_NAME, error if error and gate.why_closed(error) == "blocked" else None, ACCOUNT)
        if error and (gate.is_failure(error) or isinstance(error, KeyRejected)):
            await self._tell(product, error, PRODUCT)
        else:
            await self._tell(product, None, PRODUCT)

    async def give_up(self, probed: Sequence[str], holder: str) -> None:
        """Let another probe."""
        for name in probed:
            await self._store.release(self._named(name), holder)

    async def landed(self, key: str, error: UpstreamError | None) -> None:
        """A whole request has ended: what that says of its key."""
        if error or (await self.state(key)).closings:
            await self._tell(key, error, KEY)

    async def _tell(self, name: str, error: UpstreamError | None, rule: Rule) -> None:
        before, now = await self.state(name), self._clock()
        if error is None:
            if name == ACCOUNT_NAME and not before.closings:
                return
            after = gate.after_success(before, now)
        else:
            after = gate.after_failure(before, error, now, rule, self._dice())
        if name in self._names and before.is_closed(now) != after.is_closed(now):
            log.warning("gate %s: %s", name, f"closed, {after.why}" if after.until > now else "open again")
        await self._remember(name, after)

    async def _remember(self, name: str, state: State) -> None:
        self._states.pop(name, None)
        self._states[name] = state
        if len(self._states) > REMEMBERED:
            self._states.popitem(last=False)
        await self._store.put(self._named(name), sealed(state), KEPT_SECONDS, state.at or self._clock())

    async def state(self, name: str) -> State:
        """The latest state of a product, a key or the account, whichever worker knows it."""
        own = self._states.get(name, State())
        stored = await self._store.get(self._named(name))
        shared = unsealed(stored, State) if stored else None
        return shared if shared and own.at <= shared.at <= self._clock() else own

    def _named(self, name: str) -> str:
        return f"gate {self._scope()} {name}"

    async def closed(self) -> list[Closed]:
        """The gates that are closed now."""
        now = self._clock()
        states = {name: await self.state(name) for name in sorted(self._names)}
        return [Closed(name, state.why, state.until) for name, state in states.items() if state.is_closed(now)]


class Passage:
    """Leave for the attempts of one request; it may be the probe of a half-open gate."""

    def __init__(self, gates: Gates, request: UpstreamRequest, visitor: Visitor) -> None:
        self._gates, self._request, self._visitor, self._holder = gates, request, visitor, token_hex(8)
        self._probed: list[str] = []

    async def enter(self) -> None:
        self._probed = await self._gates.pass_through(self._request.endpoint.product, self._holder)
        await self._gates.pay(self._request.endpoint, self._visitor.client)

    async def left(self, error: UpstreamError | None) -> None:
        await self._gates.left(self._request.endpoint.product, error)
        await self.end()

    async def end(self) -> None:
        """However it ended: nobody shall wait for this probe."""
        probed, self._probed = self._probed, []
        await self._gates.give_up(probed, self._holder)
