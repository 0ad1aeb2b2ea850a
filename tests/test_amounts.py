"""How much falls: snow by its depth, else as water, traces, what is left of a running step."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from states import LONDON, METEO, NOW, UNKNOWN, current, report, shown

from weather.domain.conditions import condition
from weather.domain.daily import days
from weather.domain.model import DailyForecast, HourlyForecast
from weather.domain.precipitation import Kind
from weather.domain.units import SYSTEMS
from weather.i18n import sentences
from weather.i18n.amounts import fallen, last_hour
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES, language
from weather.web.pages.embeds.icalendar import calendar
from weather.web.terminal.one_line import one_line
from weather.web.terminal.report import Contents, text_report
from weather.web.terminal.view import view_of
from weather.web.view.forecast import forecast_page

HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
METRIC, US = (Formatter(language("en"), SYSTEMS[name]) for name in ("metric", "us"))


def step(n: int, amount: float | None, code: int = 601, snowfall: float | None = None, **told) -> HourlyForecast:
    """The hour that ends so many after noon; a depth in millimetres."""
    known = {"time": NOON + n * HOUR, "interval_hours": 1, "precipitation": amount, "snowfall": snowfall}
    known |= {"condition": condition(code, None, True), "is_day": True}
    return HourlyForecast(**UNKNOWN[HourlyForecast] | known | told)


def outlook(steps, reader: Formatter = METRIC, as_of: datetime = NOON) -> str:
    return " ".join(sentences.today(steps, reader, as_of).split())


def day(steps, reader: Formatter = METRIC) -> str:
    (found,) = days(steps, LONDON.coordinates, UTC)
    return " ".join((sentences.day(found, reader) or "").split())


EIGHT = [step(n, 1.5, 601, snowfall=10.5, temperature=-3.0) for n in range(1, 9)]


def test_snow_is_told_by_its_depth():
    """12 mm of water, 8.4 cm by the source: 8 cm, in the US 3.3 in (84 mm / 25.4); never a bare 12 mm."""
    assert "About 8 cm of snow by 20:00." in outlook(EIGHT)
    assert "About 3.3 in of snow by 20:00." in outlook(EIGHT, US)
    assert day(EIGHT) == "Snow, about 8 cm."
    assert day(EIGHT, US) == "Snow, about 3.3 in."


def test_snow_of_an_unknown_depth_is_told_as_water():
    """OpenWeatherMap gives water alone."""
    water = [step(n, 1.5, 601, temperature=-3.0) for n in range(1, 9)]
    assert "About 12 mm as water by 20:00." in outlook(water)
    assert day(water) == "Snow, about 12 mm as water."
    assert "About 0.47 in as water by 20:00." in outlook(water, US)


def test_rain_and_snow_are_told_as_water_with_the_depth_beside_it():
    """4 mm in all, of which 2 cm of snow."""
    steps = [step(1, 2.0, 500, 0.0, temperature=3.0), step(2, 2.0, 601, 20.0, temperature=0.0)]
    assert "About 4 mm as water by 14:00. Snowfall of about 2 cm." in outlook(steps)


def test_a_page_never_shows_a_bare_amount_of_snow():
    """Table, day rows, tile and drawing: a depth where there is one, else "as water"."""
    now = current(condition=condition(601, None, True), temperature=-3.0, precipitation=1.5, snowfall=10.5)
    later = [step(n, 1.5, 601, 10.5, temperature=-3.0, time=NOW.replace(second=0) + n * HOUR) for n in range(1, 9)]
    deep = shown(report(source=METEO, hourly=tuple(later), current=now))
    assert "<dt>Snow in the last hour</dt><dd>1 cm</dd>".replace(" cm", "\xa0cm") in deep
    assert "<td>1\xa0cm</td>" in deep
    assert "1.5\xa0mm as water in the hour before" in deep  # the drawing's words, which tell the depth too
    assert "1.1\xa0cm of snow" in deep
    assert "12\xa0mm</span>" not in deep
    flat = [step(n, 1.5, 601, temperature=-3.0, time=NOW.replace(second=0) + n * HOUR) for n in range(1, 9)]
    assert "<td>1.5\xa0mm as water</td>" in shown(report(hourly=tuple(flat)))


@pytest.mark.parametrize(
    ("amount", "reader", "text"),
    [
        (0.19, METRIC, "traces"), (0.2, METRIC, "0.2 mm"), (0.25, US, "traces"), (0.26, US, "0.01 in"),
        (0.0, METRIC, "0 mm"), (None, METRIC, "–"),
    ],
)  # fmt: skip
def test_hardly_any_is_told_as_traces(amount, reader, text):
    """Below 0.2 mm, in the US below a hundredth of an inch (0.254 mm); zero is zero, unknown a dash."""
    told = current(precipitation=amount, condition=condition(500, None, True))
    assert last_hour(told, reader)[1].replace("\xa0", " ") == text


def outputs(amount: float, code: int, system: str) -> dict[str, str]:
    """An amount that falls from 15:00 to 16:00 and makes the day, as each output writes it."""
    reader = Formatter(language("en"), SYSTEMS[system])
    first = NOW.replace(hour=15, minute=0, second=0)
    at = {"temperature": -3.0 if code == 601 else 9.0}
    falls = [(0.0, 804), (amount, code), (0.0, 804)]
    steps = [step(0, *told, time=first + n * HOUR, **at) for n, told in enumerate(falls)]
    now = current(precipitation=amount, condition=condition(code, None, True), **at)
    told = report(hourly=tuple(steps), daily=days(steps, LONDON.coordinates, UTC), current=now, nowcast=None)
    page = forecast_page(told, "", reader, NOW.timestamp())
    (row,) = page.days.rows
    event = calendar(told, "", reader, NOW.timestamp()).replace(b"\r\n ", b"").decode()
    screen = text_report(view_of(told, reader, NOW.timestamp()), Contents(), colour=False)
    return {
        "row of the hour": row.hours[1].precipitation,
        "column": page.hours.strip[2].amount,
        "drawing": page.hours.chart.amounts[0].text,
        "pointer": re.search("precipitation (.*?) in the hour before", page.hours.chart.targets[1].title)[1],
        "day": row.fallen,
        "quarter": row.quarters[0].fall,
        "tile": page.now.tiles.fallen,
        "line": one_line(view_of(told, reader, NOW.timestamp()), "%p"),
        "terminal": re.search(r"16:00 +\S+ +(traces|[\d.]+)", screen)[1],
        "calendar": "traces" if "traces" in event else event[event.index("about ") + 6 :],
    }


@pytest.mark.parametrize("code", [500, 601])
@pytest.mark.parametrize(
    ("amount", "system", "is_trace"),
    [
        (0.01, "metric", True), (0.11, "metric", True), (0.19, "metric", True), (0.2, "metric", False),
        (0.1, "us", True), (0.25, "us", True), (0.26, "us", False),
    ],
)  # fmt: skip
def test_every_output_tells_traces_of_the_same_amounts(amount, system, is_trace, code):
    """What is traces in one is in all; nothing that falls is a bare 0 in any."""
    told = outputs(amount, code, system)
    assert {name for name, text in told.items() if text.startswith("traces")} == (set(told) if is_trace else set())
    assert not [name for name, text in told.items() if re.match(r"0(\D|$)(?!\.)", text) and not text.startswith("0.")]


@pytest.mark.parametrize(
    ("code", "basis", "name"),
    [
        (601, "analysis", "Snow in the last hour"), (500, "analysis", "Rain in the last hour"),
        (511, "analysis", "Freezing rain in the last hour"), (616, "forecast", "Rain and snow per hour"),
        (804, "analysis", "Precipitation in the last hour"), (301, "forecast", "Drizzle per hour"),
    ],
)  # fmt: skip
def test_the_tile_is_named_by_what_falls(code, basis, name):
    """Snow is not rain in the last hour."""
    assert last_hour(current(condition=condition(code, None, True), temperature=0.0, basis=basis), METRIC)[0] == name


def test_a_running_step_counts_only_what_is_left_of_it():
    """Of 6 mm in three hours a third of the last hour is left: 2 mm an hour, so 0.7 mm."""
    running = step(2, 6.0, 501, interval_hours=3)
    assert "About 6 mm by 14:00." in outlook([running], as_of=NOON - HOUR)
    assert "About 0.7 mm by 14:00." in outlook([running], as_of=NOON + timedelta(minutes=100))
    assert "No more than traces." in outlook([running], as_of=NOON + timedelta(minutes=119))


def test_zeros_of_a_table_are_shown_and_not_read_aloud():
    """A dry hour's amount and chance are hidden from screen readers; a known amount is not."""
    text = shown(report())
    assert '<td><span aria-hidden="true">0</span></td>\n<td><span aria-hidden="true">0%</span></td>' in text
    assert "<td>2.4</td>\n<td>80%</td>" in text


