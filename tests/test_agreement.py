"""All outputs of a whole report agree: now, next hour, outlook, drawing, hours, days, page and API, in every language.

None says dry over a span in which another says wet. Made reports, and one of every recorded forecast of each source.
"""

import json
import re
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import takewhile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from states import METEO, UNKNOWN, current, minutes, quarters, report
from test_precipitation import AT_FIRST, MIDNIGHT, PLACE, WET_WORDS, built, is_wet, made, rates, reads, says, step

from weather.domain.calendar_day import begin_of, day_of_stamp
from weather.domain.conditions import TEXTS, condition
from weather.domain.daily import days
from weather.domain.day_picture import covers
from weather.domain.model import Coordinates, CurrentConditions, DailyForecast, NowcastStep, Place, zone
from weather.domain.next_hour import next_hour, to_come, two_hours
from weather.domain.precipitation import WET_RATE, is_wet_step, wet_steps
from weather.domain.rounding import round_half
from weather.domain.text import clean
from weather.i18n import sentences
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES
from weather.i18n.next_hour import NO_PRECIPITATION, ONLY_TRACES
from weather.i18n.precipitation_messages import DRY, MOSTLY_DRY, TRACES
from weather.i18n.warmth import FALLING, FALLING_FIRST, RISING, RISING_FIRST, STAYING
from weather.providers.metnorway import convert as metnorway
from weather.providers.metnorway import wire as metnorway_wire
from weather.providers.openmeteo import convert as openmeteo
from weather.providers.openmeteo import wire as openmeteo_wire
from weather.providers.openweathermap import current as owm_current
from weather.providers.openweathermap import forecast, onecall
from weather.providers.report import Report
from weather.web.api.schema import WEATHER_ROUTES, Selection, response_body
from weather.web.pages.embeds.badge import badge
from weather.web.pages.embeds.embed_view import card, line_of
from weather.web.pages.embeds.icalendar import calendar
from weather.web.terminal.one_line import one_line
from weather.web.terminal.report import Contents, text_report
from weather.web.terminal.view import view_of
from weather.web.view.forecast import forecast_page
from weather.web.view.icons import symbol_for

SHARED = Path(__file__).parent.parent.parent / "shared"
HOUR = timedelta(hours=1)


def assert_agrees(told: Report, code: str, as_of: datetime) -> None:
    """Over each span that two outputs tell of: both wet, or both dry."""
    reader = reads(code)
    page = forecast_page(told, "", reader, as_of.timestamp())
    body = response_body(told, WEATHER_ROUTES["forecast"], Selection(), reader, as_of.timestamp())
    assert body["summary"].next_24_hours == page.now.outlook
    ahead = sentences.ahead((told.hourly.value if told.hourly else None) or (), as_of, sentences.OUTLOOK)
    wet = wet_steps(ahead)
    if page.now.outlook and ahead:
        assert wet or not says(page.now.outlook, WET_WORDS, reader)
        assert not wet or says(page.now.outlook, (*WET_WORDS, *AT_FIRST), reader)
    assert_now_agrees(told, page, reader, as_of)
    assert_nowcast_agrees(told, page, body, reader, as_of)
    assert_warmth_agrees(told, page, reader, as_of)
    assert_drawing_agrees(told, page, as_of)
    for row in page.days.rows:
        assert_day_agrees(told, row, body, reader, as_of)
    assert_texts_agree(told, page, reader, as_of)
    for one in to_come(told.nowcast.value or (), as_of):
        if (one.precipitation_rate or 0) >= WET_RATE:
            assert_wet_everywhere(told, one, page, body, reader, as_of)


def assert_texts_agree(told: Report, page, reader, as_of: datetime) -> None:
    """Terminal, calendar and card say what the page says: of now, of each step and of each day."""
    text = plain(text_report(view_of(told, reader, as_of.timestamp()), Contents(), colour=False))
    shown = [row for row in page.hours.steps if row.time <= as_of + 24 * HOUR]
    assert all(plain(words) in text for words in (page.now.outlook, page.now.next_hour) if words)
    assert all(plain(row.sky) in text for row in shown)
    events = calendar(told, "London", reader, as_of.timestamp()).decode().replace("\r\n ", "").replace("\\", "")
    for day in told.days or ():
        if day.condition and day.temperature_max is not None and day.date >= as_of.astimezone(PLACE).date():
            assert reader.say(day.condition.text).casefold() in events.casefold()
    assert card(page, reader).days == page.days.rows[:4]


