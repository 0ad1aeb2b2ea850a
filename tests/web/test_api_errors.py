"""What the JSON API says of mistakes: all at once, with what was meant, and where the help is."""

import pytest
from fakes import running

from weather.web.docs.operations import KINDS

pytestmark = pytest.mark.anyio

PLACES = "/api/v1/places"
HOME = {"name": "Home", "latitude": 51.51, "longitude": -0.13}


async def test_all_mistakes_of_a_query_come_at_once(site, upstream):
    """Three unknown names and a wrong value: four entries, each with what was meant or what is allowed; no call."""
    answer = await site.get("/api/v1/forecast?lattitude=1&longtitude=2&foo=3&units=kelvin")
    errors = answer.json()["errors"]
    assert [one["parameter"] for one in errors] == ["lattitude", "longtitude", "foo", "units"]
    assert [one.get("did_you_mean") for one in errors] == ["lat", "lon", None, None]
    assert "q" in errors[2]["allowed"]
    assert errors[3]["allowed"] == ["metric", "si", "us", "uk"]
    assert (answer.json()["parameter"], upstream.count) == ("lattitude", 0)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        *(
            ("lattitude", "lat"),
            ("longtitude", "lon"),
            ("lng", "lon"),
            ("city", "q"),
            ("place", "q"),
            ("location", "q"),
        ),
        *(("query", "q"), ("postcode", "zip"), ("apikey", "appid"), ("key", "appid"), ("token", "appid")),
        *(("unit", "units"), ("untis", "units"), ("language", "lang"), ("feilds", "fields"), ("hour", "hours")),
    ],
)
async def test_a_parameter_of_another_api_is_translated(site, sent, meant):
    """Names of OpenWeatherMap, Open-Meteo and Dark Sky, and slips: the right one is named."""
    (error,) = (await site.get(f"/api/v1/hourly?{sent}=x&q=London")).json()["errors"]
    assert error["did_you_mean"] == meant


@pytest.mark.slow
@pytest.mark.parametrize(
    ("sent", "meant"),
    [
        *(("current.temp", "current.temperature"), ("temperature", "current.temperature")),
        *(("air.aqi", "air.indexes"), ("daily.min", "daily.temperature_min")),
        ("hourly.pop", "hourly.precipitation_probability"),
        *(("condition.description", "current.condition.text"), ("minutely", "nowcast")),
        ("place.state", "place.region"),
        *(("current.wind_sped", "current.wind_speed"), ("freshness.valid_until", "freshness.fresh_until")),
        *(("daily.wind_speed", "daily.wind_speed_max"), ("attribution", "attributions")),
        ("hourly.uvi", "hourly.uv_index"),
    ],
)  # fmt: skip
async def test_a_field_of_another_api_is_translated(site, sent, meant):
    """Members as others call them are found within the section that was named."""
    (error,) = (await site.get(f"/api/v1/forecast?q=London&fields={sent}")).json()["errors"]
    assert error["did_you_mean"] == meant


async def test_a_field_of_which_nothing_can_be_said_lists_its_section(site):
    """No guess, but what there is."""
    (error,) = (await site.get("/api/v1/forecast?q=London&fields=summary.zebra")).json()["errors"]
    assert "did_you_mean" not in error
    assert error["allowed"] == ["summary.now", "summary.next_24_hours"]


async def test_imperial_is_told_apart(site):
    """OpenWeatherMap's word for units names the two that it may mean here."""
    (error,) = (await site.get("/api/v1/current?q=London&units=imperial")).json()["errors"]
    assert (error["allowed"], error["detail"]) == (["us", "uk"], "imperial is called us or uk here")


async def test_every_problem_leads_to_its_help(site):
    """`type` is the address of a heading of the documentation that is there."""
    page = (await site.get("/docs/errors")).text
    for code in sorted({code for code, _ in KINDS}):
        assert f'id="{code}"' in page, code
    assert (await site.get("/api/v1/current")).json()["type"] == "/docs/errors#bad_parameter"


async def test_the_help_is_found_below_a_root_path(upstream, clock):
    """The path prefix stands before the address of the help."""
    async with running(upstream, clock, WEATHER_ROOT_PATH="/weather") as site:
        assert (await site.get("/weather/api/v1/current")).json()["type"] == "/weather/docs/errors#bad_parameter"


async def test_all_mistakes_of_a_body_come_at_once(site):
    """Each wrong member with a JSON pointer, in words of ours; code `bad_body`."""
    answer = await site.post(PLACES, json={"name": "", "latitude": "x", "longitude": 999, "a/b": 1})
    told = {error["pointer"]: error["detail"] for error in answer.json()["errors"]}
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_body")
    assert told == {
        "#/a~1b": "a/b is not a member here; name, latitude and longitude are",
        "#/name": "name is a text of 1 to 80 characters",
        "#/latitude": "latitude is a number from -90 to 90",
        "#/longitude": "longitude is a number from -180 to 180",
    }


