"""Points in every notation that people type or paste, and plus codes."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.model import Coordinates
from weather.errors import BadParameter
from weather.places.search import plus_codes
from weather.places.search.coordinates_text import (
    CONTRADICTION,
    EAST_OR_WEST,
    NOT_BELOW_SIXTY,
    OUT_OF_RANGE,
    parse_point,
    short_plus_code,
)
from weather.web.view.place_names import point_in_words

BERLIN = Coordinates(52.52, 13.41)


@given(st.integers(-9000, 9000), st.integers(-18000, 18000))
def test_the_page_s_own_notation_is_read_back(latitude, longitude):
    """What a page prints of any cell is a text that the search understands as that cell."""
    cell = Coordinates(latitude / 100, longitude / 100)
    assert parse_point(point_in_words(cell)) == cell
    assert parse_point(str(cell)) == cell


@given(st.text(max_size=200), st.sampled_from(["", "de", "fr"]))
def test_no_text_breaks_the_reading(text, lang):
    """Any text is a point on Earth, none, or refused with a reason."""
    with suppress(BadParameter):
        assert isinstance(parse_point(text, lang), Coordinates | None)


@pytest.mark.parametrize(
    ("text", "lang", "at"),
    [
        ("52.52°N 13.41°E", "", BERLIN),
        ("N52.52 E13.41", "", BERLIN),
        ("13.41 E, 52.52 N", "", BERLIN),
        ("52,52 13,41", "", BERLIN),
        ("−33.87, 151.21", "", Coordinates(-33.87, 151.21)),
        ("33.87 S, 151.21 E", "", Coordinates(-33.87, 151.21)),
        ("52.52 N, 13.41 O", "de", BERLIN),
        ("48.85 N, 1.55 O", "fr", Coordinates(48.85, -1.55)),
        ("48° 30' N 2° 15' Ost", "", Coordinates(48.5, 2.25)),
        ("48° 30' 36\" N 2° 15' W", "", Coordinates(48.51, -2.25)),
        ("lon 13.41 lat 52.52", "", BERLIN),
        ("geo:52.52,13.41,34;crs=wgs84;u=35", "", BERLIN),
        ("https://www.openstreetmap.org/#map=12/52.52/13.41", "", BERLIN),
        ("https://www.google.com/maps/place/X/@1,2,3z/data=!3d52.52!4d13.41", "", BERLIN),
        ("https://maps.apple.com/?address=x&ll=52.52,13.41", "", BERLIN),
        ("https://yandex.ru/maps/?ll=13.41%2C52.52&z=12", "", BERLIN),
        ("https://yandex.com/maps/?pt=13.41,52.52", "", BERLIN),
        ("https://2gis.ru/berlin?m=13.41%2C52.52%2F12", "", BERLIN),
        ("https://mapy.cz/zakladni?x=13.41&y=52.52&z=12", "", BERLIN),
        ("https://wego.here.com/?map=52.52,13.41,12", "", BERLIN),
        ("٥٢٫٥٢، ١٣٫٤١", "", BERLIN),
        ("５２．５２，１３．４１", "", BERLIN),
    ],
)
def test_a_point_is_understood(text, lang, at):
    """Decimals, minutes and seconds, letters, signs, digits of any script, links of maps."""
    assert parse_point(text, lang) == at


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("95, 200", OUT_OF_RANGE),
        ("95°N 10°E", OUT_OF_RANGE),
        ("52, 181", OUT_OF_RANGE),
        ("geo:91,0", OUT_OF_RANGE),
        ("52°61' N 13° E", NOT_BELOW_SIXTY),
        ("52 N 53 S", CONTRADICTION),
        ("-52.5 N 13 E", CONTRADICTION),
        ("52.52 N, 13.41 O", EAST_OR_WEST),
    ],
)
def test_what_is_no_point_on_earth_says_why(text, reason):
    """A point that is out of range, contradicts itself or can be read in two ways is no unknown name."""
    with pytest.raises(BadParameter, match=reason.partition(".")[0]):
        parse_point(text)


@pytest.mark.parametrize(
    "text",
    ["London", "1770", "Area 51", "100 Mile House", "12 W 5th", "114 55", "010 01", "geo:", "https://[x", "N", "52.5"],
)
def test_a_name_or_a_postal_code_is_no_point(text):
    """Digits and letters alone make no point."""
    assert parse_point(text) is None


@pytest.mark.parametrize(
    ("code", "latitude", "longitude"),
    [
        ("7FG49QCJ+2V", 20.3700625, 2.7821875),
        ("7FG49QCJ+2VX", 20.3701125, 2.782234375),
        ("8FVC2222+22", 47.0000625, 8.0000625),
        ("4VCPPQGP+Q9", -41.2730625, 174.7859375),
        ("62G20000+", 0.5, -179.5),
        ("22220000+", -89.5, -179.5),
        ("CFX3X2X2+X2", 89.9999375, 1.0000625),
    ],
)
def test_plus_codes_of_the_specification(code, latitude, longitude):
    """The decoding and encoding tables of the specification's own tests."""
    at = plus_codes.decode(code)
    assert (at.latitude, at.longitude) == pytest.approx((latitude, longitude), abs=1e-9)
    assert parse_point(code.lower()) == at
    if "0" not in code and len(code) == 11:
        assert plus_codes.encode(at) == code


def test_a_short_plus_code_is_the_one_nearest_to_its_town():
    """The specification's example; and a town at the edge of its cell, with the code of the cell next to it."""
    near = Coordinates(51.3701125, -1.217765625)
    assert plus_codes.recover("9QCJ+2VX", near) == plus_codes.decode("9C3W9QCJ+2VX")
    edge = plus_codes.recover("X2JM+XX", Coordinates(51.001, 2.5))
    assert (edge.latitude < 51) and abs(edge.latitude - 51) < 0.5
    assert abs(plus_codes.recover("2222+22", Coordinates(0.0, 179.99)).longitude) > 179


@pytest.mark.parametrize("code", ["7FG49Q00+2V", "7FG0+", "FFFFFFFF+22", "7FG49QCJ+2", "0FG49QCJ+2V", "7FG49QCJ"])
def test_what_only_looks_like_a_plus_code_is_none(code):
    """Padding before digits, one digit behind the sign, a latitude above the pole."""
    assert not plus_codes.is_full(code)


def test_a_short_plus_code_stands_with_its_town():
    """The code first, then the name; a code alone names no place."""
    assert short_plus_code("gc94+22 Berlin") == ("GC94+22", "Berlin")
    assert short_plus_code("GC94+22, Berlin, Germany") == ("GC94+22", "Berlin, Germany")
    assert short_plus_code("GC94+22") is None
    assert short_plus_code("Berlin") is None
