"""The next hour knows what falls, tells a dry gap, and never contradicts the rest of the page."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from states import NOW, UNKNOWN, current, hours, minutes, quarters, report, shown

from weather.domain.conditions import condition
from weather.domain.model import HourlyForecast
from weather.domain.next_hour import Start, start_of, to_come, two_hours
from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES, language
from weather.i18n.next_hour import next_hour_words, step_words
from weather.web.api.sections import Reader, summary
from weather.web.view.forecast import forecast_page
from weather.web.view.now import now_part

EN = Formatter(language("en"), SYSTEMS["metric"])
AS_OF = NOW.replace(second=0)
HOUR = timedelta(hours=1)


def step(hours: int, code: int | None, amount: float | None = 0.0, **told) -> HourlyForecast:
    """The hour that ends so many after this minute."""
    known = {"time": AS_OF + hours * HOUR, "interval_hours": 1, "precipitation": amount, "is_day": True}
    known |= {"condition": None if code is None else condition(code, None, True)}
    return HourlyForecast(**UNKNOWN[HourlyForecast] | known | told)


def said(told, now=None, steps=(), reader=EN) -> str:
    return next_hour_words(minutes(*told), now, steps, reader)


@pytest.mark.parametrize(
    ("code", "temperature", "text"),
    [
        (601, -12.0, "Snow for the whole hour."),
        (500, 12.0, "Rain for the whole hour."),
        (301, 12.0, "Drizzle for the whole hour."),
        (511, -1.0, "Freezing rain for the whole hour."),
        (616, 1.0, "Rain and snow for the whole hour."),
        (211, 20.0, "Thunderstorms for the whole hour."),
        (804, -5.0, "Snow for the whole hour."),
        (804, 1.5, "Rain and snow for the whole hour."),
        (804, 15.0, "Rain for the whole hour."),
        (804, None, "Precipitation for the whole hour."),
        (None, None, "Precipitation for the whole hour."),
        (602, 21.0, "Rain for the whole hour."),
    ],
)
def test_what_falls_is_named_by_code_and_temperature(code, temperature, text):
    """Wet minutes at -12 degrees under a code of snow are snow; where nothing tells, precipitation."""
    now = current(condition=None if code is None else condition(code, None, True), temperature=temperature)
    assert said([0.8] * 61, now) == text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_minutes_of_next_to_nothing_are_traces(lang):
    """A hundredth of a millimetre an hour is no snow for the whole hour, and not dry."""
    reader = Formatter(language(lang), SYSTEMS["metric"])
    end = "15:25 Uhr" if lang == "de" else "15:25"
    traces = reader.say("No more than traces of precipitation until {end}.", end=end)
    cloudy = current(condition=condition(804, None, True), temperature=-5.0, precipitation=0.0)
    assert said([0.01] * 61, cloudy, (), reader) == said([0.0] * 30 + [0.09] * 31, cloudy, (), reader) == traces


def test_the_hour_in_which_the_wet_minutes_lie_names_them():
    """Rain that has ended by now does not name the snow of the hour to come."""
    now = current(condition=condition(804, None, True), temperature=0.2, precipitation=0.0)
    dry, wet = [0.0] * 30, [0.8] * 31
    assert said([*dry, *wet], now, [step(1, 601, 0.5), step(2, 511, 1.0)]) == "Snow from 14:55."
    assert said([*dry, *wet], now, [step(1, 511, 0.5), step(2, 601, 1.0)]) == "Freezing rain from 14:55."


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ([0.0] * 5 + [1.0] * 2 + [0.0] * 45 + [1.0] * 2 + [0.0] * 7,
         "Rain from 14:30 to 15:19. Dry from 14:32 to 15:17 in between."),
        ([1.0] * 5 + [0.0] * 45 + [1.0] * 11, "Rain from 14:25. Dry from 14:30 to 15:15 in between."),
        ([1.0, *[0.0] * 12] * 4, "Rain until 15:05. It is dry at times in between."),
        ([1.0] * 5 + [0.0] * 9 + [1.0] * 47, "Rain for the whole hour."),
    ],
)  # fmt: skip
def test_a_long_dry_gap_is_told(told, text):
    """Wet in minutes 5-6 and 52-53 alone is not rain for 49 minutes; a gap of less than ten minutes is none."""
    assert said(told, current(temperature=10.0)) == text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_dry_minutes_against_a_wet_hour_say_whose_word_it_is(lang):
    """The sources' two forecasts may differ: neither is then told as what will be."""
    reader = Formatter(language(lang), SYSTEMS["metric"])
    dry, clear = [0.0] * 61, current(condition=condition(800, None, True), precipitation=0.0)
    end = "15:25 Uhr" if lang == "de" else "15:25"
    plain = reader.say("No precipitation until {end}.", end=end)
    disputed = reader.say("The minute-by-minute forecast has no precipitation until {end}.", end=end)
    assert said(dry, clear, [step(1, 800)], reader) == plain
    assert said(dry, clear, [step(1, 601, 0.5)], reader) == disputed
    assert said(dry, current(condition=condition(601, None, True)), [step(1, 800)], reader) == disputed


