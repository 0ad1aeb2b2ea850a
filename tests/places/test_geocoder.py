"""Open-Meteo's geocoder, the last step before "no such place": when it is asked, what it costs, what is believed."""

import json
import re
from pathlib import Path

import pytest
from fakes import NOON, running
from meteo import Both

pytestmark = pytest.mark.anyio

SAMPLES = Path(__file__).parent.parent.parent.parent / "shared" / "openmeteo" / "samples"
AUTO = {"WEATHER_PROVIDER": "auto"}
NOTHING = {"generationtime_ms": 0.1}
DAY = 86400


@pytest.fixture
def both(clock):
    upstream = Both(clock)
    upstream.bodies["/v1/search"] = lambda _: NOTHING
    return upstream


def town(name: str, latitude: float, longitude: float, country: str, **more) -> dict:
    """An entry as the contract has it."""
    entry = {"id": 1, "name": name, "latitude": latitude, "longitude": longitude, "country_code": country}
    return entry | {"feature_code": "PPL", "population": 900} | more


def answers(both: Both, *entries: dict) -> None:
    both.bodies["/v1/search"] = lambda _: {"results": list(entries), **NOTHING}


async def test_a_hamlet_is_found_without_a_key_for_one_call_in_four_weeks(both, clock):
    """Page and API, for one call that is kept; typing never asks."""
    answers(both, town("Xyzzyburg", 46.02, 7.75, "CH", admin1="Valais"))
    async with running(both, clock, None, None, **AUTO) as site:
        assert (await site.get("/search?begins=Xyzzyburg")).status_code == 200
        assert both.count == 0
        for _ in range(2):
            page = await site.get("/search?q=Xyzzyburg")
            clock.now += 27 * DAY
        results = (await site.get("/api/v1/search?q=xyzzyburg")).json()["results"]
    assert page.headers["location"] == "/forecast/46.02,7.75?name=Xyzzyburg"
    assert (results[0]["country_code"], results[0]["region"]) == ("CH", "Valais")
    assert both.asked("/v1/search") <= 2
    assert both.queries[0] == {"name": "Xyzzyburg", "count": "20", "language": "en", "format": "json"}


async def test_it_is_kept_for_four_weeks_and_no_longer(both, clock):
    """27 days later from the cache, 29 days later asked anew."""
    answers(both, town("Xyzzyburg", 46.02, 7.75, "CH"))
    async with running(both, clock, None, None, **AUTO) as site:
        for at, calls in ((NOON, 1), (NOON + 27 * DAY, 1), (NOON + 29 * DAY, 2)):
            clock.now = at
            assert (await site.get("/search?q=Xyzzyburg")).status_code == 303
            assert both.asked("/v1/search") == calls


async def test_with_a_key_it_is_the_second_step(both, clock):
    """OpenWeatherMap is asked first; only where it knows nothing Open-Meteo is."""
    answers(both, town("Xyzzyburg", 46.02, 7.75, "CH"))
    async with running(both, clock, **AUTO) as site:
        assert (await site.get("/search?q=Xyzzyburg")).headers["location"].startswith("/forecast/46.02,7.75")
        assert both.calls == ["/geo/1.0/direct", "/v1/search"]
        both.bodies["/geo/1.0/direct"] = lambda _: [{"name": "Plugh", "lat": 1, "lon": 2, "country": "FR"}]
        assert (await site.get("/search?q=Plugh")).headers["location"].startswith("/forecast/1,2")
    assert both.calls[2:] == ["/geo/1.0/direct"]


async def test_where_openweathermap_alone_was_chosen_nobody_else_is_asked(both, clock):
    """WEATHER_PROVIDER=openweathermap is the operator's word; the 404 names who was asked."""
    async with running(both, clock, WEATHER_PROVIDER="openweathermap") as site:
        page = await site.get("/search?q=Xyzzyburg")
    assert both.calls == ["/geo/1.0/direct"]
    assert (page.status_code, "OpenWeatherMap&#39;s place search" in page.text) == (404, True)
    assert "Open-Meteo" not in page.text


