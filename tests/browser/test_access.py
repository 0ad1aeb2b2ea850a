"""Every page in every state, for everyone: the rules of WCAG 2.2 AA, small screens, colours, what is read aloud."""

import os
from pathlib import Path
from urllib.parse import quote

import pytest
from axe_playwright_python.sync_playwright import Axe
from looks import OUTSIDE, UNFOLD, contrast
from playwright.sync_api import expect
from staging import NAMES, TONGUES

from weather.web.view.day_bars import STOPS

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

TREE = Path(__file__).with_name("forecast.tree.yaml")
RULES = {
    "runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
    "resultTypes": ["violations"],
}


@pytest.fixture
def show(stage, window):
    """Opens pages of the stage."""

    def shown(name: str, lang: str = "en", width: int = 390, scheme: str = "light", unfold: bool = False):
        window.set_viewport_size({"width": width, "height": 844})
        window.emulate_media(color_scheme=scheme)
        window.goto(f"{stage}/{quote(name)}/{lang}")
        if unfold:
            window.evaluate(UNFOLD)
        return window

    return shown


def violations(page) -> list[str]:
    found = Axe().run(page, options=RULES).response["violations"]
    return [f"{one['id']}: {node['html'][:160]} {node['failureSummary']}" for one in found for node in one["nodes"]]


@pytest.mark.parametrize("name", NAMES)
def test_axe_finds_nothing(show, name):
    """In the light in English, in the dark in Arabic, from right to left."""
    assert violations(show(name)) == []
    assert violations(show(name, "ar", scheme="dark")) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_in_what_is_folded(show, scheme):
    """Tables, substances, times, the text of an alert."""
    assert violations(show("two alerts", scheme=scheme, unfold=True)) == []


@pytest.mark.parametrize("lang", TONGUES)
def test_no_page_is_wider_than_a_small_screen(show, lang):
    """At 320 pixels (WCAG 1.4.10) nothing sticks out but what scrolls by itself."""
    assert {name: wide for name in NAMES if (wide := show(name, lang, 320, unfold=True).evaluate(OUTSIDE)) != [0]} == {}


def test_what_is_touched_is_large_enough(show):
    """24 pixels at least (WCAG 2.5.8), but for links within a sentence."""
    page = show("forecast", width=320, unfold=True)
    for one in page.locator("button, input:not([type=hidden]), select, summary, .brand").all():
        box = one.bounding_box()
        assert min(box["width"], box["height"]) >= 24, one.inner_text()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_every_temperature_stands_out(show, scheme):
    """Over the whole scale at least 3 to 1 against the page (WCAG 1.4.11), between the colours told as well."""
    page = show("forecast", scheme=scheme)
    context = page.locator("body").evaluate("(one) => getComputedStyle(one).backgroundColor")
    told = page.locator("#warmth stop").evaluate_all("(all) => all.map((one) => getComputedStyle(one).stopColor)")
    assert len(set(told)) == len(STOPS)
    mixed = [mix(one, other, n / 8) for one, other in zip(told, told[1:], strict=False) for n in range(9)]
    assert min(contrast(colour, context) for colour in mixed) >= 3


def mix(one: str, other: str, part: float) -> str:
    """What lies between two colours, as a gradient of SVG has it."""
    pairs = zip(*(map(int, colour[4:-1].split(",")) for colour in (one, other)), strict=True)
    return f"rgb({', '.join(str(round(a + (b - a) * part)) for a, b in pairs)})"


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_lines_of_the_drawing_stand_out(show, scheme):
    """Curves, bars and arrows, by day and by night: 3 to 1."""
    page = show("forecast", scheme=scheme)
    probe = "(names) => names.map((name) => { const one = document.body.appendChild(document.createElement('i'));"
    probe += " one.style.color = `var(--${name})`; return getComputedStyle(one).color; })"
    context, night, *inks = page.evaluate(probe, ["ground", "night", "temp", "rain", "snow", "ink", "quiet"])
    assert min(contrast(ink, paper) for ink in inks for paper in (context, night)) >= 3


def test_what_is_read_aloud_is_as_it_was(stage, visitor):
    """The tree that screen readers are given; UPDATE_TREE=1 writes it anew, to be read before it is committed."""
    page = visitor(service_workers="block", viewport={"width": 390, "height": 844}).new_page()
    page.clock.install(time="2026-12-17T12:25:00Z")
    page.goto(f"{stage}/forecast/en")
    expect(page.get_by_role("combobox")).to_be_visible()
    tree = page.locator("body").aria_snapshot() + "\n"
    if os.environ.get("UPDATE_TREE"):
        TREE.write_text(tree, "utf-8")
    assert tree == TREE.read_text("utf-8")


def test_the_keyboard_goes_through_the_page_in_order(stage, visitor):
    """The first stop leads past the header; every stop can be seen."""
    page = visitor(service_workers="block").new_page()
    page.goto(f"{stage}/forecast/en")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the content")).to_be_focused()
    stops = []
    for _ in range(12):
        stops.append(page.evaluate("document.activeElement.getBoundingClientRect().bottom + scrollY"))
        assert page.evaluate("getComputedStyle(document.activeElement).outlineStyle") != "none"
        page.keyboard.press("Tab")
    assert stops[4:] == sorted(stops[4:])


def test_what_is_chosen_is_seen_without_colours_of_ours(site, visitor):
    """With forced colours, which leave no ground, a chosen unit has another border than those beside it."""
    page = visitor(forced_colors="active").new_page()
    page.goto(f"{site}/forecast/51.51,-0.13")
    page.locator(".preferences summary").click()
    borders = "(all) => all.map((one) => getComputedStyle(one).borderTopWidth)"
    assert page.locator("button[name=temperature]").evaluate_all(borders) == ["3px", "1px", "1px"]


def test_the_drawing_of_the_next_hours_is_seen_without_colours_of_ours(show):
    """With forced colours, which take the surface of now away, what is drawn there has the ink of the page."""
    page = show("two alerts")
    page.emulate_media(forced_colors="active")
    drawn, ground = page.evaluate("""() => {
      const picture = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      picture.style.fill = "var(--ink)";
      document.querySelector(".now").append(picture);
      return [getComputedStyle(picture).fill, getComputedStyle(document.body).backgroundColor];
    }""")
    assert contrast(drawn, ground) >= 4.5
