"""OpenWeatherMap as the registry knows it: its origins and key, and the quotas of an account."""

from weather.providers.context import ProviderContext, ProviderEntry
from weather.providers.openweathermap.no_key import NoKeyUpstream
from weather.providers.openweathermap.provider import SOURCE, OpenWeatherMap
from weather.providers.openweathermap.validation import validate
from weather.settings import Settings
from weather.upstream.gateway import Gateway
from weather.upstream.quota import Quota
from weather.upstream.types import Upstream
from weather.upstream.wire.api_key import ApiKey
from weather.upstream.wire.client import UpstreamClient

ONE_CALL = frozenset({"onecall3", "onecall4"})
"""The products that count against the daily quota of One Call."""


def make_gateway(context: ProviderContext) -> Gateway:
    settings, key = context.settings, ApiKey(context.settings)
    origins = {"api": settings.upstream_url, "tiles": settings.tiles_url}
    upstream: Upstream = NoKeyUpstream(origins)
    if settings.api_key is not None:
        upstream = UpstreamClient(origins, key, validate, context.timing, context.network, context.transport)
    return context.gateway("openweathermap", upstream, key, quotas(settings))


def quotas(settings: Settings) -> list[Quota]:
    """Return the quotas of an OpenWeatherMap account. A refusal names the first one that is exhausted."""
    return [
        Quota("openweathermap minute", settings.calls_per_minute, "minute"),
        Quota("openweathermap month", settings.calls_per_month, "month"),
        Quota("openweathermap One Call day", settings.onecall_per_day, "day", ONE_CALL),
    ]


def make_provider(context: ProviderContext, gateway: Gateway, seconds: float) -> OpenWeatherMap:
    return OpenWeatherMap(gateway, context.atlas, context.clock, SOURCE, context.settings.plan, seconds)


OPENWEATHERMAP = ProviderEntry(
    SOURCE, make_gateway, make_provider, is_usable=lambda settings: settings.api_key is not None
)
