"""Faults below the real server: a locked database, a Redis that hangs or goes, kill -9 under load."""

import itertools
import json
import signal
import sqlite3
import subprocess
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager, suppress
from http.client import HTTPException
from pathlib import Path
from statistics import median

import pytest
from counting import counting, get, many, serving
from redises import REDIS, Server
from serving import crash, stored, wait_until

from weather.upstream.stores.disk import ANSWERS, BUDGETS

pytestmark = pytest.mark.slow

ROUNDS = 4
"""Kills in a run of all tests; 50 were made by hand."""

KNOWN = [f"/data/2.5/weather?lat={i}&lon=3" for i in range(8)]
numbers = itertools.count(100)


COLD = "/data/2.5/weather?lat=2"
"""How those begin that nothing is kept of."""


def cold() -> str:
    """A place of which nothing is kept: there are millions, for a fast server is asked for many before it is killed."""
    lat, lon = divmod(next(numbers), 3400)
    return f"{COLD}{lat / 20}&lon={lon / 20}"


def timed(url: str) -> float:
    began = time.monotonic()
    status, _, body = get(url)
    assert status == 200, body
    return time.monotonic() - began


@contextmanager
def locked(folder: Path):
    """The write lock of both databases is this process's."""
    with ExitStack() as held:
        for name in (ANSWERS, BUDGETS):
            connection = held.enter_context(closing(sqlite3.connect(folder / name / "cache.db", isolation_level=None)))
            connection.execute("BEGIN IMMEDIATE")
        yield


def test_a_lock_held_for_three_seconds_delays_nobody_who_has_an_answer(tmp_path):
    """Another holds the write locks: hits and old answers are served as ever, cold places wait for the lock to go and
    cost one call each (statements 79 and 101)."""
    more = {"WEATHER_FRESH_FOR": "1s", "errors": subprocess.DEVNULL}
    with counting() as (told, origin), serving(tmp_path, origin, f"disk://{tmp_path / 'c'}", **more) as (_, base):
        told.wait = 0.0
        for path in [cold(), KNOWN[0]]:
            timed(base + path)
        first = len(told.calls)
        with ThreadPoolExecutor(4) as pool, locked(tmp_path / "c"):
            waiting = [pool.submit(timed, base + cold()) for _ in range(4)]
            end = time.monotonic() + 3
            took = []
            while time.monotonic() < end:
                took.append(timed(base + KNOWN[0]))
            assert len(told.calls) == first  # nothing was asked for while the ledger was locked
        assert median(took) <= 0.3
        assert len([one for one in took if one > 0.5]) <= 2  # who begins the flight waits for it, as ever
        assert [one.exception() for one in waiting] == [None] * 4
        for _ in range(8):
            timed(base + cold())
        assert len([path for _, path in told.calls[first:] if path.startswith(COLD)]) == 4 + 8


@pytest.mark.needs(REDIS)
def test_a_redis_that_hangs_is_left_alone(tmp_path):
    """SIGSTOP: reads a moment slower at first, then none; the first cold place waits out that Redis may be slow, then
    none does; SIGCONT: used again within 30 s (statement 82)."""
    redis = Server()
    try:
        with counting() as (told, origin), serving(tmp_path, origin, redis.url) as (_, base):
            told.wait = 0.0
            assert [get(base + cold())[0] for _ in range(8)] == [200] * 8
            redis.tell(signal.SIGSTOP)
            assert [get(base + cold())[0] for _ in range(31)] == [200] * 31
            checks = json.loads(get(f"{base}/readyz")[2])["checks"]
            redis.tell(signal.SIGCONT)
            assert checks["cache"]["detail"].startswith("redis does not answer")
            assert len(told.calls) == 8 + 31
            comes_back(base)
            assert get(base + KNOWN[0])[0] == 200
    finally:
        redis.stop()


def comes_back(base: str) -> None:
    """It uses Redis again; told to try every half minute at the latest, it is given two."""

    def is_back() -> bool:
        assert get(base + cold())[0] == 200
        return json.loads(get(f"{base}/readyz")[2])["checks"]["cache"]["status"] == "ok"

    wait_until(is_back, 120)