def plain(text: str) -> str:
    """A text in one line, with common spaces alone."""
    return " ".join(clean(text).split())


def assert_wet_everywhere(told: Report, one: NowcastStep, page, body, reader, as_of: datetime) -> None:
    """A wet step of the nowcast lies in no hour, in no present and on no day that any output calls dry."""
    begin, end = one.time.timestamp(), one.time.timestamp() + one.interval_minutes * 60
    over = [hour for hour in told.hours if begin_of(hour) < end and hour.time.timestamp() > begin and hour.condition]
    stamps = {hour.time for hour in over}
    for hour in body["hourly"] or ():
        if datetime.fromisoformat(hour["time"]) in stamps:
            assert hour["condition"]["code"] // 100 in WET_HUNDREDS
            assert hour["precipitation"] != 0
    strip = page.hours.strip[1:] if told.now else page.hours.strip
    shown = [*page.hours.steps, *strip, *(row for day in page.days.rows for row in day.hours)]
    assert not any(row.time in stamps and row.symbol in DRY_SYMBOLS for row in shown)
    assert not any(row.time in stamps and row.is_dry for row in page.hours.steps)
    if page.hours.chart:
        drawn = [hour for hour in told.hours if hour.time in {row.time for row in page.hours.steps}]
        assert page.hours.chart.dots.count("M") <= sum(hour.time not in stamps for hour in drawn)
    if over:
        assert not says(page.now.outlook, DRY_OUTLOOKS, reader)
        cells = [(row, {step.time for step in row.hours}) for row in page.days.rows]
        assert not any(
            times <= stamps and reader.say("dry") in {cell.fall for cell in row.quarters}
            for row, times in cells
            if times
        )
    if told.now and told.now.condition and begin <= as_of.timestamp() and as_of - told.now.time <= HOUR:
        assert_present_is_wet(told, page, body, reader, as_of)


def assert_present_is_wet(told: Report, page, body, reader, as_of: datetime) -> None:
    """In hero, strip, card, badge, terminal and API."""
    assert body["current"]["condition"]["code"] // 100 in WET_HUNDREDS
    assert page.now.picture not in DRY_SYMBOLS
    assert page.hours.strip[0].symbol not in DRY_SYMBOLS
    words = reader.say(told.now.condition.text)
    assert words in line_of(page, reader)
    assert any(words in part.words for part in badge(page, reader).parts)
    assert one_line(view_of(told, reader, as_of.timestamp()), "%C").casefold().startswith(words.casefold())


def assert_now_agrees(told: Report, page, reader, as_of: datetime) -> None:
    """What falls now, or in the minutes to come, is in no outlook that says dry from now on."""
    now, falling = told.current.value if told.current else None, to_come(told.nowcast.value or (), as_of)
    is_new = now is not None and as_of - now.time <= HOUR
    if now and now.condition:
        assert is_wet_step(now) is is_wet(now.condition)
    running = [hour for hour in told.hours if begin_of(hour) <= as_of.timestamp() < hour.time.timestamp()]
    if is_new and is_wet(now.condition) and told.as_of is not None:
        assert all(is_wet_step(hour) and hour.precipitation != 0 for hour in running)
        assert all(day.precipitation != 0 for day in told.days or () if day.date == now.time.astimezone(PLACE).date())
    if any(minute.precipitation_rate for minute in falling) or (is_new and is_wet(now.condition)):
        assert not says(page.now.outlook or "", (DRY[0], MOSTLY_DRY[0]), reader)
    if says(page.now.next_hour or "", (NO_PRECIPITATION,), reader):
        # The sentence ends at the first unknown minute, the drawing does not: what falls after that is in it alone.
        assert page.now.shower is None or any(minute.precipitation_rate is None for minute in falling)
        assert not (now and is_wet(now.condition))


