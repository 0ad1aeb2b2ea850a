"""The wind by Beaufort's scale. Pure."""

from bisect import bisect_right

from weather.domain.rounding import cleaned

LEAST = (0.3, 1.6, 3.4, 5.5, 8.0, 10.8, 13.9, 17.2, 20.8, 24.5, 28.5, 32.7)
"""Metres a second at which forces 1 to 12 begin (WMO-No. 306, Manual on Codes, code table 1100)."""


CALM = LEAST[0]


def told_direction(speed: float | None, from_degrees: float | None) -> float | None:
    """From where a wind blows, for all who tell of it: a calm, or a wind that is not known, has no direction."""
    return None if speed is None or speed < CALM else from_degrees


def told_gust(speed: float | None, gust: float | None) -> float | None:
    """A gust, for all who tell of it beside the mean: one that is no stronger says nothing (sources have such)."""
    return None if gust is None or (speed is not None and gust <= speed) else gust


def force(metres_a_second: float) -> float:
    """The force, a whole number from 0, a calm, to 12, a hurricane."""
    return float(bisect_right(LEAST, cleaned(metres_a_second)))
