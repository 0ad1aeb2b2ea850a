"""Converts Open-Meteo's rows to the model."""

from datetime import date, datetime, tzinfo
from functools import lru_cache
from typing import Any, cast

from weather.domain import astronomy
from weather.domain.air import AIR_SCALE, air_class
from weather.domain.daily import days
from weather.domain.model import (
    AirQuality,
    Components,
    Condition,
    Coordinates,
    CurrentConditions,
    DailyForecast,
    HourlyForecast,
)
from weather.domain.precipitation import Kind, kind_of_code
from weather.domain.rounding import cleaned
from weather.domain.units import dew_point
from weather.providers.openmeteo.endpoints import CHANCE, CODE, COMPONENTS, NUMBERS, POLLEN, SNOWFALL, WEATHER_VARIABLES
from weather.providers.openmeteo.plausible import known
from weather.providers.openmeteo.weather_codes import to_condition
from weather.providers.openmeteo.wire import Answer, Row, hours, now

MILLIMETRES = 10.0
"""In a centimetre: Open-Meteo tells the depth of snow in those, the model has one unit for all depths."""


def to_now(answer: Answer, at: Coordinates, tz: tzinfo) -> CurrentConditions | None:
    """Return the conditions at Open-Meteo's latest quarter hour, whose amount tells a rate, and no sum of an hour."""
    row = now(answer)
    if row is None or not has_values(row):
        return None
    values, seconds = conditions(row, at, tz), max(row.get("interval", 0.0), 900.0)
    fallen = values["precipitation"]
    rate = None if fallen is None else cleaned(fallen * 3600 / seconds)
    if seconds != 3600:
        values |= {"precipitation": None, "rain": None, "snowfall": None}
    return CurrentConditions(**values, precipitation_rate=rate, basis="forecast")


@lru_cache(maxsize=8)  # hours, days now and past of one report are made of the same rows
def to_hours(answer: Answer, at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """Return all hours that have values, past ones too: days are made of them."""
    return tuple(
        HourlyForecast(
            **conditions(row, at, tz),
            interval_hours=1,
            precipitation_probability=known("precipitation_probability", row.get(CHANCE)),
        )
        for row in hours(answer)
        if has_values(row)
    )


def to_future_hours(answer: Answer, at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """Return the hours from Open-Meteo's own present on."""
    since = (now(answer) or {"time": 0.0})["time"] - 3600
    return tuple(hour for hour in to_hours(answer, at, tz) if hour.time.timestamp() > since)


def to_past_hours(answer: Answer, at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """Return the hours before those, which the days count."""
    since = (now(answer) or {"time": 0.0})["time"] - 3600
    return tuple(hour for hour in to_hours(answer, at, tz) if hour.time.timestamp() <= since)


def to_days(answer: Answer, at: Coordinates, tz: tzinfo) -> tuple[DailyForecast, ...]:
    """Return the days from Open-Meteo's own today on, without a last day of a few hours."""
    present = now(answer)
    today = datetime.fromtimestamp(present["time"], tz).date() if present else date.min
    all_days = days(to_hours(answer, at, tz), at, tz)
    return tuple(day for day in all_days if day.date == today or (day.date > today and not day.partial))


def to_air(answer: Answer, at: Coordinates, tz: tzinfo) -> AirQuality | None:
    """Return the air now. Its index is of OpenWeatherMap's scale and computed here: Open-Meteo's have other scales."""
    row = now(answer) or {}
    parts = {name: known("component", row.get(variable)) for name, variable in COMPONENTS.items()}
    if set(parts.values()) == {None}:
        return None
    time, grains = datetime.fromtimestamp(row["time"], tz), {p: known("pollen", row.get(v)) for p, v in POLLEN.items()}
    pollen = None if set(grains.values()) == {None} else grains
    return AirQuality(time, air_class(parts), AIR_SCALE, cast(Components, parts), pollen)


def has_values(row: Row) -> bool:
    """Whether a row has weather. The chance of rain comes from other models."""
    return not row.keys().isdisjoint(WEATHER_VARIABLES)


def conditions(row: Row, at: Coordinates, tz: tzinfo) -> dict[str, Any]:
    """Return the fields of `model.Conditions`."""
    time, depth = datetime.fromtimestamp(row["time"], tz), row.get(SNOWFALL)
    numbers = {name: known(name, row.get(variable)) for name, variable in NUMBERS.items()}
    light = astronomy.is_day(at, time)
    sky = to_condition(row.get(CODE), numbers["cloud_cover"], light, numbers["temperature"])
    return numbers | {
        "time": time,
        "snowfall": None if depth is None else known("snowfall", cleaned(depth * MILLIMETRES)),
        "dew_point": dew_point(numbers["temperature"], numbers["humidity"]),
        "condition": sky,
        "rain": rain(numbers["precipitation"], depth, sky),
        "is_day": light,
    }


def rain(fallen: float | None, depth: float | None, sky: Condition | None) -> float | None:
    """Return how much of what fell is rain: all of it, unless snow or sleet is told; how much then, nobody says."""
    is_snowy = sky is not None and kind_of_code(sky.code) in (Kind.SNOW, Kind.SLEET)
    return None if fallen and (depth or is_snowy) else fallen
