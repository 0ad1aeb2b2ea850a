"""Debian's Chromium, and what it looks at: the real server, and a stage for pages that it cannot be made to show.

A browser lives no longer than a module of tests: while it is there, no other test could run a loop of its own.
"""

import shutil
from collections.abc import Iterator
from itertools import count
from subprocess import DEVNULL
from urllib.parse import urlsplit

import pytest
from fakes import KEY
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from serving import served, staged
from staging import faces, made

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1 , EXCLUDE localhost",
)
PHONE = {"width": 390, "height": 844}
ADDRESSES = (f"10.0.{n // 256 % 256}.{n % 256}" for n in count(1))
"""Of each visitor another: one address begins twenty lists of places an hour."""


@pytest.fixture(scope="module")
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=FLAGS)
        yield browser
        browser.close()


class Visitors:
    """Makes new visitors; none of them may have asked anyone but us, or met an error in the page."""

    def __init__(self, chromium: Browser) -> None:
        self._chromium, self._asked, self._troubles = chromium, set(), []
        self.contexts: list[BrowserContext] = []

    def __call__(self, **options) -> BrowserContext:
        known = {"viewport": PHONE, "locale": "en-GB", "extra_http_headers": {"X-Forwarded-For": next(ADDRESSES)}}
        context = self._chromium.new_context(**known | options)
        context.on("request", lambda request: self._asked.add(urlsplit(request.url).hostname))
        context.on("weberror", lambda error: self._troubles.append(str(error.error)))
        context.on("console", lambda said: self._troubles.append(said.text) if is_ours(said) else None)
        self.contexts.append(context)
        return context

    def check(self) -> None:
        """Look at what has been since the last look."""
        asked, troubles = self._asked, self._troubles
        self._asked, self._troubles = set(), []
        assert asked <= {"127.0.0.1"}
        assert not troubles

    def leave(self) -> None:
        for context in self.contexts:
            context.close()


@pytest.fixture
def visitor(chromium) -> Iterator[Visitors]:
    """New visitors, who are looked at when they have left."""
    visitors = Visitors(chromium)
    yield visitors
    visitors.leave()
    visitors.check()


@pytest.fixture(scope="module")
def onlookers(chromium) -> Iterator[Visitors]:
    visitors = Visitors(chromium)
    visitors(service_workers="block")
    yield visitors
    visitors.leave()


@pytest.fixture
def window(onlookers) -> Iterator[Page]:
    """A window of the visitor whom all tests of a module share that look at pages alone: a new one takes longer."""
    page = onlookers.contexts[0].new_page()
    yield page
    page.evaluate("localStorage.clear()")
    page.close()
    onlookers.check()


def is_ours(said) -> bool:
    """Whether the console tells of a mistake; a status or a network that failed is none, where a test wants it."""
    return said.type == "error" and "Failed to load resource" not in said.text


@pytest.fixture(scope="session")
def source(tmp_path_factory) -> Iterator[str]:
    """An upstream in OpenWeatherMap's words: another server of ours, on its demo."""
    with served(tmp_path_factory.mktemp("source") / "c", "--demo", errors=DEVNULL) as (_, origin):
        yield origin


@pytest.fixture(scope="session")
def site(source, tmp_path_factory) -> Iterator[str]:
    """The real server with a key, of which all these visitors may spend as much as they need."""
    settings = {"OPENWEATHERMAP_API_KEY": KEY, "WEATHER_UPSTREAM_URL": source, "WEATHER_CALLS_PER_MINUTE": "100000"}
    settings |= {"WEATHER_TRUSTED_PROXIES": "127.0.0.1"}
    with served(tmp_path_factory.mktemp("site") / "c", errors=DEVNULL, **settings) as (_, origin):
        yield origin


@pytest.fixture(scope="session")
def stage() -> Iterator[str]:
    """Every page in every state, by its name and language: /stale/en."""
    with staged(made(faces)) as origin:
        yield origin
