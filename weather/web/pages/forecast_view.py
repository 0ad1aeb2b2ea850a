"""What `forecast.html` shows: a page's variables, made from a report as of the whole minute. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeVar

from weather.domain import astronomy
from weather.domain.alerts import current_and_upcoming, deduplicate
from weather.domain.model import (
    AirQuality,
    Alert,
    Coordinates,
    CurrentConditions,
    DailyForecast,
    Freshness,
    HourlyForecast,
    Minute,
    Place,
    format_degrees,
    zone,
)
from weather.i18n import sentences
from weather.i18n.formatting import Formatter
from weather.messages import N_
from weather.providers.report import Attribution, Report, Section
from weather.web.meteogram import Meteogram
from weather.web.pages import icons
from weather.web.pages.day_bars import Bar, Scale, scale
from weather.web.pages.hour_rows import Step, known_part, steps
from weather.web.pages.icons import moon_for, symbol_for
from weather.web.pages.labels import PLANS
from weather.web.pages.meteogram_view import SPAN, StandaloneMeteogram, chart, symbols
from weather.web.pages.minutely_chart import MinutelyChart, shower
from weather.web.pages.notice import Notice, notice, stamp

T = TypeVar("T")

DAY = timedelta(days=1)
"""A kept page may be read on another day, so what it will then say of its time names the weekday."""

FEELS_DIFFERENT = 2.0
"""Degrees by which it must feel different to be worth telling."""

WHY_MISSING = {
    "upstream": N_("The source did not give it."),
    "offline": N_("This server is set to be offline, so nobody was asked."),
    "quota": N_("The calls that the source allows are used up for now."),
}
"""By the reasons of `missing`; what a plan or a source lacks, its detail tells."""

POLLUTANTS = {
    "pm2_5": N_("fine dust PM2.5"),
    "pm10": N_("dust PM10"),
    "o3": N_("ozone"),
    "no2": N_("nitrogen dioxide"),
    "so2": N_("sulphur dioxide"),
    "co": N_("carbon monoxide"),
    "nh3": N_("ammonia"),
    "no": N_("nitrogen monoxide"),
}
PARTS = {
    "current": N_("now"),
    "hourly": N_("hours"),
    "daily": N_("days"),
    "air": N_("air"),
    "minutely": N_("next hour"),
    "alerts": N_("alerts"),
}
INDEX_WORDS = (N_("good"), N_("fair"), N_("moderate"), N_("poor"), N_("very poor"))
"""OpenWeatherMap's own names of its five classes of air."""


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day with its bar on the common scale, its words and its steps."""

    day: DailyForecast
    name: str
    known_part: str
    bar: Bar | None
    symbol: str | None
    sun_words: str
    moon_words: str
    moon: str | None
    hours: Sequence[Step]


@dataclass(frozen=True, slots=True)
class Now:
    """What is known of now, and of the hour and the day to come in words. `feels`: only where it differs."""

    conditions: CurrentConditions | None
    picture: str | None
    feels: float | None
    wind_words: str | None
    outlook: str | None
    next_hour: str | None
    shower: MinutelyChart | None


@dataclass(frozen=True, slots=True)
class Alerts:
    """The alerts in force; `are_known`: whether a fresh source says that these are all."""

    in_force: Sequence[Alert]
    are_known: bool


@dataclass(frozen=True, slots=True)
class Hours:
    """The next two days, as a table and as a drawing."""

    steps: Sequence[Step]
    chart: Meteogram | None


@dataclass(frozen=True, slots=True)
class Days:
    """The days from today on, and the scale that they share."""

    rows: Sequence[DayRow]
    scale: Scale | None
    words: str


@dataclass(frozen=True, slots=True)
class Air:
    """The air, and its index in a word."""

    quality: AirQuality | None
    word: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Where it comes from. `sections`: how old each part is; `skipped_products`: products whose calls are used up."""

    attribution: Attribution
    plan: str
    skipped_products: tuple[str, ...]
    sections: dict[str, Freshness]


@dataclass(frozen=True, slots=True)
class ForecastPage:
    """Values of the model, in its units; the reader writes them. `expires` is the first part's end, in Unix seconds."""

    place: Place
    label: str
    as_of: datetime
    expires: int
    saved_from: str
    notice: Notice
    now: Now
    alerts: Alerts
    hours: Hours
    days: Days
    air: Air
    missing: dict[str, str]
    origin: Origin
    is_demo: bool
    symbols: Sequence[str]


