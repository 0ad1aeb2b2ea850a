"""Units: known pairs, ways back, and what people read."""

import math
from dataclasses import fields, replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.model import CurrentConditions, NowcastStep
from weather.domain.rounding import cleaned
from weather.domain.unit_choice import CHOICES, refined
from weather.domain.units import CONVERSIONS, SYSTEMS, compass, convert, convert_number, dew_point
from weather.i18n.formatting import Formatter
from weather.i18n.language import language

written = Formatter(language("en"), SYSTEMS["metric"]).figure

# Back to our units, by the definitions themselves: a mile is 5280 feet of 12 inches of 25.4 mm.
BACK = {
    "°C": lambda n: n,
    "°F": lambda n: (n - 32) * 5 / 9,
    "m/s": lambda n: n,
    "km/h": lambda n: n * 1000 / 3600,
    "mph": lambda n: n * 5280 * 12 * 0.0254 / 3600,
    "kn": lambda n: n * 1852 / 3600,
    "mm": lambda n: n,
    "in": lambda n: n * 25.4,
    "hPa": lambda n: n,
    "inHg": lambda n: n * 33.86389,
    "mmHg": lambda n: n * 1.333224,
    "kPa": lambda n: n * 10,
    "km": lambda n: n * 1000,
    "mi": lambda n: n * 5280 * 12 * 0.0254,
}
NOW = CurrentConditions(
    **dict.fromkeys(f.name for f in fields(CurrentConditions)) | {"time": datetime(2026, 11, 24, 12, tzinfo=UTC)}
)
numbers = st.floats(-1e6, 1e6)
EVERY = ["", "x", "°C", *(word for units in CHOICES.values() for word in units)]


@pytest.mark.parametrize(
    ("ours", "symbol", "theirs"),
    [
        (0, "°F", 32),
        (100, "°F", 212),
        (-40, "°F", -40),
        (37, "°F", 98.6),
        (-40, "°C", -40),
        (25.4, "in", 1),
        (1, "in", 0.039),
        (1013.25, "inHg", 29.92),
        (1013.25, "hPa", 1013.25),
        (10, "km/h", 36),
        (10, "mph", 22.37),
        (10, "m/s", 10),
        (10, "kn", 19.44),
        (1.852 / 3.6, "kn", 1),
        (1013.25, "mmHg", 760),
        (1013.25, "kPa", 101.325),
        (1009.96, "kPa", 100.996),
        (10000, "km", 10),
        (1609.344, "mi", 1),
        (16093, "mi", 10),
        (2.4, "mm", 2.4),
    ],
)
def test_known_pairs(ours, symbol, theirs):
    """What every table of units says."""
    assert convert_number(ours, symbol) == theirs


@given(numbers, st.sampled_from(sorted(BACK)))
def test_the_way_back_ends_where_it_began(number, symbol):
    """A converted number, turned back by the unit's definition, is the first one but for the rounding."""
    half = 0.5 * 10 ** -CONVERSIONS[symbol][1]
    slack = abs(BACK[symbol](half) - BACK[symbol](0))
    assert BACK[symbol](convert_number(number, symbol)) == pytest.approx(number, abs=slack * 1.001, rel=1e-9)


@given(numbers, numbers, st.sampled_from(sorted(CONVERSIONS)))
def test_more_is_never_less(one, other, symbol):
    """No conversion turns the order of two numbers round."""
    low, high = sorted((one, other))
    assert convert_number(low, symbol) <= convert_number(high, symbol)


@given(st.floats(-0.01, 0.01), st.sampled_from(sorted(CONVERSIONS)))
def test_there_is_no_negative_zero(number, symbol):
    """What rounds to nothing has no sign, in the data and in words."""
    result = convert_number(number, symbol)
    assert result != 0 or math.copysign(1, result) == 1
    assert written(result, symbol) not in ("-0", "−0", "-0.0", "−0.0")


@pytest.mark.parametrize(("number", "symbol"), [(-0.4, "°C"), (-0.04, "mm"), (-0.004, "in"), (-0.0, "hPa")])
def test_a_small_negative_number_is_written_as_zero(number, symbol):
    """Minus nothing is nothing."""
    assert written(number, symbol) == "0"


