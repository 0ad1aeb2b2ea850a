"""Steps of the forecast as the tables of a page tell them, each put into words once for all of them. Pure."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from weather.domain.model import DailyForecast, HourlyForecast
from weather.domain.units import COMPASS, point
from weather.i18n.formatting import UNKNOWN, Formatter


class Step(NamedTuple):
    """A row: `clock` is its time among those of one day, `stamp` among those of several."""

    time: datetime
    clock: str
    stamp: str
    temperature: str
    precipitation: str
    chance: str
    wind: str
    sky: str


def steps(hours: Iterable[HourlyForecast], reader: Formatter, as_of: datetime) -> list[Step]:
    """The rows of some hours, in the reader's units and words."""
    points = [reader.say("from the {direction}", direction=reader.say(name)) for name in COMPASS]
    return [
        Step(
            time=hour.time,
            clock=reader.clock(hour.time),
            stamp=reader.stamp(hour.time, as_of),
            temperature=reader.temperature(hour.temperature),
            precipitation=reader.number(hour.precipitation, reader.system.precipitation),
            chance=reader.percent(hour.precipitation_probability),
            wind=wind(hour, points, reader),
            sky=reader.say(hour.condition.text) if hour.condition else UNKNOWN,
        )
        for hour in hours
    ]


def wind(hour: HourlyForecast, points: list[str], reader: Formatter) -> str:
    """How strong, and from where."""
    speed = reader.number(hour.wind_speed, reader.system.wind_speed)
    return speed if hour.wind_direction is None else f"{speed} {points[point(hour.wind_direction)]}"


def known_part(day: DailyForecast, own: Sequence[Step], reader: Formatter, as_of: datetime) -> str:
    """Which part of a day is told: "from 15:00" today, "until 15:00" on the last one; "" for a whole day."""
    if not day.partial or not own:
        return ""
    if day.date == as_of.date():
        return reader.say("from {time}", time=own[0].clock)
    return reader.say("until {time}", time=own[-1].clock)
