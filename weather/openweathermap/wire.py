"""What OpenWeatherMap's bodies have in common. What may be missing is optional; what is unknown is ignored."""

import unicodedata
from datetime import datetime, tzinfo
from typing import Annotated

from msgspec import Meta, Struct

from weather.conditions import condition, is_wet
from weather.model import Condition

UnixTime = Annotated[int, Meta(ge=0, le=2**33)]
Offset = Annotated[int, Meta(ge=-50400, le=50400)]
Number = Annotated[float, Meta(ge=-1e9, le=1e9)]
"""No weather has a greater number; so none grows beyond a float on its way to a reader's unit."""
Amounts = dict[str, Number | None] | Number | None
"""{"1h": mm}, {"3h": mm}, a plain number, {} or null: all are seen."""

LONGEST_LABEL = 80
KELVIN = 273.15


class Coord(Struct):
    lat: float | None = None
    lon: float | None = None


class Sky(Struct):
    """One entry of `weather`; the first is the one that counts."""

    id: int
    icon: str | None = None


class Main(Struct):
    temp: Number | None = None
    feels_like: Number | None = None
    pressure: Number | None = None
    humidity: Number | None = None


class Wind(Struct):
    speed: Number | None = None
    deg: Number | None = None
    gust: Number | None = None


class Clouds(Struct):
    all: Number | None = None


def celsius(kelvin: float | None) -> float | None:
    """°C from K."""
    return None if kelvin is None else round(kelvin - KELVIN, 2) + 0.0


def label(text: str | None) -> str | None:
    """A name fit to be shown: one short line without control and direction marks; None for none."""
    if not text or text == "Globe":  # what OWM calls the open sea
        return None
    visible = (" " if unicodedata.category(c) in ("Cc", "Zl", "Zp") else c for c in text[:400])
    kept = "".join(c for c in visible if unicodedata.category(c) not in ("Cf", "Cs", "Co", "Cn"))
    return " ".join(kept.split())[:LONGEST_LABEL] or None


def moment(seconds: int, tz: tzinfo) -> datetime:
    """A time of OWM (Unix seconds, UTC) in the place's zone."""
    return datetime.fromtimestamp(seconds, tz)


def sky_of(entries: list[Sky] | None, is_day: bool | None) -> Condition | None:
    """The condition told first, if any is."""
    return condition(entries[0].id, entries[0].icon, is_day) if entries else None


def daylight(entries: list[Sky] | None) -> bool | None:
    """Day or night by the icon's last letter, which follows the sun at the place."""
    suffix = (entries[0].icon or "")[-1:] if entries else ""
    return {"d": True, "n": False}.get(suffix)


def precipitation(hours: str, sky: Condition | None, *amounts: Amounts) -> float | None:
    """Millimetres of rain and snow in the span named "1h" or "3h".

    No amount means dry, unless the condition is a wet one: OWM leaves the amount out of one rainy body in four.
    """
    told = [part.get(hours) if isinstance(part, dict) else part for part in amounts]
    known = [amount for amount in told if amount is not None]
    if known:
        return round(sum(known), 2) + 0.0
    other_span = any(isinstance(part, dict) and part for part in amounts)
    return None if other_span or (sky is not None and is_wet(sky.code)) else 0.0
