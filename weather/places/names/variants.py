"""Other ways to write what was typed, for a name that nothing has as it stands. Pure.

"г. Москва" is Москва, "Paris in France" is Paris, France, "Bad Toelz" is Bad Tölz, "Freiburg i. Br." is Freiburg im
Breisgau.
"""

import re
from collections.abc import Iterator, Sequence

from weather.places.gazetteer.folding import normalize_name
from weather.places.names.kana import romanized

CITY = re.compile(
    r"^(?:г\.|гор\.|город|м\.|місто|гр\.|град|city of|town of|village of|stadt|gemeinde|ville de|ville d['’]|ciudad de"
    r"|città di|citta di|cidade de|miasto|město|mesto|stad|by|kaupunki|مدينة|شهر)\s*(?=\w{3})",
    re.IGNORECASE,
)
"""What stands before a name and says that it is a town's."""
KIND_BEHIND = re.compile(r"(?:\s+city|\s+şehri|島|町|村|镇|시내)$", re.IGNORECASE)
"""The same, behind it; also the word for an island."""
WITHIN = re.compile(r"\s+(?:in|en|em|à|au|w|we|v|ve|в|во|у|im|i|near|bei|nahe|près de|cerca de|vicino a)\s+", re.I)
"""What stands between a name and what it lies in, or near."""
WRITTEN_OUT = re.compile("([aou])e|(a)(?=a)", re.IGNORECASE)
"""Umlauts written as two letters: ä, ö, ü and å lose their marks when names are compared."""
CUT_OFF = re.compile(r"\b(d|l|o|n|dell|dall|all|sull|mc) (?=\w{2})|(?<=\w) (?=s\b)", re.IGNORECASE)
"""A space where an apostrophe belongs: "Val d Isere", "King s Lynn"."""
NUMBER = re.compile(r"[\s-]+(?:\d{1,2}(?:\s?(?:er?|e|ème|th|nd|st|rd|\.))?|[A-Za-z]{1,2})$")
"""A district's number or letter behind a town: "Praha 1", "Aarhus C", "Paris 15e"."""
BESIDE = re.compile(
    r"\s+(?:am|an der|an|im|in der|ob|ob der|bei|beim|auf|unter|on|upon|under|sur|sous|lès|les|nad|pod|pri|aan|aan de"
    r"|op|del|de la|de|di)\s+\S.*$|\s*\([^)]*\)$",
    re.IGNORECASE,
)
"""A river or mountain by which a town is told from others: "Lech am Arlberg", "Wetter (Ruhr)"."""
BOROUGH = re.compile(r"(?:borough|brough|boro|burgh|burg|bourg)(?!\w)", re.IGNORECASE)
BOROUGHS = ("burgh", "burg", "borough", "brough", "boro", "bourg")
"""Endings that are taken for one another: Edinborough."""
LAKE = re.compile(r"^(?:lake|lago(?: di| de)?|lac(?: de)?|jezero|jezioro)\s+(?=\w{3})", re.IGNORECASE)
"""What stands before the name of a lake, which is often that of a town on it."""
LATIN = "qwertyuiop[]asdfghjkl;'zxcvbnm,."
CYRILLIC = "йцукенгшщзхъфывапролджэячсмитьбю"
KEYS = str.maketrans(LATIN, CYRILLIC) | str.maketrans(CYRILLIC, LATIN)
"""What a Russian keyboard writes where it was thought to be a Latin one, and the other way round."""
LEAST_ON_KEYS = 3
SMALL = frozenset(
    "a am an and auf bei ca d da dal de degli dei del dell der des di do du e el en i im in la las le les lo los nad "
    "ob of on op pod pri sur the unter upon v vor w y zu zum".split()
)
"""Words of a name that people leave out: Neustadt Weinstraße."""
LETTERS = 2
"""So many letters may stand for a word; more are the beginning of a name that is being typed."""


def same_names(text: str) -> Iterator[str]:
    """Yield other ways to write a text that mean the same name."""
    forms = (
        CITY.sub("", text),
        KIND_BEHIND.sub("", text),
        WITHIN.sub(", ", text, count=1),
        CUT_OFF.sub(lambda cut: cut[1] or "", text),
        WRITTEN_OUT.sub(lambda pair: pair[1] or "", text),
        romanized(text),
        text.replace("\u200c", " "),
    )
    yield from (form for form in dict.fromkeys(forms) if form != text)


def close_names(text: str) -> Iterator[str]:
    """Yield what else a text may have been meant to be: these are to be offered, not taken."""
    keys = text.lower().translate(KEYS) if len(text) > LEAST_ON_KEYS else text
    boroughs = (BOROUGH.sub(ending, text) for ending in BOROUGHS)
    forms = (NUMBER.sub("", text), BESIDE.sub("", text), LAKE.sub("", text), keys, *boroughs)
    yield from (form for form in dict.fromkeys(forms) if form.strip() not in ("", text, text.lower()))


def stem(text: str) -> str | None:
    """Return what a name begins with that may be shortened behind its first word; None if there is one word only."""
    words = normalize_name(text).split()
    return f"{words[0]} " if 1 < len(words) <= 6 and len(words[0]) > 2 else None


def is_short_for(text: str, name: str) -> bool:
    """Whether the text is a normalized name of which words are shortened, or small words are left out."""
    return _fits(normalize_name(text).split()[1:], name.split()[1:])


def _fits(typed: Sequence[str], words: Sequence[str]) -> bool:
    if not typed or not words:
        return not typed and not words
    is_short = len(typed[0]) <= LETTERS and words[0].startswith(typed[0])
    if (is_short or words[0] == typed[0]) and _fits(typed[1:], words[1:]):
        return True
    return words[0] in SMALL and _fits(typed, words[1:])


def is_told_apart(name: str, whole: str) -> bool:
    """Whether the whole name is the normalized one with words that tell it from others: Rothenburg ob der Tauber."""
    words = normalize_name(whole).split()[len(name.split()) :]
    return normalize_name(whole).startswith(f"{name} ") and words[0] in SMALL and len(words) > 1
