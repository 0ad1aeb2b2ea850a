"""True days: which step belongs to which day of the place, and what a day is made of."""

from dataclasses import fields, replace
from datetime import UTC, date, datetime, timedelta

import pytest
from fakes import forecast_body, running
from hypothesis import given, settings
from hypothesis import strategies as st

from weather.domain.conditions import condition
from weather.domain.daily import days, with_measured
from weather.domain.day_picture import NightFall, night_fall
from weather.domain.model import Coordinates, CurrentConditions, HourlyForecast, zone

EQUATOR = Coordinates(0, 0)
SVALBARD = Coordinates(78.22, 15.65)
HOUR = timedelta(hours=1)
UNKNOWN = dict.fromkeys(f.name for f in fields(HourlyForecast))


def step(time: datetime, **told) -> HourlyForecast:
    """A step of three hours of which nothing else is known."""
    return HourlyForecast(**UNKNOWN | {"time": time, "interval_hours": 3} | told)


def steps(start: datetime, count: int, interval: int = 3) -> list[HourlyForecast]:
    """Steps that can be told apart, up to 53: the n-th has n degrees, and a precipitation of 2^n."""
    times = (start + n * interval * HOUR for n in range(count))
    return [
        step(time, temperature=float(n), precipitation=2.0**n, interval_hours=interval) for n, time in enumerate(times)
    ]


