"""Validates status, type and body of the responses of sources that want no key. Pure."""

import logging
from collections.abc import Callable, Mapping
from functools import cache

from weather.errors import UpstreamInvalid, UpstreamRateLimited
from weather.upstream.lenient_json import parsed
from weather.upstream.types import UpstreamRequest, UpstreamResponse
from weather.upstream.validation import error_for_status, is_storable, media_type, parse_retry_after
from weather.upstream.wire.client import ResponseValidator

log = logging.getLogger(__name__)

JSON = frozenset({"application/json", "application/geo+json", "application/ld+json"})

BLOCKED = frozenset({401, 403, 429})
"""A User-Agent that is not liked, a ban, too many calls: to ask again makes it worse."""

DEPRECATED = 203
PAUSE = 300.0
"""Seconds after a refusal that does not say how long to wait."""


def always_covered(status: int, body: bytes) -> bool:
    """Of sources that answer alike for every point."""
    return False


def validator(
    is_not_covered: Callable[[int, bytes], bool] = always_covered, within: str = "", pause: float = PAUSE
) -> ResponseValidator:
    """Return the validator of a source; its endpoints' `anchor` is a list, `within` the member that holds it, if any.

    An answer whose status and body say that the source has nothing for a point counts as a 404: it is kept a while, and
    is no failure. `pause`: seconds after a refusal that does not say how long to wait.
    """

    def validate(
        request: UpstreamRequest, status: int, headers: Mapping[str, str], body: bytes, now: float
    ) -> UpstreamResponse:
        content_type, wait = headers.get("content-type", ""), parse_retry_after(headers.get("retry-after"), now)
        if is_not_covered(status, body):
            return UpstreamResponse(404, content_type, b"{}", storable=is_storable(headers))
        if status in BLOCKED:
            raise UpstreamRateLimited(status, content_type, body, pause if wait is None else wait)
        if status == DEPRECATED:
            warn_of_deprecation(request.endpoint.path)
        elif status != 200:
            raise error_for_status(status, content_type, body, wait)
        answer = parsed(body) if media_type(content_type) in JSON else None
        answer = answer.get(within) if within and isinstance(answer, dict) else answer
        if not isinstance(answer, dict) or not isinstance(answer.get(request.endpoint.anchor), list):
            raise UpstreamInvalid(f"no list of {request.endpoint.anchor} under status {status}")
        return UpstreamResponse(200, content_type, body, storable=is_storable(headers))

    return validate


@cache
def warn_of_deprecation(path: str) -> None:
    """Say it once: the data of a 203 is good."""
    log.warning("upstream says that %s is deprecated", path)
