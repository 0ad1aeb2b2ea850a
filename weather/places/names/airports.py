"""Airports by what people call them: "Schiphol", "Flughafen München", "JFK airport", "成田空港". Pure but for look-ups.

The gazetteer knows an airport by its codes and its English names. Here are the words for "airport" in other languages,
and the names that people use by themselves.
"""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import replace

from weather.places.gazetteer.cells import distance
from weather.places.gazetteer.folding import normalize_name
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.gazetteer.ranking import CLEAR, LETTERS_OF_IATA, Candidate
from weather.places.names.tables import rows

WORDS = """
    airport, flughafen, aéroport, aeropuerto, aeroporto, aeroport, luchthaven, vliegveld, lotnisko, letiště, letisko,
    repülőtér, reptér, lufthavn, flyplass, flygplats, lentoasema, lentokenttä, havalimanı, havaalanı, аэропорт,
    аеропорт, летище, аеродром, αεροδρόμιο, αερολιμένας, مطار, فرودگاه, สนามบิน, ท่าอากาศยาน, bandara,
    flugvöllur, lidosta, lennujaam, sân bay, bandar udara, zračna luka, oro uostas, שדה תעופה, हवाई अड्डा
"""
"""What an airport is called."""
JOINTS = "international internacional of de du des da do di del della d la le les the von der am in к г"
"""Words between that word and a name."""
BEHIND = re.compile(r"(?:国際|国际|國際|국제)?(?:空港|机场|機場|공항)$|^(?:สนามบิน|ท่าอากาศยาน)(?=\w)")
"""The word where it is written to the end of a name, without a space."""

CLOSED = (
    *("Berlin-Tegel International Airport", "Ataturk International Airport", "Doha International Airport"),
    *("Athen Helenikon Airport", "Manchester Woodford Airport"),
)
"""Airports of the file that passengers no longer use."""
NEAR_KM = 70.0
"""An airport lies at most so far from its town."""
MOST_TOWNS = 3  # towns of one name whose airports are looked for


CODES = {normalize_name(name): code.lower() for code, names in rows("airports") for name in names}
BARE = {normalize_name(name) for _, names in rows("airports") for name in names if name.endswith("!")}
"""Names that mean an airport without a word for it."""
_WORDS = "|".join(re.escape(normalize_name(word)) for word in WORDS.split(","))
WORD = re.compile(rf"(?<!\S)(?:{_WORDS})(?!\S)")
ELIDED = re.compile(r"\b(?:d|l|dell|all)['\u2019]", re.IGNORECASE)
JOINT_WORDS = frozenset(normalize_name(JOINTS).split())


def name_of_airport(text: str) -> str | None:
    """Return the normalized name that stands beside a word for airport; None if there is no such word or name."""
    folded = normalize_name(ELIDED.sub(" ", text))
    if folded in BARE:
        return folded
    whole = unicodedata.normalize("NFC", folded)
    rest = BEHIND.sub("", whole) if BEHIND.search(whole) else WORD.sub(" ", folded, count=1)
    return without_joints(normalize_name(rest)) or None if normalize_name(rest) != folded else None


def without_joints(name: str) -> str:
    """The name without words at its ends that join it to the word for airport."""
    words = name.split()
    while words and words[0] in JOINT_WORDS:
        words = words[1:]
    while words and words[-1] in JOINT_WORDS:
        words = words[:-1]
    return " ".join(words)


def airports_named(name: str, towns: Sequence[Candidate], names: Gazetteer) -> list[Candidate]:
    """Return the airports of a normalized name or code, and those of the towns of that name, the likeliest first."""
    code = CODES.get(name, name)
    known = list(_airports(names.places_named(code))) if len(code) == LETTERS_OF_IATA else []
    if known and (name == code or name in BARE):
        return [_as_called(airport, name) for airport in known]
    forms = (name, f"{name} airport", f"{name} international airport")
    named = [airport for form in forms for airport in _airports(names.places_named(form))]
    near = [airport for town in towns[:MOST_TOWNS] for airport in _of_town(town, names)]
    once = {airport.number: _as_called(airport, name) for airport in (*known, *named, *near)}
    chief = {airport.number for airport in known}
    return sorted(once.values(), key=lambda airport: (airport.number not in chief, -_weight(airport), airport.number))


def _airports(candidates: Iterable[Candidate]) -> Iterable[Candidate]:
    return (
        candidate
        for candidate in candidates
        if candidate.place.kind == "airport" and candidate.place.name not in CLOSED
    )


def _of_town(town: Candidate, names: Gazetteer) -> list[Candidate]:
    """Return the airports that are called after a town, by its own or its English name, and lie near it."""
    called = {normalize_name(place.name or "") for place in (town.place, names.in_language(town.place, "en"))}
    candidates = (airport for name in sorted(called) for airport in _airports(names.places_named(f"{name} airport")))
    return [
        candidate
        for candidate in candidates
        if distance(candidate.place.coordinates, town.place.coordinates) <= NEAR_KM
    ]


def _as_called(airport: Candidate, name: str) -> Candidate:
    """Return the airport, with the name as it was typed where that is no part of its own."""
    own = name in normalize_name(airport.place.name or "")
    return replace(airport, place=replace(airport.place, matched=None if own else name.title()))


def is_clear_airport(ranked: Sequence[Candidate]) -> bool:
    """Whether the first airport is meant beyond doubt: it is the only one, or the chief one of its town."""
    return all(_weight(ranked[0]) >= CLEAR * _weight(airport) for airport in ranked[1:])


def _weight(airport: Candidate) -> float:
    """Return its town's people, and more of an airport that is international, well known or has the name typed."""
    words = set(normalize_name(airport.place.name or "").split())
    is_large = "international" in words or not words.isdisjoint(BARE)
    return airport.people * (CLEAR if is_large or airport.place.matched is None else 1)
