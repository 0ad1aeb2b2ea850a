"""What a feed of MeteoAlarm means: every shared sample, and that no odd message hides a warning or reads as none."""

import json
from datetime import UTC, datetime
from math import cos, pi, sin
from pathlib import Path

import msgspec
import pytest
from fakes import NOON, iso
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.alerts import current_and_upcoming, deduplicate
from weather.domain.model import Coordinates
from weather.errors import UpstreamInvalid, UpstreamRateLimited, UpstreamServerError, UpstreamStatus
from weather.providers.alerts.meteoalarm import FEEDS, METEOALARM, request
from weather.providers.alerts.meteoalarm_feed import Index, condense
from weather.providers.alerts.outline import outline, touches

FOLDER = Path(__file__).parent.parent.parent.parent / "shared" / "alerts" / "samples"
samples = pytest.mark.needs(FOLDER)

AMSTERDAM, HERE, THERE = Coordinates(52.37, 4.9), Coordinates(50.0, 10.0), Coordinates(60.0, 10.0)
SQUARE = "49,9 49,11 51,11 51,9 49,9"


def stamp(text: str) -> float:
    return datetime.fromisoformat(text).timestamp()


def found(body: object, now: float = NOON, at: Coordinates = HERE):
    """The warnings of a feed at a point, as client, validator and reader make them."""
    kept = condense(json.dumps(body).encode(), now)
    headers = {"content-type": "application/json"}
    answer = METEOALARM.validate(request(AMSTERDAM), 200, headers, kept, now)
    return METEOALARM.read(answer.body)(UTC, now).at(at)


def sample(name: str, drawn: bool = False) -> dict:
    """A shared sample; `drawn`: with an outline for each of its areas."""
    body = json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
    for entry in body["warnings"] if drawn else ():
        for info in entry["alert"]["info"]:
            for area in info["area"]:
                area["polygon"] = SQUARE
    return body


def info(**more) -> dict:
    """A part of a warning of two hours that is on, orange, with an outline and a code."""
    pairs = {"awareness_level": "3; orange; Severe", "awareness_type": "1; Wind"} | more.pop("pairs", {})
    area = {"areaDesc": "Here", "polygon": SQUARE, "geocode": [{"valueName": "EMMA_ID", "value": "XX001"}]}
    return {
        "language": "en-GB", "event": "Wind warning", "description": "Gusts.", "senderName": "Service",
        "onset": iso(NOON - 3600), "expires": iso(NOON + 3600), "area": [area | more.pop("area", {})],
        "parameter": [{"valueName": name, "value": value} for name, value in pairs.items()],
    } | more  # fmt: skip


def alert(*infos: dict, **more) -> dict:
    told = {"identifier": "one", "sender": "a@example.com", "sent": iso(NOON - 7200), "status": "Actual"}
    return {"alert": told | {"msgType": "Alert", "info": list(infos) or [info()]} | more}


def feed(*alerts: object) -> dict:
    return {"warnings": list(alerts)}


def events(*alerts: object, now: float = NOON) -> list[str]:
    return [one.event for one in current_and_upcoming(found(feed(*alerts)).alerts, now)]


@samples
def test_of_a_stream_what_is_in_force_or_to_come_is_left():
    """The edited stream: the update of the orange one and the red one to come; no green, expired or empty one."""
    now = stamp("2026-03-07T12:00+01:00")
    told = found(sample("edited_meteoalarm_stream_of_messages", drawn=True), now)
    (update, red) = deduplicate(current_and_upcoming(told.alerts, now), "en")
    assert (update.severity, update.ends_at) == ("moderate", datetime(2026, 3, 7, 17, tzinfo=UTC))
    assert (red.severity, red.starts_at) == ("extreme", datetime(2026, 3, 9, 5, tzinfo=UTC))
    assert told.is_whole and not told.elsewhere_until and update.areas == ("Drenthe",)
    assert update.sender == "KNMI Koninklijk Nederlands Meteorologisch Instituut" == red.sender


