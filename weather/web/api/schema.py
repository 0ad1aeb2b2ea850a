"""The response bodies of `/api/v1` that carry weather: their types, and how one is made of a report. Pure."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from weather.domain.model import MissingSection, zone
from weather.i18n.formatting import Formatter
from weather.providers.report import SECTIONS, Report
from weather.web.api import model
from weather.web.api.sections import Reader, Selection, section_value, summary, to_come


@dataclass(frozen=True, slots=True)
class WeatherRoute:
    """A route that answers with weather: its sections, which lengths it takes as parameters, and whether `at`."""

    sections: tuple[str, ...]
    about: str
    lengths: tuple[str, ...] = ()
    takes_many: bool = False

    @property
    def is_table(self) -> bool:
        """Whether it is also given as CSV: its answer is one list of steps or days."""
        return len(self.lengths) == 1

    @property
    def is_complete(self) -> bool:
        return len(self.sections) == len(SECTIONS)


WEATHER_ROUTES = {
    "forecast": WeatherRoute(tuple(SECTIONS), "Everything that is known of a place's weather", ("hours", "days")),
    "current": WeatherRoute(("current",), "The weather now", takes_many=True),
    "hourly": WeatherRoute(("hourly",), "The next hours, each step with its interval", ("hours",)),
    "daily": WeatherRoute(
        ("daily",), "Today and the next days, by the place's own calendar", ("days",), takes_many=True
    ),
    "nowcast": WeatherRoute(
        ("nowcast",), "Precipitation in the next hour or two, in the finest steps that the source has"
    ),
    "alerts": WeatherRoute(("alerts",), "Official warnings in force, where the source has them"),
    "air": WeatherRoute(("air",), "Air quality now"),
}
"""By the last part of the path."""

TYPES = SECTIONS | {"air": model.AirQuality}
HEADER = ("place", "units", "freshness", "missing", "attributions")
"""Members of every answer, whatever `fields` chooses: without them no number can be read honestly."""


def answer_type(name: str, route: WeatherRoute) -> type:
    """Return the type of a route's body, its members in the order of `response_body`."""
    parts = [(section, TYPES[section] | None) for section in route.sections]
    if route.is_complete:
        parts.append(("summary", model.Summary))
    head = [("place", model.Place), ("units", model.Units), ("freshness", model.Freshness)]
    tail = [("missing", tuple[MissingSection, ...]), ("attributions", tuple[model.Attribution, ...])]
    return msgspec.defstruct(f"{name.title()}Answer", [*head, *parts, *tail], namespace={"__doc__": route.about})


ANSWERS = {name: answer_type(name, route) for name, route in WEATHER_ROUTES.items()}


def response_body(
    report: Report, route: WeatherRoute, selection: Selection, formatter: Formatter, now: float
) -> dict[str, Any]:
    """Make the body. Times are as of the whole minute, so that its bytes do not change within it."""
    reader = Reader(formatter, datetime.fromtimestamp(now // 60 * 60, zone(report.place.timezone)))
    sections = to_come(report, reader.as_of)
    body: dict[str, Any] = {
        "place": model.place(report.place, formatter.language, reader.as_of.timestamp()),
        "units": model.units(formatter.system),
        "freshness": model.freshness(report, sections),
    }
    body |= {name: section_value(report, name, sections[name].value, selection, reader) for name in route.sections}
    if route.is_complete:
        body["summary"] = summary(report, reader)
    gaps = filter(None, (section.missing for section in sections.values()))
    body["missing"] = [replace(gap, detail=reader.in_words(gap.detail)) for gap in gaps]
    body["attributions"] = model.attributions(report, reader.in_words)
    return body
