"""English in place of a translation that is missing or does not fit, between marks of which `web` makes HTML.

The marks are private characters (category Co of Unicode), which `domain.text` removes from all that comes from outside.
"""

from functools import lru_cache
from string import Formatter

OPEN, CLOSE = "\ue000", "\ue001"


def marked(text: str) -> str:
    """English between marks."""
    return f"{OPEN}{text}{CLOSE}"


def unmarked(text: str) -> str:
    """A text without its marks."""
    return text.replace(OPEN, "").replace(CLOSE, "")


@lru_cache(maxsize=4096)
def fits(translation: str, message: str, spared: str = "") -> bool:
    """Whether a translation can stand for its message: it says something, with the same values; one may be spared."""
    try:
        names, wanted = placeholders(translation), placeholders(message)
    except ValueError:
        return False
    return bool(translation) and names | {spared} == wanted | {spared}


def placeholders(text: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for what no message may have: broken braces, formats, conversions."""
    fields = [(name, spec, turn) for _, name, spec, turn in Formatter().parse(text) if name is not None]
    if any(spec or turn for _, spec, turn in fields):
        raise ValueError("a placeholder is a plain name in braces")
    return frozenset(name for name, _, _ in fields)
