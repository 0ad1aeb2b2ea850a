"""The bodies of `/api/v1` that carry weather: their types, and how one is made of a report. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, UnsetType

from weather.domain.alerts import deduplicate
from weather.domain.model import DailyForecast, Freshness, HourlyForecast, MissingSection, Place, member, zone
from weather.domain.units import SYSTEMS, convert
from weather.i18n import sentences
from weather.i18n.formatting import Formatter
from weather.providers.report import SECTIONS, Attribution, Report, summed_up


@dataclass(frozen=True, slots=True)
class Question:
    """A route that answers with weather: its sections, and which lengths may be asked for."""

    sections: tuple[str, ...]
    about: str
    lengths: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        return len(self.sections) == len(SECTIONS)


QUESTIONS = {
    "forecast": Question(tuple(SECTIONS), "Everything that is known of a place's weather", ("hours", "days")),
    "current": Question(("current",), "The weather now"),
    "hourly": Question(("hourly",), "The next hours, each step with its interval", ("hours",)),
    "daily": Question(("daily",), "The next days, by the place's own calendar", ("days",)),
    "minutely": Question(("minutely",), "Precipitation in the next hour, minute by minute, where the plan has it"),
    "alerts": Question(("alerts",), "Official warnings in force, where the plan has them"),
    "air": Question(("air",), "Air quality now"),
}
"""By the last part of the path."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What of it: how many hours and days from now, and which fields; None is all of them."""

    hours: int | None = None
    days: int | None = None
    fields: frozenset[str] | None = None


Sections = msgspec.defstruct(
    "Sections",
    [(name, Freshness | UnsetType, UNSET) for name in SECTIONS],
    namespace={"__doc__": "The freshness of each section that is there."},
)


@dataclass(frozen=True, slots=True)
class Units:
    """The unit of each quantity in this answer."""

    system: Annotated[str, member("The unit system.", "metric", among=tuple(SYSTEMS))]
    temperature: Annotated[str, member("", "°C")]
    wind_speed: Annotated[str, member("", "km/h")]
    precipitation: Annotated[str, member("", "mm")]
    pressure: Annotated[str, member("", "hPa")]
    distance: Annotated[str, member("", "km")]


@dataclass(frozen=True, slots=True)
class Summary:
    """Sentences for people, in the language asked for: of now, and of the next 24 hours."""

    now: Annotated[str | None, member("Of now.", "Light rain, 12°. Wind 18 km/h from the south-west.")]
    today: Annotated[
        str | None, member("Of the next 24 hours.", "Rain from about 18:00 to 21:00. About 2 mm in 24 hours.")
    ]


@dataclass(frozen=True, slots=True)
class Results:
    """Places of a name, the likeliest first."""

    results: list[Place]


def answer_type(name: str, question: Question) -> type:
    """The type of a route's body, its members in the order of `document`."""
    parts = [(one, SECTIONS[one] | None) for one in question.sections]
    if question.is_complete:
        parts = [("sections", Sections), *parts, ("summary", Summary)]
    head = [("place", Place), ("units", Units), ("freshness", Freshness | None)]
    tail = [("missing", tuple[MissingSection, ...]), ("attribution", Attribution)]
    return msgspec.defstruct(f"{name.title()}Answer", [*head, *parts, *tail], namespace={"__doc__": question.about})


ANSWERS = {name: answer_type(name, question) for name, question in QUESTIONS.items()}


def document(
    report: Report, question: Question, wanted: Selection, reader: Formatter, now: float, attribution: Attribution
) -> dict[str, Any]:
    """The body, as of the whole minute: its bytes do not move on their own."""
    tz = zone(report.place.timezone)
    as_of = datetime.fromtimestamp(now // 60 * 60, tz)
    ages = report.freshness()
    body: dict[str, Any] = {
        "place": report.place,
        "units": Units(**reader.system.symbols()),
        "freshness": summed_up(ages.values()) if ages else None,
    }
    if question.is_complete:
        body["sections"] = ages
    body |= {name: told(report, name, wanted, reader, as_of) for name in question.sections}
    if question.is_complete:
        body["summary"] = summary(report, reader, as_of)
    return body | {"missing": report.missing, "attribution": attribution}


def told(report: Report, name: str, wanted: Selection, reader: Formatter, as_of: datetime) -> Any:
    """A section's value in the reader's units, or None."""
    found = report.sections()[name].value
    if name == "daily" and report.days:
        found = sentences.with_summaries(next_days(report.days, as_of, wanted.days), reader)
    if name == "hourly" and report.hourly and report.hourly.value:
        found = next_hours(report.hourly.value, as_of, wanted.hours)
    if name == "alerts" and report.alerts and report.alerts.value:
        return deduplicate(report.alerts.value, reader.language.code)
    return convert(found, reader.system)


def next_hours(steps: Sequence[HourlyForecast], as_of: datetime, hours: int | None) -> tuple[HourlyForecast, ...]:
    """The steps that are not over, as many as it takes to cover these hours; all that is kept without a number."""
    if hours is None:
        return tuple(steps)
    found, covered, now = (
        [],
        0,
        as_of.astimezone(UTC),
    )  # times of one zone are compared by clocks, which may be set back
    for step in steps:
        if step.time > now and covered < hours:
            found.append(step)
            covered += step.interval
    return tuple(found)


def next_days(days: Sequence[DailyForecast], as_of: datetime, count: int | None) -> tuple[DailyForecast, ...]:
    """So many days from today on; all that is kept without a number."""
    if count is None:
        return tuple(days)
    return tuple(day for day in days if day.date >= as_of.date())[:count]


def summary(report: Report, reader: Formatter, as_of: datetime) -> Summary:
    """The sentences: of now, and of the next 24 hours."""
    current = report.current.value if report.current else None
    hours = report.hourly.value if report.hourly else None
    return Summary(
        now=sentences.now(current, reader) if current else None,
        today=sentences.today(hours, reader, as_of) if hours else None,
    )
