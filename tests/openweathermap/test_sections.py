"""From answers to sections; and whatever upstream sends, an answer or UpstreamInvalid."""

import asyncio
import copy
import itertools
import json
import re

import httpx
import pytest
from fakes import NOON, Clock, Upstream, air_body, forecast_body, running, weather_body
from hypothesis import given, settings
from hypothesis import strategies as st

from weather.errors import PlaceNotFound, UpstreamInvalid, UpstreamTimeout
from weather.providers.common import ProductResult, decoded, not_given, section
from weather.providers.openweathermap import current
from weather.providers.openweathermap.endpoints import AIR, FORECAST, WEATHER
from weather.providers.openweathermap.plans import DECODERS, candidates
from weather.providers.openweathermap.sections import is_in_no_plan, not_in_plan, place_facts, raise_if_all_failed
from weather.providers.openweathermap.validation import validate
from weather.upstream.freshness import CacheOutcome, Lifetime
from weather.upstream.types import CachedResponse, CacheEntry, make_request

BODIES = {WEATHER: weather_body(), FORECAST: forecast_body(steps=3), AIR: air_body()}
NAMES = {WEATHER: ["current"], FORECAST: ["hourly", "daily"], AIR: ["air"]}


def part_of(row, raw: bytes, fetched_at: float = NOON) -> ProductResult:
    """What the gateway and the provider make of a body under 200. Raises UpstreamInvalid."""
    request = make_request(row, lat="51.51", lon="-0.13")
    answer = validate(request, 200, {"content-type": "application/json"}, raw, NOON)
    entry = CacheEntry(answer.status, answer.content_type, answer.body, fetched_at)
    fetched = CachedResponse(entry, Lifetime(600, 3600), NOON, CacheOutcome())
    return ProductResult(fetched, decoded(DECODERS[row], fetched, "OpenWeatherMap"))


@pytest.fixture(scope="module")
def shown():
    """The whole app, for tests that are not async: what its JSON door and its page make of one body."""
    cells = itertools.count()
    with asyncio.Runner() as loop:
        upstream = loop.run(made(Upstream))
        clock = Clock()
        opened = running(upstream, clock)
        site = loop.run(opened.__aenter__())

        def answers(row, raw: bytes) -> list[httpx.Response]:
            upstream.fails(200, raw, "application/json", paths=(row.path,))
            cell = next(cells)  # another place each time, so that nothing is kept for it
            clock.now = NOON + cell % 40 * 61  # and time, so that no breaker is open from those before
            lat, lon = cell % 8000 / 100, cell // 8000
            paths = [f"/api/v1/{name}?lat={lat}&lon={lon}&units=us" for name in NAMES[row]]
            return [loop.run(site.get(path)) for path in (*paths, f"/forecast/{lat},{lon}")]

        yield answers
        loop.run(opened.__aexit__(None, None, None))


async def made(kind):
    return kind()


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
numbers = st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from([0, -1, 1e9, 2**33, 1e308])
rows = st.sampled_from([WEATHER, FORECAST, AIR])


def places_in(value, path=()):
    """Where each part of a body stands."""
    yield path
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for name, part in inner:
        yield from places_in(part, (*path, name))


def changed(body: dict, path: tuple, change: str, value: object) -> None:
    """Replace a part, or take it out, if it is still there."""
    *way, last = path
    try:
        for name in way:
            body = body[name]
        if change == "take out":
            del body[last]
        else:
            body[last] = value
    except (KeyError, IndexError, TypeError):
        return


@st.composite
def nearly_good(draw):
    """A good body with some parts replaced or taken out."""
    row = draw(rows)
    body = copy.deepcopy(BODIES[row])
    paths = [path for path in places_in(body) if path]
    for _ in range(draw(st.integers(1, 4))):
        change = draw(st.sampled_from(["take out", "replace"]))
        changed(body, draw(st.sampled_from(paths)), change, draw(numbers | json_values))
    return row, json.dumps(body).encode()


@pytest.mark.slow
@settings(deadline=None)
@given(nearly_good())
def test_a_body_with_odd_parts_is_read_or_refused(shown, case):
    """Numbers of any size, other types, missing parts: 200 or a clean 502 at the JSON door, and always a page."""
    *answers, page = shown(*case)
    assert {(answer.status_code, answer.json().get("code")) for answer in answers} <= {
        (200, None),
        (502, "upstream_failed"),
        (503, "upstream_unavailable"),
    }
    assert page.status_code == 200
    assert page.text.rstrip().endswith("</html>")
    assert not re.search(r"\b(inf|nan|None)\b", page.text)


@settings(deadline=None)
@given(rows, json_values | st.dictionaries(st.sampled_from(["main", "list", "cod", "dt", "name"]), json_values))
def test_any_json_is_read_or_refused(row, value):
    """Arbitrary JSON under 200 is an answer or UpstreamInvalid."""
    try:
        part_of(row, json.dumps(value).encode())
    except UpstreamInvalid:
        return
    assert {"main", "list"} & set(value)


@given(
    rows, st.binary(max_size=60) | st.sampled_from([b"", b"\xff", b'"\\ud800"', b"nan", b"<html>", b"\xef\xbb\xbf{}"])
)
def test_any_bytes_are_refused(row, raw):
    """What is no JSON object is UpstreamInvalid."""
    with pytest.raises(UpstreamInvalid):
        part_of(row, raw)


