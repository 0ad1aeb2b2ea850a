"""Marks about English text in a page of another language, for want of a translation; `web` makes HTML of them.

They are private characters (category Co of Unicode), which `domain.text` removes from all that comes from outside.
"""

OPEN, CLOSE = "\ue000", "\ue001"


def marked(text: str) -> str:
    """English between marks."""
    return f"{OPEN}{text}{CLOSE}"


def unmarked(text: str) -> str:
    """A text without its marks."""
    return text.replace(OPEN, "").replace(CLOSE, "")
