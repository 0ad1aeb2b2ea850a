"""Every shared sample of Environment Canada and GeoSphere Austria, and that no odd message reads as none."""

import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.alerts import current_and_upcoming, deduplicate
from weather.domain.model import Coordinates
from weather.errors import UpstreamInvalid, UpstreamRateLimited, UpstreamServerError, UpstreamStatus
from weather.providers.alerts.eccc import ECCC
from weather.providers.alerts.geosphere import GEOSPHERE

FOLDER = Path(__file__).parent.parent.parent.parent / "shared" / "alerts" / "samples"
pytestmark = pytest.mark.needs(FOLDER)

HALIFAX, VIENNA = Coordinates(44.65, -65.2), Coordinates(48.21, 16.37)
JSON, GEO = {"content-type": "application/json"}, {"content-type": "application/geo+json"}
HEAT, AUSTRIA = "eccc_annapolis_heat", "doc_geosphere_austria_two_warnings"


def sample(name: str) -> dict:
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))


def found(source, body: object, tz=UTC):
    raw = json.dumps(body).encode()
    return source.read(source.validate(source.request(HALIFAX), 200, JSON, raw, 0.0).body)(tz, NOON)


def heat(*more: dict):
    """The Canadian warning, once for each of these changes."""
    (feature,) = sample(HEAT)["features"]
    features = [{"properties": feature["properties"] | change} for change in more]
    return found(ECCC, {"features": features, "numberMatched": len(features)})


def austrian(*more: dict):
    """The first Austrian warning, once for each of these changes."""
    one = sample(AUSTRIA)["properties"]["warnings"][0]["properties"]
    return found(GEOSPHERE, {"properties": {"warnings": [{"properties": one | change} for change in more]}})


def test_each_is_asked_with_the_point_as_it_asks():
    """Canada with a box of no size, longitude first; Austria with longitude, latitude and English."""
    assert ECCC.request(HALIFAX).target == (
        "/collections/weather-alerts/items?bbox=-65.2,44.65,-65.2,44.65&f=json"
    )  # fmt: skip
    assert GEOSPHERE.request(VIENNA).target == "/wsapp/api/getWarningsForCoords?lang=en&lat=48.21&lon=16.37"


def test_a_canadian_warning_is_one_in_two_languages_and_ends_with_its_hazard():
    """The message expires on the 6th, the heat ends on the 8th; each reader gets it once."""
    told = found(ECCC, sample(HEAT))
    (english,), (french,) = (deduplicate(told.alerts, language) for language in ("en", "fr"))
    assert (english.event, french.event) == ("Heat warning", "Avertissement de chaleur") and told.is_whole
    assert english.sender == "Environment and Climate Change Canada" and english.id == french.id
    assert english.starts_at == datetime(2026, 8, 5, 18, 37, tzinfo=UTC)
    assert english.ends_at == datetime(2026, 8, 8, 22, tzinfo=UTC)
    assert (english.severity, english.areas) == ("moderate", ("Annapolis County",))
    assert "extreme heat can affect everyone’s health" in english.description
    last = datetime(2026, 8, 8, 22, tzinfo=UTC).timestamp()
    assert current_and_upcoming(told.alerts, last - 1) and not current_and_upcoming(told.alerts, last)


def test_what_has_ended_in_canada_takes_its_older_messages_with_it():
    """A newer message of one kind and zone replaces the older one; "ended" is none; another zone is another."""
    newer = {"publication_datetime": "2026-08-06T01:00:00.000Z"}
    assert heat(newer | {"status_en": "ended"}, {}).alerts == []
    renamed = heat({}, newer | {"alert_name_en": "extreme heat warning"}).alerts
    assert [one.event for one in deduplicate(renamed, "en")] == ["Extreme heat warning"]
    assert len(deduplicate(heat({}, {"feature_id": "other", "alert_text_en": "Other."}).alerts, "en")) == 2


def test_a_canadian_warning_keeps_its_id_as_it_is_continued():
    """Its times move with each bulletin, the record's id does not. Two records of one zone stay two."""
    (record,) = sample(HEAT)["features"]
    later = {"publication_datetime": "2026-08-06T01:00:00Z", "validity_datetime": "2026-08-06T00:50:00Z"}

    def ids(number: str, more: dict) -> set[str]:
        again = {"id": number, "properties": record["properties"] | more}
        return {one.id for one in found(ECCC, {"features": [again]}).alerts}

    assert len(ids(record["id"], {}) | ids(record["id"], later)) == 1
    assert ids(record["id"], {}).isdisjoint(ids("another", {}))


def test_canadian_statements_stay_apart_and_have_no_colour():
    """Two of one zone may stand for different hazards; the keys of the risk are missing."""
    bare = {"alert_type": "statement", "risk_colour_en": None, "alert_name_fr": None, "alert_text_fr": None}
    told = heat(bare, bare | {"publication_datetime": "2026-08-06T01:00:00Z", "alert_text_en": "Fog."}).alerts
    assert [one.severity for one in told] == ["minor", "minor"]


@pytest.mark.parametrize(("colour", "severity"), [("yellow", "moderate"), ("orange", "severe"), ("red", "extreme")])
def test_a_colour_is_a_severity(colour, severity):
    """Of Canada's words and Austria's numbers."""
    level = ("yellow", "orange", "red").index(colour) + 1
    assert heat({"risk_colour_en": colour}).alerts[0].severity == severity
    (one,) = austrian({"warnstufeid": level}).alerts
    assert (one.event, one.severity) == (f"Storm warning ({colour})", severity)


