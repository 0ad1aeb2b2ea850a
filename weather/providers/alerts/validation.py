"""Validates status, type and body of the responses of the sources of warnings. Pure."""

from collections.abc import Callable, Mapping

from weather.errors import UpstreamInvalid, UpstreamRateLimited
from weather.upstream.client import ResponseValidator
from weather.upstream.lenient_json import parsed
from weather.upstream.types import UpstreamRequest, UpstreamResponse
from weather.upstream.validation import error_for_status, is_storable, media_type, parse_retry_after

JSON = frozenset({"application/json", "application/geo+json", "application/ld+json"})

BLOCKED = frozenset({401, 403, 429})
"""A User-Agent that is not liked, a ban, too many calls: to ask again makes it worse."""

PAUSE = 300.0
"""Seconds after a refusal that does not say how long to wait."""


def validator(is_not_covered: Callable[[int, bytes], bool], within: str = "") -> ResponseValidator:
    """Return the validator of a source, whose status and body say that it does not warn for a point.

    Such an answer counts as a 404: it is kept a while, and is no failure. `within` names the member that holds the list
    of warnings, where the answer itself does not.
    """

    def validate(
        request: UpstreamRequest, status: int, headers: Mapping[str, str], body: bytes, now: float
    ) -> UpstreamResponse:
        content_type, wait = headers.get("content-type", ""), parse_retry_after(headers.get("retry-after"), now)
        if is_not_covered(status, body):
            return UpstreamResponse(404, content_type, b"{}", storable=is_storable(headers))
        if status in BLOCKED:
            raise UpstreamRateLimited(status, content_type, body, PAUSE if wait is None else wait)
        if status != 200:
            raise error_for_status(status, content_type, body, wait)
        answer = parsed(body) if media_type(content_type) in JSON else None
        answer = answer.get(within) if within and isinstance(answer, dict) else answer
        if not isinstance(answer, dict) or not isinstance(answer.get(request.endpoint.anchor), list):
            raise UpstreamInvalid("no list of warnings under status 200")
        return UpstreamResponse(200, content_type, body, storable=is_storable(headers))

    return validate
