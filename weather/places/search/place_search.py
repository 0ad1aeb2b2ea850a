"""Finds the place that was typed: a point, a name or a postal code. The gazetteer knows it, or a geocoder is asked.

Places that are found lie where the words say. What nobody was asked for is not called unknown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from unicodedata import normalize

from weather.domain.model import Coordinates, Place
from weather.errors import BadParameter, PlaceNotFound, WeatherError
from weather.messages import N_
from weather.places.gazetteer.folding import normalize_name
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.gazetteer.ranking import Candidate, is_by_chance, is_clear
from weather.places.names.kana import romanized
from weather.places.names.landscapes import WIDER
from weather.places.search import plus_codes
from weather.places.search.by_geocoder import Answers, GeocoderSearch
from weather.places.search.by_name import Named, close_places, places_amid, search_names
from weather.places.search.by_postal_code import fitting, postal_meaning
from weather.places.search.coordinates_text import parse_point, short_plus_code
from weather.places.search.geocoders import ById, Geocoder
from weather.places.search.postal_text import PostalQuery, countries_of, postal_query
from weather.places.search.question_words import asks_of_no_place, names_in_question
from weather.places.search.typeahead import with_known
from weather.upstream.types import Requester

MAX_NAME = 200
LONGEST_LINK = 2000
JOINERS = "\u200c\u200d"
"""Signs within words of Persian and of India's languages that show nothing themselves."""
MOST_CLOSE = 10
MOST_BEGUN = 8

SEVERAL = N_("Several places have this name; the largest stand first.")
TOWNS = N_("Towns there, the chief one first.")
CLOSE = N_("No place is known by exactly this name. These come close.")
CODES = N_("Several countries have postal codes of this form. This place may be meant.")
ALL = N_("All places of this name, then those whose name begins so.")
UNKNOWN_NAME = N_("No place of that name is known.")
TOO_LONG = N_("Please type a name of 1 to 200 characters.")
UNKNOWN_TO = {
    (): N_(
        "The list of places here does not have it, and no other search was asked. A point such as 46.02, 7.75 works."
    ),
    ("OpenWeatherMap",): N_("Neither the list of places here nor OpenWeatherMap's place search knows it."),
    ("Open-Meteo",): N_("Neither the list of places here nor Open-Meteo's place search knows it."),
    ("OpenWeatherMap", "Open-Meteo"): N_(
        "Neither the list here nor the place search of OpenWeatherMap or Open-Meteo knows it."
    ),
}
"""What is said of an unknown place, by those who were asked."""


@dataclass(frozen=True, slots=True)
class Target:
    """The point whose weather is wanted, and the place if it was asked for by name."""

    at: Coordinates
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Hints:
    """What is known of a reader: the page's language, and the region (ISO 3166) of the browser; "" if it is not."""

    lang: str = ""
    region: str = ""


NO_HINTS = Hints()


@dataclass(frozen=True, slots=True)
class Found:
    """What a text means: a point, or places, the likeliest first.

    `is_clear`: the first is meant beyond doubt; otherwise `note` says why they are offered.
    """

    at: Coordinates | None = None
    places: list[Place] = field(default_factory=list)
    is_clear: bool = False
    note: str = SEVERAL

    def target(self) -> Target:
        """Return the likeliest place. There must be one."""
        return Target(self.at) if self.at else target(self.places[0])


