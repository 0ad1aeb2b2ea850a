"""Names to places, and the nearest place, out of a file of our own: nobody is asked.

It has the towns of 500 people and more, countries, regions, islands and airports, from GeoNames (CC BY 4.0) and
airportsdata (MIT); see `file`.
"""

import math
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from operator import itemgetter
from pathlib import Path

from weather.domain.model import Coordinates, Place
from weather.domain.text import label
from weather.places.gazetteer.borders import may_lie_in
from weather.places.gazetteer.cells import cells_around, distance
from weather.places.gazetteer.file import DEFAULT_PATH, KINDS, LAST, GazetteerFile, Row
from weather.places.gazetteer.folding import is_latin, normalize_name
from weather.places.gazetteer.ranking import AREAS, NICKNAME_TYPED, Area, Candidate, is_clear, rank, typing_order
from weather.places.gazetteer.spelling import slips
from weather.places.time_zones import zone_at

_COMMAS = re.compile("[,\u060c\u3001\uff0c]")
COUNTY = "county"
NO_LATIN = "\u0370"
"""Names in Latin letters begin with a lower one."""
FEW_LETTERS, MOST_LONGER = 2, 8  # letters whose answers are kept; a third of the longer names that are looked at

PlaceAt = Callable[[str, Coordinates], Place]
"""Makes a place of a name and a point, as `Gazetteer.place_at` does. It makes no upstream call."""


