"""Current weather: from OpenWeatherMap's body to the model."""

import json
from dataclasses import fields
from datetime import UTC, datetime

import msgspec
import pytest
from fakes import NOON, weather_body

from weather.domain.model import Coordinates
from weather.providers.openweathermap.current import read, to_model

LONDON = Coordinates(51.51, -0.13)
TROMSO = Coordinates(69.65, 18.96)


def model(at: Coordinates = LONDON, without: tuple[str, ...] = (), **more):
    body = {name: value for name, value in weather_body(**more).items() if name not in without}
    return to_model(read(json.dumps(body).encode()), at, UTC)


def test_a_whole_body():
    """Kelvin to Celsius, everything else as it is told: m/s, hPa, metres, per cent, degrees, millimetres."""
    now = model()
    assert now.time == datetime.fromtimestamp(NOON - 300, UTC)
    assert (now.temperature, now.feels_like) == (12.0, 10.0)
    assert (now.pressure, now.humidity, now.visibility, now.cloud_cover) == (1012.0, 81.0, 10000.0, 75.0)
    assert (now.wind_speed, now.wind_direction, now.wind_gust) == (5.0, 225.0, None)
    assert (now.precipitation, now.condition.code, now.is_day, now.basis) == (0.4, 500, True, "analysis")
    assert now.dew_point == pytest.approx(8.8, abs=0.1)  # by the table, 12 °C and 81 %


def test_a_body_of_which_little_is_told():
    """Only a time and an empty `main`: nothing is known, and nothing is made up, nor that it does not rain."""
    now = model(without=("weather", "visibility", "wind", "rain", "clouds", "sys", "timezone", "name"), main={})
    told = {f.name for f in fields(now) if getattr(now, f.name) is not None}
    assert told == {"time", "is_day", "basis"}


@pytest.mark.parametrize(
    "lacking", ["weather", "visibility", "wind", "rain", "clouds", "sys", "timezone", "name", "coord"]
)
@pytest.mark.parametrize("how", ["absent", "null"])
def test_each_part_may_be_missing(lacking, how):
    """One part is not there, or is null: the others are as before."""
    now = model(without=(lacking,)) if how == "absent" else model(**{lacking: None} if lacking != "coord" else {})
    assert now.temperature == 12.0
    assert now.condition is None if lacking == "weather" else now.condition.code == 500
    assert now.visibility == (None if lacking == "visibility" else 10000)


@pytest.mark.parametrize(
    ("wind", "speed", "direction", "gust"),
    [
        ({"speed": 4.09, "deg": 121, "gust": 3.47}, 4.09, 121, 3.47),  # a gust below the speed is told as it is
        ({"speed": 0.5}, 0.5, None, None),
        ({"deg": 90}, None, 90, None),
        ({}, None, None, None),
    ],
)
def test_the_wind(wind, speed, direction, gust):
    """Direction and gust may be missing, in a calm for one."""
    now = model(wind=wind)
    assert (now.wind_speed, now.wind_direction, now.wind_gust) == (speed, direction, gust)


@pytest.mark.parametrize(
    ("more", "without", "expected"),
    [
        ({"rain": {"1h": 2}}, (), 2.0),
        ({"rain": {"3h": 3}}, (), None),
        ({"rain": {}}, (), None),
        ({"rain": None}, (), None),
        ({}, ("rain",), None),
        ({"weather": [{"id": 800, "icon": "01d"}]}, ("rain",), 0.0),
        ({"weather": []}, ("rain",), 0.0),
        ({"rain": {"1h": 0.5}, "snow": {"1h": 1.5}}, (), 2.0),
    ],
)
def test_rain_and_its_absence(more, without, expected):
    """No `rain` under a rainy id is not known (one body in four); under a dry one it is dry."""
    assert model(without=without, **more).precipitation == expected


def test_upstreams_extremes_are_not_read():
    """`temp_min` and `temp_max` are a spread over the city now: they may be anything."""
    main = {"temp": 285.15, "temp_min": "cold", "temp_max": []}
    assert model(main=main).temperature == 12.0


def test_an_old_visibility_beyond_ten_kilometres():
    """16093 m, ten miles, was seen in the United States."""
    assert model(visibility=16093).visibility == 16093