def forecast_page(report: Report, label: str, reader: Formatter, now: float) -> ForecastPage:
    """The page's variables, from a report as of the whole minute."""
    as_of = datetime.fromtimestamp(now // 60 * 60, zone(report.place.timezone))
    hours, ages = value(report.hourly) or (), report.freshness()
    table = steps(hours, reader, as_of)
    days = days_part(report.days, table, report.place, reader, as_of)
    told, present = notice(report, reader, as_of), now_part(report, hours, reader, as_of)
    drawing = chart(hours, report.place, reader, as_of, stamp(report.source, told, reader, as_of))
    alerts = alerts_part(report.alerts, reader, as_of)
    return ForecastPage(
        place=report.place,
        label=label or report.place.name or point_in_words(report.place.coordinates),
        as_of=as_of,
        expires=min(int(age.valid_until.timestamp()) for age in ages.values()),
        saved_from=reader.stamp(told.fetched_at, as_of + DAY),
        notice=told,
        now=present,
        alerts=alerts,
        hours=Hours(sentences.ahead(table, as_of, SPAN), drawing),
        days=days,
        air=air_part(value(report.air), reader),
        missing={gap.section: WHY_MISSING.get(gap.reason, gap.detail) for gap in report.missing},
        origin=Origin(report.source.attribution, PLANS.get(report.plan, ""), report.skipped_products, ages),
        is_demo=report.source.word == "demo",
        symbols=sorted(used(present, days, alerts) | symbols(drawing)),
    )


def now_part(report: Report, hours: Sequence[HourlyForecast], reader: Formatter, as_of: datetime) -> Now:
    """Now and what comes next."""
    told, minutely = value(report.current), value(report.minutely)
    minutes = to_come(minutely or (), as_of)
    return Now(
        conditions=told,
        picture=symbol_of(told),
        feels=feels(told),
        wind_words=sentences.wind(told.wind_speed, told.wind_gust, told.wind_direction, reader) if told else None,
        outlook=sentences.today(hours, reader, as_of) if hours else None,
        next_hour=sentences.next_hour(minutes, reader),
        shower=shower(minutes, reader.clock),
    )


def alerts_part(section: Section[tuple[Alert, ...]] | None, reader: Formatter, as_of: datetime) -> Alerts:
    """Those that last, each once, in the reader's language where there is a choice."""
    told = value(section)
    in_force = deduplicate(current_and_upcoming(told or (), as_of.timestamp()), reader.language.code)
    return Alerts(in_force, told is not None and section is not None and is_fresh(section))


def days_part(
    days: Sequence[DailyForecast] | None, hours: Sequence[Step], place: Place, reader: Formatter, as_of: datetime
) -> Days:
    """The days, each with its hours."""
    rows = day_rows(days or (), hours, place, reader, as_of)
    week = sentences.week([row.day for row in rows if not row.day.partial], reader, as_of.date())
    return Days(rows, scale([row.day for row in rows]), week)


def air_part(air: AirQuality | None, reader: Formatter) -> Air:
    return Air(air, reader.say(INDEX_WORDS[air.index - 1]) if air and air.index else "")


def picture(page: ForecastPage, reader: Formatter, style: str) -> StandaloneMeteogram:
    """The drawing of a page by itself."""
    drawing = page.hours.chart
    assert drawing  # noqa: S101
    title = reader.say("The next two days in {place}", place=page.label)
    return StandaloneMeteogram(drawing, title, page.now.outlook or "", style, icons.symbols(symbols(drawing)))


def value(section: Section[T] | None) -> T | None:
    """What a section holds, if it was asked for and is there."""
    return section.value if section else None


def to_come(minutes: Sequence[Minute], as_of: datetime) -> list[Minute]:
    """The minutes that are not over: what is kept may be hours old."""
    return [minute for minute in minutes if minute.time.timestamp() >= as_of.timestamp()]


def is_fresh(section: Section[T]) -> bool:
    return section.fetched is not None and section.fetched.state == "fresh"


def feels(current: CurrentConditions | None) -> float | None:
    """The felt temperature, when it differs."""
    if current is None or current.feels_like is None or current.temperature is None:
        return None
    return current.feels_like if abs(current.feels_like - current.temperature) >= FEELS_DIFFERENT else None


def used(now: Now, days: Days, alerts: Alerts) -> set[str]:
    """The symbols that the page shows outside the drawing: now, of alerts, of the days, of today's sun and moon."""
    today = ("sunrise", days.rows[0].moon) if days.rows else ()
    names = (now.picture, "alert" if alerts.in_force else None, *(row.symbol for row in days.rows), *today)
    return {name for name in names if name}


def symbol_of(told: CurrentConditions | None) -> str | None:
    return symbol_for(told.condition.code, told.is_day) if told and told.condition else None


def day_rows(
    days: Sequence[DailyForecast], hours: Sequence[Step], place: Place, reader: Formatter, as_of: datetime
) -> list[DayRow]:
    """The days from today on."""
    coming = [day for day in sentences.with_summaries(days, reader) if day.date >= as_of.date()]
    common = scale(coming)
    return [
        DayRow(
            day=day,
            name=sentences.capitalised(reader.day(day.date, as_of.date())),
            known_part=known_part(day, own, reader, as_of),
            bar=common.bar(day) if common else None,
            symbol=symbol_for(day.condition.code, True) if day.condition else None,
            sun_words=sentences.sun(day, is_up_at_noon(day, place), reader),
            moon_words=sentences.moon(day.moon_phase, reader),
            moon=None if day.moon_phase is None else moon_for(day.moon_phase),
            hours=own,
        )
        for day in coming
        for own in [[hour for hour in hours if hour.time.date() == day.date]]
    ]


def is_up_at_noon(day: DailyForecast, place: Place) -> bool:
    return astronomy.is_day(place.coordinates, datetime.combine(day.date, time(12), zone(place.timezone)))


def point_in_words(at: Coordinates) -> str:
    """Say "51.5° N, 0.1° W" for a place without a name."""
    north = f"{format_degrees(abs(at.latitude))}° {'N' if at.latitude >= 0 else 'S'}"
    return f"{north}, {format_degrees(abs(at.longitude))}° {'E' if at.longitude >= 0 else 'W'}"
