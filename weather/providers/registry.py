"""The providers by name, the gateway of each, and which one is the fallback of which. Part of the composition root.

A further provider is a folder with an `entry`, which stands in PROVIDERS, and a name in AUTO_ORDER.
"""

import asyncio
from collections.abc import Mapping

from weather.messages import N_
from weather.places.search.geocoders import Geocoder
from weather.places.time_zones import zone_at
from weather.providers.agreeing import Agreeing
from weather.providers.alerts.provider import WithAlerts
from weather.providers.alerts.registry import chosen
from weather.providers.context import ProviderContext, ProviderEntry, no_key
from weather.providers.demo import demo
from weather.providers.fallback import FallbackProvider, UntilFirstAnswer
from weather.providers.metnorway.entry import MET_NORWAY
from weather.providers.openmeteo.entry import OPEN_METEO
from weather.providers.openmeteo.geocoding import OpenMeteoGeocoder
from weather.providers.openweathermap.entry import OPENWEATHERMAP
from weather.providers.openweathermap.provider import OpenWeatherMap
from weather.providers.openweathermap.validation import validate as validate_owm
from weather.providers.openweathermap.wire import GREATEST_VISIBILITY
from weather.providers.report import Attribution, Provider, Source
from weather.settings import Settings
from weather.upstream.gateway import Gateway
from weather.upstream.wire.client import UpstreamClient, in_process

AUTO_ORDER = ("openweathermap", "open-meteo", "met-norway", "demo")
"""With WEATHER_PROVIDER=auto: of those that are usable the first is asked, and each is the fallback of the one before.
With a key of OpenWeatherMap nothing is invented."""

DEMO_ORIGINS = dict.fromkeys(("api", "tiles"), "http://demo.invalid")
"""No such host is looked up: the demo answers in process. The name keeps its answers apart in the cache."""

DEMO_CREDIT = Attribution(N_("Demo: invented weather, of no source"), None)
DEMO = Source("demo", N_("demo, invented"), (DEMO_CREDIT,), GREATEST_VISIBILITY)


def demo_gateway(context: ProviderContext) -> Gateway:
    atlas = context.atlas
    invented = in_process(demo(context.clock, atlas.named, atlas.nearest, zone_at))
    client = UpstreamClient(DEMO_ORIGINS, no_key, validate_owm, context.timing, transport=invented)
    return context.gateway("demo", client, no_key, [])


def demo_provider(context: ProviderContext, gateway: Gateway, seconds: float) -> OpenWeatherMap:
    return OpenWeatherMap(gateway, context.atlas, context.clock, DEMO, "free", context.settings.timeout)


PROVIDERS: Mapping[str, ProviderEntry] = {
    "openweathermap": OPENWEATHERMAP,
    "open-meteo": OPEN_METEO,
    "met-norway": MET_NORWAY,
    "demo": ProviderEntry(DEMO, demo_gateway, demo_provider, lambda context: UntilFirstAnswer(context.notes)),
}


class Providers:
    """The gateways of this run, each made once, and who uses them.

    `provider` makes reports, `geocoders` find places by name in their order, `by_id` by number, `proxied` answers the
    routes of OpenWeatherMap. `asked` has the gateways of the providers that make reports, `first` that of the preferred
    one, `with_tiles` that of the one with map tiles, `by_name` the providers, `alert_gateways` those of the sources of
    warnings.
    """

    def __init__(self, context: ProviderContext) -> None:
        order, proxied = provider_order(context.settings), proxied_provider(context.settings)
        self._gateways = {name: PROVIDERS[name].gateway(context) for name in dict.fromkeys((*order, proxied))}
        seconds = patience(context.settings)
        providers = {name: PROVIDERS[name].provider(context, self._gateways[name], seconds) for name in order}
        self.by_name: Mapping[str, Provider] = providers
        by_id = providers.get(proxied)
        self.by_id = by_id if isinstance(by_id, OpenWeatherMap) else None
        self.geocoders: list[Geocoder] = [self.by_id] if self.by_id else []
        self.asks_open_meteo = "open-meteo" in order
        if self.asks_open_meteo:
            self.geocoders.append(OpenMeteoGeocoder(self._gateways["open-meteo"]))
        self.proxied = self._gateways[proxied]
        self.asked = {name: self._gateways[name] for name in order}
        self.with_tiles = self.asked.get("openweathermap")
        self.first = self._gateways[order[0]]
        self.provider: Provider = Agreeing(chain(context, providers), context.clock)
        sources = chosen(context.settings)
        self.alert_gateways = {name: source.gateway(context) for name, source in sources.items()}
        if context.settings.alerts != ("none",):
            pairs = {name: (source, self.alert_gateways[name]) for name, source in sources.items()}
            at_once = "openweathermap" not in order
            self.provider = WithAlerts(self.provider, pairs, context.clock, at_once)

    @property
    def gateways(self) -> dict[str, Gateway]:
        """All gateways, by the name of their source."""
        return {**self._gateways, **self.alert_gateways}

    def plan(self) -> str:
        """Return which of OpenWeatherMap's plans the account was found to have, for `/status`; "" if unknown."""
        return self.by_id.detected_plan if self.by_id else ""

    async def close(self, grace: float) -> None:
        await asyncio.gather(*(gateway.close(grace) for gateway in self.gateways.values()))


def provider_order(settings: Settings) -> tuple[str, ...]:
    """Return the provider that is asked, its fallback if it has one, and so on."""
    if settings.provider != "auto":
        return (settings.provider,)
    usable = tuple(name for name in AUTO_ORDER if PROVIDERS[name].is_usable(settings))
    return tuple(name for name in usable if name != "demo") if "openweathermap" in usable else usable


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