@pytest.mark.parametrize("lang", LANGUAGES)
def test_a_dry_outlook_beside_minutes_of_traces_leaves_the_next_hour_out(lang):
    """Page and API: "dry" is not said of an hour in which minutes are not; in wet ones the hour is wet."""
    dry = tuple(step(n, 800) for n in range(1, 25))
    told, reader = (
        report(hourly=dry, nowcast=minutes(*[0.05] * 61), current=None),
        Formatter(language(lang), SYSTEMS["metric"]),
    )
    page = forecast_page(told, "", reader, NOW.timestamp())
    until = reader.until(AS_OF + 24 * HOUR, AS_OF)
    expected = reader.say("After the next hour dry {until}.", until=until)
    assert page.now.outlook.startswith(expected)
    assert summary(told, Reader(reader, AS_OF)).next_24_hours.startswith(expected)
    dry_now = report(hourly=dry, current=None)
    assert forecast_page(dry_now, "", reader, NOW.timestamp()).now.outlook.startswith(
        reader.say("Dry {until}.", until=until)
    )
    wet = report(hourly=dry, nowcast=minutes(*[0.8] * 60))
    rain = reader.say("Rain {until_about}.", until_about=reader.until_about(AS_OF + HOUR, AS_OF))
    assert summary(wet, Reader(reader, AS_OF)).next_24_hours.startswith(rain)


def test_the_drawing_of_the_minutes_is_named_by_the_same_sentence():
    """At -12 degrees its caption says snow."""
    now, cold = current(condition=condition(601, None, True), temperature=-12.0), hours(UTC, temperature=-12.0)
    told = report(current=now, hourly=cold, nowcast=minutes(*[0.8] * 61))
    assert 'aria-label="Snow for the whole hour."' in shown(told)


def test_wet_minutes_after_unknown_ones_are_drawn_under_a_name():
    """No sentence can be made of them, and no drawing is called "None"; nor is the day called dry."""
    text = shown(report(hourly=tuple(step(n, 800) for n in range(1, 25)), nowcast=minutes(None, *[0.8] * 60)))
    assert 'aria-label="Precipitation, minute by minute"' in text
    assert "Rain until about 16:25." in text


# By the quarter hour: the running one began at 14:15


def by_quarters(*rates, now=None, hours=(), reader=EN, **told) -> str:
    return next_hour_words(quarters(*rates, **told), now, hours, reader)


