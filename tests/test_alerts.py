"""Alerts each once: a table of cases."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from weather.alerts import Bulletin, each_once, guessed, lasting
from weather.model import Alert

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

WIND = Bulletin("1", "Yellow Wind Warning", "ZAMG", NOW - HOUR, NOW + HOUR, "Gusts of the west wind.", ("Wind",), "en")
STURM = replace(WIND, id="2", event="Gelbe Windwarnung", description="Böen aus dem Westen.", language="de")
VENT = replace(WIND, id="3", event="Vigilance jaune vent", description="Rafales de vent.", language="fr")
FROST = replace(WIND, id="4", event="Frost", description="Minus four.", tags=("Extreme low temperature",))
COUNTY = replace(WIND, id="5", description="Gusts in the county of Down.")
UNSURE = replace(WIND, id="6", event="Jugo", description="", language=None)

CASES = {
    "one": ([WIND], "en", ["1"]),
    "none": ([], "en", []),
    "bilingual twins, told in German": ([WIND, STURM], "de", ["2"]),
    "bilingual twins, told in English": ([STURM, WIND], "en", ["1"]),
    "twins in neither language: English": ([STURM, WIND], "ar", ["1"]),
    "twins without English: the first": ([STURM, VENT], "ar", ["2"]),
    "three languages": ([WIND, STURM, VENT], "fr", ["3"]),
    "twins under one event": ([WIND, replace(STURM, event=WIND.event)], "de", ["2"]),
    "thirteen copies": ([replace(WIND, id=str(n)) for n in range(13)], "en", ["0"]),
    "thirteen copies in two languages": ([WIND, STURM] * 13, "de", ["2"]),
    "another sender": ([WIND, replace(WIND, sender="DWD")], "en", ["1", "1"]),
    "another span": ([WIND, replace(WIND, id="9", ends_at=NOW + 2 * HOUR)], "en", ["1", "9"]),
    "overlapping regions of one sender": ([WIND, COUNTY], "en", ["1", "5"]),
    "another event in the same language": ([WIND, FROST], "en", ["1", "4"]),
    "another event in another language": ([WIND, replace(STURM, tags=("Rain",))], "en", ["1", "2"]),
    "another event, language unknown": ([WIND, UNSURE], "en", ["1", "6"]),
    "an empty text beside a full one": ([replace(WIND, id="0", description=""), WIND], "en", ["1"]),
    "empty texts alone": ([replace(WIND, description="", language=None)] * 2, "en", ["1"]),
    "one without a language of a source that tells none": (
        [Alert(*(getattr(WIND, f.name) for f in fields(Alert)))],
        "de",
        ["1"],
    ),
}


@pytest.mark.parametrize(("given", "language", "told"), CASES.values(), ids=CASES)
def test_each_once(given, language, told):
    """Copies and translations are one, in the reader's language where there is a choice; all else stays apart."""
    shown = each_once(given, language)
    assert [alert.id for alert in shown] == told
    assert all(type(alert) is Alert for alert in shown)


def test_expired_ones_are_dropped_and_active_ones_stand_first():
    """What is over is not told; what is on comes before what will be, each in the order in which it begins."""
    ended, ends_now = replace(WIND, id="over", ends_at=NOW - HOUR), replace(WIND, id="now", ends_at=NOW)
    soon, later = replace(WIND, id="soon", starts_at=NOW + HOUR / 2), replace(WIND, id="later", starts_at=NOW + HOUR)
    early = replace(WIND, id="early", starts_at=NOW - 5 * HOUR)
    kept = lasting([later, ended, soon, WIND, ends_now, early], NOW.timestamp())
    assert [alert.id for alert in kept] == ["early", "1", "soon", "later"]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("There is a risk of frost (level 1 of 2).", "en"),
        ("Es besteht die Gefahr des Auftretens von Frost.", "de"),
        ("Amtliche WARNUNG vor STURMBÖEN", "de"),
        ("Vigilance jaune orages", "fr"),
        ("Прочие опасности", "ru"),
        ("تحذير من الرياح", "ar"),
        ("Pozor na vítr", "other"),
        ("Jugo", None),
        ("", None),
        ("1234 -- !", None),
    ],
)
def test_the_language_of_a_text_is_guessed(text, language):
    """By script, else by the commonest words of four languages; what could be any is none."""
    assert guessed(text) == language
