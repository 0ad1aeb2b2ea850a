"""What a provider is built from, and what the registry knows of each."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
from hashlib import blake2b

from weather.places.gazetteer.lookup import Gazetteer
from weather.providers.fallback import Always, FallbackRule
from weather.providers.report import Provider, Source
from weather.settings import Settings
from weather.upstream.cache import Cache
from weather.upstream.freshness_policy import Policy
from weather.upstream.gateway import Gateway
from weather.upstream.limits.admission import AdmissionControl
from weather.upstream.limits.quota_account import QuotaAccount
from weather.upstream.limits.quota_ledger import Ledger
from weather.upstream.quota import Quota, named
from weather.upstream.stores.base import Store
from weather.upstream.types import Upstream
from weather.upstream.wire.client import ResponseValidator, Timing, Transport, UpstreamClient
from weather.upstream.wire.network import Network


@dataclass(frozen=True, slots=True)
class ProviderContext:
    """What every provider is built from. `transport` replaces the wire, in tests."""

    settings: Settings
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    dice: Callable[[], float]
    patience: float
    cache: Cache
    ledger: Ledger
    notes: Store
    atlas: Gazetteer
    transport: Transport | None
    network: Network

    @property
    def timing(self) -> Timing:
        return Timing(self.settings.timeout, self.clock, self.sleep)

    def gateway(self, name: str, upstream: Upstream, key: Callable[[], str], allowed: list[Quota]) -> Gateway:
        """Make a gateway with circuit breakers and quotas of its own."""
        settings = self.settings
        admission = AdmissionControl(
            self.cache.store,
            QuotaAccount(self.ledger, allowed, self.clock, shares_of(settings)),
            self.clock,
            self.dice,
            lambda: f"{name} {fingerprint(*upstream.origins.values(), key())}",
            offline=settings.offline,
        )
        policy = Policy(settings.fresh_for, settings.stale_for, settings.timeout, self.patience)
        return Gateway(upstream, self.cache, admission, policy, self.clock)

    def keyless_gateway(
        self,
        name: str,
        origins: Mapping[str, str],
        validate: ResponseValidator,
        calls: Mapping[str, int],
        least_seconds: float = 0.0,
        network: Network | None = None,
    ) -> Gateway:
        """Make the gateway of a source that asks for no key. `calls`: how many it allows, by the window's name.

        A call has `least_seconds` even where visitors wait less. `network` replaces the network of all.
        """
        timing = replace(self.timing, timeout=max(self.timing.timeout, least_seconds))
        client = UpstreamClient(origins, no_key, validate, timing, network or self.network, self.transport)
        return self.gateway(name, client, no_key, [Quota(f"{name} {window}", n, window) for window, n in calls.items()])


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A provider of the registry: its source, how its gateway and the provider are made, and when `auto` may take it.

    The provider has so many seconds for a report. `rule` says when it may be the fallback of another.
    """

    source: Source
    gateway: Callable[[ProviderContext], Gateway]
    provider: Callable[[ProviderContext, Gateway, float], Provider]
    rule: Callable[[ProviderContext], FallbackRule] = lambda context: Always()
    is_usable: Callable[[Settings], bool] = lambda settings: True


def shares_of(settings: Settings) -> dict[str, float]:
    """The share of each quota by client, for the names of access keys that have one."""
    return {named(key.name): key.share for key in settings.access_keys if key.name and key.share is not None}


def no_key() -> str:
    return ""


def fingerprint(*words: str) -> str:
    """Return a digest that differs by key and origins, and reveals neither."""
    return blake2b(" ".join(words).encode(), digest_size=8).hexdigest()
