"""Reads our own cookies by a plain split: none of their values has quotes or escapes.

The standard library's reader takes seconds for a long run of backslashes (CVE-2024-7592), and reads what is not ours.
"""

from starlette.datastructures import Headers

from weather.domain.unit_choice import CHOICES

OURS = frozenset({"units", *CHOICES, "clock", "lang", "scheme", "places", "access"})


def cookies(headers: Headers) -> dict[str, str]:
    """Names and values of our cookies in a request."""
    return read(";".join(headers.getlist("cookie")))


def read(header: str) -> dict[str, str]:
    """Names and values in a `Cookie` header (RFC 6265, 4.2.1).

    Of one that is repeated the first: it has the longest path (5.4), which below a path prefix is ours, and not that of
    another program at the same host.
    """
    pairs = (part.partition("=") for part in reversed(header.split(";")))
    return {key: value.strip() for name, _, value in pairs if (key := name.strip()) in OURS}
