"""Official warnings from One Call to the page and the API: whole, once, never hidden, never executed."""

import json
import re

import pytest
from fakes import NOON, onecall_body, running, warning
from markup import parsed, words

API, PAGE = "/api/v1/alerts?lat=51.51&lon=-0.13", "/forecast/51.51,-0.13"
UNREAD = "Not every official warning that came could be read: there may be more."
pytestmark = pytest.mark.anyio


@pytest.fixture
def told(upstream, clock):
    """What the API and the section of the page tell of some alerts: the body, the section's element, the page."""

    async def ask(*alerts, lang: str = "en"):
        upstream.bodies["/data/3.0/onecall"] = lambda q: onecall_body(alerts=list(alerts))
        async with running(upstream, clock, WEATHER_PLAN="onecall3") as site:
            body = (await site.get(f"{API}&lang={lang}")).json()
            text = (await site.get(f"{PAGE}?lang={lang}")).text
        tree = parsed(text)
        return body, next((one for one in tree.iter("section") if one.get("id") == "alerts"), None), tree

    return ask


def headings(section) -> list[str]:
    return [words(one) for one in section.iter("h3")]


TWINS = {
    "Finland": ["Keltainen tuulivaroitus maa-alueille", "Gul vindvarning för landområden", "Yellow wind warning"],
    "Italy": ["Avviso giallo per vento", "Yellow wind warning"],
    "Portugal": ["Aviso amarelo de vento", "Yellow wind warning"],
    "the Netherlands": ["Code geel", "Code yellow"],
    "Belgium": ["Geel - Wind", "Jaune - Vent", "Gelb - Wind", "Yellow - Wind"],
    "Switzerland": ["Gewitter", "Orages", "Temporali", "Thunderstorms"],
}


@pytest.mark.slow
@pytest.mark.parametrize("events", TWINS.values(), ids=TWINS)
async def test_one_warning_in_several_languages_is_shown_once(told, events):
    """At both doors, in English where the reader's language is not among them (33)."""
    body, section, _ = await told(*(warning(event=one, description="") for one in events), lang="ar")
    assert [one["event"] for one in body["alerts"]] == events[-1:]
    assert headings(section) == events[-1:]


async def test_it_is_shown_in_the_readers_language(told):
    """A German reader of a Swiss warning gets the German one."""
    events = TWINS["Switzerland"]
    body, section, _ = await told(*(warning(event=one, description=f"{one}.") for one in events), lang="de")
    assert [one["event"] for one in body["alerts"]] == headings(section) == ["Gewitter"]


async def test_an_all_clear_is_no_warning_and_hides_none(told):
    """Green bulletins are left out; a yellow one beside them stays; with green ones alone there are no alerts."""
    green = [warning(event=one) for one in ("Green Wind Warning", "Code groen", "Green High-temperature Warning")]
    body, section, _ = await told(*green, warning(event="Yellow wind warning"))
    assert [one["event"] for one in body["alerts"]] == headings(section) == ["Yellow wind warning"]
    body, section, _ = await told(*green)
    assert (body["alerts"], body["missing"], words(section)) == ([], [], "No alerts.")


@pytest.mark.slow
async def test_an_end_before_the_beginning_hides_nothing(told):
    """The warning is shown, marked as odd; the API says that its end is not known."""
    body, section, _ = await told(warning(start=int(NOON) + 3600, end=int(NOON) - 3600))
    (one,) = body["alerts"]
    assert (one["starts_at"], one["ends_at"]) == ("2026-11-24T13:00:00+00:00", None)
    assert "From: 13:00 (its end is not clear)" in words(section)


@pytest.mark.slow
@pytest.mark.parametrize("end", [None, "soon", 0, int(NOON) - 3600])
async def test_a_warning_whose_end_cannot_be_read_is_shown(told, end):
    """As one whose end is not clear; its id stays the same."""
    body, section, _ = await told(warning(end=end))
    (one,) = body["alerts"]
    assert (one["starts_at"], one["ends_at"]) == ("2026-11-24T11:00:00+00:00", None)
    assert "From: 11:00 (its end is not clear)" in words(section)
    assert body["missing"] == []


@pytest.mark.slow
@pytest.mark.parametrize(("lang", "title"), [("en", "Official warning"), ("de", "Amtliche Warnung")])
async def test_no_heading_is_empty(told, lang, title):
    """Without an event the kind stands there; without a kind the words for a warning, at both doors."""
    alerts = [warning(event="", tags=[]), warning(event=None, tags=["Flood"], sender_name="B")]
    body, section, _ = await told(*alerts, lang=lang)
    assert [one["event"] for one in body["alerts"]] == headings(section) == [title, "Flood"]


