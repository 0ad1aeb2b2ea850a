"""What a reader prefers: the address first, then the cookies, then the operator, then the browser's region."""

from datetime import UTC, datetime

import pytest
from fakes import running
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.units import SYSTEMS
from weather.i18n.language import LANGUAGES
from weather.web.http.clients.cookies import read
from weather.web.http.preferences import preferences

PAGE = "/forecast/51.51,-0.13"
ALL = {"units": ("metric", "si", "us", "uk"), "clock": ("24", "12"), "lang": LANGUAGES}  # and those tested by name

anything = st.text(max_size=20)
words = (
    st.sampled_from(["units", "clock", "lang", "us", "si", "12", "24", "de", "ar", "xx", "", "\0", "de-DE"]) | anything
)
mappings = st.dictionaries(words, words, max_size=6)


def chosen(query=(), cookies=(), accept="", operator=None) -> tuple[str, str, str]:
    found = preferences(dict(query), dict(cookies), accept, operator)
    return found.units, found.clock, found.lang


def test_without_a_word_it_is_metric_by_24_hours_in_english():
    """Nothing asked, kept, set or told by the browser."""
    assert chosen() == ("metric", "24", "en")


@pytest.mark.parametrize(
    ("accept", "told"),
    [
        ("en-US,en;q=0.9", ("us", "12", "en")),
        ("en-GB", ("uk", "24", "en")),
        ("de-DE,de;q=0.9", ("metric", "24", "de")),
        ("ar-EG", ("metric", "12", "ar")),
        ("fr-CA", ("metric", "24", "fr")),
        ("es-US", ("us", "12", "en")),
        ("pt", ("metric", "24", "en")),
        ("en-US;q=0.1, de-DE", ("metric", "24", "de")),
        ("de-DE;q=0.5, en-US", ("us", "12", "en")),
        ("*, en-US", ("us", "12", "en")),
        ("en-GB;q=0.8, *;q=0.8", ("uk", "24", "en")),
        ("*", ("metric", "24", "en")),
        ("*;q=0.5, de-DE", ("metric", "24", "de")),
        ("en-US;q=0, de-DE", ("metric", "24", "de")),
        ("en-US;q=0", ("metric", "24", "en")),
        ("en-US" + ", de" * 300, ("metric", "24", "en")),
    ],
)
def test_the_browsers_region_is_the_last_resort(accept, told):
    """Units and clock of its region, the best of our languages for its languages."""
    assert chosen(accept=accept) == told


@pytest.mark.parametrize(
    ("header", "found"),
    [
        ("lang=de; units=us", {"lang": "de", "units": "us"}),
        ("a=1;lang=de;b", {"lang": "de"}),
        ("lang = de", {"lang": "de"}),
        ("lang=fr; lang=de", {"lang": "fr"}),
        ("places=a=b", {"places": "a=b"}),
        ('lang="de"', {"lang": '"de"'}),
        ("language=de; xlang=de; LANG=de", {}),
        ("", {}),
        (";;=;lang", {"lang": ""}),
        ("session=" + "\\" * 30_000, {}),
    ],
)
def test_our_own_cookies_are_read_plainly(header, found):
    """Ours alone, by a split at semicolons; nothing is unquoted (A4)."""
    assert read(header) == found


def test_the_operators_units_beat_the_region_only():
    """WEATHER_UNITS stands above the region and below what the reader asked for, now or before."""
    assert chosen(accept="en-US", operator="si")[0] == "si"
    assert chosen(accept="en-US", operator="si", cookies={"units": "uk"})[0] == "uk"
    assert chosen(accept="en-US", operator="si", query={"units": "metric"})[0] == "metric"


@pytest.mark.parametrize(("name", "allowed"), ALL.items())
def test_the_address_beats_the_cookie_and_the_cookie_the_browser(name, allowed):
    """For each preference and each two values of it; the other preferences stay as they were."""
    at = list(ALL).index(name)
    for kept in allowed:
        told = chosen(cookies={name: kept}, accept="en-US")
        assert told[at] == kept
        assert [one for n, one in enumerate(told) if n != at] == [
            one for n, one in enumerate(("us", "12", "en")) if n != at
        ]
        for asked in allowed:
            assert chosen({name: asked}, {name: kept}, "en-US")[at] == asked


