"""`weather backup` and `weather restore`, and databases of other versions."""

import json
import sqlite3
import subprocess
import sys
from contextlib import closing

import pytest
from fakes import NOON
from postgres import INITDB
from serving import plain_environment

from weather.commands.cli import main
from weather.errors import DatabaseUnavailable
from weather.places.saved.backup import document
from weather.places.saved.database import Database
from weather.places.saved.schema import NEWEST

TODAY = int(NOON // 86400)
NAME = 'Zürich, "so" <b>'
OWNER, OTHER = "a" * 64, "b" * 64

VERSION_1 = """
CREATE TABLE saved_place (number INTEGER NOT NULL, id VARCHAR(22) NOT NULL, owner VARCHAR(64) NOT NULL,
    name VARCHAR(80) NOT NULL, country VARCHAR(2), latitude FLOAT NOT NULL, longitude FLOAT NOT NULL,
    timezone VARCHAR(64) NOT NULL, PRIMARY KEY (number), UNIQUE (id));
CREATE INDEX ix_saved_place_owner ON saved_place (owner);
"""
"""The tables as the first release made them."""

LATER = {"region": None, "created_at": None, "home": None}
"""Of a place what version 3 of the tables and version 2 of a backup added."""


def row(number: int, name: str = "Home") -> dict:
    place = {"id": f"{number:022}", "name": name, "country": "GB"}
    return place | {"latitude": 51.5, "longitude": -0.25, "timezone": "Europe/London"} | LATER


def database(url: str) -> Database:
    return Database(url, 1, lambda: TODAY)


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs(INITDB))])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/places.sqlite"
    return request.getfixturevalue("postgres").database()


@pytest.fixture
def run(monkeypatch, tmp_path, capsys):
    """Runs a command over that database; its status, output and error."""
    monkeypatch.chdir(tmp_path)

    def command(url: str, *arguments: str) -> tuple[int, str, str]:
        monkeypatch.setenv("WEATHER_DATABASE_URL", url)
        status = main(arguments)
        return status, *capsys.readouterr()

    return command


def filled(url: str) -> Database:
    """Two lists, one of them empty."""
    made = database(url)
    made.begin(OWNER, TODAY - 3, 10)
    for number in (1, 2):
        made.add(OWNER, row(number, NAME), 10)
    made.begin(OTHER, TODAY, 10)
    return made


@pytest.mark.slow
def test_what_is_backed_up_is_restored_elsewhere(url, run, tmp_path):
    """From either database into a fresh one of the other kind, twice over: each list, its day, its places in order."""
    with closing(filled(url)) as source:
        before = source.dump()
    file, fresh = tmp_path / "places.json", f"sqlite:///{tmp_path}/fresh.sqlite"
    assert run(url, "backup", str(file)) == (0, f"2 lists with 2 places: {file}\n", "")
    for _ in range(2):
        assert run(fresh, "restore", str(file)) == (0, "2 lists with 2 places are restored\n", "")
    with closing(database(fresh)) as target:
        assert target.dump() == before
        assert [tuple(one) for one in target.all(OWNER, TODAY)] == [tuple(row(n, NAME).values()) for n in (1, 2)]
    assert run(fresh, "backup", str(tmp_path / "again.json"))[0] == 0
    assert run(url, "restore", str(tmp_path / "again.json"))[0] == 0
    with closing(database(url)) as source:
        assert source.has(OTHER)


@pytest.mark.slow
def test_a_restore_brings_back_what_was_lost_and_leaves_the_rest(url, run, tmp_path):
    """Of a list in the file the places are as they were then; a list that began since stays."""
    file = tmp_path / "places.json"
    with closing(filled(url)) as source:
        assert run(url, "backup", str(file))[0] == 0
        source.remove(OWNER, row(1)["id"])
        source.add(OWNER, row(3), 10)
        source.begin("c" * 64, TODAY, 10)
        assert run(url, "restore", str(file))[0] == 0
        assert [one[0] for one in source.all(OWNER, TODAY)] == [row(1)["id"], row(2)["id"]]
        assert source.has("c" * 64)


