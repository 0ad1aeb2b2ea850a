"""A feed of MeteoAlarm (https://feeds.meteoalarm.org): all messages of a country, and what of them may be in force.

The feed is a stream of messages (CAP 1.2), not the list of what is in force: most are expired, replaced, or say that
there is nothing to be warned of. A message has a part for each language. Few areas come with an outline; the others
are told by codes alone, and where those lie is not known here. Pure.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC

import msgspec
from msgspec import Struct

from weather.errors import UpstreamInvalid
from weather.providers.alerts.messages import NOT_WARNING, first, is_real, moment, seconds
from weather.providers.alerts.meteoalarm_wire import MOST, Area, Feed, Info, Message, read_feed
from weather.providers.alerts.outline import Outline, outline

MOST_KEPT, MOST_BYTES = 2_000, 4 * 2**20
"""Of the parts that are kept with their outlines; of the others it is kept that there are some."""

MOST_CLAIMS = 100
"""Newer parts of one kind and area with which an older one is compared: each feed takes a bounded time."""

MOST_AHEAD = 3_600.0
"""Seconds by which a sender's clock may be ahead of ours."""

DAY = 86_400.0
GREEN = 1


class Part(Struct, omit_defaults=True):
    """A warning in one language. Times in Unix seconds; `level` 2 to 4, or 0 where it is not known; `kind` 1 to 13, as
    text; `outlines`: by their numbers in the index.
    """

    key: str
    sender: str
    language: str
    begins: float
    level: int = 0
    ends: float | None = None
    sent: float | None = None
    kind: str = ""
    event: str = ""
    texts: list[str] = []
    severity: str | None = None
    urgency: str | None = None
    certainty: str | None = None
    areas: list[str] = []
    outlines: list[int] = []


class Index(Struct):
    """What may be in force in a country. `elsewhere_until`: until when warnings last of which it is not known where
    they are, in Unix seconds. `is_whole`: whether all that came could be read.
    """

    warnings: list[Part]
    outlines: list[Outline]
    elsewhere_until: float = 0.0
    is_whole: bool = True


@dataclass(frozen=True, slots=True)
class Window:
    """From when to when a warning is, in Unix seconds; `ends` is None where that is not known."""

    begins: float
    ends: float | None

    @property
    def last(self) -> float:
        """Its end; else until a day after the beginning."""
        return self.begins + DAY if self.ends is None else self.ends


def condense(body: bytes, now: float) -> bytes:
    """Return the index of a feed, as JSON. `now` in Unix seconds. Raises UpstreamInvalid if it cannot be read."""
    try:
        feed = read_feed(body.decode("utf-8-sig", "replace").encode())  # a broken letter costs itself
    except (msgspec.DecodeError, RecursionError):
        raise UpstreamInvalid("no list of warnings under status 200") from None
    return msgspec.json.encode(index_of(feed, now))


def index_of(feed: Feed, now: float) -> Index:
    """What of a feed is in force or to come."""
    index, numbers, size = Index([], []), dict[str, int](), 0
    messages = [warning.alert for warning in feed.warnings if warning and says_something(warning.alert)]
    index.is_whole = len(messages) == len(feed.warnings) < MOST
    for message, info, window in lasting(messages, now):
        areas = [one for one in info.area or () if one]
        drawn = [(area, shapes) for area in areas if (shapes := outlines_of(area))]
        size += len(info.description or "") + len(info.instruction or "")
        size += sum(len(text) for _, shapes in drawn for text in shapes if text not in numbers)
        is_kept = len(index.warnings) < MOST_KEPT and size < MOST_BYTES
        if not areas or len(drawn) < len(areas) or not is_kept:
            index.elsewhere_until = max(index.elsewhere_until, window.last)
        if drawn and is_kept:
            part = part_of(message, info, window)
            part.areas = [one.area_desc or "" for one, _ in drawn]
            part.outlines = [
                number_of(text, one, index, numbers) for _, shapes in drawn for text, one in shapes.items()
            ]
            index.warnings.append(part)
    return index


def number_of(text: str, area: Outline, index: Index, numbers: dict[str, int]) -> int:
    """The number of an outline in the index: the languages of a warning have the same."""
    if text not in numbers:
        numbers[text] = len(index.outlines)
        index.outlines.append(area)
    return numbers[text]


def outlines_of(area: Area) -> dict[str, Outline]:
    """The polygons of an area, by their texts; none unless all can be read."""
    texts = [area.polygon] if isinstance(area.polygon, str) else area.polygon or []
    drawn = {text or "": outline(text or "") for text in texts}
    outlines = {text: one for text, one in drawn.items() if one}
    return outlines if len(outlines) == len(drawn) else {}


def says_something(message: Message) -> bool:
    infos = [one for one in message.info or () if one and (one.event or one.headline or one.description)]
    is_short = len(infos) < len(message.info or ())
    return bool(infos and not is_short) or (message.msg_type or "").strip().lower() in NOT_WARNING


