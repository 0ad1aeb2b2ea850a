"""The report: the place as understood and its age first, then now, the hours, the days, warnings, credits. Pure.

Its numbers and sentences are those of the page.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import timedelta

from weather.domain.model import Place
from weather.domain.text import clean
from weather.i18n import sentences
from weather.i18n.formatting import Formatter
from weather.messages import C_
from weather.web.terminal.codes import symbol
from weather.web.terminal.screen import BOLD, DIM, RED, YELLOW, Cell, Screen, table, without_fixed_spaces
from weather.web.terminal.view import View
from weather.web.view.alerts import Alerts, alerts_part
from weather.web.view.day_rows import DayRow, days_part
from weather.web.view.hour_rows import Step, steps
from weather.web.view.labels import PARTS, credit_in_words, why_missing
from weather.web.view.notice import Notice, notice
from weather.web.view.now import now_part
from weather.web.view.place_names import place_in_words

NARROW, WIDE = 40, 80
HOURS = timedelta(hours=24)


@dataclass(frozen=True, slots=True)
class Contents:
    """How much is told: of the days so many (None: all; 0 leaves the hours out too), and in how much room.

    `others`: places that may have been meant as well, and why they are named.
    """

    days: int | None = None
    narrow: bool = False
    others: Sequence[Place] = ()
    note: str = ""


def text_report(view: View, contents: Contents, *, colour: bool) -> str:
    """The whole report, which ends with a line break."""
    screen = Screen(NARROW if contents.narrow else WIDE, colour)
    parts = [
        [*heading(view, screen), *alternatives(contents, view.reader, screen)],
        list(alert_lines(view, screen)),
        list(now_lines(view, screen)),
        [] if contents.days == 0 else list(hour_lines(view, contents, screen)),
        [] if contents.days == 0 else list(day_lines(view, contents, screen)),
        list(source_lines(view, screen)),
    ]
    return without_fixed_spaces("\n\n".join("\n".join(part) for part in parts if part)) + "\n"


def heading(view: View, screen: Screen) -> Iterator[str]:
    """The place, then how old it is; in words of its own where it is old."""
    for text in screen.wrapped(place_in_words(view.place, view.reader)):
        yield screen.style(text, BOLD)
    if not view.report.has_data:
        return
    age = notice(view.report, view.reader, view.as_of)
    for text in screen.wrapped(" · ".join(ages(view, age))):
        yield text if age.kind == "fresh" else screen.style(text, YELLOW)
    if age.instead:
        yield from screen.wrapped(age.instead)


def ages(view: View, freshness: Notice) -> Iterator[str]:
    """As the line below the name of a page says it."""
    reader, current = view.reader, view.current
    stamp, ago = reader.stamp(freshness.fetched_at, view.as_of), reader.language.ago(freshness.age)
    if freshness.kind == "fresh" and current and current.basis == "analysis":
        at = reader.stamp(current.time, view.as_of)
        yield reader.say("Invented for {time}", time=at) if view.is_demo else reader.say("As of {time}", time=at)
        if freshness.observed_age is not None:
            yield reader.language.ago(freshness.observed_age)
    elif freshness.kind == "fresh":
        yield from (reader.say("Data received: {time}", time=stamp), ago)
    else:
        yield from (
            old_words(freshness, stamp, reader),
            ago,
            *filter(None, [reader.say(freshness.why) if freshness.why else ""]),
        )
        if freshness.retry_at:
            yield reader.say("Next try: {time}", time=reader.stamp(freshness.retry_at, view.as_of))
    yield reader.say("local time {time}", time=reader.clock(view.as_of))


def old_words(freshness: Notice, stamp: str, reader: Formatter) -> str:
    if freshness.kind == "offline":
        return reader.say("Offline. Data from: {time}", time=stamp)
    if freshness.is_mixed:
        return reader.say("Out of date. Oldest data from: {time}", time=stamp)
    return reader.say("Out of date. Data from: {time}", time=stamp)


def alternatives(contents: Contents, reader: Formatter, screen: Screen) -> Iterator[str]:
    """The other places that may be meant, each with the path that leads to it."""
    if contents.others:
        yield from screen.wrapped(reader.say(contents.note))
        yield from paths(contents.others, reader)


def paths(places: Sequence[Place], reader: Formatter) -> list[str]:
    """Places with the paths under which they are to be had here."""
    return [f"  /{place.coordinates.rounded()}  {clean(place_in_words(place, reader))}" for place in places]


def alert_lines(view: View, screen: Screen) -> Iterator[str]:
    """The warnings in force; else that there are none, or that they are not known."""
    alerts = alerts_part(view.report.alerts, view.reader, view.as_of)
    if alerts.in_force:
        yield screen.style(view.reader.language.plural("{n} alert", "{n} alerts", len(alerts.in_force)), RED)
        yield from in_force(alerts, view, screen)
    elif alerts.are_known and not alerts.gap:
        yield view.reader.say("No alerts.")
    yield from screen.wrapped(alerts.gap) if alerts.gap else gap(view, "alerts", screen)


def in_force(alerts: Alerts, view: View, screen: Screen) -> Iterator[str]:
    reader = view.reader
    if not alerts.are_known:
        yield from screen.wrapped(reader.say("Last known: {time}. There may be newer ones.", time=alerts.known_at), 2)
    for alert in alerts.in_force:
        start = reader.stamp(alert.starts_at, view.as_of)
        when = reader.say("From: {start} (its end is not clear)", start=start)
        if alert.ends_at and alert.ends_at > alert.starts_at:
            when = reader.span(alert.starts_at, alert.ends_at, view.as_of)
        event = alert.event or reader.say("Official warning")
        yield from screen.wrapped(" · ".join(filter(None, [event, alert.sender, when])), 2)


def gap(view: View, name: str, screen: Screen) -> list[str]:
    """Why a part is not there; [] if it is."""
    why = next((why_missing(missing) for missing in view.report.missing if missing.section == name), None)
    if why is None:
        return []
    say, name = view.reader.say, view.reader.language.capitalised(view.reader.say(PARTS[name]))
    return screen.wrapped(say("{name}: {value}", name=name, value=say(why)))


def now_lines(view: View, screen: Screen) -> Iterator[str]:
    """The temperature and the sky, and the sentences about now and the next hours."""
    reader = view.reader
    present = now_part(view.report, reader, view.as_of)
    yield screen.style(reader.say(C_("heading", "Now")), BOLD)
    if current := present.conditions:
        yield f"  {symbol(current.condition, current.is_day)}  {screen.warmth(sky_words(view), current.temperature)}"
        if present.feels is not None:
            feels = reader.say("feels like {temperature}", temperature=reader.temperature(present.feels))
            yield f"  {feels}"
        if current.basis == "forecast":
            yield from screen.wrapped(reader.say("Forecast for now, not measured."), 2)
    yield from gap(view, "current", screen)
    next_hour = " ".join(filter(None, [present.next_hour, present.step_words if present.next_hour else None]))
    for words in filter(None, [present.wind_words, next_hour, present.outlook]):
        yield from screen.wrapped(words, 2)


def sky_words(view: View) -> str:
    current = view.current
    words = view.reader.say(current.condition.text) if current and current.condition else ""
    temperature = with_unit(current.temperature if current else None, view.reader)
    return clean(view.reader.listed([part for part in (temperature, words) if part]))


def with_unit(celsius: float | None, reader: Formatter) -> str:
    """A temperature with its unit, which nothing else on the screen names: "12 °C"."""
    return reader.measure(celsius, reader.system.temperature)


def hour_lines(view: View, contents: Contents, screen: Screen) -> Iterator[str]:
    """The steps of the next 24 hours."""
    reader, hours = view.reader, view.report.hours
    rows = sentences.ahead(steps(hours, reader, view.as_of), view.as_of, HOURS)
    warmth = {hour.time: hour.temperature for hour in hours}
    yield screen.style(reader.say("Hour by hour"), BOLD)
    if rows:
        cells = [step_cells(row, warmth[row.time], contents) for row in rows]
        yield from table([head(contents, reader), *cells], screen)
        yield from screen.wrapped(reader.say("Precipitation is the sum of the hours before the time."), 2)
    elif view.report.hourly and view.report.hourly.value is not None:
        yield from screen.wrapped(reader.say("The saved forecast has come to its end."), 2)
    yield from gap(view, "hourly", screen)


def head(contents: Contents, reader: Formatter) -> list[Cell]:
    """The units of the columns; their names are in the sentence below."""
    cells = [Cell(""), Cell(reader.unit(reader.system.temperature), is_number=True)]
    cells += [Cell(reader.unit(reader.system.precipitation), is_number=True), Cell("%", is_number=True)]
    return cells if contents.narrow else [*cells, Cell(reader.unit(reader.system.wind_speed)), Cell("")]


def step_cells(row: Step, celsius: float | None, contents: Contents) -> list[Cell]:
    cells = [Cell(row.stamp), Cell(row.temperature, celsius, is_number=True)]
    cells += [Cell(row.precipitation, is_number=True), Cell(row.chance, is_number=True)]
    return cells if contents.narrow else [*cells, Cell(row.wind.words), Cell(row.sky)]


def day_lines(view: View, contents: Contents, screen: Screen) -> Iterator[str]:
    """The days from today on, or tonight and the days after it."""
    reader = view.reader
    days = days_part(view.report, steps(view.report.hours, reader, view.as_of), reader, view.as_of)
    rows = days.rows[: contents.days]
    title = reader.language.plural("Next {n} day", "Next {n} days", len(rows)) if rows else reader.say("Next days")
    yield screen.style(title, BOLD)
    if rows:
        yield from day_table(rows, contents, reader, screen)
        yield from hours_gone(rows[0], reader, screen)
    elif "daily" not in {missing.section for missing in view.report.missing}:
        yield from screen.wrapped(reader.say("The saved forecast has come to its end."), 2)
    yield from gap(view, "daily", screen)


def hours_gone(row: DayRow, reader: Formatter, screen: Screen) -> list[str]:
    """That the numbers of today count the hours that have gone by."""
    if not row.hours_gone:
        return []
    return screen.wrapped(reader.say("{name}: {value}", name=row.name, value=row.hours_gone), 2)


def day_table(rows: Sequence[DayRow], contents: Contents, reader: Formatter, screen: Screen) -> Iterator[str]:
    """A line for each day; where there is little room, which part of it is told stands below it."""
    for row, text in zip(rows, table([day_cells(row, contents, reader) for row in rows], screen), strict=True):
        yield text
        if contents.narrow and row.known_part:
            yield f"    {row.known_part}"


def day_cells(row: DayRow, contents: Contents, reader: Formatter) -> list[Cell]:
    """Its name, low and high, the chance of rain or snow, and its words."""
    low, high = row.day.temperature_min, row.day.temperature_max
    chance = reader.percent(row.day.precipitation_probability) if row.is_chance_told else ""
    name = " ".join(filter(None, [row.name, "" if contents.narrow else row.known_part]))
    cells = [Cell(name), Cell(reader.temperature(low), low, True), Cell(reader.temperature(high), high, True)]
    words = row.fallen if contents.narrow else row.day.summary or ""
    return [*cells, Cell(chance, is_number=True), Cell(words)]


def source_lines(view: View, screen: Screen) -> Iterator[str]:
    """Whom to credit."""
    for credit in view.report.attributions:
        yield from (screen.style(line, DIM) for line in screen.wrapped(credit_in_words(credit, view.reader)))
