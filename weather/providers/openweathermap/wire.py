"""What OpenWeatherMap's bodies have in common. What may be missing is optional; what is unknown is ignored."""

import re
from datetime import datetime, tzinfo
from typing import Annotated, Any

from msgspec import Meta, Struct

from weather.domain.astronomy import is_day
from weather.domain.conditions import condition, is_wet
from weather.domain.model import Condition, Coordinates, sensible
from weather.domain.rounding import cleaned, round_half
from weather.domain.units import dew_point

UnixTime = Annotated[int, Meta(ge=0, le=2**33)]
Offset = Annotated[int, Meta(ge=-50400, le=50400)]
Number = Annotated[float, Meta(ge=-1e9, le=1e9)]
"""No weather has a greater number; so none grows beyond a float on its way to a reader's unit."""
Amounts = dict[str, Number | None] | Number | None
"""{"1h": mm}, {"3h": mm}, a plain number, {} or null: all are seen."""

KELVIN = 273.15


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


def conditions(body: WeatherFields, span: str, at: Coordinates, tz: tzinfo) -> dict[str, Any]:
    """Return the fields of `model.Conditions`. `span` is the key of the amounts to read, "1h" or "3h"."""
    time, wind, main = local_time(body.dt, tz), body.wind or Wind(), body.main
    is_light = is_day(at, time, daylight(body.weather))
    sky = condition_of(body.weather, is_light)
    numbers = {
        "humidity": main.humidity,
        "pressure": main.pressure,
        "wind_speed": wind.speed,
        "wind_gust": wind.gust,
        "wind_direction": wind.deg,
        "cloud_cover": body.clouds.all if body.clouds else None,
        "visibility": body.visibility,
        "precipitation": precipitation(span, sky, body.rain, body.snow),
    }
    known = {name: sensible(name, number) for name, number in numbers.items()}
    temperature = celsius(main.temp or None)  # absolute zero stands for what is not known
    return known | {
        "time": time,
        "temperature": temperature,
        "feels_like": celsius(main.feels_like),
        "dew_point": dew_point(temperature, known["humidity"]),
        "uv_index": None,
        "condition": sky,
        "is_day": is_light,
    }


def celsius(kelvin: float | None) -> float | None:
    """Convert K to °C."""
    return None if kelvin is None else cleaned(kelvin - KELVIN)


def percent(pop: float | None) -> float | None:
    """Convert a probability from 0 to 1 to per cent."""
    return None if pop is None else sensible("precipitation_probability", round_half(pop * 100))


def country_code(text: str | None) -> str | None:
    """Return a country's two letters (ISO 3166); None for "", and for "none" or "India" of old bodies."""
    return text.upper() if text and re.fullmatch(r"[A-Za-z]{2}", text) else None


def local_time(seconds: int, tz: tzinfo) -> datetime:
    """Return a time of OWM (Unix seconds, UTC) in the place's zone."""
    return datetime.fromtimestamp(seconds, tz)


def condition_of(entries: list[Sky] | None, is_day: bool | None) -> Condition | None:
    """Return the first condition, with its icon by day or night; None if there is none."""
    if not entries:
        return None
    icon = entries[0].icon
    if icon and is_day is not None:
        icon = icon[:-1] + ("d" if is_day else "n")
    return condition(entries[0].id, icon, is_day)


def daylight(entries: list[Sky] | None) -> bool | None:
    """Return whether it is day by the icon's last letter, which follows the sun at the place; None if unknown."""
    suffix = (entries[0].icon or "")[-1:] if entries else ""
    return {"d": True, "n": False}.get(suffix)


def precipitation(hours: str, sky: Condition | None, *amounts: Amounts) -> float | None:
    """Return the millimetres of rain and snow in the span "1h" or "3h".

    No amount means dry, unless the condition is a wet one: OWM leaves the amount out of one rainy body in four.
    """
    values = [part.get(hours) if isinstance(part, dict) else part for part in amounts]
    known = [amount for amount in values if amount is not None]
    if known:
        return sum(known)
    other_span = any(isinstance(part, dict) and part for part in amounts)
    return None if other_span or (sky is not None and is_wet(sky.code)) else 0.0
