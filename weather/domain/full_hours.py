"""Full hours out of a forecast whose steps may be longer. Pure.

Temperatures and the like lie on the line between two steps; an hour has its share of what falls in its step, and the
step's condition, by day or night as the hour is.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import count

from weather.domain import astronomy
from weather.domain.conditions import condition as condition_of_code
from weather.domain.model import Conditions, Coordinates, CurrentConditions, HourlyForecast

HOUR = 3600

LINEAR = (
    *("temperature", "feels_like", "dew_point", "humidity", "pressure", "wind_speed", "wind_gust", "cloud_cover"),
    *("visibility", "uv_index"),
)
"""The members that lie on the line between two steps."""


def full_hours(
    steps: Sequence[HourlyForecast], current: CurrentConditions | None, at: Coordinates, now: float
) -> Iterator[HourlyForecast]:
    """Yield an hour for each full one that the steps cover, of the running one on, as long as there are steps.

    `current` is where the line to the first step begins."""
    if not steps:
        return
    ends = [step.time.timestamp() for step in steps]
    begin = ends[0] % HOUR + now // HOUR * HOUR
    begin -= HOUR if begin > now else 0
    for moment in (begin + HOUR * n for n in count()):
        index = bisect_left(ends, moment)
        if index == len(steps):
            return
        step, before = steps[index], steps[index - 1] if index else current
        if ends[index] == moment or before:
            yield hour_between(before or step, step, moment, at)


def hour_between(before: Conditions, step: HourlyForecast, moment: float, at: Coordinates) -> HourlyForecast:
    """The hour that ends at `moment`, within the step."""
    begins, ends = before.time.timestamp(), step.time.timestamp()
    if moment >= ends or begins >= ends:
        return step if step.interval_hours == 1 else shared(step, step, 1.0, moment, at)
    return shared(before, step, max(0.0, (moment - begins) / (ends - begins)), moment, at)


def shared(before: Conditions, step: HourlyForecast, part: float, moment: float, at: Coordinates) -> HourlyForecast:
    when = datetime.fromtimestamp(moment, step.time.tzinfo)
    sky, is_day = step.condition, astronomy.is_day(at, when)
    return HourlyForecast(
        time=when,
        interval_hours=1,
        **{name: between(getattr(before, name), getattr(step, name), part) for name in LINEAR},
        wind_direction=step.wind_direction,
        precipitation=None if step.precipitation is None else step.precipitation / step.interval_hours,
        rain=None if step.rain is None else step.rain / step.interval_hours,
        snowfall=None if step.snowfall is None else step.snowfall / step.interval_hours,
        precipitation_probability=step.precipitation_probability,
        condition=sky and condition_of_code(sky.code, None, is_day),
        is_day=is_day,
    )


def between(before: float | None, after: float | None, part: float) -> float | None:
    if before is None or after is None:
        return after if part == 1 else None
    return before + (after - before) * part
