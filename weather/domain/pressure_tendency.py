"""How the pressure has changed over three hours, the span of the WMO's "tendency" (WMO-No. 306, group 5appp). Pure."""

from collections.abc import Sequence
from datetime import datetime
from operator import attrgetter

from weather.domain.between_steps import value_at
from weather.domain.model import HourlyForecast

SPAN = 3 * 3600


def pressure_tendency(steps: Sequence[HourlyForecast], as_of: datetime) -> float | None:
    """The change over the last three hours, in hPa; None where the steps, gone by and to come, do not tell of both.

    Both ends are of one forecast: a measurement less what a model had would tell of the difference between the two.
    """
    now = as_of.timestamp()
    before, after = (value_at(steps, at, attrgetter("pressure")) for at in (now - SPAN, now))
    return None if before is None or after is None else after - before
