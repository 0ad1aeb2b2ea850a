"""What OpenWeatherMap's bodies have in common: amounts, names, icons, times."""

import math
import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.conditions import condition
from weather.domain.model import Coordinates
from weather.domain.text import JOINERS, label
from weather.providers.openweathermap.wire import (
    Amounts,
    Main,
    Number,
    Offset,
    Sky,
    UnixTime,
    WeatherFields,
    celsius,
    condition_of,
    conditions,
    country_code,
    local_time,
    precipitation,
)

LONDON = Coordinates(51.51, -0.13)
DRY, WET, SNOWY = (condition(code, None, is_day=True) for code in (803, 501, 601))


def told(text: str) -> Amounts:
    return msgspec.json.decode(text, type=Amounts)


@pytest.mark.parametrize(
    ("rain", "snow", "sky", "millimetres"),
    [
        ('{"1h": 0.4}', "null", WET, 0.4),
        ('{"1h": 2}', "null", WET, 2.0),
        ('{"1h": 0.5}', '{"1h": 0.25}', SNOWY, 0.75),
        ("null", '{"1h": 1.5}', SNOWY, 1.5),
        ('{"1h": 0}', "null", WET, 0.0),
        ('{"1h": 0}', "null", DRY, 0.0),
        ("0.4", "null", WET, 0.4),
        ("0", "0", DRY, 0.0),
        ("null", "null", DRY, 0.0),
        ("{}", "null", DRY, 0.0),
        ("{}", "{}", None, 0.0),
        ("null", "null", WET, None),
        ("{}", "null", WET, None),
        ("null", "null", SNOWY, None),
        ('{"1h": null}', "null", WET, None),
        ('{"3h": 1.2}', "null", WET, None),
        ('{"3h": 0}', "null", DRY, None),
        ('{"1h": 0.4, "3h": 1.2}', "null", WET, 0.4),
    ],
)
def test_the_shapes_of_rain_and_snow(rain, snow, sky, millimetres):
    """Object, number, null or nothing: a sum, dry, or, when it is wet and nothing is told, not known."""
    assert precipitation("1h", sky, told(rain), told(snow)) == millimetres


def test_the_span_is_named():
    """Three hours' rain is not one hour's: each route reads its own."""
    both = told('{"1h": 0.5, "3h": 2.5}')
    assert (precipitation("1h", WET, both), precipitation("3h", WET, both)) == (0.5, 2.5)


@pytest.mark.parametrize("text", ['"0.4"', "[0.4]", "true", '{"1h": "0.4"}', '{"1h": [1]}', "1e10", '{"1h": -1e300}'])
def test_other_shapes_are_refused(text):
    """What was never seen is not interpreted."""
    with pytest.raises(msgspec.DecodeError):
        told(text)


@pytest.mark.parametrize(
    ("kelvin", "expected"),
    [(273.15, 0.0), (285.15, 12.0), (0, None), (-9999, None), (272.65, -0.5), (299.941, 26.791), (None, None)],
)
def test_kelvin(kelvin, expected):
    """Degrees Celsius, without the noise of the subtraction, and not yet rounded; what no air has is not known."""
    assert celsius("temperature", kelvin) == expected


@given(st.floats(273.1, 273.2))
def test_freezing_has_no_negative_zero(kelvin):
    """Nothing is colder than zero by a sign alone."""
    result = celsius("temperature", kelvin)
    assert result != 0 or math.copysign(1, result) == 1


def test_whole_numbers_and_fractions_are_one():
    """The same value comes as 2 or as 2.0, and is the same number."""
    read = msgspec.json.Decoder(Main).decode
    assert (
        read(b'{"temp": 2, "humidity": 81}') == read(b'{"temp": 2.0, "humidity": 81.0}') == Main(2.0, None, None, 81.0)
    )


@pytest.mark.parametrize("text", ["1e9", "-1000000000", "0", "1e-300", "-0.0"])
def test_numbers_of_weather(text):
    """Any that weather could have, and far more."""
    assert msgspec.json.decode(text, type=Number) == float(text)


@pytest.mark.parametrize("text", ["1e10", "-1e300", "1" + "0" * 400, "NaN", "Infinity", '"5"', "true", "[]"])
def test_numbers_that_no_weather_has(text):
    """One that could grow past all bounds on its way to a reader's unit is refused at the door."""
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(text, type=Number)


