"""The two forms of the gazetteer: the SQLite file that is read, and the packed document that the repository holds.

The document is JSON, compressed by LZMA: of each table its columns, one after another, which pack to half of what the
rows do. Its numbers of places are differences, the names of a place stand together, and numbers in blobs are lists.
Needs the standard library alone, for it runs where the package is built.
"""

import json
import lzma
import sqlite3
import sys
from array import array
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing
from itertools import accumulate
from pathlib import Path
from typing import Any

SCHEMA = """
    PRAGMA page_size = 4096;
    CREATE TABLE unit (number INTEGER PRIMARY KEY, country TEXT NOT NULL, region TEXT, county TEXT, place INTEGER);
    CREATE TABLE place (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, unit INTEGER NOT NULL,
        latitude INTEGER NOT NULL, longitude INTEGER NOT NULL, people INTEGER NOT NULL, kind INTEGER NOT NULL
    );
    CREATE TABLE name (
        folded TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (folded, place)
    ) WITHOUT ROWID;
    CREATE TABLE area (
        folded TEXT NOT NULL, unit INTEGER NOT NULL, own INTEGER NOT NULL, PRIMARY KEY (folded, unit)
    ) WITHOUT ROWID;
    CREATE TABLE cell (number INTEGER PRIMARY KEY, places BLOB NOT NULL);
    CREATE TABLE beginning (folded TEXT PRIMARY KEY, places BLOB NOT NULL) WITHOUT ROWID;
    CREATE TABLE lead (place INTEGER PRIMARY KEY, places BLOB NOT NULL);
    CREATE TABLE local (
        place INTEGER NOT NULL, language TEXT NOT NULL, name TEXT NOT NULL, PRIMARY KEY (place, language)
    ) WITHOUT ROWID;
"""
TABLES = "unit", "place", "name", "area", "cell", "beginning", "lead", "local"
WITH_BLOBS = "cell", "beginning", "lead"

Tables = Mapping[str, Sequence[Sequence[Any]]]
"""Of each table its rows, in the order of their keys."""


def read(path: Path) -> Tables:
    """The tables of a file."""
    with closing(sqlite3.connect(path)) as file:
        return {table: file.execute(f"SELECT * FROM {table} ORDER BY 1, 2").fetchall() for table in TABLES}  # noqa: S608


def write(path: Path, tables: Tables) -> None:
    """Make the file of the tables."""
    with closing(sqlite3.connect(path)) as file:
        file.executescript(SCHEMA)
        for table, rows in tables.items():
            marks = ", ".join("?" * len(rows[0]))
            file.executemany(f"INSERT INTO {table} VALUES ({marks})", rows)  # noqa: S608
        file.commit()
        file.execute("VACUUM")


def pack(tables: Tables) -> bytes:
    """The document of the tables."""
    return lzma.compress(document(tables), preset=9 | lzma.PRESET_EXTREME)


def document(tables: Tables) -> bytes:
    """The document of the tables, not yet compressed."""
    columns = {table: [list(column) for column in zip(*tables[table], strict=True)] for table in TABLES}
    ids = columns["place"][0]
    columns["place"][0] = differences(ids)
    columns["name"] = names_together(tables["name"], ids)
    for table in WITH_BLOBS:
        columns[table][1] = [numbers(blob) for blob in columns[table][1]]
    return json.dumps(columns, ensure_ascii=False, separators=(",", ":")).encode()


def unpack(packed: bytes) -> Tables:
    """The tables of a document."""
    columns = json.loads(lzma.decompress(packed))
    ids = columns["place"][0] = list(accumulate(columns["place"][0]))
    names = sorted((name, id) for id, together in zip(ids, columns["name"], strict=True) for name in together)
    for table in WITH_BLOBS:
        columns[table][1] = [blob(numbers) for numbers in columns[table][1]]
    return {table: names if table == "name" else list(zip(*columns[table], strict=True)) for table in TABLES}


def names_together(rows: Iterable[Sequence[Any]], ids: Iterable[int]) -> list[list[str]]:
    """The names of each place, in the order of the ids."""
    names: dict[int, list[str]] = {id: [] for id in ids}
    for name, id in rows:
        names[id].append(name)
    return list(names.values())


def differences(numbers: Sequence[int]) -> list[int]:
    """The first number, and how much further each one after it is."""
    return [number - before for before, number in zip([0, *numbers], numbers, strict=False)]


def blob(ids: Iterable[int]) -> bytes:
    """Ids as four bytes each, the low one first."""
    return little(array("i", ids)).tobytes()


def numbers(blob: bytes) -> list[int]:
    """The ids of a blob."""
    return little(array("i", blob)).tolist()


def little(numbers: "array[int]") -> "array[int]":
    """The numbers with their low byte first, whatever this machine's order."""
    if sys.byteorder == "big":
        numbers.byteswap()
    return numbers
