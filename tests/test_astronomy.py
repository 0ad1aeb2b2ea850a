"""Sun and moon, against published tables, against NOAA's formulas written out here, and against plain sense."""

import math
from datetime import UTC, date, datetime, time, timedelta, timezone
from itertools import pairwise
from zoneinfo import ZoneInfo

import astronomy
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from weather.domain.astronomy import is_day, moon, nights, sun
from weather.domain.model import Coordinates

LONDON = Coordinates(51.5074, -0.1278)
AUCKLAND = Coordinates(-36.8509, 174.7645)
LONGYEARBYEN = Coordinates(78.22, 15.65)
TROMSO = Coordinates(69.6492, 18.9553)
REYKJAVIK = Coordinates(64.1466, -21.9426)
SECOND = timedelta(seconds=1)
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)
NOON = datetime(2000, 1, 1, 12, tzinfo=UTC)  # from here astronomy-engine counts days

# Zones that move at midnight, skip a day, lie far from the sun, or were off UTC by odd seconds.
ODD_ZONES = """America/Havana America/Santiago Africa/Cairo Asia/Beirut Pacific/Apia Pacific/Kwajalein Asia/Shanghai
Pacific/Kiritimati Etc/GMT+12 Africa/Monrovia Asia/Kathmandu Australia/Lord_Howe Europe/London Antarctica/Troll"""

latitudes = st.floats(-90, 90) | st.sampled_from([-90.0, -66.56, 0.0, 66.56, 67.4, 90.0])
longitudes = st.floats(-180, 180) | st.sampled_from([-180.0, 180.0])
anywhere = st.builds(Coordinates, latitudes, longitudes)
polar = st.builds(Coordinates, st.floats(65, 90) | st.floats(-90, -65), longitudes)
lived_in = st.builds(Coordinates, st.floats(-58, 58), longitudes)
days = st.dates(date(1970, 1, 1), date(2100, 12, 31))
zones = st.sampled_from(ODD_ZONES.split()).map(ZoneInfo)
unhurried = settings(deadline=None, max_examples=60)


def altitude(at, moment):
    """The sun's, in degrees, by NOAA's solar calculator (https://gml.noaa.gov/grad/solcalc/calcdetails.html)."""
    n = (moment - datetime(2000, 1, 1, 12, tzinfo=UTC)) / DAY
    t = n / 36525
    anomaly = math.radians(357.52911 + t * (35999.05029 - 0.0001537 * t))
    centre = (
        math.sin(anomaly) * (1.914602 - t * (0.004817 + 0.000014 * t))
        + math.sin(2 * anomaly) * (0.019993 - 0.000101 * t)
        + math.sin(3 * anomaly) * 0.000289
    )
    node = math.radians(125.04 - 1934.136 * t)
    mean = 280.46646 + t * (36000.76983 + 0.0003032 * t)
    longitude = math.radians(mean + centre - 0.00569 - 0.00478 * math.sin(node))
    obliquity = math.radians(23.4392911 - 0.0130042 * t + 0.00256 * math.cos(node))
    ascension = math.atan2(math.cos(obliquity) * math.sin(longitude), math.cos(longitude))
    declination = math.asin(math.sin(obliquity) * math.sin(longitude))
    hour_angle = math.radians(280.46061837 + 360.98564736629 * n + at.longitude) - ascension
    latitude = math.radians(at.latitude)
    sine = math.sin(latitude) * math.sin(declination)
    sine += math.cos(latitude) * math.cos(declination) * math.cos(hour_angle)
    return math.degrees(math.asin(max(-1.0, min(1.0, sine))))


def span(day, tz):
    """The local day's first instant, and the first that is no longer its own."""
    return tuple(datetime.combine(d, time(), tz).astimezone(UTC) for d in (day, day + DAY))


def year(of, at, tz, start):
    return [of(at, start + n * DAY, tz) for n in range(365)]


def clock(moment):
    return moment and f"{moment:%H:%M}"


