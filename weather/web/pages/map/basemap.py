"""Coasts and borders as paths of a view, out of files that `.build/basemap.py` makes of Natural Earth.

A file is packed by LZMA; all its numbers are little-endian. First three of 32 bits: points to a degree, rings of land,
lines in all. Then 32 bits for each line: how many points it has. Then the steps from point to point, 16 bits each: all
of longitude, then all of latitude; a line's first step is counted from nought. Rings of land are closed; after them
come the borders. Longitudes of a line that crosses the antimeridian go on beyond 180.
"""

import lzma
import sys
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate, pairwise
from pathlib import Path
from typing import NamedTuple

from weather.web.pages.map.projection import HEIGHT, WIDTH, View, world, x_of, y_of
from weather.web.view.meteogram.geometry import Point, short

DATA = Path(__file__).resolve().parent.parent.parent.parent / "data"
SCALES = ((3, "110m"), (5, "50m"), (8, "10m"))
"""Up to which zoom which file is used."""

SPARE = 8.0
"""Units beyond the view to which lines are drawn, so that no cut is seen."""

FINEST = 0.7
"""Units that a point must lie from the one before it to be drawn."""


class Line(NamedTuple):
    """Points in parts of the world's width, from its upper left corner, and the box around them: left to bottom."""

    xs: Sequence[float]
    ys: Sequence[float]
    box: tuple[float, float, float, float]


class Basemap(NamedTuple):
    """Outlines of land, and borders between countries."""

    land: Sequence[Line]
    borders: Sequence[Line]


class Outlines(NamedTuple):
    """The paths of a view: land, to be filled by the rule "evenodd", and borders."""

    land: str
    borders: str


@lru_cache(64)
def outlines(view: View) -> Outlines:
    """What the view shows of land and borders."""
    here = load(next(scale for zoom, scale in SCALES if view.zoom <= zoom))
    land = (cut(run) for run in drawn(here.land, view))
    return Outlines(
        "".join(f"{path(ring)}z" for ring in land if len(ring) > 2),
        "".join(path(part) for run in drawn(here.borders, view) for part in inside(run)),
    )


@cache
def load(scale: str) -> Basemap:
    """The file of that scale: 110m, 50m or 10m."""
    data = lzma.decompress((DATA / f"basemap-{scale}.bin").read_bytes())
    grid, rings, count = numbers("I", data[:12])
    counts = numbers("I", data[12 : 12 + 4 * count])
    total = sum(counts)
    xs, ys = (numbers("h", data[12 + 4 * count + 2 * total * n :][: 2 * total]) for n in range(2))
    lines, at = [], 0
    for length in counts:
        longitudes, latitudes = (accumulate(steps[at : at + length]) for steps in (xs, ys))
        lines.append(line_of([x / grid for x in longitudes], [y / grid for y in latitudes]))
        at += length
    return Basemap(lines[:rings], lines[rings:])


def line_of(longitudes: Iterable[float], latitudes: Iterable[float]) -> Line:
    """A line from its points in degrees."""
    xs = array("d", (x_of(longitude, 0) / world(0) for longitude in longitudes))
    ys = array("d", (y_of(latitude, 0) / world(0) for latitude in latitudes))
    return Line(xs, ys, (min(xs), max(xs), min(ys), max(ys)))


def numbers(kind: str, data: bytes) -> "array[int]":
    values = array(kind)
    values.frombytes(data)
    if sys.byteorder == "big":
        values.byteswap()
    return values


def drawn(lines: Iterable[Line], view: View) -> Iterator[list[Point]]:
    """The lines that touch the view, in its units, on each turn of the world; without points that nobody sees."""
    size = world(view.zoom)
    left, right, top, bottom = view.left, view.left + WIDTH, view.top, view.top + HEIGHT
    for xs, ys, (first, last, high, low) in lines:
        if low * size < top or high * size > bottom:
            continue
        for turn in (-1, 0, 1):
            if (first + turn) * size <= right and (last + turn) * size >= left:
                shift = left - turn * size
                yield thinned([(x * size - shift, y * size - top) for x, y in zip(xs, ys, strict=True)])


def thinned(run: Sequence[Point]) -> list[Point]:
    """The run without points that are too near to the one before; its last one stays."""
    points = [run[0]]
    for x, y in run[1:-1]:
        x0, y0 = points[-1]
        if abs(x - x0) >= FINEST or abs(y - y0) >= FINEST:
            points.append((x, y))
    return [*points, run[-1]]


def cut(ring: Sequence[Point]) -> list[Point]:
    """What of a closed ring lies in the view and a little around it (Sutherland and Hodgman, 1974)."""
    edges = ((0, -SPARE, 1.0), (0, WIDTH + SPARE, -1.0), (1, -SPARE, 1.0), (1, HEIGHT + SPARE, -1.0))
    left = list(ring)
    for axis, edge, sign in edges:
        left = list(beyond(left, axis, edge, sign))
    return left


def beyond(ring: Sequence[Point], axis: int, edge: float, sign: float) -> Iterator[Point]:
    """The ring on that side of an edge, with the points where it crosses it."""
    before = ring[-1] if ring else (0.0, 0.0)
    for point in ring:
        a, b = sign * (before[axis] - edge), sign * (point[axis] - edge)
        if (a >= 0) != (b >= 0):
            part = a / (a - b)
            yield before[0] + part * (point[0] - before[0]), before[1] + part * (point[1] - before[1])
        if b >= 0:
            yield point
        before = point


def inside(run: Sequence[Point]) -> Iterator[list[Point]]:
    """The parts of a line that may be seen: those of its pieces whose box touches the view."""
    part: list[Point] = []
    for start, end in pairwise(run):
        if touches(start, end):
            part = part or [start]
            part.append(end)
        elif part:
            yield part
            part = []
    if part:
        yield part


def touches(start: Point, end: Point) -> bool:
    (x0, y0), (x1, y1) = start, end
    is_beside = max(x0, x1) < -SPARE or min(x0, x1) > WIDTH + SPARE
    return not is_beside and max(y0, y1) >= -SPARE and min(y0, y1) <= HEIGHT + SPARE


def path(run: Sequence[Point]) -> str:
    """A path of straight lines."""
    return "M" + " ".join(f"{short(x)} {short(y)}" for x, y in run)
