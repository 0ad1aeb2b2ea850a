"""GeoSphere Austria (https://warnungen.zamg.at): the warnings of Austria by point.

Its times in words are local; `rawinfo` has them in Unix seconds, as text. What a warning is of is told by numbers.
"""

from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Annotated

from msgspec import Meta, Struct, field

from weather.domain.model import Alert, Coordinates, format_degrees
from weather.messages import N_
from weather.providers.alerts.messages import Found, Words, first, is_real, warning
from weather.providers.alerts.source import FRESH_FOR, AlertSource
from weather.providers.alerts.validation import validator
from weather.providers.report import Attribution, Source
from weather.upstream.lenient_json import reader
from weather.upstream.types import Endpoint, UpstreamRequest, make_request

CREDIT = N_("Official warnings: GeoSphere Austria (CC BY 4.0)")
SOURCE = Source("geosphere", "GeoSphere Austria", (Attribution(CREDIT, "https://warnungen.zamg.at/", "CC-BY-4.0"),))
KINDS = {1: "Storm", 2: "Rain", 3: "Snow", 4: "Black ice", 5: "Thunderstorm", 6: "Heat", 7: "Cold"}
LEVELS = {1: ("yellow", "moderate"), 2: ("orange", "severe"), 3: ("red", "extreme")}
"""Colour and CAP's word of a level."""

MOST = 100


class RawInfo(Struct):
    """Kind and level once more; times in Unix seconds."""

    kind: int | None = field(default=None, name="wtype")
    level: int | None = field(default=None, name="wlevel")
    start: float | None = None
    end: float | None = None


NO_RAW_INFO = RawInfo()


class Message(Struct, rename={"id": "warnid", "change": "chgid", "kind": "warntypid", "level": "warnstufeid",
                              "effects": "auswirkungen", "advice": "empfehlungen", "raw": "rawinfo"}):  # fmt: skip
    """A warning; `begin` and `end` are local times, as 10.02.2026 12:00."""

    id: int | None = None
    change: int | None = None
    kind: int | None = None
    level: int | None = None
    begin: str | None = None
    end: str | None = None
    text: str | None = None
    effects: str | None = None
    advice: str | None = None
    meteotext: str | None = None
    raw: RawInfo | None = None


class Item(Struct):
    properties: Message


class Area(Struct):
    name: str | None = None


class Location(Struct):
    properties: Area | None = None


class Properties(Struct):
    warnings: Annotated[list[Item | None], Meta(max_length=MOST + 1)]
    location: Location | None = None


class Answer(Struct):
    properties: Properties


read_answer = reader(Answer)


def holds(raw: bytes) -> bool:
    """Whether it may replace an older answer. Raises msgspec.DecodeError."""
    return read(raw)(UTC, 0.0).holds


ALERTS = Endpoint(
    "/wsapp/api/getWarningsForCoords", "alerts", frozenset({"lon", "lat", "lang"}), FRESH_FOR, "warnings", holds=holds
)


def request(at: Coordinates) -> UpstreamRequest:
    return make_request(ALERTS, lon=format_degrees(at.longitude), lat=format_degrees(at.latitude), lang="en")


def read(body: bytes) -> Callable[[tzinfo, float], Found]:
    """Return what makes the warnings of an answer for a zone and the time when it came, in Unix seconds."""
    return partial(found, read_answer(body).properties)


def found(answer: Properties, tz: tzinfo, came_at: float) -> Found:
    """Return each warning. Level 0 is none."""
    messages = [one.properties for one in answer.warnings[:MOST] if one]
    readable = [message for message in messages if kind_of(message) or message.text or message.meteotext]
    lasting = [one for one in newest_of_each(readable) if level_of(one) != 0 and is_real(None, one.text, one.meteotext)]
    place = answer.location.properties if answer.location else None
    area = (place.name if place else None) or ""
    return Found([alert(one, area, tz, came_at) for one in lasting], len(readable) == len(answer.warnings))


def kind_of(message: Message) -> str | None:
    number = message.kind if message.kind is not None else (message.raw or NO_RAW_INFO).kind
    return KINDS.get(number) if number is not None else None


def level_of(message: Message) -> int | None:
    return message.level if message.level is not None else (message.raw or NO_RAW_INFO).level


def newest_of_each(messages: Sequence[Message]) -> Iterator[Message]:
    """Of the versions of a warning the last one."""
    last = {message.id: message for message in sorted(messages, key=lambda one: one.change or 0)}
    return (one for one in messages if one.id is None or last[one.id] is one)


def local(text: str | None, tz: tzinfo) -> datetime | None:
    """A local time, in the place's zone; None if it is none, or none of our days."""
    with suppress(ValueError):
        read = datetime.strptime((text or "").strip(), "%d.%m.%Y %H:%M").replace(tzinfo=tz)
        return read if 1970 < read.year < 2100 else None
    return None


def epoch(number: float | None, tz: tzinfo) -> datetime | None:
    """A time in Unix seconds, likewise."""
    with suppress(ValueError, OverflowError, OSError):
        read = datetime.fromtimestamp(number or 0.0, tz)
        return read if 1970 < read.year < 2100 else None
    return None


def alert(message: Message, area: str, tz: tzinfo, came_at: float) -> Alert:
    raw = message.raw or NO_RAW_INFO
    begins = first(epoch(raw.start, tz), local(message.begin, tz)) or datetime.fromtimestamp(came_at, tz)
    ends = first(epoch(raw.end, tz), local(message.end, tz))
    colour, severity = LEVELS.get(level_of(message) or 0, ("", "unknown"))
    name = f"{kind_of(message) or 'Weather'} warning"
    words = Words(
        event=f"{name} ({colour})" if colour else name,
        sender=SOURCE.name,
        texts=(message.text, message.meteotext, message.effects, message.advice),
        language="en",
        areas=(area,),
        severity=severity,
    )
    key = str(message.id) if message.id is not None else f"{name}\0{begins}\0{ends}"
    return warning(key, words, begins, ends)


GEOSPHERE = AlertSource(
    source=SOURCE,
    countries=frozenset({"AT"}),
    origin=lambda settings: settings.geosphere_url,
    request=request,
    validate=validator(lambda status, body: False, within="properties"),
    read=read,
    per_minute=300,
)
