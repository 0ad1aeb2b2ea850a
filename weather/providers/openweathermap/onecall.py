"""One Call (https://openweathermap.org/api/one-call-3, /one-call-4), asked for in kelvin and m/s.

3.0 gives all in one body. Of 4.0 the site reads what the free products lack: current, minutes and the alerts' texts.
No live body of 4.0 is on record, so each part of it may be missing, or null, or of either shape that is told.
"""

from datetime import tzinfo
from hashlib import blake2b
from typing import Annotated, Any

from msgspec import Meta, Struct

from weather.domain import astronomy
from weather.domain.alerts import LocalizedAlert, guess_language
from weather.domain.model import Coordinates, CurrentConditions, DailyForecast, HourlyForecast, Minute, sensible
from weather.domain.text import heading, label, paragraph
from weather.providers.openweathermap.wire import (
    Amounts,
    Clouds,
    Main,
    Number,
    Offset,
    Sky,
    UnixTime,
    WeatherFields,
    Wind,
    celsius,
    chance,
    conditions,
    moment,
    precipitation,
    sky_of,
)
from weather.upstream.lenient_json import reader


class Hour(Struct, kw_only=True):
    """What current and hourly entries share."""

    dt: UnixTime
    temp: Number | None = None
    feels_like: Number | None = None
    pressure: Number | None = None
    humidity: Number | None = None
    dew_point: Number | None = None
    uvi: Number | None = None
    clouds: Number | None = None
    visibility: Number | None = None
    wind_speed: Number | None = None
    wind_deg: Number | None = None
    wind_gust: Number | None = None
    weather: list[Sky] | None = None
    rain: Amounts = None
    snow: Amounts = None
    pop: Number | None = None
    alerts: list[str] | None = None


class Minutely(Struct):
    dt: UnixTime
    precipitation: Number | None = None


class Extremes(Struct):
    min: Number | None = None
    max: Number | None = None


class Day(Struct, kw_only=True):
    """An entry of `daily`; its `dt` is about local noon."""

    dt: UnixTime
    temp: Extremes | None = None
    weather: list[Sky] | None = None
    wind_speed: Number | None = None
    wind_deg: Number | None = None
    wind_gust: Number | None = None
    rain: Amounts = None
    snow: Amounts = None
    pop: Number | None = None
    uvi: Number | None = None


class Description(Struct):
    """An alert's description in one language."""

    description: str | None = None
    language: str | None = None


class AlertBody(Struct, kw_only=True):
    """An alert of 3.0's list, or the body of 4.0's own route; its texts may be empty."""

    start: UnixTime
    end: UnixTime
    sender_name: str | None = None
    event: str | None = None
    description: str | list[Description] | None = None
    tags: list[str] | None = None


class Located(Struct, kw_only=True):
    """What every body of One Call says of its place: the zone by its name (IANA), and its offset now."""

    timezone: str | None = None
    timezone_offset: Offset | None = None


class OneCall(Located, kw_only=True):
    """The body of 3.0. `alerts` is absent when there is none; one that cannot be read is None, which is not nothing."""

    current: Hour | None = None
    minutely: Annotated[list[Minutely], Meta(max_length=120)] | None = None
    hourly: Annotated[list[Hour], Meta(max_length=100)] | None = None
    daily: Annotated[list[Day], Meta(max_length=20)] | None = None
    alerts: Annotated[list[AlertBody | None], Meta(max_length=200)] | dict[str, Any] | str | float | bool | None = None

    @property
    def warned(self) -> list[AlertBody]:
        """The alerts that can be read."""
        return [one for one in self.alerts if one] if isinstance(self.alerts, list) else []

    @property
    def hides_alerts(self) -> bool:
        """Whether there is something among the alerts, or in their place, that cannot be read."""
        return None in self.alerts if isinstance(self.alerts, list) else self.alerts is not None


class Now(Located, kw_only=True):
    """The body of 4.0's current: one record, with the ids of its alerts."""

    data: Annotated[list[Hour], Meta(max_length=10)]

    @property
    def alert_ids(self) -> list[str]:
        return list(dict.fromkeys(self.data[0].alerts or [])) if self.data else []


class Minutes(Located, kw_only=True):
    """The body of 4.0's timeline of minutes."""

    data: Annotated[list[Minutely], Meta(max_length=120)]


read = reader(OneCall)
read_now = reader(Now)
read_minutes = reader(Minutes)
read_alert = reader(AlertBody)


def holds(raw: bytes) -> bool:
    """Whether anything is told."""
    body = read(raw)
    return any((body.current, body.minutely, body.hourly, body.daily, body.alerts))


