"""The weather icons: symbols of an inline SVG sprite, coloured by CSS variables (`.build/icons.py` makes the file).

A page holds one sprite of the symbols that it uses, and shows one with `<use href="#i-rain"/>`, its meaning in words
beside it.
"""

import json
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from weather.domain.conditions import FALLBACK_CODES
from weather.domain.rounding import round_half

PATH = Path(__file__).resolve().parent.parent.parent / "data" / "icons.json"

UNKNOWN = "unknown"
BY_SYMBOL = {  # a star stands for day or night
    "thunder-rain": (200, 201, 202, 230, 231, 232),
    "thunder": (210, 211, 212),
    "thunder-*": (221,),
    "drizzle": (300, 301, 302),
    "drizzle-*": (321,),
    "rain": (310, 311, 312, 500, 501),
    "rain-*": (313, 520, 521, 531),
    "rain-heavy": (314, 502, 503, 504, 522),
    "freezing-rain": (511,),
    "sleet": (611, 615, 616),
    "sleet-*": (612, 613),
    "snow": (600, 601),
    "snow-*": (620, 621),
    "snow-heavy": (602, 622),
    "mist": (701,),
    "smoke": (711,),
    "haze-*": (721,),
    "dust": (731, 751, 761),
    "fog": (741,),
    "ash": (762,),
    "wind": (771,),
    "tornado": (781,),
    "clear-*": (800,),
    "few-*": (801,),
    "scattered-*": (802,),
    "cloudy": (803,),
    "overcast": (804,),
}
BY_CODE = {code: symbol for symbol, codes in BY_SYMBOL.items() for code in codes}
MOONS = (
    "moon-new", "moon-waxing-crescent", "moon-first-quarter", "moon-waxing-gibbous", "moon-full",
    "moon-waning-gibbous", "moon-last-quarter", "moon-waning-crescent",
)  # fmt: skip


def symbol_for(code: int, is_day: bool | None) -> str:
    """The symbol of an OpenWeatherMap condition id; where day or night is not known, that of the day."""
    symbol = BY_CODE.get(code) or BY_CODE.get(FALLBACK_CODES.get(code // 100, 0), UNKNOWN)
    return symbol.replace("*", "night" if is_day is False else "day")


def moon_for(phase: float) -> str:
    """The symbol of a moon phase: 0 new, 0.25 first quarter, 0.5 full, 0.75 last quarter."""
    return MOONS[int(round_half(phase * 8)) % 8]


@cache
def _symbols() -> Mapping[str, str]:
    by_name: dict[str, str] = json.loads(PATH.read_bytes())
    return by_name


def symbols(wanted: Iterable[str]) -> str:
    """The markup of those symbols, each once, as `<defs>` of a picture may hold it. Raises KeyError for no symbol."""
    return "".join(_symbols()[name] for name in sorted(set(wanted)))


def sprite(wanted: Iterable[str]) -> str:
    """The sprite of a page: those symbols, taking no room. (`hidden` hides no SVG, `display: none` loses its masks.)"""
    return f'<svg class="sprite" width="0" height="0" aria-hidden="true">{symbols(wanted)}</svg>'