def near(moment, clock_time, minutes):
    hours, rest = map(int, clock_time.split(":"))
    return abs(moment - moment.replace(hour=hours, minute=rest)) <= minutes * MINUTE


@pytest.mark.parametrize(
    ("at", "zone", "day", "sunrise", "sunset"),
    [
        (LONDON, "Europe/London", "2026-03-20", "06:03", "18:13"),
        (LONDON, "Europe/London", "2026-06-21", "04:43", "21:21"),
        (LONDON, "Europe/London", "2026-12-21", "08:04", "15:53"),
        (Coordinates(40.7128, -74.006), "America/New_York", "2026-06-21", "05:25", "20:31"),
        (Coordinates(40.7128, -74.006), "America/New_York", "2026-12-21", "07:17", "16:32"),
        (Coordinates(40.73, -73.92), "UTC", "2025-08-20", "10:11", "23:46"),  # USNO, aa.usno.navy.mil
        (Coordinates(-33.8688, 151.2093), "Australia/Sydney", "2026-06-21", "07:00", "16:54"),
        (Coordinates(-33.8688, 151.2093), "Australia/Sydney", "2026-12-22", "05:41", "20:05"),
        (Coordinates(1.3521, 103.8198), "Asia/Singapore", "2026-02-11", "07:17", "19:21"),
    ],
)
def test_sun_rises_and_sets_as_the_tables_say(at, zone, day, sunrise, sunset):
    """Sunrise and sunset are those of published tables, give or take a minute."""
    told = sun(at, date.fromisoformat(day), ZoneInfo(zone))
    assert near(told.sunrise, sunrise, 1)
    assert near(told.sunset, sunset, 1)


@pytest.mark.parametrize(
    ("at", "tz", "day", "moonrise", "moonset"),
    [
        # USNO, aa.usno.navy.mil.
        (Coordinates(40.73, -73.92), UTC, "2025-08-20", "06:53", "22:38"),
        # New Zealand Nautical Almanac 2022/23, in standard time.
        (AUCKLAND, timezone(timedelta(hours=12)), "2023-01-13", "23:14", "10:37"),
        (AUCKLAND, timezone(timedelta(hours=12)), "2023-01-27", "11:15", "22:58"),
    ],
)
def test_moon_rises_and_sets_as_the_almanacs_say(at, tz, day, moonrise, moonset):
    """Moonrise and moonset are those of two national almanacs, give or take a minute."""
    told = moon(at, date.fromisoformat(day), tz)
    assert near(told.moonrise, moonrise, 1)
    assert near(told.moonset, moonset, 1)


@pytest.mark.parametrize(
    ("at", "zone", "day", "moonrises"),
    [
        (Coordinates(51.5, -0.116), "Europe/London", date(2024, 2, 1), [None, "00:20", "01:36"]),
        (Coordinates(47.37, 8.54), "Europe/Zurich", date(2024, 2, 1), [None, "00:34", "01:45"]),
        (AUCKLAND, "Pacific/Auckland", date(2023, 1, 13), [None, "00:14"]),
    ],
)
def test_no_moonrise_on_the_day_it_slips_past_midnight(at, zone, day, moonrises):
    """A moonrise just after midnight belongs to the new day, and the day before has none."""
    told = [moon(at, day + n * DAY, ZoneInfo(zone)).moonrise for n in range(len(moonrises))]
    assert [clock(moonrise) for moonrise in told] == moonrises


