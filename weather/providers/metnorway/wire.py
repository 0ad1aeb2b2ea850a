"""MET Norway's body: a GeoJSON feature with a series of steps. What does not exist is missing, never null or zero."""

from typing import Annotated

from msgspec import Meta, Struct, field

from weather.upstream.lenient_json import reader

MOST_STEPS = 300  # there are about 90
Number = Annotated[float, Meta(ge=-1e10, le=1e10)]
Details = dict[str, Number | None]


class Summary(Struct):
    symbol_code: str | None = None


class Period(Struct):
    """What is told of the hours after a step: its precipitation, its symbol."""

    summary: Summary = field(default_factory=Summary)
    details: Details = field(default_factory=dict)


class Instant(Struct):
    details: Details = field(default_factory=dict)


class Data(Struct):
    instant: Instant = field(default_factory=Instant)
    next_1_hours: Period | None = None
    next_6_hours: Period | None = None


class Step(Struct):
    """A moment, as text in UTC, and what is told of it and of the hours after it."""

    time: str
    data: Data


class Properties(Struct):
    timeseries: Annotated[list[Step], Meta(max_length=MOST_STEPS)] = field(default_factory=list)


class Answer(Struct):
    properties: Properties


read = reader(Answer)


def holds(raw: bytes) -> bool:
    """Whether there is any step: a place without data gets an empty series under status 200."""
    return any(step.data.instant.details for step in read(raw).properties.timeseries)
