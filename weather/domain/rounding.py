"""How numbers are rounded, wherever people or programs read them: once, at the very end, and here alone.

A half goes to the greater neighbour (2.5 to 3, -0.5 to 0, -2.5 to -2): of temperatures the warmer one, as weather
reports round them (ICAO Annex 3, appendix 3), and as browsers do. Python's own `round` goes to the even neighbour, and
decides by binary fractions: 2.675 to 2.67.
"""

import math

NOISE = 1e-9
"""What a binary fraction may lie below the decimal number that it stands for, in units of the last digit kept."""

MOST = 1e12
"""From here on a number is told as it is: the noise would be larger, and nothing measured is as large."""


def round_half(number: float, decimals: int = 0) -> float:
    """The number to so many decimals; never a negative zero."""
    if abs(number) >= MOST:
        return number
    scale = 10.0**decimals
    return math.floor(number * scale + 0.5 + NOISE) / scale + 0.0


def cleaned(number: float) -> float:
    """The number without the noise of arithmetic, to nine decimals: not yet rounded."""
    return round_half(number, 9)
