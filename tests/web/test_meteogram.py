"""The meteogram: what is drawn is what is told, whatever the weather, the clocks and the sun do.

Values are read back from the drawing by the numbers of its own grid, times by the hours under it.
"""

import gzip
import re
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import jinja2
import pytest
from hypothesis import given
from hypothesis import strategies as st
from markup import parsed
from states import NOW, report

from weather.domain.conditions import condition
from weather.domain.model import Condition, HourlyForecast
from weather.domain.units import SYSTEMS, convert
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES, language
from weather.web.pages.templating import PACKAGE, templates_folder
from weather.web.view.chart import labels
from weather.web.view.forecast import forecast_page
from weather.web.view.meteogram import Labels, draw, style
from weather.web.view.meteogram.geometry import width_of

METRIC, US = SYSTEMS["metric"], SYSTEMS["us"]
ENGLISH = labels(Formatter(language("en"), METRIC))
START = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
NUMBER = re.compile(r"-?\d+(?:\.\d+)?")
SHEET = ":root { --ink: black; }\nbody { margin: 0 }\n/* meteogram */\n.m { x: y }\n/* end of meteogram */\np { a: b }"
PLAIN = {"m-chance", "m-speed", "m-hour", "m-sleet"}  # as the sheet has every text, and every bar
JINJA = jinja2.Environment(
    loader=jinja2.FileSystemLoader(templates_folder()),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def step(number=1, interval=3, start=START, **told):
    """A step that ends so many intervals after the start; nothing else is known of it."""
    names = {one.name for one in fields(HourlyForecast)} - {"time", "interval_hours"}
    ends = datetime.fromtimestamp(start.timestamp() + number * interval * 3600, start.tzinfo)
    return HourlyForecast(time=ends, interval_hours=interval, **(dict.fromkeys(names) | told))


def steps(*temperatures, interval=3, start=START, **told):
    """Steps one after another, of those temperatures."""
    return [step(n, interval, start, temperature=t, **told) for n, t in enumerate(temperatures, 1)]


def two_days(interval=3, start=START):
    """48 hours of which everything is known, every number another: a wet afternoon, a frosty night, a gust."""
    return [
        step(
            n,
            interval,
            start,
            temperature=round(4 + n * 7 % 11 - n / 10, 2),
            feels_like=round(1 + n * 7 % 11 - n / 10, 2),
            wind_speed=3.6 * (n % 7),
            wind_gust=40.0 + n,
            wind_direction=n * 37 % 360,
            precipitation=[0.0, 0.3 + n / 10, 1.3][n % 3],
            precipitation_probability=n * 13 % 100,
            condition=condition([803, 501, 611, 600][n % 4], None, True),
            is_day=n % 8 < 4,
        )
        for n in range(1, 48 // interval + 1)
    ]


def nights(*spans):
    """Nights that begin and end so many hours after the start, whatever the stretch of time that is drawn."""
    told = [tuple(START + timedelta(hours=edge) for edge in span) for span in spans]
    return lambda start, end: told


ALL_NIGHT, ALL_DAY = nights((0, 48)), nights()


def drawn(hours, as_of=START, system=METRIC, dark=ALL_DAY, labels=ENGLISH):
    return draw(hours, as_of, system, dark, labels, stamp="OpenWeatherMap, 12:00")


def picture(chart, **more):
    """The drawing as a browser gets it."""
    return JINJA.get_template("_meteogram.svg").render(
        chart=chart, title="Weather & more", description="Dry.", symbol=lambda code, is_day: f"i-{code}", **more
    )


def ends(path):
    """The points that a path leads through, part by part."""
    return [[part[0], *(end for *_, end in part[1])] for part in bends(path)]


def bends(path):
    """Of each part of a path of M, c and s where it begins, and its bends: two controls and an end (SVG 1.1, 8.3.6)."""
    parts = []
    for command, numbers in re.findall(r"([Mcsh])([^A-Za-z]*)", path):
        values = [float(one) for one in NUMBER.findall(numbers)]
        if command == "M":
            x, y = last = values
            parts.append(((x, y), []))
        elif command in "cs":
            moved = [(round(x + dx, 1), round(y + dy, 1)) for dx, dy in zip(values[::2], values[1::2], strict=True)]
            mirrored = [(round(2 * x - last[0], 1), round(2 * y - last[1], 1))] if command == "s" else []
            parts[-1][1].append((*mirrored, *moved))
            last, (x, y) = moved[-2:]
    return parts


def value_at(chart, y):
    """The temperature at a height, by the two numbers of the grid that are furthest apart."""
    told = sorted((one.y - 4, float(one.text.replace("−", "-"))) for one in chart.numbers)
    (high, warm), (low, cold) = told[0], told[-1]
    return warm + (cold - warm) * (y - high) / (low - high)


def hours_at(chart, hours, x):
    """Hours since the first step began, by where the hours of the clock stand; the clocks are not set meanwhile."""
    first, last = [one for one in chart.hours if one.text != "Now"][1:-1][:: len(chart.hours) - 4]
    begin = hours[0].time.hour - hours[0].interval_hours
    at = [(int(one.text) - begin) % 24 for one in (first, last)]
    at[1] += 24 * round((hours[-1].time - hours[0].time) / timedelta(hours=24) - 0.5)
    return at[0] + (at[1] - at[0]) * (x - first.x) / (last.x - first.x)


def room(text, size):
    """What a text takes up from left to right: three fifths of its height for each letter."""
    return text.x - size * len(text.text) * 0.3, text.x + size * len(text.text) * 0.3


def touch(one, other, size=14):
    """Whether two texts lie on each other."""
    (left, right), (its_left, its_right) = room(one, size), room(other, size)
    return abs(one.y - other.y) < size and left < its_right and its_left < right


def points(path):
    """All coordinates of a path; lines without length are dots."""
    for _, curves in bends(path):
        yield from (point for curve in curves for point in curve)
    for command, numbers in re.findall(r"([MHV])([^A-Za-z]*)", path):
        values = [float(one) for one in NUMBER.findall(numbers)]
        if command == "M":
            yield from zip(values[::2], values[1::2], strict=True)
        elif command == "H":
            yield values[0], 0.0
        elif command == "V":
            yield 0.0, values[0]


def corners(path):
    """The corners of a path that begins at a point and goes on by moves to the side and down."""
    begin, *moves = re.findall(r"[Mhv][^Mhvz]*", path)
    x, y = (float(one) for one in NUMBER.findall(begin))
    yield x, y
    for move in moves:
        length = float(move[1:])
        x, y = (round(x + length, 1), y) if move[0] == "h" else (x, round(y + length, 1))
        yield x, y


def test_every_temperature_is_a_point_of_its_curve():
    """Read back by the numbers of the grid, the curves lead through what was told, within a tenth of a degree."""
    hours = two_days()
    chart = drawn(hours)
    for path, name in ((chart.temperature, "temperature"), (chart.feels_like, "feels_like")):
        ((*curve,),) = ends(path)
        assert [value_at(chart, y) for _, y in curve] == pytest.approx([getattr(h, name) for h in hours], abs=0.1)


def test_a_curve_never_goes_beyond_its_points():
    """Between two steps the line stays between their temperatures: no invented high or low."""
    (((_, y0), curves),) = bends(drawn(steps(1, 9, 9, 2, 12, 0, 0.5)).temperature)
    for (_, first), (_, second), (_, y1) in curves:
        assert min(y0, y1) - 0.1 <= min(first, second) <= max(first, second) <= max(y0, y1) + 0.1
        y0 = y1


def test_every_step_stands_at_its_time():
    """Read back by the hours under the drawing, points and arrows stand at the time of their step."""
    hours = two_days()
    chart = drawn(hours, START - timedelta(hours=1))
    ((*curve,),) = ends(chart.temperature)
    assert [hours_at(chart, hours, x) for x, _ in curve] == pytest.approx([3.0 * n for n in range(1, 17)], abs=0.05)
    assert [hours_at(chart, hours, one.x) for one in chart.speeds] == pytest.approx(
        [3.0 * n for n in range(1, 17)], abs=0.05
    )


def test_a_bar_is_as_high_as_what_falls_and_as_wide_as_its_step():
    """By the number at the full height: every wet step and no other, from its beginning to its end."""
    hours = two_days()
    chart = drawn(hours, START - timedelta(hours=1))
    full = float(chart.depths[0].text)
    top, bottom = (float(y) for y in re.findall(r"M34 (\S+)H", chart.grid)[-2:])
    wet = [(n, hour) for n, hour in enumerate(hours) if hour.precipitation]
    told = [bar.height / (bottom - top) * full for bar in chart.bars]
    assert told == pytest.approx([hour.precipitation for _, hour in wet], abs=0.01)
    assert [bar.y + bar.height for bar in chart.bars] == pytest.approx([bottom] * len(wet))
    assert [hours_at(chart, hours, bar.x) for bar in chart.bars] == pytest.approx([3 * n for n, _ in wet], abs=0.1)
    assert [hours_at(chart, hours, bar.x + bar.width) for bar in chart.bars] == pytest.approx(
        [3 * n + 3 for n, _ in wet], abs=0.1
    )


def test_where_nothing_falls_no_height_is_kept_for_bars():
    """The paper is lower by a full bar, and so is all that stands under it; nor is told how much a full bar were."""
    wet, dry = drawn(steps(5, precipitation=0.2)), drawn(steps(5, precipitation=0.0, precipitation_probability=20.0))
    top, foot = (float(y) for y in re.findall(r"M34 (\S+)H", wet.grid)[-2:])
    assert wet.height - dry.height == foot - top > 40
    assert (dry.bars, dry.depths) == ([], [])
    assert wet.hours[0].y - dry.hours[0].y == wet.note.y - dry.note.y == foot - top
    assert max(text.y for text in (*dry.hours, *dry.chances, dry.note, dry.stamp)) < dry.height


@pytest.mark.parametrize("system", [METRIC, US])
def test_a_drizzle_never_looks_like_a_flood(system):
    """0.2 mm alone fills a twentieth of the height at most, in inches too; 60 mm and 250 mm still fit."""
    for amount, least, most in ((0.2, 0.01, 1 / 20), (60.0, 1 / 3, 1.0), (250.0, 0.99, 1.0)):
        chart = drawn(convert(tuple(steps(5, precipitation=amount)), system), system=system)
        (bar,) = chart.bars
        top, bottom = (float(y) for y in re.findall(r"M34 (\S+)H", chart.grid)[-2:])
        assert least < bar.height / (bottom - top) <= most


def test_the_scale_is_ten_degrees_high_at_least():
    """A calm day looks calm: a change of one degree moves the curve by a tenth of the height; 18 degrees of °F."""
    for system, least in ((METRIC, 10.0), (US, 18.0)):
        ((*calm,),) = ends(drawn(steps(20, 21), system=system).temperature)
        ((*wild,),) = ends(drawn(steps(20, 60), system=system).temperature)
        rise, height = (curve[0][1] - curve[1][1] for curve in (calm, wild))
        assert rise / height == pytest.approx(1 / least, abs=0.01)


@pytest.mark.parametrize(
    ("code", "kind"),
    [(501, "rain"), (511, "freezing_rain"), (200, "rain"), (803, "rain"), (600, "snow"), (622, "snow"),
     (611, "sleet"), (613, "sleet"), (615, "sleet"), (616, "sleet"), (620, "snow"), (None, "rain")],
)  # fmt: skip
def test_what_falls_has_its_pattern(code, kind):
    """Rain, snow and sleet differ by pattern, and the legend explains the one that is drawn."""
    chart = drawn(steps(0, precipitation=1.0, condition=condition(code, None, True) if code else None))
    assert [bar.kind for bar in chart.bars] == [kind]
    assert [key.kind for key in chart.keys] == ["temperature", kind]
    assert (f'fill="url(#meteogram-{kind})"' in picture(chart)) == (kind != "rain")


def test_dry_is_a_dot_and_unknown_is_nothing():
    """0 mm is a dot under the middle of its step; traces are a bar, and not called dry; not known is neither."""
    hours = [step(1, precipitation=0.0), step(2), step(3, precipitation=0.04), step(4, precipitation=0.06)]
    chart = drawn(hours)
    assert len(chart.bars) == 2
    assert [x for ((x, _),) in ends(chart.dots)] == pytest.approx([34 + 672 * 1.5 / 12], abs=0.1)


@pytest.mark.parametrize(
    ("temperatures", "parts"),
    [((1, 2, 3), [3]), ((1, None, 3), [1, 1]), ((None, 2, 3, None, 5, 6), [2, 2]), ((None, None), []), ((0, 0), [2])],
)
def test_a_value_not_known_is_a_gap(temperatures, parts):
    """The curve is broken where nothing is known; a point alone is a dot; 0 is a value."""
    assert [len(part) for part in ends(drawn(steps(*temperatures)).temperature)] == parts


@pytest.mark.parametrize("code", LANGUAGES)
def test_a_phone_shows_the_whole_legend(code):
    """A screen of 390 pixels shows as many of the drawing before it is scrolled; a row more makes it higher."""
    falls = [501, 601, 611, 511]
    hours = [step(n + 1, temperature=2.0, feels_like=-3.0, precipitation=1.0, condition=condition(one, None, True))
             for n, one in enumerate(falls)]  # fmt: skip
    chart = drawn(hours, labels=labels(Formatter(language(code), METRIC)))
    assert len(chart.keys) == 6
    assert max(key.word.x + width_of(key.word.text, 12) for key in chart.keys) <= 390
    assert len({(key.x, key.y) for key in chart.keys}) == 6
    assert max(key.word.y for key in chart.keys) + 12 < chart.note.y + 1 < chart.height == 380 + chart.note.y - 375


def test_a_step_that_is_not_there_is_a_gap():
    """No line leads over steps that the forecast leaves out."""
    hours = steps(1, 2, 3, 4, 5, 6)
    assert [len(part) for part in ends(drawn(hours[:2] + hours[4:]).temperature)] == [2, 2]


def test_nothing_known_draws_nothing():
    """All missing: days, hours, night and the units stand; no curve, bar, dot, arrow, symbol, number or legend."""
    chart = drawn(steps(*[None] * 16), dark=ALL_NIGHT)
    for name in ("temperature", "feels_like", "dots", "freezing"):
        assert getattr(chart, name) == ""
    for name in ("bars", "amounts", "chances", "arrows", "speeds", "symbols", "extremes", "keys", "repeated"):
        assert not list(getattr(chart, name)), name
    assert [one.text for one in chart.days] == ["Tuesday", "Wednesday", "Thursday"]
    assert chart.nights
    assert chart.targets[0].title == "Tuesday 15:00: nothing is known"


def test_no_hours_are_no_drawing():
    """Without a step there is nothing to draw."""
    assert drawn([]) is None


@pytest.mark.parametrize("interval", [1, 3])
def test_a_single_step_is_drawn_on_half_a_day(interval):
    """One step is as narrow as in any other drawing of twelve hours, with its number."""
    chart = drawn(steps(7.4, interval=interval, precipitation=2.0))
    (bar,) = chart.bars
    assert bar.width == pytest.approx(672 * interval / 12 - 2, abs=0.1)
    assert [one.text for one in chart.extremes] == ["7°"]


def test_highs_and_lows_are_written():
    """The highest and the lowest are told, and every turn between them that is a day's, not one that is an hour's."""
    hours = steps(5, 6, 8, 11, 9.6, 10, 7, 3, 1, -2, 0, 4, 9, 14, 10, 8)
    assert [one.text for one in drawn(hours).extremes] == ["−2°", "14°", "11°", "8°", "5°"]
    assert [one.text for one in drawn(steps(*[3.0] * 16)).extremes] == ["3°"]


def test_a_number_keeps_clear_of_what_it_feels_like():
    """A low is written above the curve where it feels colder, and a high below it where it feels warmer."""
    for felt, is_above in ((-2, True), (3, False)):
        chart = drawn([replace(one, feels_like=one.temperature + felt) for one in steps(9, 5, 0, 5, 9, 5, 0, 5, 9)])
        ((*curve,),) = ends(chart.temperature)
        heights = dict(curve)
        assert len(chart.extremes) == 5
        assert all((one.y < heights[one.x]) is is_above for one in chart.extremes if one.x in heights)


@pytest.mark.parametrize(
    ("system", "temperatures", "freezing"),
    [
        (METRIC, (-3, 4), "0"),
        (METRIC, (8, 20), None),
        (US, (20, 50), "32"),
        (US, (40, 70), None),
        (METRIC, (-45, -40), None),
    ],
)
def test_the_line_of_freezing_is_drawn_where_it_lies(system, temperatures, freezing):
    """0 °C, or 32 °F, when it is on the scale, with its number."""
    chart = drawn(steps(*temperatures), system=system)
    assert bool(chart.freezing) == (freezing is not None)
    if freezing:
        ((_, y), *_) = points(chart.freezing)
        assert freezing in [one.text for one in chart.numbers if one.y == pytest.approx(y + 4)]
    assert not any(touch(one, other, 12) for one in chart.numbers for other in chart.numbers if one is not other)


def test_the_scale_is_told_again_at_midnight_where_there_is_room():
    """The temperatures stand at each midnight once more, but never on a curve or on a number of the curve."""
    chart = drawn(two_days())
    assert {one.text for one in chart.repeated} <= {one.text for one in chart.numbers}
    assert len(chart.repeated) >= 2
    for text in chart.repeated:
        for path in (chart.temperature, chart.feels_like):
            ((*curve,),) = ends(path)
            for (x0, y0), (x1, y1) in pairwise(curve):
                if x0 <= text.x <= x1:
                    assert abs(y0 + (y1 - y0) * (text.x - x0) / (x1 - x0) - text.y + 4) >= 6
        assert not any(touch(text, other) for other in chart.extremes)


def test_the_number_of_a_high_goes_before_that_of_the_grid():
    """Where the highest of a night stands at midnight just under 15°, 15 is not told again beside it."""
    chart = drawn(steps(0, 5, 12, 14.3, 12, 5, 0, 4, 9, 15, 18, 20))
    (high,) = [one for one in chart.extremes if one.text == "14°"]
    assert [one.text for one in chart.numbers] == ["0", "5", "10", "15", "20"]
    assert "15" not in [one.text for one in chart.repeated if one.x < high.x + 30]


def test_numbers_of_the_curve_do_not_touch_however_it_turns():
    """Ten days that go up and down by a degree: fewer numbers rather than one upon another."""
    hours = [replace(one, feels_like=one.temperature - 2) for one in steps(*[20, 20.5, 21] * 27)]
    extremes = drawn(hours).extremes
    assert len(extremes) > 10
    assert not any(touch(one, other) for one in extremes for other in extremes if one is not other)


def test_a_long_word_for_now_stays_on_the_paper():
    """At both ends of the drawing the word is moved to where it is whole."""
    for late in (0, 48):
        chart = drawn(two_days(), START + timedelta(hours=late), labels=replace(ENGLISH, now="Maintenant"))
        left, right = room(chart.hours[0], 12)
        assert chart.hours[0].text == "Maintenant"
        assert 0 <= left < right <= chart.width


@pytest.mark.parametrize(
    ("day", "long"), [(datetime(2026, 3, 29), 23), (datetime(2026, 10, 25), 25), (datetime(2026, 6, 1), 24)]
)
def test_a_day_is_as_long_as_its_clocks_make_it(day, long):
    """From midnight to midnight lie 23, 24 or 25 hours, all equally wide; the clock's hours stand where they are."""
    berlin = ZoneInfo("Europe/Berlin")
    start = (day - timedelta(hours=3)).replace(tzinfo=berlin)
    chart = drawn(two_days(1, start), start - timedelta(hours=1))
    hour = 672 / 48
    first, second = (x for x, y in points(chart.midnights) if x)
    assert (first - 34) / hour == pytest.approx(3, abs=0.02)
    assert (second - first) / hour == pytest.approx(long, abs=0.02)
    six = next(one for one in chart.hours if one.text == "06")
    assert (six.x - first) / hour == pytest.approx(6 + long - 24, abs=0.02)
    assert [one.text for one in chart.days] == [f"{day:%A}", f"{day + timedelta(days=1):%A}"], "no room for three hours"


def test_a_day_without_midnight_begins_where_it_does():
    """In Havana the clocks go from 24:00 to 1:00: the day is named at one, and no hour 00 is shown."""
    havana = ZoneInfo("America/Havana")
    chart = drawn(two_days(3, datetime(2026, 3, 7, 18, tzinfo=havana)), START)
    assert chart.days[1].text == "Sunday"
    assert chart.days[1].x - 4 == pytest.approx(34 + 672 * 6 / 48, abs=0.1)
    assert [one.text for one in chart.hours[:4]] == ["18", "21", "03", "06"]


def test_odd_zones_have_whole_hours():
    """At 5:45 from UTC the hours are those of the place, between the steps."""
    start = datetime(2026, 6, 20, 11, 45, tzinfo=ZoneInfo("Asia/Kathmandu"))
    chart = drawn(two_days(3, start), START)
    assert chart.hours[0].text == "12"
    assert (chart.hours[0].x - 34) / (672 / 48) == pytest.approx(0.25, abs=0.02)


def test_night_is_shaded_from_sunset_to_sunrise():
    """Each where it is told, as far as the drawing reaches; at the poles one night, or none."""
    dark = drawn(two_days(), dark=nights((4.7, 19.2), (28.7, 43.2))).nights
    edges = [(edge - 34) / 672 * 48 for box in dark for edge in (box.x, box.x + box.width)]
    assert edges == pytest.approx([4.7, 19.2, 28.7, 43.2], abs=0.008)
    (night,) = drawn(two_days(), dark=ALL_NIGHT).nights
    assert (night.x, night.width) == (34, 672)
    assert drawn(two_days()).nights == ()
    (first, last) = drawn(two_days(), dark=nights((-6, 12), (36, 60))).nights
    assert (first.x, first.width, last.x, last.width) == pytest.approx((34, 168, 538, 168), abs=0.1)


def test_the_nights_are_asked_of_all_that_is_drawn():
    """From the beginning of the first step to the end of the last."""
    (night,) = drawn(two_days(), dark=lambda start, end: [(start, start + (end - start) / 2)]).nights
    assert (night.x, night.width) == (34, 336)


@pytest.mark.parametrize(("late", "past"), [(-1, None), (0, None), (6, 672 / 8), (48, 672), (60, 672)])
def test_the_past_is_faded_and_now_is_a_line(late, past):
    """What has been is faded up to now; before and after the forecast there is no line and no word."""
    chart = drawn(two_days(), START + timedelta(hours=late))
    assert (chart.past and chart.past.width) == (past and pytest.approx(past, abs=0.1))
    assert bool(chart.now) == ("Now" in [one.text for one in chart.hours]) == (0 <= late <= 48)


@pytest.mark.slow
@pytest.mark.parametrize("interval", [1, 3])
@pytest.mark.parametrize("minutes", range(0, 48 * 60, 67))
def test_nothing_stands_on_the_line_of_now(interval, minutes):
    """No number of a row, no extreme, no symbol, no arrow touches it; the extremes are moved, none is lost."""
    hours, as_of = two_days(interval), START + timedelta(minutes=minutes)
    chart = drawn(hours, as_of)
    line = float(NUMBER.search(chart.now)[0])
    for text in (*chart.chances, *chart.amounts, *chart.speeds, *chart.repeated):
        left, right = room(text, 12)
        assert not left < line < right, text
    for text in chart.extremes:
        left, right = room(text, 14)
        assert not left < line < right, text
    assert not any(one.x < line < one.x + chart.symbol for one in chart.symbols)
    assert not any(abs(one.x - line) < 5 for one in chart.arrows)
    highest = max(hour.temperature for hour in hours)
    assert f"{ENGLISH.number(highest, '°C')}°" in [one.text for one in chart.extremes]


def test_there_is_no_row_of_zeros():
    """A chance of nothing is not written; where all are so, neither is the unit of the row."""
    hours = [replace(one, precipitation_probability=0.0) for one in two_days()]
    chart = drawn(hours)
    assert chart.chances == ()
    assert "%" not in [one.text for one in chart.units]
    hours[3] = replace(hours[3], precipitation_probability=40.0)
    chart = drawn(hours)
    assert [one.text for one in chart.chances] == ["40"]
    assert "%" in [one.text for one in chart.units]


def test_arrows_fly_with_the_wind():
    """From the south-west to the upper right; a calm and a wind of unknown direction have a number and no arrow."""
    hours = [
        step(1, wind_speed=10.0, wind_direction=225),
        step(2, wind_speed=0.0, wind_direction=90),
        step(3, wind_speed=20.0),
        step(4, wind_direction=10),
        step(5, wind_speed=30.0, wind_direction=0),
    ]
    chart = drawn(hours)
    assert [one.turn for one in chart.arrows] == [45, 180]
    assert [one.text for one in chart.speeds] == ["10", "0", "20", "30"]


def test_symbols_and_winds_stand_hours_apart():
    """Of hourly steps every third has a symbol and an arrow; of three-hour steps every one."""
    for interval in (1, 3):
        chart = drawn(two_days(interval))
        assert len(chart.symbols) == len(chart.speeds) == 16
        assert all(right.x - left.x >= 36 for left, right in pairwise(chart.symbols))
    assert [(one.code, one.is_day) for one in chart.symbols[:4]] == [
        (501, True),
        (611, True),
        (600, True),
        (803, False),
    ]


def test_the_pointer_is_told_the_step_in_words():
    """Time, temperature, sky, precipitation with its hours and chance, wind with its direction and gusts."""
    told = dict(temperature=12.4, feels_like=10.2, precipitation=2.4, precipitation_probability=80, wind_speed=14.3)
    hours = [step(4, wind_gust=30.0, wind_direction=225, condition=condition(500, None, True), **told)]
    assert drawn(hours).targets[0].title.replace("\u00a0", " ") == (
        "Wednesday 00:00: 12 °C, feels like 10 °C, light rain, precipitation 2.4 mm from 21:00 to 00:00, "
        "chance of rain or snow 80%, wind from the south-west, 14 km/h, gusts 30 km/h"
    )


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("de", ["leichter Regen", "30\u00a0km/h"]),
        ("fr", ["pluie faible", "30\u00a0km/h"]),
        ("ar", ["مطر خفيف", "30\u00a0كم/س"]),
    ],
)
def test_the_step_is_told_in_the_language_of_the_page(code, words):
    """Sky and units too, and no number is parted from its unit at the end of a line."""
    hours = [step(4, wind_gust=30.0, wind_speed=14.3, condition=condition(500, None, True), temperature=12.4)]
    title = drawn(hours, labels=labels(Formatter(language(code), METRIC))).targets[0].title
    assert "light rain" not in title
    assert [word for word in words if word not in title] == []


