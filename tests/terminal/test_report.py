"""The report: golden texts made by hand; each state says what it is; nothing in it commands the terminal."""

import re
from dataclasses import replace
from datetime import UTC, timedelta

import pytest
from states import EVIL, LONDON, NEW, NOW, STATES, alert, fetched, hours, report

from weather.domain.model import MissingSection, Place
from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.places.search.place_search import SEVERAL
from weather.providers.report import ALERT_UNREAD, Section
from weather.upstream.freshness import CacheOutcome
from weather.web.terminal.report import Contents, text_report
from weather.web.terminal.screen import width
from weather.web.terminal.view import view_of

NOW_ALONE = """\
London, England, United Kingdom
As of 14:15 · 10 min ago · local time 14:25

Warnings: OpenWeatherMap's free products do not provide weather warnings. There
may be some in force: ask your national weather service.

Now
  🌦  12 °C, light rain
  feels like 9°
  Wind from the south-west, 18 km/h.
  Wet at first. Rain from about 21:00 to 00:00 tomorrow. About 2.4 mm in the
  next 24 hours. Falling to 6° tomorrow at 12:00.

Weather data provided by OpenWeather: https://openweathermap.org/
"""
HOURS = """\
Hour by hour
                  °C   mm    %  km/h
  15:00           7°    –    –  11    light rain
  18:00           7°    0   0%  11    cloudy
  21:00           7°    0   0%  11    cloudy
  tomorrow 00:00  7°  2.4  80%  11    moderate rain
  tomorrow 03:00  7°    0   0%  11    cloudy
  tomorrow 06:00  7°    0   0%  11    cloudy
  tomorrow 09:00  6°    0   0%  11    cloudy
  tomorrow 12:00  6°    0   0%  11    cloudy
  Precipitation is the sum of the hours before the time.
"""
TWO_DAYS = """\
Next 2 days
  Today from 15:00  7°  12°  80%  Light rain, about 2.4 mm.
  Tomorrow          6°   7°       Cloudy.
"""
STYLE = re.compile("\x1b\\[[0-9;]*m")


def text(told, *, colour: bool = False, lang: str = "en", units: str = "metric", **contents) -> str:
    view = view_of(told, Formatter(language(lang), SYSTEMS[units]), NOW.timestamp())
    return text_report(view, Contents(**contents), colour=colour)


def test_now_alone():
    """`?0`: the place as understood and its age, warnings, now, credits."""
    assert text(STATES["fresh"], days=0) == NOW_ALONE


def test_hours_and_days():
    """`?2` adds the next 24 hours, and two days; without a number all days are told."""
    head, _, credit = NOW_ALONE.rpartition("Weather data")
    assert text(STATES["fresh"], days=2) == f"{head}{HOURS}\n{TWO_DAYS}\nWeather data{credit}"
    assert "Next 6 days\n" in text(STATES["fresh"])


def test_colours_change_no_letter():
    """Colour adds its own sequences and nothing else; without it there is none."""
    in_colour = text(STATES["fresh"], colour=True)
    assert "\x1b[1mLondon" in in_colour and STYLE.sub("", in_colour) == text(STATES["fresh"])
    assert "\x1b" not in text(STATES["fresh"])


@pytest.mark.parametrize("lang", ["en", "de", "fr"])
@pytest.mark.parametrize("state", ["fresh", "stale, upstream-timeout", "two alerts", "no daily", "stood in for, key"])
def test_narrow_fits_into_forty_columns(state, lang):
    """A line of text is longer only where a table needs it: none does here."""
    lines = text(STATES[state], narrow=True, lang=lang).splitlines()
    assert [line for line in lines if width(line) > 40] == []


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ("stale, upstream-timeout", "Out of date. Data from: 11:05 · 3 h 20 min ago"),
        ("offline", "Offline. Data from: 11:05 · 3 h 20 min ago"),
        ("quota", "Next try: 14:35"),
        ("stale in part", "Out of date. Oldest data from: 11:05"),
        ("forecast as now", "Data received: 14:20 · 5 min ago"),
        ("forecast as now", "Forecast for now, not measured."),
        ("stood in for by the demo", "Invented for 14:15"),
        ("stood in for, failing", "No answer from OpenWeatherMap. Shown instead: Open-Meteo."),
        ("one alert", "1 alert\n  Yellow wind warning · Met Office · 14:20 to 20:25"),
        ("none in force", "No alerts."),
        ("alerts, stale", "Last known: 11:05. There may be newer ones."),
        ("no daily", "Days: The weather service did not send this."),
        ("no current", "Now: The weather service did not send this."),
        ("no hourly", "Hours: The weather service did not send this."),
        ("hours gone by", "The saved forecast has come to its end."),
    ],
)
def test_each_state_says_what_it_is(state, words):
    """The words of the page, behind the place in the first lines or where the part would stand."""
    assert words in text(STATES[state])


def test_a_warning_that_could_not_be_read_is_told_once():
    """Beside those that could: not again as one of the parts that are missing."""
    gap = MissingSection("alerts", "upstream", ALERT_UNREAD)
    shown = text(report(alerts=Section((alert(),), fetched(NEW, CacheOutcome()), missing=gap)))
    assert "Not every official warning that came could be read" in shown
    assert "could not be asked" not in shown


def test_an_old_answer_never_says_that_there_are_no_warnings():
    assert "No alerts" not in text(STATES["none in force, stale"])


@pytest.mark.slow
@pytest.mark.parametrize("state", STATES)
def test_every_state_is_told_with_its_place_and_credit(state):
    """Whatever is missing, a report is made; and it holds no control character but line breaks."""
    told = text(STATES[state], colour=False)
    assert told.endswith("\n") and "http" in told
    assert not [letter for letter in told if letter != "\n" and ord(letter) < 32]


def test_nothing_that_came_commands_the_terminal():
    """Escape sequences in warnings, names and words are no longer any (ECMA-48, 5.4: they begin with ESC or CSI)."""
    bad = "\x1b[31m\x9b2J\x1b]0;title\x07\u202e\r\n"
    evil = report(replace(LONDON, name=bad + EVIL, state=bad), alerts=(alert(bad + EVIL, sender=bad, description=bad),))
    assert not {"\x1b", "\x9b", "\x07", "\u202e", "\r"} & set(text(evil))


def test_today_says_that_it_counts_the_hours_gone_by():
    """In a line below the days, as the page does; nothing of it where no such hour is known."""
    line = "  Today: The numbers of this day count the hours that have gone by.\n"
    gone = replace(STATES["fresh"], past=hours(UTC, first=NEW - timedelta(minutes=140), count=1))
    assert line in text(gone) and line not in text(STATES["fresh"])


def test_other_places_of_the_name_are_offered():
    """With the paths under which they are to be had."""
    other = Place("London", "CA", "Ontario", 42.98, -81.25, "America/Toronto")
    told = text(STATES["fresh"], others=[other], note=SEVERAL)
    assert "Several places have this name; the largest stand first.\n  /42.98,-81.25  London, Ontario, Canada\n" in told


def test_a_wide_letter_takes_two_columns():
    """UAX #11; a mark that stands on another letter takes none."""
    assert (width("東京"), width("e\u0301a"), width("–12°")) == (4, 2, 4)
