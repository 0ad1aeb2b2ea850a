"""Bright Sky (https://brightsky.dev/docs): the warnings of the Deutscher Wetterdienst by point, in German and English.

Warnings of one event for different heights are different warnings. With no position it would answer for all Germany.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Annotated

from msgspec import Meta, Struct

from weather.domain.model import Alert, Coordinates, format_degrees
from weather.domain.text import label
from weather.messages import N_
from weather.providers.alerts.messages import Found, Words, first, is_real, moment, warning
from weather.providers.alerts.source import FRESH_FOR, AlertSource
from weather.providers.alerts.validation import validator
from weather.providers.report import Attribution, Source
from weather.upstream.lenient_json import reader
from weather.upstream.types import Endpoint, UpstreamRequest, make_request

CREDIT = N_("Official warnings: Deutscher Wetterdienst, by way of Bright Sky")
SOURCE = Source("brightsky", "Bright Sky", (Attribution(CREDIT, "https://www.dwd.de/"),))
SENDER = "Deutscher Wetterdienst"
MOST = 100


class Message(Struct):
    """A warning; times are ISO 8601 with an offset."""

    alert_id: str | None = None
    status: str | None = None
    effective: str | None = None
    onset: str | None = None
    expires: str | None = None
    category: str | None = None
    severity: str | None = None
    urgency: str | None = None
    certainty: str | None = None
    event_en: str | None = None
    event_de: str | None = None
    headline_en: str | None = None
    headline_de: str | None = None
    description_en: str | None = None
    description_de: str | None = None
    instruction_en: str | None = None
    instruction_de: str | None = None


class Answer(Struct):
    alerts: Annotated[list[Message | None], Meta(max_length=MOST + 1)]


read_answer = reader(Answer)


def holds(raw: bytes) -> bool:
    """Whether it may replace an older answer. Raises msgspec.DecodeError."""
    return read(raw)(UTC, 0.0).holds


ALERTS = Endpoint("/alerts", "alerts", frozenset({"lat", "lon"}), FRESH_FOR, "alerts", holds=holds)


def request(at: Coordinates) -> UpstreamRequest:
    return make_request(ALERTS, lat=format_degrees(at.latitude), lon=format_degrees(at.longitude))


def is_not_covered(status: int, body: bytes) -> bool:
    """Points outside of Germany are a 404."""
    return status == 404


def read(body: bytes) -> Callable[[tzinfo, float], Found]:
    """Return what makes the warnings of an answer for a zone and the time when it came, in Unix seconds."""
    return partial(found, read_answer(body))


def found(answer: Answer, tz: tzinfo, came_at: float) -> Found:
    """Return each warning in each of its languages."""
    messages = [one for one in answer.alerts[:MOST] if one]
    real = [
        message
        for message in messages
        if is_real(message.status, message.event_en, message.headline_en, message.headline_de)
    ]
    by_message = [list(in_languages(one, tz, came_at)) for one in real]
    is_whole = len(messages) == len(answer.alerts) and all(by_message)
    return Found([alert for alerts in by_message for alert in alerts], is_whole)


def in_languages(message: Message, tz: tzinfo, came_at: float) -> Iterator[Alert]:
    """The warning in German and in English, where there are words. The tag tells that they are one."""
    begins = first(moment(message.onset, tz), moment(message.effective, tz)) or datetime.fromtimestamp(came_at, tz)
    tags = tuple(filter(None, [label(message.event_en or message.event_de)]))
    for language in ("de", "en"):
        headline, event, description, instruction = (
            getattr(message, f"{part}_{language}") for part in ("headline", "event", "description", "instruction")
        )
        if message.category == "health" and language == "en":
            instruction = None  # a note between machines
        if headline or event or description:
            words = Words(
                event=headline or event,
                sender=SENDER,
                texts=(description or headline, instruction),
                language=language,
                tags=tags,
                severity=message.severity,
                urgency=message.urgency,
                certainty=message.certainty,
            )
            key = message.alert_id or f"{event}\0{message.onset}\0{description}"
            yield warning(key, words, begins, moment(message.expires, tz))


BRIGHT_SKY = AlertSource(
    source=SOURCE,
    countries=frozenset({"DE"}),
    origin=lambda settings: settings.brightsky_url,
    request=request,
    validate=validator(is_not_covered),
    read=read,
    per_minute=600,
)
