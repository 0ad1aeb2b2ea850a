"""Which of its names a place is found by, and what it is called in the languages of the pages."""

import difflib
import math
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator

import sources
from areas import LANGUAGES
from babel import Locale
from babel.core import get_global

from weather.places.gazetteer.folding import normalize_name

NICKNAME = 0.03
"""What another Latin name counts while it is being typed: as weather.places.ranking has it."""
LATIN_NAMES = ((15000, 4), (5000, 1), (0, 0))
"""How many other Latin names a place has at most, by its people; from 50,000 on all that are no transcription."""
TRANSCRIBED = 500000
"""From so many people on a place has the transcriptions of its names, too."""
KEPT_SCRIPTS = ("ARABIC", "CJK", "CYRILLIC", "HANGUL", "KATAKANA")
"""The scripts besides its country's in which a small town has a name."""
SCRIPTS = {"Cyrl": "CYRILLIC", "Arab": "ARABIC", "Grek": "GREEK", "Deva": "DEVANAGARI", "Beng": "BENGALI",
           "Hebr": "HEBREW", "Geor": "GEORGIAN", "Armn": "ARMENIAN", "Thai": "THAI", "Ethi": "ETHIOPIC",
           "Hans": "CJK", "Hant": "CJK", "Jpan": "CJK", "Kore": "HANGUL", "Khmr": "KHMER", "Laoo": "LAO",
           "Mymr": "MYANMAR", "Sinh": "SINHALA", "Taml": "TAMIL", "Telu": "TELUGU", "Knda": "KANNADA",
           "Mlym": "MALAYALAM", "Gujr": "GUJARATI", "Guru": "GURMUKHI", "Orya": "ORIYA", "Tibt": "TIBETAN",
           "Mong": "MONGOLIAN", "Thaa": "THAANA"}  # fmt: skip
"""The first words of the Unicode names of letters, by the code of their script."""


def script(text: str) -> str:
    """The script of the first letter, as the first word of its Unicode name."""
    return next((unicodedata.name(c, "?").split()[0].split("-")[0] for c in text if c.isalpha()), "?")


def own_scripts(country: sources.City) -> set[str]:
    """The scripts of the languages of a country, besides Latin."""
    languages = (code.split("-")[0] for code in country["languages"].split(","))
    tags = get_global("likely_subtags")
    codes = {part for code in languages for part in tags.get(code, "").split("_")[1:2]}
    return {SCRIPTS[code] for code in codes if code in SCRIPTS} | (
        {"KATAKANA", "HIRAGANA"} if "Jpan" in codes else set()
    )


def weight(people: float) -> int:
    """How much a name weighs, in one byte: five steps for each doubling."""
    return round(5 * math.log2(max(1.0, people)))


def is_transcription(name: str) -> bool:
    """Whether a Latin name was made from another script by rule: GeoNames writes those without capitals."""
    return name == name.lower()


def alternates(city: sources.City, scripts: set[str]) -> Iterator[str]:
    """The other names that are kept: fewer for smaller places, always those in a script of the country."""
    people, own = city["population"], normalize_name(city["name"])
    latin, others = [], defaultdict(list)
    for name in city["alternatenames"]:
        kind = script(name)
        if not name.strip() or not set(name).isdisjoint(",،(;/"):
            continue
        if kind == "LATIN":
            latin.append(name)
        elif people >= 50000 or (kind in scripts and people >= 1000):
            yield name
        elif kind in scripts or people >= 15000 or (people >= 5000 and kind in KEPT_SCRIPTS):
            others[kind].append(name)
    yield from (sorted(names, key=len)[0] for names in others.values())
    yield from kept_latin(latin, own, people)


def kept_latin(names: list[str], own: str, people: int) -> list[str]:
    if people >= TRANSCRIBED:
        return names
    spelled = [name for name in names if not is_transcription(name)]
    if people >= 50000:
        return spelled
    most = next(count for least, count in LATIN_NAMES if people >= least)
    # Codes of three letters are an airport's; what is nearly the own name is some language's spelling of it.
    differing = {name: difflib.SequenceMatcher(None, normalize_name(name), own, False).ratio() for name in spelled}
    useful = sorted((name for name in spelled if len(name) > 3), key=lambda name: (differing[name], name))
    return useful[:most]


def rows(city: sources.City, people: int, scripts: set[str]) -> dict[tuple[str, int], int]:
    """The rows of `name`: the weights by normalized name and id."""
    found = {(normalize_name(city["name"]), city["geonameid"]): weight(people)}
    for name in alternates(city, scripts):
        key = normalize_name(name), city["geonameid"]
        share = NICKNAME if script(name) == "LATIN" else 1
        if key[0]:
            found[key] = max(found.get(key, 0), weight(people * share))
    return found


def local_names(cities: Iterable[sources.City]) -> dict[tuple[str, int], str]:
    """What places are called in a language, by language and id, where it is not the name that GeoNames gives."""
    cities = list(cities)
    largest: dict[tuple[str, str], sources.City] = {}
    for city in sorted(cities, key=lambda one: one["population"]):
        largest[city["countrycode"], normalize_name(city["name"])] = city
    found: dict[tuple[str, int], str] = {}
    for language in LANGUAGES:
        for country, english, name in translations(language) if language != "en" else ():
            city = largest.get((country, normalize_name(english))) or largest.get(
                (country, normalize_name(f"{english} City"))
            )
            if city is not None:
                found[language, city["geonameid"]] = name
        if language != "de":
            found |= {(language, id): name for id, name in sources.names_in(language).items() if fits(name, language)}
    named = {city["geonameid"]: city["name"] for city in cities}
    return {key: name for key, name in found.items() if key[1] in named and name != named[key[1]]}


def fits(name: str, language: str) -> bool:
    """Whether a name is written as the language is."""
    return script(name) == ("ARABIC" if language == "ar" else "LATIN")


def translations(language: str) -> Iterator[tuple[str, str, str]]:
    """Country, English name and name in a language: of telephone areas, of regions called like a town, of zones."""
    for (country, english), name in sorted(sources.telephone_names(language).items()):
        yield country, english, name
    english, translated = sources.cldr_regions(), sources.translated_regions()
    for code, names in sorted(translated.items()):
        if language in names and code in english:
            yield code[:2], english[code], names[language]
    spoken, plain = Locale.parse(language).time_zones, Locale.parse("en").time_zones
    for zone, country in sorted(get_global("zone_territories").items()):
        name = spoken.get(zone, {}).get("city")
        if name:
            yield country, str(plain.get(zone, {}).get("city") or zone.rpartition("/")[2].replace("_", " ")), str(name)
