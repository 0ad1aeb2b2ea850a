"""The weather itself, as every door tells it.

Inside the program one unit stands for each quantity: degrees Celsius, metres per second, millimetres, hectopascals,
metres, per cent, degrees from north. A field's metadata names its quantity, and `units.convert` turns a whole value
into the units of a reader. Times are aware datetimes in the place's own zone. What is not known is None: never a
zero, never a guess.
"""

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone, tzinfo
from typing import TypedDict
from zoneinfo import ZoneInfo

LONGEST_LABEL, LONGEST_TEXT = 80, 6000
JOINERS = "\u200c\u200d"
"""Part of how Persian and Indic names are spelled."""

DEGREES = re.compile(r"[+-]?(\d{1,3}(\.\d{0,30})?|\.\d{1,30})([eE]-\d{1,3})?", re.ASCII)
"""With an exponent below zero, for so programs write numbers close to it."""


def quantity(name: str) -> dict[str, str]:
    """Field metadata: which quantity the number measures (`units` knows how to convert it)."""
    return {"quantity": name}


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
        return f"{degrees(self.latitude)},{degrees(self.longitude)}"


def degrees(number: float) -> str:
    """Degrees as text: no zero or sign that says nothing."""
    return f"{number + 0.0:.10g}"


def read_degrees(text: str) -> float:
    """Degrees from text such as "51.50", "+7" or "-.5". Raises ValueError for anything else."""
    if not DEGREES.fullmatch(text):
        raise ValueError("not a number of degrees")
    return float(text)


@dataclass(frozen=True, slots=True)
class Place:
    """Somewhere on Earth. `timezone` is an IANA name, or a fixed offset such as "+05:45" where no zone is known."""

    name: str | None
    country: str | None
    state: str | None
    latitude: float
    longitude: float
    timezone: str

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


def label(text: str | None) -> str | None:
    """A name fit to be shown: one short line without control and direction marks; None for none."""
    if not text:
        return None
    return " ".join(clean(text[:400]).split())[:LONGEST_LABEL].rstrip() or None


def paragraph(text: str | None) -> str:
    """A text of several lines fit to be shown: none but known characters, and bounded; "" for none."""
    lines = (" ".join(clean(line).split()) for line in (text or "")[:LONGEST_TEXT].splitlines())
    return "\n".join(lines).strip()


def clean(text: str) -> str:
    """Without control and direction marks, or what no letter is."""
    visible = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return "".join(c for c in visible if c in JOINERS or unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))


def fixed_offset(seconds: int) -> str:
    """The name, as in `Place.timezone`, of a fixed offset from UTC in seconds."""
    minutes = abs(seconds) // 60
    return f"{'-' if seconds < 0 else '+'}{minutes // 60:02}:{minutes % 60:02}"


@dataclass(frozen=True, slots=True)
class Condition:
    """What the sky does. `code` and `icon` are OpenWeatherMap's (https://openweathermap.org/weather-conditions)."""

    code: int
    group: str
    text: str
    icon: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Conditions:
    """The weather at a time."""

    time: datetime
    temperature: float | None = field(metadata=quantity("temperature"))
    feels_like: float | None = field(metadata=quantity("temperature"))
    dew_point: float | None = field(metadata=quantity("temperature"))
    humidity: float | None
    pressure: float | None = field(metadata=quantity("pressure"))
    wind_speed: float | None = field(metadata=quantity("wind_speed"))
    wind_gust: float | None = field(metadata=quantity("wind_speed"))
    wind_direction: float | None
    cloud_cover: float | None
    visibility: float | None = field(metadata=quantity("distance"))
    uv_index: float | None
    precipitation: float | None = field(metadata=quantity("precipitation"))
    condition: Condition | None
    is_day: bool | None


@dataclass(frozen=True, slots=True, kw_only=True)
class CurrentConditions(Conditions):
    """The weather now. `basis`: "observation", or read from a "forecast".

    Precipitation fell in the hour before; as far as a forecast tells it, it is the rate of an hour now.
    """

    basis: str = "observation"


@dataclass(frozen=True, slots=True, kw_only=True)
class HourlyForecast(Conditions):
    """The weather foreseen for a time; precipitation is the sum of the `interval` hours before it."""

    interval: int
    precipitation_probability: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class DailyForecast:
    """One calendar day of the place; `partial` when the forecast does not cover all of its hours.

    Sunrise and sunset, moonrise and moonset are None on days without one (polar day and night; about once a month
    for the moon). `moon_phase`: 0 new, 0.25 first quarter, 0.5 full, 0.75 last quarter.
    """

    date: date
    temperature_min: float | None = field(metadata=quantity("temperature"))
    temperature_max: float | None = field(metadata=quantity("temperature"))
    precipitation: float | None = field(metadata=quantity("precipitation"))
    precipitation_probability: float | None
    wind_speed: float | None = field(metadata=quantity("wind_speed"))
    wind_gust: float | None = field(metadata=quantity("wind_speed"))
    wind_direction: float | None
    condition: Condition | None
    sunrise: datetime | None
    sunset: datetime | None
    moonrise: datetime | None
    moonset: datetime | None
    moon_phase: float | None
    uv_index: float | None
    summary: str | None
    partial: bool


@dataclass(frozen=True, slots=True)
class Minute:
    """Precipitation intensity foreseen for one minute, in millimetres an hour."""

    time: datetime
    precipitation: float | None = field(metadata=quantity("precipitation"))


@dataclass(frozen=True, slots=True)
class Alert:
    """An official warning (CAP: Common Alerting Protocol)."""

    id: str
    event: str
    sender: str
    starts_at: datetime
    ends_at: datetime
    description: str
    tags: tuple[str, ...]


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

    time: datetime
    index: int | None
    scale: str
    components: Components


@dataclass(frozen=True, slots=True)
class Freshness:
    """How old an answer is. `state` is "fresh", or "stale" once past its lifetime, whatever the cause."""

    state: str
    source: str
    observed_at: datetime | None
    fetched_at: datetime
    valid_until: datetime


@dataclass(frozen=True, slots=True)
class Missing:
    """Why a section is not there: `reason` is plan, upstream, quota, offline or not_available."""

    section: str
    reason: str
    detail: str
