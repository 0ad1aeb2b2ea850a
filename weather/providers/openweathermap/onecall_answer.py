"""Writes One Call's body (3.0 and 2.5) out of a report, for programs whose key may not use One Call. Pure.

The rules:

1. Members and units are those of https://openweathermap.org/api/one-call-3. What is not known is left out: never a
   zero, never a guess. Of the moon alone 0 says that it does not rise or set that day, as there.
2. `hourly` has full hours, of the running one on. Where the source has steps of three hours, temperatures and the like
   lie on the line between two steps, and an hour has its share of what falls in its step.
3. `alerts` is there only where warnings are known: `missing` says which parts are not.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, tzinfo
from functools import partial
from math import inf
from typing import Any

import msgspec

from weather.domain import astronomy
from weather.domain.alerts import deduplicate, last_moment
from weather.domain.calendar_day import by_day
from weather.domain.full_hours import full_hours
from weather.domain.model import (
    Condition,
    Conditions,
    Coordinates,
    CurrentConditions,
    DailyForecast,
    HourlyForecast,
    NowcastStep,
    zone,
)
from weather.domain.precipitation import Kind, consistent, falls_frozen, kind_of_code, least, rate_of
from weather.domain.rounding import round_half
from weather.i18n import sentences
from weather.i18n.formatting import Formatter
from weather.providers.report import Report

HOUR = 3600
HOURS, DAYS, MINUTES = 48, 8, 60
PARTS = ("current", "minutely", "hourly", "daily", "alerts")
FREEZING = 1.0
"""Degrees Celsius up to which a day's highest tells that what falls is snow, where neither hours nor sky tell."""

TIMES_OF_DAY = {"morn": 6, "day": 12, "eve": 18, "night": 0}
"""The local hours of a day's temperatures (https://openweathermap.org/api/one-call-3, day_summary)."""

Members = dict[str, Any]


@dataclass(frozen=True, slots=True)
class AnswerStyle:
    """What the program asked for: `units` is standard, metric or imperial; `formatter` writes in its language."""

    units: str
    formatter: Formatter
    excluded: frozenset[str] = frozenset()
    has_summaries: bool = True

    def temperature(self, celsius: float | None) -> float | int | None:
        if celsius is None:
            return None
        scales = {"metric": celsius, "imperial": celsius * 9 / 5 + 32}
        return figure(scales.get(self.units, celsius + 273.15))

    def speed(self, metres_a_second: float | None) -> float | int | None:
        if metres_a_second is None:
            return None
        return figure(metres_a_second / 0.44704 if self.units == "imperial" else metres_a_second)


def figure(value: float | None, decimals: int = 2) -> float | int | None:
    """A number as OpenWeatherMap writes it: whole ones without a fraction."""
    if value is None:
        return None
    rounded = round_half(value, decimals)
    return int(rounded) if rounded == int(rounded) else rounded


SECTION_OF = {"minutely": "nowcast"}
"""Sections whose name here is another."""


def sections_of(style: AnswerStyle) -> frozenset[str]:
    """Return the sections of a report that the parts which are not excluded are made of."""
    return frozenset(SECTION_OF.get(name, name) for name in PARTS if name not in style.excluded)


def missing(report: Report, style: AnswerStyle) -> list[str]:
    """Return the parts that were asked for and are not known, or not all of them."""
    sections = report.sections()
    wanted = [name for name in PARTS if name not in style.excluded]
    return [name for name in wanted if not is_known(name, sections.get(SECTION_OF.get(name, name)))]


def is_known(name: str, section: Any) -> bool:
    if name == "minutely" and not minutes_of(section):
        return False
    return section is not None and section.value is not None and section.missing is None


def minutes_of(section: Any) -> list[NowcastStep]:
    """The steps of a nowcast that are minutes: those of another length have no place in One Call's shape."""
    return [step for step in value_of(section) or () if step.interval_minutes == 1]


def body(report: Report, style: AnswerStyle, now: float) -> Members:
    """Return the body at `now` (Unix seconds), of the parts that are known and not excluded."""
    tz = zone(report.place.timezone)
    head: Members = {
        "lat": report.place.latitude,
        "lon": report.place.longitude,
        "timezone": report.place.timezone,
        "timezone_offset": offset(tz, now),
    }
    return head | {name: value for name, value in parts(report, style, now, tz) if name not in style.excluded and value}


