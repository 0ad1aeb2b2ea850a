"""The present, read from a forecast when the last observation is too old. Pure.

Numbers are drawn as a line between the step before this minute and the one after it (before the first step: from the
observation); the wind turns the shorter way. What is no such quantity is not: the sky is that of the step that
covers this minute.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from weather.domain import astronomy
from weather.domain.conditions import condition
from weather.domain.model import Conditions, Coordinates, CurrentConditions, HourlyForecast
from weather.domain.rounding import cleaned

TOO_OLD = 3600.0
"""Seconds after which an observation is no longer "now"."""

BETWEEN = (
    *("temperature", "feels_like", "dew_point", "humidity", "pressure"),
    *("wind_speed", "wind_gust", "cloud_cover", "visibility", "uv_index"),
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
    if later is None or later.time.timestamp() - later.interval * 3600 > seconds:
        return None
    earlier = next((hour for hour in reversed(hours) if hour.time.timestamp() < seconds), observed)
    start, end = earlier.time.timestamp(), later.time.timestamp()
    return interpolate(earlier, later, (seconds - start) / (end - start), minute, at)


def interpolate(
    earlier: Conditions, later: Conditions, share: float, minute: datetime, at: Coordinates
) -> CurrentConditions:
    """The conditions on the way from one moment to another; `share` of the way is gone."""
    light, sky = astronomy.is_day(at, minute), later.condition
    kind = sky and replace(sky, icon=condition(sky.code, None, light).icon)
    dry = earlier.precipitation == later.precipitation == 0
    numbers = {name: between(getattr(earlier, name), getattr(later, name), share) for name in BETWEEN}
    return CurrentConditions(
        **numbers,
        time=minute,
        wind_direction=turned(earlier.wind_direction, later.wind_direction, share),
        precipitation=0.0 if dry else None,  # a sum over hours says nothing of the one just gone
        condition=kind,
        is_day=light,
        basis="forecast",
    )


def between(one: float | None, other: float | None, share: float) -> float | None:
    return None if one is None or other is None else cleaned(one + (other - one) * share)


def turned(one: float | None, other: float | None, share: float) -> float | None:
    """A direction on the circle, the shorter way round."""
    if one is None or other is None:
        return None
    return cleaned(one + ((other - one + 180) % 360 - 180) * share) % 360
