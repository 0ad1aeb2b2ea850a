"""What a forecast tells of a moment between two of its steps. Pure."""

from collections.abc import Callable, Sequence
from itertools import pairwise

from weather.domain.model import HourlyForecast
from weather.domain.nowcast import between

LONGEST_GAP = 3 * 3600
"""Seconds between two steps of which the time between is told: no source has longer steps of the first days."""


def value_at(
    steps: Sequence[HourlyForecast], seconds: float, of: Callable[[HourlyForecast], float | None]
) -> float | None:
    """A number of a moment (Unix seconds), on the line between the steps around it; None where these are not known."""
    for earlier, later in pairwise(steps):
        start, end = earlier.time.timestamp(), later.time.timestamp()
        if start <= seconds <= end and 0 < end - start <= LONGEST_GAP:
            return between(of(earlier), of(later), (seconds - start) / (end - start))
    return None