def lasting(messages: Sequence[Message], now: float) -> Iterator[tuple[Message, Info, Window]]:
    """The parts of messages that warn, are not over, and that nothing replaces.

    Some services replace a message without naming it: so also what a newer one of the same sender says of the same
    kind and areas, for all the time that is left, replaces it; be it that there is nothing to be warned of.
    """
    claims = defaultdict[tuple[str, str, str], list[tuple[float, Window]]](list)
    for message in unreplaced(messages):
        sent = sent_at(message, now)
        for info in filter(None, message.info or ()):
            window = window_of(message, info, now)
            keys = keys_of(message, info)
            is_over = window.last <= now or (window.ends is not None and window.ends <= window.begins)
            others = [claims[key] for key in keys] if sent is not None else []
            if not is_over and warns(info) and not is_claimed(others, sent or now, window, now):
                yield message, info, window
            for claim in others:
                claim += [(sent or now, window)] if len(claim) < MOST_CLAIMS else []


def unreplaced(messages: Sequence[Message]) -> Iterator[Message]:
    """Of the real messages, the newest first, those that no later one refers to, and that are not cancellations."""
    real = [message for message in messages if is_real(message.status, *beginnings(message))]
    replaced = set[tuple[str, str]]()
    for one in sorted(real, key=lambda one: (-seconds(one.sent), -len(one.references or ""))):
        is_replaced = (one.sender or "", one.identifier or "") in replaced
        kind = (one.msg_type or "").strip().lower()
        if kind not in ("ack", "error"):
            references = (reference.split(",") for reference in (one.references or "").split())
            replaced |= {(reference[0], reference[1]) for reference in references if len(reference) > 1}
        if not is_replaced and kind not in NOT_WARNING:
            yield one


def sent_at(message: Message, now: float) -> float | None:
    """When a message was sent; None if that is not known, or cannot be: then it is no newer or older than others."""
    sent = seconds(message.sent)
    return sent if 0 < sent < now + MOST_AHEAD else None


def beginnings(message: Message) -> list[str | None]:
    return [text for one in message.info or () if one for text in (one.event, one.headline, one.description)]


def window_of(message: Message, info: Info, now: float) -> Window:
    """When a warning is. A hazard may outlast its message, where its end is told as a parameter."""
    begins = first(*(moment(text, UTC) for text in (info.onset, info.effective, message.sent)))
    ends = first(moment(parameter(info, "eventEndingTime"), UTC), moment(info.expires, UTC))
    return Window(begins.timestamp() if begins else now, ends.timestamp() if ends else None)


def parameter(info: Info, name: str) -> str:
    """A parameter of a message, "" if it is missing."""
    return next((one.value for one in info.parameter or () if one and one.value_name == name and one.value), "")


def number(text: str) -> str:
    """The number that a level or kind begins with, which alone is stable: "3; orange; Severe"."""
    digits = text.partition(";")[0].strip()
    return digits if digits.isascii() and digits.isdigit() else ""


def level_of(info: Info) -> int:
    """1 green, 2 yellow, 3 orange, 4 red; 0 where it is not known."""
    level = number(parameter(info, "awareness_level"))
    return int(level) if level in ("1", "2", "3", "4") else 0


def warns(info: Info) -> bool:
    """Whether a part warns: green and "all clear" say that there is nothing to be warned of."""
    return level_of(info) != GREEN and "allclear" not in [
        (one or "").strip().lower() for one in info.response_type or ()
    ]


def keys_of(message: Message, info: Info) -> list[tuple[str, str, str]]:
    """Sender, kind and each area of a part: by its codes, of several registries, else by its outline or name."""
    kind = number(parameter(info, "awareness_type"))
    areas = [name for one in info.area or () for name in names_of(one)]
    return [(message.sender or "", kind, area) for area in areas] if kind and all(areas) else []


def names_of(area: Area | None) -> list[str]:
    """What tells an area from others; "" if nothing does."""
    codes = [f"{one.value_name}\0{one.value}" for one in (area.geocode if area else None) or () if one and one.value]
    return codes or [str((area.polygon or area.area_desc or "") if area else "")]


def is_claimed(claims: Sequence[Sequence[tuple[float, Window]]], sent: float, window: Window, now: float) -> bool:
    """Whether for each of the areas a newer message says something of all the time that is left."""
    begins = max(window.begins, now)
    return bool(claims) and all(
        any(later > sent and one.begins <= begins and one.last >= window.last for later, one in claim)
        for claim in claims
    )


def part_of(message: Message, info: Info, window: Window) -> Part:
    """A part of a message as it is kept. The languages of a message have one sender and one key."""
    kind = number(parameter(info, "awareness_type"))
    senders = [one.sender_name for one in message.info or () if one and one.sender_name]
    return Part(
        key=f"{message.sender}\0{kind or info.event}\0{level_of(info)}\0{window.begins:.0f}",
        sender=senders[0] if senders else "MeteoAlarm",
        language=(info.language or "").strip()[:2].lower(),
        begins=window.begins,
        level=level_of(info),
        ends=window.ends,
        sent=seconds(message.sent) or None,
        kind=kind,
        event=info.event or info.headline or "",
        texts=[text for text in (info.description or info.headline, info.instruction) if text],
        severity=info.severity,
        urgency=info.urgency,
        certainty=info.certainty,
    )
