"""An upstream at the level of sockets, for what only shows on the wire: counts, slowness, breaks and bytes."""

import asyncio
import json
import socket
import ssl
import struct
import subprocess
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

GOOD = json.dumps({"cod": 200, "dt": 1795521300, "main": {"temp": 280.0}, "name": "Somewhere"}).encode()
LINGER_NOT = struct.pack("ii", 1, 0)


def answer(status: int = 200, body: bytes = GOOD, content_type: str = "application/json", **headers: str) -> bytes:
    """An HTTP/1.1 answer of known length; a name's underscore is a hyphen."""
    lines = [f"HTTP/1.1 {status} Told", f"content-type: {content_type}", f"content-length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + body


class Call:
    """One request as it arrived: its head, its number, and the way back."""

    def __init__(self, head: bytes, number: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.head, self.number, self.reader, self.writer = head, number, reader, writer
        self.sent = 0

    @property
    def target(self) -> str:
        return self.head.split(b" ", 2)[1].decode("ascii")

    @property
    def headers(self) -> dict[str, str]:
        lines = self.head.decode("latin-1").split("\r\n")[1:-2]
        return {name.lower(): value.strip() for name, _, value in (line.partition(":") for line in lines)}

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()
        self.sent += len(data)

    def close(self) -> None:
        """End the connection in an orderly way, as a server does that has had enough of it."""
        self.writer.close()

    def reset(self) -> None:
        """End it with RST."""
        with suppress(OSError):
            self.writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        self.writer.transport.abort()


Script = Callable[[Call], Awaitable[None]]


class Wire:
    """A server on 127.0.0.1 that does as its script says; it counts connections, those now open, and requests."""

    def __init__(self, script: Script, certificate: Path | None) -> None:
        self.script = script
        self.connections = 0
        self.below_tls: asyncio.WriteTransport
        self.calls: list[Call] = []
        self._tls = server_context(certificate) if certificate else None
        self._tasks: dict[asyncio.Task, asyncio.StreamWriter] = {}
        self.origin = ""

    @property
    def open(self) -> int:
        return len(self._tasks)

    def accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        task = asyncio.get_running_loop().create_task(self._serve(reader, writer))
        self._tasks[task] = writer
        task.add_done_callback(self._tasks.pop)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.below_tls = writer.transport
        try:
            if self._tls:
                await writer.start_tls(self._tls)
            while not writer.is_closing():
                head = await reader.readuntil(b"\r\n\r\n")
                call = Call(head, len(self.calls) + 1, reader, writer)
                self.calls.append(call)
                await self.script(call)
        except (OSError, asyncio.IncompleteReadError, asyncio.CancelledError):
            pass  # it is the visitor who left, or the test that ended
        finally:
            writer.transport.abort()

    async def end(self) -> None:
        for task, writer in list(self._tasks.items()):
            writer.transport.abort()
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


@asynccontextmanager
async def wired(
    script: Script, certificate: Path | None = None, listener: socket.socket | None = None
) -> AsyncIterator[Wire]:
    """A server for the time of the block; its `script` may be replaced while it runs."""
    wire = Wire(script, certificate)
    sock = listener or socket.create_server(("127.0.0.1", 0), backlog=512)
    wire.origin = f"{'https' if certificate else 'http'}://127.0.0.1:{sock.getsockname()[1]}"
    server = await asyncio.start_server(wire.accept, sock=sock, limit=2**20)
    try:
        yield wire
    finally:
        server.close()
        await wire.end()
        await server.wait_closed()


def giving(*answers: bytes) -> Script:
    """A script: the answers in turn, the last one for ever."""

    async def script(call: Call) -> None:
        await call.send(answers[min(call.number, len(answers)) - 1])

    return script


async def silence(call: Call) -> None:
    """A script: nothing at all, until the other side has had enough."""
    await call.reader.read()


@asynccontextmanager
async def deaf() -> AsyncIterator[socket.socket]:
    """A listening socket whose queue is full: a connection to it is neither made nor refused."""
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(0)
    fillers = [socket.socket() for _ in range(4)]
    for filler in fillers:
        filler.setblocking(False)
        filler.connect_ex(listener.getsockname())
    try:
        yield listener
    finally:
        for sock in (*fillers, listener):
            sock.close()


def server_context(certificate: Path) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    return context


def self_signed(folder: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file, that nobody vouches for."""
    key, cert, both = folder / "key.pem", folder / "cert.pem", folder / "both.pem"
    command = "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2"
    names = ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", str(key), "-out", str(cert)]
    subprocess.run([*command.split(), *names], check=True, capture_output=True)
    both.write_bytes(key.read_bytes() + cert.read_bytes())
    return both
