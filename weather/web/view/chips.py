"""The saved places above a forecast, each with its temperature where a fresh one is kept. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass

from weather.domain.model import Coordinates
from weather.places.saved.lists import SavedPlace
from weather.providers.report import Report

MOST = 12
"""Chips: a longer list has its own page."""


@dataclass(frozen=True, slots=True)
class Chip:
    """A saved place. `temperature`: None where none is kept that is still up to date, for a chip tells no age.

    `is_here`: it is the place of the page.
    """

    name: str
    cell: Coordinates
    temperature: float | None
    is_here: bool


def chips(saved: Sequence[SavedPlace], reports: Sequence[Report | None], here: Coordinates) -> list[Chip]:
    """A chip for each place, in the order of the list."""
    pairs = zip(saved, reports, strict=True)
    return [chip(place, report, place.coordinates.rounded() == here.rounded()) for place, report in pairs]


def chip(place: SavedPlace, report: Report | None, is_here: bool) -> Chip:
    """The chip of a place, from what is kept of it."""
    current = report.now if report else None
    is_fresh = report is not None and not report.freshness_now.is_stale
    return Chip(
        name=place.name,
        cell=place.coordinates.rounded(),
        temperature=current.temperature if current and is_fresh else None,
        is_here=is_here,
    )
