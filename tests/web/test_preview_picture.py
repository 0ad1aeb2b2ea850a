"""The picture by which other programs show a link to a forecast (og:image), where the library for it is installed."""

import asyncio
import html
import re
import struct
import sys
import threading
from dataclasses import replace
from xml.etree import ElementTree as ET

import pytest
from fakes import running
from states import DEMO, LONDON, NOW, STATES, TEMPLATING, alert, report, wanted

from weather.providers.report import Section
from weather.web.pages.embeds.preview_picture import cut, is_drawn, palette, preview_picture, wrapped
from weather.web.pages.embeds.preview_render import FONT, MOST_WAITING, can_draw, drawn
from weather.web.view.forecast import forecast_page

pytest.importorskip("resvg_py")
pytestmark = pytest.mark.anyio

PAGE, PICTURE = "/forecast/51.51,-0.13?name=London", "/forecast/51.51,-0.13/preview.png"
TAG = re.compile(r'<meta property="og:image" content="([^"]+)">')


def told(told=None, lang: str = "en", label: str = "London") -> str:
    """The words of the picture of a state, in their order."""
    prefers, templating = wanted(lang), TEMPLATING[False]
    page = forecast_page(told or report(), label, prefers.reader, NOW.timestamp())
    picture = preview_picture(page, prefers.reader, templating.palette)
    svg = ET.fromstring(templating.render("_preview.svg", picture, prefers, {}))
    return " | ".join(one.text for one in svg.iter("{http://www.w3.org/2000/svg}text") if one.text)


@pytest.mark.slow
async def test_a_page_names_its_picture(site, upstream):
    """By its path, for a page is one for all names of the site; in its words and units. The picture costs no call."""
    (address,) = TAG.findall((await site.get(PAGE)).text)
    assert address.startswith(f"{PICTURE}?name=London&amp;")
    before = upstream.count
    answer = await site.get(address.replace("&amp;", "&"))
    assert (answer.status_code, answer.headers["content-type"]) == (200, "image/png")
    assert answer.content[:8] == b"\x89PNG\r\n\x1a\n"
    assert struct.unpack(">II", answer.content[16:24]) == (1200, 630)
    assert answer.headers["cache-control"].startswith("max-age=")
    assert upstream.count == before
    again = await site.get(PICTURE, headers={"If-None-Match": (await site.get(PICTURE)).headers["etag"]})
    assert again.status_code == 304


async def test_a_site_that_knows_its_address_names_the_picture_by_it(upstream, clock):
    """As programs that show previews of links need it, whatever host the page was asked of."""
    told = {"WEATHER_PUBLIC_URL": "https://w.example/sky", "WEATHER_ROOT_PATH": "/sky"}
    async with running(upstream, clock, **told) as site:
        (address,) = TAG.findall((await site.get(f"/sky{PAGE}")).text)
        assert address.startswith(f"https://w.example/sky{PICTURE}?name=London&amp;")
        answer = await site.get(address.replace("&amp;", "&").removeprefix("https://w.example"))
        assert answer.headers["content-type"] == "image/png"


async def test_a_finer_point_leads_to_its_cell(site):
    """As on every address of a place."""
    answer = await site.get("/forecast/51.5074,-0.1278/preview.png?name=X")
    assert (answer.status_code, answer.headers["location"]) == (308, f"{PICTURE}?name=X")


async def test_without_the_library_there_is_no_tag_and_no_picture(site, monkeypatch):
    """404, and a page without a word of it."""
    monkeypatch.setitem(sys.modules, "resvg_py", None)
    can_draw.cache_clear()
    try:
        assert "og:image" not in (await site.get(PAGE)).text
        assert (await site.get(PICTURE)).status_code == 404
    finally:
        can_draw.cache_clear()


def test_the_picture_tells_place_now_outlook_and_its_age():
    """With the date: it is kept by others."""
    words = told()
    assert words.startswith("London | 12° | light rain | Wet at first. Rain from about 21:00 to 00:00 tomorrow.")
    assert "As of Tuesday 24 November, 14:15" in words
    assert "Out of date. Data from: Tuesday 24 November, 11:05" in told(STATES["stale"])
    assert told(report(source=DEMO)).endswith("demo")


def test_a_warning_stands_in_it_whatever_letters_it_has():
    """By its name, or, where the font lacks its letters, as an official warning: none is hidden."""
    assert "Yellow wind warning, Red rain warning" in told(STATES["two alerts"])
    japanese = Section((alert("大雨警報"),), fetched=report().current.fetched)
    assert "Official warning" in told(replace(report(), alerts=japanese))


@pytest.mark.parametrize(
    ("label", "name", "shown"),
    [
        ("Łódź", "London", "Łódź"),
        ("القاهرة", "London", "القاهرة"),
        ("東京", "London", "London"),
        ("東京", "大阪", "51.51°"),
    ],
)
def test_a_name_that_cannot_be_drawn_gives_way(label, name, shown):
    """To the place's own name, and that to its point: no empty boxes."""
    assert told(replace(report(), place=replace(LONDON, name=name)), label=label).startswith(shown)


