"""What an answer's headers say of its own caching, and the headers that ask whether it is still current. Pure.

For endpoints with `uses_caching_headers` alone. The rules:

1. `s-maxage`, else `max-age`, less `Age`, is how long the answer is fresh; else it is fresh until `Expires` (RFC 9111,
   4.2.1). A lifetime of more than a day is a day.
2. `ETag` and `Last-Modified` are kept as they came, if they are well-formed, and sent back as `If-None-Match` and
   `If-Modified-Since` (RFC 9111, 4.3.1).
3. A 304 renews the cached answer: its lifetime is that of the 304, its validators too where the 304 has any (RFC 9111,
   4.3.4).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from weather.upstream.validation import cache_directives, parse_http_date

LONGEST = 86400.0
"""Seconds. Upstream is not trusted with more: an answer dated into the next century would never be asked for again."""

ETAG = re.compile(r'(W/)?"[\x21\x23-\x7e]{0,200}"')
"""An entity-tag (RFC 9110, 8.8.3) of ASCII letters, not longer than is sensible."""

SECONDS = re.compile(r"[0-9]{1,10}")


@dataclass(frozen=True, slots=True)
class Caching:
    """How many seconds after it was fetched an answer is fresh (None: its headers do not say), and its validators."""

    fresh_for: float | None = None
    etag: str = ""
    last_modified: str = ""

    @property
    def conditions(self) -> dict[str, str]:
        """The headers of a conditional request; none if the answer has no validator."""
        headers = {"if-none-match": self.etag, "if-modified-since": self.last_modified}
        return {name: value for name, value in headers.items() if value}

    def renewed_by(self, answer: "Caching") -> "Caching":
        """The caching of the cached answer after a 304 with this one."""
        return Caching(answer.fresh_for, answer.etag or self.etag, answer.last_modified or self.last_modified)


NO_CACHING = Caching()


def caching_of(headers: Mapping[str, str], now: float) -> Caching:
    """What the headers of an answer that came at `now` (Unix seconds) say."""
    etag, last_modified = headers.get("etag", ""), headers.get("last-modified", "")
    return Caching(
        lifetime_of(headers, now),
        etag if ETAG.fullmatch(etag) else "",
        "" if date_of(last_modified) is None else last_modified,
    )


def lifetime_of(headers: Mapping[str, str], now: float) -> float | None:
    """Seconds for which an answer that came at `now` is fresh, from 0 to a day; None if its headers do not say."""
    directives = cache_directives(headers)
    if "no-cache" in directives:
        return 0.0
    age = float(seconds_of(headers.get("age")) or 0)
    for name in ("s-maxage", "max-age"):
        if (seconds := seconds_of(directives.get(name))) is not None:
            return min(max(0.0, seconds - age), LONGEST)
    if "expires" not in headers:
        return None
    expires = date_of(headers["expires"])
    if expires is None:
        return 0.0  # "0" and the like mean the past (RFC 9111, 5.3)
    return min(max(0.0, expires - upstream_clock(headers, now, age)), LONGEST)


def upstream_clock(headers: Mapping[str, str], now: float, age: float) -> float:
    """The time at upstream when the answer came, in Unix seconds: by its own clock, for ours may be wrong.

    `Date` is when the answer was made, so that its `Age` is added (RFC 9111, 4.2.3). But some caches, such as that of
    MET Norway, date an answer when they send it. What is nearer to our own time is right.
    """
    date = date_of(headers.get("date", ""))
    return now if date is None else min(date, date + age, key=lambda moment: abs(moment - now))


def seconds_of(text: str | None) -> int | None:
    """A number of seconds (RFC 9111, 1.2.2); None if it is none."""
    return int(text) if text is not None and SECONDS.fullmatch(text) else None


def date_of(text: str) -> float | None:
    """The Unix seconds of an HTTP-date, None if it is none: what is longer than any, or not ASCII, is not read."""
    if len(text) > 40 or not (text.isascii() and text.isprintable()):
        return None
    try:
        return parse_http_date(text)
    except (ValueError, OverflowError, TypeError):
        return None