async def test_several_mistakes_in_words_name_each_parameter_once(site):
    """ "latitude: latitude is a number" stutters."""
    detail = (await site.post(PLACES, json={"name": "A", "latitude": "x", "longitude": 999})).json()["detail"]
    assert detail == "latitude is a number from -90 to 90; longitude is a number from -180 to 180"
    query = (await site.get("/api/v1/current?hours=3&units=x&q=London")).json()["detail"]
    assert query.startswith("hours: not a parameter here; units is one of ")


async def test_both_spellings_of_a_point_are_understood(site, upstream):
    """latitude and longitude in a query, lat and lon in a body; either twice is a mistake."""
    whole = (await site.get("/api/v1/current?lat=51.51&lon=-0.13")).json()
    assert (await site.get("/api/v1/current?latitude=51.51&longitude=-0.13")).json() == whole
    saved = await site.post(PLACES, json={"name": "Home", "lat": 51.51, "lon": -0.13})
    assert (saved.status_code, saved.json()["latitude"]) == (201, 51.51)
    assert (await site.get("/api/v1/current?lat=1&latitude=1&lon=1")).status_code == 400
    assert (await site.post(PLACES, json=HOME | {"lat": 1})).json()["code"] == "bad_body"


async def test_headers_that_are_too_large_have_a_code_of_their_own(site):
    """431 is not a bad parameter."""
    answer = await site.get("/api/v1/current?q=London", headers={"X-Long": "x" * 33_000})
    assert (answer.status_code, answer.json()["code"]) == (431, "headers_too_large")


async def test_phrases_are_those_of_rfc_9110(site):
    """413 and 414 have their new names, whatever Python calls them."""
    long = await site.get("/api/v1/current?q=" + "x" * 9000)
    assert (long.status_code, long.json()["title"]) == (414, "URI Too Long")


@pytest.mark.slow
@pytest.mark.parametrize("authorization", ["Bearer nope", "Basic abc", f"Bearer {'A' * 43}"])
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
async def test_an_unknown_token_is_no_empty_list(site, authorization, method):
    """401 with a challenge (RFC 6750), never an empty list or a new one."""
    answer = await site.request(method, PLACES, json=HOME, headers={"Authorization": authorization})
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_token")
    assert answer.headers["www-authenticate"] == 'Bearer realm="Weatherglass", error="invalid_token"'
    assert "set-cookie" not in answer.headers


async def test_nobody_has_an_empty_list(site):
    """Without a token or a cookie there is simply no place yet."""
    assert (await site.get(PLACES)).json() == {"places": []}


async def test_a_list_can_be_ended(site):
    """204; the places are gone, the token is unknown, the cookie is taken back, and nobody else's list is touched."""
    first = (await site.post(PLACES, json=HOME)).json()["token"]
    site.cookies.clear()
    other = (await site.post(PLACES, json=HOME)).json()["token"]
    site.cookies.clear()
    ended = await site.delete(PLACES, headers={"Authorization": f"Bearer {first}"})
    assert ended.status_code == 204
    assert "places=" in ended.headers["set-cookie"]
    gone = await site.get(PLACES, headers={"Authorization": f"Bearer {first}"})
    assert gone.json()["code"] == "unknown_token"
    kept = await site.get(PLACES, headers={"Authorization": f"Bearer {other}"})
    assert len(kept.json()["places"]) == 1


async def test_a_bearer_token_may_come_from_any_origin(site):
    """A browser never sends it on its own, so that no other site can misuse it; a cookie alone is still refused."""
    told = (await site.post(PLACES, json=HOME)).json()
    foreign = {"Origin": "https://app.example", "Sec-Fetch-Site": "cross-site"}
    refused = await site.post(PLACES, json=HOME, headers=foreign)
    assert (refused.status_code, refused.json()["code"]) == (403, "cross_site")
    site.cookies.clear()
    passed = await site.post(PLACES, json=HOME, headers=foreign | {"Authorization": f"Bearer {told['token']}"})
    assert passed.status_code == 201


async def test_a_saved_place_is_asked_for_by_its_id(site):
    """`saved` with the list's token gives its weather, for its visitor alone; without the token it is 404."""
    told = (await site.post(PLACES, json=HOME)).json()
    site.cookies.clear()
    mine = {"Authorization": f"Bearer {told['token']}"}
    answer = await site.get(f"/api/v1/current?saved={told['id']}", headers=mine)
    assert (answer.status_code, answer.json()["place"]["name"]) == (200, "Home")
    assert answer.headers["cache-control"].startswith("private, ")
    assert "Authorization" in answer.headers["vary"]
    assert (await site.get(f"/api/v1/current?saved={told['id']}")).json()["code"] == "not_found"
    unknown = await site.get(f"/api/v1/current?saved={told['id']}", headers={"Authorization": "Bearer nope"})
    assert unknown.json()["code"] == "unknown_token"


