"""The alerts of One Call: 3.0's stand in its body; of 4.0's there are ids in the body, and each text is a call."""

from datetime import tzinfo
from hashlib import blake2b
from typing import Annotated, Any

from msgspec import Meta, Struct

from weather.domain.alerts import guess_language
from weather.domain.model import Alert
from weather.domain.text import heading, label, paragraph
from weather.providers.openweathermap.wire import UnixTime, local_time
from weather.upstream.lenient_json import reader

MOST_ALERTS = 200

MOST_ALERT_TEXTS = 20
"""The most alerts of one place whose texts are fetched (4.0): each is a call that counts against the quota."""

ALERT_ID = r"^[A-Za-z0-9][A-Za-z0-9._:-]{0,199}\Z"
"""GUIDs, or URNs with colons and dots: both are seen."""

AlertIds = Annotated[list[Annotated[str, Meta(pattern=ALERT_ID)] | None], Meta(max_length=MOST_ALERTS + 1)]
OtherJson = dict[str, Any] | str | float | bool
"""What stands in the place of a list of alerts that cannot be read: it is not nothing."""


class Description(Struct):
    """An alert's description in one language."""

    description: str | None = None
    language: str | None = None


class AlertBody(Struct, kw_only=True):
    """An alert of 3.0's list, or the body of 4.0's own route; its texts may be empty, and its end not known."""

    start: UnixTime
    end: UnixTime | None = None
    sender_name: str | None = None
    event: str | None = None
    description: str | list[Description] | None = None
    tags: list[str] | None = None


AlertList = Annotated[list[AlertBody | None], Meta(max_length=MOST_ALERTS + 1)]


read_alert = reader(AlertBody)


def holds_alert(raw: bytes) -> bool:
    """Whether there is an alert: one that is none cannot be read."""
    return bool(read_alert(raw))


def alerts(bodies: list[AlertBody], tz: tzinfo) -> tuple[Alert, ...]:
    """Return the alerts, one for each language of their descriptions."""
    return tuple(alert(body, description, tz) for body in bodies for description in descriptions(body))


def descriptions(body: AlertBody) -> list[Description]:
    if isinstance(body.description, list):
        return body.description or [Description()]
    return [Description(body.description)]


def alert(body: AlertBody, description: Description, tz: tzinfo) -> Alert:
    """Return an alert in one language. 3.0 gives no id, so the id is a digest of the alert's content.

    The start is no part of it: of some alerts it moves with each refresh, and a new id would be a new warning.
    """
    tags = tuple(dict.fromkeys(tag for tag in map(label, body.tags or []) if tag))
    event, sender = heading(body.event) or (tags[0] if tags else ""), heading(body.sender_name)
    text, is_cut = paragraph(description.description)
    digest = blake2b("\0".join((sender, event, str(body.end), text)).encode(), digest_size=8)
    start_and_end = local_time(body.start, tz), local_time(body.start if body.end is None else body.end, tz)
    language = (description.language or "")[:2].lower() or guess_language(f"{event} {text}")
    return Alert(digest.hexdigest(), event, sender, *start_and_end, text, tags, is_cut, language=language)
