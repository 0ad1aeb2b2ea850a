"""Saved places without script, and the documentation by keyboard."""

import pytest
from looks import IN_VIEW
from playwright.sync_api import expect

CITIES = (
    ("Reykjavík", "64.15,-21.94"), ("Longyearbyen", "78.22,15.65"), ("Kathmandu", "27.72,85.32"),
    ("Tokyo", "35.69,139.69"),
)  # fmt: skip
pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]


def test_a_place_is_saved_listed_and_removed_without_script(site, visitor):
    """By plain forms: from its page to the list, on the first page too, and away; another visitor sees nothing."""
    context = visitor(java_script_enabled=False)
    page = context.new_page()
    for name, point in (("London", "51.51,-0.13"), ("Tokyo", "35.69,139.69")):
        page.goto(f"{site}/forecast/{point}?name={name}")
        page.get_by_role("button", name="Save this place").click()
        page.wait_for_url(f"{site}/forecast/{point}?name={name}")
        expect(page.get_by_role("link", name="Saved", exact=True)).to_be_visible()
    page.goto(f"{site}/places")
    rows = page.get_by_role("main").get_by_role("row")
    expect(rows).to_have_count(3)
    expect(rows.nth(1).get_by_role("rowheader")).to_contain_text("London")
    expect(rows.nth(2)).to_contain_text("Data received:")
    (token,) = [one for one in context.cookies() if one["name"] == "places"]
    assert (token["httpOnly"], token["sameSite"]) == (True, "Lax")
    page.goto(site)
    expect(page.get_by_role("main").get_by_role("link", name="Tokyo")).to_be_visible()
    stranger = visitor(java_script_enabled=False).new_page()
    stranger.goto(f"{site}/places")
    expect(stranger.get_by_text("Nothing is saved yet.")).to_be_visible()
    page.goto(f"{site}/places")
    page.get_by_role("link", name="Edit the list").click()
    page.get_by_role("button", name="Remove: London").click()
    expect(page.get_by_role("main").get_by_role("listitem")).to_have_count(1)
    page.get_by_role("button", name="Remove: Tokyo").click()
    expect(page.get_by_text("Nothing is saved yet.")).to_be_visible()


def test_the_list_is_put_in_order_and_given_a_home_without_script(site, visitor):
    """Renamed by Enter, moved by a button; "make home" on a page is one tap, and the site opens there from then on."""
    page = visitor(java_script_enabled=False).new_page()
    for name, point in (("London", "51.51,-0.13"), ("Tokyo", "35.69,139.69")):
        page.goto(f"{site}/forecast/{point}?name={name}")
        page.get_by_role("button", name="Save this place").click()
    page.get_by_role("button", name="Make home").click()
    page.wait_for_url(f"{site}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Tokyo")
    page.goto(f"{site}/places?edit=1")
    page.get_by_role("button", name="Move up: Tokyo").click()
    names = page.get_by_role("main").get_by_role("textbox")
    expect(names.first).to_have_value("Tokyo")
    names.first.fill("Edo")
    names.first.press("Enter")
    expect(page.get_by_role("button", name="Remove: Edo")).to_be_visible()
    page.get_by_role("button", name="Home no longer: Edo").click()
    page.goto(site)
    expect(page.get_by_role("main").get_by_role("searchbox")).to_be_visible()


def test_what_cannot_be_saved_offline_is_not_offered(site, visitor):
    """The star goes with the network and comes back with it."""
    context = visitor()
    page = context.new_page()
    page.goto(f"{site}/forecast/51.51,-0.13?name=London")
    star = page.get_by_role("button", name="Save this place")
    expect(star).to_be_visible()
    context.set_offline(True)
    expect(star).to_be_hidden()
    context.set_offline(False)
    expect(star).to_be_visible()


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_the_chip_of_the_place_that_is_shown_is_seen_on_a_phone(site, visitor, lang):
    """Also where it is the last of more places than the screen is wide."""
    page = visitor(locale=lang).new_page()
    for name, point in CITIES:
        page.goto(f"{site}/forecast/{point}?name={name}")
        page.locator(".save button").first.click()
        expect(page.locator(".chips [aria-current]")).to_contain_text(name if lang == "en" else "")
    page.goto(f"{site}/forecast/{point}?name={name}")
    assert page.locator(".chips [aria-current]").evaluate(IN_VIEW)


@pytest.mark.parametrize("width", [240, 360, 390, 768, 1280])
def test_the_list_fits_every_screen(site, visitor, width):
    """Side by side, to be changed, and the first page: nothing scrolls sideways."""
    page = visitor(viewport={"width": width, "height": 844}).new_page()
    for name, point in (
        ("A place with a very long name", "51.51,-0.13"),
        ("Llanfairpwllgwyngyllgogerych", "59.91,10.75"),
    ):
        page.goto(f"{site}/forecast/{point}?name={name}")
        page.get_by_role("button", name="Save this place").click()
    for path in ("/", "/places", "/places?edit=1"):
        page.goto(f"{site}{path}")
        assert page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0, path


def test_the_forms_of_the_documentation_work_without_script(site, visitor):
    """The submit is the URL: the browser shows its JSON."""
    page = visitor(java_script_enabled=False).new_page()
    page.goto(f"{site}/docs")
    page.locator("form[action='/api/v1/current']").get_by_role("button", name="Send request").click()
    page.wait_for_url(f"{site}/api/v1/current?q=London&*")
    assert '"state":"fresh"' in page.content()


def test_the_documentation_asks_in_an_old_browser_too(site, visitor):
    """Safari 15 and Chrome 102 have no AbortSignal.timeout: the answer is shown all the same."""
    page = visitor().new_page()
    page.add_init_script("delete AbortSignal.timeout")
    page.goto(f"{site}/docs")
    section = page.locator("section.operation").filter(has=page.locator("#current"))
    section.get_by_role("button", name="Send request").click()
    expect(section.locator("output pre")).to_contain_text('"name": "London"')


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
    assert copied == f"curl '{site}/api/v1/current?q=Tokyo&units=metric&lang=en&fields=current'"
