"""Statements on the tables of saved places, each for one list or for those that nobody reads. Days are counted from
1 January 1970, in UTC.
"""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Delete, Update, delete, func, select, update

from weather.domain.model import Coordinates
from weather.places.saved.schema import LISTS, PLACES

UNREAD_DAYS = 366
"""After so many days in which nobody read or changed it a list goes."""


def delete_unread(today: int) -> Sequence[Delete]:
    """Return the statements that delete the lists that nobody read for a year, with their places."""
    unread = select(LISTS.c.owner).where(LISTS.c.read_on < today - UNREAD_DAYS)
    return (
        delete(PLACES).where(PLACES.c.owner.in_(unread)),
        delete(LISTS).where(LISTS.c.read_on < today - UNREAD_DAYS),
    )


def mark_read(owner: str, today: int) -> Update:
    """Return the statement that notes that a list was read today."""
    return update(LISTS).where(LISTS.c.owner == owner).values(read_on=today)


def lock_list(connection: Connection, owner: str) -> None:
    """Lock a list for this transaction. SQLite has one writer at a time anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(int(owner[:15], 16))))


def remove_if_twice(connection: Connection, owner: str, id: str) -> None:
    """Remove a place of whose cell there is another in its list."""
    query = select(PLACES.c.id, PLACES.c.latitude, PLACES.c.longitude).where(PLACES.c.owner == owner)
    cells = {row.id: Coordinates(row.latitude, row.longitude).rounded() for row in connection.execute(query)}
    if [*cells.values()].count(cells[id]) > 1:
        connection.execute(delete(PLACES).where(*own_row(owner, id)))


def own_row(owner: str, id: str) -> tuple[Any, Any]:
    return PLACES.c.owner == owner, PLACES.c.id == id