@pytest.mark.parametrize("bad", ["", "US", "metrics", "13", "xx", "en-US", "../de", "us\0", "none"])
def test_a_bad_value_is_ignored(bad):
    """As if it were not there: the next one in line speaks."""
    wrong = dict.fromkeys(ALL, bad)
    good = {"units": "si", "clock": "12", "lang": "fr"}
    assert chosen(wrong, wrong, "en-GB", None) == ("uk", "24", "en")
    assert chosen(wrong, good) == ("si", "12", "fr")
    assert dict(preferences(wrong, good, "", None).kept) == good
    assert preferences(good, wrong, "", None).kept == ()


@pytest.mark.slow
@given(mappings, mappings, anything, st.none() | st.sampled_from(sorted(SYSTEMS)))
def test_it_never_raises_and_is_always_one_of_ours(query, cookies, accept, operator):
    """Whatever a visitor sends, there is a reader; and of the cookies only what is a choice counts as kept."""
    found = preferences(query, cookies, accept, operator)
    assert found.units in SYSTEMS
    assert found.clock in ("24", "12")
    assert found.lang in LANGUAGES
    assert dict(found.kept) == {name: value for name, value in cookies.items() if value in ALL.get(name, ())}


def test_the_reader_is_as_preferred():
    """Language, units and clock all reach the reader."""
    moment = datetime(2026, 11, 24, 15, 5, tzinfo=UTC)
    told = preferences({"units": "us", "clock": "12", "lang": "de"}, {}, "", None).reader
    assert (told.language.code, told.system.name, told.clock(moment).split()) == ("de", "us", ["3:05", "PM"])
    other = preferences({"clock": "24"}, {}, "en-US", None).reader
    assert (other.temperature(10.0), other.clock(moment)) == ("50°", "15:05")


WITH_ONE = {"units": "us", "wind": "kn"}


@pytest.mark.parametrize(
    ("query", "cookies", "told"),
    [
        ({"wind": "kn"}, {}, "°C kn mm hPa km"),
        ({}, {"wind": "bft"}, "°C Bft mm hPa km"),
        ({"pressure": "kpa"}, {"wind": "ms"}, "°C m/s mm kPa km"),
        ({"wind": "mph"}, {"wind": "ms"}, "°C mph mm hPa km"),
        ({}, WITH_ONE, "°F kn in inHg mi"),
        ({"units": "uk"}, WITH_ONE, "°C mph mm hPa mi"),
        ({"units": "uk", "temperature": "f"}, WITH_ONE, "°F mph mm hPa mi"),
        ({"wind": "us", "distance": "MI", "temperature": ""}, {"pressure": "°C"}, "°C km/h mm hPa km"),
    ],
)
def test_a_single_quantity_is_chosen_beside_the_system(query, cookies, told):
    """In the address or kept; a system in the address sets aside the single units that are kept (37)."""
    system = preferences(query, cookies, "", None).reader.system
    symbols = [symbol for name, symbol in system.symbols().items() if name not in ("system", "snowfall")]
    assert " ".join(symbols) == told


def test_a_choice_that_changes_nothing_makes_no_other_reader():
    """Celsius beside the metric system is the metric system: one page in the store for both."""
    plain, same = preferences({}, {}, "", None), preferences({"temperature": "c", "wind": "kmh"}, {}, "", None)
    assert plain == same


@pytest.mark.anyio
async def test_what_a_link_asks_for_holds_for_its_page_alone(upstream, clock):
    """A shared link sets no cookie: the next page is as it was (43)."""
    async with running(upstream, clock) as site:
        for query in ("", "?units=us&lang=ar&clock=12&wind=kn&scheme=dark", "?units=bad"):
            assert "set-cookie" not in (await site.get(f"{PAGE}{query}")).headers
        after = await site.get("/")
    assert after.headers["content-language"] == "en"


@pytest.mark.anyio
async def test_an_error_page_is_in_the_readers_language(upstream, clock):
    """The cookie counts there too."""
    async with running(upstream, clock) as site:
        answer = await site.get("/nowhere", headers={"Cookie": "lang=ar"})
    assert answer.status_code == 404
    assert '<html lang="ar" dir="rtl">' in answer.text