def test_the_chance_of_a_day_is_at_least_that():
    """The highest of its steps is a lower bound, and is told as one; below one per cent it is not told."""
    assert "Chance of precipitation: at least 80%." in shown(report())
    one = DailyForecast(**UNKNOWN[DailyForecast] | {"date": NOW.date(), "partial": False})
    assert "Chance of precipitation" not in shown(report(daily=(one,)))


@pytest.mark.parametrize(
    ("temperature", "word"), [(10.0, "showers"), (1.0, "rain or snow"), (-5.0, "snow"), (None, "precipitation")]
)
def test_a_chance_is_of_what_would_fall(temperature, word):
    """In the frost there is no chance of showers."""
    told = step(1, 0.0, 803, temperature=temperature, precipitation_probability=30.0)
    assert outlook([told]).startswith(f"Mostly dry until 13:00. The chance of {word} is at least 30%.")


def test_hail_is_told_where_a_code_says_so():
    """In the outlook, and the storm with it names the day though another brings more rain."""
    hail = condition(211, None, True)
    steps = [step(1, 0.5, 211, temperature=20.0), step(2, 9.0, 211, temperature=20.0)]
    assert "Hail" not in outlook(steps)
    steps[0] = replace(steps[0], condition=replace(hail, text="thunderstorm, hail possible"))
    assert "Thunderstorms until about 14:00. Hail is possible." in outlook(steps)
    assert day(steps) == "Thunderstorm, hail possible, about 9.5 mm."


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_words_of_snow_are_known_in_every_language(lang):
    """No text of these stays English."""
    known = language(lang).knows
    assert all(map(known, ("{depth} of snow", "{amount} as water", "Hail is possible.")))


@pytest.mark.parametrize(
    ("system", "millimetres", "text"),
    [
        ("metric", 9.94, "9.9 mm"), ("metric", 9.95, "10 mm"), ("metric", 12.5, "13 mm"), ("metric", 50.7, "51 mm"),
        ("us", 12.5, "0.49 in"), ("us", 25.4, "1 in"), ("us", 50.7, "2 in"), ("us", 54.1, "2.1 in"),
    ],
)  # fmt: skip
def test_no_amount_is_told_to_a_tenth_of_a_millimetre_from_ten_on(system, millimetres, text):
    """Nobody knows 50.7 mm of tomorrow: 51 mm, 2.0 in."""
    reader = Formatter(language("en"), SYSTEMS[system])
    assert fallen(Kind.RAIN, millimetres, None, reader).replace("\xa0", " ") == text
