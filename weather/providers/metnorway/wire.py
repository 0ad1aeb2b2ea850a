"""MET Norway's body: a GeoJSON feature with a series of steps. What does not exist is missing, never null or zero."""

from typing import Annotated

from msgspec import Meta, Struct, field

from weather.upstream.lenient_json import reader

MOST_STEPS = 300  # there are about 90
Number = Annotated[float, Meta(ge=-1e10, le=1e10)]


class Summary(Struct):
    symbol_code: str | None = None


class Block(Struct):
    """Numbers and symbol of a moment, or of some hours after it."""

    summary: Summary = field(default_factory=Summary)
    details: dict[str, Number | None] = field(default_factory=dict)


class Step(Struct):
    """A moment, as text in UTC, and what is told of it (`instant`) and of the hours after it (`next_1_hours`, …)."""

    time: str
    data: dict[str, Block | None]

    def block(self, name: str) -> Block:
        return self.data.get(name) or Block()


class Properties(Struct):
    timeseries: Annotated[list[Step], Meta(max_length=MOST_STEPS)] = field(default_factory=list)


class Answer(Struct):
    properties: Properties


read = reader(Answer)


def holds(raw: bytes) -> bool:
    """Whether there is any step: a place without data gets an empty series under status 200."""
    return any(step.block("instant").details for step in read(raw).properties.timeseries)
