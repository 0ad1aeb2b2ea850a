"""The next hour by the minute, or the next two by the quarter hour, drawn only when they are wet. Pure.

Geometry that a template prints as it is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from math import sqrt

from weather.domain.model import NowcastStep
from weather.domain.precipitation import is_wet_rate
from weather.messages import N_
from weather.web.view.meteogram.geometry import Text, path, short, text

STEP, TOP, FOOT, WORDS = 6.0, 4.0, 44.0, 60.0
FULL = 20.0
"""Millimetres an hour at which a bar is full; heights go by the root, so that drizzle is seen and is no flood."""

BETWEEN_CLOCKS = 90.0
"""From one time of day to the next: 15 minutes, or two quarter hours."""

QUARTER = 45.0
"""The width of a quarter hour; its bar leaves a little of that."""


@dataclass(frozen=True, slots=True)
class MinutelyChart:
    """A path of bars, one of the steps that are known, and times of day; left to right in every language.

    `label`: its name where no sentence is one. `top`: above it is nothing but paper.
    """

    is_by_quarters: bool
    label: str
    bars: str
    axis: str
    clocks: Sequence[Text]
    width: float
    top: float
    height: float


MINUTE_BY_MINUTE, BY_QUARTERS = N_("Precipitation, minute by minute"), N_("Precipitation by quarter hours")


def shower(steps: Sequence[NowcastStep], clock: Callable[[datetime], str]) -> MinutelyChart | None:
    """The drawing; None if nothing wet is known."""
    if not any(is_wet_rate(step.precipitation_rate) for step in steps):
        return None
    is_by_quarters = steps[0].interval_minutes > 1
    wide = QUARTER if is_by_quarters else STEP
    places, every = [(wide * (n + 0.5), step.precipitation_rate) for n, step in enumerate(steps)], BETWEEN_CLOCKS / wide
    return MinutelyChart(
        is_by_quarters=is_by_quarters,
        label=BY_QUARTERS if is_by_quarters else MINUTE_BY_MINUTE,
        bars="".join(f"{path('M', (x, FOOT))}V{short(height(rate))}" for x, rate in places if rate),
        axis="".join(f"{path('M', (x - wide / 2, FOOT))}h{short(wide)}" for x, rate in places if rate is not None),
        clocks=[text(wide * n, WORDS, clock(step.time)) for n, step in enumerate(steps) if n % every == 0][:4],
        width=wide * len(steps),
        top=(top := round(min(height(rate) for _, rate in places if rate) - TOP)),
        height=WORDS + 4 - top,
    )


def height(intensity: float) -> float:
    return FOOT - (FOOT - TOP) * sqrt(min(intensity, FULL) / FULL)
