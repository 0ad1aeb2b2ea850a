"""What a client chooses of an answer: fields, hours, days; units, languages and spellings that cost nothing."""

import asyncio
import random
import re
from datetime import UTC, datetime, timedelta
from urllib.parse import quote
from zoneinfo import ZoneInfo

import pytest
from fakes import Clock, Upstream, forecast_body, running, weather_body
from hypothesis import given
from hypothesis import strategies as st

from weather.domain.units import CONVERSIONS, SYSTEMS, convert_number
from weather.errors import BadParameter
from weather.i18n.language import LANGUAGES
from weather.web.api.fields import names_of, parse_fields, select
from weather.web.api.schema import ANSWERS, HEADER

pytestmark = pytest.mark.anyio

FORECAST = "/api/v1/forecast?lat=51.51&lon=-0.13"
NAMES = names_of(ANSWERS["forecast"])


def leaves(value, prefix=""):
    """Every leaf of a body by its dotted name, as a list of what stands there."""
    if isinstance(value, list):
        return [leaf for one in value for leaf in leaves(one, prefix)]
    if isinstance(value, dict):
        return [leaf for name, one in value.items() for leaf in leaves(one, f"{prefix}.{name}".strip("."))]
    return [(prefix, value)]


def is_chosen(name: str, names: set[str]) -> bool:
    return any(name == one or name.startswith(f"{one}.") for one in names)


async def test_two_fields_are_a_small_answer(site):
    """A section and a member of another: these, and the header without which no number can be read honestly."""
    whole = (await site.get(FORECAST)).json()
    answer = await site.get(f"{FORECAST}&fields=current.temperature,alerts")
    header = {name: whole[name] for name in HEADER}
    assert answer.json() == header | {"current": {"temperature": whole["current"]["temperature"]}, "alerts": None}
    assert [gap["section"] for gap in answer.json()["missing"]] == ["nowcast", "alerts"]


@pytest.mark.slow
async def test_a_subset_of_the_fields_is_that_subset_of_the_whole(site):
    """100 random lists of fields: the leaves under those names, in the order of the whole answer, and no others."""
    whole = leaves((await site.get(FORECAST)).json())
    chance = random.Random(1)
    for _ in range(100):
        names = set(chance.sample(NAMES, chance.randint(1, 12)))
        told_of = names | set(HEADER)
        body = (await site.get(f"{FORECAST}&fields={','.join(names)}")).json()
        told = [(name, value) for name, value in leaves(body) if value is not None or is_chosen(name, told_of)]
        expected = [(name, value) for name, value in whole if is_chosen(name, told_of)]
        assert told == expected, names


json_values = st.recursive(
    st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(st.sampled_from("abc"), inner)
)


@given(json_values, st.sets(st.sampled_from(["a", "b", "c", "a.a", "a.b", "b.c", "a.b.c"]), min_size=1))
def test_picking_twice_is_picking_once(value, names):
    """What was picked holds all of what the same names pick."""
    once = select(value, frozenset(names))
    assert select(once, frozenset(names)) == once


@given(st.text(max_size=60))
def test_any_text_is_names_or_a_bad_parameter(text):
    """Whatever stands in `fields`: names that are known, or BadParameter."""
    try:
        assert parse_fields(text, NAMES) <= set(NAMES)
    except BadParameter as error:
        assert error.parameter == "fields"


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ("current.temprature", "current.temperature"),
        ("Freshness", "freshness"),
        ("hourly.wind_sped", "hourly.wind_speed"),
        ("nowcast.wind", "nowcast.time"),
    ],
)
async def test_a_field_that_is_none_is_told_with_the_nearest(site, upstream, fields, named):
    """400 that names the parameter, the field and the nearest right one; nobody is asked (7)."""
    answer = await site.get(f"{FORECAST}&fields={fields}")
    assert (answer.status_code, answer.json()["parameter"], upstream.count) == (400, "fields", 0)
    assert named in str(answer.json()["errors"][0])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("query", "same"),
    [
        ("fields=current,current.temperature", "fields=current"),
        ("fields=current,current", "fields=current"),
        ("fields=current.time,%20daily.date,", "fields=current.time,daily.date"),
        ("fields=current.time&fields=daily.date", "fields=current.time,daily.date"),
    ],
)
async def test_fields_are_a_union(site, query, same):
    """Names twice, a member beside its whole, blanks, a last comma, and the parameter repeated: all one union."""
    assert (await site.get(f"{FORECAST}&{query}")).json() == (await site.get(f"{FORECAST}&{same}")).json()


