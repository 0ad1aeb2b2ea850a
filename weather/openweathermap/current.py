"""Current weather (https://openweathermap.org/current), asked for in kelvin and m/s."""

from datetime import tzinfo

import msgspec
from msgspec import Struct

from weather.model import Coordinates, CurrentConditions
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


class System(Struct):
    country: str | None = None


class Current(Struct):
    """The body of /data/2.5/weather. Its temp_min and temp_max are a spread over the city now, not a day's extremes."""

    dt: UnixTime
    main: Main
    coord: Coord | None = None
    weather: list[Sky] | None = None
    visibility: Number | None = None
    wind: Wind | None = None
    rain: Amounts = None
    snow: Amounts = None
    clouds: Clouds | None = None
    sys: System | None = None
    timezone: Offset | None = None
    name: str | None = None


read = msgspec.json.Decoder(Current).decode


def to_model(body: Current, at: Coordinates, tz: tzinfo) -> CurrentConditions:
    """The current conditions at a point, in its own time."""
    time, wind, main = moment(body.dt, tz), body.wind or Wind(), body.main
    light = daylight(body.weather)
    is_light = is_day(at, time) if light is None else light
    sky = sky_of(body.weather, is_light)
    temperature = celsius(main.temp)
    return CurrentConditions(
        time=time,
        temperature=temperature,
        feels_like=celsius(main.feels_like),
        dew_point=dew_point(temperature, main.humidity),
        humidity=main.humidity,
        pressure=main.pressure,
        wind_speed=wind.speed,
        wind_gust=wind.gust,
        wind_direction=wind.deg,
        cloud_cover=body.clouds.all if body.clouds else None,
        visibility=body.visibility,
        uv_index=None,
        precipitation=precipitation("1h", sky, body.rain, body.snow),
        condition=sky,
        is_day=is_light,
    )
