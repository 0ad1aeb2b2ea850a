"""Converts Open-Meteo's rows to the model."""

from datetime import date, datetime, tzinfo
from typing import Any, cast

from weather.domain import astronomy
from weather.domain.air import AIR_SCALE, air_class
from weather.domain.conditions import cloud_code, condition
from weather.domain.daily import days
from weather.domain.model import (
    AirQuality,
    Components,
    Coordinates,
    CurrentConditions,
    DailyForecast,
    HourlyForecast,
    sensible,
)
from weather.domain.rounding import cleaned
from weather.domain.units import dew_point
from weather.providers.openmeteo.endpoints import CHANCE, CODE, COMPONENTS, NUMBERS, WEATHER_VARIABLES
from weather.providers.openmeteo.wire import DAYLIGHT, Answer, Row, hours, now

CODES: dict[float | None, int] = {
    0: 800, 1: 801, 2: 802, 3: 804, 45: 741, 48: 741, 51: 300, 53: 301, 55: 302, 56: 511, 57: 511,
    61: 500, 63: 501, 65: 502, 66: 511, 67: 511, 71: 600, 73: 601, 75: 602, 77: 600, 80: 520, 81: 521, 82: 522,
    85: 620, 86: 622, 95: 211, 96: 211, 99: 212,
}  # fmt: skip
"""Our conditions by WMO code (https://open-meteo.com/en/docs, "WMO Weather interpretation codes")."""
DRY = (0, 1, 2, 3)  # codes that cloud cover tells better, where it is known


def to_now(answer: Answer, at: Coordinates, tz: tzinfo) -> CurrentConditions | None:
    """Return the conditions at Open-Meteo's latest quarter hour, with precipitation as millimetres per hour."""
    row = now(answer)
    if row is None or not has_values(row):
        return None
    values, seconds = conditions(row, at, tz), max(row.get("interval", 0.0), 900.0)
    if (fallen := values["precipitation"]) is not None:
        values["precipitation"] = cleaned(fallen * 3600 / seconds)
    return CurrentConditions(**values, basis="forecast")


def to_hours(answer: Answer, at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """Return all hours that have values, past ones too: days are made of them."""
    return tuple(
        HourlyForecast(
            **conditions(row, at, tz),
            interval=1,
            precipitation_probability=sensible("precipitation_probability", row.get(CHANCE)),
        )
        for row in hours(answer)
        if has_values(row)
    )


def to_future_hours(answer: Answer, at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """Return the hours from Open-Meteo's own present on."""
    since = (now(answer) or {"time": 0.0})["time"] - 3600
    return tuple(hour for hour in to_hours(answer, at, tz) if hour.time.timestamp() > since)


def to_days(answer: Answer, at: Coordinates, tz: tzinfo) -> tuple[DailyForecast, ...]:
    """Return the days from Open-Meteo's own today on, without a last day of a few hours."""
    present = now(answer)
    today = datetime.fromtimestamp(present["time"], tz).date() if present else date.min
    all_days = days(to_hours(answer, at, tz), at, tz)
    return tuple(day for day in all_days if day.date == today or (day.date > today and not day.partial))


def to_air(answer: Answer, at: Coordinates, tz: tzinfo) -> AirQuality | None:
    """Return the air now. Its index is of OpenWeatherMap's scale and computed here: Open-Meteo's have other scales."""
    row = now(answer) or {}
    parts = {name: sensible("component", row.get(variable)) for name, variable in COMPONENTS.items()}
    if set(parts.values()) == {None}:
        return None
    return AirQuality(datetime.fromtimestamp(row["time"], tz), air_class(parts), AIR_SCALE, cast(Components, parts))


def has_values(row: Row) -> bool:
    """Whether a row has weather. Daylight is always there, and the chance of rain comes from other models."""
    return not row.keys().isdisjoint(WEATHER_VARIABLES)


def conditions(row: Row, at: Coordinates, tz: tzinfo) -> dict[str, Any]:
    """Return the fields of `model.Conditions`."""
    time, numbers = (
        datetime.fromtimestamp(row["time"], tz),
        {name: sensible(name, row.get(variable)) for name, variable in NUMBERS.items()},
    )
    light = bool(row[DAYLIGHT]) if DAYLIGHT in row else astronomy.is_day(at, time)
    code, cover = row.get(CODE), numbers["cloud_cover"]
    ours = cloud_code(cover) if code in DRY and cover is not None else CODES.get(code)
    return numbers | {
        "time": time,
        "dew_point": dew_point(numbers["temperature"], numbers["humidity"]),
        "condition": condition(ours, None, light) if ours else None,
        "is_day": light,
    }
