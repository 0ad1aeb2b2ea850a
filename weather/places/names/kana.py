"""Japanese names that are written in kana, in Latin letters: さっぽろ is Sapporo. Pure.

The letters are those that Unicode's names give the signs, put as Hepburn's romanization has them; long vowels lose
their mark, as on most maps.
"""

import re
import unicodedata

KANA = re.compile("[\u3041-\u3096\u30a1-\u30fa\u30fc]{2,20}")
SIGN = re.compile("(?:HIRAGANA|KATAKANA) LETTER (SMALL )?([A-Z]+)")
RULES = tuple(
    (re.compile(pattern), written)
    for pattern, written in (
        ("I<Y", "Y"), ("<TU(?=[TC])", "T"), ("<TU(?=(.))", r"\1"), ("<", ""),
        ("SI", "SHI"), ("TI", "CHI"), ("TU", "TSU"), ("HU", "FU"), ("[ZD]I", "JI"), ("DU", "ZU"),
        ("SY", "SH"), ("TY", "CH"), ("ZY", "J"), ("O[UO]+", "O"), ("U+", "U"),
    )
)  # fmt: skip
"""What is written instead of what, in this order; "<" stands before the letters of a small sign."""


def romanized(text: str) -> str:
    """Return a name in kana in small Latin letters; any other text as it is."""
    whole = unicodedata.normalize("NFC", text)
    if not KANA.fullmatch(whole):
        return text
    signs = filter(None, (SIGN.match(unicodedata.name(sign)) for sign in whole))
    letters = "".join(("<" if sign[1] else "") + sign[2] for sign in signs)
    for pattern, written in RULES:
        letters = pattern.sub(written, letters)
    return letters.lower()
