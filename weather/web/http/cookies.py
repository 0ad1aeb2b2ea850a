"""The cookies that are ours, read by a plain split: none of their values has quotes or escapes.

The standard library's reader takes seconds for a long run of backslashes (CVE-2024-7592), and reads what is not ours.
"""

from starlette.datastructures import Headers

OURS = frozenset({"units", "clock", "lang", "places"})


def cookies(headers: Headers) -> dict[str, str]:
    """Names and values of those that came."""
    return read(";".join(headers.getlist("cookie")))


def read(header: str) -> dict[str, str]:
    """Names and values in a `Cookie` header (RFC 6265, 4.2.1); of one that is repeated the last."""
    pairs = (part.partition("=") for part in header.split(";"))
    return {found: value.strip() for name, _, value in pairs if (found := name.strip()) in OURS}
