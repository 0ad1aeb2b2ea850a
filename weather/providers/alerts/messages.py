"""What the sources' messages have in common (CAP 1.2: the Common Alerting Protocol), and what they mean together. Pure.

A source turns its answer into messages; whether one is a test, what it replaces, when it begins and how bad it is are
worked out here, for all of them.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from hashlib import blake2b
from typing import Any, Generic, Protocol, TypeVar

from msgspec import Struct

from weather.domain.alerts import HIGHER
from weather.domain.model import CERTAINTIES, SEVERITIES, URGENCIES, Alert, Coordinates
from weather.domain.text import heading, label, paragraph
from weather.providers.common import unix_seconds

TEST = re.compile(
    r"\W*(?:test message|this[ _]message[ _]is[ _]for[ _]test|this[ _]is[ _]a[ _]test)(?![a-z])", re.IGNORECASE
)
"""How the event, headline or text of a message begins that is a test, whatever its status says."""

CANCEL, NOT_WARNING = "cancel", frozenset({"cancel", "ack", "error"})
"""Types of messages that do not warn. A cancellation takes back those that it refers to."""

GREEN = 1
LEVELS = {2: ("yellow", "moderate"), 3: ("orange", "severe"), 4: ("red", "extreme")}
"""Colour and CAP's word of the levels of awareness in Europe. The services' own words are at times wrong."""

MOST, MOST_AREAS = 100, 100
"""Messages of a point, and names of areas of each."""

HARD_BREAK = re.compile(r"(?<=[^\n])\n(?=[^\n*•-])")
"""A line break within a paragraph, as telex had them after 70 letters."""


def is_all_clear(response: str | None) -> bool:
    """Whether a message's response type says that the event no longer poses a threat (OASIS CAP 1.2, 3.2.2)."""
    return (response or "").strip().lower() == "allclear"


class Cap(Struct):
    """The members that several sources call as CAP does; times are ISO 8601 with an offset."""

    status: str | None = None
    sent: str | None = None
    effective: str | None = None
    onset: str | None = None
    expires: str | None = None
    ends: str | None = None
    event: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    severity: str | None = None
    urgency: str | None = None
    certainty: str | None = None


class Words(Struct, omit_defaults=True, kw_only=True):
    """What a message says, in one language (two letters). Times in Unix seconds, None where they are not known.

    `key` tells it from all others of its source, and stays as it is renewed. `level` is one of LEVELS; else CAP's
    `severity` counts.
    """

    key: str
    sender: str
    event: str | None = None
    texts: Sequence[str | None] = ()
    language: str = "en"
    begins: float | None = None
    ends: float | None = None
    level: int = 0
    severity: str | None = None
    urgency: str | None = None
    certainty: str | None = None
    tags: Sequence[str] = ()
    areas: Sequence[str | None] = ()


T = TypeVar("T")
W = TypeVar("W")


@dataclass(frozen=True, slots=True, kw_only=True)
class Message(Generic[W]):
    """A message: what it says, in each of its languages, when it was sent (Unix seconds), and what it replaces.

    `replaces` has the `id` of each message that it refers to. `series` is what it has in common with those that renew
    it; "" if nothing. One that does not warn may take back others; one that is not real takes back none.
    """

    words: Sequence[W]
    id: str = ""
    sent: float = 0.0
    replaces: frozenset[str] = frozenset()
    series: str = ""
    is_real: bool = True
    warns: bool = True


M = TypeVar("M", bound=Message[Any])
Messages = Sequence[Message[Words] | None]
"""Those of an answer; None for each that cannot be read or says nothing."""


@dataclass(frozen=True, slots=True)
class Found:
    """The warnings of an answer. `is_whole`: whether all that came could be read.

    `elsewhere_until`: until when, in Unix seconds, warnings of the country last of which it is not known whether they
    are for the point.
    """

    alerts: Sequence[Alert]
    is_whole: bool = True
    elsewhere_until: float = 0.0

    @property
    def holds(self) -> bool:
        """Whether it tells anything: warnings, or that there are none. One of which nothing could be read does not."""
        return self.is_whole or bool(self.alerts)

    def at(self, point: Coordinates) -> "Found":
        """Those for a point: an answer of a point's own has no others."""
        return self


class AnyFound(Protocol):
    """The warnings of an answer, which may be for other points too."""

    def at(self, point: Coordinates) -> Found: ...


Same = Callable[[Message[Words], Message[Words]], bool]
"""Whether the second message renews the first, which is older, without naming it."""


def is_renewed(old: Message[Words], new: Message[Words]) -> bool:
    """Whether two are of one series."""
    return old.series == new.series != ""


