"""Make weather/data/icons.json from Meteocons (MIT): `python .build/icons.py`.

The shapes are those of the flat style of the npm package @meteocons/svg-static (npm must be at hand; nothing of it is
needed at run time). Changed: colours are CSS variables, masks are clips (a `style` in them would break our CSP), the
names of layers go, numbers lose what no screen shows. Redrawn is what cannot be read at 24 pixels, such as rain and
snow one pixel wide, or is wrong, such as a gibbous moon with the outline of a crescent. The same package gives the
same bytes.
"""

import gzip
import json
import re
import shutil
import subprocess
import tarfile
import tempfile
import xml.etree.ElementTree as ET
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import groupby
from math import cos, pi, sin
from pathlib import Path

DATA = Path(__file__).parent.parent / "weather" / "data"
PACKAGE = "@meteocons/svg-static@0.1.0"
SVG = "{http://www.w3.org/2000/svg}"
LEAVES = {f"{SVG}circle", f"{SVG}path", f"{SVG}rect"}

INK = "currentColor"
# The package's colours by what they paint; any other is ink, the colour of the text around.
COLOURS = {
    "#F8AF18": "sun", "#F6A823": "bolt", "#72B9D5": "moon", "#E6EFFC": "cloud", "#B0BCCD": "shade",
    "#94A3B8": "shade", "#D6DFE9": "cloud", "#E2E8F0": "cloud", "#2563EB": "rain", "#FCD966": "dust",
    "#F97316": "hot", "#5B3D28": "shade", "#EF4444": "hot", "#F1F5F9": "cloud",
}  # fmt: skip
THINNEST = 5.0
"""Of the 96 units that are seen: a bit more than a pixel at 24."""
GAP = 8
"""Width of the line that parts a bolt or smoke from the cloud behind: half of it shows, as between the clouds."""

ROUND = (("stroke-linecap", "round"), ("stroke-linejoin", "round"))
NOTICE = """icons.json holds symbols made from Meteocons by Bas Milius, https://meteocons.com/, taken from the npm
package @meteocons/svg-static 0.1.0 (flat style) by .build/icons.py, and changed: coloured by CSS variables,
simplified, and redrawn where they could not be read when small. Their licence:
"""

Paint = tuple[tuple[str, str], ...]
Clip = tuple[str, str]


@dataclass(frozen=True)
class Shape:
    """A path, its paint, the layers of the drawing that it is in, the outline with its rule that it is clipped to."""

    d: str
    paint: Paint
    layers: tuple[str, ...] = ()
    clip: Clip | None = None


@dataclass(frozen=True)
class Recipe:
    """A symbol: its file, the part of the drawing that is seen, layers left out, one parted from those behind, more."""

    source: str = ""
    box: str = "16 16 96 96"
    less: tuple[str, ...] = ()
    front: str | None = None
    more: tuple[Shape, ...] = ()


def number(value: float) -> str:
    """A coordinate to a tenth of a unit, a fortieth of a pixel at 24 pixels."""
    return re.sub(r"^(-?)0\.", r"\1.", f"{round(value, 1) + 0.0:g}")


def shortened(d: str) -> str:
    """Path data with rounded numbers and no separator that SVG does not need."""
    tokens = re.findall(r"[A-Za-z]|-?\d*\.?\d+(?:e-?\d+)?", d)
    text = " ".join(token if token.isalpha() else number(float(token)) for token in tokens)
    return re.sub(r" ?([A-Za-z]) ?", r"\1", text).replace(" -", "-").replace("Z", "z")


def colour(name: str) -> str:
    return name if name == INK else f"var(--icon-{name})"


def filled(d: str, name: str) -> Shape:
    return Shape(d, (("fill", colour(name)),))


def lined(d: str, name: str, width: float = 6) -> Shape:
    return Shape(d, (("stroke", colour(name)), ("stroke-width", number(width))))


def disc(x: float, y: float, r: float) -> str:
    return f"M{x - r} {y}a{r} {r} 0 1 0 {2 * r} 0a{r} {r} 0 1 0 {-2 * r} 0z"


