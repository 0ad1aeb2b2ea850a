"""Sentences: they say what the data say, in the reader's units and clock, and nothing else."""

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from itertools import takewhile
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weather.domain.conditions import TEXTS, condition
from weather.domain.day_picture import NightFall
from weather.domain.model import CurrentConditions, DailyForecast, HourlyForecast, NowcastStep
from weather.domain.units import SYSTEMS
from weather.i18n import sentences, sun_and_moon
from weather.i18n.formatting import Formatter
from weather.i18n.language import LANGUAGES, language
from weather.i18n.next_hour import next_hour_words

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)  # a Tuesday
BERLIN = ZoneInfo("Europe/Berlin")
UNKNOWN = {kind: dict.fromkeys(f.name for f in fields(kind)) for kind in (CurrentConditions, HourlyForecast)}
FALLING = re.compile("rain|snow|sleet|drizzle|shower|thunder", re.IGNORECASE)
UNSEEN = re.compile("[\u2066-\u2069\u200e\u200f]")
CLOCK_TIME = re.compile(r"\d{1,2}:\d\d")
NUMBER = re.compile(r"−?\d+(?:\.\d+)?")

FACTORS = {"°C": ("1", "0"), "°F": ("1.8", "32"), "mm": ("1", "0"), "in": (1 / Decimal("25.4"), "0")} | {
    "m/s": ("1", "0"), "km/h": ("3.6", "0"), "mph": (3600 / Decimal("1609.344"), "0"),
}  # fmt: skip
DECIMALS = {"°C": 0, "°F": 0, "mm": 1, "in": 2, "m/s": 1, "km/h": 0, "mph": 0}


def reads(system: str = "metric", code: str = "en", twelve: bool = False) -> Formatter:
    return Formatter(language(code), SYSTEMS[system], twelve)


EN, US, SI = reads(), reads("us", twelve=True), reads("si")


def plain(text: str) -> str:
    """Without what cannot be seen, every space the same."""
    return " ".join(UNSEEN.sub("", text).split())


def hour(after: float, precipitation: float | None = 0.0, code: int | None = 803, **told) -> HourlyForecast:
    """The step that ends so many hours after noon."""
    sky = None if code is None else condition(code, None, is_day=True)
    known = {"time": NOON + after * HOUR, "interval_hours": 3, "precipitation": precipitation, "condition": sky}
    return HourlyForecast(**UNKNOWN[HourlyForecast] | known | told)


def current(**told) -> CurrentConditions:
    return CurrentConditions(**UNKNOWN[CurrentConditions] | {"time": NOON} | told)


def day_of(**told) -> DailyForecast:
    known = dict.fromkeys(f.name for f in fields(DailyForecast)) | {"date": date(2026, 11, 24), "partial": False}
    return DailyForecast(**known | told)


def today(*hours: HourlyForecast, reader: Formatter = EN, as_of: datetime = NOON) -> str:
    return plain(sentences.today(hours, reader, as_of))


# The next 24 hours

DRY_DAY = [hour(n) for n in range(3, 25, 3)]


def test_a_dry_day():
    """Without a drop there is no word of rain; the last step says how far the forecast looks."""
    assert today(*DRY_DAY) == "Dry until 12:00 tomorrow."
    assert today(*DRY_DAY, reader=US) == "Dry until 12:00 pm tomorrow."


def test_a_wet_step_ahead():
    """The step of midnight sums up what falls from 21:00 on: "about", for nobody knows the minute."""
    told = [*DRY_DAY[:3], hour(12, 2.4, 501), *DRY_DAY[4:]]
    assert today(*told) == "Rain from about 21:00 to 00:00 tomorrow. About 2.4 mm in the next 24 hours."
    words = "Rain from about 9:00 pm to 12:00 am tomorrow. About 0.09 in in the next 24 hours."
    assert today(*told, reader=US) == words


def test_a_wet_step_that_has_begun():
    """It is told by its end alone: when in it the rain began is not known. Of its three hours two are left."""
    told = [hour(2, 1.2, 500), *(hour(n) for n in range(5, 24, 3))]
    assert today(*told) == "Rain until about 14:00. About 0.8 mm in the next 24 hours."


def test_wet_steps_with_dry_ones_between_are_wet_at_times():
    """The first begins and the last ends it; what lies between is not called rain throughout."""
    wet = [hour(n, 1.0 if n in (6, 12) else 0.0, 500) for n in range(3, 25, 3)]
    assert today(*wet).startswith("Rain at times from about 15:00 to 00:00 tomorrow. About 2 mm")
    assert today(hour(3, 1.0, 500), *wet[1:]).startswith("Rain at times until about 00:00 tomorrow. About 3 mm")


