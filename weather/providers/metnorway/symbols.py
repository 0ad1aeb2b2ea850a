"""MET Norway's weather symbols as our conditions (https://api.met.no/weatherapi/weathericon/2.0/documentation)."""

import logging
import re
from functools import lru_cache

log = logging.getLogger(__name__)

PLAIN = {"clearsky": 800, "fair": 801, "partlycloudy": 802, "cloudy": 804, "fog": 741}
FALLING = re.compile(r"(lights?(?=s|r)|heavy)?(rain|sleet|snow)(showers)?(andthunder)?")
"""Two names are misspelt for good, with a second s: lightssleetshowersandthunder and lightssnowshowersandthunder."""

CODES = {
    ("rain", ""): (500, 501, 502),
    ("rain", "showers"): (520, 521, 522),
    ("sleet", ""): (611, 611, 613),
    ("sleet", "showers"): (612, 613, 613),
    ("snow", ""): (600, 601, 602),
    ("snow", "showers"): (620, 621, 622),
}
"""By kind and showers: light, moderate, heavy."""

THUNDER = {"rain": (200, 201, 202), "sleet": (211, 211, 212), "snow": (211, 211, 212)}


@lru_cache(200)
def code_of(symbol: str) -> int | None:
    """Return the condition's code of a symbol; None for one that is not known, which the log says once.

    What follows the underscore says day, night or polar twilight: that is worked out here, from our own sun.
    """
    name = symbol.partition("_")[0].strip()
    if name in PLAIN:
        return PLAIN[name]
    if match := FALLING.fullmatch(name):
        strength = {"l": 0, "h": 2}.get((match[1] or " ")[0], 1)
        return THUNDER[match[2]][strength] if match[4] else CODES[match[2], match[3] or ""][strength]
    log.warning("MET Norway's symbol %.40r is not known", symbol)
    return None
