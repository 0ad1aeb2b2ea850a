"""The list of saved places: renamed, put in order, with a home, side by side; by plain forms and without a call."""

import asyncio
import html
import re

import pytest
from fakes import forecast_body, weather_body

pytestmark = pytest.mark.anyio

LONDON = {"name": "London", "latitude": "51.51", "longitude": "-0.13"}
OSLO = {"name": "Oslo", "latitude": "59.91", "longitude": "10.75"}
TOKYO = {"name": "Tokyo", "latitude": "35.69", "longitude": "139.69"}
EDIT = "/places?edit=1"


async def saved(site, *places: dict[str, str]) -> dict[str, str]:
    """The ids of places that are saved now, by name."""
    for place in places:
        await site.post("/places", data=place)
    return {one["name"]: one["id"] for one in (await site.get("/api/v1/places")).json()["places"]}


async def names(site) -> list[str]:
    return [*await saved(site)]


def heading(page: str) -> str:
    return re.search(r'<h1 id="place"><bdi>(.*?)</bdi>', page)[1]


def rows(page: str) -> list[list[str]]:
    """The words of each cell of the table, row by row."""
    found = re.findall(r"<tr.*?</tr>", page, re.DOTALL)
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, re.DOTALL) for row in found]
    return [[" ".join(html.unescape(re.sub(r"<[^>]+>", "", cell)).split()) for cell in row] for row in cells]


async def test_a_place_is_renamed(site):
    """In the list, on its chip and for programs; back to its row."""
    ids = await saved(site, LONDON)
    answer = await site.post(f"/places/{ids['London']}/rename", data={"name": " Mum\u202e & Dad "})
    assert (answer.status_code, answer.headers["location"]) == (303, f"{EDIT}#p-{ids['London']}")
    assert await names(site) == ["Mum & Dad"]
    assert 'value="Mum &amp; Dad"' in (await site.get(EDIT)).text


@pytest.mark.slow
@pytest.mark.parametrize(
    ("does", "sent"),
    [
        ("rename", {}),
        ("rename", {"name": "\u200b"}),
        ("move", {}),
        ("move", {"to": "left"}),
        ("home", {}),
        ("home", {"home": "maybe"}),
        ("home", {"home": "yes", "more": "1"}),
    ],
)
async def test_a_wrong_form_is_a_bad_request_and_changes_nothing(site, does, sent):
    """400 as a page."""
    ids = await saved(site, LONDON)
    answer = await site.post(f"/places/{ids['London']}/{does}", data=sent)
    assert (answer.status_code, answer.headers["content-type"]) == (400, "text/html; charset=utf-8")
    assert await names(site) == ["London"]


async def test_a_wrong_form_is_not_called_a_wrong_address(site):
    """Who typed blanks as a name typed no address."""
    ids = await saved(site, LONDON)
    page = (await site.post(f"/places/{ids['London']}/rename", data={"name": "  "})).text
    assert "<h1>Please check what you entered</h1>\n<p>A place needs a name.</p>" in page


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["\u200d", "\u200c \u200d", "\u3164\u3164", "\u2800", "\u115f\u1160", "\ufe0f", "\u0301"]
)
async def test_a_name_that_nobody_can_see_is_none(site, name):
    """Joiners, blank letters and lone marks leave a link that nobody can tap."""
    ids = await saved(site, LONDON)
    assert (await site.post(f"/places/{ids['London']}/rename", data={"name": name})).status_code == 400
    assert await names(site) == ["London"]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name", ["\u062e\u0627\u0646\u0647\u200c\u0645", "\U0001f3e0", "9", "\u00a7", "\U0001f1ec\U0001f1e7"]
)
async def test_a_name_that_can_be_seen_is_one(site, name):
    """Persian with its joiner, a picture, a digit, a sign, a flag."""
    ids = await saved(site, LONDON)
    assert (await site.post(f"/places/{ids['London']}/rename", data={"name": name})).status_code == 303
    assert await names(site) == [name]


@pytest.mark.slow
async def test_a_form_that_is_sent_many_times_at_once_saves_one_place(site):
    """A double tap, or two windows: also where the points differ and the cell does not."""
    await saved(site, OSLO)
    near = LONDON | {"latitude": "51.5123"}
    await asyncio.gather(*(site.post("/places", data=place) for place in [LONDON, near] * 12))
    assert [one["name"] for one in (await site.get("/api/v1/places")).json()["places"]] == ["Oslo", "London"]


