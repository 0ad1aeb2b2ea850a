"""The next hour minute by minute, drawn only when it is wet: geometry that a template prints as it is. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from weather.domain.model import NowcastStep
from weather.web.view.meteogram.geometry import Text, path, short, text

STEP, TOP, FOOT, WORDS = 6.0, 4.0, 44.0, 60.0
FULL = 20.0
"""Millimetres an hour at which a bar is full; heights go by the root, so that drizzle is seen and is no flood."""

EVERY = 15
"""Minutes from one time of day to the next."""


@dataclass(frozen=True, slots=True)
class MinutelyChart:
    """A path of bars, one of the minutes that are known, and times of day; left to right in every language."""

    bars: str
    axis: str
    clocks: Sequence[Text]
    width: float
    height: float


def shower(minutes: Sequence[NowcastStep], clock: Callable[[datetime], str]) -> MinutelyChart | None:
    """The drawing; None if it is dry as far as is known."""
    if not any(minute.precipitation_rate for minute in minutes):
        return None
    places = [(STEP * (n + 0.5), minute.precipitation_rate) for n, minute in enumerate(minutes)]
    return MinutelyChart(
        bars="".join(f"{path('M', (x, FOOT))}V{short(height(told))}" for x, told in places if told),
        axis="".join(f"{path('M', (x - STEP / 2, FOOT))}h{short(STEP)}" for x, told in places if told is not None),
        clocks=[text(STEP * n, WORDS, clock(minute.time)) for n, minute in enumerate(minutes) if n % EVERY == 0][:4],
        width=STEP * len(minutes),
        height=WORDS + 4,
    )


def height(intensity: float) -> float:
    return FOOT - (FOOT - TOP) * sqrt(min(intensity, FULL) / FULL)
