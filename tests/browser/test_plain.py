"""Without script: the search, the pick list, the whole forecast, the settings."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]


@pytest.fixture
def page(visitor):
    return visitor(java_script_enabled=False).new_page()


def search(page, name: str) -> None:
    page.get_by_role("searchbox", name="Place").fill(name)
    page.get_by_role("button", name="Search").click()


def test_a_clear_name_leads_to_its_forecast(site, page):
    """Typed at home, the page of the place opens: now, a sentence, hours, days, air, source."""
    page.goto(site)
    search(page, "Reykjavík")
    page.wait_for_url(re.compile(r"/forecast/64\.1\d?,-21\.\d+\?name=Reykjav"))
    expect(page.get_by_role("heading", level=1)).to_have_text("Reykjavik")
    for heading in ("Now", "Next two days", re.compile(r"^Next \d days$"), "Details", "Air quality", "Source"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_attached()
    expect(page).to_have_title(re.compile(r"^−?\d+° Reykjavik$"))


def test_an_ambiguous_name_is_picked_from_a_list(site, page):
    """Each is a link with its region; the one that is picked opens."""
    page.goto(site)
    search(page, "Springfield")
    items = page.get_by_role("main").get_by_role("listitem")
    illinois = items.filter(has_text="Illinois")
    expect(illinois).to_have_count(1)
    illinois.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Springfield")
    expect(page.get_by_text("Illinois, United States")).to_be_visible()


def test_an_unknown_name_brings_suggestions(site, page):
    """404, and names that look like it."""
    page.goto(site)
    search(page, "Lodnon")
    expect(page.get_by_role("heading", level=1)).to_have_text("Place not found")
    expect(page.get_by_role("main").get_by_role("link", name="London").first).to_be_visible()


def test_the_settings_are_a_form_and_hold_on_every_page(site, page):
    """Units, one of them by itself, clock, language and colours: one click comes back to the same clean address."""
    page.goto(f"{site}/forecast/40.71,-74.01?units=si&name=New+York")
    page.locator(".preferences summary").click()
    form = page.locator(".preferences form")
    form.get_by_label("Units").select_option("us")
    form.get_by_label("Clock").select_option("12")
    form.get_by_label("Language").select_option("fr")
    form.get_by_label("Colours").select_option("dark")
    form.get_by_role("group", name="Wind").get_by_role("button", name="kn").click()
    page.wait_for_url(f"{site}/forecast/40.71,-74.01?name=New+York")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("heading", level=1)).to_have_text("New York")
    page.goto(f"{site}/forecast/34.05,-118.24")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("#details-title + dl")).to_contain_text("inHg")
    expect(page.locator("#details-title + dl")).to_contain_text("nd")
    dark = page.locator("body").evaluate("(one) => getComputedStyle(one).backgroundColor")
    assert dark == "rgb(20, 24, 29)"  # --ground, though the browser prefers light
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_day_opens_to_its_hours(site, page):
    """The fold is HTML's own: a click shows the day's table."""
    page.goto(f"{site}/forecast/51.51,-0.13")
    row = page.locator(".days > li").nth(1)
    expect(row.get_by_role("table")).to_be_hidden()
    row.locator("summary").click()
    expect(row.get_by_role("table")).to_be_visible()
