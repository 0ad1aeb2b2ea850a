"""No text escapes translation: every page and state in a language that is made here, without a Latin letter."""

import re
from dataclasses import dataclass, replace
from datetime import UTC
from functools import cache
from gettext import NullTranslations

import pytest
from markup import parsed, words
from states import DEMO, LONDON, NOW, STATES, SVALBARD, TEMPLATING, hours, report

from weather import errors
from weather.errors import WeatherError
from weather.i18n.fallback import CLOSE, OPEN
from weather.i18n.formatting import Formatter
from weather.i18n.language import FOLDER, LANGUAGES, Language, Untranslated, language, page_language
from weather.messages import source_text
from weather.places.saved.lists import SavedPlace
from weather.upstream.limits.circuit_breaker import BreakerState
from weather.upstream.quota import Quota
from weather.web.http.preferences import Preferences
from weather.web.pages.embeds.badge import badge
from weather.web.pages.embeds.embed_view import card as place_card
from weather.web.pages.errors import DETAILS, TITLES, ErrorPage, in_words
from weather.web.pages.forecast import HomePage, PlainPage, SearchPage
from weather.web.pages.place_rows import PlacesPage, card, columns
from weather.web.pages.sign_in import SignInPage
from weather.web.pages.status import PART_WORDS, REASONS, StatusPage, breakers, budgets, marks, shares, strips
from weather.web.pages.untranslated import in_english
from weather.web.view.forecast import forecast_page

NAMES = """
Weatherglass com GeoNames Meteocons MIT CC BY OpenWeatherMap OpenWeather Open Meteo One Call UTC Met Office GB England
London Longyearbyen Cairo EG SJ AQ Vostok Santiago hPa Yellow wind warning Red rain Alert Gusts of mph x h
Reykjav Paris Texas
""".split()
"""What a page holds that is in no language, or in the one that its source wrote it in."""


@cache
def messages() -> frozenset[str]:
    """All that translators are given, as the program asks for it."""
    pofile = pytest.importorskip("babel.messages.pofile")
    with (FOLDER / "messages.pot").open("rb") as file:
        found = [(one.context, one.id) for one in pofile.read_po(file) if one.id]
    texts = [(context, text) for context, id in found for text in ([id] if isinstance(id, str) else id)]
    return frozenset(f"{context}\x04{text}" if context else text for context, text in texts)


class Pseudo(NullTranslations):
    """Says every message of the template in brackets, half as long again, and in Arabic letters."""

    def __init__(self) -> None:
        super().__init__()
        self.known = messages()

    def gettext(self, message: str) -> str:
        if message not in self.known:
            return ""
        parts = re.split(r"(\{\w+\})", source_text(message))
        told = "".join(part if part.startswith("{") else re.sub("[A-Za-z]", "ش", part) for part in parts)
        return f"⟦{told}{'ش' * (len(told) // 2)}⟧"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return self.gettext(msgid2)


def pseudo() -> Language:
    """Right to left, with the dates and numbers of Arabic."""
    return replace(page_language("ar"), catalogue=Pseudo())


EN = language("en")


@dataclass(frozen=True)
class Reads(Preferences):
    """A reader of a language that is made here."""

    spoken: Language = EN

    @property
    def reader(self) -> Formatter:
        return Formatter(self.spoken, self.system, self.clock == "12")


def reads(spoken: Language, units: str = "metric") -> Reads:
    return Reads(units, "24", "ar", spoken=spoken)


def rendered(template: str, page: object, spoken: Language, is_demo: bool = False, units: str = "metric") -> str:
    return TEMPLATING[is_demo].render(template, page, reads(spoken, units), {}).decode()


def texts(element, spoken: str = "ar"):
    """Each text with the language that it is marked as, and each attribute that people are told."""
    here = element.get("lang") or spoken
    if not isinstance(element.tag, str) or element.tag in ("style", "script"):
        return
    for name in ("aria-label", "title", "placeholder", "alt", "content", "data-denied", "data-saved", "data-offline"):
        if element.tag != "meta" or element.get("name") == "description":
            yield element.get(name) or "", here
    yield element.text or "", here
    for child in element:
        yield from texts(child, here)
        yield child.tail or "", here


