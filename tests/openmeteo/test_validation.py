"""What is an answer of Open-Meteo, how long a refusal asks to wait, and whatever columns hold."""

import json
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import msgspec
import pytest
from fakes import NOON
from hypothesis import given, settings
from hypothesis import strategies as st
from meteo import VALUES, air, forecast

from weather.domain.astronomy import is_day
from weather.domain.daily import days
from weather.domain.model import Coordinates
from weather.errors import UpstreamError, UpstreamInvalid, UpstreamRateLimited, UpstreamServerError, UpstreamStatus
from weather.providers.openmeteo.convert import to_air, to_hours, to_now
from weather.providers.openmeteo.endpoints import (
    AIR,
    AIR_VARIABLES,
    CURRENT_VARIABLES,
    FORECAST,
    HOURLY_VARIABLES,
    QUARTERLY_VARIABLES,
    QUERIES,
    request,
)
from weather.providers.openmeteo.validation import BUSY_SECONDS, seconds_until_free, validate
from weather.providers.openmeteo.wire import MOST_STEPS, read

LONDON = Coordinates(51.51, -0.13)
JSON = {"content-type": "application/json; charset=utf-8"}
GOOD = json.dumps({"latitude": 51.5, "utc_offset_seconds": 0, "hourly": {}}).encode()


def judge(status: int, body: bytes, headers=JSON, row=FORECAST, at: float = NOON):
    return validate(request(row, LONDON), status, headers, body, at)


def test_a_good_answer_is_taken():
    """200, JSON, with what every answer has; what may not be kept is told so."""
    assert judge(200, GOOD).body == GOOD
    assert not judge(200, GOOD, JSON | {"cache-control": "no-store"}).storable


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b'{"error":true,"reason":"x"}', JSON),
        (b'{"utc_offset_seconds":0,"error":true,"reason":"x"}', JSON),
        (GOOD[:-5], JSON),
        (GOOD + b"Unexpected error while streaming data: x", JSON),
        (b"[]", JSON),
        (b"", JSON),
        (b"null", JSON),
        (b"[" * 100_000, JSON),
        (b"{}", JSON),
        (GOOD, {"content-type": "text/html"}),
        (GOOD, {}),
    ],
)
def test_what_is_no_answer_under_200(body, headers):
    """Errors, garbage, an array of places, what broke off: UpstreamInvalid."""
    with pytest.raises(UpstreamInvalid):
        judge(200, body, headers)


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, UpstreamStatus),
        (404, UpstreamStatus),
        (500, UpstreamServerError),
        (502, UpstreamServerError),
        (503, UpstreamServerError),
    ],
)
def test_a_status_is_a_failure(status, kind):
    """Whatever its body: HTML of something in between, or Open-Meteo's own; a 404 is of no place."""
    for body in (b"<html>", b'{"error":true,"reason":"x"}'):
        with pytest.raises(kind) as caught:
            judge(status, body)
        assert caught.value.upstream_status == status


AT = datetime(2026, 11, 24, 22, 58, 40, tzinfo=UTC).timestamp()


@pytest.mark.parametrize(
    ("reason", "seconds"),
    [
        ("Minutely API request limit exceeded. Please try again in one minute.", 20 + 1),
        ("Hourly API request limit exceeded. Please try again in the next hour.", 80 + 1),
        ("Daily API request limit exceeded. Please try again tomorrow.", 3680 + 1),
        ("Too many concurrent requests", BUSY_SECONDS),
        ("", BUSY_SECONDS),
    ],
)
def test_a_429_waits_until_its_window_begins_anew(reason, seconds):
    """To the boundary of UTC's minute, hour or day, and a second; a crowd for moments."""
    with pytest.raises(UpstreamRateLimited) as caught:
        judge(429, json.dumps({"reason": reason, "error": True}).encode(), at=AT)
    assert caught.value.has_retry_after
    assert caught.value.retry_after == pytest.approx(seconds)
    with pytest.raises(UpstreamRateLimited) as caught:
        judge(429, b"", JSON | {"retry-after": "7"}, at=AT)
    assert caught.value.retry_after == 7


def test_a_limit_under_200_is_a_429():
    """What says that a limit is reached closes the account for as long, whatever its status."""
    body = b'{"reason":"Minutely API request limit exceeded. Please try again in one minute.","error":true}'
    with pytest.raises(UpstreamRateLimited) as caught:
        judge(200, body, at=AT)
    assert caught.value.retry_after == pytest.approx(21)


@pytest.mark.slow
@given(st.recursive(st.none() | st.booleans() | st.text(), st.lists), st.floats(0, 2e9))
def test_any_429_waits_for_some_time(answer, now):
    """Whatever stands in it."""
    assert 0 < seconds_until_free(answer, now) <= 86401


