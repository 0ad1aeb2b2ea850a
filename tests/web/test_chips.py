"""The saved places above a forecast: one tap away, with the temperatures that are kept and up to date."""

import html
import re

import pytest

pytestmark = pytest.mark.anyio

HOME = {"name": "Home", "latitude": "51.51", "longitude": "-0.13"}
OSLO = {"name": "Oslo & fjord", "latitude": "59.91", "longitude": "10.75"}
WAYS = [(False, "/places", "Side by side"), (False, "/search", "+")]
PAGE = "/forecast/51.51,-0.13?name=London"


async def chips(site, path: str = PAGE) -> list[tuple[bool, str, str]]:
    """Of each chip whether it is this page's, where it leads, and its words."""
    text = (await site.get(path)).text
    found = re.search(r'<nav class="chips[^>]*>(.*?)</nav>', text, re.DOTALL)
    links = re.findall(
        r'<a( aria-current="page")? href="([^"]+)"(?: aria-label="[^"]+")?>(.*?)</a>',
        found[1] if found else "",
        re.DOTALL,
    )
    return [
        (bool(here), html.unescape(href), html.unescape(re.sub(r"<[^>]+>", "", words))) for here, href, words in links
    ]


async def test_who_has_saved_nothing_sees_none(site):
    """No row, and a star that is empty."""
    assert await chips(site) == []
    text = (await site.get(PAGE)).text
    assert "☆" in text
    assert "★" not in text


@pytest.mark.slow
async def test_saved_places_stand_above_the_forecast(site, upstream):
    """With the temperature of what is kept, for which nobody is asked; the page's own is marked, its star full."""
    for place in (HOME, OSLO):
        await site.post("/places", data=place)
    await site.get("/forecast/59.91,10.75")
    await site.get(PAGE)
    before = upstream.count
    assert await chips(site) == [
        (True, "/forecast/51.51,-0.13?name=Home", "Home 12°"),
        (False, "/forecast/59.91,10.75?name=Oslo%20%26%20fjord", "Oslo & fjord 12°"),
        *WAYS,
    ]
    text = (await site.get(PAGE)).text
    assert upstream.count == before
    assert "★" in text
    assert 'action="/places"' not in text


@pytest.mark.slow
async def test_a_chip_tells_no_number_that_is_old_or_not_there(site, upstream, clock):
    """It has no room for an age: what was fetched an hour ago is left out, and so is what nobody has asked for."""
    for place in (HOME, OSLO):
        await site.post("/places", data=place)
    assert [words for _, _, words in (await chips(site))[:-2]] == ["Home 12°", "Oslo & fjord"]
    clock.now += 3600
    upstream.fails(503)
    assert [words for _, _, words in (await chips(site))[:-2]] == ["Home", "Oslo & fjord"]


@pytest.mark.slow
async def test_the_list_of_one_reader_is_never_shown_to_another(site):
    """Nor does who has one get the page that is ready for all, nor another reader that of an own list."""
    await site.get(PAGE)
    await site.post("/places", data=HOME)
    assert len(await chips(site)) == 1 + len(WAYS)
    mine = site.cookies.get("places")
    site.cookies.clear()
    assert await chips(site) == []
    await site.post("/places", data=OSLO)
    assert (await chips(site))[0][2].startswith("Oslo")
    site.cookies.clear()
    site.cookies.set("places", mine)
    assert (await chips(site))[0][2].startswith("Home")


@pytest.mark.slow
async def test_what_was_saved_or_removed_is_so_at_once(site):
    """The page is made anew for who has a list, be it empty."""
    await site.post("/places", data=HOME)
    await site.post("/places", data=OSLO)
    assert len(await chips(site)) == 2 + len(WAYS)
    removals = re.findall(r'action="(/places/[^"]+/remove)"', (await site.get("/places?edit=1")).text)
    for removal, left in zip(removals, (1 + len(WAYS), 0), strict=True):
        await site.post(removal)
        assert len(await chips(site)) == left
    await site.post("/places", data=HOME)
    assert len(await chips(site)) == 1 + len(WAYS)