def utc(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def spans_of(day) -> list[int]:
    """Which steps' precipitation a day adds up, read from the bits of the sum."""
    return [n for n in range(53) if int(day.precipitation or 0) >> n & 1]


def instants_of(day) -> list[int]:
    """Which steps lie in a day; they follow each other, so the coldest and the warmest tell."""
    if day.temperature_min is None:
        return []
    return list(range(int(day.temperature_min), int(day.temperature_max) + 1))


@pytest.mark.parametrize(
    ("name", "day", "before", "change", "after", "hours"),
    [
        ("Europe/Berlin", "2026-03-29", 1, "2026-03-29T01:00", 2, 23),
        ("Europe/Berlin", "2026-10-25", 2, "2026-10-25T01:00", 1, 25),
        ("Australia/Lord_Howe", "2026-04-05", 11, "2026-04-04T15:00", 10.5, 24.5),
        ("Australia/Lord_Howe", "2026-10-04", 10.5, "2026-10-03T15:30", 11, 23.5),
        ("America/Havana", "2026-03-08", -5, "2026-03-08T05:00", -4, 23),  # there is no midnight
        ("Europe/Berlin", "2026-06-01", 2, "2026-06-01T00:00", 2, 24),
        ("Asia/Kathmandu", "2026-06-01", 5.75, "2026-06-01T00:00", 5.75, 24),
        ("Pacific/Chatham", "2026-06-01", 12.75, "2026-06-01T00:00", 12.75, 24),
        ("Pacific/Marquesas", "2026-06-01", -9.5, "2026-06-01T00:00", -9.5, 24),
        ("Pacific/Kiritimati", "2026-06-01", 14, "2026-06-01T00:00", 14, 24),
        ("-03:30", "2026-06-01", -3.5, "2026-06-01T00:00", -3.5, 24),
    ],
)
@pytest.mark.parametrize("interval", [1, 3])
def test_a_day_is_the_places_own(name, day, before, change, after, hours, interval):
    """Days of 23, 23.5, 24, 24.5 and 25 hours, in zones of odd offsets, hold the steps whose middle lies in them."""

    def local(moment: datetime) -> date:
        shift = before if moment < utc(change) else after
        return (moment + shift * HOUR).date()

    wanted = date.fromisoformat(day)
    early = utc(day) - 24 * HOUR if interval == 3 else utc(day) - round(before + 2) * HOUR
    told = steps(early, 24 if interval == 3 else 32, interval)
    found = {one.date: one for one in days(told, EQUATOR, zone(name))}[wanted]
    assert instants_of(found) == spans_of(found)
    assert spans_of(found) == [
        n for n, one in enumerate(told) if local(one.time - one.interval_hours * HOUR / 2) == wanted
    ]
    assert len(instants_of(found)) * interval == pytest.approx(hours, abs=interval)
    assert not found.partial


def test_the_step_of_midnight_is_the_day_before():
    """The step of 00:00 tells of 21:00 to 24:00: its rain and its temperature are the ending day's, as in its table."""
    berlin = zone("Europe/Berlin")
    midnight = step(datetime(2026, 6, 2, tzinfo=berlin), temperature=9.0, precipitation=4.0)
    others = [step(midnight.time + n * 3 * HOUR, temperature=20.0 + n, precipitation=0.0) for n in (-2, -1, 1, 2)]
    old, new = days(sorted([midnight, *others], key=lambda one: one.time), EQUATOR, berlin)
    assert (old.date, old.precipitation, old.temperature_min) == (date(2026, 6, 1), 4.0, 9.0)
    assert (new.date, new.precipitation, new.temperature_min) == (date(2026, 6, 2), 0.0, 21.0)


def test_its_chance_of_rain_goes_with_it():
    """A probability belongs to the span too."""
    told = [step(utc("2026-06-01T21:00"), precipitation_probability=10.0)]
    told.append(step(utc("2026-06-02T00:00"), precipitation_probability=90.0))
    (old,) = days(told, EQUATOR, UTC)
    assert old.precipitation_probability == 90.0


@pytest.mark.parametrize(
    ("start", "count", "partial"),
    [
        ("2026-06-01T00:00", 9, {"2026-05-31": True, "2026-06-01": False}),
        ("2026-06-01T00:00", 8, {"2026-06-01": True}),  # what falls from 21:00 to midnight is not told
        ("2026-06-01T03:00", 8, {"2026-06-01": False}),
        ("2026-06-01T15:00", 40, {"2026-06-01": True, "2026-06-06": True}),
        ("2026-05-31T21:00", 10, {"2026-05-31": True, "2026-06-01": False}),
    ],
)
def test_the_first_and_the_last_day_may_be_partial(start, count, partial):
    """A day is whole when its steps cover it, midnight to midnight."""
    found = days(steps(utc(start), count), EQUATOR, UTC)
    assert {str(one.date): one.partial for one in found if str(one.date) in partial} == partial
    assert [one.partial for one in found[1:-1]] == [False] * len(found[1:-1])


def test_a_day_with_a_hole_is_partial():
    """A forecast that lacks steps in the middle says so (some recorded ones do)."""
    whole = steps(utc("2026-06-01T00:00"), 9)
    assert not days(whole, EQUATOR, UTC)[1].partial
    assert days(whole[:3] + whole[4:], EQUATOR, UTC)[1].partial


def test_the_last_hours_of_a_day_keep_its_row_and_its_rain():
    """The first step ends at midnight: its ten millimetres fall today, and it is as warm as that step says."""
    first, *rest = steps(utc("2026-06-02T00:00"), 8)
    today, tomorrow = days([replace(first, precipitation=10.0), *rest], EQUATOR, UTC)
    assert (today.date, today.precipitation, today.partial) == (date(2026, 6, 1), 10.0, True)
    assert (today.temperature_min, today.temperature_max) == (0.0, 0.0)
    assert (tomorrow.date, spans_of(tomorrow)) == (date(2026, 6, 2), [1, 2, 3, 4, 5, 6, 7])


@pytest.mark.parametrize(("now", "low", "high"), [(12.0, 3.0, 12.0), (-5.0, -5.0, 7.0), (5.0, 3.0, 7.0)])
def test_the_range_of_today_holds_the_temperature_now(now, low, high):
    """Of the current weather's own day alone; no other day moves."""
    told = [step(utc("2026-06-01T18:00"), temperature=7.0), step(utc("2026-06-01T21:00"), temperature=3.0)]
    told.append(step(utc("2026-06-02T03:00"), temperature=4.0))
    known = dict.fromkeys(f.name for f in fields(CurrentConditions)) | {"time": utc("2026-06-01T15:30")}
    first, other = with_measured(days(told, EQUATOR, UTC), CurrentConditions(**known | {"temperature": now}), UTC)
    assert (first.temperature_min, first.temperature_max) == (low, high)
    assert (other.temperature_min, other.temperature_max) == (4.0, 4.0)


ZONES = "Europe/Berlin Australia/Lord_Howe America/Santiago Pacific/Apia Asia/Kathmandu +14:00 -09:30 Africa/Casablanca"


@settings(deadline=None, max_examples=60)
@given(
    start=st.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)).map(lambda t: t.replace(tzinfo=UTC)),
    count=st.integers(1, 40),
    interval=st.sampled_from([1, 3]),
    tz=st.sampled_from(ZONES.split()).map(zone),
)
def test_every_step_is_in_exactly_one_day(start, count, interval, tz):
    """In its numbers as in its sums. Days come in order, once."""
    told = steps(start.replace(minute=0, second=0, microsecond=0), count, interval)
    found = days(told, EQUATOR, tz)
    assert [n for one in found for n in instants_of(one)] == list(range(count))
    spans = [n for one in found for n in spans_of(one)]
    assert spans == list(range(count))
    dates = [one.date for one in found]
    assert dates == sorted({(one.time - one.interval_hours * HOUR / 2).astimezone(tz).date() for one in told})
    assert all(one.precipitation is None for one in found if not spans_of(one))


def test_nothing_makes_no_days():
    """An empty forecast has no days."""
    assert days([], EQUATOR, UTC) == ()


