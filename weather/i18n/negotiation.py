"""Which language, region and clock `Accept-Language` asks for. Pure."""

import re
from collections.abc import Mapping, Sequence

from weather.i18n.language import CLDR, LANGUAGES, SOURCE

LONGEST_HEADER = 1000
"""Characters of an `Accept-Language` that is read: no browser comes near, and a longer one would only cost time."""

RANGE = re.compile(r"(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?", re.ASCII)
SCRIPTS: dict[str, str] = CLDR["scripts"]
REGION = re.compile(r"([a-z]{2,3})(?:-[a-z]{4})?-([a-z]{2}|\d{3})\b", re.ASCII)


def wanted(accept_language: str) -> list[tuple[str, float]]:
    """The language ranges of `Accept-Language` with their weights, the most wanted first; what is malformed is not.

    Of those wanted alike, one that names a language goes before `*`, which means any other. The one reading of this
    header: language, units and clock all follow it.
    """
    if len(accept_language) > LONGEST_HEADER:
        return []
    matches = (RANGE.fullmatch(part.strip(" \t").lower()) for part in accept_language.split(","))
    return sorted(
        ((match[1], float(match[2] or 1)) for match in matches if match), key=lambda pair: (-pair[1], pair[0] == "*")
    )


def negotiate(accept_language: str, default: str = SOURCE) -> str:
    """The best of our languages for `Accept-Language` (RFC 9110, 12.5.4; lookup of RFC 4647, 3.4); never raises."""
    ranges = wanted(accept_language)
    refused = {name for name, weight in ranges if weight == 0}
    ours = [code for code in dict.fromkeys((default, *LANGUAGES)) if code.lower() not in refused]
    named = {name: looked_up(name, ours) for name, _ in ranges}
    named["*"] = next((code for code in ours if code not in named.values()), None)
    return next((code for name, weight in ranges if weight and (code := named[name])), default)


def looked_up(name: str, ours: Sequence[str], scripts: Mapping[str, str] = SCRIPTS) -> str | None:
    """The longest start of a range, cut at hyphens, that is one of ours: "de" for "de-at".

    Else the same language of another region, in the same script: "pt-BR" for "pt", "zh-Hant" for "zh-tw".
    """
    by_name = {code.lower(): code for code in ours}
    start = name
    while start and start not in by_name:
        start = start.rpartition("-")[0]
    kin = (code for code in ours if written(code, scripts) == written(name, scripts))
    return by_name.get(start) or next(kin, None)


def written(code: str, scripts: Mapping[str, str]) -> tuple[str, str]:
    """A language and its script: the one named, else the likely one (CLDR, likelySubtags), "" for the only one."""
    first, *rest = code.lower().split("-")
    named = next((part for part in rest if len(part) == 4 and part.isalpha()), "")
    likely = (scripts.get(f"{first}-{part}") for part in rest)
    return first, named or next(filter(None, likely), scripts.get(first, ""))


def region(accept_language: str) -> tuple[str, str]:
    """The most wanted language, and its region in capitals: both empty if it names none, for that would be a guess."""
    ranges = wanted(accept_language)
    match = REGION.match(ranges[0][0]) if ranges and ranges[0][1] else None
    return (match[1], match[2].upper()) if match else ("", "")


def uses_twelve_hours(accept_language: str) -> bool:
    """Whether people tell the time by twelve hours where the most wanted language is at home (CLDR, timeData)."""
    code, place = region(accept_language)
    hours: dict[str, int] = CLDR["hours"]
    return hours.get(f"{code}-{place}", hours.get(place)) == 12
