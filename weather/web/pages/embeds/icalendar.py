"""The days of a forecast as an iCalendar object (RFC 5545): an event for each day, of which every byte is the data's.

Its UIDs are those of place and day, so that a program that fetches it again replaces what it has. Times are absolute,
for a calendar is read long after it was fetched. Pure.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

from weather import __version__
from weather.domain.model import Coordinates, DailyForecast, zone
from weather.domain.text import clean
from weather.i18n.day_and_night import sky_and_night
from weather.i18n.formatting import Formatter
from weather.messages import C_, N_
from weather.providers.report import Report, overall
from weather.web.view.day_rows import Part, calendar_days
from weather.web.view.labels import credit_in_words

LONGEST_LINE = 75
"""Octets of a content line without its end (RFC 5545, 3.1)."""

AGAIN = "PT3H"
"""How often a program should look again: forecasts come every few hours (REFRESH-INTERVAL: RFC 7986, 5.7)."""

ESCAPES = str.maketrans({"\\": r"\\", ";": r"\;", ",": r"\,", "\n": r"\n"})


def calendar(report: Report, name: str, reader: Formatter, now: float) -> bytes:
    """The object, of the days from the place's own today on that are known; `name` is what the place is called."""
    as_of = datetime.fromtimestamp(now // 60 * 60, zone(report.place.timezone))
    days = [part for part in calendar_days(report, reader, as_of) if part.day.temperature_max is not None]
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        f"PRODID:-//Weatherglass//Weatherglass {__version__}//EN",
        f"NAME:{text(name)}",
        f"X-WR-CALNAME:{text(name)}",
        f"REFRESH-INTERVAL;VALUE=DURATION:{AGAIN}",
        f"X-PUBLISHED-TTL:{AGAIN}",
        *(line for part in days for line in event(part, report, name, reader)),
        "END:VCALENDAR",
    ]
    return b"".join(folded(line) for line in lines)


def event(part: Part, report: Report, name: str, reader: Formatter) -> Iterator[str]:
    day, fetched_at = part.day.date, overall(report.freshness().values()).fetched_at
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(report.place.coordinates.rounded(), day)}"
    yield f"DTSTAMP:{stamp(fetched_at)}"
    yield f"LAST-MODIFIED:{stamp(fetched_at)}"
    yield f"DTSTART;VALUE=DATE:{day:%Y%m%d}"
    yield f"DTEND;VALUE=DATE:{day + timedelta(days=1):%Y%m%d}"
    yield f"SUMMARY:{text(title(part, report, reader))}"
    yield f"LOCATION:{text(name)}"
    yield f"DESCRIPTION:{text(chr(10).join(details(part, report, reader)))}"
    yield "TRANSP:TRANSPARENT"
    yield "END:VEVENT"


def uid(at: Coordinates, day: date) -> str:
    """A name that the day of this place has for ever, and no other."""
    return f"{day.isoformat()}_{at.latitude:.2f}_{at.longitude:.2f}@weatherglass"


def title(part: Part, report: Report, reader: Formatter) -> str:
    """Low and high, and the sky, with what falls at night; which part of the day is told, and if old or invented."""
    words = reader.listed([text for text in (low_and_high(part.day, reader), sky(part, report, reader)) if text])
    marks = [*filter(None, [part.known_part]), *(reader.say(word) for word in state_words(report))]
    return f"{words} ({reader.listed(marks)})" if marks else words


def low_and_high(day: DailyForecast, reader: Formatter) -> str:
    unit = reader.system.temperature
    low, high = (reader.number(degrees, unit) for degrees in (day.temperature_min, day.temperature_max))
    return f"{low} / {high} {reader.unit(unit)}"


def sky(part: Part, report: Report, reader: Formatter) -> str:
    """The sky of the day, with what falls in the dark; "" where it is not known."""
    day, night = part.day, report.nights.get(part.day.date)
    words = reader.language.capitalised(reader.say(day.condition.text)) if day.condition else ""
    return sky_and_night(words, night, reader).rstrip(".") if night else words


def state_words(report: Report) -> list[str]:
    is_stale, is_demo = report.freshness_now.is_stale, report.source.word == "demo"
    return [*([C_("data", "out of date")] if is_stale else []), *([N_("demo")] if is_demo else [])]


def details(part: Part, report: Report, reader: Formatter) -> Iterator[str]:
    """The day in words, how old that is, and whom to credit."""
    day = part.day
    if day.summary:
        yield day.summary
    if day.partial:
        yield reader.say("The forecast covers only a part of this day.")
    if part.hours_gone:
        yield part.hours_gone
    if day.precipitation_probability:
        chance = reader.percent(day.precipitation_probability)
        yield reader.say("Chance of precipitation: at least {chance}.", chance=chance)
    if day.sunrise and day.sunset:
        times = {"sunrise": reader.clock(day.sunrise), "sunset": reader.clock(day.sunset)}
        yield reader.say("Sun: {words}", words=reader.say("{sunrise} to {sunset}", **times))
    is_stale, time = report.freshness_now.is_stale, reader.dated(overall(report.freshness().values()).fetched_at)
    yield reader.say(N_("Out of date. Data from: {time}") if is_stale else N_("Data received: {time}"), time=time)
    yield from (credit_in_words(credit, reader) for credit in report.attributions)


def stamp(moment: datetime) -> str:
    """A time in UTC (RFC 5545, 3.3.5, form 2)."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def text(value: str) -> str:
    """A text with what has a meaning in a content line escaped (RFC 5545, 3.3.11), and nothing that cannot be seen."""
    return "\n".join(" ".join(clean(line).split()) for line in value.splitlines()).translate(ESCAPES)


def folded(line: str) -> bytes:
    """A content line in parts of 75 octets at most, none of which ends within a character (RFC 5545, 3.1)."""
    rest, parts, room = line.encode(), list[bytes](), LONGEST_LINE
    while len(rest) > room:
        end = room
        while rest[end] & 0xC0 == 0x80:
            end -= 1
        parts.append(rest[:end])
        rest, room = rest[end:], LONGEST_LINE - 1
    return b"\r\n ".join([*parts, rest]) + b"\r\n"
