"""What a visitor on a slow phone waits for: `python tests/bench/phone.py [--rounds 5]`, on a quiet machine.

Chromium at 390×844 with 150 ms of latency, 1.6 Mbit/s and a quarter of the processor, as Lighthouse has its phone.
A first visit to a place in a storm, told by the hour: the largest paint, the shift of the layout, the bytes of the
document and of all that the page itself loads, and of some taps and keys the slowest until something new is painted.
Medians; the least and the most of all rounds behind them. Nothing leaves this machine.
"""

import argparse
import shutil
import statistics
import sys
import tempfile
from pathlib import Path
from subprocess import DEVNULL

sys.path[:0] = [str(Path(__file__).parent), str(Path(__file__).parents[1])]

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright  # noqa: E402
from serving import listening, served  # noqa: E402
from stand import environment, table  # noqa: E402
from storms import Storm  # noqa: E402

NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1_600_000 / 8, "uploadThroughput": 750_000 / 8}
SLOWER = 4
PHONE = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "has_touch": True, "is_mobile": True}
PLACE = "/forecast/59.91,10.74?name=Oslo"
WATCH = """(() => {
  const seen = window.seen = { paint: 0, shift: 0, event: 0, which: "" };
  const watch = (type, each, more) => new PerformanceObserver((list) => list.getEntries().forEach(each))
    .observe({ type, buffered: true, ...more });
  watch("largest-contentful-paint", (one) => { seen.paint = one.startTime; });
  watch("layout-shift", (one) => { if (!one.hadRecentInput) seen.shift += one.value; });
  watch("event", (one) => {
    if (one.interactionId && one.duration > seen.event) [seen.event, seen.which] = [one.duration, one.name];
  }, { durationThreshold: 16 });
})()"""
IDLE = "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 100)))"


def slowed(page: Page) -> CDPSession:
    """The page on a slow network and a slow processor."""
    session = page.context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", NETWORK)
    session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    return session


def use(page: Page) -> None:
    """What one does on the page: open a day, read the drawing by tap and key, open the settings, search."""
    for act in (
        lambda: page.locator(".days summary").nth(1).tap(),
        lambda: page.locator(".days summary").nth(4).tap(),
        lambda: page.locator(".m-step").nth(4).tap(),
        lambda: page.locator(".drawing .wide").press("ArrowRight"),
        lambda: page.locator(".preferences summary").tap(),
        lambda: page.locator(".preferences summary").tap(),
        lambda: page.locator("#q").press_sequentially("Ber"),
    ):
        act()
        page.evaluate(IDLE)


def visit(chromium: Browser, site: str, lang: str) -> dict[str, float]:
    """One first visit, and what it showed."""
    context = chromium.new_context(**PHONE, locale=lang)
    page, sizes = context.new_page(), []
    slowed(page).on("Network.loadingFinished", lambda one: sizes.append(one["encodedDataLength"]))
    page.add_init_script(WATCH)
    page.goto(f"{site}{PLACE}")
    page.wait_for_load_state("networkidle")
    page.evaluate(IDLE)
    own = list(sizes)
    use(page)
    seen = page.evaluate("seen")
    context.close()
    return {**seen, "document": own[0], "bytes": sum(own)}


def row(lang: str, visits: list[dict[str, float]]) -> list[str]:
    """The medians of some visits, and between what they lie."""

    def both(name: str, form: str) -> str:
        values = [one[name] for one in visits]
        return f"{statistics.median(values):{form}} ({min(values):{form}}-{max(values):{form}})"

    slowest = max(visits, key=lambda one: one["event"])
    parts = [both("paint", ".0f"), both("shift", ".3f"), f"{both('event', '.0f')} {slowest['which']}"]
    return [lang, *parts, both("document", ".0f"), both("bytes", ".0f")]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    visits: dict[str, list[dict[str, float]]] = {lang: [] for lang in ("en", "de", "ar")}
    with listening(Storm) as origin, tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        settings = {f"WEATHER_{name}_URL": origin for name in ("OPENMETEO", "OPENMETEO_AIR", "METALERTS")}
        settings |= {"WEATHER_PROVIDER": "open-meteo", "WEATHER_ALERTS": "metalerts", "WEATHER_CONTACT": "a@b.example"}
        chromium = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=["--no-sandbox"])
        with served(Path(folder) / "c", errors=DEVNULL, **settings) as (_, site):
            for number in range(rounds + 1):  # the first is for the server's own caches, and is not counted
                for lang, seen in visits.items():
                    shown = visit(chromium, site, lang)
                    seen += [shown] if number else []
        chromium.close()
    print(environment())
    head = ("", "largest paint, ms", "shift", "slowest event, ms", "document, bytes", "page, bytes")
    print(table(head, [row(lang, seen) for lang, seen in visits.items()]))


if __name__ == "__main__":
    main()
