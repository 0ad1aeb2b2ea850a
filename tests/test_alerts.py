"""Alerts each once: a table of cases."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from weather.domain.alerts import current_and_upcoming, deduplicate, guess_language
from weather.domain.model import Alert

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)

WIND = Alert(
    "1", "Yellow Wind Warning", "ZAMG", NOW - HOUR, NOW + HOUR, "Gusts of the west wind.", ("Wind",), language="en"
)
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
    shown = deduplicate(given, language)
    assert [alert.id for alert in shown] == told
    assert all(type(alert) is Alert for alert in shown)


def test_expired_ones_are_dropped_and_active_ones_stand_first():
    """What is over is not told; what is on comes before what will be, each in the order in which it begins."""
    ended, ends_now = (
        replace(WIND, id="over", starts_at=NOW - 3 * HOUR, ends_at=NOW - HOUR),
        replace(WIND, id="now", ends_at=NOW),
    )
    soon, later = replace(WIND, id="soon", starts_at=NOW + HOUR / 2), replace(WIND, id="later", starts_at=NOW + HOUR)
    early = replace(WIND, id="early", starts_at=NOW - 5 * HOUR)
    kept = current_and_upcoming([later, ended, soon, WIND, ends_now, early], NOW.timestamp())
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
    """By script, else by the commonest words of ten languages; what could be any is none."""
    assert guess_language(text) == language


@pytest.mark.parametrize(
    ("starts", "ends", "told"),
    [
        (36, -1 / 6, True),  # "expires" of the message, before the "onset" of what it warns of
        (-1, -2, True),
        (-23, -500000, True),  # `end: 0`
        (-25, -26, False),
        (36, 36, True),
        (-1, -1, True),
        (-25, -25, False),
        (-2, -1, False),
        (-1, 1, True),
    ],
)
def test_an_end_not_after_the_beginning_is_none(starts, ends, told):
    """Such a warning is shown until a day after it has begun (breezy-weather#2563), in hours from now."""
    one = replace(WIND, starts_at=NOW + starts * HOUR, ends_at=NOW + ends * HOUR)
    assert bool(current_and_upcoming([one], NOW.timestamp())) is told


@pytest.mark.parametrize(
    "event",
    [
        "Green warning for rain",
        "green Wind Warning",
        "Green alert",
        "Grüne Windwarnung",
        "Vigilance verte",
        "Aviso verde",
        "Green High-temperature Warning",
        "Green Snow-Ice Warning",
        "green Rain-Flood alert",
        "Green coastalevent warning",
        "Code groen",
        "Code Green",
        "No special awareness required",
        "No particular awareness of the weather is required.",
        "No warnings in force",
        "Keine amtlichen Warnungen",
        "Entwarnung",
        "Pas de vigilance particulière",
        "Aucune alerte",
        "Sin avisos",
        "Nessuna allerta",
        "Groene waarschuwing",
        "Vihreä tuulivaroitus",
        "Grön vindvarning",
        "Avviso verde per vento",
        "Nivel verde",
        "Aviso de nivel verde",
        "Zielone ostrzeżenie",
        "Warnung grün",
        "Cancelled: Wind warning",
        "CANCELED - Red flag warning (red)",
        "Cancellation: Yellow warning for wind and rain",
        "Aufhebung: Amtliche WARNUNG vor FROST",
        "Annulé : Vigilance orange vent",
    ],
)
def test_that_there_is_no_danger_is_no_warning(event):
    """Green is the level of Meteoalarm at which no special attention is needed (openhab-addons#14958)."""
    assert current_and_upcoming([replace(WIND, event=event)], NOW.timestamp()) == ()


@pytest.mark.parametrize(
    "event",
    [
        "",
        "Yellow warning",
        "Flood Warning Green River",
        "Green to yellow warning for wind",
        "Greenland wind",
        "None",
        "No travel advised",
        "No warning lights on Highway 5: dense fog",
        "Nonemergency flood advisory",
        "Keine Warnung ohne Gefahr: Orkanböen",
        "Green River flash flood warning",
        "Green Bay marine storm warning",
        "Code geel",
        "Aviso verde-amarelo",
        "Green-yellow warning",
        "Grüne/gelbe Windwarnung",
        "Warnung vor Grünspan",
        "Evergreen",
        "Cancelled: Tornado watch. Tornado warning in force",
        "Cancelled: Tornado watch, replaced by a tornado warning",
        "Cancelled: Orange warning, now red",
        "Cancelled: Orange warning\nReplaced by red",
        "Cancelled flights: Storm warning",
        "Cancelled:",
        "Aufhebung: Warnung vor STURM, ersetzt durch Warnung vor ORKAN",
    ],
)
def test_whatever_else_is_green_or_cancelled_is_a_warning(event):
    """In doubt it is shown."""
    assert len(current_and_upcoming([replace(WIND, event=event)], NOW.timestamp())) == 1


TWINS = {
    "Finland": ["Keltainen tuulivaroitus maa-alueille", "Gul vindvarning för landområden", "Yellow wind warning"],
    "Italy": ["Avviso giallo per vento", "Yellow wind warning"],
    "Portugal": ["Aviso amarelo de vento", "Yellow wind warning"],
    "Spain": ["Aviso amarillo por vientos", "Moderate wind warning"],
    "Belgium": [
        "Gelbe Windwarnung", "Vigilance jaune vent", "Code geel: waarschuwing voor wind", "Yellow wind warning",
    ],
    "Switzerland": ["Windwarnung der Stufe 2", "Vigilance jaune vent", "Avviso di vento", "Wind warning of level 2"],
    "the Netherlands": ["Code Geel", "Code Yellow"],
    "the Netherlands, in words": ["Waarschuwing voor zware windstoten", "Warning of severe gusts"],
    "Belgium, by colours": ["Geel - Wind", "Jaune - Vent", "Gelb - Wind", "Yellow - Wind"],
    "Switzerland, by hazards": ["Gewitter", "Orages", "Temporali", "Thunderstorms"],
    "Poland": ["Ostrzeżenie przed silnym wiatrem 1 stopnia", "Yellow wind warning"],
    "Russia": ["Ветер местами сильный", "Wind warning"],
    "Czechia": ["Výstraha na silný vítr", "Wind warning for the country"],
    "Albania and Bosnia, both without marks": [
        "Paralajmerim i verdhe per ere te forte ne zonat bregdetare",
        "Zuto upozorenje na jak vjetar u primorskim krajevima kao i planinama",
    ],
}  # fmt: skip


def issued(text: str, number: int) -> Alert:
    """As One Call tells it: the language is guessed from the text."""
    return replace(WIND, id=str(number), event=text, description="", language=guess_language(text))


@pytest.mark.parametrize("texts", [pytest.param(texts, id=name) for name, texts in TWINS.items()])
@pytest.mark.parametrize("turn", [1, -1])
def test_one_warning_in_many_languages_is_one(texts, turn):
    """Whatever its languages and their order; where there is English, a reader of none of them gets that."""
    (shown,) = deduplicate([issued(text, n) for n, text in enumerate(texts)][::turn], "ar")
    english = [text for text in texts if guess_language(text) == "en"]
    assert shown.event in (english or texts)


@pytest.mark.parametrize(
    "texts",
    [
        ["Yellow wind warning", "Orange gale alert of the coast"],
        ["Avviso giallo per vento", "Allerta di burrasca con mare mosso"],
        ["Jugo", "Bura"],
        ["Jugo jako na moru", "Bura olujna uz obalu"],
        ["Gul vindvarning för landområden", "Röd varning: kuling på havet"],
    ],
)
def test_two_warnings_in_one_language_stay_two(texts):
    """Even of one sender, span and kind: one hidden does more harm than one shown twice."""
    assert len(deduplicate([issued(text, n) for n, text in enumerate(texts)], "en")) == 2
