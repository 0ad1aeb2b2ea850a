"""The one rule of what falls: whether a span is wet, of which kind, how much. Every output asks it. Pure.

A step is wet from 0.1 mm an hour (OpenWeatherMap and Open-Meteo call no less rain), or where its code is one of
precipitation and the chance is 60 % or more, or any amount comes with it, or the amount is not known. A span is wet
where a step of it is, or where 0.5 mm fall in all. A span that is not wet but not without a drop has traces, and is
called neither dry nor wet.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from enum import StrEnum
from typing import TypeVar

from weather.domain.conditions import cloud_code, condition, is_wet, tells_of_hail
from weather.domain.model import Condition, Conditions, CurrentConditions, HourlyForecast

WET_RATE = 0.1
"""Millimetres an hour from which a step is wet."""

WET_TOTAL = 0.5
"""Millimetres from which a whole span is wet, however thinly they are spread."""

TRACES = {"mm": 0.2, "in": 0.01}
"""Amounts below which they are told as traces; of an inch by the US National Weather Service."""

LIKELY, UNLIKELY = 60.0, 20.0
"""Per cent: from the one a code is believed without an amount, below the other thunder is not."""

CLEAR_SKY = 25.0
"""Per cent of cloud below which no thunderstorm without rain is believed."""

FREEZING_RAIN = 511
SLEET = frozenset({611, 612, 613, 615, 616})
WARMEST = {"snow": 5.0, "sleet": 8.0, "freezing rain": 4.0}
"""Degrees Celsius above which each of them falls as rain."""


class Kind(StrEnum):
    """What falls, the most dangerous first."""

    FREEZING_RAIN = "freezing rain"
    THUNDER = "thunder"
    SLEET = "sleet"
    SNOW = "snow"
    RAIN = "rain"
    DRIZZLE = "drizzle"


Told = TypeVar("Told", bound=Conditions)


def is_trace(amount: float, symbol: str) -> bool:
    """Whether an amount, in the unit of that symbol, is hardly any; every output asks this, so that none has a 0."""
    return amount > 0 and round(amount, 6) < TRACES[symbol]


def kind_of_code(code: int) -> Kind | None:
    """What falls by the id of a condition; None for a dry one."""
    if code == FREEZING_RAIN:
        return Kind.FREEZING_RAIN
    if code in SLEET:
        return Kind.SLEET
    return {2: Kind.THUNDER, 3: Kind.DRIZZLE, 5: Kind.RAIN, 6: Kind.SNOW}.get(code // 100)


def step_kind(step: Conditions) -> Kind | None:
    """What falls in a step, by its code and its temperature; None where its condition is a dry one."""
    sky = consistent_condition(step)
    return kind_of_code(sky.code) if sky else None


def is_wet_step(step: Conditions) -> bool:
    """Whether a step is wet by itself."""
    code = step.condition.code if step.condition else 0
    rate, kind = rate_of(step), kind_of_code(code)
    if is_wet_rate(rate):
        return True
    if kind is None:
        return False
    if rate is None or rate > 0 or chance_of(step) >= LIKELY:
        return True
    return kind is Kind.THUNDER and is_dry_thunder(step)


def is_wet_rate(rate: float | None) -> bool:
    """Whether so many millimetres an hour are wet, however long the step; what is not known is not."""
    return rate is not None and round(rate, 6) >= WET_RATE


def is_dry_thunder(step: Conditions) -> bool:
    """Whether thunder without a drop is believed: not under a clear sky, or with next to no chance."""
    chance = getattr(step, "precipitation_probability", None)
    is_unlikely = chance is not None and chance < UNLIKELY
    is_clear = step.cloud_cover is not None and step.cloud_cover < CLEAR_SKY
    return not (is_unlikely or is_clear)


def wet_steps(steps: Sequence[HourlyForecast]) -> list[HourlyForecast]:
    """The wet ones of a span; where only their sum makes it wet, all in which anything falls."""
    wet = [step for step in steps if is_wet_step(step)]
    if not wet and least(step.precipitation for step in steps) >= WET_TOTAL:
        return [step for step in steps if step.precipitation]
    return wet


def is_dry(steps: Iterable[Conditions]) -> bool:
    """Whether it is known that not a drop falls."""
    return all(step.precipitation == 0 and not is_wet_step(step) for step in steps)


def main_kind(steps: Sequence[Conditions]) -> Kind:
    """The kind that names a span, of its wet steps: the dangerous ones whenever they occur; snow with rain is sleet."""
    kinds = kinds_of([step for step in steps if step.condition or step.temperature is not None] or steps)
    for hazard in (Kind.FREEZING_RAIN, Kind.THUNDER, Kind.SLEET):
        if hazard in kinds:
            return hazard
    if Kind.SNOW in kinds:
        return Kind.SNOW if kinds == {Kind.SNOW} else Kind.SLEET
    return Kind.DRIZZLE if kinds == {Kind.DRIZZLE} else Kind.RAIN


def kinds_of(steps: Iterable[Conditions]) -> set[Kind]:
    """What falls in these wet steps, where no code tells by their temperature."""
    return {step_kind(step) or kind_by_temperature(step) for step in steps}


def kind_by_temperature(step: Conditions) -> Kind:
    """What falls where no code tells: snow up to 0.5 °C, sleet up to 2 °C, else rain."""
    warmth = step.temperature
    if warmth is None or warmth > 2:
        return Kind.RAIN
    return Kind.SNOW if warmth <= 0.5 else Kind.SLEET


def falls_frozen(step: Conditions) -> bool:
    """Whether what falls in a step is counted as snow: snow and sleet; where no code tells, by its temperature."""
    kind = step_kind(step)
    return (kind_by_temperature(step) if kind in (None, Kind.THUNDER) else kind) in (Kind.SNOW, Kind.SLEET)


def consistent_condition(step: Conditions) -> Condition | None:
    """The condition that agrees with the step's own numbers: the code yields to them where it contradicts them."""
    code = step.condition.code if step.condition else None
    if code is not None and is_wet(code):
        if rate_of(step) == 0 and not is_wet_step(step):
            return dry_condition(step)
        warmest = WARMEST.get(kind_of_code(code) or "")
        is_too_warm = warmest is not None and step.temperature is not None and step.temperature > warmest
        return wet_condition(step, Kind.RAIN) if is_too_warm else step.condition
    if not is_wet_step(step) or (step.condition is None and step.temperature is None):
        return step.condition
    return wet_condition(step, kind_by_temperature(step))


