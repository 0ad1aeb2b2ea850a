"""Languages: complete catalogues, plural forms, both directions, dates and numbers as CLDR writes them."""

import ast
import re
import subprocess
import sys
import warnings
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from gettext import NullTranslations
from math import inf
from pathlib import Path
from unicodedata import bidirectional
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.conditions import ALL_TEXTS
from weather.domain.units import COMPASS
from weather.i18n.language import FOLDER, LANGUAGES, Language, language
from weather.i18n.negotiation import negotiate, region, uses_twelve_hours
from weather.i18n.sun_and_moon import PHASES
from weather.messages import C_, N_

ROOT = Path(__file__).parent.parent
EN, DE, FR, AR = (language(code) for code in ("en", "de", "fr", "ar"))
KEYWORDS = {"say", "plural", "N_"}
TRANSLATED = [code for code in LANGUAGES if code != "en"]
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
LRM, FSI, PDI = "\N{LEFT-TO-RIGHT MARK}", "\N{FIRST STRONG ISOLATE}", "\N{POP DIRECTIONAL ISOLATE}"

days = st.dates(date(1999, 1, 1), date(2101, 12, 31))
codes = st.sampled_from(LANGUAGES)


def plain(text: str) -> str:
    """Without what cannot be seen: isolates gone, every space the same."""
    return " ".join(text.replace(FSI, "").replace(PDI, "").split())


def names(text: str) -> set[str]:
    return set(re.findall(r"\{(\w+)\}", text))


def read(name: str):
    """A catalogue, as Babel reads it."""
    pofile = pytest.importorskip("babel.messages.pofile")
    with (FOLDER / name).open("rb") as file:
        return pofile.read_po(file)


def template():
    return [message for message in read("messages.pot") if message.id]


# The catalogues


def test_the_four_languages_are_there():
    """English first, for it is the source; Arabic alone of the four runs from right to left."""
    assert LANGUAGES[0] == "en"
    assert {"ar", "de", "fr"} < set(LANGUAGES)
    assert [one.direction for one in (EN, DE, FR, AR)] == ["ltr", "ltr", "ltr", "rtl"]
    assert [one.name for one in (EN, DE, FR, AR)] == ["English", "Deutsch", "Français", "العربية"]


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_catalogue_has_the_messages_of_the_template(code):
    """No message of the template is missing from a catalogue or marked as a guess, and none is left over."""
    there = {(message.context, message.id): message for message in read(f"{code}.po") if message.id}
    assert there.keys() == {(message.context, message.id) for message in template()}
    assert not [message.id for message in there.values() if message.fuzzy]


def untranslated(code: str) -> list[str]:
    """The messages that are said in English for now, in the order of the catalogue."""
    texts = ((one.id, one.string) if isinstance(one.id, str) else (one.id[0], all(one.string)) for one in read(code))
    return [message for message, told in texts if message and not told]


@pytest.mark.filterwarnings("default")
@pytest.mark.parametrize("code", TRANSLATED)
def test_what_is_not_translated_is_named(code):
    """A new sentence, or a language that is merely begun, is no failure: it stands in the summary of the warnings."""
    if missing := untranslated(f"{code}.po"):
        warnings.warn(f"{len(missing)} messages are said in English to readers of {code}: {missing}", stacklevel=1)


@pytest.mark.parametrize("code", TRANSLATED)
def test_a_translation_has_the_placeholders_of_its_message(code):
    """The same names in braces; a plural form alone may do without the number."""
    for message in read(f"{code}.po"):
        if isinstance(message.id, tuple):
            for told in filter(None, message.string):
                assert names(told) | {"n"} == names(message.id[1]) | {"n"}, message.id
        elif message.id and message.string:
            assert names(message.string) == names(message.id), message.id


@pytest.mark.slow
def test_what_is_made_is_up_to_date():
    """The code's messages, the catalogues, their compiled form and CLDR's data agree, as the script sees it."""
    pytest.importorskip("babel")
    told = subprocess.run([sys.executable, ROOT / ".build" / "locale.py", "--check"], capture_output=True, text=True)
    assert told.stderr == ""
    assert told.returncode == 0


