"""Sentences: they say what the data say, and nothing else."""

import re
from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from weather import wording
from weather.conditions import TEXTS, condition
from weather.model import CurrentConditions, DailyForecast, HourlyForecast
from weather.units import SYSTEMS

METRIC, US, SI = SYSTEMS["metric"], SYSTEMS["us"], SYSTEMS["si"]
HOUR = timedelta(hours=1)
NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
UNKNOWN = {kind: dict.fromkeys(f.name for f in fields(kind)) for kind in (CurrentConditions, HourlyForecast)}
FALLING = re.compile("rain|snow|sleet|drizzle|shower|thunder", re.IGNORECASE)
CLOCK_TIME = re.compile(r"(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day )?\d\d:\d\d")


def hour(after: int, precipitation: float | None = 0.0, code: int | None = 803, **told) -> HourlyForecast:
    """The step that ends so many hours after noon."""
    sky = None if code is None else condition(code, None, is_day=True)
    known = {"time": NOON + after * HOUR, "interval": 3, "precipitation": precipitation, "condition": sky}
    return HourlyForecast(**UNKNOWN[HourlyForecast] | known | told)


def current(**told) -> CurrentConditions:
    return CurrentConditions(**UNKNOWN[CurrentConditions] | {"time": NOON} | told)


def day_of(**told) -> DailyForecast:
    known = dict.fromkeys(f.name for f in fields(DailyForecast)) | {"date": date(2026, 11, 24), "partial": False}
    return DailyForecast(**known | told)


def today(*hours: HourlyForecast, system=METRIC, as_of: datetime = NOON) -> str:
    return wording.today(hours, system, as_of)


DRY_DAY = [hour(n) for n in range(3, 25, 3)]


def test_a_dry_day():
    """Without a drop there is no word of rain; the last step says how far the forecast looks."""
    assert today(*DRY_DAY) == "Dry until Wednesday 12:00."


def test_a_wet_step_ahead():
    """The step of 24:00 sums up what falls from 21:00 on: "around", for nobody knows the minute."""
    told = [*DRY_DAY[:3], hour(12, 2.4, 501), *DRY_DAY[4:]]
    assert today(*told) == "Rain from around 21:00, about 2.4 mm in 24 hours."
    assert today(*told, system=US) == "Rain from around 21:00, about 0.09 in in 24 hours."


def test_a_wet_step_that_has_begun():
    """The first step began before now, so its rain comes before its end, at what hour is not known."""
    told = [hour(2, 1.0, 500), *(hour(n) for n in range(5, 24, 3))]
    assert today(*told) == "Rain before 14:00, about 1 mm in 24 hours."


@pytest.mark.parametrize(
    ("millimetres", "text"), [(0.19, "Dry until 15:00."), (0.2, "Rain before 15:00, about 0.2 mm")]
)
def test_from_how_much_on_it_is_rain(millimetres, text):
    """A fifth of a millimetre in a step is worth a word; less is the model's noise."""
    assert today(hour(3, millimetres, 500)).startswith(text)


def test_how_warm_it_will_be():
    """The coldest and the warmest step of the next 24 hours; a later one does not count."""
    told = [hour(3, temperature=4.4), hour(24, temperature=-3.6), hour(27, temperature=30.0)]
    assert today(*told).endswith(". Between −4° and 4°.")
    assert today(*told, system=US).endswith(". Between 26° and 40°.")


def test_a_forecast_that_ends_early_says_so():
    """A sum over less than 24 hours is not told as one over 24."""
    assert today(hour(3, 1.2, 500)) == "Rain before 15:00, about 1.2 mm by 15:00."
    assert today(hour(6, 1.2, 500)) == "Rain from around 15:00, about 1.2 mm by 18:00."


@pytest.mark.parametrize("hours", [(), (hour(-3, 5.0, 501),), (hour(0, 5.0, 501),), (hour(25, 5.0, 501),)])
def test_a_forecast_without_hours_ahead_has_come_to_its_end(hours):
    """Nothing ahead within a day: no weather is told, and no dryness."""
    assert today(*hours) == "The forecast that is kept has come to its end."


