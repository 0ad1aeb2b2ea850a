"""Numbers to sentences. Every number in a sentence is one that the reader finds in the data beside it. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from weather.model import CurrentConditions, DailyForecast, HourlyForecast
from weather.units import System, compass, converted, written

WET = 0.2
"""Millimetres in a step from which a sentence speaks of rain; less is the model's noise."""

LIKELY = 30
"""Per cent from which precipitation is named when the amount is small."""

HOUR = timedelta(hours=1)
OUTLOOK = 24 * HOUR


def number(value: float, symbol: str) -> str:
    """A number of ours as it is written in a reader's unit."""
    return written(converted(value, symbol), symbol)


def degrees(celsius: float, system: System) -> str:
    return f"{number(celsius, system.temperature)}°"


def amount(millimetres: float, system: System) -> str:
    return f"{number(millimetres, system.precipitation)} {system.precipitation}"


def wind(speed: float | None, direction: float | None, system: System) -> str | None:
    """Say "14 km/h from the south-west"; None if the speed is not known."""
    if speed is None:
        return None
    told = number(speed, system.wind_speed)
    if told == "0":
        return "calm"
    return f"{told} {system.wind_speed}" + ("" if direction is None else f" from the {compass(direction)}")


def now(current: CurrentConditions, system: System) -> str:
    """The current conditions in one sentence."""
    parts = [degrees(current.temperature, system)] if current.temperature is not None else []
    if current.condition:
        parts.append(current.condition.text)
    if blowing := wind(current.wind_speed, current.wind_direction, system):
        parts.append("calm" if blowing == "calm" else f"wind {blowing}")
    text = ", ".join(parts)
    return f"{text[:1].upper()}{text[1:]}." if text else "Nothing is known of the weather now."


def kind(hours: Sequence[HourlyForecast]) -> str:
    """What falls: "snow", "rain and snow" or "rain", by the conditions of the wet steps."""
    codes = {hour.condition.code for hour in hours if hour.condition}
    snow = {code for code in codes if code // 100 == 6 and code not in range(611, 617)}
    if codes & set(range(611, 617)) or (snow and any(code // 100 in (2, 3, 5) for code in codes)):
        return "rain and snow"
    return "snow" if snow else "rain"


def is_wet(hour: HourlyForecast) -> bool:
    return (hour.precipitation or 0.0) >= WET


def ahead(hours: Sequence[HourlyForecast], as_of: datetime, span: timedelta) -> list[HourlyForecast]:
    """The steps that end after now and within a span from now."""
    now = as_of.astimezone(UTC)  # two times of one zone would be compared by their clocks, which may be set back
    return [hour for hour in hours if now < hour.time <= now + span]


def today(hours: Sequence[HourlyForecast], system: System, as_of: datetime) -> str:
    """The next 24 hours in two sentences: whether it will be wet and when, and how warm."""
    coming = ahead(hours, as_of, OUTLOOK)
    if not coming:
        return "The forecast that is kept has come to its end."
    return f"{precipitation(coming, system, as_of)} {range_of(coming, system)}".strip()


def precipitation(coming: Sequence[HourlyForecast], system: System, as_of: datetime) -> str:
    """When precipitation begins and how much falls, from steps of some hours: so "around", not "at"."""
    wet = [hour for hour in coming if is_wet(hour)]
    if not wet:
        return dry(coming, as_of)
    falling, first = kind(wet), wet[0]
    starts = first.time.astimezone(UTC) - first.interval * HOUR
    when = f"before {clock(first.time, as_of)}" if starts <= as_of else f"from around {clock(starts, as_of)}"
    return f"{falling.capitalize()} {when}, {total(coming, system, as_of)}."


def total(coming: Sequence[HourlyForecast], system: System, as_of: datetime) -> str:
    """How much falls; up to when, if the forecast that is kept ends before the outlook does."""
    about = "at least" if any(hour.precipitation is None for hour in coming) else "about"
    millimetres = sum(hour.precipitation or 0.0 for hour in coming)
    last = coming[-1]
    is_whole = as_of.astimezone(UTC) + OUTLOOK < last.time.astimezone(UTC) + last.interval * HOUR
    until = f"in {OUTLOOK // HOUR} hours" if is_whole else f"by {clock(last.time, as_of)}"
    return f"{about} {amount(millimetres, system)} {until}"


def dry(coming: Sequence[HourlyForecast], as_of: datetime) -> str:
    """A dry outlook, with the chance that it is not."""
    chance = max((hour.precipitation_probability or 0.0 for hour in coming), default=0.0)
    doubt = f"; the chance of precipitation reaches {chance:.0f} %" if chance >= LIKELY else ""
    if any(hour.precipitation is None for hour in coming):
        return f"How much will fall is not known{doubt}."
    return f"{'Mostly dry' if doubt else 'Dry'} until {clock(coming[-1].time, as_of)}{doubt}."


def clock(moment: datetime, as_of: datetime) -> str:
    """A time of day; with its weekday when that is not today, with its date when that is not this week."""
    local = moment.astimezone(as_of.tzinfo)
    apart = abs((local.date() - as_of.date()).days)
    if apart == 0:
        return f"{local:%H:%M}"
    return f"{local:%A %H:%M}" if apart < 7 else f"{local.day} {local:%B %Y, %H:%M}"


def range_of(hours: Sequence[HourlyForecast], system: System) -> str:
    told = [hour.temperature for hour in hours if hour.temperature is not None]
    return f"Between {degrees(min(told), system)} and {degrees(max(told), system)}." if told else ""


def day(forecast: DailyForecast, system: System) -> str | None:
    """A day in a few words; None if nothing is known of its sky."""
    if forecast.condition is None:
        return None
    text = forecast.condition.text.capitalize()
    if (forecast.precipitation or 0.0) >= WET:
        text += f", about {amount(forecast.precipitation or 0.0, system)}"
    return f"{text}."


def with_summaries(days: Sequence[DailyForecast], system: System) -> tuple[DailyForecast, ...]:
    """The days, each with its own words."""
    return tuple(replace(one, summary=day(one, system)) for one in days)


def ago(seconds: float) -> str:
    """How long ago, in words."""
    return "just now" if seconds < 60 else f"{span(seconds)} ago"


def span(seconds: float) -> str:
    """A length of time: "6 min", "3 h 20 min", "2 days 4 h"."""
    minutes = int(seconds // 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, minutes = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {minutes} min" if minutes else f"{hours} h"
    whole, hours = divmod(hours, 24)
    told = "1 day" if whole == 1 else f"{whole} days"
    return f"{told} {hours} h" if hours else told


def sun(day: DailyForecast, is_up_at_noon: bool) -> str:
    """Sunrise and sunset; words where there is none."""
    if day.sunrise and day.sunset:
        return f"{day.sunrise:%H:%M} to {day.sunset:%H:%M}"
    if day.sunrise:
        return f"rises {day.sunrise:%H:%M}, does not set"
    if day.sunset:
        return f"sets {day.sunset:%H:%M}, does not rise"
    return "does not set" if is_up_at_noon else "does not rise"


PHASES = (
    "new moon",
    "waxing crescent",
    "first quarter",
    "waxing gibbous",
    "full moon",
    "waning gibbous",
    "last quarter",
    "waning crescent",
)


def moon(phase: float | None) -> str:
    """The phase in words: one of eight."""
    return "–" if phase is None else PHASES[round(phase * 8) % 8]
