"""The providers by name, the gateway of each, and which one is the fallback of which. Part of the composition root.

A further provider is a folder, an entry of PROVIDERS, and a name in AUTO_ORDER.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from hashlib import blake2b

from weather.messages import N_
from weather.places.gazetteer import Gazetteer
from weather.places.time_zones import zone_at
from weather.providers.demo import demo
from weather.providers.fallback import Always, FallbackProvider, FallbackRule, UntilFirstAnswer
from weather.providers.openmeteo.provider import SOURCE as OPEN_METEO
from weather.providers.openmeteo.provider import OpenMeteo
from weather.providers.openmeteo.validation import validate as validate_openmeteo
from weather.providers.openweathermap.no_key import NoKeyUpstream
from weather.providers.openweathermap.provider import SOURCE as OPENWEATHERMAP
from weather.providers.openweathermap.provider import OpenWeatherMap
from weather.providers.openweathermap.validation import validate as validate_owm
from weather.providers.report import Attribution, Provider, Source
from weather.settings import Settings
from weather.upstream.admission import AdmissionControl
from weather.upstream.api_key import ApiKey
from weather.upstream.cache import Cache
from weather.upstream.client import Transport, UpstreamClient, in_process
from weather.upstream.freshness_policy import Policy
from weather.upstream.gateway import Gateway
from weather.upstream.network import Network
from weather.upstream.quota import Quota
from weather.upstream.quota_ledger import Ledger
from weather.upstream.stores.base import Store
from weather.upstream.types import Upstream

AUTO_ORDER = ("openweathermap", "open-meteo", "demo")
"""With WEATHER_PROVIDER=auto: of those that are usable the first is asked, and the second is its fallback."""

DEMO_ORIGINS = dict.fromkeys(("api", "tiles"), "http://demo.invalid")
"""No such host is looked up: the demo answers in process. The name keeps its answers apart in the cache."""

DEMO_CREDIT = Attribution(N_("Demo: invented weather, of no source"), "https://openweathermap.org/api")
DEMO = Source("demo", N_("demo, invented"), DEMO_CREDIT)

ONE_CALL = frozenset({"onecall3", "onecall4"})
"""The products that count against the daily quota of One Call."""

OPEN_METEO_CALLS = {"minute": 600, "hour": 5_000, "day": 10_000, "month": 300_000}
"""What Open-Meteo gives freely to one address (https://open-meteo.com/en/pricing), in calls of weight one."""

OPEN_METEO_CONNECTIONS = 2
"""Open-Meteo runs one call of an address at a time, queues a few, and refuses more."""


@dataclass(frozen=True, slots=True)
class ProviderContext:
    """What every provider is built from. `transport` replaces the wire, in tests."""

    settings: Settings
    clock: Callable[[], float]
    sleep: Callable[[float], Awaitable[None]]
    dice: Callable[[], float]
    cache: Cache
    ledger: Ledger
    notes: Store
    atlas: Gazetteer
    transport: Transport | None
    network: Network

    def gateway(self, name: str, upstream: Upstream, key: Callable[[], str], allowed: list[Quota]) -> Gateway:
        """Make a gateway with circuit breakers and quotas of its own."""
        settings = self.settings
        gates = AdmissionControl(
            self.cache.store,
            self.ledger,
            allowed,
            self.clock,
            self.dice,
            lambda: f"{name} {fingerprint(*upstream.origins.values(), key())}",
            offline=settings.offline,
        )
        policy = Policy(settings.fresh_for, settings.stale_for, settings.timeout)
        return Gateway(upstream, self.cache, gates, policy, self.clock)


@dataclass(frozen=True, slots=True)
class ProviderEntry:
    """A provider of the registry: its source, how its gateway and the provider are made, and when `auto` may take it.

    `rule` says when it may be the fallback of another.
    """

    source: Source
    gateway: Callable[[ProviderContext], Gateway]
    provider: Callable[[ProviderContext, Gateway], Provider]
    rule: Callable[[ProviderContext], FallbackRule] = lambda context: Always()
    is_usable: Callable[[Settings], bool] = lambda settings: True


def openweathermap_gateway(context: ProviderContext) -> Gateway:
    settings, key = context.settings, ApiKey(context.settings)
    origins = {"api": settings.upstream_url, "tiles": settings.tiles_url}
    upstream: Upstream = NoKeyUpstream(origins)
    if settings.api_key is not None:
        upstream = UpstreamClient(
            origins,
            key,
            validate_owm,
            settings.timeout,
            context.clock,
            context.transport,
            context.sleep,
            network=context.network,
        )
    return context.gateway("openweathermap", upstream, key, owm_quotas(settings))


def open_meteo_gateway(context: ProviderContext) -> Gateway:
    settings = context.settings
    client = UpstreamClient(
        {"api": settings.openmeteo_url, "air": settings.openmeteo_air_url},
        no_key,
        validate_openmeteo,
        settings.timeout,
        context.clock,
        context.transport,
        context.sleep,
        OPEN_METEO_CONNECTIONS,
        context.network,
    )
    allowed = [Quota(f"open-meteo {window}", limit, window) for window, limit in OPEN_METEO_CALLS.items()]
    return context.gateway("open-meteo", client, no_key, allowed)


def demo_gateway(context: ProviderContext) -> Gateway:
    atlas, clock, settings = context.atlas, context.clock, context.settings
    invented = in_process(demo(clock, atlas.named, atlas.nearest, zone_at))
    client = UpstreamClient(DEMO_ORIGINS, no_key, validate_owm, settings.timeout, clock, invented, context.sleep)
    return context.gateway("demo", client, no_key, [])


def no_key() -> str:
    return ""


def owm_quotas(settings: Settings) -> list[Quota]:
    """Return the quotas of an OpenWeatherMap account. A refusal names the first one that is exhausted."""
    return [
        Quota("openweathermap minute", settings.calls_per_minute, "minute"),
        Quota("openweathermap month", settings.calls_per_month, "month"),
        Quota("openweathermap One Call day", settings.onecall_per_day, "day", ONE_CALL),
    ]


def fingerprint(*words: str) -> str:
    """Return a digest that differs by key and origins, and reveals neither."""
    return blake2b(" ".join(words).encode(), digest_size=8).hexdigest()


def openweathermap_provider(context: ProviderContext, gateway: Gateway) -> OpenWeatherMap:
    settings = context.settings
    return OpenWeatherMap(gateway, context.atlas, context.clock, OPENWEATHERMAP, settings.plan, patience(settings))


def demo_provider(context: ProviderContext, gateway: Gateway) -> OpenWeatherMap:
    return OpenWeatherMap(gateway, context.atlas, context.clock, DEMO, "free", context.settings.timeout)


def open_meteo_provider(context: ProviderContext, gateway: Gateway) -> OpenMeteo:
    return OpenMeteo(gateway, context.atlas, context.clock)


PROVIDERS: Mapping[str, ProviderEntry] = {
    "openweathermap": ProviderEntry(
        OPENWEATHERMAP,
        openweathermap_gateway,
        openweathermap_provider,
        is_usable=lambda settings: settings.api_key is not None,
    ),
    "open-meteo": ProviderEntry(OPEN_METEO, open_meteo_gateway, open_meteo_provider),
    "demo": ProviderEntry(DEMO, demo_gateway, demo_provider, lambda context: UntilFirstAnswer(context.notes)),
}


class Providers:
    """The gateways of this run, each made once, and who uses them.

    `provider` makes reports, `geocoder` finds places by name, `proxied` answers the routes of OpenWeatherMap. `asked`
    has the gateways of the providers that make reports, `first` that of the preferred one.
    """

    def __init__(self, context: ProviderContext) -> None:
        order, proxied = provider_order(context.settings), proxied_provider(context.settings)
        self._gateways = {name: PROVIDERS[name].gateway(context) for name in dict.fromkeys((*order, proxied))}
        providers = {name: PROVIDERS[name].provider(context, self._gateways[name]) for name in order}
        geocoder = providers.get(proxied)
        self.geocoder = geocoder if isinstance(geocoder, OpenWeatherMap) else None
        self.proxied = self._gateways[proxied]
        self.asked = {name: self._gateways[name] for name in order}
        self.first = self._gateways[order[0]]
        self.provider = chain(context, providers)

    def plan(self) -> str:
        """Return which of OpenWeatherMap's plans the account was found to have, for `/status`; "" if unknown."""
        return self.geocoder.detected_plan if self.geocoder else ""

    async def close(self, grace: float) -> None:
        await asyncio.gather(*(gateway.close(grace) for gateway in self._gateways.values()))


def provider_order(settings: Settings) -> tuple[str, ...]:
    """Return the provider that is asked, and its fallback if it has one."""
    if settings.provider != "auto":
        return (settings.provider,)
    return tuple(name for name in AUTO_ORDER if PROVIDERS[name].is_usable(settings))[:2]


def patience(settings: Settings) -> float:
    """Return the seconds that each provider has. Those that are called over the network share the visitor's timeout."""
    return settings.timeout / (sum(name != "demo" for name in provider_order(settings)) or 1)


def proxied_provider(settings: Settings) -> str:
    """Return the provider behind the routes of OpenWeatherMap: itself, unless the demo was asked for."""
    return "demo" if settings.provider == "demo" else "openweathermap"


def chain(context: ProviderContext, providers: Mapping[str, Provider]) -> Provider:
    """Return the first provider, with the next one as its fallback, and so on."""
    *others, last = providers
    provider, seconds = providers[last], patience(context.settings)
    for name in reversed(others):
        source, rule = PROVIDERS[name].source, PROVIDERS[last].rule(context)
        provider, last = FallbackProvider(providers[name], source, provider, rule, context.clock, seconds), name
    return provider