def test_every_message_in_the_sources_is_found():
    """What a plain search finds behind `say(`, `plural(` and `N_(`, or an `else` in it, stands in the template."""
    texts = [message.id if isinstance(message.id, str) else message.id[0] for message in template()]
    call = r"\b(?:say|plural|N_)\((?:[^()]*?\belse)?\s*([\"'])(.+?)\1"
    for path in [*(ROOT / "weather").rglob("*.py"), *(ROOT / "templates").iterdir()]:
        for _, text in re.findall(call, path.read_text("utf-8")):
            assert any(one.startswith(text) for one in texts), f"{path.name} says {text!r}"


@pytest.mark.slow
def test_each_message_of_a_choice_is_marked():
    """Babel joins all the texts of one call: `say("a" if n else "b")` would be the message "ab"."""
    for path in (ROOT / "weather").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in KEYWORDS:
                branches = [part for one in node.args if isinstance(one, ast.IfExp) for part in (one.body, one.orelse)]
                assert not any(isinstance(one, ast.Constant) for one in branches), f"{path.name}:{node.lineno}"


def test_no_message_is_said_with_a_number_and_without():
    """A catalogue has one entry for both, which gettext finds without a number in Python 3.11.7, not in 3.11.2."""
    with_number = {text for message in template() if isinstance(message.id, tuple) for text in message.id}
    assert "{n} days ago" in with_number
    assert not with_number & {message.id for message in template() if isinstance(message.id, str)}


def test_the_tables_are_said():
    """Conditions, moon phases and compass points are messages, and no Arabic word for one has a Latin letter."""
    tables = {*ALL_TEXTS, *PHASES, *COMPASS}
    assert tables <= {message.id for message in template()}
    translations = [AR.text(text) for text in tables - set(untranslated("ar.po"))]
    assert "L" not in {bidirectional(letter) for text in translations for letter in text}


def test_words_of_the_weather():
    """Some words as the weather services of these countries use them."""
    assert [one.say("light rain") for one in (DE, FR, AR)] == ["leichter Regen", "pluie faible", "مطر خفيف"]
    assert [one.say("overcast") for one in (DE, FR)] == ["bedeckt", "couvert"]
    assert [one.say("south-west") for one in (DE, FR, AR)] == ["Südwest", "sud-ouest", "جنوبية غربية"]
    assert [one.say(C_("unit", "km/h")) for one in (DE, FR, AR)] == ["km/h", "km/h", "كم/س"]


def test_a_mark_changes_nothing():
    """`N_` is for the reader of the sources alone."""
    assert N_("light rain") == "light rain"


# Messages


class Wrong(NullTranslations):
    """A catalogue that answers everything with the same text."""

    def __init__(self, told: str) -> None:
        super().__init__()
        self.told = told

    def gettext(self, message: str) -> str:
        return self.told

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.told


WRONG = [
    "",
    "vor",
    "vor {spam}",
    "vor {span} {n}",
    "vor {",
    "vor {span!r}",
    "vor {span:9}",
    "vor {span.real}",
    "vor {}",
]


@pytest.mark.parametrize("told", WRONG)
def test_a_wrong_translation_is_said_in_english(told):
    """Where the placeholders differ or cannot be filled, the English message stands instead; nothing raises."""
    wrong = replace(DE, catalogue=Wrong(told))
    assert wrong.say("{span} ago", span="6 min") == "6 min ago"


@pytest.mark.parametrize("told", [told for told in WRONG if told != "vor"])
def test_a_wrong_plural_is_said_in_english(told):
    """The same for plurals, in the English form of the number."""
    wrong = replace(DE, catalogue=Wrong(told))
    assert wrong.plural("{n} day", "{n} days", 1) == "1 day"
    assert wrong.plural("{n} day", "{n} days", 2) == "2 days"


def test_an_unknown_message_is_said_in_english():
    """What no catalogue has is said as it stands, and nothing is said of nothing."""
    assert DE.say("The {colour} sea", colour="red") == "The red sea"
    assert DE.say("") == EN.say("") == ""


def test_a_missing_value_is_an_error():
    """A caller that gives too few values is wrong in every language."""
    for code in LANGUAGES:
        with pytest.raises(KeyError):
            language(code).say("{span} ago", time="6 min")


def test_braces_in_a_value_are_text():
    """A value is never read as a pattern."""
    assert DE.say("{span} ago", span="{span} {0}") == "vor {span} {0}"


