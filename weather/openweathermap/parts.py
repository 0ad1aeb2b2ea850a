"""What the products answered, and the sections that are made of it. Pure."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import tzinfo
from typing import TypeVar

import msgspec

from weather.days import days
from weather.errors import PlaceNotFound, UpstreamInvalid, WeatherError
from weather.exchange import Endpoint, Fetched
from weather.language import N_
from weather.model import Coordinates, label
from weather.openweathermap import air, current, endpoints, forecast
from weather.openweathermap.wire import country_code, moment
from weather.report import NOTHING, Section, gap

T = TypeVar("T")
Body = current.Current | forecast.Forecast | air.Air

CALLS = {
    "current": endpoints.WEATHER,
    "hourly": endpoints.FORECAST,
    "daily": endpoints.FORECAST,
    "air": endpoints.AIR,
}
READ: dict[Endpoint, Callable[[bytes], Body]] = {
    endpoints.WEATHER: current.read,
    endpoints.FORECAST: forecast.read,
    endpoints.AIR: air.read,
}
NOT_IN_PLAN = {
    "minutely": N_("OpenWeatherMap's free products have no minute data."),
    "alerts": N_("OpenWeatherMap's free products have no alerts; this says nothing about danger."),
}


OPEN_SEA = "Globe"
"""What OpenWeatherMap calls places that have no name."""


@dataclass(frozen=True, slots=True)
class Part:
    """What one product answered: a body that was read, or why there is none."""

    fetched: Fetched | None = None
    body: Body | None = None
    error: WeatherError | None = None


def decoded(read: Callable[[bytes], T], fetched: Fetched) -> T:
    """The body as a wire type. Raises UpstreamInvalid if it is of another shape."""
    try:
        return read(fetched.entry.body)
    except (msgspec.DecodeError, RecursionError):
        raise UpstreamInvalid("OpenWeatherMap's answer could not be read.") from None


def refuse_if_empty(parts: Iterable[Part]) -> None:
    """Raise the reason if no product gave anything: PlaceNotFound only if all of them say so."""
    errors = [part.error for part in parts]
    if not errors or None in errors:
        return
    worst = [error for error in errors if error and not isinstance(error, PlaceNotFound)]
    raise (worst or [error for error in errors if error])[0]


def section(name: str, part: Part, at: Coordinates, tz: tzinfo) -> Section[object]:
    """A section from its product's answer."""
    body, fetched = part.body, part.fetched
    if part.error or fetched is None:
        return gap(name, part.error.reason if part.error else "upstream", str(part.error))
    if isinstance(body, current.Current):
        return Section(current.to_model(body, at, tz), fetched, moment(body.dt, tz))
    if isinstance(body, forecast.Forecast) and (hours := forecast.to_model(body, at, tz)):
        return Section(days(hours, at, tz) if name == "daily" else hours, fetched)
    if isinstance(body, air.Air) and (quality := air.to_model(body, tz)):
        return Section(quality, fetched, quality.time)
    return replace(gap(name, "not_available", NOTHING), fetched=fetched)


@dataclass(frozen=True, slots=True)
class Told:
    """What the bodies say of their place: a name and country if they have any, the offset from UTC, and when."""

    name: str | None
    country: str | None
    offset: int | None
    at: float | None


def told(parts: Iterable[Part]) -> Told:
    """The first name, and the offset of the newest body that tells one (an old one may be from before a change)."""
    names: list[tuple[str | None, str | None]] = []
    offsets: list[tuple[float, int]] = []
    for part in parts:
        body = part.body
        if isinstance(body, current.Current):
            names.append((body.name, body.sys.country if body.sys else None))
            seen = body.timezone
        elif isinstance(body, forecast.Forecast) and body.city:
            names.append((body.city.name, body.city.country))
            seen = body.city.timezone
        else:
            continue
        if seen is not None and part.fetched:
            offsets.append((part.fetched.entry.fetched_at, seen))
    named = ((label(name), country_code(code)) for name, code in names if name != OPEN_SEA)
    shown = next((one for one in named if one[0]), (None, None))
    at, offset = max(offsets, default=(None, None))
    return Told(*shown, offset, at)