@pytest.mark.parametrize("text", ["-1", "8589934593", "1" + "0" * 30, "1795521600.5", '"1795521600"', "null"])
def test_absurd_times_are_refused(text):
    """A time is whole seconds between 1970 and 2242."""
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(text, type=UnixTime)


@pytest.mark.parametrize("text", ["50401", "-50401", '"Europe/London"', "3600.5", "1e400"])
def test_absurd_offsets_are_refused(text):
    """No place is further from UTC than fourteen hours; names of zones are another product's."""
    with pytest.raises(msgspec.DecodeError):
        msgspec.json.decode(text, type=Offset)


@pytest.mark.parametrize("seconds", [0, 2**33, 1_795_521_600])
@pytest.mark.parametrize("hours", [-14, -9.5, 0, 5.75, 14])
def test_times_are_the_places_own(seconds, hours):
    """The same instant, on the clock of the place, from the first second to the last."""
    shown = local_time(seconds, timezone(timedelta(hours=hours)))
    assert (shown.timestamp(), shown.utcoffset()) == (seconds, timedelta(hours=hours))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("London", "London"),
        ("Hastings-on-Hudson", "Hastings-on-Hudson"),
        ("Ras al Khaimah رأس الخيمة", "Ras al Khaimah رأس الخيمة"),
        ("Москва", "Москва"),
        ("", None),
        (None, None),
        ("م\u200cن", "م\u200cن"),
        ("   ", None),
        ("\x00\x07\x1b", None),
        ("\u200b\u202e\u2066", None),
        ("Lon\x00don", "Lon don"),
        ("a\r\nb\tc", "a b c"),
        ("a\u2028b\u2029c", "a b c"),
        ("evil\u202egnp.exe", "evilgnp.exe"),
        ("\u2067right\u2069", "right"),
        ("\ufeffLondon\ufffe", "London"),
        ("private\ue000", "private"),
        ("  a \u00a0 b ", "a b"),
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
    ],
)
def test_labels(text, shown):
    """One line without control and direction marks, else as it came: escaping is the page's task."""
    assert label(text) == shown


def test_a_name_of_a_megabyte_is_cut():
    """A label is short however long the name is, and quickly so."""
    assert label("x" * 2**20) == "x" * 80
    assert label("\u200b" * 2**20 + "x") is None
    assert label("x" * 79 + " y") == "x" * 79


@given(st.text())
def test_any_label_is_fit_to_be_shown(text):
    """At most 80 characters, none of them invisible, no space at the ends; a label of a label is itself."""
    shown = label(text)
    if shown is not None:
        assert 0 < len(shown) <= 80
        assert shown == " ".join(shown.split(" ")).strip()
        seen = {unicodedata.category(c) for c in shown if c not in JOINERS}
        assert not seen & {"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"}
        assert label(shown) == shown


@pytest.mark.parametrize(
    ("text", "code"),
    [("GB", "GB"), ("gb", "GB"), ("", None), (None, None), ("none", None), ("India", None), ("G", None), ("ГБ", None)],
)
def test_country_codes(text, code):
    """Two letters or nothing; old bodies have words there."""
    assert country_code(text) == code


def test_the_first_condition_counts():
    """Upstream tells the main one first; two were seen until 2019."""
    entries = [Sky(741, "50n"), Sky(500, "10n")]
    assert condition_of(entries, is_day=False).code == 741


@pytest.mark.parametrize("entries", [None, []])
def test_no_condition_is_no_condition(entries):
    """An empty list, or none at all, is not known."""
    assert condition_of(entries, is_day=True) is None


@pytest.mark.parametrize("letter", ["d", "n", ""])
@pytest.mark.parametrize(("hour", "by_day"), [(12, True), (0, False), (16, True), (17, False)])
def test_day_and_night_follow_our_own_sun(letter, hour, by_day):
    """Whatever upstream's letter says: at noon, at midnight, and on both sides of London's sunset at 16:01."""
    noon = datetime(2026, 11, 24, hour, tzinfo=UTC)
    body = WeatherFields(dt=int(noon.timestamp()), main=Main(), weather=[Sky(800, f"01{letter}")])
    told = conditions(body, "1h", LONDON, UTC)
    assert (told["is_day"], told["condition"].icon) == (by_day, "01d" if by_day else "01n")


def test_an_unknown_condition_keeps_its_id():
    """Ids come and go upstream: the words are those of the hundred."""
    shown = condition_of([Sky(799)], is_day=True)
    assert (shown.code, shown.text) == (799, "mist")
