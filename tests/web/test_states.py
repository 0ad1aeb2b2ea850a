"""Every page in every state and language, from reports made by hand: each parses, says what it must, and no more."""

import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import html5lib
import pytest

from weather.conditions import condition
from weather.days import days
from weather.exchange import CacheEntry, Fetched
from weather.freshness import Lifetime, Via
from weather.language import LANGUAGES, language
from weather.model import (
    AirQuality,
    Alert,
    CurrentConditions,
    DailyForecast,
    HourlyForecast,
    Minute,
    Missing,
    Place,
    zone,
)
from weather.report import Attribution, Report, Section, Source
from weather.web.failures import ErrorPage
from weather.web.forecast_page import WHY_MISSING, WHY_OLD, forecast_page
from weather.web.pages import PlainPage, SearchPage
from weather.web.preferences import Preferences
from weather.web.templating import PACKAGE, Assets, Templating

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOW = datetime(2026, 11, 24, 14, 25, 30, tzinfo=UTC)  # a Tuesday
MINUTE_NOW = NOW.replace(second=0)
NEW, OLD = datetime(2026, 11, 24, 14, 20, tzinfo=UTC), datetime(2026, 11, 24, 11, 5, tzinfo=UTC)
AGAIN = datetime(2026, 11, 24, 14, 35, tzinfo=UTC).timestamp()
CREDIT = Attribution("Weather data provided by OpenWeather", "https://openweathermap.org/")
OWM = Source("openweathermap", "OpenWeatherMap", CREDIT)
DEMO = Source("demo", "demo, invented", CREDIT)
LONDON = Place("London", "GB", "England", 51.51, -0.13, "Europe/London")
SVALBARD = Place("Longyearbyen", "SJ", None, 78.22, 15.65, "Arctic/Longyearbyen")
ANTARCTICA = Place("Vostok", "AQ", None, -78.46, 106.84, "Antarctica/Vostok")
NOWHERE = Place(None, None, None, -33.87, -151.21, "-10:00")
PARTS = ("current", "minutely", "hourly", "daily", "alerts", "air")
LACKING = "The source did not give it."
UNKNOWN = {
    kind: dict.fromkeys(f.name for f in fields(kind)) for kind in (CurrentConditions, HourlyForecast, DailyForecast)
}
PLAN = {
    "minutely": "OpenWeatherMap's free products have no minute data.",
    "alerts": "OpenWeatherMap's free products have no alerts; this says nothing about danger.",
}

ASSETS = Assets(PACKAGE / "static", "")
TEMPLATING = {is_demo: Templating(ASSETS, {"is_demo": is_demo}, "") for is_demo in (False, True)}


# What is shown


def fetched(at: datetime, via: Via) -> Fetched:
    """An answer that came then, fresh for ten minutes."""
    entry = CacheEntry(200, "application/json", b"{}", at.timestamp())
    return Fetched(entry, Lifetime(600, 7 * 86400), NOW.timestamp(), via)


def missing(part: str, reason: str = "upstream") -> Section:
    return Section(missing=Missing(part, reason, PLAN[part] if reason == "plan" else "upstream answered 500"))


def current(**told) -> CurrentConditions:
    known = {"time": NOW.replace(minute=15, second=0), "temperature": 11.6, "feels_like": 8.9, "wind_speed": 5.0}
    known |= {"wind_direction": 225.0, "pressure": 1012.0, "is_day": True, "condition": condition(500, None, True)}
    return CurrentConditions(**UNKNOWN[CurrentConditions] | {"basis": "observation"} | known | told)


def hours(tz, first: datetime = NEW + 40 * MINUTE, count: int = 40, interval: int = 3, **told) -> tuple:
    """Steps that cool by a tenth of a degree each; the fourth brings 2.4 mm."""
    made = []
    for n in range(count):
        wet = n == 3
        known = {"time": (first + n * interval * HOUR).astimezone(tz), "interval": interval, "is_day": True}
        known |= {"temperature": 7 - n / 10, "precipitation": 2.4 if wet else 0.0, "wind_speed": 3.0}
        known |= {
            "precipitation_probability": 80.0 if wet else 0.0,
            "condition": condition(501 if wet else 803, None, True),
        }
        made.append(HourlyForecast(**UNKNOWN[HourlyForecast] | known | told))
    return tuple(made)


def minutes(*amounts, first: datetime = MINUTE_NOW) -> tuple[Minute, ...]:
    return tuple(Minute(first + n * MINUTE, amount) for n, amount in enumerate(amounts))


