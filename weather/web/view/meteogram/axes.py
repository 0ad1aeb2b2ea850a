"""What stands around the data: night and day, the clock, the grid with its numbers, the legend."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from weather.web.view.meteogram.geometry import (
    Axis,
    Box,
    Point,
    Text,
    box,
    clear,
    held,
    is_clear_of,
    lines_across,
    passes,
    round_numbers,
    tenths,
    text,
    width_of,
)
from weather.web.view.meteogram.labels import Labels
from weather.web.view.meteogram.layout import (
    DAYS,
    DEGREES,
    FULL,
    HOUR,
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
SWATCH, GAP, ROW = 21, 16, 17  # of the legend
PHONE = 390.0  # how much of the drawing a screen of 390 pixels shows before it is scrolled


@dataclass(frozen=True, slots=True)
class Key:
    """An entry of the legend: where its swatch begins, of what kind that is, and its word."""

    x: float
    y: float
    kind: str
    word: Text


def column(plot: Plot, left: float, right: float) -> Box:
    """A stretch of time, over all rows."""
    return box(left, TOP, right - left, plot.rows.bottom - TOP)


def nights(plot: Plot, dark: Spans) -> tuple[Box, ...]:
    """Where the sun is down."""
    axis = plot.axis
    start, end = (datetime.fromtimestamp(edge, UTC) for edge in (axis.start, axis.end))
    return tuple(column(plot, axis.x(dusk.timestamp()), axis.x(dawn.timestamp())) for dusk, dawn in dark(start, end))


def days(axis: Axis, labels: Labels) -> Iterator[Text]:
    """The names of the days, each where its day begins, if there is room for it until the next."""
    begin = datetime.fromtimestamp(axis.start, axis.tz)
    begins = [begin, *(midnight for midnight in axis.midnights() if midnight.timestamp() > axis.start)]
    edges = [axis.x(day.timestamp()) for day in begins]
    for day, left, right in zip(begins, edges, [*edges[1:], RIGHT], strict=True):
        name = labels.weekdays[day.weekday()]
        if width_of(name, LARGE) + 8 <= right - left:
            yield text(left + 4, DAYS, name)


def hours(plot: Plot, now: float) -> tuple[Text, ...]:
    """The hours of the place's clocks, where "now" leaves room."""
    axis, labels, row = plot.axis, plot.labels, plot.rows.hours
    wide = (RIGHT - LEFT) / (axis.end - axis.start) * HOUR
    every = next((hours for hours in (1, 3, 6, 12) if hours * wide >= LEAST_HOUR), 24)
    texts = [text(axis.x(now), row, labels.now)] if axis.holds(now) else []
    texts += [text(axis.x(at.timestamp()), row, labels.hour(at)) for at in axis.clocks(every)]
    return clear((held(label, SMALL, 0, WIDTH) for label in texts), SMALL, SMALL)


def freezing(plot: Plot) -> float | None:
    """The height at which water freezes, if that is on the scale."""
    degrees, scale = DEGREES[plot.system.temperature][1], plot.warmth
    return scale.y(degrees) if scale and scale.low <= degrees <= scale.high else None


def round_temperatures(plot: Plot) -> list[tuple[float, float]]:
    """The round temperatures that are told, with their heights: freezing first, and none too near to it."""
    if plot.warmth is None:
        return []
    lines = [(value, plot.warmth.y(value)) for value in round_numbers(plot.warmth, (5, 10, 20, 50, 100))]
    height = freezing(plot)
    if height is None:
        return lines
    return [(DEGREES[plot.system.temperature][1], height), *(line for line in lines if abs(line[1] - height) >= SMALL)]


def grid(plot: Plot) -> str:
    """Lines at the numbers; that of freezing is another, drawn over it."""
    return lines_across([*(y for _, y in round_temperatures(plot)), *dict.fromkeys((FULL, plot.rows.dry))], LEFT, RIGHT)


def freezing_line(plot: Plot) -> str:
    height = freezing(plot)
    return "" if height is None else lines_across([height], LEFT, RIGHT)


def numbers(plot: Plot) -> list[Text]:
    """What the lines of the grid stand for, in the margin."""
    number = plot.labels.number
    return [text(MARGIN, y + 4, number(value, plot.system.temperature)) for value, y in round_temperatures(plot)]


def depths(plot: Plot) -> list[Text]:
    """How much a full bar is, in the margin; with its unit, or it would look like one more temperature."""
    symbol = plot.system.precipitation
    return [
        text(MARGIN, FULL + 4, plot.labels.number(plot.rain.high, symbol)),
        text(MARGIN, FULL + 4 + SMALL, plot.labels.unit(symbol)),
    ]


def repeated(
    plot: Plot, lefts: Sequence[float], lines: Sequence[Sequence[Point]], before: Sequence[Text]
) -> tuple[Text, ...]:
    """The temperatures once more at each midnight, for readers who have scrolled the margin away; if there is room."""
    numbers = [(plot.labels.number(value, plot.system.temperature), y) for value, y in round_temperatures(plot)]
    texts = [
        text(x + 4 + width_of(label, SMALL) / 2, y - 3, label) for x in lefts if x < RIGHT - 30 for label, y in numbers
    ]
    texts = [label for label in texts if is_clear_of(plot.now, label, SMALL)]
    free = [label for label in texts if not any(passes(line, label, SMALL) for line in lines)]
    return clear([*before, *free], LARGE, LARGE)[len(before) :]


def units(plot: Plot, chances: Sequence[Text]) -> list[Text]:
    """In what each row is told, in the margin; a row of chances only where there is one."""
    unit, system = plot.labels.unit, plot.system
    rows = [(WARMEST - 20, unit(system.temperature)), (plot.rows.bottom, unit(system.wind_speed))]
    rows += [(plot.rows.chances, "%")] if chances else []
    return [text(MARGIN, height, words) for height, words in rows]


def keys(plot: Plot, kinds: Sequence[str]) -> Iterator[Key]:
    """The legend of what is drawn, from left to right, in so many rows that a phone shows it without a scroll."""
    x, y = float(LEFT), plot.rows.keys
    for kind in kinds:
        word = getattr(plot.labels, kind)
        end = x + SWATCH + width_of(word, SMALL)
        if end > PHONE and x > LEFT:
            x, y, end = LEFT, y + ROW, LEFT + end - x
        yield Key(tenths(x), tenths(y - 4), kind, text(x + SWATCH, y, word))
        x = end + GAP
