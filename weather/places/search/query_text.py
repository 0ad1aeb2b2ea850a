"""What a visitor typed, read as a name and the areas that it lies in. Pure: what is an area, a caller says.

Every reading accounts for every word. So a place that is found never lies elsewhere than the words say.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from weather.places.gazetteer.folding import normalize_name
from weather.places.gazetteer.ranking import Area
from weather.places.names.regions import other_names_of
from weather.places.names.short_forms import WHOLE
from weather.places.search.postal_text import LETTERS

SIGNS = re.compile(
    r"\s*[,;/|:()\[\]\u060c\u3001\uff0c\uff1b\u30fb\u2013\u2014]+\s*|\s+[-\u2010-\u2012]+\s*|\s*[-]+\s+|\.\s+"
)
"""What stands between a name and its area; a hyphen only with a space."""
HYPHEN = re.compile("[-\u2010-\u2012]")
IDEOGRAPHS = re.compile("[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff\uac00-\ud7af]{3,12}")
MOST_WORDS, MOST_PARTS, MOST_AREA_WORDS, MOST_AREAS = 12, 5, 5, 3

SOVEREIGN = {
    "AU": "CC CX HM NF", "CN": "HK MO TW", "DK": "FO GL", "ES": "", "FI": "AX", "NO": "SJ BV", "NZ": "CK NU TK",
    "FR": "BL GF GP MF MQ NC PF PM RE TF WF YT", "GB": "AI BM FK GG GI GS IM IO JE KY MS PN SH TC VG",
    "NL": "AW BQ CW SX", "US": "AS GU MP PR UM VI",
}  # fmt: skip
"""Territories with an ISO 3166 code of their own, by the country that people write behind their towns."""

AreasOf = Callable[[str], set[Area]]


@dataclass(frozen=True, slots=True)
class Reading:
    """A way to read a text: a normalized name, for each area that was named its possible meanings, and what it is near.

    `near` has normalized names of which no area is known: of a larger place that the name is a part of.
    """

    name: str
    areas: tuple[frozenset[Area], ...] = ()
    near: tuple[str, ...] = ()


def readings(text: str, areas_of: AreasOf) -> list[Reading]:
    """Return the ways to read a text, the likeliest first."""
    named = (reading for reading in _readings(text, areas_of) if reading.name)
    return list(dict.fromkeys(form for reading in named for form in _in_full(reading)))


def _in_full(reading: Reading) -> Iterator[Reading]:
    """Yield the reading, and before it what its name is short for."""
    letters = reading.name.replace(" ", "") if re.fullmatch(r"(?:\w )+\w", reading.name) else ""
    for short in (reading.name, letters):
        if short in WHOLE:
            yield _instead(reading, *WHOLE[short])
    yield reading


def _instead(reading: Reading, name: str, country: str) -> Reading:
    return Reading(name, (*reading.areas, frozenset({Area(country)})), reading.near)


def _readings(text: str, areas_of: AreasOf) -> Iterator[Reading]:
    whole = normalize_name(text)
    parts = [part for part in SIGNS.split(text) if normalize_name(part)][:MOST_PARTS]
    if len(parts) > 1:
        yield from _of_parts(list(map(normalize_name, parts)), areas_of)
    yield Reading(whole)
    if len(parts) == 1 and len(halves := [part for part in map(normalize_name, HYPHEN.split(parts[0])) if part]) == 2:
        lettered = LETTERS.get(halves[0].upper(), halves[0]).lower()  # D-Hamburg, as on number plates
        yield from (reading for reading in _of_parts([lettered, halves[1]], areas_of) if not reading.near)
    yield from _without_signs(whole, text, areas_of)
    if len(parts) > 1:
        yield from _near(list(map(normalize_name, parts)), areas_of)


def _of_parts(parts: Sequence[str], areas_of: AreasOf) -> Iterator[Reading]:
    """Yield the readings of parts between signs: the name comes first, or last. All the others are areas."""
    for name, others in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
        areas = tuple(areas_named(other, areas_of) for other in others)
        if all(areas):
            yield Reading(name, areas)


def _near(parts: Sequence[str], areas_of: AreasOf) -> Iterator[Reading]:
    """Yield the readings with a part that is no area, or may be a place besides: a district of a town."""
    for name, others in ((parts[0], parts[1:]), (parts[-1], parts[:-1])):
        known = {other: areas_named(other, areas_of) for other in others}
        unknown = tuple(other for other in others if not known[other]) or (others[0],)
        yield Reading(name, tuple(known[other] for other in others if other not in unknown), unknown)


def _without_signs(whole: str, text: str, areas_of: AreasOf) -> Iterator[Reading]:
    """Yield the readings with areas at the end of the words, then at their beginning."""
    words = whole.split()
    if len(words) == 1 and IDEOGRAPHS.fullmatch(whole):
        words = list(whole)
        yield from _peeled(words, areas_of, "", from_end=False)
        yield from _peeled(words, areas_of, "", from_end=True)
    elif 1 < len(words) <= MOST_WORDS:
        yield from _peeled(words, areas_of, " ", from_end=True)
        if len(words[0]) > 2 or words[0].upper() in text.split():  # "in", "la" and "de" are codes as well
            yield from _peeled(words, areas_of, " ", from_end=False)


def _peeled(words: list[str], areas_of: AreasOf, joint: str, *, from_end: bool) -> Iterator[Reading]:
    """Yield the readings that take up to MOST_AREAS areas from one end of the words, the longest area first."""
    rest: list[tuple[list[str], tuple[frozenset[Area], ...]]] = [(words, ())]
    while rest:
        left, areas = rest.pop(0)
        for count in range(min(MOST_AREA_WORDS, len(left) - 1), 0, -1):
            outer, inner = (left[-count:], left[:-count]) if from_end else (left[:count], left[count:])
            if named := areas_named(joint.join(outer), areas_of):
                yield Reading(joint.join(inner), (*areas, named))
                if len(areas) + 1 < MOST_AREAS:
                    rest.append((inner, (*areas, named)))


def areas_named(name: str, areas_of: AreasOf) -> frozenset[Area]:
    """Return the areas of a normalized name, and with a country its territories that have a code of their own."""
    names = [name, *other_names_of(name), *([f"county {name[3:]}"] if name.startswith("co ") else [])]
    areas = set[Area]().union(*map(areas_of, names))
    territories = {Area(code) for area in areas if not area.region for code in SOVEREIGN.get(area.country, "").split()}
    return frozenset(areas | territories)


def as_typed(text: str, name: str) -> str:
    """Return the words of a text that are a normalized name, as they were typed; the name if they do not stand so."""
    words = SIGNS.sub(" ", text).split()[:MOST_WORDS]
    spans = (" ".join(words[i:j]) for i in range(len(words)) for j in range(len(words), i, -1))
    return next((span for span in spans if normalize_name(span) == name), name)


def country_of(reading: Reading) -> str:
    """Return the one country (ISO 3166) that a reading's areas lie in; "" if there is none, or are several."""
    countries = {area.country for areas in reading.areas for area in areas}
    return countries.pop() if len(countries) == 1 else ""
