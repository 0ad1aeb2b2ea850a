"""Who is asked for official warnings, by country: by the registry of the sources, and by what is set here."""

from collections.abc import Iterator
from dataclasses import dataclass

from weather.i18n.territories import territory
from weather.providers.alerts.registry import ALERT_SOURCES, chosen
from weather.providers.alerts.source import AlertSource
from weather.settings import Settings


@dataclass(frozen=True, slots=True)
class Warner:
    """A source of warnings: its countries by their names, its own name and word, and for how many minutes an answer is
    fresh. `is_asked`: whether this server asks it.
    """

    countries: str
    name: str
    word: str
    minutes: int
    is_asked: bool


def warners(settings: Settings) -> list[Warner]:
    """Return all sources, those that are asked first, each with the countries that none before it warns for."""
    return list(each_warner(settings))


def each_warner(settings: Settings) -> Iterator[Warner]:
    asked, taken = chosen(settings), set[str]()
    for name, source in (asked | {name: warner for name, warner in ALERT_SOURCES.items() if name not in asked}).items():
        if countries := source.countries - taken:
            taken |= countries
            yield Warner(listed(countries), source.source.name, name, minutes(source, settings), name in asked)


def listed(countries: set[str] | frozenset[str]) -> str:
    """Names of countries, in the order of the alphabet."""
    return ", ".join(sorted(territory(code, "en") or code for code in countries))


def minutes(source: AlertSource, settings: Settings) -> int:
    seconds = source.fresh_for if settings.fresh_for is None else settings.fresh_for
    return max(round(seconds / 60), 1)