def test_the_pointer_meets_every_step_once():
    """The strips fill the rows without touching: at the bars the hours before the time, elsewhere those nearest."""
    targets = drawn(two_days()).targets
    assert len(targets) == 16
    wide = 672 / 16
    for n, target in enumerate(targets):
        lefts = sorted({x for x, _ in corners(target.path)})
        right = min(34 + wide * (n + 1.5), 706)
        expected = {34 + wide * n, 34 + wide * (n + 0.5), 34 + wide * (n + 1), right}
        assert lefts == pytest.approx(sorted(expected), abs=0.16)  # three moves, each rounded


def test_every_word_can_be_another_language():
    """With other labels no English is left in the drawing but what the caller has passed in."""
    words = {one.name: f"«{len(one.name)}»" for one in fields(Labels) if isinstance(getattr(ENGLISH, one.name), str)}
    words |= {"step": "{day} {time}{told}", "wind_from": "«{speed}{direction}»"}
    days, compass = (f"«{n}»" for n in range(7)), (f"«{n}»" for n in range(16))
    foreign = replace(ENGLISH, **words, weekdays=tuple(days), compass=tuple(compass), number=lambda *_: "«#»")
    foreign = replace(foreign, unit=lambda _: "«°»", percent=lambda _: "«%»", steps=lambda hours: f"«{hours}»")
    hours = [replace(one, condition=None) for one in two_days()]
    chart = drawn([*hours, step(17)], labels=foreign)
    text = " ".join(ElementTree.fromstring(picture(chart)).itertext())
    for passed in ("Weather & more", "Dry.", "OpenWeatherMap, 12:00"):
        text = text.replace(passed, "")
    assert re.findall(r"[A-Za-z,]+", text) == []


