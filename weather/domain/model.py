"""The weather itself, as every door tells it.

Inside the program one unit stands for each quantity: degrees Celsius, metres per second, millimetres, hectopascals,
metres, per cent, degrees from north; depths of snow are millimetres too. A field's annotation says what it is, for the
description of the API, and names the quantity that it measures, by which `units.convert` turns a whole value into the
units of a reader. Times are aware datetimes in the place's own zone. What is not known is None: never a zero, never a
guess.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import Annotated, Any, TypedDict
from zoneinfo import ZoneInfo

from msgspec import Meta

DEGREES = re.compile(r"[+-]?(\d{1,3}(\.\d{0,30})?|\.\d{1,30})([eE]-\d{1,3})?", re.ASCII)
"""With an exponent below zero, for so programs write numbers close to it."""


def member(about: str, example: Any = None, *, quantity: str = "", among: tuple[str | None, ...] = ()) -> Meta:
    """What a field is, for `/openapi.json` and `/docs`; the quantity that it measures; all its values, if few."""
    return Meta(
        description=f"{about} Unit: `units.{quantity}`." if quantity else about or None,
        examples=None if example is None else [example],
        extra={"quantity": quantity} if quantity else None,
        extra_json_schema={"enum": list(among)} if among else None,
    )


GROUPS = (
    *("clear", "clouds", "drizzle", "rain", "snow", "thunderstorm", "mist", "fog", "haze", "smoke", "dust", "sand"),
    *("ash", "squall", "tornado", "unknown"),
)
"""All values of `condition.group`: OpenWeatherMap's groups in lower case; "unknown" for a code of none of them."""

Moment = Annotated[datetime, Meta(tz=True)]
"""RFC 3339, with the place's own offset."""

LATITUDE = member("Degrees, WGS 84; weather is asked for by cells of 0.01.", 51.51)
LONGITUDE = member("Degrees, WGS 84.", -0.13)
PLACE_KINDS = ("city", "district", "region", "country", "island", "airport", "landmark")
TIME = member("The moment it is valid for; of sums, the end.", "2026-11-24T12:00:00+00:00")
WIND_SPEED = member("Mean wind.", 18, quantity="wind_speed")
WIND_GUST = member("Gusts.", 29.2, quantity="wind_speed")
WIND_DIRECTION = member("Where the wind comes from, degrees from north.", 225)
RATE = member("How heavily it falls: what an hour of it would bring.", 0.4, quantity="precipitation_rate")
INTERPOLATED = member("Whether the source made it of its hourly values, so that it knows no more than those.", False)
SNOWFALL = member("Depth of the fresh snow in it, where the source gives one.", 2.1, quantity="snowfall")
CHANCE = member(
    "Chance of precipitation, per cent. Of a day: the highest of its hours or spans of hours, so at least that.", 80
)
UV_INDEX = member("UV index.", 1.5)
FALLEN = member("Rain, snow and all else, as water: the sum before `time`.", 0.4, quantity="precipitation")
RAIN = member("The part of `precipitation` that is rain.", 0.4, quantity="precipitation")
DAY_FALLEN = member("Rain, snow and all else of the day, as water.", 0.4, quantity="precipitation")
SKY = member("What the sky does.")
ID = member("Identifier; do not parse.", "O4-GjrtpUoUFZ8N4eWw7yQ")
BASIS = member(
    "The source's analysis of now, or read from the stored forecast.", "analysis", among=("analysis", "forecast")
)


@dataclass(frozen=True, slots=True)
class Coordinates:
    """A point on Earth, in degrees (WGS 84). Raises ValueError outside -90..90, -180..180 or if not finite."""

    latitude: float
    longitude: float

    def __post_init__(self) -> None:
        if not (math.isfinite(self.latitude) and abs(self.latitude) <= 90):
            raise ValueError("latitude must lie between -90 and 90")
        if not (math.isfinite(self.longitude) and abs(self.longitude) <= 180):
            raise ValueError("longitude must lie between -180 and 180")

    def rounded(self) -> "Coordinates":
        """The cell of OpenWeatherMap's own cache: two decimals, about 1 km; no negative zero."""
        return Coordinates(round(self.latitude, 2) + 0.0, round(self.longitude, 2) + 0.0)

    def __str__(self) -> str:
        return f"{format_degrees(self.latitude)},{format_degrees(self.longitude)}"


def format_degrees(number: float) -> str:
    """Degrees as text: no zero or sign that says nothing."""
    return f"{number + 0.0:.10g}"


