"""What OpenWeatherMap's bodies have in common. What may be missing is optional; what is unknown is ignored."""

import re
from collections.abc import Iterable
from datetime import datetime, tzinfo
from typing import Annotated, Any, Protocol, TypeVar

from msgspec import Meta, Struct

from weather.domain.astronomy import is_day
from weather.domain.conditions import condition, is_wet
from weather.domain.model import Condition, Coordinates, CurrentConditions
from weather.domain.rounding import cleaned, round_half
from weather.domain.units import dew_point
from weather.providers.openweathermap.plausible import known

UnixTime = Annotated[int, Meta(ge=0, le=2**33)]
Offset = Annotated[int, Meta(ge=-50400, le=50400)]
Number = Annotated[float, Meta(ge=-1e9, le=1e9)]
"""No weather has a greater number; so none grows beyond a float on its way to a reader's unit."""
Amounts = dict[str, Number | None] | Number | None
"""{"1h": mm}, {"3h": mm}, a plain number, {} or null: all are seen."""

KELVIN, GREATEST_VISIBILITY = 273.15, 10_000.0
"""0 °C; metres: "The maximum value of the visibility is 10 km" (https://openweathermap.org/current)."""


class Coord(Struct):
    lat: float | None = None
    lon: float | None = None


class Sky(Struct):
    """One entry of `weather`; the first is the one that counts."""

    id: int
    icon: str | None = None


class Main(Struct):
    temp: Number | None = None
    feels_like: Number | None = None
    pressure: Number | None = None
    humidity: Number | None = None


class Wind(Struct):
    speed: Number | None = None
    deg: Number | None = None
    gust: Number | None = None


class Clouds(Struct):
    all: Number | None = None


class WeatherFields(Struct, kw_only=True):
    """What the bodies of current weather and the steps of forecasts share."""

    dt: UnixTime
    main: Main
    weather: list[Sky] | None = None
    clouds: Clouds | None = None
    wind: Wind | None = None
    visibility: Number | None = None
    rain: Amounts = None
    snow: Amounts = None


class Timed(Protocol):
    """An entry with its time."""

    dt: UnixTime


E = TypeVar("E", bound=Timed)


def in_order(entries: Iterable[E]) -> list[E]:
    """Return the entries in order of time; of a time that comes twice the last."""
    by_time = {entry.dt: entry for entry in entries}
    return [by_time[dt] for dt in sorted(by_time)]


def conditions(body: WeatherFields, span: str, at: Coordinates, tz: tzinfo) -> dict[str, Any]:
    """Return the fields of `model.Conditions`. `span` is the key of the amounts to read, "1h" or "3h"."""
    time, wind, main = local_time(body.dt, tz), body.wind or Wind(), body.main
    is_light = is_day(at, time)
    sky = condition_of(body.weather, is_light)
    numbers = {
        "humidity": main.humidity,
        "pressure": main.pressure,
        "wind_speed": wind.speed,
        "wind_gust": wind.gust,
        "wind_direction": wind.deg,
        "cloud_cover": body.clouds.all if body.clouds else None,
        "visibility": body.visibility,
    }
    values = {name: known(name, number) for name, number in numbers.items()}
    temperature = celsius("temperature", main.temp)
    return values | {
        "time": time,
        "temperature": temperature,
        "feels_like": celsius("feels_like", main.feels_like),
        "dew_point": dew_point(temperature, values["humidity"]),
        **fallen(span, sky, temperature, body.rain, body.snow),
        "uv_index": None,
        "snowfall": None,
        "condition": sky,
        "is_day": is_light,
    }


def now_of(fields: dict[str, Any]) -> CurrentConditions:
    """Return the current conditions. OWM documents `1h` as millimetres of the last hour, and as mm/h: one number."""
    return CurrentConditions(**fields, precipitation_rate=fields["precipitation"])


def celsius(name: str, kelvin: float | None) -> float | None:
    """Convert K to °C; None if it is none that the quantity of that name can have."""
    return None if kelvin is None else known(name, cleaned(kelvin - KELVIN))


def percent(pop: float | None) -> float | None:
    """Convert a probability from 0 to 1 to per cent."""
    return None if pop is None else known("precipitation_probability", round_half(pop * 100))


def country_code(text: str | None) -> str | None:
    """Return a country's two letters (ISO 3166); None for "", and for "none" or "India" of old bodies."""
    return text.upper() if text and re.fullmatch(r"[A-Za-z]{2}", text) else None


def local_time(seconds: int, tz: tzinfo) -> datetime:
    """Return a time of OWM (Unix seconds, UTC) in the place's zone."""
    return datetime.fromtimestamp(seconds, tz)


def condition_of(entries: list[Sky] | None, is_day: bool) -> Condition | None:
    """Return the first condition, with its icon by day or night whatever its letter says; None if there is none."""
    if not entries:
        return None
    icon = entries[0].icon
    return condition(entries[0].id, icon and icon[:-1] + ("d" if is_day else "n"), is_day)


def fallen(
    hours: str, sky: Condition | None, temperature: float | None, rainfall: Amounts, snowfall: Amounts
) -> dict[str, float | None]:
    """Return the fields of what falls. The silence of an entry that has neither sky nor temperature means nothing."""
    if sky is None and temperature is None and rainfall is None and snowfall is None:
        return {"precipitation": None, "rain": None}
    return {
        "precipitation": precipitation(hours, sky, rainfall, snowfall),
        "rain": rain(hours, sky, rainfall, snowfall),
    }


def precipitation(hours: str, sky: Condition | None, *amounts: Amounts) -> float | None:
    """Return the millimetres of rain and snow in the span "1h" or "3h".

    No amount means dry, unless the condition is a wet one: OWM leaves the amount out of one rainy body in four. Nor
    does an amount that none can be: of a sum with such a part nothing is known.
    """
    values = [part.get(hours) if isinstance(part, dict) else part for part in amounts]
    stated = [amount for amount in values if amount is not None]
    possible = [amount for value in stated if (amount := known("precipitation", value)) is not None]
    if stated:
        return sum(possible) if len(possible) == len(stated) else None
    other_span = any(isinstance(part, dict) and part for part in amounts)
    return None if other_span or (sky is not None and is_wet(sky.code)) else 0.0


def rain(hours: str, sky: Condition | None, rain: Amounts, snow: Amounts) -> float | None:
    """Return the millimetres of rain alone; as far as the span has snow and no rain, there was none."""
    fallen = precipitation(hours, sky, rain, snow)
    return fallen if fallen is None else precipitation(hours, None, rain)
