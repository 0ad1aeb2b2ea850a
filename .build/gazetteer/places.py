"""Places that are no towns: countries, regions, islands and airports; and what lies in what."""

import math
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import airportsdata
import sources

from weather.places.gazetteer.folding import normalize_name

KINDS = ("city", "district", "region", "country", "island", "airport")
CAPITAL = 4
"""A capital counts as so many times its people."""
REGION = 0.1
"""What a region counts of its people: whoever types its name may mean a town that is called so."""
AIRPORT = 0.05
"""What an airport counts of the people of its town."""
ISLAND = 50000
"""What an island counts at most: it is the largest town near its airport that is counted, which may lie beyond."""
ISLAND_NAME = re.compile(r"[^-,()/]+ Islands?")
SHORT_OF = re.compile(r" am | an | \(|/")
"""What begins the rest of a town's full name, as in Frankfurt am Main."""
LISTED = 10
"""How many places are listed of a country or region."""


@dataclass(frozen=True, slots=True)
class Spot:
    """A row of `place`, with the names it is found by besides those of areas, and the places to which it leads."""

    id: int
    name: str
    unit: str
    latitude: float
    longitude: float
    people: int
    kind: str = "city"
    names: frozenset[str] = frozenset()
    leads_to: tuple[int, ...] = field(default=())


class Grid:
    """Finds the places around a point."""

    def __init__(self, spots: Iterable[Spot]) -> None:
        self._cells: dict[tuple[int, int], list[Spot]] = defaultdict(list)
        for spot in spots:
            self._cells[math.floor(spot.latitude), math.floor(spot.longitude)].append(spot)

    def around(self, latitude: float, longitude: float, km: float) -> Iterator[tuple[float, Spot]]:
        """Yield the places within a distance of less than a degree, with their distance in km."""
        south, west = math.floor(latitude), math.floor(longitude)
        for row in range(south - 1, south + 2):
            for column in range(west - 2, west + 3):
                for spot in self._cells.get((row, (column + 180) % 360 - 180), ()):
                    if (away := distance(latitude, longitude, spot)) <= km:
                        yield away, spot


def distance(latitude: float, longitude: float, spot: Spot) -> float:
    """The distance in km, good enough for a few dozens of them."""
    east = ((spot.longitude - longitude + 180) % 360 - 180) * math.cos(math.radians(latitude))
    return 111.2 * math.hypot(spot.latitude - latitude, east)


def is_district(city: sources.City, feature: str) -> bool:
    """Whether GeoNames calls it a section of a town, or it is the borough of one."""
    return feature == "PPLX" or any(
        name.startswith(("Borough of ", "London Borough")) for name in city["alternatenames"]
    )


def with_city(spots: list[Spot]) -> list[Spot]:
    """Let each district lead to its town: the one around that draws most by its people and its nearness."""
    towns = Grid(spot for spot in spots if spot.kind == "city")
    found = []
    for spot in spots:
        if spot.kind == "district":
            near = [
                (town.people / (away + 3) ** 2, town.id)
                for away, town in towns.around(spot.latitude, spot.longitude, 30)
                if town.unit[:2] == spot.unit[:2] and town.people > spot.people
            ]
            spot = replace(spot, leads_to=(max(near)[1],) if near else ())
        found.append(spot)
    return found


def leading(spots: list[Spot], heads: set[int]) -> tuple[int, ...]:
    """The places to list of an area: its capital, then the largest."""
    towns = sorted(
        (spot for spot in spots if spot.kind == "city"), key=lambda spot: (spot.id not in heads, -spot.people)
    )
    return tuple(spot.id for spot in towns[:LISTED])


def area_spots(
    spots: list[Spot],
    countries: dict[str, sources.City],
    region: dict[str, str],
    seats: tuple[set[int], set[int]],
) -> Iterator[Spot]:
    """The countries and regions, where their first town lies; `seats` are the capitals of each."""
    inside: dict[str, list[Spot]] = defaultdict(list)
    for spot in spots:
        for unit in {spot.unit[:2], ".".join(spot.unit.split(".")[:2])}:
            inside[unit].append(spot)
    by_id, known = {spot.id: spot for spot in spots}, sources.region_ids()
    for number, (unit, members) in enumerate(sorted(inside.items()), 1):
        is_country = len(unit) == 2
        towns = leading(members, seats[0] if is_country else seats[0] | seats[1])
        if not towns or (not is_country and unit not in region):
            continue
        head, people = by_id[towns[0]], sum(spot.people for spot in members if spot.kind == "city")
        if is_country:
            row = countries[unit]
            id, name, weight, kind = row["geonameid"], row["name"], max(row["population"], 1), "country"
        else:
            id, name, weight, kind = known.get(unit, -200000 - number), region[unit], round(people * REGION), "region"
        yield Spot(id, name, unit, head.latitude, head.longitude, weight, kind, leads_to=towns)


def airport_names(airport: dict[str, Any], town: Spot | None) -> frozenset[str]:
    """By what an airport is found: its codes, its name in full and short, and "airport" with its town."""
    name, city = airport["name"], airport["city"] or (town.name if town else "")
    plain = name.replace(" International", "")
    short = plain.removesuffix(" Airport")
    bare = short.removeprefix(city).strip(" -/") if city else short
    names = {airport["iata"], airport["icao"], name, plain, f"{bare} Airport" if bare else ""}
    if len(bare) > 4 and normalize_name(short) != normalize_name(city):
        names |= {short, bare}
    if city:
        names |= {f"{city} Airport", f"{SHORT_OF.split(city)[0]} Airport"}
    return frozenset(filter(None, map(normalize_name, names)))


def airport_spots(spots: list[Spot]) -> Iterator[Spot]:
    """The airports that have an IATA code, and the islands that are named after."""
    grid, islands = Grid(spot for spot in spots if spot.kind == "city"), {}
    for number, (_, airport) in enumerate(sorted(airportsdata.load("IATA").items()), 1):
        latitude, longitude, country = airport["lat"], airport["lon"], airport["country"]
        near = [(away, spot) for away, spot in grid.around(latitude, longitude, 50) if spot.unit[:2] == country]
        wanted = normalize_name(airport["city"])
        same = [spot for _, spot in near if normalize_name(spot.name) == wanted]
        town = (
            max(same, key=lambda spot: spot.people)
            if same
            else max(
                (spot for _, spot in near),
                key=lambda spot: spot.people / (10 + distance(latitude, longitude, spot)),
                default=None,
            )
        )
        people = max(500, round((town.people if town else 0) * AIRPORT))
        unit = town.unit if town else country
        names = airport_names(airport, town)
        yield Spot(-number, airport["name"], unit, latitude, longitude, people, "airport", names)
        if town and ISLAND_NAME.fullmatch(airport["city"]):
            islands.setdefault(wanted, (airport["city"], town))
    for number, (_, (name, town)) in enumerate(sorted(islands.items()), 1):
        bare = name.removesuffix("s").removesuffix(" Island")
        names = frozenset({normalize_name(name), normalize_name(bare)})
        if normalize_name(town.name) not in names:
            people = min(max(1000, town.people), ISLAND)
            yield Spot(
                -100000 - number, bare, town.unit, town.latitude, town.longitude, people, "island", names, (town.id,)
            )
