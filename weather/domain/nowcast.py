"""The present, read from a forecast when the last observation is too old. Pure.

Numbers are drawn as a line between the step before this minute and the one after it (before the first step: from the
observation); the wind as a vector, so that a light air turns at once to where the gale after it comes from. What is no
such quantity is not: the sky is that of the step that covers this minute.
"""

from cmath import polar, rect
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from math import degrees, radians

from weather.domain import astronomy
from weather.domain.calendar_day import begin_of
from weather.domain.conditions import condition, text_of
from weather.domain.model import Conditions, Coordinates, CurrentConditions, HourlyForecast
from weather.domain.rounding import cleaned

TOO_OLD = 3600.0
"""Seconds after which an observation is no longer "now"."""

BETWEEN = (
    *("temperature", "feels_like", "dew_point", "humidity", "pressure"),
    *("wind_gust", "cloud_cover", "visibility", "uv_index"),
)


def is_too_old(observed: CurrentConditions, now: float) -> bool:
    return now - observed.time.timestamp() > TOO_OLD


def interpolate_now(
    observed: CurrentConditions, hours: Sequence[HourlyForecast], at: Coordinates, now: float
) -> CurrentConditions | None:
    """The conditions of this minute as the forecast has them; None if it does not cover it."""
    minute = datetime.fromtimestamp(now // 60 * 60, observed.time.tzinfo)
    seconds = minute.timestamp()
    later = next((hour for hour in hours if hour.time.timestamp() >= seconds), None)
    if later is None or begin_of(later) > seconds:
        return None
    earlier = next((hour for hour in reversed(hours) if hour.time.timestamp() < seconds), observed)
    start, end = earlier.time.timestamp(), later.time.timestamp()
    return interpolate(earlier, later, (seconds - start) / (end - start), minute, at)


def interpolate(
    earlier: Conditions, later: HourlyForecast, share: float, minute: datetime, at: Coordinates
) -> CurrentConditions:
    """The conditions on the way from one moment to another; `share` of the way is gone."""
    light, sky = astronomy.is_day(at, minute), later.condition
    kind = sky and replace(sky, icon=condition(sky.code, None, light).icon, text=text_of(sky.code, light))
    dry = earlier.precipitation == later.precipitation == 0
    fallen = later.precipitation
    numbers = {name: between(getattr(earlier, name), getattr(later, name), share) for name in BETWEEN}
    return CurrentConditions(
        **numbers | wind_between(earlier, later, share),
        time=minute,
        precipitation=0.0 if dry else None,  # a sum over hours says nothing of the one just gone
        rain=0.0 if dry else None,
        precipitation_rate=None if fallen is None else cleaned(fallen / later.interval_hours),
        snowfall=0.0 if earlier.snowfall == later.snowfall == 0 else None,
        condition=kind,
        is_day=light,
        basis="forecast",
    )


def between(one: float | None, other: float | None, share: float) -> float | None:
    return None if one is None or other is None else cleaned(one + (other - one) * share)


def wind_between(earlier: Conditions, later: Conditions, share: float) -> dict[str, float | None]:
    """Speed and direction of the mean of two winds as vectors; the speed alone where a direction is not known."""
    winds = ((earlier.wind_speed, earlier.wind_direction), (later.wind_speed, later.wind_direction))
    (slow, _), (fast, _) = winds
    if any(speed is None or angle is None for speed, angle in winds):
        return {"wind_speed": between(slow, fast, share), "wind_direction": None}
    one, other = (rect(speed or 0.0, radians(angle or 0.0)) for speed, angle in winds)
    speed, angle = polar(one + (other - one) * share)
    return {"wind_speed": cleaned(speed), "wind_direction": cleaned(degrees(angle)) % 360}
