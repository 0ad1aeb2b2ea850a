"""The days of a page, each with its hours; from the evening on the first of them is tonight. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from weather.domain import astronomy
from weather.domain.model import DailyForecast, HourlyForecast, Place, zone
from weather.domain.tonight import night_end, steps_left, tonight
from weather.i18n import sentences, sun_and_moon
from weather.i18n.amounts import day_amount
from weather.i18n.formatting import Formatter
from weather.messages import N_
from weather.providers.report import Report
from weather.web.view.day_bars import Bar, Scale, scale
from weather.web.view.day_quarters import Quarter, quarters
from weather.web.view.day_spans import SPAN, rows_of_spans
from weather.web.view.day_wind import DayWind, day_wind, windiest_hours
from weather.web.view.hour_rows import Step, known_part, of_one_day
from weather.web.view.icons import moon_for, symbol_for

NEAR = timedelta(hours=48)
"""A day that begins sooner is told by the hour; one further off by threes of them: it is known no finer."""

HOURS_GONE = N_("The numbers of this day count the hours that have gone by.")
SUMS = N_("Precipitation is the sum of the hours before the time.")
BY_THREES = N_(
    "Each row is three hours: lowest and highest temperature, all that falls, the highest chance, the strongest wind."
)


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day with its bar on the common scale, its words and its steps.

    `table_note`: what a row of its table sums up. `hours_gone`: that its numbers count hours which are not among its
    steps, in words; "" where they do not.
    """

    day: DailyForecast
    name: str
    date: str
    known_part: str
    fallen: str
    wind: DayWind
    windiest: str
    quarters: Sequence[Quarter]
    is_chance_told: bool
    bar: Bar | None
    symbol: str | None
    sun_words: str
    moon_words: str
    daylight: str
    moon_times: str
    moon: str | None
    hours: Sequence[Step]
    table_note: str
    hours_gone: str


@dataclass(frozen=True, slots=True)
class Days:
    """The days from today on, and the scale that they share. `daylight_change`: of the first, from the day before."""

    rows: Sequence[DayRow]
    scale: Scale | None
    words: str
    daylight_change: str


@dataclass(frozen=True, slots=True)
class Part:
    """A day, or what is left of it, with its name and the steps that it is made of."""

    day: DailyForecast
    name: str
    known_part: str
    steps: Sequence[HourlyForecast]
    hours_gone: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """The rows of a day's table, and what a row of it sums up."""

    rows: Sequence[Step]
    note: str


def days_part(report: Report, table: Sequence[Step], reader: Formatter, as_of: datetime) -> Days:
    """The days from today on; the table has a row for each step of the hours."""
    parts = calendar_days(report, reader, as_of)
    if night := night_part(report, reader, as_of):
        parts = [night, *(part for part in parts if part.day.date > as_of.date())]
    whole = parts[1:] if night else parts  # a night is no day to be the warmest of
    common = scale([part.day for part in parts])
    rows = {row.time.timestamp(): row for row in table}
    words = sentences.week([part.day for part in whole], reader, as_of.date())
    change = daylight_change(parts[0].day.date, report.place, reader) if parts else ""
    tables = [table_of(part, rows, reader, as_of) for part in parts]
    day_rows = [day_row(part, table, common, report.place, reader) for part, table in zip(parts, tables, strict=True)]
    return Days(day_rows, common, words, change)


def table_of(part: Part, rows: Mapping[float, Step], reader: Formatter, as_of: datetime) -> Table:
    """A part's own table: of a day further off by threes where it is known by the hour."""
    begins = datetime.combine(part.day.date, time(), as_of.tzinfo)
    is_far = begins.timestamp() - as_of.timestamp() >= NEAR.total_seconds()
    if is_far and any(step.interval_hours < SPAN for step in part.steps):
        return Table(rows_of_spans(part.steps, reader, as_of), reader.say(BY_THREES))
    return Table(of_one_day(part.steps, rows, reader), reader.say(SUMS))


def daylight_change(day: date, place: Place, reader: Formatter) -> str:
    """How much longer or shorter a day is than the one before, by our own sun."""
    tz = zone(place.timezone)
    today, before = (astronomy.sunlight(place.coordinates, date, tz) for date in (day, day - timedelta(days=1)))
    return sun_and_moon.daylight_change(today, before, reader)


def calendar_days(report: Report, reader: Formatter, as_of: datetime) -> list[Part]:
    """The days from today on, each with its words; of today what is left and what has gone by."""
    days = sentences.with_summaries(report.days or (), report.nights, reader)
    return [part_of(day, report, reader, as_of) for day in days if day.date >= as_of.date()]


def part_of(day: DailyForecast, report: Report, reader: Formatter, as_of: datetime) -> Part:
    """A calendar day; of today its hours to come, while its numbers count those gone by too."""
    every, now = report.steps_by_day.get(day.date, ()), as_of.timestamp()
    coming = [step for step in every if step.time.timestamp() > now]
    name = reader.language.capitalised(reader.day(day.date, as_of.date()))
    hours_gone = reader.say(HOURS_GONE) if len(coming) < len(every) else ""
    return Part(day, name, known_part(day, every, reader, as_of), coming, hours_gone)


def night_part(report: Report, reader: Formatter, as_of: datetime) -> Part | None:
    """Tonight, where it has begun and anything is known of it."""
    end = night_end(as_of)
    steps = steps_left(report.hours, as_of, end) if end else []
    day = tonight(steps, report.now, report.place.coordinates, as_of)
    if day is None or end is None:
        return None
    night = replace(day, summary=sentences.day(day, reader))
    until = reader.say("until {time}", time=reader.clock(steps[-1].time))
    return Part(night, reader.say("Tonight"), until, steps)


def day_row(part: Part, table: Table, common: Scale | None, place: Place, reader: Formatter) -> DayRow:
    """A part in the reader's words."""
    day = part.day
    return DayRow(
        day=day,
        name=part.name,
        date=reader.language.day_of_month(day.date),
        known_part=part.known_part,
        fallen=day_amount(day, reader),
        wind=day_wind(day, reader),
        windiest=windiest_hours(day, part.steps, reader),
        quarters=quarters(part.steps, day.date, reader),
        is_chance_told=(day.precipitation_probability or 0.0) >= 1,
        bar=common.bar(day) if common else None,
        symbol=day_symbol(day),
        sun_words=sun_and_moon.sun(day, is_up_at_noon(day.date, place), reader),
        moon_words=sun_and_moon.moon(day.moon_phase, reader),
        daylight=sun_and_moon.daylight(day, reader),
        moon_times=sun_and_moon.moon_times(day, reader),
        moon=None if day.moon_phase is None else moon_for(day.moon_phase),
        hours=table.rows,
        table_note=table.note,
        hours_gone=part.hours_gone,
    )


def day_symbol(day: DailyForecast) -> str | None:
    """The picture of a day."""
    return symbol_for(day.condition.code, day.condition.icon[-1] != "n") if day.condition else None


def is_up_at_noon(day: date, place: Place) -> bool:
    return astronomy.is_day(place.coordinates, datetime.combine(day, time(12), zone(place.timezone)))