@pytest.mark.parametrize(
    ("millimetres", "text"),
    [
        (0.0, "Dry until 15:00."),
        (0.19, "No more than traces of precipitation until 15:00."),
        (0.29, "Hardly any precipitation until 15:00."),
        (0.3, "Rain until about 15:00. About 0.3 mm by 15:00."),
    ],
)
def test_from_how_much_on_it_is_rain(millimetres, text):
    """A tenth of a millimetre an hour, whatever the sky; less is called traces, nothing alone is dry."""
    assert today(hour(3, millimetres, 803)) == text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_traces_of_every_hour_are_not_traces_of_a_day(lang):
    """0.02 mm in each of 24 hours are half a millimetre: as much as the day's own words say, and no trace."""
    reader = Formatter(language(lang), SYSTEMS["metric"])
    steps = [hour(n, 0.02, 803, interval_hours=1) for n in range(1, 25)]
    told = plain(sentences.today(steps, reader, NOON))
    assert told.startswith(
        plain(reader.say("Hardly any precipitation {until}.", until=reader.until(steps[-1].time, NOON)))
    )
    assert plain(reader.say("traces")).lower() not in told.lower()


def test_a_forecast_that_ends_early_says_so():
    """A sum over less than 24 hours is not told as one over 24."""
    assert today(hour(3, 1.2, 500)) == "Rain until about 15:00. About 1.2 mm by 15:00."
    assert today(hour(6, 1.2, 500)) == "Rain from about 15:00 to 18:00. About 1.2 mm by 18:00."
    assert today(hour(3, 1.2, 500), hour(6, None)) == "Rain until about 15:00. At least 1.2 mm by 18:00."


@pytest.mark.parametrize("hours", [(), (hour(-3, 5.0, 501),), (hour(0, 5.0, 501),), (hour(25, 5.0, 501),)])
def test_a_forecast_without_hours_ahead_has_come_to_its_end(hours):
    """Nothing ahead within a day: no weather is told, and no dryness."""
    assert today(*hours) == "The saved forecast has come to its end."


def test_an_unknown_amount_is_not_called_dry():
    """It is wet by the sky, how much is not told: the sentence says just that, and how likely it is."""
    told = [hour(3), hour(6, None, 501, precipitation_probability=80.0)]
    assert today(*told) == "Rain from about 15:00 to 18:00. How much will fall is not known."
    unknown = hour(6, None, 803, precipitation_probability=80.0)
    assert today(hour(3), unknown) == "How much will fall is not known. The chance of precipitation is at least 80%."


def test_a_sum_with_an_unknown_part_is_a_least_one():
    """What is known to fall falls, and perhaps more."""
    told = [hour(3, 2.0, 501), hour(6, None, 501), *(hour(n) for n in range(9, 25, 3))]
    assert today(*told) == "Rain until about 18:00. At least 2 mm in the next 24 hours."


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (60.0, "Rain until about 15:00. No more than traces."),
        (59.0, "Mostly dry until 15:00. The chance of precipitation is at least 59%."),
        (30.0, "Mostly dry until 15:00. The chance of precipitation is at least 30%."),
        (29.0, "Dry until 15:00."),
        (None, "Dry until 15:00."),
    ],
)
def test_a_likely_trace_is_told_as_a_chance(chance, text):
    """Nothing in the sum, yet likely: the chance is named; from 60 % on the code is believed."""
    assert today(hour(3, 0.0, 500, precipitation_probability=chance)) == text


@pytest.mark.parametrize(
    ("codes", "word"),
    [
        ([500], "Rain"),
        ([301], "Drizzle"),
        ([211], "Thunderstorms"),
        ([511], "Freezing rain"),
        ([301, 500], "Rain"),
        ([601], "Snow"),
        ([620, 602], "Snow"),
        ([611], "Rain and snow"),
        ([616], "Rain and snow"),
        ([601, 500], "Rain and snow"),
        ([601, 611], "Rain and snow"),
        ([803], "Rain"),
        ([None], "Rain"),
        ([601, None], "Snow"),
    ],
)
def test_what_falls_has_its_name(codes, word):
    """Snow is called snow, and a mixture both, however the sentence is made; only wet steps have a say."""
    on, later = ([hour(start + 3 * n, 1.0, code) for n, code in enumerate(codes)] for start in (3, 6))
    rest = [hour(18, 0.0, 601), hour(21, 0.0, 501)]
    again = hour(24, 1.0, codes[0])
    assert today(*on, *rest).startswith(f"{word} until about ")
    assert today(*later, *rest).startswith(f"{word} from about 15:00 ")
    assert today(*on, *rest, again).startswith(f"{word} at times until about ")
    assert today(*later, *rest, again).startswith(f"{word} at times from about 15:00 ")


def test_how_warm_it_will_be():
    """The coldest and the warmest step of the next 24 hours as they come; a later one does not count."""
    cools = [hour(3, temperature=4.4), hour(24, temperature=-3.6), hour(27, temperature=30.0)]
    assert today(*cools).endswith(". Rising to 4° at 15:00, then falling to −4° tomorrow at 12:00.")
    assert today(*cools, reader=US).endswith(". Rising to 40° at 3:00 pm, then falling to 26° tomorrow at 12:00 pm.")
    warms = [hour(3, temperature=-3.6), hour(6), hour(9, temperature=4.4)]
    assert today(*warms).endswith(". Falling to −4° at 15:00, then rising to 4° at 21:00.")


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (12.0, "Falling to 10° at 15:00, then rising to 14° at 21:00."),
        (20.0, "Falling to 10° at 15:00, then rising to 14° at 21:00."),
        (3.0, "Rising to 14° at 21:00."),
        (10.4, "Rising to 14° at 21:00."),  # it reads 10°, and falls to no 10°
    ],
)
def test_what_falls_begins_above_where_it_falls_to(now, told):
    """ "Falling to 10°" stands beside no 3°."""
    steps = [hour(3, temperature=10.0), hour(9, temperature=14.0)]
    assert plain(sentences.today(steps, EN, NOON, present=now)).endswith(told)


