"""Makes a report of one call: all of it is a forecast."""

from collections.abc import Callable, Sequence
from typing import Any

from weather.domain.model import Coordinates, HourlyForecast, Place, zone
from weather.messages import N_
from weather.places.gazetteer.lookup import Gazetteer
from weather.providers.common import NO_FACTS, NOTHING, ProductResult, decoded, place_of, section
from weather.providers.metnorway.convert import (
    seconds_of,
    slim,
    steps_of,
    to_days,
    to_hours,
    to_now,
    to_past_hours,
)
from weather.providers.metnorway.endpoints import request
from weather.providers.metnorway.wire import Step, read
from weather.providers.past_steps import PastSteps, of_today
from weather.providers.report import Attribution, Report, Section, Source, missing_section
from weather.upstream.gateway import Gateway
from weather.upstream.types import Requester

CREDIT = N_("Weather data from MET Norway (CC BY 4.0), rearranged")
SOURCE = Source("met-norway", "MET Norway", (Attribution(CREDIT, "https://api.met.no/", "CC-BY-4.0"),))

GIVEN = ("current", "hourly", "daily")
NOT_GIVEN = {
    "nowcast": N_("MET Norway is not asked for rain by the minute."),
    "alerts": N_(
        "MET Norway's forecast has no weather warnings. There may be some in force: ask your national weather service."
    ),
    "air": N_("MET Norway is not asked for air quality."),
}


MOST_PLACES = 200
"""The most places whose hours gone by are in memory: up to 28 a place, some tens of kilobytes."""


class MetNorway:
    """The provider over a gateway to MET Norway. It knows points, and no names."""

    def __init__(self, gateway: Gateway, atlas: Gazetteer, clock: Callable[[], float]) -> None:
        self._gateway, self._atlas, self._clock = gateway, atlas, clock
        self._past = PastSteps(gateway.store, Step, seconds_of, MOST_PLACES)

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """Return the wanted sections; no call is made for those that are not given. Raises what the gateway raises."""
        cell = at.rounded()
        place = place_of(cell, known, NO_FACTS, self._atlas, self._clock())
        sections: dict[str, Any] = {
            name: missing_section(name, "not_available", NOT_GIVEN.get(name, NOTHING)) for name in wanted
        }
        past: tuple[HourlyForecast, ...] = ()
        if available := wanted & frozenset(GIVEN):
            fetched = await self._gateway.fetch(request(cell), visitor)
            result = ProductResult(fetched, decoded(read, fetched, SOURCE.name))
            past = await self._hours_gone_by(result, cell, place) if "daily" in wanted else ()
            sections |= {name: self._section(name, result, cell, place, past) for name in available}
        return Report(place=place, source=SOURCE, past=past, **sections)

    async def _hours_gone_by(self, result: ProductResult, at: Coordinates, place: Place) -> tuple[HourlyForecast, ...]:
        """Return the hours of the last day that earlier answers told of, and this one no longer does."""
        if result.fetched is None:
            return ()
        tz, steps = zone(place.timezone), [slim(step) for _, step in steps_of(result.body)]
        gone = await self._past.before(f"met-norway {at}", result.fetched.entry, steps)
        return to_past_hours(gone, result.body, at, tz)

    def _section(
        self, name: str, result: ProductResult, at: Coordinates, place: Place, past: Sequence[HourlyForecast]
    ) -> Section[object]:
        """Make a section of the answer. `observed_at` is None: nothing of it was observed."""
        tz, now = zone(place.timezone), self._clock()
        if name == "hourly":
            return section(name, result, to_hours(result.body, at, tz))
        if name == "current":
            return section(name, result, to_now(result.body, at, tz, now))
        return section(name, result, to_days(result.body, at, tz, now, of_today(past, now, tz)))
