"""Languages: messages by gettext, dates and numbers as CLDR writes them; `.build/locale.py` makes what is read here.

English is the source: a message is its own key. What a catalogue lacks, or has with other placeholders, is said in
English. Digits are the Western ones in every language, so that a number in a sentence is the number in the drawing.
"""

import datetime
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import Any
from unicodedata import bidirectional

from weather.domain.rounding import round_half
from weather.i18n.fallback import OPEN, fits, marked
from weather.messages import C_, source_text

SOURCE = "en"
TAGS = {"en": "en-GB"}  # our English is Britain's: "Thursday 26 November", "sulphur"
FOLDER = Path(__file__).resolve().parent.parent / "locale"
CLDR: dict[str, Any] = json.loads((FOLDER / "cldr.json").read_text("utf-8"))

SERVED_FROM = 90.0
"""Per cent of the messages from which on a language is offered; its speakers get English until then."""

# Translators: a time of day within a sentence, with the word that it has there, as in "06:00 Uhr".
IN_TEXT = C_("time of day in a sentence", "{time}")

# Translators: the first day of a month in front of the month's name; an ordinal where your language has one there.
FIRST = C_("day of a month", "1")

FSI, PDI = "\u2068", "\u2069"
MINUTES = re.compile(r"[^\w{}]?\{mm\}")  # in a pattern of a clock, with what stands before them
WEEKDAY = re.compile(r"\{EEEE\}\W?\s*|\s*\W?\{EEEE\}")  # in a pattern of a date, with what joins it
ZERO = datetime.timedelta(0)