@pytest.mark.parametrize(
    ("now", "told"),
    [
        (12.0, "Rising to 14° at 15:00, then falling to 10° at 21:00."),
        (3.0, "Rising to 14° at 15:00, then falling to 10° at 21:00."),
        (20.0, "Falling to 10° at 21:00."),
        (13.6, "Falling to 10° at 21:00."),
    ],
)
def test_what_rises_begins_below_where_it_rises_to(now, told):
    """ "Rising to 14°" stands beside no 20°."""
    steps = [hour(3, temperature=14.0), hour(9, temperature=10.0)]
    assert plain(sentences.today(steps, EN, NOON, present=now)).endswith(told)


@pytest.mark.parametrize(
    ("now", "told"),
    [(5.0, "Staying around 4°."), (12.0, "Falling to 4° at 15:00."), (-2.0, "Rising to 4° at 15:00.")],
)
def test_what_stays_is_there_already(now, told):
    """Within a degree: 4° stays around no 12°."""
    steps = [hour(3, temperature=4.0), hour(9, temperature=4.0)]
    assert plain(sentences.today(steps, EN, NOON, present=now)).endswith(told)


def test_one_temperature_is_told_once():
    """Where the lowest and the highest read the same, there is but one number."""
    assert today(hour(3, temperature=4.4), hour(6, temperature=3.6)).endswith("Staying around 4°.")
    assert today(hour(3), hour(6, temperature=3.6)).endswith("Staying around 4°.")
    assert today(hour(3), hour(6)) == "Dry until 18:00."


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ({"wind_gust": 14.1}, " Gusts up to 51 km/h at 15:00."),
        ({"wind_gust": 20.0, "wind_speed": 12.0}, " Gusts up to 72 km/h at 15:00."),
        ({"wind_gust": 14.0}, ""),
        ({"wind_speed": 9.0}, ""),
        ({"wind_speed": 12.0, "wind_gust": 13.0}, " Wind up to 43 km/h at 15:00."),
        ({"wind_speed": 18.0}, " Wind up to 65 km/h at 15:00."),
        ({"wind_speed": 20.0, "wind_gust": 10.0}, " Wind up to 72 km/h at 15:00."),
        ({}, ""),
    ],
)
def test_strong_gusts_are_told_with_their_time(told, text):
    """From 14 metres a second on, a gust is worth a sentence; from 10.8 on a mean, whatever gusts there are."""
    assert today(hour(3, **told), hour(6, wind_speed=3.0, wind_gust=5.0)) == f"Dry until 18:00.{text}"


def test_the_hour_after_the_clocks_went_back_is_ahead():
    """At 02:40 the first time round, 02:00 the second time is still to come; and three hours are three hours."""
    as_of = datetime(2026, 10, 25, 0, 40, tzinfo=UTC).astimezone(BERLIN)
    step = hour(0, 1.0, 500, interval_hours=1)
    second_two, four = (datetime(2026, 10, 25, at, tzinfo=UTC).astimezone(BERLIN) for at in (1, 3))
    told = [replace(step, time=second_two), replace(step, time=four)]
    assert f"{as_of:%H:%M} {second_two:%H:%M} {four:%H:%M}" == "02:40 02:00 04:00"
    assert sentences.ahead(told, as_of, 24 * HOUR) == told
    late = replace(step, time=four, interval_hours=3)
    night = datetime(2026, 10, 24, 22, 30, tzinfo=UTC).astimezone(BERLIN)
    assert today(late, as_of=night) == "Rain from about 02:00 summer time to 04:00. About 1 mm by 04:00."


def test_warmth_comes_in_the_order_of_time_when_the_clocks_go_back():
    """02:30 the first time comes before 02:00 the second time."""
    early, late = (datetime(2026, 10, 25, *at, tzinfo=UTC).astimezone(BERLIN) for at in ((0, 30), (1, 0)))
    told = [hour(0, time=early, temperature=2.0), hour(0, time=late, temperature=9.0)]
    text = today(*told, as_of=early - HOUR)
    assert text.endswith("Falling to 2° at 02:30 summer time, then rising to 9° at 02:00 winter time.")


places = st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Marquesas", "America/Santiago"])
codes = st.none() | st.sampled_from(sorted(TEXTS))
amounts = st.none() | st.just(0.0) | st.floats(0, 40).map(lambda mm: round(mm, 2))
percents = st.none() | st.integers(0, 100).map(float)
warmths = st.none() | st.floats(-60, 55).map(lambda celsius: round(celsius, 2))
speeds = st.none() | st.floats(0, 80).map(lambda speed: round(speed, 2))
bearings = st.none() | st.floats(0, 360)
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda t: t.replace(microsecond=0, tzinfo=UTC))
readers = st.builds(reads, st.sampled_from(sorted(SYSTEMS)), st.sampled_from(LANGUAGES), st.booleans())


