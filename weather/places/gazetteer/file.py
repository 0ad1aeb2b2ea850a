"""The file of the gazetteer: SQLite, read only. `.build/gazetteer` makes it, `.build/hook.py` unpacks it.

Where it is missing or damaged every look-up finds nothing, and the log says so once.
"""

import json
import logging
import sqlite3
from collections.abc import Iterable, Sequence
from pathlib import Path
from struct import iter_unpack
from typing import Any, NamedTuple

from weather.domain.model import PLACE_KINDS, Coordinates

log = logging.getLogger(__name__)

DEFAULT_PATH = Path(__file__).parents[2] / "data" / "gazetteer.sqlite"
KINDS = PLACE_KINDS
"""The kinds of places by their number in the file."""
LAST = "\U0010ffff"

_COLUMNS = "p.id, p.name, u.country, u.region, u.county, p.latitude, p.longitude, p.people, p.kind"
_PLACE = "place p JOIN unit u ON u.number = p.unit"
_NAMED = f"SELECT {_COLUMNS} FROM name n, {_PLACE} WHERE n.folded = ? AND p.id = n.place"  # noqa: S608
_AREAS_NAMED = f"""
    SELECT a.folded, {_COLUMNS} FROM area a, unit x, {_PLACE}
    WHERE x.number = a.unit AND p.id = x.place AND a.own >= ? AND a.folded >= ? AND a.folded <= ? LIMIT 300"""  # noqa: S608
_BY_IDS = f"SELECT {_COLUMNS} FROM {_PLACE} WHERE p.id IN (SELECT value FROM json_each(?))"  # noqa: S608
_AREA = """
    SELECT u.country, coalesce(u.region, ''), coalesce(u.county, '') FROM area JOIN unit u ON u.number = area.unit
    WHERE folded >= ? AND folded <= ?"""
_AREA_PLACE = f"""
    SELECT {_COLUMNS} FROM unit x, {_PLACE} WHERE p.id = x.place
    AND x.country = ? AND coalesce(x.region, '') = ? AND x.county IS NULL"""  # noqa: S608
_BEGINNING = "SELECT places FROM beginning WHERE folded = ?"
_BEGINS = "SELECT place, min(folded) FROM name WHERE folded >= ? AND folded < ? GROUP BY place LIMIT 1000"
_BEGINS_OF = """
    SELECT place, min(folded) FROM name
    WHERE folded >= ? AND folded < ? AND place IN (SELECT value FROM json_each(?)) GROUP BY place"""
_BEGINS_IN = """
    SELECT n.place, min(folded) FROM name n JOIN place p ON p.id = n.place JOIN unit u ON u.number = p.unit
    WHERE folded >= ? AND folded < ? AND u.country IN (SELECT value FROM json_each(?)) GROUP BY n.place LIMIT 1000"""
_NAMED_AMONG = """
    WITH wanted AS MATERIALIZED (SELECT value FROM json_each(?))
    SELECT place, folded FROM name WHERE folded IN wanted
    UNION ALL SELECT place, folded FROM area JOIN unit ON number = unit
    WHERE own = 2 AND place NOT NULL AND folded IN wanted"""
_LOCAL = "SELECT place, language, name FROM local WHERE place IN (SELECT value FROM json_each(?))"
_CELLS = "SELECT places FROM cell WHERE number BETWEEN ? AND ?"
_LARGEST = f"""
    SELECT {_COLUMNS} FROM {_PLACE} WHERE p.kind = 0 AND p.latitude BETWEEN ? AND ? AND p.longitude BETWEEN ? AND ?
    ORDER BY p.people DESC LIMIT ?"""  # noqa: S608
_LEAD = "SELECT places FROM lead WHERE place = ?"
_NAMES = "SELECT DISTINCT folded FROM name WHERE folded >= ? AND folded < ? LIMIT 2000"
_OF_COUNTY = f"""
    SELECT {_COLUMNS} FROM {_PLACE} WHERE p.kind = 0 AND u.county NOT NULL
    AND p.unit IN (SELECT unit FROM area WHERE folded = ?) ORDER BY p.people DESC LIMIT 10"""  # noqa: S608
_CHECK = "SELECT 1 FROM name, place, unit, area, cell, beginning, lead, local LIMIT 1"


class Row(NamedTuple):
    """A place of the file; degrees are thousandths, and `people` counts a capital four times, a region a tenth."""

    id: int
    name: str
    country: str
    region: str | None
    county: str | None
    latitude: int
    longitude: int
    people: int
    kind: int

    @property
    def coordinates(self) -> Coordinates:
        return Coordinates(self.latitude / 1000, self.longitude / 1000)


