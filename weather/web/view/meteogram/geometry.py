"""Shapes on paper: scales, texts that keep clear of one another, and curves that do not invent. Pure numbers.

Lengths are in units of the drawing; y grows downwards. Positions in time are reckoned in Unix seconds, for the clocks
of a place are set back and forth.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise
from typing import NamedTuple
from unicodedata import category, east_asian_width

Point = tuple[float, float]

EM = 0.64
"""Width of a letter, in parts of the size of its font: on the wide side, for the reader's font is not known."""


class Text(NamedTuple):
    """Words at a point: x is their middle, unless the style of their class says otherwise."""

    x: float
    y: float
    text: str


class Box(NamedTuple):
    """A rectangle by its upper left corner."""

    x: float
    y: float
    width: float
    height: float
    kind: str = ""


def tenths(number: float) -> float:
    """A length as it is written: one decimal at most, and none of zero."""
    rounded = round(number, 1)
    return int(rounded) if rounded == int(rounded) else rounded


def text(x: float, y: float, words: str) -> Text:
    return Text(tenths(x), tenths(y), words)


def box(x: float, y: float, width: float, height: float, kind: str = "") -> Box:
    return Box(tenths(x), tenths(y), tenths(width), tenths(height), kind)


@dataclass(frozen=True, slots=True)
class Axis:
    """Time, from left to right in every language."""

    start: float
    end: float
    left: float
    right: float
    tz: tzinfo | None

    def x(self, seconds: float) -> float:
        """Where a moment is, held to the axis."""
        part = (min(max(seconds, self.start), self.end) - self.start) / (self.end - self.start)
        return tenths(self.left + (self.right - self.left) * part)

    def holds(self, seconds: float) -> bool:
        return self.start <= seconds <= self.end

    def clocks(self, every: int) -> list[datetime]:
        """The moments at which the place's clocks show a multiple of so many hours; one they skip is not shown."""
        times = (datetime.combine(day, time(hour), self.tz) for day in self._dates() for hour in range(0, 24, every))
        return [at for at in times if self.holds(at.timestamp()) and is_shown(at)]

    def midnights(self) -> list[datetime]:
        """Where the days of the place begin; on a day that begins at one, its beginning."""
        times = (datetime.combine(day, time(), self.tz) for day in self._dates())
        return [midnight for midnight in times if self.holds(midnight.timestamp())]

    def _dates(self) -> list[date]:
        first, last = (datetime.fromtimestamp(edge, self.tz).date() for edge in (self.start, self.end))
        return [first + timedelta(days=n) for n in range((last - first).days + 1)]


def is_shown(clock: datetime) -> bool:
    """Whether the clocks of its zone ever show that time."""
    return datetime.fromtimestamp(clock.timestamp(), clock.tzinfo).replace(tzinfo=None) == clock.replace(tzinfo=None)


@dataclass(frozen=True, slots=True)
class Scale:
    """Values, from bottom to top."""

    low: float
    high: float
    bottom: float
    top: float

    def y(self, value: float) -> float:
        return round(self.bottom - (self.bottom - self.top) * (value - self.low) / (self.high - self.low), 1)


def scale_over(values: Sequence[float], least: float, bottom: float, top: float) -> Scale | None:
    """The scale that holds the values and is at least so many units high; None without a value."""
    if not values:
        return None
    low, high = min(values), max(values)
    spare = max(0.0, least - (high - low)) / 2
    return Scale(low - spare, high + spare, bottom, top)