@pytest.mark.slow
def test_a_restore_takes_no_place_from_a_list_that_is_not_in_the_file(url, run, tmp_path):
    """A file that gives another list's place to its own is not restored, and nothing of it is."""
    file = tmp_path / "places.json"
    with closing(filled(url)) as source:
        assert run(url, "backup", str(file))[0] == 0
        file.write_text(file.read_text().replace(OWNER, "c" * 64))
        assert run(url, "restore", str(file))[0] == 1
        assert [one[0] for one in source.all(OWNER, TODAY)] == [row(1)["id"], row(2)["id"]]
        assert not source.has("c" * 64)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"version": 2', '"version": 0'),
        ('"Home"', r'"\u202e"'),
        ('"Europe/London"', r'"UTC\n"'),
        ('"lists": [', '"x": ' + "[" * 200_000 + "]" * 200_000 + ', "lists": ['),
    ],
)
def test_odd_values_are_refused_in_one_line(old, new, run, tmp_path):
    """Signs that no name has, a line's end, a version that never was, lists without end."""
    url, file = f"sqlite:///{tmp_path}/places.sqlite", tmp_path / "places.json"
    with closing(database(url)) as made:
        made.begin(OWNER, TODAY, 10)
        made.add(OWNER, row(1), 10)
    assert run(url, "backup", str(file))[0] == 0
    assert old in file.read_text()
    file.write_text(file.read_text().replace(old, new))
    status, out, errors = run(url, "restore", str(file))
    assert (status, out, errors.count("\n")) == (1, "", 1)
    assert "is not restored: it is" in errors


def test_a_name_is_restored_as_it_can_be_seen(run, tmp_path):
    """Without control and direction marks: the file may have been anybody's."""
    url, file = f"sqlite:///{tmp_path}/places.sqlite", tmp_path / "places.json"
    with closing(database(url)) as made:
        made.begin(OWNER, TODAY, 10)
        made.add(OWNER, row(1), 10)
        assert run(url, "backup", str(file))[0] == 0
        file.write_text(file.read_text().replace('"Home"', r'"Ho\u001bme\u202e"'))
        assert run(url, "restore", str(file))[0] == 0
        assert made.all(OWNER, TODAY)[0][1] == "Ho me"


def test_a_backup_is_for_us_alone_and_whole_or_not_there(run, tmp_path):
    """Mode 0600, also in the place of a file that others could read; what cannot be written leaves nothing behind."""
    url, file = f"sqlite:///{tmp_path}/places.sqlite", tmp_path / "kept" / "places.json"
    filled(url).close()
    assert run(url, "backup", str(file)) == (1, "", f"weather: {file} cannot be written: No such file or directory\n")
    file.parent.mkdir()
    file.write_text("old")
    file.chmod(0o644)
    assert run(url, "backup", str(file))[0] == 0
    assert file.stat().st_mode & 0o777 == 0o600
    assert [one.name for one in file.parent.iterdir()] == ["places.json"]
    told = json.loads(file.read_text("utf-8"))
    assert (told["version"], [len(one["places"]) for one in told["lists"]]) == (2, [2, 0])


def test_without_a_database_there_is_nothing_to_back_up(run, tmp_path):
    """One line, status 1, and no file is made."""
    status, out, err = run(f"sqlite:///{tmp_path}/none.sqlite", "backup", str(tmp_path / "places.json"))
    assert (status, out, err.count("\n")) == (1, "", 1)
    assert not [*tmp_path.iterdir()]


