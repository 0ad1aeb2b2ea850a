"""The tables of the days: by the hour while a day is near, by three hours when it is far off."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from states import METEO, hours, report, shown, wanted

from weather.domain.conditions import condition
from weather.web.view.forecast import forecast_page

HOUR = timedelta(hours=1)
MORNING = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
FIRST = datetime(2026, 11, 24, 10, tzinfo=UTC)


def by_the_hour(**told):
    """Seven days of steps of an hour, each a tenth of a degree colder than the last, from 7° on."""
    return report(source=METEO, hourly=hours(UTC, FIRST, 24 * 7, 1, **told))


def days_at(now: datetime, told=None, lang: str = "en"):
    return forecast_page(told or by_the_hour(), "", wanted(lang).reader, now.timestamp()).days.rows


@pytest.mark.parametrize("late", [timedelta(0), 5 * HOUR, 9 * HOUR, 13 * HOUR, 15 * HOUR, 17 * HOUR])
def test_each_hour_of_the_next_two_days_has_its_row(late):
    """Whenever one looks: each of the 48 steps to come stands alone in a row of its day."""
    told = by_the_hour()
    rows = [step for row in days_at(MORNING + late, told) for step in row.hours]
    alone = {step.time for step in rows if " to " not in step.clock or "to 00:00" in step.clock}
    assert {FIRST + late + n * HOUR for n in range(48)} <= alone


def test_a_day_further_off_is_told_by_three_hours():
    """On Tuesday morning Friday begins in 62 hours: eight rows from midnight to midnight, and the table says so."""
    near, far = (days_at(MORNING)[n] for n in (2, 3))
    assert [step.clock for step in near.hours][:2] == ["01:00", "02:00"]
    clocks = [step.clock for step in far.hours]
    assert clocks == [f"{n:02} to {(n + 3) % 24:02}" for n in range(0, 24, 3)]
    assert far.table_note.startswith("Each row is three hours: ")
    assert near.table_note == "Precipitation is the sum of the hours before the time."


def test_a_row_of_three_hours_tells_their_ends_and_sums():
    """Of 0.5, 2 and 0.4 mm the sum, the highest chance, the strongest wind with where it is from, the worst weather."""
    told = by_the_hour()
    steps, first = (
        list(told.hourly.value),
        next(n for n, step in enumerate(told.hourly.value) if step.time == datetime(2026, 11, 27, 13, tzinfo=UTC)),
    )
    falls = [(0.5, 30.0, 4.0, 90.0, 9.0, 3.2), (2.0, 70.0, 10.0, 270.0, 12.0, 5.1), (0.4, 50.0, 6.0, 180.0, 16.0, 4.4)]
    for n, (fallen, chance, wind, origin, gust, warmth) in enumerate(falls):
        steps[first + n] = replace(
            steps[first + n],
            precipitation=fallen,
            precipitation_probability=chance,
            wind_speed=wind,
            wind_direction=origin,
            wind_gust=gust,
            temperature=warmth,
            condition=condition(501 if fallen > 1 else 500, None, True),
        )
    row = days_at(MORNING, report(source=METEO, hourly=tuple(steps)))[3].hours[4]
    assert (row.clock, row.temperature, row.precipitation, row.chance) == ("12 to 15", "3° 5°", "2.9", "70%")
    assert (row.wind.speed, row.wind.words, row.wind.gust) == ("36", "36 from the west", "58")
    assert row.sky == "moderate rain"


def test_what_is_not_known_of_one_hour_makes_no_sum():
    """A sum of which a part is unknown is a dash; temperatures that are known still are told."""
    told = by_the_hour()
    steps = tuple(replace(step, precipitation=None) if step.time.hour == 14 else step for step in told.hourly.value)
    row = days_at(MORNING, report(source=METEO, hourly=steps))[3].hours[4]
    assert row.precipitation == "–"
    assert row.temperature.endswith("°")
    unknown = dict.fromkeys(("temperature", "precipitation", "wind_speed", "precipitation_probability", "condition"))
    blank = days_at(MORNING, by_the_hour(**unknown))[3].hours[4]
    assert {blank.temperature, blank.precipitation, blank.chance, blank.wind.speed, blank.sky} == {"–"}


def test_longer_steps_keep_their_rows():
    """A source of three or six hours tells a far day as before, by the time at which each step ends."""
    for interval in (3, 6):
        told = report(hourly=hours(UTC, FIRST, 168 // interval, interval))
        row = days_at(MORNING, told)[4]
        inner = row.hours[1:-1]  # those at the ends may reach over midnight, and are told with their span
        assert [step.clock for step in inner] == [step.time.strftime("%H:%M") for step in inner]
        assert row.table_note == "Precipitation is the sum of the hours before the time."


def test_gusts_are_read_out_in_the_order_of_the_language():
    """The number stands once, for the eye and the ear; around it the words for the ear alone."""
    told = report(hourly=hours(UTC, count=8, interval=1, wind_direction=225.0, wind_gust=10.0, wind_speed=5.0))
    cell = '<span aria-hidden="true">↗\ufe0e</span>18<span class="unseen"> {}</span> <small>36</small></td>'
    for lang, words in (("en", "from the south-west, gusts "), ("de", "aus Südwest, Böen ")):
        assert cell.format(words) in shown(told, lang)


def test_where_no_day_is_known_the_drawing_has_its_table():
    """Else it leads to the days, and no number stands there twice."""
    told = by_the_hour()
    assert "Show as a table" not in shown(told)
    assert '<a href="#days-title">' in shown(told)
    alone = shown(report(source=METEO, hourly=told.hourly, daily=report().alerts))
    assert "Show as a table" in alone and '<a href="#days-title">' not in alone


def test_a_minus_turns_no_range_round_from_right_to_left():
    """Each end keeps its own order, in the rows as in the parts of the day (UAX 9: FSI, PDI; or an element each)."""
    told = by_the_hour(temperature=-2.0)
    steps = tuple(replace(step, temperature=1.0) if step.time.hour % 3 else step for step in told.hourly.value)
    told = report(source=METEO, hourly=steps)
    row = days_at(MORNING, told, "ar")[3].hours[1]
    assert row.temperature.count("\u2068") == row.temperature.count("\u2069") == 2
    assert "</bdi> <bdi>" in shown(told, "ar")
