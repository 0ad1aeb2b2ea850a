"""The search field as a combobox, by keyboard (WAI-ARIA Authoring Practices, "Combobox Pattern")."""

import re

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]


@pytest.fixture
def page(site, visitor):
    page = visitor().new_page()
    page.goto(site)
    return page


@pytest.fixture
def field(page):
    return page.get_by_role("combobox", name="Place")


def options(page):
    return page.get_by_role("listbox", name="Place").get_by_role("option")


def test_letters_bring_places_and_the_keyboard_picks_one(page, field):
    """Down marks an option without leaving the field; Enter opens its forecast."""
    expect(field).to_have_attribute("aria-expanded", "false")
    field.press_sequentially("reyk")
    expect(options(page).first).to_contain_text("Reykjav")
    expect(field).to_have_attribute("aria-expanded", "true")
    field.press("ArrowDown")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    expect(field).to_have_attribute("aria-activedescendant", options(page).first.get_attribute("id"))
    expect(field).to_be_focused()
    field.press("Enter")
    page.wait_for_url(re.compile("/forecast/64"))


def test_the_marker_goes_round_and_the_field_is_a_stop(page, field):
    """Up from the field is the last option; one further down is the field again."""
    field.press_sequentially("par")
    expect(options(page).first).to_be_visible()
    field.press("ArrowUp")
    expect(options(page).last).to_have_attribute("aria-selected", "true")
    field.press("Home")
    expect(options(page).first).to_have_attribute("aria-selected", "true")
    field.press("ArrowUp")
    assert field.get_attribute("aria-activedescendant") is None


def test_escape_closes_the_list_and_keeps_the_words(page, field):
    """Then Enter searches for what was typed."""
    field.press_sequentially("springfield")
    expect(options(page).first).to_be_visible()
    field.press("Escape")
    expect(page.get_by_role("listbox")).to_be_hidden()
    expect(field).to_have_value("springfield")
    field.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Several places are called “springfield”")


def test_how_many_there_are_is_told(page, field):
    """A polite message says the number, for those who do not see the list."""
    field.press_sequentially("reykjav")
    expect(page.get_by_role("status").filter(has_text="place")).to_have_text(re.compile(r"^\d+ places?"))


def test_the_list_lies_over_the_page(page, field):
    """It does not push the page down, and its options can be seen and touched."""
    before = page.get_by_role("heading", level=1).bounding_box()
    field.press_sequentially("lon")
    expect(options(page).first).to_be_visible()
    assert page.get_by_role("heading", level=1).bounding_box() == before
    assert all(box.bounding_box()["height"] >= 24 for box in options(page).all())


def test_places_that_were_opened_are_offered_at_home(page, site):
    """The last first; only in this browser."""
    for path in ("51.51,-0.13?name=London", "35.69,139.69?name=Tokyo"):
        page.goto(f"{site}/forecast/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
    page.goto(site)
    expect(page.locator("#recent a")).to_have_text(["Tokyo", "London"])


def test_the_position_is_asked_for_only_by_the_button(visitor, site):
    """It leads to the cell of two decimals."""
    context = visitor(geolocation={"latitude": 48.85661, "longitude": 2.35222}, permissions=["geolocation"])
    page = context.new_page()
    page.goto(site)
    page.get_by_role("button", name="Use my position").click()
    page.wait_for_url(re.compile(r"/forecast/48\.86,2\.35$"))