@samples
def test_each_reader_gets_a_warning_once_in_a_language():
    """The parts of a message are one warning, also where the service's name differs by language."""
    now = stamp("2026-03-07T12:00+01:00")
    told = current_and_upcoming(
        found(sample("edited_meteoalarm_stream_of_messages", drawn=True), now).alerts, now
    )  # fmt: skip
    assert [one.language for one in deduplicate(told, "nl")] == ["nl", "nl"]
    assert [one.language for one in deduplicate(told, "fr")] == ["en", "en"]


@samples
def test_where_areas_have_codes_alone_there_may_be_warnings_until_the_last_one_ends():
    """The stream and Bosnia: none is told for the point, and that there are some in the country is known."""
    for name, at, until in (
        ("edited_meteoalarm_stream_of_messages", "2026-03-07T12:00+01:00", "2026-03-09T20:00+01:00"),
        ("meteoalarm_bosnia_2024", "2024-01-07T12:00+01:00", "2024-01-10T10:00:59+01:00"),
    ):
        told = found(sample(name), stamp(at))
        assert (list(told.alerts), told.is_whole, told.elsewhere_until) == ([], True, stamp(until))


@samples
def test_bosnia_has_all_its_warnings_in_two_languages():
    """Twenty-two messages of January 2024, drawn: one is issued again; later the expired are gone; each is yellow."""
    now = stamp("2024-01-07T12:00+01:00")
    told = found(sample("meteoalarm_bosnia_2024", drawn=True), now).alerts
    english = [one for one in told if one.language == "en"]
    assert len(english) == 21 == len(told) / 2 and {one.severity for one in told} == {"moderate"}
    late = stamp("2024-01-09T12:00+01:00")
    assert len(found(sample("meteoalarm_bosnia_2024", drawn=True), late).alerts) == 8


@samples
def test_green_alone_is_none():
    """The Netherlands with nothing but green: read whole, and nothing is left."""
    told = found(sample("meteoalarm_netherlands_only_green"), stamp("2026-03-06T12:00+01:00"))
    assert (list(told.alerts), told.is_whole, told.elsewhere_until) == ([], True, 0.0)


@samples
@pytest.mark.parametrize(("at", "events"), [
    (HERE, ["Test Triangle"]), (Coordinates(41.5, 12.3), ["Two Areas"]), (Coordinates(48.5, 16.3), ["Two Areas"]),
    (THERE, []),
])  # fmt: skip
def test_outlines_tell_whose_warning_it_is(at, events):
    """The hand-made polygons: by latitude and longitude; of the area without one it is not known."""
    now = stamp("2026-04-24T12:00+00:00")
    told = found(sample("meteoalarm_hand_made_polygons"), now, at)
    assert [one.event for one in told.alerts] == events
    assert told.elsewhere_until == stamp("2026-04-25T00:00Z")


def test_the_feed_is_that_of_the_country_by_its_boundaries():
    """No point and no parameter is sent: all visitors of a country ask for one thing."""
    assert request(AMSTERDAM).target.rstrip("?") == "/api/v1/warnings/feeds-netherlands"
    assert request(AMSTERDAM) == request(Coordinates(53.2, 6.57))
    assert len(FEEDS) == len(set(FEEDS.values())) == 39


@pytest.mark.parametrize("more", [
    {"status": "Test"}, {"status": "Exercise"}, {"msgType": "Cancel"}, {"msgType": "Ack"}, {"msgType": "Error"},
    {"info": [info(event="Test Message")]}, {"info": [info(pairs={"awareness_level": "1; green; Minor"})]},
    {"info": [info(responseType=["AllClear"])]}, {"info": [info(expires=iso(NOON - 3600))]},
    {"info": [info(onset=iso(NOON + 60), expires=iso(NOON + 60))]}, {"info": [info(expires=iso(NOON))]},
])  # fmt: skip
def test_what_does_not_warn_never_shows(more):
    """Tests, cancellations, green, "all clear", what is over, windows of no length; also without an outline."""
    told = found(feed(alert(**more)))
    assert told.alerts == [] and told.is_whole and not told.elsewhere_until
    for one in more.get("info", ()):
        one["area"][0].pop("polygon", None)
    assert not found(feed(alert(**more))).elsewhere_until


