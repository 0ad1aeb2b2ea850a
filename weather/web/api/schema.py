"""The response bodies of `/api/v1` that carry weather: their types, and how one is made of a report. Pure."""

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
from weather.providers.report import SECTIONS, Attribution, Report, overall


@dataclass(frozen=True, slots=True)
class WeatherRoute:
    """A route that answers with weather: its sections, and which lengths it takes as parameters."""

    sections: tuple[str, ...]
    about: str
    lengths: tuple[str, ...] = ()

    @property
    def is_complete(self) -> bool:
        return len(self.sections) == len(SECTIONS)


WEATHER_ROUTES = {
    "forecast": WeatherRoute(tuple(SECTIONS), "Everything that is known of a place's weather", ("hours", "days")),
    "current": WeatherRoute(("current",), "The weather now"),
    "hourly": WeatherRoute(("hourly",), "The next hours, each step with its interval", ("hours",)),
    "daily": WeatherRoute(("daily",), "The next days, by the place's own calendar", ("days",)),
    "minutely": WeatherRoute(("minutely",), "Precipitation in the next hour, minute by minute, where the plan has it"),
    "alerts": WeatherRoute(("alerts",), "Official warnings in force, where the plan has them"),
    "air": WeatherRoute(("air",), "Air quality now"),
}
"""By the last part of the path."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What of an answer is wanted: the hours and days from now, and the fields. None means all."""

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


def answer_type(name: str, route: WeatherRoute) -> type:
    """Return the type of a route's body, its members in the order of `response_body`."""
    parts = [(section, SECTIONS[section] | None) for section in route.sections]
    if route.is_complete:
        parts = [("sections", Sections), *parts, ("summary", Summary)]
    head = [("place", Place), ("units", Units), ("freshness", Freshness | None)]
    tail = [("missing", tuple[MissingSection, ...]), ("attribution", Attribution)]
    return msgspec.defstruct(f"{name.title()}Answer", [*head, *parts, *tail], namespace={"__doc__": route.about})


ANSWERS = {name: answer_type(name, route) for name, route in WEATHER_ROUTES.items()}


def response_body(
    report: Report,
    route: WeatherRoute,
    selection: Selection,
    formatter: Formatter,
    now: float,
    attribution: Attribution,
) -> dict[str, Any]:
    """Make the body. Times are as of the whole minute, so that its bytes do not change within it."""
    tz = zone(report.place.timezone)
    as_of = datetime.fromtimestamp(now // 60 * 60, tz)
    ages = report.freshness()
    body: dict[str, Any] = {
        "place": report.place,
        "units": Units(**formatter.system.symbols()),
        "freshness": overall(ages.values()) if ages else None,
    }
    if route.is_complete:
        body["sections"] = ages
    body |= {name: section_value(report, name, selection, formatter, as_of) for name in route.sections}
    if route.is_complete:
        body["summary"] = summary(report, formatter, as_of)
    return body | {"missing": report.missing, "attribution": attribution}


def section_value(report: Report, name: str, selection: Selection, formatter: Formatter, as_of: datetime) -> Any:
    """Return a section's value in the wanted units and lengths; None if it is missing."""
    value = report.sections()[name].value
    if name == "daily" and report.days:
        value = sentences.with_summaries(next_days(report.days, as_of, selection.days), formatter)
    if name == "hourly" and report.hourly and report.hourly.value:
        value = next_hours(report.hourly.value, as_of, selection.hours)
    if name == "alerts" and report.alerts and report.alerts.value:
        return deduplicate(report.alerts.value, formatter.language.code)
    return convert(value, formatter.system)


def next_hours(steps: Sequence[HourlyForecast], as_of: datetime, hours: int | None) -> tuple[HourlyForecast, ...]:
    """Return the steps that are not over and cover so many hours; all steps if `hours` is None."""
    if hours is None:
        return tuple(steps)
    now = as_of.astimezone(UTC)  # times of one zone are compared by clocks, which may be set back
    coming, covered = list[HourlyForecast](), 0
    for step in steps:
        if step.time > now and covered < hours:
            coming.append(step)
            covered += step.interval
    return tuple(coming)


def next_days(days: Sequence[DailyForecast], as_of: datetime, count: int | None) -> tuple[DailyForecast, ...]:
    """Return so many days from today on; all of them if `count` is None."""
    return tuple(day for day in days if day.date >= as_of.date())[:count]


def summary(report: Report, formatter: Formatter, as_of: datetime) -> Summary:
    """Write the sentences about now and about the next 24 hours."""
    current = report.current.value if report.current else None
    hours = report.hourly.value if report.hourly else None
    return Summary(
        now=sentences.now(current, formatter) if current else None,
        today=sentences.today(hours, formatter, as_of) if hours else None,
    )
