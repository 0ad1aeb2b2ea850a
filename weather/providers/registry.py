"""Which sources there are, the road to each, and who stands in for whom. Part of the composition root.

A further source is a folder and a row of SOURCES, and a word in ORDER.
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
from weather.providers.openmeteo.validation import judged as open_meteo_judge
from weather.providers.openweathermap.no_key import NoKeyUpstream
from weather.providers.openweathermap.provider import SOURCE as OPENWEATHERMAP
from weather.providers.openweathermap.provider import OpenWeatherMap
from weather.providers.openweathermap.validation import judged as owm_judge
from weather.providers.report import Attribution, Provider, Source
from weather.settings import Settings
from weather.upstream.admission import AdmissionControl
from weather.upstream.api_key import ApiKey
from weather.upstream.cache import Cache
from weather.upstream.client import Transport, UpstreamClient, in_process
from weather.upstream.gateway import Gateway, Policy
from weather.upstream.network import Network
from weather.upstream.quota import Quota
from weather.upstream.quota_ledger import Ledger
from weather.upstream.stores.base import Store
from weather.upstream.types import Upstream

AUTO_ORDER = {True: ("openweathermap", "open-meteo"), False: ("open-meteo", "demo")}
"""With WEATHER_PROVIDER=auto, by whether there is a key: who is asked, and who stands in."""

DEMO_ORIGINS = dict.fromkeys(("api", "tiles"), "http://demo.invalid")
"""Never looked up: the demo answers in process. It gives the demo's answers a key space of their own."""

DEMO_CREDIT = Attribution(N_("Demo: invented weather, of no source"), "https://openweathermap.org/api")
DEMO = Source("demo", N_("demo, invented"), DEMO_CREDIT)

ONE_CALL = frozenset({"onecall3", "onecall4"})
"""The products that draw on the daily allowance of One Call."""

OPEN_METEO_CALLS = {"minute": 600, "hour": 5_000, "day": 10_000, "month": 300_000}
"""What Open-Meteo gives freely to one address (https://open-meteo.com/en/pricing), in calls of weight one."""

OPEN_METEO_CONNECTIONS = 2
"""It runs one call of an address at a time, queues a few, and refuses more."""


@dataclass(frozen=True, slots=True)
class ProviderContext:
    """What all roads are built on. `transport` replaces the wire, in tests."""

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
        """A road of its own gates and budgets."""
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
class Row:
    """A source: the credit due, the road to it, what makes reports of its answers, and when it may stand in."""

    source: Source
    road: Callable[[ProviderContext], Gateway]
    provider: Callable[[ProviderContext, Gateway], Provider]
    terms: Callable[[ProviderContext], FallbackRule] = lambda context: Always()


def road_to_openweathermap(context: ProviderContext) -> Gateway:
    settings, key = context.settings, ApiKey(context.settings)
    origins = {"api": settings.upstream_url, "tiles": settings.tiles_url}
    upstream: Upstream = NoKeyUpstream(origins)
    if settings.api_key is not None:
        upstream = UpstreamClient(
            origins,
            key,
            owm_judge,
            settings.timeout,
            context.clock,
            context.transport,
            context.sleep,
            network=context.network,
        )
    return context.gateway("openweathermap", upstream, key, owm_allowances(settings))


def road_to_open_meteo(context: ProviderContext) -> Gateway:
    settings = context.settings
    client = UpstreamClient(
        {"api": settings.openmeteo_url, "air": settings.openmeteo_air_url},
        no_key,
        open_meteo_judge,
        settings.timeout,
        context.clock,
        context.transport,
        context.sleep,
        OPEN_METEO_CONNECTIONS,
        context.network,
    )
    allowed = [Quota(f"open-meteo {window}", limit, window) for window, limit in OPEN_METEO_CALLS.items()]
    return context.gateway("open-meteo", client, no_key, allowed)


