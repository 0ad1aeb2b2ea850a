"""The air as the page shows it: its index in a word, or what it is at least, and of which hour. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from weather.domain.air import least_class
from weather.domain.model import AirQuality
from weather.domain.pollen import strongest
from weather.i18n.formatting import Formatter
from weather.messages import C_, N_

POLLUTANTS = {
    "pm2_5": N_("fine particles (PM2.5)"),
    "pm10": N_("particles (PM10)"),
    "o3": N_("ozone"),
    "no2": N_("nitrogen dioxide"),
    "so2": N_("sulphur dioxide"),
    "co": N_("carbon monoxide"),
    "nh3": N_("ammonia"),
    "no": N_("nitrogen monoxide"),
}
INDEX_WORDS = (
    C_("air quality", "good"),
    C_("air quality", "fair"),
    C_("air quality", "moderate"),
    C_("air quality", "poor"),
    C_("air quality", "very poor"),
)
"""OpenWeatherMap's own names of its five classes of air."""

PLANTS = {
    "alder": C_("pollen", "Alder"),
    "birch": C_("pollen", "Birch"),
    "grass": C_("pollen", "Grasses"),
    "mugwort": C_("pollen", "Mugwort"),
    "olive": C_("pollen", "Olive"),
    "ragweed": C_("pollen", "Ragweed"),
}
POLLEN_WORDS = (C_("pollen", "low"), C_("pollen", "moderate"), C_("pollen", "high"), C_("pollen", "very high"))


@dataclass(frozen=True, slots=True)
class Air:
    """The air; its index, or the least that it can be where a substance is not known; its class in a word.

    `pollen`: the plants in the air, each with how strong it is, the strongest first; None where it is not known.
    """

    quality: AirQuality | None
    index: int | None
    is_least: bool
    word: str
    pollen: Sequence[tuple[str, str]] | None = None


def air_part(air: AirQuality | None, reader: Formatter) -> Air:
    """The air with its index. "At least good" would say nothing, so it is not said."""
    if air is None:
        return Air(None, None, False, "")
    pollen = None if air.pollen is None else pollen_words(air.pollen, reader)
    index = air.index or least_class(cast(Mapping[str, float | None], air.components))
    if index is None or (air.index is None and index == 1):
        return Air(air, None, False, "", pollen)
    return Air(air, index, air.index is None, reader.say(INDEX_WORDS[index - 1]), pollen)


def pollen_words(pollen: Mapping[str, float | None], reader: Formatter) -> list[tuple[str, str]]:
    """The names of the plants in the air, and a word for each; "none" where there is none of those that are known."""
    known = [reader.say(PLANTS[plant]) for plant, grains in pollen.items() if grains is not None]
    rows = [(reader.say(PLANTS[plant]), reader.say(POLLEN_WORDS[rank - 1])) for plant, rank in strongest(pollen)]
    return rows or [(reader.say(C_("pollen", "none")), reader.listed(known))]
