"""Without script: the search, the pick list, the whole forecast, the preferences."""

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
    expect(page.get_by_role("heading", level=1)).to_have_text("Reykjavík")
    for heading in ("Now", "Next hours", "Days", "Details", "Air", "Source"):
        expect(page.get_by_role("heading", name=heading, exact=True)).to_be_attached()
    expect(page).to_have_title(re.compile(r"^−?\d+° Reykjavík$"))


def test_an_ambiguous_name_is_picked_from_a_list(site, page):
    """Each is a link with its region; the one that is picked opens."""
    page.goto(site)
    search(page, "Springfield")
    items = page.get_by_role("main").get_by_role("listitem")
    illinois = items.filter(has_text="Illinois")
    expect(illinois).to_have_count(1)
    illinois.get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Springfield")
    expect(page.get_by_text("Illinois, US")).to_be_visible()


def test_an_unknown_name_brings_suggestions(site, page):
    """404, and names that look like it."""
    page.goto(site)
    search(page, "Lodnon")
    expect(page.get_by_role("heading", level=1)).to_have_text("Place not found")
    expect(page.get_by_role("main").get_by_role("link", name="London").first).to_be_visible()


def test_preferences_are_links_and_are_remembered(site, page):
    """Units, clock and language change by a link each, keep the place, and hold on the next page."""
    page.goto(f"{site}/forecast/40.71,-74.01?name=New+York")
    page.get_by_role("link", name="°F, mph").click()
    page.get_by_role("link", name="12 h").click()
    page.get_by_role("link", name="Français").click()
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.get_by_role("heading", level=1)).to_have_text("New York")
    page.goto(f"{site}/forecast/34.05,-118.24")
    expect(page.locator("html")).to_have_attribute("lang", "fr")
    expect(page.locator("#details-title + dl")).to_contain_text("inHg")


def test_a_day_opens_to_its_hours(site, page):
    """The fold is HTML's own: a click shows the day's table."""
    page.goto(f"{site}/forecast/51.51,-0.13")
    row = page.locator(".days li").nth(1)
    expect(row.get_by_role("table")).to_be_hidden()
    row.locator("summary").click()
    expect(row.get_by_role("table")).to_be_visible()
