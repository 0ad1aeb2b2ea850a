"""What other sites show of a place: a card that may be framed, a badge, the preview of a link. Each says its age."""

import html
import re
import xml.etree.ElementTree as ET
from base64 import b64encode
from dataclasses import replace
from hashlib import sha256
from urllib.parse import parse_qs, urlsplit

import html5lib
import pytest
from fakes import running, warning
from markup import parsed, texts_of
from states import DEMO, EVIL, LONDON, NOW, STATES, TEMPLATING, alert, missing, report, shown, stale, wanted

from weather.i18n.language import LANGUAGES, language
from weather.web.pages.embeds.badge import COLOURS, badge
from weather.web.pages.embeds.embed_view import card, preview_of
from weather.web.view.forecast import forecast_page

pytestmark = pytest.mark.anyio

CARD, BADGE = "/forecast/51.51,-0.13/card", "/forecast/51.51,-0.13/badge.svg"
SVG = "{http://www.w3.org/2000/svg}"
UNKNOWN_WARNINGS = "Whether there are official warnings is not known here."


def contrast_with_white(colour: str) -> float:
    """WCAG 2.2: relative luminance and contrast ratio."""
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts)
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


def carded(told, lang="en", **preferences) -> str:
    prefers = wanted(lang, **preferences)
    page = forecast_page(told, "", prefers.reader, NOW.timestamp())
    return TEMPLATING[False].render("card.html", card(page, prefers.reader), prefers, {}).decode()


def badged(told, lang="en") -> ET.Element:
    prefers = wanted(lang)
    page = forecast_page(told, "", prefers.reader, NOW.timestamp())
    return ET.fromstring(TEMPLATING[False].render("_badge.svg", badge(page, prefers.reader), prefers, {}))


def words(text: str) -> str:
    return " ".join(re.sub("[\u2066-\u2069]", "", texts_of(text)[1]).split())


def boxes(told, lang="en") -> list[str]:
    return [one.text for one in badged(told, lang).iter(f"{SVG}text")]


def title_of(told, lang="en") -> str:
    return badged(told, lang).find(f"{SVG}title").text


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_state_makes_a_sound_card_and_badge(state, lang):
    """Strict HTML and XML, in the language's direction, nothing unfilled, no script, and never without a time."""
    text = carded(STATES[state], lang)
    root = parsed(text)
    assert (root.get("lang"), root.get("dir")) == (language(lang).tag, language(lang).direction)
    assert not list(root.iter("script"))
    assert " style=" not in text
    drawn = badged(STATES[state], lang)
    for told in (words(text), "".join(drawn.itertext())):
        assert not re.search(r"\bNone\b|1970|Undefined|\bnan\b|\{\w*\}", told.replace(EVIL, "")), told
        assert re.search(r"\d\d:\d\d", told)


def test_the_card_tells_now_and_when_that_was_with_its_date():
    """Place, degrees, sky, wind, the days by their weekdays, and a time that means the same on every day."""
    told = words(carded(report()))
    for part in ("London", "12°", "light rain", "feels like 9°", "18 km/h", "Tue", "Wed"):
        assert part in told
    assert "As of Tuesday 24 November, 14:15" in told
    assert "tomorrow" not in told
    assert "Data provided" in told or "Weather data provided by OpenWeather" in told


def test_an_old_card_says_that_it_is_old_and_of_when():
    """In the text, in the title, and in the colour that is for what is old."""
    text = carded(stale("upstream-timeout"))
    assert "Out of date. Data from: Tuesday 24 November, 11:05" in words(text)
    assert 'class="age old"' in text
    assert "<title>London: 12°, light rain (out of date)</title>" in text
    assert "Offline. Data from: Tuesday 24 November, 11:05" in words(carded(stale("offline")))


def test_an_old_card_in_part_names_its_oldest_part():
    """As the page does: the oldest of what is shown."""
    assert "Oldest data from: Tuesday 24 November, 11:05" in words(carded(STATES["stale in part"]))


def test_invented_weather_is_unmistakable():
    """On the card in a band and in the title, on the badge in a box and in the title."""
    told = report(source=DEMO)
    assert "Demo: this weather is invented." in words(carded(told))
    assert "(demo)</title>" in carded(told)
    assert "Invented for Tuesday 24 November, 14:15" in words(carded(told))
    assert "demo" in boxes(told)
    assert "(demo)" in title_of(told)


def test_warnings_stand_on_the_card_with_their_times():
    """All that are in force, each once; and that a fresh source has none is said too."""
    told = words(carded(STATES["two alerts"]))
    assert "Yellow wind warning" in told
    assert "Red rain warning Tuesday 24 November, 14:20 – Wednesday 25 November, 20:25" in told
    assert "No alerts." in words(carded(STATES["none in force"]))


