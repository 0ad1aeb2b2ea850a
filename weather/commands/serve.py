"""`weather serve`: looks whether it can listen before anything that takes long, and says so in one line if not."""

import gc
import sys
from contextlib import ExitStack

from weather.announcements import warnings
from weather.port import bindable, claimed, handed_over, reason, shown
from weather.settings import Settings
from weather.settings.activation import inherited_fd


def serve(settings: Settings, host: str, port: int, workers: int) -> int:
    """Serve; the exit status: 0 after a signal, 1 if workers die, 2 if nothing can listen there.

    A socket that was handed over is listened at, whatever host and port say.
    """
    with ExitStack() as held:
        try:
            fd = inherited_fd()
            if fd is None:
                address = bindable(host, port)
                held.enter_context(claimed(address, port))
            else:
                address, port = handed_over(fd)
                host = address
        except (OSError, UnicodeError) as error:
            print(f"weather: cannot listen at {shown(host)}:{port}: {reason(error)}", file=sys.stderr)
            return 2
        for line in warnings(settings, address):
            print(f"weather: {line}", file=sys.stderr)
        gc.disable()  # until all is imported: it stays, so that there is nothing to collect
        from weather.server import Listening, run

        return run(settings, Listening(host, address, port, fd), workers)