@pytest.mark.parametrize(
    ("instant", "phase"),
    [
        ("2024-04-08 18:21", 0.0),  # solar eclipse over North America
        ("2025-01-06 23:56", 0.25),
        ("2025-01-13 22:27", 0.5),
        ("2025-01-21 20:31", 0.75),
        ("2025-03-14 06:55", 0.5),  # lunar eclipse
        ("2025-03-29 10:58", 0.0),  # solar eclipse
        ("2025-09-07 18:09", 0.5),  # lunar eclipse
        ("2026-02-17 12:01", 0.0),  # solar eclipse
        ("2026-03-03 11:38", 0.5),  # lunar eclipse
        ("2026-08-12 17:37", 0.0),  # solar eclipse over Spain
    ],
)
def test_phase_is_that_of_local_noon(instant, phase):
    """In a zone whose noon is the published minute of a new, half or full moon, the phase is just that."""
    moment = datetime.fromisoformat(instant)
    tz = timezone(datetime.combine(moment, time(12)) - moment)
    off = moon(LONDON, moment.date(), tz).phase - phase
    assert abs((off + 0.5) % 1 - 0.5) < 2 * MINUTE / (29.53 * DAY)


def test_phase_grows_through_the_month():
    """The phase goes from 0 to 1 in one lunation and starts again."""
    phases = [told.phase for told in year(moon, LONDON, UTC, date(2026, 1, 1))]
    steps = [(b - a) % 1 for a, b in pairwise(phases)]
    assert all(0 <= phase < 1 for phase in phases)
    assert all(0.028 < step < 0.042 for step in steps)


def polar_at(at: Coordinates, day: date, tz) -> str | None:
    """Polar "day" or "night", by the sun at noon; None if it rises or sets."""
    told = sun(at, day, tz)
    if told.sunrise or told.sunset:
        return None
    return "day" if is_day(at, datetime.combine(day, time(12), tz)) else "night"


@pytest.mark.parametrize(
    ("at", "first", "last", "season"),
    [
        (LONGYEARBYEN, "2026-04-20", "2026-08-23", "day"),
        (LONGYEARBYEN, "2026-10-27", "2027-02-14", "night"),
        (TROMSO, "2026-05-19", "2026-07-24", "day"),
        (TROMSO, "2026-11-28", "2027-01-14", "night"),
    ],
)
def test_polar_seasons_of_svalbard_and_tromso(at, first, last, season):
    """Midnight sun and polar night last as long as is known of them, to two days at each end."""
    first, last = date.fromisoformat(first), date.fromisoformat(last)
    oslo = ZoneInfo("Europe/Oslo")
    assert {polar_at(at, first + n * DAY, oslo) for n in range((last - first).days + 1)} == {season}
    assert polar_at(at, first - 3 * DAY, oslo) is polar_at(at, last + 3 * DAY, oslo) is None


@pytest.mark.parametrize(("latitude", "summer"), [(90.0, 6), (-90.0, 12)])
def test_a_year_at_the_pole_has_one_sunrise_and_one_sunset(latitude, summer):
    """At the poles the sun rises once and sets once a year, and every other day is polar."""
    told = year(sun, Coordinates(latitude, 0.0), UTC, date(2026, 1, 1))
    assert sum(day.sunrise is not None for day in told) == 1
    assert sum(day.sunset is not None for day in told) == 1
    assert sum(bool(day.sunrise or day.sunset) for day in told) == 2
    assert polar_at(Coordinates(latitude, 0.0), date(2026, summer, 15), UTC) == "day"


def test_reykjavik_skips_a_sunset_and_later_has_two():
    """The June day whose sunset slips past midnight has none, and the day with two tells the later."""
    told = [sun(REYKJAVIK, date(2026, 6, 1) + n * DAY, UTC) for n in range(30)]
    without = [day for day in told if day.sunset is None]
    assert [day.sunrise.day for day in without] == [15]
    assert (clock(told[27].sunset), clock(told[28].sunset)) == ("00:01", "23:59")


def test_short_and_long_days_keep_their_own_events():
    """On the days the clocks change, London's sun keeps the clock of the hour it rises in."""
    london = ZoneInfo("Europe/London")
    spring, autumn = sun(LONDON, date(2026, 3, 29), london), sun(LONDON, date(2026, 10, 25), london)
    assert (clock(spring.sunrise), spring.sunrise.utcoffset()) == ("06:43", timedelta(hours=1))
    assert (clock(autumn.sunset), autumn.sunset.utcoffset()) == ("16:47", timedelta(0))


