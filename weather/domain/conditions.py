"""Weather conditions: OpenWeatherMap's ids (https://openweathermap.org/weather-conditions), in our words."""

from bisect import bisect

from weather.domain.model import Condition
from weather.domain.rounding import round_half

GROUPS = {2: "thunderstorm", 3: "drizzle", 5: "rain", 6: "snow", 8: "clouds"}
WET_GROUPS = frozenset({"thunderstorm", "drizzle", "rain", "snow"})

TEXTS = {
    200: "thunderstorm with light rain",
    201: "thunderstorm with rain",
    202: "thunderstorm with heavy rain",
    210: "light thunderstorm",
    211: "thunderstorm",
    212: "heavy thunderstorm",
    221: "scattered thunderstorms",
    230: "thunderstorm with light drizzle",
    231: "thunderstorm with drizzle",
    232: "thunderstorm with heavy drizzle",
    300: "light drizzle",
    301: "drizzle",
    302: "heavy drizzle",
    310: "light drizzle and rain",
    311: "drizzle and rain",
    312: "heavy drizzle and rain",
    313: "rain showers and drizzle",
    314: "heavy rain showers and drizzle",
    321: "drizzle showers",
    500: "light rain",
    501: "moderate rain",
    502: "heavy rain",
    503: "very heavy rain",
    504: "extreme rain",
    511: "freezing rain",
    520: "light rain showers",
    521: "rain showers",
    522: "heavy rain showers",
    531: "scattered rain showers",
    600: "light snow",
    601: "snow",
    602: "heavy snow",
    611: "sleet",
    612: "light sleet showers",
    613: "sleet showers",
    615: "light rain and snow",
    616: "rain and snow",
    620: "light snow showers",
    621: "snow showers",
    622: "heavy snow showers",
    701: "mist",
    711: "smoke",
    721: "haze",
    731: "dust whirls",
    741: "fog",
    751: "sand",
    761: "dust",
    762: "volcanic ash",
    771: "squalls",
    781: "tornado",
    800: "clear",
    801: "mostly clear",
    802: "partly cloudy",
    803: "cloudy",
    804: "overcast",
}
DAY_TEXTS = {800: "sunny", 801: "mostly sunny", 802: "sunny intervals"}
"""Where the sun is up: the names that weather services give these skies."""
UNUSUAL = "unusual weather"
ALL_TEXTS = (*TEXTS.values(), *DAY_TEXTS.values(), UNUSUAL)
FALLBACK_CODES = {2: 211, 3: 301, 5: 501, 6: 601, 7: 701, 8: 803}
ICONS = {2: "11", 3: "09", 5: "10", 6: "13", 7: "50", 8: "04"}
UPSTREAM_ICONS = frozenset(f"{number}{light}" for number in ("01", "02", "03", *ICONS.values()) for light in "dn")
OWN_ICONS = {511: "13", 520: "09", 521: "09", 522: "09", 531: "09", 800: "01", 801: "02", 802: "03"}
ATMOSPHERE = {741: "fog", 711: "smoke", 721: "haze", 751: "sand", 762: "ash", 771: "squall", 781: "tornado"}


def condition(code: int, icon: str | None, is_day: bool | None) -> Condition:
    """The condition of an id; one that is not in the table reads as the plain one of its hundred."""
    known = code if code in TEXTS else FALLBACK_CODES.get(code // 100)
    kind, text = group(known or 0), text_of(known or 0, is_day)
    return Condition(kind, text, code, icon_of(known or 0, icon, is_day))


def text_of(code: int, is_day: bool | None) -> str:
    """The words for an id, by day or night; those of the night also where that is not known."""
    known = code if code in TEXTS else FALLBACK_CODES.get(code // 100, 0)
    by_night = TEXTS.get(known, UNUSUAL)
    return DAY_TEXTS.get(code, by_night) if is_day else by_night


def group(code: int) -> str:
    """The group of an id, as OpenWeatherMap's `main` has it, in lower case."""
    if code == 800:
        return "clear"
    if code // 100 == 7:
        return ATMOSPHERE.get(code, "dust" if code in (731, 761) else "mist")
    return GROUPS.get(code // 100, "unknown")


def icon_of(code: int, icon: str | None, is_day: bool | None) -> str:
    """Upstream's icon if it is one; else that of the id, by day or night."""
    if icon in UPSTREAM_ICONS:
        return icon
    number = OWN_ICONS.get(code) or ICONS.get(code // 100, "03")
    return number + ("n" if is_day is False else "d")


def tells_of_hail(condition: Condition | None) -> bool:
    """Whether a condition names hail: no id does, but words of ours do."""
    return condition is not None and "hail" in condition.text


def is_wet(code: int) -> bool:
    """Whether rain, drizzle, snow or thunder belongs to an id."""
    return group(code) in WET_GROUPS


def cloud_code(cover: float) -> int:
    """The id of a dry sky, by the per cent of it that is covered."""
    return 800 + bisect((11, 25, 51, 85), round_half(cover))
