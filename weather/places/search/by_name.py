"""The places that a text means, out of what the gazetteer has. Pure but for the gazetteer's look-ups."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from weather.domain.model import Coordinates, Place
from weather.places.gazetteer.cells import distance
from weather.places.gazetteer.folding import is_latin, normalize_name
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.gazetteer.ranking import AREAS, CLEAR, Area, Candidate, is_clear, rank
from weather.places.names.airports import airports_named, is_clear_airport, name_of_airport
from weather.places.names.counties import CIRCLES
from weather.places.names.landmarks import LANDMARKS, WEIGHT
from weather.places.names.landscapes import LANDSCAPES, WIDER, towns_meant
from weather.places.names.regions import other_names_of
from weather.places.names.short_forms import spellings
from weather.places.names.variants import close_names, is_short_for, is_told_apart, same_names, stem
from weather.places.search.geocoders import Geocoded
from weather.places.search.query_text import SIGNS, Reading, areas_named, readings
from weather.places.search.question_words import (
    inflected_names,
    names_beside,
    names_in_question,
    parts_of,
    whole_names,
)

NEAR_KM = 40.0
"""A part of a town lies at most so far from the middle of the town."""
KNOWN_TOWN = 20_000
"""A town with more people is meant by its name as it stands, whoever's name begins so."""
MOST_SPELLINGS = 3
LEAST_AMID = 4  # letters of a name that is looked for among other words
NOT_ITSELF_KM = 0.001
MAY_BE_CODE = re.compile("[A-Z]{2,3}|[a-z]{2,3}")
"""Letters that may be the code of a state or province; with one capital they are rather a name."""
MOST_NEAR = 3  # towns of one name that a part may belong to


@dataclass(frozen=True, slots=True)
class Named:
    """The places that a text names, the likeliest first. `is_clear`: the first is meant beyond doubt."""

    candidates: list[Candidate]
    is_clear: bool


def search_names(text: str, names: Gazetteer) -> Named:
    """Return the places that the text names; of doubtful ones those first that are spelled with the marks typed."""
    named = _named(text, names)
    if named.is_clear or text.isascii() or not is_latin(text):
        return named
    return Named(sorted(named.candidates, key=lambda hit: not _is_spelled_so(text, hit.place)), is_clear=False)


def _is_spelled_so(text: str, place: Place) -> bool:
    """Whether a name of the place is the text, marks and all: Åre is no airport's code."""
    return text.casefold() in ((name or "").casefold() for name in (place.name, place.matched))


def _named(text: str, names: Gazetteer) -> Named:
    """Return the places that the text names: as it stands or as a question, else written otherwise."""
    if county := names.towns_of_county(normalize_name(text)):
        return Named(county, is_clear=False)
    if airports := _airports(text, names):
        return Named(airports, is_clear_airport(airports))
    typed = _likeliest(text, names)
    if MAY_BE_CODE.fullmatch(text):
        typed = rank(_once_each([*typed, *names.regions_called(normalize_name(text))]))
    asked = _asked_for(text, names)
    if typed and asked and typed[0].place != asked[0].place:  # "Wetter Hessen" is a town and asks, too
        return Named(_once_each([*asked, *typed]), is_clear=False)
    if candidates := typed or asked:
        return Named(candidates, is_clear(candidates) and normalize_name(text) not in WIDER)
    beside = next(filter(None, (_likeliest(name, names) for name in names_beside(text))), [])
    if beside:  # "sunset Lisbon"; the Sun Belt is no town of Belt
        return Named(beside, is_clear(beside) and beside[0].people >= KNOWN_TOWN)
    candidates = _written_otherwise(text, names)
    return Named(candidates, is_clear(candidates))


def _asked_for(text: str, names: Gazetteer) -> list[Candidate]:
    """Return the ranked places that a question asks for: by the name as it stands, and by those it may be a case of."""
    known = (_likeliest(name, names) for name in (*whole_names(text), *names_in_question(text)))
    first = next(filter(None, known), [])
    inflected = next(filter(None, (_likeliest(name, names) for name in inflected_names(text))), []) if first else []
    return rank(_once_each([*first, *inflected])) if inflected else first


def _written_otherwise(text: str, names: Gazetteer) -> list[Candidate]:
    """Return the places that the text names if parts of it are written in full, or in the usual way."""
    for spoken in (text, *names_beside(text)[:1]):
        forms = (_likeliest(form, names) for form in same_names(spoken))
        if candidates := next(filter(None, forms), []) or _in_full(spoken, names):
            return candidates
    return []