@pytest.mark.parametrize("start", [NOON - 1800, NOON + 7200])
def test_one_that_ends_before_it_starts_is_told_with_no_clear_end(start):
    """Until a day after its start, as of every other source; its area alone, too, is not known to be quiet."""
    odd = info(onset=iso(start), expires=iso(start - 3600))
    assert events(alert(odd)) == ["Wind warning (orange)"]
    (one,) = found(feed(alert(odd))).alerts
    assert one.ends_at < one.starts_at and events(alert(odd), now=start + 86400) == []
    odd["area"][0].pop("polygon")
    assert found(feed(alert(odd))).elsewhere_until == start + 86400


def test_one_without_times_keeps_its_id_as_it_is_fetched_and_sent_again():
    """What it is of tells it from others, and its end if that is known: not when it was sent, nor when it came."""
    untimed = info(onset=None, expires=None)
    for parts in (untimed, untimed | {"expires": iso(NOON + 7200)}):
        ids = {
            found(feed(alert(parts, sent=sent)), now).alerts[0].id
            for sent, now in ((None, NOON), (None, NOON + 300), (iso(NOON - 60), NOON), (iso(NOON - 7200), NOON))
        }
        assert len(ids) == 1


def test_a_title_that_takes_it_back_is_no_warning():
    """Event or headline, whatever the type of the message."""
    assert events(alert(info(event="Cancelled: Wind warning"))) == []
    assert events(alert(info(headline="CANCELLED - Wind warning"))) == []


def test_an_update_and_a_cancellation_take_away_what_they_name():
    """By sender and identifier; through a chain of updates; a test takes nothing away."""
    named = {"sent": iso(NOON - 60), "references": f"a@example.com,one,{iso(NOON - 7200)}"}
    update = alert(info(event="Newer wind warning"), identifier="two", msgType="Update", **named)
    assert events(alert(), update) == ["Newer wind warning (orange)"]
    assert events(alert(), alert(identifier="two", msgType="Cancel", **named)) == []
    assert events(alert(), alert(identifier="two", msgType="Cancel", status="Test", **named)) == [
        "Wind warning (orange)"
    ]
    third = alert(info(event="Newest"), identifier="three", sent=iso(NOON), references="a@example.com,two,x")
    assert events(alert(), update, third) == ["Newest (orange)"]


def test_two_that_name_each_other_do_not_hide_each_other():
    """One of them is shown."""
    one = alert(references="a@example.com,two,x")
    assert len(events(one, alert(identifier="two", references="a@example.com,one,x"))) == 1


def test_what_a_newer_message_says_of_all_that_is_left_replaces_without_naming():
    """Of one sender, kind and area; green too. Not a shorter one, not another kind, area or sender, nor one as old."""
    newer = {"identifier": "two", "sent": iso(NOON - 60)}
    assert events(alert(), alert(info(event="Red wind warning"), **newer)) == ["Red wind warning"]
    assert events(alert(), alert(info(pairs={"awareness_level": "1; green; Minor"}), **newer)) == []
    for other in (
        alert(info(expires=iso(NOON + 1800)), **newer), alert(info(pairs={"awareness_type": "10; Rain"}), **newer),
        alert(info(area={"geocode": [{"valueName": "NUTS3", "value": "XX001"}]}), **newer),
        alert(**newer | {"sender": "b@example.com"}), alert(identifier="two", sent=iso(NOON - 7200)),
    ):  # fmt: skip
        assert len(events(alert(), other)) == 2


def test_the_level_is_the_number_of_meteoalarm_and_stands_with_the_name():
    """CAP's severity is derived from it, and at times wrong. A name that has its colour keeps it as it is."""
    (one,) = found(feed(alert(info(severity="Minor")))).alerts
    assert (one.event, one.severity, one.tags, one.url) == (
        "Wind warning (orange)", "severe", ("Wind",), "https://meteoalarm.org/",
    )  # fmt: skip
    assert events(alert(info(event="Orange wind warning"))) == ["Orange wind warning"]
    (bare,) = found(feed(alert(info(severity="Minor", parameter=None)))).alerts
    assert (bare.event, bare.severity) == ("Wind warning", "minor")


def test_a_warning_ends_with_its_hazard_and_says_when_it_was_issued():
    """The parameter that names the hazard's end rules; without any end it lasts for a day."""
    later = info(pairs={"eventEndingTime": iso(NOON + 9000)})
    (one,) = found(feed(alert(later))).alerts
    assert one.ends_at == datetime.fromtimestamp(NOON + 9000, UTC)
    assert one.description.endswith("Issued: 2026-11-24 10:00 UTC")
    endless = alert(info(expires=None))
    assert events(endless, now=NOON + 82_799) and not events(endless, now=NOON + 82_800)


