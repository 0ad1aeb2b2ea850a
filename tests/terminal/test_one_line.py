"""One line: golden lines made by hand, from wttr.in's README and from numbers worked out here."""

from dataclasses import replace

import pytest
from states import LONDON, NOW, STATES, current, missing, report
from states import hours as steps

from weather.domain.conditions import condition
from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import language
from weather.web.terminal.one_line import one_line
from weather.web.terminal.view import view_of


def line(told, form: str, units: str = "metric", lang: str = "en") -> str:
    return one_line(view_of(told, Formatter(language(lang), SYSTEMS[units]), NOW.timestamp()), form)


@pytest.mark.parametrize(
    ("form", "expected"),
    [
        ("1", "🌦 +12°C\n"),
        ("2", "🌦 🌡️+12°C 🌬️↗18km/h\n"),
        ("3", "London: 🌦 +12°C\n"),
        ("4", "London: 🌦 🌡️+12°C 🌬️↗18km/h\n"),
        ("%l: %c %t\\n", "London: 🌦 +12°C\n"),
        ("%l", "London"),
        ("a%%c %q.", "a%c ."),
    ],
)
def test_wttrs_formats(form, expected):
    """11.6 °C is 12, 5 m/s are 18 km/h, a south-west wind blows to the north-east; other codes are nothing."""
    assert line(STATES["fresh"], form) == expected


def test_other_units():
    """11.6 °C are 52.88 °F, 5 m/s are 11.18 mph, 1012 hPa are 29.88 inHg (NIST SP 811: 33.86389 hPa each)."""
    assert line(STATES["fresh"], "%t %w %P", "us") == "+53°F ↗11mph 29.88inHg"
    assert line(STATES["fresh"], "%w", "si") == "↗5.0m/s"


def test_all_codes_of_now():
    """Each of wttr.in's letters about now; what falls is of the last hour."""
    told = current(humidity=81.0, precipitation=0.4, uv_index=1.5, temperature=-0.4, feels_like=-3.2)
    assert line(report(current=told), "%C|%x|%h|%t|%f|%p|%u") == "Light rain|/|81%|+0°C|-3°C|0.4mm|2"


def test_what_is_not_known_is_a_dash():
    """Never a zero."""
    assert line(STATES["now unknown"], "%t %f %w %h %P %p %u %C") == "– – – – – – – –"
    assert line(report(current=missing("current")), "%c %t") == "✨ –"


def test_sun_and_moon_of_london():
    """London on 24 November 2026: sun 07:33 to 16:01, noon 11:47 (equation of time +13 min 20 s), full moon."""
    told = line(STATES["fresh"], "%S %s %z %m %T %Z")
    assert told == "07:33:00 16:01:00 11:47:00 🌕 14:25:00+0000 Europe/London"


def test_dawn_and_dusk_of_london():
    """Civil twilight lasts 36 to 40 minutes there in November."""
    dawn, dusk = (line(STATES["fresh"], code) for code in ("%D", "%d"))
    assert "06:53:00" <= dawn <= "06:57:00" and "16:37:00" <= dusk <= "16:41:00"


def test_the_moon_day():
    """Half of a synodic month of 29.53 days after the new moon is day 14."""
    assert line(STATES["fresh"], "%M") == "14"


def test_the_polar_night_has_no_sunrise():
    assert line(STATES["polar night"], "%S %s") == "– –"


def test_the_chance_is_of_the_next_step():
    assert line(report(hourly=steps(NOW.tzinfo, precipitation_probability=40.0)), "%o") == "40%"


@pytest.mark.parametrize("form", ["1", "2", "3", "4", "%t", "%c%t\\n"])
def test_an_old_line_says_so(form):
    """Fetched at 11:05, it is 14:25: 3 h 20 min; before the line's end, whatever the format."""
    told = line(STATES["stale, upstream-timeout"], form)
    assert told.rstrip("\n").endswith(" (3 h 20 min ago)")
    assert told.endswith("\n") == line(STATES["fresh"], form).endswith("\n")


def test_an_invented_line_says_so():
    assert line(replace(STATES["stood in for by the demo"], instead=None), "%t") == "+12°C (demo)"


def test_an_old_line_in_another_language():
    assert line(STATES["stale, upstream-timeout"], "%C %t", lang="de") == "Leichter Regen +12°C (vor 3 Std. 20 Min.)"


def test_a_clear_night_has_no_sun():
    by_night = current(condition=condition(800, None, False), is_day=False)
    assert line(report(current=by_night), "%c") == "🌙"
    assert line(report(current=current(condition=condition(800, None, True))), "%c") == "☀️"


@pytest.mark.parametrize(("degrees", "arrow"), [(0, "↓"), (44, "↙"), (90, "←"), (180, "↑"), (270, "→"), (350, "↓")])
def test_an_arrow_shows_where_the_wind_blows(degrees, arrow):
    """From the north it blows down the map."""
    assert line(report(current=current(wind_direction=float(degrees))), "%w") == f"{arrow}18km/h"


def test_a_calm_has_no_direction():
    assert line(report(current=current(wind_speed=0.0)), "%w") == "0km/h"


def test_nothing_in_a_line_commands_the_terminal():
    """No control characters of a name, nor of the format itself."""
    evil = replace(LONDON, name="\x1b]0;x\x07Lon\x9b31mdon\u202e")
    assert not {"\x1b", "\x07", "\x9b", "\u202e", "\r"} & set(line(report(evil), "%l\x1b[2J\r%t"))