def test_a_call_weighs_what_its_variables_weigh():
    """A tenth each, no name twice in a section, no more than 14 days (which would weigh more)."""
    weather = [*CURRENT_VARIABLES, *QUARTERLY_VARIABLES, *HOURLY_VARIABLES]
    for row, counted in ((FORECAST, weather), (AIR, [*AIR_VARIABLES])):
        asked, parts = QUERIES[row], ("current", "minutely_15", "hourly", "daily")
        names = [name for part in parts if part in asked for name in asked[part].split(",")]
        assert names == counted
        assert row.cost == max(1, len(names) / 10)
    assert len(set(CURRENT_VARIABLES)) == len(CURRENT_VARIABLES)
    assert int(QUERIES[FORECAST]["past_days"]) + int(QUERIES[FORECAST]["forecast_days"]) <= 14


def body(row=FORECAST) -> dict:
    asked = dict(request(row, LONDON).query)
    return forecast(asked) if row is FORECAST else air(asked)


cells = st.none() | st.integers(-100, 1100) | st.floats(-1e6, 1e6) | st.sampled_from([0, -0.0, 1e10, "", "x", 2**33])
columns = st.none() | st.lists(cells, max_size=30)
sections = st.dictionaries(st.sampled_from([*VALUES, "time", "nonsense"]), columns, max_size=8)


def made(raw: dict):
    """All that is made of a body. Raises UpstreamInvalid or DecodeError."""
    told = read(judge(200, json.dumps(raw).encode()).body)
    steps = to_hours(told, LONDON, UTC)
    return to_now(told, LONDON, UTC), steps, days(steps, LONDON, UTC), to_air(told, LONDON, UTC)


@pytest.mark.slow
@settings(max_examples=150, deadline=None)
@given(sections, st.dictionaries(st.sampled_from([*VALUES, "time", "interval"]), cells, max_size=8))
def test_missing_null_and_short_columns_are_not_known(hourly, current):
    """Parts of a good body replaced or gone: an answer in which nothing is made up, or a clean refusal."""
    raw = body()
    raw["hourly"] |= hourly
    raw["current"] |= current
    try:
        _, steps, _, _ = made(raw)
    except (UpstreamError, msgspec.DecodeError):
        return
    times = [step.time for step in steps]
    assert times == sorted(times)
    for step in steps:
        values = {getattr(step, name) for name in ("temperature", "humidity", "pressure", "wind_speed")}
        assert all(value is None or isinstance(value, float) for value in values)


@pytest.mark.slow
@settings(max_examples=50, deadline=None)
@given(st.lists(st.sampled_from([*VALUES]), unique=True), st.integers(0, 216))
def test_a_column_tells_as_far_as_it_goes(short, length):
    """Columns cut short: the steps beyond have None there, and only there."""
    raw = body()
    for name in short:
        raw["hourly"][name] = raw["hourly"][name][:length]
    told = read(json.dumps(raw).encode())
    steps = to_hours(told, LONDON, UTC)
    for i, step in enumerate(steps):
        assert (step.temperature is None) == ("temperature_2m" in short and i >= length)
        assert (step.precipitation is None) == ("precipitation" in short and i >= length)
        assert (step.precipitation_probability is None) == ("precipitation_probability" in short and i >= length)


@pytest.mark.parametrize("name", [*VALUES])
def test_a_null_is_no_zero(name):
    """One variable null everywhere: None in the present, in each hour and each day, everything else told."""
    raw = body()
    raw["current"][name] = None
    raw["hourly"][name] = [None] * 216
    now, steps, told, _ = made(raw)
    field = {"temperature_2m": "temperature", "precipitation": "precipitation", "weather_code": "condition"}.get(name)
    if field:
        assert getattr(now, field) is None
        assert {getattr(step, field) for step in steps} == {None}
    if name == "precipitation":
        assert {day.precipitation for day in told} == {None}
    assert len(steps) == 216


def test_a_list_without_end_is_cut():
    """Bounded, for days cost astronomy."""
    raw = body()
    raw["hourly"]["time"] = [int(NOON) + 3600 * n for n in range(MOST_STEPS + 9)]
    raw["hourly"]["temperature_2m"] = [7] * (MOST_STEPS + 9)
    assert len(made(raw)[1]) == MOST_STEPS


BARE = ["nan", "-nan", "NaN", "-Infinity"]


@pytest.mark.parametrize("token", BARE)
def test_a_bare_nan_where_nobody_looks_costs_nothing(token):
    """Seen at Open-Meteo as latitude and longitude under 200 (open-meteo/open-meteo#2108): all else is fine."""
    raw = body()
    text = json.dumps(raw).replace("51.5", token).replace("-0.120000124", token).encode()
    told = read(judge(200, text).body)
    assert token.encode() in text
    assert (to_now(told, LONDON, UTC), to_hours(told, LONDON, UTC)) == made(raw)[:2]