@pytest.mark.parametrize(
    ("path", "name"), [("current", "hours"), ("air", "days"), ("hourly", "days"), ("daily", "hours")]
)
async def test_lengths_stand_only_where_they_mean_something(site, path, name):
    """`hours` and `days` are unknown to routes that have none."""
    assert (await site.get(f"/api/v1/{path}?q=London&{name}=2")).json()["parameter"] == name


@pytest.mark.slow
@pytest.mark.parametrize("query", ["hours=0", "hours=385", "hours=-1", "hours=1.5", "hours=x", "days=0", "days=17"])
async def test_lengths_have_bounds(site, upstream, query):
    """Out of bounds is 400 and says which bounds."""
    answer = await site.get(f"{FORECAST}&{query}")
    assert (answer.status_code, answer.json()["parameter"]) == (400, query.partition("=")[0])
    assert " 1 to " in answer.json()["detail"]
    assert upstream.count == 0


@pytest.mark.slow
@pytest.mark.parametrize(("hours", "steps"), [(1, 1), (3, 1), (4, 2), (24, 8), (384, 40)])
async def test_hours_are_steps_from_now_on(site, clock, hours, steps):
    """As many three-hour steps as it takes to cover them, those that are over left out."""
    clock.now += 4 * 3600  # the first step, at 15:00, is over
    told = (await site.get(f"/api/v1/hourly?lat=1&lon=1&hours={hours}")).json()["hourly"]
    assert len(told) == min(steps, 39)
    assert datetime.fromisoformat(told[0]["time"]) > datetime.fromtimestamp(clock.now, UTC)


async def test_days_are_days_from_today_on(site, clock):
    """The first is today by the place's own calendar, also when the kept forecast began yesterday."""
    await site.get("/api/v1/daily?q=London")
    clock.now += 86400
    told = (await site.get("/api/v1/daily?q=London&days=2")).json()["daily"]
    assert [day["date"] for day in told] == ["2026-11-25", "2026-11-26"]


@given(st.floats(-90, 60), st.sampled_from(sorted(CONVERSIONS.keys() - {"Bft"})))
def test_units_there_and_back(number, symbol):
    """A number turned into a unit and back is itself, to half of the last digit told. Beaufort's scale is no factor."""
    turn, decimals = CONVERSIONS[symbol]
    zero, one = turn(0.0), turn(1.0)
    back = (convert_number(number, symbol) - zero) / (one - zero)
    assert abs(back - number) <= 0.51 * 10**-decimals / abs(one - zero) + 1e-9


@given(st.floats(-0.01, 0.0), st.sampled_from(sorted(CONVERSIONS)))
def test_there_is_no_negative_zero(number, symbol):
    """Zero has no sign in any unit."""
    assert "-0.0" not in repr([convert_number(number, symbol)]) or convert_number(number, symbol) != 0


async def test_no_answer_holds_a_negative_zero(site, upstream):
    """A body of upstream with -0, and 0 °C in Fahrenheit and back: no `-0` in any unit system."""
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(-0.0, -0.0, wind={"speed": -0.0, "deg": -0.0})
    for units in SYSTEMS:
        text = (await site.get(f"/api/v1/current?lat=-0.001&lon=-0&units={units}")).text
        assert not re.search(r"[\[:,]-0(\.0+)?[,}\]]", text)


@pytest.mark.parametrize(
    ("zone", "offset", "start"),
    [
        ("Europe/London", 3600, datetime(2026, 10, 24, 12, tzinfo=UTC)),
        ("America/New_York", -14400, datetime(2026, 10, 31, 12, tzinfo=UTC)),
        ("Australia/Adelaide", 34200, datetime(2026, 10, 3, 0, tzinfo=UTC)),
    ],
)
async def test_times_carry_the_right_offset_through_a_change_of_clocks(zone, offset, start):
    """Each time is the moment of upstream, with the offset that the place has at that moment."""
    at = {"Europe/London": (51.51, -0.13), "America/New_York": (40.71, -74.01), "Australia/Adelaide": (-34.93, 138.6)}
    lat, lon = at[zone]
    upstream, clock = Upstream(), Clock(start.timestamp())
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(lat, lon, dt=int(clock.now) - 300, timezone=offset)
    upstream.bodies["/data/2.5/forecast"] = lambda q: forecast_body(clock.now + 10800, offset=offset)
    async with running(upstream, clock) as site:
        told = (await site.get(f"/api/v1/forecast?lat={lat}&lon={lon}")).json()
    assert told["place"]["timezone"] == zone
    times = [datetime.fromisoformat(hour["time"]) for hour in told["hourly"]]
    expected = [start + timedelta(hours=3 * i) for i in range(1, 41)]
    assert times == expected
    assert [time.utcoffset() for time in times] == [one.astimezone(ZoneInfo(zone)).utcoffset() for one in expected]
    assert len({time.utcoffset() for time in times}) == 2


