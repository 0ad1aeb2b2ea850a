"""The address and port that the server listens at: whether it can, and why not."""

import errno
import os
import socket
import sys


def bindable(host: str, port: int) -> str:
    """The numeric address of a host (a name, an address, `[::1]`), after a look that its port can be had.

    Raises OSError or UnicodeError if not. Without SO_REUSEPORT: by that, two servers would share the port.
    """
    name = host.removeprefix("[").removesuffix("]")
    found = socket.getaddrinfo(name, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
    family, _, _, _, (address, *_) = min(found, key=lambda one: one[0] != socket.AF_INET)
    with socket.socket(family, socket.SOCK_STREAM) as one:
        one.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        one.bind((address, port))
        one.listen(1)
    return str(address)


def claimed(address: str, port: int) -> socket.socket:
    """Held by the parent while it runs, so that of two started at one moment only one serves. Raises OSError.

    A name of Linux's abstract sockets: no file, and gone with the process. Elsewhere nothing is held.
    """
    one = socket.socket(socket.AF_UNIX)
    if sys.platform == "linux":
        try:
            one.bind(f"\0weatherglass {address} {port}")
        except OSError as error:
            if is_in_use(error):
                one.close()
                raise
        os.register_at_fork(after_in_child=one.close)  # workers that outlive a killed parent shall not hold it
    return one


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