@pytest.mark.parametrize(
    ("at", "zone", "sunrise", "sunset"),
    [
        (AUCKLAND, "UTC", "19:33", "05:11"),  # the sun sets before it rises
        (Coordinates(39.47, 75.99), "Asia/Shanghai", "07:29", "22:27"),  # Kashgar, on Beijing's clock
        (Coordinates(-18.1416, 178.4419), "Pacific/Fiji", "06:37", "17:39"),  # Suva, by the antimeridian
        (Coordinates(1.87, -157.43), "Pacific/Kiritimati", "06:22", "18:40"),  # a day ahead of its meridian
    ],
)
def test_clocks_far_from_the_sun(at, zone, sunrise, sunset):
    """The day is that of the clock on the wall, however far from the sun's."""
    day = date(2026, 6, 20)
    told = sun(at, day, ZoneInfo(zone))
    assert (told.sunrise.date(), told.sunset.date()) == (day, day)
    assert near(told.sunrise, sunrise, 2)
    assert near(told.sunset, sunset, 2)


@pytest.mark.parametrize("seconds", range(-60, 61, 8))
def test_what_rounds_to_midnight_opens_the_new_day(seconds):
    """An event some seconds off midnight is told once, on the day of the minute that it is told at."""
    day = date(2026, 4, 1)
    sunset = sun(LONDON, day, UTC).sunset
    tz = timezone(datetime.combine(day + DAY, time(), UTC) - sunset + timedelta(seconds=seconds))
    told = {when: sun(LONDON, when, tz).sunset for when in (day, day + DAY)}
    same = {when: moment for when, moment in told.items() if moment and abs(moment - sunset) < 5 * MINUTE}
    assert [moment.date() for moment in same.values()] == list(same)
    assert len(same) == 1


def test_a_day_that_the_calendar_left_out_has_no_events():
    """Samoa had no 30 December 2011, so nothing rose or set on it."""
    apia = Coordinates(-13.83, -171.77)
    told, shown = (of(apia, date(2011, 12, 30), ZoneInfo("Pacific/Apia")) for of in (sun, moon))
    assert (told.sunrise, told.sunset, shown.moonrise, shown.moonset) == (None,) * 4


@pytest.mark.slow
@pytest.mark.parametrize(("of", "rise", "fall"), [(sun, "sunrise", "sunset"), (moon, "moonrise", "moonset")])
@pytest.mark.parametrize("zone", ["Pacific/Auckland", "UTC", "America/Santiago"])
def test_every_event_of_a_year_is_told_once(of, rise, fall, zone):
    """Rises and sets take turns all year, none lost at a midnight and none told twice."""
    told = year(of, AUCKLAND, ZoneInfo(zone), date(2026, 1, 1))
    events = [(getattr(day, kind), kind) for day in told for kind in (rise, fall)]
    kinds = [kind for _, kind in sorted((moment.astimezone(UTC), kind) for moment, kind in events if moment)]
    assert all(a != b for a, b in pairwise(kinds))
    assert len(kinds) in range(704, 708) if of is moon else range(729, 732)


@unhurried
@given(anywhere, days, zones)
def test_any_place_and_day_is_answered_within_the_day(at, day, tz):
    """Nothing raises, and every event lies in the local day, in its zone, on a whole minute."""
    told, shown = sun(at, day, tz), moon(at, day, tz)
    start, end = span(day, tz)
    for moment in filter(None, (told.sunrise, told.sunset, shown.moonrise, shown.moonset)):
        assert moment.tzinfo is tz
        assert start <= moment.astimezone(UTC) < end
        assert (moment.second, moment.microsecond) == (0, 0)
    assert 0 <= shown.phase < 1