def parts(report: Report, style: AnswerStyle, now: float, tz: tzinfo) -> Iterator[tuple[str, Any]]:
    at = report.place.coordinates
    current, steps = value_of(report.current), value_of(report.hourly) or ()
    if current:
        yield "current", current_members(current, at, style)
    yield "minutely", [minute_members(minute) for minute in minutes_of(report.nowcast)][:MINUTES]
    hours = [consistent(hour) for hour in full_hours(steps, current, at, now)]
    yield "hourly", [hour_members(hour, style) for hour in hours[:HOURS]]
    today = datetime.fromtimestamp(now, tz).date()
    coming = [day for day in report.days or () if day.date >= today][:DAYS]
    days = sentences.with_summaries(coming, report.nights, style.formatter) if style.has_summaries else coming
    falling = by_day(with_gone(report.past, hours), tz, report.cut)
    yield "daily", [day_members(day, steps, style, tz) | fallen(day, falling.get(day.date, ())) for day in days]
    yield "alerts", alerts(report, style)


def value_of(section: Any) -> Any:
    return section.value if section else None


def offset(tz: tzinfo, now: float) -> int:
    shift = datetime.fromtimestamp(now, tz).utcoffset()
    return int(shift.total_seconds()) if shift else 0


def current_members(current: CurrentConditions, at: Coordinates, style: AnswerStyle) -> Members:
    sun = astronomy.sun(at, current.time.date(), current.time.tzinfo or zone("+00:00"))
    return known(
        {"dt": stamp(current.time), "sunrise": stamp(sun.sunrise), "sunset": stamp(sun.sunset)}
        | instant_members(current, style)
    )


def hour_members(hour: HourlyForecast, style: AnswerStyle) -> Members:
    chance = hour.precipitation_probability
    pop = figure(None if chance is None else chance / 100)
    return known({"dt": stamp(hour.time)} | instant_members(hour, style) | {"pop": pop})


def instant_members(step: Conditions, style: AnswerStyle) -> Members:
    """The members that `current` and an hour share."""
    amount = {"1h": figure(rate)} if (rate := rate_of(step)) else None
    return {
        "temp": style.temperature(step.temperature),
        "feels_like": style.temperature(step.feels_like),
        "pressure": figure(step.pressure, 0),
        "humidity": figure(step.humidity, 0),
        "dew_point": style.temperature(step.dew_point),
        "uvi": figure(step.uv_index),
        "clouds": figure(step.cloud_cover, 0),
        "visibility": None if step.visibility is None else min(10_000, int(step.visibility)),
        "wind_speed": style.speed(step.wind_speed),
        "wind_deg": figure(step.wind_direction, 0),
        "wind_gust": style.speed(step.wind_gust),
        "weather": weather(step.condition, style),
        "snow" if falls_frozen(step) else "rain": amount,
    }


def weather(sky: Condition | None, style: AnswerStyle) -> list[Members] | None:
    if sky is None:
        return None
    text = style.formatter.say(sky.text)
    return [{"id": sky.code, "main": sky.group.capitalize(), "description": text, "icon": sky.icon}]


def minute_members(minute: NowcastStep) -> Members:
    return {"dt": stamp(minute.time), "precipitation": figure(minute.precipitation_rate) or 0}


def alerts(report: Report, style: AnswerStyle) -> list[Members]:
    """The warnings in force, in the reader's language where there is a choice."""
    return [
        {
            "sender_name": alert.sender,
            "event": alert.event,
            "start": stamp(alert.starts_at),
            "end": stamp(last_moment(alert)),
            "description": alert.description,
            "tags": list(alert.tags),
        }
        for alert in deduplicate(value_of(report.alerts) or (), style.formatter.language.code)
    ]


