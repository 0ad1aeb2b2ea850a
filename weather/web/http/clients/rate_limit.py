"""The fields `RateLimit-Policy` and `RateLimit`: what a client may still cause upstream. Pure.

By draft-ietf-httpapi-ratelimit-headers-11. They stand on answers for which a call was charged to the client, and on
refusals: an answer out of the cache costs nothing, and says nothing of them.
"""

from collections.abc import Mapping

from weather.upstream.client_quota import ClientQuota

QUOTAS = "weather.quotas"
"""The key in the ASGI scope of what is left to the client, by the name of the quota: `Requester.quotas`."""

SECONDS = {"minute": 60, "hour": 3600, "day": 86400}
"""The windows that have one length; months do not."""


def rate_limit_headers(quotas: Mapping[str, ClientQuota]) -> dict[str, str]:
    """Both fields, lists of structured fields (RFC 9651); {} where nothing was charged."""
    if not quotas:
        return {}
    return {
        "RateLimit-Policy": ", ".join(map(policy, quotas.values())),
        "RateLimit": ", ".join(f'"{value.name}";r={value.left};t={value.resets_in}' for value in quotas.values()),
    }


def policy(quota: ClientQuota) -> str:
    window = f";w={SECONDS[quota.window]}" if quota.window in SECONDS else ""
    return f'"{quota.name}";q={quota.limit}{window}'