def test_several_conditions():
    """The first one speaks."""
    assert model(weather=[{"id": 701, "icon": "50n"}, {"id": 500, "icon": "10n"}]).condition.code == 701


@pytest.mark.parametrize(
    ("at", "noon", "up"), [(LONDON, True, True), (LONDON, False, False), (TROMSO, True, False), (TROMSO, False, False)]
)
def test_day_and_night_without_an_icon(at, noon, up):
    """Reckoned from the sun when no icon tells: in Tromsø it does not rise at the end of November."""
    now = model(at, weather=[{"id": 800}], dt=int(NOON) - (0 if noon else 43200))
    assert (now.is_day, now.condition.icon) == (up, "01d" if up else "01n")


@pytest.mark.parametrize(
    "more",
    [
        {"main": None},
        {"main": []},
        {"dt": None},
        {"dt": -1},
        {"dt": 10**18},
        {"dt": "now"},
    ],
)
def test_without_a_time_or_numbers_it_is_refused(more):
    """Of when, or of nothing that is known: no part of it could be told."""
    with pytest.raises(msgspec.DecodeError):
        model(**more)


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"main": {"temp": 1e300, "humidity": 81}}, "temperature"),
        ({"main": {"temp": "warm", "humidity": 81}}, "temperature"),
        ({"main": {"temp": 10**4000, "humidity": 81}}, "temperature"),
        ({"main": {"temp": 285.15, "humidity": "80 %"}}, "humidity"),
        ({"main": {"temp": 285.15, "humidity": []}}, "humidity"),
        ({"weather": {}}, "condition"),
        ({"weather": [None]}, "condition"),
        ({"weather": [{}]}, "condition"),
        ({"wind": []}, "wind_speed"),
        ({"wind": {"speed": "NaN", "deg": 3}}, "wind_speed"),
        ({"wind": {"gust": "NaN", "deg": 3}}, "wind_gust"),
        ({"clouds": 75}, "cloud_cover"),
    ],
)
def test_an_odd_part_costs_itself(more, field):
    """It is not known; everything else is told."""
    now, whole = model(**more), model()
    assert getattr(now, field) is None
    assert now.pressure == (None if "main" in more else 1012.0)
    assert (now.time, now.visibility, now.is_day) == (whole.time, whole.visibility, whole.is_day)


@pytest.mark.parametrize("more", [{"timezone": "Europe/London"}, {"timezone": 10**6}, {"name": 5}, {"coord": [1, 2]}])
def test_an_odd_word_about_the_place_costs_no_weather(more):
    """The place is then known by its point."""
    assert model(**more) == model()


def test_numbers_as_text_are_read():
    """A provider that changed the type of a field has not changed its meaning."""
    rainy = {"weather": [{"id": "500", "icon": "10d"}], "rain": {"1h": "0.25"}, "main": {"temp": "285.15"}}
    now = model(**rainy)
    assert (now.temperature, now.condition.code, now.precipitation) == (12.0, 500, 0.25)


@pytest.mark.parametrize(("after", "day"), [(0, True), (-43200, False)])
@pytest.mark.parametrize("icon", ["01d", "01n"])
def test_day_is_the_suns_and_not_the_icons(after, day, icon):
    """Upstream's letter was seen to turn at midnight UTC (lcpz/lain#428): at noon and at midnight it is not asked."""
    now = model(weather=[{"id": 800, "icon": icon}], dt=int(NOON) + after)
    assert (now.is_day, now.condition.icon) == (day, "01d" if day else "01n")


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"main": {"temp": 0, "humidity": 81}}, "temperature"),
        ({"main": {"temp": 285, "humidity": 101}}, "humidity"),
        ({"main": {"temp": 285, "humidity": -1}}, "humidity"),
        ({"main": {"temp": 285, "pressure": 0}}, "pressure"),
        ({"rain": {"1h": -0.3}}, "precipitation"),
        ({"wind": {"speed": -1, "deg": 10}}, "wind_speed"),
        ({"wind": {"speed": 1, "deg": 999}}, "wind_direction"),
        ({"visibility": -9999}, "visibility"),
        ({"clouds": {"all": 120}}, "cloud_cover"),
    ],
)
def test_a_number_that_no_weather_has_is_not_known(more, field):
    """Fill values and glitches (pirateweather#255): told as they are they would be lies."""
    assert getattr(model(**more), field) is None
