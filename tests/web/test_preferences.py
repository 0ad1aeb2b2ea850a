"""What a reader prefers: the address first, then the cookie, then the operator, then the browser's region."""

from datetime import UTC, datetime

import html5lib
import pytest
from fakes import running
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.units import SYSTEMS
from weather.i18n.language import LANGUAGES
from weather.web.http.cookies import read
from weather.web.pages.preferences import preferences

PAGE = "/forecast/51.51,-0.13"
YEAR = 365 * 24 * 60 * 60
ALL = {"units": ("metric", "si", "us", "uk"), "clock": ("24", "12"), "lang": LANGUAGES}

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
        ("lang=fr; lang=de", {"lang": "de"}),
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
    """As if it were not there: the next one in line speaks, and nothing is remembered."""
    wrong = dict.fromkeys(ALL, bad)
    good = {"units": "si", "clock": "12", "lang": "fr"}
    assert chosen(wrong, wrong, "en-GB", None) == ("uk", "24", "en")
    assert chosen(wrong, good) == ("si", "12", "fr")
    assert preferences(wrong, good, "", None).keep == {}


@given(mappings, mappings, anything, st.none() | st.sampled_from(sorted(SYSTEMS)))
def test_it_never_raises_and_is_always_one_of_ours(query, cookies, accept, operator):
    """Whatever a visitor sends, there is a reader; and only what the address rightly asked for is kept."""
    found = preferences(query, cookies, accept, operator)
    assert found.units in SYSTEMS
    assert found.clock in ("24", "12")
    assert found.lang in LANGUAGES
    assert found.keep == {name: value for name, value in query.items() if value in ALL.get(name, ())}


def test_the_reader_is_as_preferred():
    """Language, units and clock all reach the reader."""
    moment = datetime(2026, 11, 24, 15, 5, tzinfo=UTC)
    told = preferences({"units": "us", "clock": "12", "lang": "de"}, {}, "", None).reader
    assert (told.language.code, told.system.name, told.clock(moment).split()) == ("de", "us", ["3:05", "PM"])
    other = preferences({"clock": "24"}, {}, "en-US", None).reader
    assert (other.temperature(10.0), other.clock(moment)) == ("50°", "15:05")


def cookies_of(answer) -> dict[str, tuple[str, set[str]]]:
    """The cookies that an answer sets: value and attributes by name."""
    found = {}
    for line in answer.headers.get_list("set-cookie"):
        first, *rest = (part.strip() for part in line.split(";"))
        name, _, value = first.partition("=")
        found[name] = (value, {part.lower() for part in rest})
    return found


@pytest.mark.anyio
async def test_only_what_the_address_asked_for_is_remembered(upstream, clock):
    """A visit sets no cookie; a preference link sets its own alone, and a bad or foreign name none."""
    async with running(upstream, clock) as site:
        for path in (PAGE, "/", "/search?q=Paris", "/offline", f"{PAGE}?name=X", f"{PAGE}?units=bad&lang=xx&id=1"):
            assert cookies_of(await site.get(path, headers={"Accept-Language": "en-US"})) == {}, path
        assert set(cookies_of(await site.get(f"{PAGE}?units=si"))) == {"units"}
        asked = cookies_of(await site.get("/?lang=de&clock=12&units=bad"))
    assert {name: value for name, (value, _) in asked.items()} == {"lang": "de", "clock": "12"}


@pytest.mark.anyio
@pytest.mark.parametrize(("root", "path"), [("", "/"), ("/weather", "/weather")])
async def test_the_cookie_is_nobody_elses_business(upstream, clock, root, path):
    """Out of reach of scripts and of other sites' posts, for this path alone, for a year."""
    async with running(upstream, clock, WEATHER_ROOT_PATH=root) as site:
        (_, attributes), *rest = cookies_of(await site.get(f"{root}{PAGE}?lang=fr")).values()
    assert not rest
    assert attributes == {"httponly", "samesite=lax", f"path={path}", f"max-age={YEAR}"}


@pytest.mark.anyio
async def test_a_preference_outlives_the_page_that_asked(upstream, clock):
    """The next page, without a word in its address, is in the units, clock and language of the last link."""
    async with running(upstream, clock) as site:
        await site.get(f"{PAGE}?units=us&clock=12&lang=de")
        later = await site.get(PAGE, headers={"Accept-Language": "fr-FR"})
        again = await site.get(f"{PAGE}?units=si")
    assert later.headers["content-language"] == "de"
    assert "<title>54° London</title>" in later.text
    assert "11:55 AM" in " ".join(later.text.split())
    assert again.headers["content-language"] == "de"
    assert "<title>12° London</title>" in again.text


@pytest.mark.anyio
async def test_an_error_page_is_in_the_readers_language(upstream, clock):
    """The cookie counts there too."""
    async with running(upstream, clock) as site:
        answer = await site.get("/nowhere", headers={"Cookie": "lang=ar"})
    assert answer.status_code == 404
    assert '<html lang="ar" dir="rtl">' in answer.text


def links(text: str) -> dict[str, bool]:
    """The preference links by what they ask for, and whether they are the present ones."""
    tree = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)
    nav = next(one for one in tree.iter("nav") if one.get("class") == "preferences")
    return {link.get("href"): link.get("aria-current") == "true" for link in nav.iter("a")}


@pytest.mark.anyio
async def test_the_links_offer_every_choice_and_mark_the_present_one(upstream, clock):
    """Four systems, two clocks, all languages; one of each is the present one."""
    async with running(upstream, clock) as site:
        found = links((await site.get("/", headers={"Accept-Language": "en-GB"})).text)
    assert set(found) == {f"?{name}={value}" for name, allowed in ALL.items() for value in allowed}
    assert {link for link, present in found.items() if present} == {"?units=uk", "?clock=24", "?lang=en"}


@pytest.mark.anyio
async def test_the_links_keep_what_is_shown(upstream, clock):
    """A name in the address stays, escaped; other preferences and what nobody knows do not."""
    async with running(upstream, clock) as site:
        found = links((await site.get(PAGE, params={"name": 'A&B "x"', "units": "si", "x": "1"})).text)
    assert "?name=A%26B+%22x%22&units=us" in found
    assert all(link.startswith("?name=A%26B+%22x%22&") and "x=1" not in link for link in found)