def road_to_the_demo(context: ProviderContext) -> Gateway:
    atlas, clock, settings = context.atlas, context.clock, context.settings
    invented = in_process(demo(clock, atlas.named, atlas.nearest, zone_at))
    client = UpstreamClient(DEMO_ORIGINS, no_key, owm_judge, settings.timeout, clock, invented, context.sleep)
    return context.gateway("demo", client, no_key, [])


def no_key() -> str:
    return ""


def owm_allowances(settings: Settings) -> list[Quota]:
    """What the plan of an OpenWeatherMap account allows, in the order in which a refusal is told."""
    return [
        Quota("openweathermap minute", settings.calls_per_minute, "minute"),
        Quota("openweathermap month", settings.calls_per_month, "month"),
        Quota("openweathermap One Call day", settings.onecall_per_day, "day", ONE_CALL),
    ]


def fingerprint(*words: str) -> str:
    """Tells one key, and the origins it is for, from another, and gives none away."""
    return blake2b(" ".join(words).encode(), digest_size=8).hexdigest()


def owm(context: ProviderContext, road: Gateway) -> OpenWeatherMap:
    settings = context.settings
    return OpenWeatherMap(road, context.atlas, context.clock, OPENWEATHERMAP, settings.plan, patience(settings))


def invention(context: ProviderContext, road: Gateway) -> OpenWeatherMap:
    return OpenWeatherMap(road, context.atlas, context.clock, DEMO, "free", context.settings.timeout)


def open_meteo(context: ProviderContext, road: Gateway) -> OpenMeteo:
    return OpenMeteo(road, context.atlas, context.clock)


PROVIDERS: Mapping[str, Row] = {
    "openweathermap": Row(OPENWEATHERMAP, road_to_openweathermap, owm),
    "open-meteo": Row(OPEN_METEO, road_to_open_meteo, open_meteo),
    "demo": Row(DEMO, road_to_the_demo, invention, lambda context: UntilFirstAnswer(context.notes)),
}


class Providers:
    """The roads of this run, each made once; the one provider that the doors know; who knows names; what is relayed."""

    def __init__(self, context: ProviderContext) -> None:
        order, relayed = order_of(context.settings), relayed_of(context.settings)
        self._roads = {word: PROVIDERS[word].road(context) for word in dict.fromkeys((*order, relayed))}
        providers = {word: PROVIDERS[word].provider(context, self._roads[word]) for word in order}
        known = providers.get(relayed)
        self.geocoder = known if isinstance(known, OpenWeatherMap) else None
        self.relayed = self._roads[relayed]
        self.asked = {word: self._roads[word] for word in order}
        self.first = self._roads[order[0]]
        self.provider = in_order(context, providers)

    def plan(self) -> str:
        """Which of OpenWeatherMap's plans was found, for `/status`."""
        return self.geocoder.plan if self.geocoder else ""

    async def close(self, grace: float) -> None:
        await asyncio.gather(*(road.close(grace) for road in self._roads.values()))


def order_of(settings: Settings) -> tuple[str, ...]:
    """Who is asked, and who stands in."""
    return AUTO_ORDER[settings.api_key is not None] if settings.provider == "auto" else (settings.provider,)


def patience(settings: Settings) -> float:
    """The seconds that each source has: those that are far away share the time that a visitor may wait."""
    return settings.timeout / (sum(word != "demo" for word in order_of(settings)) or 1)


def relayed_of(settings: Settings) -> str:
    """Whose answers OpenWeatherMap's own routes give: its own, unless all is to be invented."""
    return "demo" if settings.provider == "demo" else "openweathermap"


def in_order(context: ProviderContext, providers: Mapping[str, Provider]) -> Provider:
    """Each with the next as its stand-in."""
    *others, last = providers
    provider, seconds = providers[last], patience(context.settings)
    for word in reversed(others):
        source, terms = PROVIDERS[word].source, PROVIDERS[last].terms(context)
        provider, last = FallbackProvider(providers[word], source, provider, terms, context.clock, seconds), word
    return provider