def assert_nowcast_agrees(told: Report, page, body, reader, as_of: datetime) -> None:
    """Minutes or quarter hours: the API has what the page draws; a dry word is none's that an hour or a step denies."""
    coming = to_come(told.nowcast.value or (), as_of)
    assert [step["time"] for step in body["nowcast"] or ()] == [one.time.isoformat() for one in coming]
    near, words = two_hours(coming), page.now.next_hour or ""
    assert_gaps_agree(told, near, words, reader)
    assert (page.now.shower is not None) is any((one.precipitation_rate or 0) >= WET_RATE for one in near)
    if any((one.precipitation_rate or 0) >= WET_RATE for one in coming):
        assert not says(page.now.outlook or "", (TRACES[0],), reader)
    for message, most in ((NO_PRECIPITATION, 0), (ONLY_TRACES, WET_RATE)):
        if says(words, (message,), reader):
            sure = list(takewhile(lambda one: one.precipitation_rate is not None, near))
            assert all(one.precipitation_rate <= most for one in sure)
            last = sure[-1].time + timedelta(minutes=sure[-1].interval_minutes - 1)
            hours = [one for one in told.hours if one.time > sure[0].time]
            assert not any(is_wet_step(one) for one in hours if one.time - one.interval_hours * HOUR < last)


def assert_gaps_agree(told: Report, near, words: str, reader: Formatter) -> None:
    """No time in which a whole hour is wet is called dry."""
    spans = [(begin_of(hour), hour.time.timestamp()) for hour in told.hours if is_wet_step(hour)]
    known = next_hour(near)
    gaps = [(start.timestamp(), end.timestamp()) for start, end in (known.gaps if known else ())]
    if all(any(start <= begin and over <= end for begin, over in spans) for start, end in gaps):
        assert reader.language.text("Dry from {start} to {end} in between.").partition("{")[0] not in words
        assert reader.say("It is dry at times in between.") not in words


def numbers(text: str, message: str, reader: Formatter) -> dict[str, float] | None:
    """What a message is filled with at the end of a text, its temperatures as numbers; None if it is not there."""
    parts = re.split(r"\{(\w+)\}", reader.language.text(message))
    pattern = "".join(f"(?P<{part}>.+?)" if n % 2 else re.escape(part) for n, part in enumerate(parts))
    found = re.search(rf"(?:^|[.؟。] ?){pattern}", text)
    if not found:
        return None
    whole = {name: re.fullmatch(r"(\D*)(\d+)\D*", value) for name, value in found.groupdict().items()}
    return {name: float(got[2]) * (-1 if {"-", "−"} & set(got[1]) else 1) for name, got in whole.items() if got}


def assert_warmth_agrees(told: Report, page, reader, as_of: datetime) -> None:
    """What falls begins above where it falls to, as its numbers read beside that of now; the coldest is no warmer."""
    now = told.current.value if told.current else None
    if now is None or now.temperature is None:
        return
    shown = float(round_half(now.temperature))
    for message in (FALLING, FALLING_FIRST):
        if fall := numbers(page.now.outlook or "", message, reader):
            assert shown > fall["low"]
    for message in (RISING, RISING_FIRST):
        if rise := numbers(page.now.outlook or "", message, reader):
            assert shown < rise["high"]
    if stay := numbers(page.now.outlook or "", STAYING, reader):
        assert abs(shown - stay["temperature"]) <= 1
    local = zone(told.place.timezone)
    if page.days.words and now.time.astimezone(local).date() == as_of.astimezone(local).date():
        ranges = [row.day for row in page.days.rows if row.day.temperature_min is not None]
        assert min(day.temperature_min for day in ranges) <= now.temperature
        assert max(day.temperature_max for day in ranges) >= now.temperature


def assert_drawing_agrees(told: Report, page, as_of: datetime) -> None:
    """A symbol of the drawing is of the step's own condition; under no bar stands a dry one."""
    if page.hours.chart is None:
        return
    shown = {step.time for step in page.hours.steps}
    skies = [one.condition.code for one in told.hourly.value if one.time in shown and one.condition]
    assert {symbol.code for symbol in page.hours.chart.symbols} <= set(skies)
    wet = [one for one in told.hourly.value if one.time in shown and is_wet_step(one) and one.condition]
    assert all(is_wet(one.condition) for one in wet)