def escaped(page: str, *names: str) -> list[str]:
    """The Latin words of a page that are neither names nor marked as of another language."""
    root = parsed(page)
    told = [text for part in root for text, spoken in texts(part, root.get("lang")) if spoken == root.get("lang")]
    words = re.findall(r"[A-Za-z]{2,}", re.sub(r"\{\w+\}", "", " ".join(told)))
    return [word for word in words if word not in {*NAMES, *names}]


def escaped_of(template: str, page: object, *names: str, is_demo: bool = False) -> list[str]:
    return escaped(rendered(template, page, pseudo(), is_demo), *names)


FOREIGN = {state: told for state, told in STATES.items() if "evil" not in state}


@pytest.mark.slow
@pytest.mark.parametrize("state", FOREIGN)
@pytest.mark.parametrize("units", ["metric", "us"])
def test_every_text_of_a_forecast_is_a_message(state, units):
    """Sentences, table heads, units, the drawing and what the pointer is told of it; also read out alone."""
    spoken = pseudo()
    page = forecast_page(FOREIGN[state], "", reads(spoken, units).reader, NOW.timestamp())
    assert escaped(rendered("forecast.html", page, spoken, units=units)) == []


def test_every_text_of_the_demo_is_a_message():
    """Its band too."""
    page = forecast_page(report(source=DEMO), "", reads(pseudo()).reader, NOW.timestamp())
    assert escaped_of("forecast.html", page, is_demo=True) == []


