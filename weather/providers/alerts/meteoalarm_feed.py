"""A feed of MeteoAlarm (https://feeds.meteoalarm.org): all messages of a country, and what of them may be in force.

The feed is a stream of messages (CAP 1.2), not the list of what is in force. Few areas come with an outline; the others
are told by codes alone, and where those lie is not known here. Pure.
"""

import msgspec
from msgspec import Struct

from weather.errors import UpstreamInvalid
from weather.providers.alerts.messages import Words, begin_of, first, words_of
from weather.providers.alerts.meteoalarm_lasting import Sent, Window, kind_of, lasting, level_of, message_of
from weather.providers.alerts.meteoalarm_wire import MOST, Area, Feed, Info, read_feed
from weather.providers.alerts.outline import Outline, outline

MOST_KEPT, MOST_BYTES = 2_000, 4 * 2**20
"""Of the parts that are kept with their outlines; of the others it is kept that there are some."""

KINDS = {
    "1": "Wind", "2": "Snow or ice", "3": "Thunderstorm", "4": "Fog", "5": "High temperature", "6": "Low temperature",
    "7": "Coastal event", "8": "Forest fire", "9": "Avalanches", "10": "Rain", "12": "Flooding", "13": "Rain and flood",
}  # fmt: skip


class Part(Words, kw_only=True):
    """A warning in one language, when it was sent (Unix seconds), and its outlines, by their numbers in the index."""

    outlines: list[int]
    sent: float | None = None


class Index(Struct):
    """What may be in force in a country. `elsewhere_until`: until when warnings last of which it is not known where
    they are, in Unix seconds. `is_whole`: whether all that came could be read.
    """

    warnings: list[Part]
    outlines: list[Outline]
    elsewhere_until: float = 0.0
    is_whole: bool = True


def condense(body: bytes, now: float) -> bytes:
    """Return the index of a feed, as JSON. `now` in Unix seconds. Raises UpstreamInvalid if it cannot be read."""
    try:
        feed = read_feed(body.decode("utf-8-sig", "replace").encode())  # a broken letter costs itself
    except (msgspec.DecodeError, RecursionError):
        raise UpstreamInvalid("no list of warnings under status 200") from None
    return msgspec.json.encode(index_of(feed, now))


def index_of(feed: Feed, now: float) -> Index:
    """What of a feed is in force or to come."""
    index, numbers, size = Index([], []), dict[str, int](), 0
    messages = [message for warning in feed.warnings if warning and (message := message_of(warning.alert))]
    index.is_whole = len(messages) == len(feed.warnings) < MOST
    for message, info, window in lasting(messages, now):
        areas = [area for area in info.area or () if area]
        drawn = [(area, shapes) for area in areas if (shapes := outlines_of(area))]
        size += len(info.description or "") + len(info.instruction or "")
        size += sum(len(text) for _, shapes in drawn for text in shapes if text not in numbers)
        is_kept = len(index.warnings) < MOST_KEPT and size < MOST_BYTES
        if not areas or len(drawn) < len(areas) or not is_kept:
            index.elsewhere_until = max(index.elsewhere_until, window.last)
        if drawn and is_kept:
            outlines = [number_of(text, shape, index, numbers) for _, shapes in drawn for text, shape in shapes.items()]
            index.warnings.append(part_of(message, info, window, [area.area_desc for area, _ in drawn], outlines))
    return index


def number_of(text: str, area: Outline, index: Index, numbers: dict[str, int]) -> int:
    """The number of an outline in the index: the languages of a warning have the same."""
    if text not in numbers:
        numbers[text] = len(index.outlines)
        index.outlines.append(area)
    return numbers[text]


def outlines_of(area: Area) -> dict[str, Outline]:
    """The polygons of an area, by their texts; none unless all can be read."""
    texts = [area.polygon] if isinstance(area.polygon, str) else area.polygon or []
    drawn = {text or "": outline(text or "") for text in texts}
    outlines = {text: shape for text, shape in drawn.items() if shape}
    return outlines if len(outlines) == len(drawn) else {}


def part_of(message: Sent, info: Info, window: Window, areas: list[str | None], outlines: list[int]) -> Part:
    """A part of a message as it is kept. The languages of a message have one sender and one key.

    The key has a time of the hazard's own, if it has one: when a message was sent changes as it is sent again.
    """
    kind, level, time = kind_of(info), level_of(info), first(begin_of(info), window.ends)
    words = words_of(
        info,
        key=f"{message.sender}\0{kind or info.event}\0{level}\0{time or 0:.0f}",
        sender=next((info.sender_name for info in message.words if info.sender_name), "MeteoAlarm"),
        event=info.event or info.headline,
        texts=[text for text in (info.description or info.headline, info.instruction) if text],
        language=(info.language or "").strip()[:2].lower(),
        begins=window.begins,
        ends=window.ends,
        level=level,
        tags=[KINDS.get(kind, kind)] if kind else [],
        areas=areas,
    )
    return Part(**msgspec.structs.asdict(words), outlines=outlines, sent=message.sent or None)
