"""One Call (https://openweathermap.org/api/one-call-3, /one-call-4), asked for in kelvin and m/s.

3.0 gives all in one body. Of 4.0 the site reads what the free products lack: current, minutes and the alerts' texts.
No live body of 4.0 is on record, so each part may be missing, or null, or of either documented shape.
"""

from datetime import tzinfo
from typing import Annotated, Any

from msgspec import Meta, Struct

from weather.domain import astronomy
from weather.domain.daylight import is_sunlit
from weather.domain.model import (
    Coordinates,
    CurrentConditions,
    DailyForecast,
    HourlyForecast,
    NowcastStep,
)
from weather.providers.openweathermap.onecall_alerts import (
    MOST_ALERT_TEXTS,
    MOST_ALERTS,
    AlertBody,
    AlertIds,
    AlertList,
    OtherJson,
)
from weather.providers.openweathermap.plausible import known
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
    condition_of,
    conditions,
    fallen,
    in_order,
    local_time,
    now_of,
    percent,
)
from weather.upstream.lenient_json import reader


class Hour(Struct, kw_only=True):
    """What current and hourly entries share. `alerts`, of 4.0: as the list of 3.0, but with ids."""

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
    alerts: AlertIds | OtherJson | None = None


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
    alerts: AlertList | OtherJson | None = None

    @property
    def readable_alerts(self) -> list[AlertBody]:
        """The alerts that can be read."""
        return [alert for alert in self.alerts[:MOST_ALERTS] if alert] if isinstance(self.alerts, list) else []

    @property
    def has_unreadable_alerts(self) -> bool:
        """Whether there is something among the alerts, behind the last that is read, or in their place, that is not."""
        if isinstance(self.alerts, list):
            return None in self.alerts or len(self.alerts) > MOST_ALERTS
        return self.alerts is not None


class CurrentV4(Located, kw_only=True):
    """The body of 4.0's current: one record, with the ids of its alerts."""

    data: Annotated[list[Hour], Meta(max_length=10)]

    @property
    def _alerts(self) -> object:
        return self.data[0].alerts if self.data else None

    @property
    def _readable_ids(self) -> list[str]:
        return [*dict.fromkeys(filter(None, self._alerts))] if isinstance(self._alerts, list) else []

    @property
    def alert_ids(self) -> list[str]:
        """The ids of the alerts whose texts are fetched."""
        return self._readable_ids[:MOST_ALERT_TEXTS]

    @property
    def has_unreadable_alerts(self) -> bool:
        """Whether there is something among the ids, behind the last that is used, or in their place, that is none."""
        if isinstance(self._alerts, list):
            is_cut = len(self._alerts) > MOST_ALERTS or len(self._readable_ids) > MOST_ALERT_TEXTS
            return None in self._alerts or is_cut
        return self._alerts is not None


class Minutes(Located, kw_only=True):
    """The body of 4.0's timeline of minutes."""

    data: Annotated[list[Minutely], Meta(max_length=120)]


read = reader(OneCall)
read_now = reader(CurrentV4)
read_minutes = reader(Minutes)


def holds(raw: bytes) -> bool:
    """Whether the body has any section."""
    body = read(raw)
    return any((body.current, body.minutely, body.hourly, body.daily, body.alerts))


def holds_now(raw: bytes) -> bool:
    """Whether there is a record of 4.0."""
    return bool(read_now(raw).data)


def holds_minutes(raw: bytes) -> bool:
    """An empty list of minutes holds something too: those of an hour ago are over. Raises msgspec.DecodeError."""
    read_minutes(raw)
    return True


def current(entry: Hour, at: Coordinates, tz: tzinfo) -> CurrentConditions:
    return now_of(fields(entry, at, tz))


def hours(entries: list[Hour], at: Coordinates, tz: tzinfo) -> tuple[HourlyForecast, ...]:
    """Return the hours in order of time, each as the hour before its `dt`.

    UNCONFIRMED: upstream does not say which hour an entry is of. Its own days add up the entries of 00:00 to 23:00, as
    if each were of the hour after; its minutes agree with the hour before. So a table of a day cuts midnight as these
    days do (`calendar_day.day_of_stamp`); all else reads the hour before, as of the sister products.
    """
    return tuple(
        HourlyForecast(**fields(entry, at, tz), interval_hours=1, precipitation_probability=percent(entry.pop))
        for entry in in_order(entries)
    )


def fields(entry: Hour, at: Coordinates, tz: tzinfo) -> dict[str, Any]:
    """Return the fields of `model.Conditions`: this product has dew point and UV index of its own."""
    weather = WeatherFields(
        dt=entry.dt,
        main=Main(entry.temp, entry.feels_like, entry.pressure, entry.humidity),
        weather=entry.weather,
        clouds=Clouds(entry.clouds),
        wind=Wind(entry.wind_speed, entry.wind_deg, entry.wind_gust),
        visibility=entry.visibility,
        rain=entry.rain,
        snow=entry.snow,
    )
    values = conditions(weather, "1h", at, tz) | {"uv_index": known("uv_index", entry.uvi)}
    dew = celsius("dew_point", entry.dew_point)
    return values if dew is None else values | {"dew_point": dew}


def days(entries: list[Day], at: Coordinates, tz: tzinfo) -> tuple[DailyForecast, ...]:
    """Return the days in order, each under the place's own date, with sun and moon as for every source."""
    return tuple(day_of(entry, at, tz) for entry in in_order(entries))


def day_of(entry: Day, at: Coordinates, tz: tzinfo) -> DailyForecast:
    date, temperature = local_time(entry.dt, tz).date(), entry.temp or Extremes()
    sun, moon = astronomy.sun(at, date, tz), astronomy.moon(at, date, tz)
    sky = condition_of(entry.weather, is_sunlit(sun, date, at, tz))
    highest = celsius("temperature", temperature.max)
    return DailyForecast(
        date=date,
        temperature_min=celsius("temperature", temperature.min),
        temperature_max=highest,
        **fallen("1h", sky, highest, entry.rain, entry.snow),
        snowfall=None,
        precipitation_probability=percent(entry.pop),
        wind_speed_max=known("wind_speed", entry.wind_speed),
        wind_gust_max=known("wind_gust", entry.wind_gust),
        wind_direction=known("wind_direction", entry.wind_deg),
        condition=sky,
        sunrise=sun.sunrise,
        sunset=sun.sunset,
        moonrise=moon.moonrise,
        moonset=moon.moonset,
        moon_phase=round(moon.phase, 3),
        uv_index_max=known("uv_index", entry.uvi),
        summary=None,
        partial=False,
    )


def minutes(entries: list[Minutely], tz: tzinfo) -> tuple[NowcastStep, ...]:
    """Return the minutes in order of time."""
    return tuple(
        NowcastStep(local_time(entry.dt, tz), 1, known("precipitation", entry.precipitation))
        for entry in in_order(entries)
    )
