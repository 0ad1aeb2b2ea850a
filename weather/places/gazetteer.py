"""Names to places, and the nearest place, out of a file of our own: nobody is asked.

The file is SQLite, read only: cities over 15,000 people and capitals, from GeoNames (CC BY 4.0). `.build/gazetteer.py`
makes it, `.build/hook.py` unpacks it at installation. Where it is missing or damaged every look-up finds nothing, and
the log says so once.
"""

import difflib
import logging
import math
import re
import sqlite3
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from operator import itemgetter
from pathlib import Path
from typing import Any

from weather.domain.model import Coordinates, Place
from weather.domain.text import label
from weather.places.time_zones import zone_at

log = logging.getLogger(__name__)

DEFAULT_PATH = Path(__file__).parent.parent / "data" / "gazetteer.sqlite"
EARTH_RADIUS = 6371.0088  # km, mean

# Marks of Latin, Greek, Cyrillic, Hebrew, Arabic and Syriac only: in Indic, Thai and kana they carry the word.
# Apostrophes and joiners go with them, so that Xi'an is Xian.
_SILENT = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u0711\u0730-\u074a"
    "\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f"
    "'`\u00b4\u2018\u2019\u2032\u02b0-\u02ff\u00ad\u200b-\u200f\u2060-\u2064\ufe00-\ufe0f\ufeff]+"
)
# Letters that no decomposition takes apart, as GeoNames writes them in ASCII.
_LETTERS = str.maketrans(
    {"æ": "ae", "ð": "d", "đ": "d", "ħ": "h", "ı": "i", "ł": "l", "ø": "o", "œ": "oe", "þ": "th", "ŧ": "t"}
)
_COMMAS = re.compile("[,\u060c\u3001\uff0c]")
_LAST = "\U0010ffff"

_PLACE = "place.name, country, state, latitude, longitude"
_EXACT = f"SELECT {_PLACE}, own FROM name JOIN place ON id = place WHERE folded = ? ORDER BY weight DESC, id"  # noqa: S608
# Grouping all the names under a short prefix is slow; a window of the heaviest holds more than enough places.
_BY_PREFIX = f"""
    SELECT {_PLACE} FROM place JOIN
        (SELECT place, max(weight) AS weight FROM
            (SELECT place, weight FROM name WHERE folded >= ? AND folded < ? ORDER BY weight DESC, place LIMIT ?)
         GROUP BY place) ON id = place
    ORDER BY weight DESC, id"""  # noqa: S608
_BY_ID = f"SELECT {_PLACE} FROM place WHERE id = ?"  # noqa: S608
_IN_BOX = f"""
    SELECT {_PLACE} FROM box JOIN place USING (id)
    WHERE north >= ? AND south <= ? AND east >= ? AND west <= ? ORDER BY id"""  # noqa: S608
_ALIKE = """
    SELECT folded, place, weight FROM name WHERE folded > ? AND folded < ? AND length(folded) BETWEEN ? AND ?
    ORDER BY weight DESC, place LIMIT 500"""
_AREA = "SELECT country, state FROM area WHERE folded >= ? AND folded <= ?"

Area = tuple[str, str]  # country code and region; an empty region is the whole country


def normalize_name(text: str) -> str:
    """Return the form that all spellings of a name share: no case, accents or apostrophes, and single spaces."""
    plain = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(_LETTERS)
    letters = "".join(c if unicodedata.category(c)[0] in "LMN" else " " for c in _SILENT.sub("", plain))
    return unicodedata.normalize("NFKD", " ".join(letters.split()))


def distance(a: Coordinates, b: Coordinates) -> float:
    """Return the great-circle distance in kilometres (haversine)."""
    north, east = math.radians(b.latitude - a.latitude), math.radians(b.longitude - a.longitude)
    level = math.cos(math.radians(a.latitude)) * math.cos(math.radians(b.latitude))
    return 2 * EARTH_RADIUS * math.asin(math.sqrt(min(1, math.sin(north / 2) ** 2 + level * math.sin(east / 2) ** 2)))


