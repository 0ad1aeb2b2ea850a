"""The unit of each quantity as a reader may choose it, beside the unit systems, which are starting points. Pure."""

from collections.abc import Mapping
from dataclasses import replace

from weather.domain.units import System

CHOICES: dict[str, dict[str, str]] = {
    "temperature": {"c": "°C", "f": "°F"},
    "wind": {"kmh": "km/h", "ms": "m/s", "mph": "mph", "kn": "kn", "bft": "Bft"},
    "precipitation": {"mm": "mm", "in": "in"},
    "pressure": {"hpa": "hPa", "inhg": "inHg", "mmhg": "mmHg", "kpa": "kPa"},
    "distance": {"km": "km", "mi": "mi"},
}
"""By parameter: the symbols of its units by the words that choose them."""

FIELDS = {name: "wind_speed" if name == "wind" else name for name in CHOICES}
"""The field of `System` that a parameter sets."""


def symbols(parameter: str) -> tuple[str, ...]:
    """The symbols that a parameter chooses among."""
    return tuple(CHOICES[parameter].values())


def refined(system: System, chosen: Mapping[str, str]) -> System:
    """The system with the units that were chosen instead of its own; it keeps its name. Other names are ignored."""
    units_by_field = {FIELDS[name]: units[chosen[name]] for name, units in CHOICES.items() if chosen.get(name) in units}
    return replace(system, **units_by_field) if units_by_field else system
