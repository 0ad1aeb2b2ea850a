"""All of MET Norway's symbols, and what the air feels like where it does not say."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.conditions import TEXTS
from weather.domain.feels_like import feels_like
from weather.providers.metnorway.symbols import code_of

ALONE = ("cloudy", "fog")
WITH_SUN = ("clearsky", "fair", "partlycloudy")
FALLING = [
    f"{strength}{kind}{showers}{thunder}"
    for strength, kind, showers, thunder in itertools.product(
        ("light", "", "heavy"), ("rain", "sleet", "snow"), ("", "showers"), ("", "andthunder")
    )
]


def named() -> list[str]:
    """All 83 names: what has to do with the sun in three forms."""
    plain = [name for name in FALLING if "showers" not in name]
    varying = [*WITH_SUN, *(name for name in FALLING if "showers" in name)]
    odd = {
        "lightsleetshowersandthunder": "lightssleetshowersandthunder",
        "lightsnowshowersandthunder": "lightssnowshowersandthunder",
    }
    suffixed = [f"{odd.get(name, name)}_{light}" for name in varying for light in ("day", "night", "polartwilight")]
    return [*ALONE, *plain, *suffixed]


def test_there_are_83_names():
    assert len(named()) == len(set(named())) == 83


@pytest.mark.parametrize("name", named())
def test_every_symbol_has_a_condition_of_its_kind(name):
    """Thunder is told as thunder, snow as snow or sleet, showers as showers."""
    code = code_of(name)
    assert code in TEXTS
    if "thunder" in name:
        assert code // 100 == 2
    elif "rain" in name:
        assert code // 100 == 5 and ("showers" in name) == (520 <= code < 530)
    elif "snow" in name or "sleet" in name:
        assert code // 100 == 6 and ("sleet" in name) == (610 <= code < 620)
    else:
        assert code // 100 in (7, 8)


def test_the_right_spelling_is_understood_too():
    assert code_of("lightsnowshowersandthunder_day") == code_of("lightssnowshowersandthunder_day") == 211


@given(st.text(max_size=60))
def test_an_unknown_symbol_is_not_known(text):
    """Never an exception, never a guess."""
    assert code_of(text) is None or code_of(text) in TEXTS


@pytest.mark.parametrize(
    ("temperature", "humidity", "wind", "expected"),
    [
        (-10, 50, 20 / 3.6, -18),  # Environment Canada's table, in whole degrees
        (-30, 50, 40 / 3.6, -48),
        (15, 50, 10, 15),
        (32.2, 70, 2, 41),  # National Weather Service's table: 90 F at 70 % is 105 F, 40.6 °C
        (30, 20, 2, 30),
        (5, 50, 1, 5),
        (5, 50, None, None),
        (30, None, 2, None),
        (None, 50, 2, None),
    ],
)
def test_what_the_air_feels_like(temperature, humidity, wind, expected):
    """By the published tables; where something that matters is not known, it is not known."""
    found = feels_like(temperature, humidity, wind)
    assert found == (None if expected is None else pytest.approx(expected, abs=0.5))
