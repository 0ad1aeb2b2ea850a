"""Many workers as a user starts them, over one folder or one Redis: one call, one budget, and none who holds up others.

The upstream is a server of its own on loopback, which counts; every fault is a signal to a real process.
"""

import itertools
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from counting import Counting, counting, get, many, serving
from fakes import KEY
from redises import REDIS, Server
from serving import free_port, kept_in, plain_environment, served, wait_until

from weather.upstream.lease import CLAIM_SECONDS
from weather.upstream.stores.base import grace
from weather.upstream.stores.disk import ANSWERS, BUDGETS

pytestmark = pytest.mark.slow

COLD = "/data/2.5/weather?lat=51.51&lon=-0.13"
WORKERS = 4


@pytest.fixture(scope="module")
def redis() -> Iterator[Server]:
    running = Server()
    yield running
    running.stop()


@dataclass
class Crowd:
    """Four workers over one store, and their upstream."""

    told: Counting
    origin: str
    process: subprocess.Popen
    base: str

    def asked(self, path: str) -> list[float]:
        """When upstream was asked for this."""
        return [at for at, target in self.told.calls if target.startswith(path)]


@pytest.fixture(scope="module", params=["disk", pytest.param("redis", marks=pytest.mark.needs(REDIS))])
def crowd(request, tmp_path_factory) -> Iterator[Crowd]:
    folder = tmp_path_factory.mktemp(request.param)
    cache = request.getfixturevalue("redis").url if request.param == "redis" else f"disk://{folder / 'c'}"
    with counting() as (told, origin):
        with serving(folder, origin, cache, "--workers", "4", WEATHER_TIMEOUT="30s") as (process, base):
            all_up(process, base)
            yield Crowd(told, origin, process, base)


def children(process) -> list[int]:
    """The processes below it that serve: those that listen, by their open sockets."""
    listed = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
    return [int(pid) for pid in listed if "resource_tracker" not in Path(f"/proc/{pid}/cmdline").read_text()]


def all_up(process, base: str) -> None:
    """Every worker has its port: what listens there is as many sockets as workers."""
    port = f":{int(base.rpartition(':')[2]):04X}"
    wait_until(lambda: sockets(port, "0A") >= WORKERS)


def sockets(port: str, state: str) -> int:
    """How many of our ends there are in that state (proc(5): 0A listens, 01 is established)."""
    lines = (line.split() for line in Path("/proc/net/tcp").read_text().splitlines()[1:])
    return sum(line[1].endswith(port) and line[3] == state for line in lines)


def visited(base: str, count: int) -> None:
    """So many visitors are connected."""
    wait_until(lambda: sockets(f":{int(base.rpartition(':')[2]):04X}", "01") >= count)


def asker(crowd: Crowd) -> int:
    """The worker that has a connection upstream."""
    port = int(crowd.origin.rpartition(":")[2])
    inodes = {
        line.split()[9]
        for line in Path("/proc/net/tcp").read_text().splitlines()[1:]
        if line.split()[2].endswith(f":{port:04X}") and line.split()[3] == "01"
    }
    for pid in children(crowd.process):
        for link in Path(f"/proc/{pid}/fd").iterdir():
            if any(f"socket:[{inode}]" == str(link.readlink()) for inode in inodes):
                return pid
    raise AssertionError("nobody asks")


def place(number: float) -> str:
    return f"/data/2.5/weather?lat={number}&lon=9"


def test_two_hundred_at_once_cost_one_call(crowd):
    """Four workers, 200 at once on one cold key: U = 1, all 200, with the disk and with Redis (statement 24)."""
    answers = many(crowd.base, [place(1)] * 200)
    assert {status for status, _, _ in answers} == {200}
    assert len({body for _, _, body in answers}) == 1
    assert len(crowd.asked(place(1))) == 1


def test_the_worker_that_asks_is_killed(crowd):
    """kill -9 of the worker that fetches: another fetches when its claim has lapsed and its grace is over, which is
    within 2 s, and another takes its place (statement 24)."""
    assert CLAIM_SECONDS + grace(CLAIM_SECONDS) <= 2
    told, forever = crowd.told, threading.Event()
    first = len(told.calls) + 1
    told.hold = lambda number: forever if number == first else None
    with ThreadPoolExecutor(40) as pool:
        visits = [pool.submit(lambda: get(crowd.base + place(2))) for _ in range(40)]
        told.until(first)
        visited(crowd.base, 40)
        os.kill(asker(crowd), signal.SIGKILL)
        told.until(first + 1)
        forever.set()
        statuses = [status_of(visit) for visit in visits]
    assert 200 in statuses and set(statuses) <= {200, None}  # None: it was the killed one's own
    assert len(crowd.asked(place(2))) == 2
    all_up(crowd.process, crowd.base)
    assert get(crowd.base + place(2))[0] == 200


