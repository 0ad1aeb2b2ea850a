"""Who may look at how the server does: `/metrics`, and `/status` where that is closed. Pure.

A request that a proxy has passed on is never one of this machine, whatever it says of its client: a proxy that is not
trusted, that lets a visitor's own headers through, or that adds none, must not open this door. Of a proxy on this
machine that adds none three signs are left: the name of the site in `Host`, its version of HTTP (nginx asks in 1.0 if
not told otherwise), and a `Via` or another header that only a proxy writes. One that leaves no sign at all (a tunnel of
bytes, to which a visitor sends `Host: localhost`) looks as this machine does: `keys` is for that.
"""

import re
from collections.abc import Sequence

from starlette.datastructures import Headers
from starlette.requests import Request

from weather.settings import Settings
from weather.web.http.clients.access import holder, holder_by_cookie, key_sent
from weather.web.http.clients.client_ip import address, is_trusted

PASSED_ON = frozenset(
    {
        "forwarded",
        "x-real-ip",
        "via",
        "cf-connecting-ip",
        "true-client-ip",
        "x-client-ip",
        "fly-client-ip",
        "x-cluster-client-ip",
        "cdn-loop",
    }
)
OLD_HTTP = frozenset({"1", "1.0"})
"""Versions of HTTP, as ASGI servers spell them, that proxies speak and no scraper does."""

PORT = re.compile(r":\d*$")
BEARER = "bearer "
INSIDE = frozenset({"/metrics", "/status"})


def may_look(request: Request, settings: Settings, opened: str) -> bool:
    """Whether a request may see what is `opened` to all ("open"), to this machine ("local"), or with "keys" to holders
    of an access key alone, who may see it in each case."""
    return (
        opened == "open"
        or (opened == "local" and is_local(request, settings.trusted_proxies))
        or holds_key(request, settings)
    )


def is_insider(request: Request, settings: Settings) -> bool:
    """Whether a request is of this machine, of a trusted proxy itself, or has an access key; of the key's holder alone
    where the metrics are so."""
    return may_look(request, settings, "keys" if settings.metrics == "keys" else "local")


def holds_key(request: Request, settings: Settings) -> bool:
    keys = settings.access_keys
    return bool(holder(keys, access_key(request)) or holder_by_cookie(keys, request.headers))


def access_key(request: Request) -> str:
    """The key as a scraper can send it: as a bearer token, else as everywhere."""
    return bearer_key(request.headers) or key_sent(request.headers, request.scope["query_string"])


def bearer_key(headers: Headers) -> str:
    """The bearer token, "" if there is none."""
    sent = headers.get("authorization", "")
    return sent[len(BEARER) :].strip() if sent.lower().startswith(BEARER) else ""


def is_local(request: Request, trusted: Sequence[str]) -> bool:
    """Whether a request comes straight from this machine, or straight from a trusted proxy's."""
    peer = address(request.client.host if request.client else "")
    if peer is None or was_passed_on(request):
        return False
    host = PORT.sub("", request.headers.get("host", ""))
    if peer.is_loopback:  # a site that others see has a domain, or an address that is not of this machine
        return is_loopback(host) or is_bare_name(host)
    return is_trusted(peer, trusted) and (is_loopback(host) or is_within(host))


def was_passed_on(request: Request) -> bool:
    """Whether a proxy has left a sign of itself."""
    if request.scope.get("http_version") in OLD_HTTP:
        return True
    return any(name in PASSED_ON or name.startswith("x-forwarded-") for name in request.headers)


def is_loopback(host: str) -> bool:
    """Whether a `Host` without its port is this machine by itself: a loopback address, or localhost (RFC 6761, 6.3)."""
    name = host.lower().removesuffix(".")
    if name == "localhost" or name.endswith(".localhost"):
        return True
    ip = address(host)
    return ip is not None and ip.is_loopback


def is_within(host: str) -> bool:
    """Whether a `Host` without its port is of a network of ours: a private address, or a name without a domain."""
    ip = address(host)
    return ip.is_private if ip else is_bare_name(host)


def is_bare_name(host: str) -> bool:
    """Whether a `Host` without its port is a name without a domain, as containers and tests have."""
    return bool(host) and not set(".:") & set(host)