async def test_access_keys_missing_and_wrong_are_two_texts(upstream, clock):
    """401 with a challenge; the detail says whether there was none or an unknown one."""
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="alpha") as site:
        none = await site.get("/api/v1/current?q=London")
        wrong = await site.get("/api/v1/current?q=London", headers={"X-API-Key": "beta"})
    assert [one.status_code for one in (none, wrong)] == [401, 401]
    assert none.headers["www-authenticate"].startswith("ApiKey ")
    assert none.json()["detail"] != wrong.json()["detail"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "near"),
    [
        ("curent", "current"), ("weather", "current"), ("minutely", "nowcast"), ("daily.json", "daily"), ("zzz", None),
        ("x", None), ("a.css", None),
    ],
)  # fmt: skip
async def test_a_route_that_is_none_names_the_nearest(site, path, near):
    """404 with what was meant, and where the routes are listed."""
    told = (await site.get(f"/api/v1/{path}?q=London")).json()
    assert told.get("did_you_mean") == (near and f"/api/v1/{near}")
    assert "GET /api/v1 lists the routes" in told["detail"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("path", "meant"),
    [
        ("/api/v1/", "/api/v1"),
        ("/api/v1//", "/api/v1"),
        ("/api/v1/current/", "/api/v1/current"),
        ("/api/v1/current//", "/api/v1/current"),
        ("//api/v1/current", "/api/v1/current"),
        ("/api//v1///current", "/api/v1/current"),
        ("/api/v1/places/a%20b/", "/api/v1/places/a%20b"),
        ("/docs/", "/docs"),
        ("/docs//", "/docs"),
        ("/docs/caching/", "/docs/caching"),
        ("/api", "/api/v1"),
        ("/api/", "/api/v1"),
    ],
)
@pytest.mark.parametrize("root", ["", "/weather"])
async def test_a_slash_too_many_leads_on(upstream, clock, path, meant, root):
    """308 to the one address, with its query, by whatever method: as a base that ends in a slash makes them."""
    async with running(upstream, clock, WEATHER_ROOT_PATH=root) as site:
        for method in ("GET", "POST", "HEAD"):
            # The whole address, for a client takes two slashes at the beginning for a host.
            answer = await site.request(method, f"http://test{root}{path}?q=London")
            assert (answer.status_code, answer.headers["location"]) == (308, f"{root}{meant}?q=London")


async def test_no_slash_leads_to_another_host(site):
    for path in ("//evil.example/api/v1/", "//evil.example/", "///evil.example/docs/", "//docsx/"):
        assert (await site.get(f"http://test{path}")).status_code == 404
    answer = await site.get("http://test/api/%2f%2fevil.example/")
    assert answer.headers["location"] == "/api/evil.example"


async def test_a_key_in_an_address_that_leads_on_is_not_kept(site):
    answer = await site.get("/api/v1/current/?q=London&appid=mine")
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.slow
@pytest.mark.parametrize("path", ["/api", "/api/"])
@pytest.mark.parametrize("agent", ["Mozilla/5.0", "curl/8.5.0"])
async def test_the_beginning_of_our_own_addresses_is_no_place(site, upstream, path, agent):
    """API is an airport in Colombia too: whoever types `/api` means the API."""
    answer = await site.get(path, headers={"User-Agent": agent})
    assert (answer.status_code, answer.headers["location"], upstream.count) == (308, "/api/v1", 0)


async def test_the_index_lists_every_route(site):
    """Each listed address of a GET without an id is there."""
    told = (await site.get("/api/v1")).json()
    paths = [route["path"] for route in told["routes"] if route["method"] == "GET" and "{" not in route["path"]]
    assert len(paths) == 10
    for path in paths:
        assert (await site.get(path)).status_code in (200, 400)
    assert (told["docs"], told["openapi"]) == ("/docs", "/openapi.json")


async def test_an_unknown_place_comes_with_suggestions(site, upstream):
    """A slip in a name: 404 with places of similar names."""
    upstream.bodies["/geo/1.0/direct"] = lambda q: []
    told = (await site.get("/api/v1/current?q=Lodnon")).json()
    assert told["code"] == "place_not_found"
    assert "London" in [place["name"] for place in told["suggestions"]]


async def test_offline_has_no_retry_after(upstream, clock, tmp_path):
    """Waiting does not help where the operator has switched upstream off."""
    async with running(upstream, clock, tmp_path, WEATHER_OFFLINE="yes") as site:
        answer = await site.get("/api/v1/current?lat=1&lon=1")
    assert (answer.status_code, answer.json()["code"]) == (503, "offline")
    assert "retry-after" not in answer.headers


async def test_languages_are_taken_by_their_base_and_in_any_case(site):
    """en-GB, DE and de_AT are English and German; what is no language of ours is 400."""
    for tag, word in (("en-GB", "light rain"), ("DE", "leichter Regen"), ("de_AT", "leichter Regen")):
        body = (await site.get(f"/api/v1/current?lat=51.51&lon=-0.13&lang={tag}")).json()
        assert body["current"]["condition"]["text"] == word
    assert (await site.get("/api/v1/current?q=London&lang=xx")).json()["errors"][0]["allowed"][0] == "en"