def test_a_part_without_an_outline_is_not_told_for_the_whole():
    """One area drawn, one by its code: at the drawn one it is told, and elsewhere there may be one."""
    areas = [*info()["area"], {"areaDesc": "There", "geocode": [{"valueName": "EMMA_ID", "value": "XX002"}]}]
    for at, count in ((HERE, 1), (THERE, 0)):
        told = found(feed(alert(info(area={}) | {"area": areas})), at=at)
        assert len(told.alerts) == count and told.elsewhere_until == NOON + 3600
    for lacking in ({"polygon": "49,9 x"}, {"polygon": [SQUARE, "1,2"]}, {"polygon": None}):
        told = found(feed(alert(info(area=lacking))))
        assert told.alerts == [] and told.elsewhere_until == NOON + 3600
    assert found(feed(alert(info() | {"area": None}))).elsewhere_until == NOON + 3600


def test_an_outline_holds_what_lies_in_it_or_beside_it_by_less_than_a_cell():
    """A square of two degrees with a notch cut into it; a degree of longitude is shorter in the north."""
    notched = outline("49,9 49,11 51,11 51,9 50.5,9 50.5,10 49.5,10 49.5,9 49,9")
    inside, beside, outside = [(49.2, 9.5), (50, 10.5), (50.8, 9.2)], [(48.991, 10), (51.009, 10), (50, 9.99)], [
        (50, 9.5), (48.98, 10), (50, 11.02), (52, 10),
    ]  # fmt: skip
    assert all(touches(notched, Coordinates(*at)) for at in inside + beside)
    assert not any(touches(notched, Coordinates(*at)) for at in outside)
    assert touches(outline("80,9 80,11 81,11 81,9"), Coordinates(80.5, 8.95))
    assert [outline(text) for text in ("", "1,2 3,4", "91,0 92,1 93,2", "a,b c,d e,f", "1,2,3 4,5 6,7")] == [None] * 5


def test_a_fine_outline_is_kept_coarsely_and_hides_nobody():
    """A circle of 0.3 degrees with 9,000 corners: few are kept, and whatever lies in it is in it still."""
    turns = [2 * pi * n / 9000 for n in range(9000)]
    fine = outline(" ".join(f"{50 + 0.3 * sin(turn):.5f},{10 + 0.3 * cos(turn):.5f}" for turn in turns))
    assert len(fine.corners) < 900
    for turn in turns[::50]:
        assert touches(fine, Coordinates(50 + 0.2999 * sin(turn), 10 + 0.2999 * cos(turn)))
        assert not touches(fine, Coordinates(50 + 0.32 * sin(turn), 10 + 0.32 * cos(turn)))
    assert touches(outline("50,10 50.001,10 50,10.001"), Coordinates(50.0, 10.0))


def test_what_cannot_be_read_is_a_gap_or_a_failure():
    """A message of another shape, or a part of one, without words: a gap. No list of warnings: a failure."""
    for odd in (5, {}, {"alert": {}}, alert(info(), 5), alert(info(event=None, description=None)), alert(info={})):
        told = found(feed(alert(identifier="beside"), odd))
        assert not told.is_whole and told.alerts
    for body in (b"", b"<p>", b"[]", b"{}", b'{"warnings": {}}', b'{"warnings": null}'):
        with pytest.raises(UpstreamInvalid):
            condense(body, NOON)


def test_a_feed_is_kept_bounded():
    """Three thousand parts with texts: the first two thousand are kept, and that there are more."""
    many = [alert(info(event=f"Wind {n}", area={"geocode": []}, pairs={"awareness_type": ""})) for n in range(3000)]
    index = msgspec.json.decode(condense(json.dumps(feed(*many)).encode(), NOON), type=Index)
    assert len(index.warnings) == 2000 and index.elsewhere_until == NOON + 3600
    huge = [alert(info(description="x" * 2**20, pairs={"awareness_type": ""})) for _ in range(9)]
    assert len(condense(json.dumps(feed(*huge)).encode(), NOON)) < 5 * 2**20