def test_numbers_are_those_of_the_readers_language():
    """One rule writes them here and in sentences: a comma in German, a mark before the minus in Arabic, of no width."""
    german, arabic = (labels(Formatter(language(code), METRIC)).number for code in ("de", "ar"))
    assert (german(-0.4, "mm"), german(-0.04, "mm"), german(2.0, "mm")) == ("−0,4", "0", "2")
    assert arabic(-5.0, "°C") == "\u200e−5"
    assert width_of(arabic(-5.0, "°C"), 12) == width_of(ENGLISH.number(-5.0, "°C"), 12)


def test_words_from_elsewhere_are_text():
    """Markup in a condition or in the stamp is shown, not obeyed."""
    sky = Condition("rain", "<b>&</b>", 501, "10d")
    text = picture(draw(steps(5, condition=sky), START, METRIC, ALL_DAY, ENGLISH, "<script>"))
    assert "<b>&</b>" in "".join(ElementTree.fromstring(text).itertext())
    assert "<script" not in text


def test_twelve_hour_clocks_have_room():
    """Hours such as "11 pm" do not touch each other."""
    chart = drawn(two_days(), labels=replace(ENGLISH, hour=lambda moment: f"{moment:%-I} {moment:%p}".lower()))
    told = sorted(room(one, 12) for one in chart.hours)
    assert len(told) >= 15
    assert all(left[1] < right[0] for left, right in pairwise(told))