async def test_a_place_beyond_the_country_that_was_typed_is_not_taken(both, clock):
    """The country goes up with the question, and an answer from elsewhere is not believed."""
    answers(both, town("Xyzzyburg", 46.73, 14.1, "AT"))
    async with running(both, clock, None, None, **AUTO) as site:
        assert (await site.get("/search?q=Xyzzyburg, Austria")).status_code == 303
        assert (await site.get("/search?q=Xyzzyburg, Japan")).status_code == 404
        assert (await site.get("/api/v1/current?q=Xyzzyburg, Japan")).json()["code"] == "place_not_found"
    assert [query.get("countryCode") for query in both.queries if "name" in query][:2] == ["AT", "JP"]


async def test_a_region_that_was_typed_holds_too(both, clock):
    """Regions are told by name, in the answer's language."""
    north, south = (40, -75, "US"), (31, -97, "US")
    answers(both, town("Xyzzyburg", *north, admin1="Pennsylvania"), town("Xyzzyburg", *south, admin1="Texas"))
    async with running(both, clock, None, None, **AUTO) as site:
        page = await site.get("/search?q=Xyzzyburg, Texas")
    assert page.headers["location"].startswith("/forecast/31,-97")


async def test_a_division_that_the_list_does_not_know_is_believed_as_the_geocoder_tells_it(both, clock):
    """Départements and districts: the one that was typed, and no other."""
    north, south = (50, 3, "FR"), (45, 5, "FR")
    answers(both, town("Xyzzyville", *north, admin2="Xyzz-Nord"), town("Xyzzyville", *south, admin2="Xyzz-Rhône"))
    async with running(both, clock, None, None, **AUTO) as site:
        page = await site.get("/search?q=Xyzzyville, Xyzz-Rhone")
        other = await site.get("/search?q=Xyzzyville, Xyzz-Savoie")
    assert page.headers["location"].startswith("/forecast/45,5")
    assert other.status_code == 404


async def test_what_only_begins_so_is_offered_and_never_taken(both, clock):
    """The geocoder matches beginnings and other names."""
    answers(both, town("Xyzzyburghausen", 46.02, 7.75, "CH"))
    async with running(both, clock, None, None, **AUTO) as site:
        page = await site.get("/search?q=Xyzzyburg")
    assert (page.status_code, "/forecast/46.02,7.75" in page.text) == (200, True)


async def test_a_question_goes_up_as_the_name_in_it(both, clock):
    """The words around a name are nothing that a geocoder knows; a question without a name is not asked."""
    async with running(both, clock, None, None, **AUTO) as site:
        await site.get("/search?q=weather in Xyzzyburg tomorrow")
        await site.get("/search?q=Wetter Plughdorf, Texas")
        await site.get("/search?q=weather today")
    assert [query["name"] for query in both.queries] == ["Xyzzyburg", "Plughdorf"]


async def test_postal_codes_are_known_without_a_key(both, clock):
    """The code that an entry has is the code that was typed; entries that lack it are not believed."""
    answers(
        both,
        town("Berlin", 52.52, 13.41, "DE", postcodes=["10115", "10117"]),
        town("Elsewhere", 40, -75, "US", postcodes=["10999"]),
    )
    async with running(both, clock, None, None, **AUTO) as site:
        page = await site.get("/search?q=10115")
        by_zip = await site.get("/api/v1/current?zip=10117,DE")
        with_town = await site.get("/search?q=10115 Berlin")
        unknown = await site.get("/search?q=10116, US")
    assert page.headers["location"] == with_town.headers["location"] == "/forecast/52.52,13.41?name=Berlin"
    assert by_zip.json()["place"]["name"] == "Berlin"
    assert unknown.status_code == 404


async def test_a_code_of_two_countries_is_a_choice(both, clock):
    """A list for who names no country; the place at once for whose browser names one."""
    answers(
        both,
        town("Here", 52.52, 13.41, "DE", postcodes=["10115"]),
        town("There", 48.0, 2.0, "FR", postcodes=["10115"]),
    )
    async with running(both, clock, None, None, **AUTO) as site:
        page = await site.get("/search?q=10115")
        french = await site.get("/search?q=10115", headers={"Accept-Language": "fr-FR"})
    assert re.findall(r"/forecast/([\d.,-]+)\?", page.text)[:2] == ["52.52,13.41", "48,2"]
    assert french.headers["location"].startswith("/forecast/48,2")


async def test_a_code_beside_a_town_that_is_known_needs_nobody(both, clock):
    """Where the geocoder fails or does not know the code, the town that was typed is the answer."""
    both.fails(500, paths=("/v1/search",))
    async with running(both, clock, None, None, **AUTO) as site:
        page = await site.get("/search?q=10115 Berlin")
    assert page.headers["location"].startswith("/forecast/52.52,13.41")


