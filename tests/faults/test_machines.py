"""Three machines on one Redis: each a server of its own, with a cache folder, a port and workers of its own."""

import json
import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from dataclasses import dataclass

import pytest
from counting import Counting, counting, get, many, serving
from redises import REDIS, Server
from serving import crash, wait_until

pytestmark = [pytest.mark.slow, pytest.mark.needs(REDIS)]

MACHINES = 3
PER_MINUTE = 40


@dataclass
class Cluster:
    """The machines' processes and addresses, their Redis, and their upstream."""

    upstream: Counting
    redis: Server
    processes: list
    bases: list[str]

    def spread(self, paths: list[str]) -> list[tuple[int, dict, bytes]]:
        """Answers to these paths, asked in turn of one machine and the next, all at once, each by another client."""
        return many("", [self.bases[n % len(self.bases)] + path for n, path in enumerate(paths)], clients=True)


@pytest.fixture
def cluster(tmp_path) -> Iterator[Cluster]:
    settings = {"WEATHER_TRUSTED_PROXIES": "127.0.0.1", "WEATHER_TIMEOUT": "30s"}
    with ExitStack() as stack:
        upstream, origin = stack.enter_context(counting())
        redis = Server()
        stack.callback(redis.stop)
        machines = []
        for number in range(MACHINES):
            folder = tmp_path / str(number)
            folder.mkdir()
            limit = {"WEATHER_CALLS_PER_MINUTE": str(PER_MINUTE)}
            machines.append(stack.enter_context(serving(folder, origin, redis.url, **settings, **limit)))
        yield Cluster(upstream, redis, [process for process, _ in machines], [base for _, base in machines])


def place(number: int) -> str:
    return f"/data/2.5/weather?lat={number}&lon=9"


def test_a_cold_crowd_on_three_machines_costs_one_call(cluster):
    """300 visitors of one unknown place, on all machines at once: one upstream call, the same body for all."""
    answers = cluster.spread([place(1)] * 300)
    assert {status for status, _, _ in answers} == {200}
    assert len({body for _, _, body in answers}) == 1
    assert len(cluster.upstream.calls) == 1


def test_the_quota_holds_over_all_machines(cluster):
    """Twice as many unknown places as the account has calls: exactly the quota is called, the others are told when."""
    answers = cluster.spread([place(number) for number in range(2 * PER_MINUTE)])
    statuses = [status for status, _, _ in answers]
    assert (statuses.count(200), statuses.count(503)) == (PER_MINUTE, PER_MINUTE)
    assert all("retry-after" in {name.lower() for name in told} for status, told, _ in answers if status == 503)
    assert len(cluster.upstream.calls) == PER_MINUTE


def test_a_circuit_breaker_opens_for_all_machines(cluster):
    """A key that upstream rejects at one machine is not tried again by the others."""
    cluster.upstream.status = 401
    assert get(cluster.bases[0] + place(1))[0] == 401
    called = len(cluster.upstream.calls)
    assert [get(base + place(2))[0] for base in cluster.bases] == [401] * MACHINES
    assert len(cluster.upstream.calls) == called


def test_of_three_machines_one_may_die(cluster):
    """kill -9 of one: what it fetched is answered by the others, with upstream gone as well."""
    assert get(cluster.bases[0] + place(1))[0] == 200
    wait_until(lambda: cluster.redis.size() == 1)  # an answer is sent before it is stored
    crash(cluster.processes[0])
    cluster.upstream.is_down = True
    answers = [get(base + place(1)) for base in cluster.bases[1:]]
    assert {status for status, _, _ in answers} == {200}
    assert len(cluster.upstream.calls) == 1


def test_redis_may_stop_and_be_emptied(cluster):
    """What a machine has seen it still answers while Redis stands still, and after Redis has forgotten everything."""
    for base in cluster.bases:
        assert get(base + place(1))[0] == 200
    cluster.redis.tell(signal.SIGSTOP)
    assert [get(base + place(1))[0] for base in cluster.bases] == [200] * MACHINES
    cluster.redis.tell(signal.SIGCONT)
    cluster.redis.flush()
    assert [get(base + place(1))[0] for base in cluster.bases] == [200] * MACHINES
    assert get(cluster.bases[2] + place(2))[0] == 200


def test_when_redis_is_gone_the_machines_divide_the_limit(cluster):
    """Each has called before, so that it knows of the others: of as many unknown places as three limits together no
    more are called than one limit allows, and at least half of them."""
    for number in range(2 * MACHINES):
        assert get(cluster.bases[number % MACHINES] + place(number - 9))[0] == 200
    cluster.redis.stop()
    statuses = [status for status, _, _ in cluster.spread([place(number) for number in range(2 * PER_MINUTE)])]
    assert {*statuses} == {200, 503}
    assert PER_MINUTE / 2 <= len(cluster.upstream.calls) <= PER_MINUTE


class Cable:
    """A way to a port of this machine that can be cut: what is on it is gone, and nobody new comes through."""

    def __init__(self, port: int) -> None:
        self._to, self._ends, self.is_cut = port, list[socket.socket](), False
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.port = self._listener.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                near = self._listener.accept()[0]
                if self.is_cut:
                    near.close()
                    continue
                far = socket.create_connection(("127.0.0.1", self._to))
                self._ends += near, far
                for ends in ((near, far), (far, near)):
                    threading.Thread(target=carry, args=ends, daemon=True).start()

    def cut(self) -> None:
        self.is_cut = True
        self._unplug()

    def mend(self) -> None:
        self.is_cut = False

    def _unplug(self) -> None:
        for end in self._ends:
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        self._listener.close()
        self._unplug()


def carry(near: socket.socket, far: socket.socket) -> None:
    """Bytes from one end to the other, until one is closed."""
    with suppress(OSError), closing(near), closing(far):
        while taken := near.recv(65536):
            far.sendall(taken)


@contextmanager
def cable(port: int) -> Iterator[Cable]:
    one = Cable(port)
    yield one
    one.close()


def cache_of(base: str) -> dict[str, str]:
    return json.loads(get(f"{base}/readyz")[2])["checks"]["cache"]


def test_one_machine_may_be_cut_off_from_redis(tmp_path):
    """It answers what it has seen, says what is wrong, leaves the others alone, and heals by itself."""
    with counting() as (upstream, origin), ExitStack() as stack:
        redis = Server()
        stack.callback(redis.stop)
        way = stack.enter_context(cable(redis.port))
        bases = []
        for number, url in enumerate((redis.url, f"redis://127.0.0.1:{way.port}/0")):
            (tmp_path / str(number)).mkdir()
            bases.append(stack.enter_context(serving(tmp_path / str(number), origin, url))[1])
        assert [get(base + place(1))[0] for base in bases] == [200, 200]
        way.cut()
        wait_until(lambda: get(bases[1] + place(2))[0] == 200 and cache_of(bases[1])["status"] == "degraded")
        assert get(bases[1] + place(1))[0] == 200
        assert "redis does not answer" in cache_of(bases[1])["detail"] and cache_of(bases[0]) == {"status": "ok"}
        way.mend()
        number = iter(range(3, 10_000))
        wait_until(lambda: get(bases[1] + place(next(number) % 80))[0] == 200 and cache_of(bases[1])["status"] == "ok")
        assert [path for _, path in upstream.calls if "lat=1&" in path or path.endswith("lat=1")][1:] == []