@pytest.mark.parametrize("state", ["fresh", "no alerts", "none in force, stale"])
def test_what_is_not_known_of_warnings_never_reads_as_none(state):
    """Neither where the plan has none, nor where they failed, nor where an old answer had none."""
    told = words(carded(STATES[state]))
    assert UNKNOWN_WARNINGS in told
    assert "No alerts." not in told
    assert UNKNOWN_WARNINGS in "".join(badged(STATES[state]).itertext())


def test_old_warnings_are_the_last_that_were_known():
    """There may be newer ones."""
    told = words(carded(STATES["alerts, stale"]))
    assert "Yellow wind warning" in told
    assert "Last known: 11:05. There may be newer ones." in told


def test_a_card_without_a_present_says_why():
    """No number is made up, and the days are shown."""
    told = words(carded(report(current=missing("current"))))
    assert "The weather service did not send this." in told
    assert "Wed" in told


def test_a_name_is_text_wherever_it_comes_from():
    """No markup of a place's name reaches a card, a badge, or the text to copy."""
    told = report(replace(LONDON, name=EVIL))
    assert "<script" not in carded(told)
    assert badged(told).find(f".//{SVG}script") is None
    page = html5lib.parse(shown(told), namespaceHTMLElements=False)
    for area in page.iter("textarea"):
        copied = html5lib.parse(area.text, namespaceHTMLElements=False)
        assert not list(copied.iter("script"))
        assert len(list(copied.find("body").iter("img"))) <= 1


def test_the_badge_is_place_degrees_condition_and_time():
    """In boxes from left to right that touch and hold their words; its title tells its age with the date."""
    drawn = badged(report())
    assert boxes(report()) == ["London", "12°, light rain", "2026-11-24 14:15"]
    edges = [(float(one.get("x")), float(one.get("width"))) for one in drawn.iter(f"{SVG}rect") if one.get("x")]
    ends = [round(x + width, 1) for x, width in edges]
    assert [x for x, _ in edges[1:]] == ends[:-1]
    assert float(drawn.get("width")) == ends[-1]
    assert title_of(report()) == "London: 12°, light rain. As of Tuesday 24 November, 14:15."


def test_the_badge_reads_from_right_to_left_where_its_language_does():
    """The place comes first for who reads Arabic, too."""
    assert boxes(report(), "ar")[-1] == "London"


def test_the_badge_says_old_and_warned():
    """In boxes of their own; several warnings are counted, and all are in the description."""
    assert "out of date" in boxes(stale("gate"))
    assert boxes(stale("gate"))[-1] == "2026-11-24 11:05"
    assert "Yellow wind warning" in boxes(STATES["one alert"])
    assert "2 alerts" in boxes(STATES["two alerts"])
    assert "Red rain warning" in badged(STATES["two alerts"]).find(f"{SVG}desc").text
    assert max(map(len, boxes(report(alerts=(alert("W" * 300),))))) == 60


@pytest.mark.parametrize("colour", COLOURS.values())
def test_the_letters_of_a_badge_can_be_read(colour):
    """WCAG 2.2, 1.4.3: 4.5 to 1."""
    assert contrast_with_white(colour) >= 4.5


def test_the_preview_of_a_link_is_now_in_a_line_and_the_outlook_with_its_time():
    """Chats keep it for ever: it has the date; and it warns."""
    prefers = wanted("en")
    page = forecast_page(report(alerts=(alert(),)), "", prefers.reader, NOW.timestamp())
    title, description = preview_of(page, prefers.reader)
    assert title == "London: 12°, light rain"
    assert description.startswith("Yellow wind warning.")
    assert page.now.outlook in description
    assert description.endswith("As of Tuesday 24 November, 14:15.")
    text = shown(report())
    assert '<meta property="og:title" content="London: 12°, light rain">' in text
    assert "og:image" not in text
    assert '<meta property="og:title" content="London: 12°, light rain (out of date)">' in shown(stale("gate"))


def policy(answer) -> dict[str, str]:
    parts = (part.strip().partition(" ") for part in answer.headers["content-security-policy"].split(";"))
    return {name: value for name, _, value in parts}


@pytest.mark.slow
async def test_only_the_card_may_be_framed(site):
    """By all if no origins are set; every other page and its errors forbid it, twice."""
    answer = await site.get(CARD)
    assert policy(answer)["frame-ancestors"] == "*"
    assert policy(answer)["default-src"] == "'none'"
    assert "script-src" not in policy(answer)
    assert "x-frame-options" not in answer.headers
    assert answer.headers["cross-origin-resource-policy"] == "cross-origin"
    for path in ("/", "/forecast/51.51,-0.13", "/forecast/51.51,-0.13/nothing", "/search?q=x/card", BADGE, "/x/card"):
        other = await site.get(path)
        assert policy(other)["frame-ancestors"] == "'none'", path
        assert other.headers["x-frame-options"] == "DENY", path


async def test_the_origins_that_may_frame_are_those_that_are_set(upstream, clock):
    """And nobody else."""
    told = "https://a.example, http://b.example:8080"
    async with running(upstream, clock, WEATHER_EMBED_ORIGINS=told) as site:
        assert policy(await site.get(CARD))["frame-ancestors"] == "https://a.example http://b.example:8080"


