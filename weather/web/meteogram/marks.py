"""The data themselves: lines, bars, arrows, symbols, and the numbers written at them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import inf
from operator import itemgetter

from weather.model import Condition, HourlyForecast
from weather.units import System, written
from weather.web.meteogram.plot import BOTTOM, CHANCES, DRY, FULL, HOUR, LARGE, SMALL, TOP, WIDTH, WINDS, Plot
from weather.web.meteogram.shapes import Box, Point, Text, clear, curve, dots, held, short
from weather.web.meteogram.words import step_words

TURN = 8 * HOUR  # a high is the highest within so many seconds on either side
SPACED = 36.0  # room for a symbol, or for an arrow and the speed under it
SYMBOL = 28.0  # width and height of a symbol


@dataclass(frozen=True, slots=True)
class Arrow:
    """A wind: where, and how many degrees to turn an arrow that points up so that it flies with the wind."""

    x: float
    y: float
    turn: int


@dataclass(frozen=True, slots=True)
class Symbol:
    """The upper left corner of the picture of a condition, and the id of that condition."""

    x: float
    y: float
    code: int
    is_day: bool | None


@dataclass(frozen=True, slots=True)
class Target:
    """What the pointer meets of a step, and the words that it is then told."""

    path: str
    title: str


def line(plot: Plot, value: Callable[[HourlyForecast], float | None]) -> str:
    """A curve through the values, broken where one is not known or a step is not there."""
    return "".join(curve(run) for run in runs(plot, value) if run)


def runs(plot: Plot, value: Callable[[HourlyForecast], float | None]) -> list[list[Point]]:
    """The points that belong together."""
    found: list[list[Point]] = [[]]
    reached = inf
    for hour in plot.hours:
        told, at = value(hour), hour.time.timestamp()
        if told is None or at - hour.interval * HOUR > reached:
            found.append([])
        if told is not None and plot.warmth:
            found[-1].append((plot.x(hour), plot.warmth.y(told)))
        reached = at
    return found


def extremes(plot: Plot) -> tuple[Text, ...]:
    """The numbers of the highs and lows, those furthest from the middle first, where they do not touch."""
    told = [(hour.time.timestamp(), hour.temperature) for hour in plot.hours if hour.temperature is not None]
    if plot.warmth is None or not told:
        return ()
    values = [value for _, value in told]
    middle = (min(values) + max(values)) / 2
    texts = []
    for at, value, is_high in sorted(turns(told), key=lambda turn: -abs(turn[1] - middle)):
        height = plot.warmth.y(value) + (-8 if is_high else 17)
        text = Text(plot.axis.x(at), round(height, 1), f"{plot.labels.number(value, plot.system.temperature)}°")
        texts.append(held(text, LARGE, 0, WIDTH))
    return clear(texts, LARGE, LARGE)


def turns(told: Sequence[tuple[float, float]]) -> Iterator[tuple[float, float, bool]]:
    """The moments and values that are the highest (True) or lowest of the hours about them; of equals the first."""
    for one in told:
        near = [other for other in told if abs(other[0] - one[0]) <= TURN]
        if max(near, key=itemgetter(1)) is one:
            yield (*one, True)
        elif min(near, key=itemgetter(1)) is one:
            yield (*one, False)


def is_dry(hour: HourlyForecast, system: System) -> bool:
    """Whether it is known that nothing falls that would be written as more than 0."""
    return hour.precipitation is not None and written(hour.precipitation, system.precipitation) == "0"


def dry_dots(plot: Plot) -> str:
    """A dot for each dry step, so that dry is not mistaken for unknown."""
    return dots((plot.x(hour, -0.5), DRY - 2) for hour in plot.hours if is_dry(hour, plot.system))


def wet(plot: Plot) -> Iterator[tuple[HourlyForecast, float]]:
    """The steps in which something falls, and how much."""
    for hour in plot.hours:
        if hour.precipitation is not None and not is_dry(hour, plot.system):
            yield hour, hour.precipitation


def bars(plot: Plot) -> Iterator[Box]:
    """What falls, from the beginning of its step to the end."""
    for hour, amount in wet(plot):
        left, right, top = plot.x(hour, -1), plot.x(hour), plot.rain.y(amount)
        yield Box(left + 1, top, max(round(right - left - 2, 1), 0.5), round(DRY - top, 1), falling(hour.condition))


def falling(condition: Condition | None) -> str:
    """What falls, by the id of the condition; rain if that does not tell."""
    code = condition.code if condition else 0
    if code in range(611, 617):
        return "sleet"
    return "snow" if code // 100 == 6 else "rain"


def amounts(plot: Plot) -> tuple[Text, ...]:
    """How much falls, above the bars; the greatest first, for there is not always room for all."""
    steps = sorted(wet(plot), key=lambda step: -step[1])
    symbol, number = plot.system.precipitation, plot.labels.number
    texts = [Text(plot.x(hour, -0.5), plot.rain.y(amount) - 4, number(amount, symbol)) for hour, amount in steps]
    return clear(texts, SMALL, inf)


def chances(plot: Plot) -> tuple[Text, ...]:
    """How likely it is that something falls, under the bars; the likeliest first."""
    known = [(h.precipitation_probability, h) for h in plot.hours if h.precipitation_probability is not None]
    likeliest = sorted(known, key=lambda step: -step[0])
    texts = [Text(plot.x(hour, -0.5), CHANCES, plot.labels.number(chance, "%")) for chance, hour in likeliest]
    return clear(texts, SMALL, SMALL)


def spaced(plot: Plot, is_known: Callable[[HourlyForecast], bool]) -> Iterator[tuple[float, HourlyForecast]]:
    """The steps of which something is known, those left out that would stand too close."""
    last = -inf
    for hour in plot.hours:
        if is_known(hour) and plot.x(hour) - last >= SPACED:
            last = plot.x(hour)
            yield last, hour


def winds(plot: Plot) -> list[tuple[float, HourlyForecast]]:
    return list(spaced(plot, lambda hour: hour.wind_speed is not None))


def arrows(plot: Plot) -> Iterator[Arrow]:
    """Where the winds blow to; a calm has no direction."""
    for x, hour in winds(plot):
        if hour.wind_direction is not None and hour.wind_speed:
            yield Arrow(x, WINDS, round(hour.wind_direction + 180) % 360)


def speeds(plot: Plot) -> Iterator[Text]:
    for x, hour in winds(plot):
        yield Text(x, BOTTOM, plot.labels.number(hour.wind_speed or 0.0, plot.system.wind_speed))


def symbols(plot: Plot) -> Iterator[Symbol]:
    for x, hour in spaced(plot, lambda hour: hour.condition is not None):
        if hour.condition:
            yield Symbol(round(x - SYMBOL / 2, 1), TOP, hour.condition.code, hour.is_day)


def targets(plot: Plot) -> Iterator[Target]:
    for hour in plot.hours:
        yield Target(outline(plot, hour), step_words(hour, plot.system, plot.labels))


def outline(plot: Plot, hour: HourlyForecast) -> str:
    """A bent strip: the time nearest to the step's, but at the bars the hours before it."""
    left, right, start, end = (short(plot.x(hour, later)) for later in (-0.5, 0.5, -1.0, 0.0))
    bars, winds = short(FULL - 16), short(CHANCES + 5)
    return (
        f"M{left} {short(TOP)}H{right}V{bars}H{end}V{winds}H{right}V{short(BOTTOM)}"
        f"H{left}V{winds}H{start}V{bars}H{left}Z"
    )