@pytest.mark.parametrize(
    ("number", "symbol", "text"),
    [
        (-3.6, "°C", "−4"),
        (12.0, "°C", "12"),
        (1012.6, "hPa", "1013"),
        (29.92, "inHg", "29.92"),
        (29.9, "inHg", "29.90"),
        (101.04, "kPa", "101.0"),
        (759.8, "mmHg", "760"),
        (19.44, "kn", "19"),
        (5.0, "Bft", "5"),
        (0.4, "mm", "0.4"),
        (2.0, "mm", "2"),
        (10.0, "km", "10"),
        (100.0, "km/h", "100"),
        (80, "%", "80"),
        (0, "mm", "0"),
    ],
)
def test_numbers_as_people_read_them(number, symbol, text):
    """No more digits than are known, no zero that says nothing, a true minus sign."""
    assert written(number, symbol) == text


@given(st.floats(-1e9, 1e9), st.sampled_from([*CONVERSIONS, "%"]))
def test_what_is_written_can_be_read_back(number, symbol):
    """The text is plain digits, and is the number to its last digit."""
    text = written(number, symbol)
    decimals = len(text.partition(".")[2])
    assert set(text) <= set("−.0123456789")
    assert abs(float(text.replace("−", "-")) - number) <= 0.5 + 1e-6
    assert decimals <= 2


@pytest.mark.parametrize("system", SYSTEMS.values(), ids=SYSTEMS)
def test_what_is_not_known_stays_so(system):
    """None is None in every system, never a zero."""
    assert convert(NOW, system) == NOW
    assert convert(None, system) is None
    assert convert((), system) == ()


def test_a_whole_value_is_turned_field_by_field():
    """Each quantity in the reader's unit; humidity, directions and times as they were."""
    told = replace(NOW, temperature=20.0, feels_like=-40.0, dew_point=0.0, pressure=1013.25, wind_speed=10.0)
    told = replace(told, visibility=1609.344, precipitation=25.4, humidity=50.0, wind_direction=225.0, cloud_cover=75.0)
    turned = convert(told, SYSTEMS["us"])
    assert (turned.temperature, turned.feels_like, turned.dew_point) == (68.0, -40.0, 32.0)
    assert (turned.pressure, turned.wind_speed, turned.visibility, turned.precipitation) == (29.92, 22.37, 1.0, 1.0)
    assert (turned.humidity, turned.wind_direction, turned.cloud_cover, turned.time) == (50.0, 225.0, 75.0, NOW.time)
    assert convert((told, told), SYSTEMS["us"]) == (turned, turned)


def test_minutes_are_turned_too():
    """Intensities are a depth an hour."""
    assert convert(NowcastStep(NOW.time, 1, 2.54), SYSTEMS["us"]).precipitation_rate == 0.1


@pytest.mark.parametrize(
    ("name", "symbols"),
    [
        ("metric", "°C km/h mm hPa km"),
        ("si", "°C m/s mm hPa km"),
        ("us", "°F mph in inHg mi"),
        ("uk", "°C mph mm hPa mi"),
    ],
)
def test_the_systems_are_those_of_the_interface(name, symbols):
    """Four systems, each with the unit of every quantity."""
    temperature, speed, depth, pressure, distance = symbols.split()
    assert SYSTEMS[name].symbols() == {
        "system": name,
        "temperature": temperature,
        "wind_speed": speed,
        "precipitation": depth,
        "snowfall": "in" if depth == "in" else "cm",
        "pressure": pressure,
        "distance": distance,
    }


# The upper end of each force in metres a second, and the lower end of the next (WMO-No. 306, code table 1100).
ENDS = [
    (0.2, 0.3), (1.5, 1.6), (3.3, 3.4), (5.4, 5.5), (7.9, 8.0), (10.7, 10.8), (13.8, 13.9), (17.1, 17.2), (20.7, 20.8),
    (24.4, 24.5), (28.4, 28.5), (32.6, 32.7),
]  # fmt: skip


@pytest.mark.parametrize(("force", "ends"), list(enumerate(ENDS)))
def test_beauforts_scale_is_the_printed_one(force, ends):
    """The last tenth of each force and the first of the next, also where the speed came in km/h."""
    assert [convert_number(end, "Bft") for end in ends] == [force, force + 1]
    there_and_back = [ends[1] * 3.6 / 3.6, cleaned(ends[1] * 3.6) / 3.6]
    assert [convert_number(speed, "Bft") for speed in there_and_back] == [force + 1] * 2


