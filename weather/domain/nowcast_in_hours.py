"""The nowcast and the present in the hours: where they contradict each other, the wetter one holds. Pure.

Sources contradict themselves: an hour is dry, and a quarter of it is not. Such an hour brings what falls in the steps
of the nowcast that are not over, of the kind that the sentence about them names. A wet hour stays wet under dry steps:
then these are told as the word of the nowcast alone (`i18n.next_hour`). And what falls now falls in the hour that now
lies in.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from weather.domain.calendar_day import begin_of
from weather.domain.day_picture import HAZARDS
from weather.domain.daylight import lit
from weather.domain.model import Condition, Conditions, CurrentConditions, HourlyForecast, NowcastStep
from weather.domain.next_hour import NextHour, conditions_about, kind_about
from weather.domain.nowcast import is_too_old
from weather.domain.precipitation import (
    UNLIKELY,
    Kind,
    consistent,
    falls_frozen,
    is_wet_rate,
    is_wet_step,
    kind_by_temperature,
    step_kind,
    wet_condition,
)
from weather.domain.rounding import cleaned

LEAST = 0.01
"""Millimetres: the least that is told as more than nothing."""


@dataclass(frozen=True, slots=True)
class Falling:
    """The steps of a nowcast that are not over and not unknown, and what falls in them.

    `danger`: where ice or thunder falls, the condition that tells of it: its words may name hail.
    """

    steps: Sequence[NowcastStep]
    kind: Kind | None
    danger: Condition | None


def falling(
    nowcast: Sequence[NowcastStep], current: CurrentConditions | None, hours: Sequence[HourlyForecast], now: float
) -> Falling | None:
    """What falls from now on (Unix seconds) by a nowcast; None where no step of it is wet."""
    steps = [step for step in nowcast if step.precipitation_rate is not None and end_of(step) > now]
    wet = [step for step in steps if is_wet_rate(step.precipitation_rate)]
    if not wet:
        return None
    about = conditions_about(NextHour(wet, range(len(wet)), ()), current, hours)
    kind = kind_about(about)
    telling = (step.condition for step in about if is_wet_step(step) and step_kind(step) is kind)
    return Falling(steps, kind, next(telling, None) if kind in HAZARDS else None)


def hours_with(falls: Falling, hours: Sequence[HourlyForecast]) -> tuple[HourlyForecast, ...]:
    """The hours, of which none is dry over a wet step; one that is wet, and not without a drop, stays as it was."""
    last = max(map(end_of, falls.steps))
    return tuple(
        hour
        if begin_of(hour) >= last or (hour.precipitation != 0 and is_wet_step(hour))
        else consistent(hour_with(falls, hour))
        for hour in hours
    )


def hour_with(falls: Falling, hour: HourlyForecast) -> HourlyForecast:
    """An hour with what falls in it; its own condition stays if that is a wet one.

    A chance that denies it is not known, nor the depth of its snow. An amount that is not known stays so.
    """
    if not any(is_wet_rate(step.precipitation_rate) and share_of(step, hour) for step in falls.steps):
        return hour
    amount = max(hour.precipitation or 0.0, amount_in(hour, falls.steps))
    wet = replace(hour, precipitation=amount)
    wet = replace(wet, condition=hour.condition if is_wet_step(hour) else sky_of(falls, wet))
    is_frozen, chance = falls_frozen(wet), hour.precipitation_probability
    return replace(
        wet,
        precipitation=None if hour.precipitation is None else amount,
        rain=None if is_frozen or hour.rain is None else amount,
        snowfall=None if is_frozen else hour.snowfall,
        precipitation_probability=None if chance is not None and chance < UNLIKELY else chance,
    )


def present_with(falls: Falling, current: CurrentConditions, now: float) -> CurrentConditions:
    """The present, with what falls in the running step where it is dry by itself; an old one stays as it was."""
    running = [step.precipitation_rate for step in falls.steps if step.time.timestamp() <= now]
    if not running or not is_wet_rate(running[-1]) or is_wet_step(current) or is_too_old(current, now):
        return current
    wet = replace(current, precipitation_rate=running[-1])
    return replace(wet, condition=sky_of(falls, wet))


def hours_with_present(
    current: CurrentConditions | None, hours: Sequence[HourlyForecast], now: float
) -> tuple[HourlyForecast, ...]:
    """The hours, of which the one that holds now is not dry while something falls now; an old present changes none."""
    if current is None or not is_wet_step(current) or is_too_old(current, now):
        return tuple(hours)
    return tuple(
        consistent(running_with(current, hour)) if begin_of(hour) <= now < hour.time.timestamp() else hour
        for hour in hours
    )


def running_with(current: CurrentConditions, hour: HourlyForecast) -> HourlyForecast:
    """The running hour with what falls now; its own condition stays if that is a wet one.

    How much falls, and how likely, is not known where the hour has none.
    """
    if current.condition is None or (is_wet_step(hour) and hour.precipitation != 0):
        return hour
    chance, sky = hour.precipitation_probability, lit(current.condition, hour.is_day is not False)
    return replace(
        hour,
        condition=hour.condition if is_wet_step(hour) else sky,
        precipitation=hour.precipitation or None,
        rain=hour.rain or None,
        snowfall=hour.snowfall or None,
        precipitation_probability=None if chance is not None and chance < UNLIKELY else chance,
    )


def sky_of(falls: Falling, wet: Conditions) -> Condition | None:
    """The condition of what falls, ice and thunder as they are told; None where nothing is known of sky and kind."""
    if falls.danger:
        return lit(falls.danger, wet.is_day is not False)
    if wet.temperature is not None:
        return wet_condition(wet, kind_by_temperature(wet))
    return wet_condition(wet, falls.kind or Kind.RAIN) if falls.kind or wet.condition else None


def amount_in(hour: HourlyForecast, steps: Iterable[NowcastStep]) -> float:
    """What steps that bring anything bring to an hour, in millimetres."""
    return max(cleaned(sum((step.precipitation_rate or 0.0) * share_of(step, hour) for step in steps)), LEAST)


def share_of(step: NowcastStep, hour: HourlyForecast) -> float:
    """Hours of a step that lie in a step of the forecast."""
    begin, end = max(begin_of(hour), step.time.timestamp()), min(hour.time.timestamp(), end_of(step))
    return max(0.0, end - begin) / 3600


def end_of(step: NowcastStep) -> float:
    return step.time.timestamp() + step.interval_minutes * 60
