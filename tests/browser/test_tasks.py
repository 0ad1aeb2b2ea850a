"""What people come for, on a phone of 390×844, from the forecast of a place: how many taps it takes.

Each is done with the finger, with the keyboard alone and without script (task 17): what is tapped is looked up by the
role and the name that a screen reader says.
"""

import re
from urllib.parse import quote

import pytest
from looks import IN_VIEW
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

HAS_FOCUS = "(one) => one === document.activeElement"
LONDON, OSLO, ROME = "51.51,-0.13", "59.91,10.75", "41.9,12.5"


class Hand:
    """Taps, and counts them; by keys it goes to each with Tab, from where it was."""

    def __init__(self, by_keys: bool) -> None:
        self.taps, self._by_keys = 0, by_keys

    def tap(self, where: Locator) -> None:
        if self._by_keys:
            walk_to(where)
            where.press("Enter")
        else:
            where.click()
        self.taps += 1


def walk_to(where: Locator) -> None:
    """Press Tab until it has the focus: a page has fewer stops than 200."""
    where.wait_for()
    for _ in range(200):
        where.page.keyboard.press("Tab")
        if where.evaluate(HAS_FOCUS):
            return
    raise AssertionError("no key leads there")


@pytest.fixture(params=["finger", "keys", "no script"])
def way(request) -> str:
    """How the page is used."""
    return request.param


with_script = pytest.mark.parametrize("way", ["finger", "keys"], indirect=True)
"""For what is a matter of script alone."""


@pytest.fixture
def hand(way) -> Hand:
    return Hand(by_keys=way == "keys")


@pytest.fixture
def page(visitor, way) -> Page:
    return visitor(service_workers="block", java_script_enabled=way != "no script").new_page()


@pytest.fixture
def show(stage, page):
    """Opens the page of a state, as of a time that is told."""

    def shown(name: str) -> Page:
        page.goto(f"{stage}/{quote(name)}/en")
        return page

    return shown


def open_forecast(page: Page, site: str, point: str, name: str) -> None:
    page.goto(f"{site}/forecast/{point}?name={name}")


def save(page: Page, site: str, **points: str) -> None:
    for name, point in points.items():
        open_forecast(page, site, point, name)
        page.get_by_role("button", name="Save this place").click()
        expect(page.get_by_role("link", name="Saved", exact=True)).to_be_visible()


def test_a_coat_for_the_next_two_hours(show):
    """Task 1, no tap, no scroll: degrees and sky of the next hours, and the sentence that says when it is wet."""
    page = show("hours by the hour")
    assert (
        page.locator(".now").get_by_text(re.compile(r"^(Dry|Mostly dry|Wet at first|Rain)\b")).first.evaluate(IN_VIEW)
    )
    assert [page.locator(".columns li").nth(n).evaluate(IN_VIEW) for n in range(3)] == [True] * 3


def test_the_temperature_at_15_tomorrow(show, hand):
    """Task 2, one tap: the row of 15:00 in the table of tomorrow."""
    page = show("forecast")
    tomorrow = page.locator(".days > li").nth(1)
    hand.tap(tomorrow.locator("summary").first)
    row = tomorrow.get_by_role("row").filter(has=page.get_by_role("rowheader", name="15:00"))
    expect(row.first).to_contain_text(re.compile(r"\d°"))
    assert hand.taps == 1


def test_rain_on_saturday_afternoon(show, hand):
    """Task 3, one tap: the four parts of that day, within 400 pixels of its row."""
    page = show("forecast")
    saturday = page.locator(".days > li").filter(has_text="Saturday").first
    hand.tap(saturday.locator("summary").first)
    afternoon = saturday.locator("li").filter(has_text="Afternoon").first
    expect(afternoon).to_be_visible()
    top, answer = saturday.bounding_box(), afternoon.bounding_box()
    assert answer["y"] + answer["height"] - top["y"] <= 400
    assert hand.taps == 1


def test_the_best_of_three_cities_on_saturday(site, page, hand):
    """Task 4, at most two taps: the places side by side, a column a day."""
    save(page, site, London=LONDON, Oslo=OSLO, Rome=ROME)
    hand.tap(page.get_by_role("link", name="Side by side"))
    table = page.get_by_role("main").get_by_role("table")
    expect(table.get_by_role("rowheader")).to_have_count(3)
    assert table.get_by_role("columnheader").count() >= 5
    assert hand.taps <= 2


def test_from_home_to_work_and_back(site, page, hand):
    """Task 5, one tap each: the chips above the forecast."""
    save(page, site, London=LONDON, Oslo=OSLO)
    for name in ("London", "Oslo"):
        hand.tap(page.get_by_role("navigation").get_by_role("link", name=re.compile(f"^{name}")))
        expect(page.get_by_role("heading", level=1)).to_have_text(name)
    assert hand.taps == 2


