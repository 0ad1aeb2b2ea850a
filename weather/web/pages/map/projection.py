"""Web Mercator, the projection of map tiles: degrees to pixels of the whole world and back. Pure.

At zoom z the world is a square of 2^z by 2^z tiles, its upper left corner at 180° west, 85.05° north
(https://wiki.openstreetmap.org/wiki/Slippy_map_tilenames). A tile is drawn TILE units wide, twice what its pixels are:
weather is smooth, and a view costs a quarter of the tiles.
"""

import math
from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from weather.domain.model import Coordinates

TILE = 512.0
WIDTH, HEIGHT = 512.0, 416.0
"""Of a view: at most four tiles cover it."""

LEAST_ZOOM, MOST_ZOOM, USUAL_ZOOM = 1, 8, 6
EDGE = math.degrees(math.atan(math.sinh(math.pi)))
"""The latitude at which the square ends."""


class Tile(NamedTuple):
    """A tile, by column and row of its zoom, and where in the view its upper left corner is."""

    zoom: int
    column: int
    row: int
    x: float
    y: float


def world(zoom: int) -> float:
    """Width of the world in units."""
    return float(TILE * 2**zoom)


def x_of(longitude: float, zoom: int) -> float:
    return (longitude + 180) / 360 * world(zoom)


def y_of(latitude: float, zoom: int) -> float:
    """From the north down; a latitude beyond the edge is on it."""
    held = math.radians(max(-EDGE, min(EDGE, latitude)))
    return (1 - math.asinh(math.tan(held)) / math.pi) / 2 * world(zoom)


def longitude_of(x: float, zoom: int) -> float:
    """From -180 up to 180, however many times round the world."""
    return x / world(zoom) * 360 % 360 - 180


def latitude_of(y: float, zoom: int) -> float:
    return math.degrees(math.atan(math.sinh(math.pi * (1 - 2 * y / world(zoom)))))


@dataclass(frozen=True, slots=True)
class View:
    """A part of the world, WIDTH by HEIGHT, by its upper left corner in the units of a zoom. x may be below 0."""

    zoom: int
    left: float
    top: float

    @property
    def world(self) -> float:
        """Width of the world in its units."""
        return world(self.zoom)

    def at(self, place: Coordinates) -> tuple[float, float]:
        """Where in the view a place is, on that turn of the world that is nearest to its middle."""
        x = x_of(place.longitude, self.zoom) - self.left
        turns = math.floor((x - WIDTH / 2) / world(self.zoom) + 0.5)
        return x - turns * world(self.zoom), y_of(place.latitude, self.zoom) - self.top

    def holds(self, place: Coordinates) -> bool:
        """Whether it shows a place; what lies beyond the edge of the map it does not."""
        x, y = self.at(place)
        return abs(place.latitude) <= EDGE and 0 <= x <= WIDTH and 0 <= y <= HEIGHT

    def place_at(self, x: float, y: float) -> Coordinates:
        """The cell at a point of the view."""
        return Coordinates(latitude_of(self.top + y, self.zoom), longitude_of(self.left + x, self.zoom)).rounded()

    def moved(self, right: int, down: int) -> Coordinates:
        """The middle of the view that lies half a view further on."""
        return self.place_at(WIDTH / 2 * (1 + right), HEIGHT / 2 * (1 + down))

    def can_move(self, down: int) -> bool:
        """Whether there is more world above (-1) or below (1)."""
        return self.top > 0 if down < 0 else self.top + HEIGHT < world(self.zoom)

    def tiles(self) -> Iterator[Tile]:
        """The tiles that cover it, row by row."""
        count = 2**self.zoom
        for row in range(math.floor(self.top / TILE), math.ceil((self.top + HEIGHT) / TILE)):
            for column in range(math.floor(self.left / TILE), math.ceil((self.left + WIDTH) / TILE)):
                x, y = (round(place, 1) for place in (column * TILE - self.left, row * TILE - self.top))
                yield Tile(self.zoom, column % count, row, x, y)

    @property
    def bounds(self) -> tuple[float, float, float, float]:
        """South, north, west, east; east is beyond 180 where the antimeridian lies between, west may be below -180."""
        west, east = (x / world(self.zoom) * 360 - 180 for x in (self.left, self.left + WIDTH))
        south, north = (latitude_of(y, self.zoom) for y in (self.top + HEIGHT, self.top))
        return south, north, west, east


def view_of(middle: Coordinates, zoom: int) -> View:
    """The view around a place; near the edge of the map it ends there."""
    left, top = x_of(middle.longitude, zoom) - WIDTH / 2, y_of(middle.latitude, zoom) - HEIGHT / 2
    return View(zoom, left, max(0.0, min(world(zoom) - HEIGHT, top)))
