"""The weather icons: one for every condition, seen in light and dark, and let through by a strict CSP."""

import gzip
import json
import re
import xml.etree.ElementTree as ET
from math import pi
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from looks import contrast
from markup import parsed

from weather.domain.conditions import TEXTS
from weather.web.view import icons

PACKAGE = Path(icons.__file__).parents[2]
STYLE = (PACKAGE / "static" / "style.css").read_text("utf-8")
ALL = sorted(json.loads(icons.PATH.read_bytes()))
ELEMENTS = {"symbol", "g", "path", "clipPath", "mask"}
ATTRIBUTES = {
    "id", "viewBox", "d", "transform", "fill", "fill-rule", "stroke", "stroke-width", "stroke-linecap",
    "stroke-linejoin", "stroke-dasharray", "clip-path", "clip-rule", "mask",
}  # fmt: skip
WORDS = {  # the first word that a condition's text holds says what its symbol shows
    "thunder": "thunder", "sleet": "sleet", "freezing": "freezing", "rain and snow": "sleet", "snow": "snow",
    "rain": "rain", "drizzle": "drizzle",
}  # fmt: skip


def drawing(name: str) -> ET.Element:
    return ET.fromstring(icons.symbols([name]))


def packed(names) -> int:
    return len(gzip.compress(icons.sprite(names).encode()))


def colours(variable: str) -> tuple[str, str]:
    """A colour variable of the style sheet, light and dark."""
    return re.search(rf"--{variable}: light-dark\((#[0-9a-f]{{6}}), (#[0-9a-f]{{6}})\);", STYLE).groups()


def used() -> set[str]:
    return set(re.findall(r"var\(--([\w-]+)\)", icons.symbols(ALL)))


@pytest.mark.parametrize("is_day", [True, False, None])
def test_every_condition_has_a_symbol(is_day):
    """Each id of OpenWeatherMap, by day, by night and where that is not known."""
    for code in TEXTS:
        assert icons.symbol_for(code, is_day) in ALL, code
        assert icons.symbol_for(code, is_day) != icons.UNKNOWN


def test_no_condition_is_left_to_chance():
    """The table holds each id that has words once, so that none falls back on its hundred."""
    assert sorted(code for codes in icons.BY_SYMBOL.values() for code in codes) == sorted(TEXTS)


def test_a_symbol_shows_what_the_words_say():
    """Snow for snow, rain for rain; what falls from no sky falls from no symbol."""
    for code, text in TEXTS.items():
        expected = next((kind for word, kind in WORDS.items() if word in text), None)
        shown = icons.symbol_for(code, True).partition("-")[0]
        assert shown == expected or (expected is None and shown not in WORDS.values()), text


def test_no_sun_at_night_and_no_moon_by_day():
    """What has a symbol for the day has another for the night; not known is as by day."""
    for code in TEXTS:
        day, night = icons.symbol_for(code, True), icons.symbol_for(code, False)
        assert icons.symbol_for(code, None) == day
        assert "--icon-moon" not in icons.symbols([day])
        assert "--icon-sun" not in icons.symbols([night])


def test_an_id_not_known_is_the_plain_one_of_its_hundred():
    """As its words are; and beyond the hundreds that are known, a dash."""
    assert icons.symbol_for(599, True) == icons.symbol_for(501, True) == "rain"
    assert icons.symbol_for(0, True) == icons.symbol_for(950, False) == "unknown"


@given(st.integers(-(10**6), 10**6), st.sampled_from([True, False, None]))
def test_no_id_is_without_a_symbol(code, is_day):
    """Whatever upstream writes, there is something to show."""
    assert icons.symbol_for(code, is_day) in ALL


@pytest.mark.parametrize(
    ("phase", "symbol"),
    [
        (0, "moon-new"),
        (0.24, "moon-first-quarter"),
        (0.5, "moon-full"),
        (0.76, "moon-last-quarter"),
        (0.99, "moon-new"),
    ],
)
def test_the_moon_of_a_phase(phase, symbol):
    """The nearest of eight; the end of the month is a new moon again."""
    assert icons.moon_for(phase) == symbol


