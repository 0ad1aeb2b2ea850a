"""`weather healthcheck [URL]`: whether the server answers, for containers and service managers."""

import sys

from weather.commands.http import Unreachable, get

SECONDS = 5.0


def healthcheck(url: str) -> int:
    """The exit status: 0 if `/healthz` answers with 200, else 1 with one line that says why."""
    try:
        status = get(f"{url.rstrip('/')}/healthz", seconds=SECONDS).status
    except Unreachable as error:
        print(f"weather: {url} does not answer: {error}", file=sys.stderr)
        return 1
    if status != 200:
        print(f"weather: {url} answers with status {status}", file=sys.stderr)
    return int(status != 200)
