"""On which side of a border a place lies: by the zones of both. Pure but for the zone tables of tzdata."""

from functools import cache
from importlib.resources import files

from weather.domain.model import Place


@cache
def countries_by_zone() -> dict[str, str]:
    """The country (ISO 3166) of each zone, as zone.tab of the IANA time zone database has it; {} without the file."""
    table = files("tzdata") / "zoneinfo" / "zone.tab"
    lines = table.read_text("utf-8").splitlines() if table.is_file() else []
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    return {row[2]: row[0] for row in rows if len(row) > 2}


def may_lie_in(zone: str, place: Place) -> bool:
    """Whether a place may lie in the same country as a point of that zone: it does where either is not known."""
    country = countries_by_zone().get(zone)
    return place.timezone == zone or country is None or place.country in (None, country)