async def test_a_card_that_fails_says_so_in_its_frame(site, upstream):
    """With the status of the error, without script, and it is tried again."""
    upstream.fails(500)
    answer = await site.get(CARD)
    assert answer.status_code == 502
    assert policy(answer)["frame-ancestors"] == "*"
    assert "x-frame-options" not in answer.headers
    assert "We could not reach the weather service" in answer.text
    assert "<script" not in answer.text
    assert answer.headers["refresh"] == "900"
    assert answer.headers["cache-control"] == "no-store"


async def test_a_card_that_has_not_changed_is_not_sent_again(site):
    """A 304 has the same policy: what is kept by a browser is framed under the headers of the 304."""
    first = await site.get(CARD)
    again = await site.get(CARD, headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.headers["content-security-policy"] == first.headers["content-security-policy"]
    assert "x-frame-options" not in again.headers


async def test_the_style_of_a_card_is_the_one_that_its_policy_allows(site):
    """Its digest stands there (CSP 3, 6.7.2.2), so that nothing else is fetched."""
    answer = await site.get(CARD)
    (style,) = re.findall("<style>(.*?)</style>", answer.text, re.DOTALL)
    assert "&" not in style.replace("&gt;", "")
    digest = b64encode(sha256(html.unescape(style).encode()).digest()).decode()
    assert policy(answer)["style-src"] == f"'sha256-{digest}'"
    assert not re.findall(r'(?:src|href)="(?!#|/forecast|https?:)', answer.text)


@pytest.mark.slow
async def test_a_card_is_written_as_its_address_asks(site):
    """Theme, units and language; neither cookies nor what the browser prefers change what anyone may keep."""
    plain = await site.get(CARD)
    asked = await site.get(f"{CARD}?theme=dark&units=us&lang=de&name=Home")
    assert re.search('<html lang="de" dir="ltr" data-scheme="dark">', asked.text)
    assert ">Home<" in asked.text
    assert "54°" in asked.text  # 285.15 K
    assert '<html lang="en-GB" dir="ltr">' in (await site.get(f"{CARD}?theme=auto")).text
    other = await site.get(CARD, headers={"Accept-Language": "fr", "Cookie": "units=us; lang=fr; scheme=dark"})
    assert other.text == plain.text
    assert plain.headers["vary"] == "Accept-Encoding"


@pytest.mark.slow
@pytest.mark.parametrize("path", [CARD, BADGE])
async def test_cards_and_badges_say_their_age_to_programs_too(site, clock, path):
    """As every answer that carries weather."""
    await site.get(path)
    clock.now += 90
    answer = await site.get(path)
    assert answer.headers["age"] == "90"
    assert answer.headers["cache-control"].startswith("max-age=600,")
    assert answer.headers["cache-status"] == "weather; hit; ttl=510"


@pytest.mark.slow
async def test_a_card_costs_no_call_that_the_page_does_not(site, upstream):
    """Weather and forecast once; then the page's own air is all that is asked for."""
    await site.get(CARD)
    await site.get(BADGE)
    assert sorted(upstream.calls) == ["/data/2.5/forecast", "/data/2.5/weather"]
    await site.get("/forecast/51.51,-0.13")
    assert upstream.count == 3


@pytest.mark.parametrize("rest", ["card", "badge.svg"])
async def test_more_decimals_lead_on_to_the_cell(site, rest):
    """One place has one address; the query goes along."""
    answer = await site.get(f"/forecast/51.5123,-0.1312/{rest}?lang=de")
    assert (answer.status_code, answer.headers["location"]) == (308, f"/forecast/51.51,-0.13/{rest}?lang=de")


async def test_one_calls_warnings_reach_card_and_badge(upstream, clock):
    """In the reader's sight without a click."""
    async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
        for path in (CARD, BADGE):
            assert warning()["event"] in (await site.get(path)).text


async def test_the_text_to_copy_leads_to_card_and_badge_as_the_page_is_shown(upstream, clock):
    """By paths: a page is one for all names of the site, whose own name the script puts before them."""
    async with running(upstream, clock, WEATHER_ROOT_PATH="/w") as site:
        text = (await site.get("/w/forecast/51.51,-0.13?units=us&lang=de", headers={"Host": "evil.example"})).text
        assert "evil.example" not in text
        areas = html5lib.parse(text, namespaceHTMLElements=False).iter("textarea")
        frame, picture = (html5lib.parse(area.text, namespaceHTMLElements=False) for area in areas)
        for source in (frame.find(".//iframe").get("src"), picture.find(".//img").get("src")):
            assert source.startswith("/w/forecast/51.51,-0.13/")
            assert {"units": ["us"], "lang": ["de"]}.items() <= parse_qs(urlsplit(source).query).items()
            assert (await site.get(source)).status_code == 200
