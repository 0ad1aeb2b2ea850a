"""The form that all spellings of a name share. Pure."""

import re
import unicodedata

# Marks of Latin, Greek, Cyrillic, Hebrew, Arabic and Syriac only: in Indic, Thai and kana they carry the word.
# Apostrophes and joiners go with them, so that Xi'an is Xian.
_SILENT = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711\u0730-\u074a"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "'`\u00b4\u2018\u2019\u2032\u02b0-\u02ff\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]+"
)
# Letters that no decomposition takes apart, as GeoNames writes them in ASCII; and one that Taiwan writes in two ways.
_LETTERS = str.maketrans(
    {"æ": "ae", "ð": "d", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "œ": "oe", "þ": "th", "ŧ": "t"}
    | {"臺": "台"}
)


_APOSTROPHES, _NO_WORD = re.compile("['`]"), re.compile("[^a-z0-9]+")


def normalize_name(text: str) -> str:
    """Return the form that all spellings of a name share: no case, accents or apostrophes, and single spaces."""
    if text.isascii():  # the same in a tenth of the time: a letter that is typed has hundreds of names compared
        return _NO_WORD.sub(" ", _APOSTROPHES.sub("", text.lower())).strip()
    return _normalized(text)


def _normalized(text: str) -> str:
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_LETTERS)
    letters = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in _SILENT.sub("", plain))
    return unicodedata.normalize("NFKD", " ".join(letters.split()))


def is_latin(text: str) -> bool:
    """Whether all its letters are Latin."""
    return all(unicodedata.name(c, "").startswith("LATIN") for c in text if c.isalpha())
