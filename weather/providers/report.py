"""A report: sections that are each there, or say why not. And the protocol of the providers that make reports.

A new section is a field of `Report`: SECTIONS is read from its fields, and the JSON API and its schema from SECTIONS.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, tzinfo
from math import inf
from typing import Any, Generic, Protocol, TypeVar, get_args, get_origin, get_type_hints

from weather.domain.calendar_day import DayOf, by_day, day_of
from weather.domain.daily import with_measured
from weather.domain.day_picture import NightFall, consistent_days, night_falls
from weather.domain.model import (
    AirQuality,
    Alert,
    Coordinates,
    CurrentConditions,
    DailyForecast,
    HourlyForecast,
    MissingSection,
    NowcastStep,
    Place,
    zone,
)
from weather.domain.nowcast_in_hours import falling, hours_with, hours_with_present, present_with
from weather.domain.precipitation import consistent
from weather.messages import N_
from weather.upstream.freshness import FreshnessNow, Validity, combine
from weather.upstream.types import CachedResponse, Requester

T = TypeVar("T")

ALERT_UNREAD = N_("An official warning that came could not be read.")
ALERTS_TOO_OLD = N_("The last look for official warnings was too long ago: whether there are any is not known here.")


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old an answer is. `state` is "fresh", "demo" if it is invented, or "stale" once past its lifetime."""

    state: str
    source: str
    observed_at: datetime | None
    fetched_at: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Section(Generic[T]):
    """A part of a report: a value, or the reason why there is none; and the cached response that it was read from.

    `source`: who gave it, where that is not the source of the report. `unchanged_for`: seconds, from when it was made,
    for which what is missing would be missing for anybody; 0 where that is not known, inf where its answer alone says.
    """

    value: T | None = None
    fetched: CachedResponse | None = None
    observed_at: datetime | None = None
    missing: MissingSection | None = None
    source: "Source | None" = None
    unchanged_for: float = 0.0

    def freshness(self, source: str, tz: tzinfo) -> Freshness | None:
        """Return how old the section is, in the place's own time; None if no answer came."""
        if self.fetched is None:
            return None
        fetched_at = datetime.fromtimestamp(int(self.fetched.entry.fetched_at), tz)
        valid_until = datetime.fromtimestamp(int(self.fetched.valid_until), tz)
        state = "demo" if source == "demo" and self.fetched.state == "fresh" else self.fetched.state  # never "fresh"
        word = self.source.word if self.source else source
        return Freshness(state, word, self.observed_at, fetched_at, valid_until)


