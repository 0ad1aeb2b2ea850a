"""True days: a place's own calendar days made from the steps of a forecast. Pure.

A step tells an instant (temperature, wind, sky) and the span before it (precipitation and its probability). An
instant belongs to the local date it lies in, a span to the date that holds its middle; so every step is in one day.
Only the first span may reach back before all instants: in a day's last hours its row is what that span still says.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, time, timedelta, tzinfo
from itertools import pairwise

from weather.domain import astronomy
from weather.domain.model import Condition, Coordinates, CurrentConditions, DailyForecast, HourlyForecast
from weather.domain.precipitation import consistent_condition, day_condition, kind_of_code
from weather.domain.rounding import cleaned


def days(hours: Sequence[HourlyForecast], at: Coordinates, tz: tzinfo) -> tuple[DailyForecast, ...]:
    """The days that the steps reach into, in order."""
    instants, spans = defaultdict(list), defaultdict(list)
    for hour in hours:
        instants[hour.time.astimezone(tz).date()].append(hour)
        spans[datetime.fromtimestamp(middle(hour), tz).date()].append(hour)
    return tuple(
        aggregate_day(day, instants.get(day, []), spans.get(day, []), at, tz) for day in sorted({*instants, *spans})
    )


def middle(hour: HourlyForecast) -> float:
    """The middle of the span that a step sums up, in Unix seconds."""
    return hour.time.timestamp() - hour.interval * 1800


def aggregate_day(
    day: date, instants: Sequence[HourlyForecast], spans: Sequence[HourlyForecast], at: Coordinates, tz: tzinfo
) -> DailyForecast:
    """A day from the steps that belong to it."""
    sun, moon = astronomy.sun(at, day, tz), astronomy.moon(at, day, tz)
    windiest = max(instants, key=lambda hour: hour.wind_speed or 0.0, default=None)
    total = summed(hour.precipitation for hour in spans)
    return DailyForecast(
        date=day,
        temperature_min=min(known(hour.temperature for hour in instants), default=None),
        temperature_max=max(known(hour.temperature for hour in instants), default=None),
        precipitation=total,
        precipitation_probability=max(known(hour.precipitation_probability for hour in spans), default=None),
        wind_speed=max(known(hour.wind_speed for hour in instants), default=None),
        wind_gust=max(known(hour.wind_gust for hour in instants), default=None),
        wind_direction=windiest.wind_direction if windiest else None,
        condition=condition_of(instants, spans),
        sunrise=sun.sunrise,
        sunset=sun.sunset,
        moonrise=moon.moonrise,
        moonset=moon.moonset,
        moon_phase=round(moon.phase, 3),
        uv_index=max(known(hour.uv_index for hour in instants), default=None),
        summary=None,
        partial=not covers_whole_day(instants, spans, day, tz),
    )


def with_measured(
    days: Sequence[DailyForecast], measured: CurrentConditions | None, tz: tzinfo
) -> tuple[DailyForecast, ...]:
    """The days, of which the one that holds the current weather reaches as low and as high as that."""
    if measured is None or measured.temperature is None:
        return tuple(days)
    today, now = measured.time.astimezone(tz).date(), measured.temperature
    return tuple(reaching(day, now) if day.date == today else day for day in days)


def reaching(day: DailyForecast, temperature: float) -> DailyForecast:
    """The day with a range that holds this temperature too."""
    low = min(known([day.temperature_min, temperature]))
    high = max(known([day.temperature_max, temperature]))
    return replace(day, temperature_min=low, temperature_max=high)


def covers_whole_day(
    instants: Sequence[HourlyForecast], spans: Sequence[HourlyForecast], day: date, tz: tzinfo
) -> bool:
    """Whether both reach from one local midnight to the next, 23, 24 or 25 hours, without a hole."""
    start, end = (datetime.combine(midnight, time(), tz).timestamp() for midnight in (day, day + timedelta(days=1)))
    step = max((hour.interval for hour in instants), default=0) * 3600
    told = [hour.time.timestamp() for hour in instants], [middle(hour) for hour in spans]
    return all(unbroken(moments, start, end, step) for moments in told)


def unbroken(moments: Sequence[float], start: float, end: float, step: float) -> bool:
    """Whether no more than a step lies between moments, or between them and the ends."""
    if not moments or moments[0] - start >= step or end - moments[-1] > step:
        return False
    return all(later - earlier <= step for earlier, later in pairwise(moments))


def condition_of(instants: Sequence[HourlyForecast], spans: Sequence[HourlyForecast]) -> Condition | None:
    """What the day is like: what falls when it is wet, else the most frequent sky, by day if there is one."""
    if wet := day_condition(spans):
        return by_day(wet)
    light = [hour for hour in instants if hour.is_day] or list(instants)
    skies = [sky for hour in light if (sky := consistent_condition(hour)) and kind_of_code(sky.code) is None]
    if not skies:
        return by_day(next((hour.condition for hour in light if hour.condition), None))
    code = Counter(sky.code for sky in skies).most_common(1)[0][0]
    return by_day(next(sky for sky in skies if sky.code == code))


def by_day(condition: Condition | None) -> Condition | None:
    """The same under the sun: a day has no night picture."""
    return replace(condition, icon=condition.icon[:2] + "d") if condition else None


def known(numbers: Iterable[float | None]) -> list[float]:
    return [number for number in numbers if number is not None]


def summed(numbers: Iterable[float | None]) -> float | None:
    """The sum, or None if there is nothing to add up or a part of it is not known."""
    parts = list(numbers)
    return None if not parts or None in parts else cleaned(sum(known(parts)))
