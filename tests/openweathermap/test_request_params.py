"""The canonical form of what programs of OpenWeatherMap send."""

import random
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from weather.errors import RequestError
from weather.providers.openweathermap.endpoints import AIR, AIR_HISTORY, DIRECT, ENDPOINTS, FORECAST, WEATHER, ZIP
from weather.providers.openweathermap.request_params import canonical_request, first_values
from weather.web.http.query import NOT_UTF8

SPELLINGS = [
    "lat=50.1&lon=8.7",
    "lat=50.10&lon=8.7",
    "lon=8.70&lat=50.1",
    "lat=+50.1&lon=8.7",
    "lat=%2B50.1&lon=8.7",
    "lat=%35%30.1&lon=8.7",
    "lat=050.1&lon=8.700000",
    "lat=50.1004&lon=8.6996",
    "lat=50.1&lon=8.7&appid=other",
    "lat=50.1&lon=8.7&APPID=other",
    "lat=50.1&lon=8.7&lat=10&lon=10",
    "lat=50.1&lon=8.7&q=&zip=&id=",
    "lat=50.1&lon=8.7&q=London",
    "lat=50.1&lon=8.7&units=standard",
    "lat=50.1&lon=8.7&units=STANDARD",
    "lat=50.1&lon=8.7&units=kelvin",
    "lat=50.1&lon=8.7&units=",
    "lat=50.1&lon=8.7&mode=json",
    "lat=50.1&lon=8.7&mode=html",
    "lat=50.1&lon=8.7&Mode=xml",
    "lat=50.1&lon=8.7&callback=evil",
    "lat=50.1&lon=8.7&lang=",
    "lat=50.1&lon=8.7&lang=klingon",
    "lat=50.1&lon=8.7&utm_source=x&_=123",
    "lat= 50.1 &lon=%208.7",
    "lat=50.1&lon=8.7&cnt=5",
    "&lat=50.1&&lon=8.7&",
    "lat=50.1&lon=8.7&limit=3",
    "lon=8.7&lat=50.1&exclude=hourly",
    "lat=50.1&lon=+8.7",
]


@pytest.mark.anyio
async def test_thirty_spellings_are_one_key_and_one_call(site, upstream):
    """One place in thirty spellings: one entry, one upstream call (statement 4)."""
    bodies = {(await site.get(f"/data/2.5/weather?{query}")).content for query in SPELLINGS}
    assert len(bodies) == 1
    assert upstream.queries == [{"lat": "50.1", "lon": "8.7", "appid": upstream.queries[0]["appid"]}]


@pytest.mark.anyio
async def test_minus_zero_is_zero(site, upstream):
    """-0, 0, -0.001 and +.004 are the same degree (statement 4)."""
    for zero in ("0", "-0", "-0.0", "-0.001", "%2B.004"):
        await site.get(f"/data/2.5/weather?lat={zero}&lon={zero}")
    assert upstream.count == 1


@pytest.mark.anyio
async def test_points_of_one_cell_are_one_call_and_the_answer_says_which(site, upstream):
    """Coordinates are rounded to two decimals, and the answer tells the rounded ones (statement 6)."""
    one = await site.get("/data/2.5/weather?lat=51.5073&lon=-0.1277")
    other = await site.get("/data/2.5/weather?lat=51.51449&lon=-0.1349")
    api = await site.get("/api/v1/current?lat=51.5073&lon=-0.1277")
    assert upstream.count == 1
    assert one.json()["coord"] == other.json()["coord"] == {"lat": 51.51, "lon": -0.13}
    assert (api.json()["place"]["latitude"], api.json()["place"]["longitude"]) == (51.51, -0.13)


@pytest.mark.slow
@pytest.mark.anyio
async def test_different_questions_share_no_answer(site, upstream):
    """200 random pairs of different questions: never one body for two (statement 5)."""
    draw = random.Random(7)
    questions = {
        (path, f"lat={draw.randint(-90, 90)}&lon={draw.randint(-180, 180)}{units}{lang}")
        for path in ("/data/2.5/weather", "/data/2.5/forecast")
        for units in ("", "&units=metric", "&units=imperial")
        for lang in ("", "&lang=de", "&lang=zh_cn")
        for _ in range(12)
    }
    upstream.bodies = {
        path: lambda q, path=path: {
            "main": {},
            "list": [],
            "told": [path, {k: v for k, v in q.items() if k != "appid"}],
        }
        for path in upstream.bodies
    }
    for path, query in sorted(questions):
        told = (await site.get(f"{path}?{query}")).json()["told"]
        assert told == [path, dict(part.split("=") for part in query.split("&"))]
    assert upstream.count == len(questions)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "status", "message"),
    [
        ("/data/2.5/weather", 400, "Nothing to geocode"),
        ("/data/2.5/weather?q=", 400, "Nothing to geocode"),
        ("/data/2.5/weather?lat=1", 400, "Nothing to geocode"),
        ("/data/2.5/weather?lat=91&lon=0", 400, "wrong latitude"),
        ("/data/2.5/weather?lat=x&lon=0", 400, "wrong latitude"),
        ("/data/2.5/weather?lat=0&lon=181", 400, "wrong longitude"),
        ("/data/2.5/weather?lat=nan&lon=0", 400, "wrong latitude"),
        ("/data/2.5/weather?lat=1e1&lon=0", 400, "wrong latitude"),
        ("/data/2.5/weather?q=" + "x" * 201, 404, "city not found"),
        ("/data/2.5/weather?q=a%0d%0ab", 404, "city not found"),
        ("/data/2.5/weather?q=a%00", 404, "city not found"),
        ("/geo/1.0/direct", 400, "Nothing to geocode"),
        ("/geo/1.0/zip?zip=%3Cb%3E", 404, "not found"),
        ("/data/2.5/nothing?q=London", 404, "Internal error"),
        ("/data/2.5/weather?id=94040,us", 400, "94040,us is not a city ID"),
        ("/data/2.5/weather?id=abc", 400, "abc is not a city ID"),
        ("/data/2.5/weather?q=M%FCnchen", 400, NOT_UTF8),
        ("/data", 404, "Internal error"),
        ("//data", 404, "Internal error"),
        ("//data/2.5/nothing?q=London", 404, "Internal error"),
        ("//geo", 404, "Internal error"),
        ("///map/x.png", 404, "Internal error"),
        ("/data/3.0/stations", 404, "Internal error"),
    ],
)
@pytest.mark.anyio
async def test_bad_requests_are_refused_in_openweathermaps_words(site, upstream, path, status, message):
    """What OWM would refuse is refused here, with `cod` as text, without a call (statement 7, contract 1.6)."""
    answer = await site.get(f"http://test{path}")
    assert (answer.status_code, answer.json()) == (status, {"cod": str(status), "message": message})
    assert answer.headers["access-control-allow-origin"] == "*"
    assert upstream.count == 0


