"""How long an answer is fresh, and how long after that it is served stale: as the endpoint and the operator say."""

from dataclasses import dataclass

from weather.errors import CircuitOpen, Offline, QuotaExhausted, WeatherError
from weather.upstream.freshness import Lifetime
from weather.upstream.types import NEGATIVE_TTL, CacheEntry, UpstreamRequest

PATIENCE = 0.5
"""Seconds that a visitor with a stale answer waits for a fresh one."""


LONGEST_UNCHANGED = 1.0
"""Seconds for which a response that lacks something, or is stale, is used again at most without a look."""


@dataclass(frozen=True, slots=True)
class Policy:
    """The operator's settings, in seconds.

    `fresh_for` replaces the lifetime of every endpoint. Where upstream's headers rule it
    (`Endpoint.uses_caching_headers`), it can only make it longer.
    """

    fresh_for: float | None
    stale_for: float
    timeout: float
    patience: float = PATIENCE

    def fresh_for_of(self, request: UpstreamRequest) -> float:
        """How long a good answer to this request is fresh."""
        return request.endpoint.fresh_for if self.fresh_for is None else self.fresh_for

    def lifetime(self, request: UpstreamRequest, entry: CacheEntry) -> Lifetime:
        """The lifetime of this answer to this request. A 404 and an empty list have a short one."""
        fresh_for = max(self.fresh_for_of(request), entry.caching.fresh_for or 0.0)
        if entry.status == 404 or entry.body.strip() == b"[]":
            return Lifetime(min(fresh_for, NEGATIVE_TTL.fresh_for), NEGATIVE_TTL.stale_for)
        return Lifetime(fresh_for, self.stale_for)


def unchanged_for(error: WeatherError) -> float:
    """Seconds for which whoever asks for the same is refused alike; 0 where that is not known, as after a call.

    Never more than a second: a call that was under way before may still bring the answer, the operator may change the
    key, and another worker may find upstream well again.
    """
    wait = error.retry_after or 0.0 if isinstance(error, CircuitOpen | QuotaExhausted | Offline) else 0.0
    return min(wait, LONGEST_UNCHANGED)