def test_austrian_warnings_have_the_times_of_their_seconds():
    """Both of the sample; `rawinfo` rules, the local words say the same where it is missing."""
    told = found(GEOSPHERE, sample(AUSTRIA), ZoneInfo("Europe/Vienna"))
    assert [(one.event, one.severity) for one in told.alerts] == [
        ("Storm warning (yellow)", "moderate"), ("Snow warning (orange)", "severe"),
    ]  # fmt: skip
    vienna = timezone(timedelta(hours=1))
    assert told.alerts[0].starts_at == datetime(2026, 2, 10, 12, tzinfo=vienna)
    assert told.alerts[0].ends_at == datetime(2026, 2, 10, 22, tzinfo=vienna)
    assert told.alerts[0].areas == ("Wien-Innere Stadt",) and "Secure loose things." in told.alerts[0].description
    bare = sample(AUSTRIA)
    for one in bare["properties"]["warnings"]:
        one["properties"]["rawinfo"] = None
    again = found(GEOSPHERE, bare, ZoneInfo("Europe/Vienna"))
    assert [(one.starts_at, one.ends_at) for one in again.alerts] == [
        (one.starts_at, one.ends_at) for one in told.alerts
    ]


def test_of_an_austrian_warning_the_last_version_is_told():
    """By its number of changes, whatever the order; level 0 is none."""
    (one,) = austrian({"chgid": 2, "text": "Newer."}, {"chgid": 0}).alerts
    assert one.description.startswith("Newer.")
    told = austrian({"warnstufeid": 0})
    assert told.alerts == [] and told.is_whole


def test_tests_never_show():
    """Whatever their level."""
    assert heat({"alert_name_en": "TEST MESSAGE"}).alerts == []
    assert austrian({"text": "This is a test."}).alerts == []


@pytest.mark.parametrize(("source", "body"), [
    (ECCC, sample("eccc_toronto_none") if FOLDER.exists() else {}),
    (GEOSPHERE, {"properties": {"location": {"properties": {"name": "Wien"}}, "warnings": []}}),
])  # fmt: skip
def test_none_is_an_answer_that_was_read_whole(source, body):
    """An empty list says that there are none."""
    told = found(source, body)
    assert told.alerts == [] and told.is_whole


def test_a_further_page_and_what_cannot_be_read_are_gaps():
    """More matched than came; a feature of another shape; a message without words."""
    (feature,) = sample(HEAT)["features"]
    assert not found(ECCC, {"features": [feature], "numberMatched": 2}).is_whole
    assert not found(ECCC, {"features": [], "numberMatched": 1}).is_whole
    assert not found(ECCC, {"features": [feature, 5]}).is_whole
    assert not found(GEOSPHERE, {"properties": {"warnings": [{"properties": {}}]}}).is_whole


def test_every_refusal_is_a_failure():
    """No status says "not covered"; a page of HTML, another shape, a list where none belongs."""
    html = {"content-type": "text/html"}
    for source in (ECCC, GEOSPHERE):
        for error, status, headers, body in (
            (UpstreamStatus, 400, JSON, b"{}"), (UpstreamStatus, 404, JSON, b"{}"),
            (UpstreamServerError, 500, html, b""), (UpstreamRateLimited, 429, html, b""),
            (UpstreamRateLimited, 403, html, b""), (UpstreamInvalid, 200, html, b"<p>"),
            (UpstreamInvalid, 200, JSON, b"{}"), (UpstreamInvalid, 200, GEO, b"[]"),
            (UpstreamInvalid, 200, JSON, b'{"properties": [], "warnings": [], "features": {}}'),
        ):  # fmt: skip
            with pytest.raises(error):
                source.validate(source.request(VIENNA), status, headers, body, 0.0)


odd = st.one_of(
    st.none(), st.integers(), st.booleans(), st.lists(st.none(), max_size=2), st.text(max_size=9), st.floats(),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-40", "2026-11-24T12:00"]),
    st.sampled_from(["99.99.9999 99:99", "01.01.0001 00:00", "1e999", "-1"]),
)  # fmt: skip
CANADIAN = (
    "alert_code", "alert_type", "alert_name_en", "alert_name_fr", "alert_text_fr", "publication_datetime",
    "validity_datetime", "event_end_datetime", "expiration_datetime", "risk_colour_en", "feature_name_en", "feature_id",
)  # fmt: skip
AUSTRIAN = ("warnid", "chgid", "warntypid", "begin", "end", "text", "auswirkungen", "empfehlungen", "meteotext")


@pytest.mark.slow
@given(
    st.dictionaries(st.sampled_from(CANADIAN), odd),
    st.dictionaries(st.sampled_from(AUSTRIAN), odd),
    st.dictionaries(st.sampled_from(["wtype", "start", "end"]), odd) | odd,
)
def test_odd_members_never_raise_nor_read_as_none(canadian, austrian_words, raw):
    """Whatever is missing, null or odd, the warning is told, or the answer has a gap."""
    told = heat(canadian)
    assert told.alerts or not told.is_whole
    told = austrian(austrian_words | {"rawinfo": raw})
    assert told.alerts or not told.is_whole
