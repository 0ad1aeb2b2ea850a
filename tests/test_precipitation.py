"""The one rule of what falls: all outputs agree over a span, in every language, made and recorded."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import msgspec
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from states import LONDON, UNKNOWN, minutes, quarters, report

from weather.domain.conditions import TEXTS, condition
from weather.domain.daily import days
from weather.domain.model import Coordinates, HourlyForecast, zone
from weather.domain.precipitation import Kind, kind_of_code
from weather.domain.units import SYSTEMS
from weather.i18n import sentences
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES, language
from weather.i18n.next_hour import DISPUTED, NO_PRECIPITATION
from weather.i18n.precipitation_messages import AT_TIMES, AT_TIMES_UNTIL, DRY, LATER, LITTLE, MOSTLY_DRY, TRACES, UNTIL
from weather.providers.openmeteo import convert as openmeteo
from weather.providers.openmeteo import wire as openmeteo_wire
from weather.providers.openweathermap import forecast, onecall
from weather.web.api.schema import WEATHER_ROUTES, Selection, response_body
from weather.web.view.forecast import forecast_page
from weather.web.view.meteogram.series import KEYS

SHARED = Path(__file__).parent.parent.parent / "shared"
HOUR = timedelta(hours=1)
MIDNIGHT = datetime(2026, 11, 24, tzinfo=UTC)
PLACE = zone(LONDON.timezone)
SAYS_DRY = ("Dry {until}.", "Mostly dry {until}.")
WET_WORDS = [text for table in (UNTIL, LATER) for text in table.values()] + [
    text for table in (AT_TIMES_UNTIL, AT_TIMES) for text in table.values()
]

AT_FIRST = ("Wet at first.", *(text for table in (DRY, MOSTLY_DRY, TRACES, LITTLE) for text in table[1:]))
"""Outlooks that begin with what falls now, or in the next hour or two."""


def reads(code: str, system: str = "metric") -> Formatter:
    return Formatter(language(code), SYSTEMS[system])


def beginnings(texts, reader: Formatter) -> list[str]:
    """Each message in the reader's language up to its first value."""
    return [reader.language.text(text).partition("{")[0] for text in texts]


def says(text: str, messages, reader: Formatter) -> bool:
    return any(text.startswith(start) for start in beginnings(messages, reader))


def step(n: int, amount, code, interval: int = 1, **told) -> HourlyForecast:
    """The step that ends so many steps after midnight."""
    known = {"time": (MIDNIGHT + n * interval * HOUR).astimezone(PLACE), "interval_hours": interval, "is_day": True}
    known |= {"precipitation": amount, "condition": None if code is None else condition(code, None, True)}
    return HourlyForecast(**UNKNOWN[HourlyForecast] | known | told)


def page_of(steps, reader: Formatter, as_of: datetime = MIDNIGHT, daily=None, **parts):
    parts = {"nowcast": None, "current": None} | parts
    daily = daily or days(steps, LONDON.coordinates, steps[0].time.tzinfo)
    told = report(hourly=tuple(steps), daily=daily, as_of=as_of, **parts)
    return told, forecast_page(told, "", reader, as_of.timestamp())


def is_wet(condition) -> bool:
    return condition is not None and kind_of_code(condition.code) is not None


def assert_agreement(steps, reader: Formatter, as_of: datetime = MIDNIGHT, **parts) -> None:
    """Over the same span: sentence, drawing, icons of hours and days, table, next hour, and all of the API's."""
    told, page = page_of(steps, reader, as_of, **parts)
    assert_documents_agree(told, page, reader, as_of)
    ahead = sentences.ahead(told.hourly.value, as_of, 24 * HOUR)
    if not ahead:
        return
    outlook, drawing = page.now.outlook, page.hours.chart
    wet_icons = [one for one in ahead if is_wet(one.condition)]
    end = max(one.time for one in ahead)
    if says(outlook, SAYS_DRY, reader):
        assert not wet_icons
        assert end < max(one.time for one in told.hourly.value) or not drawing.bars
        assert not any(is_wet(day.condition) for day in within(told, ahead))
        assert page.now.shower is None
    if says(outlook, WET_WORDS, reader):
        assert not says(outlook, SAYS_DRY, reader)
        assert (
            wet_icons
            or any(one.condition is None for one in ahead)
            or sum(one.precipitation or 0 for one in ahead) >= 0.5
        )
    elif not says(outlook, AT_FIRST, reader):
        assert not wet_icons