class Gazetteer:
    """Places by name, by number and by position."""

    def __init__(self, path: Path = DEFAULT_PATH) -> None:
        self._file = GazetteerFile(path)
        self.area_name = lru_cache(maxsize=2000)(self._area_name)
        self._after_few_letters = lru_cache(maxsize=100)(self._beginning)  # the slowest, and what everybody types first
        self._within = lru_cache(maxsize=2)(self._find_within)  # two sources may ask for one point in turn

    def close(self) -> None:
        self._file.close()

    def search(self, text: str, limit: int = 10) -> list[Place]:
        """Places to pick from while a name is being typed: exact names first, then those that begin so, by weight.

        Qualifiers may follow after commas: a country's name or code, a region's name or letters. `Place.matched` is the
        name that begins so, where it is not the place's own.
        """
        name, areas = self._qualified(text, typing=True)
        if not name:
            return []
        beginning = self._after_few_letters if len(name) <= FEW_LETTERS and not areas else self._beginning
        exact, longer = self.places_named(name, areas), beginning(name, tuple(areas), limit)
        if len(name) <= 3 and name.isascii():
            # As short as this, another name is mostly a code or a transcription: Chongqing may be called Pa.
            exact = [candidate for candidate in exact if candidate.own]
        candidates = typing_order(exact, longer)[:limit]
        return (
            [candidate.place for candidate in candidates]
            if candidates or not areas
            else self.search(_without_commas(text), limit)
        )

    def _beginning(self, folded: str, areas: Sequence[set[Area]], limit: int) -> list[Candidate]:
        """Return the weightiest that have a name that begins so, and lie in the areas."""
        countries = {area.country for area in areas[0]} if areas else ()
        rows = [(row, name) for row, name in self._file.beginning(folded, countries) if _lies_in(row, areas)]
        local = self._file.local_names([row.id for row, _ in rows])
        begun = [_begun(row, folded, name, local.get(row.id, {})) for row, name in rows]
        begun.sort(key=lambda pair: -pair[0].people * (1 if pair[1] else NICKNAME_TYPED))
        return [_candidate(row, name, local.get(row.id, {})) for row, _, name in begun[: 3 * limit]]

    def named(self, text: str) -> list[Place]:
        """Return the places that the exact name means, as `picks` does; [] if nothing has it."""
        name, areas = self._qualified(text)
        ranked = rank(self.places_named(name, areas))
        places = self.picks(ranked, every=not is_clear(ranked))
        return places or (self.named(_without_commas(text)) if areas else [])

    def picks(self, ranked: Sequence[Candidate], *, every: bool) -> list[Place]:
        """Return the places to which ranked candidates lead: only those of the first, unless every one is wanted.

        A country or region leads to its towns, its capital first, an island to its town; among others to one of them.
        `Place.matched` says so.
        """
        if ranked and not every:
            return self._led(ranked[0]) or [ranked[0].place]
        places = (next(iter(self._led(candidate)), candidate.place) for candidate in ranked)
        return list({(place.id, place.name, place.coordinates): place for place in places}.values())

    def _led(self, candidate: Candidate) -> list[Place]:
        """Return the towns to which an area or island leads, with its name as the one that matched."""
        called = candidate.place.matched or candidate.place.name
        if candidate.place.kind not in (*AREAS, "island"):
            return []
        return [_place(row, None if row.name == called else called) for row in self._file.lead(candidate.number)]

    def _qualified(self, text: str, *, typing: bool = False) -> tuple[str, list[set[Area]]]:
        """Return the normalized name, and for each qualifier its possible areas; the last may be half typed."""
        name, *qualifiers = map(normalize_name, _COMMAS.split(text, maxsplit=3))
        qualifiers = [qualifier for qualifier in qualifiers if qualifier]
        areas = [self.areas_of(qualifier) for qualifier in qualifiers]
        if typing and qualifiers:
            areas[-1] |= self.areas_beginning(qualifiers[-1])
        return name, areas

    def areas_of(self, folded: str) -> set[Area]:
        """Return the countries, regions and counties of that name or code, in any language; the name is normalized."""
        return {Area(*row) for row in self._file.areas(folded, folded)}

    def areas_beginning(self, folded: str) -> set[Area]:
        """Return the areas whose name begins so, as of a word that is being typed; the beginning is normalized."""
        return {Area(*row) for row in self._file.areas(folded, folded + LAST)}

    def places_named(self, folded: str, areas: Sequence[set[Area]] = ()) -> list[Candidate]:
        """Return all that bears exactly that normalized name and lies in one area of each set, in no certain order."""
        rows = [row for row in self._file.named(folded) if folded and _lies_in(row, areas)]
        local = self._file.local_names([row.id for row in rows])
        return [_candidate(row, folded, local.get(row.id, {})) for row in rows]

    def regions_called(self, folded: str) -> list[Candidate]:
        """Return the regions of a name or code, such as NSW or DF."""
        regions = sorted(area for area in self.areas_of(folded) if area.region and not area.county)
        rows = [row for area in regions for row in self._file.area(*area[:2])]
        return rank(Candidate(_place(row, _written(folded)), row.people, own=False, number=row.id) for row in rows)

    def longer_named(self, folded: str, areas: Sequence[set[Area]]) -> list[Candidate]:
        """Return the weightiest towns whose own name, or in areas any, has more words behind that normalized one."""
        begun = self._beginning(f"{folded} ", areas, MOST_LONGER)
        return [candidate for candidate in begun if (candidate.own or areas) and candidate.place.kind == "city"]

    def names_beginning(self, folded: str) -> list[str]:
        """Return the normalized names that begin so, at most 2000."""
        return self._file.names_beginning(folded)

    def towns_of_county(self, folded: str) -> list[Candidate]:
        """Return the largest towns of the counties of that name, which has to say that it is one: "cook county"."""
        is_county = folded.endswith(f" {COUNTY}") or folded.startswith(f"{COUNTY} ")
        if not is_county or any(KINDS[row.kind] != "airport" for row in self._file.named(folded)):
            return []
        rows = self._file.of_county(folded)
        return [Candidate(_place(row), row.people, own=True, number=row.id) for row in rows]

    def by_id(self, geonameid: int) -> Place | None:
        """Return the place with this GeoNames id, which is OpenWeatherMap's city id; None if there is none."""
        rows = self._file.by_ids([geonameid]) if 0 < geonameid < 2**63 else []
        return next(map(_place, rows), None)

    def in_language(self, place: Place, language: str) -> Place:
        """Return the place with its name and its region's as a language has them, where that is known."""
        local = self._file.local_names([place.id]).get(place.id, {}) if place.id else {}
        name = self._district_name(place, language) if place.kind == "district" else local.get(language, place.name)
        state = self.area_name(Area(place.country or "", place.state), language) if place.state else None
        if place.state == place.name:
            state = name  # the region is called like its town, as Oslo's is
        return replace(place, name=name, state=state, matched=None if place.matched == name else place.matched)

    def _district_name(self, district: Place, language: str) -> str | None:
        """Return its name; the town before it, as in "Vienna, Innere Stadt", as the language has it."""
        town, name = self.town_of(district), district.name or ""
        if town is None or not name.startswith(f"{town.name}, "):
            return district.name
        return f"{self.in_language(town, language).name}{name[len(town.name or '') :]}"

    def label_in_language(self, name: str, place: Place, language: str) -> str:
        """Return a name that was asked for at a place as a language has it, if it is the place's or its town's own."""
        own = next((near for near in (place, self.town_of(place)) if near and near.name == name), None)
        return (self.in_language(own, language).name or name) if own else name

    def country_name(self, code: str, language: str) -> str:
        """Return what the country of an ISO 3166 code is called in a language; the code if it is none."""
        return self.area_name(Area(code), language)

    def _area_name(self, area: Area, language: str) -> str:
        """Return what a country or region is called in a language; else as it is called in the file, or its code."""
        rows = self._file.area(*area[:2])
        name = rows[0].name if rows else area.region or area.country
        return (
            self._file.local_names([row.id for row in rows]).get(rows[0].id, {}).get(language, name) if rows else name
        )

    def nearest(self, coordinates: Coordinates, limit_km: float = 50.0) -> Place | None:
        """Return the nearest place within the limit on this side of the border; None if there is none.

        `Place.distance` is set where the point lies outside of it.
        """
        zone = zone_at(coordinates)
        near = ((row, _place(row)) for row in self._around(coordinates, limit_km))
        row, place = next(((row, place) for row, place in near if may_lie_in(zone, place)), (None, None))
        away = distance(coordinates, place.coordinates) if place else 0
        return replace(place, distance=round(away, 1)) if row and place and away > reach(row) else place

    def largest(self, boxes: Iterable[tuple[float, float, float, float]], limit: int, language: str) -> list[Place]:
        """Return the largest towns in boxes of degrees (south, north, west, east), by their names in a language."""
        rows = sorted((row for box in boxes for row in self._file.largest(box, limit)), key=lambda row: -row.people)
        return [self.in_language(_place(row), language) for row in rows[:limit]]

    def town_of(self, place: Place) -> Place | None:
        """Return the town that a district belongs to; None if it is no district, or its town is not known."""
        return next(map(_place, self._file.lead(place.id or 0)), None) if place.kind == "district" else None

    def place_at(self, name: str, at: Coordinates) -> Place:
        """The place of that name at a point, in the country and region of what is known nearby."""
        near = self.nearest(at)
        country, region = (near.country, near.state) if near else (None, None)
        return Place(label(name), country, region, at.latitude, at.longitude, zone_at(at))

    def _around(self, coordinates: Coordinates, limit_km: float) -> Iterator[Row]:
        """Yield places, nearest first. Searches as far as needed."""
        inner, radius = -1.0, 0.0
        while radius < limit_km:
            radius = min(max(10, radius * 2), limit_km)
            yield from self._within(coordinates, inner, radius)
            inner = radius

    def _find_within(self, coordinates: Coordinates, inner: float, radius: float) -> list[Row]:
        """Return places whose distance in km is over `inner` and at most `radius`, nearest first."""
        rows = self._file.within(cells_around(coordinates, radius))
        distances = ((distance(coordinates, row.coordinates), row) for row in rows)
        within = [(km, row) for km, row in distances if inner < km <= radius]
        return [row for _, row in sorted(within, key=itemgetter(0))]

    def suggestions(self, text: str, limit: int = 5) -> list[Place]:
        """Return the weightiest places of which the name may be a slip, in the areas behind it if they are known."""
        name, areas = self._qualified(text)
        candidates: list[Candidate] = []
        for forms in slips(name):
            candidates = candidates or self._spelled(forms, [area for area in areas if area])
        least = max((candidate.weight for candidate in candidates), default=0) / LIGHTER
        return [candidate.place for candidate in rank(candidates) if candidate.weight >= least][:limit]

    def _spelled(self, forms: Iterable[str], areas: Sequence[set[Area]]) -> list[Candidate]:
        """Return the places with a name among these, each once and by its own one if it is among them."""
        names = self._file.named_among(forms)
        rows = {row.id: row for row in self._file.by_ids({id for id, _ in names}) if _lies_in(row, areas)}
        local = self._file.local_names(list(rows))
        candidates = (_candidate(rows[id], name, local.get(id, {})) for id, name in sorted(names) if id in rows)
        best = {
            candidate.number: candidate
            for candidate in sorted(candidates, key=lambda each: (each.own, each.place.matched is None))
        }
        return [likely for likely in best.values() if likely.weight >= LEAST or len(likely.place.name or "") > 6]


