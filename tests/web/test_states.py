"""Every page in every state and language, from reports made by hand: each parses, says what it must, and no more."""

import re
from dataclasses import replace
from datetime import UTC, datetime
from functools import cache
from zoneinfo import ZoneInfo

import pytest
from markup import parsed, texts_of
from markupsafe import escape
from states import (
    AGAIN,
    DEMO,
    EVIL,
    LONDON,
    NOW,
    OLD,
    PARTS,
    PLAN,
    STATES,
    SVALBARD,
    TEMPLATING,
    alert,
    current,
    minutes,
    missing,
    report,
    shown,
    stale,
    wanted,
)

from weather.i18n.language import LANGUAGES, language
from weather.places.saved.lists import SavedPlace
from weather.web.pages.errors import ErrorPage
from weather.web.pages.forecast import HomePage, PlainPage, SearchPage
from weather.web.view.forecast import forecast_page
from weather.web.view.labels import ALERTS_UNKNOWN, WHY_MISSING
from weather.web.view.notice import WHY_OLD

LACKING = "The weather service did not send this."

# What is read


@cache
def plain(text: str) -> str:
    return " ".join(re.sub("[\u2066-\u2069]", "", text).split())


def words(text: str) -> str:
    """What a reader sees, and the title."""
    title, body = texts_of(text)
    return plain(f"{title} | {body}")


def texts(root) -> list[str]:
    """All texts and attributes, but for those that hold messages for the script."""
    attributes = (value for one in root.iter() for name, value in one.items() if not name.startswith("data-"))
    return ["".join(root.itertext()), *attributes]


def references(root) -> set[str]:
    """The ids that something in the document points at."""
    found = set()
    for one in root.iter():
        for name, value in one.items():
            if name in ("for", "aria-labelledby", "aria-describedby", "aria-controls"):
                found |= set(value.split())
            elif str(name).endswith("href") and value.startswith("#"):
                found.add(value[1:])
            else:
                found |= set(re.findall(r"url\(#([^)]+)\)", value))
    return found


def check_sound(text: str, lang: str) -> None:
    """What holds on every page: it parses, is whole, and may be shown under a strict policy."""
    root = parsed(text)
    assert (root.get("lang"), root.get("dir")) == (language(lang).tag, language(lang).direction)
    assert len(root.findall(".//h1")) == len(root.findall(".//main")) == 1
    for told in texts(root):
        assert not re.search(r"\bNone\b|1970|Undefined|\bnan\b", told), told
        assert not re.search(r"\{\w*\}", told.replace(EVIL, "").replace(str(escape(EVIL)), "")), told
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert references(root) <= set(ids)
    assert all(cell.get("scope") in ("col", "row") for cell in root.iter("th"))
    assert all(one.find(".//th") is not None for one in root.iter("table"))
    assert " style=" not in text
    assert not {"style", "img", "iframe"} & {str(one.tag) for one in root.iter()}
    assert all(one.get("src") and not one.text for one in root.iter("script"))


def says(text: str, message: str, lang: str) -> bool:
    """Whether a page says a message in its language, whatever stands in its gaps."""
    return all(plain(part) in text for part in re.split(r"\{\w+\}", language(lang).text(message)))


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_state_is_sound_in_every_language(state, lang):
    """It parses strictly, ids are single and found, tables have scopes, nothing is left unfilled or unknown."""
    check_sound(shown(STATES[state], lang), lang)


@pytest.mark.slow
@pytest.mark.parametrize("units", ["us", "uk", "si"])
@pytest.mark.parametrize("state", ["fresh", "all told", "now unknown", "hours unknown", "one alert", "minutes wet"])
def test_every_state_is_sound_in_other_units(state, units):
    """Also by twelve hours."""
    check_sound(shown(STATES[state], "en", units=units, clock="12"), "en")


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_other_page_is_sound_in_every_language(lang):
    """Home, offline, pick list and errors, with and without the demo's band."""
    evil = replace(LONDON, name=EVIL, state=EVIL)
    pages = [
        ("home.html", HomePage([])),
        ("home.html", HomePage([SavedPlace("x", EVIL, "GB", 51.5, -0.13, "Europe/London")], EVIL)),
        ("offline.html", PlainPage()),
        ("search.html", SearchPage("London", [LONDON, SVALBARD, evil])),
        ("search.html", SearchPage(EVIL, [LONDON])),
        ("error.html", ErrorPage(404, "Place not found", "No place of that name is known.", EVIL, [LONDON, evil])),
        ("error.html", ErrorPage(500, "Internal Server Error", "", "", [])),
    ]
    for is_demo, templating in TEMPLATING.items():
        for name, page in pages:
            text = templating.render(name, page, wanted(lang), {}).decode()
            check_sound(text, lang)
            assert says(words(text), "Demo: this weather is invented.", lang) is is_demo


