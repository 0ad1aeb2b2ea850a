"""Pollen in the air: how much of it is how strong. Pure.

The classes are those of the National Allergy Bureau (https://pollen.aaaai.org/#/pages/reading-the-charts), which counts
trees, weeds and grasses differently. They were made for the mean of a day, and are applied here to an hour.
"""

from bisect import bisect_right
from collections.abc import Mapping
from typing import Annotated, TypedDict

from weather.domain.model import Coordinates, member
from weather.domain.rounding import round_half

TREES, WEEDS, GRASSES = (1, 15, 90, 1500), (1, 10, 50, 500), (1, 5, 20, 200)
"""Grains in a cubic metre from which on it is low, moderate, high, very high."""

BOUNDS = {"alder": TREES, "birch": TREES, "olive": TREES, "grass": GRASSES, "mugwort": WEEDS, "ragweed": WEEDS}
GRAINS = "Unit: `units.pollen`."


class Pollen(TypedDict):
    """Grains in a cubic metre of air, by plant."""

    alder: Annotated[float | None, member(f"Alder. {GRAINS}", 12)]
    birch: Annotated[float | None, member(f"Birch. {GRAINS}", 40)]
    grass: Annotated[float | None, member(f"Grasses. {GRAINS}", 6)]
    mugwort: Annotated[float | None, member(f"Mugwort. {GRAINS}", 0)]
    olive: Annotated[float | None, member(f"Olive. {GRAINS}", 0)]
    ragweed: Annotated[float | None, member(f"Ragweed. {GRAINS}", 0)]


def pollen_class(plant: str, grains: float) -> int:
    """0 none, 1 low, 2 moderate, 3 high, 4 very high."""
    return bisect_right(BOUNDS[plant], round_half(grains))


def strongest(pollen: Mapping[str, float | None]) -> list[tuple[str, int]]:
    """The plants of which there is pollen, each with its class, the strongest first."""
    classes = [(plant, pollen_class(plant, grains)) for plant, grains in pollen.items() if grains is not None]
    return sorted((pair for pair in classes if pair[1]), key=lambda pair: -pair[1])


def is_told(at: Coordinates) -> bool:
    """Whether the European air model of CAMS reaches a point (https://open-meteo.com/en/docs/air-quality-api)."""
    return 30 <= at.latitude <= 72 and -25 <= at.longitude <= 45