@pytest.mark.parametrize(("month", "up"), [(6, True), (12, False)])
def test_polar_days_have_no_sunrise(month, up):
    """Where the sun does not rise, or not set, a day has neither time, and all its numbers."""
    told = [
        step(datetime(2026, month, 10, n * 3, tzinfo=UTC), temperature=n - 4.0, precipitation=0.1, is_day=up)
        for n in range(8)
    ]
    _, found = days(told, SVALBARD, UTC)  # the first step, of midnight, tells of the evening before
    assert (found.sunrise, found.sunset) == (None, None)
    assert (found.temperature_min, found.temperature_max, found.precipitation) == (-3.0, 3.0, 0.7)
    assert 0 <= found.moon_phase <= 1


def test_what_is_not_known_is_not_guessed():
    """A day of which no number is known has none, and no sky."""
    (found,) = days([step(utc("2026-06-01T12:00"))], EQUATOR, UTC)
    assert (found.temperature_min, found.temperature_max, found.precipitation) == (None, None, None)
    assert (found.precipitation_probability, found.wind_speed_max, found.wind_gust_max, found.wind_direction) == (
        None,
    ) * 4
    assert (found.condition, found.uv_index_max, found.summary) == (None, None, None)
    assert found.partial


def test_a_sum_with_an_unknown_part_is_not_known():
    """One step without an amount: the day's is null, not the sum of the others. Temperatures stand."""
    told = [step(utc("2026-06-01T12:00"), precipitation=1.0, temperature=1.0)]
    told.append(step(utc("2026-06-01T15:00"), temperature=2.0))
    told.append(step(utc("2026-06-01T18:00"), precipitation=1.0))
    (found,) = days(told, EQUATOR, UTC)
    assert found.precipitation is None
    assert (found.temperature_min, found.temperature_max) == (1.0, 2.0)


def test_the_wind_of_a_day_is_its_strongest():
    """The greatest speed with its direction; the greatest gust may be another step's."""
    told = [
        step(utc("2026-06-01T09:00"), wind_speed=3.0, wind_direction=10.0, wind_gust=20.0),
        step(utc("2026-06-01T12:00"), wind_speed=7.0, wind_direction=200.0),
        step(utc("2026-06-01T15:00"), wind_speed=5.0, wind_direction=90.0, wind_gust=9.0),
    ]
    (found,) = days(told, EQUATOR, UTC)
    assert (found.wind_speed_max, found.wind_direction, found.wind_gust_max) == (7.0, 200.0, 20.0)


def condition_of(*told: tuple[int, float | None, bool]):
    """The condition of a day made of steps: code, precipitation, whether the sun is up."""
    made = [
        step(utc("2026-06-01T03:00") + n * 3 * HOUR, condition=condition(code, None, up), precipitation=mm, is_day=up)
        for n, (code, mm, up) in enumerate(told)
    ]
    return days(made, EQUATOR, UTC)[0].condition


def test_the_sky_of_a_wet_day_is_that_of_its_wettest_step():
    """Half a millimetre is worth telling, by its daytime picture even when it fell at night."""
    told = condition_of((800, 0, True), (500, 0.3, True), (502, 9.0, False), (800, 0, True))
    assert (told.code, told.icon) == (502, "10d")


LONDON, JUNE = Coordinates(51.51, -0.13), utc("2026-06-01T00:00")


def whole_day(**wet: tuple[int, float]):
    """Twenty-four sunny hours of June, but in those named by their end ("h03") falls something."""
    told = []
    for n in range(1, 25):
        code, amount = wet.get(f"h{n:02}", (800, 0.0))
        hour = step(JUNE + n * HOUR, condition=condition(code, None, True), precipitation=amount, interval_hours=1)
        told.append(replace(hour, is_day=4 < n < 20, cloud_cover=0.0 if code == 800 else None))
    return days(told, LONDON, UTC)[0], told


def test_a_shower_in_the_dark_is_not_the_picture_of_the_day():
    """0.6 mm at 03:00 and sun all day: the picture is sunny, the words tell of the night, the sum stands."""
    day, hours = whole_day(h03=(500, 0.6))
    assert (day.condition.code, day.condition.icon, day.precipitation) == (800, "01d", 0.6)
    assert night_fall(day, hours).condition.code == 500


@pytest.mark.parametrize(
    ("wet", "quarter"),
    [
        ({"h03": (500, 0.6)}, 0), ({"h22": (500, 0.4), "h24": (500, 0.4)}, 3),
        ({"h03": (500, 0.6), "h22": (500, 0.1)}, None),
    ],
)  # fmt: skip
def test_what_falls_in_the_dark_is_told_of_the_quarter_that_its_cell_has(wet, quarter):
    """Rain from 21:00 to midnight is the evening's, whose cell shows it, and not of the night, whose cell is dry."""
    day, hours = whole_day(**wet)
    assert night_fall(day, hours) == NightFall(condition(500, None, False), quarter)