def test_of_many_at_a_point_the_worst_are_told():
    """A hundred at most, or each visitor would wait for thousands: the red ones, and that there are more."""
    level = {"awareness_type": ""}
    yellow, red = ({**level, "awareness_level": text} for text in ("2; yellow; Moderate", "4; red; Extreme"))
    many = [alert(info(event=f"Wind {n}", pairs=red if n >= 140 else yellow)) for n in range(150)]
    told = found(feed(*many))
    assert len(told.alerts) == 100 and told.elsewhere_until == NOON + 3600
    assert {one.event for one in told.alerts} >= {f"Wind {n} (red)" for n in range(140, 150)}
    assert found(feed(*many[:100])).elsewhere_until == 0


@pytest.mark.parametrize("sent", [iso(NOON + 400 * 86400), "soon", None, ""])
def test_a_green_message_of_an_impossible_time_hides_no_warning(sent):
    """Sent next year, or nobody knows when: it is no newer than the red one."""
    red = alert(info(event="Storm", pairs={"awareness_level": "4; red; Extreme"}))
    green = alert(info(pairs={"awareness_level": "1; green; Minor"}), identifier="two", sent=sent)
    assert events(red, green) == ["Storm (red)"]
    assert events(red, alert(info(pairs={"awareness_level": "1; green"}), sent=iso(NOON - 60))) == []


def test_a_warning_sent_nobody_knows_when_is_hidden_by_no_other():
    """An old green message is no newer than it."""
    green = alert(info(pairs={"awareness_level": "1; green; Minor"}), identifier="two", sent=iso(NOON - 86400))
    assert events(alert(info(event="Storm"), sent="yesterday"), green) == ["Storm (orange)"]


def test_a_broken_letter_costs_itself():
    """Of another encoding, or before all others, where some write a mark of byte order."""
    body = json.dumps(feed(alert(info(event="Storm G7")))).encode()
    for raw, event in ((body.replace(b"G7", b"G\xe97"), "Storm G\ufffd7"), (b"\xef\xbb\xbf" + body, "Storm G7")):
        index = msgspec.json.decode(condense(raw, NOON), type=Index)
        assert [one.event for one in index.warnings] == [event]


@pytest.mark.parametrize(("error", "status"), [
    (UpstreamStatus, 401), (UpstreamStatus, 404), (UpstreamServerError, 500), (UpstreamRateLimited, 429),
])  # fmt: skip
def test_every_refusal_is_a_failure(error, status):
    """No status says "not covered"."""
    expected = UpstreamRateLimited if status == 401 else error
    with pytest.raises(expected):
        METEOALARM.validate(request(AMSTERDAM), status, {"content-type": "text/html"}, b"", 0.0)


odd = st.one_of(
    st.none(), st.integers(), st.booleans(), st.lists(st.none() | st.text(max_size=3), max_size=2),
    st.text(max_size=9), st.floats(), st.dictionaries(st.text(max_size=3), st.none(), max_size=1),
    st.sampled_from(["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "2026-13-40", "1,2 3,4 5,6"]),
)  # fmt: skip
OF_INFO = (
    "language", "urgency", "severity", "certainty", "effective", "senderName", "headline", "instruction",
    "responseType", "area", "onset",
)  # fmt: skip
OF_ALERT = ("identifier", "sender", "sent", "references", "scope", "incidents")


@pytest.mark.slow
@given(st.dictionaries(st.sampled_from(OF_INFO), odd), st.dictionaries(st.sampled_from(OF_ALERT), odd))
def test_no_odd_message_raises_reads_as_none_or_hides_the_one_beside_it(part, whole):
    """Whatever is missing, null or odd in one: it is told, or may be here, or is a gap; and the other is shown."""
    beside = alert(info(event="Flood", pairs={"awareness_type": "12; Flooding"}), identifier="beside", sent=iso(NOON))
    told = found(feed(alert(info(event="Wind") | part | {"expires": iso(NOON + 9000)}, **whole), beside))
    assert "Flood (orange)" in [one.event for one in told.alerts]
    assert len(told.alerts) == 2 or told.elsewhere_until == NOON + 9000 or not told.is_whole
