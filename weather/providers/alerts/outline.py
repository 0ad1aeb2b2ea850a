"""Outlines of areas, as CAP's polygons have them, and whether a cell touches one. Pure.

A polygon is text: latitude, longitude of each corner, as "49.0,9.0 51.0,9.0 50.0,11.0 49.0,9.0" (CAP 1.2, 3.2.4).
"""

from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from itertools import pairwise
from math import cos, hypot, radians

from msgspec import Struct

from weather.domain.model import Coordinates

Corner = tuple[float, float]
"""Latitude and longitude, in degrees."""

MARGIN = 0.01
"""Degrees beside an outline that count as within: the cell of a point is as wide, and borders are drawn coarsely."""

STEP = 0.003
"""Degrees by which a corner lies from the one before at least: finer ones change less than the margin gives."""

MOST_CORNERS = 50_000


class Outline(Struct, array_like=True, frozen=True):
    """The corners of an area, and its southern, northern, western and eastern end, in degrees."""

    south: float
    north: float
    west: float
    east: float
    corners: list[Corner]


@lru_cache(maxsize=64)  # each language of a warning comes with the same
def outline(text: str) -> Outline | None:
    """Return the outline of a polygon; None if it is none."""
    with suppress(ValueError):
        pairs = [corner.split(",") for corner in text.split(None, MOST_CORNERS)]
        corners = [(round(float(latitude), 4), round(float(longitude), 4)) for latitude, longitude in pairs]
        if len(set(corners)) >= 3 and all(abs(at[0]) <= 90 and abs(at[1]) <= 180 for at in corners):
            latitudes, longitudes = [at[0] for at in corners], [at[1] for at in corners]
            return Outline(min(latitudes), max(latitudes), min(longitudes), max(longitudes), coarse(corners))
    return None


def coarse(corners: list[Corner]) -> list[Corner]:
    """Corners without those near the one before; all of them if too few were left."""
    spaced = corners[:1]
    for corner in corners:
        if max(abs(corner[0] - spaced[-1][0]), abs(corner[1] - spaced[-1][1])) >= STEP:
            spaced.append(corner)
    return spaced if len(set(spaced)) >= 3 else corners


def touches(area: Outline, point: Coordinates) -> bool:
    """Whether a point lies in an outline, or beside it by less than the margin."""
    y, x, width = point.latitude, point.longitude, max(cos(radians(point.latitude)), MARGIN)
    aside = MARGIN / width
    if not (area.south - MARGIN < y < area.north + MARGIN and area.west - aside < x < area.east + aside):
        return False
    edges = list(pairwise([*area.corners, area.corners[0]]))
    return contains(edges, (y, x)) or any(distance((y, x), edge, width) < MARGIN for edge in edges)


def contains(edges: Sequence[tuple[Corner, Corner]], at: Corner) -> bool:
    """Whether a ray from a point crosses an odd number of edges (W. R. Franklin, "PNPOLY")."""
    inside = False
    for (y, x), (far_y, far_x) in edges:
        if (y > at[0]) != (far_y > at[0]):
            inside ^= at[1] < (far_x - x) * (at[0] - y) / (far_y - y) + x
    return inside


def distance(at: Corner, edge: tuple[Corner, Corner], width: float) -> float:
    """From a point to an edge, in degrees of latitude. `width`: how long a degree of longitude is in these."""
    (y, x), (far_y, far_x) = ((corner[0] - at[0], (corner[1] - at[1]) * width) for corner in edge)
    along, across = far_y - y, far_x - x
    length = along**2 + across**2
    share = min(max(-(y * along + x * across) / length, 0.0), 1.0) if length else 0.0
    return hypot(y + share * along, x + share * across)
