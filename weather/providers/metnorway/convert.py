"""Converts MET Norway's steps to the model.

A step tells its moment and the hours after it; ours tell the hours before. So what falls in an hour, and its symbol,
are those of the step before. Of the first step nothing is known but its moment: it begins the line to the next.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, tzinfo
from itertools import pairwise
from typing import Any

from weather.domain import astronomy
from weather.domain.conditions import condition
from weather.domain.daily import days, reaching
from weather.domain.feels_like import feels_like
from weather.domain.model import Coordinates, CurrentConditions, DailyForecast, HourlyForecast
from weather.domain.nowcast import interpolate_now
from weather.domain.units import dew_point
from weather.providers.common import unix_seconds
from weather.providers.metnorway.symbols import code_of
from weather.providers.metnorway.wire import Answer, Block, Step
from weather.providers.plausible import PlausibleNumbers

known = PlausibleNumbers("MET Norway").known

HOUR = 3600
NUMBERS = {
    "temperature": "air_temperature", "humidity": "relative_humidity", "pressure": "air_pressure_at_sea_level",
    "cloud_cover": "cloud_area_fraction", "uv_index": "ultraviolet_index_clear_sky", "wind_speed": "wind_speed",
    "wind_gust": "wind_speed_of_gust", "wind_direction": "wind_from_direction", "dew_point": "dew_point_temperature",
    "precipitation": "precipitation_amount",
}  # fmt: skip
"""Fields of the model by MET Norway's names. Its UV index is that under a clear sky."""


def steps_of(answer: Answer) -> list[tuple[float, Step]]:
    """Return the steps by their Unix seconds, in order; one whose time cannot be read is left out."""
    timed = ((unix_seconds(step.time), step) for step in answer.properties.timeseries)
    return sorted({at: step for at, step in timed if at is not None}.items(), key=lambda pair: pair[0])


def to_now(answer: Answer, at: Coordinates, tz: tzinfo, now: float) -> CurrentConditions | None:
    """Return the conditions of this minute, read from the forecast; of the first step where that is yet to come."""
    for seconds, step in steps_of(answer)[:1]:
        fields = conditions(seconds, step, step.block("next_1_hours"), at, tz)
        first = CurrentConditions(**fields, basis="forecast")
        return first if seconds > now else interpolate_now(first, to_hours(answer, at, tz), at, now)
    return None


def to_hours(answer: Answer, at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """Return a step for each pair of theirs: an hour long, and after two days and a half six hours."""
    return tuple(each_hour(answer, at, tz))


def each_hour(answer: Answer, at: Coordinates, tz: tzinfo) -> Iterator[HourlyForecast]:
    for (begin, before), (end, step) in pairwise(steps_of(answer)):
        hours = max(1, round((end - begin) / HOUR))
        span = before.block(f"next_{hours}_hours")
        chance = known("precipitation_probability", span.details.get("probability_of_precipitation"))
        fields = conditions(end, step, span, at, tz)
        yield HourlyForecast(**fields, interval_hours=hours, precipitation_probability=chance)


def conditions(seconds: float, step: Step, span: Block, at: Coordinates, tz: tzinfo) -> dict[str, Any]:
    """Return the fields of `model.Conditions` of a step's moment; what falls, and the sky, are those of the span.

    Nobody tells the visibility. Day and night are those of our own sun.
    """
    time, details = datetime.fromtimestamp(seconds, tz), step.block("instant").details | span.details
    numbers = {name: known(name, details.get(theirs)) for name, theirs in NUMBERS.items()}
    warmth, humidity, light = numbers["temperature"], numbers["humidity"], astronomy.is_day(at, time)
    code = code_of(span.summary.symbol_code) if span.summary.symbol_code else None
    if numbers["dew_point"] is None:
        numbers["dew_point"] = dew_point(warmth, humidity)
    return numbers | {
        "time": time,
        "feels_like": feels_like(warmth, humidity, numbers["wind_speed"]),
        "visibility": None,
        "condition": condition(code, None, light) if code else None,
        "is_day": light,
    }


def to_days(
    answer: Answer, at: Coordinates, tz: tzinfo, now: float, past: Sequence[HourlyForecast] = ()
) -> tuple[DailyForecast, ...]:
    """Return today and the days after it that the steps reach over. Of steps of six hours the extremes count too.

    `past`: the hours of today that have gone by. A day in which the steps grow longer is whole too: there is no hole
    between them.
    """
    hours, today = (*past, *to_hours(answer, at, tz)), datetime.fromtimestamp(now, tz).date()
    last = hours[-1].time.astimezone(tz).date() if hours else today
    by_date = {day.date: day for day in days(hours, at, tz) if today <= day.date < last or day.date == today}
    for when, degrees in extremes_of(answer, tz):
        if when in by_date:
            by_date[when] = reaching(by_date[when], degrees)
    return tuple(replace(day, partial=day.partial and day.date == today) for day in by_date.values())


def extremes_of(answer: Answer, tz: tzinfo) -> Iterator[tuple[date, float]]:
    """Return lowest and highest temperature of each step of six hours, with the date that holds its middle."""
    for (begin, step), (end, _) in pairwise(steps_of(answer)):
        if round((end - begin) / HOUR) == 6:
            details, when = step.block("next_6_hours").details, datetime.fromtimestamp((begin + end) / 2, tz).date()
            extremes = [known("temperature", details.get(f"air_temperature_{name}")) for name in ("min", "max")]
            yield from ((when, degrees) for degrees in extremes if degrees is not None)