@pytest.mark.parametrize(
    ("rates", "text"),
    [
        ([0.0] * 8, "No precipitation until 16:15."),
        ([0.8] * 8, "Rain for the next two hours."),
        ([0.8] * 5, "Rain from 14:15."),
        ([0.8, 0.8, *[0.0] * 6], "Rain until 14:45."),
        ([0.0, 0.8, *[0.0] * 6], "Rain from 14:30 to 14:45."),
        ([*[0.0] * 7, 0.8], "Rain from 16:00."),
        ([0.8, 0.0, 0.8, *[0.0] * 5], "Rain until 15:00. Dry from 14:30 to 14:45 in between."),
        ([0.8, 0.0, 0.8, 0.0, 0.8], "Rain from 14:15. It is dry at times in between."),
        ([0.0, None, 0.8], "No precipitation until 14:30."),
        ([None, 0.8], None),
        ([], None),
    ],
)
def test_quarter_hours_are_told_by_their_times(rates, text):
    """What ends is told by the end of its quarter; two hours of them by no time at all."""
    assert by_quarters(*rates, now=current(temperature=10.0, condition=None)) == text


@pytest.mark.parametrize(("make", "end"), [(minutes, "14:32"), (quarters, "16:15")])
def test_a_step_is_wet_from_a_tenth_of_a_millimetre_an_hour(make, end):
    """However long it is (the one rule); less is neither dry nor wet, and ends no gap as dry."""
    clear = current(condition=condition(800, None, True), precipitation=0.0)

    def said_of(*rates, hours=()):
        return next_hour_words(make(*rates), clear, hours, EN)

    assert said_of(*[0.1] * 8).startswith("Rain")
    assert said_of(*[0.09] * 8) == f"No more than traces of precipitation until {end}."
    assert said_of(*[0.0] * 7, 0.01) == f"No more than traces of precipitation until {end}."
    assert said_of(*[0.09] * 8, hours=[step(1, 501, 2.0)]) == (
        f"The {'minute-by-minute forecast' if make is minutes else 'forecast by quarter hours'} "
        f"has no more than traces of precipitation until {end}."
    )
    wet_then_traces = [0.8, *[0.05] * 12, 0.8]
    assert "Dry" not in said_of(*wet_then_traces)


def test_dry_quarters_against_a_wet_hour_say_whose_word_it_is():
    """An hour that only touches them is no contradiction."""
    dry = [0.0] * 8
    assert by_quarters(*dry, hours=[step(2, 501, 2.0)]) == (
        "The forecast by quarter hours has no precipitation until 16:15."
    )
    after = step(1, 501, 2.0, time=NOW.replace(hour=17, minute=15, second=0))
    before = step(1, 501, 2.0, time=NOW.replace(hour=14, minute=15, second=0))
    assert by_quarters(*dry, hours=[before, after]) == "No precipitation until 16:15."


@pytest.mark.parametrize(
    ("code", "temperature", "text"),
    [
        (601, -3.0, "Snow from 15:00 to 15:15."),
        (511, -1.0, "Freezing rain from 15:00 to 15:15."),
        (211, 20.0, "Thunderstorms from 15:00 to 15:15."),
        (602, 21.0, "Rain from 15:00 to 15:15."),
        (804, -5.0, "Snow from 15:00 to 15:15."),
    ],
)
def test_the_hour_in_which_a_wet_quarter_lies_names_it(code, temperature, text):
    """That of 15:00 to 16:00, not the ones beside it."""
    hours = [
        step(1, 500, 0.5, time=NOW.replace(hour=15, minute=0, second=0)),
        step(1, code, 0.5, time=NOW.replace(hour=16, minute=0, second=0), temperature=temperature),
        step(1, 300, 0.5, time=NOW.replace(hour=17, minute=0, second=0)),
    ]
    assert by_quarters(0.0, 0.0, 0.0, 0.8, *[0.0] * 4, hours=hours) == text


