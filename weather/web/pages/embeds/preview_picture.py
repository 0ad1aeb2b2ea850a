"""The picture by which other programs show a link to a forecast: place, now, the outlook, and how old it is. Pure.

It is kept by others for who knows how long, so that its age stands in it with a date.
"""

import re
import unicodedata
from bisect import bisect_right
from dataclasses import dataclass
from itertools import accumulate

from weather.i18n.formatting import UNKNOWN, Formatter
from weather.web.pages.embeds.embed_view import age_of, is_old, marks_of, warning_lines
from weather.web.view import icons
from weather.web.view.forecast import ForecastPage
from weather.web.view.place_names import point_in_words

WIDTH, HEIGHT, MARGIN = 1200, 630, 60
"""Pixels: the ratio of 1.91 that such previews have."""

MOST_LINES = 2
RANGES = (
    (0x20, 0x7E), (0xA0, 0x17F), (0x218, 0x21B), (0x370, 0x3FF), (0x400, 0x45F), (0x60C, 0x60C), (0x61B, 0x61B),
    (0x61F, 0x61F), (0x621, 0x63A), (0x640, 0x652), (0x660, 0x66C), (0x200C, 0x200F), (0x2010, 0x2015),
    (0x2018, 0x201E), (0x2022, 0x2022), (0x2026, 0x2026), (0x202F, 0x202F), (0x2066, 0x2069), (0x2212, 0x2212),
)  # fmt: skip
"""The characters of the font that comes with it (`data/preview.ttf`)."""

WIDE = frozenset("#%+<=>@MW^mw~©¬®±¼½¾Æ×æ÷ĦŉŒœŴŵͲΉΌΎΏΜωώϓϖϠϢϣϺЉЊЖМФШЩЪЫЮжфшщюљњ—―…−")
"""Letters wider than four fifths of their size."""
NARROW = frozenset(" !'(),-./:;IJ[\\]fijlrt|\u00a0¡¦­²³·¹ÌÍÎÏìíîïĨĩĪīĬĭĮįİıĴĵĺļľŀłŕŗřţťŧſțΊΐΙΪίιϊϳІЇЈіїј‐‑‘’‚‛\u202f")
"""Letters no wider than 0.42 of their size."""
SIZES = {"wide": 1.1, "upper": 0.8, "narrow": 0.42, "mark": 0.0, "other": 0.64}
"""Widths in that font, in parts of the size: of all but the other letters none is wider, of those few are."""

DARK = re.compile(r"(--[\w-]+): light-dark\([^,]+, ([^)]+)\)")
SURFACE = re.compile(r"\.([a-z]+-(?:day|night)) \{ --high-sky: (#\w+); --low-sky: (#\w+); \}")
VARIABLE = re.compile(r"var\((--[\w-]+)\)")


@dataclass(frozen=True, slots=True)
class Palette:
    """Colours of the site's sheet: those of its dark scheme by variable, the two of each surface by its class."""

    dark: dict[str, str]
    surfaces: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PreviewPicture:
    """What `_preview.svg` draws. `symbol`: its id, `sprite`: its markup with plain colours; each "" if there is none.

    `warning`: the names of the official warnings in force; `mark`: that it is invented, or old.
    """

    heading: str
    degrees: str
    sky: str
    symbol: str
    sprite: str
    lines: tuple[str, ...]
    warning: str
    mark: str
    age: str
    high: str
    low: str
    is_old: bool
    width: int = WIDTH
    height: int = HEIGHT
    margin: int = MARGIN


def palette(sheet: str) -> Palette:
    """Read the colours out of the site's sheet."""
    return Palette(dict(DARK.findall(sheet)), {name: (high, low) for name, high, low in SURFACE.findall(sheet)})


def preview_picture(page: ForecastPage, reader: Formatter, colours: Palette) -> PreviewPicture:
    """The picture of what the forecast page shows."""
    now, symbol = page.now.conditions, page.now.picture or ""
    high, low = colours.surfaces[page.now.surface]
    degrees = reader.temperature(now.temperature) if now else UNKNOWN
    return PreviewPicture(
        heading=cut(heading_of(page), 72),
        degrees=degrees,
        sky=cut(reader.say(now.condition.text), 48) if now and now.condition else "",
        symbol=symbol,
        sprite=plain(icons.symbols([symbol]), colours) if symbol else "",
        lines=wrapped(page.now.outlook or "", 34),
        warning=cut(warnings(page, reader), 34),
        mark=reader.listed(marks_of(page, reader)),
        age=cut(age_of(page, reader), 28),
        high=high,
        low=low,
        is_old=is_old(page),
    )


def heading_of(page: ForecastPage) -> str:
    """The name of the place, as far as it can be drawn; else its point."""
    names = (page.heading, page.place.name or "")
    return next((name for name in names if name and is_drawn(name)), point_in_words(page.place.coordinates))


def warnings(page: ForecastPage, reader: Formatter) -> str:
    """The official warnings in force: by their names where these can be drawn; there is no letter that hides one."""
    names = (line.event for line in warning_lines(page, reader))
    return reader.listed([name if is_drawn(name) else reader.say("Official warning") for name in names])


def is_drawn(words: str) -> bool:
    """Whether the font has all the letters of a text."""
    return all(any(first <= ord(letter) <= last for first, last in RANGES) for letter in words)


def plain(markup: str, colours: Palette) -> str:
    """Markup with colours in the place of variables, which a picture by itself does not know."""
    return VARIABLE.sub(lambda match: colours.dark[match[1]], markup)


def cut(words: str, size: float) -> str:
    """A text that fits the width in letters of that size, "…" where it is cut."""
    room = WIDTH - 2 * MARGIN
    if width_in_font(words, size) <= room:
        return words
    ends = [*accumulate(width_in_font(letter, size) for letter in words)]
    return words[: bisect_right(ends, room - width_in_font("…", size))].rstrip() + "…"


def width_in_font(words: str, size: float) -> float:
    """The width of a text in the font of the picture, or a little more."""
    return size * sum(SIZES[kind_of(letter)] for letter in words)


def kind_of(letter: str) -> str:
    if letter in WIDE:
        return "wide"
    if unicodedata.category(letter) in ("Mn", "Cf"):
        return "mark"
    if letter in NARROW:
        return "narrow"
    return "upper" if letter.isupper() else "other"


def wrapped(words: str, size: float) -> tuple[str, ...]:
    """A text in a few lines that fit the width; the last is cut."""
    lines: list[str] = []
    for word in words.split():
        if lines and width_in_font(f"{lines[-1]} {word}", size) <= WIDTH - 2 * MARGIN:
            lines[-1] += f" {word}"
        else:
            lines.append(word)
    if len(lines) > MOST_LINES:
        lines = [*lines[: MOST_LINES - 1], cut(" ".join(lines[MOST_LINES - 1 :]), size)]
    return tuple(cut(line, size) for line in lines)
