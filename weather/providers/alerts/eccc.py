"""Environment and Climate Change Canada (https://api.weather.gc.ca): the warnings of Canada, in English and French.

It is asked with a box of no size, longitude first, and answers with each zone that the point lies in. Outside Canada
the box is empty too, so that an empty answer means something only for a point within. `expiration_datetime` is the
message's shelf life, `event_end_datetime` the hazard's end; what is over stays listed for a while as "ended".
"""

from typing import Annotated

from msgspec import Meta, Struct

from weather.messages import N_
from weather.providers.alerts.messages import MOST, Message, Messages, Words, first, is_real
from weather.providers.alerts.source import FRESH_FOR, point_source
from weather.providers.common import unix_seconds
from weather.providers.report import Attribution, Source
from weather.upstream.types import Endpoint

CREDIT = N_("Official warnings: Environment and Climate Change Canada")
SENDER = "Environment and Climate Change Canada"
SEVERITY = {"red": "extreme", "orange": "severe", "yellow": "moderate"}
"""CAP's word for the colour of the risk. Statements have no colour."""


class Warned(Struct):
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
    """A record. A continued warning has new times, and the id of its first issue (seen: a day older than the text)."""

    properties: Warned
    id: str | None = None


class Answer(Struct, rename={"matched": "numberMatched"}):
    features: Annotated[list[Feature | None], Meta(max_length=MOST + 1)]
    matched: int | None = None


def messages(answer: Answer) -> Messages:
    """Each warning in English and in French; a gap where one more is listed on a further page."""
    further = [None] if (answer.matched or 0) > len(answer.features) else []
    return [*(message(feature.properties, feature.id) if feature else None for feature in answer.features), *further]


def message(warned: Warned, record: str | None) -> Message[Words]:
    """The newest of a kind and zone is told; statements of one zone may be of different hazards, and stay apart."""
    both = [words for words in (in_language(warned, record, "en"), in_language(warned, record, "fr")) if words]
    is_statement = (warned.alert_type or "").lower() == "statement"
    kind = (warned.alert_code or "", warned.feature_id or "")
    return Message(
        words=both,
        sent=unix_seconds(warned.publication_datetime) or 0.0,
        series="\0".join(kind) if all(kind) and not is_statement else "",
        is_real=all(is_real(None, words.event, *words.texts) for words in both),
        warns=(warned.status_en or "").strip().lower() != "ended",
    )


def in_language(warned: Warned, record: str | None, language: str) -> Words | None:
    """The warning in a language, if it has words in that. The tag tells that the languages are one warning."""
    name, text, area = (getattr(warned, f"{part}_{language}") for part in ("alert_name", "alert_text", "feature_name"))
    if not (name or text or "").strip():
        return None
    kind = warned.alert_code or warned.alert_name_en
    return Words(
        key=f"{kind}\0{warned.feature_id}\0{record or warned.validity_datetime}",
        sender=SENDER,
        event=name and name[:1].upper() + name[1:],  # it comes in small letters
        texts=(text,),
        language=language,
        begins=first(unix_seconds(warned.validity_datetime), unix_seconds(warned.publication_datetime)),
        ends=first(unix_seconds(warned.event_end_datetime), unix_seconds(warned.expiration_datetime)),
        tags=[kind] if kind else [],
        areas=(area,),
        severity=SEVERITY.get((warned.risk_colour_en or "").strip().lower(), "minor"),
    )


ECCC = point_source(
    Source("eccc", "Environment Canada", (Attribution(CREDIT, "https://weather.gc.ca/"),)),
    Endpoint("/collections/weather-alerts/items", "alerts", frozenset({"f", "bbox"}), FRESH_FOR, "features"),
    lambda lat, lon: {"f": "json", "bbox": f"{lon},{lat},{lon},{lat}"},
    Answer,
    messages,
    countries=frozenset({"CA"}),
    origin=lambda settings: settings.eccc_url,
    per_minute=300,
)