def flake(x: float, y: float, r: float = 6.5) -> str:
    """A star of three lines: it stays one where six branches would be a blot."""
    ends = [(r * sin(k * pi / 3), r * cos(k * pi / 3)) for k in range(3)]
    return "".join(f"M{x - east} {y - south}l{2 * east} {2 * south}" for east, south in ends)


def moon(lit: float) -> tuple[Shape, ...]:
    """The part that is lit (negative: of a waning moon), in the outline of the whole, as seen from the north.

    Its edge is half an ellipse. Crescent and gibbous are those of a sixth and a third of the month, to be seen as such.
    """
    edge, limb = 30 * (1 - 2 * abs(lit)), int(lit > 0)
    terminator = f"A{abs(edge)} 30 0 0 {1 - limb if edge > 0 else limb} 64 34z"
    ring = lined(disc(64, 64, 31), "shade", 3)
    return (ring, filled(f"M64 34A30 30 0 0 {limb} 64 94{terminator}", "moon")) if lit else (ring,)


# What peeps out from behind a cloud, moved so that more of it does.
MOVED = {
    "overcast": ("Secondary Cloud", "translate(3 -8)"),
    "mostly-clear-night": ("Moon", "translate(-3 -8)"),
    "partly-cloudy-night": ("Moon", "translate(-2 -4)"),
    "thunderstorms-night": ("Moon", "translate(-2 -4)"),
}
FALLING = "16 24 96 96"
DROPS = lined("M46 97v9M64 102v9M82 97v9", "rain")
POUR = lined("M37 97v13M55 102v13M73 97v13M91 102v13", "rain")
DRIZZLE = lined("M46 98v1M64 104v1M82 98v1M55 112v1M73 112v1", "rain")
FLAKES = lined(flake(44, 101) + flake(64, 107) + flake(84, 101), "snow", 3.5)
BLIZZARD = lined(flake(34, 100) + flake(54, 108) + flake(74, 100) + flake(94, 108), "snow", 3.5)
SLEET = (lined("M45 97v9M83 97v9", "rain"), lined(flake(64, 106), "snow", 3.5))
ICE = (lined("M46 95v8M64 95v8M82 95v8", "rain"), lined("M36 113h56", "snow"))
BESIDE = lined("M40 98v11M88 98v11", "rain")
UV = lined("M45 95v9a7.5 7.5 0 0 0 15 0V95M68 95l8.5 17L85 95", INK)
RISING, SETTING = lined("M50 112l14-11 14 11", INK), lined("M50 101l14 11 14-11", INK)
RING = lined(disc(64, 64, 40), INK, 5)
ARROW = filled("M64 42l15 44-15-9-15 9z", INK)
TRIANGLE = "M89.4 68.5c1-2 4-2 5.2 0l12.1 21c1 2-.2 4.5-2.6 4.5H79.9c-2.3 0-3.8-2.5-2.6-4.5z"
MARK = "M89.8 73.5h4.4l-.7 10.5h-3zM90 86.3h4v4h-4z"
ALERT = Shape(TRIANGLE + MARK, (("fill", INK), ("fill-rule", "evenodd")))

