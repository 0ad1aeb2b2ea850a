"""Rewrites the links of One Call 4.0, `prev` and `next`: they hold our key, so it is removed before anything is cached.

The cache has path and query without the key; the route puts its own origin before them. No other byte is changed.
"""

import re
from collections.abc import Callable
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import msgspec

from weather.providers.openweathermap.endpoints import endpoint_at

LINK = re.compile(rb'("(?:prev|next)"\s*:\s*)("(?:[^"\\]|\\.)*")')


def rewrite_links(body: bytes, rewrite: Callable[[str], str | None]) -> bytes:
    """Return the body with each link rewritten, or null where `rewrite` returns None."""
    return LINK.sub(lambda match: match[1] + msgspec.json.encode(rewrite(decode_text(match[2]))), body)


def decode_text(text: bytes) -> str:
    """Decode a JSON string; "" if it is none."""
    try:
        return msgspec.json.decode(text, type=str)
    except (msgspec.DecodeError, UnicodeDecodeError):
        return ""


def without_key(link: str) -> str | None:
    """Return path and query of a link, with its route's parameters only, so no key; None if it leads elsewhere."""
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
