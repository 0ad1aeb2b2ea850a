"""Air pollution: from OpenWeatherMap's list to the model."""

import json
from datetime import UTC

import msgspec
import pytest
from fakes import NOON, air_body

from weather.providers.openweathermap.air import read, to_model

NAMES = {"pm2_5", "pm10", "o3", "no2", "so2", "co", "nh3", "no"}


def model(**more):
    return to_model(read(json.dumps(air_body() | more).encode()), UTC)


def entry(after: int = 0, aqi=2, **parts) -> dict:
    return {"dt": int(NOON) + after, "main": {"aqi": aqi}, "components": parts}


def test_a_whole_body():
    """The index on its own scale, and all eight components in µg/m³."""
    air = model()
    assert (air.time.timestamp(), air.index, air.scale) == (NOON - 600, 2, "OpenWeatherMap 1-5")
    assert set(air.components) == NAMES
    assert (air.components["pm2_5"], air.components["o3"], air.components["no"]) == (4.5, 60.0, 0.0)


@pytest.mark.parametrize(
    ("aqi", "index"),
    [(1, 1), (5, 5), (4.0, 4), (0, None), (0.0, None), (6, None), (-1, None), (2.5, None), (1e8, None), (None, None)],
)
def test_the_index_is_one_to_five_or_not_known(aqi, index):
    """The examples print 4.0, a recording holds 0: a whole index from 1 to 5, or none."""
    found = model(list=[entry(aqi=aqi)]).index
    assert found == index
    assert type(found) in (int, type(None))


CLEAN = dict.fromkeys(("co", "no2", "o3", "so2", "pm2_5", "pm10"), 1.0)


def test_an_index_that_is_none_is_worked_out_of_the_concentrations():
    """70 µg/m³ of NO2 begin class 3; with one substance unknown only the worst class is certain."""
    assert model(list=[entry(aqi=0, **CLEAN | {"no2": 70.0})]).index == 3
    assert model(list=[entry(aqi=0, **CLEAN | {"no2": 70.0, "co": None})]).index is None
    assert model(list=[entry(aqi=0, pm2_5=75.0)]).index == 5


@pytest.mark.parametrize("coord", [[51.51, -0.13], {"lat": 51.51, "lon": -0.13}, None, "here"])
def test_the_point_may_be_an_object_or_an_array(coord):
    """Recorded bodies have an object, the documentation an array: it is not needed."""
    assert model(coord=coord).index == 2


@pytest.mark.parametrize("order", [1, -1])
def test_the_latest_entry_speaks(order):
    """Lists go up or down."""
    entries = [entry(3600 * n, aqi=n + 1, o3=n) for n in range(3)][::order]
    air = model(list=entries)
    assert (air.time.timestamp(), air.index, air.components["o3"]) == (NOON + 7200, 3, 2.0)


def test_what_is_missing_is_not_known():
    """Components are null one by one; unknown ones are left out; index and components may be absent."""
    air = model(list=[{"dt": int(NOON), "components": {"o3": None, "pm10": 3, "pb": 7}}])
    assert air.index is None
    assert {name: amount for name, amount in air.components.items() if amount is not None} == {"pm10": 3.0}
    assert set(air.components) == NAMES
    assert set(model(list=[{"dt": int(NOON)}]).components.values()) == {None}


def test_an_empty_list_is_no_air():
    """There is nothing to tell."""
    assert model(list=[]) is None


@pytest.mark.parametrize("more", [{"list": None}, {"list": {}}, {"list": [None]}, {"list": [{"main": {}}]}])
def test_other_shapes_are_refused(more):
    """Without a list, or without an entry that has a time, it is not read."""
    with pytest.raises(msgspec.DecodeError):
        model(**more)


@pytest.mark.parametrize("odd", [None, {"main": {"aqi": 1}}, {"dt": "now"}, []])
def test_an_odd_entry_costs_itself(odd):
    """The latest of the others speaks."""
    assert model(list=[entry(0), odd, entry(3600, aqi=3, o3=7)]).index == 3


def test_an_odd_component_costs_itself():
    """And the index with its components gone stays."""
    air = model(list=[entry(0, aqi=3, o3="much", pm10="7.5")])
    assert (air.index, air.components["o3"], air.components["pm10"]) == (3, None, 7.5)
    assert model(list=[{"dt": int(NOON), "main": {"aqi": 2}, "components": []}]).index == 2


@pytest.mark.parametrize("amount", [-9999, -0.5])
def test_an_amount_below_zero_is_not_known(amount):
    """Fill values, and what a model's arithmetic leaves (csparpa/pyowm#228)."""
    assert model(list=[entry(so2=amount, o3=7)]).components["so2"] is None
