"""In which form an answer is wanted: a page, text or a table, by the User-Agent and the Accept header. Pure."""

import re
from functools import lru_cache

from starlette.requests import Request

from weather.web.http.responses import acceptable

PROGRAMS = re.compile(r"(?:^|[ /;(])(?:curl|wget|httpie|xh|(?:windows)?powershell)(?:[/ ]|$)", re.IGNORECASE)
"""Programs of a terminal by their User-Agent: curl, Wget, HTTPie, xh, and the web cmdlets of PowerShell."""

LONGEST = 300
"""Characters of a header that are read: those of terminal programs have fewer."""

PLAIN, PAGE = "text/plain", "text/html"
TABLES = frozenset({"/api/v1/hourly", "/api/v1/daily"})
"""The addresses that also give CSV, where `Accept` or `format` asks for it."""
VARY = "Accept-Encoding, Accept, Accept-Language, User-Agent"


def kind(user_agent: str, accept: str) -> str:
    """Return "terminal" (text, in colour), "text", or "page" for a browser and what is not known.

    An Accept that names HTML asks for a page, whoever sends it; one that names plain text alone asks for that. What is
    too long to be read is not remembered either.
    """
    return kind_by(user_agent if len(user_agent) <= LONGEST else "", accept if len(accept) <= LONGEST else PAGE)


@lru_cache(256)
def kind_by(user_agent: str, accept: str) -> str:
    ranges = {name for name, is_acceptable in acceptable(accept).items() if is_acceptable}  # RFC 9110, 12.5.1
    if PAGE in ranges:
        return "page"
    if PROGRAMS.search(user_agent):
        return "terminal"
    return "text" if PLAIN in ranges else "page"


def kind_of(request: Request) -> str:
    return kind(request.headers.get("user-agent", ""), request.headers.get("accept", ""))


def depends_on_client(path: str) -> bool:
    """Whether the answer at a path may depend on what kind of client asks: `/` and `/{name}`."""
    return path.count("/") == 1


def wants_csv(accept: str) -> bool:
    """Whether an Accept header names CSV and no JSON."""
    ranges = acceptable(accept) if len(accept) <= LONGEST else {}
    return ranges.get("text/csv", False) and not any("json" in name for name in ranges)