def alert(event: str = "Yellow wind warning", ends: datetime = NOW + 6 * HOUR, **told) -> Alert:
    known = {
        "id": event,
        "sender": "Met Office",
        "starts_at": NEW,
        "description": "Gusts of 55 mph.",
        "tags": ("Wind",),
    }
    return Alert(**{"event": event, "ends_at": ends} | known | told)


def air(tz=UTC, index: int | None = 2, **told) -> AirQuality:
    amounts = dict.fromkeys(("pm2_5", "pm10", "o3", "no2", "so2", "co", "nh3", "no")) | {"pm2_5": 4.5, "o3": 60.0}
    return AirQuality(NEW.astimezone(tz), index, "OpenWeatherMap 1-5", amounts | told)


def report(place: Place = LONDON, at: datetime = NEW, via: Via | None = None, source=OWM, **parts) -> Report:
    """A whole report as the free products give it; `parts` replaces sections, or their values."""
    tz, came = zone(place.timezone), fetched(at, via or Via())
    steps = parts["hourly"] if isinstance(parts.get("hourly"), tuple) else hours(tz)
    values = {"current": current(), "hourly": steps, "air": air(tz), "daily": days(steps, place.coordinates, tz)}
    sections = {part: missing(part, "plan") for part in PLAN}
    for part, told in (values | parts).items():
        sections[part] = told if isinstance(told, Section) else Section(told, came)
    return Report(place=place, source=source, **sections)


def stale(detail: str | None, **via) -> Report:
    return report(at=OLD, via=Via(detail=detail, **via))


def alone(part: str) -> Report:
    """Nothing could be had but that part."""
    return report(**{other: missing(other) for other in PARTS if other != part})


UNTOLD_NOW = dict.fromkeys(UNKNOWN[CurrentConditions].keys() - {"time", "basis"})
UNTOLD_HOUR = dict.fromkeys(UNKNOWN[HourlyForecast].keys() - {"time", "interval"})
EVIL = '</p><script>alert(1)</script><img src="x" onerror="y"> & {n} {{ 7 * 7 }} \'"'

STATES = {
    "fresh": report(),
    "stale": stale(None),
    **{f"stale, {detail}": stale(detail) for detail in WHY_OLD},
    "stale, an error 500": stale("upstream-status", fwd="stale", fwd_status=500),
    "stale, a new detail": stale("something-new"),
    "stale in part": replace(report(), air=Section(air(), fetched(OLD, Via(detail="upstream-timeout")))),
    "offline": stale("offline"),
    "quota": stale("quota", again_at=AGAIN),
    "key, 401": stale("upstream-status", fwd="stale", fwd_status=401, again_at=AGAIN, code="key_rejected"),
    "key": stale("gate", again_at=AGAIN, code="key_rejected"),
    "gate": stale("gate", again_at=AGAIN),
    "forecast as now": report(current=current(basis="forecast")),
    "forecast as now, stale": report(at=OLD, via=Via(detail="offline"), current=current(basis="forecast")),
    "minutes wet": report(minutely=minutes(*[0.0] * 15, *[0.8] * 15, *[0.0] * 31)),
    "minutes dry": report(minutely=minutes(*[0.0] * 61)),
    "minutes gone by": report(minutely=minutes(*[0.8] * 61, first=OLD)),
    "minutes half gone by": report(minutely=minutes(*[0.8] * 30, *[0.0] * 31, first=NOW.replace(minute=10, second=0))),
    "minutes unknown": report(minutely=minutes(*[None] * 61)),
    "one alert": report(alerts=(alert(),)),
    "two alerts": report(alerts=(alert(), alert("Red rain warning", NOW + 30 * HOUR, description=""))),
    "seven alerts": report(alerts=tuple(alert(f"Alert {n}") for n in range(7))),
    "evil alert": report(alerts=(alert(EVIL, sender=EVIL, description=EVIL),)),
    "expired alert": report(alerts=(alert("Gone by", NOW - MINUTE),)),
    "alert among expired ones": report(alerts=(alert("Gone by", NOW - MINUTE), alert())),
    "none in force": report(alerts=()),
    "none in force, stale": report(at=OLD, via=Via(detail="gate"), alerts=()),
    "alerts, stale": report(at=OLD, via=Via(detail="offline"), alerts=(alert(),)),
    **{f"no {part}": report(**{part: missing(part)}) for part in PARTS},
    **{f"{part} alone": alone(part) for part in ("current", "hourly", "daily", "air")},
    "minutely alone": replace(alone("none"), minutely=Section(minutes(*[0.5] * 61), fetched(NEW, Via()))),
    "alerts alone": replace(alone("none"), alerts=Section((alert(),), fetched(NEW, Via()))),
    "empty hours": report(hourly=()),
    "hours gone by": report(hourly=hours(UTC, OLD - 90 * HOUR, 20)),
    "one hour": report(hourly=hours(UTC, count=1)),
    "hours by the hour": report(hourly=hours(UTC, count=48, interval=1)),
    "hours unknown": report(hourly=hours(UTC, **UNTOLD_HOUR)),
    "now unknown": report(current=current(**UNTOLD_NOW)),
    "a sky without a picture": report(current=current(condition=condition(999, None, None), is_day=None)),
    "days unknown": report(daily=(DailyForecast(**UNKNOWN[DailyForecast] | {"date": NOW.date(), "partial": True}),)),
    "air without an index": report(air=air(index=None)),
    "all told": report(current=current(uv_index=0.4, wind_gust=20.0, dew_point=3.0, humidity=81.0, visibility=10000.0)),
    "polar night": report(SVALBARD),
    "polar day": report(ANTARCTICA),
    "no name": report(NOWHERE),
    "an evil name": report(replace(LONDON, name=EVIL, state=EVIL, country="<b>")),
    "an Arabic name": report(replace(LONDON, name="القاهرة", state=None, country="EG", timezone="Africa/Cairo")),
    "the clocks go back": report(replace(LONDON, name="Santiago", timezone="America/Santiago")),
}  # fmt: skip


