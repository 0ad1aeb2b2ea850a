"""Landscapes, and the towns that they mean."""

from collections.abc import Iterator
from contextlib import closing
from itertools import combinations

import pytest

from weather.places.gazetteer import Gazetteer, distance, normalize_name
from weather.places.landscapes import LANDSCAPES
from weather.places.local_search import search_names
from weather.places.ranking import Area, rank

WIDE = {
    **dict.fromkeys(("asia", "europe", "africa", "north america", "south america", "oceania"), 8000),
    **dict.fromkeys(("central america", "caribbean", "middle east", "ural", "volga"), 2000),
    **dict.fromkeys(("midwest", "appalachia", "balkans", "baltics", "alps", "elbe", "levant", "manchuria"), 900),
    **dict.fromkeys(("north sea", "mesopotamia", "nubia", "baja", "caucasus"), 1400),
    **dict.fromkeys(("siberia", "patagonia", "sumatra", "borneo"), 2500),
    **dict.fromkeys(("lapland", "java", "azores", "scandinavia"), 700),
}
"""Kilometres across of those that are wider than the rest."""


@pytest.fixture(scope="module")
def gazetteer() -> Iterator[Gazetteer]:
    with closing(Gazetteer()) as gazetteer:
        yield gazetteer


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
