"""Is this an answer? Judges status, type and body of what OpenWeatherMap sent. Pure."""

from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from xml.parsers import expat

import msgspec

from weather.errors import (
    AccountBlocked,
    KeyRejected,
    RequestTimeout,
    Unstable,
    UpstreamError,
    UpstreamInvalid,
    UpstreamStatus,
)
from weather.exchange import UpstreamRequest, UpstreamResponse
from weather.openweathermap.links import keyless, relinked

LONGEST_WAIT = 3600.0
KINDS: Mapping[str | None, type | tuple[type, ...]] = {None: list, "": (dict, list)}
XML_TYPES = ("application/xml", "text/xml")
PNG = b"\x89PNG\r\n\x1a\n"

REFUSALS: Mapping[int, type[UpstreamStatus]] = {
    401: KeyRejected,
    408: RequestTimeout,
    429: AccountBlocked,
    **dict.fromkeys((500, 502, 503, 504), Unstable),
}


def judged(
    request: UpstreamRequest, status: int, headers: Mapping[str, str], body: bytes, now: float
) -> UpstreamResponse:
    """A good answer, or a proper 404. Raises UpstreamStatus or UpstreamInvalid for everything else."""
    content_type = headers.get("content-type", "")
    if status == 200:
        check(request, content_type, body)
    elif not (status == 404 and is_told(request, body)):
        raise refusal(status, content_type, body, retry_after(headers.get("retry-after"), now))
    if request.endpoint.product == "onecall4":
        body = relinked(body, keyless)
    directives = {part.strip().partition("=")[0].lower() for part in headers.get("cache-control", "").split(",")}
    return UpstreamResponse(status, content_type, body, storable=not directives & {"no-store", "private"})


def is_told(request: UpstreamRequest, body: bytes) -> bool:
    """Whether a 404 is OpenWeatherMap's own word about a place, not the page of something in between."""
    return isinstance(parsed(body), dict) or (request.expects_xml and is_xml(body) and b"<html" not in body.lower())


def refusal(status: int, content_type: str, body: bytes, wait: float | None) -> UpstreamError:
    """The error that stands for a status. A redirect is one too: it could lead our key to another host."""
    return REFUSALS.get(status, UpstreamStatus)(status, content_type, body, wait)


def check(request: UpstreamRequest, content_type: str, body: bytes) -> None:
    """Raise UpstreamInvalid unless the body is what the endpoint gives."""
    media_type = content_type.partition(";")[0].strip().lower()
    if request.expects_xml:
        if media_type not in XML_TYPES or not is_xml(body):
            raise UpstreamInvalid("not XML")
        return
    if request.endpoint.host == "tiles":
        if media_type != "image/png" or not body.startswith(PNG):
            raise UpstreamInvalid("not a PNG")
        return
    if media_type != "application/json":
        raise UpstreamInvalid("not declared as JSON")
    answer = parsed(body)
    if not isinstance(answer, KINDS.get(request.endpoint.anchor, dict)):
        raise UpstreamInvalid("not the JSON this endpoint gives")
    if isinstance(answer, dict):
        check_object(answer, request.endpoint.anchor)


def check_object(answer: dict[str, object], anchor: str | None) -> None:
    """`cod` is 200 or "200" where there is one; an error under a 200 was common until 2015."""
    if str(answer.get("cod", 200)) != "200":
        raise UpstreamInvalid("an error under status 200")
    if anchor and anchor not in answer:
        raise UpstreamInvalid(f"no {anchor!r} in the answer")


def parsed(body: bytes) -> object:
    """The JSON in a body, or None."""
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None


def is_xml(body: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError):  # the latter two of an encoding it does not know
        return False
    return True


def retry_after(value: str | None, now: float) -> float | None:
    """Seconds to wait (RFC 9110, 10.2.3: seconds or a date), at most an hour; None for none or nonsense."""
    if value is None:
        return None
    try:
        seconds = float(value) if value.strip().isdigit() else moment(value) - now
    except (ValueError, OverflowError):
        return None
    return min(max(seconds, 0.0), LONGEST_WAIT)


def moment(date: str) -> float:
    """Unix seconds of an HTTP-date; its old form without a zone is UTC too (RFC 9110, 5.6.7)."""
    parsed = parsedate_to_datetime(date)
    return (parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)).timestamp()
