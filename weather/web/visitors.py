"""Who asks: the address that a call is counted against, and whether upstream may be asked at all. Pure."""

import re
from collections.abc import Mapping, Sequence
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from starlette.requests import Request

from weather.exchange import Visitor

Address = IPv4Address | IPv6Address

FORWARDED_FOR = re.compile(r'\bfor="?\[?([0-9a-fA-F.:]+)', re.IGNORECASE)
"""A node of RFC 7239, 4: an address, in brackets and quotes when it is of IPv6."""

FORWARDED_PROTO = re.compile(r'\bproto="?(https?)\b', re.IGNORECASE)
HOUSEHOLD = 64
"""The bits of an IPv6 address that one customer has; the rest he may choose at will."""


def visitor_of(request: Request, trusted: Sequence[str]) -> Visitor:
    """Who asks. What else than `only-if-cached` a client says to caches costs no upstream call."""
    may_ask = "only-if-cached" not in request.headers.get("cache-control", "").lower()
    peer = request.client.host if request.client else ""
    return Visitor(client_of(peer, request.headers, trusted), may_ask)


def client_of(peer: str, headers: Mapping[str, str], trusted: Sequence[str]) -> str:
    """The nearest address that is not one of our proxies; forwarding headers count only from those."""
    chain = [address(peer), *reversed([address(hop) for hop in hops(headers)])]
    for one in chain[:-1]:
        if one is None or not any(one in ip_network(network, strict=False) for network in trusted):
            return named(one)
    return named(chain[-1])


def scheme_of(request: Request, trusted: Sequence[str]) -> str:
    """How the visitor came here: as a proxy of ours says, else as he came to us."""
    peer, headers = address(request.client.host if request.client else ""), request.headers
    told = FORWARDED_PROTO.search(headers.get("forwarded", "proto=" + headers.get("x-forwarded-proto", "")))
    is_ours = peer is not None and any(peer in ip_network(network, strict=False) for network in trusted)
    return told[1].lower() if told and is_ours else request.url.scheme


def hops(headers: Mapping[str, str]) -> list[str]:
    """The addresses that proxies wrote down, the nearest last."""
    if forwarded := headers.get("forwarded"):
        return FORWARDED_FOR.findall(forwarded)
    return [hop for hop in headers.get("x-forwarded-for", "").split(",") if hop.strip()]


def address(text: str) -> Address | None:
    """The address in a text, without a port; None if it is none."""
    bare = re.sub(r"^\[(.*)\](?::\d+)?$|^([\d.]+):\d+$", lambda found: found[1] or found[2], text.strip())
    try:
        return ip_address(bare)
    except ValueError:
        return None


def named(one: Address | None) -> str:
    if isinstance(one, IPv6Address) and one.ipv4_mapped is None:
        return str(ip_network((one, HOUSEHOLD), strict=False).network_address)
    return str(getattr(one, "ipv4_mapped", None) or one or "")
