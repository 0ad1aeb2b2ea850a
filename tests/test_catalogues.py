"""Catalogues as translators and their readers need them: contexts, notes, signs of CLDR, and languages merely begun."""

import json
import re
import shutil
import subprocess
import sys
from dataclasses import replace
from gettext import NullTranslations
from pathlib import Path

import pytest

from weather.domain.conditions import DAY_TEXTS, condition
from weather.i18n.fallback import unmarked
from weather.i18n.language import FOLDER, LANGUAGES, SERVED_FROM, is_served, language, page_language
from weather.i18n.negotiation import looked_up
from weather.i18n.relative_time import ages
from weather.messages import C_

ROOT = Path(__file__).parent.parent
EN, DE, FR, AR = (language(code) for code in ("en", "de", "fr", "ar"))


def read(path: Path):
    pofile = pytest.importorskip("babel.messages.pofile")
    with path.open("rb") as file:
        return pofile.read_po(file)


def template():
    return [message for message in read(FOLDER / "messages.pot") if message.id]


# Contexts and notes


@pytest.mark.slow
@pytest.mark.parametrize(
    "word",
    """in mi kn now Now fair poor good Low High Time Status Data Received hours days warnings Search Remove Source Place
    Units Clock Language light dark""".split(),
)
def test_a_word_of_several_senses_has_a_context(word):
    """ "in" is an inch, "Low" a temperature, "light" a colour: the translator is told, and may say each otherwise."""
    contexts = [message.context for message in template() if message.id == word]
    assert contexts
    assert all(contexts)


def test_every_value_in_braces_is_explained():
    """A note on each message says what stands in place of each name."""
    for message in template():
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        for name in set(re.findall(r"\{(\w+)\}", " ".join(texts))):
            assert f"{{{name}}}" in " ".join(message.auto_comments), (message.id, name)


def test_a_context_is_no_part_of_what_is_said():
    """In English, and where there is no translation."""
    assert EN.say(C_("unit", "in")) == DE.say(C_("no such context", "in")) == "in"
    assert AR.say(C_("unit", "in")) == "بوصة"
    assert DE.say(C_("table head", "Status")) != DE.say("Status")


# Signs


@pytest.mark.parametrize("code", ["de", "fr", "ar"])
def test_no_two_messages_differ_in_the_order_of_their_values_alone(code):
    """What falls and what rises cannot be the same text (German lost "down" and "up")."""
    told = {}
    for message in read(FOLDER / f"{code}.po"):
        if isinstance(message.id, str) and "{" in message.id and message.string:
            shape = re.sub(r"\{\w+\}", "{}", message.string)
            names = frozenset(re.findall(r"\{\w+\}", message.id))
            if len(names) > 1:
                assert told.setdefault((shape, names), message.id) == message.id


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_was_calculated_received_and_is_fresh_has_words_of_its_own(lang):
    """The time of the weather, the time at which it came, and whether it is out of date are three things."""
    say = language(lang).say
    texts = [say("As of {time}", time=""), say("Data received: {time}", time=""), say(C_("table head", "Status"))]
    assert len({text.strip(" :\u00a0") for text in texts}) == 3
    assert not say("{source}, received {time}", source="", time="").strip(" :,").startswith(texts[0].strip(" :"))


def test_french_signs_do_not_begin_a_line():
    """Before a colon or closing quote stands a space that does not break; before all other marks a thin one."""
    for message in read(FOLDER / "fr.po"):
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            assert not re.search(r" [:;!?»]|« |\u00a0[;!?]", text), text


def test_german_says_that_rain_lasts_and_what_a_span_is_of():
    """ "In den nächsten zwei Stunden" may be for a moment of them; "über 3 Stunden" reads as more than three."""
    for message in read(FOLDER / "de.po"):
        if message.id and " for the " in message.id and message.id.endswith("hour.") | message.id.endswith("hours."):
            assert message.string.startswith("Durchgehend "), message.string
        assert "über 3 Stunden" not in message.string


@pytest.mark.parametrize("text", ["{time}: the index is not known", "Demo: this weather is invented."])
def test_german_begins_a_whole_sentence_behind_a_colon_with_a_capital(text):
    """As its spelling rules have it (§ 54)."""
    assert DE.text(text).split(": ")[1][0].isupper()


@pytest.mark.parametrize("code", ["de", "fr", "ar"])
def test_no_message_says_a_sentence_twice(code):
    """One stood there five times."""
    for message in read(FOLDER / f"{code}.po"):
        for text in message.string if isinstance(message.string, tuple) else (message.string,):
            parts = [part.strip() for part in re.split(r"(?<=[.!?؟])", text) if len(part) > 5]
            assert len(parts) == len(set(parts)), text


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("de", ("Sprühregen", "Schicht", "vorrätig", "nass,", "Vorhersage nach Minuten")),
        ("fr", ("igilance", "humide", "heure n’a ")),
        ("ar", ("إنذار", "مفتاح الدخول", "سديم", "يخترع", " ماءً")),
    ],
)
def test_one_thing_has_one_word(code, words):
    """Drizzle, an official warning, a layer, an access key: each as its other messages have it."""
    for message in read(FOLDER / f"{code}.po"):
        text = " ".join(message.string) if isinstance(message.string, tuple) else message.string
        assert not message.id or not any(word in text for word in words), text


