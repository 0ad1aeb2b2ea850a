"""A restart on one machine under load: the socket outlives the server, and no connection is refused."""

import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest
from serving import crash, kept_in, plain_environment, wait_until
from visitors import load

from weather.settings.activation import inherited_fd

pytestmark = pytest.mark.slow

HANDED = """
import os, sys
os.dup2(int(sys.argv[1]), 3)
os.environ |= {"LISTEN_PID": str(os.getpid()), "LISTEN_FDS": "1"}
os.execv(sys.executable, [sys.executable, "-m", "weather", "serve", "--demo", *sys.argv[2:]])
"""
"""As systemd starts a service that has a socket: the same process, the socket as file 3."""


@pytest.fixture
def listener():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        one.listen(1024)
        one.set_inheritable(True)
        yield one


def begun(listener: socket.socket, tmp_path, *options: str) -> subprocess.Popen:
    """A server to which the socket was handed; back when it has said where it answers."""
    process = subprocess.Popen(
        [sys.executable, "-c", HANDED, str(listener.fileno()), *options],
        env=plain_environment() | kept_in(tmp_path / "c") | {"TMPDIR": str(tmp_path)},
        pass_fds=[listener.fileno()],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        cwd=tmp_path,
        start_new_session=True,
    )
    assert process.stdout.readline() == f"Weatherglass: http://127.0.0.1:{listener.getsockname()[1]}/\n"
    return process


def ended(process: subprocess.Popen) -> None:
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    process.stdout.close()


@pytest.mark.parametrize("is_overlapping", [True, False])
def test_no_request_is_lost_in_a_restart(listener, tmp_path, is_overlapping):
    """The new server begins before the old one ends, or after it (as systemd does): all requests are answered, 200."""
    port = listener.getsockname()[1]
    servers = [begun(listener, tmp_path, "--workers", "2")]
    try:
        with load(port) as came:
            for _ in range(2):
                some = came[200] + 200
                wait_until(lambda some=some: came[200] > some)
                if not is_overlapping:
                    ended(servers[-1])
                servers.append(begun(listener, tmp_path, "--workers", "2"))
                if is_overlapping:
                    ended(servers[-2])
            some = came[200] + 200
            wait_until(lambda: came[200] > some)
        assert came.keys() == {200}, came
    finally:
        for server in servers:
            if server.poll() is None:
                crash(server)
                server.stdout.close()


def test_what_is_handed_over_must_listen(tmp_path):
    """A socket that does not listen, or a file: one line, status 2."""
    with socket.socket() as silent, Path("/dev/null").open() as file:
        for one in (silent, file):
            command = [sys.executable, "-c", HANDED, str(one.fileno())]
            done = subprocess.run(command, pass_fds=[one.fileno()], capture_output=True, text=True, cwd=tmp_path)
            assert (done.returncode, done.stderr.count("\n"), "Traceback" in done.stderr) == (2, 1, False), done.stderr


@pytest.mark.parametrize(
    ("texts", "fd"),
    [
        ({"LISTEN_PID": "7", "LISTEN_FDS": "1"}, 3),
        ({"LISTEN_PID": "8", "LISTEN_FDS": "1"}, None),
        ({"LISTEN_PID": "7", "LISTEN_FDS": "2"}, None),
        ({"LISTEN_PID": "7"}, None),
        ({}, None),
    ],
)
def test_a_socket_is_ours_if_it_was_handed_to_us(texts, fd):
    """By the process number that stands beside it (sd_listen_fds(3)): variables are inherited by children too."""
    assert inherited_fd(texts, 7) == fd
