"""Finds the client of a request: the address whose quota a call is charged to; may upstream be called? Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.requests import Request

from weather.settings import Settings
from weather.upstream.types import Requester
from weather.web.http.clients.rate_limit import QUOTAS

Address = IPv4Address | IPv6Address

FORWARDED_FOR = re.compile(r'\bfor="?\[?([0-9a-fA-F.:]+)', re.IGNORECASE)
"""A node of RFC 7239, 4: an address, in brackets and quotes when it is of IPv6."""

FORWARDED_PROTO = re.compile(r'\bproto="?(https?)\b', re.IGNORECASE)
BRACKETED, WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?"), re.compile(r"([\d.]+):\d+")

MOST_HOPS = 10
"""The greatest number of trusted proxies in a row: hops further to the left are not read."""

LONGEST_HOP = 300
"""Characters of one hop that are read: an element of `Forwarded` with host and protocol is shorter."""

IPV6_PREFIX = 64
"""The prefix length that identifies one customer in IPv6; the other bits the customer may choose."""

CALLS = "weather.calls"
"""The key in the ASGI scope of the list of tallies in which the answers to a request were counted: `Requester.calls`,
read by the response cache."""


ATTEMPTS = "weather.attempts"
"""The key in the ASGI scope of the list of the calls that were made upstream for a request: `Requester.attempts`, read
by the access log."""

CLIENT = "weather.client"
"""The key in the ASGI scope of the client, where the outermost layer has found it already."""


def requester_of(request: Request, trusted: Sequence[str]) -> Requester:
    """The requester. Of client cache directives only `only-if-cached` is honoured."""
    may_ask = "only-if-cached" not in request.headers.get("cache-control", "").lower()
    scope, peer = request.scope, request.client.host if request.client else ""
    client = scope[CLIENT] if CLIENT in scope else client_of(peer, request.headers, trusted)
    calls, attempts = scope.setdefault(CALLS, []), scope.setdefault(ATTEMPTS, [])
    return Requester(client, may_ask, calls=calls, attempts=attempts, quotas=scope.setdefault(QUOTAS, {}))


def client_of(peer: str, headers: Headers, trusted: Sequence[str]) -> str:
    """The bucket of the nearest address that is not a trusted proxy. Only trusted proxies' headers count.

    A proxy writes one of `Forwarded` and `X-Forwarded-For`, and may pass on the other as a client invented it. If they
    name different clients neither is believed, and the proxy is the client.
    """
    nearest = address(peer)
    if nearest is None or not is_trusted(nearest, trusted):
        return bucket(nearest)
    chains = (elements(headers, "x-forwarded-for"), forwarded_hops(headers))
    clients = {bucket(outermost(nearest, hops, trusted)) for hops in chains if hops}
    return clients.pop() if len(clients) == 1 else bucket(nearest)


def outermost(peer: Address, hops: Sequence[str], trusted: Sequence[str]) -> Address:
    """The first address, from the connected proxy outward, that is not a trusted proxy.

    A hop that is no address, such as `unix:` or `unknown`, ends the search: the proxy that wrote it is the client.
    """
    client = peer
    for hop in reversed(hops):
        hop_address = address(hop)
        if hop_address is None:
            return client
        client = hop_address
        if not is_trusted(client, trusted):
            return client
    return client


def scheme_of(request: Request, trusted: Sequence[str]) -> str:
    """The scheme that the visitor used: as a trusted proxy says, else that of the connection.

    As in `client_of`, headers that disagree are in part the client's. HTTPS wins then, for a response in a shared cache
    must not lead anybody back to plain HTTP.
    """
    peer, headers = address(request.client.host if request.client else ""), request.headers
    if peer is None or not is_trusted(peer, trusted):
        return request.url.scheme
    lines = [*elements(headers, "forwarded"), *("proto=" + proto for proto in elements(headers, "x-forwarded-proto"))]
    schemes = {match[1].lower() for line in lines if (match := FORWARDED_PROTO.search(line))}
    return "https" if "https" in schemes else "http" if schemes else request.url.scheme


def site_address(request: Request, settings: Settings) -> str:
    """Where this site is, path prefix included: as its operator says, else as the visitor knows it.

    Without WEATHER_PUBLIC_URL, whoever keeps a response that holds it keeps it for that origin alone.
    """
    seen = f"{scheme_of(request, settings.trusted_proxies)}://{request.url.netloc}{settings.root_path}"
    return settings.public_url or seen


def forwarded_hops(headers: Headers) -> list[str]:
    """The nodes in Forwarded (RFC 7239), the nearest last; "" for one that is no address."""
    nodes = (FORWARDED_FOR.search(hop) for hop in elements(headers, "forwarded"))
    return [node[1] if node else "" for node in nodes]


def elements(headers: Headers, name: str) -> list[str]:
    """The last few elements of a list header, which may have several lines; "?" for one that is far too long."""
    last = ",".join(headers.getlist(name)).rsplit(",", MOST_HOPS)[-MOST_HOPS:]
    return [hop.strip() if len(hop) <= LONGEST_HOP else "?" for hop in last if hop.strip()]


def is_trusted(client: Address, trusted: Sequence[str]) -> bool:
    """Whether an address is that of a proxy that the operator trusts."""
    return any(client in network for network in networks(tuple(trusted)))


@lru_cache(4)
def networks(trusted: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(network, strict=False) for network in trusted)


def address(text: str) -> Address | None:
    """The address in a text, without a port; None if it is none."""
    bare = text.strip()
    if match := BRACKETED.fullmatch(bare) or WITH_PORT.fullmatch(bare):
        bare = match[1]
    try:
        parsed = ip_address(bare)
    except ValueError:
        return None
    return getattr(parsed, "ipv4_mapped", None) or parsed


def bucket(client: Address | None) -> str:
    """The name under which a client's calls are counted: its IPv4 address, or its IPv6 network; "" if unknown."""
    if isinstance(client, IPv6Address):
        return str(ip_network((client, IPV6_PREFIX), strict=False).network_address)
    return str(client or "")
