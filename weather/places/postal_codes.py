"""Postal codes: their canonical spelling, and their first half. Pure.

OpenWeatherMap's geocoder knows the codes of GeoNames, which has only the first half of the long ones of some countries
(https://download.geonames.org/export/zip/readme.txt).
"""

import re

COUNTRIES = {"USA": "US", "UK": "GB"}
"""The two letters (ISO 3166) of countries that programs write otherwise."""

CODE = re.compile(r"[A-Z0-9](?: ?[A-Z0-9-]){0,11}(?:,[A-Z]{2})?", re.ASCII)
WITH_COUNTRY = " *[A-Za-z0-9](?: *[A-Za-z0-9-]){0,11} *, *(?:[A-Za-z]{2}|[Uu][Ss][Aa]) *"
"""Every spelling of a code with its country."""

HALVES = {
    "CA": re.compile(r"([A-Z][0-9][A-Z]) ?[0-9][A-Z][0-9]", re.ASCII),
    "GB": re.compile(r"([A-Z]{1,2}[0-9][A-Z0-9]?) ?[0-9][A-Z]{2}", re.ASCII),
    "IE": re.compile(r"([A-Z][0-9][0-9W]) ?[A-Z0-9]{4}", re.ASCII),
    "NL": re.compile(r"([0-9]{4}) ?[A-Z]{2}", re.ASCII),
}
"""By country: the form of a code of two parts; its group is the first part."""


def canonical_code(text: str) -> str | None:
    """Return the canonical spelling of a code, with or without a country: "SW1A 1AA,GB"; None if it is no code."""
    code, _, country = (" ".join(filter(None, part.split(" "))) for part in text.upper().partition(","))
    spelling = f"{code},{COUNTRIES.get(country, country)}" if country else code
    return spelling if text.isascii() and CODE.fullmatch(spelling) else None


def first_half(code: str) -> str | None:
    """Return the first half of a canonical code of two parts, with its country; None for any other code."""
    whole, _, country = code.partition(",")
    match = HALVES[country].fullmatch(whole) if country in HALVES else None
    return f"{match[1]},{country}" if match else None
