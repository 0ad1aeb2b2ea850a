"""What a feed of MeteoAlarm looks like: CAP 1.2 as JSON. Any member may be missing or odd."""

from typing import Annotated

from msgspec import Meta, Struct

from weather.providers.alerts.messages import Cap
from weather.upstream.lenient_json import reader

MOST = 50_000
"""Messages of a feed that are read."""


class Pair(Struct, rename="camel"):
    value_name: str | None = None
    value: str | None = None


class Area(Struct, rename="camel"):
    area_desc: str | None = None
    geocode: list[Pair | None] | None = None
    polygon: str | list[str | None] | None = None


class Info(Cap, rename="camel"):
    """A message's part in one language."""

    language: str | None = None
    sender_name: str | None = None
    response_type: list[str | None] | None = None
    parameter: list[Pair | None] | None = None
    area: list[Area | None] | None = None


class Alert(Struct, rename="camel"):
    """`references`: sender, identifier and time of those that it replaces, with commas between, and blanks."""

    identifier: str | None = None
    sender: str | None = None
    sent: str | None = None
    status: str | None = None
    msg_type: str | None = None
    references: str | None = None
    info: list[Info | None] | None = None


class Entry(Struct):
    alert: Alert


class Feed(Struct):
    warnings: Annotated[list[Entry | None], Meta(max_length=MOST)]


read_feed = reader(Feed)