def target(endpoint, query: str) -> str:
    pairs = [part.partition("=")[::2] for part in query.split("&")]
    return canonical_request(endpoint, first_values(pairs)).target


def test_parameters_go_upstream_sorted_checked_and_encoded():
    """What goes upstream: known parameters with checked values, in one order."""
    assert target(FORECAST, "cnt=007&units=Metric&lang=PT_BR&q=São Paulo,BR&x=1") == (
        "/data/2.5/forecast?cnt=7&lang=pt_br&q=S%C3%A3o%20Paulo,BR&units=metric"
    )
    assert target(FORECAST, "q=London&cnt=0") == "/data/2.5/forecast?q=London"
    assert target(FORECAST, "q=London&cnt=999") == "/data/2.5/forecast?cnt=40&q=London"
    assert target(WEATHER, "q=London&cnt=3") == "/data/2.5/weather?q=London"
    assert target(WEATHER, "id=02643743") == "/data/2.5/weather?id=2643743"
    assert target(WEATHER, "zip=sw1a 1aa,gb") == "/data/2.5/weather?zip=SW1A%201AA,GB"
    assert target(WEATHER, "q=London&mode=XML") == "/data/2.5/weather?mode=xml&q=London"
    assert target(AIR, "lat=1&lon=2&units=metric&lang=de") == "/data/2.5/air_pollution?lat=1&lon=2"
    assert target(AIR_HISTORY, "lat=1&lon=2&start=1606435200&end=1606521600") == (
        "/data/2.5/air_pollution/history?end=1606521600&lat=1&lon=2&start=1606435200"
    )
    assert target(DIRECT, "q=London&limit=9") == "/geo/1.0/direct?limit=5&q=London"
    assert target(ZIP, "zip=10001") == "/geo/1.0/zip?zip=10001"
    for spelling in ("94040,us", "94040, us", " 94040 ,US ", "94040,usa"):
        assert target(ZIP, f"zip={spelling}") == "/geo/1.0/zip?zip=94040,US"
    assert target(ZIP, "zip=94040,") == "/geo/1.0/zip?zip=94040"
    assert target(ZIP, "zip=k0a  1k0, ca") == "/geo/1.0/zip?zip=K0A%201K0,CA"


@given(
    st.sampled_from(sorted(ENDPOINTS)),
    st.lists(
        st.tuples(
            st.sampled_from(
                [*sorted(frozenset().union(*(row.parameters for row in ENDPOINTS.values()))), "appid", "x"]
            ),
            st.text(max_size=20),
        ),
        max_size=8,
    ),
)
def test_nothing_unchecked_goes_upstream(path, pairs):
    """Any input gives a refusal, or a target of plain ASCII that starts with the endpoint's path (statement 7)."""
    try:
        request = canonical_request(ENDPOINTS[path], first_values(pairs))
    except RequestError:
        return
    assert request.target.startswith(f"{path}?")
    assert request.target.isascii()
    assert not set(request.target) & set(" \r\n\0#\\@")
    assert {name for name, _ in request.query} <= ENDPOINTS[path].parameters
    assert len(request.key({"api": "https://example.org"})) < 100


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_coordinates_are_told_in_at_most_two_decimals(lat, lon):
    """Whatever precision comes in, two decimals go on, within half a cell of what was asked."""
    query = dict(canonical_request(AIR, {"lat": f"{lat:.12f}", "lon": f"{lon:.12f}"}).query)
    assert all(len(value.partition(".")[2]) <= 2 and value != "-0" for value in query.values())
    assert abs(float(query["lat"]) - lat) <= 0.005000001
    assert abs(float(query["lon"]) - lon) <= 0.005000001


@given(st.text(min_size=1, max_size=60).filter(str.strip))
def test_a_name_goes_upstream_as_it_was_typed(name):
    """A printable name arrives upstream unchanged but for the space around it."""
    stripped = name.strip()
    try:
        request = canonical_request(WEATHER, {"q": stripped})
    except RequestError:
        assert not stripped.isprintable()
        return
    assert request.target == f"/data/2.5/weather?q={quote(stripped, safe=',')}"
