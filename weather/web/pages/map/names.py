"""Names of towns on a map: the largest that the view has room for. Pure."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from weather.domain.model import Coordinates, Place
from weather.web.pages.map.projection import HEIGHT, WIDTH, View
from weather.web.view.meteogram.geometry import Text, clear, held, text

SIZE, ABOVE = 17.0, 8.0
"""Size of the letters, and how far above its dot a name stands."""

MOST = 14
SOUGHT = 60
"""Names of a view; and how many towns are looked at for them."""


class Town(NamedTuple):
    """A town: its dot, and its name above it."""

    x: float
    y: float
    label: Text


def boxes(view: View) -> list[tuple[float, float, float, float]]:
    """The view as boxes of degrees: south, north, west, east. Across the antimeridian there are two."""
    south, north, west, east = view.bounds
    if east - west >= 360:
        return [(south, north, -180, 180)]
    spans = ((west + turn, east + turn) for turn in (-360, 0, 360))
    return [(south, north, max(first, -180), min(last, 180)) for first, last in spans if first < 180 and last > -180]


def towns(view: View, places: Iterable[Place], first: Sequence[Text] = ()) -> list[Town]:
    """The dots and names of some places, the largest first, as far as there is room beside the texts that are first."""
    dots: dict[Text, tuple[float, float]] = {}
    for place in places:
        x, y = view.at(Coordinates(place.latitude, place.longitude))
        if place.name and ABOVE + SIZE <= y <= HEIGHT - ABOVE and ABOVE <= x <= WIDTH - ABOVE:
            dots.setdefault(held(text(x, y - ABOVE, place.name), SIZE, 0, WIDTH), (round(x, 1), round(y, 1)))
    labels = clear([*first, *dots], SIZE, SIZE + ABOVE)
    return [Town(*dots[label], label) for label in labels if label in dots][:MOST]
