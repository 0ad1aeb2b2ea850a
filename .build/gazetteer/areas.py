"""The names of countries, regions and counties in many languages: the rows of `unit` and `area`."""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from typing import NamedTuple

import sources
from babel import Locale, localedata

from weather.places.gazetteer.folding import normalize_name

# Codes that people write and GeoNames numbers: Australia's and Canada's regions.
POSTAL = {
    "AU": {"01": "ACT", "02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS", "07": "VIC", "08": "WA"},
    "CA": {
        "01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON", "09": "PE", "10": "QC",
        "11": "SK", "12": "YT", "13": "NT", "14": "NU",
    },
}  # fmt: skip
# What countries and regions are called besides, and no package says.
ALSO = {
    "AE": ["UAE", "Emirates"], "BA": ["Bosnia"], "CD": ["DRC", "DR Congo"], "CN": ["PRC"], "CZ": ["Czech Republic"],
    "DO": ["Dominican Rep"], "GB": ["UK", "U.K.", "Great Britain", "Britain"], "KR": ["Korea", "ROK"], "KP": ["DPRK"],
    "MK": ["Macedonia", "FYROM"], "NL": ["Netherlands", "Holland"], "NZ": ["Aotearoa"], "TR": ["Türkiye", "Turkey"],
    "US": ["USA", "U.S.A.", "U.S.", "United States of America", "America"], "GB.ENG": ["Engl."], "GB.SCT": ["Scot."],
    "RU": ["РФ"], "DE": ["BRD"], "CH": ["Swiss"], "SA": ["KSA"], "US.CA": ["Calif.", "Cali"], "US.DC": ["D.C."],
    "US.MA": ["Mass."], "US.PA": ["Penn.", "Penna."], "US.WA": ["Wash."], "US.CT": ["Conn."], "US.FL": ["Fla."],
    "US.IL": ["Ill."], "US.MN": ["Minn."], "US.MI": ["Mich."], "US.TX": ["Tex."], "US.TN": ["Tenn."],
    "US.WI": ["Wisc."], "US.CO": ["Colo."], "US.AZ": ["Ariz."], "US.OK": ["Okla."], "US.OR": ["Ore."],
    "CA.08": ["Ont."], "CA.10": ["Que.", "PQ"], "CA.01": ["Alta."], "CA.11": ["Sask."], "CA.03": ["Man."],
    "CA.05": ["Nfld"], "CA.09": ["PEI"], "GB.NIR": ["N. Ireland", "Ulster"],
}  # fmt: skip
LANGUAGES = ("en", "de", "fr", "ar")
"""The languages of the pages."""
WITH_COUNTIES = ("US", "GB", "IE")
"""Countries whose people tell towns apart by their county."""
GENERIC = {"county", "city", "of", "the", "borough", "and", "district", "council", "region", "province", "state"}


class AreaName(NamedTuple):
    """A row of `area`: a normalized name of a unit.

    `own` is 0 for what may not stand alone, such as a code; 1 for a name; 2 for one in a language of the pages.
    """

    folded: str
    unit: str
    own: int


def country_names(countries: dict[str, sources.City]) -> Iterator[tuple[str, str, int]]:
    """The names of countries: CLDR's in all its languages, GeoNames' own, usual abbreviations, ISO 3166 codes."""
    for language in sorted(localedata.locale_identifiers()):
        for code, name in sorted(Locale.parse(language).territories.items()):
            if code in countries:
                yield code, name, 2 if language in LANGUAGES else 1
    for code, country in countries.items():
        yield code, country["name"], 2
        yield from ((code, letters, 0) for letters in (code, country["iso3"]))


def iso_codes(region: dict[str, str]) -> Iterator[tuple[str, str]]:
    """Pairs of a GeoNames code and the ISO 3166-2 code of the same region: by the letters, or by a name in common."""
    english, translated = sources.cldr_regions(), sources.translated_regions()
    named = defaultdict(list)
    for code, names in translated.items():
        for name in {name_key(names[""]), name_key(english.get(code, ""))} - {""}:
            named[code[:2], name].append(code)
    for place, name in sorted(region.items()):
        country, letters = place.split(".", 1)
        letters = POSTAL.get(country, {}).get(letters, letters)
        same = named[country, name_key(name)]
        if letters.isalpha() and f"{country}-{letters}" in translated:
            yield place, f"{country}-{letters}"
        elif len(same) == 1:
            yield place, same[0]


def name_key(name: str) -> str:
    """The name without the words that say what kind of region it is."""
    return " ".join(word for word in normalize_name(name).split() if word not in GENERIC)


def region_names(region: dict[str, str]) -> Iterator[tuple[str, str, int]]:
    """The names of regions: GeoNames', CLDR's English ones, those of iso-codes in 70 languages; and their letters."""
    english, translated = sources.cldr_regions(), sources.translated_regions()
    for code, name in region.items():
        letters = POSTAL.get(code[:2], {}).get(code[3:], code[3:])
        yield code, name, 2
        if letters.isalpha():
            yield code, letters, 0
    for code, iso in iso_codes(region):
        names = {**translated[iso], "en": english.get(iso, "")}
        yield from ((code, name, 2 if language in LANGUAGES else 1) for language, name in names.items() if name)
        if iso[3:].isalpha():
            yield code, iso[3:], 0


def county_names(used: Iterable[str], county: dict[str, str]) -> Iterator[tuple[str, str, int]]:
    """The names of counties, with the word county and without it."""
    for code in used:
        if code in county:
            yield code, county[code], 0
            yield code, name_key(county[code]), 0


def areas(
    countries: dict[str, sources.City], region: dict[str, str], county: dict[str, str], used: set[str]
) -> list[AreaName]:
    """The rows of `area` for the units that are used. Where a name is also a code, it is a name."""
    also = ((unit, name, 2) for unit, names in ALSO.items() for name in names)
    named = [*country_names(countries), *region_names(region), *county_names(sorted(used), county), *also]
    found: dict[tuple[str, str], int] = {}
    for unit, name, own in named:
        folded = normalize_name(name)
        if folded and unit in used:
            found[folded, unit] = max(own, found.get((folded, unit), 0))
    return sorted(AreaName(folded, unit, own) for (folded, unit), own in found.items())


def local_names(
    units: dict[str, int], countries: dict[str, sources.City], region: dict[str, str], languages: Iterable[str]
) -> Iterator[tuple[int, str, str]]:
    """Number, language and name of countries and regions; `units` has the number of each by GeoNames code."""
    translated, iso = sources.translated_regions(), dict(iso_codes(region))
    for language in languages:
        territories = Locale.parse(language).territories
        for code, number in units.items():
            if code in territories and territories[code] != countries[code]["name"]:
                yield number, language, territories[code]
            elif code in iso:
                names = translated[iso[code]]
                spoken = countries[code[:2]]["languages"].split(",")[0].split("-")[0] == language
                name = names.get(language) or (names[""] if spoken else None)
                if name and name != region[code]:
                    yield number, language, name
