"""What the handlers of pages and API share."""

from collections.abc import Callable
from dataclasses import dataclass

from weather.places.search.place_search import PlaceSearch
from weather.providers.report import Provider
from weather.settings import Settings


@dataclass(frozen=True, slots=True)
class Site:
    """Who gives weather, who finds places, the settings, and the time of day (Unix seconds)."""

    provider: Provider
    search: PlaceSearch
    settings: Settings
    clock: Callable[[], float]
