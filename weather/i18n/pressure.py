"""The tendency of the pressure, in the terms of the Met Office's reports from coastal stations.

Over three hours: slowly from 0.1 to 1.5 hPa, without a word more from 1.6 to 3.5, quickly from 3.6 to 6.0, then very
rapidly (https://www.metoffice.gov.uk/weather/guides/coast-and-sea/glossary).
"""

from bisect import bisect_left

from weather.domain.rounding import round_half
from weather.i18n.formatting import Formatter
from weather.messages import N_

BOUNDS = (1.5, 3.5, 6.0)
RISING = (
    N_("rising slowly over 3 hours"),
    N_("rising over 3 hours"),
    N_("rising quickly over 3 hours"),
    N_("rising very rapidly over 3 hours"),
)
FALLING = (
    N_("falling slowly over 3 hours"),
    N_("falling over 3 hours"),
    N_("falling quickly over 3 hours"),
    N_("falling very rapidly over 3 hours"),
)


def tendency_words(change: float, reader: Formatter) -> str:
    """The change over the last three hours (hPa) in words."""
    tenths = round_half(change, 1)
    if tenths == 0:
        return reader.say("steady over 3 hours")
    return reader.say((RISING if tenths > 0 else FALLING)[bisect_left(BOUNDS, abs(tenths))])
