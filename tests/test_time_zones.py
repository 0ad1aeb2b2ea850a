"""Which clock a place has, by its boundaries and by the newest rules."""

import csv
import logging
import zoneinfo
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import tzdata
from fakes import forecast_body, running, weather_body
from hypothesis import given
from hypothesis import strategies as st
from meteo import Both

from weather.domain.model import Coordinates, zone
from weather.places.time_zones import newest, system_version, zone_at, zone_by

pytestmark = pytest.mark.anyio

ZONES = Path(__file__).parent.parent.parent / "shared" / "cases" / "zones.tsv"
WINTER, SUMMER = datetime(2026, 1, 15, 12, tzinfo=UTC), datetime(2026, 7, 15, 12, tzinfo=UTC)
NOVEMBER = datetime(2026, 11, 24, 12, tzinfo=UTC)
HAPARANDA = Coordinates(65.83, 24.13)  # in Sweden; Tornio in Finland, over the river, is the nearest city
SEA = Coordinates(-48.88, -123.39)  # Point Nemo

# Where the nearest city, or the nearest whole hour of longitude, has another clock: minutes ahead of UTC in the middle
# of January and of July 2026.
HARD = {
    "Kiritimati": (1.87, -157.4, 840, 840),
    "Chatham Islands": (-43.95, -176.55, 825, 765),
    "Nome": (64.5, -165.41, -540, -480),
    "Adak": (51.88, -176.65, -600, -540),
    "Marquesas": (-8.91, -140.1, -570, -570),
    "Galápagos": (-0.74, -90.31, -360, -360),
    "Easter Island": (-27.15, -109.43, -300, -360),
    "Iqaluit": (63.75, -68.51, -300, -240),
    "Kirkenes": (69.73, 30.05, 60, 120),
    "Haparanda": (65.83, 24.13, 60, 120),
    "Ivalo": (68.66, 27.54, 120, 180),
    "Valença": (42.03, -8.64, 0, 60),
    "Eucla": (-31.68, 128.88, 525, 525),
    "Lord Howe": (-31.55, 159.08, 660, 630),
    "Raxaul": (26.98, 84.85, 330, 330),
    "Creston": (49.1, -116.51, -420, -420),
    "the open sea": (-48.88, -123.39, -480, -480),
}


@pytest.fixture
def both(clock):
    return Both(clock)


async def minutes_by_point(both, clock, latitude: float, longitude: float) -> list[float]:
    """What the API tells of a point's clock in January and in July, without a key."""
    told = []
    for moment in (WINTER, SUMMER):
        clock.now = moment.timestamp()
        async with running(both, clock, key=None, WEATHER_PROVIDER="auto") as site:
            body = (await site.get(f"/api/v1/current?lat={latitude}&lon={longitude}")).json()
        offset = datetime.fromisoformat(body["current"]["time"]).utcoffset()
        told.append(offset / timedelta(minutes=1))
    return told


@pytest.mark.slow
@pytest.mark.parametrize("name", HARD)
async def test_a_point_has_the_clock_of_its_side_of_the_border(both, clock, name):
    """In winter and summer, whatever city is near and in which country that lies."""
    latitude, longitude, *minutes = HARD[name]
    assert await minutes_by_point(both, clock, latitude, longitude) == minutes


def places() -> list[dict[str, str]]:
    lines = ZONES.read_text("utf-8").splitlines() if ZONES.exists() else []
    return list(csv.DictReader(lines, delimiter="\t"))


@pytest.mark.slow
@pytest.mark.needs(ZONES)
@pytest.mark.parametrize("row", places(), ids=lambda row: row["place"])
async def test_places_that_are_hard_to_tell_have_the_right_clock(both, clock, row):
    """Villages and islands far from the next city, or near a border."""
    expected = [moment.astimezone(zone(row["zone"])).utcoffset() for moment in (WINTER, SUMMER)]
    told = await minutes_by_point(both, clock, float(row["latitude"]), float(row["longitude"]))
    assert told == [one / timedelta(minutes=1) for one in expected]


@given(st.floats(-90, 90), st.floats(-180, 180))
def test_every_point_has_a_zone_that_is_known(latitude, longitude):
    """To the poles and the edge of the map, and the same one all over a cell."""
    at = Coordinates(latitude, longitude)
    assert isinstance(NOVEMBER.astimezone(zone(zone_at(at))).utcoffset(), timedelta)
    assert zone_at(at) == zone_at(at.rounded())


# What a source says


