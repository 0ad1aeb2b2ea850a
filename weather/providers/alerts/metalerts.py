"""MetAlerts of MET Norway (https://api.met.no/weatherapi/metalerts/2.0/documentation): Norway and its coast.

Times stand beside the properties, in `when`. A point on the coast gets the warnings for the sea too.
"""

from typing import Annotated

from msgspec import Meta, Struct, field

from weather.domain.alerts import is_cancellation
from weather.messages import N_
from weather.providers.alerts.messages import (
    GREEN,
    MOST,
    NOT_WARNING,
    Cap,
    Message,
    Messages,
    Words,
    awareness,
    first,
    is_real,
    words_of,
)
from weather.providers.alerts.source import point_source
from weather.providers.common import unix_seconds
from weather.providers.report import Attribution, Source
from weather.upstream.types import Endpoint

CREDIT = N_("Official warnings: MET Norway (CC BY 4.0)")
LIFETIME = 600.0


class Warned(Cap, rename={"kind": "type", "name": "eventAwarenessName", "domain": "geographicDomain",
                          "color": "riskMatrixColor", "ending": "eventEndingTime"}):  # fmt: skip
    """The properties of a warning."""

    kind: str | None = None
    name: str | None = None
    title: str | None = None
    area: str | None = None
    consequences: str | None = None
    awareness_level: str | None = None
    color: str | None = None
    domain: str | None = None
    ending: str | None = None


class When(Struct):
    """Begin and end, ISO 8601."""

    interval: list[str | None] = field(default_factory=list)


class Feature(Struct):
    properties: Warned
    when: When | None = None


class Answer(Struct):
    features: Annotated[list[Feature | None], Meta(max_length=MOST + 1)]


def messages(answer: Answer) -> Messages:
    """Each warning that has words. The lowest level, green, is none."""
    return [message(feature.properties, feature.when) if feature else None for feature in answer.features]


def message(warned: Warned, when: When | None) -> Message[Words] | None:
    name = warned.name or warned.event or warned.title
    if not (name or warned.description):
        return None
    begins, ends = [*(when.interval if when else ()), None, None][:2]
    marks = ", ".join(filter(None, [warned.color, "at sea" if warned.domain == "marine" else None]))
    level = awareness(warned.awareness_level)
    words = words_of(
        warned,
        key=f"{warned.event}\0{warned.area}\0{[begins]}\0{warned.domain}",
        sender="MET Norway",
        event=f"{name} ({marks})" if name and marks else name,
        texts=(warned.description, warned.consequences, warned.instruction),
        begins=unix_seconds(begins),
        ends=first(unix_seconds(warned.ending), unix_seconds(ends)),
        level=level,
        areas=(warned.area,),
    )
    is_over = (warned.kind or "").strip().lower() in NOT_WARNING or is_cancellation(warned.title)
    real = is_real(warned.status, warned.title, warned.description)
    return Message(words=[words], is_real=real, warns=level != GREEN and not is_over)


METALERTS = point_source(
    Source("metalerts", "MetAlerts", (Attribution(CREDIT, "https://api.met.no/", "CC-BY-4.0"),)),
    Endpoint(
        "/weatherapi/metalerts/2.0/current.json",
        "metalerts",
        frozenset({"lat", "lon", "lang"}),
        LIFETIME,
        "features",
        uses_caching_headers=True,  # fresh until its `Expires`, and for ten minutes at least, as MET Norway asks
    ),
    lambda lat, lon: {"lat": lat, "lon": lon, "lang": "en"},
    Answer,
    messages,
    countries=frozenset({"NO"}),
    origin=lambda settings: settings.metalerts_url,
    per_minute=300,
    fresh_for=LIFETIME,
)