def assert_day_agrees(told: Report, row, body, reader, as_of: datetime) -> None:
    """A day's picture, or its words of the night, are wet if the hours are; dry where all of them are known as dry."""
    night = told.nights.get(row.day.date)
    names_night = night is not None and reader.say(night.condition.text) in (row.day.summary or "")
    tells_wet = is_wet(row.day.condition) or names_night
    local = as_of.astimezone(zone(told.place.timezone))
    if row.day.date == local.date() and local.hour >= 18:
        return assert_tonight_agrees(told, row, as_of)
    steps = told.steps_by_day.get(row.day.date, ())
    now = told.current.value if told.current else None
    falls = now is not None and is_wet(now.condition) and now.time.astimezone(local.tzinfo).date() == row.day.date
    if row.day.condition and (wet_steps(steps) or falls):
        assert tells_wet
    if covers(steps, row.day.date) and not wet_steps(steps) and not falls:
        assert not tells_wet
        assert (row.day.precipitation or 0) < 0.5
    for day in body["daily"] or ():
        if day["date"] == str(row.day.date):
            assert day["summary"] == row.day.summary
            assert day["condition"] is None or day["condition"]["code"] == row.day.condition.code
    return None


def assert_tonight_agrees(told: Report, row, as_of: datetime) -> None:
    """What is left of the evening and the night: wet if a step of it is, or if it falls now."""
    end = as_of.astimezone(zone(told.place.timezone)).replace(hour=6, minute=0) + timedelta(days=1)
    steps = [one for one in told.hourly.value if one.time > as_of and one.time <= end]
    if row.day.condition and any(map(is_wet_step, steps)):
        assert is_wet(row.day.condition)


told_now = st.none() | st.builds(
    lambda code, rate, warmth, is_day: current(
        time=MIDNIGHT,
        condition=condition(code, None, is_day),
        precipitation_rate=rate,
        temperature=warmth,
        is_day=is_day,
        basis="analysis",
    ),
    st.sampled_from([500, 511, 211, 601, 800, 803]),
    st.none() | st.sampled_from([0.0, 0.05, 0.4, 3.0]),
    st.sampled_from([-4.0, 1.0, 12.0]),
    st.booleans(),
)


def own_day(code: int, amount: float | None, high: float) -> DailyForecast:
    """A day as a source tells it, its sun up from 07:00 to 16:00."""
    known = {"date": MIDNIGHT.date(), "partial": False, "precipitation": amount, "temperature_max": high}
    sun = {"sunrise": MIDNIGHT + 7 * HOUR, "sunset": MIDNIGHT + 16 * HOUR}
    return DailyForecast(**UNKNOWN[DailyForecast] | known | sun | {"condition": condition(code, None, True)})


