"""The days of wttr.in's JSON: eight moments a day, each with what falls in the three hours from it on. Pure.

Of a moment that has gone by nothing may be known; of the running three hours at least what is known of now.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time

from weather.domain.daily import beginning_today, summed
from weather.domain.full_hours import HOUR, full_hours
from weather.domain.model import Conditions, DailyForecast, HourlyForecast
from weather.domain.precipitation import consistent, day_condition
from weather.web.terminal.view import View

DAYS, STEP = 3, 3


@dataclass(frozen=True, slots=True)
class Moment:
    """A clock time of a day, what is known of it, and the greatest chance of precipitation in its three hours."""

    hour: int
    conditions: Conditions | None
    chance: float | None


@dataclass(frozen=True, slots=True)
class Day:
    """A day with its eight moments."""

    forecast: DailyForecast
    moments: tuple[Moment, ...]


def three_days(view: View) -> list[Day]:
    """Today and the two days after it, as far as the forecast goes."""
    if not view.report.days:
        return []
    hours = by_time(view)
    days = beginning_today(view.report.days, view.place.coordinates, view.as_of)[:DAYS]
    return [Day(day, tuple(moment(day.date, hour, hours, view) for hour in range(0, 24, STEP))) for day in days]


def by_time(view: View) -> Mapping[float, HourlyForecast]:
    """The full hours that are known, by Unix time: those of today that have gone by too, where the source has them."""
    gone, now = view.report.gone, view.as_of.timestamp()
    begin = datetime.combine(view.today, time(), view.tz).timestamp() if gone else now
    current = None if gone else view.current
    hours = full_hours([*gone, *view.report.hours], current, view.place.coordinates, begin)
    since = current.time.timestamp() if current else begin
    return {hour.time.timestamp(): hour for hour in hours if hour.time.timestamp() >= since}


def moment(day: date, hour: int, hours: Mapping[float, HourlyForecast], view: View) -> Moment:
    """What is known of a clock time; where clocks are put forward over it, of the time that it then is."""
    at = datetime.combine(day, time(hour), view.tz).timestamp()
    span = [hours.get(at + HOUR * n) for n in range(1, STEP + 1)]
    conditions: Conditions | None = hours.get(at)
    if conditions is None and at <= view.as_of.timestamp() < at + STEP * HOUR:
        conditions = view.current
    chances = [each.precipitation_probability for each in span if each]
    known = [chance for chance in chances if chance is not None]
    return Moment(hour, with_sum(conditions, span) if conditions else None, max(known, default=None))


def with_sum(conditions: Conditions, span: Sequence[HourlyForecast | None]) -> HourlyForecast:
    """The conditions with what falls in the three hours, and its most dangerous kind where they are wet."""
    known = [each for each in span if each]
    step = HourlyForecast(
        **{name: getattr(conditions, name) for name in Conditions.__dataclass_fields__},
        interval_hours=STEP,
        precipitation_probability=max((each.precipitation_probability or 0.0 for each in known), default=None),
    )
    summed_up = replace(step, precipitation=summed(each.precipitation if each else None for each in span))
    return consistent(replace(summed_up, condition=day_condition(known) or conditions.condition))
