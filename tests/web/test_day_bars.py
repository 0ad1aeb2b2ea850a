"""The days' range bars: their geometry gives the data back, a temperature has one colour, and it can be seen."""

import re
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from looks import contrast

from weather.domain.model import DailyForecast
from weather.web.pages.templating import PACKAGE
from weather.web.view.day_bars import STOPS, Scale, scale

CSS = (PACKAGE / "static" / "style.css").read_text("utf-8")
GROUNDS = {"light": "#fbfbf8", "dark": "#14181d"}
COLOURS = dict(re.findall(r"\.(km?\d+) \{ stop-color: (#[0-9a-f]{6}); \}", CSS))
NAMES = {t: f"k{t}" if t >= 0 else f"km{abs(t)}" for t in range(-30, 41, 5)}

warmths = st.floats(-60, 55).map(lambda celsius: round(celsius, 2))
ranges = st.tuples(warmths, warmths).map(lambda ends: (min(ends), max(ends)))
weeks = st.lists(ranges, min_size=1, max_size=8)


def days_of(*ranges) -> list[DailyForecast]:
    """Days from a Tuesday on, each of a low and a high."""
    unknown = dict.fromkeys(DailyForecast.__dataclass_fields__)
    first = date(2026, 11, 24)
    return [
        DailyForecast(
            **unknown
            | {"date": first + timedelta(n), "partial": False, "temperature_min": low, "temperature_max": high}
        )
        for n, (low, high) in enumerate(ranges)
    ]


def rgb(colour: str) -> list[float]:
    return [int(colour[at : at + 2], 16) for at in (1, 3, 5)]


def mixed(one, other, share: float) -> list[float]:
    return [a + (b - a) * share for a, b in zip(one, other, strict=True)]


def painted(common: Scale, x: float) -> list[float]:
    """What a browser paints at x (SVG 2, 14.2.4): offsets held within 0..1 and never falling, mixed in sRGB."""
    share = (x - common.coldest) / (common.warmest - common.coldest)
    offsets, least = [], 0.0
    for stop in common.stops():
        least = max(least, min(1.0, max(0.0, stop.offset)))
        offsets.append(least)
    colours = [rgb(COLOURS[stop.name]) for stop in common.stops()]
    for n in range(len(offsets) - 1):
        if share <= offsets[n + 1]:
            span = offsets[n + 1] - offsets[n]
            return mixed(colours[n], colours[n + 1], max(0.0, (share - offsets[n]) / span)) if span else colours[n]
    return colours[-1]


