"""What the sources' messages have in common (CAP: the Common Alerting Protocol). Pure."""

import re
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from hashlib import blake2b
from typing import Protocol

from weather.domain.model import CERTAINTIES, SEVERITIES, URGENCIES, Alert, Coordinates
from weather.domain.text import heading, label, paragraph

TEST = re.compile(
    r"\W*(?:test message|this[ _]message[ _]is[ _]for[ _]test|this[ _]is[ _]a[ _]test)(?![a-z])", re.IGNORECASE
)
"""How the event, headline or text of a message begins that is a test, whatever its status says."""

NOT_WARNING = frozenset({"cancel", "ack", "error"})
"""Types of messages that do not warn. A cancellation takes back those that it refers to."""

MOST_AREAS = 100

HARD_BREAK = re.compile(r"(?<=[^\n])\n(?=[^\n*•-])")
"""A line break within a paragraph, as telex had them after 70 letters."""


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


@dataclass(frozen=True, slots=True)
class Words:
    """What a message says, in one language (two letters), as it came."""

    event: str | None
    sender: str
    texts: tuple[str | None, ...]
    language: str
    tags: tuple[str, ...] = ()
    areas: Sequence[str] = ()
    severity: str | None = None
    urgency: str | None = None
    certainty: str | None = None


def is_real(status: str | None, *beginnings: str | None) -> bool:
    """Whether a message is no test, exercise or draft. In doubt it is real: one too many does less harm."""
    return (status or "actual").strip().lower() == "actual" and not any(TEST.match(text or "") for text in beginnings)


def moment(text: str | None, tz: tzinfo) -> datetime | None:
    """A time (ISO 8601), in the place's own; in UTC if it names no offset. None if it is none, or none of our days."""
    with suppress(ValueError, OverflowError):
        read = datetime.fromisoformat((text or "").strip())
        if 1970 < read.year < 2100:
            return (read if read.tzinfo else read.replace(tzinfo=UTC)).astimezone(tz)
    return None


def seconds(text: str | None) -> float:
    """A time (ISO 8601) in Unix seconds; 0 if it is none."""
    at = moment(text, UTC)
    return at.timestamp() if at else 0.0


def first(*moments: datetime | None) -> datetime | None:
    """The first that is known."""
    return next((one for one in moments if one is not None), None)


def flowed(text: str | None) -> str:
    """A text whose paragraphs are lines, however wide it was set."""
    return HARD_BREAK.sub(" ", "\n".join(line.strip() for line in (text or "").splitlines())).strip()


def warning(key: str, words: Words, begins: datetime, ends: datetime | None) -> Alert:
    """The alert of a message. `key` tells it from all others of its source, and stays as it is renewed.

    Where no end is known it is the beginning, which `Alert.ends_at` says to mean that.
    """
    text, is_cut = paragraph("\n\n".join(filter(None, map(flowed, words.texts))))
    digest = blake2b(f"{words.sender}\0{key}".encode(errors="replace"), digest_size=8).hexdigest()
    event, sender = heading(words.event), heading(words.sender)
    alert = Alert(digest, event, sender, begins, ends or begins, text, words.tags, is_cut, language=words.language)
    return replace(
        alert,
        severity=word_of(words.severity, SEVERITIES),
        urgency=word_of(words.urgency, URGENCIES),
        certainty=word_of(words.certainty, CERTAINTIES),
        areas=tuple(filter(None, map(label, words.areas[:MOST_AREAS]))) or None,
    )


def word_of(text: str | None, words: Sequence[str]) -> str | None:
    """CAP's word as the model spells it; None if it is none of these."""
    word = (text or "").strip().lower()
    return word if word in words else None
