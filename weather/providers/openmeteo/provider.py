"""Makes a report of two calls, one for the weather and one for the air. Each fails alone."""

import asyncio
from collections.abc import Callable
from datetime import tzinfo
from typing import Any

from weather.domain.model import Coordinates, CurrentConditions, Place, zone
from weather.domain.nowcast import interpolate_now, is_too_old
from weather.errors import WeatherError
from weather.messages import N_
from weather.places.protocols import PlaceLookup
from weather.providers.common import NO_FACTS, NOTHING, ProductResult, decoded, place_of, section
from weather.providers.openmeteo.convert import to_air, to_days, to_future_hours, to_hours, to_now
from weather.providers.openmeteo.endpoints import AIR, FORECAST, request
from weather.providers.openmeteo.wire import Answer, read
from weather.providers.report import Attribution, Report, Section, Source, missing_section
from weather.upstream.gateway import Gateway
from weather.upstream.types import Endpoint, Requester

CREDIT = N_("Weather data by Open-Meteo.com (CC BY 4.0), rearranged; air quality by CAMS, Copernicus")
SOURCE = Source("open-meteo", "Open-Meteo", Attribution(CREDIT, "https://open-meteo.com/"))

READERS: dict[str, tuple[Endpoint, Callable[[Answer, Coordinates, tzinfo], object]]] = {
    "current": (FORECAST, to_now),
    "hourly": (FORECAST, to_future_hours),
    "daily": (FORECAST, to_days),
    "air": (AIR, to_air),
}
"""By section: the call that answers it, and what makes its value of the answer."""

NOT_GIVEN = {
    "minutely": N_("Open-Meteo does not provide minute-by-minute rain."),
    "alerts": N_(
        "Open-Meteo does not provide weather warnings. There may be some in force: ask your national weather service."
    ),
}


class OpenMeteo:
    """The provider over a gateway to Open-Meteo. It knows points, and no names."""

    def __init__(self, gateway: Gateway, atlas: PlaceLookup, clock: Callable[[], float]) -> None:
        self._gateway, self._atlas, self._clock = gateway, atlas, clock

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Requester) -> Report:
        """Return the wanted sections. Raises the error if every call failed."""
        cell, available = at.rounded(), wanted & READERS.keys()
        rows = sorted({READERS[name][0] for name in available}, key=lambda row: row.path)
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
        sections |= {name: section_of(name, by_row[READERS[name][0]], cell, tz, now) for name in available}
        return Report(place=place, source=SOURCE, **sections)

    async def _fetch(self, row: Endpoint, at: Coordinates, visitor: Requester) -> ProductResult:
        """Fetch and decode one call's answer. A failure is returned, not raised: the other call does not share it."""
        try:
            fetched = await self._gateway.fetch(request(row, at), visitor)
            return ProductResult(fetched, decoded(read, fetched, SOURCE.name))
        except WeatherError as error:
            return ProductResult(error=error)


def not_given(name: str) -> Section[object]:
    """Return the missing section that Open-Meteo does not give."""
    return missing_section(name, "not_available", NOT_GIVEN.get(name, NOTHING))


def section_of(name: str, result: ProductResult, at: Coordinates, tz: tzinfo, now: float) -> Section[object]:
    """Make a section of its call's answer. `observed_at` is None: nothing of it was observed."""
    value = READERS[name][1](result.body, at, tz) if result.body is not None else None
    if isinstance(value, CurrentConditions) and is_too_old(value, now):
        value = interpolate_now(value, to_hours(result.body, at, tz), at, now) or value
    return section(name, result, value)