RECIPES = {
    "clear-day": Recipe("clear-day"),
    "clear-night": Recipe("clear-night", "24 24 80 80"),
    "few-day": Recipe("mostly-clear-day"),
    "few-night": Recipe("mostly-clear-night"),
    "scattered-day": Recipe("partly-cloudy-day"),
    "scattered-night": Recipe("partly-cloudy-night"),
    "cloudy": Recipe("cloudy"),
    "overcast": Recipe("overcast"),
    "freezing-rain": Recipe("cloudy", FALLING, more=ICE),
    "rain-heavy": Recipe("overcast", FALLING, more=(POUR,)),
    "snow-heavy": Recipe("overcast", FALLING, more=(BLIZZARD,)),
    "thunder": Recipe("thunderstorms", FALLING, front="Lightning"),
    "thunder-day": Recipe("thunderstorms-day", FALLING, front="Lightning"),
    "thunder-night": Recipe("thunderstorms-night", FALLING, front="Lightning"),
    "thunder-rain": Recipe("thunderstorms", FALLING, front="Lightning", more=(BESIDE,)),
    "mist": Recipe("mist", "28 28 72 72"),
    "fog": Recipe("fog", FALLING),
    "haze-day": Recipe("haze-day", "24 24 80 80"),
    "haze-night": Recipe("haze-night", "24 24 80 80"),
    "smoke": Recipe("smoke", FALLING, front="Smoke"),
    "dust": Recipe("wind-dust", "20 20 88 88"),
    "ash": Recipe("volcano-eruption", "24 24 80 80", less=("Lava 1", "Lava 2", "Lava 3")),
    "tornado": Recipe("tornado", "24 24 80 80"),
    "unknown": Recipe(more=(lined("M48 64h32", INK, 8),)),
    "sunrise": Recipe("horizon", FALLING, more=(RISING,)),
    "sunset": Recipe("horizon", FALLING, more=(SETTING,)),
    "wind": Recipe("wind", "20 20 88 88"),
    "wind-arrow": Recipe(box="40 40 48 48", more=(ARROW,)),
    "compass": Recipe("compass-n", "20 20 88 88", less=("Housing", "Letters", "Holder"), more=(RING,)),
    "umbrella": Recipe("umbrella", "26 26 76 76"),
    "raindrop": Recipe("raindrop", "30 30 68 68"),
    "uv": Recipe("horizon", FALLING, less=("Horizon",), more=(UV,)),
    "alert": Recipe(box="74 62 36 36", more=(ALERT,)),
    "air": Recipe("smoke-particles", "38 38 52 52"),
}
SKIES = {"": "cloudy", "-day": "mostly-clear-day", "-night": "mostly-clear-night"}
FALLS = {"drizzle": (DRIZZLE,), "rain": (DROPS,), "sleet": SLEET, "snow": (FLAKES,)}
RECIPES |= {
    fall + sky: Recipe(source, FALLING, more=more) for fall, more in FALLS.items() for sky, source in SKIES.items()
}
MOONS = {
    "new": 0, "waxing-crescent": 0.25, "first-quarter": 0.5, "waxing-gibbous": 0.75, "full": 1,
    "waning-gibbous": -0.75, "last-quarter": -0.5, "waning-crescent": -0.25,
}  # fmt: skip
RECIPES |= {f"moon-{phase}": Recipe(box="28 28 72 72", more=moon(lit)) for phase, lit in MOONS.items()}


def outline(leaf: ET.Element) -> str:
    """The path data of a shape."""
    of = {name: float(leaf.get(name, 0)) for name in ("x", "y", "width", "height", "cx", "cy", "r")}
    if leaf.tag == f"{SVG}circle":
        return disc(of["cx"], of["cy"], of["r"])
    if leaf.tag == f"{SVG}rect":
        return f"M{of['x']} {of['y']}h{of['width']}v{of['height']}h{-of['width']}z"
    return leaf.attrib["d"]


def paint(leaf: ET.Element) -> Paint:
    """The paint of a shape in our colours; no line is thinner than can be seen."""
    found = {name: colour(COLOURS.get(leaf.get(name, ""), INK)) for name in ("fill", "stroke") if leaf.get(name)}
    found |= {name: leaf.attrib[name] for name in ("fill-rule", "stroke-dasharray") if leaf.get(name)}
    if leaf.get("stroke"):
        found["stroke-width"] = number(max(float(leaf.get("stroke-width", 1)), THINNEST))
    return tuple(found.items())


def rays(core: ET.Element, first: ET.Element, *, free: bool) -> Shape:
    """The rays of a sun as lines: eight if it stands free, else none that points down, into cloud or ground.

    The first of the drawing points up: its path begins top left, and goes V to its foot.
    """
    x, y = float(core.attrib["cx"]), float(core.attrib["cy"])
    left, top, foot = map(float, re.findall(r"^M([\d.]+) ([\d.]+)C.*?V([\d.]+)", first.attrib["d"])[0])
    ways = [(sin(k * pi / 4), -cos(k * pi / 4)) for k in range(-2, 6 if free else 3)]
    lines = (f"M{x + (y - top) * e} {y + (y - top) * s}l{(top - foot) * e} {(top - foot) * s}" for e, s in ways)
    return lined("".join(lines), "sun", max(2 * (x - left), THINNEST))


