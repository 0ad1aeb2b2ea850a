"""The order of a list, its home, and when each place was saved: the same on SQLite and on PostgreSQL."""

import json
import sqlite3
from contextlib import closing

import pytest
from fakes import NOON
from postgres import INITDB

from weather.commands.cli import main
from weather.places.saved.database import Database
from weather.places.saved.order import moved

TODAY = int(NOON // 86400)
OWNER, OTHER = "a" * 64, "b" * 64
OLD_COLUMNS = "number, id, owner, name, country, latitude, longitude, timezone"


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.needs(INITDB))])
def url(request, tmp_path):
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/places.sqlite"
    return request.getfixturevalue("postgres").database()


@pytest.fixture
def made(url):
    with closing(Database(url, 1, lambda: TODAY)) as database:
        yield database


def id_of(number: int) -> str:
    return f"{number:022}"


def place(number: int, **more: object) -> dict:
    where = {"country": "GB", "latitude": 51.5, "longitude": -0.25, "timezone": "Europe/London"}
    return {"id": id_of(number), "name": f"P{number}"} | where | more


def names(database: Database, owner: str = OWNER) -> list[str]:
    return [row.name for row in database.all(owner, TODAY)]


def homes(database: Database, owner: str = OWNER) -> list[str]:
    return [row.name for row in database.all(owner, TODAY) if row.home]


def filled(database: Database) -> Database:
    """A list of three, and one of another visitor."""
    for owner, numbers in ((OWNER, (1, 2, 3)), (OTHER, (4, 5))):
        database.begin(owner, TODAY, 10)
        for number in numbers:
            database.add(owner, place(number), 10)
    return database


@pytest.mark.parametrize(
    ("id", "step", "after"),
    [("a", 1, "bac"), ("a", -1, "abc"), ("c", -1, "acb"), ("c", -9, "cab"), ("a", 99, "bca"), ("x", 1, "abc")],
)
def test_a_move_stops_at_the_ends(id, step, after):
    """By so many steps up or down, at most to an end; what is not in the list moves nothing."""
    assert "".join(moved("abc", id, step)) == after


def test_a_list_keeps_its_order_and_what_is_new_stands_last(made):
    """Moved up and down, then a place more, then one removed; another list stays as it was."""
    filled(made)
    made.move(OWNER, id_of(3), -1, TODAY)
    assert names(made) == ["P1", "P3", "P2"]
    made.add(OWNER, place(6), 10)
    assert names(made) == ["P1", "P3", "P2", "P6"]
    made.move(OWNER, id_of(6), -3, TODAY)
    made.remove(OWNER, id_of(3))
    assert names(made) == ["P6", "P1", "P2"]
    made.move(OWNER, id_of(4), 1, TODAY)  # of another list
    assert (names(made), names(made, OTHER)) == (["P6", "P1", "P2"], ["P4", "P5"])


def test_at_most_one_place_of_a_list_is_home(made):
    """A second one takes the first one's part; an unknown id changes nothing."""
    filled(made)
    for id, then in ((id_of(1), ["P1"]), (id_of(2), ["P2"]), (id_of(4), ["P2"]), (id_of(9), ["P2"])):
        made.make_home(OWNER, id)
        assert (homes(made), homes(made, OTHER)) == (then, [])


def test_a_cell_is_once_in_a_list_where_that_is_asked_for(made):
    """Of two points of one cell the first stays; of another list, or by a program, there may be more."""
    here = {"latitude": 51.507, "longitude": -0.128}
    for number, owner, once in ((1, OWNER, True), (2, OWNER, True), (3, OTHER, True), (4, OTHER, False)):
        point = here | {"latitude": here["latitude"] + number / 1000}
        assert made.add(owner, place(number) | point, 10, once=once)
    assert (names(made), names(made, OTHER)) == (["P1"], ["P3", "P4"])


def test_another_place_under_the_same_id_keeps_its_position_and_home(made):
    """What is replaced is the place alone."""
    filled(made)
    made.move(OWNER, id_of(1), 1, TODAY)
    made.make_home(OWNER, id_of(1))
    made.replace(OWNER, id_of(1), {"name": "New", "region": "Kent"})
    assert (names(made), homes(made)) == (["P2", "New", "P3"], ["New"])


def test_a_database_of_version_2_keeps_all_its_places_in_order(tmp_path):
    """As it was before the columns were there; an earlier program beside this one may still add to it."""
    file = tmp_path / "places.sqlite"
    with closing(Database(f"sqlite:///{file}", 1, lambda: TODAY)) as made:
        filled(made)
    with closing(sqlite3.connect(file)) as connection, connection:
        for column in ("position", "home", "created_at", "region"):
            connection.execute(f"ALTER TABLE saved_place DROP COLUMN {column}")
        connection.execute("UPDATE saved_schema SET version = 2")
    with closing(Database(f"sqlite:///{file}", 1, lambda: TODAY)) as made:
        assert names(made) == ["P1", "P2", "P3"]
        made.move(OWNER, id_of(3), -2, TODAY)
        with closing(sqlite3.connect(file)) as connection, connection:
            old = (9, id_of(9), OWNER, "P9", "GB", 51.5, -0.25, "Europe/London")
            connection.execute(f"INSERT INTO saved_place ({OLD_COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", old)
        assert names(made) == ["P3", "P1", "P2", "P9"]
        assert made.all(OWNER, TODAY)[0][-3:] == (None, None, None)


@pytest.mark.slow
def test_a_backup_keeps_order_home_region_and_age(url, made, tmp_path, monkeypatch):
    """From either database into a fresh file: in the order of the list, with its home."""
    filled(made)
    made.replace(OWNER, id_of(2), {"region": "Kent", "created_at": int(NOON)})
    made.move(OWNER, id_of(2), -1, TODAY)
    made.make_home(OWNER, id_of(2))
    monkeypatch.chdir(tmp_path)
    file, fresh = tmp_path / "backup.json", f"sqlite:///{tmp_path}/fresh.sqlite"
    for target, command in ((url, "backup"), (fresh, "restore")):
        monkeypatch.setenv("WEATHER_DATABASE_URL", target)
        assert main((command, str(file))) == 0
    with closing(Database(fresh, 1, lambda: TODAY)) as restored:
        assert (names(restored), homes(restored)) == (["P2", "P1", "P3"], ["P2"])
        assert restored.all(OWNER, TODAY)[0][-3:] == ("Kent", int(NOON), True)


def test_a_backup_of_version_1_is_restored(tmp_path, monkeypatch):
    """What the first version of the file did not have is not known."""
    head = {"format": "weatherglass saved places", "version": 1, "made_at": "2026-11-24T12:00:00Z"}
    places = [place(2), place(1)]
    (tmp_path / "backup.json").write_text(
        json.dumps(head | {"lists": [{"owner": OWNER, "read_on": TODAY, "places": places}]})
    )
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("WEATHER_DATABASE_URL", f"sqlite:///{tmp_path}/fresh.sqlite")
    assert main(("restore", "backup.json")) == 0
    with closing(Database(f"sqlite:///{tmp_path}/fresh.sqlite", 1, lambda: TODAY)) as restored:
        assert names(restored) == ["P2", "P1"]
        assert {row[-3:] for row in restored.all(OWNER, TODAY)} == {(None, None, None)}