@pytest.mark.parametrize("interval", [1, 3])
def test_numbers_in_a_row_do_not_touch(interval):
    """Chances, amounts and speeds leave room for one another; the likeliest and the greatest are there."""
    hours = two_days(interval)
    chart = drawn(hours)
    for row in (chart.chances, chart.amounts, chart.speeds):
        told = sorted(room(one, 12) for one in row)
        assert all(left[1] < right[0] for left, right in pairwise(told))
    assert chart.chances[0].text == str(max(hour.precipitation_probability for hour in hours))
    assert float(chart.amounts[0].text) == pytest.approx(max(hour.precipitation for hour in hours))


def known(low, high):
    return st.none() | st.floats(low, high).map(lambda value: round(value, 2))


@st.composite
def forecasts(draw_from):
    """Any hours, with gaps of any kind, in any of some zones, at any time of the year."""
    tz = ZoneInfo(draw_from(st.sampled_from(["UTC", "Europe/Berlin", "Asia/Kathmandu", "America/Havana"])))
    start = datetime.fromtimestamp(1_767_225_600 + 3600 * draw_from(st.integers(0, 8760)), tz)
    interval = draw_from(st.sampled_from([1, 3]))
    numbers = draw_from(st.lists(st.integers(1, 48), min_size=1, max_size=24, unique=True).map(sorted))
    return [
        step(
            n,
            interval,
            start,
            temperature=draw_from(known(-60, 140)),
            feels_like=draw_from(known(-90, 150)),
            precipitation=draw_from(known(0, 300)),
            precipitation_probability=draw_from(known(0, 100)),
            wind_speed=draw_from(known(0, 300)),
            wind_direction=draw_from(known(0, 360)),
            condition=draw_from(st.sampled_from([None, condition(611, None, None), condition(999, None, None)])),
        )
        for n in numbers
    ]