def wanted(celsius: float) -> list[float]:
    """The colour of a temperature: that of its stop, mixed in between, the last one beyond the ends."""
    held = min(40.0, max(-30.0, celsius))
    below = min(35, int(held // 5) * 5)
    return mixed(rgb(COLOURS[NAMES[below]]), rgb(COLOURS[NAMES[below + 5]]), (held - below) / 5)


@given(weeks)
def test_the_bars_give_the_data_back(week):
    """Read off the scale, the ends of each bar are its low and its high, to the tenth of a hundredth drawn."""
    days = days_of(*week)
    common = scale(days)
    degree = (common.high - common.low) / 100
    for day in days:
        bar = common.bar(day)
        low, high = (common.low + x * degree for x in (bar.x, bar.x + bar.width))
        if day.temperature_max - day.temperature_min > 2.1 * degree:
            assert low == pytest.approx(day.temperature_min, abs=0.051 * degree + 1e-6)
            assert high == pytest.approx(day.temperature_max, abs=0.11 * degree + 1e-6)


@given(weeks)
def test_every_bar_lies_on_the_scale_and_can_be_seen(week):
    """At least two hundredths wide, inside 0..100, and with no more digits than are worth sending."""
    days = days_of(*week)
    for day in days:
        bar = scale(days).bar(day)
        assert bar.width >= 2
        assert bar.x >= 0
        assert bar.x + bar.width <= 100.0001
        assert (bar.x, bar.width) == (round(bar.x, 1), round(bar.width, 1))


@given(weeks)
def test_the_scale_is_the_weeks_and_never_shorter_than_ten_degrees(week):
    """From the lowest low to the highest high; a calm week lies in the middle of ten degrees."""
    low, high = min(low for low, _ in week), max(high for _, high in week)
    common = scale(days_of(*week))
    assert common.high - common.low == pytest.approx(max(10.0, high - low))
    assert common.high + common.low == pytest.approx(high + low, abs=1e-6)


def test_a_day_at_the_end_of_the_scale_stays_on_it():
    """A single warm moment at the right end is drawn two hundredths wide, to the left of it."""
    days = days_of((0.0, 10.0), (10.0, 10.0))
    bar = scale(days).bar(days[1])
    assert (bar.x, bar.width) == (98.0, 2.0)


@pytest.mark.parametrize("ends", [(None, 9.0), (1.0, None), (None, None)])
def test_an_unknown_range_has_no_bar(ends):
    """No bar for a day with an end that is not known; no scale if none is."""
    days = days_of((2.0, 8.0), ends)
    assert scale(days).bar(days[0]) is not None
    assert scale(days).bar(days[1]) is None
    assert scale(days_of((None, None))) is None
    assert scale([]) is None


@given(ranges, ranges, warmths)
def test_a_temperature_looks_the_same_in_every_week(one, other, celsius):
    """What is painted for it is its own colour, whatever the scale: so 15° is 15° in June and in January."""
    for week in (one, other):
        common = scale(days_of(week))
        degree = (common.high - common.low) / 100
        seen = painted(common, (celsius - common.low) / degree)
        # A tenth of a hundredth of the scale is what the drawing rounds to, at each end of the gradient.
        slack = 0.3 * degree * 255 / 5
        assert seen == pytest.approx(wanted(celsius), abs=slack)


def test_fifteen_degrees_have_their_own_colour():
    """In a cold, a mild and a hot week that of its class, `k15`."""
    for week in ((-10.0, 15.0), (14.0, 16.0), (15.0, 40.0)):
        common = scale(days_of(week))
        assert painted(common, common.at(15.0)) == pytest.approx(rgb(COLOURS["k15"]), abs=2)


def test_every_stop_has_a_colour():
    """The classes of the drawing are those of the style sheet, one for five degrees from -30 to 40."""
    common = scale(days_of((0.0, 20.0)))
    assert [stop.name for stop in common.stops()] == list(NAMES.values())
    assert set(NAMES.values()) == set(COLOURS)
    assert list(NAMES) == list(STOPS)
    offsets = [stop.offset for stop in common.stops()]
    assert offsets[0] == 0
    assert offsets[-1] == 1
    assert offsets == sorted(offsets)


@pytest.mark.parametrize("ground", GROUNDS)
def test_every_colour_can_be_seen(ground):
    """Stops, and what is mixed between neighbours, stand out from the page by 3 to 1 (WCAG 2.2, 1.4.11)."""
    assert f"--ground: light-dark({GROUNDS['light']}, {GROUNDS['dark']});" in CSS
    page = rgb(GROUNDS[ground])
    stops = [rgb(COLOURS[name]) for name in NAMES.values()]
    for n, (one, other) in enumerate(zip(stops, stops[1:], strict=False)):
        for step in range(17):
            ratio = contrast(mixed(one, other, step / 16), page)
            assert ratio >= 3, f"{STOPS[n]} to {STOPS[n + 1]}: {ratio:.2f}"


def test_contrast_is_reckoned_as_wcag_does():
    """Black on white is 21 to 1; #767676 on white is the known limit of 4.54."""
    assert contrast(rgb("#000000"), rgb("#ffffff")) == pytest.approx(21)
    assert contrast(rgb("#767676"), rgb("#ffffff")) == pytest.approx(4.54, abs=0.005)
