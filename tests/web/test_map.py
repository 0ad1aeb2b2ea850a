"""The map of a place: without script, its age inside, and what is not known never looks like fair weather."""

import re
import struct
import zlib

import html5lib
import pytest
from fakes import KEY, running
from markup import parsed

from weather.domain.model import Coordinates
from weather.i18n.language import LANGUAGES, language
from weather.web.pages.map.view import radar_link

pytestmark = pytest.mark.anyio

MAP, SVG = "/forecast/51.51,-0.13/map", "{http://www.w3.org/2000/svg}"


def png() -> bytes:
    """A transparent picture of one point (PNG, third edition)."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 1, 1, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(bytes(5))) + chunk(b"IEND", b"")


@pytest.fixture
def upstream(upstream):
    """With tiles."""
    upstream.fails(200, png(), "image/png", paths=("/map/",))
    return upstream


def document(answer):
    return html5lib.parse(answer.text, namespaceHTMLElements=False)


def words(answer) -> str:
    return " ".join(re.sub("[\u2066-\u2069]", "", "".join(document(answer).find(".//main").itertext())).split())


def pictures(answer) -> list[str]:
    return [one.get("href") for one in document(answer).iter(f"{SVG}image")]


@pytest.mark.slow
async def test_the_layer_lies_over_the_map_as_pictures_of_this_site(site, upstream):
    """By the provider's tiles around the place, each fetched once: the browser's requests are hits. No key is told."""
    answer = await site.get(f"{MAP}?name=Home")
    found = pictures(answer)
    assert found == [f"/map/precipitation_new/6/{x}/{y}.png" for y in (20, 21) for x in (31, 32)]
    assert upstream.calls == found
    for path in found:
        tile = await site.get(path)
        assert (tile.status_code, tile.headers["content-type"], tile.content) == (200, "image/png", png())
        assert tile.headers["cache-status"].startswith("weather; hit")
    assert upstream.count == 4
    assert KEY not in answer.text
    assert "appid" not in answer.text
    assert "http" not in "".join(found)


@pytest.mark.slow
async def test_the_map_says_its_age(site, clock):
    """In words and in headers: that of its oldest tile."""
    assert "Data received: 12:00 · just now" in words(await site.get(MAP))
    clock.now += 600
    await site.get("/map/precipitation_new/6/31/22.png")
    answer = await site.get(MAP)
    assert "Data received: 12:00 · 10 min ago" in words(answer)
    assert answer.headers["age"] == "600"
    assert answer.headers["cache-status"] == "weather; hit; ttl=3000"
    moved = await site.get("/forecast/50.07,-0.13/map")
    assert "/map/precipitation_new/6/31/22.png" in pictures(moved)
    assert moved.headers["age"] == "600"


@pytest.mark.slow
async def test_an_old_layer_is_shown_and_said_to_be_old(site, upstream, clock):
    """With the reason why there is no younger one."""
    await site.get(MAP)
    clock.now += 3700
    upstream.fails(500, paths=("/map/",))
    answer = await site.get(MAP)
    assert len(pictures(answer)) == 4
    # Of four tiles at once the last may not be asked for any more: the first errors have opened the circuit breaker.
    why = r"The weather service (?:answered with an error|did not answer a moment ago)\."
    assert re.search(r"Out of date\. Oldest data from: 12:00 · 1 h 1 min ago · " + why, words(answer))
    assert "ttl=-" in answer.headers["cache-status"]


@pytest.mark.slow
async def test_a_layer_that_cannot_be_had_is_not_fair_weather(site, upstream):
    """The whole map is hatched, and says that it is not known, and why."""
    upstream.fails(500, paths=("/map/",))
    answer = await site.get(MAP)
    assert answer.status_code == 200
    assert pictures(answer) == []
    hatched = [one for one in document(answer).iter(f"{SVG}rect") if one.get("class") == "unknown"]
    assert len(hatched) == 4
    told = "This layer is not known now: what is hatched may be wet or dry, warm or cold."
    assert f"{told} The weather service answered with an error." in words(answer)
    assert "Data received" not in words(answer)
    assert "cache-status" not in answer.headers


@pytest.mark.slow
async def test_a_part_that_is_missing_is_hatched(site, upstream):
    """The other tiles are shown with their age."""
    for y in (20, 21):
        await site.get(f"/map/precipitation_new/6/31/{y}.png")
    upstream.fails(500, paths=("/map/",))
    answer = await site.get(MAP)
    assert len(pictures(answer)) == 2
    assert len([one for one in document(answer).iter(f"{SVG}rect") if one.get("class") == "unknown"]) == 2
    assert "Parts of this layer are not known: they are hatched." in words(answer)
    assert "Data received: 12:00" in words(answer)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("layer", "tiles"),
    [("rain", "precipitation_new"), ("clouds", "clouds_new"), ("temperature", "temp_new"), ("wind", "wind_new")],
)
async def test_each_layer_is_a_layer_of_the_provider(site, layer, tiles):
    """By OpenWeatherMap's names; its own link is marked, and it has a legend."""
    answer = await site.get(f"{MAP}?layer={layer}&zoom=3")
    assert all(path.startswith(f"/map/{tiles}/3/") for path in pictures(answer))
    (marked,) = [one for one in document(answer).iter("a") if one.get("aria-current") == "page"]
    assert f"layer={layer}&zoom=3" in marked.get("href")
    assert len(document(answer).findall(".//ul[@class='legend']/li")) >= 3


