"""Draws the picture of a preview, where the library for it is installed (extra `pictures`).

One picture is drawn at a time, in a thread: it takes a core for some hundredths of a second. The last few are kept.
"""

import asyncio
from collections import OrderedDict
from functools import cache
from hashlib import blake2b
from importlib.util import find_spec
from pathlib import Path

from weather.web.pages.preview_picture import WIDTH

FONT = Path(__file__).resolve().parent.parent.parent / "data" / "preview.ttf"
MOST_KEPT = 64
"""Pictures in memory, of some tens of kilobytes each."""


@cache
def can_draw() -> bool:
    """Whether the library is installed."""
    return find_spec("resvg_py") is not None


class PreviewRenderer:
    """Makes PNGs of SVGs of ours."""

    def __init__(self) -> None:
        self._turn = asyncio.Lock()
        self._kept: OrderedDict[bytes, bytes] = OrderedDict()

    async def png(self, svg: bytes) -> bytes:
        """The picture; of the same SVG the same one."""
        name = blake2b(svg, digest_size=16).digest()
        async with self._turn:
            if name not in self._kept:
                self._kept[name] = await asyncio.to_thread(drawn, svg.decode())
                while len(self._kept) > MOST_KEPT:
                    self._kept.popitem(last=False)
            self._kept.move_to_end(name)
            return self._kept[name]


def drawn(svg: str) -> bytes:
    """Draw it with the font that comes with us: a machine may have none, and none looks the same everywhere."""
    import resvg_py

    return bytes(
        resvg_py.svg_to_bytes(
            svg_string=svg,
            width=WIDTH,
            font_files=[str(FONT)],
            font_family="DejaVu Sans",
            sans_serif_family="DejaVu Sans",
            skip_system_fonts=True,
        )
    )
