"""The weather itself, as every door tells it.

Inside the program one unit stands for each quantity: degrees Celsius, metres per second, millimetres, hectopascals,
metres, per cent, degrees from north. A field's annotation says what it is, for the description of the API, and names
the quantity that it measures, by which `units.convert` turns a whole value into the units of a reader. Times are aware
datetimes in the place's own zone. What is not known is None: never a zero, never a guess.
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


def member(about: str, example: Any = None, *, quantity: str = "", among: tuple[str, ...] = ()) -> Meta:
    """What a field is, for `/openapi.json` and `/docs`; the quantity that it measures; all its values, if few."""
    return Meta(
        description=f"{about} Unit: `units.{quantity}`." if quantity else about or None,
        examples=None if example is None else [example],
        extra={"quantity": quantity} if quantity else None,
        extra_json_schema={"enum": list(among)} if among else None,
    )


Moment = Annotated[datetime, Meta(tz=True)]
"""RFC 3339, with the place's own offset."""

NAME = member("Its name.", "London")
COUNTRY = member("ISO 3166 code.", "GB")
LATITUDE = member("Degrees, WGS 84; weather is asked for by cells of 0.01.", 51.51)
LONGITUDE = member("Degrees, WGS 84.", -0.13)
TIMEZONE = member("IANA name, or a fixed offset such as +05:45.", "Europe/London")
TIME = member("The moment it is valid for; of sums, the end.", "2026-11-24T12:00:00Z")
WIND_SPEED = member("Ten-minute mean; of a day, the greatest.", 18, quantity="wind_speed")
WIND_GUST = member("Gusts.", 29.2, quantity="wind_speed")
WIND_DIRECTION = member("Where the wind comes from, degrees from north.", 225)
PRECIPITATION = member(
    "Of the hours before `time`; in `minutely` an intensity, an hour's worth.", 0.4, quantity="precipitation"
)
CHANCE = member("Per cent.", 80)
UV_INDEX = member("UV index.", 1.5)
SKY = member("What the sky does.")
ID = member("Opaque.", "O4-GjrtpUoUFZ8N4eWw7yQ")
BASIS = member(
    "The source's analysis of now, or read from the kept forecast.", "analysis", among=("analysis", "forecast")
)
STATE = member(
    "`stale` once past its lifetime, whatever the cause; `demo`: invented.", "fresh", among=("fresh", "stale", "demo")
)
OBSERVED = member(
    "The time that the source gives for it: of its calculation, not of a measurement.", "2026-11-24T11:50:00Z"
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
    """Somewhere on Earth. `timezone` is an IANA name, or a fixed offset such as "+05:45" where no zone is known."""

    name: Annotated[str | None, NAME]
    country: Annotated[str | None, COUNTRY]
    state: Annotated[str | None, member("Region of a country.", "England")]
    latitude: Annotated[float, LATITUDE]
    longitude: Annotated[float, LONGITUDE]
    timezone: Annotated[str, TIMEZONE]

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


LIMITS: Mapping[str, tuple[float, float]] = {
    "temperature": (-110, 70), "feels_like": (-150, 110), "humidity": (0, 100), "pressure": (800, 1100),
    "wind_speed": (0, 150), "wind_gust": (0, 200), "wind_direction": (0, 360), "cloud_cover": (0, 100),
    "visibility": (0, 1e6), "uv_index": (0, 60), "precipitation": (0, 1000), "precipitation_probability": (0, 100),
    "component": (0, 1e6),
}  # fmt: skip
"""The least and the most of each number of weather, beyond all that was ever measured (WMO's archive of extremes)."""


def sensible(name: str, number: float | None) -> float | None:
    """The number, or None where no weather has such a one: upstreams fill gaps with -9999, or with absolute zero."""
    least, most = LIMITS[name]
    return number if number is not None and least <= number <= most else None


def fixed_offset(seconds: int) -> str:
    """The name, as in `Place.timezone`, of a fixed offset from UTC in seconds."""
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True, slots=True)
class Condition:
    """What the sky does. `code` and `icon` are OpenWeatherMap's (https://openweathermap.org/weather-conditions)."""

    code: Annotated[int, member("OpenWeatherMap's condition code.", 500)]
    group: Annotated[str, member("Its kind.", "rain")]
    text: Annotated[str, member("In words, English.", "light rain")]
    icon: Annotated[str, member("OpenWeatherMap's icon code.", "10d")]


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
    precipitation: Annotated[float | None, PRECIPITATION]
    condition: Annotated[Condition | None, SKY]
    is_day: Annotated[bool | None, member("Whether the sun is up.", True)]


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentConditions(Conditions):
    """The weather now. `basis`: "analysis" of the source, or read from a "forecast".

    Precipitation fell in the hour before; as far as a forecast tells it, it is the rate of an hour now.
    """

    basis: Annotated[str, BASIS] = "analysis"


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyForecast(Conditions):
    """The weather foreseen for a time; precipitation is the sum of the `interval` hours before it."""

    interval: Annotated[int, member("Length of the step in hours.", 3)]
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
    precipitation: Annotated[float | None, PRECIPITATION]
    precipitation_probability: Annotated[float | None, CHANCE]
    wind_speed: Annotated[float | None, WIND_SPEED]
    wind_gust: Annotated[float | None, WIND_GUST]
    wind_direction: Annotated[float | None, WIND_DIRECTION]
    condition: Annotated[Condition | None, SKY]
    sunrise: Annotated[Moment | None, member("null on days without.", "2026-11-24T07:33:00Z")]
    sunset: Annotated[Moment | None, member("null on days without.", "2026-11-24T15:59:00Z")]
    moonrise: Annotated[Moment | None, member("null on days without.", "2026-11-24T15:20:00Z")]
    moonset: Annotated[Moment | None, member("null on days without.", "2026-11-24T07:41:00Z")]
    moon_phase: Annotated[float | None, member("0 new, 0.25 first quarter, 0.5 full, 0.75 last quarter.", 0.5)]
    uv_index: Annotated[float | None, UV_INDEX]
    summary: Annotated[str | None, member("In words, in the language asked for.", "Light rain, about 2 mm.")]
    partial: Annotated[bool, member("Whether the forecast covers only a part of the day.", False)]