def test_an_unknown_amount_is_not_called_dry():
    """It is wet by the sky, how much is not told: the sentence says just that, and how likely it is."""
    told = [hour(3), hour(6, None, 501, precipitation_probability=80.0)]
    assert today(*told) == "How much will fall is not known; the chance of precipitation reaches 80 %."
    assert today(hour(3), hour(6, None, 501)) == "How much will fall is not known."


def test_a_sum_with_an_unknown_part_is_a_least_one():
    """What is known to fall falls, and perhaps more."""
    told = [hour(3, 2.0, 501), hour(6, None, 501), *(hour(n) for n in range(9, 25, 3))]
    assert today(*told) == "Rain before 15:00, at least 2 mm in 24 hours."


@pytest.mark.parametrize(
    ("chance", "text"),
    [
        (80.0, "Mostly dry until 15:00; the chance of precipitation reaches 80 %."),
        (30.0, "Mostly dry until 15:00; the chance of precipitation reaches 30 %."),
        (29.0, "Dry until 15:00."),
        (None, "Dry until 15:00."),
    ],
)
def test_a_likely_trace_is_told_as_a_chance(chance, text):
    """Little or nothing in the sum, yet likely: the chance is named."""
    assert today(hour(3, 0.1, 500, precipitation_probability=chance)) == text


@pytest.mark.parametrize(
    ("codes", "word"),
    [
        ([500], "Rain"),
        ([301], "Rain"),
        ([211], "Rain"),
        ([511], "Rain"),
        ([601], "Snow"),
        ([620, 602], "Snow"),
        ([611], "Rain and snow"),
        ([616], "Rain and snow"),
        ([601, 500], "Rain and snow"),
        ([622, 211], "Rain and snow"),
        ([601, 611], "Rain and snow"),
        ([803], "Rain"),
        ([None], "Rain"),
        ([601, None], "Snow"),
    ],
)
def test_what_falls_has_its_name(codes, word):
    """Snow is called snow, and a mixture both; only wet steps have a say."""
    told = [hour(3 + 3 * n, 1.0, code) for n, code in enumerate(codes)]
    assert today(*told, hour(21, 0.0, 601), hour(24, 0.0, 501)).startswith(f"{word} before 15:00")


def test_the_hour_after_the_clocks_went_back_is_ahead():
    """At 02:40 the first time round, 02:00 the second time is still to come; and three hours are three hours."""
    berlin = ZoneInfo("Europe/Berlin")
    as_of = datetime(2026, 10, 25, 0, 40, tzinfo=UTC).astimezone(berlin)
    step = hour(0, 1.0, 500, interval=1)
    second_two, four = (datetime(2026, 10, 25, at, tzinfo=UTC).astimezone(berlin) for at in (1, 3))
    told = [replace(step, time=second_two), replace(step, time=four)]
    assert f"{as_of:%H:%M} {second_two:%H:%M} {four:%H:%M}" == "02:40 02:00 04:00"
    assert wording.ahead(told, as_of, 24 * HOUR) == told
    late = replace(step, time=four, interval=3)
    night = datetime(2026, 10, 24, 22, 30, tzinfo=UTC).astimezone(berlin)
    assert today(late, as_of=night) == "Rain from around 02:00, about 1 mm by 04:00."


