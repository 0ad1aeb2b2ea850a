"""Saved places, the same on SQLite and on PostgreSQL."""

import asyncio
import json
import sqlite3
import urllib.request

import pytest
from fakes import running
from postgres import INITDB
from serving import crash, served
from test_server import get

pytestmark = pytest.mark.anyio

HOME = {"name": "Home", "latitude": 51.51, "longitude": -0.13}
KATHMANDU = {"name": "Kathmandu", "latitude": 27.71, "longitude": 85.32}
LIST = "/api/v1/places"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs(INITDB))])
def database(request, tmp_path) -> str:
    """The URL of a database that is there for this test: of PostgreSQL the same one, where lists are kept apart."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/data/places.sqlite"
    return request.getfixturevalue("postgres").url


@pytest.fixture
async def site(upstream, clock, database, tmp_path):
    async with running(upstream, clock, tmp_path / "cache", WEATHER_DATABASE_URL=database) as client:
        yield client


async def founded(site, place=HOME) -> tuple[dict, dict[str, str]]:
    """A new list of a program: its first place, and the header that the list is known by."""
    answer = await site.post(LIST, json=place)
    site.cookies.clear()
    assert answer.status_code == 201
    told = answer.json()
    return told, {"Authorization": f"Bearer {told.pop('token')}"}


@pytest.mark.slow
async def test_the_first_place_gives_a_token(site):
    """201 with Location, the token in the body and as a cookie that scripts and other sites do not get."""
    answer = await site.post(LIST, json=HOME)
    told = answer.json()
    members = "name region country country_code latitude longitude timezone utc_offset_seconds created_at"
    assert list(told) == ["id", *members.split(), "token"]
    assert told | HOME == told
    assert (told["country_code"], told["country"], told["timezone"]) == ("GB", "United Kingdom", "Europe/London")
    assert (told["region"], told["created_at"]) == ("England", "2026-11-24T12:00:00Z")
    assert answer.headers["location"] == f"{LIST}/{told['id']}"
    cookie = answer.headers["set-cookie"]
    assert told["token"] in cookie
    assert {"HttpOnly", "SameSite=lax", "Path=/"} <= set(cookie.split("; "))
    assert (await site.get(LIST)).json() == {"places": [{n: v for n, v in told.items() if n != "token"}]}


async def test_a_list_grows_changes_and_shrinks(site):
    """POST adds, GET tells, PUT replaces, DELETE removes: under the token, which is not told again."""
    first, known = await founded(site)
    answer = await site.post(LIST, json=KATHMANDU, headers=known)
    second = answer.json()
    assert (answer.status_code, "token" in second, "set-cookie" in answer.headers) == (201, False, False)
    assert (await site.get(LIST, headers=known)).json() == {"places": [first, second]}
    here = f"{LIST}/{first['id']}"
    assert (await site.get(here, headers=known)).json() == first
    moved = await site.put(here, json=KATHMANDU | {"name": "Moved"}, headers=known)
    assert (moved.status_code, moved.json()) == (200, second | {"id": first["id"], "name": "Moved"})
    assert (await site.get(LIST, headers=known)).json() == {"places": [moved.json(), second]}
    removed = await site.delete(here, headers=known)
    assert (removed.status_code, removed.content) == (204, b"")
    assert [(await site.request(m, here, headers=known, json=HOME)).status_code for m in ("GET", "PUT", "DELETE")] == [
        404
    ] * 3
    assert (await site.get(LIST, headers=known)).json() == {"places": [second]}


async def test_nobody_sees_the_list_of_another(site):
    """Another list's token, or none at all: 404 for the place, and it stands in no list; a token of no list: 401."""
    place, known = await founded(site)
    _, other = await founded(site, KATHMANDU)
    here = f"{LIST}/{place['id']}"
    for headers in (other, {}):
        for method in ("GET", "PUT", "DELETE"):
            answer = await site.request(method, here, json=HOME, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (404, "not_found")
        assert place not in (await site.get(LIST, headers=headers)).json()["places"]
    for headers in ({"Authorization": "Bearer x"}, {"Authorization": f"Bearer {'A' * 43}"}):
        for method in ("GET", "PUT", "DELETE"):
            answer = await site.request(method, here, json=HOME, headers=headers)
            assert (answer.status_code, answer.json()["code"]) == (401, "unknown_token")
        assert (await site.get(LIST, headers=headers)).status_code == 401
    assert (await site.get(here, headers=known)).status_code == 200


async def test_a_token_that_somebody_chose_founds_no_list(site):
    """A list goes by random tokens only: one that could be guessed is 401, and no list is begun."""
    answer = await site.post(LIST, json=HOME, headers={"Authorization": "Bearer password"})
    assert (answer.status_code, answer.json()["code"]) == (401, "unknown_token")
    assert "token" not in answer.json() and "set-cookie" not in answer.headers


@pytest.mark.slow
async def test_a_list_holds_a_hundred(site):
    """110 at once: exactly 100 are kept, the others are 409 `list_full`."""
    _, known = await founded(site)
    answers = await asyncio.gather(*(site.post(LIST, json=HOME, headers=known) for _ in range(110)))
    assert sorted(answer.status_code for answer in answers) == [201] * 99 + [409] * 11
    assert {answer.json()["code"] for answer in answers if answer.status_code == 409} == {"list_full"}
    assert len((await site.get(LIST, headers=known)).json()["places"]) == 100


async def test_answers_are_private_and_validated(site):
    """Nobody may share them; an ETag follows the bytes, and Vary says by what they differ."""
    _, known = await founded(site)
    answer = await site.get(LIST, headers=known)
    assert answer.headers["cache-control"] == "private, no-cache"
    assert answer.headers["vary"] == "Accept-Encoding, Authorization, Cookie"
    again = known | {"If-None-Match": answer.headers["etag"]}
    assert (await site.get(LIST, headers=again)).status_code == 304
    await site.post(LIST, json=KATHMANDU, headers=known)
    assert (await site.get(LIST, headers=again)).status_code == 200


@pytest.mark.slow
def test_what_was_told_as_kept_survives_a_kill(database, tmp_path):
    """201, then kill -9, then a new start: the place is there."""
    with served(tmp_path / "c", "--demo", WEATHER_DATABASE_URL=database) as (process, base):
        told, known = saved(base)
        crash(process)
    with served(tmp_path / "c", "--demo", WEATHER_DATABASE_URL=database) as (_, base):
        assert listed(base, known) == [told]


def saved(base: str) -> tuple[dict, str]:
    request = urllib.request.Request(base + LIST, json.dumps(HOME).encode(), {"Content-Type": "application/json"})
    with urllib.request.urlopen(request) as answer:
        told = json.load(answer)
    return told, told.pop("token")


def listed(base: str, token: str) -> list[dict]:
    request = urllib.request.Request(base + LIST, headers={"Authorization": f"Bearer {token}"})
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)["places"]


