"""Pollen: where it is asked for, how strong it is, and how it is told."""

import pytest
from fakes import running
from meteo import AIR, Both, air

from weather.domain.model import Coordinates
from weather.domain.pollen import is_told, pollen_class, strongest
from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.providers.openmeteo.endpoints import AIR as WITHOUT
from weather.providers.openmeteo.endpoints import AIR_WITH_POLLEN, air_of, request
from weather.web.view.air import pollen_words

PLANTS = ("alder", "birch", "grass", "mugwort", "olive", "ragweed")
READER = Formatter(language("en"), SYSTEMS["metric"])


@pytest.mark.parametrize(
    ("plant", "bounds"), [("birch", (1, 15, 90, 1500)), ("ragweed", (1, 10, 50, 500)), ("grass", (1, 5, 20, 200))]
)
def test_the_classes_are_those_of_the_bureau(plant, bounds):
    """Trees, weeds and grasses each by their own table; what rounds to no grain is none."""
    assert pollen_class(plant, 0.4) == 0
    for rank, least in enumerate(bounds, 1):
        assert [pollen_class(plant, grains) for grains in (least - 1, least)] == [rank - 1, rank]


def test_the_strongest_stands_first_and_what_is_not_there_nowhere():
    """Ten grains of grass are moderate, of birch low; what is not known is left out."""
    assert strongest({"birch": 10.0, "grass": 10.0, "olive": 0.0, "alder": None}) == [("grass", 2), ("birch", 1)]


@pytest.mark.parametrize(
    ("at", "told"),
    [
        (Coordinates(51.51, -0.13), True),
        (Coordinates(72, 45), True),
        (Coordinates(30, -25), True),
        (Coordinates(72.01, 10), False),
        (Coordinates(51, 45.01), False),
        (Coordinates(35.69, 139.69), False),
        (Coordinates(-33.87, 18.42), False),
    ],
)
def test_it_is_asked_for_in_europe_alone(at, told):
    """There the call has six variables more and weighs 1.4; elsewhere it weighs one, and has none of them."""
    assert is_told(at) is told
    assert air_of(at) is (AIR_WITH_POLLEN if told else WITHOUT)
    assert air_of(at).cost == (1.4 if told else 1.0)
    asked = dict(request(air_of(at), at).query)["current"].split(",")
    assert [name for name in asked if name.endswith("_pollen")] == (
        [f"{plant}_pollen" for plant in ASKED] if told else []
    )


ASKED = ("alder", "birch", "olive", "grass", "mugwort", "ragweed")


@pytest.mark.parametrize(
    ("grains", "words"),
    [
        ({"birch": 100.0, "grass": 2.0}, [("Birch", "high"), ("Grasses", "low")]),
        ({"birch": 0.0, "grass": 0.2, "olive": None}, [("none", "Birch, Grasses")]),
    ],
)
def test_how_it_is_told(grains, words):
    """The plants in the air with a word each; where there are none, of which that is known."""
    assert pollen_words(grains, READER) == words


@pytest.mark.anyio
@pytest.mark.virtual_time
async def test_page_and_api_tell_of_pollen_in_europe(clock):
    """One air call for both, as before; outside Europe there is no tile, and null."""
    both = Both(clock)
    async with running(both, clock, key=None, WEATHER_PROVIDER="open-meteo") as site:
        page = (await site.get("/forecast/51.51,-0.13")).text
        told = (await site.get("/api/v1/air?lat=51.51&lon=-0.13")).json()
        assert both.asked("/v1/air-quality") == 1
        elsewhere = (await site.get("/api/v1/air?lat=35.69&lon=139.69")).json()
        there = (await site.get("/forecast/35.69,139.69")).text
    assert "<dt>Pollen</dt><dd>Grasses <small>high</small></dd>" in page
    assert told["air"]["pollen"] == dict.fromkeys(PLANTS, 0.0) | {"grass": 25.0}
    assert told["units"]["pollen"] == "grains/m³"
    assert elsewhere["air"]["pollen"] is None
    assert "Pollen" not in there


@pytest.mark.anyio
@pytest.mark.virtual_time
@pytest.mark.parametrize("wrong", [None, -1, "x", 1e9])
async def test_a_number_that_is_none_is_not_known(clock, wrong):
    """Null, below nothing, no number, or more than there can be: not told, and the rest is."""
    both = Both(clock)
    both.bodies["/v1/air-quality"] = lambda query: (
        air(query, clock())
        | {
            "current": {
                **{name: AIR[name] for name in query["current"].split(",")},
                "time": int(clock()),
                "birch_pollen": wrong,
            }
        }
    )
    async with running(both, clock, key=None, WEATHER_PROVIDER="open-meteo") as site:
        told = (await site.get("/api/v1/air?lat=51.51&lon=-0.13")).json()["air"]["pollen"]
    assert (told["birch"], told["grass"]) == (None, 25.0)
