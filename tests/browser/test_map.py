"""The map with script: it moves where it is, by drag, wheel, two fingers and keys; without a next one it stays."""

import math
from base64 import b64decode
from http.server import BaseHTTPRequestHandler
from subprocess import DEVNULL

import pytest
from fakes import KEY
from serving import Quiet, listening, served

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

MAP = "/forecast/51.51,-0.13/map?name=London"
VIEW, WORLD = 512, 512 * 2**6
"""Width of the picture, and of the world at the zoom that is usual, in units of the picture."""

MOVED = "(from) => location.pathname + location.search !== from"
SPOKEN = "() => document.querySelector('body > p.unseen[role=status]').textContent"


CLEAR = b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==")
"""A picture of one point."""


class Tiles(Quiet, BaseHTTPRequestHandler):
    """A provider of tiles, which counts them."""

    asked: list[str]

    def do_GET(self) -> None:
        self.asked.append(self.path.partition("?")[0])
        self.answer(200, CLEAR, "image/png")


@pytest.fixture(scope="module")
def tiles():
    """Which tiles were asked for at the provider, and where it is."""
    asked: list[str] = []
    with listening(type("Tiles", (Tiles,), {"asked": asked})) as origin:
        yield asked, origin


@pytest.fixture(scope="module")
def site(source, tiles, tmp_path_factory):
    """The real server with a key, and tiles."""
    settings = {"OPENWEATHERMAP_API_KEY": KEY, "WEATHER_UPSTREAM_URL": source, "WEATHER_TILES_URL": tiles[1]}
    with served(tmp_path_factory.mktemp("maps") / "c", errors=DEVNULL, **settings) as (_, origin):
        yield origin


def here(page) -> tuple[float, float]:
    """The middle of the map, by its address."""
    latitude, longitude = page.url.split("/forecast/")[1].split("/")[0].split(",")
    return float(latitude), float(longitude)


def northing(latitude: float) -> float:
    """Units north of the equator: the integral of the secant (the first definition of Mercator's projection)."""
    angle = math.radians(latitude)
    return WORLD / (2 * math.pi) * math.log(1 / math.cos(angle) + math.tan(angle))


@pytest.fixture
def page(site, visitor):
    """The map, marked so that one that was loaded anew is known."""
    page = visitor(has_touch=True).new_page()
    page.goto(f"{site}{MAP}")
    page.evaluate("window.isTheSame = true")
    yield page
    assert page.evaluate("window.isTheSame")


def after(page, act) -> None:
    """Do something, and wait until the address has changed."""
    before = page.evaluate("location.pathname + location.search")
    act()
    page.wait_for_function(MOVED, arg=before)


def drag(page, right: int, down: int) -> None:
    box = page.locator(".map").bounding_box()
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + right, y + down, steps=3)
    page.mouse.up()


