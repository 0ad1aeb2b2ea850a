"""5 day / 3 hour forecast (https://openweathermap.org/forecast5), asked for in kelvin and m/s."""

from datetime import tzinfo
from typing import Annotated

import msgspec
from msgspec import Meta, Struct

from weather.model import Coordinates, HourlyForecast
from weather.openweathermap.wire import (
    Amounts,
    Clouds,
    Coord,
    Main,
    Number,
    Offset,
    Sky,
    UnixTime,
    Wind,
    celsius,
    daylight,
    moment,
    precipitation,
    sky_of,
)
from weather.sky import is_day
from weather.units import dew_point

STEP_HOURS = 3
MOST_STEPS = 100
"""There are forty. Each new day costs milliseconds of astronomy, so a list without end must not get that far."""


class Step(Struct):
    dt: UnixTime
    main: Main
    weather: list[Sky] | None = None
    clouds: Clouds | None = None
    wind: Wind | None = None
    visibility: Number | None = None
    pop: Number | None = None
    rain: Amounts = None
    snow: Amounts = None


class City(Struct):
    name: str | None = None
    country: str | None = None
    coord: Coord | None = None
    timezone: Offset | None = None


class Forecast(Struct):
    """The body of /data/2.5/forecast. `rain` and `snow` are sums over the three hours before a step."""

    list: Annotated[list[Step], Meta(max_length=MOST_STEPS)]
    city: City | None = None


read = msgspec.json.Decoder(Forecast).decode


def to_model(body: Forecast, at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """The steps in order of time, in the place's own time."""
    return tuple(one_step(step, at, tz) for step in sorted(body.list, key=lambda step: step.dt))


def one_step(step: Step, at: Coordinates, tz: tzinfo) -> HourlyForecast:
    time, wind, main = moment(step.dt, tz), step.wind or Wind(), step.main
    light = daylight(step.weather)
    is_light = is_day(at, time) if light is None else light
    sky = sky_of(step.weather, is_light)
    temperature = celsius(main.temp)
    return HourlyForecast(
        time=time,
        interval=STEP_HOURS,
        temperature=temperature,
        feels_like=celsius(main.feels_like),
        dew_point=dew_point(temperature, main.humidity),
        humidity=main.humidity,
        pressure=main.pressure,
        wind_speed=wind.speed,
        wind_gust=wind.gust,
        wind_direction=wind.deg,
        cloud_cover=step.clouds.all if step.clouds else None,
        visibility=step.visibility,
        uv_index=None,
        precipitation=precipitation("3h", sky, step.rain, step.snow),
        condition=sky,
        is_day=is_light,
        precipitation_probability=None if step.pop is None else round(step.pop * 100),
    )