@st.composite
def outlooks(draw, amounts=amounts):
    """A moment, and a forecast whose steps may have begun before it, in the time of some place."""
    tz = ZoneInfo(draw(places))
    as_of, interval = draw(moments).replace(second=0), draw(st.sampled_from([1, 3]))
    first = as_of.replace(minute=0) + draw(st.integers(-2, 4)) * HOUR
    hours = [
        hour(
            0,
            draw(amounts),
            draw(codes),
            time=(first + n * interval * HOUR).astimezone(tz),
            interval_hours=interval,
            temperature=draw(warmths),
            precipitation_probability=draw(percents),
            wind_speed=draw(speeds),
            wind_gust=draw(speeds),
        )
        for n in range(draw(st.integers(0, 10)))
    ]
    return as_of.astimezone(tz), hours


def ahead(hours, as_of) -> list[HourlyForecast]:
    return [one for one in hours if 0 < one.time.timestamp() - as_of.timestamp() <= 86400]


def shown(number, symbol: str) -> set[str]:
    """How people may read a number of ours in that unit; both ways where it lies between two."""
    if number is None:
        return set()
    factor, plus = FACTORS[symbol]
    exact, unit = Decimal(str(number)) * Decimal(factor) + Decimal(plus), Decimal(1).scaleb(-DECIMALS[symbol])
    near = {(exact + Decimal(slack)).quantize(unit) for slack in ("-0.0051", "0", "0.0051")}
    return {(f"{one.normalize():f}" if one else "0").replace("-", "−") for one in near}


def said(amount, symbol: str) -> set[str]:
    """How people may read an amount of rain: of 10 mm or more the whole ones, of an inch or more its tenths."""
    exact = Decimal(str(amount)) * Decimal(FACTORS[symbol][0])
    rough, enough = (Decimal(1), 10) if symbol == "mm" else (Decimal("0.1"), 1)
    if exact < enough - rough / 10:
        return shown(amount, symbol)
    near = {(exact + Decimal(slack)).quantize(rough, ROUND_HALF_UP) for slack in ("-0.0051", "0", "0.0051")}
    return {f"{one.normalize():f}" for one in near}


def to_fall(coming, as_of) -> Decimal:
    """The sum of what is left to fall, evenly over each step."""
    left = [min(1, (one.time.timestamp() - as_of.timestamp()) / (one.interval_hours * 3600)) for one in coming]
    return sum((Decimal((one.precipitation or 0) * share) for one, share in zip(coming, left, strict=True)), Decimal())


def hands(moment: datetime, reader: Formatter) -> str:
    """The digits of a time of day, without its half of the day."""
    return f"{(moment.hour + 11) % 12 + 1}:{moment:%M}" if reader.twelve else f"{moment:%H:%M}"


def spoken(text: str, reader: Formatter) -> tuple[set[str], set[str]]:
    """The clock times and the other numbers of a sentence, with a decimal point."""
    text = plain(text)
    times = set(CLOCK_TIME.findall(text))
    comma = reader.language.conventions.decimal == ","
    rest = CLOCK_TIME.sub("", text)
    return times, set(NUMBER.findall(re.sub(r"(?<=\d),(?=\d)", ".", rest) if comma else rest))


def starts_of(hours, tz) -> list[datetime]:
    return [(one.time.astimezone(UTC) - one.interval_hours * HOUR).astimezone(tz) for one in hours]


@pytest.mark.slow
@settings(deadline=None)
@given(outlooks(), readers)
def test_every_number_and_time_in_the_outlook_is_in_the_data(outlook, reader):
    """In every language, unit and clock: each time is a step's, each number a temperature, gust, chance or the sum."""
    as_of, hours = outlook
    coming, system = ahead(hours, as_of), reader.system
    times, numbers = spoken(sentences.today(hours, reader, as_of), reader)
    told = [one.time for one in coming] + starts_of(coming, as_of.tzinfo)
    assert times <= {hands(moment, reader) for moment in told}
    total = to_fall(coming, as_of)
    allowed = {"24"} | said(total, system.precipitation)
    for one in coming:
        allowed |= shown(one.temperature, system.temperature)
        allowed |= shown(one.wind_gust, system.wind_speed) | shown(one.wind_speed, system.wind_speed)
        allowed |= {f"{one.precipitation_probability or 0:.0f}"}
    assert numbers <= allowed