@pytest.mark.parametrize(
    ("at", "offset", "then", "named", "expected"),
    [
        (HAPARANDA, None, WINTER, None, "Europe/Stockholm"),
        (HAPARANDA, 3600, WINTER, None, "Europe/Stockholm"),
        (HAPARANDA, 7200, SUMMER, None, "Europe/Stockholm"),
        (HAPARANDA, 7200, WINTER, None, "+02:00"),
        (HAPARANDA, 7200, WINTER, "Europe/Helsinki", "Europe/Helsinki"),
        (HAPARANDA, 3600, WINTER, "Europe/Oslo", "Europe/Stockholm"),
        (HAPARANDA, 20700, WINTER, "Europe/Helsinki", "+05:45"),
        (HAPARANDA, 7200, WINTER, "Europe/Stockholm", "Europe/Stockholm"),
        (SEA, None, WINTER, None, "Etc/GMT+8"),
        (SEA, -28800, WINTER, None, "Etc/GMT+8"),
        (SEA, -34200, WINTER, None, "-09:30"),
    ],
)
def test_what_a_source_says_of_its_clock_holds_for_its_own_data(at, offset, then, named, expected):
    """The zone of the boundaries if its clocks showed that offset then, or the zone named, else the offset itself."""
    assert zone_by(at, offset, then, named) == expected


def test_a_clock_that_disagrees_is_told_once_an_hour(caplog):
    """However many ask: one line for each hour, zone and offset."""
    with caplog.at_level(logging.WARNING, "weather"):
        for n in range(100):
            zone_by(HAPARANDA, 12600, WINTER + timedelta(seconds=n))
        zone_by(HAPARANDA, 12600, WINTER + timedelta(hours=1))
        zone_by(HAPARANDA, 3600, WINTER)
    assert len(caplog.records) == 2
    assert "+03:30" in caplog.text
    assert "Europe/Stockholm" in caplog.text


async def test_by_name_and_by_point_a_place_has_one_clock(site, upstream, clock):
    """Vancouver, of which the source says an hour more or less than the zone's rules do."""
    for seconds in (-28800, -25200, -21600):
        upstream.bodies["/data/2.5/weather"] = lambda q, s=seconds: weather_body(49.25, -123.12, timezone=s)
        upstream.bodies["/data/2.5/forecast"] = lambda q, s=seconds: forecast_body(offset=s)
        clock.now += 86400
        named = (await site.get("/api/v1/forecast?q=Vancouver,CA")).json()
        place = named["place"]
        by_point = (await site.get(f"/api/v1/forecast?lat={place['latitude']}&lon={place['longitude']}")).json()
        assert place["timezone"] == by_point["place"]["timezone"]
        told = datetime.fromisoformat(named["current"]["time"]).utcoffset()
        assert told == timedelta(seconds=seconds)
        assert named["current"]["time"] == by_point["current"]["time"]


# Rules


@pytest.mark.parametrize(
    ("name", "hours"), [("America/Vancouver", -7), ("America/Edmonton", -6), ("America/New_York", -5)]
)
def test_the_rules_are_those_of_the_newest_edition(name, hours):
    """British Columbia and Alberta keep summer time from November 2026 on; New York does not."""
    assert NOVEMBER.astimezone(zone(name)).utcoffset() == timedelta(hours=hours)


def edition(folder: Path, files: dict[str, str]) -> str:
    """A folder of zones that says so of its edition."""
    folder.mkdir()
    for name, text in files.items():
        (folder / name).write_text(text)
    return str(folder)


@pytest.mark.parametrize(
    ("files", "version", "source"),
    [
        ({"tzdata.zi": "# version 2025b\n# more\nR A 1916 o"}, tzdata.IANA_VERSION, "tzdata"),
        ({"tzdata.zi": "# version 2099a\n"}, "2099a", "system"),
        ({"+VERSION": "2099za\n"}, "2099za", "system"),
        ({"tzdata.zi": f"# version {tzdata.IANA_VERSION}\n"}, tzdata.IANA_VERSION, "tzdata"),
        ({"Berlin": ""}, tzdata.IANA_VERSION, "tzdata"),
        ({"tzdata.zi": "# version unknown\n"}, tzdata.IANA_VERSION, "tzdata"),
    ],
)
def test_the_newer_of_the_two_editions_is_taken(tmp_path, files, version, source):
    """The system's where it says that it is newer than the package; else the package's."""
    told = newest(["/nowhere", edition(tmp_path / "zones", files)])
    assert (told.version, told.source) == (version, source)


def test_without_a_system_edition_there_is_the_package():
    """No folder at all."""
    assert system_version([]) == ""
    assert newest([]).source == "tzdata"


async def test_the_edition_in_use_is_told(site):
    """By `/readyz` and on the status page, as zoneinfo now reads it."""
    told = (await site.get("/readyz")).json()["time_zones"]
    page = (await site.get("/status")).text
    expected = newest([]) if not zoneinfo.TZPATH else newest(zoneinfo.TZPATH)
    assert told == f"{expected.version} ({expected.source})"
    assert f"edition {told} of the time zone database" in page