@pytest.mark.needs(REDIS)
def test_a_redis_that_goes_and_forgets_costs_freshness_only(tmp_path):
    """Killed under the server: 200 from memory and upstream; there again, and empty: used again (statement 82)."""
    redis = Server()
    try:
        with counting() as (told, origin), serving(tmp_path, origin, redis.url) as (_, base):
            told.wait = 0.0
            assert [get(base + path)[0] for path in KNOWN] == [200] * len(KNOWN)
            redis.stop()
            assert [get(base + path)[0] for path in [*KNOWN, cold(), cold()]] == [200] * (len(KNOWN) + 2)
            assert len(told.calls) == len(KNOWN) + 2
            redis.start()
            comes_back(base)
            assert [get(base + path)[0] for path in KNOWN] == [200] * len(KNOWN)
    finally:
        redis.stop()


def test_killed_under_load_again_and_again(tmp_path):
    """kill -9 of the server while it writes, then a start with upstream down: what was known is there, whole,
    and so are the databases (statements 32 and 71)."""
    folder = tmp_path / "c"
    with counting() as (told, origin):
        told.wait = 0.0
        for _ in range(ROUNDS):
            told.is_down = False
            with serving(tmp_path, origin, f"disk://{folder}") as (process, base):
                assert [get(base + path)[0] for path in KNOWN] == [200] * len(KNOWN)
                killed_under_load(process, base, folder)
            told.is_down = True
            with serving(tmp_path, origin, f"disk://{folder}", WEATHER_FRESH_FOR="500ms") as (_, base):
                answers = many(base, KNOWN)
            assert [status for status, _, _ in answers] == [200] * len(answers)
            assert {json.loads(body)["name"] for _, _, body in answers} == {"London"}
    for name in (ANSWERS, BUDGETS):
        with closing(sqlite3.connect(folder / name / "cache.db")) as connection:
            assert connection.execute("PRAGMA integrity_check").fetchall() == [("ok",)]
    assert sorted(path.name for path in folder.iterdir()) == sorted([ANSWERS, BUDGETS])


def killed_under_load(process, base: str, folder: Path) -> None:
    """Visitors of new places, in the midst of whom it is killed, once what was known before is written."""

    def visit() -> None:
        with suppress(OSError, HTTPException):
            while True:
                get(base + cold())

    visitors = [threading.Thread(target=visit) for _ in range(4)]
    for visitor in visitors:
        visitor.start()
    before = stored(folder)
    wait_until(lambda: stored(folder) > before + 100)  # each after those that came before it
    crash(process)
    for visitor in visitors:
        visitor.join()


@pytest.mark.needs(REDIS)
@pytest.mark.parametrize(
    "refuse", ["CONFIG SET maxmemory 1", "REPLICAOF 127.0.0.1 1", "CONFIG SET min-replicas-to-write 1"]
)
def test_a_redis_that_refuses_writes_is_read(tmp_path, refuse):
    """Full, a replica, or without one: after a restart, with upstream down, every kept place is answered, and it is
    told all the time (statement 110)."""
    redis = Server()
    try:
        with counting() as (told, origin):
            told.wait = 0.0
            with serving(tmp_path, origin, redis.url) as (_, base):
                assert [get(base + path)[0] for path in KNOWN] == [200] * len(KNOWN)
                assert until_kept(redis, len(KNOWN))
            redis.do(refuse)
            told.is_down = True
            with serving(tmp_path, origin, redis.url, WEATHER_FRESH_FOR="500ms") as (_, base):
                for _ in range(3):
                    assert [get(base + path)[0] for path in KNOWN] == [200] * len(KNOWN)
                    assert json.loads(get(f"{base}/readyz")[2])["checks"]["cache"]["status"] == "degraded"
    finally:
        redis.stop()


def until_kept(redis: Server, answers: int) -> bool:
    """Wait until it holds so many."""
    return any(redis.size() >= answers for _ in range(10_000))