@pytest.mark.parametrize(
    ("n", "told"),
    [
        (0, "قبل 0 يوم"),
        (1, "قبل يوم واحد"),
        (2, "قبل يومين"),
        (3, "قبل 3 أيام"),
        (11, "قبل 11 يومًا"),
        (100, "قبل 100 يوم"),
        (103, "قبل 103 أيام"),
    ],
)
def test_arabic_has_six_plural_forms(n, told):
    """None, one, two, few (3 to 10), many (11 to 99), other (100 to 102), and from there by the last two digits."""
    assert plain(AR.plural("{n} day ago", "{n} days ago", n)) == told


@pytest.mark.slow
@pytest.mark.parametrize("code", LANGUAGES)
def test_plural_forms_are_those_of_cldr(code):
    """The forms of a catalogue change exactly where CLDR's categories do, for every number of days up to 300."""
    babel = pytest.importorskip("babel")
    forms = babel.Locale.parse(code).plural_form
    for n in range(300):
        told = language(code).plural("{n} day ago", "{n} days ago", n)
        same = [m for m in range(300) if forms(m) == forms(n) and m > 2]
        assert n < 3 or all(
            language(code).plural("{n} day ago", "{n} days ago", m).replace(str(m), "#") == told.replace(str(n), "#")
            for m in same[:20]
        )


# Right to left


@pytest.mark.parametrize("value", ["London", "12 km/h", "−5 °C", LRM + "−5", "51.5, 0.1", "5 %", "Paris، فرنسا", "+5"])
def test_what_is_not_arabic_is_isolated_in_arabic(value):
    """A value that the sentence would reorder stands between FSI and PDI."""
    assert AR.say("{span} ago", span=value) == f"قبل {FSI}{value}{PDI}"
    assert DE.say("{span} ago", span=value) == f"vor {value}"


@pytest.mark.parametrize("value", ["مطر خفيف", "الثلاثاء 14:50", "3:07 م", "14:50", "0.2", "12"])
def test_arabic_words_and_a_lone_number_are_left_bare(value):
    """The sentence itself puts these in order."""
    assert AR.say("{span} ago", span=value) == f"قبل {value}"


@given(st.text(min_size=1), codes)
def test_isolates_are_balanced_and_only_in_right_to_left_languages(value, code):
    """A value is whole inside its isolates; in a left-to-right language nothing is added."""
    told = language(code)
    assert told.isolated(value) in ({value, FSI + value + PDI} if told.direction == "rtl" else {value})


# Numbers


@pytest.mark.parametrize(
    ("value", "decimals", "english", "german"),
    [
        (0.2, 1, "0.2", "0,2"),
        (-3, 0, "−3", "−3"),
        (-0.04, 1, "0.0", "0,0"),
        (-0.0, 0, "0", "0"),
        (-0.5, 1, "−0.5", "−0,5"),
        (1013.25, 0, "1013", "1013"),
        (29.92, 2, "29.92", "29,92"),
    ],
)
def test_numbers_are_written_as_the_language_does(value, decimals, english, german):
    """The decimal sign of the language, a true minus sign, never a negative zero, no groups."""
    assert EN.number(value, decimals) == english
    assert DE.number(value, decimals) == FR.number(value, decimals) == german


def test_zeros_at_the_end_are_cut_when_asked():
    """Those behind the decimal sign only."""
    assert [DE.number(value, 2, trim=True) for value in (2.0, 2.5, 2.25, 100, 0)] == ["2", "2,5", "2,25", "100", "0"]
    assert DE.number(100, trim=True) == "100"


def test_arabic_numbers_keep_their_minus_on_the_left():
    """CLDR's left-to-right mark goes before the sign; the digits are Western, the decimal sign a point."""
    assert AR.number(-5.26, 1) == f"{LRM}−5.3"
    assert AR.say("{span} ago", span=-5) == f"قبل {LRM}−5"


@given(st.floats(-1e6, 1e6), st.integers(0, 3), st.booleans(), codes)
def test_a_number_can_be_read_back(value, decimals, trim, code):
    """Read with the language's signs, it is the value rounded; a zero has no sign."""
    told = language(code).number(value, decimals, trim=trim)
    back = float(told.replace(LRM, "").replace("−", "-").replace(",", "."))
    assert back == pytest.approx(value, abs=0.5 / 10**decimals + 1e-6)
    assert (told.lstrip(LRM)[0] == "−") == (back < 0)


# Times and dates


