"""Which calls make a report: one of the weather, one of the air, each failing alone."""

import asyncio
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, tzinfo
from typing import Any, Protocol

import msgspec

from weather.days import days
from weather.errors import UpstreamInvalid, WeatherError
from weather.exchange import Endpoint, Fetched, Visitor
from weather.gateway import Gateway
from weather.language import N_
from weather.model import Coordinates, HourlyForecast, Missing, Place, zone
from weather.openmeteo.endpoints import AIR, FORECAST, request
from weather.openmeteo.weather import to_air, to_hours, to_now
from weather.openmeteo.wire import Answer, now, read
from weather.report import Attribution, Report, Section, Source

CREDIT = Attribution(
    N_("Weather data by Open-Meteo.com (CC BY 4.0), rearranged; air quality by CAMS, Copernicus"),
    "https://open-meteo.com/",
)
SOURCE = Source("open-meteo", "Open-Meteo", CREDIT)

CALLS = {"current": FORECAST, "hourly": FORECAST, "daily": FORECAST, "air": AIR}
NOT_GIVEN = {
    "minutely": N_("Open-Meteo has no minute data."),
    "alerts": N_("Open-Meteo has no alerts; this says nothing about danger."),
}
EMPTY = N_("The source has nothing of it for this place.")

Part = tuple[Fetched, Answer] | WeatherError
"""What a call brought, or why it did not."""


class Atlas(Protocol):
    """What is asked of a gazetteer: the nearest place to a point, and its time zone."""

    def nearest(self, coordinates: Coordinates) -> Place | None: ...

    def zone(self, coordinates: Coordinates, offset_seconds: int | None, now: datetime) -> str: ...


class OpenMeteo:
    """The provider over a gateway to Open-Meteo. It knows points, and no names."""

    def __init__(self, gateway: Gateway, atlas: Atlas, clock: Callable[[], float]) -> None:
        self._gateway, self._atlas, self._clock = gateway, atlas, clock

    async def report(self, at: Coordinates, known: Place | None, wanted: frozenset[str], visitor: Visitor) -> Report:
        """The wanted sections. Raises the reason if none could be had."""
        cell = at.rounded()
        rows = sorted({CALLS[name] for name in wanted if name in CALLS}, key=lambda row: row.path)
        answers = await asyncio.gather(*(self._part(row, cell, visitor) for row in rows))
        failed = [part for part in answers if isinstance(part, WeatherError)]
        if failed and len(failed) == len(rows):
            raise failed[-1]
        parts, place = dict(zip(rows, answers, strict=True)), self._place(cell, known)
        sections: dict[str, Any] = {n: gap(n, "not_available", why) for n, why in NOT_GIVEN.items() if n in wanted}
        tz = zone(place.timezone)
        sections |= {name: section(name, parts[row], cell, tz) for name, row in CALLS.items() if name in wanted}
        return Report(place=place, source=SOURCE, **sections)

    async def _part(self, row: Endpoint, at: Coordinates, visitor: Visitor) -> Part:
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
        near = known or self._atlas.nearest(at)
        if near:
            timezone = known.timezone if known else self._atlas.zone(at, None, moment)
            return replace(near, latitude=at.latitude, longitude=at.longitude, timezone=timezone)
        return Place(None, None, None, at.latitude, at.longitude, self._atlas.zone(at, None, moment))


def section(name: str, part: Part, at: Coordinates, tz: tzinfo) -> Section[object]:
    """A section from its call's answer. Nothing in it was observed: `observed_at` is None."""
    if isinstance(part, WeatherError):
        return gap(name, part.reason, str(part))
    fetched, answer = part
    value = read_as(name, answer, at, tz)
    return Section(value, fetched) if value else replace(gap(name, "not_available", EMPTY), fetched=fetched)


def read_as(name: str, answer: Answer, at: Coordinates, tz: tzinfo) -> object:
    """What an answer holds of a section; hours from that of the model's own present on, as a forecast goes."""
    if name == "air":
        return to_air(answer, tz)
    if name == "current":
        return to_now(answer, at, tz)
    hours = to_hours(answer, at, tz)
    return days(hours, at, tz) if name == "daily" else coming(hours, answer)


def coming(hours: tuple[HourlyForecast, ...], answer: Answer) -> tuple[HourlyForecast, ...]:
    present = now(answer)
    since = present.time - 3600 if present else 0.0
    return tuple(hour for hour in hours if hour.time.timestamp() > since)


def gap(name: str, reason: str, detail: str) -> Section[object]:
    """A section that is not there."""
    return Section(missing=Missing(name, reason, detail))
