"""The sections of an answer: which steps and days, in the reader's units and language. Pure."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

import msgspec

from weather.domain.alerts import current_and_upcoming, deduplicate
from weather.domain.daily import beginning_today
from weather.domain.model import Alert, HourlyForecast, MissingSection
from weather.domain.next_hour import is_to_come
from weather.domain.units import convert
from weather.i18n import sentences
from weather.i18n.formatting import Formatter
from weather.messages import N_
from weather.providers.report import Report, Section
from weather.web.api import model
from weather.web.view.now import outlook

OVER = N_("The saved forecast has come to its end.")


@dataclass(frozen=True, slots=True)
class Selection:
    """What of an answer is wanted: the hours and days from now, and the fields. None means all."""

    hours: int | None = None
    days: int | None = None
    fields: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads and when: language and units, and the whole minute as of which an answer is written."""

    formatter: Formatter
    as_of: datetime

    def in_words(self, text: str) -> str:
        return self.formatter.language.text(text)


def to_come(report: Report, as_of: datetime) -> dict[str, Section[Any]]:
    """Return the sections by name, without steps that are over; one of which no step is left is missing."""
    now = as_of.timestamp()
    keep: dict[str, Callable[[Any], bool]] = {
        "hourly": lambda step: step.time.timestamp() >= now,
        "nowcast": lambda step: is_to_come(step, as_of),
    }
    return {
        name: left(name, section, keep[name]) if name in keep else section
        for name, section in report.sections().items()
    }


def left(name: str, section: Section[Any], keep: Callable[[Any], bool]) -> Section[Any]:
    """A section with the steps to keep; missing, with the reason why it is old, if there are none."""
    if not section.value:
        return section
    steps = tuple(step for step in section.value if keep(step))
    if steps:
        return replace(section, value=steps)
    detail = section.fetched.via.detail if section.fetched else None
    reason = detail if detail in ("offline", "quota") else "upstream"
    return replace(section, value=None, missing=MissingSection(name, reason, OVER))


def section_value(report: Report, name: str, value: Any, selection: Selection, reader: Reader) -> Any:
    """Return the value of a report's section as it is encoded; None if it is missing."""
    if name == "daily" and report.days:
        days = beginning_today(report.days, report.place.coordinates, reader.as_of)[: selection.days]
        value = sentences.with_summaries(days, report.nights, reader.formatter)
    if name == "hourly" and value:
        value = covering(value, selection.hours)
    if name == "alerts" and value:
        lasting = current_and_upcoming(value, reader.as_of.timestamp())
        distinct = deduplicate(lasting, reader.formatter.language.code)
        value = tuple(titled(with_clear_end(alert), reader) for alert in distinct)
    if name == "air" and value:
        value = model.air(value)
    return with_offsets(worded(convert(value, reader.formatter.system), reader))


def covering(steps: Sequence[HourlyForecast], hours: int | None) -> tuple[HourlyForecast, ...]:
    """Return the first steps that together cover so many hours; all if `hours` is None."""
    covered, taken = 0, list[HourlyForecast]()
    for step in steps:
        if hours is not None and covered >= hours:
            break
        taken.append(step)
        covered += step.interval_hours
    return tuple(taken)


def with_clear_end(alert: Alert) -> Alert:
    """An alert whose end does not lie after its beginning has no end that is known."""
    is_clear = alert.ends_at is not None and alert.ends_at > alert.starts_at
    return alert if is_clear else replace(alert, ends_at=None)


def titled(alert: Alert, reader: Reader) -> Alert:
    """An alert with words for what is warned of."""
    return alert if alert.event else replace(alert, event=reader.in_words("Official warning"))


def worded(value: Any, reader: Reader) -> Any:
    """A value, or a tuple of values, with the words of its condition in the reader's language."""
    if isinstance(value, tuple):
        return tuple(worded(entry, reader) for entry in value)
    sky = getattr(value, "condition", None)
    return replace(value, condition=replace(sky, text=reader.in_words(sky.text))) if sky else value


def with_offsets(value: Any) -> Any:
    """A value as JSON has it, each time with a numeric offset: +00:00, never Z."""
    return numeric(msgspec.to_builtins(value, builtin_types=(datetime,)))


def numeric(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: numeric(entry) for name, entry in value.items()}
    if isinstance(value, list | tuple):
        return [numeric(entry) for entry in value]
    return value.isoformat() if isinstance(value, datetime) else value


def summary(report: Report, reader: Reader) -> model.Summary:
    """Write the sentences about now and about the next 24 hours."""
    now = sentences.now(report.now, reader.formatter) if report.now else None
    return model.Summary(now, outlook(report, reader.formatter, reader.as_of))