DRY_OUTLOOKS = (*DRY, *MOSTLY_DRY)
WET_HUNDREDS = (2, 3, 5, 6)
DRY_SYMBOLS = {symbol_for(code, light) for code in TEXTS if code // 100 in (7, 8) for light in (True, False)}

steps_of = st.sampled_from([minutes, quarters])
own_days = st.none() | st.builds(
    own_day, st.sampled_from([500, 202, 600, 800, 804]), st.sampled_from([None, 0.0, 0.3, 4.0]), st.just(3.0)
)


@pytest.mark.slow
@settings(deadline=None, max_examples=100)
@given(
    st.lists(made, min_size=1, max_size=25),
    st.sampled_from([1, 3]),
    st.sampled_from(sorted(LANGUAGES)),
    st.builds(lambda make, falling: make(*falling[: 61 if make is minutes else 14], first=MIDNIGHT), steps_of, rates),
    told_now,
    st.none()
    | st.builds(
        own_day, st.sampled_from([500, 202, 600, 800, 804]), st.sampled_from([None, 0.0, 0.3, 4.0]), st.just(3.0)
    ),
    st.sampled_from([0, 7, 20, 44, 59]),
)
def test_made_reports_agree_in_every_language(told, interval, code, nowcast, now, own, minute):
    """With a current weather, minutes or quarter hours, and days of the source's own that may contradict the hours."""
    as_of = MIDNIGHT + timedelta(minutes=minute)
    steps = built(told, interval)
    daily = days(steps, Coordinates(51.51, -0.13), steps[0].time.tzinfo)
    daily = (own, *daily[1:]) if own else daily
    parts = {"hourly": tuple(steps), "daily": daily, "nowcast": nowcast or None, "current": now}
    assert_agrees(report(as_of=as_of, **parts), code, as_of)


def test_rain_now_is_in_no_outlook_that_says_dry():
    """Drizzle is measured, the hours are dry: "Dry until" would contradict the line above it; and so would the day."""
    steps = [step(n, 0.0, 800, cloud_cover=0.0, temperature=12.0) for n in range(1, 25)]
    now = current(time=MIDNIGHT + 12 * HOUR, condition=condition(300, None, True), precipitation=0.3)
    told = report(hourly=tuple(steps), daily=days(steps, Coordinates(51.51, -0.13), UTC), current=now)
    page = forecast_page(told, "", reads("en"), (MIDNIGHT + 12 * HOUR).timestamp())
    assert page.now.outlook.startswith("Wet at first, then dry until")
    assert page.days.rows[0].day.summary == "Light drizzle."
    assert (page.days.rows[0].day.precipitation, page.days.rows[0].day.precipitation_probability) == (None, None)
    assert page.days.rows[0].symbol == "drizzle"


def test_the_hour_that_holds_now_is_as_wet_as_now():
    """By its source it is dry: how much falls in it is not known then; of what falls later the sentence goes on."""
    as_of = MIDNIGHT + 12 * HOUR + timedelta(minutes=20)
    dry = [step(n, 0.0, 800, cloud_cover=0.0, temperature=12.0, precipitation_probability=0.0) for n in range(1, 37)]
    now = current(time=as_of, condition=condition(500, None, True), precipitation=0.3)
    told = report(as_of=as_of, hourly=tuple(dry), current=now)
    hour, after = told.hours[12], told.hours[13]
    assert (hour.condition.code, hour.precipitation, hour.precipitation_probability) == (500, None, None)
    assert (after.condition.code, after.precipitation) == (800, 0.0)
    assert forecast_page(told, "", reads("en"), as_of.timestamp()).now.outlook.startswith("Wet at first, then dry")
    later = [*dry[:17], step(18, 2.0, 501, temperature=12.0), *dry[18:]]
    told = report(as_of=as_of, hourly=tuple(later), current=now)
    outlook = forecast_page(told, "", reads("en"), as_of.timestamp()).now.outlook
    assert outlook.startswith("Wet at first. Rain from about 17:00 to 18:00. About 2")
    old = report(as_of=as_of, hourly=tuple(dry), current=replace(now, time=as_of - 2 * HOUR))
    assert old.hours == tuple(dry)


def test_a_day_whose_hours_are_all_dry_is_not_wet_by_its_own_word():
    """One Call's day says 4 mm of rain, each of its 24 hours none: the row would contradict "Dry until"."""
    steps = [step(n, 0.0, 801, cloud_cover=15.0, temperature=12.0) for n in range(1, 25)]
    told = report(hourly=tuple(steps), daily=(own_day(500, 4.0, 12.0),), current=None)
    day = forecast_page(told, "", reads("en"), MIDNIGHT.timestamp()).days.rows[0].day
    assert (day.condition.code, day.precipitation, day.summary) == (801, 0.0, "Mostly sunny.")


def test_a_day_of_which_hours_are_not_known_keeps_its_own_word():
    """The hours end at noon: nobody knows that the afternoon is dry."""
    steps = [step(n, 0.0, 801, cloud_cover=15.0) for n in range(1, 13)]
    told = report(hourly=tuple(steps), daily=(own_day(500, 4.0, 12.0),), current=None)
    assert told.days[0].condition.code == 500


# Recorded


def here(timezone: str) -> Place:
    return Place("London", "GB", None, 51.51, -0.13, timezone)


def owm_forecasts() -> Iterator[Report]:
    """The free products: the steps, the days made of them, and now out of the newest current weather."""
    for path in (SHARED / "owm" / "samples").glob("forecast*.json"):
        steps = ()
        with suppress(ValueError):  # other routes' bodies bear the name too
            steps = forecast.to_model(forecast.read(path.read_bytes()), Coordinates(51.51, -0.13), UTC)
        if steps:
            yield report(here("UTC"), hourly=steps, daily=days(steps, Coordinates(51.51, -0.13), UTC), current=None)


def owm_onecalls() -> Iterator[Report]:
    """One Call: its own days beside its hours, its minutes and its current weather."""
    for path in (SHARED / "owm" / "samples").glob("onecall[23]*.json"):
        body = onecall.read(path.read_bytes())
        if not (body.hourly and body.daily):
            continue
        raw = json.loads(path.read_bytes())
        at, tz = Coordinates(raw["lat"], raw["lon"]), zone(body.timezone)
        parts = {
            "current": onecall.current(body.current, at, tz) if body.current else None,
            "nowcast": onecall.minutes(body.minutely, tz) if body.minutely else None,
            "hourly": onecall.hours(body.hourly, at, tz),
            "daily": onecall.days(body.daily, at, tz),
        }
        place = replace(here(body.timezone), latitude=at.latitude, longitude=at.longitude)
        yield replace(report(place, **parts | {"daily": None}), cut=day_of_stamp, daily=report(place, **parts).daily)


def owm_currents() -> Iterator[Report]:
    """Current weather over dry hours of our own making, as the two free products may disagree."""
    for path in (SHARED / "owm" / "samples").glob("weather-*.json"):
        now = owm_current.to_model(owm_current.read(path.read_bytes()), Coordinates(51.51, -0.13), UTC)
        first = now.time.replace(minute=0, second=0)
        dry = [step(n, 0.0, 803, temperature=now.temperature) for n in range(1, 25)]
        steps = tuple(replace(one, time=first + n * HOUR) for n, one in enumerate(dry, 1))
        yield report(here("UTC"), current=now, hourly=steps, daily=days(steps, Coordinates(51.51, -0.13), UTC))


def open_meteos() -> Iterator[Report]:
    for path in (SHARED / "openmeteo" / "samples").glob("*forecast*.json"):
        body, at = openmeteo_wire.read(path.read_bytes()), Coordinates(51.51, -0.13)
        steps = openmeteo.to_hours(body, at, UTC)
        if steps:
            now = openmeteo.to_now(body, at, UTC)
            parts = {"current": now, "hourly": openmeteo.to_future_hours(body, at, UTC)}
            parts["daily"] = openmeteo.to_days(body, at, UTC)
            yield replace(report(here("UTC"), source=METEO, **parts), past=openmeteo.to_past_hours(body, at, UTC))


def met_norways() -> Iterator[Report]:
    for path in (SHARED / "metno" / "samples").glob("*_20*.json"):
        raw = json.loads(path.read_bytes())
        if "properties" not in raw.get("data", raw):
            continue
        body = metnorway_wire.read(json.dumps(raw.get("data", raw)).encode())
        at, steps = Coordinates(51.51, -0.13), metnorway.steps_of(body)
        if len(steps) > 1:
            now = metnorway.to_now(body, at, UTC, steps[0][0])
            parts = {"current": now, "daily": metnorway.to_days(body, at, UTC, steps[0][0])}
            yield report(here("UTC"), hourly=metnorway.to_hours(body, at, UTC), **parts)


SOURCES = {
    "free": (owm_forecasts, 10), "One Call": (owm_onecalls, 9), "current": (owm_currents, 20),
    "Open-Meteo": (open_meteos, 3), "MET Norway": (met_norways, 4),
}  # fmt: skip


@pytest.mark.slow
@pytest.mark.needs(SHARED)
@pytest.mark.parametrize("source", SOURCES)
def test_every_recorded_answer_agrees_in_every_language(source):
    """From several moments of each."""
    reports, least = SOURCES[source][0], SOURCES[source][1]
    found = [one for one in reports() if one.hourly.value]
    assert len(found) >= least
    for told in found:
        steps, now = told.hourly.value, told.current.value
        begins = [now.time] if isinstance(now, CurrentConditions) else []
        for as_of in [*begins, *(steps[n].time - timedelta(minutes=40) for n in range(0, len(steps), 17))]:
            for code in LANGUAGES:
                assert_agrees(replace(told, as_of=as_of.timestamp() // 60 * 60), code, as_of)
