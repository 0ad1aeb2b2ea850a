"""Text on a terminal: how wide it is, in columns; what colours it; and nothing in it that a terminal obeys. Pure."""

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from weather.domain.text import clean

BOLD, DIM, RED, YELLOW = "1", "2", "1;31", "33"
"""Of ECMA-48, 8.3.117 (SGR)."""

HEAT = ((-15, 27), (-10, 33), (-5, 39), (0, 45), (5, 50), (10, 48), (15, 118), (20, 190), (25, 226), (30, 208))
HOTTEST = 196
"""Degrees Celsius below which a temperature has which of xterm's 256 colours, from blue to red."""


@dataclass(frozen=True, slots=True)
class Screen:
    """How many columns there are, and whether there is colour."""

    width: int = 80
    colour: bool = False

    def style(self, text: str, code: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.colour and text else text

    def warmth(self, text: str, celsius: float | None) -> str:
        """A temperature in the colour of its warmth."""
        if celsius is None:
            return text
        number = next((number for below, number in HEAT if celsius < below), HOTTEST)
        return self.style(text, f"38;5;{number}")

    def wrapped(self, text: str, indent: int = 0) -> list[str]:
        """A text in lines that are not longer than the screen is wide, if its words are not."""
        lines, pad = [""], " " * indent
        for word in filter(None, clean(text).split(" ")):  # not where a number and its unit belong together
            longer = f"{lines[-1]} {word}" if lines[-1] else word
            if lines[-1] and indent + width(longer) > self.width:
                lines.append(word)
            else:
                lines[-1] = longer
        return [pad + line for line in lines]


def without_fixed_spaces(text: str) -> str:
    """Lines are broken by now, and who looks for "12 °C" types a plain space."""
    return text.replace("\u00a0", " ").replace("\u202f", " ")


def width(text: str) -> int:
    """The columns that a text takes: two for wide letters, none for marks that stand on others (UAX #11)."""
    return sum(columns(letter) for letter in text)


def columns(letter: str) -> int:
    if unicodedata.category(letter) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(letter) in "WF" else 1


@dataclass(frozen=True, slots=True)
class Cell:
    """A text in a table; `celsius` colours it. Numbers stand at the right of their column."""

    text: str
    celsius: float | None = None
    is_number: bool = False


def table(rows: Sequence[Sequence[Cell]], screen: Screen) -> list[str]:
    """The rows with their columns under each other; the last column has no end."""
    widths = [max(width(clean(cell.text)) for cell in column) for column in zip(*rows, strict=True)]
    return [line(row, widths, screen).rstrip() for row in rows]


def line(row: Sequence[Cell], widths: Sequence[int], screen: Screen) -> str:
    cells = []
    for n, (cell, wide) in enumerate(zip(row, widths, strict=True)):
        text = clean(cell.text)
        pad = " " * (wide - width(text))
        shown = screen.warmth(text, cell.celsius)
        cells.append(pad + shown if cell.is_number else shown + (pad if n + 1 < len(row) else ""))
    return "  " + "  ".join(cells)
