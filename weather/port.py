"""The address and port that the server listens at: whether it can, and why not."""

import errno
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path


def bindable(host: str, port: int) -> str:
    """The numeric address of a host (a name, an address, `[::1]`), after a look that its port can be had.

    Raises OSError or UnicodeError if not. Without SO_REUSEPORT: by that, two servers would share the port.
    """
    name = host.removeprefix("[").removesuffix("]")
    addresses = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, (address, *_) = min(addresses, key=lambda info: info[0] != socket.AF_INET)
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((address, port))
        listener.listen(1)
    return str(address)


def claimed(address: str, port: int) -> socket.socket:
    """Held by the parent while it runs, so that of two started at one moment only one serves. Raises OSError.

    A name of Linux's abstract sockets: no file, and gone with the process. Elsewhere nothing is held.
    """
    lock = socket.socket(socket.AF_UNIX)
    if sys.platform == "linux":
        try:
            lock.bind(f"\0weatherglass {address} {port}")
        except OSError as error:
            if is_in_use(error):
                lock.close()
                raise
        os.register_at_fork(after_in_child=lock.close)  # workers that outlive a killed parent shall not hold it
    return lock


def handed_over(fd: int) -> tuple[str, int]:
    """Address and port of a socket that was handed over. Raises OSError if it is none that listens for TCP."""
    listener = socket.socket(fileno=os.dup(fd))
    with listener:
        is_tcp = listener.family in (socket.AF_INET, socket.AF_INET6) and listener.type == socket.SOCK_STREAM
        if not is_tcp or not listener.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
            raise OSError(errno.EINVAL, "the socket that was handed over does not listen for TCP")
        address, port, *_ = listener.getsockname()
        return str(address), int(port)


def stop_accepting(fd: int) -> None:
    """Let this process accept no more from a socket that others have too: its copies here become a socket that nobody
    connects to. The queue stays for the others.

    Granian cannot be told so; and as it ends, it drops connections of which it has read nothing yet.
    """
    number = os.fstat(fd).st_ino
    with socket.create_server(("127.0.0.1", 0)) as idle:
        idle.setblocking(False)
        for name in [int(file.name) for file in Path("/dev/fd").iterdir()]:
            with suppress(OSError):  # the folder's own descriptor is gone by now
                if os.fstat(name).st_ino == number:
                    os.dup2(idle.fileno(), name)


def is_in_use(error: Exception) -> bool:
    return isinstance(error, OSError) and error.errno == errno.EADDRINUSE


def reason(error: Exception) -> str:
    if isinstance(error, socket.gaierror | UnicodeError):
        return "no address of that name is known; allowed: an address of this machine, or its name"
    return "it is in use by another program" if is_in_use(error) else str(getattr(error, "strerror", error))


def shown(host: str) -> str:
    """A host as it stands in a URL."""
    return f"[{host}]" if ":" in host and not host.startswith("[") else host


def answers(address: str, port: int) -> bool:
    """Whether somebody answers there."""
    try:
        socket.create_connection((address, port), 1).close()
    except OSError:
        return False
    return True