@pytest.mark.slow
@given(forecasts(), st.integers(-200, 200), st.sampled_from(sorted(SYSTEMS)), st.integers(1, 23))
def test_any_forecast_is_drawn_on_the_paper(hours, late, system, dusk):
    """Whatever the hours: nothing leaves the paper, no labels touch, the points are the values, the file is XML."""
    as_of = hours[0].time + timedelta(hours=late)
    chart = drawn(hours, as_of, SYSTEMS[system], nights((-dusk, dusk), (dusk + 3, 999)))
    paths = [chart.temperature, chart.feels_like, chart.dots, chart.grid, chart.freezing, chart.midnights, chart.now]
    drawn_points = (point for path in paths for point in points(path))
    for x, y in (*drawn_points, *(corner for target in chart.targets for corner in corners(target.path))):
        assert 0 <= x <= chart.width
        assert 0 <= y <= chart.height
    for box in (*chart.nights, *chart.bars, *([chart.past] if chart.past else [])):
        assert 0 <= box.x <= box.x + box.width <= chart.width
        assert 0 <= box.y <= box.y + box.height <= chart.height
        assert box.width >= 0 <= box.height
    for text in (*chart.hours, *chart.chances, *chart.speeds, *chart.extremes):
        left, right = room(text, 14 if text in chart.extremes else 12)
        assert 0 <= left < right <= chart.width
    assert not any(touch(one, other) for one in chart.extremes for other in chart.extremes if one is not other)
    told = [hour.temperature for hour in hours if hour.temperature is not None]
    if told:
        spread = max(told) - min(told) + 250
        read = [value_at(chart, y) for part in ends(chart.temperature) for _, y in part]
        assert read == pytest.approx(told, abs=spread / 100)
    assert ElementTree.fromstring(picture(chart)).tag == "{http://www.w3.org/2000/svg}svg"


