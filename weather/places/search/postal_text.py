"""Postal codes that people type where a name goes: "10115 Berlin", "SW1A 1AA", "CH-8001", "〒100-0001". Pure.

The forms are those of the Universal Postal Union (https://www.upu.int, "Universal POST*CODE DataBase"), as CLDR's
postal code data lists them.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from weather.places.postal_codes import COUNTRIES
from weather.places.search.coordinates_text import normalized

FIVE = "US DE FR IT ES FI EE TR MX UA KR MY TH ID HR RS LT GR CZ SK SE SA EG MA DZ PE UY PK"
FOUR = "AU CH AT BE DK NO HU NL NZ ZA LU BG SI LV CY GE TN BD PH"
SIX = "IN CN RU SG RO KZ BY CO EC VN"
FORMS = {
    **dict.fromkeys(FIVE.split(), r"\d{5}"),
    **dict.fromkeys(FOUR.split(), r"\d{4}"),
    **dict.fromkeys(SIX.split(), r"\d{6}"),
    **dict.fromkeys(("SE", "CZ", "SK", "GR"), r"\d{3} ?\d{2}"),
    "US": r"\d{5}(?:-\d{4})?",
    "GB": r"[A-Z]{1,2}\d[A-Z\d]?(?: ?\d[A-Z]{2})?",
    "CA": r"[A-Z]\d[A-Z](?: ?\d[A-Z]\d)?",
    "IE": r"[A-Z]\d[\dW] ?[A-Z\d]{4}",
    "NL": r"\d{4}(?: ?[A-Z]{2})?",
    "PL": r"\d{2}-\d{3}",
    "JP": r"\d{3}-\d{4}",
    "BR": r"\d{5}-\d{3}",
    "PT": r"\d{4}-\d{3}",
    "IN": r"\d{3} ?\d{3}",
    "LV": r"LV-\d{4}",
}
PATTERNS = {country: re.compile(form, re.ASCII) for country, form in FORMS.items()}
"""By country: the form of its codes."""

LETTERS = {
    "A": "AT", "B": "BE", "D": "DE", "E": "ES", "F": "FR", "FIN": "FI", "H": "HU", "I": "IT", "L": "LU", "N": "NO",
    "P": "PT", "S": "SE", "UK": "GB",
    **{code: code for code in "AT BE CH CZ DE DK EE ES FI FR GR HR HU IT LT LU NL NO PL PT RO SE SI SK US".split()},
}  # fmt: skip
"""What stands before a code with a hyphen: the letters of a country's number plates, or its ISO 3166 code."""

LETTERED = re.compile(r"([A-Z]{1,3})- ?(\d.*)", re.ASCII)
LABEL = re.compile(
    r"^(?:〒|(?:zip(?: ?code)?|postcode|postal code|code postal|plz|cep|cap|pin(?: code)?)\b[ :]*)", re.I
)


@dataclass(frozen=True, slots=True)
class PostalQuery:
    """A postal code, the countries (ISO 3166) that have codes of that form, and what else was typed: a town or country.

    `is_sure`: the text can hardly be anything else.
    """

    code: str
    countries: tuple[str, ...]
    rest: str = ""
    is_sure: bool = True


def postal_query(text: str) -> PostalQuery | None:
    """Return the postal code in a text; None if there is none."""
    plain = LABEL.sub("", normalized(text)).strip(" ,")
    for code, rest in _cuts(plain):
        if lettered := LETTERED.fullmatch(code.upper()):
            country = LETTERS.get(lettered[1], "")
            if country in PATTERNS and PATTERNS[country].fullmatch(lettered[2]):
                return PostalQuery(lettered[2], (country,), rest)
        if countries := countries_of(code.upper()):
            return PostalQuery(code.upper(), countries, rest, is_sure=bool(rest) or len(code) > 4 or not code.isdigit())
    return None


def countries_of(code: str) -> tuple[str, ...]:
    """Return the countries that have postal codes of this form."""
    return tuple(country for country, pattern in PATTERNS.items() if pattern.fullmatch(code))


def country_code(text: str) -> str | None:
    """Return the ISO 3166 code that a text is, as programs spell it: "us", "USA", "UK"; None for other texts."""
    code = COUNTRIES.get(text.strip().upper(), text.strip().upper())
    return code if re.fullmatch("[A-Z]{2}", code, re.ASCII) else None


def _cuts(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to take a code of one or two words from the start or the end of a text, the longest first."""
    words = text.replace(",", " , ").split()[:8]
    for count in (2, 1):
        if count <= len(words) and "," not in words[:count]:
            yield " ".join(words[:count]), " ".join(words[count:]).strip(" ,")
        if count < len(words) and "," not in words[-count:]:
            yield " ".join(words[-count:]), " ".join(words[:-count]).strip(" ,")
