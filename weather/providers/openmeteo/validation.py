"""Validates status, type and body of Open-Meteo's responses. Pure."""

from collections.abc import Mapping

from weather.errors import UpstreamInvalid
from weather.providers.openmeteo.geocoding import SEARCH
from weather.upstream.lenient_json import parsed
from weather.upstream.types import UpstreamRequest, UpstreamResponse
from weather.upstream.validation import error_for_status, is_json, is_storable, parse_retry_after

WINDOWS = {"Minutely": 60.0, "Hourly": 3600.0, "Daily": 86400.0}
BUSY_SECONDS = 5.0
"""The windows that a 429 may name, in seconds of UTC; and how long to wait if it names none."""


def validate(
    request: UpstreamRequest, status: int, headers: Mapping[str, str], body: bytes, now: float
) -> UpstreamResponse:
    """Return a good answer, a 404 if the geocoder finds nothing. Raises UpstreamStatus or UpstreamInvalid otherwise."""
    content_type, answer = headers.get("content-type", ""), parsed(body)
    if status == 200 and is_limit(answer):
        status = 429
    if status != 200:
        delay = parse_retry_after(headers.get("retry-after"), now)
        raise error_for_status(
            status, content_type, body, seconds_until_free(answer, now) if status == 429 and delay is None else delay
        )
    is_good = isinstance(answer, dict) and not answer.get("error") and request.endpoint.anchor in answer
    if not is_good or not is_json(content_type):
        raise UpstreamInvalid("no weather under status 200")
    if request.endpoint is SEARCH and isinstance(answer, dict) and not answer.get("results"):
        status = 404  # as others say it: no such place
    return UpstreamResponse(status, content_type, body, storable=is_storable(headers))


def is_limit(answer: object) -> bool:
    """Whether the body says that a limit is reached. It then counts as a 429, whatever its status."""
    return isinstance(answer, dict) and bool(answer.get("error")) and "limit exceeded" in str(answer.get("reason"))


def seconds_until_free(answer: object, now: float) -> float:
    """Return the seconds until the exhausted window has passed, and one more: Open-Meteo sends no Retry-After."""
    reason = str(answer.get("reason", "")) if isinstance(answer, dict) else ""
    window = WINDOWS.get(reason.partition(" ")[0])
    return BUSY_SECONDS if window is None else window - now % window + 1
