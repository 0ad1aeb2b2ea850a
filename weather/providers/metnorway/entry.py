"""MET Norway as the registry knows it: its origin, its quota, and that its terms ask for a contact."""

from weather.providers.context import ProviderContext, ProviderEntry
from weather.providers.metnorway.endpoints import validate
from weather.providers.metnorway.provider import SOURCE, MetNorway
from weather.upstream.gateway import Gateway

CALLS = {"minute": 600}
"""Half of what MET Norway allows an application (https://api.met.no/doc/TermsOfService: 20 a second)."""


def make_gateway(context: ProviderContext) -> Gateway:
    return context.keyless_gateway(SOURCE.word, {"api": context.settings.metnorway_url}, validate, CALLS)


def make_provider(context: ProviderContext, gateway: Gateway, seconds: float) -> MetNorway:
    return MetNorway(gateway, context.atlas, context.clock)


MET_NORWAY = ProviderEntry(SOURCE, make_gateway, make_provider, is_usable=lambda settings: settings.contact is not None)