def test_a_place_is_saved_and_made_home(site, page, hand):
    """Task 6: one tap saves it, a second makes it home."""
    open_forecast(page, site, ROME, "Rome")
    hand.tap(page.get_by_role("button", name="Save this place"))
    expect(page.get_by_role("link", name="Saved", exact=True)).to_be_visible()
    hand.tap(page.get_by_role("button", name="Make home"))
    page.wait_for_url(f"{site}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Rome")
    assert hand.taps == 2


@pytest.mark.parametrize(("group", "unit", "shown"), [("Temperature", "°F", "°F"), ("Wind", "kn", r"\d\skn")])
def test_fahrenheit_or_knots(site, page, hand, group, unit, shown):
    """Task 7, two taps: the settings, the unit. The address stays as it was."""
    open_forecast(page, site, LONDON, "London")
    before = page.url
    hand.tap(page.locator(".preferences summary"))
    hand.tap(page.get_by_role("group", name=group).get_by_role("button", name=unit, exact=True))
    expect(page.locator("body")).to_contain_text(re.compile(shown))
    expect(page.get_by_role("group", name=group)).to_be_hidden()
    assert (page.url, hand.taps) == (before, 2)


def test_a_village_by_its_name(site, page, hand, way):
    """Task 8, one tap after typing: Hallstatt has some 800 people. By keys of the list, without script the button."""
    page.goto(site)
    field = page.get_by_role("searchbox" if way == "no script" else "combobox", name="Place")
    field.press_sequentially("Hallstatt")
    option = page.get_by_role("option").filter(has_text="Austria").first
    if way == "keys":
        option.wait_for()
        field.press("ArrowDown")
        field.press("Enter")
    else:
        hand.tap(option if way == "finger" else page.get_by_role("button", name="Search"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Hallstatt")
    assert hand.taps <= 1


@with_script
def test_the_own_position(site, visitor, hand):
    """Task 9, one tap."""
    context = visitor(permissions=["geolocation"], geolocation={"latitude": 59.913, "longitude": 10.752})
    page = context.new_page()
    page.goto(site)
    hand.tap(page.get_by_role("button", name="Use my position"))
    page.wait_for_url(re.compile(r"/forecast/59\.91,10\.75"))
    assert hand.taps == 1


@with_script
def test_a_forecast_for_a_friend(site, visitor, hand):
    """Task 10, one tap copies the address; its preview tells place, degrees and sky."""
    page = visitor(permissions=["clipboard-read", "clipboard-write"]).new_page()
    open_forecast(page, site, LONDON, "London")
    hand.tap(page.get_by_role("button", name="Share"))
    expect(page.get_by_role("button", name="Address copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == page.url
    title = page.locator('meta[property="og:title"]').get_attribute("content")
    assert re.match(r"London: −?\d+°, \w+", title)
    assert hand.taps == 1


def test_warmer_or_colder_than_yesterday(show):
    """Task 12, no tap, no scroll: 11.6° now, 6.9° a day before."""
    assert show("hours by the hour").get_by_text("5° warmer than yesterday at this time").evaluate(IN_VIEW)


def test_how_old_it_is_and_why(show):
    """Task 11, no tap, no scroll: since when, for what reason, and when it is tried again."""
    line = show("quota spent").locator(".now .freshness")
    for words in ("Out of date", "3 h 20 min ago", "Next try"):
        expect(line).to_contain_text(words)
    assert line.evaluate(IN_VIEW)


def test_wind_sun_and_moon_of_today(show):
    """Tasks 13 and 14, no tap: the strongest wind in the row of today, sunset and the moon in their tiles."""
    page = show("forecast")
    expect(page.locator(".days > li").first.locator("summary").first).to_contain_text("wind up to")
    tiles = page.locator("#details-title + dl")
    expect(tiles).to_contain_text(re.compile(r"Sun\s*\d\d:\d\d to \d\d:\d\d"))
    expect(tiles).to_contain_text(re.compile(r"Moon\s*\w+"))


def test_the_rain_on_a_map(site, page, hand):
    """Task 15, one tap."""
    open_forecast(page, site, LONDON, "London")
    hand.tap(page.get_by_role("link", name=re.compile("^Map")))
    page.wait_for_url(re.compile("/map"))
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert hand.taps == 1


def test_a_snippet_for_a_dashboard(site, page, hand, way):
    """Task 16, at most two taps: the text to copy, with this site's whole address in it.

    Without script a page does not know that, unless the operator has told it, and says so (Chromium hides a `noscript`
    from a test).
    """
    open_forecast(page, site, LONDON, "London")
    hand.tap(page.locator(".embed summary"))
    origin = "" if way == "no script" else site
    snippet = page.get_by_role("textbox", name=re.compile("^Card"))
    expect(snippet).to_have_value(re.compile(f'<iframe src="{re.escape(origin)}/forecast/51.51,-0.13/card'))
    assert hand.taps <= 2