def pinch(page, start: int, end: int) -> None:
    """Two fingers on a line through the middle, that many pixels to each side of it."""
    box, session = page.locator(".map").bounding_box(), page.context.new_cdp_session(page)
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

    def touch(kind: str, *offsets: int) -> None:
        points = [{"x": x + offset, "y": y, "id": n} for n, offset in enumerate(offsets)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    touch("touchStart", -start, start)
    touch("touchMove", -end, end)
    touch("touchEnd")


def test_a_drag_moves_the_map_under_the_hand(page):
    """By so much of the world as lay under it; the picture is taken from the server, and Back leads back."""
    width, top = (page.locator(".map").bounding_box()[name] for name in ("width", "y"))
    after(page, lambda: drag(page, -100, 40))
    latitude, longitude = here(page)
    assert longitude == pytest.approx(-0.13 + 100 * VIEW / width * 360 / WORLD, abs=0.011)
    assert northing(latitude) - northing(51.51) == pytest.approx(40 * VIEW / width, abs=2)
    assert "near" in page.locator("h1").inner_text()
    assert page.locator(".map").bounding_box()["y"] == top
    after(page, page.go_back)
    assert here(page) == (51.51, -0.13)
    page.wait_for_function("() => document.querySelector('h1').textContent.includes('London')")


def test_keys_move_it_and_the_focus_stays(page):
    """Arrows go half a picture on, plus and minus zoom, from the map as from its links; where one is is spoken."""
    page.locator(".map").focus()
    after(page, lambda: page.keyboard.press("ArrowRight"))
    assert here(page)[1] == pytest.approx(-0.13 + VIEW / 2 * 360 / WORLD, abs=0.011)
    assert page.evaluate("document.activeElement.matches('.map')")
    assert page.evaluate(SPOKEN) == page.locator("h1").text_content()
    after(page, lambda: page.keyboard.press("+"))
    assert "zoom=7" in page.url
    page.locator(".moves .out").focus()
    after(page, lambda: page.keyboard.press("Enter"))
    assert "zoom=6" in page.url
    assert page.evaluate("document.activeElement.matches('.moves .out')")


QUICK = """(key) => { for (let n = 0; n < 3; n++) {
  document.querySelector(".map").dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true }));
} }"""
TAPS = """(word) => { for (let n = 0; n < 3; n++) document.querySelector(`.moves .${word}`).click(); }"""


@pytest.mark.parametrize(("quickly", "what"), [(QUICK, "ArrowRight"), (TAPS, "east")])
def test_each_of_three_quick_presses_counts(page, quickly, what):
    """All at once, before the first map has come: three times half a picture on, by key and by link."""
    page.evaluate(quickly, what)
    east = -0.13 + 3 * VIEW / 2 * 360 / WORLD
    page.wait_for_function(f"() => Number(location.pathname.match(/,(-?[0-9.]+)/)[1]) > {east - 0.1}")
    assert here(page)[1] == pytest.approx(east, abs=0.033)


def test_elsewhere_on_the_page_the_keys_do_what_they_always_do(page):
    """They scroll."""
    page.locator(".brand").focus()
    page.keyboard.press("ArrowDown")
    page.keyboard.press("+")
    page.locator(".map").focus()
    after(page, lambda: page.keyboard.press("-"))
    assert "zoom=5" in page.url and here(page) == (51.51, -0.13)


def test_the_wheel_and_two_fingers_zoom(page):
    """Around the point at which they are: what lies there stays there."""
    box = page.locator(".map").bounding_box()
    page.mouse.move(box["x"] + box["width"] - 1, box["y"] + box["height"] / 2)
    after(page, lambda: page.mouse.wheel(0, -120))
    assert "zoom=7" in page.url
    assert here(page)[1] == pytest.approx(-0.13 + VIEW / 4 * 360 / WORLD, abs=0.02)
    after(page, lambda: pinch(page, 80, 40))
    assert "zoom=6" in page.url


def test_two_fingers_on_one_point_move_it(page):
    """They are no distance apart, of which no zoom can be told: the map goes where both go."""
    box, session = page.locator(".map").bounding_box(), page.context.new_cdp_session(page)
    x, y = box["x"] + 100, box["y"] + 100

    def touch(kind: str, *rights: int) -> None:
        points = [{"x": x + right, "y": y, "id": n} for n, right in enumerate(rights)]
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})

    def together() -> None:
        touch("touchStart", 0, 0)
        touch("touchMove", 50, 50)
        touch("touchEnd")

    after(page, together)
    assert here(page)[1] == pytest.approx(-0.13 - 50 * VIEW / box["width"] * 360 / WORLD, abs=0.011)
    assert "zoom=6" in page.url
    assert not page.locator(".trouble").count()


def test_a_map_that_cannot_be_fetched_leaves_this_one(page):
    """It says so, to eyes and ears, until the next one comes; settings lead back to the map that is shown."""
    page.route("**/map?**", lambda route: route.abort())
    drag(page, 60, 60)
    page.wait_for_selector(".trouble")
    assert here(page) == (51.51, -0.13)
    assert page.locator(".map").evaluate("(one) => one.style.transform") == ""
    assert page.evaluate(SPOKEN) == page.locator(".trouble").text_content()
    page.unroute("**/map?**")
    after(page, lambda: page.locator(".moves .north").click())
    page.wait_for_function("() => !document.querySelector('.trouble')")
    assert page.locator("[name=page]").input_value() == page.evaluate("location.pathname + location.search")


def test_maps_on_the_way_do_not_push_places_out_of_what_is_read_offline(page):
    """The worker keeps a few pages: of maps none but those that were opened as pages."""
    page.evaluate("navigator.serviceWorker.ready.then(() => true)")
    page.locator(".map").focus()
    after(page, lambda: page.keyboard.press("ArrowUp"))
    kept = "caches.keys().then((all) => Promise.all(all.map((one) => caches.open(one).then((it) => it.keys()))))"
    addresses = page.evaluate(f"{kept}.then((found) => found.flat().map((one) => one.url))")
    assert page.url not in addresses


def test_every_tile_is_asked_for_once(page, tiles):
    """By the server, through its cache and on its count, however often the map is moved to and fro."""
    page.locator(".map").focus()
    for key in ("ArrowLeft", "ArrowRight", "ArrowLeft"):
        after(page, lambda key=key: page.keyboard.press(key))
    assert page.locator(".map image").count() >= 2
    assert not page.locator(".missing").count()
    assert len(tiles[0]) == len({*tiles[0]}) >= 4