def find_warnings(messages: Messages, is_same: Same, tz: tzinfo, came_at: float) -> Found:
    """The warnings of a point's messages that nothing replaces, in each of their languages."""
    readable = [message for message in messages[:MOST] if message and (message.words or not message.warns)]
    lasting = newest_of_each(unreplaced(readable), is_same)
    in_force = (message for message in readable if message.warns and any(message is other for other in lasting))
    return Found(
        [alert(words, tz, came_at) for message in in_force for words in message.words], len(readable) == len(messages)
    )


def unreplaced(messages: Iterable[M]) -> Iterator[M]:
    """Of the real messages, the newest first, those that no later one refers to.

    Of those sent at once the one that names another comes first.
    """
    replaced = set[str]()
    real = [message for message in messages if message.is_real]
    for message in sorted(real, key=lambda each: (-each.sent, -len(each.replaces))):
        is_replaced = message.id in replaced
        replaced |= message.replaces - {message.id, ""}
        if not is_replaced:
            yield message


def newest_of_each(messages: Iterable[Message[Words]], is_same: Same) -> list[Message[Words]]:
    """Of messages, the newest first, those that no later one renews without naming it."""
    newest = list[Message[Words]]()
    for message in messages:
        if not any(is_same(message, newer) for newer in newest):
            newest.append(message)
    return newest


def is_real(status: str | None, *beginnings: str | None) -> bool:
    """Whether a message is no test, exercise or draft. In doubt it is real: one too many does less harm."""
    return (status or "actual").strip().lower() == "actual" and not any(TEST.match(text or "") for text in beginnings)


def is_cap_real(cap: Cap) -> bool:
    """The same by CAP's own members."""
    return is_real(cap.status, cap.event, cap.headline, cap.description)


def first(*values: T | None) -> T | None:
    """The first that is known."""
    return next((value for value in values if value is not None), None)


def begin_of(cap: Cap) -> float | None:
    """When a hazard begins, in Unix seconds."""
    return first(unix_seconds(cap.onset), unix_seconds(cap.effective), unix_seconds(cap.sent))


def end_of(cap: Cap) -> float | None:
    """When a hazard ends, in Unix seconds; where that is not told its message's end: hazards outlast these."""
    return first(unix_seconds(cap.ends), unix_seconds(cap.expires))


def number(text: str | None) -> str:
    """The number that a level or kind of awareness begins with, which alone is stable: "3; orange; Severe"."""
    digits = (text or "").partition(";")[0].strip()
    return digits if digits.isascii() and digits.isdigit() else ""


def awareness(text: str | None) -> int:
    """A level of awareness: 1 green, 2 yellow, 3 orange, 4 red; 0 where it is not known."""
    level = number(text)
    return int(level) if level in ("1", "2", "3", "4") else 0


def flowed(text: str | None) -> str:
    """A text whose paragraphs are lines, however wide it was set."""
    return HARD_BREAK.sub(" ", "\n".join(line.strip() for line in (text or "").splitlines())).strip()


def words_of(cap: Cap, **more: Any) -> Words:
    """The words of a message that names its times and how bad it is as CAP does, with the other fields of Words."""
    taken = {"begins": begin_of(cap), "ends": end_of(cap)}
    taken |= {name: getattr(cap, name) for name in ("severity", "urgency", "certainty")}
    return Words(**taken | more)


def alert(words: Words, tz: tzinfo, came_at: float) -> Alert:
    """The alert that words make, for a zone; it begins when it came (Unix seconds) if nobody says when.

    Where no end is known it is the beginning, which `Alert.ends_at` says to mean that.
    """
    colour, severity = LEVELS.get(words.level, ("", words.severity))
    event = words.event or ""
    marked = f"{event} ({colour})" if event and colour and not HIGHER.search(event) else event
    text, is_cut = paragraph("\n\n".join(filter(None, map(flowed, words.texts))))
    digest = blake2b(f"{words.sender}\0{words.key}".encode(errors="replace"), digest_size=8).hexdigest()
    begins = datetime.fromtimestamp(came_at if words.begins is None else words.begins, tz)
    ends = begins if words.ends is None else datetime.fromtimestamp(words.ends, tz)
    tags = tuple(filter(None, map(label, words.tags)))
    whole = Alert(
        digest, heading(marked), heading(words.sender), begins, ends, text, tags, is_cut, language=words.language
    )
    return replace(
        whole,
        severity=word_of(severity, SEVERITIES),
        urgency=word_of(words.urgency, URGENCIES),
        certainty=word_of(words.certainty, CERTAINTIES),
        areas=tuple(filter(None, map(label, words.areas[:MOST_AREAS]))) or None,
    )


def word_of(text: str | None, words: Sequence[str]) -> str | None:
    """CAP's word as the model spells it; None if it is none of these."""
    word = (text or "").strip().lower()
    return word if word in words else None
