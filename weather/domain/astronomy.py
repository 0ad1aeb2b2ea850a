"""Sun and moon over a place, reckoned here: no upstream is asked, so they are there offline and for any day.

Positions are astronomy-engine's (https://github.com/cosinekitty/astronomy), good to one arc minute, four seconds of
the sky's turning. Seen from the Earth's centre they are the same for all: so the library is asked for one every other
day, of the moon every half day, and what a place sees between is worked out here, to a fifth of an arc second. A local
day is [00:00, next 00:00) of its zone, however long. An event belongs to the day in which its time falls once rounded
to the minute. On the rare day with two of a kind, far north or south, the first rise and the last set are told. The
horizon is the sea's, seen from sea level.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import lru_cache
from itertools import pairwise
from math import atan2, cos, hypot, pi, radians, sin

import astronomy  # type: ignore[import-untyped]

from weather.domain.model import Coordinates

TURN = 2 * pi
EQUATOR, POLE = 6378.137, 6356.752  # the Earth's radii, in km (WGS 84)

_EPOCH = datetime(2000, 1, 1, 12, tzinfo=UTC)  # days of UT are counted from here, as the library does
_DAY = timedelta(days=1)
_HALF_MINUTE = timedelta(seconds=30)
_SECOND, _MINUTE = 1 / 86400, 1 / 1440  # in days


@dataclass(frozen=True, slots=True)
class Sun:
    """The sun of one local day; None for what does not happen. Neither does in polar day or night: see `is_day`."""

    sunrise: datetime | None
    sunset: datetime | None


@dataclass(frozen=True, slots=True)
class Moon:
    """The moon of one local day. `phase`, at noon, goes 0 new, 0.25 first quarter, 0.5 full, 0.75 last quarter, 1."""

    moonrise: datetime | None
    moonset: datetime | None
    phase: float


def sun(at: Coordinates, day: date, tz: tzinfo) -> Sun:
    """When the sun's upper limb crosses the horizon that day, to the minute, in `tz`. Never raises."""
    return Sun(*_events(SUN, at, day, tz))


def sunlight(at: Coordinates, day: date, tz: tzinfo) -> float | None:
    """Seconds from sunrise to sunset of that day, not rounded; None where there is not each, in this order."""
    rise, fall = _crossings(SUN, at, day, tz)
    return (fall - rise) * 86400 if rise is not None and fall is not None and rise < fall else None


def moon(at: Coordinates, day: date, tz: tzinfo) -> Moon:
    """When the moon's upper limb crosses the horizon that day, to the minute, in `tz`, and its phase. Never raises."""
    moonrise, moonset = _events(MOON, at, day, tz)
    cosine, sine = PHASE.at(_ut(_clock(day, tz, 12)))
    return Moon(moonrise, moonset, atan2(sine, cosine) / TURN % 1)


def is_day(at: Coordinates, moment: datetime) -> bool:
    """Whether the sun's upper limb is above the horizon at `moment`, an aware datetime."""
    return _View(SUN, at).height(_ut(moment)) > 0


def twilight(at: Coordinates, day: date, tz: tzinfo) -> tuple[datetime | None, datetime | None]:
    """When civil twilight begins and ends that day (the sun's middle 6° below the horizon), to the minute, in `tz`."""
    return _events(TWILIGHT, at, day, tz)


def noon(at: Coordinates, day: date, tz: tzinfo) -> datetime:
    """When the sun is highest that day: the transit of the meridian nearest to noon by the clock, to the minute."""
    ut = _ut(_clock(day, tz, 12))
    for _ in range(3):  # the sun moves by less than a second of time in what the first leaves
        x, y, _z = SUN.track.at(ut)
        past = (TURN * ut + radians(at.longitude) - atan2(y, x) + pi) % TURN - pi
        ut -= past / TURN
    return (_EPOCH + timedelta(days=ut) + _HALF_MINUTE).astimezone(tz).replace(second=0, microsecond=0)


