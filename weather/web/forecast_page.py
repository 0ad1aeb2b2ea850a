"""What `forecast.html` shows: a page's variables, made from a report as of the whole minute. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import TypeVar

from weather import sky, wording
from weather.alerts import each_once, lasting
from weather.errors import KeyRejected
from weather.language import N_
from weather.model import (
    AirQuality,
    Alert,
    Coordinates,
    CurrentConditions,
    DailyForecast,
    Freshness,
    Minute,
    Place,
    degrees,
    zone,
)
from weather.reader import Reader
from weather.report import Attribution, Report, Section, Source, summed_up
from weather.web import icons
from weather.web.bars import Bar, Scale, scale
from weather.web.chart import SPAN, Picture, chart, symbols
from weather.web.icons import moon_for, symbol_for
from weather.web.instead import instead
from weather.web.meteogram import Meteogram
from weather.web.plans import PLANS
from weather.web.shower import Shower, shower
from weather.web.steps import Step, steps

T = TypeVar("T")

DAY = timedelta(days=1)
"""A kept page may be read on another day, so what it will then say of its time names the weekday."""

FEELS_DIFFERENT = 2.0
"""Degrees by which it must feel different to be worth telling."""

WHY_OLD = {
    "offline": N_("This server is set to be offline, so nobody was asked."),
    "gate": N_("The source failed a moment ago."),
    "quota": N_("The calls that the source allows are used up for now."),
    "key": N_("The source rejects this server's key. Not active yet? New keys take up to two hours."),
    "upstream-timeout": N_("The source has not answered in time."),
    "upstream-unreachable": N_("The source could not be reached."),
    "upstream-status": N_("The source answered with an error."),
    "upstream-invalid": N_("The source answered with something unreadable."),
}
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
class Notice:
    """How old the answer is. `kind`: fresh, stale, offline, quota, key; `again_at`: when the source is asked again."""

    kind: str
    why: str
    fetched_at: datetime
    age: float
    is_mixed: bool
    again_at: datetime | None


@dataclass(frozen=True, slots=True)
class DayRow:
    """A day with its bar on the common scale, its words and its steps."""

    day: DailyForecast
    is_today: bool
    bar: Bar | None
    symbol: str | None
    sun_words: str
    moon_words: str
    moon: str | None
    hours: Sequence[Step]


@dataclass(frozen=True, slots=True)
class ForecastPage:
    """Values of the model, in its units; `reader` writes them."""

    reader: Reader
    place: Place
    label: str
    as_of: datetime
    notice: Notice
    sections: dict[str, Freshness]
    expires: int
    saved_from: str
    current: CurrentConditions | None
    picture: str | None
    feels: float | None
    measured_at: datetime | None
    observed_age: float
    wind_words: str | None
    outlook: str | None
    next_hour: str | None
    shower: Shower | None
    alerts: Sequence[Alert]
    alerts_known: bool
    hours: Sequence[Step]
    days: Sequence[DayRow]
    chart: Meteogram | None
    scale: Scale | None
    week_words: str
    air: AirQuality | None
    air_words: str
    missing: dict[str, str]
    attribution: Attribution
    instead: str
    is_demo: bool
    plan: str
    left_out: tuple[str, ...]
    symbols: Sequence[str]


def forecast_page(report: Report, label: str, reader: Reader, now: float) -> ForecastPage:
    """The page's variables, from a report as of the whole minute."""
    tz = zone(report.place.timezone)
    as_of = datetime.fromtimestamp(now // 60 * 60, tz)
    ages = report.freshness()
    current, hours = value(report.current), value(report.hourly) or ()
    minutely, alerts = value(report.minutely), value(report.alerts)
    minutes = to_come(minutely or (), as_of)
    in_force = each_once(lasting(alerts or (), as_of.timestamp()), reader.language.code)
    days, told_steps = value(report.daily), steps(hours, reader, as_of)
    rows = day_rows(days or (), told_steps, report.place, reader, as_of)
    told = notice(report, summed_up(ages.values()), list(ages.values()), as_of)
    drawing = chart(hours, report.place, reader, as_of, stamp(report.source, told, reader, as_of))
    picture = symbol_of(current)
    air, measured_at = value(report.air), report.current.observed_at if report.current else None
    return ForecastPage(
        reader=reader,
        place=report.place,
        label=label or report.place.name or point_in_words(report.place.coordinates),
        as_of=as_of,
        notice=told,
        sections=ages,
        expires=min(int(age.valid_until.timestamp()) for age in ages.values()),
        saved_from=reader.stamp(told.fetched_at, as_of + DAY),
        current=current,
        picture=picture,
        feels=feels(current),
        measured_at=measured_at,
        observed_age=since(measured_at, as_of) if measured_at else 0.0,
        wind_words=wind_words(current, reader),
        outlook=wording.today(hours, reader, as_of) if hours else None,
        next_hour=wording.next_hour(minutes, reader),
        shower=shower(minutes, reader.clock),
        alerts=in_force,
        alerts_known=alerts is not None and report.alerts is not None and is_fresh(report.alerts),
        hours=wording.ahead(told_steps, as_of, SPAN),
        days=rows,
        chart=drawing,
        scale=scale([row.day for row in rows]),
        week_words=wording.week([row.day for row in rows if not row.day.partial], reader),
        air=air,
        air_words=reader.say(INDEX_WORDS[air.index - 1]) if air and air.index else "",
        missing={gap.section: WHY_MISSING.get(gap.reason, gap.detail) for gap in report.missing},
        attribution=report.source.attribution,
        plan=PLANS.get(report.plan, ""),
        left_out=report.left_out,
        instead=instead(report, reader, as_of),
        is_demo=report.source.word == "demo",
        symbols=sorted(used(picture, rows) | symbols(drawing) | ({"alert"} if in_force else set())),
    )


def picture(page: ForecastPage, style: str) -> Picture:
    """The drawing of a page by itself."""
    assert page.chart  # noqa: S101
    title = page.reader.say("The next two days in {place}", place=page.label)
    return Picture(page.chart, title, page.outlook or "", style, icons.symbols(symbols(page.chart)))


def value(section: Section[T] | None) -> T | None:
    """What a section holds, if it was asked for and is there."""
    return section.value if section else None


def to_come(minutes: Sequence[Minute], as_of: datetime) -> list[Minute]:
    """The minutes that are not over: what is kept may be hours old."""
    return [minute for minute in minutes if minute.time.timestamp() >= as_of.timestamp()]


def is_fresh(section: Section[T]) -> bool:
    return section.fetched is not None and section.fetched.state == "fresh"


def since(moment: datetime, as_of: datetime) -> float:
    """Seconds since then, never below zero."""
    return max(0.0, as_of.timestamp() - moment.timestamp())


def notice(report: Report, whole: Freshness, parts: Sequence[Freshness], as_of: datetime) -> Notice:
    """How old the whole is, and why it is no younger."""
    via = report.standing.via
    detail = "key" if via.code == KeyRejected.code else via.detail or ""
    kind = detail if detail in ("offline", "quota", "key") else "stale"
    return Notice(
        kind=kind if whole.state == "stale" else "fresh",
        why=WHY_OLD.get(detail, ""),
        fetched_at=whole.fetched_at,
        age=since(whole.fetched_at, as_of),
        is_mixed=any(since(whole.fetched_at, part.fetched_at) >= 60 for part in parts),
        again_at=None if via.again_at is None else datetime.fromtimestamp(via.again_at, as_of.tzinfo),
    )


def stamp(source: Source, told: Notice, reader: Reader, as_of: datetime) -> str:
    """What stands in the corner of the drawing: where it comes from and how old it is, in absolute times."""
    values = {"source": reader.say(source.name), "time": reader.stamp(told.fetched_at, as_of)}
    if told.kind == "fresh":
        return reader.say("{source}, fetched {time}", **values)
    return reader.say("{source}, not up to date: fetched {time}", **values)


def wind_words(told: CurrentConditions | None, reader: Reader) -> str | None:
    return wording.wind(told.wind_speed, told.wind_gust, told.wind_direction, reader) if told else None


def feels(current: CurrentConditions | None) -> float | None:
    """The felt temperature, when it differs."""
    if current is None or current.feels_like is None or current.temperature is None:
        return None
    return current.feels_like if abs(current.feels_like - current.temperature) >= FEELS_DIFFERENT else None


def used(picture: str | None, rows: Sequence[DayRow]) -> set[str]:
    """The symbols that the page shows outside the drawing: now, of the days, and of today's sun and moon."""
    today = ("sunrise", rows[0].moon) if rows else ()
    return {name for name in (picture, *(row.symbol for row in rows), *today) if name}


def symbol_of(told: CurrentConditions | None) -> str | None:
    return symbol_for(told.condition.code, told.is_day) if told and told.condition else None


def day_rows(
    days: Sequence[DailyForecast], hours: Sequence[Step], place: Place, reader: Reader, as_of: datetime
) -> list[DayRow]:
    """The days from today on."""
    coming = [day for day in wording.with_summaries(days, reader) if day.date >= as_of.date()]
    common = scale(coming)
    return [
        DayRow(
            day=day,
            is_today=day.date == as_of.date(),
            bar=common.bar(day) if common else None,
            symbol=symbol_for(day.condition.code, True) if day.condition else None,
            sun_words=wording.sun(day, is_up_at_noon(day, place), reader),
            moon_words=wording.moon(day.moon_phase, reader),
            moon=None if day.moon_phase is None else moon_for(day.moon_phase),
            hours=[hour for hour in hours if hour.time.date() == day.date],
        )
        for day in coming
    ]


def is_up_at_noon(day: DailyForecast, place: Place) -> bool:
    return sky.is_day(place.coordinates, datetime.combine(day.date, time(12), zone(place.timezone)))


def point_in_words(at: Coordinates) -> str:
    """Say "51.5° N, 0.1° W" for a place without a name."""
    north = f"{degrees(abs(at.latitude))}° {'N' if at.latitude >= 0 else 'S'}"
    return f"{north}, {degrees(abs(at.longitude))}° {'E' if at.longitude >= 0 else 'W'}"
