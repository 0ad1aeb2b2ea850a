"""What a search field offers besides towns while a name is typed: landmarks and landscapes. Pure but for look-ups."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from weather.domain.model import Place
from weather.places.gazetteer.folding import is_latin, normalize_name
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.gazetteer.ranking import Area, rank
from weather.places.names.landmarks import LANDMARKS
from weather.places.names.landscapes import LANDSCAPES
from weather.places.time_zones import zone_at

LEAST_LETTERS = 4
"""From how many letters on they are offered: before, the beginning is that of too many towns."""
AHEAD, MOST = 2, 3
"""So many towns stand before them, and so many of them are offered."""


def with_known(text: str, towns: Sequence[Place], names: Gazetteer) -> list[Place]:
    """Return the towns whose name begins so, those first that are spelled as typed, and what else begins so."""
    folded = normalize_name(text)
    others = list(_beginning(folded, names)) if len(folded) >= LEAST_LETTERS else []
    spelled = sorted(towns, key=lambda town: not _is_spelled_so(text, town)) if not text.isascii() else list(towns)
    return [*spelled[:AHEAD], *others, *spelled[AHEAD:]]


def _is_spelled_so(text: str, town: Place) -> bool:
    """Whether a name of the town begins so with the marks that were typed: "Köl" is Köln rather than Kolkata."""
    spelled = text.casefold()
    return not is_latin(normalize_name(text)) or any(
        (name or "").casefold().startswith(spelled) for name in (town.name, town.matched)
    )


def _beginning(folded: str, names: Gazetteer) -> Iterator[Place]:
    landmarks = {mark: name for name, marks in LANDMARKS.items() if name.startswith(folded) for mark in marks}
    for landmark, name in list(landmarks.items())[:MOST]:
        at, own = landmark.at, normalize_name(landmark.name).startswith(folded)
        matched = None if own else name.title()
        zone = zone_at(at)
        yield Place(landmark.name, landmark.country, None, at.latitude, at.longitude, zone, "landmark", matched)
    towns = {LANDSCAPES[name][0]: name for name in LANDSCAPES if name.startswith(folded)}
    for (town, country), name in list(towns.items())[:MOST]:
        for candidate in rank(names.places_named(town, [{Area(country)}]))[:1]:
            yield replace(candidate.place, matched=name.title())