@pytest.mark.slow
@pytest.mark.parametrize("row", [WEATHER, FORECAST, AIR], ids=lambda row: row.product)
@pytest.mark.parametrize(
    "more", ['"x": ' + "[" * 10**5, '"x": ' + "[" * 10**5 + "]" * 10**5, '"x": ' + '{"x":' * 10**5]
)
def test_deep_nesting_is_refused(row, more):
    """A body that nests without end, whole or not, costs no crash."""
    good = json.dumps(BODIES[row])[:-1]
    with pytest.raises(UpstreamInvalid):
        part_of(row, f"{good}, {more}}}".encode())


@pytest.mark.parametrize(
    "raw",
    [
        b'{"cod": "404", "message": "", "main": {}}',
        b'{"cod": 500, "main": {}}',
        b'{"message": "no main"}',
        b"[]",
        b"null",
    ],
)
def test_an_error_under_200_is_refused(raw):
    """Until 2015 failures came so; a body without what every answer holds is none."""
    with pytest.raises(UpstreamInvalid):
        part_of(WEATHER, raw)


@pytest.mark.parametrize("cod", [200, "200"])
def test_the_code_may_be_a_number_or_text(cod):
    """It changes its type from route to route."""
    assert part_of(WEATHER, json.dumps(weather_body(cod=cod)).encode()).body.main.temp == 285.15


@pytest.mark.parametrize(("row", "body"), [(AIR, {"list": []}), (FORECAST, {"list": []})])
def test_an_empty_answer_is_a_gap_with_an_age(shown, row, body):
    """Upstream has nothing for this place: null, said so, and as fresh as its answer."""
    *answers, page = shown(row, json.dumps(body).encode())
    for name, answer in zip(NAMES[row], answers, strict=True):
        document = answer.json()
        assert (answer.status_code, document[name]) == (200, None)
        assert [(gap["section"], gap["reason"]) for gap in document["missing"]] == [(name, "not_available")]
        assert document["freshness"]["state"] == "missing"
        assert document["freshness"]["fetched_at"] is not None
        assert answer.headers["age"] == "0"
    assert page.status_code == 200


def test_a_failed_part_is_a_gap_with_its_reason():
    """The error's own word and text."""
    gap = section("air", ProductResult(error=UpstreamTimeout("no answer in time")), None)
    assert (gap.value, gap.fetched, gap.missing.reason) == (None, None, "upstream")
    gone = section("air", ProductResult(error=PlaceNotFound("no data")), None)
    assert (gone.missing.section, gone.missing.reason, gone.missing.detail) == ("air", "not_available", "no data")


def test_a_section_that_no_product_has_is_missing_and_nothing_breaks():
    """A new field of `Report` needs no reader of every provider: who has none says `not_available`."""
    assert candidates("auto", "pollen") == ()
    assert is_in_no_plan("pollen", [])
    for section_of_none in (not_in_plan("pollen"), not_given("pollen", {})):
        assert (section_of_none.value, section_of_none.missing.reason) == (None, "not_available")
    assert not_in_plan("nowcast").missing.reason == "plan"


def test_nothing_at_all_is_the_worst_reason():
    """PlaceNotFound only when every product says so; one that answers, and nothing is raised."""
    gone, slow = ProductResult(error=PlaceNotFound("gone")), ProductResult(error=UpstreamTimeout("slow"))
    with pytest.raises(PlaceNotFound):
        raise_if_all_failed([gone, gone])
    with pytest.raises(UpstreamTimeout):
        raise_if_all_failed([gone, slow])
    raise_if_all_failed([gone, ProductResult()])
    raise_if_all_failed([])


def naming(row, fetched_at: float = NOON, **more) -> ProductResult:
    body = BODIES[row] | more
    return part_of(row, json.dumps(body).encode(), fetched_at)


@pytest.mark.parametrize("name", ["", "Globe", None, "\u202e"])
def test_the_first_name_speaks(name):
    """A body without a name leaves it to the other; together with its own country."""
    words = place_facts([naming(WEATHER, name=name, sys={"country": "FR"}), naming(FORECAST)])
    assert (words.name, words.country) == ("London", "GB")
    nobody = place_facts([naming(WEATHER, name=name), naming(FORECAST, city=None), naming(AIR)])
    assert (nobody.name, nobody.country) == (None, None)


@pytest.mark.parametrize("country", ["", None, "none", "India"])
def test_a_country_is_two_letters_or_none(country):
    """At sea it is missing, and old bodies have words."""
    assert place_facts([naming(WEATHER, sys={"country": country})]).country is None
    assert place_facts([naming(WEATHER, sys=None)]).country is None


def test_the_newest_offset_counts():
    """An old body may be from before the clocks were changed."""
    old = naming(FORECAST, NOON - 86400, city={"name": "London", "timezone": 3600})
    new = naming(WEATHER, NOON, timezone=0)
    assert (place_facts([old, new]).offset, place_facts([new, old]).offset, place_facts([new, old]).at) == (0, 0, NOON)
    assert place_facts([naming(WEATHER, timezone=None), old]).offset == 3600
    assert (place_facts([naming(AIR)]).offset, place_facts([ProductResult(error=PlaceNotFound("gone"))]).offset) == (
        None,
        None,
    )


def test_a_body_is_read_by_its_own_reader():
    """The table of readers has one for each product the site uses."""
    assert DECODERS[WEATHER](json.dumps(weather_body()).encode()) == current.read(json.dumps(weather_body()))