def holds_now(raw: bytes) -> bool:
    """Whether there is a record of 4.0."""
    return bool(read_now(raw).data)


def holds_minutes(raw: bytes) -> bool:
    """Whether there are minutes of 4.0."""
    return bool(read_minutes(raw).data)


def holds_alert(raw: bytes) -> bool:
    """Whether there is an alert: one that is none cannot be read."""
    return bool(read_alert(raw))


def current(told: Hour, at: Coordinates, tz: tzinfo) -> CurrentConditions:
    return CurrentConditions(**fields(told, at, tz))


def hours(told: list[Hour], at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """The hours in order of time."""
    return tuple(
        HourlyForecast(**fields(one, at, tz), interval=1, precipitation_probability=chance(one.pop))
        for one in sorted(told, key=lambda one: one.dt)
    )


def fields(told: Hour, at: Coordinates, tz: tzinfo) -> dict[str, Any]:
    """The fields of `model.Conditions`: this product tells the dew point and the UV index itself."""
    reading = WeatherFields(
        dt=told.dt,
        main=Main(told.temp, told.feels_like, told.pressure, told.humidity),
        weather=told.weather,
        clouds=Clouds(told.clouds),
        wind=Wind(told.wind_speed, told.wind_deg, told.wind_gust),
        visibility=told.visibility,
        rain=told.rain,
        snow=told.snow,
    )
    known = conditions(reading, "1h", at, tz) | {"uv_index": sensible("uv_index", told.uvi)}
    dew = celsius(told.dew_point)
    return known if dew is None else known | {"dew_point": dew}


def days(told: list[Day], at: Coordinates, tz: tzinfo) -> tuple[DailyForecast, ...]:
    """The days in order, each under the place's own date; sun and moon are reckoned here, as for every source."""
    return tuple(aggregate_day(one, at, tz) for one in sorted(told, key=lambda one: one.dt))


def aggregate_day(told: Day, at: Coordinates, tz: tzinfo) -> DailyForecast:
    date, warmth, kind = moment(told.dt, tz).date(), told.temp or Extremes(), sky_of(told.weather, True)
    sun, moon = astronomy.sun(at, date, tz), astronomy.moon(at, date, tz)
    return DailyForecast(
        date=date,
        temperature_min=celsius(warmth.min),
        temperature_max=celsius(warmth.max),
        precipitation=sensible("precipitation", precipitation("1h", kind, told.rain, told.snow)),
        precipitation_probability=chance(told.pop),
        wind_speed=sensible("wind_speed", told.wind_speed),
        wind_gust=sensible("wind_gust", told.wind_gust),
        wind_direction=sensible("wind_direction", told.wind_deg),
        condition=kind,
        sunrise=sun.sunrise,
        sunset=sun.sunset,
        moonrise=moon.moonrise,
        moonset=moon.moonset,
        moon_phase=round(moon.phase, 3),
        uv_index=sensible("uv_index", told.uvi),
        summary=None,
        partial=False,
    )


def minutes(told: list[Minutely], tz: tzinfo) -> tuple[Minute, ...]:
    """The minutes in order of time."""
    return tuple(
        Minute(moment(one.dt, tz), sensible("precipitation", one.precipitation))
        for one in sorted(told, key=lambda one: one.dt)
    )


def bulletins(told: list[AlertBody], tz: tzinfo) -> tuple[LocalizedAlert, ...]:
    """The alerts, one for each language in which they are told."""
    return tuple(bulletin(one, saying, tz) for one in told for saying in sayings(one))


def sayings(told: AlertBody) -> list[Description]:
    if isinstance(told.description, list):
        return told.description or [Description()]
    return [Description(told.description)]


def bulletin(told: AlertBody, saying: Description, tz: tzinfo) -> LocalizedAlert:
    """An alert in one language. 3.0 gives no id, so all are named by what they say.

    Not by their beginning: of some it moves with each of upstream's refreshes, and a new name would be a new warning.
    """
    tags = tuple(dict.fromkeys(tag for tag in map(label, told.tags or []) if tag))
    event, sender = heading(told.event) or (tags[0] if tags else ""), heading(told.sender_name)
    text, is_cut = paragraph(saying.description)
    named = blake2b("\0".join((sender, event, str(told.end), text)).encode(), digest_size=8)
    span = moment(told.start, tz), moment(told.end, tz)
    language = (saying.language or "")[:2].lower() or guess_language(f"{event} {text}")
    return LocalizedAlert(named.hexdigest(), event, sender, *span, text, tags, is_cut, language)
