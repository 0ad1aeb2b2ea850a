"""Text from upstream and from visitors: of bounded length, and nothing in it that cannot be seen."""

import html
import re
import unicodedata

LONGEST_LABEL, LONGEST_HEADING, LONGEST_TEXT = 80, 200, 65_536
"""Of labels and headings characters, of a text bytes of UTF-8."""
LINE_BREAK = re.compile(r"<\s{0,9}(?:br|/?p)(?:\s[^<>]{0,99})?/?\s{0,9}>|(?:\\r)?\\n", re.IGNORECASE)
"""A line break as sources write it: as HTML has it, or escaped once too often."""
JOINERS = "\u200c\u200d"
"""Part of how Persian and Indic names are spelled."""
BLANKS = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and signs without ink: Hangul's fillers, and Braille without dots."""


def label(text: str | None) -> str | None:
    """A name fit to be shown: one short line without control and direction marks; None for none, or for one
    that nobody could see or tap."""
    if not text:
        return None
    line = " ".join(clean(text[:400]).split())[:LONGEST_LABEL].rstrip()
    return line if any(map(is_visible, line)) else None


def is_visible(character: str) -> bool:
    """Whether a character leaves ink of its own: no space, joiner or mark, nor a letter or sign that is blank."""
    return unicodedata.category(character)[0] in "LNPS" and character not in BLANKS


def heading(text: str | None) -> str:
    """One line fit to be shown, its entities and line breaks read; "…" where it is cut; "" for none."""
    line = " ".join(clean(LINE_BREAK.sub(" ", html.unescape((text or "")[: 4 * LONGEST_HEADING]))).split())
    return line if len(line) <= LONGEST_HEADING else f"{line[: LONGEST_HEADING - 1].rstrip()}…"


def paragraph(text: str | None) -> tuple[str, bool]:
    """A text of several lines fit to be shown, and whether its end is missing; "" for none.

    HTML's entities and then its line breaks are read once; all other markup stays the text that it is.
    """
    source = LINE_BREAK.sub("\n", html.unescape(text or "")).strip()
    lines = (" ".join(clean(line).split()) for line in source[:LONGEST_TEXT].splitlines())
    whole = "\n".join(lines).strip().encode()
    is_cut = len(source) > LONGEST_TEXT or len(whole) > LONGEST_TEXT
    return whole[:LONGEST_TEXT].decode(errors="ignore").rstrip(), is_cut


def clean(text: str) -> str:
    """Without control and direction marks, or what no letter is."""
    if text.isprintable():  # as nearly every text; the way below takes each letter by itself
        return text
    visible = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return "".join(c for c in visible if c in JOINERS or unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
