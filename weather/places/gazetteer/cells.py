"""The grid by which the gazetteer's file finds what lies around a point. Pure."""

import math
from collections.abc import Iterator

from weather.domain.model import Coordinates

EARTH_RADIUS = 6371.0088  # km, mean
CELLS = 4
"""Cells to a degree."""
ROUND = 360 * CELLS
"""Cells to a circle of latitude."""


def distance(a: Coordinates, b: Coordinates) -> float:
    """Return the great-circle distance in kilometres (haversine)."""
    north, east = math.radians(b.latitude - a.latitude), math.radians(b.longitude - a.longitude)
    level = math.cos(math.radians(a.latitude)) * math.cos(math.radians(b.latitude))
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1, math.sin(north / 2) ** 2 + level * math.sin(east / 2) ** 2)))


def cell_of(latitude: float, longitude: float) -> int:
    """Return the number of the cell in which a point lies, counted from the south-west, eastward, row by row."""
    return math.floor((latitude + 90) * CELLS) * ROUND + math.floor((longitude + 180) * CELLS) % ROUND


def cells_around(coordinates: Coordinates, km: float) -> Iterator[tuple[int, int]]:
    """Yield the first and last numbers of the rows of cells that cover a circle."""
    for south, north, west, east in boxes(coordinates, km):
        for row in range(math.floor((south + 90) * CELLS), math.floor((north + 90) * CELLS) + 1):
            first, last = (min(math.floor((edge + 180) * CELLS), ROUND - 1) for edge in (west, east))
            yield row * ROUND + first, row * ROUND + last


def boxes(coordinates: Coordinates, km: float) -> Iterator[tuple[float, float, float, float]]:
    """Yield the boxes around a circle: south, north, west, east. Across the antimeridian there are two."""
    reach = km / EARTH_RADIUS
    south, north = (coordinates.latitude + math.degrees(side) for side in (-reach, reach))
    if south <= -90 or north >= 90:
        yield max(south, -90), min(north, 90), -180, 180
        return
    width = math.degrees(math.asin(min(1, math.sin(reach) / math.cos(math.radians(coordinates.latitude)))))
    west, east = coordinates.longitude - width, coordinates.longitude + width
    yield south, north, max(west, -180), min(east, 180)
    if west < -180:
        yield south, north, west + 360, 180
    if east > 180:
        yield south, north, -180, east - 360