def day_members(day: DailyForecast, steps: Sequence[HourlyForecast], style: AnswerStyle, tz: tzinfo) -> Members:
    """A day; its `dt` is its noon. Of its hours come what only they know."""
    noon = datetime.combine(day.date, time(12), tz)
    at_noon, chance = partial(value_near, steps, noon), day.precipitation_probability
    temperatures = {"min": style.temperature(day.temperature_min), "max": style.temperature(day.temperature_max)}
    return known(
        {
            "dt": stamp(noon),
            "sunrise": stamp(day.sunrise),
            "sunset": stamp(day.sunset),
            "moonrise": stamp(day.moonrise) or 0,
            "moonset": stamp(day.moonset) or 0,
            "moon_phase": figure(day.moon_phase),
            "summary": day.summary,
            "temp": temperatures | by_time_of_day(steps, noon, "temperature", style),
            "feels_like": by_time_of_day(steps, noon, "feels_like", style) or None,
            "pressure": figure(at_noon("pressure"), 0),
            "humidity": figure(at_noon("humidity"), 0),
            "dew_point": style.temperature(at_noon("dew_point")),
            "wind_speed": style.speed(day.wind_speed_max),
            "wind_deg": figure(day.wind_direction, 0),
            "wind_gust": style.speed(day.wind_gust_max),
            "weather": weather(day.condition, style),
            "clouds": figure(at_noon("cloud_cover"), 0),
            "pop": figure(None if chance is None else chance / 100),
            "uvi": figure(day.uv_index_max),
        }
    )


def with_gone(gone: Iterable[HourlyForecast], hours: Sequence[HourlyForecast]) -> list[HourlyForecast]:
    """The hours behind the steps that have gone by before them."""
    begin = hours[0].time.timestamp() if hours else inf
    return [*(step for step in gone if step.time.timestamp() < begin), *hours]


def fallen(day: DailyForecast, hours: Sequence[HourlyForecast]) -> Members:
    """A day's rain and snow: its sum, shared as its hours share it; without hours by its sky."""
    amount = least(hour.precipitation for hour in hours)
    frozen = least(hour.precipitation for hour in hours if falls_frozen(hour))
    share = frozen / amount if amount else float(is_snowy(day))
    water = day.precipitation or 0.0
    parts = {"rain": figure(water * (1 - share)), "snow": figure(water * share)}
    return {name: part for name, part in parts.items() if part}


def is_snowy(day: DailyForecast) -> bool:
    """Whether what falls on a day is snow by its sky; where that is dry, or thunder, by its temperature."""
    kind = kind_of_code(day.condition.code) if day.condition else None
    if kind in (None, Kind.THUNDER):
        return day.temperature_max is not None and day.temperature_max <= FREEZING
    return kind in (Kind.SNOW, Kind.SLEET)


def by_time_of_day(steps: Sequence[HourlyForecast], noon: datetime, name: str, style: AnswerStyle) -> Members:
    """The temperatures of morning, noon, evening and night, as far as they are known."""
    hours = {part: value_near(steps, noon.replace(hour=hour), name) for part, hour in TIMES_OF_DAY.items()}
    return known({part: style.temperature(value) for part, value in hours.items()})


def value_near(steps: Iterable[HourlyForecast], moment: datetime, name: str) -> float | None:
    """The member of the step nearest to a moment, at most an hour and a half away: half of the longest step."""
    wanted = moment.timestamp()
    near = min(steps, key=lambda step: abs(step.time.timestamp() - wanted), default=None)
    is_near = near is not None and abs(near.time.timestamp() - wanted) <= 1.5 * HOUR
    value: float | None = getattr(near, name) if is_near else None
    return value


def stamp(moment: datetime | None) -> int | None:
    """Unix seconds."""
    return None if moment is None else int(moment.timestamp())


def known(members: Mapping[str, Any]) -> Members:
    """The members that are known (rule 1)."""
    return {name: value for name, value in members.items() if value is not None}


def without_parts(raw: bytes, excluded: frozenset[str]) -> bytes:
    """Return upstream's own body without these parts; as it came if it has none of them, or is no JSON object."""
    try:
        members = msgspec.json.decode(raw, type=dict[str, msgspec.Raw])
    except msgspec.DecodeError:
        return raw
    if not excluded & members.keys():
        return raw
    return msgspec.json.encode({name: value for name, value in members.items() if name not in excluded})
