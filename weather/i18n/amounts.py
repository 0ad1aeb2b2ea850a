"""How much falls, in words: rain by its depth, snow by the depth of the snow, else as water; hardly any as traces."""

from collections.abc import Set as AbstractSet

from weather.domain.model import Condition, CurrentConditions, DailyForecast, HourlyForecast
from weather.domain.precipitation import Kind, is_trace, kind_of_code, step_kind
from weather.domain.units import in_unit
from weather.i18n.formatting import UNKNOWN, Formatter
from weather.messages import N_

CENTIMETRE, LEAST_DEPTH = 10.0, 1.5
"""Millimetres; a depth below the other is written as zero in one unit or the other."""

EXACT_BELOW = {"mm": 9.95, "in": 0.995}
"""Amounts from which on a decimal fewer is told: what would be written as 10 mm, or as 1 in."""

LAST_HOUR = {
    Kind.FREEZING_RAIN: N_("Freezing rain in the last hour"),
    Kind.SLEET: N_("Rain and snow in the last hour"),
    Kind.SNOW: N_("Snow in the last hour"),
    Kind.THUNDER: N_("Rain in the last hour"),
    Kind.RAIN: N_("Rain in the last hour"),
    Kind.DRIZZLE: N_("Drizzle in the last hour"),
    None: N_("Precipitation in the last hour"),
}
PER_HOUR = {
    Kind.FREEZING_RAIN: N_("Freezing rain per hour"),
    Kind.SLEET: N_("Rain and snow per hour"),
    Kind.SNOW: N_("Snow per hour"),
    Kind.THUNDER: N_("Rain per hour"),
    Kind.RAIN: N_("Rain per hour"),
    Kind.DRIZZLE: N_("Drizzle per hour"),
    None: N_("Precipitation per hour"),
}


def is_hardly_any(millimetres: float, reader: Formatter) -> bool:
    """Whether an amount is none, or told as traces."""
    symbol = reader.system.precipitation
    return millimetres <= 0 or is_trace(in_unit(millimetres, symbol), symbol)


def depth(millimetres: float, reader: Formatter) -> str:
    """A depth of snow: whole centimetres, below one with a decimal; tenths of an inch."""
    symbol = reader.system.snowfall
    decimals = 1 if symbol == "in" or millimetres < CENTIMETRE else 0
    return reader.measure_to(millimetres, symbol, decimals)


def amount(millimetres: float, reader: Formatter) -> str:
    """An amount as people say it: from 10 mm on whole, from an inch on with a decimal; below as it is known."""
    symbol = reader.system.precipitation
    if in_unit(millimetres, symbol) < EXACT_BELOW[symbol]:
        return reader.amount(millimetres)
    return reader.measure_to(millimetres, symbol, 1 if symbol == "in" else 0)


def is_depth_told(millimetres: float | None) -> bool:
    """Whether a depth is known that is not written as zero."""
    return millimetres is not None and millimetres >= LEAST_DEPTH


def kind_of(condition: Condition | None) -> Kind | None:
    return kind_of_code(condition.code) if condition else None


def fallen(
    kind: Kind | None, water: float | None, snowfall: float | None, reader: Formatter, *, exact: bool = False
) -> str:
    """What falls in a span: "4 mm", "8 cm" for snow, or "4 mm as water", "traces"; a dash where it is not known.

    `exact`: water as it is known also from 10 mm on, for tables.
    """
    if snowfall is not None and is_depth_told(snowfall) and (kind is Kind.SNOW or not water):
        return depth(snowfall, reader)
    if water is None:
        return UNKNOWN
    if (water or snowfall) and is_hardly_any(water, reader):
        return reader.say("traces")
    text = reader.amount(water) if exact else amount(water, reader)
    return as_water(text, reader) if water and kind in (Kind.SNOW, Kind.SLEET) else text


def step_amount(step: HourlyForecast, reader: Formatter) -> str:
    """What falls in a step: its number alone where it is of the unit in the head of a table, else with its own."""
    kind, water = step_kind(step), step.precipitation
    falls = water or step.snowfall
    if falls and (kind in (Kind.SNOW, Kind.SLEET) or is_hardly_any(water or 0.0, reader)):
        return fallen(kind, water, step.snowfall, reader, exact=True)
    return reader.number(water, reader.system.precipitation)


def day_amount(day: DailyForecast, reader: Formatter) -> str:
    """What falls on a day; "" where nothing does, or it is not known."""
    if not day.precipitation and not day.snowfall:
        return ""
    return fallen(kind_of(day.condition), day.precipitation, day.snowfall, reader)


def as_water(text: str, reader: Formatter) -> str:
    """An amount with the words that it is no depth of snow."""
    return reader.say("{amount} as water", amount=text)


def in_all(kinds: AbstractSet[Kind | None], water: float, snowfall: float | None, reader: Formatter) -> str:
    """The sum of what falls in a span of these kinds: snow alone by its depth where that is known."""
    if kinds == {Kind.SNOW} and snowfall is not None and is_depth_told(snowfall):
        return reader.say("{depth} of snow", depth=depth(snowfall, reader))
    text = amount(water, reader)
    return as_water(text, reader) if {Kind.SNOW, Kind.SLEET} & kinds else text


def with_snow(kinds: AbstractSet[Kind | None], snowfall: float | None, reader: Formatter) -> str:
    """The sentence about snow that falls beside the rain; "" where there is none, or it is not known."""
    if kinds == {Kind.SNOW} or snowfall is None or snowfall < CENTIMETRE / 2:
        return ""
    return reader.say("Snowfall of about {depth}.", depth=depth(snowfall, reader))


def last_hour(current: CurrentConditions, reader: Formatter) -> tuple[str, str]:
    """The name of the tile of what has fallen, by its kind, and how much."""
    kind = step_kind(current)
    names = LAST_HOUR if current.basis == "analysis" else PER_HOUR
    water = current.precipitation_rate if current.precipitation is None else current.precipitation
    return reader.say(names[kind]), fallen(kind, water, current.snowfall, reader)
