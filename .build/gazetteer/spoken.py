"""Which of the names that packages give for a place a reader may be shown: those that people of a language use.

The packages have no mark for what is old, official, translated word by word, or another place's: Casablanca would be
"White House", Bratislava its region, Vitebsk Brest. Where a name does not fit, the one that GeoNames gives is shown.
"""

import difflib
import re
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from weather.domain.model import PLACE_KINDS
from weather.places.gazetteer.folding import normalize_name

LocalName = tuple[int, str, str]
"""The id of a place, a language, and what the place is called in it."""

OFFICIAL = {
    "de": r"(?<!-)\b(Autonome|Bezirk|Bundesterritorium|Distrikt|Gespanschaft|Hauptstadt|Kanton|Landschaftsverband|"
    r"Oblast|Provinz|Republik|Stadt|und)\b",
    "fr": r"(?i)\b(arrondissement|commune|comté|district|état|kabupaten|préfecture|province|région|xian|- ville)\b|"
    r"^ville de",
}
"""Words of a region's or authority's name: of a town they say what it is not."""

ENGLISH = frozenset(
    """Axum Bruges Cologne Clonmel Corinth Heraklion Khiva Kokand Korolyov Lucerne Mahon Medina Mullingar Oryol Palmyra
    Rhodes Sion Syracuse Ulaanbaatar Urmia Vitoria-Gasteiz""".split()
) | {"Reggio Emilia", "St. Gallen"}  # fmt: skip
"""English names that are far from the ones that GeoNames gives, and in use."""

MISLEADING = frozenset(
    """Affreville Auschwitz Bône Chervonohrad Chervonopartyzansk Chisra Chūzestān Citium Costermansville Egra Goélette
    Guelders Guyoville Joppé Kermānschāh Kirovske Krasnohrad Moulmein Myrte Nicée Panderma Perchotravensk Pervomaisk
    Portage-aux-Rats Saint-John Sistov Stakhanov Stanleyville Strigonie Tolbiac Vatoutiné Vratislavie Wer Édesse
    Élisabethville""".split()
) | {
    "António Enes", "Fort Hood", "Fort Liberty", "Fort de Fada", "Nouveau Beni", "Port de la Calle",
    "Hauptstadt (Honiara)",
    "Saint André de Mers-el-Kébir", "Spanish Harlem", "St.-Petersburg",
    "Sīstān und Belūtchistān", "Vieille ville",
    "Vieille ville de Barcelone", "نور سلطان",
}  # fmt: skip
"""Names of another time or of another place, and nicknames."""

RENUMBERED = "IR"
"""A country whose regions have other ISO 3166-2 codes since 2020: the packages mix the old ones with the new."""

FRENCH_IN_CHINA = ("Canton", "Kachgar", "Lhassa", "Nankin", "Pékin", "Tourfan")

NEAR = 0.8
"""How much alike two spellings of one name are at least, as difflib has it."""


def fitting(
    names: Iterable[LocalName], places: Sequence[Sequence[Any]], units: Sequence[Sequence[Any]]
) -> list[LocalName]:
    """The names that fit, without what follows in brackets or after a comma; `places`, `units`: rows of the tables."""
    unit, place = {row[0]: row for row in units}, {row[0]: row for row in places}
    regions = defaultdict[str, set[str]](set)
    for _, country, region, *_ in units:
        regions[country].add(normalize_name(region or ""))
    found = []
    for id, language, name in names:
        if id not in place:
            continue
        _, own, number, *_, kind = place[id]
        _, country, region, *_ = unit[number]
        others = regions[country] - {normalize_name(region or "")}
        plain = name if PLACE_KINDS[kind] == "country" else re.split("[,،(]", name)[0].strip()
        if plain != own and fits(language, name, own, PLACE_KINDS[kind], country, others):
            found.append((id, language, plain))
    return found


def fits(language: str, name: str, own: str, kind: str, country: str, regions: set[str]) -> bool:
    """Whether a place may be shown by this name; `regions`: the normalized names of the country's other ones."""
    if kind == "country" or (language == "en" and name in ENGLISH):
        return True
    if name in MISLEADING or not is_of_script(name, language) or tells_a_number(name, own):
        return False
    if is_another_region(name, own, regions):
        return False
    if kind == "region":
        return country != RENUMBERED and language != "en"
    is_authority = re.search(OFFICIAL[language], name) if language in OFFICIAL else None
    return not is_authority and (language == "ar" or is_used(name, own, country, language))


def is_of_script(name: str, language: str) -> bool:
    letter = next((unicodedata.name(c, "?") for c in name if c.isalpha()), "?")
    return letter.startswith("ARABIC" if language == "ar" else "LATIN")


def tells_a_number(name: str, own: str) -> bool:
    """ "14e arrondissement", "Please change the population to 9694"."""
    return bool(re.search(r"\d", name)) and not re.search(r"\d", own)


def is_another_region(name: str, own: str, regions: set[str]) -> bool:
    """Whether it is the name of a region, and neither a part nor a spelling of the place's own."""
    folded, given = normalize_name(name), normalize_name(own)
    return folded in regions and not set(folded.split()) & set(given.split()) and not is_near(folded, given)


def is_near(one: str, other: str) -> bool:
    return difflib.SequenceMatcher(None, one, other, False).ratio() >= NEAR


def is_used(name: str, own: str, country: str, language: str) -> bool:
    """Whether people call a town so: in English by a part of its own name or another spelling of it.

    Of China in French, too: the other names are transcriptions of long ago.
    """
    folded, given = normalize_name(name), normalize_name(own)
    if language == "en" and own.isascii() and not name.isascii():
        return False
    is_strict = language == "en" or (language == "fr" and country == "CN" and name not in FRENCH_IN_CHINA)
    if not is_strict or folded == given or set(folded.split()) < set(given.split()):
        return True
    is_longer = set(given.split()) < set(folded.split()) or folded.startswith(given)
    return country != "CN" and not is_longer and is_near(folded, given)
