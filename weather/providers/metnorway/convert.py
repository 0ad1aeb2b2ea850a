"""Converts MET Norway's steps to the model.

A step tells its moment and the hours after it; ours tell the hours before. So what falls in an hour, and its symbol,
are those of the step before. Of the first step nothing is known but its moment: it begins the line to the next.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, tzinfo
from itertools import pairwise
from typing import Any, TypeVar

from weather.domain import astronomy
from weather.domain.conditions import condition
from weather.domain.daily import days
from weather.domain.feels_like import feels_like
from weather.domain.model import (
    Conditions,
    Coordinates,
    CurrentConditions,
    DailyForecast,
    HourlyForecast,
)
from weather.domain.nowcast import interpolate_now
from weather.domain.units import dew_point
from weather.providers.metnorway.plausible import known
from weather.providers.metnorway.symbols import code_of
from weather.providers.metnorway.wire import Answer, Data, Instant, Period, Step

Told = TypeVar("Told", bound=Conditions)

HOUR = 3600
NUMBERS = {
    "temperature": "air_temperature", "humidity": "relative_humidity", "pressure": "air_pressure_at_sea_level",
    "cloud_cover": "cloud_area_fraction", "uv_index": "ultraviolet_index_clear_sky", "wind_speed": "wind_speed",
    "wind_gust": "wind_speed_of_gust", "wind_direction": "wind_from_direction",
}  # fmt: skip
"""Fields of the model by MET Norway's names. Its UV index is that under a clear sky."""

SPANS = (1, 6)
"""Hours of the spans of which a step tells what falls."""

EXTREMES = ("air_temperature_min", "air_temperature_max")


def seconds_of(step: Step) -> float:
    """Return the Unix seconds of a step. Raises ValueError if its time cannot be read."""
    moment = datetime.fromisoformat(step.time)
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()


def steps_of(answer: Answer) -> list[tuple[float, Step]]:
    """Return the steps by their Unix seconds, in order; one whose time cannot be read is left out."""
    steps = {}
    for step in answer.properties.timeseries:
        with suppress(ValueError):
            steps[seconds_of(step)] = step
    return sorted(steps.items(), key=lambda pair: pair[0])


def to_now(answer: Answer, at: Coordinates, tz: tzinfo, now: float) -> CurrentConditions | None:
    """Return the conditions of this minute, read from the forecast; of the first step where that is yet to come."""
    steps = steps_of(answer)
    if not steps:
        return None
    fields = moment(*steps[0], at, tz) | after(steps[0][1].data.next_1_hours)
    first = with_sky(CurrentConditions(**fields, basis="forecast"))
    if first.time.timestamp() > now:
        return first
    return interpolate_now(first, to_hours(answer, at, tz), at, now)


def to_hours(answer: Answer, at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """Return a step for each pair of theirs: an hour long, and after two days and a half six hours."""
    return tuple(with_sky(step) for step in spans(steps_of(answer), at, tz))


def to_past_hours(gone: Sequence[Step], answer: Answer, at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """Return the hours that earlier answers told of, up to the first step of this one."""
    steps = [*((seconds_of(step), step) for step in gone), *steps_of(answer)[:1]]
    return tuple(with_sky(step) for step in spans(steps, at, tz) if step.interval_hours in SPANS)  # no hole is a step


def spans(steps: Sequence[tuple[float, Step]], at: Coordinates, tz: tzinfo) -> Iterator[HourlyForecast]:
    for (begin, before), (end, step) in pairwise(steps):
        hours = max(1, round((end - begin) / HOUR))
        period = {1: before.data.next_1_hours, 6: before.data.next_6_hours}.get(hours)
        chance = period.details.get("probability_of_precipitation") if period else None
        yield HourlyForecast(
            **moment(end, step, at, tz),
            **after(period),
            interval_hours=hours,
            precipitation_probability=known("precipitation_probability", chance),
        )


def moment(seconds: float, step: Step, at: Coordinates, tz: tzinfo) -> dict[str, Any]:
    """Return what a step tells of its moment, as fields of `model.Conditions`. Nobody tells the visibility."""
    details, time = step.data.instant.details, datetime.fromtimestamp(seconds, tz)
    numbers = {name: known(name, details.get(theirs)) for name, theirs in NUMBERS.items()}
    warmth, humidity = numbers["temperature"], numbers["humidity"]
    dew = known("dew_point", details.get("dew_point_temperature"))
    return numbers | {
        "time": time,
        "feels_like": feels_like(warmth, humidity, numbers["wind_speed"]),
        "dew_point": dew_point(warmth, humidity) if dew is None else dew,
        "visibility": None,
        "is_day": astronomy.is_day(at, time),
    }


def after(period: Period | None) -> dict[str, Any]:
    """Return what a step tells of the hours after it; None where they are not those of a period."""
    amount = period.details.get("precipitation_amount") if period else None
    code = code_of(period.summary.symbol_code) if period and period.summary.symbol_code else None
    return {
        "precipitation": known("precipitation", amount),
        "snowfall": None,
        "condition": condition(code, None, True) if code else None,
    }


def with_sky(step: Told) -> Told:
    """The step with its symbol by day or night, as our own sun says."""
    sky = step.condition
    return replace(step, condition=condition(sky.code, None, step.is_day)) if sky else step


def to_days(
    answer: Answer, at: Coordinates, tz: tzinfo, now: float, past: Sequence[HourlyForecast] = ()
) -> tuple[DailyForecast, ...]:
    """Return today and the days after it that the steps reach over. Of steps of six hours the extremes count too.

    `past`: the hours of today that have gone by.

    A day in which the steps grow longer is whole too: there is no hole between them.
    """
    hours, extremes, today = (
        (*past, *to_hours(answer, at, tz)),
        extremes_of(answer, tz),
        datetime.fromtimestamp(now, tz).date(),
    )
    last = hours[-1].time.astimezone(tz).date() if hours else today
    coming = (day for day in days(hours, at, tz) if today <= day.date < last or day.date == today)
    return tuple(replace(widened(day, extremes[day.date]), partial=day.partial and day.date == today) for day in coming)


def extremes_of(answer: Answer, tz: tzinfo) -> dict[date, list[float]]:
    """Return the extremes of all steps of six hours, by the date that holds the step's middle."""
    by_date = defaultdict[date, list[float]](list)
    for (begin, step), (end, _) in pairwise(steps_of(answer)):
        if round((end - begin) / HOUR) == 6 and step.data.next_6_hours:
            extremes = (known("temperature", step.data.next_6_hours.details.get(name)) for name in EXTREMES)
            by_date[datetime.fromtimestamp((begin + end) / 2, tz).date()] += [
                value for value in extremes if value is not None
            ]
    return by_date


def widened(day: DailyForecast, extremes: list[float]) -> DailyForecast:
    """The day with a range that holds these temperatures too."""
    lows = [value for value in (day.temperature_min, *extremes) if value is not None]
    highs = [value for value in (day.temperature_max, *extremes) if value is not None]
    return replace(day, temperature_min=min(lows, default=None), temperature_max=max(highs, default=None))


def slim(step: Step) -> Step:
    """Return a step with only what is read of it, to be kept."""
    details, read_of = step.data.instant.details, (*NUMBERS.values(), "dew_point_temperature")
    instant = Instant({name: details[name] for name in read_of if name in details})
    six = None if step.data.next_1_hours else step.data.next_6_hours
    return Step(step.time, Data(instant, step.data.next_1_hours, six))
