"""Day and night of a picture: by our own sun, never by what a source says. Pure."""

from dataclasses import replace
from datetime import date, datetime, time, tzinfo

from weather.domain import astronomy
from weather.domain.astronomy import Sun
from weather.domain.conditions import text_of
from weather.domain.model import Condition, Coordinates


def is_sunlit(sun: Sun, day: date, at: Coordinates, tz: tzinfo) -> bool:
    """Whether the sun of a day is up at any time of it: not in polar night."""
    return bool(sun.sunrise or sun.sunset) or astronomy.is_day(at, datetime.combine(day, time(12), tz))


def lit(condition: Condition | None, is_day: bool) -> Condition | None:
    """The same condition with its picture and its words by day, or by night; words of its source's own stay."""
    if condition is None:
        return None
    icon = condition.icon[:2] + ("d" if is_day else "n")
    is_ours = condition.text in (text_of(condition.code, True), text_of(condition.code, False))
    return replace(condition, icon=icon, text=text_of(condition.code, is_day) if is_ours else condition.text)
