"""The projection of maps, their coasts, borders and names: what is drawn lies where it is."""

import math
import re
from contextlib import closing

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.model import Coordinates, Place
from weather.places.gazetteer.lookup import Gazetteer
from weather.web.pages.map import basemap
from weather.web.pages.map.names import MOST, boxes, towns
from weather.web.pages.map.projection import (
    EDGE,
    HEIGHT,
    LEAST_ZOOM,
    MOST_ZOOM,
    TILE,
    WIDTH,
    latitude_of,
    longitude_of,
    view_of,
    world,
    x_of,
    y_of,
)
from weather.web.view.meteogram.geometry import text

ZOOMS = st.integers(LEAST_ZOOM, MOST_ZOOM)
LATITUDES, LONGITUDES = st.floats(-90, 90), st.floats(-180, 180)
PLACES = st.builds(Coordinates, LATITUDES, LONGITUDES)
INSIDE = st.floats(-EDGE, EDGE)


@given(INSIDE, st.floats(-180, 180, exclude_max=True), ZOOMS)
def test_degrees_to_units_and_back_are_the_same_degrees(latitude, longitude, zoom):
    """At every zoom, to a millionth of a degree."""
    assert math.remainder(longitude_of(x_of(longitude, zoom), zoom) - longitude, 360) == pytest.approx(0, abs=1e-6)
    assert latitude_of(y_of(latitude, zoom), zoom) == pytest.approx(latitude, abs=1e-6)


@given(INSIDE, INSIDE, LONGITUDES, LONGITUDES, ZOOMS)
def test_north_is_up_and_east_is_right(one, other, west, east, zoom):
    """Farther north is never lower, farther east never farther left."""
    low, high = sorted((one, other))
    assert y_of(high, zoom) <= y_of(low, zoom)
    left, right = sorted((west, east))
    assert x_of(left, zoom) <= x_of(right, zoom)


