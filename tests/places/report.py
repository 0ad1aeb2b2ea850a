"""Prints how many of the queries in `queries.tsv` are answered rightly, by class: `python tests/places/report.py`.

A query is answered rightly if the place that is meant is taken at once, or stands in the pick list (a dominant name has
to be taken at once, one with large namesakes to come first, a typo's place has to be suggested). It is wrong silently
if another place is taken at once. `--all` names the queries that miss.

The geocoder is played by one that knows the postal codes and the small towns of the list, and nothing else. How often
it was asked is told.
"""

import asyncio
import csv
import sys
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

from weather.domain.model import Coordinates, Place
from weather.errors import BadParameter, PlaceNotFound
from weather.places.gazetteer.cells import distance
from weather.places.gazetteer.lookup import Gazetteer
from weather.places.gazetteer.ranking import Candidate
from weather.places.search.geocoders import Geocoded, GeocoderQuery
from weather.places.search.place_search import Found, Hints, PlaceSearch
from weather.places.search.postal_text import postal_query
from weather.places.time_zones import zone_at
from weather.upstream.types import Requester

QUERIES = Path(__file__).parent / "queries.tsv"
TOLERANCE_KM = 30.0  # the middle of a large town is told differently by different maps
LISTED = 10  # places of a pick list that are looked at

AIMS = {
    "dominant": 1.0, "namesake": 0.9, "exact": 1.0, "exonym": 0.98, "suffix_en": 0.97, "suffix_own": 0.95,
    "suffix_bare": 0.95, "other_sign": 0.90, "short_form": 0.97, "small_town": 0.95, "postal_code": 0.90, "area": 0.90,
    "landmark": 0.75, "coordinates": 0.95, "typo": 0.85, "question": 0.85, "nowhere": 1.0,
}  # fmt: skip
"""The share of each class that has to be answered rightly; `nowhere` has to find nothing."""
FIRST = {"dominant", "namesake"}
"""Classes whose place has to come first, not anywhere in a list."""


@dataclass(frozen=True)
class Query:
    """A line of the list: what is typed, its class, the reader's language, and the place that is meant."""

    text: str
    group: str
    lang: str
    name: str
    country: str
    at: Coordinates | None


@dataclass(frozen=True)
class Outcome:
    """What came: `is_right`, and `is_wrong` if another place was taken without asking."""

    query: Query
    is_right: bool
    is_wrong: bool
    told: str
    calls: int = 0


def queries() -> list[Query]:
    """The list, as it was written down."""
    with QUERIES.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        return [
            Query(row["query"], row["class"], row["lang"], row["name"], row["country"], point(row["point"]))
            for row in rows
        ]


def point(text: str) -> Coordinates | None:
    return Coordinates(*map(float, text.split(","))) if text else None


class GeocoderOfTheList:
    """A geocoder that knows the postal codes and the small towns of the list."""

    name, needs_country = "the list", False

    def __init__(self, listed: Iterable[Query]) -> None:
        self.calls = 0
        self._places: dict[str, list[Candidate]] = defaultdict(list)
        for query in listed:
            code = postal_query(query.text)
            known = code.code if code else query.text.partition(",")[0]
            if query.group in ("postal_code", "small_town") and query.at:
                at = query.at
                place = Place(query.name, query.country, None, at.latitude, at.longitude, zone_at(at))
                self._places[known].append(Candidate(place, 0, own=True))

    async def geocode(self, query: GeocoderQuery, visitor: Requester) -> list[Geocoded]:
        self.calls += 1
        return [Geocoded(place) for place in self._places[query.name][:1]]

    async def with_code(self, code: str, country: str, visitor: Requester) -> list[Candidate]:
        self.calls += 1
        return self._places[code][:1]


async def outcome(query: Query, search: PlaceSearch) -> Outcome:
    """What comes of a query."""
    try:
        found = await search.find(query.text, Requester(), Hints(query.lang))
    except (PlaceNotFound, BadParameter) as error:
        found = Found()
        suggested = search.suggestions(query.text) if query.group == "typo" else []
        is_right = query.group == "nowhere" or near(query, [place.coordinates for place in suggested])
        return Outcome(query, is_right, False, f"{error} {', '.join(str(place.name) for place in suggested)}".strip())
    points = [found.at] if found.at else [place.coordinates for place in found.places[:LISTED]]
    told = str(found.at or ", ".join(f"{place.name} {place.country}" for place in found.places[:4]))
    at_once = bool(found.at) or found.is_clear
    if query.group == "nowhere":
        return Outcome(query, False, at_once, told)
    is_first = at_once or query.group in FIRST
    is_right = near(query, points[:1] if is_first else points) and (at_once or query.group != "dominant")
    return Outcome(query, is_right, at_once and not near(query, points[:1]), told)


def near(query: Query, points: Iterable[Coordinates]) -> bool:
    return query.at is not None and any(distance(query.at, at) <= TOLERANCE_KM for at in points)


async def outcomes() -> list[Outcome]:
    """What comes of every query of the list."""
    listed, gazetteer = queries(), Gazetteer()
    geocoder, found = GeocoderOfTheList(listed), list[Outcome]()
    search = PlaceSearch(gazetteer, [geocoder])
    try:
        for query in listed:
            before = geocoder.calls
            found.append(replace(await outcome(query, search), calls=geocoder.calls - before))
        return found
    finally:
        gazetteer.close()


def line(group: str, own: list[Outcome], aim: str) -> str:
    """A line of the table."""
    right, wrong = sum(result.is_right for result in own), sum(result.is_wrong for result in own)
    calls = sum(result.calls for result in own)
    return f"{group:<14}{right:>6}{len(own):>5}{right / len(own):>8.0%}{aim:>7}{wrong:>17}{calls:>8}"


def main(names_misses: bool) -> None:
    """Print the table."""
    results = asyncio.run(outcomes())
    print(f"{'class':<14}{'right':>6}{'of':>5}{'share':>8}{'aim':>7}{'wrong silently':>17}{'calls':>8}")
    for group, aim in AIMS.items():
        own = [result for result in results if result.query.group == group]
        print(line(group, own, f"{aim:.0%}"))
        for result in own if names_misses else []:
            if not result.is_right or result.is_wrong:
                print(f"    {'WRONG ' if result.is_wrong else ''}{result.query.text}: {result.told}")
    print(line("all", results, ""))


if __name__ == "__main__":
    main("--all" in sys.argv[1:])