GOOD = {"owner": OWNER, "read_on": TODAY, "places": [row(1)]}
HEAD = {"format": "weatherglass saved places", "version": 2, "made_at": "2026-11-24T12:00:00Z"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b"", "no JSON"),
        (b'{"format": "weatherglass', "no JSON"),
        (b"\xff\xfe", "no JSON"),
        (b"[]", "no JSON"),
        (json.dumps({"format": "another"}), "no backup"),
        (json.dumps(HEAD | {"version": 3, "new": 1}), "version 3"),
        (json.dumps(HEAD | {"lists": [GOOD | {"owner": "x"}]}), "damaged"),
        (json.dumps(HEAD | {"lists": [GOOD | {"places": [row(1) | {"latitude": 91}]}]}), "damaged"),
        (json.dumps(HEAD | {"lists": [GOOD | {"places": [row(1) | {"name": "a\0b"}]}]}), "damaged"),
        (json.dumps(HEAD | {"lists": [GOOD | {"places": [row(n) for n in range(101)]}]}), "damaged"),
        (json.dumps(HEAD | {"lists": [GOOD | {"places": [row(n) | {"home": True} for n in (1, 2)]}]}), "one home"),
        (json.dumps(HEAD | {"lists": [GOOD, GOOD]}), "twice"),
        (json.dumps(HEAD | {"lists": [GOOD, GOOD | {"owner": OTHER}]}), "twice"),
    ],
)
def test_what_is_no_backup_is_refused_in_one_line(text, why, run, tmp_path):
    """Status 1, a line that says why, and the database stays as it was."""
    url, file = f"sqlite:///{tmp_path}/places.sqlite", tmp_path / "bad.json"
    with closing(filled(url)) as kept:
        before = kept.dump()
        file.write_bytes(text if isinstance(text, bytes) else text.encode())
        status, out, err = run(url, "restore", str(file))
        assert (status, out, err.count("\n"), why in err) == (1, "", 1, True), err
        assert kept.dump() == before


def version_of(made: Database) -> int:
    return made._run(lambda connection: connection.exec_driver_sql("SELECT version FROM saved_schema").scalar())


def test_an_old_file_with_rows_becomes_one_of_this_version(tmp_path):
    """A file of the first release: its places are there, in a list that counts as read today; and again tomorrow."""
    file = tmp_path / "places.sqlite"
    with closing(sqlite3.connect(file)) as connection, connection:
        connection.executescript(VERSION_1)
        values = (row(1)["id"], OWNER, "Home", "GB", 51.5, -0.25, "Europe/London")
        connection.execute("INSERT INTO saved_place VALUES (1, ?, ?, ?, ?, ?, ?, ?)", values)
    for _ in range(2):
        with closing(database(f"sqlite:///{file}")) as made:
            assert [tuple(one) for one in made.dump()] == [(OWNER, TODAY, *row(1).values())]
            assert version_of(made) == NEWEST == 3


@pytest.mark.needs(INITDB)
def test_an_old_postgresql_with_rows_too(postgres):
    """As for a file."""
    url = postgres.database()
    with closing(filled(url)) as made:
        drop = ("DROP TABLE saved_schema", "DROP TABLE saved_list")
        made._run(lambda connection: [connection.exec_driver_sql(text) for text in drop])
    with closing(database(url)) as made:
        assert [one[:2] for one in made.dump()] == [(OWNER, TODAY)] * 2
        assert version_of(made) == NEWEST


def test_a_newer_schema_is_refused_in_one_line(url, run, tmp_path, caplog):
    """Nothing is read, written or changed; the log, the commands and the health check say why."""
    with closing(filled(url)) as made:
        text = f"UPDATE saved_schema SET version = {NEWEST + 1}"
        made._run(lambda connection: connection.exec_driver_sql(text))
    with closing(database(url)) as old:
        for use in (old.check, old.dump, lambda: old.all(OWNER, TODAY), lambda: old.end(OWNER)):
            with pytest.raises(DatabaseUnavailable):
                use()
        assert "made by a newer version of this program" in old.trouble
        assert [line.count("\n") for line in caplog.messages] == [0]
    status, _, err = run(url, "backup", str(tmp_path / "places.json"))
    assert (status, err.count("\n"), "newer version" in err) == (1, 1, True)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("url", "words"),
    [
        (
            "postgresql://u:secret@127.0.0.1:1/x",
            "there is no connection to it: is it running, and are",
        ),
        ("sqlite:////dev/null/places.sqlite", "its folder is no folder"),
    ],
)
def test_what_is_wrong_is_said_once(url, words, tmp_path):
    """One line with what to look at, without the password; the log does not say it a second time."""
    environment = plain_environment() | {"WEATHER_DATABASE_URL": url, "HOME": str(tmp_path)}
    (tmp_path / "empty.json").write_bytes(document([], NOON))
    command = [sys.executable, "-m", "weather", "restore", "empty.json"]
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True)
    assert (done.returncode, done.stderr.count("\n"), "secret" in done.stderr) == (1, 1, False), done.stderr
    assert done.stderr.startswith(f"weather: saved places are not available: {words}")
