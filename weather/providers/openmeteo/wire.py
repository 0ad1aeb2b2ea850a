"""Open-Meteo's bodies: sections of columns. Any may be missing, short or null; what is no number is not known."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from itertools import zip_longest
from typing import Annotated

from msgspec import Meta, Struct, ValidationError, convert

from weather.domain.rounding import cleaned
from weather.upstream.lenient_json import reader

DAYLIGHT = "is_day"
MOST_STEPS = 1000  # there are 216, and days cost astronomy: a list without end must not get that far
Number = Annotated[float, Meta(ge=-1e10, le=1e10)]
Cell = Number | bool | str | None
Column = Annotated[list[Cell], Meta(max_length=MOST_STEPS)]
Units = dict[str, str | None]
OTHERS = {"km/h": (1 / 3.6, 0.0), "mp/h": (0.44704, 0.0), "°F": (5 / 9, -160 / 9), "ft": (0.3048, 0.0)}
"""Units that were not asked for, as factor and offset to ours: an answer says which it has, and is believed."""


class Answer(Struct):
    """The body of either call. Its coordinates are those of a grid cell, and not read."""

    utc_offset_seconds: Annotated[int, Meta(ge=-86399, le=86399)] = 0
    current_units: Units | None = None
    current: dict[str, Cell] | None = None
    hourly_units: Units | None = None
    hourly: dict[str, Column | None] | None = None


read = reader(Answer)


Row = dict[str, float]
"""One moment, "time" in Unix seconds, and what is known of it."""


def now(answer: Answer) -> Row | None:
    """The section `current`, if there is one."""
    return row(answer.current or {}, answer.current_units or {}, answer.utc_offset_seconds)


def hours(answer: Answer) -> list[Row]:
    """The section `hourly`, in order of time; a column tells as far as it goes."""
    columns, units = answer.hourly or {}, answer.hourly_units or {}
    told = zip_longest(*(column or () for column in columns.values()))
    rows = (row(dict(zip(columns, cells, strict=True)), units, answer.utc_offset_seconds) for cells in told)
    return sorted((one for one in rows if one), key=lambda one: one["time"])


def row(cells: Mapping[str, Cell], units: Units, offset: int) -> Row | None:
    """A row of what is a number, in our units; None without a time."""
    time = seconds(cells.get("time"), offset)
    numbers = {name: number(name, cell) for name, cell in cells.items()}
    told = {name: in_ours(cell, units.get(name)) for name, cell in numbers.items() if cell is not None}
    return None if time is None else told | {"time": time}


def number(name: str, cell: Cell) -> float | None:
    """The number that a cell is, or spells; true and false are one where the question is whether it is day."""
    if isinstance(cell, bool):
        return float(cell) if name == DAYLIGHT else None
    if isinstance(cell, str):
        with suppress(ValidationError):
            return convert(cell, Number, strict=False)
        return None
    return cell


def in_ours(number: float, unit: str | None) -> float:
    factor, more = OTHERS.get(unit or "", (1.0, 0.0))
    return cleaned(number * factor + more)


def seconds(time: Cell, offset: int) -> float | None:
    """Unix seconds of a time, also of one in ISO's form: on a clock that the answer's offset sets."""
    if isinstance(time, str):
        with suppress(ValueError):
            return datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp() - offset
    return number("time", time)
