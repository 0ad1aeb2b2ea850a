"""The rows of the days: tonight, midnight, what has gone by, and which day the sun and the moon are of."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import html5lib
import pytest
from fakes import onecall_body, running
from states import STATES, TEMPLATING, hours, report, wanted

from weather.domain.conditions import condition
from weather.web.http.preferences import Preferences
from weather.web.view.forecast import forecast_page

HOUR = timedelta(hours=1)
EVENING = datetime(2026, 11, 24, 19, 30, tzinfo=UTC)
FIRST = datetime(2026, 11, 24, 15, tzinfo=UTC)


def page_at(now: datetime, told=None, lang: str = "en"):
    """What the page shows then of steps from 15:00 on, 7° and a tenth of a degree colder each; 2.4 mm by midnight."""
    prefers: Preferences = wanted(lang)
    return forecast_page(told or report(hourly=hours(UTC, FIRST)), "", prefers.reader, now.timestamp())


def test_from_18_the_first_row_is_tonight_with_what_is_left():
    """At 19:30: the steps of 21:00 to 06:00, and the temperature now; the other days follow from tomorrow on."""
    first, second, *_ = page_at(EVENING).days.rows
    assert (first.name, second.name) == ("Tonight", "Tomorrow")
    assert [step.time.hour for step in first.hours] == [21, 0, 3, 6]
    assert (first.day.temperature_min, first.day.temperature_max) == (6.5, 11.6)
    assert first.day.precipitation == pytest.approx(2.4)
    assert first.known_part == "until 06:00"


def test_a_night_is_not_the_warmest_day():
    """At 19:30 what is left of today has 11.6°, warmer than any day to come: the words are of days from tomorrow on."""
    words = page_at(EVENING).days.words
    assert words.startswith("Warmest day: tomorrow, ")
    assert "today" not in words


@pytest.mark.parametrize(("hour", "name"), [(0, "Today"), (17, "Today"), (18, "Tonight"), (23, "Tonight")])
def test_the_evening_begins_at_18(hour, name):
    """On the place's own clock, and ends with the day."""
    assert page_at(datetime(2026, 11, 25, hour, 59, tzinfo=UTC)).days.rows[0].name == name


def test_what_has_fallen_is_not_told_as_to_come():
    """At 23:00 a third of the 2.4 mm from 21:00 to midnight is still to come."""
    row = page_at(datetime(2026, 11, 24, 23, tzinfo=UTC)).days.rows[0]
    assert row.day.precipitation == pytest.approx(0.8)


@pytest.mark.anyio
async def test_no_part_of_a_day_comes_twice_by_one_call(upstream, clock, tmp_path):
    """One Call counts the hour of 00:00 to the day that begins: it is of its night, not of an evening before it."""
    upstream.bodies["/data/3.0/onecall"] = lambda query: onecall_body()
    async with running(upstream, clock, tmp_path, WEATHER_PLAN="onecall3") as site:
        page = html5lib.parse((await site.get("/forecast/51.51,-0.13")).text, namespaceHTMLElements=False)
    parts = [[part.text for part in day] for day in page.iterfind(".//ol[@class='quarters']")]
    assert parts[0] == ["Afternoon", "Evening"] and parts[1] == ["Night", "Morning", "Afternoon", "Evening"]


@pytest.mark.parametrize(("lang", "name"), [("de", "Heute Nacht"), ("fr", "Cette nuit"), ("ar", "الليلة")])
def test_tonight_has_a_name_in_every_language(lang, name):
    assert page_at(EVENING, lang=lang).days.rows[0].name == name


def test_tonight_has_a_picture_of_the_night():
    """A clear night, with or without a last hour of daylight."""
    clear = hours(UTC, FIRST, condition=condition(800, None, True), precipitation=0.0)
    lit = tuple(replace(step, is_day=8 <= step.time.hour < 16) for step in clear)
    assert page_at(EVENING, report(hourly=lit)).days.rows[0].symbol == "clear-night"


def test_a_day_and_its_table_cut_midnight_alike():
    """Each row's low, high and sum are those of the steps under it; the step of midnight is told with its span."""
    told = report(hourly=hours(UTC, FIRST, precipitation=0.7))
    rows = page_at(FIRST - HOUR, told).days.rows
    numbers = {step.time: step for step in told.hourly.value}
    for row in rows[1:]:
        steps = [numbers[step.time] for step in row.hours]
        assert row.day.precipitation == pytest.approx(sum(step.precipitation for step in steps))
        assert row.day.temperature_min == min(step.temperature for step in steps)
        assert row.day.temperature_max == max(step.temperature for step in steps)
    assert [step.clock for step in rows[1].hours][-2:] == ["21:00", "21:00 to 00:00"]


def test_hours_gone_by_are_counted_and_said_to_be():
    """At 17:30 the 15:00 step has gone by: today counts it, its table begins later, and the row says so."""
    row = page_at(datetime(2026, 11, 24, 17, 30, tzinfo=UTC)).days.rows[0]
    assert [step.time.hour for step in row.hours] == [18, 21, 0]
    assert row.hours_gone


def shown(told, now: datetime) -> str:
    """The words of the page."""
    prefers = wanted("en")
    page = forecast_page(told, "", prefers.reader, now.timestamp())
    html = TEMPLATING[page.is_demo].render("forecast.html", page, prefers, {}).decode()
    tree = html5lib.HTMLParser(namespaceHTMLElements=False).parse(html)
    return re.sub(r"\s+", " ", " ".join(tree.itertext()))


def test_the_sun_and_the_moon_say_of_which_day_they_are():
    """Where today has no row they are tomorrow's, and say so; today's say nothing."""
    tomorrow = report(hourly=hours(UTC, datetime(2026, 11, 25, 6, tzinfo=UTC)))
    assert "Sun Tomorrow" in shown(tomorrow, FIRST)
    assert "Moon Tomorrow" in shown(tomorrow, FIRST)
    assert "Sun Today" not in shown(STATES["fresh"], FIRST)


def test_a_time_to_come_is_not_just_now():
    """A source whose clock is twenty minutes ahead: the time stands there, and no age."""
    ahead = report(current=replace(STATES["fresh"].current.value, time=EVENING + HOUR / 3))
    text = shown(ahead, EVENING)
    assert "As of 19:50" in text
    assert "As of 19:50 · just now" not in text
    assert "just now" not in text.partition("As of 19:50")[2][:30]


def test_an_amount_may_break_before_its_unit_and_not_within_it():
    """The column of a phone is narrower than "0.09 بوصة": with a space that does not break the word lost a letter."""
    prefers = wanted("ar", units="us")
    page = forecast_page(report(), "", prefers.reader, EVENING.replace(hour=14).timestamp())
    text = TEMPLATING[False].render("forecast.html", page, prefers, {}).decode()
    assert "0.09 بوصة" in text.partition('<ol class="days">')[2]