def test_a_quarter_that_begins_with_an_hour_lies_in_it():
    """Wet from 14:45 to 15:15: the hour from 15:00 to 16:00 names it too."""
    hours = [
        step(1, 500, 0.5, time=NOW.replace(hour=15, minute=0, second=0)),
        step(1, 511, 0.5, time=NOW.replace(hour=16, minute=0, second=0), temperature=-1.0),
    ]
    assert by_quarters(0.0, 0.0, 0.8, 0.8, *[0.0] * 4, hours=hours) == "Freezing rain from 14:45 to 15:15."


def test_quarters_that_are_over_or_far_away_are_not_told():
    """At 14:25 the running quarter is the first, and what begins in two hours or later is none of the next two."""
    known = quarters(*range(20), first=NOW.replace(hour=13, minute=30, second=0))
    told = to_come(known, AS_OF)
    assert [one.time.strftime("%H:%M") for one in (told[0], told[-1])] == ["14:15", "16:15"]
    assert (len(told), len(two_hours(told))) == (9, 8)
    assert to_come(known, AS_OF.replace(minute=30))[0].time.strftime("%H:%M") == "14:30"
    assert to_come(known, AS_OF + 8 * HOUR) == two_hours([]) == []


def test_two_hours_are_two_hours_when_the_clocks_change():
    """In London at 00:45 on 2026-03-29 the eighth quarter begins at 03:30, by the clock."""
    london = ZoneInfo("Europe/London")
    first = datetime(2026, 3, 29, 0, 45, tzinfo=UTC)
    known = [replace(one, time=one.time.astimezone(london)) for one in quarters(*[0.0] * 14, first=first)]
    told = two_hours(to_come(known, first.astimezone(london)))
    assert (len(told), told[-1].time.strftime("%H:%M")) == (8, "03:30")
    assert next_hour_words(told, None, [], EN) == "No precipitation until 03:45."


def test_how_the_outlook_begins_is_told_by_the_steps():
    """After the next hour by minutes, after two by quarter hours; traces too are not dry."""
    clear = current(condition=condition(800, None, True))
    assert start_of(minutes(0.0, 0.8), clear, AS_OF) is Start.WET_HOUR
    assert start_of(quarters(0.0, 0.8), clear, AS_OF) is Start.WET_TWO_HOURS
    assert start_of(quarters(0.0, 0.04), clear, AS_OF) is Start.WET_TWO_HOURS
    assert start_of(quarters(0.0, 0.0), clear, AS_OF) is Start.DRY
    assert start_of(quarters(0.0, 0.0), current(), AS_OF) is Start.WET_NOW


def test_what_the_outlook_says_is_not_said_twice():
    """Dry by the quarters and by the hours: one sentence. The quarters are told where the hours are wet, likely so, end
    before them or are not known, and where they are not dry themselves."""
    clear, dry, until = current(condition=condition(800, None, True)), quarters(*[0.0] * 8), "until 16:15."
    calm = [step(n, 800, 0.0) for n in range(1, 25)]

    def sentence(steps, hours) -> str | None:
        return now_part(report(nowcast=steps, current=clear, hourly=tuple(hours)), EN, AS_OF).next_hour

    assert sentence(dry, calm) is None
    assert sentence(dry, [*calm, step(9, 501, 2.0)]) == f"No precipitation {until}"
    assert sentence(dry, [replace(one, precipitation_probability=30.0) for one in calm]) == f"No precipitation {until}"
    assert sentence(dry, [replace(one, precipitation=None) for one in calm]) == f"No precipitation {until}"
    assert sentence(dry, calm[:1]) == f"No precipitation {until}"
    assert sentence(dry, ()) == f"No precipitation {until}"
    assert sentence(quarters(*[0.04] * 8), calm) == f"No more than traces of precipitation {until}"
    assert sentence(quarters(0.0, 0.8, *[0.0] * 6), calm) == "Rain from 14:30 to 14:45."


