"""Open-Meteo as the registry knows it: its origins, and what it gives freely."""

from dataclasses import replace

from weather.providers.context import ProviderContext, ProviderEntry
from weather.providers.openmeteo.provider import SOURCE, OpenMeteo
from weather.providers.openmeteo.validation import validate
from weather.upstream.gateway import Gateway

CALLS = {"minute": 600, "hour": 5_000, "day": 10_000, "month": 300_000}
"""What Open-Meteo gives freely to one address (https://open-meteo.com/en/pricing), in calls of weight one."""

CONNECTIONS = 2
"""Open-Meteo runs one call of an address at a time, queues a few, and refuses more."""


def make_gateway(context: ProviderContext) -> Gateway:
    settings = context.settings
    origins = {
        "api": settings.openmeteo_url,
        "air": settings.openmeteo_air_url,
        "geocoding": settings.openmeteo_geocoding_url,
    }
    network = replace(context.network, connections=CONNECTIONS)
    return context.keyless_gateway(SOURCE.word, origins, validate, CALLS, network=network)


def make_provider(context: ProviderContext, gateway: Gateway, seconds: float) -> OpenMeteo:
    return OpenMeteo(gateway, context.atlas, context.clock)


OPEN_METEO = ProviderEntry(SOURCE, make_gateway, make_provider)