@pytest.mark.parametrize("token", [*BARE, '"x"', "[]", "{}", "true", "1e999"])
def test_an_odd_cell_costs_itself(token):
    """In the present and in a column: that number of that moment is not known, everything else is told."""
    raw = body()
    whole = made(raw)
    raw["current"]["temperature_2m"] = raw["hourly"]["relative_humidity_2m"][5] = "odd"
    told = read(judge(200, json.dumps(raw).replace('"odd"', token).encode()).body)
    present, steps = to_now(told, LONDON, UTC), to_hours(told, LONDON, UTC)
    assert (present.temperature, present.humidity) == (None, whole[0].humidity)
    assert [n for n, step in enumerate(steps) if step != whole[1][n]] == [5]
    assert (steps[5].humidity, steps[5].temperature) == (None, whole[1][5].temperature)


def test_numbers_may_be_told_as_text_and_day_is_by_our_own_sun():
    """ "11.3" is 11.3; true degrees are none; what `is_day` says is not asked for, and not read."""
    raw = body()
    raw["current"] |= {"is_day": False, "temperature_2m": "11.3", "cloud_cover": True}
    raw["hourly"]["is_day"] = [False] * 216
    now, steps, *_ = made(raw)
    assert (now.is_day, now.temperature, now.cloud_cover) == (True, 11.3, None)
    assert [step.is_day for step in steps[36:40]] == [is_day(LONDON, step.time) for step in steps[36:40]]


@pytest.mark.parametrize(
    ("name", "field", "number"),
    [
        ("temperature_2m", "temperature", -9999),
        ("relative_humidity_2m", "humidity", 101),
        ("precipitation", "precipitation", -0.1),
        ("wind_speed_10m", "wind_speed", -1),
        ("pressure_msl", "pressure", 0),
    ],
)
def test_a_number_that_no_weather_has_is_not_known(name, field, number):
    """Fill values are no weather."""
    raw = body()
    raw["current"][name] = raw["hourly"][name][0] = number
    now, steps, *_ = made(raw)
    assert (getattr(now, field), getattr(steps[0], field)) == (None, None)


def test_a_column_that_is_none_costs_itself():
    """And a section too; an offset that is none is GMT's."""
    raw = body()
    raw["hourly"]["precipitation"] = "none"
    raw |= {"hourly_units": [], "utc_offset_seconds": "x"}
    now, steps, *_ = made(raw)
    assert {step.precipitation for step in steps} == {None}
    assert (len(steps), now.temperature) == (216, 11.3)


@pytest.mark.parametrize(
    ("code", "cover", "wanted"),
    [
        (0, 5, 800),
        (0, 11, 801),
        (3, 84, 803),
        (1, 90, 804),
        (2, None, 802),
        (61, 100, 500),
        (99, 0, 212),
        (4, 50, None),
        (None, 50, None),
    ],
)
def test_a_code_is_a_condition(code, cover, wanted):
    """By the table; clouds by their cover where it is known; what is not in the table is not known."""
    raw = body()
    raw["current"] |= {"weather_code": code, "cloud_cover": cover}
    now, *_ = made(raw)
    assert (now.condition and now.condition.code) == wanted


def test_days_are_local_ones_across_a_change_of_clocks():
    """Berlin on 2026-10-25 has 25 hours, each counted once: 25 times 0.1 mm."""
    raw = forecast(dict(request(FORECAST, LONDON).query), datetime(2026, 10, 24, 12, tzinfo=UTC).timestamp())
    berlin = ZoneInfo("Europe/Berlin")
    steps = to_hours(read(json.dumps(raw).encode()), LONDON, berlin)
    told = {str(day.date): day for day in days(steps, LONDON, berlin)}
    assert (told["2026-10-25"].precipitation, told["2026-10-25"].partial) == (2.5, False)
    assert (told["2026-10-24"].precipitation, told["2026-10-26"].precipitation) == (2.4, 2.4)


@pytest.mark.parametrize("zone", ["Pacific/Kiritimati", "Pacific/Pago_Pago", "Asia/Kathmandu"])
@pytest.mark.parametrize("hour", [0, 11, 23])
def test_today_is_whole_everywhere(zone, hour):
    """Fourteen hours ahead, eleven behind, or off the hour: all of today and of the six days after it are told."""
    now = datetime(2026, 11, 24, hour, 30, tzinfo=UTC)
    tz = ZoneInfo(zone)
    steps = to_hours(
        read(json.dumps(forecast(dict(request(FORECAST, LONDON).query), now.timestamp())).encode()), LONDON, tz
    )
    whole = [day.date for day in days(steps, LONDON, tz) if not day.partial]
    today = now.astimezone(tz).date()
    assert today in whole
    assert len([day for day in whole if day > today]) >= 6
