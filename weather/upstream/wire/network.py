"""The network to upstream: name look-ups that block nobody else, proxies, and certificate authorities."""

import asyncio
import socket
import ssl
from collections import deque
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from ipaddress import ip_address
from pathlib import Path
from threading import Thread
from typing import Any
from urllib.parse import urlsplit
from urllib.request import proxy_bypass_environment  # type: ignore[attr-defined]

import httpcore

CONNECTIONS = 64
ATTEMPT_DELAY = 0.25
"""Seconds until the next address of a name is tried beside the earlier ones (RFC 8305, 5)."""

Connect = Callable[[], Awaitable[httpcore.AsyncNetworkStream]]


def as_it_is(transport: Any) -> Any:
    return transport


@dataclass(frozen=True, slots=True)
class Network:
    """How upstream is reached.

    `proxies`: proxy URLs by the scheme of the origin, or `all`; `no` lists the hosts without a proxy, as in the
    environment. `ca_file`: the trusted certificate authorities; None for those of httpx. `connections`: how many calls
    of one upstream may be under way. `contact`: a mail address or URL, for those who run it. `around` wraps a
    transport.
    """

    proxies: Mapping[str, str] = field(default_factory=dict, repr=False)
    ca_file: Path | None = None
    connections: int = CONNECTIONS
    contact: str | None = None
    around: Callable[[Any], Any] = as_it_is

    def proxy(self, origin: str) -> str | None:
        """The proxy for an origin, if there is one."""
        url = urlsplit(origin)
        if proxy_bypass_environment(url.netloc, dict(self.proxies)):
            return None
        return self.proxies.get(url.scheme) or self.proxies.get("all")

    def certificates(self) -> ssl.SSLContext | None:
        """The context that verifies upstream's certificate; None for that of httpx. Verification cannot be disabled."""
        return ssl.create_default_context(cafile=self.ca_file) if self.ca_file else None


class Names:
    """Looks names up, each in a thread of its own, for which only those wait who want this name.

    `getaddrinfo` cannot be cancelled and may hang for half a minute. The loop's own threads for it are few, shared with
    everything else that is done in a thread, and waited for when the process ends.
    """

    def __init__(self) -> None:
        self._under_way: dict[tuple[str, int], asyncio.Future[list[str] | OSError]] = {}

    async def addresses(self, host: str, port: int) -> list[str]:
        """The addresses of a host, the preferred first. Raises OSError."""
        if is_address(host):
            return [host]
        result = await asyncio.shield(self._under_way.get((host, port)) or self._begin(host, port))
        if isinstance(result, OSError):
            raise result
        return result

    def _begin(self, host: str, port: int) -> "asyncio.Future[list[str] | OSError]":
        loop = asyncio.get_running_loop()
        future = self._under_way[host, port] = loop.create_future()
        future.add_done_callback(lambda _: self._under_way.pop((host, port)))

        def finish(result: list[str] | OSError) -> None:
            if not future.done():
                future.set_result(result)

        def look_up() -> None:
            result = looked_up(host, port)
            with suppress(RuntimeError):  # the loop is closed: nobody waits any more
                loop.call_soon_threadsafe(finish, result)

        Thread(target=look_up, name="weather-name", daemon=True).start()
        return future


class Backend(httpcore.AnyIOBackend):
    """Connects as httpcore does, but with our own name look-ups."""

    def __init__(self) -> None:
        self._names = Names()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,  # noqa: ASYNC109, httpcore's own signature
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Raises ConnectTimeout or ConnectError."""
        connect = super().connect_tcp

        def to(address: str) -> Connect:
            return lambda: connect(address, port, None, local_address, socket_options)

        try:
            async with asyncio.timeout(timeout):
                return await first([to(address) for address in await self._names.addresses(host, port)])
        except TimeoutError:
            raise httpcore.ConnectTimeout from None
        except (OSError, ExceptionGroup) as error:  # ExceptionGroup: of an invalid port
            raise httpcore.ConnectError from error


def is_address(host: str) -> bool:
    try:
        ip_address(host)
    except ValueError:
        return False
    return True


def looked_up(host: str, port: int) -> list[str] | OSError:
    """The addresses of a name, in the order in which they are tried; or the error."""
    try:
        infos = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        return error
    except UnicodeError:  # no name at all
        return socket.gaierror(socket.EAI_NONAME, "not a name")
    return interleaved([str(info[4][0]) for info in infos])


def interleaved(addresses: Iterable[str]) -> list[str]:
    """The addresses without repetitions; the second is of another family than the first (RFC 8305, 4)."""
    ordered = list(dict.fromkeys(addresses))
    other = next((address for address in ordered if (":" in address) != (":" in ordered[0])), None)
    if other is not None:
        ordered.remove(other)
        ordered.insert(1, other)
    return ordered


async def first(attempts: Sequence[Connect]) -> httpcore.AsyncNetworkStream:
    """The first connection that is made. Each attempt begins when an earlier one has failed, or a moment later.

    Raises the error of the last attempt.
    """
    left, running = deque(attempts), set[asyncio.Task[httpcore.AsyncNetworkStream]]()
    try:
        while True:
            if left:
                running.add(asyncio.ensure_future(left.popleft()()))
            timeout = ATTEMPT_DELAY if left else None
            done, running = await asyncio.wait(running, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
            made = [task for task in done if not task.exception()]
            running |= set(made[1:])
            if made:
                return made[0].result()
            if not left and not running:
                return done.pop().result()  # which raises
    finally:
        await cancel(running)


async def cancel(attempts: Iterable[asyncio.Task[httpcore.AsyncNetworkStream]]) -> None:
    """Cancel attempts that are not needed any more, and close the connections that they made."""
    for task in attempts:
        task.cancel()
    for stream in await asyncio.gather(*attempts, return_exceptions=True):
        if not isinstance(stream, BaseException):
            await stream.aclose()
