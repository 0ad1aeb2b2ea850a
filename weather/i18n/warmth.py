"""How warm it will be, in a sentence whose directions begin at the temperature now, where that is told beside it. Pure.

Its numbers are those of the forecast's steps; whether they lie above or below is judged as the reader sees them.
"""

from collections.abc import Sequence
from datetime import datetime

from weather.domain.model import HourlyForecast
from weather.domain.rounding import round_half
from weather.domain.units import in_unit
from weather.i18n.formatting import Formatter
from weather.messages import N_

STAYING = N_("Staying around {temperature}.")
FALLING, RISING = N_("Falling to {low} {low_at}."), N_("Rising to {high} {high_at}.")
FALLING_FIRST = N_("Falling to {low} {low_at}, then rising to {high} {high_at}.")
RISING_FIRST = N_("Rising to {high} {high_at}, then falling to {low} {low_at}.")

AROUND = 1
"""Whole degrees of the reader's unit by which the temperature now may differ from one that stays "around"."""


def warmth(coming: Sequence[HourlyForecast], now: float | None, reader: Formatter, as_of: datetime) -> str:
    """The lowest and the highest temperature, in the order in which they come; "" where none is known.

    `now`: the temperature in °C that is shown beside it, None if none is. One that is at the first of the two already,
    or beyond it, goes to the second alone.
    """
    known = [hour for hour in coming if hour.temperature is not None]
    if not known:
        return ""
    low, high = min(known, key=warm), max(known, key=warm)
    rises = low.time.timestamp() < high.time.timestamp()
    first, then = (low, high) if rises else (high, low)
    text = direction(rises, whole(low, reader), whole(high, reader), degrees(now, reader))
    named = first.time.astimezone(as_of.tzinfo).date() if text in (FALLING_FIRST, RISING_FIRST) else None
    earlier, later = ("low_at", "high_at") if rises else ("high_at", "low_at")
    values = {"low": reader.temperature(low.temperature), "high": reader.temperature(high.temperature)}
    values |= {earlier: reader.at(first.time, as_of), later: reader.at(then.time, as_of, named)}  # a day is named once
    return reader.say(text, temperature=values["low"], **values)


def direction(rises: bool, low: int, high: int, now: int | None) -> str:
    """The sentence for a low and a high, of which the low comes first if it `rises`, and for what it is now."""
    if low == high:
        if now is None or abs(now - low) <= AROUND:
            return STAYING
        return FALLING if now > low else RISING
    if rises:
        return FALLING_FIRST if now is None or now > low else RISING
    return RISING_FIRST if now is None or now < high else FALLING


def warm(hour: HourlyForecast) -> float:
    return hour.temperature or 0.0


def whole(hour: HourlyForecast, reader: Formatter) -> int:
    return int(degrees(hour.temperature, reader) or 0)


def degrees(celsius: float | None, reader: Formatter) -> int | None:
    """A temperature as it is written: whole degrees of the reader's unit."""
    return None if celsius is None else int(round_half(in_unit(celsius, reader.system.temperature)))