@pytest.mark.slow
async def test_a_moving_beginning_is_the_same_warning(told):
    """Its id stays when the start is moved to the time of each refresh."""
    ids = set()
    for minutes in (0, 10, 20):
        body, _, _ = await told(warning(start=int(NOON) - 3600 + 60 * minutes))
        ids.add(body["alerts"][0]["id"])
    assert len(ids) == 1


@pytest.mark.slow
@pytest.mark.parametrize("sick", [warning(start=None), warning(start="soon"), 5, None, {}], ids=str)
async def test_one_that_cannot_be_read_costs_itself(told, sick):
    """The others are told, and that there may be more, at both doors; never "No alerts"."""
    body, section, _ = await told(sick, warning(tags=["Wind", None]))
    assert [one["tags"] for one in body["alerts"]] == [["Wind"]]
    assert [one["section"] for one in body["missing"]] == ["alerts"]
    assert UNREAD in words(section)
    body, section, _ = await told(sick)
    assert body["alerts"] is None
    assert words(section) == UNREAD


async def test_of_a_flood_of_warnings_some_are_told_and_that_there_are_more(told):
    """201 alerts: 200, and a note; nothing else of the One Call is lost."""
    body, section, tree = await told(*(warning(event=f"Event {n}", description=f"Text {n}") for n in range(201)))
    assert len(body["alerts"]) == len(headings(section)) == 200
    assert [one["section"] for one in body["missing"]] == ["alerts"]
    assert UNREAD in words(section)
    assert next(one for one in tree.iter("h2") if one.get("id") == "now") is not None


async def test_a_long_text_is_whole_and_a_longer_one_is_marked(told):
    """10,724 characters to their end (35); beyond 64 KB cut, which both doors say."""
    whole = "Leave the valley. " * 600 + "EVACUATE NOW."
    body, section, _ = await told(warning(description=whole))
    assert (body["alerts"][0]["description"], body["alerts"][0]["truncated"]) == (whole, False)
    assert "EVACUATE NOW." in words(section)
    body, section, _ = await told(warning(description="é" * 40_000))
    assert (len(body["alerts"][0]["description"].encode()), body["alerts"][0]["truncated"]) == (65_536, True)
    assert "cut after 64 KB" in words(section)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("* WHAT...Wind.\n* WHERE...Coast.", "* WHAT...Wind.\n* WHERE...Coast."),
        ("A<br>B<br/>C<BR />D", "A\nB\nC\nD"),
        ("A&lt;br/&gt;B", "A\nB"),
        ('A<br clear="all">B<p class="x">C</p>', "A\nB\nC"),
        ("A<pre>B<break>C<p", "A<pre>B<break>C<p"),
        ("A\\nB\\r\\nC", "A\nB\nC"),
        ("above 5 &gt; 4 &amp; below", "above 5 > 4 & below"),
        ("3 &#176;C &eacute;", "3 °C é"),
    ],
)
async def test_line_breaks_and_entities_are_read(told, given, shown):
    """As lines and letters, however the source wrote them (34); the page keeps lines (`white-space` of its class)."""
    body, section, _ = await told(warning(description=given))
    (bulletin,) = [one for one in section.iter("p") if one.get("class") == "bulletin"]
    assert body["alerts"][0]["description"] == "".join(bulletin.itertext()) == shown


EVIL = [
    "<script>alert(1)</script>", "&lt;script&gt;alert(1)&lt;/script&gt;", "<img src=x onerror=alert(1)>",
    "</p></section></main><svg onload=alert(1)>", "<a href='javascript:alert(1)'>x</a>", '"><iframe srcdoc="<b>">',
    "{{ 7 * 7 }}", "<!--", "]]><x/>", "\u202e<b>\u202c", "&#60;script&#62;alert(1)",
]  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("evil", EVIL)
async def test_nothing_of_a_warning_is_ever_markup(told, evil):
    """In each text of an alert: the page has the very elements that it has with plain words."""
    _, _, plain = await told(warning(event="a", sender_name="b", description="c", tags=["d"]))
    body, section, tree = await told(warning(event=evil, sender_name=evil, description=evil, tags=[evil]))
    assert [one.tag for one in tree.iter()] == [one.tag for one in plain.iter()]
    assert not [name for one in tree.iter() for name in one.attrib if name.startswith("on")]
    assert re.sub("<!--.*?-->", "", headings(section)[0]) == headings(section)[0] != ""
    assert json.dumps(body["alerts"])