def date_of(step):
    """The date that holds the middle of a step's span."""
    return datetime.fromtimestamp(step.time.timestamp() - step.interval_hours * 1800, step.time.tzinfo).date()


def within(told, ahead):
    """The days of which every span lies among the steps ahead."""
    others = {date_of(step) for step in told.hourly.value if step not in ahead}
    return [day for day in told.days if day.date in {date_of(step) for step in ahead} - others]


def assert_parts_agree(told) -> None:
    """Under snow or sleet not all that falls is rain, nor is its depth nothing; under rain there is none."""
    for one in told:
        kind = kind_of_code(one["condition"]["code"]) if one["condition"] else None
        if kind in (Kind.SNOW, Kind.SLEET) and one["precipitation"]:
            assert one["rain"] is None or one["rain"] < one["precipitation"]
            assert one["snowfall"] != 0
        if kind in (Kind.RAIN, Kind.DRIZZLE) and (one["precipitation"] or 0) >= 0.5 and "interval" in one:
            assert not one["snowfall"]


def assert_documents_agree(told, page, reader: Formatter, as_of: datetime) -> None:
    """Page and API say the same words of the same codes; the bars are of the kinds of their steps; snow is no rain."""
    body = response_body(told, WEATHER_ROUTES["forecast"], Selection(), reader, as_of.timestamp())
    assert body["summary"].next_24_hours == page.now.outlook
    days_told = {day["date"]: day for day in body["daily"] or ()}
    local = as_of.astimezone(zone(told.place.timezone))
    whole = page.days.rows[1:] if local.hour >= 18 else page.days.rows  # tonight's row tells only what is left
    for row in whole:
        day, sky = days_told[str(row.day.date)], row.day.condition
        assert day["summary"] == row.day.summary
        assert day["condition"] == (sky and msgspec.to_builtins(replace(sky, text=reader.say(sky.text))))
    steps_told = {step["time"]: step for step in body["hourly"] or ()}
    assert_parts_agree([*steps_told.values(), *days_told.values()])
    coming = [one for one in told.hourly.value if one.time in {step.time for step in page.hours.steps}]
    for row, one in zip(page.hours.steps, coming, strict=True):
        sky = steps_told[one.time.isoformat()]["condition"]
        assert row.sky == (sky["text"] if sky else "–")
    if page.hours.chart is None:
        return
    drawn = {KEYS.get(kind_of_code(one.condition.code), "rain") for one in coming if is_wet(one.condition)}
    assert {bar.kind for bar in page.hours.chart.bars} <= drawn | {"rain"}
    for row, one in zip(page.hours.steps, coming, strict=True):
        kind = kind_of_code(one.condition.code) if one.condition else None
        if kind is Kind.SNOW and one.precipitation:
            assert row.precipitation != reader.figure(one.precipitation, reader.system.precipitation)


sky = st.none() | st.sampled_from(sorted(TEXTS))
amount = st.none() | st.just(0.0) | st.sampled_from([0.01, 0.05, 0.09, 0.1, 0.19, 0.2, 0.3, 1.5, 12.0])
made = st.builds(
    dict,
    amount=amount,
    code=sky,
    temperature=st.none() | st.sampled_from([-12.0, -1.0, 0.5, 1.5, 4.0, 21.0]),
    cloud_cover=st.none() | st.sampled_from([0.0, 50.0, 100.0]),
    precipitation_probability=st.none() | st.sampled_from([0.0, 19.0, 30.0, 59.0, 60.0, 100.0]),
    snowfall=st.none() | st.sampled_from([0.0, 1.0, 7.0, 84.0]),
)
rates = st.lists(st.tuples(amount, st.integers(1, 40)), max_size=4).map(
    lambda runs: [rate for rate, length in runs for _ in range(length)][:61]
)


