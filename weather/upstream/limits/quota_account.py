"""The quotas of one account upstream, and the ledger that they are charged to."""

from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field

from weather.errors import CallRefused, ClientQuotaExhausted, QuotaExhausted, TooManyCalls
from weather.upstream.client_quota import ClientQuota
from weather.upstream.limits.quota_ledger import LATE, Ledger
from weather.upstream.quota import (
    ARRIVAL,
    CLIENT_SHARE,
    Charge,
    Quota,
    QuotaRefusal,
    charges_for,
    client_parts,
    client_quota,
    is_clients,
)
from weather.upstream.stores.base import LONGEST_WAIT
from weather.upstream.types import Endpoint

LONGEST_DELAY = 0.9 * ARRIVAL
"""Seconds that a charge may take, also on a busy machine: the rest is for the call's way to upstream."""


@dataclass(frozen=True, slots=True)
class QuotaAccount:
    """The quotas of one upstream. The ledger is that of all upstreams. `shares`: by client, where it has its own."""

    ledger: Ledger
    quotas: Sequence[Quota]
    clock: Callable[[], float]
    shares: Mapping[str, float] = field(default_factory=dict)

    async def charge(self, endpoint: Endpoint, client: str) -> None:
        """Charge one call, which is made at once, to each quota. Raises QuotaExhausted or ClientQuotaExhausted, or
        TooManyCalls while the ledger is late.

        A call counts from when it is made. If it took long to charge, and so ceases to count too early, it is charged
        once more, as of when that will be done. To wait for those before it does not count: it is charged after that.
        """
        async with self.ledger.turn(self._charges(endpoint, client, self.clock())):
            delay = 0.0
            for _ in range(2):
                now = self.clock()
                if refused := await self.ledger.charge(self._charges(endpoint, client, now + delay), now):
                    raise error_for(refused, client)
                took = self.clock() - now
                if took <= delay + LONGEST_DELAY:
                    return
                delay = min(took, LONGEST_WAIT)
            raise error_for(LATE, client)

    def reserve(self, endpoint: Endpoint, client: str) -> ExitStack:
        """Reserve one call of each quota, until the stack is closed, for a call that waits. Raises QuotaExhausted or
        ClientQuotaExhausted."""
        now = self.clock()
        reserved = self.ledger.reserve(self._charges(endpoint, client, now), now)
        if isinstance(reserved, QuotaRefusal):
            raise error_for(reserved, client)
        return reserved

    def _charges(self, endpoint: Endpoint, client: str, now: float) -> list[Charge]:
        return charges_for(self.quotas, endpoint, client, now, self.shares.get(client, CLIENT_SHARE))

    def left_to(self, client: str, endpoint: Endpoint) -> list[ClientQuota]:
        """What is left to a client of each quota that a call is charged to; [] for calls of nobody."""
        if not client:
            return []
        name, now = next(iter(client_parts(client))), self.clock()
        due = [quota for quota in self.quotas if quota.products is None or endpoint.product in quota.products]
        usages = [self.ledger.known_usage(f"client {name} {quota.name}", now) for quota in due]
        share = self.shares.get(client, CLIENT_SHARE)
        return [client_quota(quota, share, usage, now) for quota, usage in zip(due, usages, strict=True)]

    async def usage(self) -> list[tuple[Quota, float]]:
        """Each quota with the amount that is spent of it."""
        now = self.clock()
        return [(quota, await self.ledger.used(quota.name, now)) for quota in self.quotas]


def error_for(refused: QuotaRefusal, client: str) -> CallRefused:
    if refused is LATE:
        return TooManyCalls("what has been spent cannot be looked up for a moment")
    if is_clients(refused.budget):
        return ClientQuotaExhausted(refused.wait, client)
    return QuotaExhausted(refused.wait)
