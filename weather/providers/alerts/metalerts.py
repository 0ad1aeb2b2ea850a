"""MetAlerts of MET Norway (https://api.met.no/weatherapi/metalerts/2.0/documentation): Norway and its coast.

Times stand beside the properties, in `when`. A point on the coast gets the warnings for the sea too.
"""

from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from functools import partial
from typing import Annotated

from msgspec import Meta, Struct, field

from weather.domain.model import Alert, Coordinates, format_degrees
from weather.messages import N_
from weather.providers.alerts.messages import NOT_WARNING, Found, Words, first, is_real, moment, warning
from weather.providers.alerts.source import AlertSource
from weather.providers.alerts.validation import validator
from weather.providers.report import Attribution, Source
from weather.upstream.lenient_json import reader
from weather.upstream.types import Endpoint, UpstreamRequest, make_request

CREDIT = N_("Official warnings: MET Norway (CC BY 4.0)")
SOURCE = Source("metalerts", "MetAlerts", (Attribution(CREDIT, "https://api.met.no/", "CC-BY-4.0"),))
SENDER = "MET Norway"
MOST = 100
LIFETIME = 600.0


class Message(Struct, rename={"kind": "type", "name": "eventAwarenessName", "domain": "geographicDomain",
                              "color": "riskMatrixColor", "ends": "eventEndingTime"}):  # fmt: skip
    """The properties of a warning."""

    id: str | None = None
    status: str | None = None
    kind: str | None = None
    event: str | None = None
    name: str | None = None
    title: str | None = None
    area: str | None = None
    description: str | None = None
    consequences: str | None = None
    instruction: str | None = None
    awareness_level: str | None = None
    severity: str | None = None
    certainty: str | None = None
    color: str | None = None
    domain: str | None = None
    ends: str | None = None


class When(Struct):
    """Begin and end, ISO 8601."""

    interval: list[str | None] = field(default_factory=list)


class Feature(Struct):
    properties: Message
    when: When | None = None


class Answer(Struct):
    features: Annotated[list[Feature | None], Meta(max_length=MOST + 1)]


read_answer = reader(Answer)


def holds(raw: bytes) -> bool:
    """Whether it may replace an older answer. Raises msgspec.DecodeError."""
    return read(raw)(UTC, 0.0).holds


ALERTS = Endpoint(
    "/weatherapi/metalerts/2.0/current.json",
    "metalerts",
    frozenset({"lat", "lon", "lang"}),
    LIFETIME,
    "features",
    holds=holds,
    uses_caching_headers=True,
)
"""Fresh until its `Expires`, and for ten minutes at least, as MET Norway asks."""


def request(at: Coordinates) -> UpstreamRequest:
    return make_request(ALERTS, lat=format_degrees(at.latitude), lon=format_degrees(at.longitude), lang="en")


def read(body: bytes) -> Callable[[tzinfo, float], Found]:
    """Return what makes the warnings of an answer for a zone and the time when it came, in Unix seconds."""
    return partial(found, read_answer(body))


def found(answer: Answer, tz: tzinfo, came_at: float) -> Found:
    """Return each warning. The lowest level, green, is none."""
    features = [feature for feature in answer.features[:MOST] if feature and names_something(feature.properties)]
    warnings = [one for one in features if is_warning(one.properties)]
    return Found([alert(one, tz, came_at) for one in warnings], len(features) == len(answer.features))


def names_something(message: Message) -> bool:
    return bool(message.name or message.event or message.title or message.description)


def is_warning(message: Message) -> bool:
    is_green = (message.awareness_level or "").strip().startswith("1;")
    is_over = (message.kind or "").strip().lower() in NOT_WARNING
    return not (is_green or is_over) and is_real(message.status, message.title, message.description)


def alert(feature: Feature, tz: tzinfo, came_at: float) -> Alert:
    message, interval = feature.properties, feature.when.interval if feature.when else []
    begins, ends = (moment(text, tz) for text in [*interval, None, None][:2])
    marks = ", ".join(filter(None, [message.color, "at sea" if message.domain == "marine" else None]))
    name = message.name or message.event or message.title
    words = Words(
        event=f"{name} ({marks})" if name and marks else name,
        sender=SENDER,
        texts=(message.description, message.consequences, message.instruction),
        language="en",
        areas=(message.area or "",),
        severity=message.severity,
        certainty=message.certainty,
    )
    key = f"{message.event}\0{message.area}\0{interval[:1]}\0{message.domain}"
    return warning(key, words, begins or datetime.fromtimestamp(came_at, tz), first(moment(message.ends, tz), ends))


METALERTS = AlertSource(
    source=SOURCE,
    countries=frozenset({"NO"}),
    origin=lambda settings: settings.metalerts_url,
    request=request,
    validate=validator(lambda status, body: False),
    read=read,
    per_minute=300,
    fresh_for=LIFETIME,
)