def _in_full(text: str, names: Gazetteer) -> list[Candidate]:
    """Return the places whose name the text is short for: Freiburg i. Br."""
    start = stem(text)
    known = (name for name in names.names_beginning(start) if is_short_for(text, name)) if start else ()
    return rank(_once_each(hit for name in known for hit in names.places_named(name)))


def close_places(text: str, names: Gazetteer) -> list[Candidate]:
    """Return the places of names that the text may have been meant to be: to be offered, not taken."""
    forms = (form for spoken in (text, *names_in_question(text)[:1]) for form in close_names(spoken))
    return next(filter(None, (_likeliest(form, names) for form in forms)), [])


def places_amid(text: str, names: Gazetteer) -> list[Candidate]:
    """Return the towns of some of the words where the others are no area: "Skiurlaub Innsbruck". To be offered only."""
    parts = () if SIGNS.search(text) else parts_of(text)
    long = ((part, rest) for part, rest in parts if len(part) >= LEAST_AMID or not is_latin(part))
    sought = ((part, rest) for part, rest in long if not _has_area(rest, names))
    for _, of_length in groupby(sought, lambda pair: len(pair[1])):
        named = (hit for part, _ in of_length for hit in _likeliest(part, names) if hit.place.kind not in AREAS)
        if towns := rank(_once_each(hit for hit in named if hit.own or hit.place.matched)):
            return towns
    return []


def _has_area(words: Sequence[str], names: Gazetteer) -> bool:
    """Whether words are an area together, or one of them is by itself; a code is one in capitals ("sa" is no state)."""
    spoken = [word for word in words if len(word) >= LEAST_AMID or word.isupper()]
    together = [" ".join(words)] if len(words) > 1 else []
    return any(areas_named(normalize_name(word), names.areas_of) for word in (*together, *spoken))


def _likeliest(text: str, names: Gazetteer) -> list[Candidate]:
    """Return the ranked places of the likeliest way to read the text that has any. They lie where its words say."""
    by_reading = (places_of(reading, names) for reading in readings(text, names.areas_of))
    return next(filter(None, by_reading), [])


def places_of(reading: Reading, names: Gazetteer) -> list[Candidate]:
    """Return the places of one reading, the likeliest first."""
    areas = [set(area) for area in reading.areas]
    candidates = [hit for name in spellings(reading.name) for hit in names.places_named(name, areas)]
    candidates += _of_area(reading.name, areas, names)
    candidates += _of_landscape(reading.name, areas, names)
    candidates += _of_landmark(reading.name, areas, names)
    candidates += _with_more_words(reading.name, areas, candidates, names)
    candidates += _with_an_h(reading.name, areas, candidates, names)
    candidates += _whose_name_is_meant(candidates, areas, names)
    return rank(_once_each(candidate for candidate in candidates if is_near(candidate, reading, names)))


def _with_more_words(
    name: str, areas: Sequence[set[Area]], named: Sequence[Candidate], names: Gazetteer
) -> list[Candidate]:
    """Return the towns that people call so for short: Rothenburg (ob der Tauber), and those far larger: Addis (Ababa).

    Where nothing bears the name as it stands, only the former, and these are not taken for their own.
    """
    largest = max((hit.people for hit in named), default=0)
    if largest > KNOWN_TOWN:
        return []
    forms = list(spellings(name))[:MOST_SPELLINGS]
    longer = [hit for form in forms for hit in names.longer_named(form, areas)]
    apart = [
        replace(hit, own=bool(named))
        for hit in longer
        if any(is_told_apart(form, name or "") for form in forms for name in (hit.place.name, hit.place.matched))
    ]
    larger = (hit for hit in longer if named and hit.own and hit.people >= CLEAR * largest)
    return apart + [replace(hit, own=False) for hit in larger]


def _with_an_h(name: str, areas: Sequence[set[Area]], named: Sequence[Candidate], names: Gazetteer) -> list[Candidate]:
    """Return the larger places of Arabic names that are written without their last letter: Siwa, the oasis of Sīwah."""
    largest = max((hit.people for hit in named), default=None)
    if largest is None or largest > KNOWN_TOWN or not name.endswith("a"):
        return []
    return [replace(hit, own=False) for hit in names.places_named(f"{name}h", areas) if hit.people > largest]


