"""GeoSphere Austria (https://warnungen.zamg.at): the warnings of Austria by point.

Its times in words are local; `rawinfo` has them in Unix seconds, as text. What a warning is of is told by numbers.
"""

from contextlib import suppress
from datetime import datetime
from typing import Annotated
from zoneinfo import ZoneInfo

from msgspec import Meta, Struct, field

from weather.messages import N_
from weather.providers.alerts.messages import MOST, Message, Messages, Words, first, is_real
from weather.providers.alerts.source import FRESH_FOR, point_source
from weather.providers.common import of_our_days
from weather.providers.report import Attribution, Source
from weather.providers.validation import validator
from weather.upstream.types import Endpoint

CREDIT = N_("Official warnings: GeoSphere Austria (CC BY 4.0)")
NAME = "GeoSphere Austria"
KINDS = {1: "Storm", 2: "Rain", 3: "Snow", 4: "Black ice", 5: "Thunderstorm", 6: "Heat", 7: "Cold"}
LEVELS = {1: 2, 2: 3, 3: 4}
"""The levels of Europe by Austria's, which begin with yellow."""


class RawInfo(Struct):
    """Kind and level once more; times in Unix seconds."""

    kind: int | None = field(default=None, name="wtype")
    level: int | None = field(default=None, name="wlevel")
    start: float | None = None
    end: float | None = None


class Warned(Struct, rename={"id": "warnid", "change": "chgid", "kind": "warntypid", "level": "warnstufeid",
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
    properties: Warned


class Area(Struct):
    name: str | None = None


class Location(Struct):
    properties: Area | None = None


class Properties(Struct):
    warnings: Annotated[list[Item | None], Meta(max_length=MOST + 1)]
    location: Location | None = None


class Answer(Struct):
    properties: Properties


def messages(answer: Answer) -> Messages:
    """Each warning that says what it is of. Level 0 is none."""
    location = answer.properties.location
    area = location.properties.name if location and location.properties else None
    return [message(item.properties, area) if item else None for item in answer.properties.warnings]


def message(warned: Warned, area: str | None) -> Message[Words] | None:
    """The version with the highest number of changes is told: it stands for the time when it was sent."""
    raw = warned.raw or RawInfo()
    kind = KINDS.get(first(warned.kind, raw.kind) or 0)
    if not (kind or warned.text or warned.meteotext):
        return None
    level = first(warned.level, raw.level)
    words = Words(
        key=f"{warned.id if warned.id is not None else (kind, raw.start, warned.begin, raw.end, warned.end)}",
        sender=NAME,
        event=f"{kind or 'Weather'} warning",
        texts=(warned.text, warned.meteotext, warned.effects, warned.advice),
        begins=first(of_our_days(raw.start), local(warned.begin)),
        ends=first(of_our_days(raw.end), local(warned.end)),
        level=LEVELS.get(level or 0, 0),
        severity="unknown",
        areas=(area,),
    )
    return Message(
        words=[words],
        sent=warned.change or 0,
        series="" if warned.id is None else f"{warned.id}",
        is_real=is_real(None, warned.text, warned.meteotext),
        warns=level != 0,
    )


def local(text: str | None) -> float | None:
    """A local time in Unix seconds; None if it is none."""
    with suppress(ValueError):
        read = datetime.strptime((text or "").strip(), "%d.%m.%Y %H:%M")
        return of_our_days(read.replace(tzinfo=ZoneInfo("Europe/Vienna")).timestamp())
    return None


GEOSPHERE = point_source(
    Source("geosphere", NAME, (Attribution(CREDIT, "https://warnungen.zamg.at/", "CC-BY-4.0"),)),
    Endpoint("/wsapp/api/getWarningsForCoords", "alerts", frozenset({"lon", "lat", "lang"}), FRESH_FOR, "warnings"),
    lambda lat, lon: {"lon": lon, "lat": lat, "lang": "en"},
    Answer,
    messages,
    countries=frozenset({"AT"}),
    origin=lambda settings: settings.geosphere_url,
    validate=validator(within="properties"),
    per_minute=300,
)
