"""Odd bodies, through the whole app: what a visitor gets of them at each door."""

import json

import pytest
from fakes import NOON, forecast_body, weather_body
from markup import parsed, words

pytestmark = pytest.mark.anyio

SEA = "lat=-48.87&lon=-123.39"  # Point Nemo: no land within 2,600 km
SEA_PAGE = "/forecast/-48.87,-123.39"
PATHS = ("/data/2.5/weather", "/data/2.5/forecast")


def plays(upstream, weather: dict, city: dict | None = None) -> None:
    """Upstream answers so, wherever it is asked for."""
    upstream.bodies["/data/2.5/weather"] = lambda _: weather_body() | weather
    upstream.bodies["/data/2.5/forecast"] = lambda _: forecast_body(offset=weather.get("timezone", 0)) | {"city": city}


@pytest.mark.parametrize("name", ["", "Globe", None])
async def test_the_open_sea_has_no_name(site, upstream, name):
    """Mid-ocean: no name, no country, and the page says where it is by its coordinates."""
    plays(upstream, {"name": name, "id": 6295630, "sys": {}, "timezone": -28800})
    place = (await site.get(f"/api/v1/forecast?{SEA}")).json()["place"]
    assert (place["name"], place["country"], place["region"], place["timezone"]) == (None, None, None, "Etc/GMT+8")
    heading = words(parsed((await site.get(SEA_PAGE)).text).find(".//h1"))
    assert heading == "48.87° S, 123.39° W"


async def test_a_name_can_do_no_harm(site, upstream):
    """Markup, control and direction marks, a megabyte: the page is sound HTML, and the name short plain text."""
    name = "\u202e<script>alert(1)</script>\x00\x1b[31m\u2066&amp;\n" + "x" * 2**20
    plays(upstream, {"name": name, "sys": {"country": "<b>"}})
    place = (await site.get(f"/api/v1/current?{SEA}")).json()["place"]
    assert place["name"].startswith("<script>alert(1)</script> [31m&amp; xxx")
    assert (len(place["name"]), place["country"]) == (80, None)
    page = await site.get(SEA_PAGE)
    tree = parsed(page.text)
    assert words(tree.find(".//h1")) == place["name"]
    assert "alert(1)" not in "".join(words(script) for script in tree.iter("script"))
    assert len(page.content) < 2**17  # of a megabyte


@pytest.mark.slow
async def test_deep_nesting_is_a_clean_failure(site, upstream):
    """A hundred thousand brackets under 200: 502 at each door, in its own shape."""
    raw = json.dumps(weather_body())[:-1] + ', "x": ' + "[" * 10**5 + "]" * 10**5 + "}"
    upstream.fails(200, raw.encode(), "application/json")
    answers = [await site.get(path) for path in (f"{PATHS[0]}?{SEA}", f"/api/v1/current?{SEA}")]
    assert (answers[0].status_code, answers[0].json()["cod"]) == (502, 502)
    assert answers[1].status_code in (502, 503)  # the breaker of this key may be open by now
    assert answers[1].headers["content-type"] == "application/problem+json"
    assert (await site.get(SEA_PAGE)).status_code in (502, 503)


@pytest.mark.slow
@pytest.mark.parametrize("dt", [0, 1, int(NOON) - 86400 * 365, int(NOON) + 86400, 2**33])
async def test_a_strange_time_of_observation_is_told_as_it_is(site, upstream, dt):
    """From 1970 to 2242, old or ahead: the answer says the time, and the page does not fall over it."""
    plays(upstream, {"dt": dt, "timezone": -34200})
    current = (await site.get(f"/api/v1/current?{SEA}")).json()["current"]
    page = await site.get(SEA_PAGE)
    assert current["time"].endswith("-09:30")
    assert page.status_code == 200
    assert "-1 " not in words(parsed(page.text).find(".//main"))


@pytest.mark.parametrize("dt", [-1, 2**33 + 1, 10**18, "soon", 1.5])
async def test_an_absurd_time_is_an_unreadable_answer(site, upstream, dt):
    """What is no time at all: the part says that upstream failed, the others are there."""
    plays(upstream, {"dt": dt})
    body = (await site.get(f"/api/v1/forecast?{SEA}")).json()
    assert body["current"] is None
    assert ("current", "upstream") in {(gap["section"], gap["reason"]) for gap in body["missing"]}
    assert len(body["hourly"]) == 40


@pytest.mark.slow
@pytest.mark.parametrize("seconds", [20700, 45900, -34200, 50400])
async def test_odd_zones(site, upstream, seconds):
    """+05:45, +12:45, -09:30 and +14:00, far from any town: times carry the offset that upstream tells."""
    plays(upstream, {"timezone": seconds})
    body = (await site.get(f"/api/v1/forecast?{SEA}")).json()
    sign, minutes = ("-" if seconds < 0 else "+"), abs(seconds) // 60
    offset = f"{sign}{minutes // 60:02}:{minutes % 60:02}"
    times = [body["current"]["time"], *(hour["time"] for hour in body["hourly"])]
    assert body["place"]["timezone"] == offset
    assert all(time.endswith(offset) for time in times)


@pytest.mark.parametrize("more", [{}, {"alerts": []}, {"alerts": [{"event": "Storm"}], "minutely": []}])
async def test_the_free_products_have_no_alerts(site, upstream, more):
    """No alerts in the body, or something of that name: null and why, for an empty list would mean all is well."""
    plays(upstream, more)
    body = (await site.get(f"/api/v1/forecast?{SEA}")).json()
    assert (body["alerts"], body["nowcast"]) == (None, None)
    assert [(gap["section"], gap["reason"]) for gap in body["missing"]] == [("nowcast", "plan"), ("alerts", "plan")]


async def test_the_polar_night(site, upstream):
    """Sunrise and sunset 0 in upstream's body: null at the JSON door, words on the page, 1970 nowhere."""
    plays(upstream, {"sys": {"country": "SJ", "sunrise": 0, "sunset": 0}, "timezone": 3600, "name": "Longyearbyen"})
    body = (await site.get("/api/v1/forecast?lat=78.22&lon=15.65")).json()
    assert {(day["sunrise"], day["sunset"]) for day in body["daily"]} == {(None, None)}
    page = await site.get("/forecast/78.22,15.65")
    assert "does not rise" in words(parsed(page.text))
    assert "1970" not in page.text + json.dumps(body)


@pytest.mark.parametrize("id_", [0, 2643743, -1, None, "x"])
async def test_upstreams_place_id_is_not_needed(site, upstream, id_):
    """It is 0 for postal codes and in the wild: two places with one id are two places."""
    plays(upstream, {"id": id_})
    there = (await site.get(f"/api/v1/current?{SEA}")).json()["place"]
    here = (await site.get("/api/v1/current?lat=51.51&lon=-0.13")).json()["place"]
    assert (there["latitude"], here["latitude"]) == (-48.87, 51.51)


async def test_an_id_that_the_gazetteer_does_not_know_is_looked_up_once(site, upstream):
    """By the point in its current weather; one without a point is no place."""
    upstream.bodies["/data/2.5/weather"] = lambda query: weather_body(-48.87, -123.39, name="Nemo", sys={})
    place = (await site.get("/api/v1/current?id=1")).json()["place"]
    assert (place["name"], place["latitude"], place["longitude"]) == ("Nemo", -48.87, -123.39)
    upstream.bodies["/data/2.5/weather"] = lambda query: weather_body() | {"coord": None}
    unknown = await site.get("/api/v1/current?id=2")
    assert (unknown.status_code, unknown.json()["code"]) == (404, "place_not_found")
