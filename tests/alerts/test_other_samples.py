"""Every shared sample of Bright Sky and MetAlerts."""

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fakes import NOON
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.alerts import deduplicate
from weather.domain.model import Coordinates
from weather.errors import UpstreamStatus
from weather.providers.alerts.brightsky import BRIGHT_SKY
from weather.providers.alerts.metalerts import METALERTS

FOLDER = Path(__file__).parent.parent.parent.parent / "shared" / "alerts" / "samples"
pytestmark = pytest.mark.needs(FOLDER)

BERLIN, JSON = Coordinates(52.52, 13.4), {"content-type": "application/json"}


def found(source, name: str):
    raw = (FOLDER / f"{name}.json").read_bytes()
    return source.read(source.validate(source.request(BERLIN), 200, JSON, raw, 0.0).body)(UTC, NOON)


def changed(source, name: str, **more):
    """The sample with other members in its one warning."""
    body = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    (one,) = body.get("alerts") or body["features"]
    one.get("properties", one).update(more)
    return source.read(json.dumps(body).encode())(UTC, NOON)


def test_a_german_warning_is_one_in_two_languages():
    """Each reader gets it once, in German or in English; its end is that of the frost."""
    both = found(BRIGHT_SKY, "brightsky_berlin_frost")
    (german,), (english,) = (deduplicate(both.alerts, language) for language in ("de", "en"))
    assert (german.event, english.event) == ("Amtliche WARNUNG vor FROST", "Official WARNING of FROST")
    assert german.sender == "Deutscher Wetterdienst" and german.id == english.id and english.severity == "minor"
    assert english.ends_at == datetime(2026, 3, 7, 8, tzinfo=UTC) and "Frostschutz" in german.description


def test_warnings_for_different_heights_stay_apart():
    """Of one event, begin and end, with other texts."""
    body = json.loads((FOLDER / "brightsky_berlin_frost.json").read_text("utf-8"))
    (low,) = body["alerts"]
    high = low | {
        "alert_id": "high",
        "description_de": "Oberhalb 600 m strenger Frost.",
        "description_en": "Above 600 m.",
    }
    both = BRIGHT_SKY.read(json.dumps({"alerts": [low, high]}).encode())(UTC, NOON)
    assert [len(deduplicate(both.alerts, language)) for language in ("de", "en", "fr")] == [2, 2, 2]


def test_a_norwegian_warning_has_its_times_from_when():
    """Begin and end of the hazard; its level and area; what to do."""
    (fire,) = found(METALERTS, "metalerts_oslo_point_2026_08").alerts
    assert (fire.event, fire.severity) == ("Skogbrannfare (Yellow)", "moderate")
    assert fire.starts_at == datetime(2026, 8, 5, 8, 30, tzinfo=UTC)
    assert fire.ends_at == datetime(2026, 8, 25, 21, 59, tzinfo=UTC)
    assert fire.areas == ("Deler av Agder og Østlandet sør for Mjøsa",) and "Ikke bruk åpen ild" in fire.description


@pytest.mark.parametrize("more", [
    {"status": "Test"}, {"type": "Cancel"}, {"awareness_level": "1; green; Minor"},
    {"title": "Cancelled: Skogbrannfare, gult nivå"},
])  # fmt: skip
def test_tests_cancellations_and_green_are_none(more):
    """And the answer was read whole."""
    told = changed(METALERTS, "metalerts_oslo_point_2026_08", **more)
    assert told.alerts == [] and told.is_whole


def test_a_german_test_is_none():
    """Its status is in lower case."""
    assert changed(BRIGHT_SKY, "brightsky_berlin_frost", status="test").alerts == []


@pytest.mark.parametrize("response", ["allclear", "AllClear", " ALLCLEAR "])
def test_a_german_all_clear_is_none(response):
    """CAP 1.2: the event no longer poses a threat. Any other response is one to a warning."""
    told = changed(BRIGHT_SKY, "brightsky_berlin_frost", response_type=response)
    assert told.alerts == [] and told.is_whole
    assert changed(BRIGHT_SKY, "brightsky_berlin_frost", response_type="monitor").alerts


def test_a_warning_for_the_sea_says_so():
    """A point on the coast may get it."""
    (gale,) = changed(METALERTS, "metalerts_oslo_point_2026_08", geographicDomain="marine").alerts
    assert gale.event == "Skogbrannfare (Yellow, at sea)"


@pytest.mark.parametrize(("source", "name"), [
    (BRIGHT_SKY, "brightsky_weiherhammer_none_2023"), (METALERTS, "doc_metalerts_none"),
])  # fmt: skip
def test_none_is_an_answer_that_was_read_whole(source, name):
    """An empty list says that there are none."""
    told = found(source, name)
    assert told.alerts == [] and told.is_whole


def test_not_covered_is_no_failure_of_bright_sky_and_one_of_metalerts():
    """A 404 outside of Germany; MetAlerts has no such answer."""
    raw = (FOLDER / "doc_brightsky_not_covered_404.json").read_bytes()
    assert BRIGHT_SKY.validate(BRIGHT_SKY.request(BERLIN), 404, JSON, raw, 0.0).status == 404
    with pytest.raises(UpstreamStatus):
        METALERTS.validate(METALERTS.request(BERLIN), 404, JSON, raw, 0.0)


odd = st.one_of(
    st.none(), st.integers(), st.booleans(), st.lists(st.none(), max_size=2), st.text(max_size=9), st.just("12"),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-40", "2026-11-24T12:00"]),
)  # fmt: skip
GERMAN = (
    "alert_id",
    "onset",
    "effective",
    "expires",
    "category",
    "severity",
    "event_en",
    "headline_en",
    "instruction_de",
)
NORWEGIAN = ("id", "area", "event", "eventEndingTime", "severity", "riskMatrixColor", "geographicDomain", "instruction")


@given(st.dictionaries(st.sampled_from(GERMAN), odd), st.dictionaries(st.sampled_from(NORWEGIAN), odd), odd)
def test_odd_members_never_raise_nor_read_as_none(german, norwegian, interval):
    """Whatever is missing, null or odd, the warning is told, or the answer has a gap."""
    told = changed(BRIGHT_SKY, "brightsky_berlin_frost", **german)
    assert told.alerts or not told.is_whole
    body = json.loads((FOLDER / "metalerts_oslo_point_2026_08.json").read_text("utf-8"))
    body["features"][0]["properties"].update(norwegian)
    body["features"][0]["when"] = {"interval": [interval, interval]}
    told = METALERTS.read(json.dumps(body).encode())(UTC, NOON)
    assert told.alerts or not told.is_whole


def test_a_deprecated_service_still_warns():
    """203, as MET Norway answers for what it is about to replace: the data is good."""
    raw = (FOLDER / "metalerts_oslo_point_2026_08.json").read_bytes()
    answer = METALERTS.validate(METALERTS.request(BERLIN), 203, JSON, raw, 0.0)
    assert answer.status == 200 and len(METALERTS.read(answer.body)(UTC, NOON).alerts) == 1
