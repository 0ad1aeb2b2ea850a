"""What all providers do alike: decode an answer, make a section of it, name the place. Pure."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, TypeVar

import msgspec

from weather.domain.model import Coordinates, Place
from weather.errors import KeyRejected, QuotaExhausted, UpstreamInvalid, WeatherError
from weather.messages import N_
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.time_zones import zone_by
from weather.providers.report import Section, missing_section
from weather.upstream.freshness_policy import unchanged_for
from weather.upstream.types import CachedResponse

T = TypeVar("T")

NOTHING = N_("The weather service has no data for this place.")


@dataclass(frozen=True, slots=True)
class ProductResult:
    """What one upstream product answered: the cached response and its decoded body, or the error."""

    fetched: CachedResponse | None = None
    body: Any = None
    error: WeatherError | None = None

    @property
    def is_conclusive(self) -> bool:
        """Whether to stop here. A stale answer is enough unless its key or quota is gone."""
        if self.fetched is None or self.body is None:
            return False
        return self.fetched.state == "fresh" or self.fetched.via.code not in (KeyRejected.code, QuotaExhausted.code)

    @property
    def fetched_at(self) -> float:
        """When the answer was fetched, in Unix seconds; 0 if there is none."""
        return self.fetched.entry.fetched_at if self.fetched else 0.0

    @property
    def has_no_quota(self) -> bool:
        """Whether the product was not called because its quota is exhausted."""
        outcome = self.fetched.via if self.fetched else self.error
        return outcome is not None and outcome.code == QuotaExhausted.code

    @property
    def reason(self) -> str:
        """Why the answer is not fresh, as a `reason` of `MissingSection`."""
        if self.fetched is None:
            return self.error.reason if self.error else "upstream"
        detail = self.fetched.via.detail
        return detail if detail in ("offline", "quota") and self.fetched.state == "stale" else "upstream"

    @property
    def is_not_allowed(self) -> bool:
        """Whether upstream rejects our key for this product."""
        return self.error is not None and self.error.code == KeyRejected.code


def decoded(read: Callable[[bytes], T], fetched: CachedResponse, source: str) -> T:
    """Decode a body with its reader. Raises UpstreamInvalid, which names the source, if it has another shape."""
    try:
        return read(fetched.entry.body)
    except (msgspec.DecodeError, RecursionError):
        raise UpstreamInvalid(f"{source}'s answer could not be read.") from None


def section(name: str, result: ProductResult, value: object, observed_at: datetime | None = None) -> Section[object]:
    """Make a section of what a product's answer holds for it. An empty value makes a missing section."""
    if result.error:
        return missing_section(name, result.error.reason, str(result.error), unchanged_for(result.error))
    if result.fetched is None:
        return missing_section(name, "upstream", NOTHING)
    if not value:
        return replace(missing_section(name, "not_available", NOTHING), fetched=result.fetched)
    return Section(value, result.fetched, observed_at)


@dataclass(frozen=True, slots=True)
class PlaceFacts:
    """What a source's answers say about their place. `at` is when the offset from UTC held, in Unix seconds."""

    name: str | None = None
    country: str | None = None
    zone: str | None = None
    offset: int | None = None
    at: float | None = None


NO_FACTS = PlaceFacts()


def place_of(at: Coordinates, known: Place | None, facts: PlaceFacts, atlas: Gazetteer, now: float) -> Place:
    """Return the place that was asked for; else the one that the answers name; else the nearest in the gazetteer.

    Its coordinates and its clock are those of the point. The gazetteer is not asked about a known place. Of a district
    the town is named first.
    """
    moment = datetime.fromtimestamp(now if facts.at is None else facts.at, UTC)
    timezone = zone_by(at, facts.offset, moment, facts.zone)
    if known:
        return replace(known, latitude=at.latitude, longitude=at.longitude, timezone=timezone)
    near = atlas.nearest(at)
    if near and facts.name in (None, near.name):
        town = atlas.town_of(near)
        name = f"{town.name}, {near.name}" if town else near.name
        return replace(near, name=name, latitude=at.latitude, longitude=at.longitude, timezone=timezone)
    return Place(facts.name, facts.country, None, at.latitude, at.longitude, timezone)
