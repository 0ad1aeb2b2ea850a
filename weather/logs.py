"""The log: one line a record, to standard error, as text or JSON; control characters escaped, the key masked."""

import asyncio
import json
import logging
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import UTC, datetime
from functools import lru_cache
from typing import TextIO

PLAIN = re.compile(r"[!#-&(-<>-~]+").fullmatch
"""Text that needs no quotes: printable ASCII without a space, a quote or an equals sign."""

WRITE_EVERY = 0.1


class Line(logging.Formatter):
    """One well-formed line, whatever a visitor or upstream put into it."""

    def __init__(self, form: str, secret: Callable[[], str]) -> None:
        super().__init__()
        self._form, self._secret = form, secret

    def format(self, record: logging.LogRecord) -> str:
        return self.told(record.created, record.levelname.lower(), self._said(record))

    def told(self, at: float, level: str, said: Mapping[str, object]) -> str:
        """The line of these fields."""
        fields = {"time": stamp(at), "level": level, **said}
        line = json.dumps(fields) if self._form == "json" else as_text(fields)
        secret = self._secret()
        return line.replace(secret, "***") if secret else line

    def _said(self, record: logging.LogRecord) -> dict[str, object]:
        said: dict[str, object] = {"logger": record.name, "message": record.getMessage()[:2000]}
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)[-4000:]
        return said


class RequestLog:
    """One line a request, many at a time: written a tenth of a second later at most, or when the app closes."""

    def __init__(self, line: Line, stream: TextIO, wall: Callable[[], float]) -> None:
        self._line, self._stream, self._wall = line, stream, wall
        self._waiting: list[str] = []

    def __call__(self, fields: Mapping[str, object]) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_later(WRITE_EVERY, self.flush)
        self._waiting.append(self._line.told(self._wall(), "info", fields))

    def flush(self) -> None:
        """Write what is waiting. A closed or full standard error costs lines, nothing else."""
        lines, self._waiting = self._waiting, []
        with suppress(OSError, ValueError):
            self._stream.write("".join(f"{line}\n" for line in lines))
            self._stream.flush()


def stamp(at: float) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    second, part = divmod(int(at * 1000), 1000)
    return f"{to_the_second(second)}.{part:03}+00:00"


@lru_cache(1)
def to_the_second(second: int) -> str:
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


def as_text(fields: Mapping[str, object]) -> str:
    """`name=value` pairs; a value with anything but plain characters is quoted and escaped."""
    return " ".join([f"{name}={plain(value) if isinstance(value, str) else value}" for name, value in fields.items()])


@lru_cache(500)
def plain(text: str) -> str:
    return text if PLAIN(text) else json.dumps(text)


def to_standard_error(form: str, secret: Callable[[], str], wall: Callable[[], float]) -> RequestLog:
    """Send every logger's lines there, and the requests'. httpx says too much at INFO, so it starts at WARNING."""
    handler, line = logging.StreamHandler(sys.stderr), Line(form, secret)
    handler.setFormatter(line)
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return RequestLog(line, sys.stderr, wall)
