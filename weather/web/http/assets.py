"""The static files, under names that change with their bytes."""

import re
from dataclasses import dataclass
from hashlib import blake2b
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Asset:
    """A static file in memory."""

    body: bytes
    content_type: str


CONTENT_TYPES = {
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".png": "image/png",
    ".svg": "image/svg+xml",
}
"""Not from the system's table, which takes long to read, and differs between systems."""

COMMENT_LINE = re.compile(rb"^[ \t]*//.*\n|^[ \t]+", re.MULTILINE)
"""Of a script what readers of the source alone need: lines of comment, and the indentation of the others."""


def light(file: Path) -> bytes:
    """The bytes of a file as browsers get it: scripts and styles without what they do not need (no text goes over
    lines)."""
    body = file.read_bytes()
    return COMMENT_LINE.sub(b"", body) if file.suffix in (".js", ".css") else body


class Assets:
    """The static files under names that change with their bytes, so that they may be kept for ever (RFC 8246)."""

    def __init__(self, folder: Path, root: str) -> None:
        self._names: dict[str, str] = {}
        self._by_name: dict[str, Asset] = {}
        self._root = root
        for file in sorted(folder.iterdir()):
            body = light(file)
            name = f"{file.stem}.{blake2b(body, digest_size=6).hexdigest()}{file.suffix}"
            self._names[file.name] = name
            self._by_name[name] = Asset(body, CONTENT_TYPES[file.suffix])

    def path(self, name: str) -> str:
        """The URL path of the file with that plain name."""
        return f"{self._root}/static/{self._names[name]}"

    def text(self, name: str) -> str:
        """The contents of the file with that plain name."""
        return self._by_name[self._names[name]].body.decode()

    def get(self, name: str) -> Asset | None:
        return self._by_name.get(name)