@pytest.mark.parametrize(
    ("wet", "code"),
    [
        ({"h03": (511, 0.1)}, 511), ({"h03": (211, 0.0)}, 211), ({"h02": (502, 4.0), "h03": (502, 4.0)}, 502),
        ({"h03": (502, 4.0), "h12": (500, 0.4)}, 500), ({"h03": (601, 4.0), "h12": (511, 0.1)}, 511),
    ],
)  # fmt: skip
def test_the_picture_of_a_wet_day_is_weighed_by_daylight(wet, code):
    """Ice and thunder show whenever they occur, and 8 mm of the night do; else what falls by day names it."""
    day, hours = whole_day(**wet)
    assert day.condition.code == code
    assert night_fall(day, hours) is None


def test_in_polar_night_every_hour_counts_for_the_picture():
    """There is no daylight to weigh by."""
    clear = {"precipitation": 0.0, "interval_hours": 1, "condition": condition(800, None, False)}
    told = [step(utc("2026-12-21T00:00") + n * HOUR, **clear) for n in range(1, 25)]
    told[2] = replace(told[2], precipitation=0.6, condition=condition(600, None, False))
    assert days(told, Coordinates(78.22, 15.65), UTC)[0].condition.code == 600


def test_the_sky_of_a_dry_day_is_the_most_frequent_by_day():
    """Nights do not count where there is a day, nor a code of rain without a drop."""
    told = condition_of(
        (804, 0, False), (804, 0, False), (804, 0, False), (800, 0, True), (800, 0, True), (500, 0, True)
    )
    assert (told.code, told.icon) == (800, "01d")


def test_the_sky_of_a_dry_day_is_of_its_mean_cover():
    """800 804 803 800 802 801 800 by day is no clear sky: 223 per cent in seven hours are 32, scattered clouds."""
    covers = {800: 0.0, 801: 18.0, 802: 40.0, 803: 65.0, 804: 100.0}
    told = [
        step(
            utc("2026-06-01T03:00") + n * HOUR,
            condition=condition(code, None, True),
            precipitation=0.0,
            interval_hours=1,
        )
        for n, code in enumerate((800, 804, 803, 800, 802, 801, 800))
    ]
    covered = [replace(one, is_day=True, cloud_cover=covers[one.condition.code]) for one in told]
    assert days(covered, EQUATOR, UTC)[0].condition.code == 802
    foggy = [replace(one, condition=condition(741, None, True)) for one in covered[:4]] + covered[4:]
    assert days(foggy, EQUATOR, UTC)[0].condition.code == 741


def test_the_gust_of_the_step_of_midnight_belongs_to_the_day_that_ends():
    """Open-Meteo's gust of 00:00 is the greatest of the hour before it."""
    told = [
        step(utc("2026-06-01T23:00"), wind_gust=9.0, interval_hours=1),
        step(utc("2026-06-02T00:00"), wind_gust=25.0, interval_hours=1),
        step(utc("2026-06-02T01:00"), wind_gust=8.0, interval_hours=1),
    ]
    assert [one.wind_gust_max for one in days(told, EQUATOR, UTC)] == [25.0, 8.0]


def test_the_sky_of_a_night_alone_is_its_own():
    """Without a step by day the others speak, still with a picture of the day."""
    told = condition_of((804, 0, False), (804, 0, False), (801, 0, False))
    assert (told.code, told.icon) == (804, "04d")


def test_rain_of_an_unknown_amount_names_the_day():
    """It rains, nobody knows how much: the day is not told as a dry one."""
    assert condition_of((800, 0, True), (800, 0, True), (501, None, True)).code == 501


@pytest.mark.anyio
async def test_upstreams_own_extremes_are_never_a_days(upstream, clock, tmp_path):
    """`temp_min` and `temp_max` of upstream's bodies are a spread over the city now: no day is made of them."""
    body = forecast_body()
    for one in body["list"]:
        one["main"] |= {"temp_min": 200, "temp_max": 350}
    upstream.bodies["/data/2.5/forecast"] = lambda _: body
    async with running(upstream, clock, tmp_path) as site:
        told = (await site.get("/api/v1/forecast?lat=51.51&lon=-0.13")).json()["daily"]
    lows, highs = [day["temperature_min"] for day in told], [day["temperature_max"] for day in told]
    # From 15:00 on the 24th a tenth of a degree a step; eight steps a day, of which the first day has four.
    assert lows == [7.0, 7.4, 8.2, 9.0, 9.8, 10.6]
    assert highs == [12.0, 8.1, 8.9, 9.7, 10.5, 10.9]
