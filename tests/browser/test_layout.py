"""What is seen where: the first screen of a phone, wide screens, narrow ones, paper."""

import re
from urllib.parse import quote

import pytest
from looks import IN_VIEW, OUTSIDE, UNFOLD, contrast
from staging import TONGUES

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

SURFACES = [f"{sky}-{light}" for sky in ("clear", "cloudy", "wet") for light in ("day", "night")]
WIDTHS = (240, 320, 360, 390, 600, 767, 768, 1024, 1199, 1200, 1440, 1600, 1920)
CROWDED = ("forecast", "outage", "two alerts", "hours by the hour", "saved places", "status", "demo", "nothing kept")


@pytest.fixture
def show(stage, window):
    """Opens a page of the stage in a window."""

    def shown(name: str, lang: str = "en", width: int = 390, height: int = 844):
        window.set_viewport_size({"width": width, "height": height})
        window.goto(f"{stage}/{quote(name)}/{lang}")
        return window

    return shown


@pytest.mark.parametrize("lang", TONGUES)
@pytest.mark.parametrize("name", ["forecast", "hours by the hour"])
def test_the_first_screen_of_a_phone_tells_now_and_six_hours(show, name, lang):
    """At 390×844, without a scroll: the degrees of now, how old they are, six columns of the strip, those next."""
    page = show(name, lang)
    assert page.locator(".now .big > span").first.evaluate(IN_VIEW)
    assert page.locator(".now .freshness").evaluate(IN_VIEW)
    seen = [column.evaluate(IN_VIEW) for column in page.locator(".columns li").all()]
    assert seen[:6] == [True] * 6


def test_the_first_screen_tells_the_next_two_hours(show):
    """Of steps by the hour the first columns are now, 15:00 and 16:00, each with its degrees."""
    columns = show("hours by the hour").locator(".columns li")
    texts = [columns.nth(n).inner_text().split() for n in range(3)]
    assert [text[0] for text in texts] == ["Now", "15", "16"]
    assert all(re.search(r"\d°", " ".join(text)) for text in texts)


def test_a_wide_screen_is_used(show):
    """Of 1,440 pixels at least 85 in a hundred lie under the parts of the page."""
    page = show("forecast", width=1440, height=900)
    boxes = [one.bounding_box() for one in page.locator(".forecast > *").all()]
    used = max(box["x"] + box["width"] for box in boxes) - min(box["x"] for box in boxes)
    assert used >= 0.85 * 1440
    assert len({round(box["x"]) for box in boxes}) >= 2


def test_now_hours_days_and_drawing_are_one_screen_at_1920(show):
    """Side by side in three columns, none of them reaching below 1,080 pixels."""
    page = show("forecast", width=1920, height=1080)
    boxes = [page.locator(part).bounding_box() for part in (".now", ".coming", ".week", ".meteogram")]
    assert max(box["y"] + box["height"] for box in boxes) <= 1080
    assert len({round(box["x"]) for box in boxes[:3]}) == 3
    assert page.locator(".forecast").bounding_box()["width"] <= 1600


HOLES = """() => {
  const boxes = Array.from(document.querySelectorAll(".forecast > *"), (one) => one.getBoundingClientRect());
  const isBelow = (one, other) => one.left < other.right && other.left < one.right && other.top > one.top;
  const below = (one) => boxes.filter((other) => isBelow(one, other)).map((other) => other.top - one.bottom);
  return boxes.map(below).filter((all) => all.length).map((all) => Math.round(Math.min(...all)));
}"""


@pytest.mark.parametrize("width", [1024, 1280, 1440, 1920])
@pytest.mark.parametrize("name", ["forecast", "outage", "hours by the hour", "two alerts"])
def test_columns_have_no_holes(show, name, width):
    """Whatever lies below another part lies right below it."""
    assert {*show(name, width=width).evaluate(HOLES)} == {16}


@pytest.mark.parametrize("width", [320, 360, 390, 768, 1024, 1280, 1920])
def test_the_name_of_a_day_is_never_cut(show, width):
    """Also that of the longest: it stands in one line, and beside it nothing overlaps."""
    page = show("forecast", width=width)
    names = page.locator(".days .name time")
    names.evaluate_all("(all) => all.forEach((one) => { one.textContent = 'Donnerstag'; })")
    assert names.evaluate_all("(all) => all.map((one) => one.getClientRects().length)") == [1] * names.count()
    rights = "(all) => all.map((one) => one.scrollWidth - one.clientWidth)"
    assert max(page.locator(".days .name").evaluate_all(rights)) <= 0


