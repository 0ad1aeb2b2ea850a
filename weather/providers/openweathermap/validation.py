"""Validates status, type and body of OpenWeatherMap's responses. Pure."""

import re
from collections.abc import Mapping
from xml.parsers import expat

from weather.errors import UpstreamInvalid
from weather.providers.openweathermap.links import rewrite_links, without_key
from weather.upstream.lenient_json import parsed
from weather.upstream.types import UpstreamRequest, UpstreamResponse
from weather.upstream.validation import error_for_status, is_json, is_storable, media_type, parse_retry_after

KINDS: Mapping[str | None, type | tuple[type, ...]] = {None: list, "": (dict, list)}
XML_TYPES = ("application/xml", "text/xml")
ORDERS = {"401": 401, "429": 429}
XML_COD = re.compile(rb"<cod>\s*([0-9]+)\s*</cod>")
LARGEST_ERROR = 2**12
"""Bytes in which an error in XML says its `cod`; weather in XML has none."""
PNG = b"\x89PNG\r\n\x1a\n"


def validate(
    request: UpstreamRequest, status: int, headers: Mapping[str, str], body: bytes, now: float
) -> UpstreamResponse:
    """Return a good answer, or a 404 of OpenWeatherMap's own. Raises UpstreamStatus or UpstreamInvalid otherwise."""
    content_type = headers.get("content-type", "")
    status = ORDERS.get(cod_of(content_type, body), status)
    if status == 200:
        check(request, content_type, body)
    elif not (status == 404 and is_owm_404(request, body)):
        raise error_for_status(status, content_type, body, parse_retry_after(headers.get("retry-after"), now))
    if request.endpoint.product == "onecall4":
        body = rewrite_links(body, without_key)
    return UpstreamResponse(status, content_type, body, storable=is_storable(headers))


def cod_of(content_type: str, body: bytes) -> str:
    """Return the `cod` of a body, JSON or XML; "" if it has none.

    One that is 401 or 429 is the status that counts, which must not be retried. Any other that is not 200 is invalid
    under a 200, and may be retried.
    """
    if is_json(content_type) or body.lstrip().startswith(b"{"):
        answer = parsed(body)
        return str(answer.get("cod", "")) if isinstance(answer, dict) else ""
    match = XML_COD.search(body[:LARGEST_ERROR])
    return match[1].decode() if match else ""


def is_owm_404(request: UpstreamRequest, body: bytes) -> bool:
    """Whether a 404 is OpenWeatherMap's own answer about a place, not the page of a proxy between us."""
    return isinstance(parsed(body), dict) or (request.expects_xml and is_xml(body) and b"<html" not in body.lower())


def check(request: UpstreamRequest, content_type: str, body: bytes) -> None:
    """Raise UpstreamInvalid unless the body is what the endpoint gives."""
    if request.expects_xml:
        if media_type(content_type) not in XML_TYPES or not is_xml(body):
            raise UpstreamInvalid("not XML")
        if cod_of(content_type, body):
            raise UpstreamInvalid("an error under status 200")
        return
    if request.endpoint.host == "tiles":
        if media_type(content_type) != "image/png" or not body.startswith(PNG):
            raise UpstreamInvalid("not a PNG")
        return
    if not is_json(content_type):
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


def is_xml(body: bytes) -> bool:
    try:
        expat.ParserCreate().Parse(body, True)
    except (expat.ExpatError, LookupError, ValueError):  # the latter two of an encoding it does not know
        return False
    return True
