"""The forecast: from OpenWeatherMap's steps to the model."""

import json
import random
from datetime import UTC

import msgspec
import pytest
from fakes import NOON, forecast_body

from weather.domain.model import Coordinates
from weather.providers.openweathermap.forecast import read, to_model

LONDON = Coordinates(51.51, -0.13)


def model(body: dict):
    return to_model(read(json.dumps(body).encode()), LONDON, UTC)


def one(**more):
    """The model of one step, which is the fake's first one with some parts replaced."""
    body = forecast_body(steps=1)
    body["list"][0] |= more
    return model(body)[0]


def test_forty_steps():
    """All of them, three hours apart, with the sum of their three hours."""
    hours = model(forecast_body())
    assert [hour.time.timestamp() for hour in hours] == [NOON + 10800 * n for n in range(1, 41)]
    assert {hour.interval_hours for hour in hours} == {3}
    assert [hour.temperature for hour in hours[:3]] == [7.0, 7.1, 7.2]
    assert [hour.precipitation for hour in hours[:5]] == [0.0, 0.0, 0.0, 2.4, 0.0]
    assert [hour.precipitation_probability for hour in hours[:5]] == [0, 0, 0, 80, 0]
    assert (hours[0].wind_speed, hours[0].wind_gust, hours[0].wind_direction) == (3.0, 6.0, 180.0)


def test_an_unordered_list_is_put_in_order():
    """Steps come in the order of time, whatever order upstream gives them in."""
    body = forecast_body()
    random.Random(7).shuffle(body["list"])
    assert model(body) == model(forecast_body())


@pytest.mark.parametrize(
    ("pop", "percent"),
    [(0, 0), (1, 100), (0.8, 80), (0.07, 7), (1.0, 100), (None, None), (1.3, None), (100, None), (-0.1, None)],
)
def test_probability_is_per_cent(pop, percent):
    """From 0 to 1, whole or not, to whole per cent; before 2021 it was not told."""
    assert one(pop=pop).precipitation_probability == percent


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({"rain": {"3h": 1.5}}, 1.5),
        ({"rain": {"3h": 1}, "snow": {"3h": 0.5}}, 1.5),
        ({"rain": {"1h": 1.5}}, None),
        ({"rain": {}}, 0.0),  # empty objects stood in dry steps until 2020
        ({"rain": {"3h": 0}}, 0.0),
        ({"rain": None, "snow": None}, 0.0),
        ({"weather": [{"id": 501}]}, None),
        ({"weather": [{"id": 501}], "rain": {}}, None),
        ({"weather": []}, 0.0),
        ({"weather": [], "main": {}}, None),
        ({"weather": [], "main": {}, "rain": {"3h": 0}}, 0.0),
    ],
)
def test_rain_and_its_absence(more, expected):
    """The sum of three hours; dry without one, and not known where it is wet, or where nothing at all is told."""
    assert one(**more).precipitation == expected


@pytest.mark.parametrize("lacking", ["weather", "clouds", "wind", "visibility", "pop", "rain", "snow"])
def test_each_part_may_be_missing(lacking):
    """Bodies of 2014 to 2020 lack one or the other: the rest is read."""
    body = forecast_body(steps=4)
    for step in body["list"]:
        step.pop(lacking, None)
    assert [hour.temperature for hour in model(body)] == [7.0, 7.1, 7.2, 7.3]


@pytest.mark.parametrize("city", [None, {}, {"name": "", "country": "", "coord": {}, "id": 0}])
def test_the_city_may_be_missing(city):
    """In the wild there is no name, no country, no offset."""
    assert len(model(forecast_body(steps=2) | {"city": city})) == 2


def test_an_empty_list_is_a_forecast_of_nothing():
    """Seen in 2014, under 200."""
    assert model(forecast_body(steps=0)) == ()


def test_a_list_without_end_is_cut():
    """A hundred steps are more than twice what there is; each could be a day to reckon sun and moon for."""
    assert len(model(forecast_body(steps=100))) == 100
    assert model(forecast_body(steps=101)) == model(forecast_body(steps=100))


@pytest.mark.parametrize("odd", [{"main": None}, {"main": 5}, {"dt": "soon"}, {"dt": 2**40}])
def test_a_step_without_a_time_or_numbers_is_left_out(odd):
    """The others are told; a list of which no step can be read is refused, for it is not empty."""
    body = forecast_body(steps=3)
    body["list"][1] |= odd
    assert [hour.temperature for hour in model(body)] == [7.0, 7.2]
    with pytest.raises(msgspec.DecodeError):
        one(**odd)


@pytest.mark.parametrize("entry", [None, 5, [], "x", {}])
def test_an_entry_that_is_no_step_is_left_out(entry):
    """A null among forty steps costs itself."""
    body = forecast_body()
    body["list"].insert(7, entry)
    assert model(body) == model(forecast_body())


@pytest.mark.parametrize(
    ("odd", "field"),
    [
        ({"pop": 1e308}, "precipitation_probability"),
        ({"weather": 5}, "condition"),
        ({"wind": {"speed": 3, "gust": "NaN"}}, "wind_gust"),
        ({"visibility": "far"}, "visibility"),
    ],
)
def test_an_odd_number_of_a_step_is_not_known(odd, field):
    """It costs that number of that step."""
    assert getattr(one(**odd), field) is None
    assert (one(**odd).temperature, one(**odd).humidity) == (7.0, 70.0)