def nights(at: Coordinates, start: datetime, end: datetime) -> list[tuple[datetime, datetime]]:
    """The spans between two moments in which the sun's upper limb is below the horizon, in UTC."""
    view, first, last = _View(SUN, at), _ut(start), _ut(end)
    edges = [first, *(ut for ut, _ in view.crossings(first, last)), last]
    moments = [_EPOCH + timedelta(days=ut) for ut in edges]
    return list(pairwise(moments))[1 if view.height(first) > 0 else 0 :: 2]


@dataclass(frozen=True, slots=True, eq=False)
class _Track:
    """Numbers that change smoothly: computed by the library at every `step` days of UT, interpolated between."""

    compute: Callable[[float], tuple[float, ...]]
    step: float

    def at(self, ut: float) -> list[float]:
        n = round(ut / self.step)
        s = ut / self.step - n
        return [(((e * s + d) * s + c) * s + b) * s + a for a, b, c, d, e in _quartics(self, n)]


@lru_cache(maxsize=256)
def _quartics(track: _Track, n: int) -> list[tuple[float, ...]]:
    """For each of the numbers a polynomial in steps from the `n`th, lowest power first."""
    return [_quartic(*samples) for samples in zip(*(_computed(track, n + step) for step in range(-2, 3)), strict=True)]


@lru_cache(maxsize=256)
def _computed(track: _Track, n: int) -> tuple[float, ...]:
    return track.compute(n * track.step)


def _quartic(y1: float, y2: float, y3: float, y4: float, y5: float) -> tuple[float, ...]:
    """Interpolation from five values (Meeus, Astronomical Algorithms, formula 3.8), ordered by powers."""
    a, b, c, d = y2 - y1, y3 - y2, y4 - y3, y5 - y4
    e, f, g = b - a, c - b, d - c
    h, j = f - e, g - f
    k = j - h
    return y3, (b + c) / 2 - (h + j) / 12, f / 2 - k / 24, (h + j) / 12, k / 24


def _sun(ut: float) -> tuple[float, ...]:
    return _turned(astronomy.GeoVector(astronomy.Body.Sun, astronomy.Time(ut), True))


def _moon(ut: float) -> tuple[float, ...]:
    return _turned(_geo_moon(ut))


@lru_cache(maxsize=256)  # for position and phase
def _geo_moon(ut: float) -> astronomy.Vector:
    return astronomy.GeoMoon(astronomy.Time(ut))


def _turned(seen: astronomy.Vector) -> tuple[float, ...]:
    """Where it is from the Earth's centre, in km, on axes that turn with the clock, so that it moves slowly on them.

    z points to the north pole of that day, x to where it is noon by the clock.
    """
    ofdate = astronomy.RotateVector(astronomy.Rotation_EQJ_EQD(seen.t), seen)
    angle = radians(15 * astronomy.SiderealTime(seen.t)) - TURN * seen.t.ut
    x, y, z = (part * astronomy.KM_PER_AU for part in (ofdate.x, ofdate.y, ofdate.z))
    return x * cos(angle) + y * sin(angle), y * cos(angle) - x * sin(angle), z


def _phase(ut: float) -> tuple[float, ...]:
    """Cosine and sine of the moon's longitude from the sun's."""
    seen = _geo_moon(ut)
    light = astronomy.GeoVector(astronomy.Body.Sun, seen.t, False)
    angle = radians(astronomy.Ecliptic(seen).elon - astronomy.Ecliptic(light).elon)
    return cos(angle), sin(angle)


@dataclass(frozen=True, slots=True)
class _Body:
    """What rises and sets: where it is, its radius in km, and how much it is lifted at the horizon, in radians."""

    track: _Track
    radius: float
    lift: float


# By 34' of refraction, and the sun by a radius of 16' all year, as in every almanac
# (https://aa.usno.navy.mil/faq/RST_defs).
SUN = _Body(_Track(_sun, 2.0), 0.0, radians(50 / 60))
TWILIGHT = _Body(SUN.track, 0.0, radians(6))
MOON = _Body(_Track(_moon, 0.5), 1738.1, radians(34 / 60))
PHASE = _Track(_phase, 0.5)