@settings(deadline=None)
@given(outlooks(), st.sampled_from([EN, US]))
def test_every_number_in_the_outlook_stands_for_what_it_says(outlook, reader):
    """Degrees are temperatures, per cents chances, millimetres the sum; take them away and no digit is left."""
    as_of, hours = outlook
    text, system, coming = today(*hours, reader=reader, as_of=as_of), reader.system, ahead(hours, as_of)
    warm = [shown(one.temperature, system.temperature) for one in coming]
    degrees = set(re.findall(r"(−?\d+)°", text))
    assert degrees <= set().union(*warm)
    assert bool(degrees) == any(warm)
    chances = {f"{one.precipitation_probability:.0f}" for one in coming if one.precipitation_probability is not None}
    assert set(re.findall(r"(\d+)%", text)) <= chances
    total = to_fall(coming, as_of)
    sums = set(re.findall(r"([\d.]+) (?:mm|in) ", text))
    assert sums <= said(total, system.precipitation)
    blown = [shown(wind, system.wind_speed) for one in coming for wind in (one.wind_gust, one.wind_speed)]
    assert set(re.findall(r"(\d+) (?:km/h|mph)", text)) <= set().union(*blown)
    rest = re.sub(r"in the next 24 hours|−?\d+°|\d+%|[\d.]+ (?:mm|in) |\d+ (?:km/h|mph)", "", CLOCK_TIME.sub("", text))
    assert not re.search(r"\d", rest)


@pytest.mark.slow
@settings(deadline=None)
@given(outlooks())
def test_a_sum_says_what_it_covers(outlook):
    """ "In 24 hours" only if no step is cut off, "at least" if, and only if, a part of it is not known."""
    as_of, hours = outlook
    text, coming = today(*hours, as_of=as_of), ahead(hours, as_of)
    if "in the next 24 hours" in text:
        assert as_of.timestamp() + 86400 < coming[-1].time.timestamp() + coming[-1].interval_hours * 3600
    if FALLING.search(text):
        is_least = any(one.precipitation is None for one in coming)
        assert is_least is (re.search(r"At least [\d.]", text) is not None or "is not known" in text)


@pytest.mark.slow
@settings(deadline=None)
@given(outlooks())
def test_warmth_is_told_in_the_order_in_which_it_comes(outlook):
    """The step that is named first is not after the one that is named then, by the sun and not by the clock."""
    as_of, hours = outlook
    warm = [one for one in ahead(hours, as_of) if one.temperature is not None]
    text = today(*hours, as_of=as_of)
    if " then " in text:
        low, high = (pick(warm, key=lambda one: one.temperature) for pick in (min, max))
        assert ("Falling to" in text) is (low.time.timestamp() < high.time.timestamp())


@settings(deadline=None)
@given(outlooks(st.none()))
def test_unknown_data_are_never_called_dry(outlook):
    """Where no amount is known there is no dryness in the words."""
    as_of, hours = outlook
    assert "dry" not in sentences.today(hours, EN, as_of).lower()


# The next hour


def minutes(told, first: datetime = NOON) -> list[NowcastStep]:
    """One minute after the other, from an instant on."""
    start, tz = first.astimezone(UTC), first.tzinfo
    return [NowcastStep((start + n * MINUTE).astimezone(tz), 1, amount) for n, amount in enumerate(told)]


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ([0.0] * 61, "No precipitation until 13:00."),
        ([0.4] * 61, "Precipitation for the whole hour."),
        ([0.0] * 20 + [0.4] * 41, "Precipitation from 12:20."),
        ([0.4] * 35 + [0.0] * 26, "Precipitation until 12:35."),
        ([0.0] * 20 + [0.4] * 15 + [0.0] * 26, "Precipitation from 12:20 to 12:35."),
        ([0.0] * 20 + [0.4, 0.0] * 5 + [0.0] * 31, "Precipitation from 12:20 to 12:29."),
        ([0.4, 0.0] * 30, "Precipitation until 12:59."),
        ([0.0, 0.4] * 30, "Precipitation from 12:01."),
        ([None] * 61, None),
        ([], None),
    ],
)
def test_the_next_hour(told, text):
    """Dry, wet, beginning, ending, both, on and off: the first wet minute and the one after the last are named."""
    assert next_hour_words(minutes(told), None, (), EN) == text


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ([0.0] * 10 + [None] * 51, "No precipitation until 12:09."),
        ([0.0] * 10 + [None] * 41 + [0.0] * 10, "No precipitation until 12:09."),
        ([None] * 10 + [0.4] * 51, None),
        ([None] * 10 + [0.0] * 51, None),
        ([0.4] * 10 + [None] * 51, "Precipitation from 12:00."),
        ([0.4] * 10 + [0.0] * 10 + [None] * 41, "Precipitation until 12:10."),
        ([0.4] * 40, "Precipitation from 12:00."),
    ],
)
def test_what_is_not_known_of_the_next_hour_is_neither_dry_nor_wet(told, text):
    """Only the minutes from now up to the first unknown one have a say; the whole hour is sixty of them."""
    assert next_hour_words(minutes(told), None, (), EN) == text


def test_the_next_hour_in_the_night_when_the_clocks_change():
    """The minute after 01:59 is 03:00 in spring, and 02:00 follows 02:59 in autumn."""
    spring, autumn = (
        datetime(*at, tzinfo=UTC).astimezone(BERLIN) for at in ((2026, 3, 29, 0, 30), (2026, 10, 25, 0, 30))
    )
    told = [0.4] * 30 + [0.0] * 31
    assert next_hour_words(minutes(told, spring), None, (), EN) == "Precipitation until 03:00."
    assert next_hour_words(minutes(told, autumn), None, (), EN) == "Precipitation until 02:00 winter time."
    assert next_hour_words(minutes(told[::-1], autumn), None, (), EN) == "Precipitation from 02:01 winter time."


