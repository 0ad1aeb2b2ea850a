"""Which places a postal code means, by the country or the town that was typed beside it. Pure but for look-ups."""

from collections.abc import Sequence
from dataclasses import dataclass

from weather.places.gazetteer.cells import distance
from weather.places.gazetteer.folding import normalize_name
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.gazetteer.ranking import Candidate
from weather.places.search.by_name import close_places, search_names
from weather.places.search.postal_text import PostalQuery, country_code

TOWN_KM = 60.0
"""A place with a postal code lies at most so far from the town that was typed beside it."""


@dataclass(frozen=True, slots=True)
class PostalMeaning:
    """A postal code with what stands beside it: its country ("" if several may be meant), and the towns of that name.

    `name`: what is typed beside it, normalized, where that is no country.
    """

    query: PostalQuery
    country: str
    name: str
    towns: list[Candidate]


def postal_meaning(query: PostalQuery, names: Gazetteer) -> PostalMeaning:
    """Return what the text means: its rest is a country, or else a town."""
    only = query.countries[0] if len(query.countries) == 1 else ""
    if country := _named_country(query.rest, names):
        return PostalMeaning(query, country, "", [])
    towns = (search_names(query.rest, names).candidates or close_places(query.rest, names)) if query.rest else []
    of_towns = (town.place.country for town in towns if town.place.country in query.countries)
    return PostalMeaning(query, only or next(of_towns, None) or "", normalize_name(query.rest), towns)


def _named_country(text: str, names: Gazetteer) -> str:
    """Return the country that a text is the code or the name of; "" if it is none."""
    countries = {area.country for area in names.areas_of(normalize_name(text)) if not area.region}
    return country_code(text) or (countries.pop() if len(countries) == 1 else "")


def fitting(places: Sequence[Candidate], meaning: PostalMeaning, region: str) -> list[Candidate]:
    """Return the places that fit what was typed beside the code; without that, those of the reader's region first."""
    if meaning.towns:
        around = [town.place.coordinates for town in meaning.towns]
        return [hit for hit in places if any(distance(hit.place.coordinates, at) <= TOWN_KM for at in around)][:1]
    if meaning.name:
        return [place for place in places if normalize_name(place.place.name or "") == meaning.name]
    return [hit for hit in places if hit.place.country == region] or list(places)