def _whose_name_is_meant(named: Sequence[Candidate], areas: Sequence[set[Area]], names: Gazetteer) -> list[Candidate]:
    """Return larger places whose own name is that of one that was found by a slip: Ottowa is Illinois' and Canada's."""
    first = max(named, key=lambda hit: hit.weight, default=None)
    if first is None or first.own or first.place.kind != "city":
        return []
    called = [hit for hit in names.places_named(normalize_name(first.place.name or ""), areas) if hit.own]
    larger = (hit for hit in called if hit.people > first.people and hit.place.kind == "city")
    return [replace(hit, own=False, place=replace(hit.place, matched=first.place.matched)) for hit in larger]


def _airports(text: str, names: Gazetteer) -> list[Candidate]:
    """Return the airports that the text names by the word for one, as it stands or as a question."""
    called = (name_of_airport(part) for part in (text, *names_in_question(text)))
    by_name = (airports_named(name, _likeliest(name, names), names) for name in called if name)
    return next(filter(None, by_name), [])


def _of_area(name: str, areas: Sequence[set[Area]], names: Gazetteer) -> Iterator[Candidate]:
    """Yield the countries and regions that have another name in the file."""
    for known in other_names_of(name):
        yield from (hit for hit in names.places_named(known, areas) if hit.place.kind in AREAS)


def _of_landmark(name: str, areas: Sequence[set[Area]], names: Gazetteer) -> Iterator[Candidate]:
    """Yield the landmarks of that name that lie in the areas."""
    for landmark in (known for form in spellings(name) for known in LANDMARKS.get(form, ())):
        near = names.place_at(landmark.name, landmark.at)
        state = near.state if near.country == landmark.country else None
        own = {Area(landmark.country), Area(landmark.country, state or "")}
        if all(own & area for area in areas):
            matched = None if normalize_name(landmark.name) == name else name.title()
            place = replace(near, country=landmark.country, state=state, kind="landmark", matched=matched)
            yield Candidate(place, WEIGHT, own=True)


def _of_landscape(name: str, areas: Sequence[set[Area]], names: Gazetteer) -> Iterator[Candidate]:
    """Yield the towns that a landscape's name or one in another script means. It is said that this name matched."""
    towns = towns_meant().get(name, ())
    known = [rank(names.places_named(town, [*areas, {Area(country)}])) for town, country in towns]
    towns_of_it = [[town for town in named if town.place.kind not in AREAS] for named in known]
    candidates = [town for named in towns_of_it for town in named[:1]]
    candidates.sort(key=lambda town: -town.people)
    for place, town in enumerate(candidates):  # none outweighs the others: each is a part of it
        people = max(candidates[0].people, WEIGHT) - place  # Cornwall has more than its largest town
        yield replace(town, place=replace(town.place, matched=name.title()), own=True, people=people)


def _once_each(candidates: Iterable[Candidate]) -> list[Candidate]:
    """Return each place once, as the weightiest of its candidates."""
    best: dict[tuple[str | None, Coordinates], Candidate] = {}
    for hit in candidates:
        key = (hit.place.name, hit.place.coordinates)
        best[key] = max(best.get(key, hit), hit, key=lambda candidate: candidate.weight)
    return list(best.values())


def is_near(candidate: Candidate, reading: Reading, names: Gazetteer) -> bool:
    """Whether a place lies near a town, or in the county, of each name that the reading says it is near."""
    at = candidate.place.coordinates
    return all(
        any(least <= distance(at, middle) <= most for middle, least, most in _around(name, names))
        for name in reading.near
    )


def _around(name: str, names: Gazetteer) -> list[tuple[Coordinates, float, float]]:
    """Return the circles that the name of a town, landscape or county stands for: from and to how many kilometres."""
    if name in CIRCLES:
        latitude, longitude, km = CIRCLES[name]
        return [(Coordinates(latitude, longitude), 0, km)]
    if name in LANDSCAPES:
        return [(town.place.coordinates, 0, NEAR_KM) for town in _of_landscape(name, [], names)]
    towns = rank(names.places_named(name))[:MOST_NEAR]
    return [(town.place.coordinates, NOT_ITSELF_KM, NEAR_KM) for town in towns]


def lies_in(place: Geocoded, reading: Reading, names: Gazetteer) -> bool:
    """Whether a place that a geocoder found lies where the reading says, whatever language names its region."""
    candidate = place.candidate
    country, state = candidate.place.country or "", candidate.place.state
    own = {Area(country)}
    if state:
        regions = names.areas_of(normalize_name(state)) | {Area(country, state)}
        own |= {area for area in regions if area.country == country}
    elsewhere = tuple(name for name in reading.near if name not in place.divisions)
    return all(own & area for area in reading.areas) and is_near(candidate, replace(reading, near=elsewhere), names)