@dataclass(frozen=True, slots=True)
class Minute:
    """Precipitation intensity foreseen for one minute, in millimetres an hour."""

    time: Annotated[Moment, TIME]
    precipitation: Annotated[float | None, PRECIPITATION]


@dataclass(frozen=True, slots=True)
class Alert:
    """An official warning (CAP: Common Alerting Protocol)."""

    id: Annotated[str, ID]
    event: Annotated[str, member("What is warned of.", "Yellow wind warning")]
    sender: Annotated[str, member("Who warns.", "Met Office")]
    starts_at: Annotated[Moment, member("When it begins.", "2026-11-24T18:00:00Z")]
    ends_at: Annotated[Moment, member("When it ends.", "2026-11-25T06:00:00Z")]
    description: Annotated[str, member("The warning as it was issued.", "Gusts of 60 mph are likely.")]
    tags: Annotated[tuple[str, ...], member("Its kinds.", ["Wind"])]
    truncated: Annotated[bool, member("Whether `description` is cut, after 64 KB.", False)] = False


class Components(TypedDict, total=False):
    """Concentrations, in micrograms per cubic metre."""

    pm2_5: float | None
    pm10: float | None
    o3: float | None
    no2: float | None
    so2: float | None
    co: float | None
    nh3: float | None
    no: float | None


@dataclass(frozen=True, slots=True)
class AirQuality:
    """Air quality: an index with the name of its scale, and concentrations."""

    time: Annotated[Moment, TIME]
    index: Annotated[int | None, member("Of `scale`.", 2)]
    scale: Annotated[str, member("Name of the scale of `index`.", "OpenWeatherMap 1-5")]
    components: Components


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old an answer is. `state` is "fresh", or "stale" once past its lifetime, whatever the cause."""

    state: Annotated[str, STATE]
    source: Annotated[str, member("Who gave it.", "openweathermap", among=("openweathermap", "open-meteo", "demo"))]
    observed_at: Annotated[Moment | None, OBSERVED]
    fetched_at: Annotated[Moment, member("When it was fetched from the source.", "2026-11-24T12:00:00Z")]
    valid_until: Annotated[Moment, member("When it will be asked for again.", "2026-11-24T12:10:00Z")]


@dataclass(frozen=True, slots=True)
class MissingSection:
    """Why a section is not there: `reason` is plan, upstream, quota, offline or not_available."""

    section: Annotated[str, member("Which section is null.", "alerts")]
    reason: Annotated[str, member("Why.", "plan", among=("plan", "upstream", "quota", "offline", "not_available"))]
    detail: Annotated[
        str, member("The same for people.", "OpenWeatherMap's free products do not provide weather warnings.")
    ]