clocks = st.sampled_from(["UTC", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Marquesas", "America/Santiago"])
codes = st.none() | st.sampled_from(sorted(TEXTS))
amounts = st.none() | st.just(0.0) | st.floats(0, 40).map(lambda mm: round(mm, 2))
percents = st.none() | st.integers(0, 100).map(float)
warmths = st.none() | st.floats(-60, 55).map(lambda celsius: round(celsius, 2))
moments = st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda t: t.replace(microsecond=0, tzinfo=UTC))


@st.composite
def outlooks(draw, amounts=amounts):
    """A moment, and a forecast whose steps may have begun before it, in the time of some place."""
    tz = ZoneInfo(draw(clocks))
    as_of, interval = draw(moments).replace(second=0), draw(st.sampled_from([1, 3]))
    first = as_of.replace(minute=0) + draw(st.integers(-2, 4)) * HOUR
    hours = [
        hour(
            0,
            draw(amounts),
            draw(codes),
            time=(first + n * interval * HOUR).astimezone(tz),
            interval=interval,
            temperature=draw(warmths),
            precipitation_probability=draw(percents),
        )
        for n in range(draw(st.integers(0, 10)))
    ]
    return as_of.astimezone(tz), hours


def shown(number, decimals: int) -> set[str]:
    """How people may read a number at so many decimals; both ways where it lies between."""
    unit = Decimal(1).scaleb(-decimals)
    near = {(Decimal(str(number)) + Decimal(slack)).quantize(unit) for slack in ("-0.0051", "0", "0.0051")}
    texts = {f"{one.normalize():f}" if one else "0" for one in near}
    return {text.replace("-", "−") for text in texts}


def spelled(moment: datetime, as_of: datetime) -> str:
    return f"{moment:%H:%M}" if moment.date() == as_of.date() else f"{moment:%A %H:%M}"


@settings(deadline=None)
@given(outlooks(), st.sampled_from([METRIC, US]))
def test_every_number_and_time_in_the_outlook_is_in_the_data(outlook, system):
    """Take from the sentence all times, degrees, chances and the sum that the data hold: no digit is left."""
    as_of, hours = outlook
    text = wording.today(hours, system, as_of)
    coming = [one for one in hours if 0 < one.time.timestamp() - as_of.timestamp() <= 86400]
    ends = {spelled(one.time, as_of) for one in coming}
    starts = {
        spelled((one.time.astimezone(UTC) - one.interval * HOUR).astimezone(as_of.tzinfo), as_of) for one in coming
    }
    assert set(CLOCK_TIME.findall(text)) <= ends | starts

    celsius = [one.temperature for one in coming if one.temperature is not None]
    warmth = celsius if system is METRIC else [Decimal(str(t)) * 9 / 5 + 32 for t in celsius]
    degrees = set(re.findall(r"(−?\d+)°", text))
    assert degrees <= {word for one in warmth for word in shown(one, 0)}
    assert bool(degrees) == bool(celsius)

    chances = {f"{one.precipitation_probability:.0f}" for one in coming if one.precipitation_probability is not None}
    assert set(re.findall(r"(\d+) %", text)) <= chances

    total = sum(Decimal(str(one.precipitation or 0)) for one in coming)
    sums = set(re.findall(r"([\d.]+) (?:mm|in) ", text))
    assert sums <= (shown(total, 1) if system is METRIC else shown(total / Decimal("25.4"), 2))

    whole = "in 24 hours" in text
    assert not whole or as_of.timestamp() + 86400 < coming[-1].time.timestamp() + coming[-1].interval * 3600
    rest = CLOCK_TIME.sub("", text).replace("in 24 hours", "")
    assert not re.search(r"\d", re.sub(r"−?\d+°|\d+ %|[\d.]+ (?:mm|in) ", "", rest))


@settings(deadline=None)
@given(outlooks(st.just(0.0)))
def test_dry_data_have_no_word_of_rain(outlook):
    """Nothing falls in any step, whatever the sky is said to be: neither rain nor snow is named."""
    as_of, hours = outlook
    assert not FALLING.search(wording.today(hours, METRIC, as_of))


@settings(deadline=None)
@given(outlooks(st.none()))
def test_unknown_data_are_never_called_dry(outlook):
    """Where no amount is known there is neither rain nor dryness in the words."""
    as_of, hours = outlook
    text = wording.today(hours, METRIC, as_of)
    assert "dry" not in text.lower()
    assert not FALLING.search(text)


@settings(deadline=None)
@given(outlooks())
def test_a_named_rain_is_in_the_data(outlook):
    """Rain is named if, and only if, some step ahead brings as much as is worth a word."""
    as_of, hours = outlook
    coming = wording.ahead(hours, as_of, 24 * HOUR)
    assert bool(FALLING.search(wording.today(hours, METRIC, as_of))) is any(
        (one.precipitation or 0) >= 0.2 for one in coming
    )


@pytest.mark.parametrize(
    ("told", "text"),
    [
        ({"temperature": 12.0, "code": 500, "wind_speed": 5.0, "wind_direction": 225.0},
         "12°, light rain, wind 18 km/h from the south-west."),
        ({"temperature": -3.6, "code": 601}, "−4°, snow."),
        ({"code": 800, "wind_speed": 0.1, "wind_direction": 90.0}, "Clear sky, calm."),
        ({"wind_speed": 5.0}, "Wind 18 km/h."),
        ({"wind_direction": 90.0}, "Nothing is known of the weather now."),
        ({}, "Nothing is known of the weather now."),
    ],
)  # fmt: skip
def test_now(told, text):
    """What is known, in one sentence; what is not is left out."""
    sky = {"condition": condition(told["code"], None, is_day=True)} if "code" in told else {}
    assert wording.now(current(**{name: value for name, value in told.items() if name != "code"} | sky), METRIC) == text


@given(
    warmths,
    codes,
    st.none() | st.floats(0, 80).map(lambda speed: round(speed, 2)),
    st.none() | st.floats(0, 360),
    st.sampled_from([METRIC, SI]),
)
def test_every_number_now_is_in_the_data(temperature, code, speed, direction, system):
    """The sentence holds the temperature, the speed of the wind, and no other number."""
    sky = None if code is None else condition(code, None, is_day=True)
    data = current(temperature=temperature, condition=sky, wind_speed=speed, wind_direction=direction)
    found = re.findall(r"−?\d+(?:\.\d+)?", wording.now(data, system))
    factor, decimals = (Decimal("3.6"), 0) if system is METRIC else (Decimal(1), 1)
    allowed = set() if temperature is None else shown(temperature, 0)
    allowed |= set() if speed is None else shown(Decimal(str(speed)) * factor, decimals)
    assert set(found) <= allowed


@pytest.mark.parametrize(
    ("code", "precipitation", "text"),
    [
        (800, 0.0, "Clear sky."),
        (501, 2.4, "Moderate rain, about 2.4 mm."),
        (500, 0.1, "Light rain."),
        (601, None, "Snow."),
        (None, 5.0, None),
    ],
)
def test_a_day_in_words(code, precipitation, text):
    """Its sky and what falls; nothing without a sky."""
    sky = None if code is None else condition(code, None, is_day=True)
    told = day_of(condition=sky, precipitation=precipitation)
    assert wording.day(told, METRIC) == text
    assert [one.summary for one in wording.with_summaries([told], METRIC)] == [text]


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 min"),
        (59, "0 min"),
        (60, "1 min"),
        (360, "6 min"),
        (3599, "59 min"),
        (3600, "1 h"),
        (12000, "3 h 20 min"),
        (86399, "23 h 59 min"),
        (86400, "1 day"),
        (90000, "1 day 1 h"),
        (187200, "2 days 4 h"),
        (259200.9, "3 days"),
    ],
)
def test_a_length_of_time(seconds, text):
    """Two units at most."""
    assert wording.span(seconds) == text


