"""The links of One Call 4.0, `prev` and `next`, hold the key of who asked: they are turned before anything is kept.

What is kept is the path and query without the key; the door puts its own origin before it. No other byte is changed.
"""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import msgspec

from weather.providers.openweathermap.endpoints import endpoint_at

LINK = re.compile(rb'("(?:prev|next)"\s*:\s*)("(?:[^"\\]|\\.)*")')


def rewrite_links(body: bytes, turn: Callable[[str], str | None]) -> bytes:
    """The body with each link turned into another, or into null."""
    return LINK.sub(lambda found: found[1] + msgspec.json.encode(turn(decode_text(found[2]))), body)


def decode_text(text: bytes) -> str:
    """A JSON text; "" for what only looks like one."""
    try:
        return msgspec.json.decode(text, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def without_key(link: str) -> str | None:
    """Path and query of a link, with what its route takes and so without a key; None if it leads elsewhere."""
    try:
        url = urlsplit(link)
        pairs = parse_qsl(url.query, max_num_fields=40)
    except ValueError:
        return None
    row = endpoint_at(url.path)
    if row is None or row.product != "onecall4":
        return None
    query = [(name, value) for name, value in pairs if name in row.parameters]
    return f"{row.path}?{urlencode(query, quote_via=quote, safe=',')}"
