"""English texts in a page of another language are marked as English (WCAG 3.1.2). Pure."""

import re

from weather.i18n.fallback import CLOSE, OPEN, unmarked

TAG = re.compile(r"<[^>]*>")  # no attribute holds a bare ">": Jinja escapes all values
TEXT_ONLY = re.compile(r"<(title|desc|option|text)\b")
"""Elements that hold no others: they are marked themselves."""


def in_english(page: str) -> str:
    """HTML or SVG with an element, or an attribute of its element, about each marked text; in attributes without."""
    if OPEN not in page:
        return page
    parts: list[str] = []
    at = 0
    for tag in TAG.finditer(page):
        add_text(parts, page[at : tag.start()])
        parts.append(unmarked(tag[0]))
        at = tag.end()
    add_text(parts, page[at:])
    return "".join(parts)


def add_text(parts: list[str], text: str) -> None:
    """Put the text that stands between two tags behind them."""
    if OPEN not in text:
        parts.append(unmarked(text))
    elif parts and TEXT_ONLY.match(parts[-1]):
        parts[-1] = f'{parts[-1][:-1]} lang="en">'
        parts.append(unmarked(text))
    else:
        parts.append(spans(text))


def spans(text: str) -> str:
    """Marked parts as elements: of marks inside of marks the outer ones, all of them closed."""
    markup, depth = "", 0
    for part in re.split(f"([{OPEN}{CLOSE}])", text):
        if part == OPEN:
            markup, depth = markup + ("" if depth else '<span lang="en" dir="ltr">'), depth + 1
        elif part == CLOSE:
            markup, depth = markup + ("</span>" if depth == 1 else ""), max(0, depth - 1)
        else:
            markup += part
    return markup + ("</span>" if depth else "")
