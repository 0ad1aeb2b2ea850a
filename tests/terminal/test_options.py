"""The options of an address, by wttr.in's documentation; and who gets text."""

import pytest

from weather.errors import BadParameter
from weather.web.http.forms import kind
from weather.web.terminal.options import parse, place_text

WINDOWS = "Mozilla/5.0 (Windows NT; Windows NT 10.0; en-US) WindowsPowerShell/5.1.19041.4648"
FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
OF_BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


def test_letters_may_be_joined():
    """`?0Tm` is now alone, without colour, in metric units (wttr.in, "Weather Units": `?m2&lang=nl`)."""
    told = parse(b"0Tm")
    assert (told.days, told.colour, told.units, told.narrow) == (0, False, "metric", False)
    told = parse(b"n2M&lang=de")
    assert (told.days, told.narrow, told.units, told.lang, told.format) == (2, True, "si", "de", "")
    assert parse(b"u").units == "us" and parse(b"A").colour is True and parse(b"").colour is None


def test_letters_may_also_stand_apart():
    assert parse(b"0&T&m") == parse(b"0Tm")


def test_a_format_keeps_its_codes():
    """A code is no percent-encoded byte, and a plus sign is a space: `format=%l:+%c+%t` of wttr.in's README."""
    assert parse(b"format=%l:+%c+%t").format == "%l: %c %t"
    assert parse(b"view=3").format == "3"


def test_wttrs_name_for_the_report_is_the_report():
    assert parse(b"format=v1") == parse(b"")


def test_what_changes_nothing_here_is_taken():
    """wttr.in's letters of captions and pictures, and `period`, are no mistakes."""
    assert parse(b"qFQpIt3&period=60") == parse(b"")


@pytest.mark.parametrize(
    "query",
    [
        b"x",
        b"0b",
        b"colour=red",
        b"format=" + b"a" * 401,
        b"units=kelvin",
        b"wind=knots",
        b"format=v2",
        b"format=v2d",
        b"format=p1",
    ],
)
def test_what_is_not_known_is_a_mistake(query):
    with pytest.raises(BadParameter):
        parse(query).system("metric")


def test_a_language_that_we_do_not_speak_is_english():
    assert (parse(b"lang=tlh").lang, parse(b"lang=de-AT").lang) == ("en", "de")


@pytest.mark.parametrize(
    ("agent", "accept", "expected"),
    [
        ("curl/8.5.0", "*/*", "terminal"),
        ("Wget/1.21.4", "*/*", "terminal"),
        ("HTTPie/3.2.2", "*/*", "terminal"),
        ("xh/0.22.2", "*/*", "terminal"),
        (WINDOWS, "", "terminal"),
        ("Mozilla/5.0 (Linux; Debian) PowerShell/7.4.1", "", "terminal"),
        (FIREFOX, OF_BROWSER, "page"),
        (FIREFOX, "text/plain", "text"),
        ("", "text/plain, */*;q=0.1", "text"),
        ("", "text/plain;q=0", "page"),
        ("", "text/plain;charset=utf-8;q=0.000", "page"),
        ("", "text/plain;q=0.5", "text"),
        ("curl/8.5.0", "text/html", "page"),
        ("python-httpx/0.28", "*/*", "page"),
        ("curlicue/1.0", "*/*", "page"),
        ("Mozilla/5.0 xhtml-mobile", "*/*", "page"),
        ("", "", "page"),
        ("curl/8.5.0" + " " * 500, "*/*", "page"),
    ],
)
def test_who_gets_text(agent, accept, expected):
    """Programs of a terminal, and whoever asks for plain text; a browser, or what is not known, gets the page."""
    assert kind(agent, accept) == expected


def test_the_place_of_a_path():
    assert [place_text(name) for name in ("New+York", "~Eiffel+Tower", "51.51,-0.13")] == [
        "New York",
        "Eiffel Tower",
        "51.51,-0.13",
    ]
