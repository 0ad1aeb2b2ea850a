"""What the National Weather Service's messages mean together, and that no odd one hides another."""

import json
from datetime import UTC

import pytest
from fakes import NOON, iso
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.alerts import current_and_upcoming
from weather.providers.alerts.nws import NWS


def message(**more) -> dict:
    """A warning of two hours that is on."""
    times = {"sent": iso(NOON - 3600), "onset": iso(NOON - 3600), "expires": iso(NOON + 600), "ends": iso(NOON + 3600)}
    words = {"event": "Wind Advisory", "senderName": "NWS Seattle WA", "description": "Gusts of 60 mph."}
    return {"id": "one", "status": "Actual", "messageType": "Alert", **words, **times} | more


def found(*messages: object):
    features = [{"properties": one} if isinstance(one, dict) else one for one in messages]
    return NWS.read(json.dumps({"features": features}).encode())(UTC, NOON)


def events(*messages: object) -> list[str]:
    return [one.event for one in current_and_upcoming(found(*messages).alerts, NOON)]


def vtec(action: str, number: str = "KSEW.WI.Y.0004") -> dict:
    return {"VTEC": [f"/O.{action}.{number}.261124T1100Z-261124T1300Z/"]}


@pytest.mark.parametrize("status", ["Test", "Exercise", "System", "Draft", "test"])
def test_what_is_not_actual_never_shows(status):
    """Nor does it replace a real warning to which it refers."""
    other = message(id="two", status=status, event="Tornado Warning", references=[{"identifier": "one"}])
    assert events(other, message()) == ["Wind Advisory"]


@pytest.mark.parametrize("more", [
    {"event": "Test Message"}, {"description": "THIS_MESSAGE_IS_FOR_TEST_PURPOSES_ONLY"},
    {"headline": "...This is a test..."},
])  # fmt: skip
def test_what_says_that_it_is_a_test_never_shows(more):
    """Whatever its status."""
    assert events(message(**more)) == []


def test_a_cancelled_warning_never_shows():
    """Neither the cancellation, nor what it refers to, nor a message of the same number, nor an event taken back."""
    cancel = message(id="two", messageType="Cancel", sent=iso(NOON), references=[{"identifier": "one"}])
    assert events(message(), cancel) == []
    assert events(message(parameters=vtec("NEW")), message(id="two", sent=iso(NOON), parameters=vtec("CAN"))) == []


def test_a_title_that_takes_it_back_is_no_warning():
    """Event or headline, whatever the type; one that says what came in its place is told."""
    assert events(message(event="Cancelled: Wind Advisory")) == []
    assert events(message(headline="CANCELLED: Wind Advisory for Seattle")) == []
    assert events(message(headline="Cancelled: Wind Advisory, replaced by a warning")) == ["Wind Advisory"]


def test_an_all_clear_never_shows_nor_what_it_ends():
    """By CAP's response: the event no longer poses a threat (OASIS CAP 1.2, 3.2.2)."""
    over = message(id="two", sent=iso(NOON), response="AllClear", references=[{"identifier": "one"}])
    assert events(message(), over) == []
    assert events(message(response="Shelter")) == ["Wind Advisory"]


def test_messages_of_one_number_are_one_and_keep_one_id():
    """An update has a new id and other zones: the warning stays the one that it is."""
    old, new = message(parameters=vtec("NEW")), message(id="two", sent=iso(NOON), parameters=vtec("CON"))
    assert len(found(old, new).alerts) == 1
    assert found(old).alerts[0].id == found(new).alerts[0].id
    assert events(old, message(id="two", parameters=vtec("NEW", "KSEW.WI.Y.0005"))) == ["Wind Advisory"] * 2


def test_different_hazards_of_one_name_stay_apart():
    """Statements and civil messages without a number; and one event in zones that do not meet."""
    here, there = {"geocode": {"UGC": ["WAZ1"]}}, {"geocode": {"UGC": ["WAZ2"]}}
    for event in ("Special Weather Statement", "Evacuation Immediate", "Child Abduction Emergency"):
        assert events(message(event=event, **here), message(event=event, id="two", **here)) == [event] * 2
    air = {"event": "Air Quality Alert"}
    assert len(events(message(**air, **here), message(id="two", **air, **there))) == 2
    assert len(events(message(**air, **here), message(id="two", **air, **here))) == 1


def test_two_that_name_each_other_do_not_hide_each_other():
    """One of them is shown."""
    one, two = ({"references": [{"identifier": name}]} for name in ("one", "two"))
    assert len(events(message(**two), message(id="two", **one))) == 1


def test_what_cannot_be_read_is_a_gap_not_nothing():
    """A feature of another shape, one that says nothing, and those behind the hundredth."""
    assert not found(message(), 5).is_whole and not found({}).is_whole
    assert not found(*[message(id=str(n), event=f"Event {n}") for n in range(102)]).is_whole
    assert found(message()).is_whole


def test_markup_stays_text_and_long_texts_say_that_they_are_cut():
    """Nothing in a message is trusted."""
    (one,) = found(message(description="<script>x</script>\u202e", instruction="y" * 70_000)).alerts
    assert one.description.startswith("<script>x</script>\n\nyyy") and one.truncated


odd = st.one_of(st.none(), st.integers(), st.text(max_size=30), st.booleans(), st.lists(st.none(), max_size=2))
ODD_TIMES = ("2026-13-40T00:00", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "infinity", "12")
TIMES = (iso(NOON - 9e6), "2026-11-24T12:00", iso(NOON + 9e6))
times = st.one_of(odd, st.sampled_from([*ODD_TIMES, *TIMES]))


@given(
    st.dictionaries(st.sampled_from(["sent", "effective", "onset", "expires", "ends"]), times),
    st.dictionaries(st.sampled_from([
        "id", "event", "headline", "instruction", "senderName", "references", "geocode", "parameters", "language",
    ]), odd),
)  # fmt: skip
def test_no_odd_message_raises_or_hides_the_one_beside_it(moments, words):
    """Whatever is missing, null or odd in one, the other is shown; and the odd one is told or is a gap."""
    beside = message(id="beside", event="Flood Warning", parameters=vtec("NEW", "KSEW.FL.W.0001"))
    told = found(message(**moments, **words), beside)
    assert "Flood Warning" in [one.event for one in current_and_upcoming(told.alerts, NOON)]
    assert len(told.alerts) == 2 or not told.is_whole


def test_of_a_chain_of_updates_the_last_is_told():
    """Each names the one before it alone, and no number joins them."""
    chain = [
        message(id=str(n), event=f"Event {n}", sent=iso(NOON - 900 + n), references=[{"identifier": str(n - 1)}])
        for n in range(1, 4)
    ]
    assert events(*chain) == ["Event 3"]
