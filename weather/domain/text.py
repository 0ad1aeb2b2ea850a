"""Text from upstream and from visitors: of bounded length, and nothing in it that cannot be seen."""

import unicodedata

LONGEST_LABEL, LONGEST_TEXT = 80, 6000
JOINERS = "\u200c\u200d"
"""Part of how Persian and Indic names are spelled."""


def label(text: str | None) -> str | None:
    """A name fit to be shown: one short line without control and direction marks; None for none."""
    if not text:
        return None
    return " ".join(clean(text[:400]).split())[:LONGEST_LABEL].rstrip() or None


def paragraph(text: str | None) -> str:
    """A text of several lines fit to be shown: none but known characters, and bounded; "" for none."""
    lines = (" ".join(clean(line).split()) for line in (text or "")[:LONGEST_TEXT].splitlines())
    return "\n".join(lines).strip()


def clean(text: str) -> str:
    """Without control and direction marks, or what no letter is."""
    visible = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text)
    return "".join(c for c in visible if c in JOINERS or unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