def wanted(lang: str, units: str = "metric", clock: str = "24") -> Preferences:
    return Preferences(units, clock, lang, {})


def shown(told: Report, lang: str = "en", name: str = "", is_demo: bool = False, **preferences) -> str:
    """The page of a report, as a browser gets it."""
    prefers = wanted(lang, **preferences)
    page = forecast_page(told, name, prefers.reader, NOW.timestamp(), "")
    return TEMPLATING[is_demo].render("forecast.html", page, prefers, {}).decode()


# What is read


def parsed(text: str):
    """The document; raises on any parse error."""
    return html5lib.HTMLParser(strict=True, namespaceHTMLElements=False).parse(text)


def plain(text: str) -> str:
    return " ".join(re.sub("[\u2066-\u2069]", "", text).split())


def words(text: str) -> str:
    """What a reader sees, and the title."""
    root = parsed(text)
    return plain(f"{root.find('.//title').text} | {''.join(root.find('body').itertext())}")


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
    assert (root.get("lang"), root.get("dir")) == (lang, language(lang).direction)
    assert len(root.findall(".//h1")) == len(root.findall(".//main")) == 1
    for told in texts(root):
        assert not re.search(r"\bNone\b|1970|Undefined|\bnan\b", told), told
        assert not re.search(r"\{\w*\}", told.replace(EVIL, "")), told
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


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("state", STATES)
def test_every_state_is_sound_in_every_language(state, lang):
    """It parses strictly, ids are single and found, tables have scopes, nothing is left unfilled or unknown."""
    check_sound(shown(STATES[state], lang), lang)


