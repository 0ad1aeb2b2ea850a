"""A real redis-server, which the tests start themselves."""

import socket
import subprocess
from contextlib import suppress

from serving import free_port, wait_until

REDIS = "redis-server"


class Server:
    """A redis-server of our own on a free port, without a file."""

    def __init__(self, *options: str) -> None:
        self.port, self._options = free_port(), options
        self.url = f"redis://127.0.0.1:{self.port}/0"
        self.start()

    def start(self) -> None:
        options = ["--port", str(self.port), "--save", "", "--appendonly", "no", "--bind", "127.0.0.1", *self._options]
        self.process = subprocess.Popen([REDIS, *options], stdout=subprocess.DEVNULL)
        wait_until(self.answers)

    def answers(self) -> bool:
        with suppress(OSError), socket.create_connection(("127.0.0.1", self.port), 5) as one:
            one.sendall(b"PING\r\n")
            return one.recv(7).startswith((b"+PONG", b"-NOAUTH"))
        return False

    def tell(self, sign: int) -> None:
        self.process.send_signal(sign)

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()

    def flush(self) -> None:
        """Forget everything."""
        self.do("FLUSHALL")

    def do(self, *commands: str) -> None:
        """Commands that are answered with OK, or a number."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as one:
            for command in commands:
                one.sendall(command.encode() + b"\r\n")
                assert one.recv(64)[:1] in (b"+", b":")

    def size(self) -> int:
        """How many answers it holds."""
        with socket.create_connection(("127.0.0.1", self.port), 5) as one:
            one.sendall(b"EVAL \"return #redis.call('KEYS', 'weather:2:/*')\" 0\r\n")
            return int(one.recv(64)[1:])