class PlaceSearch:
    """Finds places by name, postal code and id. Raises what a geocoder raises if it has to be called."""

    def __init__(self, gazetteer: Gazetteer, geocoders: Sequence[Geocoder] = (), by_id: ById | None = None) -> None:
        self._gazetteer, self._geocoders = gazetteer, GeocoderSearch(geocoders, gazetteer)
        self._by_id = by_id

    async def find(self, text: str, visitor: Requester, hints: Hints = NO_HINTS) -> Found:
        """Return what the text means. Raises BadParameter for a point that is not on Earth, PlaceNotFound."""
        if at := parse_point(text[:LONGEST_LINK], hints.lang):
            return Found(at)
        name = clean_name(text)
        if short := short_plus_code(name):
            return recovered(short[0], await self.find(short[1], visitor, hints))
        named = search_names(name, self._gazetteer)
        if named.candidates:
            return self._led(named, self._slips(name) if not named.is_clear and is_by_chance(named.candidates) else ())
        if asks_of_no_place(name):
            raise PlaceNotFound(UNKNOWN_NAME)
        for spoken in (*names_in_question(name)[:1], name):
            if spoken != name and (at := parse_point(spoken, hints.lang)):
                return Found(at)
            if (query := postal_query(spoken)) and query.is_sure:
                return await self._with_code(query, visitor, hints)
        answers = await self._geocoders.named(name, visitor)
        if any(candidate.own for candidate in answers.candidates):
            return result(answers.candidates, sure=is_clear(answers.candidates) and answers.candidates[0].own)
        places = self._near_in_spelling(name) or [candidate.place for candidate in answers.candidates]
        if not places:
            raise unknown(answers)
        return Found(places=places, note=CLOSE)

    def _slips(self, name: str) -> list[Place]:
        """Return the towns that a name may be a slip of, which may be an airport's code by chance."""
        return [place for place in self._gazetteer.suggestions(name) if place.kind != "airport"]

    def _near_in_spelling(self, name: str) -> list[Place]:
        """Return what was meant if the name is written otherwise; else what begins so, and what it may be a slip of."""
        close = self._gazetteer.picks(close_places(name, self._gazetteer), every=True)
        spoken = next(iter(names_in_question(name)), name)
        begun = [] if close else self.autocomplete(spoken)
        slips = [] if close else self._gazetteer.suggestions(spoken)
        amid = [] if close or begun else self._gazetteer.picks(places_amid(name, self._gazetteer), every=True)
        return once_each([*close, *begun, *(slips if begun or amid else ()), *amid])[:MOST_CLOSE]

    async def resolve(self, text: str, visitor: Requester, hints: Hints = NO_HINTS) -> Target:
        """Return the likeliest place of that name, or the point if the text is one.

        Raises PlaceNotFound, also where only a part of a word is that name: Saharanpur is not the Sahara.
        """
        result = await self.find(text, visitor, hints)
        if result.at:
            return result.target()
        name = normalize_name(text)
        if name in WIDER or not (
            places := result.places if result.note != CLOSE else in_whole_words(result.places, name)
        ):
            raise PlaceNotFound(UNKNOWN_NAME)
        return target(places[0])

    async def by_zip(self, code: str, visitor: Requester) -> Target:
        """Return the place of a postal code, such as "10115,DE". Raises PlaceNotFound."""
        whole, _, country = code.partition(",")
        query = PostalQuery(whole, (country,) if country else countries_of(whole))
        return (await self._with_code(query, visitor, Hints())).target()

    async def by_id(self, number: int, visitor: Requester) -> Target:
        """Return the place of an OpenWeatherMap city id, which is that of GeoNames. Raises PlaceNotFound."""
        place = self._gazetteer.by_id(number)
        if place is None and self._by_id:
            place = await self._by_id.by_id(number, visitor)
        if place is None:
            raise PlaceNotFound("No place with that id is known.")
        return target(place)

    async def search(self, text: str, limit: int, visitor: Requester) -> list[Place]:
        """Return places of that name, then those whose name begins so. Geocoders are asked if there are none."""
        if at := parse_point(text):
            return [self._gazetteer.place_at("", at)]
        name = clean_name(text)
        named = search_names(name, self._gazetteer)
        namesakes = self._gazetteer.picks(named.candidates, every=True)
        places = once_each([*self._led(named).places, *namesakes, *self._gazetteer.search(name, limit)])
        try:
            return (places or (await self.find(name, visitor)).places)[:limit]
        except PlaceNotFound:
            return []

    def _led(self, named: Named, slips: Sequence[Place] = ()) -> Found:
        """Return where the candidates lead: a country or region to the list of its towns, its capital first."""
        picked = self._gazetteer.picks(named.candidates, every=not named.is_clear)
        places = once_each([*picked, *slips])
        return Found(None, places, named.is_clear and len(places) == 1, TOWNS if named.is_clear else SEVERAL)

    async def _with_code(self, query: PostalQuery, visitor: Requester, hints: Hints) -> Found:
        """Return the places of a postal code; where it is not known, the town that was typed beside it."""
        meaning = postal_meaning(query, self._gazetteer)
        answers = await self._geocoders.with_code(query, meaning.country, hints.region, visitor)
        if places := fitting(answers.candidates, meaning, hints.region):
            is_sure = bool(meaning.country) or answers.is_worldwide or places[0].place.country == hints.region
            return result(places, sure=len(places) == 1 and is_sure, note=CODES)
        if meaning.towns:
            return self._led(Named(meaning.towns, is_clear(meaning.towns)))
        raise unknown(answers)

    def in_language(self, place: Place, language: str) -> Place:
        """Return the place with its name as a language has it, where that is known."""
        return self._gazetteer.in_language(place, language)

    def label_in_language(self, name: str, place: Place, language: str) -> str:
        """Return a name that was asked for at a place as a language has it, if it is the place's or its town's own."""
        return self._gazetteer.label_in_language(name, place, language)

    def autocomplete(self, text: str) -> list[Place]:
        """Return places whose names begin so, from the gazetteer alone: typing in a search field costs no call."""
        text = romanized(text[:MAX_NAME])
        towns = self._gazetteer.search(text, MOST_BEGUN)
        return once_each(with_known(text, towns, self._gazetteer))[:MOST_BEGUN]

    def suggestions(self, text: str) -> list[Place]:
        """Return places whose names look like an unknown name."""
        return self._gazetteer.suggestions(next(iter(names_in_question(text[:MAX_NAME])), text[:MAX_NAME]))


