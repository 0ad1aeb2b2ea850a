"""How warm it was a day ago by the clock of the place. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from weather.domain.between_steps import value_at
from weather.domain.model import CurrentConditions, HourlyForecast
from weather.domain.nowcast import is_too_old


def temperature_yesterday(past: Sequence[HourlyForecast], moment: datetime) -> float | None:
    """The temperature in °C at the same time of yesterday, between two steps of it; None where these are not known."""
    local = moment.replace(tzinfo=None) - timedelta(days=1)
    return value_at(past, local.replace(tzinfo=moment.tzinfo).timestamp(), attrgetter("temperature"))


def warmth(
    past: Sequence[HourlyForecast], current: CurrentConditions | None, as_of: datetime
) -> tuple[float, float] | None:
    """The temperatures of now and of yesterday; None where one is not known, or the one of now is of long ago."""
    if current is None or current.temperature is None or is_too_old(current, as_of.timestamp()):
        return None
    then = temperature_yesterday(past, current.time.astimezone(as_of.tzinfo))
    return None if then is None else (current.temperature, then)
