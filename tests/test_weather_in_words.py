"""Visibility, UV, air and the weather codes of Open-Meteo in words."""

import pytest
from states import METEO, OWM, current, report, shown

from weather.domain.air import air_class, least_class
from weather.domain.conditions import tells_of_hail
from weather.domain.model import Coordinates
from weather.domain.precipitation import Kind, kind_of_code
from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES, language
from weather.i18n.uv import uv_words
from weather.i18n.visibility import visibility
from weather.providers.openmeteo.weather_codes import TEXTS, to_condition
from weather.web.view.icons import symbol_for

READERS = {name: Formatter(language("en"), system) for name, system in SYSTEMS.items()}
AT = Coordinates(51.51, -0.13)


@pytest.mark.parametrize(
    ("metres", "greatest", "system", "text"),
    [
        (10000.0, 10000.0, "metric", "10 km or more"), (10000.0, 10000.0, "us", "6.2 mi or more"),
        (10000.0, None, "metric", "10 km"), (36080.0, None, "metric", "36.1 km"), (9999.0, 10000.0, "metric", "10 km"),
        (16093.0, 10000.0, "us", "10 mi"), (1000.0, 10000.0, "metric", "1 km"), (999.0, 10000.0, "metric", "1000 m"),
        (354.0, None, "metric", "350 m"), (45.0, None, "metric", "45 m"), (0.0, None, "metric", "0 m"),
        (400.0, None, "us", "less than ¼ mi"), (403.0, None, "us", "¼ mi"), (1000.0, None, "us", "½ mi"),
        (1300.0, None, "uk", "¾ mi"), (1700.0, None, "us", "1.1 mi"), (None, 10000.0, "metric", "–"),
    ],
)  # fmt: skip
def test_visibility(metres, greatest, system, text):
    """A source's limit is "or more", fog is in metres, miles below one in quarters that round down (402.3 m)."""
    assert visibility(metres, greatest, READERS[system]).replace("\xa0", " ") == text


def test_only_the_source_with_a_limit_has_its_limit_told():
    """Ten kilometres of Open-Meteo are ten kilometres."""
    now = current(visibility=10000.0)
    assert "10\xa0km or more" in shown(report(source=OWM, current=now))
    assert "or more" not in shown(report(source=METEO, current=now))


@pytest.mark.parametrize(
    ("index", "text"),
    [
        (0.0, "0, low"), (2.4, "2, low"), (2.5, "3, moderate"), (5.4, "5, moderate"), (5.5, "6, high"),
        (7.4, "7, high"), (8.0, "8, very high"), (10.4, "10, very high"), (10.5, "11, extreme"), (16.0, "16, extreme"),
    ],
)  # fmt: skip
def test_the_uv_index_is_a_whole_number_with_its_category(index, text):
    """WHO: low to 2, moderate to 5, high to 7, very high to 10, then extreme; rounded before it is named."""
    assert uv_words(index, READERS["metric"]) == text


CLEAN = dict.fromkeys(("co", "no2", "o3", "so2", "pm2_5", "pm10"), 1.0)


def test_one_unknown_substance_leaves_a_least_class():
    """With PM2.5 of 60 the air is of class 4 or worse whatever the rest; from the worst class on that is certain."""
    lacking = CLEAN | {"pm2_5": 60.0, "o3": None}
    assert (air_class(lacking), least_class(lacking)) == (None, 4)
    assert air_class(lacking | {"pm2_5": 75.0}) == 5
    assert air_class(CLEAN) == least_class(CLEAN) == 1
    assert least_class(dict.fromkeys(CLEAN)) is None


@pytest.mark.parametrize(
    ("code", "ours", "text"),
    [
        (48, 741, "freezing fog"), (56, 511, "light freezing drizzle"), (57, 511, "heavy freezing drizzle"),
        (66, 511, "light freezing rain"), (67, 511, "heavy freezing rain"), (77, 600, "snow grains"),
        (96, 211, "thunderstorm, hail possible"), (99, 212, "thunderstorm with heavy hail"), (45, 741, "fog"),
    ],
)  # fmt: skip
def test_what_openweathermap_has_no_id_for_has_words_of_its_own(code, ours, text):
    """The id and the kind stay OpenWeatherMap's; code 96 does not promise hail."""
    told = to_condition(code, 100.0, True)
    assert (told.code, told.text) == (ours, text)
    assert tells_of_hail(told) is (code in (96, 99))
    assert all(language(lang).knows(text) for lang in LANGUAGES)


@pytest.mark.parametrize(
    ("celsius", "text"),
    [(None, "freezing fog"), (-3.0, "freezing fog"), (0.4, "freezing fog"), (0.5, "fog"), (11.0, "fog")],
)
def test_fog_above_freezing_is_not_called_freezing(celsius, text):
    """The code yields to the temperature that stands beside it."""
    assert to_condition(48, 100.0, True, celsius).text == text


def test_every_code_of_freezing_is_freezing_rain_with_a_symbol_of_its_own():
    """Ice is not shown as sleet."""
    told = [to_condition(code, None, True) for code in (56, 57, 66, 67)]
    assert {kind_of_code(one.code) for one in told} == {Kind.FREEZING_RAIN}
    assert {symbol_for(one.code, True) for one in told} == {"freezing-rain"}
    assert set(TEXTS) == {48, 56, 57, 66, 67, 77, 96, 99}