def status_of(visit) -> int | None:
    try:
        return visit.result()[0]
    except OSError:
        return None


def test_an_older_body_replaces_no_newer_one(crowd):
    """A worker is stopped while it waits for upstream, another asks after it and is answered: when the first wakes,
    its older body is kept by nobody (statement 24)."""
    told, held = crowd.told, threading.Event()
    first = len(told.calls) + 1
    told.hold = lambda number: held if number == first else None
    with ThreadPoolExecutor(1) as pool:
        early = pool.submit(lambda: get(crowd.base + place(3)))
        told.until(first)
        stopped = asker(crowd)
        os.kill(stopped, signal.SIGSTOP)
        try:
            later = newer(crowd.base + place(3))
            held.set()
            wait_until(lambda: told.ended >= len(told.calls))  # the older body is there, for one who cannot read it yet
        finally:
            os.kill(stopped, signal.SIGCONT)
        assert early.result()[0] == 200
    assert later == first + 1
    assert {json.loads(body)["id"] for _, _, body in many(crowd.base, [place(3)] * 40)} == {later}
    assert len(crowd.asked(place(3))) == 2


def newer(url: str) -> int:
    """What a worker that is not stopped answers: the kernel may deal a connection to the one that is."""
    for _ in range(60):
        try:
            with urllib.request.urlopen(url, timeout=1) as answer:
                return json.loads(answer.read())["id"]
        except TimeoutError:
            pass
    raise AssertionError("nobody answers")


def test_a_failure_is_shared_by_all_workers(crowd):
    """Upstream 500: no more attempts than one worker would make, and all are answered (statements 19 and 24)."""
    crowd.told.status, crowd.told.wait = 500, 1.0
    try:
        answers = many(crowd.base, [place(4)] * 60)
    finally:
        crowd.told.status, crowd.told.wait = 200, 0.3
    assert {status for status, _, _ in answers} == {502}
    assert len(crowd.asked(place(4))) <= 3


def test_the_budget_is_one_for_all_workers(tmp_path):
    """180 cold places at once of many clients, over four workers, and 30 calls a month: U = 30, and the others are told
    so (54)."""
    more = {"WEATHER_CALLS_PER_MONTH": "30", "WEATHER_TRUSTED_PROXIES": "127.0.0.1", "WEATHER_TIMEOUT": "19s"}
    with counting() as (told, origin):
        with serving(tmp_path, origin, f"disk://{tmp_path / 'c'}", "--workers", "4", **more) as (process, base):
            all_up(process, base)
            told.wait = 0.0
            answers = [
                one
                for lon in range(3)
                for one in many(base, [f"/data/2.5/weather?lat={i}&lon={lon}" for i in range(60)], clients=True)
            ]
    statuses = [status for status, _, _ in answers]
    assert set(statuses) == {200, 503}
    assert statuses.count(200) == len(told.calls)
    assert 25 <= len(told.calls) <= 30


def test_no_client_has_more_than_his_share_of_a_window(tmp_path):
    """120 cold places of one client over four workers, and 30 calls a month: 20 are let, and another has the rest
    (statement 108)."""
    more = {"WEATHER_CALLS_PER_MONTH": "30", "WEATHER_TRUSTED_PROXIES": "127.0.0.1", "WEATHER_TIMEOUT": "19s"}
    with counting() as (told, origin):
        with serving(tmp_path, origin, f"disk://{tmp_path / 'c'}", "--workers", "4", **more) as (process, base):
            all_up(process, base)
            told.wait = 0.0
            greedy = [one for lon in range(2) for one in many(base, [place(i + lon / 10) for i in range(60)])]
            others = many(base, [place(i + 0.5) for i in range(60)], clients=True)
    assert {status for status, _, _ in greedy} == {200, 429}
    assert [status for status, _, _ in greedy].count(200) <= 20
    assert 200 in {status for status, _, _ in others}
    assert len(told.calls) <= 30


