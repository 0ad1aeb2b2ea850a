"""Make weather/data/basemap-*.bin, the coasts and borders of maps, from Natural Earth: `python .build/basemap.py`.

They come from the npm package world-atlas (npm must be at hand; nothing of it is needed at run time), which holds
Natural Earth 4.1.0 as TopoJSON (https://github.com/topojson/topojson-specification). Lines lose the bends that no map
of ours shows (Douglas and Peucker, 1973), islands the size of a dot go. `weather/web/pages/map/basemap.py` says how a
file is laid out and reads it. The same package gives the same bytes.
"""

import json
import lzma
import shutil
import subprocess
import tarfile
import tempfile
from array import array
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import pairwise
from math import cos, radians
from pathlib import Path
from typing import Any

DATA = Path(__file__).parent.parent / "weather" / "data"
PACKAGE = "world-atlas@2.0.2"
LEVELS = {"110m": (0.1, 0.05, 0.0), "50m": (0.02, 0.02, 0.0), "10m": (0.01, 0.005, 0.0002)}
"""Of each scale, in degrees: how far a line may move, the grid that points lie on, the least area of land (square)."""

MOST = 400 * 2**10
LONGEST_STEP = 2**15 - 1
NOTICE = """basemap-*.bin hold coasts and borders of Natural Earth, https://www.naturalearthdata.com/, which is in the
public domain, taken from the npm package world-atlas 2.0.2 by .build/basemap.py and simplified. Its licence:

"""

Point = tuple[float, float]
Line = list[Point]


def package() -> dict[str, bytes]:
    """The files of the package, by name."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch the map")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        (archive,) = Path(folder).glob("*.tgz")
        with tarfile.open(archive) as packed:
            members = (member for member in packed.getmembers() if member.isfile())
            return {Path(member.name).name: file.read() for member in members if (file := packed.extractfile(member))}


def arcs_of(topology: dict[str, Any]) -> list[Line]:
    """The arcs in degrees: longitude, latitude."""
    (scale_x, scale_y), (left, bottom) = topology["transform"]["scale"], topology["transform"]["translate"]
    arcs = []
    for steps in topology["arcs"]:
        x = y = 0
        arc = []
        for step_x, step_y in steps:
            x, y = x + step_x, y + step_y
            arc.append((x * scale_x + left, y * scale_y + bottom))
        arcs.append(arc)
    return arcs


def simplified(line: Line, tolerance: float) -> Line:
    """The line without the points that lie within the tolerance of what is left."""
    kept = {0, len(line) - 1}
    spans = [(0, len(line) - 1)]
    while spans:
        first, last = spans.pop()
        bends = ((off(line[i], line[first], line[last]), i) for i in range(first + 1, last))
        away, index = max(bends, default=(0.0, 0))
        if away > tolerance:
            kept.add(index)
            spans += [(first, index), (index, last)]
    return [line[i] for i in sorted(kept)]


def off(point: Point, start: Point, end: Point) -> float:
    """How far a point is from a segment."""
    (x, y), (x0, y0), (x1, y1) = point, start, end
    east, north = x1 - x0, y1 - y0
    length = east * east + north * north
    part = max(0.0, min(1.0, ((x - x0) * east + (y - y0) * north) / length)) if length else 0.0
    return float(((x - x0 - part * east) ** 2 + (y - y0 - part * north) ** 2) ** 0.5)


def numbers(arcs: Any) -> Iterator[int]:
    """The numbers of all arcs of a geometry; one that runs backwards is the complement."""
    for one in arcs:
        yield from numbers(one) if isinstance(one, list) else (max(one, ~one),)


def borders(topology: dict[str, Any], arcs: list[Line]) -> Iterator[Line]:
    """The arcs that two countries share."""
    geometries = topology["objects"]["countries"]["geometries"]
    uses = Counter(number for one in geometries for number in numbers(one.get("arcs", [])))
    return (arcs[number] for number, count in sorted(uses.items()) if count > 1)


def rings(topology: dict[str, Any], arcs: list[Line]) -> Iterator[Line]:
    """The outlines of land, and of the water in it."""
    for geometry in topology["objects"]["land"]["geometries"]:
        for polygon in geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]:
            for numbers in polygon:
                parts = [arcs[n] if n >= 0 else arcs[~n][::-1] for n in numbers]
                yield closed(unwound([point for part in parts for point in part[:-1]] + [parts[-1][-1]]))


def unwound(line: Line) -> Line:
    """The line without leaps: across the antimeridian its longitudes go on, beyond 180 degrees."""
    told, turn = [line[0]], 0
    for (x0, _), (x, y) in pairwise(line):
        turn += 360 * ((x0 - x > 180) - (x - x0 > 180))
        told.append((x + turn, y))
    return told


def closed(ring: Line) -> Line:
    """The ring; where it goes round a pole, by way of the edge of the map."""
    (x0, y0), (x1, _) = ring[0], ring[-1]
    if abs(x1 - x0) < 180:
        return ring
    pole = 90.0 if y0 > 0 else -90.0
    steps = [x1 + (x0 - x1) * n / 8 for n in range(9)]
    return [*ring, *((x, pole) for x in steps), ring[0]]


def area(ring: Line) -> float:
    """Square degrees, as wide as they are at the equator."""
    doubled = sum(x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in pairwise(ring))
    return float(abs(doubled) / 2 * cos(radians(ring[0][1])))


def laid_out(lines: Iterable[Line], grid: float) -> tuple["array[int]", "array[int]", "array[int]"]:
    """How many points each line has, and the steps from one to the next; the first is counted from nought."""
    counts, xs, ys = array("I"), array("h"), array("h")
    for line in lines:
        x0 = y0 = count = 0
        for x, y in ((round(x / grid), round(y / grid)) for x, y in line):
            for step_x, step_y in steps(x - x0, y - y0) if count == 0 or (x, y) != (x0, y0) else ():
                xs.append(step_x)
                ys.append(step_y)
                count += 1
            x0, y0 = x, y
        counts.append(count)
    return counts, xs, ys


def steps(x: int, y: int) -> Iterator[tuple[int, int]]:
    """One step, or as many as sixteen bits need."""
    parts = -(-max(abs(x), abs(y), 1) // LONGEST_STEP)
    for n in range(parts):
        yield x * (n + 1) // parts - x * n // parts, y * (n + 1) // parts - y * n // parts


def packed(topology: dict[str, Any], tolerance: float, grid: float, least: float) -> bytes:
    arcs = [simplified(arc, tolerance) for arc in arcs_of(topology)]
    land = [ring for ring in rings(topology, arcs) if area(ring) >= least and len(ring) > 3]
    lines = [unwound(line) for line in borders(topology, arcs)]
    counts, xs, ys = laid_out([*land, *lines], grid)
    head = array("I", [round(1 / grid), len(land), len(counts)])
    return lzma.compress(b"".join(part.tobytes() for part in (head, counts, xs, ys)), preset=9 | lzma.PRESET_EXTREME)


def main() -> None:
    files = package()
    made = {scale: packed(json.loads(files[f"countries-{scale}.json"]), *how) for scale, how in LEVELS.items()}
    assert sum(map(len, made.values())) <= MOST, {scale: len(data) for scale, data in made.items()}  # noqa: S101
    for scale, data in made.items():
        (DATA / f"basemap-{scale}.bin").write_bytes(data)
        print(f"basemap-{scale}.bin: {len(data):,} bytes")
    (DATA / "LICENSE-naturalearth.txt").write_text(NOTICE + files["LICENSE"].decode())


if __name__ == "__main__":
    main()