SPELLINGS = [
    f"lat={lat}&lon={lon}" if i % 2 else f"lon={lon}&lat={lat}"
    for i, (lat, lon) in enumerate(
        (lat, lon)
        for lat in ("50.1", "50.10", "+50.1", "50.100", "50.1004", "%35%30.1")
        for lon in ("8.7", "8.70", "+8.7", "%2B8.7", "8.7000")
    )
]


@pytest.mark.slow
async def test_thirty_spellings_are_one_key(site, upstream):
    """The same point in 30 spellings, on both doors: one call in all (4, 6)."""
    assert len(set(SPELLINGS)) == 30
    bodies = {(await site.get(f"/api/v1/current?{query}")).content for query in SPELLINGS}
    for query in SPELLINGS:
        await site.get(f"/data/2.5/weather?{query}&units=STANDARD")
    assert len(bodies) == 1
    assert upstream.by_path["/data/2.5/weather"] <= 2


@pytest.mark.slow
async def test_four_units_in_four_languages_at_once_are_one_call_a_product(site, upstream):
    """16 visitors at once: upstream sees each product once; no two units share a body."""
    queries = [f"{FORECAST}&units={units}&lang={lang}" for units in SYSTEMS for lang in LANGUAGES[:4]]
    answers = await asyncio.gather(*map(site.get, queries))
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 16
    assert set(upstream.by_path.values()) == {1}
    assert upstream.count == 3
    assert all(query.keys() == {"lat", "lon", "appid"} for query in upstream.queries)


async def test_two_answers_within_a_minute_are_byte_equal(site, clock):
    """From one minute to the next the bytes stay; they hold no age (1, 61)."""
    first = await site.get(FORECAST)
    clock.now += 59.9
    second = await site.get(FORECAST)
    assert (first.content, first.headers["etag"]) == (second.content, second.headers["etag"])
    assert int(second.headers["age"]) == 59


@pytest.mark.slow
@pytest.mark.parametrize(
    "query",
    ["untis=us", "Q=London", "q=London&q=Paris", "q=London&lang=", "q=London&lat=1&lon=1", "zip=1,DE&id=2", "lat=1"],
)
async def test_what_is_not_understood_asks_nobody(site, upstream, query):
    """Unknown, repeated, empty or contradicting parameters: 400 and no call (7)."""
    assert (await site.get(f"/api/v1/forecast?{query}")).status_code == 400
    assert upstream.count == 0


@pytest.mark.slow
async def test_any_query_is_answered_without_an_internal_error():
    """200 fuzzed queries with a healthy upstream: never a 5xx (93)."""
    async with running(Upstream(), Clock()) as site:
        chance = random.Random(2)
        parameters = ("q", "lat", "lon", "zip", "id", "units", "lang", "fields", "hours", "days", "limit")
        for _ in range(200):
            letters = [chr(chance.choice((chance.randint(0, 0x7F), chance.randint(0x80, 0xD7FF)))) for _ in range(6)]
            values = ("1", "-0", "us", "10115,DE", "London", "current", quote("".join(letters)))
            query = "&".join(
                f"{chance.choice(parameters)}={chance.choice(values)}" for _ in range(chance.randint(1, 3))
            )
            for path in ("forecast", "search"):
                answer = await site.get(f"/api/v1/{path}?{query}")
                assert answer.status_code < 500, (query, answer.text)


@pytest.mark.slow
async def test_headers_of_a_client_change_no_answer_of_the_api(site, upstream):
    """25 headers that proxies and attackers send: same bytes, one call (8)."""
    plain = await site.get(FORECAST)
    names = """X-Forwarded-Host X-Forwarded-For X-Forwarded-Proto Forwarded X-Original-URL X-Rewrite-URL
        X-HTTP-Method-Override X-Method-Override Cookie Accept-Language Authorization Range If-Range Origin Referer
        User-Agent Accept Accept-Charset DNT X-Real-IP Via TE From X-Requested-With X-Custom-IP-Authorization""".split()
    for name in names:
        answer = await site.get(FORECAST, headers={name: "de, /evil?x=1"})
        assert (answer.status_code, answer.content) == (200, plain.content), name
    assert upstream.count == 3
