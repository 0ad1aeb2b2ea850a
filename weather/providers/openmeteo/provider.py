"""Which calls make a report: one of the weather, one of the air, each failing alone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any

import msgspec

from weather.domain.model import Coordinates, CurrentConditions, Place, zone
from weather.domain.nowcast import interpolate_now, is_too_old
from weather.errors import UpstreamInvalid, WeatherError
from weather.messages import N_
from weather.places.geocoder import PlaceLookup
from weather.providers.openmeteo.convert import to_air, to_coming, to_days, to_hours, to_now
from weather.providers.openmeteo.endpoints import AIR, FORECAST, request
from weather.providers.openmeteo.wire import Answer, read
from weather.providers.report import NOTHING, Attribution, Report, Section, Source, gap
from weather.upstream.gateway import Gateway
from weather.upstream.types import CachedResponse, Endpoint, Requester

CREDIT = N_("Weather data by Open-Meteo.com (CC BY 4.0), rearranged; air quality by CAMS, Copernicus")
SOURCE = Source("open-meteo", "Open-Meteo", Attribution(CREDIT, "https://open-meteo.com/"))

CALLS = {"current": FORECAST, "hourly": FORECAST, "daily": FORECAST, "air": AIR}
READ: dict[str, Any] = {"current": to_now, "hourly": to_coming, "daily": to_days, "air": to_air}
NOT_GIVEN = {
    "minutely": N_("Open-Meteo does not provide minute-by-minute rain."),
    "alerts": N_(
        "Open-Meteo does not provide weather warnings. There may be some in force: ask your national weather service."
    ),
}
Part = tuple[CachedResponse, Answer] | WeatherError  # what a call brought, or why it did not


class OpenMeteo:
    """The provider over a gateway to Open-Meteo. It knows points, and no names."""

    def __init__(self, gateway: Gateway, atlas: PlaceLookup, clock: Callable[[], float]) -> None:
        self._gateway, self._atlas, self._clock = gateway, atlas, clock

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """The wanted sections. Raises the reason if none could be had."""
        cell, rows = at.rounded(), sorted({CALLS[name] for name in wanted & CALLS.keys()}, key=lambda row: row.path)
        answers = await asyncio.gather(*(self._part(row, cell, visitor) for row in rows))
        failed = [part for part in answers if isinstance(part, WeatherError)]
        if failed and len(failed) == len(rows):
            raise failed[-1]
        place, parts = self._place(cell, known), dict(zip(rows, answers, strict=True))
        sections: dict[str, Any] = {name: gap(name, "not_available", NOT_GIVEN[name]) for name in wanted - CALLS.keys()}
        tz, now = zone(place.timezone), self._clock()
        sections |= {name: section(name, parts[CALLS[name]], cell, tz, now) for name in wanted & CALLS.keys()}
        return Report(place=place, source=SOURCE, **sections)

    async def _part(self, row: Endpoint, at: Coordinates, visitor: Requester) -> Part:
        try:
            fetched = await self._gateway.fetch(request(row, at), visitor)
            return fetched, read(fetched.entry.body)
        except (msgspec.DecodeError, RecursionError):
            return UpstreamInvalid("Open-Meteo's answer could not be read.")
        except WeatherError as error:
            return error

    def _place(self, at: Coordinates, known: Place | None) -> Place:
        """The place that was asked for, else the nearest in the gazetteer."""
        moment = datetime.fromtimestamp(self._clock(), UTC)
        timezone = known.timezone if known else self._atlas.zone(at, None, moment)
        near = known or self._atlas.nearest(at) or Place(None, None, None, 0, 0, timezone)
        return replace(near, latitude=at.latitude, longitude=at.longitude, timezone=timezone)


def section(name: str, part: Part, at: Coordinates, tz: tzinfo, moment: float) -> Section[object]:
    """A section from its call's answer. Nothing in it was observed: `observed_at` is None."""
    if isinstance(part, WeatherError):
        return gap(name, part.reason, str(part))
    fetched, answer = part
    value = READ[name](answer, at, tz)
    if isinstance(value, CurrentConditions) and is_too_old(value, moment):
        value = interpolate_now(value, to_hours(answer, at, tz), at, moment) or value
    return Section(value, fetched) if value else replace(gap(name, "not_available", NOTHING), fetched=fetched)