async def test_the_legend_is_in_the_readers_units(site):
    """Temperatures by OpenWeatherMap's colours: 10 °C is 50 °F; 15 m/s is 54 km/h."""
    assert "50°" in words(await site.get(f"{MAP}?layer=temperature&units=us"))
    assert "54 km/h" in words(await site.get(f"{MAP}?layer=wind"))


async def test_light_rain_that_has_no_colour_is_told(site):
    """OpenWeatherMap's palette is transparent below half a millimetre."""
    assert "where nothing is shown it may not be dry" in words(await site.get(MAP))


@pytest.mark.slow
async def test_every_way_leads_to_another_map(site):
    """North, west, east, south, nearer, farther are plain links; at the ends of the zooms one is none."""
    page = document(await site.get(f"{MAP}?layer=wind&name=Home"))
    ways = {one.get("class"): one.get("href") for one in page.findall(".//nav[@class='moves']/a")}
    assert set(ways) == {"north", "west", "east", "south", "in", "out"}
    for way, path in ways.items():
        answer = await site.get(path)
        assert answer.status_code == 200
        assert "layer=wind" in path
        assert ("Home" in path) == (way in ("in", "out"))
    for zoom, lacking in ((8, "in"), (1, "out")):
        page = document(await site.get(f"{MAP}?zoom={zoom}"))
        assert lacking not in {one.get("class") for one in page.findall(".//nav[@class='moves']/a")}


@pytest.mark.slow
async def test_the_map_goes_round_the_world(site):
    """East of 179.9° comes 179° west; the tiles of both sides lie side by side."""
    answer = await site.get("/forecast/-17,179.9/map?zoom=5")
    columns = {re.search(r"/5/(\d+)/", path).group(1) for path in pictures(answer)}
    assert columns == {"31", "0"}
    east = document(answer).find(".//nav[@class='moves']/a[@class='east']").get("href")
    assert re.match(r"/forecast/-17,-17\d", east)


async def test_a_pole_is_beyond_the_edge_and_said_to_be(site):
    """No mark stands where the place is not."""
    answer = await site.get("/forecast/90,0/map")
    assert answer.status_code == 200
    assert "This place lies beyond the edge of the map." in words(answer)


@pytest.mark.slow
@pytest.mark.parametrize("query", ["layer=snow", "zoom=0", "zoom=9", "zoom=x", "zoom=06", "layer="])
async def test_what_there_is_not_is_refused_before_any_call(site, upstream, query):
    """A layer or a zoom that the map has not: 400, nobody is asked."""
    answer = await site.get(f"{MAP}?{query}")
    assert answer.status_code == 400
    assert upstream.count == 0


WITHOUT_TILES = {
    "open-meteo": "has no weather maps: this map shows places, no weather.",
    "demo": "The demo invents no weather for maps: this map shows places alone.",
}


