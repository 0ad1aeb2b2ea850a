"""Asks the geocoders for what the gazetteer does not have, one after the other, and keeps what fits the words typed."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field

from weather.errors import WeatherError
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.gazetteer.ranking import Candidate, rank
from weather.places.search.by_name import lies_in
from weather.places.search.geocoders import Geocoder, GeocoderQuery
from weather.places.search.postal_text import PostalQuery
from weather.places.search.query_text import SIGNS, Reading, as_typed, country_of, readings
from weather.places.search.question_words import names_in_question
from weather.upstream.types import Requester

Ask = Callable[[Geocoder], Awaitable[list[Candidate]]]


@dataclass(slots=True)
class Answers:
    """What the geocoders said: the places of the first that knew any, who was asked, and the last failure.

    `is_worldwide`: they are of one that looks in all countries.
    """

    candidates: list[Candidate] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    error: WeatherError | None = None
    is_worldwide: bool = False


class GeocoderSearch:
    """The geocoders in their order. A failure of one is not final: the next is asked."""

    def __init__(self, geocoders: Sequence[Geocoder], names: Gazetteer) -> None:
        self._geocoders, self._names = geocoders, names

    async def named(self, text: str, visitor: Requester) -> Answers:
        """Return the places of a name that lie where its words say."""
        spoken = next(iter(names_in_question(text)), text)
        asked = asked_readings(spoken, readings(spoken, self._names.areas_of))

        async def ask(geocoder: Geocoder) -> list[Candidate]:
            for reading in asked:
                query = GeocoderQuery(spoken, as_typed(spoken, reading.name), country_of(reading))
                candidates = await geocoder.geocode(query, visitor)
                fitting = [candidate.candidate for candidate in candidates if lies_in(candidate, reading, self._names)]
                if fitting := fitting if reading is asked[0] else [hit for hit in fitting if hit.own]:
                    return rank(fitting)
            return []

        return await _first_answer(self._geocoders, ask)

    async def with_code(self, query: PostalQuery, country: str, likely: str, visitor: Requester) -> Answers:
        """Return the places of a postal code in a country (ISO 3166), or in all if it is "".

        Then those are asked first who can look in all countries; others look in the `likely` one, if it has such codes.
        """
        default = likely if likely in query.countries else ""

        async def ask(geocoder: Geocoder) -> list[Candidate]:
            within = country or (default if geocoder.needs_country else "")
            candidates = await geocoder.with_code(query.code, within, visitor)
            allowed = (country,) if country else query.countries
            # A geocoder that was asked within a country need not repeat it.
            return [hit for hit in candidates if hit.place.country in allowed or (within and not hit.place.country)]

        return await _first_answer(self._geocoders if country else self._geocoders[::-1], ask)


async def _first_answer(geocoders: Sequence[Geocoder], ask: Ask) -> Answers:
    answers = Answers()
    for geocoder in geocoders:
        try:
            answers.candidates = await ask(geocoder)
            answers.asked.append(geocoder.name)
            answers.is_worldwide = not geocoder.needs_country
        except WeatherError as error:
            answers.error = error
        if answers.candidates:
            break
    return answers


def asked_readings(text: str, ways: Sequence[Reading]) -> list[Reading]:
    """Return the at most two readings that geocoders are asked for.

    These are the likeliest with an area or a town around, and the whole name. Where a sign stands between name and
    area, there is no doubt which is which.
    """
    around = [reading for reading in ways if reading.areas or reading.near][:1]
    whole = [reading for reading in ways if not reading.areas and not reading.near][:1]
    return around if around and SIGNS.search(text) else [*around, *whole]
