"""MET Norway as the registry knows it: its origin, its quota, and that its terms ask for a contact."""

from weather.providers.context import ProviderContext, ProviderEntry, no_key
from weather.providers.metnorway.provider import SOURCE, MetNorway
from weather.providers.metnorway.validation import validate
from weather.upstream.client import UpstreamClient
from weather.upstream.gateway import Gateway
from weather.upstream.quota import Quota

CALLS = {"minute": 600}
"""Half of what MET Norway allows an application (https://api.met.no/doc/TermsOfService: 20 a second)."""


def make_gateway(context: ProviderContext) -> Gateway:
    origins = {"api": context.settings.metnorway_url}
    client = UpstreamClient(origins, no_key, validate, context.timing, context.network, context.transport)
    allowed = [Quota(f"met-norway {window}", limit, window) for window, limit in CALLS.items()]
    return context.gateway("met-norway", client, no_key, allowed)


def make_provider(context: ProviderContext, gateway: Gateway, seconds: float) -> MetNorway:
    return MetNorway(gateway, context.atlas, context.clock)


MET_NORWAY = ProviderEntry(SOURCE, make_gateway, make_provider, is_usable=lambda settings: settings.contact is not None)
