"""Saved places on bad days: strangers who fill them, databases that hang, files that are not as they should be."""

import asyncio
import os
import signal
import sqlite3
import subprocess
from collections import Counter
from pathlib import Path

import pytest
from fakes import Clock, running
from postgres import INITDB, Postgres

from weather.errors import DatabaseUnavailable
from weather.places.saved.database import Database
from weather.places.saved.lists import BRIEF, SavedPlaces, new_token
from weather.web.http.health import outcome

pytestmark = pytest.mark.anyio

HOME = {"name": "Home", "latitude": 51.51, "longitude": -0.13}
LIST = "/api/v1/places"
PSQL = Path(INITDB).resolve().with_name("psql")
YEAR = 366 * 86400
NOBODY = 65534


def bearer(token: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {token}"}


async def begun(site) -> dict[str, str]:
    """A new list with one place: the header that it is known by."""
    answer = await site.post(LIST, json=HOME)
    site.cookies.clear()
    assert answer.status_code == 201, answer.text
    return bearer(answer.json()["token"])


async def test_a_token_that_we_never_gave_begins_no_list(site):
    """A token of the right form that nobody was given: 401, and there is no list under it."""
    chosen = bearer("a" * 43)
    for answer in (await site.post(LIST, json=HOME, headers=chosen), await site.get(LIST, headers=chosen)):
        assert (answer.status_code, answer.json()["code"]) == (401, "unknown_token")


async def test_an_empty_list_keeps_its_token(site):
    """Whoever removes the last place goes on under the same token."""
    known = await begun(site)
    (place,) = (await site.get(LIST, headers=known)).json()["places"]
    await site.delete(f"{LIST}/{place['id']}", headers=known)
    assert "token" not in (await site.post(LIST, json=HOME, headers=known)).json()


async def test_one_client_begins_twenty_lists_an_hour(site, clock):
    """The twenty-first is 429 `client_budget` that says when; lists that are there grow; an hour later it goes on."""
    known = await begun(site)
    for _ in range(19):
        await begun(site)
    refused = await site.post(LIST, json=HOME)
    assert (refused.status_code, refused.json()["code"]) == (429, "client_budget")
    assert 0 < int(refused.headers["retry-after"]) <= 3700
    assert (await site.post("/places", data=HOME)).status_code == 429
    assert (await site.post(LIST, json=HOME, headers=known)).status_code == 201
    clock.now += 3700
    await begun(site)


@pytest.mark.slow
async def test_one_site_of_ipv6_begins_a_hundred_lists_an_hour(upstream, clock):
    """However many of its 65,536 networks ask (RFC 6177); another site, and whoever has an IPv4 address, goes on."""
    async with running(upstream, clock, WEATHER_TRUSTED_PROXIES="127.0.0.1") as site:

        async def begin(address: str) -> int:
            site.cookies.clear()
            return (await site.post(LIST, json=HOME, headers={"X-Forwarded-For": address})).status_code

        statuses = Counter([await begin(f"2001:db8:7:{n:x}::1") for n in range(110)])
        assert statuses == {201: 100, 429: 10}
        assert [await begin(other) for other in ("2001:db8:8::1", "203.0.113.7")] == [201, 201]


async def test_a_list_that_nobody_reads_for_a_year_goes(site, clock):
    """Reading it once a year is enough; what goes are the others, when the next list is begun."""
    read, unread = await begun(site), await begun(site)
    clock.now += YEAR - 86400
    await site.get(LIST, headers=read)
    clock.now += 3 * 86400
    await begun(site)
    assert len((await site.get(LIST, headers=read)).json()["places"]) == 1
    assert (await site.get(LIST, headers=unread)).json()["code"] == "unknown_token"


async def test_lists_of_an_earlier_version_stay(upstream, clock, tmp_path):
    """A file with the one table of version 1: its list is there, under its token, and grows."""
    file, token = tmp_path / "places.sqlite", new_token()
    async with running(upstream, clock, WEATHER_DATABASE_URL=f"sqlite:///{file}") as site:
        known = await begun(site)
    with sqlite3.connect(file) as connection:
        connection.execute("DROP TABLE saved_list")
    connection.close()
    async with running(upstream, clock, WEATHER_DATABASE_URL=f"sqlite:///{file}") as site:
        assert len((await site.get(LIST, headers=known)).json()["places"]) == 1
        assert "token" not in (await site.post(LIST, json=HOME, headers=known)).json()
        assert (await site.get(LIST, headers=bearer(token))).json()["code"] == "unknown_token"


@pytest.mark.slow
@pytest.mark.parametrize("id", ["%00", "a" * 23, "ä" * 22, "x", "a" * 3000, "%2e%2e"])
async def test_an_id_that_is_none_of_ours_is_not_found(site, id):
    """404 at every method, and the database is not asked: PostgreSQL takes no NUL."""
    known = await begun(site)
    for method in ("GET", "PUT", "DELETE"):
        answer = await site.request(method, f"{LIST}/{id}", json=HOME, headers=known)
        assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.slow
@pytest.mark.parametrize("origin", ["http://[", "http://a]b", "null", "http://evil.example", "//", ""])
async def test_an_origin_that_is_not_ours_is_refused(site, origin):
    """403 in the shape of each door, also for what is no URL."""
    for path, sent in ((LIST, {"json": HOME}), ("/places", {"data": HOME})):
        assert (await site.post(path, headers={"Origin": origin}, **sent)).status_code == 403
    assert (await site.post(LIST, json=HOME, headers={"Origin": "http://test"})).status_code == 201


@pytest.mark.slow
async def test_many_writers_at_once_are_all_served(site):
    """60 places at once into 12 lists of one file: each is 201."""
    lists = [await begun(site) for _ in range(12)]
    answers = await asyncio.gather(*(site.post(LIST, json=HOME, headers=lists[i % 12]) for i in range(60)))
    assert {answer.status_code for answer in answers} == {201}


@pytest.mark.slow
@pytest.mark.needs(INITDB)
async def test_a_postgresql_that_hangs_is_asked_once(upstream, clock):
    """While it is stopped `/readyz` and `/` answer without it; it is left alone for five seconds, then asked again."""
    server, steady = Postgres(), Clock()
    server.start()
    asked = []

    async def admit(client: str) -> None:
        asked.append(client)

    places = SavedPlaces(server.url, clock, steady, admit)
    try:
        async with running(upstream, clock, WEATHER_DATABASE_URL=server.url) as site:
            token = (await site.post(LIST, json=HOME)).json()["token"]
            assert len(await places.all(token)) == 1
            stopped(server, signal.SIGSTOP)
            told = (await site.get("/readyz")).json()
            assert told["checks"]["database"] == {"status": "degraded", "detail": "it does not answer"}
            assert (await site.get("/")).status_code == 200
            with pytest.raises(DatabaseUnavailable):
                await places.all(token, BRIEF)
            stopped(server, signal.SIGCONT)
            with pytest.raises(DatabaseUnavailable):
                await places.all(token, BRIEF)
            assert len(await places.all(token)) == 1  # who can wait was not kept from asking
            steady.now += 5
            assert len(await places.all(token, BRIEF)) == 1
            assert len(await places.all(token)) == 1
    finally:
        await places.close()
        server.remove()


def stopped(server: Postgres, sign: int) -> None:
    """Send a signal to every process of the server."""
    family = subprocess.run(["ps", "-o", "pid=", "--ppid", str(server.process.pid)], capture_output=True, text=True)
    for pid in (server.process.pid, *map(int, family.stdout.split())):
        os.kill(pid, sign)


HARM = {
    "a column that is missing": "ALTER TABLE saved_place RENAME COLUMN timezone TO zone",
    "a table that is missing, with one of its name": "DROP TABLE saved_list; CREATE TABLE saved_list (x TEXT)",
    "a place that is refused": (
        "CREATE TRIGGER no BEFORE INSERT ON saved_place BEGIN SELECT RAISE(ABORT, 'disk full'); END"
    ),
}


@pytest.mark.parametrize("harm", HARM)
async def test_readiness_says_whether_a_place_can_be_saved(upstream, clock, tmp_path, harm):
    """Degraded, in words; and `ok` before, with nothing left behind by the check itself."""
    file = tmp_path / "places.sqlite"
    async with running(upstream, clock, WEATHER_DATABASE_URL=f"sqlite:///{file}") as site:
        await site.get(LIST, headers=bearer(new_token()))  # makes the tables, however long that takes
        assert (await site.get("/readyz")).json()["checks"]["database"] == {"status": "ok"}
        with sqlite3.connect(file) as connection:
            assert connection.execute("SELECT count(*) FROM saved_place").fetchone() == (0,)
            connection.executescript(HARM[harm])
        connection.close()
        answer = await site.get("/readyz")
        found = answer.json()["checks"]["database"]
        assert (answer.status_code, found["status"]) == (200, "degraded")
        assert found["detail"].endswith("its tables are not as they should be")


async def test_readiness_tells_no_password(upstream, clock, caplog):
    """A server that cannot be reached: 200, degraded, and no password in it."""
    async with running(upstream, clock, WEATHER_DATABASE_URL="postgresql://u:geheim@127.0.0.1:1/db") as site:
        answer = await site.get("/readyz")
    assert (answer.status_code, answer.json()["checks"]["database"]["status"]) == (200, "degraded")
    assert "geheim" not in answer.text + caplog.text


async def test_a_check_that_fails_is_a_finding():
    """Whatever a check raises, /readyz answers, and says of what kind it was."""

    async def broken() -> str | None:
        raise ZeroDivisionError

    assert await outcome(broken) == "it cannot be checked: ZeroDivisionError"


async def test_a_file_that_is_not_ours_is_refused(upstream, clock, tmp_path):
    """A link to elsewhere is not followed, and told; a file that all may write becomes ours alone."""
    elsewhere, link, open_file = tmp_path / "elsewhere", tmp_path / "link.sqlite", tmp_path / "open.sqlite"
    elsewhere.touch()
    link.symlink_to(elsewhere)
    open_file.touch(0o666)
    open_file.chmod(0o666)
    async with running(upstream, clock, WEATHER_DATABASE_URL=f"sqlite:///{link}") as site:
        assert (await site.post(LIST, json=HOME)).status_code == 503
        assert (await site.get("/readyz")).json()["checks"]["database"]["status"] == "degraded"
    assert elsewhere.stat().st_size == 0
    async with running(upstream, clock, WEATHER_DATABASE_URL=f"sqlite:///{open_file}") as site:
        await begun(site)
    assert open_file.stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can give a file away")
async def test_a_file_or_folder_of_somebody_else_is_refused(upstream, clock, tmp_path):
    """No list is begun in it, whoever may write there, and `/readyz` says why."""
    file, folder = tmp_path / "places.sqlite", tmp_path / "theirs"
    file.touch(0o666)
    folder.mkdir(0o777)
    for path in (file, folder):
        os.chown(path, NOBODY, NOBODY)
    for url in (f"sqlite:///{file}", f"sqlite:///{folder}/places.sqlite"):
        async with running(upstream, clock, WEATHER_DATABASE_URL=url) as site:
            assert (await site.post(LIST, json=HOME)).status_code == 503
            told = (await site.get("/readyz")).json()["checks"]["database"]
        assert told["status"] == "degraded" and "belongs to somebody else" in told["detail"]
    assert not list(folder.iterdir())


def test_there_is_an_end_to_lists_and_those_unread_for_a_year_make_room(tmp_path):
    """One more than there is room for is refused; a year after they were read the old ones are gone."""
    database = Database(f"sqlite:///{tmp_path}/places.sqlite", 1, lambda: 0)
    assert [database.begin(owner * 64, 0, 2) for owner in "abc"] == [True, True, False]
    assert database.begin("c" * 64, YEAR // 86400 + 1, 2) and not database.has("a" * 64)
    database.close()


@pytest.mark.needs(INITDB)
async def test_a_wrong_password_is_told_in_words(upstream, clock, postgres):
    """`/readyz` names what to look at, and not the password."""
    access = postgres.folder / "data" / "pg_hba.conf"
    access.write_text("host all locked 127.0.0.1/32 scram-sha-256\n" + access.read_text())
    url = postgres.database()
    for change in ("CREATE ROLE locked LOGIN PASSWORD 'right'", "SELECT pg_reload_conf()"):
        subprocess.run([PSQL, url, "-c", change], check=True, capture_output=True)
    async with running(upstream, clock, WEATHER_DATABASE_URL=url.replace("weather@", "locked:geheim@")) as site:
        answer = await site.get("/readyz")
    found = answer.json()["checks"]["database"]
    assert found["status"] == "degraded" and "password" in found["detail"] and "geheim" not in answer.text


@pytest.mark.needs(INITDB)
async def test_a_database_that_takes_no_writes_is_read(upstream, clock, postgres):
    """As after a change to a standby, with a restart too: the list is there, nothing is saved, `/readyz` says why."""
    url = postgres.database()
    async with running(upstream, clock, WEATHER_DATABASE_URL=url) as site:
        known = await begun(site)
    change = f"ALTER DATABASE {url.rpartition('/')[2]} SET default_transaction_read_only = on"
    subprocess.run([PSQL, url, "-c", change], check=True, capture_output=True)
    async with running(upstream, clock, WEATHER_DATABASE_URL=url) as site:
        for _ in range(2):
            ready = (await site.get("/readyz")).json()["checks"]["database"]
            assert ready == {"status": "degraded", "detail": "saved places are not available: it can only be read"}
            assert [place["name"] for place in (await site.get(LIST, headers=known)).json()["places"]] == ["Home"]
            assert (await site.post(LIST, json=HOME, headers=known)).status_code == 503
