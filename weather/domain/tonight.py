"""Tonight: from 18:00 what is left of a day and of the night after it, up to 06:00. Pure.

A page then begins with it, for a high that is over and rain that has fallen are no news. Days stay calendar days
everywhere else, and the hours after midnight count in tomorrow's as well.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from weather.domain.calendar_day import middle
from weather.domain.daily import aggregate_day, reaching
from weather.domain.day_picture import sky, with_present
from weather.domain.daylight import lit
from weather.domain.model import Coordinates, CurrentConditions, DailyForecast, HourlyForecast
from weather.domain.nowcast import is_too_old
from weather.domain.precipitation import amount_left, day_condition

EVENING, MORNING = 18, 6
"""The hours of the clock at which the night begins and ends in words."""


def night_end(as_of: datetime) -> datetime | None:
    """When the night ends that has begun, on the clock of `as_of`; None before the evening."""
    if as_of.hour < EVENING:
        return None
    return datetime.combine(as_of.date() + timedelta(days=1), time(MORNING), as_of.tzinfo)


def steps_left(hours: Sequence[HourlyForecast], as_of: datetime, end: datetime) -> list[HourlyForecast]:
    """The steps from now to then, the running one with its share of precipitation that is still to come."""
    left = [hour for hour in hours if hour.time.timestamp() > as_of.timestamp() and middle(hour) < end.timestamp()]
    return [left_of(hour, as_of) for hour in left]


def left_of(hour: HourlyForecast, as_of: datetime) -> HourlyForecast:
    """A step with as much of its sums as is still to come."""
    water, snow = (amount_left(hour, fallen, as_of) for fallen in (hour.precipitation, hour.snowfall))
    return replace(hour, precipitation=water, snowfall=snow)


def tonight(
    steps: Sequence[HourlyForecast], current: CurrentConditions | None, at: Coordinates, as_of: datetime
) -> DailyForecast | None:
    """What those steps say, in the form of a day; None where there are none."""
    if not steps or as_of.tzinfo is None:
        return None
    dark = [step for step in steps if not step.is_day]
    picture = day_condition(steps) or sky(dark) or sky(steps)
    summary = aggregate_day(as_of.date(), steps, at, as_of.tzinfo)
    summary = replace(summary, condition=lit(picture, is_day=not dark), partial=False)
    if current is None:
        return summary
    reached = summary if current.temperature is None else reaching(summary, current.temperature)
    return reached if is_too_old(current, as_of.timestamp()) else with_present(reached, current, counts_dark=True)
