"""Installed, and without a network: the service worker keeps pages, and a new deploy replaces it."""

import re
import shutil
import time
from pathlib import Path

import pytest
from fakes import KEY
from playwright.sync_api import Page, expect
from serving import free_port, served

import weather

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

PACKAGE = Path(weather.__file__).parent
LONDON, TOKYO = "/forecast/51.51,-0.13?name=London", "/forecast/35.69,139.69?name=Tokyo"
SIZE = """async (src) => {
  const one = Object.assign(new Image(), { src });
  await one.decode();
  return `${one.naturalWidth}x${one.naturalHeight}`;
}"""
IN_CHARGE = "navigator.serviceWorker.ready.then(() => navigator.serviceWorker.controller !== null)"


def opened(page: Page, url: str) -> Page:
    """The page, once its worker is there and has kept it."""
    page.goto(url)
    page.wait_for_function(IN_CHARGE)
    page.wait_for_function("caches.open('/ pages').then((pages) => pages.match(location.href)).then(Boolean)")
    return page


def test_a_page_that_was_opened_opens_again_without_a_network(site, visitor):
    """After a reload offline it is the same page, and says that it is one from before; alerts are unknown."""
    context = visitor()
    page = opened(context.new_page(), site + LONDON)
    told = page.locator("#details-title + dl").inner_text()
    context.set_offline(True)
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("London")
    assert page.locator("#details-title + dl").inner_text() == told
    expect(page.locator("#network")).to_have_text(re.compile(r"^Offline\."))


def test_a_saved_page_tells_its_true_age(site, visitor):
    """Hours later, offline, the band and the freshness line tell the hours; nothing looks new."""
    context = visitor()
    page = opened(context.new_page(), site + LONDON)
    context.set_offline(True)
    page.clock.install(time=time.time() + 12_000)
    page.reload()
    band = page.locator("#network")
    expect(band).to_have_text(
        re.compile(r"^Offline\. You are reading a saved copy from \w+day \d+ \w+, \d\d:\d\d \(3 h 2\d min ago\)\.")
    )
    unknown = "Warnings are not known: this page could not be renewed. Some may be in force."
    expect(page.locator("#network, #alerts").filter(has_text=unknown)).to_have_count(
        1
    )  # where warnings stand, if there
    expect(page.locator(".freshness")).to_contain_text(re.compile(r"3 h \d+ min ago"))


def test_a_page_that_was_never_opened_says_so(site, visitor):
    """An honest page instead of the browser's error; places that were opened are offered, and open."""
    context = visitor()
    page = opened(context.new_page(), site + LONDON)
    context.set_offline(True)
    page.goto(site + TOKYO)
    expect(page.get_by_role("heading", level=1)).to_have_text("You are offline")
    page.get_by_role("main").get_by_role("link", name="London").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("London")


def test_back_online_the_page_renews_itself(site, visitor):
    """The band goes, and a page that was missing can be had."""
    context = visitor()
    page = opened(context.new_page(), site + LONDON)
    context.set_offline(True)
    page.goto(site + TOKYO)
    expect(page.locator("#network")).to_be_visible()
    context.set_offline(False)
    expect(page.locator("#network")).to_be_hidden()
    page.reload()
    expect(page.get_by_role("heading", level=1)).to_have_text("Tokyo")


def test_other_units_offline_are_better_than_nothing(site, visitor):
    """An address with units that was never opened shows the kept page of that place."""
    context = visitor()
    page = opened(context.new_page(), site + LONDON)
    context.set_offline(True)
    page.goto(f"{site}{LONDON}{'&' if '?' in LONDON else '?'}units=us")
    expect(page.get_by_role("heading", level=1)).to_have_text("London")


@pytest.fixture
def deploys(source, tmp_path):
    """Serves a copy of the program at one port, each time with this added to its style."""
    for name in ("weather", "templates"):
        shutil.copytree(PACKAGE.parent / name, tmp_path / name, ignore=shutil.ignore_patterns("*.sqlite*", "*.pyc"))
    atlas = Path("data/gazetteer.sqlite")
    (tmp_path / "weather" / atlas).symlink_to(PACKAGE / atlas)
    port = free_port()

    def deploy(more: str):
        with (tmp_path / "weather/static/style.css").open("a") as style:
            style.write(more)
        settings = {"OPENWEATHERMAP_API_KEY": KEY, "WEATHER_UPSTREAM_URL": source}
        return served(tmp_path / "c", port=port, **settings)

    return deploy


def test_a_new_deploy_replaces_the_worker(deploys, visitor):
    """The next visit has the new style at once, the worker of the new version takes over, the old shell is gone."""
    context = visitor()
    shells = "caches.keys().then((all) => all.filter((name) => name.includes('shell')))"
    with deploys("") as (_, site):
        page = opened(context.new_page(), site + LONDON)
        (before,) = page.evaluate(shells)
    with deploys("\nh1 { text-indent: 3px; }\n"):
        page.goto(site + TOKYO)
        expect(page.get_by_role("heading", level=1)).to_have_css("text-indent", "3px")
        page.wait_for_function(f"{shells}.then((all) => all.length === 1 && all[0] !== {before!r})")
        context.set_offline(True)
        page.goto(site + LONDON)  # kept under the old deploy: whole all the same
        expect(page.get_by_role("heading", level=1)).to_have_text("London")
        expect(page.get_by_role("heading", level=1)).to_have_css("letter-spacing", "-0.24px")


def test_the_site_can_be_installed(site, visitor):
    """Chromium finds nothing amiss with the manifest; each icon loads and has the size that it says."""
    context = visitor()
    page = opened(context.new_page(), site + LONDON)
    tools = context.new_cdp_session(page)
    told = tools.send("Page.getAppManifest")
    assert told["errors"] == []
    assert [one["errorId"] for one in tools.send("Page.getInstallabilityErrors")["installabilityErrors"]] in (
        [],
        ["in-incognito"],
    )
    manifest = page.evaluate("fetch('/manifest.webmanifest').then((answer) => answer.json())")
    sizes = {icon["sizes"] for icon in manifest["icons"] if icon["type"] == "image/png"}
    assert {"192x192", "512x512"} <= sizes
    for icon in manifest["icons"]:
        size = page.evaluate(SIZE, icon["src"])
        assert size == icon["sizes"] if icon["sizes"] != "any" else size
