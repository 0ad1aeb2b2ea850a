"""Bright Sky (https://brightsky.dev/docs): the warnings of the Deutscher Wetterdienst by point, in German and English.

Warnings of one event for different heights are different warnings. With no position it would answer for all Germany.
"""

from typing import Annotated

from msgspec import Meta, Struct

from weather.messages import N_
from weather.providers.alerts.messages import MOST, Cap, Message, Messages, Words, is_all_clear, is_real, words_of
from weather.providers.alerts.source import FRESH_FOR, point_source
from weather.providers.report import Attribution, Source
from weather.providers.validation import validator
from weather.upstream.types import Endpoint

CREDIT = N_("Official warnings: Deutscher Wetterdienst, by way of Bright Sky")
SENDER = "Deutscher Wetterdienst"


class Warned(Cap):
    """A warning."""

    alert_id: str | None = None
    category: str | None = None
    response_type: str | None = None
    event_en: str | None = None
    event_de: str | None = None
    headline_en: str | None = None
    headline_de: str | None = None
    description_en: str | None = None
    description_de: str | None = None
    instruction_en: str | None = None
    instruction_de: str | None = None


class Answer(Struct):
    alerts: Annotated[list[Warned | None], Meta(max_length=MOST + 1)]


def messages(answer: Answer) -> Messages:
    """Each warning in German and in English."""
    return [message(warned) if warned else None for warned in answer.alerts]


def message(warned: Warned) -> Message[Words]:
    both = [words for words in (in_language(warned, "de"), in_language(warned, "en")) if words]
    real = is_real(warned.status, warned.event_en, warned.headline_en, warned.headline_de)
    return Message(words=both, is_real=real, warns=not is_all_clear(warned.response_type))


def in_language(warned: Warned, language: str) -> Words | None:
    """The warning in a language, if it has words in that. The tag tells that the languages are one warning."""
    event, headline, text, advice = (
        getattr(warned, f"{part}_{language}") for part in ("event", "headline", "description", "instruction")
    )
    if not (headline or event or text):
        return None
    if warned.category == "health" and language == "en":
        advice = None  # a note between machines
    return words_of(
        warned,
        key=warned.alert_id or f"{event}\0{warned.onset}\0{text}",
        sender=SENDER,
        event=headline or event,
        texts=(text or headline, advice),
        language=language,
        tags=[name for name in (warned.event_en or warned.event_de,) if name],
    )


def is_not_covered(status: int, body: bytes) -> bool:
    """Points outside of Germany are a 404."""
    return status == 404


BRIGHT_SKY = point_source(
    Source("brightsky", "Bright Sky", (Attribution(CREDIT, "https://www.dwd.de/"),)),
    Endpoint("/alerts", "alerts", frozenset({"lat", "lon"}), FRESH_FOR, "alerts"),
    lambda lat, lon: {"lat": lat, "lon": lon},
    Answer,
    messages,
    countries=frozenset({"DE"}),
    origin=lambda settings: settings.brightsky_url,
    validate=validator(is_not_covered),
    per_minute=600,
)