@pytest.mark.slow
async def test_an_old_form_does_not_end_the_home_of_today(site):
    """London was home when the form was drawn; since then it is Oslo, and stays so."""
    ids = await saved(site, LONDON, OSLO)
    for name in ("London", "Oslo"):
        await site.post(f"/places/{ids[name]}/home", data={"home": "yes"})
    await site.post(f"/places/{ids['London']}/home", data={"home": "no"})
    assert heading((await site.get("/")).text) == "Oslo"
    await site.post(f"/places/{ids['Oslo']}/home", data={"home": "no"})
    assert 'class="start"' in (await site.get("/")).text


@pytest.mark.slow
async def test_the_order_is_the_reader_s(site):
    """Up and down, at most to an end; in the list, above a forecast and for programs."""
    ids = await saved(site, LONDON, OSLO, TOKYO)
    for name, to in (("Tokyo", "up"), ("Tokyo", "up"), ("Tokyo", "up"), ("London", "down")):
        answer = await site.post(f"/places/{ids[name]}/move", data={"to": to})
        assert answer.headers["location"] == f"{EDIT}#p-{ids[name]}"
    assert await names(site) == ["Tokyo", "Oslo", "London"]
    chips = (await site.get("/forecast/51.51,-0.13")).text.split('<nav class="chips')[1].split("</nav>")[0]
    assert re.findall(r"\?name=(\w+)", chips) == ["Tokyo", "Oslo", "London"]


@pytest.mark.slow
async def test_the_list_of_another_is_not_changed(site):
    """Who knows an id but not the token changes nothing, and is told nothing."""
    ids = await saved(site, LONDON, OSLO)
    mine = site.cookies.get("places")
    site.cookies.clear()
    await saved(site, TOKYO)
    for does, sent in (("rename", {"name": "X"}), ("move", {"to": "up"}), ("home", {"home": "yes"}), ("remove", {})):
        assert (await site.post(f"/places/{ids['Oslo']}/{does}", data=sent)).status_code == 303
    site.cookies.clear()
    site.cookies.set("places", mine)
    assert await names(site) == ["London", "Oslo"]
    assert 'class="start"' in (await site.get("/")).text


@pytest.mark.slow
async def test_the_site_opens_with_the_place_that_is_home(site):
    """From its page in one tap, with a full star; the search is one tap away, and after "no longer" it is back."""
    ids = await saved(site, LONDON, OSLO)
    page = (await site.get("/forecast/59.91,10.75?name=Oslo")).text
    form = re.search(rf'<form class="save" method="post" action="(/places/{ids["Oslo"]}/home)">.*?value="yes"', page)
    assert form
    answer = await site.post(form[1], data={"home": "yes"})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    home = (await site.get("/")).text
    assert heading(home) == "Oslo"
    assert '<span aria-hidden="true">★</span> Home' in home
    assert 'href="/search"' in home
    assert 'class="start"' in (await site.get("/search")).text
    ended = await site.post(form[1], data={"home": "no", "from": "list"})
    assert ended.headers["location"] == f"{EDIT}#p-{ids['Oslo']}"
    assert 'class="start"' in (await site.get("/")).text


@pytest.mark.slow
async def test_home_is_nobody_else_s(site):
    """A reader without a list still gets the search, and so does the owner of another list."""
    ids = await saved(site, LONDON)
    await site.post(f"/places/{ids['London']}/home", data={"home": "yes"})
    assert heading((await site.get("/")).text) == "London"
    site.cookies.clear()
    assert 'class="start"' in (await site.get("/")).text
    await saved(site, OSLO)
    assert 'class="start"' in (await site.get("/")).text


async def test_the_installed_app_starts_at_home(site):
    """Its first page is "/", which is that of the reader's own place."""
    assert (await site.get("/manifest.webmanifest")).json()["start_url"] == "/"


@pytest.mark.slow
async def test_the_days_stand_side_by_side_without_a_call(site, upstream):
    """Only of what is kept: a place whose page was opened has its days, another has dashes that lead to its page."""
    await saved(site, LONDON, OSLO)
    await site.get("/forecast/51.51,-0.13")
    await site.get("/places")  # asks for the current weather of Oslo
    before = upstream.count
    page = (await site.get("/places")).text
    assert upstream.count == before
    head, london, oslo = rows(page)
    assert head[1:] == [f"{day[:3]} {n}{day} {n} November" for day, n in zip(WEEK, range(24, 29), strict=True)]
    assert london[2].endswith("Low 7°")
    assert oslo[1:] == ["–"] * 5
    assert page.count('href="/forecast/59.91,10.75?name=Oslo" aria-label="No saved forecast here. Open it: Oslo"') == 5


