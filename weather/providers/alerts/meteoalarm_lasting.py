"""Which parts of a feed of MeteoAlarm are in force or to come: most are expired, replaced or green. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from weather.domain.alerts import is_cancellation
from weather.providers.alerts.messages import (
    GREEN,
    NOT_WARNING,
    Message,
    awareness,
    begin_of,
    end_of,
    first,
    is_all_clear,
    is_real,
    number,
    unreplaced,
)
from weather.providers.alerts.meteoalarm_wire import Alert, Area, Info
from weather.providers.common import unix_seconds

MOST_CLAIMS = 100
"""Newer parts of one kind and area with which an older one is compared: each feed takes a bounded time."""

MOST_AHEAD = 3_600.0
"""Seconds by which a sender's clock may be ahead of ours."""

DAY = 86_400.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent(Message[Info]):
    """A message and who sent it. It has a part for each language."""

    sender: str


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when a warning is, in Unix seconds; `ends` is None where that is not known."""

    begins: float
    ends: float | None

    @property
    def last(self) -> float:
        """Its end; where that is not known, or lies before the beginning, until a day after that."""
        return self.begins + DAY if self.ends is None or self.ends < self.begins else self.ends


def message_of(alert: Alert) -> Sent | None:
    """Return a message; None if a part of it cannot be read or says nothing."""
    kind = (alert.msg_type or "").strip().lower()
    infos = [info for info in alert.info or () if info and (info.event or info.headline or info.description)]
    if kind not in NOT_WARNING and not len(alert.info or ()) == len(infos) > 0:
        return None
    references = [reference.split(",") for reference in (alert.references or "").split()]
    return Sent(
        words=infos,
        sender=alert.sender or "",
        id=f"{alert.sender or ''},{alert.identifier or ''}",
        sent=unix_seconds(alert.sent) or 0.0,
        replaces=frozenset(",".join(parts[:2]) for parts in references if kind not in ("ack", "error")),
        is_real=all(is_real(alert.status, info.event, info.headline, info.description) for info in infos or [Info()]),
        warns=kind not in NOT_WARNING,
    )


def lasting(messages: Sequence[Sent], now: float) -> Iterator[tuple[Sent, Info, Window]]:
    """The parts of messages that warn, are not over, and that nothing replaces.

    Some services replace a message without naming it: so also what a newer one of the same sender says of the same
    kind and areas, for all the time that is left, replaces it; be it that there is nothing to be warned of.
    """
    claims = defaultdict[tuple[str, str, str], list[tuple[float, Window]]](list)
    for message in unreplaced(messages):
        is_dated = 0 < message.sent < now + MOST_AHEAD  # else it is no newer or older than others
        sent = message.sent if is_dated else now
        for info in message.words if message.warns else ():
            window = window_of(message, info, now)
            is_over = window.last <= now or window.ends == window.begins
            others = [claims[key] for key in keys_of(message, info)] if is_dated else []
            if not is_over and warns(info) and not is_claimed(others, sent, window, now):
                yield message, info, window
            for claim in others:
                claim += [(sent, window)] if len(claim) < MOST_CLAIMS else []


def window_of(message: Sent, info: Info, now: float) -> Window:
    """When a warning is. A hazard may outlast its message, where its end is told as a parameter."""
    begins = first(begin_of(info), message.sent or None, now)
    return Window(
        now if begins is None else begins, first(unix_seconds(parameter(info, "eventEndingTime")), end_of(info))
    )


def parameter(info: Info, name: str) -> str:
    """A parameter of a message, "" if it is missing."""
    return next(
        (pair.value for pair in info.parameter or () if pair and pair.value_name == name and pair.value),
        "",
    )


def level_of(info: Info) -> int:
    """Its level of awareness; 0 where it is not known."""
    return awareness(parameter(info, "awareness_level"))


def kind_of(info: Info) -> str:
    """The number of what is warned of; "" where it is not known."""
    return number(parameter(info, "awareness_type"))


def warns(info: Info) -> bool:
    """Whether a part warns: green, "all clear" and "cancelled" say that there is nothing to be warned of."""
    is_over = is_cancellation(info.event) or is_cancellation(info.headline)
    return level_of(info) != GREEN and not is_over and not any(map(is_all_clear, info.response_type or ()))


def keys_of(message: Sent, info: Info) -> list[tuple[str, str, str]]:
    """Sender, kind and each area of a part: by its codes, of several registries, else by its outline or name."""
    kind, areas = kind_of(info), [name for area in info.area or () for name in names_of(area)]
    return [(message.sender, kind, area) for area in areas] if kind and all(areas) else []


def names_of(area: Area | None) -> list[str]:
    """What tells an area from others; "" if nothing does."""
    codes = [
        f"{code.value_name}\0{code.value}" for code in (area.geocode if area else None) or () if code and code.value
    ]
    return codes or [str((area.polygon or area.area_desc or "") if area else "")]


def is_claimed(claims: Sequence[Sequence[tuple[float, Window]]], sent: float, window: Window, now: float) -> bool:
    """Whether for each of the areas a newer message says something of all the time that is left."""
    begins = max(window.begins, now)
    return bool(claims) and all(
        any(later > sent and earlier.begins <= begins and earlier.last >= window.last for later, earlier in claim)
        for claim in claims
    )
