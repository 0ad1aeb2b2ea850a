"""Points as people type and paste them: degrees in every notation, links of maps, `geo:` URIs, plus codes. Pure.

Nothing is fetched: a link is read for the point that stands in it.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from itertools import permutations
from urllib.parse import parse_qsl, unquote, urlsplit

from weather.domain.model import Coordinates
from weather.errors import BadParameter
from weather.messages import N_
from weather.places.search import plus_codes

OUT_OF_RANGE = N_("Latitude goes from −90 to 90 degrees, longitude from −180 to 180.")
NOT_BELOW_SIXTY = N_("Minutes and seconds of a degree lie between 0 and 60.")
EAST_OR_WEST = N_("O is east in German and west in French or Spanish. Please write E or W.")
CONTRADICTION = N_("A point has one latitude and one longitude, and a sign or a letter, not both.")

SIGNS = str.maketrans(
    {
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212\ufe63\uff0d", "-"),
        **dict.fromkeys("\u00ba\u02da\u2070\u1d52", "°"),
        **dict.fromkeys("\u2018\u2019\u2032\u02b9\u00b4`", "'"),
        **dict.fromkeys("\u201c\u201d\u2033\u02ba", '"'),
        **dict.fromkeys("\u060c\u3001\uff0c", ","),
        "\u066b": ".",
    }
)
"""Signs that look or mean alike, in one spelling."""

WORDS = {
    "N": "north nord norte noord norden pohjoinen север с.ш. с.ш пн.ш. 北緯 北纬 北 شمال شمالا شمالاً βόρεια",
    "S": "south sud sur sul süd zuid süden syd etelä юг ю.ш. ю.ш пд.ш. 南緯 南纬 南 جنوب جنوبا جنوباً νότια",
    "E": "east est este leste ost oost osten øst öst ö ø itä восток в.д. в.д сх.д. 東経 東經 东经 東 شرق شرقا شرقاً",
    "W": "west ouest oeste ovest westen vest väst länsi запад з.д. з.д зх.д. 西経 西經 西经 西 غرب غربا غرباً δυτικά",
    "°": "deg degrees degree grad grados degrés gradi graus 度 درجة",
    "'": "min 分",
    '"': "sec 秒",
}
"""The letters of the compass and the marks of degrees, by the words that stand for them."""

BY_WORD = {word: sign for sign, words in WORDS.items() for word in words.casefold().split()}
WORD = re.compile(
    r"(?<![^\W\d_])(?:{})(?![^\W\d_])|{}".format(
        "|".join(sorted((re.escape(w) for w in BY_WORD if w.isascii() or ord(w[0]) < 0x3000), key=len, reverse=True)),
        "|".join(sorted((re.escape(w) for w in BY_WORD if ord(w[0]) >= 0x3000), key=len, reverse=True)),
    )
)
EAST_IS_O = frozenset({"de", "nl", "da", "sv", "nb", "no"})
WEST_IS_O = frozenset({"fr", "es", "pt", "it", "ca", "gl", "ro"})

LONGEST = 200
"""Characters of a point that is no link."""

NUMBER = r"\d{1,3}(?:\.\d{1,30})?"
COMMA_NUMBER = r"\d{1,3},\d{1,30}"
PLAIN = re.compile(rf"([+-]?{NUMBER})(?:\s*[,;/]\s*|\s+)([+-]?{NUMBER})", re.ASCII)
WITH_COMMAS = re.compile(
    rf"([+-]?(?:{COMMA_NUMBER}|\d{{1,3}}))(?:\s*[,;/]\s*|\s+)([+-]?(?:{COMMA_NUMBER}|\d{{1,3}}))", re.ASCII
)
LABELLED = re.compile(
    rf"(lat|lon|lng|long)[a-z]*[\s:=]*([+-]?{NUMBER})°?[\s,;&/]*(lat|lon|lng|long)[a-z]*[\s:=]*([+-]?{NUMBER})°?",
    re.ASCII,
)
ISO_6709 = re.compile(r"([+-]\d{2}(?:\.\d{1,30})?)([+-]\d{3}(?:\.\d{1,30})?)/?", re.ASCII)
"""Degrees with their fractions, as the standard's annex H writes a point."""
LETTERED = re.compile(r"(\d)d\s*(\d{1,2}(?:\.\d{1,30})?)m(?:\s*(\d{1,2}(?:\.\d{1,30})?)s)?", re.ASCII | re.IGNORECASE)
"""Minutes and seconds behind the letters d, m and s; a bare s is the south."""
POSTAL_CODE = re.compile(r"0\d{2,4} \d{2,3}|\d{3} \d{2}", re.ASCII)
"""Two groups of digits that are a postal code of Sweden, Czechia, Slovakia or Greece rather than a point."""