def round_numbers(scale: Scale, steps: Sequence[int]) -> list[float]:
    """Multiples of the first of the steps that has at most five between its ends, else of the last."""
    step = next((step for step in steps if scale.high - scale.low <= 5 * step), steps[-1])
    first, last = -int(-scale.low // step), int(scale.high // step)
    return [float(step * n) for n in range(first, last + 1)]


def short(number: float) -> str:
    """A coordinate as a path needs it: one decimal at most."""
    return f"{number:z.1f}".removesuffix(".0")


def path(command: str, *points: Point) -> str:
    return command + " ".join(f"{short(x)} {short(y)}" for x, y in points)


def dots(points: Iterable[Point]) -> str:
    """Lines without length, which a round cap makes into dots."""
    return "".join(f"{path('M', point)}h0" for point in points)


def lines_across(heights: Iterable[float], left: float, right: float) -> str:
    return "".join(f"{path('M', (left, y))}H{short(right)}" for y in heights)


def lines_down(places: Iterable[float], top: float, bottom: float) -> str:
    return "".join(f"{path('M', (x, top))}V{short(bottom)}" for x in places)


UNEVEN = 0.1
"""From which difference on two steps are not as long; below it "s" in a path says what "c" would, shorter."""


def curve(run: Sequence[Point]) -> str:
    """A smooth line through points from left to right: the lowest and highest of it are points; one point is a dot."""
    if len(run) == 1:
        return dots(run)
    parts, before = [path("M", run[0])], 0.0
    for ((x0, y0), (x1, y1)), (slope0, slope1) in zip(pairwise(run), pairwise(slopes(run)), strict=True):
        third, rise = (x1 - x0) / 3, y1 - y0
        moves = (third, third * slope0), (2 * third, rise - third * slope1), (x1 - x0, rise)
        is_smooth = abs(third - before) < UNEVEN
        parts.append(path("s", *moves[1:]) if is_smooth else path("c", *moves))
        before = third
    return "".join(parts)


def slopes(run: Sequence[Point]) -> list[float]:
    """Slopes of a monotone cubic: flat where it turns, else the harmonic mean (Fritsch and Butland, 1984)."""
    rises = [(y1 - y0) / (x1 - x0) for (x0, y0), (x1, y1) in pairwise(run)]
    inner = [2 * a * b / (a + b) if a * b > 0 else 0.0 for a, b in pairwise(rises)]
    return [rises[0], *inner, rises[-1]]


def width_of(words: str, size: float) -> float:
    """About how wide words are in a font of that size."""
    letters = words if words.isascii() else [letter for letter in words if category(letter) != "Cf"]
    wide = 0 if words.isascii() else sum(east_asian_width(letter) in "WF" for letter in letters)
    return size * (EM * (len(letters) - wide) + wide)


def held(label: Text, size: float, left: float, right: float) -> Text:
    """The text, moved so far that it does not leave the paper."""
    half = width_of(label.text, size) / 2
    return text(min(max(label.x, left + half), right - half), label.y, label.text)


def clear(texts: Iterable[Text], size: float, apart: float) -> tuple[Text, ...]:
    """Those that do not touch one before them, whose base lines are less than `apart` away: first come, first kept."""
    placed: list[tuple[Text, float]] = []
    for label in texts:
        half = width_of(label.text, size) / 2 + size / 6
        if all(abs(label.x - other.x) >= half + its or abs(label.y - other.y) >= apart for other, its in placed):
            placed.append((label, half))
    return tuple(label for label, _ in placed)


def is_clear_of(x: float | None, label: Text, size: float) -> bool:
    """Whether a text does not touch an upright line there; None is no line."""
    return x is None or abs(label.x - x) >= width_of(label.text, size) / 2 + size / 6


def beside_line(x: float | None, label: Text, size: float, right: float) -> Text:
    """The text, moved to the right of an upright line that it would touch; to the left where the paper ends there."""
    if x is None or is_clear_of(x, label, size):
        return label
    away = width_of(label.text, size) / 2 + size / 6 + 0.1
    return text(x + away if x + 2 * away <= right else x - away, label.y, label.text)


def passes(run: Sequence[Point], label: Text, size: float) -> bool:
    """Whether a line through points comes upon a text: at its middle or its ends."""
    half = width_of(label.text, size) / 2
    heights = [height_at(run, x) for x in (label.x - half, label.x, label.x + half)]
    return any(y is not None and abs(y - label.y + size / 3) < size * 0.8 for y in heights)


def height_at(run: Sequence[Point], x: float) -> float | None:
    """The height of a line of straight parts; None where it does not reach."""
    for (x0, y0), (x1, y1) in pairwise(run):
        if x0 <= x <= x1:
            return y0 + (y1 - y0) * (x - x0) / (x1 - x0)
    return None
