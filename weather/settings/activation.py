"""A listening socket that was handed over at the start, as systemd does it (sd_listen_fds(3)).

Whoever hands it over keeps it open: while one server ends and the next one begins, connections wait in its queue, and
none is refused.
"""

import os
from collections.abc import Mapping

FIRST_FD = 3


def inherited_fd(environment: Mapping[str, str] | None = None, process: int | None = None) -> int | None:
    """The file descriptor of the socket, None if none was handed to this process."""
    texts = os.environ if environment is None else environment
    mine = str(os.getpid() if process is None else process)
    is_ours = texts.get("LISTEN_PID") == mine and texts.get("LISTEN_FDS", "") == "1"
    return FIRST_FD if is_ours else None
