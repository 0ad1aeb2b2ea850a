"""The data themselves: lines, bars, arrows, symbols, and the numbers written at them."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import inf
from operator import itemgetter
from typing import NamedTuple

from weather.domain.model import Condition, HourlyForecast
from weather.domain.precipitation import Kind, is_trace, kind_of_code
from weather.web.view.meteogram.geometry import (
    Box,
    Point,
    Scale,
    Text,
    beside_line,
    box,
    clear,
    curve,
    dots,
    held,
    is_clear_of,
    short,
    tenths,
    text,
)
from weather.web.view.meteogram.labels import Labels, step_words
from weather.web.view.meteogram.layout import FULL, HOUR, LARGE, SMALL, TOP, WIDTH, Plot

TURN = 8 * HOUR  # a high is the highest within so many seconds on either side
SPACED = 36.0  # room for a symbol, or for an arrow and the speed under it
SYMBOL = 28  # width and height of a symbol


class Arrow(NamedTuple):
    """A wind: where, and how many degrees to turn an arrow that points up so that it flies with the wind."""

    x: float
    y: float
    turn: int


class Symbol(NamedTuple):
    """The upper left corner of the picture of a condition, and the id of that condition."""

    x: float
    y: float
    code: int
    is_day: bool | None


class Target(NamedTuple):
    """What the pointer meets of a step, and the words that it is then told."""

    path: str
    title: str


def runs(plot: Plot, value: Callable[[HourlyForecast], float | None]) -> list[list[Point]]:
    """The points of a curve, in parts: it is broken where a value is not known or a step is not there."""
    parts: list[list[Point]] = [[]]
    reached = inf
    for hour in plot.hours:
        known, at = value(hour), hour.time.timestamp()
        if known is None or at - hour.interval_hours * HOUR > reached:
            parts.append([])
        if known is not None and plot.warmth:
            parts[-1].append((plot.x(hour), plot.warmth.y(known)))
        reached = at
    return [run for run in parts if run]


def line(parts: Sequence[Sequence[Point]]) -> str:
    return "".join(map(curve, parts))


def extremes(plot: Plot) -> tuple[Text, ...]:
    """The numbers of the highs and lows, those furthest from the middle first, where they do not touch."""
    points = [(hour.time.timestamp(), hour.temperature, hour) for hour in plot.hours if hour.temperature is not None]
    if plot.warmth is None or not points:
        return ()
    middle = (max(value for _, value, _ in points) + min(value for _, value, _ in points)) / 2
    texts = []
    for (_, value, hour), is_high in sorted(turns(points), key=lambda turn: -abs(turn[0][1] - middle)):
        height = beside(plot.warmth, value, hour.feels_like, is_high)
        told_as = f"{plot.labels.number(value, plot.system.temperature)}°"
        label = beside_line(plot.now, text(plot.x(hour), height, told_as), LARGE, WIDTH)
        texts.append(held(label, LARGE, 0, WIDTH))
    return clear(texts, LARGE, LARGE)


Told = tuple[float, float, HourlyForecast]


def turns(points: Sequence[Told]) -> Iterator[tuple[Told, bool]]:
    """Those that are the highest (True) or the lowest of the hours about them; of equals the first."""
    for point in points:
        near = [other for other in points if abs(other[0] - point[0]) <= TURN]
        if max(near, key=itemgetter(1)) is point:
            yield point, True
        elif min(near, key=itemgetter(1)) is point:
            yield point, False


def beside(scale: Scale, value: float, felt: float | None, is_high: bool) -> float:
    """The base line of a number at a point: above a high, below a low, unless what it feels like passes there."""
    apart = 0.0 if felt is None else scale.y(felt) - scale.y(value)
    is_above = apart > 0 if 2 < abs(apart) < 2 * LARGE else is_high
    return scale.y(value) + (-8 if is_above else LARGE + 3)


def is_dry(hour: HourlyForecast) -> bool:
    """Whether it is known that nothing falls, and the sky is not a wet one."""
    return hour.precipitation == 0 and not (hour.condition and kind_of_code(hour.condition.code))


def dry_dots(plot: Plot) -> str:
    """A dot for each dry step, so that dry is not mistaken for unknown."""
    return dots((plot.x(hour, -0.5), plot.rows.dry - 2) for hour in plot.hours if is_dry(hour))


Wet = tuple[HourlyForecast, float]


def wet(plot: Plot) -> list[Wet]:
    """The steps in which something falls, and how much."""
    steps = [(hour, hour.precipitation) for hour in plot.hours if not is_dry(hour)]
    return [(hour, amount) for hour, amount in steps if amount]


def bars(plot: Plot, steps: Iterable[Wet]) -> Iterator[Box]:
    """What falls, from the beginning of its step to the end."""
    for hour, amount in steps:
        left, right, top = plot.x(hour, -1), plot.x(hour), plot.rain.y(amount)
        yield box(left + 1, top, max(right - left - 2, 0.5), plot.rows.dry - top, falling(hour.condition))


KEYS = {Kind.SNOW: "snow", Kind.SLEET: "sleet", Kind.FREEZING_RAIN: "freezing_rain"}
"""What has a bar of its own, by the name of its label."""


def falling(condition: Condition | None) -> str:
    """What falls, by the id of the condition; rain if that does not tell."""
    kind = kind_of_code(condition.code) if condition else None
    return KEYS.get(kind, "rain") if kind else "rain"


def amounts(plot: Plot, steps: Iterable[Wet]) -> tuple[Text, ...]:
    """How much falls, above the bars; the greatest first, for there is not always room for all."""
    symbol = plot.system.precipitation
    greatest = sorted(steps, key=lambda step: -step[1])
    texts = [
        text(plot.x(hour, -0.5), plot.rain.y(amount) - 4, depth(plot.labels, amount, symbol))
        for hour, amount in greatest
    ]
    return clear((label for label in texts if is_clear_of(plot.now, label, SMALL)), SMALL, inf)


def depth(labels: Labels, amount: float, symbol: str) -> str:
    """The number of an amount, or that it is hardly any."""
    return labels.traces if is_trace(amount, symbol) else labels.number(amount, symbol)


def chances(plot: Plot) -> tuple[Text, ...]:
    """How likely it is that something falls, under the bars; the likeliest first, and no row of zeros."""
    known = [(h.precipitation_probability, h) for h in plot.hours if h.precipitation_probability is not None]
    likeliest = sorted(known, key=lambda step: -step[0])
    texts = [text(plot.x(hour, -0.5), plot.rows.chances, plot.labels.number(chance, "%")) for chance, hour in likeliest]
    shown = (label for label in texts if label.text != "0" and is_clear_of(plot.now, label, SMALL))
    return clear(shown, SMALL, SMALL)


def spaced(plot: Plot, is_known: Callable[[HourlyForecast], bool]) -> Iterator[tuple[float, HourlyForecast]]:
    """The steps of which something is known, with their places; none too close to another, or on the line of now."""
    last = -inf
    for hour in filter(is_known, plot.hours):
        x = plot.x(hour)
        if x - last >= SPACED and (plot.now is None or abs(x - plot.now) > SYMBOL / 2):
            yield x, hour
            last = x


def winds(plot: Plot) -> list[tuple[float, HourlyForecast]]:
    return list(spaced(plot, lambda hour: hour.wind_speed is not None))


def arrows(plot: Plot, steps: Iterable[tuple[float, HourlyForecast]]) -> Iterator[Arrow]:
    """Where the winds blow to; a calm has no direction."""
    for x, hour in steps:
        if hour.wind_direction is not None and hour.wind_speed:
            yield Arrow(tenths(x), tenths(plot.rows.winds), round(hour.wind_direction + 180) % 360)


def speeds(plot: Plot, steps: Iterable[tuple[float, HourlyForecast]]) -> Iterator[Text]:
    for x, hour in steps:
        number = plot.labels.number(hour.wind_speed or 0.0, plot.system.wind_speed)
        yield held(text(x, plot.rows.bottom, number), SMALL, 0, WIDTH)


def symbols(plot: Plot) -> Iterator[Symbol]:
    for x, hour in spaced(plot, lambda hour: hour.condition is not None):
        if hour.condition:
            yield Symbol(tenths(x - SYMBOL / 2), tenths(TOP), hour.condition.code, hour.is_day)


def targets(plot: Plot) -> Iterator[Target]:
    for hour in plot.hours:
        yield Target(outline(plot, hour), step_words(hour, plot.system, plot.labels))


def outline(plot: Plot, hour: HourlyForecast) -> str:
    """A bent strip: the time nearest to the step's, but at the bars the hours before it. By moves: they repeat, so that
    a page of many steps stays small when it is compressed."""
    at, long, rows = hour.time.timestamp(), hour.interval_hours * HOUR, plot.rows
    left, right, start, end = [plot.axis.x(at + part * long) for part in (-0.5, 0.5, -1.0, 0.0)]
    bars, winds = FULL - 16, rows.chances + 5
    downs = [short(span) for span in (bars - TOP, winds - bars, rows.bottom - winds)]
    overs = [short(span) for span in (right - left, right - end, left - start)]
    way = "h{4}v{1}h-{5}v{2}h{5}v{3}h-{4}v-{3}h-{6}v-{2}h{6}z"
    return f"M{short(left)} {short(TOP)}" + way.format("", *downs, *overs)