rates = st.none() | st.just(0.0) | st.floats(0.01, 50)
vectors = st.lists(st.tuples(rates, st.integers(1, 40)), max_size=6).map(
    lambda runs: [rate for rate, length in runs for _ in range(length)][:61]
)


@given(vectors, st.sampled_from(["UTC", "Europe/Berlin"]), moments)
def test_the_times_of_the_next_hour_are_where_it_turns(told, place, start):
    """A start is the first wet minute, an end is dry and follows the last wet one; all must be dry for "no".

    Below 0.1 mm an hour all the while these are traces, up to the last minute known.
    """
    series = minutes(told, start.replace(second=0).astimezone(ZoneInfo(place)))
    known = list(takewhile(lambda one: one.precipitation_rate is not None, series))
    text = next_hour_words(series, None, (), EN)
    wet = [n for n, one in enumerate(known) if one.precipitation_rate >= 0.1]
    assert (text is None) is (not known)
    if text is None:
        return
    assert text.startswith("No precipitation") is (not any(one.precipitation_rate for one in known))
    assert text.startswith("No ") is (not wet)
    times = dict(re.findall(r"(from|to|until) (\d\d:\d\d)", text.partition(". ")[0]))
    if "from" in times:
        assert times["from"] == f"{known[wet[0]].time:%H:%M}"
    if wet and max(known[n].precipitation_rate for n in wet) < 0.1:
        assert text == f"No more than traces of precipitation until {known[-1].time:%H:%M}."
        return
    if wet and (end := times.get("to") or times.get("until")):
        assert end == f"{known[wet[-1] + 1].time:%H:%M}"
    if text == "Precipitation for the whole hour.":
        assert len(wet) >= 1
        assert {0, len(known) - 1} <= set(wet)
        assert len(known) >= 60


@given(vectors, readers)
def test_every_time_in_the_next_hour_is_a_minute_told(told, reader):
    """In every language and by either clock the times are those of known minutes, and there is no other number."""
    series = minutes(told)
    times, numbers = spoken(next_hour_words(series, None, (), reader) or "", reader)
    known = takewhile(lambda one: one.precipitation_rate is not None, series)
    assert times <= {hands(one.time, reader) for one in known}
    assert not numbers


# Now, and the wind


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ({"temperature": 12.0, "code": 500, "wind_speed": 5.0, "wind_direction": 225.0},
         "Light rain, 12°. Wind from the south-west, 18 km/h."),
        ({"temperature": -3.6, "code": 601}, "Snow, −4°."),
        ({"temperature": 3.0}, "3°."),
        ({"code": 800, "wind_speed": 0.1, "wind_direction": 90.0}, "Sunny. Calm."),
        ({"wind_speed": 5.0}, "Wind 18 km/h."),
        ({"wind_direction": 90.0}, None),
        ({}, None),
    ],
)  # fmt: skip
def test_now(told, text):
    """What is known, in sentences; what is not is left out, and nothing is said of nothing."""
    sky = {"condition": condition(told["code"], None, is_day=True)} if "code" in told else {}
    said = sentences.now(current(**{name: value for name, value in told.items() if name != "code"} | sky), EN)
    assert (said and plain(said)) == text


@pytest.mark.parametrize(
    ("speed", "gust", "direction", "text"),
    [
        (5.0, None, 225.0, "Wind from the south-west, 18 km/h."),
        (5.0, None, None, "Wind 18 km/h."),
        (10.0, 14.0, 0.0, "Wind from the north, 36 km/h, gusts up to 50 km/h."),
        (10.0, 14.0, None, "Wind 36 km/h, gusts up to 50 km/h."),
        (10.0, 13.0, 0.0, "Wind from the north, 36 km/h."),
        (20.0, 27.0, 0.0, "Wind from the north, 72 km/h, gusts up to 97 km/h."),
        (20.0, 10.0, 0.0, "Wind from the north, 72 km/h."),
        (5.0, 10.7, 0.0, "Wind from the north, 18 km/h."),
        (5.0, 10.8, 0.0, "Wind from the north, 18 km/h, gusts up to 39 km/h."),
        (0.13, None, 90.0, "Calm."),
        (0.0, 0.0, None, "Calm."),
        (0.29, None, 90.0, "Calm."),
        (0.3, None, 90.0, "Wind from the east, 1 km/h."),
        (None, 20.0, 90.0, None),
    ],
)
def test_the_wind(speed, gust, direction, text):
    """Its strength, where it comes from, and gusts that are both strong and much stronger than it; else calm."""
    said = sentences.wind(speed, gust, direction, EN)
    assert (said and plain(said)) == text