class _View:
    """A body as a place sees it. Moments are days of UT."""

    __slots__ = "bend", "body", "cosine", "longitude", "out", "sine", "up"

    def __init__(self, body: _Body, at: Coordinates) -> None:
        latitude, self.longitude = radians(at.latitude), radians(at.longitude)
        self.body, self.cosine, self.sine = body, cos(latitude), sin(latitude)
        # How far the place is from the Earth's axis, and how far north of the equator's plane (Meeus, chapter 11).
        level = hypot(EQUATOR * self.cosine, POLE * self.sine)
        self.out, self.up = EQUATOR**2 * self.cosine / level, POLE**2 * self.sine / level
        # The most that the slope of `height` changes by in a day: it is a daily wave of no more than the cosine, and
        # what the moon moves north or south by itself bends it by less than 0.04.
        self.bend = TURN**2 * self.cosine + 0.1

    def height(self, ut: float) -> float:
        """The sine of its altitude, less the sine when its upper limb is on the horizon; nought at rise and set."""
        x, y, z = self.body.track.at(ut)
        angle = TURN * ut + self.longitude
        toward, aside = cos(angle), sin(angle)
        out, across, up = x * toward + y * aside - self.out, y * toward - x * aside, z - self.up
        far = hypot(out, across, up)
        return (out * self.cosine + up * self.sine) / far + sin(self.body.lift + self.body.radius / far)

    def crossings(self, start: float, end: float) -> list[tuple[float, bool]]:
        """When it passes the horizon, and whether upwards, in order."""
        return self._between(start, self.height(start), end, self.height(end))

    def _between(self, start: float, low: float, end: float, high: float) -> list[tuple[float, bool]]:
        """Those of a stretch with these heights at its ends: halved until one or none is certain, or it is short."""
        span, passes = end - start, (low > 0) != (high > 0)
        strays = self.bend * span * span / 8  # as far as it can be from the straight line between the ends
        if passes and (abs(high - low) > 4 * strays or span < _MINUTE):  # too steep to turn back
            return [(self._root(start, low, end, high), high > 0)]
        if not passes and (min(abs(low), abs(high)) > strays or span < _MINUTE):
            return []
        middle = (start + end) / 2
        at = self.height(middle)
        return self._between(start, low, middle, at) + self._between(middle, at, end, high)

    def _root(self, start: float, low: float, end: float, high: float) -> float:
        """By false position; an end that stays counts less (Anderson and Björck, BIT 13, 1973)."""
        while True:
            ut = end - high * (end - start) / (high - low)
            if abs(ut - end) < _SECOND / 10:
                return ut
            at = self.height(ut)
            if (at > 0) == (high > 0):
                low *= 1 - at / high if at / high < 1 else 0.5
            else:
                start, low = end, high
            end, high = ut, at


def _events(body: _Body, at: Coordinates, day: date, tz: tzinfo) -> tuple[datetime | None, datetime | None]:
    rise, fall = _crossings(body, at, day, tz)
    return _to_minute(rise, tz), _to_minute(fall, tz)


def _crossings(body: _Body, at: Coordinates, day: date, tz: tzinfo) -> tuple[float | None, float | None]:
    # Half a minute early at both ends: exactly what rounds into the day is the day's, and nothing is told twice.
    start, end = (_ut(_clock(midnight, tz)) - _HALF_MINUTE / _DAY for midnight in (day, day + _DAY))
    crossings = _View(body, at).crossings(start, end)
    rise = next((ut for ut, upwards in crossings if upwards), None)
    fall = next((ut for ut, upwards in reversed(crossings) if not upwards), None)
    return rise, fall


def _clock(day: date, tz: tzinfo, hour: int = 0) -> datetime:
    return datetime.combine(day, time(hour), tz)


def _ut(moment: datetime) -> float:
    return (moment - _EPOCH) / _DAY


def _to_minute(ut: float | None, tz: tzinfo) -> datetime | None:
    """Half up, on the clock of `tz`: some zones were once off UTC by odd seconds."""
    if ut is None:
        return None
    return (_EPOCH + timedelta(days=ut) + _HALF_MINUTE).astimezone(tz).replace(second=0, microsecond=0)
