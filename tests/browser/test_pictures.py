"""The pictures that the README shows. PICTURES=.github/pictures writes them there; a plain run leaves no trace."""

import os
import re
from base64 import b64encode
from pathlib import Path
from urllib.parse import quote

import pytest

pytestmark = [pytest.mark.needs("chromium"), pytest.mark.slow]

ROOT = Path(__file__).parents[2]
SIDE_BY_SIDE = """<style>body {{ margin: 0; display: flex; gap: 24px; padding: 24px; background: #8b949c }}
img {{ border-radius: 12px }}</style>{}"""


@pytest.fixture
def folder(tmp_path) -> Path:
    return Path(os.environ.get("PICTURES", tmp_path))


@pytest.fixture
def shoot(stage, visitor):
    """The upper part of a page of the stage, as a picture."""

    def shot(name: str, lang: str = "en", width: int = 390, height: int = 800, scheme: str = "light") -> bytes:
        size = {"width": width, "height": height}
        page = visitor(java_script_enabled=False, viewport=size, color_scheme=scheme).new_page()
        page.goto(f"{stage}/{quote(name)}/{lang}")
        return page.screenshot()

    return shot


def beside(visitor, *shots: bytes) -> bytes:
    """Pictures side by side in one."""
    page = visitor(viewport={"width": 24 + 414 * len(shots), "height": 848}).new_page()
    sources = "".join(f'<img src="data:image/png;base64,{b64encode(shot).decode()}">' for shot in shots)
    page.set_content(SIDE_BY_SIDE.format(sources))
    page.evaluate("Promise.all(Array.from(document.images, (one) => one.decode()))")
    return page.screenshot()


def test_a_fresh_page_beside_the_same_page_in_an_outage(shoot, visitor, folder):
    """The second tells in amber how old it is."""
    both = beside(visitor, shoot("forecast"), shoot("outage"))
    (folder / "fresh-and-outage.png").write_bytes(both)
    assert 20_000 < len(both) < 250_000


def test_the_page_on_a_wide_screen_in_the_dark(shoot, folder):
    """With the drawing as a whole."""
    shot = shoot("forecast", width=1000, height=900, scheme="dark")
    (folder / "wide-dark.png").write_bytes(shot)
    assert 20_000 < len(shot) < 250_000


def test_the_readme_shows_pictures_that_are_there():
    """Each is tracked, and small."""
    shown = re.findall(r"!\[[^]]+\]\(([^)]+\.png)\)", (ROOT / "README.md").read_text("utf-8"))
    assert shown
    assert all((ROOT / one).stat().st_size < 250_000 for one in shown)
