"""Units: the one set that the program computes in, turned into those of a reader at the very edge."""

import math
from collections.abc import Callable
from dataclasses import dataclass, fields, is_dataclass
from datetime import date, datetime
from functools import cache
from types import NoneType
from typing import Annotated, Any, TypeVar, get_args, get_origin

from weather.domain.beaufort import force
from weather.domain.rounding import cleaned, round_half

T = TypeVar("T")
Turn = Callable[[float, str], float]


@dataclass(frozen=True, slots=True)
class System:
    """The unit of each quantity by its symbol; `name` is the unit system that the choice began with."""

    name: str
    temperature: str
    wind_speed: str
    precipitation: str
    pressure: str
    distance: str

    @property
    def precipitation_rate(self) -> str:
        """Of amounts an hour."""
        return f"{self.precipitation}/h"

    @property
    def snowfall(self) -> str:
        """The symbol of the depth of snow, which goes with that of precipitation."""
        return "in" if self.precipitation == "in" else "cm"

    def symbols(self) -> dict[str, str]:
        """The `units` member of an answer."""
        return {
            "system": self.name,
            "temperature": self.temperature,
            "wind_speed": self.wind_speed,
            "precipitation": self.precipitation,
            "snowfall": self.snowfall,
            "pressure": self.pressure,
            "distance": self.distance,
        }


SYSTEMS = {
    system.name: system
    for system in (
        System("metric", "°C", "km/h", "mm", "hPa", "km"),
        System("si", "°C", "m/s", "mm", "hPa", "km"),
        System("us", "°F", "mph", "in", "inHg", "mi"),
        System("uk", "°C", "mph", "mm", "hPa", "mi"),
    )
}

# Exact by definition: the international inch (25.4 mm), mile (1609.344 m) and nautical mile (1852 m), the conventional
# inch and millimetre of mercury (3386.389 Pa, 133.3224 Pa; NIST SP 811, appendix B.8).
CONVERSIONS: dict[str, tuple[Callable[[float], float], int]] = {
    "°C": (lambda celsius: celsius, 2),
    "°F": (lambda celsius: celsius * 1.8 + 32, 2),
    "m/s": (lambda speed: speed, 2),
    "km/h": (lambda speed: speed * 3.6, 2),
    "mph": (lambda speed: speed * 3600 / 1609.344, 2),
    "kn": (lambda speed: speed * 3600 / 1852, 2),
    "Bft": (force, 0),
    "mm": (lambda depth: depth, 2),
    "cm": (lambda depth: depth / 10, 2),
    "in": (lambda depth: depth / 25.4, 3),
    "mm/h": (lambda rate: rate, 2),
    "in/h": (lambda rate: rate / 25.4, 3),
    "hPa": (lambda pressure: pressure, 2),
    "inHg": (lambda pressure: pressure / 33.86389, 2),
    "m": (lambda metres: metres, 0),
    "mmHg": (lambda pressure: pressure / 1.333224, 2),
    "kPa": (lambda pressure: pressure / 10, 3),
    "km": (lambda metres: metres / 1000, 2),
    "mi": (lambda metres: metres / 1609.344, 2),
}


def convert_number(number: float, symbol: str) -> float:
    """A number of ours in the unit of that symbol, rounded, and never a negative zero."""
    turn, decimals = CONVERSIONS[symbol]
    return round_half(turn(number), decimals)


def in_unit(number: float, symbol: str) -> float:
    """The same, not rounded: for what is rounded when it is written."""
    return CONVERSIONS[symbol][0](number)


DECIMALS = {"in": 2, "inHg": 2, "kPa": 1, "mm": 1, "cm": 1, "km": 1, "mi": 1, "m/s": 1}
"""Those that people read; none where a symbol is not named."""

WITH_ZEROS = frozenset({"inHg", "kPa"})
"""Read with all their decimals, also where they are zeros: 29.90 (as in METAR and on every barometer), 101.0."""


SAME = ""
"""The quantity of members that are the same in all units."""


@cache
def _units(kind: type[Any]) -> tuple[tuple[str, str | None], ...]:
    """The fields of a type, each with the quantity that it measures, or None if it may hold some."""
    return tuple((f.name, quantity_of(f.type)) for f in fields(kind))


def quantity_of(kind: Any) -> str | None:
    """The quantity that an annotation names; else SAME, or None for what may hold some."""
    named = (meta.extra["quantity"] for meta in getattr(kind, "__metadata__", ()) if meta.extra)
    return next(named, SAME if is_plain(kind) else None)


def is_plain(kind: Any) -> bool:
    """Whether nothing of that type is measured."""
    if is_dataclass(kind):
        return all(of == SAME for _, of in _units(kind))  # type: ignore[arg-type]
    parts = get_args(kind)[:1] if get_origin(kind) is Annotated else get_args(kind)
    return all(map(is_plain, parts)) if parts else kind in (str, int, bool, date, datetime, NoneType)


def convert(value: T, system: System, turn: Turn = convert_number) -> T:
    """A value of the model, or a tuple of them, with each quantity in the units of a system; no zero has a sign."""
    if isinstance(value, tuple):
        return tuple(convert(item, system, turn) for item in value)  # type: ignore[return-value]
    if isinstance(value, float):
        return value + 0.0  # type: ignore[return-value]
    if isinstance(value, dict):
        return {name: convert(item, system, turn) for name, item in value.items()}  # type: ignore[return-value]
    if not is_dataclass(value) or isinstance(value, type):
        return value
    return type(value)(**{name: in_units(getattr(value, name), of, system, turn) for name, of in _units(type(value))})


def in_units(value: Any, quantity: str | None, system: System, turn: Turn) -> Any:
    """A member in the unit of its quantity, if it measures one."""
    if value is None or quantity == SAME:
        return value
    return convert(value, system, turn) if quantity is None else turn(value, getattr(system, quantity))


def dew_point(temperature: float | None, humidity: float | None) -> float | None:
    """Dew point in °C from °C and per cent (Magnus formula, coefficients of WMO-No. 8, annex 4.B); None if unknown."""
    if temperature is None or humidity is None or not (1 <= humidity <= 100 and -80 < temperature < 60):
        return None
    gamma = math.log(humidity / 100) + 17.62 * temperature / (243.12 + temperature)
    return cleaned(243.12 * gamma / (17.62 - gamma))


COMPASS = (
    "north", "north-north-east", "north-east", "east-north-east", "east", "east-south-east", "south-east",
    "south-south-east", "south", "south-south-west", "south-west", "west-south-west", "west", "west-north-west",
    "north-west", "north-north-west",
)  # fmt: skip


def point(degrees: float) -> int:
    """Where a wind comes from: which of COMPASS."""
    return int(round_half(degrees % 360 / 22.5)) % 16


def compass(degrees: float) -> str:
    """The same in words."""
    return COMPASS[point(degrees)]