@contextmanager
def troubled(folder: Path, redis: Server | None) -> Iterator[None]:
    """The store is locked for 100 ms to 2 s, again and again, until it ends."""
    over, lengths = threading.Event(), itertools.cycle((0.1, 2.0, 0.5, 1.2))

    def disturb() -> None:
        while not over.is_set():
            if redis:
                redis.tell(signal.SIGSTOP)
                over.wait(next(lengths))
                redis.tell(signal.SIGCONT)
            else:
                with ExitStack() as held:
                    for name in (ANSWERS, BUDGETS):
                        held.enter_context(locked(folder / name / "cache.db"))
                    over.wait(next(lengths))
            over.wait(0.3)

    troubling = threading.Thread(target=disturb)
    troubling.start()
    try:
        yield
    finally:
        over.set()
        troubling.join()


@contextmanager
def locked(database: Path) -> Iterator[None]:
    with closing(sqlite3.connect(database, isolation_level=None, timeout=20)) as connection:
        connection.execute("BEGIN IMMEDIATE")
        yield


@pytest.mark.parametrize("where", ["disk", pytest.param("redis", marks=pytest.mark.needs(REDIS))])
def test_a_store_that_is_late_again_and_again(tmp_path, where, request):
    """Four workers, the store locked or paused for up to two seconds at any moment, six clients at each of 20 cold
    places: at most one call for each, and never more than the month allows (statement 101)."""
    redis = request.getfixturevalue("redis") if where == "redis" else None
    if redis:
        redis.flush()
    cache = redis.url if redis else f"disk://{tmp_path / 'c'}"
    more = {"WEATHER_CALLS_PER_MONTH": "15", "WEATHER_TRUSTED_PROXIES": "127.0.0.1", "WEATHER_TIMEOUT": "15s"}
    with counting() as (told, origin), serving(tmp_path, origin, cache, "--workers", "4", **more) as (process, base):
        all_up(process, base)
        with troubled(tmp_path / "c", redis):
            for i in range(4):
                many(base, [place(5 * i + j) for j in range(5)] * 6, clients=True)
    asked = Counter(target for _, target in told.calls)
    assert set(asked.values()) == {1}
    assert len(told.calls) <= 15


@pytest.mark.parametrize("workers", ["1", "4"])
def test_a_signal_ends_all_with_a_call_under_way(tmp_path, workers):
    """SIGTERM while upstream hangs: exit status 0 without its answer, the port free, a second start at once (100)."""
    port = free_port()
    with counting() as (told, origin):
        forever = threading.Event()
        told.hold = lambda number: forever
        more = {"WEATHER_TIMEOUT": "10m", "WEATHER_UPSTREAM_URL": origin, "OPENWEATHERMAP_API_KEY": KEY}
        with served(tmp_path / "c", "--workers", workers, port=port, **more) as (process, base):
            with ThreadPoolExecutor(1) as pool:
                visit = pool.submit(lambda: get(base + COLD))
                told.until(1)
                process.terminate()
                assert process.wait(60) == 0
                status_of(visit)
        with socket.socket() as one:
            assert one.connect_ex(("127.0.0.1", port))
        with served(tmp_path / "c", "--workers", workers, port=port, **more) as (_, base):
            assert get(f"{base}/healthz")[0] == 200
        forever.set()


def test_a_signal_while_workers_are_begun_is_heard(tmp_path):
    """SIGTERM before any worker serves: none is left, exit status 0 (statement 100)."""
    for wait in (0.5, 0.9, 1.3):
        process = subprocess.Popen(
            [sys.executable, "-m", "weather", "serve", "--port", str(free_port()), "--workers", "4"],
            env=plain_environment() | kept_in(tmp_path / "c"),
            stdout=subprocess.DEVNULL,
        )
        time.sleep(wait)
        process.terminate()
        assert process.wait(60) in (0, -signal.SIGTERM)


def test_a_worker_that_is_stuck_is_ended(tmp_path):
    """SIGTERM with a worker stopped by SIGSTOP, which nobody wakes: it is ended too (statement 100)."""
    with served(tmp_path / "c", "--workers", "4") as (process, base):
        all_up(process, base)
        workers = children(process)
        os.kill(workers[0], signal.SIGSTOP)
        process.terminate()
        assert process.wait(60) == 0
        assert not any(Path(f"/proc/{pid}").exists() for pid in workers)


def test_workers_end_with_their_supervisor(tmp_path):
    """kill -9 of the supervisor: its workers end, and the port is free."""
    with served(tmp_path / "c", "--workers", "4") as (process, base):
        all_up(process, base)
        workers = children(process)
        process.kill()
        wait_until(lambda: not any(is_alive(pid) for pid in workers))


def is_alive(pid: int) -> bool:
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
