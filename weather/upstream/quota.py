"""Decides which quotas a call is charged to, and whether they allow it. Pure: the time is passed in.

The rules:

1. Usage is a list of (expires_at, amount). An amount counts until it expires.
2. A charge is allowed if the amounts that count, and its own, do not exceed the limit. So one rule serves sliding
   windows (minute, hour) and calendar windows (day, month, in UTC).
3. A call is charged to every quota of its product, or to none if one of them refuses.
4. Of each of these one client may use two thirds, and all clients of one IPv6 site five sixths. Who has an access key
   with a name is one client wherever it calls from, and may use the share that is told for that name, if one is.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from operator import attrgetter, itemgetter

from weather.upstream.client_quota import ClientQuota
from weather.upstream.types import Endpoint

Usage = list[tuple[float, float]]
"""(expires_at in Unix seconds, amount), in order of time."""

AMOUNT = itemgetter(1)

TINY = 1e-9
"""Sums of amounts are equal if they differ by no more than this: amounts need not be whole."""

SLIDING = {"minute": 61.0, "hour": 3601.0}
"""Seconds; one more than the name says, for calls do not all take the same time to arrive."""

BUCKETS = 100
"""Expiry times in a sliding window are rounded up to one of so many, so that a usage stays short at any limit."""

RESET_LATE = 300.0
"""OpenWeatherMap's day begins anew up to five minutes after midnight (https://openweathermap.org/faq)."""

CLIENT_SHARE, SITE_SHARE = 2 / 3, 5 / 6
"""The parts of a quota that one client may use, and all clients of one IPv6 site together."""

SITE = 48
"""The prefix length, in bits, of an IPv6 site; it holds 65,536 networks of clients (RFC 6177)."""


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `limit` calls in a window (minute, hour, day, month), of the named products or of all."""

    name: str
    limit: float
    window: str
    products: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """What one call adds to one usage (`budget` is its name): an amount that counts until a time, within a limit."""

    budget: str
    amount: float
    until: float
    limit: float


@dataclass(frozen=True, slots=True)
class QuotaRefusal:
    """The quota (`budget`) that refuses the charge, and the seconds until it would allow it."""

    budget: str
    wait: float


def expires_at(window: str, now: float) -> float:
    """When an amount that is charged now expires, in Unix seconds."""
    if seconds := SLIDING.get(window):
        step = seconds / BUCKETS
        return math.ceil((now + seconds) / step) * step
    midnight = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if window == "day":
        return (midnight + timedelta(days=1)).timestamp() + RESET_LATE
    return (midnight.replace(day=1) + timedelta(days=32)).replace(day=1).timestamp()


def charges_for(
    quotas: Iterable[Quota], endpoint: Endpoint, client: str, now: float, share: float = CLIENT_SHARE
) -> list[Charge]:
    """The charges of one call to that endpoint: to everybody's quotas, to the client's part, and to its site's."""
    due = [quota for quota in quotas if quota.products is None or endpoint.product in quota.products]
    charges = [Charge(quota.name, endpoint.cost, expires_at(quota.window, now), quota.limit) for quota in due]
    own = [
        replace(charge, budget=f"client {name} {charge.budget}", limit=client_limit(charge.limit, part))
        for name, part in client_parts(client, share).items()
        for charge in charges
    ]
    return charges + own


def client_parts(client: str, share: float = CLIENT_SHARE) -> dict[str, float]:
    """The names, digests without an address, under which a client's calls are counted, each with its part."""
    parts = {client: share, site(client): SITE_SHARE}
    return {blake2b(name.encode(), digest_size=8).hexdigest(): part for name, part in parts.items() if name}


NAMED = "key:"


def named(name: str) -> str:
    """The client that stands for all who have an access key of that name."""
    return NAMED + name


def name_of(client: str) -> str:
    """The name of a client's access key; "" for a client that is an address."""
    return client.removeprefix(NAMED) if client.startswith(NAMED) else ""


def site(client: str) -> str:
    """The IPv6 site (`2001:db8:7::/48`) of a client's address; "" for any other client."""
    try:
        address = ip_address(client)
    except ValueError:
        return ""
    return str(ip_network((address, SITE), strict=False)) if isinstance(address, IPv6Address) else ""


def client_limit(limit: float, part: float = CLIENT_SHARE) -> float:
    """The limit of one client: this part of the whole limit, and at least one call."""
    return max(1.0, math.floor(limit * part))


def client_quota(quota: Quota, share: float, usage: Usage, now: float) -> ClientQuota:
    """What is left to a client of its share of a quota, of which `usage` still counts."""
    limit = client_limit(quota.limit, share)
    left = max(0, math.floor(limit - sum(map(AMOUNT, usage)) + TINY))
    resets_at = usage[0][0] if usage else expires_at(quota.window, now)
    return ClientQuota(quota.name, int(limit), quota.window, left, max(1, math.ceil(resets_at - now)))


LISTS_AN_HOUR, LISTS_OF_SITE = 20.0, 100.0
"""Lists of saved places that one client may begin in an hour: there may be many people behind one address; and those
that one IPv6 site may begin, which has addresses without end."""


def list_charges(client: str, now: float) -> list[Charge]:
    """The charges for a new list of saved places."""
    limits = {client: LISTS_AN_HOUR} | ({block: LISTS_OF_SITE} if (block := site(client)) else {})
    return [
        Charge(f"client {blake2b(who.encode(), digest_size=8).hexdigest()} lists", 1.0, expires_at("hour", now), limit)
        for who, limit in limits.items()
    ]


def is_clients(budget: str) -> bool:
    """Whether a budget belongs to one client or to one site."""
    return budget.startswith("client ")


def live_usage(usage: Usage, now: float, until: float) -> Usage:
    """The amounts that still count. `until` is the expiry of an amount charged now: a later one is dated in the
    future, because the clock was set back, and expires then too."""
    live = usage[bisect_right(usage, (now, math.inf)) :]
    while live and live[-1][0] > until:
        live = add_usage(live[:-1], until, live[-1][1])
    return live


def add_usage(usage: Usage, until: float, amount: float) -> Usage:
    """The usage with one more amount. `until` must be the latest expiry, or equal to one."""
    place = bisect_left(usage, (until, -math.inf))
    same = usage[place][1] if place < len(usage) and usage[place][0] == until else 0.0
    return [*usage[:place], (until, same + amount), *usage[place + (same > 0) :]]


def try_charge(usages: Mapping[str, Usage], charges: Sequence[Charge], now: float) -> dict[str, Usage] | QuotaRefusal:
    """The usages after these charges; or, with nothing charged, the refusal of the quota that refuses longest."""
    new: dict[str, Usage] = {}
    refusals: list[QuotaRefusal] = []
    for charge in charges:
        usage = live_usage(usages.get(charge.budget, []), now, charge.until)
        over = sum(map(AMOUNT, usage)) + charge.amount - charge.limit
        if over > TINY:
            refusals.append(QuotaRefusal(charge.budget, seconds_until_free(usage, over, now)))
        new[charge.budget] = add_usage(usage, charge.until, charge.amount)
    return max(refusals, key=attrgetter("wait")) if refusals else new


def live_amount(usage: Usage, now: float) -> float:
    """The sum of the amounts that still count."""
    return sum(amount for end, amount in usage if end > now)


def seconds_until_free(usage: Usage, over: float, now: float) -> float:
    """Seconds until so much of the usage has expired."""
    for end, amount in usage:
        over -= amount
        if over <= TINY:
            return end - now
    return usage[-1][0] - now if usage else SLIDING["minute"]
