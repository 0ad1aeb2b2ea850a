"""Languages: messages by gettext, dates and numbers as CLDR writes them; `.build/locale.py` makes what is read here.

English is the source: a message is its own key. What a catalogue lacks, or has with other placeholders, is said in
English. Digits are the Western ones in every language, so that a number in a sentence is the number in the drawing.
"""

import datetime
import json
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from string import Formatter
from typing import Any
from unicodedata import bidirectional

from weather.domain.rounding import round_half

SOURCE = "en"
FOLDER = Path(__file__).resolve().parent.parent / "locale"
CLDR: dict[str, Any] = json.loads((FOLDER / "cldr.json").read_text("utf-8"))
LANGUAGES = (SOURCE, *sorted(file.stem for file in FOLDER.glob("*.mo")))

FSI, PDI = "\u2068", "\u2069"
LONGEST_HEADER = 1000
"""Characters of an `Accept-Language` that is read: no browser comes near, and a longer one would only cost time."""

RANGE = re.compile(r"(\*|[a-z]{1,8}(?:-[a-z0-9]{1,8})*)(?:[ \t]*;[ \t]*q=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?", re.ASCII)
MINUTES = re.compile(r"[^\w{}]?\{mm\}")  # in a pattern of a clock, with what stands before them
ZERO = datetime.timedelta(0)
REGION = re.compile(r"([a-z]{2,3})(?:-[a-z]{4})?-([a-z]{2}|\d{3})\b", re.ASCII)


@dataclass(frozen=True, slots=True)
class Conventions:
    """How CLDR writes a language. The fields in patterns are CLDR's (UTS 35, date field symbols); Monday is first."""

    name: str
    direction: str
    decimal: str
    minus: str
    weekdays: Sequence[str]
    weekdays_short: Sequence[str]
    months: Sequence[str]
    halves: Sequence[str]  # am, pm
    clock: str
    clock_twelve: str
    date: str
    date_of_year: str
    weekday_time: str
    date_time: str


