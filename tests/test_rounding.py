"""How numbers are rounded: halves as people do it, and once."""

import math
from decimal import ROUND_FLOOR, Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.rounding import cleaned, round_half
from weather.domain.units import SYSTEMS, convert_number
from weather.i18n.formatting import Formatter
from weather.i18n.language import language

# What a unit is, by its definition: a factor and an offset, as fractions.
EXACT = {
    "°C": (Fraction(1), Fraction(0)),
    "°F": (Fraction(9, 5), Fraction(32)),
    "km/h": (Fraction(18, 5), Fraction(0)),
    "mph": (Fraction(3600000, 1609344), Fraction(0)),
    "m/s": (Fraction(1), Fraction(0)),
    "kn": (Fraction(3600, 1852), Fraction(0)),
    "mm": (Fraction(1), Fraction(0)),
    "in": (Fraction(10, 254), Fraction(0)),
    "inHg": (Fraction(10**5, 3386389), Fraction(0)),
    "mmHg": (Fraction(10**6, 1333224), Fraction(0)),
    "kPa": (Fraction(1, 10), Fraction(0)),
}
PRESSURES, THOUSANDTHS = ("inHg", "mmHg", "kPa"), ("in", "kPa")
READ = {"mm": 1, "in": 2, "inHg": 2, "kPa": 1, "m/s": 1}


def half_up(number: Fraction, decimals: int = 0) -> Decimal:
    """The rule by its words: the nearer one, of a half the greater one."""
    whole, rest = divmod(number * 10**decimals, 1)
    return Decimal(int(whole) + (rest * 2 >= 1)).scaleb(-decimals)


@pytest.mark.parametrize(
    ("number", "decimals", "expected"),
    [
        (0.5, 0, 1), (1.5, 0, 2), (2.5, 0, 3), (12.5, 0, 13), (-0.5, 0, 0), (-1.5, 0, -1), (-2.5, 0, -2),
        (0.25, 1, 0.3), (2.675, 2, 2.68), (1.005, 2, 1.01), (0.285, 2, 0.29), (-0.4, 0, 0), (2.4999, 0, 2),
        (1e15, 0, 1e15),
    ],
)  # fmt: skip
def test_a_half_goes_up(number, decimals, expected):
    """As people round: the half of what is written, not of the binary fraction that stands for it."""
    assert round_half(number, decimals) == expected
    assert math.copysign(1, round_half(number, decimals)) == (1 if expected == 0 else math.copysign(1, expected))


@given(st.decimals(-10000, 10000, places=3), st.integers(0, 2))
def test_it_is_the_rule_of_decimal_numbers(number, decimals):
    """Whatever number of three decimals: as pen and paper have it."""
    expected = (number.scaleb(decimals) + Decimal("0.5")).to_integral_value(ROUND_FLOOR).scaleb(-decimals)
    assert round_half(float(number), decimals) == float(expected)
    assert cleaned(float(number)) == float(number)


@pytest.mark.slow
@pytest.mark.parametrize("symbol", EXACT)
def test_every_number_that_is_read_was_rounded_once(symbol):
    """Each hundredth from -45 to 45 (900 to 1090 hPa): the text is the exact value, rounded once by the rule."""
    reader, (factor, more) = Formatter(language("en"), SYSTEMS["us"]), EXACT[symbol]
    for n in range(90000, 109001, 7) if symbol in PRESSURES else range(-4500, 4501):
        exact, decimals = Fraction(n, 100) * factor + more, READ.get(symbol, 0)
        assert Decimal(reader.number(n / 100, symbol).replace("−", "-")) == half_up(exact, decimals), n
        assert convert_number(n / 100, symbol) == float(half_up(exact, 3 if symbol in THOUSANDTHS else 2)), n


def test_a_barometer_in_inches_has_two_decimals():
    """29.90 inHg, 30.00 inHg."""
    reader = Formatter(language("en"), SYSTEMS["us"])
    assert [reader.number(n * 33.86389, "inHg") for n in (29.9, 30.0, 29.92)] == ["29.90", "30.00", "29.92"]
