"""The usages of quotas as they are kept in Redis: behind a stamp, like answers. Pure."""

import struct
from collections.abc import Mapping, Sequence
from typing import Any

from weather.upstream.codec import sealed, unsealed
from weather.upstream.quota import Charge, Usage

STAMP = struct.Struct(">d")
"""Unix seconds, before whatever is kept."""


def usages_of(charges: Sequence[Charge], stored: Sequence[bytes | None]) -> dict[str, Usage]:
    """The usages as they were read."""
    return {charge.budget: unsealed((row or b"")[8:], Usage) or [] for charge, row in zip(charges, stored, strict=True)}


def changes(
    charges: Sequence[Charge], stored: Sequence[bytes | None], result: Mapping[str, Usage], now: float
) -> list[Any]:
    """For each usage its bytes as read, which must not have changed, its new bytes, and their lifetime."""
    changed: list[Any] = []
    for charge, row in zip(charges, stored, strict=True):
        new = result[charge.budget]
        changed += [row or b"", STAMP.pack(now) + sealed(new), milliseconds(new[-1][0] - now)]
    return changed


def milliseconds(seconds: float) -> int:
    return max(1, int(seconds * 1000))
