"""Validates status, type and body of MET Norway's responses. Pure."""

import logging
from collections.abc import Mapping
from functools import cache

from weather.errors import UpstreamInvalid, UpstreamRateLimited
from weather.upstream.lenient_json import parsed
from weather.upstream.types import UpstreamRequest, UpstreamResponse
from weather.upstream.validation import error_for_status, is_json, is_storable, parse_retry_after

log = logging.getLogger(__name__)

BLOCKED = frozenset({401, 403, 429})
"""A User-Agent that is not liked, a ban, too many calls: to ask again makes it worse."""

DEPRECATED = 203
PAUSE = 3600.0
"""Seconds after a refusal that does not say how long to wait."""


def validate(
    request: UpstreamRequest, status: int, headers: Mapping[str, str], body: bytes, now: float
) -> UpstreamResponse:
    """Return a good answer. Raises UpstreamStatus or UpstreamInvalid otherwise; their bodies are HTML or plain text."""
    content_type = headers.get("content-type", "")
    if status == DEPRECATED:
        warn_of_deprecation(request.endpoint.path)
    elif status != 200:
        wait = parse_retry_after(headers.get("retry-after"), now)
        if status in BLOCKED:
            raise UpstreamRateLimited(status, content_type, body, PAUSE if wait is None else wait)
        raise error_for_status(status, content_type, body, wait)
    answer = parsed(body)
    if not is_json(content_type) or not isinstance(answer, dict) or request.endpoint.anchor not in answer:
        raise UpstreamInvalid("no forecast under status 200")
    return UpstreamResponse(200, content_type, body, storable=is_storable(headers))


@cache
def warn_of_deprecation(path: str) -> None:
    """Say it once: the data of a 203 is good."""
    log.warning("MET Norway says that %s is deprecated", path)