@dataclass(frozen=True, slots=True)
class Language:
    """What a page says, in one language. `direction` is "ltr" or "rtl"; `name` is its own name for itself."""

    code: str
    direction: str
    name: str
    catalogue: NullTranslations = field(repr=False, compare=False)
    conventions: Conventions = field(repr=False, compare=False)

    def text(self, message: str) -> str:
        """The translation of a message, its placeholders still in it."""
        told = self.catalogue.gettext(message) if message else ""
        return told if fits(told, message) else message

    def plural_text(self, one: str, many: str, n: int) -> str:
        """The translation that goes with a number; it may leave `{n}` out, as some languages do for one and two."""
        told = self.catalogue.ngettext(one, many, n)
        return told if fits(told, many, spared="n") else one if n == 1 else many

    def knows(self, message: str) -> bool:
        """Whether a message is said in this language, and not in English for want of a translation."""
        return self.code == SOURCE or self.text(message) != message

    def say(self, message: str, /, **values: str | int) -> str:
        """A message with its values. Raises KeyError if the caller gives too few of them."""
        return self.text(message).format(**self.shown(values)) if values else self.text(message)

    def plural(self, one: str, many: str, /, n: int, **values: str | int) -> str:
        """The message that goes with a number, which stands in it as `{n}`."""
        return self.plural_text(one, many, n).format(**self.shown({"n": n, **values}))

    def shown(self, values: dict[str, str | int]) -> dict[str, str]:
        """Values as they stand in a sentence."""
        return {
            name: self.isolated(value) if isinstance(value, str) else self.number(value)
            for name, value in values.items()
        }

    def isolated(self, value: str) -> str:
        """A value that keeps its own order inside a right-to-left sentence (FSI … PDI, UAX #9); else as it is.

        Only right-to-left words and a lone number are left bare there: the sentence orders those rightly itself.
        """
        if self.direction != "rtl":
            return value
        kinds = {bidirectional(letter) for letter in value}
        is_at_home = "L" not in kinds and (kinds & {"R", "AL"} or kinds <= {"EN", "CS"})
        return value if is_at_home else FSI + value + PDI

    def number(self, value: float, decimals: int = 0, *, trim: bool = False) -> str:
        """A number with a true minus sign, never "-0", not grouped (as pressures are read); `trim` cuts end zeros."""
        text = f"{round_half(abs(value), decimals):.{decimals}f}"
        sign = self.conventions.minus if value < 0 and text.strip("0.") else ""
        if trim and "." in text:
            text = text.rstrip("0").rstrip(".")
        return sign + text.replace(".", self.conventions.decimal)

    def clock(self, moment: datetime.datetime, twelve: bool = False) -> str:
        """The time of day of a moment in its own zone; in the hour that comes twice, with which of the two it is."""
        told, hour = self.conventions, moment.hour
        pattern = told.clock_twelve if twelve else told.clock
        return self.told_apart(clock(pattern, hour, moment.minute, told.halves[hour // 12]), moment)

    def told_apart(self, time: str, moment: datetime.datetime) -> str:
        """A time of day with what tells it from the same one an hour earlier or later, where there are two."""
        first, second = moment.replace(fold=0), moment.replace(fold=1)
        ahead, later = first.utcoffset(), second.utcoffset()
        if ahead is None or later is None or ahead <= later:
            return time
        if (first.dst() or ZERO) - (second.dst() or ZERO) != ahead - later:
            return f"{time} (UTC{moment.isoformat()[-6:]})"
        # Translators: a time of day in the hour that the clocks show twice in the night when summer time ends.
        return self.say("{time} winter time", time=time) if moment.fold else self.say("{time} summer time", time=time)

    def hour(self, moment: datetime.datetime, twelve: bool = False) -> str:
        """The hour alone, for an axis: "15", or "3 pm" with twelve hours."""
        if not twelve:
            return f"{moment:%H}"
        pattern = MINUTES.sub("", self.conventions.clock_twelve)
        return clock(pattern, moment.hour, 0, self.conventions.halves[moment.hour // 12])

    def weekday(self, day: datetime.date, short: bool = False) -> str:
        return (self.conventions.weekdays_short if short else self.conventions.weekdays)[day.weekday()]

    def day_time(self, moment: datetime.datetime, as_of: datetime.datetime, twelve: bool = False) -> str:
        """A time of day where `as_of` is; with its weekday if not today, its date if seven days away or more."""
        local = moment.astimezone(as_of.tzinfo)
        apart, time = abs((local.date() - as_of.date()).days), self.clock(local, twelve)
        if apart == 0:
            return time
        if apart < 7:
            return self.conventions.weekday_time.format(EEEE=self.weekday(local), time=time)
        date = self.date(local) if local.year == as_of.year else self.dated(self.conventions.date_of_year, local)
        return self.conventions.date_time.format(time, date)

    def dated(self, pattern: str, day: datetime.date) -> str:
        """A pattern of CLDR filled from a day."""
        names = {"EEEE": self.weekday(day), "EEE": self.weekday(day, short=True), "dd": f"{day.day:02}"}
        month = self.conventions.months[day.month - 1]
        return pattern.format(d=day.day, M=day.month, MM=f"{day.month:02}", MMMM=month, y=day.year, **names)

    def date(self, day: datetime.date) -> str:
        """Say "Tuesday 24 November"."""
        return self.dated(self.conventions.date, day)

    def span(self, seconds: float) -> str:
        """A length of time, rounded down: "6 min", "3 h 20 min", "2 days 4 h"."""
        minutes = max(0, int(seconds // 60))
        days, hours = minutes // 1440, minutes // 60 % 24
        if days:
            return self.both(self.plural("{n} day", "{n} days", days), self.hours(hours) if hours else "")
        told = self.plural("{n} min", "{n} min", minutes % 60) if minutes % 60 or not hours else ""
        return self.both(self.hours(hours), told) if hours else told

    def hours(self, hours: int) -> str:
        return self.plural("{n} h", "{n} h", hours)

    def both(self, longer: str, shorter: str) -> str:
        # Translators: two lengths of time that make one, such as "3 h" and "20 min".
        return self.say("{longer} {shorter}", longer=longer, shorter=shorter) if shorter else longer

    def ago(self, seconds: float) -> str:
        """How long ago. Days have messages of their own, for they bend: "2 Tage", but "vor 2 Tagen"."""
        if seconds < 60:
            return self.say("just now")
        days, hours = int(seconds // 86400), int(seconds // 3600) % 24
        if not days:
            return self.say("{span} ago", span=self.span(seconds))
        if not hours:
            return self.plural("{n} day ago", "{n} days ago", days)
        return self.plural("{n} day {hours} ago", "{n} days {hours} ago", days, hours=self.hours(hours))


@lru_cache(maxsize=4096)
def clock(pattern: str, hour: int, minute: int, half: str) -> str:
    """A pattern of CLDR filled from a time of day."""
    twelfth = hour % 12 or 12
    parts = {"H": hour, "HH": f"{hour:02}", "h": twelfth, "hh": f"{twelfth:02}", "K": hour % 12, "a": half}
    return pattern.format(mm=f"{minute:02}", **parts)


@lru_cache(maxsize=4096)
def fits(told: str, message: str, spared: str = "") -> bool:
    """Whether a translation can stand for its message: it says something, with the same values; one may be spared."""
    try:
        found, wanted = placeholders(told), placeholders(message)
    except ValueError:
        return False
    return bool(told) and found | {spared} == wanted | {spared}


def placeholders(text: str) -> frozenset[str]:
    """The names in braces. Raises ValueError for what no message may have: broken braces, formats, conversions."""
    found = [(name, spec, turn) for _, name, spec, turn in Formatter().parse(text) if name is not None]
    if any(spec or turn for _, spec, turn in found):
        raise ValueError("a placeholder is a plain name in braces")
    return frozenset(name for name, _, _ in found)


@cache
def language(code: str) -> Language:
    """The language of a code. Raises KeyError if it is not one of LANGUAGES."""
    told = Conventions(**CLDR["languages"][code])
    return Language(code, told.direction, told.name, catalogue(code), told)


def catalogue(code: str) -> NullTranslations:
    """The messages of a language; the source has none, being the messages themselves."""
    if code == SOURCE:
        return NullTranslations()
    with (FOLDER / f"{code}.mo").open("rb") as file:
        return GNUTranslations(file)


def wanted(accept_language: str) -> list[tuple[str, float]]:
    """The language ranges of `Accept-Language` with their weights, the most wanted first; what is malformed is not.

    Of those wanted alike, one that names a language goes before `*`, which means any other. The one reading of this
    header: language, units and clock all follow it.
    """
    if len(accept_language) > LONGEST_HEADER:
        return []
    found = (RANGE.fullmatch(part.strip(" \t").lower()) for part in accept_language.split(","))
    return sorted(((one[1], float(one[2] or 1)) for one in found if one), key=lambda one: (-one[1], one[0] == "*"))


def negotiate(accept_language: str, default: str = SOURCE) -> str:
    """The best of our languages for `Accept-Language` (RFC 9110, 12.5.4; lookup of RFC 4647, 3.4); never raises."""
    ranges = wanted(accept_language)
    refused = {name for name, weight in ranges if weight == 0}
    ours = [code for code in dict.fromkeys((default, *LANGUAGES)) if code.lower() not in refused]
    named = {name: looked_up(name, ours) for name, _ in ranges}
    named["*"] = next((code for code in ours if code not in named.values()), None)
    return next((code for name, weight in ranges if weight and (code := named[name])), default)


def looked_up(name: str, ours: Sequence[str]) -> str | None:
    """The longest start of a range, cut at hyphens, that is one of ours: "de" for "de-at"."""
    by_name = {code.lower(): code for code in ours}
    while name and name not in by_name:
        name = name.rpartition("-")[0]
    return by_name.get(name)


def region(accept_language: str) -> tuple[str, str]:
    """The most wanted language, and its region in capitals: both empty if it names none, for that would be a guess."""
    ranges = wanted(accept_language)
    found = REGION.match(ranges[0][0]) if ranges and ranges[0][1] else None
    return (found[1], found[2].upper()) if found else ("", "")


def uses_twelve_hours(accept_language: str) -> bool:
    """Whether people tell the time by twelve hours where the most wanted language is at home (CLDR, timeData)."""
    code, place = region(accept_language)
    hours: dict[str, int] = CLDR["hours"]
    return hours.get(f"{code}-{place}", hours.get(place)) == 12
