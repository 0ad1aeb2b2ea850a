"""The picture of a day: what falls in its daylight, else the sky by day. Pure.

A shower in the dark is not the day's picture: it is told in words (`night_fall`). But what is dangerous shows
whenever it occurs, and so does what falls in the dark in plenty.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from math import inf
from typing import Protocol

from weather.domain.calendar_day import QUARTER, quarter_of
from weather.domain.conditions import cloud_code, condition, group, is_wet
from weather.domain.daylight import lit
from weather.domain.model import Condition, CurrentConditions, DailyForecast, HourlyForecast
from weather.domain.precipitation import (
    TRACES,
    UNLIKELY,
    WET_TOTAL,
    Kind,
    condition_of_wet,
    consistent_condition,
    day_condition,
    kind_of_code,
    least,
    step_kind,
    wet_steps,
)
from weather.domain.rounding import cleaned

NIGHT_TOTAL = 5.0
"""Millimetres from which what falls in the dark alone makes the picture of a day."""

HAZARDS = (Kind.FREEZING_RAIN, Kind.THUNDER)


class Daylight(Protocol):
    """What tells when the sun rises and sets on a day; neither in polar day and night."""

    @property
    def sunrise(self) -> datetime | None: ...

    @property
    def sunset(self) -> datetime | None: ...


def is_by_day(step: HourlyForecast, sun: Daylight) -> bool:
    """Whether any of a step's span is in daylight; in polar day and night all spans count alike."""
    if sun.sunrise is None and sun.sunset is None:
        return True
    end = step.time.timestamp()
    begin = end - step.interval_hours * 3600
    rise = sun.sunrise.timestamp() if sun.sunrise else -inf
    down = sun.sunset.timestamp() if sun.sunset else inf
    if rise < down:
        return begin < down and end > rise
    return begin < down or end > rise  # the night lies between them


def picture(steps: Sequence[HourlyForecast], sun: Daylight) -> Condition | None:
    """What a day of these steps is like; None where nothing is known of its sky."""
    light = [step for step in steps if step.is_day]
    return wet_picture(steps, sun) or sky(light) or day_condition(steps) or sky(steps)


def wet_picture(steps: Sequence[HourlyForecast], sun: Daylight) -> Condition | None:
    """What falls, where it makes the picture of the day."""
    wet = wet_steps(steps)
    by_day = [step for step in wet if is_by_day(step, sun)]
    is_dangerous = any(step_kind(step) in HAZARDS for step in wet)
    if is_dangerous or (wet and least(step.precipitation for step in wet) >= NIGHT_TOTAL):
        return condition_of_wet(wet)
    return condition_of_wet(by_day) if by_day else None


def sky(steps: Sequence[HourlyForecast]) -> Condition | None:
    """The sky where nothing falls: of clouds by the mean cover, else the most frequent."""
    skies = [
        step_sky for step in steps if (step_sky := consistent_condition(step)) and kind_of_code(step_sky.code) is None
    ]
    if not skies:
        return None
    code = Counter(step_sky.code for step_sky in skies).most_common(1)[0][0]
    most = next(step_sky for step_sky in skies if step_sky.code == code)
    covers = [step.cloud_cover for step in steps if step.cloud_cover is not None]
    is_of_clouds = group(code) in ("clear", "clouds")
    return condition(cloud_code(sum(covers) / len(covers)), None, True) if covers and is_of_clouds else most


@dataclass(frozen=True, slots=True)
class NightFall:
    """What falls in the dark of a day. `quarter`: in which all of it does (`quarter_of`); None if in several."""

    condition: Condition
    quarter: int | None


