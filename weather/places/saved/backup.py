"""Saved places as one JSON document, for `weather backup` and `weather restore`: from any database to any other.

    {"format": "weatherglass saved places", "version": 2, "made_at": "2026-11-27T08:00:00Z",
     "lists": [{"owner": "<hash of a token>", "read_on": 20784, "places": [{"id", "name", "country", "latitude",
                "longitude", "timezone", "region", "created_at", "home"}]}]}

The places of a list stand in its order. `read_on` is in days since 1 January 1970, `created_at` in seconds. Version 1
had no `region`, `created_at` and `home`; it is read as well. A visitor's token is not in it: whoever holds one still
finds the list.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from itertools import groupby
from operator import itemgetter
from typing import Annotated, Any

import msgspec

from weather.domain.text import label

FORMAT, VERSION = "weatherglass saved places", 2

Owner = Annotated[str, msgspec.Meta(pattern=r"^[0-9a-f]{64}\Z")]
Id = Annotated[str, msgspec.Meta(pattern=r"^[A-Za-z0-9_-]{22}\Z")]
Text = Annotated[str, msgspec.Meta(min_length=1, max_length=80, pattern=r"^[^\x00]*$")]


class NoBackup(Exception):
    """This is no backup that can be restored; the message says why."""


class BackupPlace(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A place, as the database has it."""

    id: Id
    name: Text
    country: Annotated[str, msgspec.Meta(max_length=2, pattern=r"^[A-Za-z]*\Z")] | None
    latitude: Annotated[float, msgspec.Meta(ge=-90, le=90)]
    longitude: Annotated[float, msgspec.Meta(ge=-180, le=180)]
    timezone: Annotated[str, msgspec.Meta(min_length=1, max_length=64, pattern=r"^[A-Za-z0-9_+/-]+\Z")]
    region: Text | None = None
    created_at: Annotated[int, msgspec.Meta(ge=0, le=10**12)] | None = None
    home: bool | None = None


class BackupList(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A list, its places in their order."""

    owner: Owner
    read_on: Annotated[int, msgspec.Meta(ge=0, le=10_000_000)]
    places: Annotated[list[BackupPlace], msgspec.Meta(max_length=100)]


class Backup(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """The whole document."""

    format: str
    version: int
    made_at: str
    lists: list[BackupList]


class Head(msgspec.Struct):
    """What every version of the document has."""

    format: str = ""
    version: int = 0


def document(rows: Sequence[Any], now: float) -> bytes:
    """The document of the rows of `Database.dump`."""
    lists = []
    for (owner, read_on), group in groupby(rows, key=itemgetter(0, 1)):
        places = [BackupPlace(*row[2:]) for row in group if row[2] is not None]
        lists.append(BackupList(owner, read_on, places))
    made_at = f"{datetime.fromtimestamp(now, UTC):%Y-%m-%dT%H:%M:%SZ}"
    return msgspec.json.format(msgspec.json.encode(Backup(FORMAT, VERSION, made_at, lists)), indent=1) + b"\n"


def cleaned(place: BackupPlace) -> dict[str, Any]:
    """The row of a place, its name fit to be shown: the file may be anybody's."""
    return msgspec.structs.asdict(place) | {"name": label(place.name), "region": label(place.region)}


def lists_of(text: bytes) -> list[tuple[str, int, list[dict[str, Any]]]]:
    """The lists of a document, for `Database.load`. Raises NoBackup."""
    try:
        head = msgspec.json.decode(text, type=Head)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        raise NoBackup("it is no JSON, or cut short") from None
    if head.format != FORMAT:
        raise NoBackup("it is no backup of saved places")
    if head.version < 1:
        raise NoBackup("it is damaged: it has no version")
    if head.version > VERSION:
        raise NoBackup(f"it is of version {head.version}, and this program reads up to {VERSION}: upgrade it first")
    try:
        read = msgspec.json.decode(text, type=Backup)
    except (msgspec.DecodeError, RecursionError) as error:
        raise NoBackup(f"it is damaged: {error}") from None
    if not all(label(place.name) for saved in read.lists for place in saved.places):
        raise NoBackup("it is damaged: a name has nothing to be seen")
    ids = [place.id for saved in read.lists for place in saved.places]
    if len({saved.owner for saved in read.lists}) < len(read.lists) or len({*ids}) < len(ids):
        raise NoBackup("it is damaged: a list or a place stands in it twice")
    if any(sum(bool(place.home) for place in saved.places) > 1 for saved in read.lists):
        raise NoBackup("it is damaged: a list has more than one home")
    return [(saved.owner, saved.read_on, [cleaned(place) for place in saved.places]) for saved in read.lists]
