"""What countries and regions are called by the people there, besides the names that the gazetteer has. Pure.

The gazetteer's file has the regions' names of iso-codes; it lacks those that GeoNames calls otherwise. All names are
normalized ones. A name of Chinese characters or Hangul is known with and without the word for its kind behind it.
"""

import re
import unicodedata

from weather.places.gazetteer.folding import normalize_name
from weather.places.names.tables import rows

KINDS = ("自治区", "県", "府", "都", "省", "市", "광역시", "특별시", "도", "시")
"""The words behind a region's name that say what kind it is."""
KIND_BEHIND = re.compile("(?<=.) (?:state|province|prefecture|oblast|область|island|islands|ili)$")
"""The same in languages with spaces."""
ADDED = ("省", "県", "도")


OTHER_NAMES = {normalize_name(name): known for known, names in rows("regions") for name in names}
"""Of each name the one that the gazetteer has."""


def other_names_of(name: str) -> list[str]:
    """Return under which other names the file may have a country or region; the name is normalized."""
    kindless = KIND_BEHIND.sub("", name)
    others = [OTHER_NAMES.get(name), kindless if kindless != name else None]
    return [*filter(None, others), *_with_and_without_kind(name)]


def _with_and_without_kind(name: str) -> list[str]:
    """Return a name of Chinese characters or Hangul without the word for its kind, or with one; [] of other names."""
    whole = unicodedata.normalize("NFC", name)
    if not 1 < len(whole) <= 8 or not all("\u3400" <= letter <= "\ud7af" for letter in whole):
        return []
    kind = next((kind for kind in KINDS if whole.endswith(kind)), "")
    forms = [whole.removesuffix(kind)] if kind else [whole + added for added in ADDED]
    return [normalize_name(form) for form in forms if form]
