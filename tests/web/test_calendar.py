"""The calendar file: RFC 5545 by a reader of its grammar made here, and by the library that programs use."""

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from fakes import NOON
from states import DEMO, LONDON, NEW, NOW, STATES, hours, report

from weather.domain.conditions import condition
from weather.domain.daily import days
from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.web.pages.embeds.icalendar import calendar, folded, text

pytestmark = pytest.mark.anyio

PATH = "/forecast/51.51,-0.13/calendar.ics"
LINE = re.compile(r"([A-Z-]+)((?:;[A-Z-]+=[^;:]+)*):(.*)", re.DOTALL)
UNESCAPED = {r"\\": "\\", r"\;": ";", r"\,": ",", r"\n": "\n", r"\N": "\n"}


def read(body: bytes) -> list[dict[str, str]]:
    """The events by RFC 5545: lines end with CRLF and have 75 octets at most; unfolded (3.1), unescaped (3.3.11)."""
    lines = body.split(b"\r\n")
    assert lines.pop() == b"" and not [line for line in lines if len(line) > 75 or b"\r" in line or b"\n" in line]
    assert [line.decode() for line in lines]  # no character is cut in two
    events: list[dict[str, str]] = []
    for line in body.replace(b"\r\n ", b"").decode().split("\r\n")[:-1]:
        name, _, value = LINE.fullmatch(line).groups()
        if (name, value) == ("BEGIN", "VEVENT"):
            events.append({})
        if events:
            events[-1][name] = re.sub(r"\\[\\;,nN]", lambda found: UNESCAPED[found[0]], value)
    return events


def events(told, lang: str = "en", name: str = "London") -> list[dict[str, str]]:
    return read(calendar(told, name, Formatter(language(lang), SYSTEMS["metric"]), NOW.timestamp()))


def test_a_day_is_an_event():
    """All of the day (DTEND is not of it), of the data's time, with low, high, sky, age and credit."""
    first, second = events(STATES["fresh"])[:2]
    assert (first["DTSTART"], first["DTEND"]) == ("20261124", "20261125")
    assert first["DTSTAMP"] == first["LAST-MODIFIED"] == "20261124T142000Z"
    assert (second["SUMMARY"], second["TRANSP"]) == ("6 / 7 °C, Cloudy", "TRANSPARENT")
    assert second["DESCRIPTION"].split("\n") == [
        "Cloudy.",
        "Sun: 07:35 to 16:00",
        "Data received: Tuesday 24 November, 14:20",
        "Weather data provided by OpenWeather: https://openweathermap.org/",
    ]


def test_a_title_tells_what_falls_at_night():
    """A day that is dry while it is light: what a calendar shows first does not call it dry alone."""
    wet = [hour for hour in hours(UTC, count=40, interval=1) if not hour.precipitation]
    rain = {"condition": condition(501, None, False), "precipitation": 1.0, "precipitation_probability": None}
    steps = [replace(one, **rain) if 1 <= one.time.hour <= 4 and one.time.day == 25 else one for one in wet]
    told = report(hourly=tuple(steps), daily=days(steps, LONDON.coordinates, UTC), current=None)
    day = next(one for one in events(told) if one["DTSTART"] == "20261125")
    assert day["SUMMARY"].partition("(")[0].strip().endswith("at night moderate rain")
    assert day["DESCRIPTION"].startswith("Cloudy, at night moderate rain, about 4")


def test_the_names_of_events_stay():
    """Fetched again, an hour later and in another language, the same days have the same names; no two share one."""
    names = [one["UID"] for one in events(STATES["fresh"])]
    assert names == [one["UID"] for one in events(STATES["stale, upstream-timeout"], "de")]
    assert len(set(names)) == 6 and names[0] == "2026-11-24_51.51_-0.13@weatherglass"
    elsewhere = events(report(replace(LONDON, longitude=-0.14)))
    assert not {one["UID"] for one in elsewhere} & set(names)


def test_the_bytes_change_with_the_data_alone():
    """No age that moves: a minute later the file is the same."""
    reader = Formatter(language("en"), SYSTEMS["metric"])
    first, later = (calendar(STATES["fresh"], "London", reader, NOW.timestamp() + after) for after in (0, 90))
    assert first == later


def test_what_is_old_or_invented_says_so_in_the_title():
    """Where a calendar shows no more than that."""
    old = events(STATES["stale, upstream-timeout"])[1]
    assert old["SUMMARY"] == "6 / 7 °C, Cloudy (out of date)"
    assert "Out of date. Data from: Tuesday 24 November, 11:05" in old["DESCRIPTION"]
    assert events(report(source=DEMO))[1]["SUMMARY"].endswith("(demo)")


def test_a_day_of_which_a_part_is_told_says_so_in_the_title():
    """As its row on the page does: "from 15:00"."""
    assert events(STATES["fresh"])[0]["SUMMARY"] == "7 / 12 °C, Light rain (from 15:00)"
    assert events(report(source=DEMO))[0]["SUMMARY"] == "7 / 12 °C, Light rain (from 15:00, demo)"