def offset(query: dict[str, str]) -> int:
    """Of Tokyo and of London from UTC, in seconds, as OpenWeatherMap tells it of a point."""
    return 9 * 3600 if float(query["lon"]) > 100 else 0


WEEK = ("Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")


@pytest.mark.slow
async def test_the_days_are_those_of_the_page_of_the_place(site):
    """The same highs and lows, whatever they are."""
    await saved(site, LONDON)
    forecast = (await site.get("/forecast/51.51,-0.13")).text
    days = re.search(r'<ol class="days">.*?</ol>\s*(?:<p|</section>)', forecast, re.DOTALL)[0]
    highs = re.findall(r'<span class="high"><span class="unseen">High </span>([^<]+)<', days)
    lows = re.findall(r'<span class="low"><span class="unseen">Low </span>([^<]+)<', days)
    _, london = rows((await site.get("/places")).text)
    told = [re.search(r"High (\S+?), Low (\S+)", cell).groups() for cell in london[1:]]
    assert told == [*zip(highs, lows, strict=True)][:5]


@pytest.mark.slow
async def test_days_that_are_old_are_said_to_be(site, upstream, clock):
    """They are of another answer than the weather now, which is asked for anew: both ages are told."""
    await saved(site, LONDON)
    await site.get("/forecast/51.51,-0.13")
    clock.now += 3 * 3600 + 1200
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(dt=int(clock.now) - 300)
    _, london = rows((await site.get("/places")).text)
    assert "12° light rain Data received: 15:20 · just now" in london[0]
    assert "Days out of date. Data from: 12:00 · 3 h 20 min ago" in london[0]
    upstream.fails(503)
    clock.now += 1800
    _, london = rows((await site.get("/places")).text)
    assert "Out of date. Data from: 15:20 · 30 min ago" in london[0]


@pytest.mark.slow
async def test_columns_begin_with_the_earliest_date_of_all(site, upstream, clock):
    """Late in the evening of London Tokyo has the next day: its cell of today is over, and empty."""
    upstream.bodies["/data/2.5/weather"] = lambda q: weather_body(timezone=offset(q))
    upstream.bodies["/data/2.5/forecast"] = lambda q: forecast_body(offset=offset(q))
    await saved(site, LONDON, TOKYO)
    for point in ("51.51,-0.13", "35.69,139.69"):
        await site.get(f"/forecast/{point}")
    clock.now += 4 * 3600  # 16:00 in London, 01:00 of Wednesday in Tokyo
    head, london, tokyo = rows((await site.get("/places")).text)
    assert head[1].endswith("Tuesday 24 November")
    assert "High" in london[1]
    assert (tokyo[1], "High" in tokyo[2]) == ("–", True)


async def test_to_change_the_list_asks_nobody(site, upstream):
    """No weather is shown, so none is fetched; the ends of the list have no way beyond."""
    await saved(site, LONDON, OSLO)
    page = (await site.get(EDIT)).text
    assert upstream.count == 0
    assert re.findall(r'aria-label="(Move [^"]+)"( disabled)?', page) == [
        ("Move up: London", " disabled"),
        ("Move down: London", ""),
        ("Move up: Oslo", ""),
        ("Move down: Oslo", " disabled"),
    ]


@pytest.mark.slow
async def test_the_thirteenth_place_has_a_full_star_too(site):
    """Beyond the row of chips a place is as saved as within."""
    for i in range(14):
        await site.post("/places", data={"name": f"P{i}", "latitude": str(i), "longitude": "7"})
    assert "★" in (await site.get("/forecast/13,7")).text


async def test_a_newcomer_finds_one_field_examples_and_the_reason_without_a_position(site):
    """The search stands in the middle, once; examples are links; why http has no position is ready to be shown."""
    page = (await site.get("/")).text
    header, main = page.split("<header>")[1].split("</header>")[0], page.split("<main")[1]
    assert 'role="search"' not in header
    assert main.count('role="search"') == 1
    assert {"/search?q=Paris%2C%20Texas", "/search?q=51.5%2C%20-0.13"} <= {*re.findall('href="([^"]+)"', main)}
    assert re.search('<p id="insecure" class="quiet" hidden>[^<]*https', main)
