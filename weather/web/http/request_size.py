"""How long a request may be. Pure."""

from starlette.types import Scope

LONGEST_TARGET, LARGEST_HEADERS, LARGEST_BODY = 8 * 2**10, 32 * 2**10, 64 * 2**10
LONGEST_LENGTH = 20
"""Digits of a Content-Length that are read: the largest file has fewer."""


def size_violation(scope: Scope) -> int | None:
    """The status for a request that is too long; None for any other."""
    if len(scope.get("raw_path") or scope["path"].encode()) + len(scope["query_string"]) > LONGEST_TARGET:
        return 414
    size, length = 0, b""
    for name, value in scope["headers"]:  # plainly, for each kept answer costs this
        size += len(name) + len(value)
        length = value if name == b"content-length" else length
    if size > LARGEST_HEADERS:
        return 431
    # Starlette would refuse it too, but as plain text; a body of unknown length it counts as it arrives.
    return 413 if length.isdigit() and (len(length) > LONGEST_LENGTH or int(length) > LARGEST_BODY) else None