LIGHTER = 300
"""A suggestion has at most so many times fewer people than the first one."""
LEAST = 10000
"""The least weight of a suggestion for a short name, to which many are near."""


def _place(row: Row, matched: str | None = None) -> Place:
    at, id = row.coordinates, row.id if row.id > 0 else None
    state = None if KINDS[row.kind] in AREAS else row.region
    return Place(row.name, row.country, state, at.latitude, at.longitude, zone_at(at), KINDS[row.kind], matched, id)


def reach(row: Row) -> float:
    """How far a town reaches from its middle, in kilometres: 1,500 people to a square kilometre, and 2 km of doubt."""
    return 2 + math.sqrt(row.people / (1500 * math.pi))


def _candidate(row: Row, folded: str, local: dict[str, str]) -> Candidate:
    """Return the place as one of that name. What it is called in the language of pages is its own name, too."""
    if normalize_name(row.name) == folded:
        return Candidate(_place(row), row.people, own=True, number=row.id)
    spelled = next((name for name in local.values() if normalize_name(name) == folded), None)
    own = spelled is not None or KINDS[row.kind] in ("airport", "island") or not is_latin(folded)
    return Candidate(_place(row, spelled or _written(folded)), row.people, own, number=row.id)


def _begun(row: Row, folded: str, name: str, local: dict[str, str]) -> tuple[Row, bool, str]:
    """Return the place, whether a name of its own begins so, and that name, normalized; `name` is the one found."""
    is_ascii = folded.isascii()
    spelled = (spelling for spelling in (row.name, *local.values()) if not is_ascii or spelling < NO_LATIN)
    own = next((spelling for spelling in map(normalize_name, spelled) if spelling.startswith(folded)), None)
    return row, own is not None or not (is_ascii or is_latin(folded)), own or name or folded


def _written(folded: str) -> str:
    """A normalized name as it may be shown: a code in capitals, words with a capital each."""
    return folded.upper() if len(folded) <= 4 and folded.isascii() and " " not in folded else folded.title()


def _without_commas(text: str) -> str:
    """Return the text as one name: what follows the comma in Washington, D.C. is no area."""
    return _COMMAS.sub(" ", text)


def _lies_in(row: Row, areas: Sequence[set[Area]]) -> bool:
    if not areas:
        return True
    region, county = row.region or "", row.county or ""
    around = {Area(row.country), Area(row.country, region), Area(row.country, region, county)}
    return all(around & area for area in areas)
