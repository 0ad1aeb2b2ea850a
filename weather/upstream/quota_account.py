"""The quotas of one account upstream, and the ledger that they are charged to."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from weather.errors import ClientQuotaExhausted, QuotaExhausted, TooManyCalls
from weather.upstream.client_quota import ClientQuota
from weather.upstream.quota import CLIENT_SHARE, Quota, charges_for, client_parts, client_quota, is_clients
from weather.upstream.quota_ledger import LATE, Ledger
from weather.upstream.types import Endpoint


@dataclass(frozen=True, slots=True)
class QuotaAccount:
    """The quotas of one upstream. The ledger is that of all upstreams. `shares`: by client, where it has its own."""

    ledger: Ledger
    quotas: Sequence[Quota]
    shares: Mapping[str, float] = field(default_factory=dict)

    async def charge(self, endpoint: Endpoint, client: str, now: float) -> None:
        """Charge one call to each quota. Raises QuotaExhausted or ClientQuotaExhausted, or TooManyCalls while the
        ledger is late."""
        share = self.shares.get(client, CLIENT_SHARE)
        refused = await self.ledger.charge(charges_for(self.quotas, endpoint, client, now, share), now)
        if refused is None:
            return
        if refused is LATE:
            raise TooManyCalls("what has been spent cannot be looked up for a moment")
        if is_clients(refused.budget):
            raise ClientQuotaExhausted(refused.wait, client)
        raise QuotaExhausted(refused.wait)

    def left_to(self, client: str, endpoint: Endpoint, now: float) -> list[ClientQuota]:
        """What is left to a client of each quota that a call is charged to; [] for calls of nobody."""
        if not client:
            return []
        name = next(iter(client_parts(client)))
        due = [quota for quota in self.quotas if quota.products is None or endpoint.product in quota.products]
        usages = [self.ledger.known_usage(f"client {name} {quota.name}", now) for quota in due]
        share = self.shares.get(client, CLIENT_SHARE)
        return [client_quota(quota, share, usage, now) for quota, usage in zip(due, usages, strict=True)]

    def is_spent(self, quota: str, now: float) -> bool:
        """Whether this worker knows that a quota, of this name, has nothing left for anybody."""
        whole = (one for one in self.quotas if one.name == quota)
        return any(client_quota(one, 1.0, self.ledger.known_usage(quota, now), now).left <= 0 for one in whole)

    async def usage(self, now: float) -> list[tuple[Quota, float]]:
        """Each quota with the amount that is spent of it."""
        return [(quota, await self.ledger.used(quota.name, now)) for quota in self.quotas]
