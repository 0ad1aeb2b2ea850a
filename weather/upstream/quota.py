"""What a call costs, and which budgets it draws on. Pure: the time is passed in.

A budget is a row of units, each of which counts until a time: a minute after it was spent, the end of the UTC day, the
end of the UTC month. So one rule serves sliding and calendar windows alike: no more than the limit may count at once.
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from ipaddress import IPv6Address, ip_address, ip_network
from operator import itemgetter

from weather.upstream.types import Endpoint

Usage = list[tuple[float, float]]
"""(counts until, amount), in order of time."""

AMOUNT = itemgetter(1)

SLIDING = {"minute": 61.0, "hour": 3601.0}
"""A second more than they are called, for calls do not take the same time to arrive."""

BUCKETS = 100
"""A sliding window is counted in so many steps, rounded up, so that a row stays short however large its limit."""

RESET_LATE = 300.0
"""OpenWeatherMap's day begins anew up to five minutes after midnight (https://openweathermap.org/faq)."""

CLIENT_SHARE, SITE_SHARE = 2 / 3, 5 / 6
"""The part of the calls of any window that one client may cause; and all clients of one IPv6 site together."""

SITE = 48
"""The bits of an IPv6 address that a site is given, and has 65,536 networks of clients in (RFC 6177)."""


@dataclass(frozen=True, slots=True)
class Quota:
    """At most `limit` calls in a window (minute, hour, day, month); of some products only, if they are named."""

    name: str
    limit: float
    window: str
    products: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Charge:
    """What one call takes from one budget: an amount that counts until a time, out of a limit."""

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
    """When a unit that is spent now ceases to count."""
    if seconds := SLIDING.get(window):
        step = seconds / BUCKETS
        return math.ceil((now + seconds) / step) * step
    midnight = datetime.fromtimestamp(now, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
    if window == "day":
        return (midnight + timedelta(days=1)).timestamp() + RESET_LATE
    return (midnight.replace(day=1) + timedelta(days=32)).replace(day=1).timestamp()


def charges_for(quotas: Iterable[Quota], endpoint: Endpoint, client: str, now: float) -> list[Charge]:
    """What a call to that endpoint takes from each budget it draws on: everybody's, the client's own, its site's."""
    due = [one for one in quotas if one.products is None or endpoint.product in one.products]
    charges = [Charge(one.name, endpoint.cost, expires_at(one.window, now), one.limit) for one in due]
    own = [
        replace(charge, budget=f"client {name} {charge.budget}", limit=client_limit(charge.limit, part))
        for name, part in client_parts(client).items()
        for charge in charges
    ]
    return charges + own


def client_parts(client: str) -> dict[str, float]:
    """Under what names (without an address in them) a client's calls are counted, and out of which part of them all."""
    parts = {client: CLIENT_SHARE, site(client): SITE_SHARE}
    return {blake2b(name.encode(), digest_size=8).hexdigest(): part for name, part in parts.items() if name}


def site(client: str) -> str:
    """The IPv6 site (`2001:db8:7::/48`) that a client's address lies in; nothing for any other client."""
    try:
        address = ip_address(client)
    except ValueError:
        return ""
    return str(ip_network((address, SITE), strict=False)) if isinstance(address, IPv6Address) else ""


def client_limit(limit: float, part: float = CLIENT_SHARE) -> float:
    """So many of the calls that are allowed; one at least."""
    return max(1.0, math.floor(limit * part))


LISTS_AN_HOUR = 20.0
"""Lists of saved places that one client may begin in an hour: there may be many people behind one address."""


def list_charge(client: str, now: float) -> Charge:
    """What a new list of saved places takes from its client."""
    digest = blake2b(client.encode(), digest_size=8).hexdigest()
    return Charge(f"client {digest} lists", 1.0, expires_at("hour", now), LISTS_AN_HOUR)


def is_clients(budget: str) -> bool:
    """Whether a budget is one client's own, or that of its site."""
    return budget.startswith("client ")


def live_usage(row: Usage, now: float, until: float) -> Usage:
    """The units that still count. One that would count longer than one spent now is from before the clock was set
    back: it counts as one spent now."""
    live = row[bisect_right(row, (now, math.inf)) :]
    while live and live[-1][0] > until:
        live = add_usage(live[:-1], until, live[-1][1])
    return live


def add_usage(row: Usage, until: float, amount: float) -> Usage:
    """The row with so much more that counts until then, which is no earlier than all of it, or as late as some."""
    place = bisect_left(row, (until, -math.inf))
    same = row[place][1] if place < len(row) and row[place][0] == until else 0.0
    return [*row[:place], (until, same + amount), *row[place + (same > 0) :]]


def try_charge(rows: Mapping[str, Usage], charges: Sequence[Charge], now: float) -> dict[str, Usage] | QuotaRefusal:
    """The rows after these draws; or, with nothing drawn, the first budget that does not hold so much."""
    new: dict[str, Usage] = {}
    for charge in charges:
        row = live_usage(rows.get(charge.budget, []), now, charge.until)
        over = sum(map(AMOUNT, row)) + charge.amount - charge.limit
        if over > 1e-9:
            return QuotaRefusal(charge.budget, seconds_until_free(row, over, now))
        new[charge.budget] = add_usage(row, charge.until, charge.amount)
    return new


def live_amount(row: Usage, now: float) -> float:
    """How much of a row still counts."""
    return sum(amount for end, amount in row if end > now)


def seconds_until_free(row: Usage, over: float, now: float) -> float:
    """Seconds until enough units have ceased to count."""
    for end, amount in row:
        over -= amount
        if over <= 1e-9:
            return end - now
    return row[-1][0] - now if row else SLIDING["minute"]