@pytest.mark.parametrize("units", ["us", "uk", "si"])
@pytest.mark.parametrize("state", ["fresh", "all told", "now unknown", "hours unknown", "one alert", "minutes wet"])
def test_every_state_is_sound_in_other_units(state, units):
    """Also by twelve hours."""
    check_sound(shown(STATES[state], "en", units=units, clock="12"), "en")


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_other_page_is_sound_in_every_language(lang):
    """Home, offline, pick list and errors, with and without the demo's band."""
    evil = replace(LONDON, name=EVIL, state=EVIL)
    pages = [
        ("home.html", PlainPage()),
        ("home.html", PlainPage(EVIL)),
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
    "fresh": ["12° London |", "London England, GB · local time 14:25", "Measured 14:15 · 10 min ago", "light rain",
              "feels like 9°", "Rain from about 21:00 to Wednesday 00:00. About 2.4 mm in 24 hours.", "Today",
              "Wednesday 25 November", "Index 2 of 5, fair, at 14:20. Scale: OpenWeatherMap 1-5; 1 is the cleanest.",
              "fine dust PM2.54.5 µg/m³", "Weather data provided by OpenWeather", *PLAN.values()],
    "stale": ["Not up to date: from 11:05, 3 h 20 min ago. Measured 14:15 · 10 min ago"],
    "stale in part": ["Not up to date: the oldest part is from 11:05, 3 h 20 min ago. The source has not answered in"],
    "offline": ["Offline: from 11:05, 3 h 20 min ago. This server is set to be offline, so nobody was asked."],
    "quota": ["Not up to date: from 11:05, 3 h 20 min ago. The calls that the source allows are used up for now. "
              "It is asked again at 14:35."],
    "key": ["Not up to date: from 11:05, 3 h 20 min ago. The source rejects this server's key. Not active yet? "
            "New keys take up to two hours. It is asked again at 14:35."],
    "key, 401": ["The source rejects this server's key. Not active yet? New keys take up to two hours. "
                 "It is asked again at 14:35."],
    "gate": ["The source failed a moment ago. It is asked again at 14:35."],
    "stale, an error 500": ["The source answered with an error."],
    "forecast as now": ["Fetched 14:20 · 5 min ago", "12°",
                        "This is what the forecast says for now, not a measurement."],
    "forecast as now, stale": ["Offline: from 11:05, 3 h 20 min ago.", "This is what the forecast says for now"],
    "minutes wet": ["Rain from 14:40 to 14:55."],
    "minutes dry": ["No rain until 15:25."],
    "minutes half gone by": ["Rain until 14:40."],
    "one alert": ["One alert Yellow wind warning", "Met Office: 14:20 to 20:25", "Gusts of 55 mph."],
    "two alerts": ["2 alerts", "Red rain warning", "14:20 to Wednesday 20:25"],
    "seven alerts": ["7 alerts", *(f"Alert {n}" for n in range(7))],
    "evil alert": [plain(EVIL)],
    "alert among expired ones": ["One alert Yellow wind warning"],
    "alerts, stale": ["One alert Yellow wind warning", "Offline: from 11:05"],
    "expired alert": ["No alerts."],
    "none in force": ["No alerts."],
    "no current": [
        "Not available now. The source did not give it.",
        "Fetched 14:20 · 5 min ago",
        "Rain from about 21:00",
    ],
    "no hourly": ["Next hours Not available now. The source did not give it.", "Measured 14:15", "12°"],
    "no daily": ["Days Not available now. The source did not give it.", "Measured 14:15", "Rain from about 21:00"],
    "no air": ["Air Not available now. The source did not give it.", "Measured 14:15", "Rain from about 21:00"],
    "empty hours": ["The forecast that is kept has come to its end.", "Measured 14:15"],
    "hours gone by": ["Next hours The forecast that is kept has come to its end.",
                      "Days The forecast that is kept has come to its end."],
    "hours unknown": ["How much will fall is not known."],
    "days unknown": ["Today", "The forecast covers only a part of this day."],
    "air without an index": ["Scale: OpenWeatherMap 1-5; 1 is the cleanest."],
    "all told": ["UV index0.4", "Gusts72 km/h", "Dew point3°", "Humidity81 %", "Visibility10 km"],
    "polar night": ["Longyearbyen", "Sun: does not rise"],
    "polar day": ["Vostok", "Sun: does not set"],
    "no name": ["33.87° S, 151.21° W", "local time 04:25"],
    "an evil name": [plain(EVIL)],
    "an Arabic name": ["القاهرة", "local time 16:25"],
}  # fmt: skip


@pytest.mark.parametrize("state", TOLD)
def test_a_state_says_what_it_must(state):
    """In words: how old, why, when it is asked again, what it lacks, in the place's own time."""
    text = words(shown(STATES[state]))
    for told in TOLD[state]:
        assert told in text, told


UNTOLD = {
    "fresh": ["Not up to date", "Offline:", "asked again", "Not available", "No alerts", "not a measurement", "Demo"],
    "stale": ["asked again", "Offline:", "oldest part"],
    "offline": ["Not up to date:", "asked again"],
    "forecast as now": ["Measured"],
    "minutes gone by": ["Rain for the whole hour.", "Rain until 1", "No rain", "Rain from 1"],
    "minutes unknown": ["No rain", "Rain for the whole hour."],
    "one alert": ["No alerts"],
    "expired alert": ["Gone by"],
    "alert among expired ones": ["Gone by"],
    "none in force, stale": ["No alerts"],
    "alerts, stale": ["No alerts"],
    "none in force": ["OpenWeatherMap's free products have no alerts"],
    "now unknown": ["feels like –", "Wind0"],
    "air without an index": ["Index"],
    "no name": ["None", "England"],
    "hours unknown": ["Dry until", "Mostly dry"],
    "days unknown": ["0°"],
}


