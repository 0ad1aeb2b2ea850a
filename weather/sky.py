"""Sun and moon over a place, reckoned here: no upstream is asked, so they are there offline and for any day.

Positions and the search for crossings are astronomy-engine's (https://github.com/cosinekitty/astronomy), good to one
arc minute, four seconds of the sky's turning. A local day is [00:00, next 00:00) of its zone, however long. An event
belongs to the day in which its time falls once rounded to the minute. On the rare day with two of a kind, far north
or south, the first rise and the last set are told. The horizon is the sea's, seen from sea level.
"""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache

import astronomy  # type: ignore[import-untyped]

from weather.model import Coordinates

# Altitude of the sun's centre, in degrees, when its upper limb touches the horizon: 34' of refraction and 16' of
# radius, as in every almanac (https://aa.usno.navy.mil/faq/RST_defs).
SUNRISE_ALTITUDE = -50 / 60

_EPOCH = datetime(2000, 1, 1, 12, tzinfo=UTC)  # the library counts days of UT from here
_DAY = timedelta(days=1)
_HALF_MINUTE = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Sun:
    """The sun of one local day. `polar` is "day" or "night" when it neither rises nor sets, else None."""

    sunrise: datetime | None
    sunset: datetime | None
    polar: str | None


@dataclass(frozen=True, slots=True)
class Moon:
    """The moon of one local day. `phase`, at noon, goes 0 new, 0.25 first quarter, 0.5 full, 0.75 last quarter, 1."""

    moonrise: datetime | None
    moonset: datetime | None
    phase: float


def sun(at: Coordinates, day: date, tz: tzinfo) -> Sun:
    """When the sun's upper limb crosses the horizon that day, to the minute, in `tz`. Never raises."""
    sunrise, sunset = _events(astronomy.Body.Sun, at, day, tz)
    if sunrise or sunset:
        return Sun(sunrise, sunset, None)
    return Sun(None, None, "day" if is_day(at, _clock(day, tz, 12)) else "night")


def moon(at: Coordinates, day: date, tz: tzinfo) -> Moon:
    """When the moon's upper limb crosses the horizon that day, to the minute, in `tz`, and its phase. Never raises."""
    moonrise, moonset = _events(astronomy.Body.Moon, at, day, tz)
    noon = astronomy.Time(_ut(_clock(day, tz, 12)))
    return Moon(moonrise, moonset, astronomy.MoonPhase(noon) / 360)


@lru_cache(maxsize=8192)
def is_day(at: Coordinates, moment: datetime) -> bool:
    """Whether the sun's upper limb is above the horizon at `moment`, an aware datetime."""
    when, where = astronomy.Time(_ut(moment)), _observer(at)
    seen = astronomy.Equator(astronomy.Body.Sun, when, where, ofdate=True, aberration=True)
    sky = astronomy.Horizon(when, where, seen.ra, seen.dec, astronomy.Refraction.Airless)
    return bool(sky.altitude > SUNRISE_ALTITUDE)


def _events(body: astronomy.Body, at: Coordinates, day: date, tz: tzinfo) -> tuple[datetime | None, datetime | None]:
    # Half a minute early at both ends: exactly what rounds into the day is the day's, and nothing is told twice.
    start, end = (_ut(_clock(midnight, tz)) - _HALF_MINUTE / _DAY for midnight in (day, day + _DAY))
    rise = _crossing(body, astronomy.Direction.Rise, at, start, end)
    fall = _crossing(body, astronomy.Direction.Set, at, end, start)
    return _to_minute(rise, tz), _to_minute(fall, tz)


@lru_cache(maxsize=8192)  # a search costs about a millisecond, and every view of a place asks for the same days
def _crossing(
    body: astronomy.Body, direction: astronomy.Direction, at: Coordinates, start: float, end: float
) -> float | None:
    """The crossing nearest to `start` on the way to `end`, forwards or back in time; all in days of UT."""
    search = (body, _observer(at), direction, astronomy.Time(start), end - start)
    if body is astronomy.Body.Sun:
        found = astronomy.SearchAltitude(*search, SUNRISE_ALTITUDE)
    else:
        found = astronomy.SearchRiseSet(*search)
    return found.ut if found else None


def _observer(at: Coordinates) -> astronomy.Observer:
    return astronomy.Observer(at.latitude, at.longitude, 0)


def _clock(day: date, tz: tzinfo, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), tz)


def _ut(moment: datetime) -> float:
    return (moment - _EPOCH) / _DAY


def _to_minute(ut: float | None, tz: tzinfo) -> datetime | None:
    """Half up, on the clock of `tz`: some zones were once off UTC by odd seconds."""
    if ut is None:
        return None
    return (_EPOCH + timedelta(days=ut) + _HALF_MINUTE).astimezone(tz).replace(second=0, microsecond=0)