def in_whole_words(places: Iterable[Place], name: str) -> list[Place]:
    """Return the places whose names are that normalized name, or begin with all its words."""
    names = ((place, normalize_name(written)) for place in places for written in (place.name, place.matched) if written)
    return once_each(place for place, written in names if f"{written} ".startswith(f"{name} "))


def target(place: Place) -> Target:
    return Target(place.coordinates.rounded(), place)


def once_each(places: Iterable[Place]) -> list[Place]:
    """Return the places without those that are the same by name and point."""
    return list({(place.name, place.coordinates): place for place in places}.values())


def recovered(code: str, town: Found) -> Found:
    """Return the point of a short plus code near a town; near each of the towns where it may be any."""
    if town.at or town.is_clear:
        return Found(plus_codes.recover(code, town.target().at))
    points = [plus_codes.recover(code, place.coordinates).rounded() for place in town.places]
    moved = zip(town.places, points, strict=True)
    return Found(places=[replace(place, latitude=at.latitude, longitude=at.longitude) for place, at in moved])


def unknown(answers: Answers) -> WeatherError:
    """Return why there is no place: a geocoder failed, or none of those who were asked knows it."""
    return answers.error or PlaceNotFound(UNKNOWN_TO.get(tuple(answers.asked), UNKNOWN_NAME))


def result(candidates: Sequence[Candidate], *, sure: bool, note: str = SEVERAL) -> Found:
    return Found(None, [candidate.place for candidate in candidates], sure, note)


def clean_name(text: str) -> str:
    """Return a name that may be looked up. Raises BadParameter, or PlaceNotFound if it has no printable character."""
    if not 0 < len(text.strip(" \t\r\n")) <= len(text) <= MAX_NAME:
        raise BadParameter("q", TOO_LONG)
    if len(normalize("NFKC", text)) > MAX_NAME:  # one sign may stand for a sentence of 18 letters
        raise BadParameter("q", TOO_LONG)
    name = " ".join("".join(c if c.isprintable() or c in JOINERS else " " for c in text).split())
    if not name:
        raise PlaceNotFound(UNKNOWN_NAME)
    return name