class Gazetteer:
    """Places by name, by number and by position."""

    def __init__(self, path: Path = DEFAULT_PATH) -> None:
        self._sound = True
        self._file = self._open(path)
        self._within = lru_cache(maxsize=2)(self._find_within)  # two sources may ask for one point in turn
        self._rows("SELECT 1 FROM name, place, box, area LIMIT 1")  # to complain at the start if there is cause

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
        if self._file is not None:
            self._file.close()
        self._file = None

    def search(self, text: str, limit: int = 10) -> list[Place]:
        """Places to pick from while a name is being typed: exact names first, then those that begin so, by weight.

        Qualifiers may follow after commas: a country's name or code, a region's name or letters.
        """
        name, areas = self._qualified(text, typing=True)
        if not name:
            return []
        # As short as this, another name is mostly a code or a transcription: Chongqing may be called Pa.
        any_name = len(name) > 3 or not name.isascii()
        exact = [_place(*row) for *row, is_primary in self._rows(_EXACT, name) if is_primary or any_name]
        window = 1000 if areas else 20 * (limit + len(exact))
        longer = [_place(*row) for row in self._rows(_BY_PREFIX, name, name + _LAST, window)]
        matches = [place for place in dict.fromkeys(exact + longer) if _lies_in(place, areas)]
        return matches[:limit] if matches or not areas else self.search(_without_commas(text), limit)

    def named(self, text: str) -> list[Place]:
        """Return the places of exactly that name, largest first: of that main name, else of that other name."""
        name, areas = self._qualified(text)
        matches = [(_place(*row), is_primary) for *row, is_primary in self._rows(_EXACT, name)]
        matches = [(place, is_primary) for place, is_primary in matches if _lies_in(place, areas)]
        if areas and not matches:
            return self.named(_without_commas(text))
        return [place for place, is_primary in matches if is_primary] or [place for place, _ in matches]

    def _qualified(self, text: str, *, typing: bool = False) -> tuple[str, list[set[Area]]]:
        """Return the normalized name, and for each qualifier its possible areas; the last may be half typed."""
        name, *qualifiers = map(normalize_name, _COMMAS.split(text, maxsplit=3))
        qualifiers = [qualifier for qualifier in qualifiers if qualifier]
        areas = [set(self._rows(_AREA, qualifier, qualifier)) for qualifier in qualifiers]
        if typing and qualifiers:
            areas[-1] |= set(self._rows(_AREA, qualifiers[-1], qualifiers[-1] + _LAST))
        return name, areas

    def by_id(self, geonameid: int) -> Place | None:
        """Return the place with this GeoNames id, which is OpenWeatherMap's city id; None if there is none."""
        rows = self._rows(_BY_ID, geonameid) if 0 < geonameid < 2**63 else []
        return next((_place(*row) for row in rows), None)

    def nearest(self, coordinates: Coordinates, limit_km: float = 50.0) -> Place | None:
        """Return the nearest place within the limit; None if there is none."""
        return next(self._around(coordinates, 1, limit_km), None)

    def place_at(self, name: str, at: Coordinates) -> Place:
        """The place of that name at a point, in the country of what is known nearby."""
        near = self.nearest(at)
        return _place(label(name), near.country if near else None, None, at.latitude, at.longitude)

    def _around(self, coordinates: Coordinates, enough: int, limit_km: float) -> Iterator[Place]:
        """Yield places, nearest first: at least `enough` if the limit holds so many. Searches as far as needed."""
        inner, radius, count = -1.0, 0.0, 0
        while count < enough and radius < limit_km:
            radius = min(max(10, radius * 2), limit_km)
            places = self._within(coordinates, inner, radius)
            yield from places
            inner, count = radius, count + len(places)

    def _find_within(self, coordinates: Coordinates, inner: float, radius: float) -> list[Place]:
        """Return places whose distance in km is over `inner` and at most `radius`, nearest first."""
        candidates = [_place(*row) for box in _boxes(coordinates, radius) for row in self._rows(_IN_BOX, *box)]
        distances = [(distance(coordinates, place.coordinates), place) for place in candidates]
        within = [(km, place) for km, place in distances if inner < km <= radius]
        return [place for _, place in sorted(within, key=itemgetter(0))]

    def suggestions(self, text: str, limit: int = 5) -> list[Place]:
        """Return places with a similar name. The first letter must be the same."""
        name = normalize_name(_COMMAS.split(text)[0])
        if not name:
            return []
        matcher = difflib.SequenceMatcher(b=name, autojunk=False)
        near = dict[int, tuple[float, int]]()
        for folded, place, weight in self._rows(_ALIKE, name[:1], name[:1] + _LAST, len(name) - 2, len(name) + 2):
            matcher.set_seq1(folded)
            if matcher.quick_ratio() >= 0.7 and (likeness := matcher.ratio()) >= 0.7:
                near[place] = max(near.get(place, (0, 0)), (likeness, weight))
        best = sorted(near, key=near.__getitem__, reverse=True)
        return [place for place in map(self.by_id, best[:limit]) if place]


def _place(name: str | None, country: str | None, state: str | None, latitude: float, longitude: float) -> Place:
    return Place(name, country, state, latitude, longitude, zone_at(Coordinates(latitude, longitude)))


def _without_commas(text: str) -> str:
    """Return the text as one name: what follows the comma in Washington, D.C. is no area."""
    return _COMMAS.sub(" ", text)


def _lies_in(place: Place, areas: list[set[Area]]) -> bool:
    return all((place.country, "") in area or (place.country, place.state) in area for area in areas)


def _boxes(coordinates: Coordinates, km: float) -> Iterator[tuple[float, float, float, float]]:
    """Yield the boxes around a circle: south, north, west, east. Across the antimeridian there are two."""
    reach = km / EARTH_RADIUS
    south, north = (coordinates.latitude + math.degrees(side) for side in (-reach, reach))
    if south <= -90 or north >= 90:
        yield south, north, -180, 180
        return
    width = math.degrees(math.asin(min(1, math.sin(reach) / math.cos(math.radians(coordinates.latitude)))))
    west, east = coordinates.longitude - width, coordinates.longitude + width
    yield south, north, max(west, -180), min(east, 180)
    if west < -180:
        yield south, north, west + 360, 180
    if east > 180:
        yield south, north, -180, east - 360