SIXTIETH = r"\d{1,2}(?:[.,]\d{1,30})?"
ANGLE = rf"[+-]?\d{{1,3}}(?:[.,]\d{{1,30}})?(?:(?:\s*[°:]|\s)\s*{SIXTIETH}(?:\s*[':\s]\s*{SIXTIETH})?)?"
AXIS = re.compile(rf"\s*([NSEWO])?\s*({ANGLE})\s*°?\s*(?:''|['\"])?\s*([NSEWO](?![A-Z]))?\s*", re.ASCII)
"""Degrees, minutes and seconds, with the letter before or behind."""

LINK_POINTS = (
    re.compile(rf"!3d(-?{NUMBER})!4d(-?{NUMBER})", re.ASCII),
    re.compile(rf"[?&]mlat=(-?{NUMBER})&mlon=(-?{NUMBER})", re.ASCII),
    re.compile(rf"/@(-?{NUMBER}),(-?{NUMBER})", re.ASCII),
    re.compile(rf"[?&]cp=(-?{NUMBER})~(-?{NUMBER})", re.ASCII),
    re.compile(rf"#map=[\d.]+/(-?{NUMBER})/(-?{NUMBER})", re.ASCII),
    re.compile(rf"[?&]map=(-?{NUMBER}),(-?{NUMBER}),", re.ASCII),
)
"""Google's place and OpenStreetMap's marker come before the middle of the map that is shown."""
LINK_PARAMETERS = ("q", "query", "ll", "coordinate", "destination", "daddr", "center", "sll")
LONGITUDE_FIRST = re.compile(r"\b(?:yandex|2gis|mapy)\.")
"""Hosts of maps whose links have the longitude first."""
LONGITUDE_POINTS = (
    re.compile(rf"[?&]x=(-?{NUMBER})&y=(-?{NUMBER})", re.ASCII),
    re.compile(rf"[?&](?:pt|whatshere\[point\]|ll|m)=(-?{NUMBER}),(-?{NUMBER})", re.ASCII),
)
LINK = re.compile(r"(?:https?://|(?:www\.|maps\.)[a-z])\S+", re.IGNORECASE)


def parse_point(text: str, lang: str = "") -> Coordinates | None:
    """Return the point that the text names; None if it names none.

    `lang` is the reader's language: O is east in German, and west in French. Raises BadParameter for a point that is
    not on Earth, contradicts itself, or can be read in two ways.
    """
    plain = normalized(text)
    if LINK.fullmatch(plain):
        return _of_link(plain)
    if len(plain) > LONGEST:
        return None
    if plain.lower().startswith("geo:"):
        return _of_geo_uri(plain)
    if plus_codes.is_full(plain.upper()):
        return plus_codes.decode(plain.upper())
    return _of_numbers(plain.strip("()[]{} ")) or _of_axes(plain.strip("()[]{} "), lang)


def short_plus_code(text: str) -> tuple[str, str] | None:
    """Return a short plus code and the name of the place that stands by it; None for any other text."""
    code, place = (part.strip(" ,") for part in (normalized(text) + " ").split(" ", 1))
    return (code.upper(), place) if plus_codes.is_short(code.upper()) and place else None


def normalized(text: str) -> str:
    """Return the text with ASCII digits, one sort of minus, quotes and commas, and single spaces."""
    wide = unicodedata.normalize("NFKC", text.translate(SIGNS)).translate(SIGNS)
    digits = "".join(str(unicodedata.decimal(c)) if c.isdecimal() else c for c in wide)
    shown = "".join(c if c.isprintable() and unicodedata.category(c) != "Cf" else " " for c in digits)
    return " ".join(shown.split())


def _point(latitude: float, longitude: float) -> Coordinates:
    try:
        return Coordinates(latitude + 0.0, longitude + 0.0)
    except ValueError:
        raise BadParameter("q", OUT_OF_RANGE) from None


def _number(text: str) -> float:
    return float(text.replace(",", "."))


def _of_geo_uri(text: str) -> Coordinates | None:
    """Read a URI of RFC 5870. Android's `geo:0,0?q=…` names the point in its query."""
    path, _, query = text[4:].partition("?")
    wanted = dict(parse_qsl(query)).get("q", "")
    for part in (wanted.partition("(")[0], ",".join(path.partition(";")[0].split(",")[:2])):
        if match := PLAIN.fullmatch(part.strip()):
            return _point(float(match[1]), float(match[2]))
    return None


