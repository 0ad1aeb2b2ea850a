"""The paper of the meteogram: its rows, its scales, and what the other modules here are handed."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from weather.domain.model import HourlyForecast
from weather.domain.units import System
from weather.web.view.meteogram.geometry import Axis, Scale, scale_over
from weather.web.view.meteogram.labels import Labels

# A unit is a pixel at the smallest size that the drawing is shown in. Rows from the top; those of texts by base line.
# Between LEFT and RIGHT an hour of two days is 14 wide: steps then differ by whole numbers, and the page packs well.
WIDTH, LEFT, RIGHT = 720, 34, 706
DAYS, TOP, WARMEST, COLDEST, FULL = 14, 22, 72, 180, 218
SMALL, LARGE = 12, 14  # sizes of type

HOUR = 3600
SHORTEST = 12 * HOUR  # a single hour is not drawn as wide as two days
DEGREES = {"°C": (10.0, 0.0), "°F": (18.0, 32.0)}  # the least height of the scale (calm days look calm), and freezing
FULL_BARS = {"mm": (5.0, 10.0, 20.0, 50.0, 100.0), "in": (0.2, 0.5, 1.0, 2.0, 5.0)}  # 0.2 mm never looks like a flood


class Rows(NamedTuple):
    """The rows from the foot of the bars down, and the height of the paper."""

    dry: float
    chances: float
    winds: float
    bottom: float
    hours: float
    keys: float
    foot: float
    height: int


WITH_BARS = Rows(262, 279, 297, 320, 338, 358, 375, 380)
WITHOUT_BARS = Rows(218, 235, 253, 276, 294, 314, 331, 336)
"""Where nothing falls, no height is kept for bars: the dots of dry steps stand where a full bar would end."""


@dataclass(frozen=True, slots=True)
class Plot:
    """What is drawn, on which scales, for whom; `warmth` is None where no temperature is known.

    `now`: where the line of now stands; None if it is not on the paper.
    """

    hours: Sequence[HourlyForecast]
    axis: Axis
    warmth: Scale | None
    rain: Scale
    system: System
    labels: Labels
    now: float | None
    rows: Rows = WITH_BARS

    def x(self, hour: HourlyForecast, later: float = 0.0) -> float:
        """Where a step is told of; or so many of its intervals later."""
        return self.axis.x(hour.time.timestamp() + later * hour.interval_hours * HOUR)


def plot_of(hours: Sequence[HourlyForecast], system: System, labels: Labels, as_of: float) -> Plot:
    """The paper for some hours; `as_of` in Unix seconds."""
    axis, rain = axis_of(hours), Scale(0.0, full_bar(hours, system), WITH_BARS.dry, FULL)
    now = axis.x(as_of) if axis.holds(as_of) else None
    return Plot(hours, axis, warmth_of(hours, system), rain, system, labels, now)


def axis_of(hours: Sequence[HourlyForecast]) -> Axis:
    """From the beginning of the first step to the end of the last, or a little beyond."""
    start = hours[0].time.timestamp() - hours[0].interval_hours * HOUR
    return Axis(start, max(hours[-1].time.timestamp(), start + SHORTEST), LEFT, RIGHT, hours[0].time.tzinfo)


def warmth_of(hours: Sequence[HourlyForecast], system: System) -> Scale | None:
    """The scale of the temperatures."""
    temperatures = [value for hour in hours for value in (hour.temperature, hour.feels_like) if value is not None]
    return scale_over(temperatures, DEGREES[system.temperature][0], COLDEST, WARMEST)


def full_bar(hours: Sequence[HourlyForecast], system: System) -> float:
    """The amount that is as high as a bar can be."""
    most = max(hour.precipitation or 0.0 for hour in hours)
    return next((full for full in FULL_BARS[system.precipitation] if full >= most), most)
