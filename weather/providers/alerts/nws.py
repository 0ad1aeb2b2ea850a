"""The National Weather Service of the US (https://www.weather.gov/documentation/services-web-api).

It re-issues a warning under a new id, sometimes without a reference to the older message, and takes one back by no
longer naming it. `expires` is the message's shelf life; `ends` is the hazard's end.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Annotated

from msgspec import Meta, Struct, field

from weather.domain.model import Alert, Coordinates, format_degrees
from weather.messages import N_
from weather.providers.alerts.messages import NOT_WARNING, Found, Words, first, is_real, moment, seconds, warning
from weather.providers.alerts.source import FRESH_FOR, AlertSource
from weather.providers.alerts.validation import validator
from weather.providers.report import Attribution, Source
from weather.upstream.lenient_json import parsed, reader
from weather.upstream.types import Endpoint, UpstreamRequest, make_request

CREDIT = N_("Official warnings: National Weather Service (US)")
SOURCE = Source("nws", "National Weather Service", (Attribution(CREDIT, "https://www.weather.gov/"),))
COUNTRIES = frozenset({"US", "PR", "VI", "GU", "MP", "AS"})
"""The states, and the territories that have offices of their own: Puerto Rico to American Samoa."""

MOST = 100
VTEC = re.compile(r"/[OTEX]\.([A-Z]{3})\.([A-Z]{4}\.[A-Z]{2}\.[A-Z]\.[0-9]{4})\.")
"""Action and number of an event (NWS Directive 10-1703): the number stays through all its messages."""

TAKEN_BACK = frozenset({"CAN", "UPG"})
"""Actions that say that an event is over, or goes on under another number."""

KEPT_APART = re.compile(r"statement|civil|evacuation|emergency|abduction|person|outage|blue alert", re.IGNORECASE)
"""Events that may stand for different hazards of one office at one time."""


class Reference(Struct):
    identifier: str | None = None


class Geocode(Struct):
    zones: list[str] | None = field(default=None, name="UGC")


class Parameters(Struct):
    vtec: list[str] | None = field(default=None, name="VTEC")


class Message(Struct, rename="camel"):
    """A message; times are ISO 8601 with an offset."""

    id: str | None = None
    event: str | None = None
    headline: str | None = None
    description: str | None = None
    instruction: str | None = None
    sender_name: str | None = None
    status: str | None = None
    message_type: str | None = None
    sent: str | None = None
    effective: str | None = None
    onset: str | None = None
    expires: str | None = None
    ends: str | None = None
    language: str | None = None
    area_desc: str | None = None
    severity: str | None = None
    urgency: str | None = None
    certainty: str | None = None
    references: list[Reference | None] | None = None
    geocode: Geocode | None = None
    parameters: Parameters | None = None


class Feature(Struct):
    properties: Message


class Answer(Struct):
    features: Annotated[list[Feature | None], Meta(max_length=MOST + 1)]


read_answer = reader(Answer)


def holds(raw: bytes) -> bool:
    """Whether it may replace an older answer. Raises msgspec.DecodeError."""
    return read(raw)(UTC, 0.0).holds


ALERTS = Endpoint("/alerts/active", "alerts", frozenset({"point"}), FRESH_FOR, "features", holds=holds)


def request(at: Coordinates) -> UpstreamRequest:
    return make_request(ALERTS, point=f"{format_degrees(at.latitude)},{format_degrees(at.longitude)}")


def is_not_covered(status: int, body: bytes) -> bool:
    """Points outside the US are a 400 that says so; any other 400 is not about the point."""
    problem = parsed(body) if status == 400 else None
    return isinstance(problem, dict) and "out of bounds" in str(problem.get("detail")).lower()


def read(body: bytes) -> Callable[[tzinfo, float], Found]:
    """Return what makes the warnings of an answer for a zone and the time when it came, in Unix seconds."""
    return partial(found, read_answer(body))


def found(answer: Answer, tz: tzinfo, came_at: float) -> Found:
    """Return each warning once."""
    messages = [feature.properties for feature in answer.features[:MOST] if feature]
    readable = [message for message in messages if message.event or message.headline or message.description]
    is_whole = len(readable) == len(answer.features)
    lasting = newest_of_each(newest_first([one for one in readable if is_real(one.status, *beginnings(one))]))
    return Found([alert(one, tz, came_at) for one in lasting], is_whole)


def beginnings(message: Message) -> tuple[str | None, ...]:
    return message.event, message.headline, message.description


def sent_at(message: Message) -> float:
    return seconds(message.sent or message.effective)


def newest_first(messages: Sequence[Message]) -> list[Message]:
    """In order of sending. Of those sent at once the one that names another comes first."""
    return sorted(messages, key=lambda one: (-sent_at(one), -len(one.references or ())))


def newest_of_each(messages: Sequence[Message]) -> Iterator[Message]:
    """Of messages, the newest first, those that nothing replaces, and that do not say that it is over."""
    newest = list[Message]()
    replaced = set[str]()
    for one in messages:
        if one.id in replaced:
            continue
        replaced |= {each.identifier for each in one.references or () if each and each.identifier not in (None, one.id)}
        if not any(is_reissue(one, newer) for newer in newest):
            newest.append(one)
    return (one for one in newest if not is_taken_back(one))


def is_taken_back(message: Message) -> bool:
    actions = {action for action, _ in VTEC.findall(vtec(message))}
    return (message.message_type or "").lower() in NOT_WARNING or (bool(actions) and actions <= TAKEN_BACK)


def vtec(message: Message) -> str:
    codes = message.parameters.vtec if message.parameters else None
    return "\n".join(codes or ())


def numbers(message: Message) -> frozenset[str]:
    """The numbers of its events that go on; of one that is over altogether, those of all."""
    events = VTEC.findall(vtec(message))
    return frozenset(number for action, number in events if action not in TAKEN_BACK) or frozenset(
        number for _, number in events
    )


def is_reissue(old: Message, new: Message) -> bool:
    """Whether an older message is of the same event: by number, else by office, name and zones."""
    if numbers(old) or numbers(new):
        return numbers(old) == numbers(new)
    if not old.event or KEPT_APART.search(old.event) or not (zones(old) & zones(new)):
        return False
    return (old.event, old.sender_name) == (new.event, new.sender_name) and overlap(old, new)


def zones(message: Message) -> set[str]:
    return set((message.geocode.zones if message.geocode else None) or ())


def overlap(old: Message, new: Message) -> bool:
    """Whether the older one ends after the newer one begins, as far as that is known."""
    ends, begins = moment(old.ends or old.expires, UTC), moment(new.onset or new.effective, UTC)
    return ends is None or begins is None or ends > begins


def alert(message: Message, tz: tzinfo, came_at: float) -> Alert:
    begins = first(*(moment(text, tz) for text in (message.onset, message.effective, message.sent)))
    ends = first(moment(message.ends, tz), moment(message.expires, tz))
    key = " ".join(sorted(numbers(message))) or message.id or f"{message.event}\0{message.ends or message.expires}"
    words = Words(
        event=message.event or message.headline,
        sender=message.sender_name or SOURCE.name,
        texts=(message.description or message.headline, message.instruction),
        language=(message.language or "en")[:2].lower(),
        areas=(message.area_desc or "").split(";"),
        severity=message.severity,
        urgency=message.urgency,
        certainty=message.certainty,
    )
    return warning(key, words, begins or datetime.fromtimestamp(came_at, tz), ends)


NWS = AlertSource(
    source=SOURCE,
    countries=COUNTRIES,
    origin=lambda settings: settings.nws_url,
    request=request,
    validate=validator(is_not_covered),
    read=read,
    per_minute=600,
)
