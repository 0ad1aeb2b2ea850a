"""What stands around the data: night and day, the clock, the grid with its numbers, the legend."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from weather.domain.units import System
from weather.web.meteogram.geometry import (
    Axis,
    Box,
    Point,
    Text,
    box,
    clear,
    held,
    lines_across,
    passes,
    round_numbers,
    text,
    width_of,
)
from weather.web.meteogram.labels import Labels
from weather.web.meteogram.layout import (
    BOTTOM,
    CHANCES,
    DAYS,
    DEGREES,
    DRY,
    FULL,
    HOUR,
    HOURS,
    KEYS,
    LARGE,
    LEFT,
    RIGHT,
    SMALL,
    TOP,
    WARMEST,
    WIDTH,
    Plot,
)

Spans = Callable[[datetime, datetime], Iterable[tuple[datetime, datetime]]]
"""What tells the nights between two moments, in order."""

MARGIN = LEFT - 5  # where the numbers of a scale end
LEAST_HOUR = 36  # room for the name of an hour, "11 pm"
SWATCH, GAP = 21, 16  # of the legend


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: where its swatch begins, of what kind that is, and its word."""

    x: float
    y: float
    kind: str
    word: Text


def column(left: float, right: float) -> Box:
    """A stretch of time, over all rows."""
    return box(left, TOP, right - left, BOTTOM - TOP)


def nights(axis: Axis, dark: Spans) -> tuple[Box, ...]:
    """Where the sun is down."""
    start, end = (datetime.fromtimestamp(edge, UTC) for edge in (axis.start, axis.end))
    return tuple(column(axis.x(dusk.timestamp()), axis.x(dawn.timestamp())) for dusk, dawn in dark(start, end))


def days(axis: Axis, labels: Labels) -> Iterator[Text]:
    """The names of the days, each where its day begins, if there is room for it until the next."""
    begin = datetime.fromtimestamp(axis.start, axis.tz)
    told = [begin, *(midnight for midnight in axis.midnights() if midnight.timestamp() > axis.start)]
    edges = [axis.x(day.timestamp()) for day in told]
    for day, left, right in zip(told, edges, [*edges[1:], RIGHT], strict=True):
        name = labels.weekdays[day.weekday()]
        if width_of(name, LARGE) + 8 <= right - left:
            yield text(left + 4, DAYS, name)


def hours(axis: Axis, now: float, labels: Labels) -> tuple[Text, ...]:
    """The hours of the place's clocks, where "now" leaves room."""
    wide = (RIGHT - LEFT) / (axis.end - axis.start) * HOUR
    every = next((hours for hours in (1, 3, 6, 12) if hours * wide >= LEAST_HOUR), 24)
    told = [text(axis.x(now), HOURS, labels.now)] if axis.holds(now) else []
    told += [text(axis.x(at.timestamp()), HOURS, labels.hour(at)) for at in axis.clocks(every)]
    return clear((held(one, SMALL, 0, WIDTH) for one in told), SMALL, SMALL)


def freezing(plot: Plot) -> float | None:
    """The height at which water freezes, if that is on the scale."""
    format_degrees, scale = DEGREES[plot.system.temperature][1], plot.warmth
    return scale.y(format_degrees) if scale and scale.low <= format_degrees <= scale.high else None


def format_degrees(plot: Plot) -> list[tuple[float, float]]:
    """The round temperatures that are told, with their heights: freezing first, and none too near to it."""
    if plot.warmth is None:
        return []
    told = [(value, plot.warmth.y(value)) for value in round_numbers(plot.warmth, (5, 10, 20, 50, 100))]
    height = freezing(plot)
    if height is None:
        return told
    return [(DEGREES[plot.system.temperature][1], height), *(one for one in told if abs(one[1] - height) >= SMALL)]


def grid(plot: Plot) -> str:
    """Lines at the numbers; that of freezing is another, drawn over it."""
    return lines_across([*(y for _, y in format_degrees(plot)), FULL, DRY], LEFT, RIGHT)


def freezing_line(plot: Plot) -> str:
    height = freezing(plot)
    return "" if height is None else lines_across([height], LEFT, RIGHT)


def numbers(plot: Plot) -> list[Text]:
    """What the lines of the grid stand for, in the margin."""
    number = plot.labels.number
    return [text(MARGIN, y + 4, number(value, plot.system.temperature)) for value, y in format_degrees(plot)]


def depths(plot: Plot) -> list[Text]:
    """How much a full bar is, in the margin; with its unit, or it would look like one more temperature."""
    symbol = plot.system.precipitation
    return [text(MARGIN, FULL + 4, plot.labels.number(plot.rain.high, symbol)), text(MARGIN, FULL + 4 + SMALL, symbol)]


def repeated(
    plot: Plot, lefts: Sequence[float], lines: Sequence[Sequence[Point]], before: Sequence[Text]
) -> tuple[Text, ...]:
    """The temperatures once more at each midnight, for readers who have scrolled the margin away; if there is room."""
    told = [(plot.labels.number(value, plot.system.temperature), y) for value, y in format_degrees(plot)]
    texts = [text(x + 4 + width_of(one, SMALL) / 2, y - 3, one) for x in lefts if x < RIGHT - 30 for one, y in told]
    free = [one for one in texts if not any(passes(line, one, SMALL) for line in lines)]
    return clear([*before, *free], LARGE, LARGE)[len(before) :]


def units(system: System) -> tuple[Text, ...]:
    """In what each row is told, in the margin."""
    return (
        text(MARGIN, WARMEST - 20, system.temperature),
        text(MARGIN, CHANCES, "%"),
        text(MARGIN, BOTTOM, system.wind_speed),
    )


def keys(labels: Labels, kinds: Sequence[str]) -> Iterator[Key]:
    """The legend of what is drawn, from left to right."""
    x = LEFT
    for kind in kinds:
        word = getattr(labels, kind)
        yield Key(x, KEYS - 4, kind, text(x + SWATCH, KEYS, word))
        x = round(x + SWATCH + width_of(word, SMALL) + GAP, 1)