def test_what_is_invented_has_no_mark_of_freshness(show):
    """Its dot is a ring; that of what is fresh is filled."""
    dot = "getComputedStyle(document.querySelector('.now .freshness'), '::before').backgroundColor"
    for name, color in (("forecast", "rgb(111, 214, 156)"), ("demo", "rgba(0, 0, 0, 0)")):
        show(name).wait_for_function(f"(color) => {dot} === color", arg=color)


@pytest.mark.parametrize("lang", TONGUES)
@pytest.mark.parametrize("name", CROWDED)
def test_nothing_scrolls_sideways_but_the_strip(show, name, lang):
    """From 240 pixels up, with everything open: what sticks out lies in a part that scrolls by itself."""
    page = show(name, lang)
    page.evaluate(UNFOLD)
    found = {}
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        if (out := page.evaluate(OUTSIDE)) != [0]:
            found[width] = out
    assert found == {}


@pytest.mark.parametrize("lang", TONGUES)
@pytest.mark.parametrize("name", ["forecast", "hours by the hour", "two alerts"])
def test_the_page_is_at_most_two_on_paper(show, name, lang):
    """A4: now, the drawing, the days."""
    paper = show(name, lang).pdf(format="A4")
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", paper)) <= 2


def test_nothing_to_fill_in_or_press_is_on_paper(show):
    """Neither the search nor the settings: paper answers nobody."""
    page = show("forecast")
    page.emulate_media(media="print")
    assert page.locator("input:visible, button:visible, select:visible").count() == 0


def test_the_table_of_who_warns_fits_a_wide_screen(show):
    """A cell of thirty countries does not push the other columns out of sight."""
    page = show("warnings by country", width=1280)
    wide = page.locator(".wide", has=page.locator("table"))
    assert wide.first.evaluate("(one) => one.scrollWidth - one.clientWidth") <= 0


@pytest.mark.parametrize("surface", SURFACES)
def test_words_stand_out_on_every_surface(show, surface):
    """At least 4.5 to 1 (WCAG 1.4.3) at both ends of the tint, in the light and in the dark."""
    page = show("forecast")
    probe = """(surface) => {
      const one = document.querySelector(".now");
      one.className = `now ${surface}`;
      return ["--ink", "--high-sky", "--low-sky"].map((name) => {
        const part = one.appendChild(document.createElement("i"));
        part.style.color = `var(${name})`;
        return getComputedStyle(part).color;
      });
    }"""
    ink, *tints = page.evaluate(probe, surface)
    assert min(contrast(ink, tint) for tint in tints) >= 4.5
    assert len({*tints}) == 2


@pytest.mark.parametrize("lang", TONGUES)
@pytest.mark.parametrize("name", ["forecast", "hours by the hour"])
def test_the_tables_fit_a_phone(show, name, lang):
    """At 390 pixels none of the hours has to be scrolled; for the ear the heads have their long words."""
    page = show(name, lang)
    page.evaluate(UNFOLD)
    tables = page.locator(".wide:has(> table)")
    assert tables.count() >= 3
    wide = [one.evaluate("(one) => one.scrollWidth - one.clientWidth") for one in tables.all()]
    assert set(wide) == {0}
    if lang == "en":
        assert tables.first.get_by_role("columnheader").nth(1).text_content().startswith("Temperature, °C")


def test_a_tap_or_an_arrow_key_writes_the_numbers_of_a_step_under_the_drawing(show):
    """The words that the step is told by; the keys go on from there, to the first and no further."""
    page = show("forecast")
    steps, line = page.locator(".m-step"), page.locator("#step")
    told = [title.text_content() for title in steps.locator("title").all()]
    assert line.text_content() == ""
    steps.nth(2).dispatch_event("click")
    assert line.text_content() == told[2]
    for key, reached in (("ArrowRight", 3), ("ArrowLeft", 2), ("ArrowLeft", 1), ("ArrowLeft", 0), ("ArrowLeft", 0)):
        page.locator(".drawing .wide").first.press(key)
        assert line.text_content() == told[reached]


def test_share_copies_the_address_where_the_device_has_no_sheet(stage, visitor):
    """And says so; without script there is no button that does nothing."""
    context = visitor(service_workers="block", permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.add_init_script("Object.defineProperty(navigator, 'share', { value: undefined })")
    page.goto(f"{stage}/forecast/en")
    page.locator("#share").click()
    page.locator("#share").get_by_text("Address copied").wait_for()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    plain = visitor(java_script_enabled=False).new_page()
    plain.goto(f"{stage}/forecast/en")
    assert not plain.locator("#share").is_visible()
