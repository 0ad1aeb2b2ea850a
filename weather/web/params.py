"""Query strings to values, strictly: what is unknown, repeated, empty or malformed is told, not guessed. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from urllib.parse import parse_qsl

from weather.errors import BadParameter
from weather.language import LANGUAGES, region
from weather.model import Coordinates, read_degrees
from weather.units import SYSTEMS, System

MOST_FIELDS = 40
POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,30})?),(-?\d{1,3}(?:\.\d{1,30})?)", re.ASCII)
PLACE = ("q", "lat", "lon", "zip", "id")
MOST = {"hours": 384, "days": 16, "limit": 50}
ZIP = "[A-Za-z0-9][A-Za-z0-9 -]{0,11},[A-Za-z]{2}"
FAHRENHEIT_REGIONS = frozenset({"US", "LR", "BS", "BZ", "KY", "PW", "FM", "MH", "PR", "GU", "VI", "AS", "MP"})


def pairs(query: bytes) -> list[tuple[str, str]]:
    """Names and values as sent, in order. Raises BadParameter for what is not UTF-8, or for far too many."""
    try:
        return parse_qsl(query.decode("utf-8"), True, encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise BadParameter("query", f"at most {MOST_FIELDS} parameters in UTF-8") from None


def strict(query: bytes, allowed: Collection[str]) -> dict[str, str]:
    """Each parameter once, known and not empty. Raises BadParameter."""
    found: dict[str, str] = {}
    for name, value in pairs(query):
        if name not in allowed:
            raise BadParameter(name[:40], unknown(name, allowed))
        if name in found:
            raise BadParameter(name, f"{name} is given more than once")
        if not value:
            raise BadParameter(name, f"{name} is empty")
        found[name] = value
    return found


def unknown(name: str, allowed: Collection[str]) -> str:
    near = get_close_matches(name.lower(), allowed, 1)
    return f"not a parameter here; did you mean {near[0]}?" if near else "not a parameter here"


@dataclass(frozen=True, slots=True)
class Where:
    """Which place is asked for: exactly one of these is set."""

    at: Coordinates | None = None
    name: str | None = None
    code: str | None = None
    number: int | None = None


def where(given: dict[str, str]) -> Where:
    """The one place of a query. Raises BadParameter if there is none, or more than one."""
    ways = [way for way in ("q", "lat", "zip", "id") if way in given or (way == "lat" and "lon" in given)]
    if len(ways) != 1:
        raise BadParameter(ways[1] if ways else "q", "exactly one of q, lat and lon, zip, id names the place")
    if ways[0] == "lat":
        return Where(at=coordinates(given))
    if ways[0] == "q":
        return Where(name=given["q"])
    return Where(code=postal_code(given["zip"])) if ways[0] == "zip" else Where(number=city_id(given["id"]))


def coordinates(given: dict[str, str]) -> Coordinates:
    """Both of lat and lon. Raises BadParameter."""
    return Coordinates(bounded(given, "lat", 90), bounded(given, "lon", 180))


def bounded(given: dict[str, str], name: str, most: int) -> float:
    told = f"{name} is a number from -{most} to {most}"
    try:
        number = read_degrees(given.get(name, "").strip())  # a plus sign that was not encoded arrives as a space
    except ValueError:
        raise BadParameter(name, told) from None
    if abs(number) > most:
        raise BadParameter(name, told)
    return number


def postal_code(text: str) -> str:
    if not re.fullmatch(ZIP, text):
        raise BadParameter("zip", "zip is a postal code, a comma and a country, such as 10115,DE")
    return text.upper()


def city_id(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,10}", text):
        raise BadParameter("id", "id is a whole number")
    return int(text)


def needed(given: dict[str, str], name: str) -> str:
    if name not in given:
        raise BadParameter(name, f"{name} is needed")
    return given[name]


def count(given: dict[str, str], name: str) -> int | None:
    """How many hours, days or results, from 1 to the `MOST` of them; None if it is not told."""
    text = given.get(name)
    if text is None:
        return None
    if not re.fullmatch(r"[0-9]{1,3}", text) or not 1 <= int(text) <= MOST[name]:
        raise BadParameter(name, f"{name} is a whole number from 1 to {MOST[name]}")
    return int(text)


def units(given: dict[str, str], default: str) -> System:
    name = given.get("units", default)
    if name not in SYSTEMS:
        raise BadParameter("units", f"units is one of {', '.join(SYSTEMS)}")
    return SYSTEMS[name]


def language(given: dict[str, str]) -> str:
    name = given.get("lang", "en")
    if name not in LANGUAGES:
        raise BadParameter("lang", f"lang is one of {', '.join(LANGUAGES)}")
    return name


def path_point(text: str) -> tuple[str, str] | None:
    """Latitude and longitude in a path such as "51.51,-0.13", as text; None if it is none."""
    found = POINT.fullmatch(text)
    return (found[1], found[2]) if found else None


def regional_units(accept_language: str) -> str:
    """The unit system that people use where the most wanted language is at home (CLDR, measurement systems)."""
    _, code = region(accept_language)
    return "us" if code in FAHRENHEIT_REGIONS else "uk" if code == "GB" else "metric"
