"""Values as they are stored: with a schema and a checksum, so that what is not whole is not read."""

from hashlib import blake2b
from typing import TypeVar

import msgspec

T = TypeVar("T")

SCHEMA = b"wg1\n"
"""Opens every stored entry; another schema is a miss."""


def sealed(value: object) -> bytes:
    """A value as stored: schema, checksum, msgpack. One flipped bit anywhere makes it unreadable, never wrong."""
    packed = msgspec.msgpack.encode(value)
    return SCHEMA + blake2b(packed, digest_size=16).digest() + packed


def unsealed(stored: bytes, kind: type[T]) -> T | None:
    """The value, or None if these bytes are not one of that type that `sealed` made."""
    schema, digest, packed = stored[:4], stored[4:20], stored[20:]
    if schema != SCHEMA or blake2b(packed, digest_size=16).digest() != digest:
        return None
    try:
        return msgspec.msgpack.decode(packed, type=kind)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return None  # a true checksum of something else