@given(st.floats(0, 10**8))
def test_a_length_of_time_is_never_too_long(seconds):
    """Read back, the words are the time itself, cut to minutes below a day and to hours above."""
    units = {"min": 60, "h": 3600, "day": 86400, "days": 86400}
    words = wording.span(seconds).split()
    told = sum(int(count) * units[unit] for count, unit in zip(words[::2], words[1::2], strict=True))
    assert told <= seconds < told + (60 if seconds < 86400 else 3600)


@pytest.mark.parametrize(
    ("later", "text"),
    [
        (0, "12:00"),
        (11, "23:00"),
        (12, "Wednesday 00:00"),
        (-13, "Monday 23:00"),
        (24 * 6, "Monday 12:00"),
        (24 * 7, "1 December 2026, 12:00"),
        (-24 * 7, "17 November 2026, 12:00"),
    ],
)
def test_a_time_of_day(later, text):
    """Today by the clock alone, this week with the weekday, else with the date: nothing can be mistaken."""
    assert wording.clock(NOON + later * HOUR, NOON) == text


def test_a_time_of_day_is_the_readers():
    """A time in another zone is told by the clock of the place."""
    kathmandu = NOON.astimezone(ZoneInfo("Asia/Kathmandu"))
    assert wording.clock(NOON, kathmandu) == "17:45"


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
    assert wording.sun(day_of(sunrise=sunrise, sunset=sunset), up) == text


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
    assert wording.moon(phase) == text
