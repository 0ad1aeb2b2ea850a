"""What `map.html` shows: a view of the world with a weather layer over it, how old that is, and the ways on. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple
from urllib.parse import urlencode

from weather.domain.model import Coordinates, Place, format_degrees, zone
from weather.i18n.formatting import Formatter
from weather.messages import C_, N_
from weather.upstream.freshness import combine
from weather.web.pages.map.basemap import Outlines
from weather.web.pages.map.layers import LAYERS, Key, Layer, legend
from weather.web.pages.map.names import ABOVE, SIZE, Town, towns
from weather.web.pages.map.projection import HEIGHT, LEAST_ZOOM, MOST_ZOOM, TILE, WIDTH, Tile, View, view_of
from weather.web.pages.map.tiles import FetchedTile
from weather.web.view.meteogram.geometry import Box, Text, box, held, text
from weather.web.view.notice import WHY_OLD
from weather.web.view.place_names import nearby, point_in_words

MOVES = {
    "north": (0, -1, C_("map", "North"), "↑"),
    "west": (-1, 0, C_("map", "West"), "←"),
    "east": (1, 0, C_("map", "East"), "→"),
    "south": (0, 1, C_("map", "South"), "↓"),
}
NOT_SENT = N_("The weather service did not send this.")


@dataclass(frozen=True, slots=True)
class MapQuery:
    """What is asked for: around where, which layer, how near, and the label of the place."""

    at: Coordinates
    layer: Layer
    zoom: int
    name: str = ""


class Way(NamedTuple):
    """A link to another map: its word, its sign, its address below the path prefix; "" where it leads nowhere."""

    word: str
    name: str
    sign: str
    path: str


class Picture(NamedTuple):
    """A tile that is there."""

    path: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class MapAge:
    """How old the layer is; `received` is when the oldest tile that is shown came, None if none is."""

    is_old: bool
    received: datetime | None
    age: float
    why: str
    is_whole: bool


@dataclass(frozen=True, slots=True)
class MapPage:
    """What `map.html` shows. Lengths are in units of the view; `unknown` are the boxes of tiles that are not there.

    `has_layer`: a source has tiles; `radar`: the operator's link to a rain radar, "" if there is none.
    """

    place: Place
    label: str
    heading: str
    as_of: datetime
    layer: Layer
    layers: Sequence[Way]
    moves: Sequence[Way]
    zooms: Sequence[Way]
    has_layer: bool
    pictures: Sequence[Picture]
    unknown: Sequence[Box]
    outlines: Outlines
    towns: Sequence[Town]
    marker: Text | None
    dot: tuple[float, float]
    age: MapAge
    legend: Sequence[Key]
    radar: str
    view: View
    tile: float = TILE
    width: float = WIDTH
    height: float = HEIGHT
    query: str = ""


class Material(NamedTuple):
    """What a map is made of: the view, its outlines, the largest places in it, the tiles; None if no source has any."""

    view: View
    outlines: Outlines
    places: Sequence[Place]
    tiles: Sequence[FetchedTile] | None


def map_page(asked: MapQuery, place: Place, material: Material, reader: Formatter, now: float) -> MapPage:
    """The page's variables as of the whole minute; without the radar's link."""
    as_of = datetime.fromtimestamp(now // 60 * 60, zone(place.timezone))
    label = asked.name or place.name or point_in_words(asked.at)
    view, tiles = material.view, material.tiles or ()
    x, y = view.at(asked.at)
    marker = held(text(x, y - ABOVE, label), SIZE, 0, WIDTH) if view.holds(asked.at) else None
    return MapPage(
        place=place,
        label=label,
        heading=asked.name or nearby(place, reader) or label,
        as_of=as_of,
        layer=asked.layer,
        layers=[Way(value.word, value.title, "", path_of(asked, layer=value)) for value in LAYERS.values()],
        moves=moves(asked, view),
        zooms=zooms(asked),
        has_layer=material.tiles is not None,
        pictures=[Picture(tile.path, tile.tile.x, tile.tile.y) for tile in tiles if tile.answer],
        unknown=[unknown_box(tile.tile) for tile in tiles if tile.answer is None],
        outlines=material.outlines,
        towns=towns(view, material.places, (marker,) if marker else ()),
        marker=marker,
        dot=(round(x, 1), round(y, 1)),
        age=age_of(tiles, as_of),
        legend=legend(asked.layer, reader),
        radar="",
        view=view,
    )


def unknown_box(tile: Tile) -> Box:
    return box(tile.x, tile.y, TILE, TILE)


def path_of(asked: MapQuery, at: Coordinates | None = None, layer: Layer | None = None, zoom: int | None = None) -> str:
    """The address of a map that differs from the one that is asked for; elsewhere the place has no name."""
    params = {"layer": (layer or asked.layer).word, "zoom": str(zoom or asked.zoom)}
    params |= {"name": asked.name} if asked.name and at is None else {}
    return f"/forecast/{at or asked.at}/map?{urlencode(params)}"


def moves(asked: MapQuery, view: View) -> list[Way]:
    """Half a view on, in four directions; none beyond the edge of the map."""
    ways = []
    for word, (right, down, name, sign) in MOVES.items():
        leads = right or view.can_move(down)
        ways.append(Way(word, name, sign, path_of(asked, at=view.moved(right, down)) if leads else ""))
    return ways


def zooms(asked: MapQuery) -> list[Way]:
    """Nearer and farther."""
    nearer = path_of(asked, zoom=asked.zoom + 1) if asked.zoom < MOST_ZOOM else ""
    farther = path_of(asked, zoom=asked.zoom - 1) if asked.zoom > LEAST_ZOOM else ""
    return [Way("in", C_("map", "Nearer"), "+", nearer), Way("out", C_("map", "Farther"), "−", farther)]


def age_of(tiles: Sequence[FetchedTile], as_of: datetime) -> MapAge:
    """How old the oldest tile is, and why there is no better."""
    answers = [tile.answer for tile in tiles if tile.answer]
    lacking = next((tile.why for tile in tiles if tile.answer is None), None)
    if not answers:
        return MapAge(False, None, 0.0, why_of(lacking), False)
    whole = combine(answer.standing for answer in answers)
    oldest = min(answer.entry.fetched_at for answer in answers)
    received = datetime.fromtimestamp(oldest, as_of.tzinfo)
    reason = why_of(whole.via.detail if whole.is_stale else lacking)
    return MapAge(whole.is_stale, received, max(0.0, as_of.timestamp() - oldest), reason, lacking is None)


def why_of(detail: str | None) -> str:
    """A reason in words; None where there is nothing to explain."""
    return "" if detail is None else WHY_OLD.get(detail, NOT_SENT)


def radar_link(pattern: str | None, at: Coordinates) -> str:
    """The operator's link to a rain radar, at a place; "" if there is none."""
    values = {"{lat}": format_degrees(at.latitude), "{lon}": format_degrees(at.longitude)}
    link = pattern or ""
    for gap, degrees in values.items():
        link = link.replace(gap, degrees)
    return link


def view_for(asked: MapQuery) -> View:
    return view_of(asked.at, asked.zoom)