def _of_link(text: str) -> Coordinates | None:
    link = unquote(text)
    try:
        parameters = dict(parse_qsl(urlsplit(text).query))
    except ValueError:  # such as a bracket that is not closed
        return None
    if LONGITUDE_FIRST.search(link.partition("?")[0]):
        match = next(filter(None, (pattern.search(link) for pattern in LONGITUDE_POINTS)), None)
        return _point(float(match[2]), float(match[1])) if match else None
    in_path = (pattern.search(link) for pattern in LINK_POINTS)
    named = (PLAIN.fullmatch(parameters.get(name, "").removeprefix("loc:").strip()) for name in LINK_PARAMETERS)
    match = next((match for match in (*in_path, *named) if match), None)
    return _point(float(match[1]), float(match[2])) if match else None


def _of_numbers(text: str) -> Coordinates | None:
    """Read two numbers without letters: with dots, with decimal commas, or with the words lat and lon."""
    if POSTAL_CODE.fullmatch(text):
        return None
    if match := PLAIN.fullmatch(text) or ISO_6709.fullmatch(text) or WITH_COMMAS.fullmatch(text):
        return _point(_number(match[1]), _number(match[2]))
    if (match := LABELLED.fullmatch(text.casefold())) and match[1][:2] != match[3][:2]:
        first, second = _number(match[2]), _number(match[4])
        return _point(first, second) if match[1] == "lat" else _point(second, first)
    return None


def _of_axes(text: str, lang: str) -> Coordinates | None:
    """Read two angles with letters or marks, in either order."""
    letters = (
        WORD.sub(lambda match: f" {BY_WORD[match[0]]} ", LETTERED.sub(r"\1°\2'\3", text).casefold()).upper().strip()
    )
    cuts = [(AXIS.fullmatch(first), AXIS.fullmatch(second)) for first, second in _halves(letters)]
    pairs = [
        (first, second)
        for first, second in cuts
        if first and second and ("°" in letters or _letter(first) or _letter(second))
    ]
    side = 1 if letters[:1] in ("N", "S", "E", "W", "O") else 3  # all letters stand before their numbers, or behind
    sound = [(first, second) for first, second in pairs if not first[4 - side] and not second[4 - side]]
    if pairs and not sound:
        raise BadParameter("q", CONTRADICTION)
    return _of_angles(*sound[0], lang) if sound else None


def _halves(text: str) -> Iterator[tuple[str, str]]:
    """Yield the ways to cut a text into two angles, the surest first."""
    for cut in re.finditer(r"\s*[;/|]\s*|,\s+|,|(?<=[NSEWO'\"°])\s*(?=[NSEWO+\-\d])|\s+(?=[NSEWO+\-\d])", text):
        if cut.start() > 0 and cut.end() < len(text):
            yield text[: cut.start()], text[cut.end() :]


def _letter(angle: re.Match[str]) -> str:
    return angle[1] or angle[3] or ""


def _of_angles(first: re.Match[str], second: re.Match[str], lang: str) -> Coordinates:
    letters = [_east_or_west(_letter(angle), lang) for angle in (first, second)]
    if not _is_one_of_each(letters):
        raise BadParameter("q", CONTRADICTION)
    degrees = [_degrees(angle[2], letter) for angle, letter in zip((first, second), letters, strict=True)]
    swapped = letters[0] in ("E", "W") or letters[1] in ("N", "S")
    return _point(degrees[1], degrees[0]) if swapped else _point(degrees[0], degrees[1])


def _is_one_of_each(letters: Sequence[str]) -> bool:
    return any(a in ("", "N", "S") and b in ("", "E", "W") for a, b in permutations(letters))


def _east_or_west(letter: str, lang: str) -> str:
    if letter != "O":
        return letter
    code = lang.partition("-")[0].lower()
    if code not in EAST_IS_O | WEST_IS_O:
        raise BadParameter("q", EAST_OR_WEST)
    return "E" if code in EAST_IS_O else "W"


def _degrees(text: str, letter: str) -> float:
    """Return degrees out of "52 31 12" with its letter. Raises BadParameter for 60 minutes, or a sign and a letter."""
    if text[0] in "+-" and letter:
        raise BadParameter("q", CONTRADICTION)
    whole, *parts = (_number(part) for part in re.findall(r"[\d.,]+", text))
    if any(part >= 60 for part in parts):
        raise BadParameter("q", NOT_BELOW_SIXTY)
    minutes, seconds = (*parts, 0.0, 0.0)[:2]
    size = whole + minutes / 60 + seconds / 3600
    return -size if text[0] == "-" or letter in ("S", "W") else size
