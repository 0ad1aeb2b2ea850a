"""Islands, coasts, mountains, old provinces and counties that have no place of their name: the towns that they mean.

The gazetteer has towns, states and countries. What people call a landscape crosses those, or lies inside one; here are
the well known ones, under the names that people of several languages give them. All names are normalized ones.
"""

from functools import cache

from weather.places.gazetteer.folding import normalize_name
from weather.places.names.tables import rows

WIDER = frozenset(
    "africa afrika afrique america amerika amerique antarctic antarctica antarktis arctic arktis asia asien asie "
    "atlantic australasia balkans balkan caribbean europa europe eurasia maghreb mediterranean midwest mittelmeer "
    "oceania orient pacific pazifik polynesia scandinavia skandinavien scandinavie".split()
) | {"middle east", "far east", "naher osten", "north sea", "baltic sea", "black sea", "red sea", "dead sea"}
"""Names of continents, seas and the like: nobody who types one alone means the village that has it too."""


def landscapes(table: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Of each name its towns with their countries' ISO 3166 codes."""
    by_name: dict[str, tuple[tuple[str, str], ...]] = {}
    for towns, names in rows(table):
        meant = tuple((town.strip()[:-3], town.strip()[-2:]) for town in towns.split(";"))
        by_name |= {normalize_name(name): meant for name in names}
    return by_name


LANDSCAPES = landscapes("landscapes")


@cache
def towns_meant() -> dict[str, tuple[tuple[str, str], ...]]:
    """The same, and the names of large towns in other scripts: read when they are first needed, for it takes 15 ms."""
    return landscapes("world_cities") | LANDSCAPES
