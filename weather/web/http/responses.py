"""Makes HTTP responses: freshness headers, ETags, gzip; and errors in the form of their surface."""

import gzip
import math
import re
from collections.abc import Iterable, Mapping
from email.utils import formatdate, parsedate_to_datetime
from functools import lru_cache
from hashlib import blake2b
from http import HTTPStatus
from math import inf

import msgspec
from starlette.requests import Request
from starlette.responses import Response

from weather.errors import KeyPaused, SlowBody, UpstreamStatus, WeatherError
from weather.upstream.freshness import FreshnessNow, Validity, cache_control, cache_status, last_modified
from weather.upstream.lenient_json import parsed
from weather.upstream.validation import is_json, media_type

JSON = "application/json; charset=utf-8"
PROBLEM = "application/problem+json"
HTML = "text/html; charset=utf-8"
TEXT = "text/plain; charset=utf-8"
SVG, PNG = "image/svg+xml", "image/png"
XML = "application/xml"
WORTH_PACKING = 600
"""Bytes below which gzip saves no packet."""

LEVEL, PAGE_LEVEL = 6, 9
"""How hard gzip tries: a page of a place is a millisecond later for it, once, and 3 % lighter; a long table is not."""

ENTITY_TAG = r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"'
ENTITY_TAGS = re.compile(rf"\s*(?:{ENTITY_TAG})(?:\s*,\s*(?:{ENTITY_TAG}))*(?:\s*,)?\s*")
"""No two parts of it match the same run of spaces, so that it reads each character a few times at most."""

LONGEST_TAGS = 4 * 2**10
"""Characters of an If-None-Match that is read: tags of ours have some thirty."""

LONGEST_CODINGS = 1000
"""Characters of an Accept-Encoding that is read."""

HTTP_DATE = re.compile(r"[A-Z][a-z]{2}, \d\d [A-Z][a-z]{2} \d{4} \d\d:\d\d:\d\d GMT", re.ASCII)
QUALITY_ZERO = re.compile(r";q=0(?:\.0{0,3})?(?=;|$)", re.ASCII)
NO_STORE = {"Cache-Control": "no-store"}
WAIT = 10.0

CODES = {
    404: "not_found",
    405: "method_not_allowed",
    413: "body_too_large",
    414: "uri_too_long",
    415: "unsupported_media_type",
    431: "headers_too_large",
    500: "internal",
    503: "unavailable",
}
PHRASES = {413: "Content Too Large", 414: "URI Too Long"}
"""Where a Python's own are those of an older HTTP (RFC 9110, 15.5.14 and 15.5.15)."""

CHALLENGES = {
    "access_key": 'ApiKey realm="Weatherglass", header="X-API-Key"',
    "unknown_token": 'Bearer realm="Weatherglass", error="invalid_token"',
}
"""`WWW-Authenticate`, which a 401 must have (RFC 9110, 15.5.2; RFC 6750, 3), by the code of the error."""


SHAPE = "weather.shape"
"""The key in the ASGI scope of the form that errors of this request have: "api" or "text", where not by its path."""


def surface(path: str) -> str:
    """The form of the responses at a path: "api", "owm" or "page"; however many slashes it begins with."""
    path = f"/{path.lstrip('/')}"
    if path.startswith(("/data/", "/geo/", "/map/")) or path in ("/data", "/geo", "/map"):
        return "owm"
    return "api" if path.startswith("/api/") or path in ("/openapi.json", "/mcp") else "page"


def may_be_framed(policy: str) -> bool:
    """Whether a response's own policy lets others frame it: X-Frame-Options knows no origins, and would forbid it."""
    return "frame-ancestors" in policy and "frame-ancestors 'none'" not in policy


def takes_gzip(accept_encoding: str) -> bool:
    """Whether a client accepts gzip: by name, else by `*` (RFC 9110, 12.5.3)."""
    return len(accept_encoding) <= LONGEST_CODINGS and wants_gzip(accept_encoding)


@lru_cache(100)
def wants_gzip(accept_encoding: str) -> bool:
    asked = acceptable(accept_encoding)
    return asked.get("gzip", asked.get("*", False))


def acceptable(header: str) -> dict[str, bool]:
    """The names that an Accept or Accept-Encoding lists, and whether each is acceptable: not of weight 0 (12.4.2)."""
    parts = "".join(header.lower().split()).split(",")
    return {part.partition(";")[0]: not QUALITY_ZERO.search(part) for part in parts}


def matches(header: str, etag: str) -> bool:
    """Whether an If-None-Match names the ETag, compared weakly (RFC 9110, 13.1.2); a malformed one names none."""
    if header.strip() == "*":
        return True
    if len(header) > LONGEST_TAGS or not ENTITY_TAGS.fullmatch(header):
        return False
    return etag in {tag.removeprefix("W/") for tag in re.findall(ENTITY_TAG, header)}


def is_unchanged(headers: Mapping[str, str], etag: str, modified: str) -> bool:
    """Whether a client has this response already: by its ETag if it sends one, else by the time (RFC 9110, 13.2.2)."""
    if (tags := headers.get("if-none-match")) is not None:
        return matches(tags, etag)
    since = headers.get("if-modified-since", "")
    return bool(since and modified) and (since == modified or seconds_of(since) >= seconds_of(modified))


