"""What is typed leads to the same place by page and by API, and what is doubtful is asked back."""

import re

import pytest
from fakes import running
from meteo import Both

pytestmark = pytest.mark.anyio

ALONE = {"WEATHER_PROVIDER": "open-meteo"}


@pytest.fixture
def both(clock):
    upstream = Both(clock)
    upstream.bodies["/v1/search"] = lambda _: {"generationtime_ms": 0.1}
    return upstream


@pytest.mark.parametrize(
    ("text", "point"),
    [
        ("weather in Tokyo?", "35.69,139.69"),
        ("Austin TX", "30.27,-97.74"),
        ("Paris (Texas)", "33.66,-95.56"),
        ("Japan: Osaka", "34.69,135.5"),
        ("NYC", "40.71,-74.01"),
        ("52° 31′ N, 13° 24′ E", "52.52,13.4"),
        ("−33.87, 151.21", "-33.87,151.21"),
        ("geo:52.52,13.41;u=35", "52.52,13.41"),
        ("9F4MGC94+22", "52.52,13.41"),
        ("GC94+22 Berlin", "52.52,13.41"),
    ],
)
async def test_page_and_api_go_to_the_same_place(both, clock, text, point):
    """/search, /forecast?q= and /api/v1?q= read what is typed alike, without a call for the name."""
    async with running(both, clock, None, None, **ALONE) as site:
        pages = [await site.get(path, params={"q": text}) for path in ("/search", "/forecast")]
        place = (await site.get("/api/v1/current", params={"q": text, "fields": "place"})).json()["place"]
    assert [re.match(r"/forecast/([^?]+)", page.headers["location"])[1] for page in pages] == [point] * 2
    assert f"{round(place['latitude'], 2):.10g},{round(place['longitude'], 2):.10g}" == point
    assert both.asked("/v1/search") == 0


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("95, 200", "Latitude goes from −90 to 90 degrees"),
        ("52 N 53 S", "one latitude and one longitude"),
        ("52.52 N, 13.41 O", "O is east in German"),
    ],
)
async def test_a_point_that_is_none_says_why(both, clock, text, reason):
    """400 with the reason by page and API; it is no unknown name, and no geocoder is asked."""
    async with running(both, clock, None, None, **ALONE) as site:
        page = await site.get("/search", params={"q": text})
        program = await site.get("/api/v1/current", params={"q": text})
    assert (page.status_code, program.status_code, both.count) == (400, 400, 0)
    assert reason in page.text
    assert reason in program.json()["detail"]


async def test_o_is_read_in_the_language_of_the_page(both, clock):
    """Ost on a German page, ouest on a French one."""
    async with running(both, clock, None, None, **ALONE) as site:
        found = [
            (await site.get("/search", params={"q": "52.52 N, 13.41 O", "lang": lang})).headers["location"]
            for lang in ("de", "fr")
        ]
    assert [re.match(r"/forecast/([^?]+)", location)[1] for location in found] == ["52.52,13.41", "52.52,-13.41"]


async def test_o_is_read_in_the_browser_s_language_where_the_page_is_not_written_in_it(both, clock):
    """A reader of Spanish gets the page in English, and means the west; a reader of English is asked back."""
    async with running(both, clock, None, None, **ALONE) as site:
        spanish, english = [
            await site.get("/search", params={"q": "19,43 N 99,13 O"}, headers={"Accept-Language": language})
            for language in ("es-MX,es;q=0.9", "en-GB")
        ]
    assert spanish.headers["location"] == "/forecast/19.43,-99.13"
    assert english.status_code == 400


async def test_a_beginning_is_a_pick_list_before_a_404(both, clock):
    """What the list would have shown while typing is offered when it is sent without script; nothing is taken."""
    async with running(both, clock, None, None, **ALONE) as site:
        typed = re.findall(r"/forecast/([\d.,-]+)\?", (await site.get("/search?begins=San Franc")).text)
        sent = await site.get("/search?q=San Franc")
    assert sent.status_code == 200
    assert re.findall(r"/forecast/([\d.,-]+)\?", sent.text)[: len(typed)] == typed
    assert "No place is known by exactly this name." in sent.text


async def test_all_lists_the_namesakes_of_a_clear_name(both, clock):
    """`all=1` never redirects; the list is wider than the first answer, and costs no call."""
    async with running(both, clock, None, None, **ALONE) as site:
        assert (await site.get("/search?q=London")).status_code == 303
        every = await site.get("/search?q=London&all=1")
        page = await site.get("/forecast/51.51,-0.13?name=London")
        calls = both.asked("/v1/search")
    assert every.status_code == 200
    assert len(set(re.findall(r"/forecast/([\d.,-]+)\?", every.text))) > 2
    assert "/search?q=London&amp;all=1" in page.text
    assert calls == 0


@pytest.mark.parametrize("text", ["Paris, Japan", "Berlin Thailand", "Wien, Brasilien"])
async def test_a_known_area_without_such_a_place_is_a_404(both, clock, text):
    """Never a place elsewhere than the words say, by page or API."""
    async with running(both, clock, None, None, **ALONE) as site:
        page = await site.get("/search", params={"q": text})
        program = await site.get("/api/v1/current", params={"q": text})
    assert (page.status_code, program.status_code) == (404, 404)
    assert "Open-Meteo" in program.json()["detail"]


async def test_a_short_plus_code_in_a_doubtful_town_is_asked_back(both, clock):
    """Each Portland has a cell of that code near it: both are offered, and none is taken."""
    async with running(both, clock, None, None, **ALONE) as site:
        page = await site.get("/search", params={"q": "GC94+22 Portland"})
    points = re.findall(r"/forecast/([\d.-]+),([\d.-]+)\?", page.text)
    assert page.status_code == 200
    assert [(round(float(lat)), round(float(lon))) for lat, lon in points[:2]] == [(46, -123), (44, -71)]


async def test_a_town_that_is_called_weather_does_not_swallow_a_question(both, clock):
    """Wetter lies in Hesse and means weather: Wetter Hamburg, where both can be meant, is asked back or is Hamburg."""
    async with running(both, clock, None, None, **ALONE) as site:
        hamburg = await site.get("/search?q=Wetter Hamburg")
    assert hamburg.headers["location"].startswith("/forecast/53.5")


async def test_a_link_of_a_map_may_be_long(both, clock):
    """Longer than any name, as Google's are."""
    link = "https://www.google.com/maps/place/Berlin/@52.5,13.4,11z/data=!4m6!3m5!1s" + "0x47a84e373f035901" * 20
    async with running(both, clock, None, None, **ALONE) as site:
        page = await site.get("/search", params={"q": f"{link}!8m2!3d52.52!4d13.41!16zL20vMDE1NnE"})
    assert page.headers["location"] == "/forecast/52.52,13.41"


@pytest.mark.parametrize("sign", ["\ufdfa", "\u3316", "\u00bd"])
@pytest.mark.parametrize("path", ["/search", "/api/v1/search", "/api/v1/current"])
async def test_signs_that_stand_for_whole_words_count_as_what_they_stand_for(both, clock, path, sign):
    """200 of them are up to 3,600 letters, which took 60 ms to look for; a few are a name like any other."""
    async with running(both, clock, None, None, **ALONE) as site:
        long, short = [await site.get(path, params={"q": sign * count}) for count in (200, 2)]
    assert (long.status_code, short.status_code in (200, 404)) == (400, True)