def test_that_they_are_quarter_hours_is_said():
    """And what they were made of; of minutes nothing."""
    made = "By quarter hours, estimated from hourly values."
    assert step_words(quarters(0.0), None, [], EN) == "By quarter hours."
    assert step_words(quarters(0.0, interpolated=True), None, [], EN) == made
    assert step_words(minutes(0.0), None, [], EN) is step_words((), None, [], EN) is None
    wet = [step(2, 501, 2.0)]  # then the sentence names them
    assert step_words(quarters(*[0.0] * 8), None, wet, EN) is None
    assert step_words(quarters(*[0.0] * 8, interpolated=True), None, wet, EN) == made
    text = shown(report(nowcast=quarters(*[0.8] * 9)))
    assert 'class="shower by-quarters"' in text
    assert "<small>By quarter hours.</small>" in text
    unknown = shown(report(nowcast=quarters(None, 0.8)))
    assert "<small>By quarter hours.</small>" in unknown
    assert 'aria-label="Precipitation by quarter hours"' in unknown
    gone = shown(report(nowcast=quarters(*[0.8] * 9, first=NOW - 9 * HOUR)))
    assert "uarter hours" not in gone
    assert 'class="shower' not in gone


@pytest.mark.parametrize(
    ("rates", "text"),
    [
        ([0.0, 0.0, 0.0, 0.8, *[0.8] * 5], "Rain from about 15:00 to 17:00."),
        ([0.8, *[0.0] * 8], "Rain until about 17:00."),
        ([0.05, 0.0, 0.0, 0.8, *[0.8] * 5], "Rain until about 17:00."),
        ([None, 0.0, 0.0, 0.8], "Rain until about 17:00."),
        ([0.0] * 9, "Rain until about 17:00."),
    ],
)
def test_the_outlook_begins_with_what_the_quarters_know(rates, text):
    """The running hour is wet, of which a part has gone: what is known to fall later is not told as falling now."""
    on_the_hour = NOW.replace(minute=0, second=0)
    wet = [step(1, 501, 2.0, time=on_the_hour + n * HOUR) for n in (1, 2, 3)]
    dry = [step(1, 800, time=on_the_hour + n * HOUR) for n in range(4, 25)]
    told = report(hourly=(*wet, *dry), nowcast=quarters(*rates), current=current(condition=condition(803, None, True)))
    page = forecast_page(told, "", EN, NOW.timestamp())
    assert page.now.outlook.startswith(text)
    assert summary(told, Reader(EN, AS_OF)).next_24_hours == page.now.outlook


def test_a_dry_time_over_a_whole_wet_hour_is_not_told():
    """Quarters are dry from 14:30 to 16:00, the hour by 16:00 is not: neither is it called dry, nor the rain over."""
    rates, four = (0.8, *[0.0] * 6, 0.8), {"time": NOW.replace(hour=16, minute=0, second=0)}
    assert by_quarters(*rates) == "Precipitation from 14:15. Dry from 14:30 to 16:00 in between."
    assert by_quarters(*rates, hours=[step(0, 501, 2.0, **four)]) == "Rain for the next two hours."
    assert "Dry from 14:30" in by_quarters(*rates, hours=[step(0, 800, 0.0, **four)])


def test_an_outlook_by_three_hours_ends_with_the_minutes_that_bring_all_of_their_rain():
    """Ten wet minutes in a dry step from 13:00 to 16:00: it is not said to rain until 16:00; of other rain it is."""
    first, sky = NOW.replace(hour=16, minute=0, second=0), condition(803, None, True)
    steps = [hours(UTC, first=first, precipitation=mm, condition=sky) for mm in (0.0, 4.0)]
    falls = minutes(*[0.0] * 10, *[1.2] * 10, *[0.0] * 41)
    dry, wet = (report(hourly=told, current=None, nowcast=falls) for told in steps)
    assert summary(dry, Reader(EN, AS_OF)).next_24_hours.startswith("Rain from about 14:35 to 14:45.")
    assert " to 14:45" not in summary(wet, Reader(EN, AS_OF)).next_24_hours