@pytest.mark.parametrize("state", UNTOLD)
def test_a_state_does_not_say_what_it_may_not(state):
    """No word of what is not so, or not known."""
    text = words(shown(STATES[state]))
    for told in UNTOLD[state]:
        assert told not in text, told


@pytest.mark.parametrize("state", STATES)
def test_there_are_no_alerts_only_when_a_fresh_source_says_so(state):
    """ "No alerts." stands there if, and only if, alerts were asked for, came fresh, and none is in force."""
    told = STATES[state].alerts
    is_known = told.value is not None and told.fetched.state == "fresh"
    in_force = [one for one in told.value or () if one.ends_at > NOW]
    assert ("No alerts." in words(shown(STATES[state]))) is (is_known and not in_force)


@pytest.mark.parametrize("part", PARTS)
def test_a_missing_part_is_told_once_and_the_others_stand(part):
    """One part failing takes nothing else with it."""
    whole, lacking = words(shown(STATES["fresh"])), words(shown(STATES[f"no {part}"]))
    assert lacking.count(LACKING) == 1
    kept = {"current": "Pressure1012 hPa", "hourly": "In steps of 3 h", "daily": "Sun: 0", "air": "fine dust PM2.5"}
    for other, mark in kept.items():
        assert mark in whole, mark
        assert (mark in lacking) is (other != part), mark


@pytest.mark.parametrize("part", PARTS)
def test_a_page_of_one_part_tells_what_the_others_lack(part):
    """Even then there are a place, an age, and a reason for each part that is not there."""
    text = words(shown(STATES[f"{part} alone"]))
    assert "London" in text
    assert " min ago" in text
    assert text.count(LACKING) == len(PARTS) - 1


@pytest.mark.parametrize("lang", LANGUAGES)
@pytest.mark.parametrize("detail", WHY_OLD)
def test_every_reason_is_told_in_every_language(detail, lang):
    """Since when, and why, in the reader's own words."""
    text = words(shown(stale(detail, again_at=AGAIN), lang))
    assert says(text, WHY_OLD[detail], lang)
    assert says(text, "Offline: from {time}" if detail == "offline" else "Not up to date: from {time}", lang)
    assert says(text, "It is asked again at {time}.", lang)
    assert "14:35" in text
    assert plain(language(lang).ago(12000)) in text


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
        alerts=(alert(),), air=missing("air"), current=current(basis="forecast"), minutely=minutes(*[0.0] * 61)
    )
    text = words(shown(told, lang))
    for message in (
        "One alert",
        "Not available now.",
        "This is what the forecast says for now, not a measurement.",
        "No rain until {end}.",
        "feels like {temperature}",
        "Times of the parts",
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


def test_alerts_come_first_and_are_never_folded():
    """The alert's name and times stand before the place's, outside any fold; only its text is folded."""
    root = parsed(shown(STATES["one alert"]))
    main = root.find(".//main")
    kinds = [one.tag for one in main if one.tag in ("section", "h1")]
    assert kinds[:2] == ["section", "h1"]
    folded = "".join("".join(one.itertext()) for one in main.iter("details"))
    assert "Yellow wind warning" not in folded
    assert "Gusts of 55 mph." in folded


def test_an_alert_in_the_hour_that_comes_twice_is_in_force():
    """It ends at 02:10 the second time round, and now is 02:30 the first time."""
    berlin = ZoneInfo("Europe/Berlin")
    place = replace(LONDON, timezone="Europe/Berlin")
    now, ends = (datetime(2026, 10, 25, *at, tzinfo=UTC).astimezone(berlin) for at in ((0, 30), (1, 10)))
    told = report(place, alerts=(alert(ends=ends),))
    page = forecast_page(told, "", wanted("en").reader, now.timestamp(), "")
    assert [one.event for one in page.alerts] == ["Yellow wind warning"]


def test_the_title_is_the_temperature_and_the_place():
    """A tab says it all; without a temperature the place alone."""
    titles = {
        state: parsed(shown(STATES[state])).find(".//title").text for state in ("fresh", "no current", "now unknown")
    }
    assert titles == {"fresh": "12° London", "no current": "London", "now unknown": "London"}
    assert parsed(shown(STATES["fresh"], name="Home")).find(".//title").text == "12° Home"
