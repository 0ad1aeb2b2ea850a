"""Makes a report of two calls, one for the weather and one for the air. Each fails alone."""

import asyncio
from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from weather.domain.model import Coordinates, CurrentConditions, HourlyForecast, Place, zone
from weather.domain.nowcast import interpolate_now, is_too_old
from weather.errors import WeatherError
from weather.messages import N_
from weather.places.gazetteer.lookup import Gazetteer
from weather.providers.common import NO_FACTS, NOTHING, ProductResult, decoded, place_of, section
from weather.providers.openmeteo.convert import to_air, to_days, to_future_hours, to_hours, to_now, to_past_hours
from weather.providers.openmeteo.endpoints import FORECAST, air_of, request
from weather.providers.openmeteo.quarter_hours import to_quarters
from weather.providers.openmeteo.wire import Answer, read
from weather.providers.report import Attribution, Report, Section, Source, missing_section
from weather.upstream.gateway import Gateway
from weather.upstream.types import Endpoint, Requester

CREDITS = (
    Attribution(N_("Weather data by Open-Meteo.com (CC BY 4.0), rearranged"), "https://open-meteo.com/", "CC-BY-4.0"),
    Attribution(N_("Air quality by CAMS, Copernicus"), "https://atmosphere.copernicus.eu/", "CC-BY-4.0"),
)
SOURCE = Source("open-meteo", "Open-Meteo", CREDITS)

READERS: dict[str, Callable[[Answer, Coordinates, tzinfo], object]] = {
    "current": to_now,
    "nowcast": to_quarters,
    "hourly": to_future_hours,
    "daily": to_days,
    "air": to_air,
}
"""By section what makes its value of the answer."""

NOT_GIVEN = {
    "alerts": N_(
        "Open-Meteo does not provide weather warnings. There may be some in force: ask your national weather service."
    ),
}


class OpenMeteo:
    """The provider over a gateway to Open-Meteo. It knows points, and no names."""

    def __init__(self, gateway: Gateway, atlas: Gazetteer, clock: Callable[[], float]) -> None:
        self._gateway, self._atlas, self._clock = gateway, atlas, clock

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """Return the wanted sections. Raises the error if every call failed."""
        cell, available = at.rounded(), wanted & READERS.keys()
        rows = sorted({row_of(name, cell) for name in available}, key=lambda row: row.path)
        results = await asyncio.gather(*(self._fetch(row, cell, visitor) for row in rows))
        errors = [result.error for result in results if result.error]
        if errors and len(errors) == len(rows):
            raise errors[-1]
        place, by_row = (
            place_of(cell, known, NO_FACTS, self._atlas, self._clock()),
            dict(zip(rows, results, strict=True)),
        )
        sections: dict[str, Any] = {name: not_given(name) for name in wanted - available}
        tz, now = zone(place.timezone), self._clock()
        sections |= {name: section_of(name, by_row[row_of(name, cell)], cell, tz, now) for name in available}
        return Report(place=place, source=SOURCE, past=past_of(by_row.get(FORECAST), cell, tz), **sections)

    async def _fetch(self, row: Endpoint, at: Coordinates, visitor: Requester) -> ProductResult:
        """Fetch and decode one call's answer. A failure is returned, not raised: the other call does not share it."""
        try:
            fetched = await self._gateway.fetch(request(row, at), visitor)
            return ProductResult(fetched, decoded(read, fetched, SOURCE.name))
        except WeatherError as error:
            return ProductResult(error=error)


def row_of(name: str, at: Coordinates) -> Endpoint:
    """The call that answers a section of a point."""
    return air_of(at) if name == "air" else FORECAST


def not_given(name: str) -> Section[object]:
    """Return the missing section that Open-Meteo does not give."""
    return missing_section(name, "not_available", NOT_GIVEN.get(name, NOTHING))


def past_of(result: ProductResult | None, at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """Return the hours that have gone by, as far as the answer tells them."""
    return to_past_hours(result.body, at, tz) if result and result.body is not None else ()


def section_of(name: str, result: ProductResult, at: Coordinates, tz: tzinfo, now: float) -> Section[object]:
    """Make a section of its call's answer. `observed_at` is None: nothing of it was observed."""
    value = READERS[name](result.body, at, tz) if result.body is not None else None
    if isinstance(value, CurrentConditions) and is_too_old(value, now):
        value = interpolate_now(value, to_hours(result.body, at, tz), at, now) or value
    return section(name, result, value)
