"""Which clock a point has: the zone by its boundaries (OpenStreetMap's, by way of tzfpy), and by which rules zones go.

At sea the zones are the nautical ones, such as Etc/GMT+8 (eight hours behind UTC). The boundaries take 0.3 s and 34 MB
to load, once for all threads; they are loaded at the start, so that no look-up waits for them.
"""

import logging
import re
import zoneinfo
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache
from importlib.resources import files
from pathlib import Path

import tzdata
import tzfpy

from weather.domain.model import Coordinates, fixed_offset, zone

log = logging.getLogger(__name__)

EDITION = re.compile(r"\b\d{4}[a-z]{1,2}\b", re.ASCII)


def load() -> None:
    """Load the boundaries: to be done in a thread, which does not hold up the others."""
    tzfpy.get_tz(0.0, 0.0)


def zone_at(at: Coordinates) -> str:
    """The IANA name of the zone in which a point lies; the same for all points of a cell (see `Coordinates`)."""
    cell = at.rounded()
    return tzfpy.get_tz(cell.longitude, cell.latitude) or fixed_offset(round(cell.longitude / 15) * 3600)


@cache
def countries() -> dict[str, str]:
    """The country (ISO 3166) of each zone, by the database's own table: its boundaries keep to those of countries."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text("utf-8")
    rows = (line.split("\t") for line in table.splitlines() if line and not line.startswith("#"))
    return {zone: country for country, _, zone, *_ in rows}


def country_at(at: Coordinates) -> str | None:
    """The country in which a point lies, or off whose coast; None on the open sea."""
    return countries().get(zone_at(at))


def zone_by(at: Coordinates, offset: int | None, then: datetime, named: str | None = None) -> str:
    """The zone of a point for what a source tells of it, as in `Place.timezone`.

    It is that of the boundaries, or else the one that the source named, whose clocks showed the source's offset (in
    seconds) at that time; where none does the offset itself, and the log says so once an hour. Where both name the
    same zone our rules hold: they are the newer.
    """
    ours = zone_at(at)
    if offset is None or named == ours:
        return named or ours
    for name in (ours, named):
        if name and then.astimezone(zone(name)).utcoffset() == timedelta(seconds=offset):
            return name
    _say_so(ours, offset, int(then.timestamp() // 3600))
    return fixed_offset(offset)


@lru_cache(maxsize=1000)
def _say_so(ours: str, offset: int, hour: int) -> None:
    """Kept, so that it is said once: of each hour, zone and offset."""
    log.warning(
        "A source tells %s as the clock of a place in %s; its data are shown by that clock", fixed_offset(offset), ours
    )


@dataclass(frozen=True, slots=True)
class ZoneRules:
    """Which edition of the IANA time zone database is in use, such as "2026f", and whose: "system" or "tzdata"."""

    version: str
    source: str

    def __str__(self) -> str:
        return f"{self.version} ({self.source})"


def system_version(folders: Iterable[str]) -> str:
    """The edition in the first folder that tells one, or "": the first line of tzdata.zi, or +VERSION on BSD."""
    for path in (Path(folder) / name for folder in folders for name in ("tzdata.zi", "+VERSION")):
        with suppress(OSError), path.open(encoding="ascii", errors="replace") as file:
            if match := EDITION.search(file.readline(100)):
                return match[0]
    return ""


def newest(folders: Iterable[str]) -> ZoneRules:
    """The newer of the system's edition and the package's. They sort as text: a year and a letter, after z comes za."""
    system, package = system_version(folders), tzdata.IANA_VERSION
    return ZoneRules(system, "system") if system > package else ZoneRules(package, "tzdata")


@cache
def use_newest() -> ZoneRules:
    """Take the newest rules for all zones that are made from now on: zoneinfo alone would take the system's."""
    rules = newest(zoneinfo.TZPATH)
    if rules.source == "tzdata":
        zoneinfo.reset_tzpath(())
        zoneinfo.ZoneInfo.clear_cache()
    return rules
