"""Every shared sample of the National Weather Service: each warning once, for as long as its hazard lasts."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from weather.domain.alerts import current_and_upcoming
from weather.domain.model import Coordinates
from weather.errors import UpstreamInvalid, UpstreamRateLimited, UpstreamServerError, UpstreamStatus
from weather.providers.alerts.nws import NWS

FOLDER = Path(__file__).parent.parent.parent.parent / "shared" / "alerts" / "samples"
pytestmark = pytest.mark.needs(FOLDER)

HERE = NWS.request(Coordinates(47.61, -122.33))
GEO = {"content-type": "application/geo+json"}


def found(name: str):
    """The warnings of a sample, as the gateway would take it; some have status and headers around the body."""
    sample = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    body = sample.get("body", sample)
    raw = body.encode() if isinstance(body, str) else json.dumps(body).encode()
    return NWS.read(NWS.validate(HERE, 200, GEO, raw, 0.0).body)(UTC, 0.0)


def shown(name: str, at: str):
    now = datetime.fromisoformat(at).timestamp()
    return [(one.event, one.ends_at) for one in current_and_upcoming(found(name).alerts, now)]


def stamp(text: str) -> datetime:
    return datetime.fromisoformat(text)


def test_reissues_without_references_are_one_warning():
    """Seattle: three live air quality alerts of one office, with other zones and no references, are one: the newest."""
    alerts = found("nws_seattle_four").alerts
    assert [one.event for one in alerts] == ["Heat Advisory", "Air Quality Alert"]
    assert alerts[1].starts_at == stamp("2026-08-04T11:01:00-07:00")
    assert {one.sender for one in alerts} == {"NWS Seattle WA"}


def test_a_warning_ends_with_its_hazard_not_with_its_message():
    """Siskiyou: the message expires at 05:00, the heat ends at 23:00."""
    name, ends = "nws_siskiyou_heat_expires_before_ends", stamp("2026-08-06T23:00:00-07:00")
    assert shown(name, "2026-08-06T22:59:00-07:00") == [("Heat Advisory", ends)]
    assert shown(name, "2026-08-06T23:00:00-07:00") == []


def test_updates_replace_and_tests_never_show():
    """The edited sample: an update of a warning beside it, a test, and a flood warning whose end is its message's."""
    assert shown("edited_nws_update_test_and_nulls", "2026-08-05T22:00:00Z") == [
        ("Heat Advisory", stamp("2026-08-06T23:00:00-07:00")),
        ("Flood Warning", stamp("2026-08-06T05:00:00-07:00")),
    ]


def test_a_test_beside_a_warning_is_left_out():
    """The hand-made sample, without ids, offices or onsets: the warning alone, from when it takes effect."""
    (one,) = found("nws_hand_made_with_test_message").alerts
    assert (one.event, one.sender, one.starts_at) == (
        "Heat Advisory", "National Weather Service", stamp("2026-03-24T08:00:00-04:00"),
    )  # fmt: skip


def test_the_bodies_of_2019_are_read():
    """Older members and ids; the lines set for telex flow."""
    (flood,) = found("nws_zone_2019").alerts
    assert (flood.event, flood.ends_at) == ("Flood Watch", stamp("2019-12-22T10:00:00-08:00"))
    assert "there is a potential for flooding based on current forecasts." in flood.description


@pytest.mark.parametrize("name", ["nws_minneapolis_none", "nws_new_york_none_with_headers"])
def test_none_is_an_answer_that_was_read_whole(name):
    """An empty list says that there are none."""
    assert found(name).alerts == [] and found(name).is_whole


def test_a_point_outside_the_us_is_not_covered():
    """Its 400 counts as a 404: no failure, and not "none"."""
    raw = (FOLDER / "nws_outside_us_400.json").read_bytes()
    assert NWS.validate(HERE, 400, {"content-type": "application/problem+json"}, raw, 0.0).status == 404


def test_any_other_refusal_is_a_failure():
    """An unknown parameter, another 404, trouble, a block, and a page of HTML or a bare object under 200."""
    unknown = (FOLDER / "doc_nws_unknown_parameter_400.json").read_bytes()
    points = (FOLDER / "nws_points_zero_zero_404_with_headers.json").read_bytes()
    html = {"content-type": "text/html"}
    for error, status, headers, body in (
        (UpstreamStatus, 400, GEO, unknown), (UpstreamStatus, 404, GEO, points),
        (UpstreamServerError, 502, html, b"<p>"), (UpstreamRateLimited, 403, html, b""),
        (UpstreamRateLimited, 429, html, b""), (UpstreamInvalid, 200, html, b"<p>"),
        (UpstreamInvalid, 200, GEO, b'{"features": {}}'), (UpstreamInvalid, 200, GEO, b"[]"),
    ):  # fmt: skip
        with pytest.raises(error):
            NWS.validate(HERE, status, headers, body, 0.0)


def test_the_point_is_written_as_they_ask():
    """Latitude first, no zeros at the end: others are redirected."""
    assert NWS.request(Coordinates(40.7, -74.0)).target == "/alerts/active?point=40.7,-74"
