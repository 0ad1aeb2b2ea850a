"""Conditions in the codes of World Weather Online, which wttr.in's JSON has, and in wttr.in's symbols. Pure.

Codes: https://www.worldweatheronline.com/weather-api/api/docs/weather-icons.aspx. There are none for wind and dust:
squalls and tornadoes have that of a heavy thunderstorm, all that dims the air has that of mist; words say which.
"""

from weather.domain.conditions import FALLBACK_CODES
from weather.domain.model import Condition

WWO: dict[int, tuple[int, ...]] = {
    113: (800,),
    116: (801, 802),
    119: (803,),
    122: (804,),
    143: (701, 711, 721, 731, 751, 761, 762),
    200: (210, 211, 212, 221),
    248: (741,),
    266: (300, 301, 302),
    296: (310, 311, 500),
    302: (312, 501),
    308: (502, 503, 504),
    314: (511,),
    317: (611, 615),
    320: (616,),
    326: (600,),
    332: (601,),
    338: (602,),
    353: (313, 321, 520, 531),
    356: (314, 521),
    359: (522,),
    362: (612,),
    365: (613,),
    368: (620,),
    371: (621, 622),
    386: (200, 230, 231),
    389: (201, 202, 232, 771, 781),
}
"""The ids of OpenWeatherMap that each code stands for."""

BY_ID = {id: code for code, ids in WWO.items() for id in ids}

SYMBOLS = {
    ("☀️", "o"): (113,),
    ("⛅️", "m"): (116,),
    ("☁️", "mm"): (119,),
    ("☁️", "mmm"): (122,),
    ("🌫", "="): (143, 248),
    ("⛈", "!/"): (200, 386),
    ("🌦", "/"): (266, 296),
    ("🌦", "."): (353,),
    ("🌧", "///"): (302, 308, 359),
    ("🌧", "//"): (356,),
    ("🌧", "x"): (314, 317, 320),
    ("🌧", "x/"): (362, 365),
    ("🌨", "*"): (326,),
    ("🌨", "*/"): (368,),
    ("❄️", "**"): (332, 338),
    ("❄️", "*/*"): (371,),
    ("🌩", "/!/"): (389,),
}
"""wttr.in's symbols, in colour and plain, and the codes that have them."""

SYMBOL_OF = {code: both for both, codes in SYMBOLS.items() for code in codes}
UNKNOWN = ("✨", "?")
CLEAR_NIGHT = "🌙"
CLEAR, FEW = 800, 801
MOONS = "🌑🌒🌓🌔🌕🌖🌗🌘"
POINTS = (
    "N", "NNE", "NE", "ENE", "E", "ESE", "SE", "SSE", "S", "SSW", "SW", "WSW", "W", "WNW", "NW", "NNW",
)  # fmt: skip


def wwo_code(condition: Condition | None) -> int | None:
    """The code of World Weather Online; None where the condition is not known."""
    if condition is None:
        return None
    return BY_ID.get(condition.code) or BY_ID.get(FALLBACK_CODES.get(condition.code // 100, 0))


def symbol(condition: Condition | None, is_day: bool | None) -> str:
    """wttr.in's symbol; by night a clear sky has no sun in it."""
    if condition and condition.code in (CLEAR, FEW) and is_day is False:
        return CLEAR_NIGHT
    return SYMBOL_OF.get(wwo_code(condition) or 0, UNKNOWN)[0]


def plain_symbol(condition: Condition | None) -> str:
    """wttr.in's symbol of letters and signs."""
    return SYMBOL_OF.get(wwo_code(condition) or 0, UNKNOWN)[1]