@pytest.mark.slow
@pytest.mark.needs(INITDB)
async def test_a_postgresql_that_dies_and_comes_back(upstream, clock, postgres):
    """While it is gone saved places are 503, forecasts 200; afterwards the same app goes on, and nothing is lost."""
    async with running(upstream, clock, WEATHER_DATABASE_URL=postgres.url) as site:
        place, known = await founded(site)
        postgres.kill()
        gone = await site.get(LIST, headers=known)
        assert (gone.status_code, gone.json()["code"]) == (503, "database_unavailable")
        assert int(gone.headers["retry-after"]) > 0
        assert (await site.get("/api/v1/current?q=London")).status_code == 200
        assert (await site.get("/readyz")).json()["checks"]["database"]["status"] == "degraded"
        postgres.start()
        assert (await site.get(LIST, headers=known)).json() == {"places": [place]}
        assert (await site.get("/readyz")).json()["checks"]["database"] == {"status": "ok"}


BROKEN = ["sqlite:////proc/nowhere/places.sqlite", "postgresql://weather:hush@127.0.0.1:1/none"]


@pytest.mark.parametrize("url", BROKEN)
async def test_a_broken_database_costs_saved_places_only(upstream, clock, url, caplog):
    """503 in the shape of each door, a line in /readyz, and forecasts as ever; its password is told nowhere."""
    async with running(upstream, clock, WEATHER_DATABASE_URL=url) as site:
        refused = await site.post(LIST, json=HOME)
        assert (refused.status_code, refused.json()["code"]) == (503, "database_unavailable")
        page = await site.post("/places", data=HOME)
        assert page.status_code == 503
        assert "Forecasts still work." in page.text
        site.cookies.set("places", "A" * 43)
        assert [(await site.get(path)).status_code for path in ("/", "/forecast/51.51,-0.13", "/places")] == [
            200,
            200,
            503,
        ]
        ready = (await site.get("/readyz")).json()
    assert ready["checks"]["database"]["status"] == "degraded"
    assert "hush" not in caplog.text + json.dumps(ready) + refused.text + page.text


async def test_the_file_holds_no_token_and_is_ours_alone(upstream, clock, tmp_path):
    """Folder 0700, file 0600; of the token only its hash."""
    file = tmp_path / "data" / "places.sqlite"
    async with running(upstream, clock, WEATHER_DATABASE_URL=f"sqlite:///{file}") as site:
        token = (await site.post(LIST, json=HOME)).json()["token"]
    assert (file.parent.stat().st_mode & 0o777, file.stat().st_mode & 0o777) == (0o700, 0o600)
    assert token.encode() not in file.read_bytes()


@pytest.mark.parametrize("harm", ["removed", "garbage", "read-only"])
async def test_a_file_that_is_harmed_while_running(upstream, clock, tmp_path, harm):
    """A file that goes is made anew; one of garbage or without its table is 503, never a 500; forecasts go on."""
    file = tmp_path / "places.sqlite"
    async with running(upstream, clock, WEATHER_DATABASE_URL=f"sqlite:///{file}") as site:
        await site.post(LIST, json=HOME)
        if harm == "removed":
            with sqlite3.connect(file) as connection:
                connection.execute("DROP TABLE saved_place")
            connection.close()
        elif harm == "garbage":
            file.write_bytes(b"garbage" * 1000)
        else:
            with sqlite3.connect(file) as connection:
                connection.execute(
                    "CREATE TRIGGER no BEFORE INSERT ON saved_place BEGIN SELECT RAISE(ABORT, 'disk full'); END"
                )
            connection.close()
        answers = [(await site.post(LIST, json=HOME)).status_code for _ in range(2)]
        assert answers == {"removed": [503, 201]}.get(harm, [503, 503])
        assert (await site.get("/forecast/51.51,-0.13")).status_code == 200


@pytest.mark.slow
def test_a_start_needs_no_database(tmp_path):
    """A database that cannot be reached delays no start and no answer of weather."""
    with served(tmp_path / "c", "--demo", WEATHER_DATABASE_URL="postgresql://a@127.0.0.1:1/b") as (_, base):
        assert get(f"{base}/api/v1/current?q=Tokyo")[0] == 200
        assert get(f"{base}{LIST}")[0] == 200