class GazetteerFile:
    """Look-ups in the file. No method raises for what is in it, or is not."""

    def __init__(self, path: Path = DEFAULT_PATH) -> None:
        self._sound = True
        self._file = self._open(path)
        self._rows(_CHECK)  # to complain at the start if there is cause

    def _open(self, path: Path) -> sqlite3.Connection | None:
        address = f"{path.resolve().as_uri()}?mode=ro&immutable=1"
        try:
            return sqlite3.connect(address, uri=True, check_same_thread=False)
        except sqlite3.Error as error:
            self._complain(error)
            return None

    def _complain(self, error: Exception) -> None:
        if self._sound:
            log.warning("The gazetteer finds nothing: %s", error)
        self._sound = False

    def _rows(self, query: str, *values: object) -> list[Any]:
        if self._file is None:
            return []
        try:
            return self._file.execute(query, values).fetchall()
        except sqlite3.Error as error:
            self._complain(error)
            return []

    def close(self) -> None:
        """Close the file; from then on nothing is found."""
        if self._file is not None:
            self._file.close()
        self._file = None

    def areas(self, first: str, last: str) -> list[tuple[str, str, str]]:
        """Country, region and county of all areas with a name from the first to the last."""
        return self._rows(_AREA, first, last)

    def area(self, country: str, region: str) -> list[Row]:
        """The country of a code, or its region of a name, as a place; [] if it is none."""
        return self._places(self._rows(_AREA_PLACE, country, region))

    def named(self, folded: str) -> list[Row]:
        """All places of exactly that normalized name: towns, islands, airports, regions, countries."""
        return self._places(self._rows(_NAMED, folded)) + [row for row, _ in self._areas_named(1, folded, folded)]

    def named_among(self, folded: Iterable[str]) -> list[tuple[int, str]]:
        """Number and name of all places with one of these normalized names."""
        return self._rows(_NAMED_AMONG, json.dumps(list(folded)))

    def beginning(self, folded: str, countries: Iterable[str] = ()) -> list[tuple[Row, str]]:
        """Places with a name that begins so, and that name, in no certain order: of a crowded beginning the heaviest.

        Countries and regions are among them, by a name in a language of the pages. The name is "" where it was not
        looked up: after two letters or fewer.
        """
        ends = folded, folded + LAST
        noted = numbers(self._rows(_BEGINNING, folded))
        if noted and len(folded) < 3 and folded.isascii():
            names = dict.fromkeys(noted, "")
        elif inside := list(countries):
            names = dict(self._rows(_BEGINS_IN, *ends, json.dumps(inside)))
        else:
            names = dict(self._rows(_BEGINS_OF, *ends, json.dumps(noted)) if noted else self._rows(_BEGINS, *ends))
        return [(row, names[row.id]) for row in self.by_ids(names)] + self._areas_named(2, *ends)

    def _areas_named(self, least: int, first: str, last: str) -> list[tuple[Row, str]]:
        """Countries and regions by a name: 1 by one in any language, 2 by one in a language of the pages."""
        rows = self._rows(_AREAS_NAMED, least, first, last)
        named = ((Row._make(columns), name) for name, *columns in rows)
        return [(row, name) for row, name in named if is_sound(row)]

    def names_beginning(self, folded: str) -> list[str]:
        """The normalized names of places that begin so, at most 2000."""
        return [name for (name,) in self._rows(_NAMES, folded, folded + LAST)]

    def of_county(self, folded: str) -> list[Row]:
        """The largest towns of the counties of that name, the largest first."""
        return self._places(self._rows(_OF_COUNTY, folded))

    def by_ids(self, ids: Iterable[int]) -> list[Row]:
        """The places with these numbers, in no certain order."""
        return self._places(self._rows(_BY_IDS, json.dumps(list(ids))))

    def within(self, cells: Iterable[tuple[int, int]]) -> list[Row]:
        """The towns and districts in these runs of cells."""
        return self.by_ids(id for run in cells for id in numbers(self._rows(_CELLS, *run)))

    def largest(self, box: tuple[float, float, float, float], limit: int) -> list[Row]:
        """The towns with most people in a box of degrees (south, north, west, east), the largest first."""
        return self._places(self._rows(_LARGEST, *(edge * 1000 for edge in box), limit))

    def lead(self, id: int) -> list[Row]:
        """The places to which one leads: the towns of a country, region or island, the town of a district."""
        ids = numbers(self._rows(_LEAD, id))
        return sorted(self.by_ids(ids), key=lambda row: ids.index(row.id))

    def local_names(self, ids: Sequence[int]) -> dict[int, dict[str, str]]:
        """What places are called in other languages, by number and language; own names are left out."""
        by_id: dict[int, dict[str, str]] = {}
        for id, language, name in self._rows(_LOCAL, json.dumps(ids)):
            by_id.setdefault(id, {})[language] = name
        return by_id

    def _places(self, rows: Iterable[Sequence[Any]]) -> list[Row]:
        return list(filter(is_sound, map(Row._make, rows)))


def is_sound(row: Row) -> bool:
    """Whether the row of a file that may be damaged can be a place."""
    texts, integers = (row.name, row.country, row.region or "", row.county or ""), (row.id, *row[5:])
    return (
        set(map(type, texts)) == {str}
        and set(map(type, integers)) == {int}
        and abs(row.latitude) <= 90000
        and abs(row.longitude) <= 180000
        and 0 <= row.kind < len(KINDS)
    )


def numbers(rows: Sequence[tuple[Any]]) -> list[int]:
    """The numbers that are packed into the blobs of some rows, four bytes each."""
    blobs = (blob[: len(blob) // 4 * 4] for (blob,) in rows if isinstance(blob, bytes))
    return [number for blob in blobs for (number,) in iter_unpack("<i", blob)]
