"""What an answer needs: sections that are each there, or say why not; and who gives them."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo
from typing import Annotated, Any, Generic, Protocol, TypeVar

from weather.domain.model import (
    AirQuality,
    Alert,
    Coordinates,
    CurrentConditions,
    DailyForecast,
    Freshness,
    HourlyForecast,
    Minute,
    MissingSection,
    Place,
    member,
    zone,
)
from weather.domain.precipitation import consistent, consistent_days
from weather.messages import N_
from weather.upstream.freshness import FreshnessNow, Validity, combine
from weather.upstream.types import CachedResponse, Requester

T = TypeVar("T")

NOTHING = N_("The source has nothing of it for this place.")
SECTIONS: dict[str, Any] = {
    "current": CurrentConditions,
    "minutely": tuple[Minute, ...],
    "hourly": tuple[HourlyForecast, ...],
    "daily": tuple[DailyForecast, ...],
    "alerts": tuple[Alert, ...],
    "air": AirQuality,
}
"""The parts of a report by name, in the order in which they are told, each with the type of its value."""


@dataclass(frozen=True, slots=True)
class Section(Generic[T]):
    """A part of a report: a value, or the reason why there is none; and the answer, if any, that it was read from."""

    value: T | None = None
    fetched: CachedResponse | None = None
    observed_at: datetime | None = None
    missing: MissingSection | None = None

    def freshness(self, source: str, tz: tzinfo) -> Freshness | None:
        """How old it is, in the place's own time."""
        if self.fetched is None:
            return None
        fetched_at = datetime.fromtimestamp(int(self.fetched.entry.fetched_at), tz)
        valid_until = datetime.fromtimestamp(int(self.fetched.valid_until), tz)
        return Freshness(self.fetched.state, source, self.observed_at, fetched_at, valid_until)


def gap(name: str, reason: str, detail: str) -> Section[object]:
    """A section that is not there."""
    return Section(missing=MissingSection(name, reason, detail))


@dataclass(frozen=True, slots=True)
class Attribution:
    """Who is to be credited, as their licence asks."""

    text: Annotated[str, member("Who is to be credited.", "Weather data provided by OpenWeather")]
    url: Annotated[str, member("Where it leads.", "https://openweathermap.org/")]


@dataclass(frozen=True, slots=True)
class Source:
    """Where weather comes from: its stable word, its name for people, and the credit due."""

    word: str
    name: str
    attribution: Attribution


@dataclass(frozen=True, slots=True)
class Fallback:
    """The source that should have answered; why it did not (the code of an error, and our words where there was no
    connection); when it is asked again.
    """

    source: Source
    code: str
    retry_at: float | None
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """The weather of a place, of one source. A section that was not asked for is None.

    `plan`: which of the products answered; `skipped_products`: those whose quota is spent. `instead`: of whom.
    Its conditions agree with its numbers, and its days with its hours, so that all that is made of it agrees.
    """

    place: Place
    source: Source
    plan: str = ""
    skipped_products: tuple[str, ...] = ()
    instead: Fallback | None = None
    current: Section[CurrentConditions] | None = None
    minutely: Section[tuple[Minute, ...]] | None = None
    hourly: Section[tuple[HourlyForecast, ...]] | None = None
    daily: Section[tuple[DailyForecast, ...]] | None = None
    alerts: Section[tuple[Alert, ...]] | None = None
    air: Section[AirQuality] | None = None

    def __post_init__(self) -> None:
        if self.current and self.current.value:
            object.__setattr__(self, "current", replace(self.current, value=consistent(self.current.value)))
        steps: tuple[HourlyForecast, ...] = ()
        if self.hourly and self.hourly.value:
            steps = tuple(map(consistent, self.hourly.value))
            object.__setattr__(self, "hourly", replace(self.hourly, value=steps))
        if self.daily and self.daily.value:
            told = consistent_days(self.daily.value, steps)
            object.__setattr__(self, "daily", replace(self.daily, value=told))

    def sections(self) -> dict[str, Section[object]]:
        """Those that were asked for, by name."""
        found = ((name, getattr(self, name)) for name in SECTIONS)
        return {name: section for name, section in found if section is not None}

    @property
    def missing(self) -> tuple[MissingSection, ...]:
        return tuple(section.missing for section in self.sections().values() if section.missing)

    @property
    def has_data(self) -> bool:
        """Whether any product answered: none is asked for what the plan has not."""
        return any(section.fetched for section in self.sections().values())

    @property
    def is_complete(self) -> bool:
        """Whether waiting could bring nothing that is missing, nor another source."""
        return self.instead is None and not any(gap.reason in ("upstream", "quota") for gap in self.missing)

    @property
    def standing(self) -> FreshnessNow:
        """Where the answer as a whole stands: its oldest, most stale, worst part speaks for it."""
        return combine(section.fetched.standing for section in self.sections().values() if section.fetched)

    @property
    def validities(self) -> list[Validity]:
        """Of the answers it was read from."""
        return [part.fetched.validity for part in self.sections().values() if part.fetched]

    @property
    def fetched_at(self) -> float:
        """When its newest part came, in Unix seconds: the answer has not changed since."""
        return max(part.fetched.entry.fetched_at for part in self.sections().values() if part.fetched)

    def freshness(self) -> dict[str, Freshness]:
        """By section, of those that have one."""
        tz = zone(self.place.timezone)
        told = ((name, section.freshness(self.source.word, tz)) for name, section in self.sections().items())
        return {name: one for name, one in told if one}


def summed_up(parts: Iterable[Freshness]) -> Freshness:
    """The worst state, the oldest times, the earliest end."""
    parts = list(parts)
    return Freshness(
        state="stale" if any(part.state == "stale" for part in parts) else "fresh",
        source=parts[0].source,
        observed_at=min((part.observed_at for part in parts if part.observed_at), key=datetime.timestamp, default=None),
        fetched_at=min((part.fetched_at for part in parts), key=datetime.timestamp),
        valid_until=min((part.valid_until for part in parts), key=datetime.timestamp),
    )


class Provider(Protocol):
    """A source of weather. Raises PlaceNotFound, UpstreamError or Refusal when it can give nothing at all."""

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """The wanted sections for a point; `known` is the place that was asked for by name."""
        ...