def built(told, interval: int) -> list[HourlyForecast]:
    return [step(n, interval=interval, **one) for n, one in enumerate(told, 1)]


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(st.lists(made, min_size=1, max_size=8), st.sampled_from([1, 3]), st.sampled_from(sorted(LANGUAGES)), rates)
def test_made_outputs_agree_in_every_language(told, interval, code, falling):
    """No sentence says dry and no icon is dry where another output of the span is wet, and the other way round."""
    assert_agreement(built(told, interval), reads(code), nowcast=minutes(*falling, first=MIDNIGHT) or None)


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(
    st.lists(made, min_size=1, max_size=2),
    st.sampled_from(sorted(LANGUAGES)),
    rates,
    st.sampled_from([minutes, quarters]),
)
def test_the_next_hour_agrees_with_the_hours(told, code, falling, make):
    """Dry minutes or quarter hours under a wet hour are told as theirs alone; wet ones have the name of a kind."""
    reader, steps = reads(code), built(told, 1)
    _, page = page_of(steps, reader, nowcast=make(*falling, first=MIDNIGHT) or None)
    words = page.now.next_hour
    if words is None:
        return
    is_hour_wet = is_wet(page_of(steps[:1], reader)[0].hourly.value[0].condition)
    if says(words, [NO_PRECIPITATION], reader):
        assert not is_hour_wet
    if says(words, [NO_PRECIPITATION, *DISPUTED.values()], reader):
        assert not falling[0]


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(st.lists(made, min_size=1, max_size=7), st.sampled_from([1, 3]), st.sampled_from(sorted(LANGUAGES)))
def test_a_days_icon_agrees_with_the_outlook_over_it(told, interval, code):
    """The day of the same steps: its icon, or its words of the night, are wet if, and only if, the outlook is."""
    reader, steps = reads(code), built(told, interval)
    whole, page = page_of(steps, reader)
    day, night = page.days.rows[0].day, whole.nights.get(page.days.rows[0].day.date)
    assert night is None or reader.say(night.condition.text) in day.summary
    is_wet = bool(night or (day.condition and kind_of_code(day.condition.code)))
    assert is_wet is says(page.now.outlook, WET_WORDS, reader)
    assert not (is_wet and says(page.now.outlook, SAYS_DRY, reader))


def recorded() -> list[tuple[str, tuple[HourlyForecast, ...]]]:
    """The steps of every recorded answer that has some."""
    found, at, tz = [], Coordinates(51.51, -0.13), UTC
    readers = {
        "forecast": lambda raw: forecast.to_model(forecast.read(raw), at, tz),
        "onecall": lambda raw: onecall.hours(onecall.read(raw).hourly or [], at, tz),
    }
    for path in sorted((SHARED / "owm" / "samples").glob("*.json")):
        for name, steps_of in readers.items():
            if path.name.startswith(name):
                found.append((path.name, partial(steps_of, path.read_bytes())))
    for path in sorted((SHARED / "openmeteo" / "samples").glob("*forecast*.json")):
        found.append((path.name, lambda p=path: openmeteo.to_hours(openmeteo_wire.read(p.read_bytes()), at, tz)))
    told = []
    for name, steps_of in found:
        try:
            steps = steps_of()
        except ValueError:
            continue  # a recorded error is no forecast
        if steps:
            told.append((name, steps))
    return told