@unhurried
@given(anywhere, days)
def test_sun_agrees_with_noaa(at, day):
    """By NOAA's formulas the sun stands on the horizon at each event, or stays on its side all day if there is none."""
    told = sun(at, day, UTC)
    for moment in filter(None, (told.sunrise, told.sunset)):
        assert altitude(at, moment) == pytest.approx(-5 / 6, abs=0.15)  # half a minute turns the sky by 0.125°
    heights = [altitude(at, span(day, UTC)[0] + n * 10 * MINUTE) for n in range(144)]
    if polar_at(at, day, UTC) == "day":
        assert min(heights) > -5 / 6 - 0.03
    if polar_at(at, day, UTC) == "night":
        assert max(heights) < -5 / 6 + 0.03


@unhurried
@given(anywhere, st.datetimes(datetime(1970, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC)))
def test_is_day_agrees_with_noaa(at, moment):
    """It is day when NOAA's sun is higher than 50 arc minutes below the horizon."""
    height = altitude(at, moment)
    assume(abs(height + 5 / 6) > 0.03)
    assert is_day(at, moment) == (height > -5 / 6)


@unhurried
@given(lived_in, days)
def test_day_breaks_at_sunrise_and_ends_at_sunset(at, day):
    """It turns day within the minute of sunrise, and night within the minute of sunset."""
    told = sun(at, day, UTC)
    for moment, before, after in ((told.sunrise, False, True), (told.sunset, True, False)):
        assume(moment)
        assert is_day(at, moment - MINUTE) is before
        assert is_day(at, moment + MINUTE) is after


@unhurried
@given(lived_in, days)
def test_sunrise_comes_before_sunset_on_the_suns_own_clock(at, day):
    """Where people live and clocks follow the sun, a day has a sunrise, then a sunset."""
    told = sun(at, day, timezone(round(at.longitude * 4) * MINUTE))
    assert told.sunrise < told.sunset


@unhurried
@given(longitudes, days)
def test_days_at_the_equator_last_twelve_hours(longitude, day):
    """All year a day at the equator lasts 12 hours and 7 minutes: the sun's own width and refraction lengthen it."""
    told = sun(Coordinates(0.0, longitude), day, timezone(round(longitude * 4) * MINUTE))
    assert abs(told.sunset - told.sunrise - timedelta(hours=12, minutes=7)) <= 2 * MINUTE


@unhurried
@given(latitudes, days, zones)
def test_both_names_of_the_antimeridian_are_one_place(latitude, day, tz):
    """180° east and 180° west see the same sun and moon."""
    east, west = Coordinates(latitude, 180.0), Coordinates(latitude, -180.0)
    assert sun(east, day, tz) == sun(west, day, tz)
    assert moon(east, day, tz) == moon(west, day, tz)


def searched(body, at, day, tz):
    """The first rise and the last set of a local day as astronomy-engine's own searches find them."""
    start, end = ((moment - MINUTE / 2 - NOON) / DAY for moment in span(day, tz))
    observer, direction = astronomy.Observer(at.latitude, at.longitude, 0), astronomy.Direction
    for one, near, far in ((direction.Rise, start, end), (direction.Set, end, start)):
        search = body, observer, one, astronomy.Time(near), far - near
        is_sun = body is astronomy.Body.Sun
        found = astronomy.SearchAltitude(*search, -50 / 60) if is_sun else astronomy.SearchRiseSet(*search)
        yield found and NOON + found.ut * DAY


def is_plain(events, midnights):
    """Whether it neither grazes the horizon, less than an arc minute deep, nor passes it at midnight."""
    told = [moment.astimezone(UTC) for moment in events if moment]
    return all(abs(a - b) > 10 * MINUTE for a, b in pairwise(told)) and all(
        abs(moment - midnight) > MINUTE for moment in told for midnight in midnights
    )


