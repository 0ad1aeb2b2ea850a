"""The order of a list of saved places, and which of them is home."""

from collections.abc import Sequence

from sqlalchemy import Update, select, update

from weather.places.saved.schema import PLACES

ORDER = (PLACES.c.position.is_(None), PLACES.c.position, PLACES.c.number)
"""Places that were moved stand where they were put; after them those that were saved since, the oldest first."""


def moved(ids: Sequence[str], id: str, step: int) -> list[str]:
    """Return the ids with one of them moved by so many steps, at most to an end; an unknown one moves nothing."""
    others = [other for other in ids if other != id]
    if len(others) == len(ids):
        return others
    index = min(max(ids.index(id) + step, 0), len(others))
    return [*others[:index], id, *others[index:]]


def positions(owner: str, ids: Sequence[str]) -> list[Update]:
    """Return the statements that put a list into this order."""
    of_owner = update(PLACES).where(PLACES.c.owner == owner)
    return [of_owner.where(PLACES.c.id == id).values(position=index) for index, id in enumerate(ids)]


def home_is(owner: str, id: str) -> Update:
    """Return the statement that makes a place of the list its only home."""
    known = select(PLACES.c.id).where(PLACES.c.owner == owner, PLACES.c.id == id)
    return update(PLACES).where(PLACES.c.owner == owner, known.exists()).values(home=PLACES.c.id == id)
