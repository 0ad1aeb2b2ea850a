"""The table of conditions, against OpenWeatherMap's own (https://openweathermap.org/weather-conditions)."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.conditions import DAY_TEXTS, TEXTS, condition, is_wet

CONTRACT = Path(__file__).parent.parent.parent / "shared" / "owm" / "CONTRACT.md"

# Group, number of the icon, ids.
TABLE = [
    ("thunderstorm", "11", "200 201 202 210 211 212 221 230 231 232"),
    ("drizzle", "09", "300 301 302 310 311 312 313 314 321"),
    ("rain", "10", "500 501 502 503 504"),
    ("rain", "13", "511"),
    ("rain", "09", "520 521 522 531"),
    ("snow", "13", "600 601 602 611 612 613 615 616 620 621 622"),
    ("mist", "50", "701"),
    ("smoke", "50", "711"),
    ("haze", "50", "721"),
    ("dust", "50", "731 761"),
    ("fog", "50", "741"),
    ("sand", "50", "751"),
    ("ash", "50", "762"),
    ("squall", "50", "771"),
    ("tornado", "50", "781"),
    ("clear", "01", "800"),
    ("clouds", "02", "801"),
    ("clouds", "03", "802"),
    ("clouds", "04", "803 804"),
]
ROWS = [(int(code), group, icon) for group, icon, codes in TABLE for code in codes.split()]
ICONS = {f"{number}{light}" for number in "01 02 03 04 09 10 11 13 50".split() for light in "dn"}


@pytest.mark.parametrize(("code", "group", "icon"), ROWS, ids=[str(code) for code, *_ in ROWS])
def test_every_id_has_its_group_icon_and_words(code, group, icon):
    """An id of the table: OpenWeatherMap's group, words of ours, its icon by day and by night."""
    by_day, by_night = condition(code, None, True), condition(code, None, False)
    assert (by_day.code, by_day.group, by_day.icon) == (code, group, f"{icon}d")
    assert by_night.icon == f"{icon}n"
    assert (by_day.text, by_night.text) == (DAY_TEXTS.get(code, TEXTS[code]), TEXTS[code])
    assert is_wet(code) is (200 <= code < 700)


def test_the_table_is_whole():
    """55 ids, none of our own."""
    assert len(ROWS) == 55
    assert {code for code, *_ in ROWS} == set(TEXTS)


@pytest.mark.needs(CONTRACT)
def test_the_table_is_the_one_of_the_contract():
    """The ids are those that the contract sheet lists in section 6.1."""
    section = CONTRACT.read_text().split("### 6.1")[1].split("Icons:")[0]
    listed = re.findall(r"(?:(?<=[:;,] )|(?<=\*\*))([2-8]\d\d)(?= )", section)
    assert {int(code) for code in listed} | {800} == set(TEXTS)


def test_words_say_what_the_group_says():
    """Words are lower case, tell their kind, and differ where the amount does."""
    kinds = {2: "thunder", 3: "drizzle", 5: "rain"}
    for code, text in TEXTS.items():
        assert text == text.lower().strip()
        assert kinds.get(code // 100, "") in text
    assert all(re.search("snow|sleet", TEXTS[code]) for code in TEXTS if code // 100 == 6)
    assert not any(re.search("rain|snow|drizzle|shower", TEXTS[code]) for code in TEXTS if code >= 700)
    wet = [text for code, text in TEXTS.items() if code < 700]
    assert len(set(wet)) == len(wet)


@pytest.mark.parametrize(
    ("code", "text", "group", "icon"),
    [
        (299, "thunderstorm", "thunderstorm", "11d"),
        (399, "drizzle", "drizzle", "09d"),
        (599, "moderate rain", "rain", "10d"),
        (699, "snow", "snow", "13d"),
        (799, "mist", "mist", "50d"),
        (899, "cloudy", "clouds", "04d"),
        (905, "unusual weather", "unknown", "03d"),
        (400, "unusual weather", "unknown", "03d"),
        (0, "unusual weather", "unknown", "03d"),
        (-1, "unusual weather", "unknown", "03d"),
    ],
)
def test_an_unknown_id_reads_as_the_plain_one_of_its_hundred(code, text, group, icon):
    """The id itself is kept; where not even its hundred is known the words say no more than that."""
    told = condition(code, None, None)
    assert (told.code, told.text, told.group, told.icon) == (code, text, group, icon)


@pytest.mark.parametrize("icon", sorted(ICONS))
def test_upstreams_icon_is_kept(icon):
    """Each of the 18 icons, also where it is not the usual one of the id, or the hour."""
    assert condition(500, icon, is_day=True).icon == icon


@pytest.mark.parametrize("icon", ["", "99d", "05d", "12n", "10x", "10", "010d", "10d\n", "../10d", "١٠d", "10D", None])
def test_what_is_no_icon_is_replaced(icon):
    """Anything but the 18 could be a picture that does not exist, so the id's own takes its place."""
    assert condition(500, icon, is_day=True).icon == "10d"


@given(st.integers(), st.none() | st.text(max_size=4), st.none() | st.booleans())
def test_any_id_has_a_condition(code, icon, is_day):
    """Whatever upstream sends, there are words, a group and one of the 18 icons."""
    told = condition(code, icon, is_day)
    assert told.code == code
    assert told.text
    assert told.group
    assert told.icon in ICONS
    assert is_wet(code) is (code // 100 in (2, 3, 5, 6))
