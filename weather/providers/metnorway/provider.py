"""Makes a report of one call: all of it is a forecast."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from weather.domain.model import Coordinates, HourlyForecast, Place, zone
from weather.messages import N_
from weather.places.gazetteer.lookup import Gazetteer
from weather.providers.common import NO_FACTS, ProductResult, decoded, not_given, place_of, section
from weather.providers.metnorway.convert import to_days, to_hours, to_now
from weather.providers.metnorway.endpoints import request
from weather.providers.metnorway.wire import read
from weather.providers.past_steps import PastSteps, of_today
from weather.providers.report import Attribution, Report, Source
from weather.upstream.gateway import Gateway
from weather.upstream.types import Requester

CREDIT = N_("Weather data from MET Norway (CC BY 4.0), rearranged")
SOURCE = Source("met-norway", "MET Norway", (Attribution(CREDIT, "https://api.met.no/", "CC-BY-4.0"),))

GIVEN = frozenset({"current", "hourly", "daily"})
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
        self._past = PastSteps(gateway.store, HourlyForecast, lambda hour: hour.time.timestamp(), MOST_PLACES)

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """Return the wanted sections; no call is made for those that are not given. Raises what the gateway raises."""
        cell, available = at.rounded(), wanted & GIVEN
        place = place_of(cell, known, NO_FACTS, self._atlas, self._clock())
        sections: dict[str, Any] = {name: not_given(name, NOT_GIVEN) for name in wanted - GIVEN}
        if not available:
            return Report(place=place, source=SOURCE, **sections)
        fetched = await self._gateway.fetch(request(cell), visitor)
        answer, tz, now = decoded(read, fetched, SOURCE.name), zone(place.timezone), self._clock()
        hours, past = to_hours(answer, cell, tz), list[HourlyForecast]()
        if "daily" in wanted:
            gone = await self._past.before(f"met-norway {cell}", fetched.entry, hours)
            past = [replace(hour, time=hour.time.astimezone(tz)) for hour in gone]
        values: dict[str, Callable[[], object]] = {
            "current": lambda: to_now(answer, cell, tz, now),
            "hourly": lambda: hours,
            "daily": lambda: to_days(answer, cell, tz, now, of_today(past, now, tz)),
        }
        sections |= {name: section(name, ProductResult(fetched), values[name]()) for name in available}
        return Report(place=place, source=SOURCE, past=tuple(past), **sections)