async def test_a_geocoder_that_fails_makes_no_place_unknown(both, clock):
    """Not 404: nobody has said that there is no such place. What looks like it is offered all the same."""
    both.fails(500, paths=("/v1/search",))
    async with running(both, clock, None, None, **AUTO) as site:
        page = await site.get("/search?q=Lodnon")
        program = await site.get("/api/v1/current?q=Lodnon")
    assert (page.status_code, "London" in page.text) == (502, True)
    assert program.json()["code"] == "upstream_unavailable"  # it failed a moment ago, and is left alone


async def test_the_geocoder_s_failures_do_not_stop_the_forecasts(both, clock):
    """Its circuit breaker is its own."""
    both.fails(500, paths=("/v1/search",))
    async with running(both, clock, None, None, **AUTO) as site:
        for name in ("Xyzzya", "Xyzzyb", "Xyzzyc", "Xyzzyd", "Xyzzye"):
            await site.get(f"/search?q={name}")
        assert (await site.get("/forecast/51.51,-0.13")).status_code == 200


@pytest.mark.slow
@pytest.mark.parametrize(
    "body",
    [b"[]", b"{", b'{"error":true,"reason":"x"}', b'{"generationtime_ms":1,"results":[{"name":5}]}', b"null", b"\xff"],
)
async def test_a_body_of_another_shape_is_no_place(both, clock, body):
    """It is a failure, or nothing of it is believed; never a crash."""
    both.fails(200, body, "application/json", paths=("/v1/search",))
    async with running(both, clock, None, None, **AUTO) as site:
        assert (await site.get("/search?q=Xyzzyburg")).status_code in (404, 502)


async def test_markup_in_a_name_from_upstream_is_text(both, clock):
    """Nothing from upstream is trusted."""
    answers(both, town("<b>Xyzzyburg</b>", 1, 2, "CH"), town("Xyzzyburg \u202e", 95, 7.75, "CH"))
    async with running(both, clock, None, None, **AUTO) as site:
        page = await site.get("/search?q=Xyzzyburg")
    assert "<b>Xyzzy" not in page.text
    assert (page.status_code, "&lt;b&gt;Xyzzyburg" in page.text) == (200, True)


async def test_the_geocoder_is_named_where_it_may_have_been_asked(both, clock):
    """Where a search begins and where it is asked back: its licence asks for it (CC BY 4.0)."""
    async with running(both, clock, None, None, **AUTO) as site:
        for path in ("/", "/search?q=Portland"):
            assert "open-meteo.com/en/docs/geocoding-api" in (await site.get(path)).text
    async with running(both, clock, WEATHER_PROVIDER="openweathermap") as site:
        assert "open-meteo.com/en/docs/geocoding-api" not in (await site.get("/")).text


@pytest.mark.needs(SAMPLES)
async def test_recorded_answers_are_read(both, clock):
    """Hollywood as it was recorded: those in Maryland by their state, the one in Alabama by its postal code."""
    recorded = json.loads((SAMPLES / "ruby_search_hollywood_20.json").read_text("utf-8"))
    both.bodies["/v1/search"] = lambda query: recorded if query["name"] in ("Hollywood", "35752") else NOTHING
    async with running(both, clock, None, None, **AUTO) as site:
        maryland = await site.get("/search?q=Hollywood, Maryland")
        code = await site.get("/search?q=35752")
    assert [at for at in re.findall(r"/forecast/([\d.,-]+)\?", maryland.text) if at == "38.35,-76.57"]
    assert "/forecast/26.01,-80.15" not in maryland.text
    assert code.headers["location"].startswith("/forecast/34.72,-85.97")


async def test_without_a_geocoder_the_404_says_that_nobody_was_asked(both, clock):
    """MET Norway has none: a name or a code that is not in the list is not called unknown."""
    settings = {"WEATHER_PROVIDER": "met-norway", "WEATHER_CONTACT": "ops@example.org"}
    async with running(both, clock, None, None, **settings) as site:
        answers = [await site.get(path) for path in ("/api/v1/current?q=Xyzzyburg", "/api/v1/current?zip=10115,DE")]
    assert [answer.status_code for answer in answers] == [404, 404]
    assert all("no other search was asked" in answer.json()["detail"] for answer in answers)
    assert both.count == 0