def night_fall(
    day: DailyForecast, steps: Sequence[HourlyForecast], now: CurrentConditions | None = None
) -> NightFall | None:
    """What falls in the dark on a day whose picture is a dry one, by its steps or by now; None if nothing does."""
    falls = lit(day_condition(steps) or falls_now(now), is_day=False)
    if falls is None or day.condition is None or is_wet(day.condition.code):
        return None
    quarters = {quarter_of(step, day.date) for step in wet_steps(steps)}
    if now and not quarters:
        quarters = {now.time.hour // QUARTER}
    return NightFall(falls, quarters.pop() if len(quarters) == 1 else None)


def night_falls(
    days: Iterable[DailyForecast],
    steps: Mapping[date, Sequence[HourlyForecast]],
    current: CurrentConditions | None,
    tz: tzinfo,
) -> Mapping[date, NightFall]:
    """That of the days which have one, by their steps, or by what falls now."""
    by_date = dict[date, NightFall]()
    for day in days:
        now = replace(current, time=current.time.astimezone(tz)) if current and is_of(current, day.date, tz) else None
        if falls := night_fall(day, steps.get(day.date, ()), now):
            by_date[day.date] = falls
    return by_date


def falls_now(current: CurrentConditions | None) -> Condition | None:
    """The condition of now if it is a wet one."""
    return current.condition if current and current.condition and is_wet(current.condition.code) else None


def is_of(current: CurrentConditions, day: date, tz: tzinfo) -> bool:
    """Whether now lies in that day of a zone."""
    return current.time.astimezone(tz).date() == day


def with_present(day: DailyForecast, current: CurrentConditions, *, counts_dark: bool = False) -> DailyForecast:
    """The day that holds now, with what falls now where nobody foresaw it: in daylight, or where it is dangerous.

    `counts_dark`: in the dark too. How much falls is not known: a sum or a chance of nothing is none, light or dark.
    """
    falls, stated = falls_now(current), day.condition
    if falls is None:
        return day
    is_light, says_wet = stated is None or stated.icon[-1] != "n", stated is not None and is_wet(stated.code)
    counts = counts_dark or current.is_day or not (day.sunrise or day.sunset)
    is_told = (counts and not says_wet) or is_more_dangerous(falls, stated)
    return replace(
        day,
        condition=lit(falls, is_light) if is_told else stated,
        precipitation=day.precipitation or None,
        rain=day.rain or None,
        precipitation_probability=day.precipitation_probability or None,
    )


def consistent_days(
    days: Iterable[DailyForecast], steps: Mapping[date, Sequence[HourlyForecast]], grown: Set[date] = frozenset()
) -> tuple[DailyForecast, ...]:
    """The days, each agreeing with its steps; of those that have `grown` the sum too."""
    return tuple(
        as_wet_as(steps.get(day.date, ()), consistent_day(day, steps.get(day.date, ())), is_grown=day.date in grown)
        for day in days
    )


def consistent_day(day: DailyForecast, steps: Sequence[HourlyForecast]) -> DailyForecast:
    """A day that its source has told, with the condition that agrees with its own numbers and with its hours.

    Where the hours of the whole day are known, a wet word or sum yields to them if they are dry.
    """
    stated, wet, whole = day.condition, wet_picture(steps, day), covers(steps, day.date)
    is_light = stated is None or stated.icon[-1] != "n"
    says_wet = stated is not None and is_wet(stated.code)
    if wet and (not says_wet or is_more_dangerous(wet, stated)):
        return replace(day, condition=lit(wet, is_light))
    if whole and not wet:
        return as_its_hours(day, steps, is_light)
    if says_wet or (day.precipitation or 0.0) < WET_TOTAL:
        return day
    cold = day.temperature_max is not None and day.temperature_max <= 1
    return replace(day, condition=condition(600 if cold else 500, None, is_light))


def as_wet_as(steps: Sequence[HourlyForecast], day: DailyForecast, *, is_grown: bool) -> DailyForecast:
    """A day that is told no sum, or traces, while its steps are wet, has theirs; one of grown steps no less than that.

    A chance that denies them is not known, where that of a wet step is not.
    """
    wet, fallen = wet_steps(steps), cleaned(sum(step.precipitation or 0.0 for step in steps))
    chance = day.precipitation_probability
    if any(step.precipitation_probability is None for step in wet) and chance is not None and chance < UNLIKELY:
        day = replace(day, precipitation_probability=None)
    known = day.precipitation
    if not wet or known is None or fallen <= known or not (is_grown or known < TRACES["mm"]):
        return day
    rain = None if day.rain is None else total(step.rain for step in steps)
    snow = None if day.snowfall is None else total(step.snowfall for step in steps)
    return replace(day, precipitation=fallen, rain=rain, snowfall=snow)


def total(amounts: Iterable[float | None]) -> float | None:
    """The sum; None where a part of it is not known."""
    parts = list(amounts)
    return None if None in parts else cleaned(least(parts))


def as_its_hours(day: DailyForecast, steps: Sequence[HourlyForecast], is_light: bool) -> DailyForecast:
    """A day of whose daylight its hours tell that nothing falls: its sky is theirs, and its sum where all are dry."""
    if day.condition and is_wet(day.condition.code):
        day = replace(day, condition=lit(picture(steps, day), is_light))
    if (day.precipitation or 0.0) < WET_TOTAL or wet_steps(steps):
        return day
    fallen = total(step.precipitation for step in steps)
    return replace(day, precipitation=fallen, rain=fallen if day.rain is not None else None)


def covers(steps: Sequence[HourlyForecast], day: date) -> bool:
    """Whether steps of one day that tell whether anything falls are as many hours as it has."""
    if not steps:
        return False
    tz = steps[0].time.tzinfo
    start, end = (
        datetime(date.year, date.month, date.day, tzinfo=tz).timestamp() for date in (day, day + timedelta(1))
    )
    telling = [step for step in steps if step.condition or step.precipitation is not None]
    return sum(step.interval_hours for step in telling) >= (end - start) / 3600


def is_more_dangerous(by_hours: Condition, by_day: Condition | None) -> bool:
    """Whether the hours tell of ice or thunder that the day's own word leaves out."""
    kind, own = kind_of_code(by_hours.code), kind_of_code(by_day.code) if by_day else None
    return kind in HAZARDS and (own not in HAZARDS or HAZARDS.index(own) > HAZARDS.index(kind))
