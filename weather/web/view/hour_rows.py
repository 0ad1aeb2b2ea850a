"""Steps of the forecast as the tables of a page tell them, each put into words once for all of them. Pure."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from weather.domain import calendar_day
from weather.domain.beaufort import told_direction, told_gust
from weather.domain.model import DailyForecast, HourlyForecast
from weather.domain.units import COMPASS, point
from weather.i18n.amounts import step_amount
from weather.i18n.formatting import UNKNOWN, Formatter
from weather.web.view.hour_strip import arrow
from weather.web.view.icons import symbol_for


class Wind(NamedTuple):
    """The wind of a step as its cell shows it. For the ear: `origin`, and `gust_words` around the number of the gust.

    `words`: how strong and from where. Of gusts "" where they are no stronger, or not known.
    """

    arrow: str
    speed: str
    gust: str
    words: str
    origin: str
    gust_words: tuple[str, str]


class Step(NamedTuple):
    """A row: `clock` is its time among those of one day, `stamp` among those of several.

    Of zeros (`is_dry`, `is_unlikely`) a whole table would be read aloud: they are shown only.
    """

    time: datetime
    clock: str
    stamp: str
    temperature: str
    precipitation: str
    chance: str
    is_dry: bool
    is_unlikely: bool
    wind: Wind
    sky: str
    symbol: str | None


def steps(hours: Iterable[HourlyForecast], reader: Formatter, as_of: datetime) -> list[Step]:
    """The rows of some hours, in the reader's units and words."""
    points = [reader.say("from the {direction}", direction=reader.say(name)) for name in COMPASS]
    return [
        Step(
            time=hour.time,
            clock=reader.clock(hour.time),
            stamp=reader.stamp(hour.time, as_of),
            temperature=reader.temperature(hour.temperature),
            precipitation=step_amount(hour, reader),
            chance=reader.percent(hour.precipitation_probability),
            is_dry=hour.precipitation == 0,
            is_unlikely=hour.precipitation_probability == 0,
            wind=wind(hour, points, reader),
            sky=reader.say(hour.condition.text) if hour.condition else UNKNOWN,
            symbol=symbol_for(hour.condition.code, hour.is_day) if hour.condition else None,
        )
        for hour in hours
    ]


def wind(hour: HourlyForecast, points: list[str], reader: Formatter) -> Wind:
    """How strong, from where, and its gusts; of a wind that is not known a dash."""
    mean, strongest = hour.wind_speed, told_gust(hour.wind_speed, hour.wind_gust)
    speed, gust = (reader.number(value, reader.system.wind_speed) for value in (mean, strongest))
    gust = "" if gust in (speed, UNKNOWN) or speed == UNKNOWN else gust
    direction = told_direction(mean, hour.wind_direction)
    origin = "" if direction is None else f" {points[point(direction)]}"
    return Wind(
        arrow=arrow(mean, hour.wind_direction),
        speed=speed,
        gust=gust,
        words=speed + origin,
        origin=origin,
        gust_words=gust_words(reader) if gust else ("", ""),
    )


def gust_words(reader: Formatter) -> tuple[str, str]:
    """What is said before and behind the number of a gust."""
    before, _, behind = reader.say("gusts {speed}", speed="|").partition("|")
    return reader.language.conventions.comma + before, behind


def of_one_day(hours: Sequence[HourlyForecast], rows: Mapping[float, Step], reader: Formatter) -> list[Step]:
    """The rows of the steps of one day; of one that ends at midnight or later with its span, "21:00 to 00:00"."""
    own_rows = []
    for hour in hours:
        row, start = rows[hour.time.timestamp()], begin_of(hour)
        if start.date() != hour.time.date():
            row = row._replace(clock=reader.say("{start} to {end}", start=reader.clock(start), end=row.clock))
        own_rows.append(row)
    return own_rows


def begin_of(hour: HourlyForecast) -> datetime:
    """When the span begins that a step sums up, on the clock of the place."""
    return datetime.fromtimestamp(calendar_day.begin_of(hour), hour.time.tzinfo)


def known_part(day: DailyForecast, steps: Sequence[HourlyForecast], reader: Formatter, as_of: datetime) -> str:
    """Which part of a day is told: "from 15:00" today, "until 15:00" on the last one; "" for a whole day.

    Of a day whose first step ends at midnight or later it is told from where that step begins.
    """
    if not day.partial or not steps:
        return ""
    first = steps[0]
    if day.date == as_of.date():
        begins = first.time if first.time.date() == day.date else begin_of(first)
        return reader.say("from {time}", time=reader.clock(begins))
    return reader.say("until {time}", time=reader.clock(steps[-1].time))
