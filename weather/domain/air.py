"""Classes of air quality, on OpenWeatherMap's scale (https://openweathermap.org/api/air-pollution)."""

from bisect import bisect
from collections.abc import Mapping

AIR_SCALE = "OpenWeatherMap 1-5"
AIR_STEPS = {
    "co": (4400, 9400, 12400, 15400),
    "no2": (40, 70, 150, 200),
    "o3": (60, 100, 140, 180),
    "so2": (20, 80, 250, 350),
    "pm2_5": (10, 25, 50, 75),
    "pm10": (20, 50, 100, 200),
}
"""Micrograms per cubic metre from which air is of class 2, 3, 4 and 5."""

WORST = 5


def least_class(parts: Mapping[str, float | None]) -> int | None:
    """The class of the worst substance that is known: the air is at least as bad; None if none is known."""
    known = [(name, amount) for name in AIR_STEPS if (amount := parts.get(name)) is not None]
    return max((1 + bisect(AIR_STEPS[name], amount) for name, amount in known), default=None)


def air_class(parts: Mapping[str, float | None]) -> int | None:
    """The class of the worst substance, from 1 (good) to 5; None if one that is not known could be worse."""
    least, is_whole = least_class(parts), all(parts.get(name) is not None for name in AIR_STEPS)
    return least if is_whole or least == WORST else None