@pytest.mark.parametrize("hours", [two_days(), two_days(1), steps(None, None), steps(5)])
def test_it_stands_in_a_page_without_style_or_script(hours):
    """Inside HTML it has no parse error, no style of its own, and a name and a description for those who hear it."""
    text = picture(drawn(hours, START + timedelta(hours=3), dark=ALL_NIGHT))
    page = f"<!doctype html><html lang=en><title>x</title><body>{text}</body></html>"
    svg = parsed(page).find(".//{*}svg")
    names = svg.get("aria-labelledby").split()
    assert svg.get("role") == "img"
    assert [next(one.text for one in svg if one.get("id") == name) for name in names] == ["Weather & more", "Dry."]
    assert not re.search(r"<style|<script| style=|https?://(?!www\.w3\.org/2000/svg)", text)


def test_by_itself_it_is_complete():
    """As a file it is XML with one style, a ground, and the symbols that it uses."""
    text = picture(drawn(two_days()), style=style(SHEET), sprite='<symbol id="i-501"/>')
    root = ElementTree.fromstring(text)
    (sheet,) = root.findall("{*}style")
    assert sheet.text == style(SHEET)
    assert root.find("{*}symbol").get("id") == "i-501"
    assert root.find("{*}rect").get("class") == "m-paper"
    assert "OpenWeatherMap, 12:00" in text


