"""Open-Meteo's quarter hours: what falls in them, and where they are more than hours cut in four. Pure."""

from datetime import datetime, tzinfo
from math import cos, pi, radians, sin, tan

from weather.domain.model import Coordinates, NowcastStep
from weather.domain.rounding import cleaned
from weather.providers.openmeteo.endpoints import NUMBERS, QUARTERS
from weather.providers.openmeteo.plausible import known
from weather.providers.openmeteo.wire import Answer, now, quarters

QUARTER = 900
AN_HOUR = 4  # quarter hours

Box = tuple[tuple[float, float], tuple[float, float]]
"""Degrees from south to north, and from west to east."""

CENTRAL_EUROPE: tuple[Box, ...] = (((43.18, 54.9), (-3.94, 20.34)), ((42.1, 51.32), (-6.18, 8.35)))
"""Where Open-Meteo takes the quarter hours of ICON-D2 and of AROME."""

LOW_COUNTRIES: Box = ((49.35, 53.79), (2.19, 7.66))
"""Where it takes KNMI's model in their place, which has hours; as from 54.9 degrees on MET Norway's."""

EARTH, CONE, MERIDIAN = 6371.229, radians(38.5), radians(-97.5)
SOUTH_WEST, WIDTH, HEIGHT = Coordinates(21.138, -122.72), 3 * 1798, 3 * 1058
"""Kilometres and degrees of HRRR's grid (https://rapidrefresh.noaa.gov/hrrr/), a conformal conic map of the United
States and of what lies about them; its first point, and how far it reaches from there."""


def to_quarters(answer: Answer, at: Coordinates, tz: tzinfo) -> tuple[NowcastStep, ...]:
    """Return the quarter hours from Open-Meteo's own present on, those between that are not known too; () if none is.

    A sum is of the quarter hour before its time.
    """
    since = (now(answer) or {"time": 0.0})["time"] // QUARTER * QUARTER
    fallen = {row["time"]: known("precipitation", row.get(NUMBERS["precipitation"])) for row in quarters(answer)}
    ends = [end for end, amount in fallen.items() if amount is not None and end >= since and end % QUARTER == 0]
    if not ends:
        return ()
    is_made = not has_quarters(at)
    shown = range(int(ends[0]), int(ends[-1]) + 1, QUARTER)[:QUARTERS]
    return tuple(step(end - QUARTER, fallen.get(end), tz, is_interpolated=is_made) for end in shown)


def step(begin: int, fallen: float | None, tz: tzinfo, *, is_interpolated: bool) -> NowcastStep:
    rate = None if fallen is None else cleaned(fallen * AN_HOUR)
    return NowcastStep(datetime.fromtimestamp(begin, tz), QUARTER // 60, rate, is_interpolated)


def has_quarters(at: Coordinates) -> bool:
    """Whether a model that computes quarter hours reaches a point; elsewhere Open-Meteo interpolates hours.

    In Central Europe and North America, says https://open-meteo.com/en/docs; the bounds are those by which it chooses
    a model (Sources/App/Controllers/ForecastapiController.swift of open-meteo/open-meteo).
    """
    return is_on_hrrr(at) or (any(is_within(at, box) for box in CENTRAL_EUROPE) and not is_within(at, LOW_COUNTRIES))


def is_within(at: Coordinates, box: Box) -> bool:
    (south, north), (west, east) = box
    return south <= at.latitude < north and west <= at.longitude < east


def is_on_hrrr(at: Coordinates) -> bool:
    """Whether HRRR's grid has the point."""
    if at.latitude <= -90:
        return False
    (x, y), (left, bottom) = on_map(at), on_map(SOUTH_WEST)
    return 0 <= x - left <= WIDTH and 0 <= y - bottom <= HEIGHT


def on_map(at: Coordinates) -> tuple[float, float]:
    """Kilometres east and north on the map (Snyder, Map Projections: USGS 1395, equations 15-1 to 15-4)."""
    grade = sin(CONE)
    spread = EARTH * cos(CONE) * tan(pi / 4 + CONE / 2) ** grade / grade
    radius = spread / tan(pi / 4 + radians(at.latitude) / 2) ** grade
    turn = grade * (radians(at.longitude) - MERIDIAN)
    return radius * sin(turn), -radius * cos(turn)
