"""Open-Meteo's bodies: sections of columns. Any may be missing, short or null; what is no number is not known."""

from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from itertools import zip_longest
from typing import Annotated

from msgspec import Meta, Struct, ValidationError, convert

from weather.domain.rounding import cleaned
from weather.upstream.lenient_json import reader

MOST_STEPS = 1000  # there are 216, and days cost astronomy: a list without end must not get that far
Number = Annotated[float, Meta(ge=-1e10, le=1e10)]
Cell = Number | bool | str | None
Column = Annotated[list[Cell], Meta(max_length=MOST_STEPS)]
Units = dict[str, str | None]
OTHER_UNITS = {"km/h": (1 / 3.6, 0.0), "mp/h": (0.44704, 0.0), "°F": (5 / 9, -160 / 9), "ft": (0.3048, 0.0)}
"""Units that were not asked for, as factor and offset to SI. An answer names its units, and they are trusted."""


class Answer(Struct, eq=False):
    """The body of either call; each is one of its own, and nobody changes it. The cell's coordinates are not read."""

    utc_offset_seconds: Annotated[int, Meta(ge=-86399, le=86399)] = 0
    current_units: Units | None = None
    current: dict[str, Cell] | None = None
    hourly_units: Units | None = None
    hourly: dict[str, Column | None] | None = None
    minutely_15_units: Units | None = None
    minutely_15: dict[str, Column | None] | None = None


read = lru_cache(maxsize=4)(reader(Answer))  # its parts are asked for one by one, and its hours made once of it


Row = dict[str, float]
"""One moment, "time" in Unix seconds, and what is known of it."""


def now(answer: Answer) -> Row | None:
    """Return the section `current`; None if there is none."""
    return row(answer.current or {}, answer.current_units or {}, answer.utc_offset_seconds)


def hours(answer: Answer) -> list[Row]:
    """Return the section `hourly` in order of time."""
    return in_order(answer.hourly or {}, answer.hourly_units or {}, answer.utc_offset_seconds)


def quarters(answer: Answer) -> list[Row]:
    """Return the section `minutely_15` in order of time."""
    return in_order(answer.minutely_15 or {}, answer.minutely_15_units or {}, answer.utc_offset_seconds)


def in_order(columns: Mapping[str, list[Cell] | None], units: Units, offset: int) -> list[Row]:
    """Return the rows of columns by their time, of a time that comes twice the last.

    A short column counts as far as it goes.
    """
    moments = zip_longest(*(column or () for column in columns.values()))
    rows = (row(dict(zip(columns, cells, strict=True)), units, offset) for cells in moments)
    by_time = {moment["time"]: moment for moment in rows if moment}
    return [by_time[time] for time in sorted(by_time)]


def row(cells: Mapping[str, Cell], units: Units, offset: int) -> Row | None:
    """Return the numbers of a row, in SI units; None without a time."""
    time = seconds(cells.get("time"), offset)
    numbers = {name: number(cell) for name, cell in cells.items()}
    known = {name: to_si(cell, units.get(name)) for name, cell in numbers.items() if cell is not None}
    return None if time is None else known | {"time": time}


def number(cell: Cell) -> float | None:
    """Return the number that a cell is, or spells. A boolean is none."""
    if isinstance(cell, bool):
        return None
    if isinstance(cell, str):
        with suppress(ValidationError):
            return convert(cell, Number, strict=False)
        return None
    return cell


def to_si(number: float, unit: str | None) -> float:
    factor, more = OTHER_UNITS.get(unit or "", (1.0, 0.0))
    return cleaned(number * factor + more)


def seconds(time: Cell, offset: int) -> float | None:
    """Return the Unix seconds of a time. One in ISO form is local, by the answer's offset."""
    if isinstance(time, str):
        with suppress(ValueError):
            return datetime.fromisoformat(time).replace(tzinfo=UTC).timestamp() - offset
    return number(time)
