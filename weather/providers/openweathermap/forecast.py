"""5 day / 3 hour forecast (https://openweathermap.org/forecast5), asked for in kelvin and m/s."""

from datetime import tzinfo
from functools import lru_cache
from typing import Annotated

from msgspec import Meta, Struct

from weather.domain.model import Coordinates, HourlyForecast
from weather.providers.openweathermap.wire import (
    Coord,
    Main,
    Number,
    Offset,
    WeatherFields,
    conditions,
    in_order,
    percent,
)
from weather.upstream.lenient_json import reader

STEP_HOURS = 3
MOST_STEPS = 100
"""There are forty. Each new day costs milliseconds of astronomy, so a list without end must not get that far."""


class Step(WeatherFields, kw_only=True):
    """Amounts are sums over the three hours before `dt`."""

    pop: Number | None = None


class City(Struct):
    name: str | None = None
    country: str | None = None
    coord: Coord | None = None
    timezone: Offset | None = None


class Forecast(Struct, eq=False):
    """The body of /data/2.5/forecast; each is one of its own, and nobody changes it."""

    list: Annotated[list[Step], Meta(max_length=MOST_STEPS)]
    city: City | None = None


read = reader(Forecast)


def moment(step: Step) -> float:
    """Return the end of a step, in Unix seconds."""
    return step.dt


def holds(raw: bytes) -> bool:
    """Whether any step has weather."""
    return any(step.main != Main() or step.weather for step in read(raw).list)


@lru_cache(maxsize=8)  # hours and days of one report are made of the same steps
def to_model(body: Forecast, at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """Return the steps in order of time, in the place's own time."""
    return tuple(one_step(step, at, tz) for step in in_order(body.list))


def one_step(step: Step, at: Coordinates, tz: tzinfo) -> HourlyForecast:
    known = conditions(step, "3h", at, tz)
    return HourlyForecast(**known, interval_hours=STEP_HOURS, precipitation_probability=percent(step.pop))
