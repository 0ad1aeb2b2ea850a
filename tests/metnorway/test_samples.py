"""Every shared sample of MET Norway: what was recorded is read, step for step."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes import NOON

from weather.domain.model import Coordinates
from weather.errors import UpstreamInvalid, UpstreamRateLimited, UpstreamStatus
from weather.providers.metnorway.convert import to_days, to_hours, to_now
from weather.providers.metnorway.endpoints import FORECAST, request, validate
from weather.providers.metnorway.wire import Answer, holds, read

FOLDER = Path(__file__).parent.parent.parent.parent / "shared" / "metno" / "samples"
pytestmark = pytest.mark.needs(FOLDER)

LONDON, HERE = ZoneInfo("Europe/London"), Coordinates(51.5, -0.1)
WHOLE = (
    "london_complete_2020_with_headers",
    "new_york_compact_2020_with_headers",
    "oslo_compact_2026_snow",
    "telemark_complete_2022_percentiles_confidence",
    "new_jersey_complete_2026_head_and_tail",
    "edited_holes_and_odd_symbols",
)


def raw(name: str) -> dict:
    """The body of a sample: some were recorded with status and headers around it."""
    sample = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    return sample.get("data", sample)


def answer_of(name: str) -> Answer:
    """A sample as the gateway would take it."""
    body = json.dumps(raw(name)).encode()
    return read(validate(request(HERE), 200, {"content-type": "application/json"}, body, NOON).body)


def stamp(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


@pytest.mark.parametrize("name", WHOLE)
def test_each_step_is_read_at_its_own_moment(name):
    """A step of ours for each pair of theirs: its numbers are those of the later one's moment; what falls is what the
    earlier one says of the hours between."""
    series, hours = raw(name)["properties"]["timeseries"], to_hours(answer_of(name), HERE, UTC)
    assert len(hours) == len(series) - 1
    for before, step, hour in zip(series, series[1:], hours, strict=False):
        assert hour.time.timestamp() == stamp(step["time"])
        assert hour.temperature == step["data"]["instant"]["details"].get("air_temperature")
        assert hour.interval_hours == (stamp(step["time"]) - stamp(before["time"])) / 3600
        told = before["data"].get(f"next_{hour.interval_hours}_hours", {})
        assert hour.precipitation == told.get("details", {}).get("precipitation_amount")
        assert (hour.visibility, hour.condition is None) == (None, "summary" not in told)


@pytest.mark.parametrize("name", ["london_complete_2020_with_headers", "telemark_complete_2022_percentiles_confidence"])
def test_what_falls_is_never_counted_twice(name):
    """`next_6_hours` stands on every hourly step too: the sum is that of the hours, then of the six-hour steps."""
    series = raw(name)["properties"]["timeseries"]
    expected, until = 0.0, 0.0
    for step in series:
        begin = stamp(step["time"])
        one, six = (step["data"].get(f"next_{n}_hours", {}).get("details", {}) for n in (1, 6))
        if begin >= until and (one or six):
            expected += (one or six)["precipitation_amount"]
            until = begin + (3600 if one else 6 * 3600)
    hours = to_hours(answer_of(name), HERE, UTC)
    assert sum(hour.precipitation or 0 for hour in hours) == pytest.approx(expected)


def test_now_is_found_by_time():
    """At 14:30 London's answer of 11:44 tells half of 14:00 and of 15:00; the sky is that of the hour in between."""
    series = {
        step["time"]: step["data"] for step in raw("london_complete_2020_with_headers")["properties"]["timeseries"]
    }
    begin = next(iter(series))
    at = datetime.fromisoformat(begin) + timedelta(hours=3, minutes=30)
    before, later = (series[(at + timedelta(minutes=m)).strftime("%Y-%m-%dT%H:%M:%SZ")] for m in (-30, 30))
    now = to_now(answer_of("london_complete_2020_with_headers"), HERE, LONDON, at.timestamp())
    degrees = [data["instant"]["details"]["air_temperature"] for data in (before, later)]
    assert now.temperature == pytest.approx(sum(degrees) / 2)
    assert (now.basis, now.time) == ("forecast", at.astimezone(LONDON))


def test_a_first_step_that_is_yet_to_come_is_told_with_its_own_time():
    """Oslo was updated at 20:27 and began at 21:00: the running hour is missing, and no other is put in its place."""
    answer = answer_of("oslo_compact_2026_snow")
    first = stamp(answer.properties.timeseries[0].time)
    now = to_now(answer, HERE, UTC, first - 1800)
    assert now.time.timestamp() == first


def test_days_are_the_places_own_and_reach_to_the_extremes():
    """Whole days but today, in London's calendar; of six-hour steps the extremes count, not only the four moments."""
    answer, series = answer_of("london_complete_2020_with_headers"), raw("london_complete_2020_with_headers")
    steps = series["properties"]["timeseries"]
    now = stamp(steps[0]["time"]) + 1800
    found = to_days(answer, HERE, LONDON, now)
    today = datetime.fromtimestamp(now, LONDON).date()
    assert [day.date for day in found] == [today + timedelta(days=n) for n in range(len(found))]
    assert len(found) >= 8 and not any(day.partial for day in found[1:])
    last = found[-1].date
    maxima = [
        step["data"]["next_6_hours"]["details"]["air_temperature_max"]
        for step in steps
        if "next_6_hours" in step["data"]
        and "next_1_hours" not in step["data"]
        and (datetime.fromisoformat(step["time"]) + timedelta(hours=3)).astimezone(LONDON).date() == last
    ]
    assert found[-1].temperature_max >= max(maxima)


def test_holes_and_odd_symbols_cost_themselves():
    """Keys and periods that are not there, names that nobody knows: all other values are there."""
    hours = to_hours(answer_of("edited_holes_and_odd_symbols"), HERE, UTC)
    assert sum(hour.temperature is not None for hour in hours) >= len(hours) - 3


def test_no_data_at_a_place_is_no_weather():
    """200 with an empty series: it holds nothing, so it replaces nothing, and no step is made of it."""
    body = json.dumps(raw("doc_no_data_at_location")).encode()
    assert not holds(body)
    assert to_hours(read(body), HERE, UTC) == () and to_now(read(body), HERE, UTC, NOON) is None


@pytest.mark.parametrize(
    ("status", "kind"), [(400, UpstreamStatus), (403, UpstreamRateLimited), (429, UpstreamRateLimited)]
)
def test_errors_are_no_json(status, kind):
    """HTML or plain text: refused by its status, an hour's pause where asking again makes it worse."""
    with pytest.raises(kind) as refused:
        validate(request(HERE), status, {"content-type": "text/html"}, b"<h1>No</h1>", NOON)
    assert status == 400 or refused.value.retry_after == 3600


@pytest.mark.parametrize("body", [b"<html>", b"[]", b'{"type":"Feature"}', b""])
def test_what_is_no_forecast_is_refused(body):
    with pytest.raises(UpstreamInvalid):
        validate(request(HERE), 200, {"content-type": "application/json"}, body, NOON)


def test_a_deprecated_product_is_said_once(caplog):
    """203: the data is good, and the log says so once."""
    body = json.dumps(raw("oslo_compact_2026_snow")).encode()
    for _ in range(3):
        assert validate(request(HERE), 203, {"content-type": "application/json"}, body, NOON).status == 200
    assert sum("deprecated" in record.message for record in caplog.records) == 1


def test_the_request_has_two_decimals_and_no_more():
    assert request(Coordinates(59.91, 10.75)).target == f"{FORECAST.path}?lat=59.91&lon=10.75"