@pytest.mark.slow
@settings(deadline=None, max_examples=150)
@given(anywhere | polar, days, zones, st.booleans())
def test_events_are_those_of_the_librarys_own_searches(at, day, tz, is_sun):
    """Rise and set are found where astronomy-engine finds them when it is asked for every position anew."""
    told = sun(at, day, tz) if is_sun else moon(at, day, tz)
    ours = (told.sunrise, told.sunset) if is_sun else (told.moonrise, told.moonset)
    theirs = tuple(searched(astronomy.Body.Sun if is_sun else astronomy.Body.Moon, at, day, tz))
    assume(is_plain(ours, span(day, tz)) and is_plain(theirs, span(day, tz)))
    for our, their in zip(ours, theirs, strict=True):
        assert (our is None) == (their is None)
        assert our is None or abs(our - their) <= 31 * SECOND  # half a minute of rounding, and the searches' own 0.1 s


@pytest.mark.slow
@unhurried
@given(anywhere, days, zones)
def test_phase_is_the_librarys(at, day, tz):
    """The phase at noon is astronomy-engine's, to six decimals."""
    noon = (datetime.combine(day, time(12), tz) - NOON) / DAY
    off = moon(at, day, tz).phase - astronomy.MoonPhase(astronomy.Time(noon)) / 360
    assert abs((off + 0.5) % 1 - 0.5) < 1e-6


@unhurried
@given(anywhere | polar, st.datetimes(datetime(1970, 1, 1), datetime(2100, 12, 31), timezones=st.just(UTC)))
def test_nights_are_when_noaas_sun_is_down(at, start):
    """At each quarter of an hour of two days it is night just when NOAA's sun is below the horizon."""
    end = start + 2 * DAY
    told = nights(at, start, end)
    edges = [start, *(edge for night in told for edge in night), end]
    assert edges == sorted(edges)
    for moment in (start + n * 15 * MINUTE for n in range(1, 192)):
        height = altitude(at, moment) + 5 / 6
        if abs(height) > 0.03:
            assert any(dusk <= moment < dawn for dusk, dawn in told) == (height < 0)


@unhurried
@given(lived_in, days)
def test_nights_last_from_sunset_to_sunrise(at, day):
    """The night after a day where people live begins at its sunset and ends at the next sunrise."""
    tz = timezone(round(at.longitude * 4) * MINUTE)
    noon = datetime.combine(day, time(12), tz)
    ((dusk, dawn),) = nights(at, noon, noon + DAY)
    assert abs(dusk - sun(at, day, tz).sunset) <= MINUTE / 2
    assert abs(dawn - sun(at, day + DAY, tz).sunrise) <= MINUTE / 2


def test_nights_of_the_far_north():
    """Polar night is one span, midnight sun is none, and a night of minutes is not missed."""
    winter, summer = datetime(2026, 12, 20, 7, tzinfo=UTC), datetime(2026, 6, 13, 12, tzinfo=UTC)
    assert nights(TROMSO, winter, winter + 2 * DAY) == [(winter, winter + 2 * DAY)]
    assert nights(TROMSO, summer, summer + 2 * DAY) == []
    ((dusk, dawn),) = nights(Coordinates(65.9, 25.7), summer, summer + DAY)
    assert timedelta(0) < dawn - dusk < 30 * MINUTE
    assert altitude(Coordinates(65.9, 25.7), dusk + (dawn - dusk) / 2) == pytest.approx(-5 / 6, abs=0.03)


def test_another_place_asks_the_library_nothing(monkeypatch):
    """Once the sky of some days is known, that of any other place is worked out from it."""
    day = date(2026, 11, 25)
    sun(LONDON, day, UTC), moon(LONDON, day, UTC)
    for name in ("GeoMoon", "GeoVector", "MoonPhase", "Equator"):
        monkeypatch.delattr(astronomy, name)
    told, shown = sun(AUCKLAND, day, UTC), moon(AUCKLAND, day, UTC)
    assert all((told.sunrise, told.sunset, shown.moonrise, shown.moonset))
    assert nights(AUCKLAND, told.sunset - MINUTE, told.sunset + MINUTE)