def parse_degrees(text: str) -> float:
    """Degrees from text such as "51.50", "+7" or "-.5". Raises ValueError for anything else."""
    if not DEGREES.fullmatch(text):
        raise ValueError("not a number of degrees")
    return float(text)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere on Earth. `country` is its ISO 3166 code, `state` the part of it, `id` that of GeoNames.

    `timezone` is an IANA name, or a fixed offset such as "+05:45" where no zone is known. `kind` is one of PLACE_KINDS,
    `matched` the name that was looked for where it is another one, `distance` the kilometres from a point outside.
    """

    name: str | None
    country: str | None
    state: str | None
    latitude: float
    longitude: float
    timezone: str
    kind: str | None = None
    matched: str | None = None
    id: int | None = None
    distance: float | None = None

    @property
    def coordinates(self) -> Coordinates:
        return Coordinates(self.latitude, self.longitude)


def zone(name: str) -> tzinfo:
    """The time zone that `Place.timezone` names."""
    if name[0] in "+-":
        hours, minutes = name[1:].split(":")
        shift = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(shift if name[0] == "+" else -shift)
    return ZoneInfo(name)


def fixed_offset(seconds: int) -> str:
    """The name, as in `Place.timezone`, of a fixed offset from UTC in seconds."""
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True, slots=True)
class Condition:
    """What the sky does. `code` and `icon` are OpenWeatherMap's (https://openweathermap.org/weather-conditions)."""

    group: Annotated[str, member("Weather group.", "rain", among=GROUPS)]
    text: Annotated[str, member("In words, in the language asked for.", "light rain")]
    code: Annotated[int, member("OpenWeatherMap's condition code.", 500)]
    icon: Annotated[str, member("OpenWeatherMap's icon code; `d` by day, `n` by night.", "10d")]


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The weather at a time."""

    time: Annotated[Moment, TIME]
    temperature: Annotated[float | None, member("Air temperature.", 12.4, quantity="temperature")]
    feels_like: Annotated[float | None, member("With wind and humidity.", 10.9, quantity="temperature")]
    dew_point: Annotated[float | None, member("Where the air would be saturated.", 9.2, quantity="temperature")]
    humidity: Annotated[float | None, member("Relative humidity, per cent.", 81)]
    pressure: Annotated[float | None, member("At sea level.", 1012, quantity="pressure")]
    wind_speed: Annotated[float | None, WIND_SPEED]
    wind_gust: Annotated[float | None, WIND_GUST]
    wind_direction: Annotated[float | None, WIND_DIRECTION]
    cloud_cover: Annotated[float | None, member("Per cent of the sky.", 75)]
    visibility: Annotated[float | None, member("At most what the source tells.", 10, quantity="distance")]
    uv_index: Annotated[float | None, UV_INDEX]
    precipitation: Annotated[float | None, FALLEN]
    rain: Annotated[float | None, RAIN] = None
    snowfall: Annotated[float | None, SNOWFALL] = None
    condition: Annotated[Condition | None, SKY]
    is_day: Annotated[bool | None, member("Whether the sun is up.", True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentConditions(Conditions):
    """The weather now. `basis`: "analysis" of the source, or read from a "forecast". Amounts are of the last hour."""

    precipitation_rate: Annotated[float | None, RATE] = None
    basis: Annotated[str, BASIS] = "analysis"


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyForecast(Conditions):
    """The weather foreseen for a time; precipitation is the sum of the `interval_hours` before it."""

    interval_hours: Annotated[int, member("Length of the step in hours.", 3)]
    precipitation_probability: Annotated[float | None, CHANCE]


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyForecast:
    """One calendar day of the place; `partial` when the forecast does not cover all of its hours.

    Sunrise and sunset, moonrise and moonset are None on days without one (polar day and night; about once a month
    for the moon). `moon_phase`: 0 new, 0.25 first quarter, 0.5 full, 0.75 last quarter.
    """

    date: Annotated[date, member("A calendar day of the place.", "2026-11-24")]
    temperature_min: Annotated[float | None, member("Lowest of the day.", 7.1, quantity="temperature")]
    temperature_max: Annotated[float | None, member("Highest of the day.", 13, quantity="temperature")]
    precipitation: Annotated[float | None, DAY_FALLEN]
    rain: Annotated[float | None, RAIN] = None
    snowfall: Annotated[float | None, SNOWFALL] = None
    precipitation_probability: Annotated[float | None, CHANCE]
    wind_speed_max: Annotated[float | None, member("The strongest mean wind.", 18, quantity="wind_speed")]
    wind_gust_max: Annotated[float | None, member("The strongest gust.", 29.2, quantity="wind_speed")]
    wind_direction: Annotated[float | None, member("Where the strongest wind comes from, degrees from north.", 225)]
    condition: Annotated[Condition | None, SKY]
    sunrise: Annotated[Moment | None, member("null on days without.", "2026-11-24T07:33:00+00:00")]
    sunset: Annotated[Moment | None, member("null on days without.", "2026-11-24T15:59:00+00:00")]
    moonrise: Annotated[Moment | None, member("null on days without.", "2026-11-24T15:20:00+00:00")]
    moonset: Annotated[Moment | None, member("null on days without.", "2026-11-24T07:41:00+00:00")]
    moon_phase: Annotated[float | None, member("0 new, 0.25 first quarter, 0.5 full, 0.75 last quarter.", 0.5)]
    uv_index_max: Annotated[float | None, member("The highest UV index.", 1.5)]
    summary: Annotated[str | None, member("In words, in the language asked for.", "Light rain, about 2 mm.")]
    partial: Annotated[bool, member("Whether the forecast covers only a part of the day.", False)]


@dataclass(frozen=True, slots=True)
class NowcastStep:
    """Precipitation foreseen for the next minutes, in the finest steps that the source gives."""

    time: Annotated[Moment, member("When the step begins.", "2026-11-24T12:00:00+00:00")]
    interval_minutes: Annotated[int, member("Length of the step in minutes: 1 or 15.", 1)]
    precipitation_rate: Annotated[float | None, RATE]
    interpolated: Annotated[bool, INTERPOLATED] = False


SEVERITIES = ("minor", "moderate", "severe", "extreme", "unknown")
URGENCIES = ("past", "future", "expected", "immediate", "unknown")
CERTAINTIES = ("unlikely", "possible", "likely", "observed", "unknown")
"""CAP 1.2 (OASIS), section 3.2.2, in lower case."""


@dataclass(frozen=True, slots=True)
class Alert:
    """An official warning (CAP: Common Alerting Protocol)."""

    id: Annotated[str, ID]
    event: Annotated[str, member("What is warned of, never empty.", "Yellow wind warning")]
    sender: Annotated[str, member("Who warns.", "Met Office")]
    starts_at: Annotated[Moment, member("When it begins.", "2026-11-24T18:00:00+00:00")]
    ends_at: Annotated[
        Moment | None, member("When it ends; null where that is not clear.", "2026-11-25T06:00:00+00:00")
    ]
    description: Annotated[str, member("The warning as it was issued.", "Gusts of 60 mph are likely.")]
    tags: Annotated[tuple[str, ...], member("Its kinds.", ["Wind"])]
    truncated: Annotated[bool, member("Whether `description` is cut, after 64 KB.", False)] = False
    severity: Annotated[str | None, member("CAP severity.", "moderate", among=SEVERITIES)] = None
    urgency: Annotated[str | None, member("CAP urgency.", "expected", among=URGENCIES)] = None
    certainty: Annotated[str | None, member("CAP certainty.", "likely", among=CERTAINTIES)] = None
    areas: Annotated[tuple[str, ...] | None, member("Names of the areas that it is for.", ["Greater London"])] = None
    url: Annotated[str | None, member("Link to the warning.", "https://example.org/warning")] = None
    language: Annotated[str | None, member("Language of its text, if that is known.", "en")] = None


class Components(TypedDict, total=False):
    """Concentrations, in micrograms per cubic metre."""

    pm2_5: Annotated[float | None, member("Fine particles, up to 2.5 µm. Unit: `units.concentration`.", 4.5)]
    pm10: Annotated[float | None, member("Particles up to 10 µm. Unit: `units.concentration`.", 9.1)]
    o3: Annotated[float | None, member("Ozone. Unit: `units.concentration`.", 60.2)]
    no2: Annotated[float | None, member("Nitrogen dioxide. Unit: `units.concentration`.", 12.4)]
    so2: Annotated[float | None, member("Sulphur dioxide. Unit: `units.concentration`.", 1.1)]
    co: Annotated[float | None, member("Carbon monoxide. Unit: `units.concentration`.", 210.3)]
    nh3: Annotated[float | None, member("Ammonia. Unit: `units.concentration`.", 0.6)]
    no: Annotated[float | None, member("Nitrogen monoxide. Unit: `units.concentration`.", 0.1)]


@dataclass(frozen=True, slots=True)
class AirQuality:
    """Air quality: an index with the name of its scale, and concentrations."""

    time: Moment
    index: int | None
    scale: str
    components: Components
    pollen: Mapping[str, float | None] | None = None


REASONS = ("plan", "upstream", "quota", "offline", "not_available", "not_covered")


@dataclass(frozen=True, slots=True)
class MissingSection:
    """Why a section is not there: `reason` is plan, upstream, quota, offline, not_available or not_covered.

    `not_covered`: of alerts, nobody who warns for this place is asked, or only for its country.
    """

    section: Annotated[str, member("Which section is null.", "alerts")]
    reason: Annotated[str, member("Reason code.", "plan", among=REASONS)]
    detail: Annotated[
        str, member("The reason in words.", "OpenWeatherMap's free products do not provide weather warnings.")
    ]
