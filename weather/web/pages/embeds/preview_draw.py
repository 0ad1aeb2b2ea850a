"""Draws an SVG from standard input as a PNG on standard output: `python -P preview_draw.py FONT WIDTH`.

A program of its own, that imports nothing of ours: the library keeps Python's lock while it draws.
"""

import sys


def main(font: str, width: str) -> None:
    """With this font alone: a machine may have none, and none looks the same everywhere."""
    import resvg_py

    png = resvg_py.svg_to_bytes(
        svg_string=sys.stdin.buffer.read().decode(),
        width=int(width),
        font_files=[font],
        font_family="DejaVu Sans",
        sans_serif_family="DejaVu Sans",
        skip_system_fonts=True,
    )
    sys.stdout.buffer.write(bytes(png))


if __name__ == "__main__":
    main(*sys.argv[1:])