def test_from_right_to_left_every_text_is_an_isolate():
    """The library draws by the letters alone: numbers in Arabic words would stand at the wrong end."""
    parts = told(lang="ar").split(" | ")
    assert all(part[0] + part[-1] == "\u2067\u2069" for part in parts if part != "Weatherglass")


def test_a_long_text_is_cut_where_the_picture_ends():
    """At most two lines, the last with an ellipsis; a single long word too."""
    assert wrapped("short", 34) == ("short",)
    lines = wrapped("word " * 100, 34)
    assert (len(lines), lines[-1][-1]) == (2, "…")
    assert wrapped("x" * 500, 34)[0].endswith("…")
    assert wrapped("", 34) == ()


def test_a_name_that_fits_is_not_cut():
    """By the advance widths of the font this one takes 798 of 1,080 pixels in letters of 72."""
    assert cut("Paris 04 Hôtel-de-Ville", 72) == "Paris 04 Hôtel-de-Ville"


def test_the_colours_are_those_of_the_site():
    """Read out of its sheet: six surfaces, and a plain colour for every variable of the symbols."""
    colours = TEMPLATING[False].palette
    assert {f"{sky}-{light}" for sky in ("clear", "cloudy", "wet") for light in ("day", "night")} == {*colours.surfaces}
    assert colours.dark["--icon-cloud"] == "#c9d3de"
    assert palette("") == type(colours)({}, {})


@pytest.mark.slow
@pytest.mark.parametrize("letter", "aßőŁДΩع°−…")
def test_the_font_draws_what_is_said_to_be_drawn(letter):
    """A letter of each alphabet that is listed leaves ink."""
    assert is_drawn(letter)
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 99 99"><text y="80" font-size="80">{}</text></svg>'
    assert drawn(svg.format(letter).encode()) != drawn(svg.format("").encode())


def test_the_font_is_small_and_comes_with_its_licence():
    """Some tens of kilobytes."""
    assert FONT.stat().st_size < 80_000
    assert "Bitstream" in (FONT.parent / "LICENSE-dejavu.txt").read_text("utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["W" * 80, "MWM" * 20, "SAINT-OUEN " * 7, "Щ" * 40, "m" * 80, "@%" * 40, "…" * 80, "i" * 80]
)
def test_no_heading_runs_out_of_the_picture(name):
    """The right margin stays empty, whatever letters a name has: drawn, the same as with the margin painted over."""
    heading = cut(name, 72)
    svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 99"><rect width="1200" height="99" fill="#123"/>'
    svg += f'<text x="60" y="80" font-size="72" font-family="DejaVu Sans" fill="#fff">{html.escape(heading)}</text>'
    over = '<rect x="1140" width="60" height="99" fill="#123"/>'
    assert drawn(f"{svg}</svg>".encode()) == drawn(f"{svg}{over}</svg>".encode())
    assert len(heading) >= 13


def test_a_very_long_text_is_cut_in_one_pass():
    """Of twenty times the text some twenty times the steps: a hundred warnings may stand in one line."""
    assert steps_of(lambda: cut("Wind " * 2000, 34)) < 40 * steps_of(lambda: cut("Wind " * 100, 34))


def steps_of(work) -> int:
    """How many lines of Python a call runs."""
    count = 0

    def trace(frame, event, argument):
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        work()
    finally:
        sys.settrace(before)
    return count


@pytest.mark.slow
async def test_a_crowd_of_names_is_bounded_and_harms_nobody_else(site):
    """Each name is another picture: some are drawn, the rest is asked to come again; a kept one is there at once."""
    kept = await site.get(PICTURE)
    paths = [f"{PICTURE}?name=Place{n}" for n in range(2 * MOST_WAITING)]
    answers = await asyncio.gather(*(site.get(path) for path in [*paths, PICTURE]))
    assert answers[-1].content == kept.content
    statuses = [answer.status_code for answer in answers[:-1]]
    assert statuses.count(200) >= MOST_WAITING
    assert {*statuses} == {200, 503}
    refused = next(answer for answer in answers if answer.status_code == 503)
    assert (refused.headers["retry-after"], refused.headers["cache-control"]) == ("5", "no-store")


@pytest.mark.slow
async def test_one_that_cannot_be_drawn_is_no_crash(site, monkeypatch):
    """No program, no memory: 503, and the next one is tried."""
    with monkeypatch.context() as broken:
        broken.setattr(sys, "executable", "/nowhere/python")
        assert (await site.get(PICTURE)).status_code == 503
    assert (await site.get(PICTURE)).status_code == 200


@pytest.mark.slow
def test_others_go_on_while_a_picture_is_drawn():
    """Another thread counts on; the library alone would let it count nothing."""
    counted, done = 0, threading.Event()

    def count() -> None:
        nonlocal counted
        while not done.wait(0.001):
            counted += 1

    other = threading.Thread(target=count)
    other.start()
    text = "".join(f'<text x="60" y="{y}" font-size="72">{"W" * 60}</text>' for y in range(99))
    assert drawn(f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 1200 630">{text}</svg>'.encode())
    done.set()
    other.join()
    assert counted > 5