def dry_condition(step: Conditions) -> Condition:
    """The sky by its cloud; where that is not known, a clouded one."""
    return condition(803 if step.cloud_cover is None else cloud_code(step.cloud_cover), None, step.is_day)


def wet_condition(step: Conditions, kind: Kind) -> Condition:
    """Rain, snow or sleet as strong as the rate (rain: moderate from 1, heavy from 4 mm an hour, as OpenWeatherMap)."""
    rate = rate_of(step) or 0.0
    codes = {Kind.SNOW: (600, 601, 602), Kind.SLEET: (615, 616, 616)}.get(kind, (500, 501, 502))
    return condition(codes[(rate >= 1) + (rate >= 4)], None, step.is_day)


def consistent(step: Told) -> Told:
    """The step with that condition, and parts of what falls that agree; a chance of nothing under it is not known."""
    sky = consistent_condition(step)
    step = with_parts(step if sky == step.condition else replace(step, condition=sky), is_other=sky != step.condition)
    if not isinstance(step, HourlyForecast) or step.precipitation_probability != 0 or not is_wet_step(step):
        return step
    return replace(step, precipitation_probability=None)


def with_parts(step: Told, *, is_other: bool) -> Told:
    """A step of which rain and the depth of snow agree with its condition; `is_other`: than its source's.

    Where snow or sleet falls not all is rain, nor is the depth nothing: neither is known then. Where it is called rain
    for its warmth, all is.
    """
    if not step.precipitation or not is_wet_step(step):
        return step
    if falls_frozen(step):
        rain = None if step.rain == step.precipitation else step.rain
        return replace(step, rain=rain, snowfall=step.snowfall or None)
    if is_other and step.snowfall:
        return replace(step, rain=step.precipitation, snowfall=0.0)
    return step


def day_condition(spans: Sequence[HourlyForecast]) -> Condition | None:
    """The condition of a span that is wet; None for one that is not."""
    wet = wet_steps(spans)
    return condition_of_wet(wet) if wet else None


def condition_of_wet(wet: Sequence[HourlyForecast]) -> Condition:
    """The condition of wet steps: of their most dangerous kind the step with the most."""
    main = main_kind(wet)
    of_it = [step for step in wet if step_kind(step) is main] or wet
    most = max(of_it, key=lambda step: (tells_of_hail(step.condition), step.precipitation or 0.0))
    sky = consistent_condition(most)
    return sky if sky and is_wet(sky.code) else wet_condition(most, kind_by_temperature(most))


def rate_of(step: Conditions) -> float | None:
    """Millimetres an hour: as told of now; of a step the mean of its hours."""
    if isinstance(step, CurrentConditions) and step.precipitation_rate is not None:
        return step.precipitation_rate
    hours = step.interval_hours if isinstance(step, HourlyForecast) else 1
    return None if step.precipitation is None else step.precipitation / hours


def chance_of(step: Conditions) -> float:
    return getattr(step, "precipitation_probability", None) or 0.0


def least(amounts: Iterable[float | None]) -> float:
    """The sum of what is known."""
    return round(sum(amount for amount in amounts if amount is not None), 3)


def amount_left(step: HourlyForecast, amount: float | None, now: datetime) -> float | None:
    """Of an amount that falls in a step, what has yet to fall by `now` if it falls evenly."""
    left = (step.time.timestamp() - now.timestamp()) / (step.interval_hours * 3600)
    return None if amount is None else amount * min(max(left, 0.0), 1.0)