def test_the_last_hours_of_a_day_are_told_from_when_they_begin():
    """At 23:30 the step that ends at midnight is all that is left: "from 00:00" would read as the whole day."""
    told = report(hourly=hours(UTC, first=datetime(2026, 11, 25, tzinfo=UTC)))
    late = datetime(2026, 11, 24, 23, 30, tzinfo=UTC).timestamp()
    first = read(calendar(told, "London", Formatter(language("en"), SYSTEMS["metric"]), late))[0]
    assert first["DTSTART"] == "20261124" and first["SUMMARY"].endswith("(from 21:00)")


def test_today_says_that_it_counts_the_hours_gone_by():
    """As the page does, where an earlier answer told of them."""
    told = "The numbers of this day count the hours that have gone by."
    gone = replace(STATES["fresh"], past=hours(UTC, first=NEW - timedelta(minutes=140), count=1))
    first, second = events(gone)[:2]
    assert told in first["DESCRIPTION"].split("\n") and told not in second["DESCRIPTION"]
    assert told not in events(STATES["fresh"])[0]["DESCRIPTION"]


def test_days_of_which_nothing_is_known_are_no_events():
    """Neither a zero nor an empty event."""
    unknown = replace(STATES["days unknown"], current=None)
    assert events(unknown) == events(STATES["hours gone by"]) == []


def test_what_has_a_meaning_is_escaped():
    """RFC 5545, 3.3.11; and what cannot be seen is left out."""
    assert text("a,b;c\\d\ne\x1b\x07") == r"a\,b\;c\\d\ne"


@pytest.mark.parametrize("letter", ["a", "é", "東", "🌦"])
def test_long_lines_are_folded_between_characters(letter):
    """75 octets a line, of 1 to 4 octets a character."""
    for count in range(15, 160):
        body = folded("SUMMARY:" + letter * count)
        parts = body.removesuffix(b"\r\n").split(b"\r\n")
        assert all(len(part) <= 75 and part.decode() for part in parts)
        assert body.replace(b"\r\n ", b"").decode() == f"SUMMARY:{letter * count}\r\n"


def test_an_evil_name_adds_no_line():
    evil = "x\r\nBEGIN:VEVENT\r\nUID:y"
    assert len(events(STATES["fresh"], name=evil)) == 6


@pytest.mark.needs("icalendar")
@pytest.mark.parametrize("lang", ["en", "de", "ar"])
def test_the_library_of_programs_reads_it(lang):
    """With the same days, titles and times."""
    import icalendar

    body = calendar(STATES["fresh"], "لندن", Formatter(language(lang), SYSTEMS["metric"]), NOW.timestamp())
    parsed = icalendar.Calendar.from_ical(body)
    found = parsed.walk("VEVENT")
    assert not parsed.errors and found[0].decoded("DTSTART") == date(2026, 11, 24)
    assert found[0].decoded("DTSTAMP") == NEW.astimezone(UTC)
    assert [str(one["SUMMARY"]) for one in found] == [one["SUMMARY"] for one in events(STATES["fresh"], lang)]


async def test_over_http(site, upstream):
    """Its type, its freshness, one forecast call; words and units by the address alone."""
    answer = await site.get(PATH, headers={"Accept-Language": "de", "Cookie": "units=us"})
    assert (answer.status_code, answer.headers["content-type"]) == (200, "text/calendar; charset=utf-8")
    assert "°C" in answer.text and answer.headers["cache-status"].startswith("weather;")
    assert upstream.calls == ["/data/2.5/forecast"]
    assert read(answer.content)[0]["DTSTAMP"] == f"{datetime.fromtimestamp(NOON, UTC):%Y%m%dT%H%M%SZ}"
    assert "°F" in (await site.get(f"{PATH}?units=us")).text
    assert (await site.get(PATH, headers={"If-None-Match": answer.headers["etag"]})).status_code in (200, 304)


async def test_today_reaches_as_far_as_on_the_page(site, upstream):
    """12° are measured, the steps to come have 7°: who has seen the page finds its high here, at no further call."""
    await site.get("/forecast/51.51,-0.13")
    before = upstream.count
    title = read((await site.get(PATH)).content)[0]["SUMMARY"]
    row = (await site.get("/api/v1/daily?lat=51.51&lon=-0.13")).json()["daily"][0]
    assert upstream.count == before and round(row["temperature_max"]) == 12
    assert title.startswith(f"{round(row['temperature_min'])} / 12 °C")


async def test_more_decimals_lead_to_the_cell(site):
    answer = await site.get("/forecast/51.5123,-0.1312/calendar.ics?units=us")
    assert (answer.status_code, answer.headers["location"]) == (308, f"{PATH}?units=us")


async def test_an_old_calendar_is_served_and_says_so(site, upstream, clock):
    await site.get(PATH)
    upstream.fails(500)
    clock.now = NOON + 86400
    answer = await site.get(PATH)
    assert answer.status_code == 200 and "(out of date)" in answer.text