def missing_section(name: str, reason: str, detail: str, unchanged_for: float = 0.0) -> Section[object]:
    """Return a section without a value. `reason` and `detail` are those of `MissingSection`."""
    return Section(missing=MissingSection(name, reason, detail), unchanged_for=unchanged_for)


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is to be credited, as their licence asks. `url`: None for what is invented."""

    text: str
    url: str | None
    license: str | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """Where weather comes from: its stable word, its name for people, and the credits due, the weather's first.

    `greatest_visibility`: metres that it tells where one sees as far or farther; None where it has no such limit.
    """

    word: str
    name: str
    attributions: tuple[Attribution, ...]
    greatest_visibility: float | None = None


@dataclass(frozen=True, slots=True)
class Fallback:
    """The source that should have answered; why it did not (the code of an error, and our words where there was no
    connection); when it is asked again. `unchanged_for`: as that of a section.
    """

    source: Source
    code: str
    retry_at: float | None
    reason: str = ""
    unchanged_for: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The weather of a place, of one source. A section that was not asked for is None.

    `plan`: which of the products answered; `skipped_products`: those whose quota is spent. `instead`: of whom.
    `past`: the steps that have gone by, as far as they are known; today counts its own. `cut`: to which day a step
    belongs. `unasked`: sections that stand in no answer; the others agree with them. `as_of`: the minute of which it is
    told (Unix seconds); where that is not known, hours and present do not count the nowcast.
    Its conditions agree with its numbers, its hours and the present with the nowcast, and its days with its hours.
    """

    place: Place
    source: Source
    plan: str = ""
    skipped_products: tuple[str, ...] = ()
    instead: Fallback | None = None
    past: tuple[HourlyForecast, ...] = ()
    cut: DayOf = day_of
    unasked: frozenset[str] = frozenset()
    as_of: float | None = None
    current: Section[CurrentConditions] | None = None
    nowcast: Section[tuple[NowcastStep, ...]] | None = None
    hourly: Section[tuple[HourlyForecast, ...]] | None = None
    daily: Section[tuple[DailyForecast, ...]] | None = None
    alerts: Section[tuple[Alert, ...]] | None = None
    air: Section[AirQuality] | None = None

    def __post_init__(self) -> None:
        if self.now:
            self._settle("current", consistent(self.now))
        if self.hours:
            self._settle("hourly", tuple(map(consistent, self.hours)))
        before = self.hours
        if self.as_of is not None:
            self._count_nowcast(self.as_of)
        if self.daily and self.daily.value:
            grown = {self.cut(new, zone(self.place.timezone)) for new in set(self.hours) - set(before)}
            days = consistent_days(self.daily.value, self.steps_by_day, grown)
            self._settle("daily", days, by=self.nowcast if grown else None)

    def _count_nowcast(self, now: float) -> None:
        """Let the hours and the present hold what falls now, and in the steps of the nowcast that are not over."""
        if falls := falling((self.nowcast and self.nowcast.value) or (), self.now, self.hours, now):
            self._settle("hourly", hours_with(falls, self.hours), by=self.nowcast)
            self._settle("current", self.now and consistent(present_with(falls, self.now, now)), by=self.nowcast)
        self._settle("hourly", hours_with_present(self.now, self.hours, now), by=self.current)

    def _settle(self, name: str, value: object, by: "Section[Any] | None" = None) -> None:
        """Set a section's value before anybody reads it; `by` another one: if that is stale, this is too."""
        section = getattr(self, name)
        if section and section.value and value != section.value:
            fetched = by.fetched if by and by.fetched and by.fetched.state == "stale" else section.fetched
            object.__setattr__(self, name, replace(section, value=value, fetched=fetched))

    @property
    def now(self) -> CurrentConditions | None:
        """The conditions now; None if they are not known."""
        return self.current.value if self.current else None

    @property
    def hours(self) -> tuple[HourlyForecast, ...]:
        """The steps to come; () if none are known."""
        return (self.hourly.value if self.hourly else None) or ()

    @property
    def days(self) -> tuple[DailyForecast, ...] | None:
        """The days, with what is known of now in today's range; None if there are none."""
        if self.daily is None or self.daily.value is None:
            return None
        return with_measured(self.daily.value, self.now, zone(self.place.timezone))

    @property
    def nights(self) -> Mapping[date, NightFall]:
        """What falls in the dark on the days whose picture is a dry one."""
        present, tz = self.now, zone(self.place.timezone)
        return night_falls(self.days or (), self.steps_by_day, present, tz)

    @property
    def steps_by_day(self) -> Mapping[date, Sequence[HourlyForecast]]:
        """The steps that are known of each day, those that have gone by too."""
        return by_day([*self.gone, *self.hours], zone(self.place.timezone), self.cut)

    @property
    def gone(self) -> list[HourlyForecast]:
        """The steps that have gone by, before the first of those to come."""
        first = self.hours[0].time.timestamp() if self.hours else inf
        return [step for step in self.past if step.time.timestamp() < first]

    def sections(self) -> dict[str, Section[object]]:
        """Return the sections that were asked for, by name."""
        fields = ((name, getattr(self, name)) for name in SECTIONS if name not in self.unasked)
        return {name: section for name, section in fields if section is not None}

    @property
    def missing(self) -> tuple[MissingSection, ...]:
        return tuple(section.missing for section in self.sections().values() if section.missing)

    @property
    def has_data(self) -> bool:
        """Whether any product answered: none is called for a section that no plan has."""
        return any(section.fetched for section in self.sections().values())

    @property
    def is_complete(self) -> bool:
        """Whether waiting could bring nothing that is missing, nor another source."""
        return self.instead is None and not self._wanting

    @property
    def unchanged_for(self) -> float:
        """Seconds, from when it was made, for which waiting brings nothing that is missing, nor another source."""
        return min((gap.unchanged_for for gap in (*self._wanting, self.instead) if gap), default=inf)

    @property
    def _wanting(self) -> list[Section[object]]:
        """The sections that are missing for a reason that passes."""
        parts = self.sections().values()
        return [part for part in parts if part.missing and part.missing.reason in ("upstream", "quota")]

    @property
    def freshness_now(self) -> FreshnessNow:
        """The age and ttl of the whole report: those of its oldest, most stale, worst section."""
        return combine(section.fetched.standing for section in self.sections().values() if section.fetched)

    @property
    def validities(self) -> list[Validity]:
        """How long each of the answers that it was read from is valid."""
        return [part.fetched.validity for part in self.sections().values() if part.fetched]

    @property
    def fetched_at(self) -> float:
        """When its newest answer was fetched, in Unix seconds: the report has not changed since."""
        return max(part.fetched.entry.fetched_at for part in self.sections().values() if part.fetched)

    @property
    def other_attributions(self) -> tuple[Attribution, ...]:
        """The credits due to those who gave a section and are not the report's own source."""
        others = [part.source for part in self.sections().values() if part.source and part.fetched]
        return tuple(credit for source in others for credit in source.attributions)

    @property
    def attributions(self) -> tuple[Attribution, ...]:
        """All credits due, the own source's first."""
        return (*self.source.attributions, *self.other_attributions)

    @property
    def own(self) -> Sequence[Section[object]]:
        """The sections with an answer of its own source; all that have one if there are none."""
        answered = [section for section in self.sections().values() if section.fetched]
        return [section for section in answered if section.source is None] or answered

    def freshness(self) -> dict[str, Freshness]:
        """Return the freshness of each section that has an answer, by name."""
        tz = zone(self.place.timezone)
        by_name = {name: section.freshness(self.source.word, tz) for name, section in self.sections().items()}
        return {name: freshness for name, freshness in by_name.items() if freshness}


SECTIONS: dict[str, Any] = {
    name: get_args(section)[0]
    for name, hint in get_type_hints(Report).items()
    for section in get_args(hint)
    if get_origin(section) is Section
}
"""The sections of a report by name, in the order of its fields, each with the type of its value."""


def overall(parts: Iterable[Freshness]) -> Freshness:
    """Combine into the worst state, the oldest times, the earliest end. Raises IndexError if there are no parts."""
    parts = list(parts)
    return Freshness(
        state=next((state for state in ("stale", "demo") if any(part.state == state for part in parts)), "fresh"),
        source=parts[0].source,
        observed_at=min((part.observed_at for part in parts if part.observed_at), key=datetime.timestamp, default=None),
        fetched_at=min((part.fetched_at for part in parts), key=datetime.timestamp),
        valid_until=min((part.valid_until for part in parts), key=datetime.timestamp),
    )


class Provider(Protocol):
    """A source of weather. Raises PlaceNotFound, UpstreamError or CallRefused when it can give nothing at all."""

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """Return the wanted sections for a point; `known` is the place that was asked for by name."""
        ...