@pytest.mark.parametrize(
    ("hour", "minute", "told"),
    [(0, 5, "12:05 am"), (9, 30, "9:30 am"), (12, 0, "12:00 pm"), (15, 7, "3:07 pm"), (23, 59, "11:59 pm")],
)
def test_the_clock_with_twelve_hours(hour, minute, told):
    """Midnight and noon are twelve; the halves have the language's words."""
    moment = NOON.replace(hour=hour, minute=minute)
    digits, half = told.split()
    assert plain(EN.clock(moment, twelve=True)) == told
    assert plain(DE.clock(moment, twelve=True)) == f"{digits} {half.upper()}"
    assert plain(AR.clock(moment, twelve=True)) == f"{digits} {'ص' if half == 'am' else 'م'}"


@pytest.mark.slow
@given(st.times(), codes)
def test_the_clock_with_twenty_four_hours(time, code):
    """Two digits, colon, two digits: the short form of these languages."""
    assert language(code).clock(datetime.combine(NOON, time)) == time.isoformat("minutes")


def test_dates_in_words():
    """Weekday, day and month as each language writes them."""
    assert EN.date(NOON) == "Tuesday 24 November"
    assert DE.date(NOON.date()) == "Dienstag, 24. November"
    assert FR.date(NOON) == "mardi 24 novembre"
    assert AR.date(NOON) == "الثلاثاء، 24 نوفمبر"


def test_the_first_of_a_month_is_an_ordinal_in_french():
    """As it is written there, and nowhere else here: "1er décembre", "2 décembre"."""
    first, second = date(2026, 12, 1), date(2026, 12, 2)
    assert (FR.date(first), FR.day_of_month(first)) == ("mardi 1er décembre", "1er décembre")
    assert FR.date_as_of(date(2027, 1, 1), first) == "1er janvier 2027"
    assert (FR.date(second), EN.date(first)) == ("mercredi 2 décembre", "Tuesday 1 December")
    assert (DE.date(first), AR.date(first)) == ("Dienstag, 1. Dezember", "الثلاثاء، 1 ديسمبر")


def test_weekdays():
    """In full and short."""
    assert [one.weekday(NOON) for one in (EN, DE, FR, AR)] == ["Tuesday", "Dienstag", "mardi", "الثلاثاء"]
    assert [one.weekday(NOON, short=True) for one in (EN, DE, FR)] == ["Tue", "Di", "mar."]


@given(days, codes)
def test_dates_are_those_of_cldr(day, code):
    """Babel, filling CLDR's full date of its own accord, has the same weekday, day and month in it."""
    dates = pytest.importorskip("babel.dates")
    told = dates.format_date(day, "full", locale="en_GB" if code == "en" else code)
    told = told.replace(" 1 ", " 1er ") if code == "fr" else told  # CLDR has no ordinals here
    for word in language(code).date(day).replace("،", " ").replace(",", " ").split():
        assert word.rstrip(".") in re.split(r"[\s,،.]+", told)


@pytest.mark.parametrize(
    ("seconds", "english", "german", "french"),
    [
        (-1, "0 min", "0 Min.", "0 min"),
        (59, "0 min", "0 Min.", "0 min"),
        (360, "6 min", "6 Min.", "6 min"),
        (3600, "1 h", "1 Std.", "1 h"),
        (12059, "3 h 20 min", "3 Std. 20 Min.", "3 h 20 min"),
        (86400, "1 day", "1 Tag", "1 jour"),
        (187200, "2 days 4 h", "2 Tage 4 Std.", "2 jours 4 h"),
        (187199, "2 days 3 h", "2 Tage 3 Std.", "2 jours 3 h"),
    ],
)
def test_lengths_of_time(seconds, english, german, french):
    """Two units at most, rounded down."""
    assert [plain(one.span(seconds)) for one in (EN, DE, FR)] == [english, german, french]


def test_lengths_of_time_in_arabic():
    """The dual needs no number; the two parts are joined by "and"."""
    assert plain(AR.span(187200)) == "يومان و4 س"
    assert plain(AR.span(12000)) == "3 س و20 د"


@pytest.mark.parametrize(
    ("seconds", "english", "german", "arabic"),
    [
        (-5, "just now", "gerade eben", "قبل لحظات"),
        (59.9, "just now", "gerade eben", "قبل لحظات"),
        (60, "1 min ago", "vor 1 Min.", "قبل 1 د"),
        (12000, "3 h 20 min ago", "vor 3 Std. 20 Min.", "قبل 3 س و20 د"),
        (172800, "2 days ago", "vor 2 Tagen", "قبل يومين"),
        (90000, "1 day 1 h ago", "vor 1 Tag 1 Std.", "قبل يوم و1 س"),
    ],
)
def test_how_long_ago(seconds, english, german, arabic):
    """Days are bent as the sentence asks: "2 Tage", but "vor 2 Tagen"."""
    assert [plain(one.ago(seconds)) for one in (EN, DE, AR)] == [english, german, arabic]


