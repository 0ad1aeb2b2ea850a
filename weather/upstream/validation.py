"""What the validation of every upstream's answers has in common: status, media type, Retry-After. Pure."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

from weather.errors import (
    KeyRejected,
    RequestTimeout,
    UpstreamError,
    UpstreamRateLimited,
    UpstreamServerError,
    UpstreamStatus,
)

LONGEST_WAIT = 3600.0

REFUSALS: Mapping[int, type[UpstreamStatus]] = {
    401: KeyRejected,
    408: RequestTimeout,
    429: UpstreamRateLimited,
    **dict.fromkeys((500, 502, 503, 504), UpstreamServerError),
}


def error_for_status(status: int, content_type: str, body: bytes, wait: float | None) -> UpstreamError:
    """The error for a status. A redirect is an error too: it could lead our key to another host."""
    return REFUSALS.get(status, UpstreamStatus)(status, content_type, body, wait)


def is_json(content_type: str) -> bool:
    """Whether a body is declared as JSON."""
    return media_type(content_type) == "application/json"


def media_type(content_type: str) -> str:
    return content_type.partition(";")[0].strip().lower()


def is_storable(headers: Mapping[str, str]) -> bool:
    """Whether upstream allows its answer to be stored (RFC 9111, 5.2.2)."""
    return not cache_directives(headers).keys() & {"no-store", "private"}


def cache_directives(headers: Mapping[str, str]) -> dict[str, str]:
    """The directives of Cache-Control, in small letters, each with its argument, "" if it has none."""
    parts = [part.strip().partition("=") for part in headers.get("cache-control", "").split(",")]
    return {name.strip().lower(): value.strip().strip('"') for name, _, value in reversed(parts)}


def parse_retry_after(value: str | None, now: float) -> float | None:
    """Seconds to wait (RFC 9110, 10.2.3: seconds or a date), at most an hour; None if it is missing or malformed."""
    if value is None:
        return None
    try:
        seconds = float(value) if value.strip().isdigit() else parse_http_date(value) - now
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


def parse_http_date(date: str) -> float:
    """Unix seconds of an HTTP-date; its old form without a zone is UTC too (RFC 9110, 5.6.7)."""
    parsed = parsedate_to_datetime(date)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
