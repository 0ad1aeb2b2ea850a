"""Saved places without script, and the documentation by keyboard."""

import pytest
from playwright.sync_api import expect

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]


def test_a_place_is_saved_listed_and_removed_without_script(site, visitor):
    """By plain forms: from its page to the list, on the first page too, and away; another visitor sees nothing."""
    context = visitor(java_script_enabled=False)
    page = context.new_page()
    for name, point in (("London", "51.51,-0.13"), ("Tokyo", "35.69,139.69")):
        page.goto(f"{site}/forecast/{point}?name={name}")
        page.get_by_role("button", name="Save this place").click()
        page.wait_for_url(f"{site}/places")
    cards = page.get_by_role("main").get_by_role("listitem")
    expect(cards).to_have_count(2)
    expect(cards.first.get_by_role("heading")).to_have_text("London")
    expect(cards.last).to_contain_text("Fetched")
    (token,) = [one for one in context.cookies() if one["name"] == "places"]
    assert (token["httpOnly"], token["sameSite"]) == (True, "Lax")
    page.goto(site)
    expect(page.get_by_role("main").get_by_role("link", name="Tokyo")).to_be_visible()
    stranger = visitor(java_script_enabled=False).new_page()
    stranger.goto(f"{site}/places")
    expect(stranger.get_by_text("Nothing is saved yet.")).to_be_visible()
    page.goto(f"{site}/places")
    page.get_by_role("button", name="Remove London").click()
    expect(cards).to_have_count(1)
    page.get_by_role("button", name="Remove Tokyo").click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()


def test_the_forms_of_the_documentation_work_without_script(site, visitor):
    """The submit is the URL: the browser shows its JSON."""
    page = visitor(java_script_enabled=False).new_page()
    page.goto(f"{site}/docs")
    page.locator("form[action='/api/v1/current']").get_by_role("button", name="Ask").click()
    page.wait_for_url(f"{site}/api/v1/current?q=London&*")
    assert '"state":"fresh"' in page.content()


def test_the_documentation_by_keyboard(site, visitor):
    """Typed and sent by Enter: the answer stands beside the form, the code follows, Tab goes on to copy it."""
    context = visitor(permissions=["clipboard-read", "clipboard-write"])
    page = context.new_page()
    page.goto(f"{site}/docs")
    section = page.locator("section.operation").filter(has=page.locator("#current"))
    section.get_by_label("q", exact=True).focus()
    page.keyboard.press("Control+A")
    page.keyboard.type("Reykjavík, d'or")
    expect(section.locator("pre").first).to_contain_text("q=Reykjav%C3%ADk%2C%20d%27or".replace("%2C", ","))
    page.keyboard.press("Control+A")
    page.keyboard.type("Tokyo")
    page.keyboard.press("Enter")
    expect(section.locator("output pre")).to_contain_text('"name": "Tokyo"')
    expect(section.locator("output")).to_contain_text("cache-status: weather;")
    assert page.url == f"{site}/docs"
    code = section.locator("figure").first
    code.locator("pre").focus()
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    expect(code.get_by_role("button")).to_have_text("Copied")
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"curl '{site}/api/v1/current?q=Tokyo&units=metric&lang=en&fields=place,freshness,current'"
