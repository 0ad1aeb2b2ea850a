"""The pictures that the README shows. PICTURES=.github/pictures writes them there; a plain run leaves no trace."""

import os
import re
import struct
import zlib
from base64 import b64encode
from pathlib import Path

import pytest
from palette import SIGNATURE, chunk, chunks, predicted, unfiltered, with_palette
from serving import staged
from staging import made, portraits

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

ROOT = Path(__file__).parents[2]
SIDE_BY_SIDE = """<style>body {{ margin: 0; display: flex; gap: 24px; padding: 24px; background: #8b949c }}
img {{ border-radius: 12px }}</style>{}"""
SMALL = range(20_000, 150_000)
"""Bytes of a picture that travels with every clone."""


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(os.environ.get("PICTURES", tmp_path))


@pytest.fixture(scope="module")
def gallery():
    with staged(made(portraits)) as origin:
        yield origin


@pytest.fixture
def shoot(gallery, visitor):
    """The upper part of the page, as a picture."""

    def shot(name: str, width: int = 390, height: int = 844, scheme: str = "light") -> bytes:
        size = {"width": width, "height": height}
        page = visitor(java_script_enabled=False, viewport=size, color_scheme=scheme).new_page()
        page.goto(f"{gallery}/{name}/en")
        return page.screenshot()

    return shot


def beside(visitor, *shots: bytes) -> bytes:
    """Pictures side by side in one."""
    page = visitor(viewport={"width": 24 + 414 * len(shots), "height": 892}).new_page()
    sources = "".join(f'<img src="data:image/png;base64,{b64encode(shot).decode()}">' for shot in shots)
    page.set_content(SIDE_BY_SIDE.format(sources))
    page.evaluate("Promise.all(Array.from(document.images, (one) => one.decode()))")
    return page.screenshot()


def test_a_fresh_page_beside_the_same_page_in_an_outage(shoot, visitor, folder):
    """On a phone: the second tells in amber how old it is, the third is the first in the dark."""
    three = with_palette(beside(visitor, shoot("fresh"), shoot("outage"), shoot("fresh", scheme="dark")))
    (folder / "fresh-and-outage.png").write_bytes(three)
    assert len(three) in SMALL


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_on_a_wide_screen(shoot, folder, scheme):
    """With the days, and the drawing as a whole."""
    shot = with_palette(shoot("fresh", width=1280, height=1330, scheme=scheme))
    (folder / f"wide-{scheme}.png").write_bytes(shot)
    assert len(shot) in SMALL


def test_a_palette_changes_no_colour_where_there_are_few():
    """All colours of a picture of fewer than 256 come back as they were, by whatever filter its lines were written."""
    points = [bytes((31 * n % 256, 17 * n % 256, n)) for n in range(200)]
    lines = [b"".join(points[at : at + 20]) for at in range(0, 200, 20)]
    data = b"".join(
        bytes([n % 5]) + filtered(n % 5, line, lines[n - 1] if n else bytes(60)) for n, line in enumerate(lines)
    )
    head = struct.pack(">IIBBBBB", 20, 10, 8, 2, 0, 0, 0)
    png = SIGNATURE + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(data)) + chunk(b"IEND", b"")
    parts = dict(chunks(with_palette(png)))
    rows = unfiltered(zlib.decompress(parts[b"IDAT"]), 20, 1)
    assert [parts[b"PLTE"][3 * n : 3 * n + 3] for row in rows for n in row] == points


def filtered(kind: int, line: bytes, above: bytes) -> bytes:
    """A line as a writer filters it (PNG, 9.2), the sum in the other direction."""
    padded, over = bytes(3) + line, bytes(3) + above
    return bytes((padded[i + 3] - predicted(kind, padded[i], over[i + 3], over[i])) % 256 for i in range(len(line)))


def test_the_readme_shows_pictures_that_are_there():
    """Each is tracked, and small."""
    shown = re.findall(r"!\[[^]]+\]\(([^)]+\.png)\)", (ROOT / "README.md").read_text("utf-8"))
    assert shown
    assert all((ROOT / one).stat().st_size < 150_000 for one in shown)
