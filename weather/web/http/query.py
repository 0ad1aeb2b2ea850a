"""Parses query strings strictly: unknown, repeated, empty or malformed parameters are errors. Pure."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from weather.domain.model import Coordinates, parse_degrees
from weather.domain.unit_choice import CHOICES
from weather.domain.units import SYSTEMS
from weather.errors import BadParameter, Mistake
from weather.i18n.language import LANGUAGES
from weather.i18n.negotiation import region
from weather.messages import N_
from weather.places.postal_codes import WITH_COUNTRY, canonical_code
from weather.places.search.place_search import MAX_NAME
from weather.web.http.suggestions import parameter_for

MOST_FIELDS = 40
NOT_UTF8 = N_("The address is not in UTF-8: its bytes are of another encoding, such as Latin-1.")
POINT = re.compile(r"(-?\d{1,3}(?:\.\d{1,30})?),(-?\d{1,3}(?:\.\d{1,30})?)", re.ASCII)
PLACE = ("q", "lat", "lon", "zip", "id", "saved")
SPELLINGS = {"latitude": "lat", "longitude": "lon"}
"""Other spellings of parameters, understood everywhere that these are."""

MANY = frozenset({"fields"})
"""Parameters that may be repeated: their values are one list."""

ALIASES = {"imperial": ("us", "uk"), "standard": ("si",), "english": ("us", "uk")}
"""Words of others for `units`, and what they may mean here."""
SCHEMAS: dict[str, dict[str, Any]] = {
    "q": {"type": "string", "minLength": 1, "maxLength": MAX_NAME, "pattern": r"\S"},
    "lat": {"type": "number", "minimum": -90, "maximum": 90},
    "lon": {"type": "number", "minimum": -180, "maximum": 180},
    "zip": {"type": "string", "pattern": f"^{WITH_COUNTRY}$"},
    "id": {"type": "integer", "minimum": 0, "maximum": 9_999_999_999},
    "saved": {"type": "string", "minLength": 1, "maxLength": 40},
    "hours": {"type": "integer", "minimum": 1, "maximum": 384},
    "days": {"type": "integer", "minimum": 1, "maximum": 16},
    "limit": {"type": "integer", "minimum": 1, "maximum": 50},
    "units": {"type": "string", "enum": list(SYSTEMS)},
    **{name: {"type": "string", "enum": list(units)} for name, units in CHOICES.items()},
    "lang": {"type": "string", "enum": list(LANGUAGES)},
    "format": {"type": "string", "enum": ["json", "csv"]},
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
    """The parameters by name. Raises BadParameter, which tells of all that are unknown, repeated or empty."""
    values, mistakes = collected(query, allowed)
    if mistakes:
        raise all_of(mistakes)
    return values


def collected(query: bytes, allowed: Collection[str]) -> tuple[dict[str, str], list[BadParameter]]:
    """The parameters by name, and what is wrong with the others. Raises BadParameter if it cannot be read at all."""
    values: dict[str, str] = {}
    mistakes: list[BadParameter] = []
    for spelt, value in pairs(query):
        name = spelt if spelt in allowed else SPELLINGS.get(spelt, spelt)
        if name not in allowed:
            mistakes.append(unknown(spelt, allowed))
        elif not value:
            mistakes.append(BadParameter(name, f"{name} is empty"))
        elif name in values and name not in MANY:
            mistakes.append(BadParameter(name, f"{name} is given more than once"))
        else:
            values[name] = f"{values[name]},{value}" if name in values else value
    return values, mistakes


def all_of(errors: Sequence[BadParameter]) -> BadParameter:
    """Return one error that tells of them all; its class and parameter are those of the first."""
    first = errors[0]
    if len(errors) == 1:
        return first
    mistakes = tuple(mistake for error in errors for mistake in error.mistakes)
    whole = type(first)(first.parameter, "; ".join(map(in_words, mistakes)))
    whole.mistakes = mistakes
    return whole


def in_words(mistake: Mistake) -> str:
    """A mistake by itself: with the name of its parameter, unless its words begin with that."""
    name, detail = mistake.parameter, mistake.detail
    return detail if detail.startswith(f"{name} ") else f"{name}: {detail}"


def unknown(name: str, allowed: Collection[str]) -> BadParameter:
    """The error of a parameter that is none here, with the one that was meant, or all that there are."""
    meant, shown = parameter_for(name, allowed), name[:40]
    if meant:
        return BadParameter(shown, f"not a parameter here; did you mean {meant}?", did_you_mean=meant)
    return BadParameter(shown, "not a parameter here", tuple(allowed))


def read_all(
    values: dict[str, str], mistakes: list[BadParameter], *readers: Callable[[dict[str, str]], Any]
) -> list[Any]:
    """What each reader makes of the parameters. Raises BadParameter, which tells of all that is wrong at once."""
    results: list[Any] = []
    for reader in readers:
        try:
            results.append(reader(values))
        except BadParameter as error:
            mistakes.append(error)
    if mistakes:
        raise all_of(mistakes)
    return results


@dataclass(frozen=True, slots=True)
class PlaceQuery:
    """The place of a query: exactly one of these is set."""

    at: Coordinates | None = None
    name: str | None = None
    code: str | None = None
    number: int | None = None
    saved: str | None = None


def where(values: dict[str, str]) -> PlaceQuery:
    """The place of a query. Raises BadParameter if it names none, or more than one."""
    named = [way for way in PLACE if way in values]
    ways = ["lat" if way == "lon" else way for way in named if way != "lon" or "lat" not in named]
    if len(ways) != 1:
        raise BadParameter(ways[1] if ways else "q", ONE_PLACE, PLACE)
    return WAYS[ways[0]](values)


ONE_PLACE = "exactly one of q, lat and lon, zip, id, saved names the place"


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


WAYS: dict[str, Callable[[dict[str, str]], PlaceQuery]] = {
    "q": lambda values: PlaceQuery(name=values["q"]),
    "lat": lambda values: PlaceQuery(at=coordinates(values)),
    "zip": lambda values: PlaceQuery(code=postal_code(values["zip"])),
    "id": lambda values: PlaceQuery(number=count(values, "id")),
    "saved": lambda values: PlaceQuery(saved=values["saved"]),
}


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


def one_of(values: Mapping[str, str], name: str, default: str) -> str:
    """One of the values of its schema, or the default. Raises BadParameter."""
    text, allowed = values.get(name, default), SCHEMAS[name]["enum"]
    if text not in allowed:
        raise BadParameter(name, f"{name} is one of {', '.join(allowed)}", tuple(allowed))
    return text


def units(values: dict[str, str], default: str) -> str:
    """The unit system. Raises BadParameter, which translates other APIs' words."""
    text = values.get("units", default)
    if meant := ALIASES.get(text.lower()):
        raise BadParameter("units", f"{text[:20]} is called {' or '.join(meant)} here", meant, meant[0])
    return one_of(values, "units", default)


def lang(values: dict[str, str], default: str) -> str:
    """The language: of a tag such as en-GB its base, in any case (RFC 4647, 3.4). Raises BadParameter."""
    text = values.get("lang", default).replace("_", "-").lower()
    known = {code.lower(): code for code in LANGUAGES}
    code = known.get(text) or known.get(text.partition("-")[0])
    if code is None:
        raise BadParameter("lang", f"lang is one of {', '.join(known.values())}", tuple(known.values()))
    return code


def path_point(text: str) -> tuple[str, str] | None:
    """Latitude and longitude, as text, in a path such as "51.51,-0.13"; None for any other text."""
    match = POINT.fullmatch(text)
    return (match[1], match[2]) if match else None


def regional_units(accept_language: str) -> str:
    """The unit system that people use where the most wanted language is at home (CLDR, measurement systems)."""
    _, code = region(accept_language)
    return "us" if code in FAHRENHEIT_REGIONS else "uk" if code == "GB" else "metric"