@pytest.mark.parametrize(
    ("latitude", "longitude", "zoom", "column", "row"),
    [(51.51, -0.13, 6, 31, 21), (51.51, -0.13, 0, 0, 0), (-33.87, 151.21, 5, 29, 19), (40.71, -74.01, 8, 75, 96)],
)
def test_a_place_lies_in_the_tile_that_openstreetmap_has_for_it(latitude, longitude, zoom, column, row):
    """By the formula of its wiki: n = 2^z, x = n (lon + 180) / 360, y = n (1 - asinh(tan lat) / pi) / 2."""
    n = 2**zoom
    assert column == int(n * (longitude + 180) / 360)
    assert row == int(n * (1 - math.asinh(math.tan(math.radians(latitude))) / math.pi) / 2)
    assert (int(x_of(longitude, zoom) // TILE), int(y_of(latitude, zoom) // TILE)) == (column, row)


@given(LATITUDES, ZOOMS)
def test_what_lies_beyond_the_edge_is_on_it(latitude, zoom):
    """The square ends at 85.05°; no number is infinite."""
    assert -1e-6 <= y_of(latitude, zoom) <= world(zoom) + 1e-6


@given(PLACES, ZOOMS)
def test_a_view_shows_its_place_and_no_more_than_there_is(place, zoom):
    """Above and below it ends with the world; the place is in the middle wherever that leaves room."""
    view = view_of(place, zoom)
    x, y = view.at(place)
    assert x == pytest.approx(WIDTH / 2, abs=1e-3)
    assert view.top >= 0
    assert view.top + HEIGHT <= world(zoom)
    assert view.holds(place) == (abs(place.latitude) <= EDGE)
    if view.can_move(-1) and view.can_move(1):
        assert y == pytest.approx(HEIGHT / 2, abs=1e-3)


@given(PLACES, ZOOMS, st.floats(0, WIDTH), st.floats(0, HEIGHT))
def test_the_tiles_cover_a_view_without_gaps_and_only_once(place, zoom, x, y):
    """Every point of it lies in exactly one; all are tiles that there are, and at most four."""
    view = view_of(place, zoom)
    tiles = list(view.tiles())
    covering = [
        one for one in tiles if one.x - 0.1 <= x <= one.x + TILE + 0.1 and one.y - 0.1 <= y <= one.y + TILE + 0.1
    ]
    assert covering
    assert 1 <= len(tiles) <= 4
    assert len({(one.x, one.y) for one in tiles}) == len(tiles)
    for one in tiles:
        assert 0 <= one.column < 2**zoom
        assert 0 <= one.row < 2**zoom
        assert one.x + TILE > 0
        assert one.y + TILE > 0
        assert one.x < WIDTH
        assert one.y < HEIGHT


@given(PLACES, ZOOMS, st.sampled_from([(1, 0), (-1, 0), (0, 1), (0, -1)]))
def test_a_step_goes_half_a_view_on(place, zoom, step):
    """Also over the antimeridian; to a place that there is."""
    view = view_of(place, zoom)
    right, down = step
    moved = view.moved(right, down)
    x, y = view.at(moved)
    off = world(zoom) / 360 * 0.01  # a cell
    if right and world(zoom) > 2 * WIDTH:
        assert x - WIDTH / 2 == pytest.approx(right * WIDTH / 2, abs=off)
    if down and 0 < view.top + HEIGHT / 2 * (1 + down) < world(zoom):
        assert y - HEIGHT / 2 == pytest.approx(down * HEIGHT / 2, abs=off * 12)  # as wide as a degree is at the edge


@given(PLACES, ZOOMS)
def test_the_boxes_of_a_view_are_degrees_that_there_are(place, zoom):
    """Two where the antimeridian lies between; the place is in one of them."""
    found = boxes(view_of(place, zoom))
    assert 1 <= len(found) <= 2
    for south, north, west, east in found:
        assert -90 <= south <= north <= 90
        assert -180 <= west <= east <= 180
    if abs(place.latitude) < EDGE - 1e-6:
        near = 1e-6
        assert any(
            south - near <= place.latitude <= north + near and west - near <= place.longitude <= east + near
            for south, north, west, east in found
        )


def is_land(latitude: float, longitude: float, zoom: int) -> bool:
    """Whether the middle of a view is filled, by the rule of even and odd crossings."""
    view = view_of(Coordinates(latitude, longitude), zoom)
    x, y = view.at(Coordinates(latitude, longitude))
    crossings = 0
    for ring in re.findall("M([^Mz]*)z", basemap.outlines(view).land):
        numbers = [float(part) for part in ring.split()]
        points = list(zip(numbers[::2], numbers[1::2], strict=True))
        for (x0, y0), (x1, y1) in zip(points, points[1:] + points[:1], strict=True):
            if (y0 > y) != (y1 > y) and x < x0 + (y - y0) / (y1 - y0) * (x1 - x0):
                crossings += 1
    return crossings % 2 == 1


ON_LAND = [
    (51.51, -0.5),
    (46.9, 7.4),
    (-33.9, 150.5),
    (39.7, -105.0),
    (66.5, -175.5),
    (67.0, 178.0),
    (-80.0, 100.0),
    (0.5, 25.0),
]
AT_SEA = [
    (50.0, -5.0 - 20),
    (0.0, 179.9),
    (0.0, -179.9),
    (55.5, 3.0),
    (43.0, 35.0),
    (-50.0, 100.0),
    (80.0, -140.0),
    (30.0, -40.0),
]


@pytest.mark.slow
@pytest.mark.parametrize("zoom", [1, 3, 4, 5, 6, 8])
@pytest.mark.parametrize("place", [*ON_LAND, *AT_SEA])
def test_land_is_land_and_sea_is_sea(place, zoom):
    """On both sides of the antimeridian, near the south pole, at every scale; the Black Sea is no land."""
    assert is_land(*place, zoom) == (place in ON_LAND)


def test_a_straight_border_is_drawn_though_both_its_ends_are_out_of_sight():
    """The 49th parallel between Canada and the United States, at 110° west."""
    view = view_of(Coordinates(49.0, -110.0), 8)
    runs = [[float(n) for n in run.split()] for run in re.findall("M([^M]*)", basemap.outlines(view).borders)]
    assert any(abs(y - HEIGHT / 2) < 4 for run in runs for y in run[1::2])
    assert any(min(run[::2]) < 0 and max(run[::2]) > WIDTH for run in runs)


def test_the_map_is_small_enough_to_travel_with_the_package():
    """All scales together at most 400 KB, and their licence is beside them."""
    assert sum(file.stat().st_size for file in basemap.DATA.glob("basemap-*.bin")) <= 400 * 1024
    assert "Natural Earth" in (basemap.DATA / "LICENSE-naturalearth.txt").read_text()


def test_a_map_is_small_enough_to_be_sent():
    """Of the busiest coasts: at most 60 KB before packing."""
    for at, zoom in (((60.0, 20.0), 3), ((60.5, 21.5), 6), ((0.0, 0.0), 1), ((60.4, 5.3), 8)):
        ground = basemap.outlines(view_of(Coordinates(*at), zoom))
        assert len(ground.land) + len(ground.borders) < 60_000


def place(name, latitude, longitude):
    return Place(name, None, None, latitude, longitude, "UTC")


def test_names_keep_clear_of_each_other_the_largest_first():
    """And of what stands there already."""
    view = view_of(Coordinates(51.5, -0.1), 6)
    given_first = text(*view.at(Coordinates(51.5, -0.1)), "London")
    found = towns(
        view, [place("Paris", 48.85, 2.35), place("Camden", 51.54, -0.14), place("Oxford", 51.75, -1.26)], [given_first]
    )
    assert "Camden" not in [one.label.text for one in found]
    assert "Oxford" in [one.label.text for one in found]
    assert [one.label.text for one in towns(view, [place("A", 51.0, 0.0), place("B", 51.0, 0.01)])] == ["A"]


def test_names_are_of_towns_in_the_view_in_the_readers_language():
    """From the gazetteer, also over the antimeridian, no more than there is room for."""
    view, fiji = view_of(Coordinates(48.2, 16.4), 5), view_of(Coordinates(-17.0, 179.9), 6)
    with closing(Gazetteer()) as atlas:
        found = [one.label.text for one in towns(view, atlas.largest(boxes(view), 60, "de"))]
        names = {one.name for one in atlas.largest(boxes(fiji), 60, "en")}
    assert "Wien" in found
    assert "Rom" not in found or view.holds(Coordinates(41.9, 12.5))
    assert len(found) <= MOST
    assert {"Suva", "Labasa"} <= names