TOLD = {
    "fresh": ["12° London |", "London England, United Kingdom · local time 14:25", "As of 14:15 · 10 min ago",
              "light rain",
              "feels like 9°", "Rain from about 21:00 to 00:00 tomorrow. About 2.4 mm in the next 24 hours.", "Today",
              "Wednesday 25 November", "14:20: fair (2 of 5; 1 is best) Scale: OpenWeatherMap 1-5 · For that hour",
              "fine particles (PM2.5)4.5 µg/m³", "Weather data provided by OpenWeather", *PLAN.values()],
    "stale": ["Out of date. Data from: 11:05 · 3 h 20 min ago As of 14:15 · 10 min ago"],
    "stale in part": ["Out of date. Oldest data from: 11:05 · 3 h 20 min ago · The weather service did not answer in"],
    "offline": ["Offline. Data from: 11:05 · 3 h 20 min ago · This server is set to work offline."],
    "quota": ["Out of date. Data from: 11:05 · 3 h 20 min ago · The weather service has no calls left for now. "
              "· Next try: 14:35"],
    "key": ["Out of date. Data from: 11:05 · 3 h 20 min ago · The weather service does not accept this server's key. "
            "New keys take up to two hours to work. · Next try: 14:35"],
    "key, 401": ["The weather service does not accept this server's key. New keys take up to two hours to work. "
                 "· Next try: 14:35"],
    "gate": ["The weather service did not answer a moment ago. · Next try: 14:35"],
    "stood in for, key": ["OpenWeatherMap does not accept this server's key. Shown instead: Open-Meteo. New keys take "
                          "up to two hours to work. Next try for OpenWeatherMap: 14:35",
                          "Weather data by Open-Meteo.com", "Open-Meteo, received 14:20"],
    "stood in for, quota": ["No calls left for OpenWeatherMap now. Shown instead: Open-Meteo."],
    "stood in for, failing": ["No answer from OpenWeatherMap. Shown instead: Open-Meteo."],
    "stood in for by the demo": ["Demo: this weather is invented.", "No answer from Open-Meteo. Shown instead: "
                                 "demo, invented. Next try for Open-Meteo: 14:35"],
    "stale, an error 500": ["The weather service answered with an error."],
    "forecast as now": ["Data received: 14:20 · 5 min ago", "12°",
                        "Forecast for now, not measured."],
    "forecast as now, stale": ["Offline. Data from: 11:05 · 3 h 20 min ago", "Forecast for now, not measured."],
    "minutes wet": ["Rain from 14:40 to 14:55."],
    "minutes dry": ["The minute-by-minute forecast has no precipitation until 15:25."],
    "minutes half gone by": ["Rain until 14:40."],
    "one alert": ["1 alert Yellow wind warning", "Met Office · 14:20 to 20:25", "Gusts of 55 mph."],
    "two alerts": ["2 alerts", "Red rain warning", "14:20 – tomorrow 20:25"],
    "seven alerts": ["7 alerts", *(f"Alert {n}" for n in range(7))],
    "evil alert": [plain(EVIL)],
    "alert among expired ones": ["1 alert Yellow wind warning"],
    "alerts, stale": [
        "1 alert Last known: 11:05. There may be newer ones. Yellow wind warning",
        "Offline. Data from: 11:05",
    ],
    "expired alert": ["No alerts."],
    "none in force": ["No alerts."],
    "no current": [
        "Not available now. The weather service did not send this.",
        "Data received: 14:20 · 5 min ago",
        "Rain from about 21:00",
    ],
    "no hourly": ["Next two days Not available now. The weather service did not send this.", "As of 14:15", "12°"],
    "no daily": ["Next days Not available now. The weather service did not send this.", "Rain from about 21:00"],
    "no air": ["Air quality Not available now. The weather service did not send this.", "Rain from about 21:00"],
    "empty hours": ["The saved forecast has come to its end.", "As of 14:15"],
    "hours gone by": ["Next two days The saved forecast has come to its end.",
                      "Next days The saved forecast has come to its end."],
    "hours unknown": ["How much will fall is not known."],
    "days unknown": ["Today", "The forecast covers only a part of this day."],
    "air without an index": ["14:20: fair or worse (2 of 5; 1 is best); not all pollutants are known"],
    "all told": ["UV index0, low", "Wind18 km/h from the south-west gusts 72 km/h", "Dew point3°", "Humidity81%",
                 "Visibility10 km or more"],
    "polar night": ["Longyearbyen", "Sun: does not rise"],
    "polar day": ["Vostok", "Sun: does not set"],
    "no name": ["33.87° S, 151.21° W", "local time 04:25"],
    "an evil name": [plain(EVIL)],
    "an Arabic name": ["القاهرة", "local time 16:25"],
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("state", TOLD)
def test_a_state_says_what_it_must(state):
    """In words: how old, why, when it is asked again, what it lacks, in the place's own time."""
    text = words(shown(STATES[state]))
    for told in TOLD[state]:
        assert told in text, told


UNTOLD = {
    "fresh": [
        "Out of date",
        "Offline.",
        "Next try",
        "Not available",
        "No alerts",
        "Forecast for now",
        "Demo",
    ],
    "stale": ["Next try", "Offline.", "Oldest data"],
    "offline": ["Out of date.", "Next try"],
    "forecast as now": ["Measured", "Observed"],
    "minutes gone by": ["Rain for the whole hour.", "Rain until 1", "No precipitation", "Rain from 1"],
    "minutes unknown": ["No precipitation", "Rain for the whole hour."],
    "one alert": ["No alerts", "Last known"],
    "expired alert": ["Gone by"],
    "alert among expired ones": ["Gone by"],
    "none in force, stale": ["No alerts"],
    "alerts, stale": ["No alerts"],
    "none in force": ["OpenWeatherMap's free products do not provide weather warnings"],
    "now unknown": ["feels like –", "Wind0"],
    "no name": ["None", "England"],
    "hours unknown": ["Dry until", "Mostly dry"],
    "days unknown": ["0°"],
}


@pytest.mark.slow
@pytest.mark.parametrize("state", UNTOLD)
def test_a_state_does_not_say_what_it_may_not(state):
    """No word of what is not so, or not known."""
    text = words(shown(STATES[state]))
    for told in UNTOLD[state]:
        assert told not in text, told


@pytest.mark.slow
@pytest.mark.parametrize("state", STATES)
def test_there_are_no_alerts_only_when_a_fresh_source_says_so(state):
    """ "No alerts." stands there if, and only if, alerts were asked for, came fresh, and none is in force."""
    told = STATES[state].alerts
    is_known = told.value is not None and told.fetched.state == "fresh"
    in_force = [one for one in told.value or () if one.ends_at > NOW]
    assert ("No alerts." in words(shown(STATES[state]))) is (is_known and not in_force)


@pytest.mark.slow
@pytest.mark.parametrize("part", PARTS)
def test_a_missing_part_is_told_once_and_the_others_stand(part):
    """One part failing takes nothing else with it."""
    whole, lacking = words(shown(STATES["fresh"])), words(shown(STATES[f"no {part}"]))
    assert lacking.count(ALERTS_UNKNOWN if part == "alerts" else LACKING) == 1
    kept = {
        "current": "Pressure1012 hPa",
        "hourly": "Every 3 hours",
        "daily": "Sun: 0",
        "air": "fine particles (PM2.5)",
    }
    for other, mark in kept.items():
        assert mark in whole, mark
        assert (mark in lacking) is (other != part), mark


@pytest.mark.parametrize("part", PARTS)
def test_a_page_of_one_part_tells_what_the_others_lack(part):
    """Even then there are a place, an age, and a reason for each part that is not there."""
    text = words(shown(STATES[f"{part} alone"]))
    assert "London" in text
    assert " min ago" in text
    assert text.count(LACKING) + text.count(ALERTS_UNKNOWN) == len(PARTS) - 1
    assert (ALERTS_UNKNOWN in text) is (part != "alerts")  # of warnings that there may be some


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("detail", WHY_OLD)
def test_every_reason_is_told_in_every_language(detail, lang):
    """Since when, and why, in the reader's own words."""
    text = words(shown(stale(detail, retry_at=AGAIN), lang))
    assert says(text, WHY_OLD[detail], lang)
    assert says(text, "Offline. Data from: {time}" if detail == "offline" else "Out of date. Data from: {time}", lang)
    assert says(text, "Next try: {time}", lang)
    assert "14:35" in text
    assert plain(language(lang).ago(12000)) in text


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("reason", WHY_MISSING)
def test_every_reason_for_a_gap_is_told_in_every_language(reason, lang):
    """In the reader's words, never in those of the log."""
    text = words(shown(report(air=missing("air", reason)), lang))
    assert says(text, "Not available now.", lang)
    assert says(text, WHY_MISSING[reason], lang)
    assert "upstream answered 500" not in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_matters_is_told_in_every_language(lang):
    """Alerts, a missing part, a forecast in the place of a measurement, the next hour."""
    told = report(
        alerts=(alert(),), air=missing("air"), current=current(basis="forecast"), nowcast=minutes(*[0.0] * 61)
    )
    text = words(shown(told, lang))
    assert plain(language(lang).plural("{n} alert", "{n} alerts", 1)) in text
    for message in (
        "Not available now.",
        "Forecast for now, not measured.",
        "The minute-by-minute forecast has no precipitation until {end}.",
        "feels like {temperature}",
        "How old each part is",
    ):
        assert says(text, message, lang), message


def test_age_stands_in_the_bytes_as_a_moment():
    """The script that ages the page finds each age's moment, and when the page was made and expires, in the markup."""
    root = parsed(shown(STATES["stale"]))
    aged = [one.get("datetime") for one in root.iter("time") if one.get("data-age") is not None]
    assert aged == ["2026-11-24T11:05+00:00", "2026-11-24T14:15+00:00"]
    main = root.find(".//main")
    assert main.get("data-served") == str(int(NOW.timestamp()) - 30)
    assert main.get("data-fetched") == str(int(OLD.timestamp()))
    assert main.get("data-expires") == str(int(OLD.timestamp()) + 600)
    assert plain(main.get("data-stamp")) == "Tuesday 24 November, 11:05"


@pytest.mark.slow
def test_stale_is_amber_and_in_words_and_only_then():
    """The class that colours the line is that of its kind; a role tells it to those who cannot see."""
    for state, kind in (
        ("fresh", "fresh"),
        ("stale", "stale"),
        ("offline", "offline"),
        ("quota", "quota"),
        ("key", "key"),
    ):
        line = next(one for one in parsed(shown(STATES[state])).iter("p") if "freshness" in one.get("class", ""))
        assert line.get("class") == f"freshness {kind}"
        assert line.get("role") == "status"


@pytest.mark.slow
def test_the_demo_cannot_be_mistaken():
    """A band above everything else, in every language."""
    for lang in LANGUAGES:
        text = shown(report(source=DEMO), lang, is_demo=True)
        check_sound(text, lang)
        seen = words(text)
        told = plain(language(lang).text("Demo: this weather is invented."))
        assert told in seen
        assert seen.index(told) < seen.index("Weatherglass", seen.index("|"))


def test_names_keep_their_direction_in_a_page_from_right_to_left():
    """The place's name is isolated from the sentence around it, in the heading and in lists."""
    root = parsed(shown(STATES["fresh"], "ar"))
    assert root.get("dir") == "rtl"
    assert root.find(".//h1/bdi").text == "London"
    names = TEMPLATING[False].render("search.html", SearchPage("London", [LONDON]), wanted("ar"), {}).decode()
    assert parsed(names).find(".//main//li/a/bdi").text == "London"


def test_what_others_write_is_inert():
    """Markup in an alert or a name is text; the page has no element of it."""
    for state in ("evil alert", "an evil name"):
        text = shown(STATES[state])
        root = parsed(text)
        assert not [one for one in root.iter() if one.tag == "img" or one.get("onerror")]
        assert "<script>alert" not in text
        assert "49" not in re.findall(r"\{\{ 7 \* 7 \}\}|\b49\b", words(text))


@pytest.mark.slow
def test_alerts_come_first_and_are_never_folded():
    """The alert's name and times stand before the place's, outside any fold; only its text is folded."""
    root = parsed(shown(STATES["one alert"]))
    main = root.find(".//main")
    kinds = [one.get("id") for one in main.iter() if one.get("id") in ("alerts", "place")]
    assert kinds == ["alerts", "place"]
    folded = "".join("".join(one.itertext()) for one in main.iter("details"))
    assert "Yellow wind warning" not in folded
    assert "Gusts of 55 mph." in folded


def test_an_alert_in_the_hour_that_comes_twice_is_in_force():
    """It ends at 02:10 the second time round, and now is 02:30 the first time."""
    berlin = ZoneInfo("Europe/Berlin")
    place = replace(LONDON, timezone="Europe/Berlin")
    now, ends = (datetime(2026, 10, 25, *at, tzinfo=UTC).astimezone(berlin) for at in ((0, 30), (1, 10)))
    told = report(place, alerts=(alert(ends=ends),))
    page = forecast_page(told, "", wanted("en").reader, now.timestamp())
    assert [one.event for one in page.alerts.in_force] == ["Yellow wind warning"]


def test_the_title_is_the_temperature_and_the_place():
    """A tab says it all; without a temperature the place alone."""
    titles = {
        state: parsed(shown(STATES[state])).find(".//title").text for state in ("fresh", "no current", "now unknown")
    }
    assert titles == {"fresh": "12° London", "no current": "London", "now unknown": "London"}
    assert parsed(shown(STATES["fresh"], name="Home")).find(".//title").text == "12° Home"
