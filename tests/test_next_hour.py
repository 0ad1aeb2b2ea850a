"""The next hour knows what falls, tells a dry gap, and never contradicts the rest of the page."""

from dataclasses import replace
from datetime import timedelta

import pytest
from states import NOW, UNKNOWN, current, minutes, report, shown

from weather.domain.conditions import condition
from weather.domain.model import HourlyForecast
from weather.domain.units import SYSTEMS
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES, language
from weather.i18n.next_hour import next_hour_words
from weather.web.api.sections import Reader, summary
from weather.web.view.forecast import forecast_page

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
    """A hundredth of a millimetre an hour is no snow for the whole hour, and not dry; unless it snows by all else."""
    reader = Formatter(language(lang), SYSTEMS["metric"])
    end = "15:25 Uhr" if lang == "de" else "15:25"
    traces = reader.say("No more than traces of precipitation until {end}.", end=end)
    cloudy = current(condition=condition(804, None, True), temperature=-5.0, precipitation=0.0)
    assert said([0.01] * 61, cloudy, (), reader) == said([0.0] * 30 + [0.09] * 31, cloudy, (), reader) == traces
    assert said([0.01] * 60 + [0.1], cloudy, (), EN) == "Snow for the whole hour."
    snowing = current(condition=condition(600, None, True), temperature=-5.0, precipitation=0.2)
    assert said([0.01] * 61, snowing, (), EN) == "Snow for the whole hour."


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
def test_a_dry_outlook_beside_wet_minutes_leaves_the_next_hour_out(lang):
    """Page and API: "dry" is not said of an hour in which minutes are wet."""
    dry = tuple(step(n, 800) for n in range(1, 25))
    told, reader = report(hourly=dry, nowcast=minutes(*[0.8] * 61)), Formatter(language(lang), SYSTEMS["metric"])
    page = forecast_page(told, "", reader, NOW.timestamp())
    until = reader.until(AS_OF + 24 * HOUR, AS_OF)
    expected = reader.say("After the next hour dry {until}.", until=until)
    assert page.now.outlook.startswith(expected)
    assert summary(told, Reader(reader, AS_OF)).next_24_hours.startswith(expected)
    dry_now = replace(told, nowcast=None, current=None)
    assert forecast_page(dry_now, "", reader, NOW.timestamp()).now.outlook.startswith(
        reader.say("Dry {until}.", until=until)
    )


def test_the_drawing_of_the_minutes_is_named_by_the_same_sentence():
    """At -12 degrees its caption says snow."""
    now = current(condition=condition(601, None, True), temperature=-12.0)
    assert 'aria-label="Snow for the whole hour."' in shown(report(current=now, nowcast=minutes(*[0.8] * 61)))


def test_wet_minutes_after_unknown_ones_are_drawn_under_a_name():
    """No sentence can be made of them, and no drawing is called "None"; nor is the day called dry."""
    text = shown(report(hourly=tuple(step(n, 800) for n in range(1, 25)), nowcast=minutes(None, *[0.8] * 60)))
    assert 'aria-label="Precipitation, minute by minute"' in text
    assert "After the next hour dry" in text
