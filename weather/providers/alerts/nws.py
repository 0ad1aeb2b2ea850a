"""The National Weather Service of the US (https://www.weather.gov/documentation/services-web-api).

It re-issues a warning under a new id, sometimes without a reference to the older message, and takes one back by no
longer naming it. `expires` is the message's shelf life; `ends` is the hazard's end.
"""

import re
from dataclasses import dataclass
from typing import Annotated

from msgspec import Meta, Struct, field

from weather.domain.alerts import is_cancellation
from weather.messages import N_
from weather.providers.alerts.messages import (
    MOST,
    NOT_WARNING,
    Cap,
    Message,
    Messages,
    Words,
    is_all_clear,
    is_cap_real,
    is_renewed,
    words_of,
)
from weather.providers.alerts.source import FRESH_FOR, point_source
from weather.providers.common import unix_seconds
from weather.providers.report import Attribution, Source
from weather.providers.validation import validator
from weather.upstream.lenient_json import parsed
from weather.upstream.types import Endpoint

CREDIT = N_("Official warnings: National Weather Service (US)")
NAME = "National Weather Service"
COUNTRIES = frozenset({"US", "PR", "VI", "GU", "MP", "AS"})
"""The states, and the territories that have offices of their own: Puerto Rico to American Samoa."""

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


class Warned(Cap, rename="camel"):
    """A warning."""

    id: str | None = None
    sender_name: str | None = None
    message_type: str | None = None
    response: str | None = None
    language: str | None = None
    area_desc: str | None = None
    references: list[Reference | None] | None = None
    geocode: Geocode | None = None
    parameters: Parameters | None = None


class Feature(Struct):
    properties: Warned


class Answer(Struct):
    features: Annotated[list[Feature | None], Meta(max_length=MOST + 1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Issued(Message[Words]):
    """A message with the zones that it is for."""

    zones: frozenset[str]


def messages(answer: Answer) -> Messages:
    """Each warning that has words."""
    return [issued(feature.properties) if feature else None for feature in answer.features]


def issued(warned: Warned) -> Issued | None:
    if not (warned.event or warned.headline or warned.description):
        return None
    events = VTEC.findall("\n".join((warned.parameters and warned.parameters.vtec) or ()))
    going_on = {number for action, number in events if action not in TAKEN_BACK}
    numbers = " ".join(sorted(going_on or {number for _, number in events}))
    words = words_of(
        warned,
        key=numbers or warned.id or f"{warned.event}\0{warned.ends or warned.expires}",
        sender=warned.sender_name or NAME,
        event=warned.event or warned.headline,
        texts=(warned.description or warned.headline, warned.instruction),
        language=(warned.language or "en")[:2].lower(),
        areas=(warned.area_desc or "").split(";"),
    )
    return Issued(
        words=[words],
        id=warned.id or "",
        sent=unix_seconds(warned.sent or warned.effective) or 0.0,
        replaces=frozenset(reference.identifier or "" for reference in warned.references or () if reference),
        series=numbers,
        is_real=is_cap_real(warned),
        warns=is_in_force(warned) and bool(going_on or not events),
        zones=frozenset((warned.geocode and warned.geocode.zones) or ()),
    )


def is_in_force(warned: Warned) -> bool:
    """Whether a message warns by its type, by what it asks people to do, and by its headline."""
    is_over = is_all_clear(warned.response) or is_cancellation(warned.headline)
    return (warned.message_type or "").lower() not in NOT_WARNING and not is_over


def is_reissue(old: Message[Words], new: Message[Words]) -> bool:
    """Whether an older message is of the same event: by number, else by office, name and zones while both last."""
    if old.series or new.series:
        return is_renewed(old, new)
    if not (isinstance(old, Issued) and isinstance(new, Issued) and old.zones & new.zones):
        return False
    (earlier,), (later,) = old.words, new.words
    if not earlier.event or KEPT_APART.search(earlier.event):
        return False
    is_last = earlier.ends is not None and later.begins is not None and earlier.ends <= later.begins
    return not is_last and (earlier.event, earlier.sender) == (later.event, later.sender)


def is_not_covered(status: int, body: bytes) -> bool:
    """Points outside the US are a 400 that says so; any other 400 is not about the point."""
    problem = parsed(body) if status == 400 else None
    return isinstance(problem, dict) and "out of bounds" in str(problem.get("detail")).lower()


NWS = point_source(
    Source("nws", NAME, (Attribution(CREDIT, "https://www.weather.gov/"),)),
    Endpoint("/alerts/active", "alerts", frozenset({"point"}), FRESH_FOR, "features"),
    lambda lat, lon: {"point": f"{lat},{lon}"},
    Answer,
    messages,
    is_reissue,
    countries=COUNTRIES,
    origin=lambda settings: settings.nws_url,
    validate=validator(is_not_covered),
    per_minute=600,
)
