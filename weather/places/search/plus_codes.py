"""Plus codes, the Open Location Code (https://github.com/google/open-location-code, its specification). Pure.

A code names a cell of degrees: five pairs of digits, each pair twenty times finer, then rows of five and columns of
four. A short code lacks its first two or four digits, which a place nearby gives back.
"""

import math
import re

from weather.domain.model import Coordinates

DIGITS = "23456789CFGHJMPQRVWX"
CODE = re.compile(f"(?P<head>[{DIGITS}0]{{4}}|[{DIGITS}0]{{6}}|[{DIGITS}0]{{8}})\\+(?P<tail>[{DIGITS}]{{2,7}})?")
PAIRS = 5
ROWS, COLUMNS = 5, 4
SEPARATOR_AFTER = 8
FIRST_CELL = 20.0  # degrees of latitude and longitude that the first pair counts in


def is_full(code: str) -> bool:
    """Whether the text, in capitals, is a whole code; padding zeros may end it before the plus sign."""
    match = CODE.fullmatch(code)
    if match is None or len(match["head"]) != SEPARATOR_AFTER:
        return False
    digits = match["head"].rstrip("0")
    return not _is_padded_badly(digits, match) and _cell(code)[0] < 90


def is_short(code: str) -> bool:
    """Whether the text, in capitals, is the end of a code: two or four digits are missing."""
    match = CODE.fullmatch(code)
    return match is not None and len(match["head"]) < SEPARATOR_AFTER and bool(match["tail"]) and "0" not in code


def _is_padded_badly(digits: str, match: re.Match[str]) -> bool:
    is_padded = len(digits) < SEPARATOR_AFTER
    return "0" in digits or len(digits) % 2 == 1 or not digits or (is_padded and bool(match["tail"]))


def decode(code: str) -> Coordinates:
    """Return the middle of the cell that a whole code names (`is_full`)."""
    south, west, height, width = _cell(code)
    return Coordinates(min(south + height / 2, 90.0), west + width / 2)


def _cell(code: str) -> tuple[float, float, float, float]:
    """Return the south and the west edge of a code's cell, its height and its width, in degrees."""
    digits = code.replace("+", "").rstrip("0")
    south, west, size = -90.0, -180.0, FIRST_CELL * len(DIGITS)
    for latitude, longitude in zip(digits[: 2 * PAIRS : 2], digits[1 : 2 * PAIRS : 2], strict=False):
        size /= len(DIGITS)
        south, west = south + DIGITS.index(latitude) * size, west + DIGITS.index(longitude) * size
    height = width = size
    for digit in digits[2 * PAIRS :]:
        row, column = divmod(DIGITS.index(digit), COLUMNS)
        height, width = height / ROWS, width / COLUMNS
        south, west = south + row * height, west + column * width
    return south, west, height, width


def encode(at: Coordinates) -> str:
    """Return the code of ten digits, a cell of 1/8000 degree, for the point."""
    steps = 8000
    rows = min(int((at.latitude + 90) * steps), 180 * steps - 1)
    columns = int((at.longitude + 180) * steps) % (360 * steps)
    digits = ""
    for _ in range(PAIRS):
        (rows, row), (columns, column) = divmod(rows, len(DIGITS)), divmod(columns, len(DIGITS))
        digits = DIGITS[row] + DIGITS[column] + digits
    return f"{digits[:SEPARATOR_AFTER]}+{digits[SEPARATOR_AFTER:]}"


def recover(short: str, near: Coordinates) -> Coordinates:
    """Return the point of a short code (`is_short`) that is nearest to a place."""
    missing = SEPARATOR_AFTER - short.index("+")
    period = FIRST_CELL / len(DIGITS) ** (missing / 2 - 1)
    area = decode(encode(near)[:missing] + short)
    latitude = _nearest(area.latitude, near.latitude, period)
    longitude = _nearest(area.longitude, near.longitude, period)
    around = longitude if abs(longitude) <= 180 else longitude - math.copysign(360, longitude)
    return Coordinates(latitude if abs(latitude) <= 90 else area.latitude, around)


def _nearest(number: float, to: float, period: float) -> float:
    """Return the number, or the one a period before or after it, whichever is nearest."""
    return min((number - period, number, number + period), key=lambda candidate: abs(candidate - to))