@given(st.floats(0, 150))
def test_a_force_is_a_whole_number_up_to_twelve(speed):
    """There is no half a force, and none above a hurricane."""
    assert convert_number(speed, "Bft") in range(13)


@given(st.sampled_from(sorted(SYSTEMS)), st.dictionaries(st.sampled_from(sorted(CHOICES)), st.sampled_from(EVERY)))
def test_one_quantity_is_chosen_and_the_others_stay(name, chosen):
    """A word that chooses a unit sets that quantity's; a word of another quantity, or of none, changes nothing."""
    found = refined(SYSTEMS[name], chosen).symbols()
    for parameter, units in CHOICES.items():
        field = "wind_speed" if parameter == "wind" else parameter
        word = chosen.get(parameter)
        assert found[field] == (units[word] if word in units else SYSTEMS[name].symbols()[field])
    assert found["system"] == name


def test_the_units_that_can_be_chosen_are_those_of_the_interface():
    """Each word of `interface.md`, section 3, and a conversion for each symbol."""
    assert {name: "|".join(units) for name, units in CHOICES.items()} == {
        "temperature": "c|f",
        "wind": "kmh|ms|mph|kn|bft",
        "precipitation": "mm|in",
        "pressure": "hpa|inhg|mmhg|kpa",
        "distance": "km|mi",
    }
    chosen = {symbol for units in CHOICES.values() for symbol in units.values()}
    assert chosen | {"cm", "m", "mm/h", "in/h"} == set(CONVERSIONS)  # depth, fog and rate follow from the others


@pytest.mark.parametrize(
    ("temperature", "humidity", "expected"),
    # A common psychrometric table, dew point in °C over water.
    [(20, 50, 9.3), (30, 80, 26.2), (25, 60, 16.7), (10, 70, 4.8), (0, 100, 0.0), (15, 40, 1.5), (35, 30, 14.8)],
)
def test_dew_point_against_a_table(temperature, humidity, expected):
    """The Magnus formula agrees with the printed table to a tenth of a degree."""
    assert dew_point(temperature, humidity) == pytest.approx(expected, abs=0.1)


@given(st.floats(-79, 59), st.floats(1, 100))
def test_dew_point_is_never_above_the_air(temperature, humidity):
    """Saturated air is at its dew point; drier air is above it."""
    point = dew_point(temperature, humidity)
    assert point <= temperature + 0.01
    assert dew_point(temperature, 100) == pytest.approx(temperature, abs=0.01)
    assert math.copysign(1, point) == 1 or point != 0


@pytest.mark.parametrize(
    ("temperature", "humidity"), [(None, 50), (20, None), (20, 0), (20, 101), (-273.15, 50), (1e9, 50), (20, -5)]
)
def test_dew_point_of_nonsense_is_not_known(temperature, humidity):
    """Outside of what the formula holds for there is no guess."""
    assert dew_point(temperature, humidity) is None


@pytest.mark.parametrize(
    ("degrees", "word"),
    [
        (0, "north"),
        (360, "north"),
        (11, "north"),
        (12, "north-north-east"),
        (45, "north-east"),
        (90, "east"),
        (135, "south-east"),
        (180, "south"),
        (202.5, "south-south-west"),
        (225, "south-west"),
        (270, "west"),
        (315, "north-west"),
        (348, "north-north-west"),
        (349, "north"),
        (-90, "west"),
        (720, "north"),
    ],
)
def test_compass_words(degrees, word):
    """One of sixteen points, each 22.5 degrees wide."""
    assert compass(degrees) == word


@given(st.floats(-1e9, 1e9))
def test_every_direction_has_a_word(degrees):
    """Any number of degrees is some point of the compass, and opposite directions have opposite words."""
    opposite = {"north": "south", "south": "north", "east": "west", "west": "east"}
    turned = "-".join(opposite[part] for part in compass(degrees).split("-"))
    if abs(degrees % 22.5 - 11.25) > 0.001:  # not on the border of two points
        assert compass(degrees + 180) == turned
