"""The strip of hours: a column for each step of the next day and a half, the first of them now. Pure."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from weather.domain.beaufort import told_direction, told_gust
from weather.domain.model import Conditions, CurrentConditions, HourlyForecast
from weather.domain.precipitation import consistent
from weather.i18n import sentences
from weather.i18n.amounts import step_amount
from weather.i18n.formatting import UNKNOWN, Formatter
from weather.messages import C_, N_
from weather.web.view.icons import symbol_for

SPAN, MOST = timedelta(hours=48), 36
"""How far the strip reaches, and how many columns it has beside that of now."""

LEAST_CHANCE = 10.0
"""Per cent from which on a chance is worth its line."""

ARROWS = "↓↙←↖↑↗→↘"
"""They fly with the wind: one from the north points down, and so on clockwise by eighths."""

TEXT = "\ufe0e"
"""Asks for the plain form of a sign that is a picture too (Unicode, variation selector 15)."""


class Column(NamedTuple):
    """A step as its column shows it, in the reader's units; `words`: the same for those who hear the page.

    `day`: the weekday, where the column is the first of its day; of chance, amount and gust "" where not worth a line.
    """

    time: datetime
    label: str
    day: str
    symbol: str | None
    temperature: str
    chance: str
    amount: str
    arrow: str
    wind: str
    gust: str
    is_wet: bool
    words: str


def columns(
    current: CurrentConditions | None, hours: Sequence[HourlyForecast], reader: Formatter, as_of: datetime
) -> list[Column]:
    """Now, and the steps to come."""
    first = [now(current, reader, as_of)] if current else []
    return first + list(coming(sentences.ahead(hours, as_of, SPAN)[:MOST], reader, as_of))


def now(current: CurrentConditions, reader: Formatter, as_of: datetime) -> Column:
    """The column of now; what has fallen belongs to the hour that is over, and is not in it."""
    label = reader.say(C_("axis of time", "Now"))
    return column(current, reader)._replace(time=as_of, label=label, words=words(current, "", "", reader))


def coming(hours: Sequence[HourlyForecast], reader: Formatter, as_of: datetime) -> Iterator[Column]:
    """The columns of the steps, each told as it is in the drawing."""
    day = as_of.date()
    for hour in map(consistent, hours):
        is_new, day = hour.time.date() != day, hour.time.date()
        chance, amount = chance_of(hour, reader), step_amount(hour, reader) if hour.precipitation else ""
        yield column(hour, reader)._replace(
            label=label(hour.time, reader),
            day=reader.language.weekday(day, short=True) if is_new else "",
            chance=chance,
            amount=amount,
            is_wet=bool(hour.precipitation),
            words=words(hour, chance, amount, reader),
        )


def label(moment: datetime, reader: Formatter) -> str:
    """The hour alone where it is a full one; of the hour that comes twice, which of the two it is."""
    if moment.minute:
        return reader.clock(moment)
    return reader.language.told_apart(reader.hour(moment), moment)


def chance_of(hour: HourlyForecast, reader: Formatter) -> str:
    """The chance that anything falls, from ten per cent on."""
    chance = hour.precipitation_probability
    return reader.percent(chance) if chance is not None and chance >= LEAST_CHANCE else ""


def column(conditions: Conditions, reader: Formatter) -> Column:
    """What now and a step have in common."""
    mean, strongest = conditions.wind_speed, told_gust(conditions.wind_speed, conditions.wind_gust)
    wind, gust = (reader.number(speed, reader.system.wind_speed) for speed in (mean, strongest))
    return Column(
        time=conditions.time,
        label="",
        day="",
        symbol=symbol_for(conditions.condition.code, conditions.is_day) if conditions.condition else None,
        temperature=reader.temperature(conditions.temperature),
        chance="",
        amount="",
        arrow=arrow(conditions.wind_speed, conditions.wind_direction),
        wind=wind,
        gust="" if gust in (wind, UNKNOWN) else gust,
        is_wet=False,
        words="",
    )


def arrow(speed: float | None, from_degrees: float | None) -> str:
    """The arrow of a wind; "" where it has no direction, or none is known."""
    direction = told_direction(speed, from_degrees)
    return "" if direction is None else ARROWS[eighth(direction)] + TEXT


def eighth(from_degrees: float) -> int:
    """Which of ARROWS is that of a wind from there."""
    return int(from_degrees / 45 + 0.5) % 8


def words(conditions: Conditions, chance: str, amount: str, reader: Formatter) -> str:
    """A column for the ear: the sky, the temperature, what may fall, the wind."""
    parts = [
        reader.say(conditions.condition.text) if conditions.condition else "",
        "" if conditions.temperature is None else reader.temperature(conditions.temperature),
        reader.say(N_("chance of rain or snow {chance}"), chance=chance) if chance else "",
        with_unit(amount, reader),
        wind_words(conditions, reader),
    ]
    return reader.listed([part for part in parts if part]) or reader.say("not known")


def with_unit(amount: str, reader: Formatter) -> str:
    """A bare number with its unit; an amount that is words already as it is."""
    bare = amount.replace(reader.language.conventions.decimal, "").isdecimal()
    return f"{amount}\u00a0{reader.unit(reader.system.precipitation)}" if bare else amount


def wind_words(conditions: Conditions, reader: Formatter) -> str:
    """The wind with where it comes from, if that is known; "" where it is not known itself."""
    if conditions.wind_speed is None:
        return ""
    speed, direction = (
        reader.speed(conditions.wind_speed),
        told_direction(conditions.wind_speed, conditions.wind_direction),
    )
    if direction is None:
        return reader.say(N_("wind {speed}"), speed=speed)
    values = {"direction": reader.from_direction(direction), "speed": speed}
    return reader.say(N_("wind from the {direction}, {speed}"), **values)
