"""The access keys of a server: `key`, `name:key`, or `name:key:20%`, the share of the quota that the name may use."""

import re
from collections import defaultdict
from dataclasses import dataclass, field

from weather.settings.values import words

NAME = re.compile(r"[A-Za-z0-9_.-]{1,40}")
"""What stands in log lines and labels as it is."""

ALLOWED = "keys with commas between, each as key, name:key or name:key:20% (a share of the quota)"


@dataclass(frozen=True, slots=True)
class AccessKey:
    """A key; the name of who holds it, "" if it has none; and the greatest part of each quota (0 to 1) that the name
    may use, None if that is not told."""

    key: str = field(repr=False)
    name: str = ""
    share: float | None = None


def access_keys(text: str) -> tuple[AccessKey, ...]:
    """A comma list of access keys. A name may have several, so that one can be exchanged for another."""
    keys = tuple(access_key(part) for part in words(text))
    shares = defaultdict(set)
    for key in keys:
        shares[key.name].add(key.share)
    if len({key.key for key in keys}) < len(keys) or any(len(of_one_name) > 1 for of_one_name in shares.values()):
        raise ValueError(f"{ALLOWED}; no key twice, and one share for all keys of a name")
    return keys


def access_key(text: str) -> AccessKey:
    if ":" not in text:
        return AccessKey(text)
    name, key, *more = text.split(":")
    if not NAME.fullmatch(name) or not key or len(more) > 1:
        raise ValueError(ALLOWED)
    return AccessKey(key, name, share(more[0]) if more else None)


def share(text: str) -> float:
    """A part of the whole (0 to 1), from "20%"."""
    match = re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,3})?)%", text)
    if not match or not 0 < float(match[1]) <= 100:
        raise ValueError(f"{ALLOWED}; more than 0% and at most 100%")
    return float(match[1]) / 100
