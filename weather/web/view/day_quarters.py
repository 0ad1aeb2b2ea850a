"""Night, morning, afternoon and evening of a day, each in a cell. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby

from weather.domain.calendar_day import quarter_of
from weather.domain.day_picture import sky as sky_of
from weather.domain.daylight import lit
from weather.domain.model import HourlyForecast
from weather.domain.precipitation import day_condition
from weather.i18n.amounts import fallen, kind_of
from weather.i18n.formatting import UNKNOWN, Formatter
from weather.messages import C_, N_
from weather.web.view.hour_strip import LEAST_CHANCE
from weather.web.view.icons import symbol_for

NAMES = (
    C_("part of a day", "Night"),
    C_("part of a day", "Morning"),
    C_("part of a day", "Afternoon"),
    C_("part of a day", "Evening"),
)
"""From 00:00, 06:00, 12:00 and 18:00 on the clock of the place."""


@dataclass(frozen=True, slots=True)
class Quarter:
    """A quarter of a day: its lowest and highest temperature, and the highest chance of its steps, or "dry"."""

    name: str
    symbol: str | None
    sky: str
    low: str
    high: str
    fall: str


def quarters(steps: Sequence[HourlyForecast], day: date, reader: Formatter) -> list[Quarter]:
    """Those of a day of which anything is told, in their order: of tonight the evening first."""
    return [quarter(which, list(group), reader) for which, group in groupby(steps, lambda step: quarter_of(step, day))]


def quarter(which: int, steps: Sequence[HourlyForecast], reader: Formatter) -> Quarter:
    """The cell of some steps."""
    sky = lit(day_condition(steps) or sky_of(steps), is_day=any(step.is_day for step in steps))
    known = [step.temperature for step in steps if step.temperature is not None]
    return Quarter(
        name=reader.say(NAMES[which]),
        symbol=symbol_for(sky.code, sky.icon[-1] != "n") if sky else None,
        sky=reader.say(sky.text) if sky else "",
        low=reader.temperature(min(known, default=None)),
        high=reader.temperature(max(known, default=None)),
        fall=fall(steps, reader),
    )


def fall(steps: Sequence[HourlyForecast], reader: Formatter) -> str:
    """The highest chance; "dry" only where each step is known to be so, or else a dash."""
    chances = [step.precipitation_probability for step in steps]
    highest = max(known_of(chances), default=None)
    if highest is not None and highest >= LEAST_CHANCE:
        return reader.percent(highest)
    sums, depths = [step.precipitation for step in steps], [step.snowfall for step in steps]
    if any(known_of(sums)):
        depth = None if None in depths else sum(known_of(depths))
        return fallen(kind_of(day_condition(steps)), sum(known_of(sums)), depth, reader)
    return UNKNOWN if None in sums else reader.say(N_("dry"))


def known_of(values: Sequence[float | None]) -> Iterator[float]:
    return (value for value in values if value is not None)
