"""Warmer or colder than yesterday, in words."""

from weather.domain.rounding import round_half
from weather.domain.units import in_unit
from weather.i18n.formatting import Formatter


def than_yesterday(now: float, then: float, reader: Formatter) -> str:
    """The difference in whole degrees of the reader's unit; from half a degree on there is one."""
    symbol = reader.system.temperature
    difference = int(round_half(in_unit(now, symbol) - in_unit(then, symbol)))
    degrees = f"{reader.figure(abs(difference), symbol)}°"
    if difference > 0:
        return reader.say("{degrees} warmer than yesterday at this time", degrees=degrees)
    if difference < 0:
        return reader.say("{degrees} colder than yesterday at this time", degrees=degrees)
    return reader.say("as warm as yesterday at this time")
