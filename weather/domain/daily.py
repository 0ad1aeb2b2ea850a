"""True days: a place's own calendar days made from the steps of a forecast. Pure.

A step tells an instant (temperature, wind, sky) and sums up the span before it (precipitation and its probability).
Both belong to the local date that holds the middle of the span (`calendar_day`): so every step is in one day,
and a day says what the table of its steps says.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from weather.domain import astronomy
from weather.domain.calendar_day import by_day, middle
from weather.domain.day_picture import is_of, picture, with_present
from weather.domain.daylight import is_sunlit, lit
from weather.domain.model import Coordinates, CurrentConditions, DailyForecast, HourlyForecast
from weather.domain.precipitation import consistent
from weather.domain.rounding import cleaned


def days(hours: Sequence[HourlyForecast], at: Coordinates, tz: tzinfo) -> tuple[DailyForecast, ...]:
    """The days that the steps reach into, in order; what each step says agrees with its own numbers."""
    steps = by_day(list(map(consistent, hours)), tz)
    return tuple(aggregate_day(day, steps[day], at, tz) for day in sorted(steps))


def aggregate_day(day: date, steps: Sequence[HourlyForecast], at: Coordinates, tz: tzinfo) -> DailyForecast:
    """A day from the steps that belong to it."""
    sun, moon = astronomy.sun(at, day, tz), astronomy.moon(at, day, tz)
    windiest = max(steps, key=lambda hour: hour.wind_speed or 0.0, default=None)
    return DailyForecast(
        date=day,
        temperature_min=min(known(hour.temperature for hour in steps), default=None),
        temperature_max=max(known(hour.temperature for hour in steps), default=None),
        precipitation=summed(hour.precipitation for hour in steps),
        rain=summed(hour.rain for hour in steps),
        snowfall=summed(hour.snowfall for hour in steps),
        precipitation_probability=max(known(hour.precipitation_probability for hour in steps), default=None),
        wind_speed_max=max(known(hour.wind_speed for hour in steps), default=None),
        wind_gust_max=max(known(hour.wind_gust for hour in steps), default=None),
        wind_direction=windiest.wind_direction if windiest else None,
        condition=lit(picture(steps, sun), is_sunlit(sun, day, at, tz)),
        sunrise=sun.sunrise,
        sunset=sun.sunset,
        moonrise=moon.moonrise,
        moonset=moon.moonset,
        moon_phase=round(moon.phase, 3),
        uv_index_max=max(known(hour.uv_index for hour in steps), default=None),
        summary=None,
        partial=not covers_whole_day(steps, day, tz),
    )


def with_measured(
    days: Sequence[DailyForecast], measured: CurrentConditions | None, tz: tzinfo
) -> tuple[DailyForecast, ...]:
    """The days, of which the one that holds the current weather reaches as low and as high, and is as wet as that."""
    if measured is None:
        return tuple(days)
    return tuple(telling(day, measured) if is_of(measured, day.date, tz) else day for day in days)


def telling(day: DailyForecast, measured: CurrentConditions) -> DailyForecast:
    """The day with the current weather in it."""
    reached = day if measured.temperature is None else reaching(day, measured.temperature)
    return with_present(reached, measured)


def reaching(day: DailyForecast, temperature: float) -> DailyForecast:
    """The day with a range that holds this temperature too."""
    low = min(known([day.temperature_min, temperature]))
    high = max(known([day.temperature_max, temperature]))
    return replace(day, temperature_min=low, temperature_max=high)


def covers_whole_day(steps: Sequence[HourlyForecast], day: date, tz: tzinfo) -> bool:
    """Whether they reach from one local midnight to the next, 23, 24 or 25 hours, without a hole."""
    start, end = (datetime.combine(midnight, time(), tz).timestamp() for midnight in (day, day + timedelta(days=1)))
    step = max((hour.interval_hours for hour in steps), default=0) * 3600
    return unbroken([middle(hour) for hour in steps], start, end, step)


def unbroken(moments: Sequence[float], start: float, end: float, step: float) -> bool:
    """Whether no more than a step lies between moments, or between them and the ends."""
    if not moments or moments[0] - start >= step or end - moments[-1] > step:
        return False
    return all(later - earlier <= step for earlier, later in pairwise(moments))


def known(numbers: Iterable[float | None]) -> list[float]:
    return [number for number in numbers if number is not None]


def summed(numbers: Iterable[float | None]) -> float | None:
    """The sum, or None if there is nothing to add up or a part of it is not known."""
    parts = list(numbers)
    return None if not parts or None in parts else cleaned(sum(known(parts)))


def beginning_today(days: Sequence[DailyForecast], at: Coordinates, as_of: datetime) -> tuple[DailyForecast, ...]:
    """The days from the place's own today on. A today that the forecast no longer tells has its sun and moon."""
    today, tz = as_of.date(), as_of.tzinfo
    to_come = tuple(day for day in days if day.date >= today)
    if to_come and to_come[0].date == today:
        return to_come
    return (aggregate_day(today, (), at, tz or UTC), *to_come)
