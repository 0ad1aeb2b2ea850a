"""To which calendar day of a place a step of a forecast belongs: the one cut at midnight, for days and tables. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, datetime, tzinfo

from weather.domain.model import HourlyForecast

QUARTER = 6
"""Hours of each quarter of a day: its night, morning, afternoon and evening."""

DayOf = Callable[[HourlyForecast, tzinfo], date]
"""A cut: the day of a step, in a zone."""


def middle(hour: HourlyForecast) -> float:
    """The middle of the span that a step sums up, in Unix seconds."""
    return hour.time.timestamp() - hour.interval_hours * 1800


def begin_of(hour: HourlyForecast) -> float:
    """When the span that a step sums up begins, in Unix seconds."""
    return hour.time.timestamp() - hour.interval_hours * 3600


def day_of(hour: HourlyForecast, tz: tzinfo) -> date:
    """The day that holds a step's middle: of the step from 21:00 to midnight the day that ends."""
    return datetime.fromtimestamp(middle(hour), tz).date()


def day_of_stamp(hour: HourlyForecast, tz: tzinfo) -> date:
    """The day that holds a step's time: of the step of midnight the day that begins."""
    return hour.time.astimezone(tz).date()


def quarter_of(step: HourlyForecast, day: date) -> int:
    """Which quarter of a day holds the middle of the span that a step sums up: 0 the night, 3 the evening.

    A step that is counted to a day though its middle lies before it (`day_of_stamp`) is of its night.
    """
    within = datetime.fromtimestamp(middle(step), step.time.tzinfo)
    return within.hour // QUARTER if within.date() >= day else 0


def by_day(hours: Iterable[HourlyForecast], tz: tzinfo, cut: DayOf = day_of) -> Mapping[date, Sequence[HourlyForecast]]:
    """The steps of each day that they reach into, in their order."""
    days: dict[date, list[HourlyForecast]] = {}
    for hour in hours:
        days.setdefault(cut(hour, tz), []).append(hour)
    return days