@given(st.integers(1, 999), st.sampled_from(["ar", "de", "en", "fr"]))
def test_days_are_those_of_cldr(count, code):
    """So many days, and so many days ago, as Babel says them from CLDR's units and relative times."""
    dates = pytest.importorskip("babel.dates")
    span, how = timedelta(days=count), {"granularity": "day", "threshold": inf, "locale": code}
    # CLDR's Arabic has the long units by an alias that Babel does not follow, so there the short ones are compared.
    size = "short" if code == "ar" else "long"
    assert plain(language(code).span(count * 86400)) == plain(dates.format_timedelta(span, format=size, **how))
    assert plain(language(code).ago(count * 86400)) == plain(dates.format_timedelta(-span, add_direction=True, **how))


@given(st.floats(0, 1e8))
def test_a_length_of_time_loses_less_than_its_last_unit(seconds):
    """Added up again, the parts are at most the whole, and less than a minute short of it, or from a day on an hour."""
    size = {"min": 60, "h": 3600, "day": 86400, "days": 86400}
    told = EN.span(seconds).split()
    total = sum(int(count) * size[unit] for count, unit in zip(told[::2], told[1::2], strict=True))
    assert 0 <= seconds - total < (3600 if seconds >= 86400 else 60)


# Which language


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("", "en"),
        ("de", "de"),
        ("de-AT", "de"),
        ("DE-at-1996, en;q=0.8", "de"),
        ("ar-EG,ar;q=0.9", "ar"),
        ("fr-CA, de;q=0.9", "fr"),
        ("de;q=0.5, fr;q=0.8", "fr"),
        ("ja, fr;q=0.1", "fr"),
        ("ja", "en"),
        ("*", "en"),
        ("ja, *;q=0.5", "en"),
        ("en;q=0.3, *;q=0.8", "ar"),
        ("de;q=0, *", "en"),
        ("de;q=0, de-AT", "en"),
        ("de-AT;q=0", "en"),
        ("en;q=0", "en"),
        ("en;q=0, *;q=0.5", "ar"),
        ("fr;q=0.000, de;q=0.001", "de"),
        ("fr;Q=0.2, de; q=0.3", "de"),
        ("fr;q=2, de;q=0.1", "de"),
        ("fr;q=0.1234, de;q=0.1", "de"),
        ("fr;level=1, de;q=0.1", "de"),
        (",, ,de", "de"),
        ("deutsch", "en"),
        ("d", "en"),
        ("de_AT", "en"),
        ("../../etc", "en"),
        ("ＤＥ", "en"),
    ],
)
def test_the_language_is_negotiated(header, code):
    """By weight, then by order; a region falls back to its language; what is malformed counts as not there."""
    assert negotiate(header) == code


def test_another_default():
    """Where nothing matches the default does, and `*` means it first."""
    assert [negotiate(header, "fr") for header in ("", "ja", "*", "fr;q=0, *", "de")] == ["fr", "fr", "fr", "en", "de"]


ranges = st.tuples(
    st.sampled_from(["*", "de", "de-AT", "ar-001", "fr-CA", "en-US", "ja", "x-y", "zh-Hant-TW", "é"]),
    st.sampled_from(["", ";q=0", ";q=1", ";q=0.5", "; q=0.999", ";q=", ";q=NaN", ";;"]),
).map("".join)


@given(st.text() | st.lists(ranges).map(",".join) | st.lists(ranges).map(", ".join))
def test_no_header_can_break_it(header):
    """Whatever a client sends, one of our languages comes of it, and an answer about clocks."""
    assert negotiate(header) in LANGUAGES
    assert uses_twelve_hours(header) in (True, False)