@pytest.mark.parametrize(("degrees", "point"), [(360.0, "north"), (348.7, "north-north-west"), (135.0, "south-east")])
def test_the_wind_has_sixteen_points(degrees, point):
    """A bearing is told as the nearest of the sixteen."""
    assert sentences.wind(5.0, None, degrees, SI) == f"Wind from the {point}, 5\u00a0m/s."


@given(warmths, codes, speeds, speeds, bearings, readers)
def test_every_number_now_is_in_the_data(temperature, code, speed, gust, direction, reader):
    """The sentence holds the temperature, the wind, its gusts, and no other number."""
    sky = None if code is None else condition(code, None, is_day=True)
    wind = {"wind_speed": speed, "wind_gust": gust, "wind_direction": direction}
    text = sentences.now(current(temperature=temperature, condition=sky, **wind), reader)
    assert (text is None) is (temperature is code is speed is None)
    times, numbers = spoken(text or "", reader)
    system = reader.system
    blown = shown(speed, system.wind_speed) | shown(gust, system.wind_speed)
    assert numbers <= shown(temperature, system.temperature) | blown
    assert not times


# Days and weeks


@pytest.mark.parametrize(
    ("code", "precipitation", "text"),
    [
        (800, 0.0, "Sunny."),
        (501, 2.4, "Moderate rain, about 2.4 mm."),
        (500, 0.1, "Light rain, traces of precipitation."),
        (601, None, "Snow."),
        (511, 15.0, "Freezing rain, in all about 15 mm."),  # not all of it need freeze
        (None, 5.0, None),
    ],
)
def test_a_day_in_words(code, precipitation, text):
    """Its sky and what falls; nothing without a sky."""
    sky = None if code is None else condition(code, None, is_day=True)
    told = day_of(condition=sky, precipitation=precipitation)
    said = sentences.day(told, EN)
    assert (said and plain(said)) == text
    assert [one.summary for one in sentences.with_summaries([told], {}, EN)] == [said]


@pytest.mark.parametrize(
    ("lang", "code", "water", "depth", "text"),
    [
        ("en", 500, 0.6, None, "Sunny, at night light rain, about 0.6 mm."),
        ("en", 500, 0.1, None, "Sunny, at night light rain."),
        ("en", 601, 3.0, 30.0, "Sunny, at night snow, about 3 cm."),
        ("en", 601, 3.0, None, "Sunny, at night snow, about 3 mm as water."),
        ("de", 500, 0.6, None, "Sonnig, nachts leichter Regen, etwa 0,6 mm."),
    ],
)
def test_a_dry_day_tells_what_falls_in_its_dark_hours(lang, code, water, depth, text):
    """Its sky first, then the night, with how much; snow never as bare millimetres."""
    told = day_of(condition=condition(800, None, True), precipitation=water, snowfall=depth)
    reader = Formatter(language(lang), SYSTEMS["metric"])
    assert plain(sentences.day(told, reader, NightFall(condition(code, None, False), quarter=0))) == text


@pytest.mark.parametrize(
    ("lang", "quarter", "text"),
    [
        ("en", 1, "Sunny, in the morning light rain, about 0.6 mm."),
        ("en", 2, "Sunny, in the afternoon light rain, about 0.6 mm."),
        ("en", 3, "Sunny, in the evening light rain, about 0.6 mm."),
        ("en", None, "Sunny, after dark light rain, about 0.6 mm."),
        ("de", 3, "Sonnig, abends leichter Regen, etwa 0,6 mm."),
        ("fr", 3, "Ensoleillé, le soir pluie faible, environ 0,6 mm."),
    ],
)
def test_a_dry_day_tells_in_which_of_its_quarters_something_falls(lang, quarter, text):
    """In the words that the cells of the day bear; where it falls in several of them, after dark."""
    told = day_of(condition=condition(800, None, True), precipitation=0.6)
    reader = Formatter(language(lang), SYSTEMS["metric"])
    assert plain(sentences.day(told, reader, NightFall(condition(500, None, False), quarter))) == text


def week_of(*told) -> list[DailyForecast]:
    """Days from Tuesday on, each of a low, a high and an amount."""
    days = enumerate(told)
    return [
        day_of(
            date=date(2026, 11, 24) + timedelta(days=n), temperature_min=low, temperature_max=high, precipitation=amount
        )
        for n, (low, high, amount) in days
    ]


def test_a_week_in_words():
    """The day of the highest high, of the lowest low, and of the most rain, if there is any to speak of."""
    week = week_of((3, 9, 0.0), (-2, 7, 4.2), (1, 12, None), (2, 8, 1.1))
    told = "Warmest day: Thursday, 12°. Coldest: tomorrow, −2°."
    assert plain(sentences.week(week, EN, NOON.date())) == f"{told} Most rain or snow: tomorrow, about 4.2 mm."
    dry = [replace(one, precipitation=0.9) for one in week]
    assert sentences.week(dry, EN, NOON.date()) == told


