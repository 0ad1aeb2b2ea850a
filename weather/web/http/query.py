"""Parses query strings strictly: unknown, repeated, empty or malformed parameters are errors. Pure."""

import re
from collections.abc import Collection
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any
from urllib.parse import parse_qsl

from weather.domain.model import Coordinates, parse_degrees
from weather.domain.units import SYSTEMS
from weather.errors import BadParameter
from weather.i18n.language import LANGUAGES, region
from weather.messages import N_
from weather.places.postal_codes import WITH_COUNTRY, canonical_code
from weather.places.search import MAX_NAME

MOST_FIELDS = 40
NOT_UTF8 = N_("The address is not in UTF-8: its bytes are of another encoding, such as Latin-1.")
POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,30})?),(-?\d{1,3}(?:\.\d{1,30})?)", re.ASCII)
PLACE = ("q", "lat", "lon", "zip", "id")
SCHEMAS: dict[str, dict[str, Any]] = {
    "q": {"type": "string", "minLength": 1, "maxLength": MAX_NAME, "pattern": r"\S"},
    "lat": {"type": "number", "minimum": -90, "maximum": 90},
    "lon": {"type": "number", "minimum": -180, "maximum": 180},
    "zip": {"type": "string", "pattern": f"^{WITH_COUNTRY}$"},
    "id": {"type": "integer", "minimum": 0, "maximum": 9_999_999_999},
    "hours": {"type": "integer", "minimum": 1, "maximum": 384},
    "days": {"type": "integer", "minimum": 1, "maximum": 16},
    "limit": {"type": "integer", "minimum": 1, "maximum": 50},
    "units": {"type": "string", "enum": list(SYSTEMS)},
    "lang": {"type": "string", "enum": list(LANGUAGES)},
}
"""The JSON Schema of each parameter: read by the functions below, and printed in `/openapi.json`."""
FAHRENHEIT_REGIONS = frozenset({"US", "LR", "BS", "BZ", "KY", "PW", "FM", "MH", "PR", "GU", "VI", "AS", "MP"})


def pairs(query: bytes) -> list[tuple[str, str]]:
    """Names and values as sent, in order. Raises BadParameter if they are not UTF-8, or far too many."""
    try:
        return parse_qsl(query.decode("utf-8"), True, encoding="utf-8", errors="strict", max_num_fields=MOST_FIELDS)
    except UnicodeDecodeError:
        raise BadParameter("query", NOT_UTF8) from None
    except ValueError:
        raise BadParameter("query", f"at most {MOST_FIELDS} parameters") from None


def strict(query: bytes, allowed: Collection[str]) -> dict[str, str]:
    """The parameters by name. Raises BadParameter for one that is unknown, repeated or empty."""
    values: dict[str, str] = {}
    for name, value in pairs(query):
        if name not in allowed:
            raise BadParameter(name[:40], unknown(name, allowed))
        if name in values:
            raise BadParameter(name, f"{name} is given more than once")
        if not value:
            raise BadParameter(name, f"{name} is empty")
        values[name] = value
    return values


def unknown(name: str, allowed: Collection[str]) -> str:
    near = get_close_matches(name.lower(), allowed, 1)
    return f"not a parameter here; did you mean {near[0]}?" if near else "not a parameter here"


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """The place of a query: exactly one of these is set."""

    at: Coordinates | None = None
    name: str | None = None
    code: str | None = None
    number: int | None = None


def where(values: dict[str, str]) -> PlaceQuery:
    """The place of a query. Raises BadParameter if it names none, or more than one."""
    ways = [way for way in ("q", "lat", "zip", "id") if way in values or (way == "lat" and "lon" in values)]
    if len(ways) != 1:
        raise BadParameter(ways[1] if ways else "q", "exactly one of q, lat and lon, zip, id names the place")
    if ways[0] == "lat":
        return PlaceQuery(at=coordinates(values))
    if ways[0] == "q":
        return PlaceQuery(name=values["q"])
    return PlaceQuery(code=postal_code(values["zip"])) if ways[0] == "zip" else PlaceQuery(number=count(values, "id"))


def coordinates(values: dict[str, str]) -> Coordinates:
    """The coordinates of `lat` and `lon`. Raises BadParameter."""
    return Coordinates(bounded(values, "lat"), bounded(values, "lon"))


def bounded(values: dict[str, str], name: str) -> float:
    """A number within the bounds of its schema. Raises BadParameter."""
    least, most = SCHEMAS[name]["minimum"], SCHEMAS[name]["maximum"]
    detail = f"{name} is a number from {least} to {most}"
    try:
        number = parse_degrees(values.get(name, "").strip())  # a plus sign that was not encoded arrives as a space
    except ValueError:
        raise BadParameter(name, detail) from None
    if not least <= number <= most:
        raise BadParameter(name, detail)
    return number


def postal_code(text: str) -> str:
    code = canonical_code(text)
    if code is None or "," not in code:
        raise BadParameter("zip", "zip is a postal code, a comma and a country, such as 10115,DE")
    return code


def needed(values: dict[str, str], name: str) -> str:
    """The value of a parameter that must be there. Raises BadParameter."""
    if name not in values:
        raise BadParameter(name, f"{name} is needed")
    return values[name]


def count(values: dict[str, str], name: str) -> int | None:
    """A whole number within the bounds of its schema; None if it is missing. Raises BadParameter."""
    text, least, most = values.get(name), SCHEMAS[name]["minimum"], SCHEMAS[name]["maximum"]
    if text is None:
        return None
    if not re.fullmatch("[0-9]+", text) or len(text) > len(str(most)) or not least <= int(text) <= most:
        raise BadParameter(name, f"{name} is a whole number from {least} to {most}")
    return int(text)


def one_of(values: dict[str, str], name: str, default: str) -> str:
    """One of the values of its schema, or the default. Raises BadParameter."""
    text, allowed = values.get(name, default), SCHEMAS[name]["enum"]
    if text not in allowed:
        raise BadParameter(name, f"{name} is one of {', '.join(allowed)}")
    return text


def path_point(text: str) -> tuple[str, str] | None:
    """Latitude and longitude, as text, in a path such as "51.51,-0.13"; None for any other text."""
    match = POINT.fullmatch(text)
    return (match[1], match[2]) if match else None


def regional_units(accept_language: str) -> str:
    """The unit system that people use where the most wanted language is at home (CLDR, measurement systems)."""
    _, code = region(accept_language)
    return "us" if code in FAHRENHEIT_REGIONS else "uk" if code == "GB" else "metric"
