"""Landscapes, and the towns that they mean."""

from itertools import combinations

import pytest

from weather.errors import PlaceNotFound
from weather.places.gazetteer.cells import distance
from weather.places.gazetteer.folding import normalize_name
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.gazetteer.ranking import Area, rank
from weather.places.names.landscapes import LANDSCAPES, WIDER
from weather.places.search.by_name import search_names
from weather.places.search.place_search import PlaceSearch
from weather.upstream.types import Requester

pytestmark = pytest.mark.anyio

NOBODY = Requester()

WIDE = {
    **dict.fromkeys(("asia", "europe", "africa", "north america", "south america", "oceania"), 8000),
    **dict.fromkeys(("central america", "caribbean", "middle east", "ural", "volga"), 2000),
    **dict.fromkeys(("midwest", "appalachia", "balkans", "baltics", "alps", "elbe", "levant", "manchuria"), 900),
    **dict.fromkeys(("north sea", "mesopotamia", "nubia", "baja", "caucasus"), 1400),
    **dict.fromkeys(("siberia", "patagonia", "sumatra", "borneo"), 2500),
    **dict.fromkeys(("lapland", "java", "azores", "scandinavia"), 700),
    **dict.fromkeys(("himalaya", "kalahari", "sahara"), 1400),
    "sinai": 400,
}
"""Kilometres across of those that are wider than the rest."""


@pytest.mark.parametrize("towns", sorted({*LANDSCAPES.values()}))
def test_the_towns_of_a_landscape_are_there_and_lie_together(gazetteer: Gazetteer, towns) -> None:
    """Each town is in the gazetteer, and none is a namesake at another end of the country."""
    names = [name for name, meant in LANDSCAPES.items() if meant == towns]
    found = [rank(gazetteer.places_named(town, [{Area(country)}])) for town, country in towns]
    assert all(found), (names, towns)
    assert all(name == normalize_name(name) for name in names)
    across = max((WIDE.get(name, 300) for name in names), default=300)
    for one, other in combinations(found, 2):
        assert distance(one[0].place.coordinates, other[0].place.coordinates) <= across, names


@pytest.mark.parametrize(
    ("text", "first", "country"),
    [
        ("Mallorca", "Palma", "ES"),
        ("Mallorca, Spanien", "Palma", "ES"),
        ("Siberia", "Novosibirsk", "RU"),
        ("Java", "Jakarta", "ID"),
        ("Patagonia", "Punta Arenas", "CL"),
        ("Côte d'Azur", "Nice", "FR"),
        ("Gardasee", "Desenzano del Garda", "IT"),
        ("Wetter Schwarzwald", "Freiburg", "DE"),
        ("Norfolk", "Norfolk", "US"),
        ("Norfolk, England", "Norwich", "GB"),
    ],
)
def test_a_landscape_is_found_by_its_towns(gazetteer: Gazetteer, text: str, first: str, country: str) -> None:
    """A small namesake elsewhere is never taken for it; a larger one comes first."""
    named = search_names(text, gazetteer)
    place = named.candidates[0].place
    assert (place.name or "").startswith(first)
    assert place.country == country


def test_a_landscape_of_several_towns_is_no_jump(gazetteer: Gazetteer) -> None:
    """Where it is several towns, the visitor chooses; and sees by which name each was found."""
    named = search_names("Siberia", gazetteer)
    assert not named.is_clear
    assert named.candidates[0].place.matched == "Siberia"


@pytest.mark.parametrize("name", ["Asia", "Europa", "Middle East", "North Sea", "Africa"])
async def test_a_continent_or_sea_is_no_village(gazetteer: Gazetteer, name: str) -> None:
    """For pages a list; for programs no place, unless they say which: a village in the Philippines is called Asia."""
    assert normalize_name(name) in WIDER
    assert not search_names(name, gazetteer).is_clear
    with pytest.raises(PlaceNotFound):
        await PlaceSearch(gazetteer).resolve(name, NOBODY)


async def test_who_says_where_gets_the_village(gazetteer: Gazetteer) -> None:
    assert (await PlaceSearch(gazetteer).resolve("Asia, Philippines", NOBODY)).place.country == "PH"


@pytest.mark.parametrize("name", ["Saharanpu", "Gobichetti", "Alpsta", "Pfalzgrafen", "Beng"])
async def test_the_beginning_of_a_word_is_no_name(gazetteer: Gazetteer, name: str) -> None:
    """Programs are told so, with suggestions; who types sees what begins so."""
    search = PlaceSearch(gazetteer)
    assert search.autocomplete(name)
    with pytest.raises(PlaceNotFound):
        await search.resolve(name, NOBODY)


async def test_the_first_words_of_a_name_are_one(gazetteer: Gazetteer) -> None:
    """As people shorten it."""
    assert (await PlaceSearch(gazetteer).resolve("Chamonix-Mont", NOBODY)).place.name == "Chamonix-Mont-Blanc"


@pytest.mark.parametrize("name", ["Sahara", "Alpen", "Ural", "Sinai", "Bohemia", "New England", "Jura", "Champagne"])
def test_a_landscape_is_never_only_its_small_namesake(gazetteer: Gazetteer, name: str) -> None:
    """A village or a town that begins so is not taken for it."""
    towns = {town for town, _ in LANDSCAPES[normalize_name(name)]}
    places = [one.place for one in search_names(name, gazetteer).candidates]
    assert towns & {normalize_name(place.name or "") for place in places if normalize_name(place.matched or "")}