@pytest.mark.slow
@pytest.mark.needs(SHARED)
def test_recorded_outputs_agree_in_every_language():
    """All recorded forecasts, from several moments of each."""
    answers = recorded()
    assert len(answers) >= 20
    for _, steps in answers:
        for start in range(0, len(steps), 16):
            for code in LANGUAGES:
                assert_agreement(steps, reads(code), steps[start].time - 90 * timedelta(minutes=1))


def outlook(*steps) -> str:
    return " ".join(sentences.today(steps, reads("en"), MIDNIGHT).split())


def test_a_day_of_thin_rain_is_wet_everywhere():
    """24 hours of 0.19 mm under the code of light rain: 4.6 mm, and no output is dry."""
    steps = [step(n, 0.19, 500) for n in range(1, 25)]
    assert outlook(*steps).startswith("Rain until about")
    _, page = page_of(steps, reads("en"))
    assert page.days.rows[0].day.summary.startswith("Light rain")


def test_snow_at_full_chance_is_not_mostly_dry():
    """Five hours of snow at 100 %, of no amount to speak of."""
    steps = [step(n, 0.0, 600, precipitation_probability=100.0) for n in range(1, 6)]
    assert outlook(*steps) == "Snow until about 05:00. No more than traces."


@pytest.mark.parametrize(
    ("code", "temperature", "word"),
    [
        (804, -5.0, "Snow"), (804, 12.0, "Rain"), (804, 1.5, "Rain and snow"), (511, -2.0, "Freezing rain"),
        (202, 20.0, "Thunderstorms"), (602, 21.0, "Rain"), (611, 1.0, "Rain and snow"), (301, 9.0, "Drizzle"),
    ],
)  # fmt: skip
def test_the_kind_is_that_of_code_and_temperature(code, temperature, word):
    """Half a millimetre is snow under a grey sky of -5 °C; ice and thunder are named."""
    assert outlook(step(1, 0.5, code, temperature=temperature)).startswith(f"{word} until about 01:00.")


def test_ice_and_thunder_are_told_first_with_their_own_times():
    """However little water they bring; the rain about them follows."""
    told = outlook(step(1, 0.0, 803), step(2, 0.1, 511), step(3, 4.0, 502), step(4, 0.1, 211))
    assert told.startswith("Freezing rain from about 01:00 to 02:00. Thunderstorms from about 03:00 to 04:00. Rain")
    _, page = page_of([step(1, 4.0, 502), step(2, 0.1, 511)], reads("en"))
    assert page.days.rows[0].day.condition.code == 511


@pytest.mark.parametrize(
    "told",
    [
        {"code": 602, "temperature": 21.0, "cloud_cover": 0.0},
        {"code": 211, "temperature": 31.0, "cloud_cover": 0.0, "precipitation_probability": 5.0},
    ],
)
def test_a_code_that_contradicts_its_numbers_yields(told):
    """Heavy snow at 21 °C, thunder under a clear sky, both without a drop: a clear sky, and dry."""
    _, page = page_of([step(1, amount=0.0, **told)], reads("en"))
    assert page.now.outlook.startswith("Dry until")
    assert page.days.rows[0].day.condition.code == 800


def test_snow_is_told_as_water():
    """Millimetres of snow are of melted snow, and the sentence says so."""
    assert "About 1.5 mm as water" in outlook(step(1, 1.5, 601, temperature=-3.0))


@pytest.mark.parametrize(("amount", "stated", "told"), [(0.5, 0.0, None), (0.5, 15.0, 15.0), (0.0, 0.0, 0.0)])
def test_a_chance_of_nothing_under_what_falls_is_not_known(amount, stated, told):
    """Half a millimetre at 0 %: of the step and of its day; a small chance stays, and so does that of a dry step."""
    known, page = page_of([step(1, amount, 800, precipitation_probability=stated)], reads("en"))
    assert known.hours[0].precipitation_probability == told
    assert page.days.rows[0].day.precipitation_probability == told