def test_the_moon_is_lit_as_it_is():
    """In the month's order the lit part grows and shrinks, and a waxing moon is lit on its right (from the north)."""
    lit = []
    for name in icons.MOONS[1:]:
        limb, edge, way = re.search(r"A30 30 0 0 (\d) 64 94A(\d+) 30 0 0 (\d) 64 34z", icons.symbols([name])).groups()
        half, ellipse = pi * 30**2 / 2, pi * 30 * int(edge) / 2
        lit.append((half + ellipse if way == limb else half - ellipse) / (2 * half))
        assert name == "moon-full" or (limb == "1") == (icons.MOONS.index(name) < 4)
    assert lit == pytest.approx([0.25, 0.5, 0.75, 1, 0.75, 0.5, 0.25])


@pytest.mark.parametrize("name", ALL)
def test_a_symbol_is_nothing_but_shapes(name):
    """No style, script, text or address: elements and attributes are known ones, references stay within the symbol."""
    root = drawing(name)
    ids = {part.get("id") for part in root.iter()} - {None}
    for part in root.iter():
        assert part.tag in ELEMENTS
        assert set(part.attrib) <= ATTRIBUTES
        assert not (part.text or "").strip()
    assert set(re.findall(r"url\(#(.*?)\)", icons.symbols([name]))) <= ids
    assert icons.symbols([name]).count("url(") == icons.symbols([name]).count("url(#i-")


def test_ids_are_unique():
    """All symbols may stand on one page: every id is there once, and begins so that no other of the page is meant."""
    ids = re.findall(r' id="(.*?)"', icons.symbols(ALL))
    assert len(ids) == len(set(ids))
    assert all(one.startswith("i-") for one in ids)
    assert {f"i-{name}" for name in ALL} <= set(ids)


@pytest.mark.parametrize("name", ALL)
def test_a_symbol_takes_its_colours_from_the_page(name):
    """Every paint is a variable or the ink around; only a mask is black and white."""
    root = drawing(name)
    masks = {part for mask in root.iter("mask") for part in mask.iter()}
    for part in set(root.iter()) - masks:
        told = {part.get("fill"), part.get("stroke")} - {None}
        assert all(paint in ("none", "currentColor") or re.fullmatch(r"var\(--icon-\w+\)", paint) for paint in told)
    assert {part.get("fill") for part in masks} <= {None, "#fff", "#000"}


def test_every_colour_can_be_seen():
    """Each variable is in the style sheet, at 3:1 or more on the ground and on the amber of a warning (WCAG 1.4.11)."""
    assert used()
    for variable in used():
        for context in ("ground", "amber"):
            for colour, behind in zip(colours(variable), colours(context), strict=True):
                assert contrast(colour, behind) >= 3, f"{variable} {colour} on {context} {behind}"


def test_the_style_sheet_colours_nothing_that_is_not_there():
    """No variable of the icons is left over."""
    assert set(re.findall(r"--(icon-\w+):", STYLE)) == used()


def test_a_sprite_holds_what_was_asked_for_once():
    """Those symbols and no other; it takes no room, no voice, and is not switched off."""
    page = f"<!doctype html><title>t</title>{icons.sprite(['uv', 'rain', 'rain'])}"
    tree = parsed(page)
    svg = next(part for part in tree.iter() if part.tag.endswith("svg"))
    assert [part.get("id") for part in svg] == ["i-rain", "i-uv"]
    assert (svg.get("width"), svg.get("height"), svg.get("aria-hidden")) == ("0", "0", "true")
    assert svg.get("hidden") is None


def test_a_symbol_that_is_not_there_is_a_mistake():
    """A page that names one must fail in its test, not show nothing."""
    with pytest.raises(KeyError):
        icons.sprite(["no-such-symbol"])


def test_all_symbols_are_small():
    """20 KB gzipped, all of them."""
    assert packed(ALL) <= 20_000


@given(st.sets(st.sampled_from(ALL), max_size=8))
def test_the_symbols_of_a_page_are_small(names):
    """3 KB gzipped, whichever eight."""
    assert packed(names) <= 3_000


def test_the_licence_comes_along():
    """MIT asks for its notice and the copyright with every copy."""
    text = (PACKAGE / "data" / "LICENSE-meteocons.txt").read_text("utf-8")
    for part in ("Meteocons", "MIT License", "Bas Milius", "The above copyright notice and this permission notice"):
        assert part in text