def test_its_style_is_cut_from_the_sheet_of_the_site():
    """The colours and the rules of the drawing, nothing else; a sheet without them is an error."""
    assert style(SHEET) == ":root { --ink: black; }\n.m { x: y }\n"
    with pytest.raises(ValueError, match="not found"):
        style(":root {}")


def test_the_sheet_of_the_site_has_a_rule_for_every_part():
    """No part of the drawing is without a rule between the two comments, and no rule without a part."""
    rules = style((PACKAGE / "static" / "style.css").read_text("utf-8"))
    text = picture(drawn(two_days(), START + timedelta(hours=3), dark=ALL_NIGHT), style="p {}", sprite="")
    used = {name for names in re.findall(r'class="([^"]+)"', text) for name in names.split()}
    assert used >= {"m-snow", "m-sleet", "m-rain", "m-past", "m-freezing", "m-repeated"}
    assert used - set(re.findall(r"[.]([a-z][\w-]*)", rules)) == PLAIN
    assert set(re.findall(r"[.](m-[\w-]*)", rules)) <= used


def test_two_days_are_small():
    """48 hours in steps of three are 4 KB on the wire at most."""
    assert len(gzip.compress(picture(drawn(two_days(), dark=nights((4, 19), (28, 43)))).encode())) <= 4096


@pytest.mark.parametrize(("name", "told"), [("London", "London · "), ("x" * 80, "x" * 31 + "… · ")])
def test_the_picture_names_its_place(name, told):
    """In its corner, before the source and the time: who is sent the picture alone knows of where it is."""
    page = forecast_page(report(), name, Formatter(language("en"), METRIC), NOW.timestamp())
    assert page.hours.chart.stamp.text == f"{told}OpenWeatherMap, received 14:20"
