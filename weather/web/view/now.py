"""What is told of now, and of the hour and the day to come. Pure."""

from dataclasses import dataclass
from datetime import datetime

from weather.domain.model import CurrentConditions, NowcastStep
from weather.domain.next_hour import next_hour, spell, start_of, to_come, two_hours
from weather.domain.precipitation import kind_of_code
from weather.domain.yesterday import warmth
from weather.i18n import sentences
from weather.i18n.formatting import Formatter
from weather.i18n.next_hour import next_hour_words, step_words
from weather.i18n.yesterday import than_yesterday
from weather.providers.report import Report
from weather.web.view.icons import symbol_for
from weather.web.view.minutely_chart import MinutelyChart, shower
from weather.web.view.tiles import Tiles, tiles

FEELS_DIFFERENT = 2.0
"""Degrees by which it must feel different to be worth telling."""

FEW_CLOUDS = (800, 801, 802)
"""Of OpenWeatherMap's condition ids those with more sky than cloud."""


@dataclass(frozen=True, slots=True)
class Now:
    """What is known of now, and of the hour and the day to come in words. `feels`: only where it differs.

    `than_yesterday`: "" where yesterday is not known. `next_hour`: None where the outlook says as much. `step_words`:
    what its steps are, unless minutes.
    """

    conditions: CurrentConditions | None
    surface: str
    picture: str | None
    feels: float | None
    than_yesterday: str
    tiles: Tiles | None
    wind_words: str | None
    outlook: str | None
    next_hour: str | None
    step_words: str | None
    shower: MinutelyChart | None


def now_part(report: Report, reader: Formatter, as_of: datetime) -> Now:
    """Now and what comes next."""
    current, hours = report.now, report.hours
    steps, is_said = two_hours(steps_to_come(report, as_of)), is_said_by_outlook(report, as_of)
    both = warmth(report.past, current, as_of)
    return Now(
        conditions=current,
        surface=surface(current),
        picture=symbol_of(current),
        feels=feels(current),
        than_yesterday=than_yesterday(*both, reader) if both else "",
        tiles=tiles(current, report, reader, as_of) if current else None,
        wind_words=wind_words(current, reader) if current else None,
        outlook=outlook(report, reader, as_of),
        next_hour=None if is_said else next_hour_words(steps, current, hours, reader),
        step_words=None if is_said else step_words(steps, current, hours, reader),
        shower=shower(steps, reader.clock),
    )


def steps_to_come(report: Report, as_of: datetime) -> list[NowcastStep]:
    return to_come((report.nowcast.value if report.nowcast else None) or (), as_of)


def outlook(report: Report, reader: Formatter, as_of: datetime) -> str | None:
    """The next 24 hours in words, which go on from what is told of now and of the next hour; None if none is known."""
    if not report.hours:
        return None
    steps, present = steps_to_come(report, as_of), report.now.temperature if report.now else None
    start = start_of(steps, report.now, as_of)
    return sentences.today(report.hours, reader, as_of, start, present, spell(two_hours(steps)))


def is_said_by_outlook(report: Report, as_of: datetime) -> bool:
    """Whether the outlook says plainly that it stays dry beyond the next steps: then these need no sentence."""
    steps = steps_to_come(report, as_of)
    known, start = next_hour(two_hours(steps)), start_of(steps, report.now, as_of)
    return known is not None and sentences.says_plainly_dry(report.hours, as_of, start, known.until)


def wind_words(current: CurrentConditions, reader: Formatter) -> str | None:
    """The wind in a sentence; None if it is not known."""
    return sentences.wind(current.wind_speed, current.wind_gust, current.wind_direction, reader)


def feels(current: CurrentConditions | None) -> float | None:
    """The felt temperature, when it differs."""
    if current is None or current.feels_like is None or current.temperature is None:
        return None
    return current.feels_like if abs(current.feels_like - current.temperature) >= FEELS_DIFFERENT else None


def symbol_of(current: CurrentConditions | None) -> str | None:
    return symbol_for(current.condition.code, current.is_day) if current and current.condition else None


def surface(current: CurrentConditions | None) -> str:
    """One of six classes: clear, cloudy or wet, each by day or night; where the sky is not known, a cloudy day."""
    if current is None or current.condition is None:
        return "cloudy-day"
    code = current.condition.code
    sky = "clear" if code in FEW_CLOUDS else "cloudy" if kind_of_code(code) is None else "wet"
    return f"{sky}-{'night' if current.is_day is False else 'day'}"
