"""Visibility in words: a source's greatest is "or more", fog is told in metres, or in fractions of a mile. Pure."""

from bisect import bisect_right

from weather.domain.rounding import round_half
from weather.domain.units import in_unit
from weather.i18n.formatting import UNKNOWN, Formatter

KILOMETRE = 1000.0
METRES = "m"
QUARTERS = ("¼", "¼", "½", "¾")
"""Of a mile, as the US National Weather Service tells it below one, rounded down (FMH-1, chapter 6)."""


def visibility(metres: float | None, greatest: float | None, reader: Formatter) -> str:
    """How far one sees: "10 km or more", "12 km", "350 m", "¼ mi".

    `greatest`: the metres that the source tells where one sees as far or farther, if it has such a limit.
    """
    if metres is None:
        return UNKNOWN
    if metres == greatest:
        return reader.say("{distance} or more", distance=reader.distance(metres))
    miles = in_unit(metres, "mi")
    if reader.system.distance == "mi" and miles < 1:
        distance = f"{QUARTERS[bisect_right((0.25, 0.5, 0.75), miles)]}\u00a0{reader.unit('mi')}"
        return distance if miles >= 0.25 else reader.say("less than {distance}", distance=distance)
    if reader.system.distance == "km" and metres < KILOMETRE:
        step = 10 if metres >= 100 else 1
        return reader.measure_to(round_half(metres / step) * step, METRES, 0)
    return reader.distance(metres)
