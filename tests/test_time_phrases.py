"""Times in sentences: the preposition goes with what the time is, in every language."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import language

EN, DE, FR, AR = (Formatter(language(code), SYSTEMS["metric"]) for code in ("en", "de", "fr", "ar"))
READERS = {"en": EN, "de": DE, "fr": FR, "ar": AR}
TWELVE = Formatter(language("en"), SYSTEMS["us"], twelve=True)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
DAY = timedelta(days=1)


def plain(text: str) -> str:
    """Without the marks that keep a value's own order in a right-to-left sentence."""
    return text.replace("\u2068", "").replace("\u2069", "")


@pytest.mark.parametrize(
    ("moment", "en", "de", "fr", "ar"),
    [
        (NOON, "at 12:00", "um 12:00 Uhr", "à 12:00", "الساعة 12:00"),
        (NOON + DAY, "tomorrow at 12:00", "morgen um 12:00 Uhr", "demain à 12:00", "غدًا الساعة 12:00"),
        (NOON - DAY, "yesterday at 12:00", "gestern um 12:00 Uhr", "hier à 12:00", "أمس الساعة 12:00"),
        (
            NOON + 3 * DAY,
            "on Friday at 12:00",
            "am Freitag um 12:00 Uhr",
            "vendredi à 12:00",
            "يوم الجمعة الساعة 12:00",
        ),
        (
            NOON + 8 * DAY,
            "on Wednesday 2 December at 12:00",
            "am Mittwoch, 2. Dezember um 12:00 Uhr",
            "le mercredi 2 décembre à 12:00",
            "يوم الأربعاء، 2 ديسمبر الساعة 12:00",
        ),
    ],
)
def test_a_time_at_which_something_is_has_the_preposition_of_its_day(moment, en, de, fr, ar):
    """Never "at Friday 12:00": a clock, tomorrow, a weekday and a date each have their own."""
    told = [plain(reader.at(moment, NOON)) for reader in READERS.values()]
    assert told == [en, de, fr, ar]


@pytest.mark.parametrize(
    ("moment", "en", "de", "fr", "ar"),
    [
        (NOON, "until 12:00", "bis 12:00 Uhr", "jusqu’à 12:00", "حتى الساعة 12:00"),
        (NOON + DAY, "until 12:00 tomorrow", "bis morgen, 12:00 Uhr", "jusqu’à demain, 12:00", "حتى الغد الساعة 12:00"),
        (
            NOON + 3 * DAY,
            "until Friday, 12:00",
            "bis Freitag, 12:00 Uhr",
            "jusqu’à vendredi, 12:00",
            "حتى يوم الجمعة، الساعة 12:00",
        ),
        (
            NOON + 8 * DAY,
            "until Wednesday 2 December, 12:00",
            "bis Mittwoch, 2. Dezember, 12:00 Uhr",
            "jusqu’au mercredi 2 décembre, 12:00",
            "حتى الأربعاء، 2 ديسمبر الساعة 12:00",
        ),
    ],
)
def test_a_time_until_which_something_lasts_has_the_preposition_of_its_day(moment, en, de, fr, ar):
    told = [plain(reader.until(moment, NOON)) for reader in READERS.values()]
    assert told == [en, de, fr, ar]


@pytest.mark.parametrize(
    ("moment", "english", "german"),
    [
        (NOON.replace(hour=14, minute=50), "14:50", "14:50"),
        (NOON - timedelta(hours=12), "00:00", "00:00"),
        (NOON - timedelta(hours=13), "yesterday 23:00", "gestern 23:00"),
        (NOON + timedelta(hours=12), "tomorrow 00:00", "morgen 00:00"),
        (NOON + timedelta(days=2), "Thursday 12:00", "Donnerstag, 12:00"),
        (NOON + timedelta(days=6), "Monday 12:00", "Montag, 12:00"),
        (NOON - timedelta(days=2), "Sunday 22 November, 12:00", "Sonntag, 22. November, 12:00"),
        (NOON + timedelta(days=7), "Tuesday 1 December, 12:00", "Dienstag, 1. Dezember, 12:00"),
        (NOON - timedelta(days=7), "Tuesday 17 November, 12:00", "Dienstag, 17. November, 12:00"),
        (NOON.replace(year=2025), "24 November 2025, 12:00", "24. November 2025, 12:00"),
    ],
)
def test_a_bare_time_names_its_day_when_it_is_not_today(moment, english, german):
    """A weekday means a day to come within a week, so never two; beyond, and before yesterday, there is the date."""
    assert EN.stamp(moment, NOON) == english
    assert DE.stamp(moment, NOON) == german


def test_each_weekday_has_its_own_phrase():
    """Seven days on, each is named once, in each language."""
    for reader in READERS.values():
        for phrase in (reader.at, reader.until):
            told = {phrase(datetime(2026, 11, day, 12, tzinfo=UTC), NOON) for day in range(24, 31)}
            assert len(told) == 7


def test_a_time_is_told_where_the_reader_looks():
    """The clock and the day are those of `as_of`, whatever zone the moment comes in, also where clocks change."""
    tokyo, berlin = ZoneInfo("Asia/Tokyo"), ZoneInfo("Europe/Berlin")
    assert TWELVE.at(NOON, NOON.astimezone(tokyo)) == "at 9:00 pm"
    assert EN.stamp(NOON + timedelta(hours=3), NOON.astimezone(tokyo)) == "tomorrow 00:00"
    one = datetime(2026, 10, 25, 1, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=berlin)
    assert DE.stamp(*one) == "02:00 Winterzeit"
    assert EN.until(*one) == "until 02:00 winter time"


def test_a_time_that_is_read_later_names_weekday_and_date():
    """What a saved copy says of itself means the same tomorrow and next week."""
    assert EN.dated(NOON) == "Tuesday 24 November, 12:00"
    assert DE.dated(NOON) == "Dienstag, 24. November, 12:00"


def test_a_german_sentence_says_uhr():
    """As weather services do: in sentences, not in tables, and not behind the halves of the day; winter time after."""
    half = Formatter(language("de"), SYSTEMS["metric"], twelve=True)
    twice = datetime(2026, 10, 25, 2, 30, tzinfo=ZoneInfo("Europe/Berlin"), fold=1)
    assert (DE.clock_in_text(NOON), DE.clock(NOON), EN.clock_in_text(NOON)) == ("12:00 Uhr", "12:00", "12:00")
    assert "Uhr" not in half.clock_in_text(NOON)
    assert DE.clock_in_text(twice) == "02:30 Uhr Winterzeit"