def test_a_share_is_written_as_cldr_has_it():
    """No space in English, one that does not break in German and French, marks in Arabic; Turkish has it in front."""
    assert (EN.percent(40), DE.percent(40), FR.percent(40)) == ("40%", "40\u00a0%", "40\u00a0%")
    assert AR.percent(40) == "40\u200e%\u200e"
    turkish = replace(EN, conventions=replace(EN.conventions, percent="%{number}"))
    assert turkish.percent(40) == "%40"


def test_counts_are_grouped():
    """As each language groups; a pressure is not."""
    assert [one.count(1_234_567) for one in (EN, DE, FR, AR)] == [
        "1,234,567",
        "1.234.567",
        "1\u202f234\u202f567",
        "1,234,567",
    ]
    assert EN.number(1012) == "1012"


def test_lists_have_the_comma_of_the_language():
    """Arabic has one of its own; the others do not."""
    assert [one.conventions.comma for one in (EN, DE, FR, AR)] == [", ", ", ", ", ", "، "]


def test_a_sentence_begins_with_the_capital_of_its_language():
    """A Turkish i keeps its dot; a mark in front is no letter."""
    turkish = replace(EN, code="tr")
    assert [EN.capitalised("ice"), turkish.capitalised("ince"), EN.capitalised("")] == ["Ice", "İnce", ""]
    spoken = page_language("de")
    assert unmarked(spoken.capitalised(spoken.say("an unheard word"))) == "An unheard word"


# The sky


@pytest.mark.parametrize("code", LANGUAGES)
def test_no_sun_shines_at_night(code):
    """The names of clear and partly clear skies are others by day than by night, in every language."""
    for sky in DAY_TEXTS:
        by_day, by_night, unknown = (
            language(code).say(condition(sky, None, light).text) for light in (True, False, None)
        )
        assert by_day != by_night
        assert by_night == unknown
    assert condition(800, None, True).text == "sunny"


# Which languages are served


@pytest.mark.parametrize(("percent", "expected"), [(None, False), ("0.0", False), ("89.9", False), ("90.0", True)])
def test_a_language_is_served_from_nine_tenths_on(percent, expected):
    """Its compiled catalogue says how much of it is translated; one that does not say is not served."""
    translations = NullTranslations()
    if percent:
        translations.info()["x-translated-percent"] = percent
    assert is_served(translations) is expected
    assert SERVED_FROM == 90


def served_from(root: Path) -> list[str]:
    """The languages of a copy of the program, and what it serves to who asks for Dutch and takes French too."""
    code = "from weather.i18n import language as l, negotiation as n; print(*l.LANGUAGES, n.negotiate('nl, en;q=0.5'))"
    return subprocess.run(
        [sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True
    ).stdout.split()


@pytest.mark.slow
def test_a_language_that_is_begun_is_not_served_until_it_is_nearly_whole(tmp_path):
    """Untouched, its speakers get English that says it is English; with nine in ten messages it is in the list."""
    pytest.importorskip("babel")
    for name in (".build", "weather", "templates"):
        shutil.copytree(
            ROOT / name, tmp_path / name, ignore=shutil.ignore_patterns("*.sqlite*", "__pycache__", "static")
        )
    script = [sys.executable, tmp_path / ".build" / "locale.py"]
    subprocess.run([*script, "nl"], check=True, capture_output=True)
    assert served_from(tmp_path) == ["en", "ar", "de", "fr", "en"]
    path = tmp_path / "weather" / "locale" / "nl.po"
    lines = path.read_text("utf-8").split("\n\n")
    filled = [
        re.sub(r'(msgid (?:""\n)?((?:".*"\n)+))msgstr ""', r"\1msgstr \2", text + "\n").strip() for text in lines[1:]
    ]
    path.write_text("\n\n".join([lines[0], *filled]) + "\n", "utf-8")
    subprocess.run(script, check=True, capture_output=True)
    assert served_from(tmp_path) == ["en", "ar", "de", "fr", "nl", "nl"]


@pytest.mark.parametrize(
    ("asked", "code"),
    [
        ("pt-br", "pt-BR"),
        ("pt", "pt-BR"),
        ("pt-pt", "pt-BR"),
        ("zh-tw", "zh-Hant"),
        ("zh-hk", "zh-Hant"),
        ("zh-hant-mo", "zh-Hant"),
        ("zh", None),
        ("zh-cn", None),
        ("zh-hans", None),
        ("ja", None),
        ("de-at", "de"),
    ],
)
def test_a_region_gets_the_language_in_its_script(asked, code):
    """Brazil's Portuguese rather than English for Portugal, traditional Chinese for Taiwan but not for the mainland."""
    scripts = {"zh": "hans", "zh-tw": "hant", "zh-hk": "hant", "pt": "latn", "de": "latn"}  # CLDR, likelySubtags
    assert looked_up(asked, ["en", "de", "pt-BR", "zh-Hant"], scripts) == code


def test_the_likely_scripts_are_those_of_our_languages():
    """Arabic's own and no other's region that writes it otherwise."""
    scripts = json.loads((FOLDER / "cldr.json").read_text("utf-8"))["scripts"]
    assert (scripts["ar"], scripts["de"], scripts["en"]) == ("arab", "latn", "latn")


@pytest.mark.parametrize("code", LANGUAGES)
def test_each_plural_category_has_a_number_of_its_own(code):
    """The browser is given the form of each category by a number that CLDR counts to it (Welsh "many" is 6 alone)."""
    babel = pytest.importorskip("babel")
    samples, category = language(code).conventions.samples, babel.Locale.parse(code).plural_form
    assert samples == {category(n): n for n in samples.values()}
    assert set(samples) == {category(n) for n in range(1000)}
    assert set(json.loads(ages(code))["days"]) <= {*samples, "other"}
