"""Environment and Climate Change Canada (https://api.weather.gc.ca): the warnings of Canada, in English and French.

It is asked with a box of no size, longitude first, and answers with each zone that the point lies in. Outside Canada
the box is empty too, so that an empty answer means something only for a point within. `expiration_datetime` is the
message's shelf life, `event_end_datetime` the hazard's end; what is over stays listed for a while as "ended".
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Annotated

from msgspec import Meta, Struct

from weather.domain.model import Alert, Coordinates, format_degrees
from weather.domain.text import label
from weather.messages import N_
from weather.providers.alerts.messages import Found, Words, first, is_real, moment, seconds, warning
from weather.providers.alerts.source import FRESH_FOR, AlertSource
from weather.providers.alerts.validation import validator
from weather.providers.report import Attribution, Source
from weather.upstream.lenient_json import reader
from weather.upstream.types import Endpoint, UpstreamRequest, make_request

CREDIT = N_("Official warnings: Environment and Climate Change Canada")
SOURCE = Source("eccc", "Environment Canada", (Attribution(CREDIT, "https://weather.gc.ca/"),))
SENDER = "Environment and Climate Change Canada"
SEVERITY = {"red": "extreme", "orange": "severe", "yellow": "moderate"}
"""CAP's word for the colour of the risk. Statements have no colour."""

MOST = 100


class Message(Struct):
    """A warning of one zone; times are ISO 8601."""

    alert_code: str | None = None
    alert_type: str | None = None
    alert_name_en: str | None = None
    alert_name_fr: str | None = None
    alert_text_en: str | None = None
    alert_text_fr: str | None = None
    publication_datetime: str | None = None
    validity_datetime: str | None = None
    event_end_datetime: str | None = None
    expiration_datetime: str | None = None
    risk_colour_en: str | None = None
    feature_name_en: str | None = None
    feature_name_fr: str | None = None
    feature_id: str | None = None
    status_en: str | None = None


class Feature(Struct):
    properties: Message


class Answer(Struct, rename={"matched": "numberMatched"}):
    features: Annotated[list[Feature | None], Meta(max_length=MOST + 1)]
    matched: int | None = None


read_answer = reader(Answer)


def holds(raw: bytes) -> bool:
    """Whether it may replace an older answer. Raises msgspec.DecodeError."""
    return read(raw)(UTC, 0.0).holds


ALERTS = Endpoint(
    "/collections/weather-alerts/items", "alerts", frozenset({"f", "bbox"}), FRESH_FOR, "features", holds=holds
)


def request(at: Coordinates) -> UpstreamRequest:
    point = f"{format_degrees(at.longitude)},{format_degrees(at.latitude)}"
    return make_request(ALERTS, f="json", bbox=f"{point},{point}")


def read(body: bytes) -> Callable[[tzinfo, float], Found]:
    """Return what makes the warnings of an answer for a zone and the time when it came, in Unix seconds."""
    return partial(found, read_answer(body))


def found(answer: Answer, tz: tzinfo, came_at: float) -> Found:
    """Return each warning in each of its languages. One that is listed on a further page is a gap."""
    messages = [feature.properties for feature in answer.features[:MOST] if feature]
    readable = [message for message in messages if texts(message)]
    is_whole = len(readable) == len(answer.features) >= (answer.matched or 0)
    lasting = newest_of_each([one for one in readable if is_real(None, *texts(one))])
    return Found([alert for one in lasting for alert in in_languages(one, tz, came_at)], is_whole)


def texts(message: Message) -> list[str]:
    """Names and texts, in both languages."""
    every = (message.alert_name_en, message.alert_text_en, message.alert_name_fr, message.alert_text_fr)
    return [text for text in every if text and text.strip()]


def newest_of_each(messages: Sequence[Message]) -> Iterator[Message]:
    """Of the messages of one kind and zone the newest, if it does not say that it is over.

    Statements may stand for different hazards of one zone: they stay apart.
    """
    seen = set[tuple[str, str]]()
    for message in sorted(messages, key=lambda one: -seconds(one.publication_datetime)):
        kind = (message.alert_code or "", message.feature_id or "")
        is_replaced = all(kind) and kind in seen and (message.alert_type or "").lower() != "statement"
        seen.add(kind)
        if not is_replaced and (message.status_en or "").strip().lower() != "ended":
            yield message


def in_languages(message: Message, tz: tzinfo, came_at: float) -> Iterator[Alert]:
    """The warning in English and in French, where there are words. The tag tells that they are one."""
    begins = first(moment(message.validity_datetime, tz), moment(message.publication_datetime, tz))
    ends = first(moment(message.event_end_datetime, tz), moment(message.expiration_datetime, tz))
    colour = (message.risk_colour_en or "").strip().lower()
    key = f"{message.alert_code or message.alert_name_en}\0{message.feature_id}\0{message.validity_datetime}"
    for language in ("en", "fr"):
        name, text, area = (
            getattr(message, f"{part}_{language}") for part in ("alert_name", "alert_text", "feature_name")
        )
        if name or text:
            words = Words(
                event=sentence_case(name),
                sender=SENDER,
                texts=(text,),
                language=language,
                tags=tuple(filter(None, [label(message.alert_code or message.alert_name_en)])),
                areas=(area or "",),
                severity=SEVERITY.get(colour, "minor"),
            )
            yield warning(key, words, begins or datetime.fromtimestamp(came_at, tz), ends)


def sentence_case(name: str | None) -> str | None:
    """A name that comes in small letters, as a heading."""
    return name[:1].upper() + name[1:] if name else name


ECCC = AlertSource(
    source=SOURCE,
    countries=frozenset({"CA"}),
    origin=lambda settings: settings.eccc_url,
    request=request,
    validate=validator(lambda status, body: False),
    read=read,
    per_minute=300,
)
