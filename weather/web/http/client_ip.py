"""Who asks: the address that a call is counted against, and whether upstream may be asked at all. Pure."""

import re
from collections.abc import Sequence
from functools import lru_cache
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from starlette.datastructures import Headers
from starlette.requests import Request

from weather.upstream.types import Requester

Address = IPv4Address | IPv6Address

FORWARDED_FOR = re.compile(r'\bfor="?\[?([0-9a-fA-F.:]+)', re.IGNORECASE)
"""A node of RFC 7239, 4: an address, in brackets and quotes when it is of IPv6."""

FORWARDED_PROTO = re.compile(r'\bproto="?(https?)\b', re.IGNORECASE)
BRACKETED, WITH_PORT = re.compile(r"\[([^\]]*)\](?::\d+)?"), re.compile(r"([\d.]+):\d+")

MOST_HOPS = 10
"""Proxies of ours that may stand one behind the other: what is written further to the left is not read."""

LONGEST_HOP = 300
"""Characters of one hop that are read: an element of `Forwarded` with host and protocol is shorter."""

HOUSEHOLD = 64
"""The bits of an IPv6 address that one customer has; the rest he may choose at will."""


def requester_of(request: Request, trusted: Sequence[str]) -> Requester:
    """Who asks. What else than `only-if-cached` a client says to caches costs no upstream call."""
    may_ask = "only-if-cached" not in request.headers.get("cache-control", "").lower()
    peer = request.client.host if request.client else ""
    calls = request.scope.setdefault("weather.calls", [])
    return Requester(client_of(peer, request.headers, trusted), may_ask, calls=calls)


def client_of(peer: str, headers: Headers, trusted: Sequence[str]) -> str:
    """The nearest address that is not one of our proxies; forwarding headers count only from those.

    Of the two kinds, `Forwarded` and `X-Forwarded-For`, a proxy writes one and may pass on the other as a client made
    it up. Nothing tells them apart: where they name different clients neither is believed, and the proxy is the client.
    """
    nearest = address(peer)
    if nearest is None or not is_ours(nearest, trusted):
        return named(nearest)
    clients = {named(outermost(nearest, hops, trusted)) for hops in (x_hops(headers), forwarded_hops(headers)) if hops}
    return clients.pop() if len(clients) == 1 else named(nearest)


def outermost(peer: Address, hops: Sequence[str], trusted: Sequence[str]) -> Address:
    """From the proxy of ours that speaks to us outward, the first address that is none of ours.

    A hop that is no address, such as `unix:` or `unknown`, ends the way: whoever wrote it down is the client.
    """
    client = peer
    for hop in reversed(hops):
        found = address(hop)
        if found is None:
            return client
        client = found
        if not is_ours(client, trusted):
            return client
    return client


def scheme_of(request: Request, trusted: Sequence[str]) -> str:
    """How the visitor came here: as a proxy of ours says, else as he came to us.

    As in `client_of`, what disagrees is in part the client's. HTTPS is taken then, for what shared caches keep must
    not lead anybody back to plain HTTP.
    """
    peer, headers = address(request.client.host if request.client else ""), request.headers
    if peer is None or not is_ours(peer, trusted):
        return request.url.scheme
    lines = [*elements(headers, "forwarded"), *("proto=" + one for one in elements(headers, "x-forwarded-proto"))]
    told = {found[1].lower() for line in lines if (found := FORWARDED_PROTO.search(line))}
    return "https" if "https" in told else "http" if told else request.url.scheme


def x_hops(headers: Headers) -> list[str]:
    """What is written down in X-Forwarded-For, the nearest last."""
    return elements(headers, "x-forwarded-for")


def forwarded_hops(headers: Headers) -> list[str]:
    """The nodes in Forwarded (RFC 7239), the nearest last; "" for one that is no address."""
    found = (FORWARDED_FOR.search(hop) for hop in elements(headers, "forwarded"))
    return [node[1] if node else "" for node in found]


def elements(headers: Headers, name: str) -> list[str]:
    """The last few elements of a list in a header, of several lines of it too; one that is far too long is a "?"."""
    found = ",".join(headers.getlist(name)).rsplit(",", MOST_HOPS)[-MOST_HOPS:]
    return [one.strip() if len(one) <= LONGEST_HOP else "?" for one in found if one.strip()]


def is_ours(one: Address, trusted: Sequence[str]) -> bool:
    """Whether an address is that of a proxy that the operator trusts."""
    return any(one in network for network in networks(tuple(trusted)))


@lru_cache(4)
def networks(trusted: tuple[str, ...]) -> tuple[IPv4Network | IPv6Network, ...]:
    return tuple(ip_network(network, strict=False) for network in trusted)


def address(text: str) -> Address | None:
    """The address in a text, without a port; None if it is none."""
    bare = text.strip()
    if found := BRACKETED.fullmatch(bare) or WITH_PORT.fullmatch(bare):
        bare = found[1]
    try:
        one = ip_address(bare)
    except ValueError:
        return None
    return getattr(one, "ipv4_mapped", None) or one


def named(one: Address | None) -> str:
    if isinstance(one, IPv6Address):
        return str(ip_network((one, HOUSEHOLD), strict=False).network_address)
    return str(one or "")