@pytest.mark.parametrize("code", LANGUAGES)
def test_the_first_and_the_eighth_day_are_told_apart(code):
    """Both are a Tuesday: today is called so, and the day a week away by its date."""
    week, reader = week_of((3, 27, 0.0), *[(10, 12, 0.0)] * 6, (0, 12, 0.0)), reads(code=code)
    told = plain(sentences.week(week, reader, NOON.date()))
    assert plain(reader.day(NOON.date(), NOON.date())) in told
    assert plain(reader.language.date(date(2026, 12, 1))) in told
    assert reads().day(date(2026, 12, 1), NOON.date()) == "Tuesday 1 December"
    names = {reader.day(NOON.date() + timedelta(days=n), NOON.date()) for n in range(16)}
    assert len(names) == 16


def test_a_span_of_times_names_its_day_once():
    """Of one day once; of two days each."""
    start = NOON + 65 * HOUR
    assert EN.span(start, start + 11 * HOUR, NOON) == "Friday 05:00 to 16:00"
    assert EN.span(start, start + 24 * HOUR, NOON) == "Friday 05:00 – Saturday 05:00"
    assert EN.span(NOON, start, NOON) == "12:00 – Friday 05:00"


def test_two_days_are_no_week():
    """There is nothing to compare in less than three days that are known."""
    assert sentences.week(week_of((3, 9, 5.0), (1, 7, 0.0)), EN, NOON.date()) == ""
    assert sentences.week(week_of((3, 9, 5.0), (1, 7, 0.0), (None, 9, 0.0), (1, None, 0.0)), EN, NOON.date()) == ""


@given(st.lists(st.tuples(warmths, warmths, amounts), max_size=6), readers)
def test_every_number_of_a_week_is_in_the_data(told, reader):
    """The highest high, the lowest low and the largest amount, in the reader's units, and no other number."""
    times, numbers = spoken(sentences.week(week_of(*told), reader, NOON.date()), reader)
    known = [one for one in told if None not in one[:2]]
    allowed = set()
    if known:
        allowed |= shown(max(high for _, high, _ in known), reader.system.temperature)
        allowed |= shown(min(low for low, _, _ in known), reader.system.temperature)
        allowed |= said(max(amount or 0.0 for *_, amount in known), reader.system.precipitation)
    assert numbers <= allowed
    assert not times


# Sun and moon


@pytest.mark.parametrize(
    ("sunrise", "sunset", "up", "text"),
    [
        (NOON.replace(hour=7, minute=36), NOON.replace(hour=16, minute=1), True, "07:36 to 16:01"),
        (NOON.replace(hour=1), None, True, "rises 01:00, does not set"),
        (None, NOON.replace(hour=23), True, "sets 23:00, does not rise"),
        (None, None, True, "does not set"),
        (None, None, False, "does not rise"),
    ],
)
def test_the_sun_in_words(sunrise, sunset, up, text):
    """Words where there is no time, as near the poles."""
    assert sun_and_moon.sun(day_of(sunrise=sunrise, sunset=sunset), up, EN) == text


def test_the_sun_by_twelve_hours():
    """The reader's clock tells it."""
    told = day_of(sunrise=NOON.replace(hour=7, minute=36), sunset=NOON.replace(hour=16, minute=1))
    assert sun_and_moon.sun(told, True, US) == "7:36 am to 4:01 pm"


@pytest.mark.parametrize(
    ("phase", "text"),
    [
        (0.0, "new moon"),
        (0.06, "new moon"),
        (0.07, "waxing crescent"),
        (0.25, "first quarter"),
        (0.375, "waxing gibbous"),
        (0.5, "full moon"),
        (0.6, "waning gibbous"),
        (0.75, "last quarter"),
        (0.88, "waning crescent"),
        (0.97, "new moon"),
        (1.0, "new moon"),
        (None, "–"),
    ],
)
def test_the_moon_in_words(phase, text):
    """Eight phases, each an eighth of the month about its middle; a dash when nobody knows."""
    assert sun_and_moon.moon(phase, EN) == text


@pytest.mark.parametrize(
    ("rise", "down", "text"),
    [
        (NOON.replace(hour=15, minute=20), NOON.replace(hour=23), "rises 15:20, sets 23:00"),
        (NOON.replace(hour=15, minute=20), NOON.replace(hour=3), "sets 03:00, rises 15:20"),
        (NOON.replace(hour=15), None, "rises 15:00"),
        (None, NOON.replace(hour=3), "sets 03:00"),
        (None, None, ""),
    ],
)
def test_the_moons_times_stand_in_their_order(rise, down, text):
    """A moon that sets first was up at midnight; about once a month one of the two is missing."""
    assert sun_and_moon.moon_times(day_of(moonrise=rise, moonset=down), EN) == text


def test_the_length_of_the_day():
    """From sunrise to sunset; nothing where the sun does not do both."""
    rise, down = NOON.replace(hour=7, minute=36), NOON.replace(hour=16, minute=1)
    assert sun_and_moon.daylight(day_of(sunrise=rise, sunset=down), EN) == "8 h 25 min of daylight"
    assert sun_and_moon.daylight(day_of(sunrise=rise), EN) == sun_and_moon.daylight(day_of(sunset=down), EN) == ""
    assert sun_and_moon.daylight(day_of(sunrise=down, sunset=rise), EN) == ""  # set after midnight, as near the poles
