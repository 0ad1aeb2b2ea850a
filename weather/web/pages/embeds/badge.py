"""The badge of a place: one line of boxes with words, for pages and papers that take a picture alone. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from weather.i18n.formatting import Formatter
from weather.web.pages.embeds.embed_view import age_of, is_old, line_of, marks_of, title_of, unsure_of, warning_lines
from weather.web.view.forecast import ForecastPage
from weather.web.view.meteogram.geometry import width_of

HEIGHT, SIZE, SPARE = 20, 11, 7
"""Height, size of the letters, room beside them."""

LONGEST = 60
"""Letters of one box; a warning's name may be longer."""

COLOURS = {
    "place": "#37424d",
    "now": "#0b5e8a",
    "age": "#566069",
    "mark": "#7a4f00",
    "demo": "#5b3fa0",
    "warning": "#9c1c1c",
}
"""Of the boxes; white stands on each with a contrast of 4.5 at least (WCAG 2.2, 1.4.3)."""


class Part(NamedTuple):
    """A box with its words; x is its left edge, `middle` that of the words."""

    x: float
    width: float
    middle: float
    colour: str
    words: str


@dataclass(frozen=True, slots=True)
class Badge:
    """What `_badge.svg` draws. `title` tells the same, its age in words; `description` of warnings."""

    title: str
    description: str
    parts: tuple[Part, ...]
    width: float
    height: int = HEIGHT
    size: int = SIZE


def badge(page: ForecastPage, reader: Formatter) -> Badge:
    """The badge of what the forecast page shows."""
    boxes = list(boxes_of(page, reader))
    parts = tuple(laid(boxes if reader.language.direction == "ltr" else boxes[::-1]))
    warnings = [f"{line.event}, {line.times}" for line in warning_lines(page, reader)]
    title = in_sentences([title_of(page, reader), age_of(page, reader)], reader)
    description = in_sentences([*warnings, unsure_of(page, reader)], reader)
    return Badge(title, description, parts, round(parts[-1].x + parts[-1].width, 1))


def in_sentences(texts: Sequence[str], reader: Formatter) -> str:
    """Texts behind each other, each with its full stop."""
    return " ".join(reader.sentence(text.rstrip(".")) for text in texts if text)


def boxes_of(page: ForecastPage, reader: Formatter) -> Iterator[tuple[str, str]]:
    """The kind and the words of each box, in reading order."""
    yield "place", page.heading
    yield "now", line_of(page, reader)
    if events := [line.event for line in warning_lines(page, reader)]:
        count = reader.language.plural("{n} alert", "{n} alerts", len(events))
        yield "warning", events[0] if len(events) == 1 else count
    for mark in marks_of(page, reader):
        yield "demo" if mark == reader.say("demo") else "mark", mark
    yield "age", moment_of(page, reader)


def moment_of(page: ForecastPage, reader: Formatter) -> str:
    """The date and time that it is of: pictures are kept by those who show them, for who knows how long."""
    now = page.now.conditions
    moment = now.time if now and now.basis == "analysis" and not is_old(page) else page.notice.fetched_at
    return f"{moment:%Y-%m-%d} {reader.clock(moment)}"


def laid(boxes: list[tuple[str, str]]) -> Iterator[Part]:
    """The boxes from left to right."""
    x = 0.0
    for kind, words in boxes:
        shown = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
        width = round(width_of(shown, SIZE) + 2 * SPARE, 1)
        yield Part(round(x, 1), width, round(x + width / 2, 1), COLOURS[kind], shown)
        x += width
