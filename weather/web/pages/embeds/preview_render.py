"""Draws the picture of a preview, where the library for it is installed (extra `pictures`).

One picture is drawn at a time, in a process of its own: it takes a core for a tenth of a second, and the library lets
no other thread run meanwhile. The last few are kept.
"""

import asyncio
import subprocess
import sys
from collections import OrderedDict
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from weather.web.pages.embeds.preview_picture import WIDTH

FONT = Path(__file__).resolve().parents[3] / "data" / "preview.ttf"
PROGRAM = Path(__file__).with_name("preview_draw.py")
MOST_KEPT = 64
"""Pictures in memory, of some tens of kilobytes each."""

MOST_WAITING = 16
"""Who may wait for pictures to be drawn: a name in the address makes another picture, and there are endless names."""

SECONDS = 10
"""For which a picture may be drawn, on the busiest machine."""


@cache
def can_draw() -> bool:
    """Whether the library is installed."""
    return find_spec("resvg_py") is not None


class PreviewRenderer:
    """Makes PNGs of SVGs of ours."""

    def __init__(self) -> None:
        self._turn, self._waiting = asyncio.Lock(), 0
        self._pictures: OrderedDict[bytes, bytes] = OrderedDict()

    async def png(self, svg: bytes) -> bytes | None:
        """The picture; of the same SVG the same one. None if too many wait for theirs, or if it could not be drawn."""
        name = blake2b(svg, digest_size=16).digest()
        if name not in self._pictures and self._waiting < MOST_WAITING:
            self._waiting += 1
            try:
                async with self._turn:
                    await self._keep(name, svg)
            finally:
                self._waiting -= 1
        if name in self._pictures:
            self._pictures.move_to_end(name)
        return self._pictures.get(name)

    async def _keep(self, name: bytes, svg: bytes) -> None:
        """Draw it, unless that was done while we waited."""
        if name not in self._pictures and (png := await asyncio.to_thread(drawn, svg)):
            self._pictures[name] = png
            while len(self._pictures) > MOST_KEPT:
                self._pictures.popitem(last=False)


def drawn(svg: bytes) -> bytes | None:
    """Draw it, with the font that comes with us. None if that fails."""
    command = [sys.executable, "-P", str(PROGRAM), str(FONT), str(WIDTH)]
    try:
        return subprocess.run(command, input=svg, capture_output=True, check=True, timeout=SECONDS).stdout  # noqa: S603
    except (OSError, subprocess.SubprocessError):
        return None