@dataclass(frozen=True, slots=True)
class Conventions:
    """How CLDR writes a language. The fields in patterns are CLDR's (UTS 35, date field symbols); Monday is first."""

    name: str
    direction: str
    decimal: str
    minus: str
    group: str
    percent: str
    comma: str
    samples: Mapping[str, int]  # of each plural category the least number
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
    """What a page says, in one language. `direction` is "ltr" or "rtl"; `name` is its own name for itself.

    With `marks_english` what is not translated stands between the marks of `i18n.fallback`.
    """

    code: str
    direction: str
    name: str
    catalogue: NullTranslations = field(repr=False, compare=False)
    conventions: Conventions = field(repr=False, compare=False)
    marks_english: bool = False

    def text(self, message: str) -> str:
        """The translation of a message, its placeholders still in it; its English where there is none."""
        translation = self.catalogue.gettext(message) if message else ""
        english = source_text(message)
        return translation if fits(translation, english) else self.in_english(english)

    def plural_text(self, one: str, many: str, n: int) -> str:
        """The translation that goes with a number; it may leave `{n}` out, as some languages do for one and two."""
        translation = self.catalogue.ngettext(one, many, n)
        return translation if fits(translation, many, spared="n") else self.in_english(one if n == 1 else many)

    def knows(self, message: str) -> bool:
        """Whether a message is said in this language, and not in English for want of a translation."""
        return self.code == SOURCE or fits(self.catalogue.gettext(message), source_text(message))

    def in_english(self, text: str) -> str:
        """A text that is not translated; between marks where the page is to say so."""
        return marked(text) if self.marks_english and text and self.code != SOURCE else text

    def say(self, message: str, /, **values: str | int) -> str:
        """A message with its values. Raises KeyError if the caller gives too few of them."""
        return self.text(message).format(**self.shown(values)) if values else self.text(message)

    def plural(self, one: str, many: str, /, n: int, **values: str | int) -> str:
        """The message that goes with a number, which stands in it as `{n}`."""
        return self.plural_text(one, many, n).format(**self.shown({"n": n, **values}))

    def capitalised(self, text: str) -> str:
        """A text that stands at the head of a sentence; Turkish and Azeri keep the dot of their i."""
        first = next((n for n, letter in enumerate(text) if letter != OPEN), 0)
        letter = text[first : first + 1]
        capital = "İ" if letter == "i" and self.code.partition("-")[0] in ("tr", "az") else letter.upper()
        return text[:first] + capital + text[first + 1 :]

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
        rounded = round_half(value, decimals)
        text, sign = f"{abs(rounded):.{decimals}f}", self.conventions.minus if rounded < 0 else ""
        if trim and "." in text:
            text = text.rstrip("0").rstrip(".")
        return sign + text.replace(".", self.conventions.decimal)

    def count(self, value: float) -> str:
        """A whole number of things, its thousands in groups (CLDR); what is measured is not grouped."""
        return f"{round_half(value):,.0f}".replace("-", self.conventions.minus).replace(",", self.conventions.group)

    def percent(self, value: float) -> str:
        """A share of a hundred as CLDR writes it: "40%", "40 %", "%40"."""
        return self.conventions.percent.format(number=self.number(value))

    @property
    def tag(self) -> str:
        """The language of a page as a browser knows it (BCP 47)."""
        return TAGS.get(self.code, self.code)

    def clock(self, moment: datetime.datetime, twelve: bool = False, *, in_text: bool = False) -> str:
        """The time of day of a moment in its own zone; in the hour that comes twice, with which of the two it is.

        `in_text`: as a sentence has it, where that is another than on a clock ("06:00 Uhr").
        """
        conventions, hour = self.conventions, moment.hour
        pattern = conventions.clock_twelve if twelve else conventions.clock
        time = clock(pattern, hour, moment.minute, conventions.halves[hour // 12])
        if in_text and not twelve:
            time = self.say(IN_TEXT, time=time)
        return self.told_apart(time, moment)

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

    def dated(self, pattern: str, day: datetime.date) -> str:
        """A pattern of CLDR filled from a day."""
        names = {"EEEE": self.weekday(day), "EEE": self.weekday(day, short=True), "dd": f"{day.day:02}"}
        names |= {"MM": f"{day.month:02}", "MMMM": self.conventions.months[day.month - 1]}
        d = self.say(FIRST) if day.day == 1 and "{MMMM}" in pattern else day.day
        return pattern.format(d=d, M=day.month, y=day.year, **names)

    def date(self, day: datetime.date) -> str:
        """Say "Tuesday 24 November"."""
        return self.dated(self.conventions.date, day)

    def day_of_month(self, day: datetime.date) -> str:
        """The date without its weekday: "24 November"."""
        return self.dated(WEEKDAY.sub("", self.conventions.date), day)

    def date_as_of(self, day: datetime.date, today: datetime.date) -> str:
        """The date with its weekday; of another year with the year."""
        return self.date(day) if day.year == today.year else self.dated(self.conventions.date_of_year, day)

    def span(self, seconds: float) -> str:
        """A length of time, rounded down: "6 min", "3 h 20 min", "2 days 4 h"."""
        minutes = max(0, int(seconds // 60))
        days, hours = minutes // 1440, minutes // 60 % 24
        if days:
            return self.both(self.plural("{n} day", "{n} days", days), self.hours(hours) if hours else "")
        minutes_text = self.plural("{n} min", "{n} min", minutes % 60) if minutes % 60 or not hours else ""
        return self.both(self.hours(hours), minutes_text) if hours else minutes_text

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


@cache
def language(code: str) -> Language:
    """The language of a code. Raises KeyError if it has no catalogue."""
    conventions = Conventions(**CLDR["languages"][code])
    return Language(code, conventions.direction, conventions.name, catalogue(code), conventions)


@cache
def page_language(code: str) -> Language:
    """The same for a page, which marks what is said in English for want of a translation."""
    return replace(language(code), marks_english=True)


class Untranslated(NullTranslations):
    """Has no message, and says so: gettext's own gives a message back as if it were its translation."""

    def gettext(self, message: str) -> str:
        return ""

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return ""


@cache
def catalogue(code: str) -> NullTranslations:
    """The messages of a language; the source has none, being the messages themselves."""
    if code == SOURCE:
        return Untranslated()
    with (FOLDER / f"{code}.mo").open("rb") as file:
        translations = GNUTranslations(file)
    translations.add_fallback(Untranslated())
    return translations


def is_served(translations: NullTranslations) -> bool:
    """Whether enough of a language is translated; its compiled catalogue says how much."""
    return float(translations.info().get("x-translated-percent", 0)) >= SERVED_FROM


LANGUAGES = (
    SOURCE,
    *(code for code in sorted(file.stem for file in FOLDER.glob("*.mo")) if is_served(catalogue(code))),
)
"""The languages that pages are offered in: English first, then those with a catalogue, the unfinished left out."""