def shapes(group: ET.Element, layers: tuple[str, ...] = (), clip: Clip | None = None) -> Iterator[Shape]:
    """The shapes of a drawing from back to front, each with the layers that it is in."""
    masks = {f"url(#{mask.get('id')})": next(leaf for leaf in mask.iter() if leaf.tag in LEAVES)
             for mask in group.iter(f"{SVG}mask")}  # fmt: skip
    for part in group:
        inside = (*layers, part.get("id", ""))
        if part.get("id") == "Rays":
            yield replace(rays(group[0], part[0], free=clip is None), layers=inside, clip=clip)
        elif part.tag in LEAVES:
            yield Shape(outline(part), paint(part), inside, clip)
        elif part.tag == f"{SVG}g":
            mask = masks.get(part.get("mask", ""))
            yield from shapes(part, inside, clip if mask is None else (outline(mask), mask.get("fill-rule", "")))


def attributes(pairs: Iterable[tuple[str, str]]) -> str:
    return "".join(f' {name}="{value}"' for name, value in pairs)


def drawn(these: Iterable[Shape]) -> str:
    """Shapes as paths: those that follow each other with the same paint are one."""
    runs = groupby(these, key=lambda shape: shape.paint)
    return "".join(f'<path{attributes(same)} d="{"".join(shortened(one.d) for one in run)}"/>' for same, run in runs)


def clipped(symbol: str, these: Iterable[Shape]) -> str:
    """Shapes, with the outlines that they are clipped to."""
    text = ""
    for nth, (clip, run) in enumerate(groupby(these, key=lambda shape: shape.clip)):
        if clip:
            rule = [("clip-rule", clip[1])] if clip[1] else []
            text += f'<clipPath id="i-{symbol}-{nth}"><path{attributes(rule)} d="{shortened(clip[0])}"/></clipPath>'
            text += f'<g clip-path="url(#i-{symbol}-{nth})">{drawn(run)}</g>'
        else:
            text += drawn(run)
    return text


def parted(symbol: str, behind: str, front: list[Shape]) -> str:
    """What is behind, with a gap around what is in front: a luminance mask, white but for the front and its rim."""
    rim = shortened("".join(shape.d for shape in front))
    mask = f'<path fill="#fff" d="M0 0h128v128H0z"/><path fill="#000" stroke="#000" stroke-width="{GAP}" d="{rim}"/>'
    return f'<mask id="i-{symbol}-gap">{mask}</mask><g mask="url(#i-{symbol}-gap)">{behind}</g>{drawn(front)}'


def made(symbol: str, recipe: Recipe, folder: Path) -> str:
    """The markup of a symbol."""
    root = ET.parse(folder / f"{recipe.source}.svg").getroot() if recipe.source else ET.Element("svg")  # noqa: S314
    found = [shape for shape in shapes(root) if not set(recipe.less) & set(shape.layers)]
    layer, way = MOVED.get(recipe.source, (None, ""))
    found = [replace(one, paint=(*one.paint, ("transform", way))) if layer in one.layers else one for one in found]
    front = [shape for shape in found if recipe.front in shape.layers]
    text = clipped(symbol, [shape for shape in found if shape not in front])
    body = (parted(symbol, text, front) if front else text) + drawn(recipe.more)
    frame = (("id", f"i-{symbol}"), ("viewBox", recipe.box), ("fill", "none"), *ROUND)
    return f"<symbol{attributes(frame)}>{body}</symbol>"


def fetch(folder: Path) -> Path:
    """The package, unpacked."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch the icons")
    subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        package.extractall(folder, filter="data")
    return folder / "package"


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        package = fetch(Path(folder))
        symbols = {name: made(name, recipe, package / "flat") for name, recipe in sorted(RECIPES.items())}
        licence = (package / "LICENSE").read_text("utf-8")
    (DATA / "icons.json").write_text(json.dumps(symbols, indent=0) + "\n", "utf-8")
    (DATA / "LICENSE-meteocons.txt").write_text(f"{NOTICE}\n{licence}", "utf-8")
    packed = len(gzip.compress("".join(symbols.values()).encode(), mtime=0))
    print(f"{len(symbols)} symbols, {packed:,} bytes gzipped")


if __name__ == "__main__":
    main()
