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
from typing import NamedTuple, TextIO

PLAIN = re.compile(r"[!#-&(-<>-~]+").fullmatch
"""Text that needs no quotes: printable ASCII without a space, a quote or an equals sign."""

TEXT_LINE = "time=%s level=info id=%s %s client=%s attempts=%d upstream_ms=%.1f ms=%.1f\n"
JSON_LINE = (
    '{"time": "%s", "level": "info", "id": "%s", %s, "client": "%s", "attempts": %d, "upstream_ms": %.1f, "ms": %.1f}\n'
)
"""Of a request; all that are waiting are made at once."""

FIELDS = TEXT_LINE.count("%")

WRITE_EVERY = 0.02
"""Seconds: some hundred lines, which take a millisecond."""


class Line(logging.Formatter):
    """One well-formed line, whatever a visitor or upstream put into it."""

    def __init__(self, form: str, secret: Callable[[], str]) -> None:
        super().__init__()
        self._form, self._secret = form, secret

    def format(self, record: logging.LogRecord) -> str:
        return self.line(record.created, record.levelname.lower(), self._fields(record))

    def line(self, at: float, level: str, fields: Mapping[str, object]) -> str:
        """The line of these fields."""
        fields = {"time": stamp(at), "level": level, **fields}
        line = json.dumps(fields) if self._form == "json" else as_text(fields)
        return masked(line, self._secret())

    def _fields(self, record: logging.LogRecord) -> dict[str, object]:
        fields: dict[str, object] = {"logger": record.name, "message": record.getMessage()[:2000]}
        if record.exc_info:
            fields["traceback"] = self.formatException(record.exc_info)[-4000:]
        return fields


class AccessRecord(NamedTuple):
    """What is told of a response: often the same, so made into text once.

    `result` is "hit", "stale", "miss" or "error", "" where no weather was asked for; `age` in seconds, None if the
    response has none.
    """

    door: str
    method: str
    path: str
    status: int
    cache: str
    result: str = ""
    age: int | None = None

    @property
    def fields(self) -> dict[str, object]:
        """The fields that say something."""
        return {
            name: value for name, value in self._asdict().items() if value is not None and (name, value) != NO_RESULT
        }


NO_RESULT = ("result", "")


class Passing(NamedTuple):
    """What is told of this request alone: its client (an address or a name, of letters that need no quotes), the
    calls that were made upstream for it, the seconds in which one of them was under way, the seconds that it took, and
    the name of its access key.
    """

    client: str
    attempts: int
    upstream_seconds: float
    seconds: float
    name: str = ""

    @property
    def fields(self) -> dict[str, object]:
        """The fields of the line."""
        times = {"upstream_ms": round(self.upstream_seconds * 1000, 1), "ms": round(self.seconds * 1000, 1)}
        return {"client": self.client, "attempts": self.attempts, **times}


class AccessLog:
    """One line a request, made and written many at a time, a moment later: between requests each costs much more."""

    def __init__(self, form: str, secret: Callable[[], str], stream: TextIO, wall: Callable[[], float]) -> None:
        self._secret, self._stream, self._wall = secret, stream, wall
        self._line, self._as_text = (JSON_LINE, json_of) if form == "json" else (TEXT_LINE, text_of)
        self._waiting: list[str | float] = []

    def __call__(self, name: str, about: AccessRecord, passing: Passing) -> None:
        if not self._waiting:
            asyncio.get_running_loop().call_later(WRITE_EVERY, self.flush)
        client, attempts, upstream, seconds, _ = passing
        self._waiting += (
            stamp(self._wall()),
            name,
            self._as_text(about),
            client,
            attempts,
            upstream * 1000,
            seconds * 1000,
        )

    def flush(self) -> None:
        """Write what is waiting. A closed or full standard error costs lines, nothing else."""
        waiting, self._waiting = self._waiting, []
        lines = masked(self._line * (len(waiting) // FIELDS) % tuple(waiting), self._secret())
        with suppress(OSError, ValueError):
            self._stream.write(lines)
            self._stream.flush()


@lru_cache(500)
def text_of(about: AccessRecord) -> str:
    return as_text(about.fields)


@lru_cache(500)
def json_of(about: AccessRecord) -> str:
    return json.dumps(about.fields)[1:-1]


def masked(text: str, secret: str) -> str:
    return text.replace(secret, "***") if secret else text


def stamp(at: float) -> str:
    """RFC 3339 in UTC, to the millisecond."""
    return to_the_millisecond(int(at * 1000))


@lru_cache(1)
def to_the_millisecond(milliseconds: int) -> str:
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="milliseconds")


def as_text(fields: Mapping[str, object]) -> str:
    """`name=value` pairs; a value with anything but plain characters is quoted and escaped."""
    return " ".join([f"{name}={plain(value) if isinstance(value, str) else value}" for name, value in fields.items()])


def plain(text: str) -> str:
    return text if PLAIN(text) else json.dumps(text)


def to_standard_error(form: str, secret: Callable[[], str], wall: Callable[[], float]) -> AccessLog:
    """Send every logger's lines there, and the requests'. httpx would tell addresses, so it starts at WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line(form, secret))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
    return AccessLog(form, secret, sys.stderr, wall)