def time_of_change(headers: Mapping[str, str]) -> str:
    """The Last-Modified by which a client may have a response; "" for a stale one, which may change at any time."""
    return "" if "; ttl=-" in headers.get("Cache-Status", "") else headers.get("Last-Modified", "")


def seconds_of(date: str) -> float:
    """A date of HTTP in Unix seconds; before all others if it is malformed (RFC 9110, 13.1.3)."""
    if not HTTP_DATE.fullmatch(date):
        return -inf
    try:
        return parsedate_to_datetime(date).timestamp()
    except ValueError:
        return -inf


def conditional_response(
    request: Request, body: bytes, content_type: str, headers: Mapping[str, str], vary: str
) -> Response:
    """A 200 with a strong ETag, gzipped if the client accepts that; or a 304 if the client has it already.

    A response that does not vary with Accept-Encoding, such as a picture, is sent as it is.
    """
    tag = blake2b(body, digest_size=12).hexdigest()
    sent = dict(headers) | ({"Vary": vary} if vary else {})
    if (
        "Accept-Encoding" in vary
        and len(body) >= WORTH_PACKING
        and takes_gzip(request.headers.get("accept-encoding", ""))
    ):
        body, tag = gzip.compress(body, PAGE_LEVEL if content_type == HTML else LEVEL, mtime=0), f"{tag}-gzip"
        sent["Content-Encoding"] = "gzip"
    sent["ETag"] = f'"{tag}"'
    if is_unchanged(request.headers, sent["ETag"], time_of_change(sent)):
        sent.pop("Content-Encoding", None)
        return Response(status_code=304, headers=sent)
    return Response(body, headers=sent | {"Content-Type": content_type})


def freshness_headers(
    at: FreshnessNow, fetched_at: float, stale_for: float, *, whole: bool = True, of_minute: bool = True
) -> dict[str, str]:
    """The headers that say how old a response is. One that is not `whole` must not be reused.

    `fetched_at`: when its newest part was. `of_minute`: it is rendered as of a whole minute, not as it was fetched.
    """
    modified = last_modified(at, fetched_at, is_whole=whole) if of_minute else fetched_at
    return {
        "Cache-Control": cache_control(at, stale_for) if whole else "max-age=0, stale-if-error=30",
        "Age": str(at.age),
        "Last-Modified": formatdate(modified, usegmt=True),
        "Cache-Status": cache_status(at),
    }


ALLOW_REUSE = "weather.allow_reuse"
"""The key in the ASGI scope under which the response cache, where there is one, puts a function for `allow_reuse` to
call with (parts, of_minute, seconds)."""


def allow_reuse(request: Request, parts: Iterable[Validity], *, of_minute: bool, seconds: float = inf) -> None:
    """Let the response cache keep this response while the given entries are served as they are now, and no longer than
    these seconds from when the request came.

    The response must depend on nothing else but them, its `Vary`, and the current minute if it is `of_minute`.
    """
    if allow := request.scope.get(ALLOW_REUSE):
        allow(tuple(parts), of_minute, seconds)


def phrase(status: int) -> str:
    """The reason phrase of a status."""
    return PHRASES.get(status) or HTTPStatus(status).phrase


def error_headers(error: WeatherError) -> dict[str, str]:
    """`Retry-After` wherever waiting helps, `WWW-Authenticate` where a key or token does.

    After a body that did not end the connection is closed.
    """
    if isinstance(error, SlowBody):
        return {"Connection": "close"}
    if challenge := CHALLENGES.get(error.code):
        return {"WWW-Authenticate": challenge}
    if error.status not in (429, 502, 503, 504) or error.code in ("not_kept", "offline"):
        return {}
    return {"Retry-After": str(max(1, math.ceil(error.retry_after or WAIT)))}


def owm_error_response(error: WeatherError) -> Response:
    """The error in OpenWeatherMap's form; its own 4xx as it came, but never its HTML on our origin."""
    if isinstance(error, KeyPaused):
        return as_it_came(error, 401)
    came = error.upstream_status if isinstance(error, UpstreamStatus) else None
    if isinstance(error, UpstreamStatus) and came and 400 <= came < 500 and came not in (408, 429):
        return as_it_came(error, came)
    return owm_error(error.status, str(error), error_headers(error))


def as_it_came(error: UpstreamStatus | KeyPaused, status: int) -> Response:
    if not is_json(error.content_type) or parsed(error.body) is None:
        return owm_error(status, phrase(status), {})
    return Response(error.body, status, NO_STORE, error.content_type)


def data_type(content_type: str, body: bytes) -> str:
    """The content type of a cached 404: JSON or XML, by its body if it was declared as anything else."""
    if is_json(content_type) or media_type(content_type) == XML:
        return content_type
    return XML if parsed(body) is None else JSON


def owm_error(status: int, message: str, headers: Mapping[str, str]) -> Response:
    """`cod` is text on 400 and 404, a number elsewhere, as OpenWeatherMap has it."""
    cod = str(status) if status in (400, 404) else status
    body = msgspec.json.encode({"cod": cod, "message": message})
    return Response(body, status, NO_STORE | dict(headers), JSON)
