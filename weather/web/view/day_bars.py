"""Geometry of the days' range bars: one scale for all of them, colours by absolute temperature. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from weather.domain.model import DailyForecast

WIDTH = 100.0
LEAST_WIDTH = 2.0
LEAST_SPAN = 10.0
"""Degrees that the scale covers at least, so that a calm week does not look wild."""

STOPS = tuple(range(-30, 45, 5))
"""Temperatures, in °C, that have a colour of their own; it is mixed in between."""


@dataclass(frozen=True, slots=True)
class Bar:
    """One day's range on the common scale, in hundredths of its width."""

    x: float
    width: float


@dataclass(frozen=True, slots=True)
class Stop:
    """A temperature's colour: `offset` from the coldest one, 0, to the warmest, 1; `name` of its class."""

    offset: float
    name: str


@dataclass(frozen=True, slots=True)
class Scale:
    """From the lowest low to the highest high, in °C."""

    low: float
    high: float

    def at(self, temperature: float) -> float:
        return round((temperature - self.low) / (self.high - self.low) * WIDTH, 1)

    def bar(self, day: DailyForecast) -> Bar | None:
        """A day's bar, never thinner than can be seen; None if its range is not known."""
        if day.temperature_min is None or day.temperature_max is None:
            return None
        start, end = self.at(day.temperature_min), self.at(day.temperature_max)
        width = round(max(end - start, LEAST_WIDTH), 1)
        return Bar(min(start, round(WIDTH - width, 1)), width)

    @property
    def coldest(self) -> float:
        """Where the first colour stands; like the last one mostly beyond the ends, so that 15° always looks the same.

        The gradient is stretched, rather than its offsets moved, for SVG moves offsets outside 0..1 to the ends.
        """
        return self.at(STOPS[0])

    @property
    def warmest(self) -> float:
        return self.at(STOPS[-1])

    def stops(self) -> list[Stop]:
        """The colours, evenly from the coldest to the warmest."""
        span = STOPS[-1] - STOPS[0]
        return [Stop(round((t - STOPS[0]) / span, 4), f"k{t}" if t >= 0 else f"km{-t}") for t in STOPS]


def scale(days: Sequence[DailyForecast]) -> Scale | None:
    """The common scale of some days; None if no range is known."""
    lows = [day.temperature_min for day in days if day.temperature_min is not None]
    highs = [day.temperature_max for day in days if day.temperature_max is not None]
    if not lows or not highs:
        return None
    low, high = min(lows), max(highs)
    spare = max(0.0, LEAST_SPAN - (high - low)) / 2
    return Scale(low - spare, high + spare)