@pytest.mark.parametrize("provider", WITHOUT_TILES)
async def test_without_tiles_the_map_says_so(upstream, clock, provider):
    """It is called a map, not one of rain: a site without a key, or the demo, shows places, no weather."""
    async with running(upstream, clock, key=None, WEATHER_PROVIDER=provider) as site:
        answer = await site.get(MAP)
        assert WITHOUT_TILES[provider] in words(answer)
        assert words(answer).startswith("Map London ")
        assert "<title>Map: London" in answer.text
        assert "Rain" not in words(answer)
        assert pictures(answer) == []
    assert upstream.count == 0


async def test_without_tiles_the_map_offers_the_radar(upstream, clock):
    """The operator's link with the place filled in."""
    radar = "https://radar.example/?at={lat}/{lon}"
    async with running(upstream, clock, key=None, WEATHER_RADAR_URL=radar) as site:
        answer = await site.get(MAP)
        assert 'href="https://radar.example/?at=51.51/-0.13"' in answer.text
        assert "OpenWeather" not in words(answer)
        page = await site.get("/forecast/51.51,-0.13")
        assert 'href="https://radar.example/?at=51.51/-0.13"' in page.text
        assert "/map?" not in page.text
    assert upstream.count == 0


@pytest.mark.slow
async def test_the_forecast_leads_to_the_map_and_back(site):
    """With the place's name."""
    page = await site.get("/forecast/51.51,-0.13")
    assert 'href="/forecast/51.51,-0.13/map?name=London"' in page.text
    assert 'href="/forecast/51.51,-0.13?name=London"' in (await site.get(f"{MAP}?name=London")).text


async def test_with_access_keys_a_map_shows_its_own_tiles_and_no_others(upstream, clock):
    """The page holds leave for each of its tiles; made up, or of another tile, it is worth nothing."""
    async with running(upstream, clock, WEATHER_ACCESS_KEYS="door") as site:
        found = pictures(await site.get(MAP))
        assert len(found) == 4
        assert "door" not in "".join(found)
        for path in found:
            assert (await site.get(path)).status_code == 200
        path, _, token = found[0].partition("?token=")
        for other in (path, f"{path}?token=x", f"{path}?token=é", f"/map/precipitation_new/5/1/1.png?token={token}"):
            assert (await site.get(other)).status_code == 401
        assert (await site.get(f"/data/2.5/weather?lat=1&lon=1&token={token}")).status_code == 401


async def test_below_a_path_prefix_all_links_have_it(upstream, clock):
    """Pictures too."""
    async with running(upstream, clock, WEATHER_ROOT_PATH="/w") as site:
        answer = await site.get(f"/w{MAP}")
        assert all(path.startswith("/w/map/") for path in pictures(answer))
        assert (await site.get(pictures(answer)[0])).status_code == 200
        assert not re.findall(r'href="/(?!w/)', answer.text)


@pytest.mark.slow
@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_map_is_sound_in_every_language(site, lang):
    """Strict HTML, nothing unfilled, under the pages' policy: no style in it, no other site."""
    answer = await site.get(f"{MAP}?lang={lang}&layer=temperature")
    root = parsed(answer.text)
    assert root.get("lang") == language(lang).tag
    ids = [one.get("id") for one in root.iter() if one.get("id")]
    assert len(ids) == len(set(ids))
    assert not re.search(r"\bNone\b|1970|Undefined|\bnan\b|\{\w*\}", words(answer))
    assert not re.search(r" style=|<style|(?:src|href)=\"(?!/|#|https://)", answer.text)
    assert "img-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["cache-control"] == "private, no-cache"


async def test_more_decimals_lead_on_to_the_cell(site):
    """With all that was asked for."""
    answer = await site.get("/forecast/51.5123,-0.1312/map?layer=wind")
    assert (answer.status_code, answer.headers["location"]) == (308, "/forecast/51.51,-0.13/map?layer=wind")


async def test_settings_lead_back_to_the_same_map(site):
    """Layer and zoom are what is shown, not how."""
    answer = await site.get(f"{MAP}?layer=wind&zoom=4&units=us")
    assert f'name="page" value="{MAP}?layer=wind&amp;zoom=4"' in answer.text


def test_the_radars_link_has_the_place_filled_in():
    """As often as it asks for it; without a setting there is none."""
    at = Coordinates(51.5, -0.13)
    assert radar_link("https://r.example/{lat}/{lon}#{lat}", at) == "https://r.example/51.5/-0.13#51.5"
    assert radar_link(None, at) == ""
