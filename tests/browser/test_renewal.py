"""A page that stands open: it renews itself, and when it cannot, it stays and grows old."""

import re

import pytest
from playwright.sync_api import expect
from states import NOW

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

LONDON = "/forecast/51.51,-0.13?name=London"


@pytest.fixture
def page(site, visitor):
    """Open, with a clock that the test moves; its content is marked, so that one can tell whether it was changed."""
    page = visitor(service_workers="block").new_page()
    page.clock.install()
    page.goto(site + LONDON)
    page.locator(".days summary").nth(1).click()
    page.evaluate("document.getElementById('main').dataset.marked = ''")
    return page


def cut_off(page) -> None:
    """From now on the server does not answer."""
    page.route("**/forecast/**", lambda route: route.abort())


def fetches(page) -> list[str]:
    asked = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def test_it_renews_itself_when_its_answer_expires(page):
    """The content is another one, and what the reader had opened is open still; nothing else was loaded."""
    asked = fetches(page)
    page.clock.fast_forward("11:00")
    page.clock.run_for(11_000)
    expect(page.locator("#main[data-marked]")).to_have_count(0)
    expect(page.get_by_role("heading", level=1)).to_have_text("London")
    expect(page.locator(".days details").nth(1)).to_have_attribute("open", "")
    assert set(asked) == {page.url}


def test_an_old_browser_renews_it_too(site, visitor):
    """Safari 15 and Chrome 102 have no AbortSignal.timeout: the page is another one, and no saved copy."""
    page = visitor(service_workers="block").new_page()
    page.add_init_script("delete AbortSignal.timeout")
    page.clock.install()
    page.goto(site + LONDON)
    page.evaluate("document.getElementById('main').dataset.marked = ''")
    page.clock.fast_forward("15:00")
    page.clock.run_for(11_000)
    expect(page.locator("#main[data-marked]")).to_have_count(0)
    expect(page.locator("#network")).to_be_hidden()


def test_who_saves_data_has_it_renewed_later(site, visitor):
    """Ten minutes after its answer has expired, and not at once (Save-Data of the Network Information API)."""
    page = visitor(service_workers="block").new_page()
    page.add_init_script("Object.defineProperty(navigator, 'connection', {value: {saveData: true}})")
    page.clock.install()
    page.goto(site + LONDON)
    page.evaluate("document.getElementById('main').dataset.marked = ''")
    page.clock.fast_forward("15:00")
    page.clock.run_for(11_000)
    expect(page.locator("#main[data-marked]")).to_have_count(1)
    page.clock.fast_forward("10:00")
    page.clock.run_for(11_000)
    expect(page.locator("#main[data-marked]")).to_have_count(0)


def test_one_that_does_not_answer_is_not_waited_for(page):
    """After fifteen seconds without an answer the page says that it is a saved copy."""
    page.route("**/forecast/**", lambda route: None)
    page.clock.fast_forward("15:00")
    page.clock.run_for(30_000)
    expect(page.locator("#network")).to_contain_text("a saved copy")


def test_it_is_left_alone_while_its_answer_holds(page):
    """Five minutes in: nobody is asked."""
    asked = fetches(page)
    page.clock.run_for(300_000)
    assert asked == []
    expect(page.locator("#main[data-marked]")).to_have_count(1)


def test_when_that_fails_it_stays_and_grows_old(page):
    """The server is gone: the old content stands, says that it is a saved copy, and its ages go on."""
    cut_off(page)
    page.clock.fast_forward("15:00")
    page.clock.run_for(11_000)
    expect(page.locator("#main[data-marked]")).to_have_count(1)
    expect(page.locator("#network")).to_have_text(
        re.compile(r"^You are reading a saved copy from .* \(1\d min ago\)\.")
    )
    page.clock.fast_forward("45:00")
    page.clock.run_for(11_000)
    expect(page.locator("#network")).to_contain_text(re.compile(r"\(1 h( \d+ min)? ago\)\."))
    expect(page.locator(".freshness time")).to_have_text(re.compile(r"^1 h"))


@pytest.fixture
def warned(stage, visitor):
    """Two warnings, the one in force for six hours, the other for thirty; the clock is at the time of the page."""
    page = visitor(service_workers="block").new_page()
    page.clock.install(time=NOW)
    page.goto(f"{stage}/two alerts/en")
    page.evaluate("document.getElementById('main').dataset.marked = ''")
    page.route("**/en", lambda route: route.fulfill(status=502))
    return page


def test_a_warning_in_force_outlives_a_server_that_fails(warned):
    """After ten minutes of failures both stand there still, as the last that is known, and never "no alerts"."""
    warned.clock.fast_forward("20:00")
    warned.clock.run_for(11_000)
    expect(warned.locator("#network")).to_contain_text("a saved copy")
    alerts = warned.locator("#alerts")
    expect(alerts.get_by_role("heading", level=3)).to_have_text(["Yellow wind warning", "Red rain warning"])
    expect(alerts.locator(".last-known")).to_have_text(
        "Last known: Tuesday 24 November, 14:20. There may be newer ones."
    )
    expect(alerts.locator("h2")).to_have_text("2 alerts")


def test_a_warning_goes_when_its_own_end_has_come(warned):
    """After seven hours the longer one is left, after thirty-one none: then it is unknown whether there are any."""
    warned.clock.fast_forward("07:00:00")
    warned.clock.run_for(11_000)
    expect(warned.locator("#alerts h3")).to_have_text(["Red rain warning"])
    expect(warned.locator("#alerts h2")).to_have_text("Alerts")
    warned.clock.fast_forward("24:00:00")
    warned.clock.run_for(11_000)
    unknown = "Warnings are not known: this page could not be renewed. Some may be in force."
    expect(warned.locator("#alerts")).to_have_text(unknown)


def test_a_server_that_fails_is_asked_seldom(page):
    """Within an hour of failures no more than a dozen times."""
    cut_off(page)
    asked = fetches(page)
    for _ in range(66):
        page.clock.run_for(60_000)
    assert 3 <= len(asked) <= 12


def test_a_page_in_the_background_asks_nobody(page):
    """Not before it is seen again."""
    asked = fetches(page)
    page.evaluate("Object.defineProperty(document, 'visibilityState', { configurable: true, value: 'hidden' })")
    page.clock.fast_forward("15:00")
    page.clock.run_for(60_000)
    assert asked == []
    page.evaluate("delete document.visibilityState; document.dispatchEvent(new Event('visibilitychange'))")
    expect(page.locator("#main[data-marked]")).to_have_count(0)
