"""The log: one line a record, to standard error, as text or JSON; control characters escaped, the key masked."""

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime


class Line(logging.Formatter):
    """One well-formed line, whatever a visitor or upstream put into it."""

    def __init__(self, form: str, secret: Callable[[], str]) -> None:
        super().__init__()
        self._form, self._secret = form, secret

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            **self._said(record),
        }
        line = json.dumps(fields) if self._form == "json" else as_text(fields)
        secret = self._secret()
        return line.replace(secret, "***") if secret else line

    def _said(self, record: logging.LogRecord) -> dict[str, object]:
        if told := getattr(record, "record", None):
            return dict(told)
        said: dict[str, object] = {"logger": record.name, "message": record.getMessage()[:2000]}
        if record.exc_info:
            said["traceback"] = self.formatException(record.exc_info)[-4000:]
        return said


def as_text(fields: dict[str, object]) -> str:
    """`name=value` pairs; a value with anything but plain characters is quoted and escaped."""
    return " ".join(f"{name}={plain(str(value))}" for name, value in fields.items())


def plain(text: str) -> str:
    is_plain = text and text.isascii() and text.isprintable() and not set(text) & set(" \"'=")
    return text if is_plain else json.dumps(text)


def to_standard_error(form: str, secret: Callable[[], str]) -> None:
    """Send every logger's lines there. httpx says too much at INFO, so it starts at WARNING."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Line(form, secret))
    logging.basicConfig(level=logging.INFO, handlers=[handler], force=True)
    for name in ("httpx", "httpcore", "asyncio"):
        logging.getLogger(name).setLevel(logging.WARNING)
