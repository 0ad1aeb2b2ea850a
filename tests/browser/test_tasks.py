"""What people come for, on a phone of 390×844, from the forecast of a place: how many taps it takes."""

import re
from urllib.parse import quote

import pytest
from looks import IN_VIEW
from playwright.sync_api import Locator, Page, expect

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

LONDON, OSLO, ROME = "51.51,-0.13", "59.91,10.75", "41.9,12.5"


class Hand:
    """Taps, and counts them."""

    def __init__(self) -> None:
        self.taps = 0

    def tap(self, where: Locator) -> None:
        where.click()
        self.taps += 1


@pytest.fixture
def hand() -> Hand:
    return Hand()


@pytest.fixture
def show(stage, visitor):
    """Opens the page of a state, as of a time that is told."""
    page = visitor(service_workers="block").new_page()

    def shown(name: str) -> Page:
        page.goto(f"{stage}/{quote(name)}/en")
        return page

    return shown


@pytest.fixture
def page(visitor) -> Page:
    return visitor(service_workers="block").new_page()


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
    assert page.locator(".now").get_by_text(re.compile(r"^(Dry|Mostly dry|Rain)\b")).first.evaluate(IN_VIEW)
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


def test_a_village_by_its_name(site, page, hand):
    """Task 8, one tap after typing: Hallstatt has some 800 people."""
    page.goto(site)
    page.get_by_role("combobox", name="Place").press_sequentially("Hallstatt")
    hand.tap(page.get_by_role("option").filter(has_text="Austria").first)
    expect(page.get_by_role("heading", level=1)).to_have_text("Hallstatt")
    assert hand.taps == 1


def test_the_own_position(site, visitor, hand):
    """Task 9, one tap."""
    context = visitor(permissions=["geolocation"], geolocation={"latitude": 59.913, "longitude": 10.752})
    page = context.new_page()
    page.goto(site)
    hand.tap(page.get_by_role("button", name="Use my position"))
    page.wait_for_url(re.compile(r"/forecast/59\.91,10\.75"))
    assert hand.taps == 1


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


def test_a_snippet_for_a_dashboard(site, page, hand):
    """Task 16, at most two taps: the text to copy, with this site's whole address in it."""
    open_forecast(page, site, LONDON, "London")
    hand.tap(page.locator(".embed summary"))
    snippet = page.get_by_role("textbox", name=re.compile("^Card"))
    expect(snippet).to_have_value(re.compile(f'<iframe src="{re.escape(site)}/forecast/51.51,-0.13/card'))
    assert hand.taps <= 2
