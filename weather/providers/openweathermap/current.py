"""Current weather (https://openweathermap.org/current), asked for in kelvin and m/s."""

from datetime import tzinfo

from msgspec import Struct

from weather.domain.model import Coordinates, CurrentConditions
from weather.providers.openweathermap.wire import Coord, Main, Offset, WeatherFields, conditions, now_of
from weather.upstream.lenient_json import reader


class System(Struct):
    country: str | None = None


class Current(WeatherFields, kw_only=True):
    """The body of /data/2.5/weather. Its temp_min and temp_max are a spread over the city now, not a day's extremes."""

    coord: Coord | None = None
    sys: System | None = None
    timezone: Offset | None = None
    name: str | None = None


read = reader(Current)


def holds(raw: bytes) -> bool:
    """Whether anything is known."""
    body = read(raw)
    return body.main != Main() or bool(body.weather)


def to_model(body: Current, at: Coordinates, tz: tzinfo) -> CurrentConditions:
    """The current conditions at a point, in its own time."""
    return now_of(conditions(body, "1h", at, tz))