@pytest.mark.parametrize(
    ("header", "expected"),
    [
        ("en-US,en;q=0.5", True),
        ("en-GB", False),
        ("de,en-US;q=0.7,en;q=0.3", False),
        ("en-GB;q=0.5, en-US", True),
        ("en", False),
        ("ar-EG", True),
        ("ar-MA", False),
        ("en-CA", True),
        ("fr-CA", False),
        ("zh-Hant-TW", True),
        ("es-419", True),
        ("en-US;q=0", False),
        ("", False),
        ("US", False),
    ],
)
def test_who_tells_the_time_by_twelve_hours(header, expected):
    """Only the region of the most wanted language speaks: a second language is often somebody else's English."""
    assert uses_twelve_hours(header) is expected


def test_the_region_of_a_reader():
    """Language and region of the most wanted range; none where none is named."""
    assert region("de-at, en-US;q=0.5") == ("de", "AT")
    assert region("zh-Hant-TW") == ("zh", "TW")
    assert region("de") == region("*") == region("") == ("", "")


@pytest.mark.parametrize("code", ["", "xx", "../de", "DE"])
def test_a_language_that_is_not_ours_is_an_error(code):
    """Only what LANGUAGES has; no file is looked for."""
    with pytest.raises(KeyError):
        language(code)


def test_a_language_is_read_once():
    """It is the same one every time, cheap to pass around."""
    assert language("de") is DE
    assert isinstance(hash(DE), int)
    assert isinstance(DE, Language)


@pytest.mark.parametrize(
    ("zone", "first", "told"),
    [
        ("Europe/London", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ["1:30 summer time", "1:30 winter time"]),
        ("Europe/Dublin", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ["1:30 summer time", "1:30 winter time"]),
        ("America/New_York", datetime(2026, 11, 1, 5, 0, tzinfo=UTC), ["1:00 summer time", "1:00 winter time"]),
        ("Europe/London", datetime(2026, 10, 25, 1, 30, tzinfo=UTC), ["1:30 winter time", "2:30"]),
        ("Europe/London", datetime(2026, 3, 29, 0, 30, tzinfo=UTC), ["0:30", "2:30"]),
        ("Asia/Kathmandu", datetime(2026, 10, 25, 0, 30, tzinfo=UTC), ["6:15", "7:15"]),
    ],
)
def test_the_hour_that_comes_twice_is_told_apart(zone, first, told):
    """By the names of its two times; by the offset where no summer time ends; no other hour says anything."""
    moments = [(first + timedelta(hours=n)).astimezone(ZoneInfo(zone)) for n in range(2)]
    assert [EN.clock(one).lstrip("0") or "0" for one in moments] == [one.lstrip("0") for one in told]


def test_clocks_put_back_for_good_are_told_apart_by_the_offset():
    """Venezuela in 2007: half an hour, and no summer time in it."""
    first = datetime(2007, 12, 9, 2, 45, tzinfo=ZoneInfo("America/Caracas"))
    assert EN.clock(first) == "02:45 (UTC-04:00)"
    assert EN.clock(first.replace(fold=1)) == "02:45 (UTC-04:30)"


def test_no_two_hours_of_a_night_are_called_the_same():
    """In every language, by either clock: the 25 hours of the day on which summer time ends have 25 names."""
    begin = datetime(2026, 10, 24, 22, tzinfo=UTC)
    for told in map(language, LANGUAGES):
        for twelve in (False, True):
            hours = [(begin + timedelta(hours=n)).astimezone(ZoneInfo("Europe/Berlin")) for n in range(25)]
            assert len({told.clock(one, twelve) for one in hours}) == 25


def test_an_axis_of_twelve_hours_says_which_half():
    """Each hour of a day has a name of its own there."""
    hours = [NOON.replace(hour=n) for n in range(24)]
    assert [plain(EN.hour(hours[n], twelve=True)) for n in (0, 3, 12, 23)] == ["12 am", "3 am", "12 pm", "11 pm"]
    assert plain(AR.hour(hours[15], twelve=True)) == "3 م"
    assert EN.hour(hours[3]) == "03"
    for told in map(language, LANGUAGES):
        assert len({told.hour(one, twelve=True) for one in hours}) == 24


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_two_messages_are_said_alike_but_for_the_order_of_their_values(code):
    """ "Down to 2°, then up to 8°" and the reverse differ in their words, as the reader sees values only."""
    texts = [one.id for one in template() if isinstance(one.id, str) and one.id.count("{") > 1]
    ids = {re.sub(r"\{\w+\}", "{}", text): text for text in texts}
    said = [re.sub(r"\{\w+\}", "{}", language(code).text(message)) for message in ids.values()]
    assert sorted(said) == sorted(set(said))