SAVED = SavedPlace("x", "London", "GB", 51.5, -0.13, "Europe/London")
COLUMNS = columns([SAVED], NOW.timestamp())
FRESH = card(SAVED, report(), report(), COLUMNS, NOW.timestamp())
OLD = [card(one, None, STATES["stale"], COLUMNS, 0.0) for one in (SAVED, replace(SAVED, home=True))]
OTHERS = {
    "home": ("home.html", HomePage([SAVED])),
    "offline": ("offline.html", PlainPage()),
    "names": ("search.html", SearchPage("London", [LONDON, SVALBARD])),
    "typing": ("_begins.html", SearchPage("Lon", [LONDON])),
    "nothing typed": ("_begins.html", SearchPage("Lon", [])),
    "saved": ("places.html", PlacesPage([FRESH, *OLD], COLUMNS, [], 0)),
    "saved, to be changed": ("places.html", PlacesPage([*OLD, *OLD], [], [], 0, edit=True)),
    "nothing saved": ("places.html", PlacesPage([], [], [], 0)),
    "sign in": ("sign_in.html", SignInPage("/", is_wrong=True)),
    **{f"error {status}": ("error.html", ErrorPage(status, TITLES[status], DETAILS.get(status, ""), "", [LONDON]))
       for status in TITLES},
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("name", [name for name in OTHERS if not name.endswith("typed") and name != "typing"])
def test_every_text_of_another_page_is_a_message(name):
    """Home, offline, search, saved places, errors."""
    assert escaped_of(*OTHERS[name]) == []


@pytest.mark.parametrize("state", ["fresh", "all told", "stale", "two alerts", "polar night"])
def test_every_text_of_a_card_and_a_badge_is_a_message(state):
    """What other sites show of a place."""
    page = forecast_page(STATES[state], "", reads(pseudo()).reader, NOW.timestamp())
    assert escaped_of("card.html", place_card(page, reads(pseudo()).reader)) == []
    picture = rendered("_badge.svg", badge(page, reads(pseudo()).reader), pseudo())
    assert escaped(f'<!doctype html><html lang="ar"><title>⟦⟧</title>{picture}</html>') == []


@pytest.mark.parametrize("page", [OTHERS["typing"][1], OTHERS["nothing typed"][1]])
def test_what_is_told_of_typing_is_a_message(page):
    """How many places begin with what was typed."""
    told = re.search('data-count="([^"]+)"', rendered("_begins.html", page, pseudo()))
    assert re.findall("[A-Za-z]", told[1]) == []


def test_every_text_of_the_status_is_a_message():
    """What was answered, the services, the calls that are left, what is stored."""
    kinds = (None, frozenset({"onecall"}))
    quotas = [Quota("q", 60, window, kind) for window in ("minute", "month") for kind in kinds]
    states = {f"x{n}": BreakerState(open_until=NOW.timestamp() + 60, reason=reason) for n, reason in enumerate(REASONS)}
    tally = dict.fromkeys(("hit", "miss", "stale", "error"), 1_234_567)
    page = StatusPage(
        as_of=NOW,
        since=NOW,
        sources=["openweathermap"],
        plan="",
        workers=2,
        total=4,
        shares=shares(tally),
        budgets=[budget for name in ("openweathermap", "demo") for budget in budgets(name, [(q, 5.0) for q in quotas])],
        breakers=breakers(states, NOW.timestamp()),
        strips=strips([("/data/2.5/weather#1", NOW.timestamp())], NOW.timestamp()),
        marks=marks(),
        problems=dict.fromkeys(PART_WORDS, "no route to host"),
        zone_rules="2026b",
    )
    assert escaped_of("status.html", page, "data", "weather") == []


# Errors


def kinds(kind: type[WeatherError] = WeatherError) -> list[type[WeatherError]]:
    return [one for sub in kind.__subclasses__() for one in (sub, *kinds(sub))]


def example(kind: type[WeatherError]) -> WeatherError:
    """One of a kind, with words that are in no catalogue where the kind lets its raiser choose them."""
    made = {
        errors.BadParameter: ("q", "x is not y"),
        errors.BadBody: ("name", "x is not y"),
        errors.KeyPaused: (1.0, "", b""),
    }
    once = (errors.TooManyLists, errors.CircuitOpen, errors.QuotaExhausted, errors.ClientQuotaExhausted)
    if kind in made:
        return kind(*made[kind])
    if issubclass(kind, errors.UpstreamStatus):
        return kind(500)
    return kind() if kind is errors.SlowBody else kind(1.0) if issubclass(kind, once) else kind("x is not y")


@pytest.mark.parametrize("code", LANGUAGES)
@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_error_has_words_of_its_own_in_every_language(kind, code):
    """Title and detail are messages: nothing of what the program says to itself stands on a page."""
    error, spoken = example(kind), language(code)
    told = in_words(error, spoken)
    assert spoken.knows(error.title)
    assert told == str(error) if code == "en" and "x is not" in told else spoken.knows(told)


@pytest.mark.slow
@pytest.mark.parametrize("kind", kinds(), ids=lambda kind: kind.__name__)
def test_every_text_of_an_error_is_a_message(kind):
    """On its page."""
    error = example(kind)
    page = ErrorPage(error.status, error.title, in_words(error, pseudo()), "", [])
    assert escaped_of("error.html", page) == []


# English for want of a translation


def untranslated(code: str = "ar") -> Language:
    return replace(page_language(code), catalogue=Untranslated())


@pytest.mark.slow
@pytest.mark.parametrize("state", ["fresh", "all told", "stale", "two alerts", "minutes wet", "polar night"])
def test_what_is_not_translated_is_marked_as_english(state):
    """Each text in the page's own language or marked as English; no mark is left over, none in an attribute."""
    page = forecast_page(STATES[state], "", reads(untranslated()).reader, NOW.timestamp())
    text = rendered("forecast.html", page, untranslated())
    assert escaped(re.sub(' (aria-label|placeholder|content|data-[a-z]+)="[^"]*"', "", text)) == []
    assert OPEN not in text
    assert CLOSE not in text
    assert '<span lang="en" dir="ltr">' in text


@pytest.mark.parametrize("code", LANGUAGES)
def test_nothing_is_marked_where_all_is_translated(code):
    """A page that is whole holds no foreign text of ours."""
    page = forecast_page(report(), "", reads(page_language(code)).reader, NOW.timestamp())
    assert '<span lang="en"' not in rendered("forecast.html", page, page_language(code))


@pytest.mark.parametrize(
    ("page", "told"),
    [
        (f"<p>{OPEN}Rain{CLOSE} 5°</p>", '<p><span lang="en" dir="ltr">Rain</span> 5°</p>'),
        (f"<p>{OPEN}Wind, {OPEN}gusts{CLOSE}.{CLOSE}</p>", '<p><span lang="en" dir="ltr">Wind, gusts.</span></p>'),
        (f'<a title="{OPEN}Rain{CLOSE}">x</a>', '<a title="Rain">x</a>'),
        (f"<title>{OPEN}Rain{CLOSE} in Bonn</title>", '<title lang="en">Rain in Bonn</title>'),
        (f'<text x="1">{OPEN}Now{CLOSE}</text>', '<text x="1" lang="en">Now</text>'),
        (f"<p>{OPEN}left open</p><p>x</p>", '<p><span lang="en" dir="ltr">left open</span></p><p>x</p>'),
        (f"<p>x{CLOSE}</p>", "<p>x</p>"),
    ],
)
def test_marks_become_elements(page, told):
    """Outermost marks count; an element of text alone is marked itself; what stands open is closed with its text."""
    assert in_english(page + OPEN + CLOSE).removesuffix('<span lang="en" dir="ltr"></span>') == told


# What is read out


def in_english_page(state: str) -> str:
    spoken = EN
    page = forecast_page(STATES[state], "", reads(spoken).reader, NOW.timestamp())
    return rendered("forecast.html", page, spoken)


def test_what_is_not_known_is_read_out_in_words():
    """A dash is for the eye; the tables and tiles of a page on which nothing is known say so."""
    root = parsed(in_english_page("now unknown"))
    unheard = {part for one in root.iter() if one.get("aria-hidden") == "true" for part in one.iter()}
    dashes = [one for one in root.iter() if one.text == "–"]
    assert dashes
    assert unheard.issuperset(dashes)
    assert "not known" in "".join(root.itertext())


def test_now_is_not_read_in_one_breath():
    """Commas, which are not seen, part the temperature, the sky, how it feels, the day's low and high, and the wind."""
    big = next(one for one in parsed(in_english_page("fresh")).iter("p") if one.get("class") == "big")
    told = " ".join("".join(big.itertext()).split())
    assert told == "12°, light rain, feels like 9°, Today ↓Low 7°, ↑High 12°, Wind from the south-west, 18 km/h."


def test_a_day_names_its_numbers():
    """Chance and amount, low and high."""
    told = report(hourly=hours(UTC, precipitation=2.4, precipitation_probability=80.0))
    page = forecast_page(told, "", reads(EN).reader, NOW.timestamp())
    root = parsed(rendered("forecast.html", page, EN))
    rows = [" ".join("".join(one.itertext()).split()) for one in root.iter("summary")]
    assert any("Chance of rain or snow, at least 80%, Rain or snow" in row for row in rows)


def test_each_page_has_a_title_of_its_own():
    """Home and the page of being offline are told apart in a list of windows."""
    titles = [
        next(parsed(rendered(template, page, EN)).iter("title")).text
        for template, page in (OTHERS["home"], OTHERS["offline"], OTHERS["names"], OTHERS["nothing saved"])
    ]
    assert len(set(titles)) == len(titles)


def test_a_path_and_a_unit_keep_their_order_in_arabic():
    """Left to right inside a page that runs from right to left."""
    page = StatusPage(NOW, NOW, [], "", 1, 0, [], [], [], strips([("/data/3.0/onecall#1", 0.0)], 9.0), marks(), {}, "x")
    assert '<code dir="ltr">/data/3.0/onecall</code>' in rendered("status.html", page, language("ar"))


@pytest.mark.slow
@pytest.mark.parametrize("state", FOREIGN)
def test_arabic_has_its_own_comma(state):
    """Between its words stands no Western one, in a table's head as in a sentence."""
    spoken = page_language("ar")
    page = forecast_page(FOREIGN[state], "", reads(spoken).reader, NOW.timestamp())
    text = words(parsed(rendered("forecast.html", page, spoken)).find("body"))
    assert re.findall("[ء-ي]+ ?, ?[ء-ي°]+", text) == []
