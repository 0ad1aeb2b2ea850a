"""What a card, a badge and the preview of a link say of a place: now in a line, how old it is, and warnings. Pure.

They are shown elsewhere and kept by others, so their times have a date and their days a weekday: what is read later
than it was written still says when it was true.
"""

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import NamedTuple
from urllib.parse import urlencode

from weather.domain.model import Alert
from weather.i18n.formatting import UNKNOWN, Formatter
from weather.messages import C_, N_
from weather.providers.report import Attribution
from weather.web.http.preferences import Preferences
from weather.web.view.day_rows import DayRow
from weather.web.view.forecast import ForecastPage
from weather.web.view.meteogram import colours
from weather.web.view.now import Now

DAYS = 4
"""Days of a card."""

RENEWED_AFTER = 900
"""Seconds after which a card that stays open is loaded again."""

NO_SCRIPT = "default-src 'none'; base-uri 'none'; form-action 'none'"
OFFLINE = N_("Offline. Data from: {time}")
OUT_OF_DATE, PARTLY_OLD = N_("Out of date. Data from: {time}"), N_("Out of date. Oldest data from: {time}")


class WarningLine(NamedTuple):
    """An official warning: what it is, and from when to when."""

    event: str
    times: str


@dataclass(frozen=True, slots=True)
class Card:
    """What `card.html` shows. `is_demo`: it is invented; `is_old`: past its lifetime.

    `unsure`: what is not known of the warnings, in words; `are_none`: a fresh source says that there are none.
    """

    heading: str
    forecast: str
    title: str
    age: str
    is_old: bool
    is_demo: bool
    now: Now
    warnings: Sequence[WarningLine]
    unsure: str
    are_none: bool
    days: Sequence[DayRow]
    lacks_now: str
    attributions: Sequence[Attribution]
    symbols: Sequence[str]


def card(page: ForecastPage, reader: Formatter) -> Card:
    """The card of what the forecast page shows."""
    days = page.days.rows[:DAYS]
    used = {page.now.picture, "alert" if page.alerts.in_force else None, *(row.symbol for row in days)}
    return Card(
        heading=page.heading,
        forecast=forecast_path(page),
        title=title_of(page, reader),
        age=age_of(page, reader),
        is_old=is_old(page),
        is_demo=page.is_demo,
        now=page.now,
        warnings=warning_lines(page, reader),
        unsure=unsure_of(page, reader),
        are_none=page.alerts.are_known and not page.alerts.in_force and not page.alerts.gap,
        days=days,
        lacks_now=page.missing.get("current", ""),
        attributions=page.origin.attributions,
        symbols=sorted(name for name in used if name),
    )


def forecast_path(page: ForecastPage) -> str:
    """The address of the forecast page, below the path prefix."""
    return f"/forecast/{page.place.coordinates.rounded()}?{urlencode({'name': page.label})}"


def line_of(page: ForecastPage, reader: Formatter) -> str:
    """Now in a line: "4°, moderate rain"; without what is not known of it."""
    conditions = page.now.conditions
    sky = reader.say(conditions.condition.text) if conditions and conditions.condition else ""
    degrees = reader.temperature(conditions.temperature) if conditions else UNKNOWN
    return reader.listed([part for part in (degrees, sky) if part not in ("", UNKNOWN)]) or reader.say("not known")


def title_of(page: ForecastPage, reader: Formatter) -> str:
    """The place with now in a line: "London: 4°, moderate rain"; said if it is old, or invented."""
    title = reader.say("{name}: {value}", name=page.heading, value=line_of(page, reader))
    marks = marks_of(page, reader)
    return f"{title} ({reader.listed(marks)})" if marks else title


def marks_of(page: ForecastPage, reader: Formatter) -> list[str]:
    """Words that say so if it is invented, or old."""
    marks = {reader.say("demo"): page.is_demo, reader.say(C_("data", "out of date")): is_old(page)}
    return [word for word, holds in marks.items() if holds]


def is_old(page: ForecastPage) -> bool:
    """Whether a part of it is past its lifetime."""
    return page.notice.kind != "fresh"


def age_of(page: ForecastPage, reader: Formatter) -> str:
    """How old it is: the time with its date, as long as that is known to be good; else of the oldest part."""
    notice, now = page.notice, page.now.conditions
    received = reader.dated(notice.fetched_at)
    if notice.kind != "fresh":
        old = PARTLY_OLD if notice.is_mixed else OUT_OF_DATE
        return reader.say(OFFLINE if notice.kind == "offline" else old, time=received)
    if page.is_demo:
        return reader.say("Invented for {time}", time=reader.dated(now.time) if now else received)
    if now and now.basis == "analysis":
        return reader.say("As of {time}", time=reader.dated(now.time))
    return reader.say("Data received: {time}", time=received)


def warning_lines(page: ForecastPage, reader: Formatter) -> list[WarningLine]:
    """The official warnings in force."""
    return [
        WarningLine(alert.event or reader.say("Official warning"), times(alert, reader))
        for alert in page.alerts.in_force
    ]


def times(alert: Alert, reader: Formatter) -> str:
    """From when to when a warning is, with dates."""
    start = reader.dated(alert.starts_at)
    if alert.ends_at is None or alert.ends_at <= alert.starts_at:
        return reader.say("From: {start} (its end is not clear)", start=start)
    return reader.say("{start} – {end}", start=start, end=reader.dated(alert.ends_at))


def unsure_of(page: ForecastPage, reader: Formatter) -> str:
    """What is not known of the official warnings, in words; "" if all of them are."""
    if page.alerts.in_force and not page.alerts.are_known:
        return reader.say("Last known: {time}. There may be newer ones.", time=page.alerts.known_at)
    if page.alerts.are_known or page.alerts.gap:
        return page.alerts.gap
    return reader.say("Whether there are official warnings is not known here.")


def embed_query(label: str, wanted: Preferences) -> str:
    """The query with which a card or a badge is shown as this reader is shown the page."""
    params = {
        "name": label,
        "units": wanted.units,
        **dict(wanted.refinements),
        "clock": wanted.clock,
        "lang": wanted.lang,
    }
    return urlencode(params)


class Preview(NamedTuple):
    """What another program shows of a link to the page (https://ogp.me/)."""

    title: str
    description: str


def preview_of(page: ForecastPage, reader: Formatter) -> Preview:
    """The preview of a page: its outlook, and how old that is."""
    warned = reader.listed([line.event for line in warning_lines(page, reader)])
    sentences = [
        reader.sentence(warned) if warned else "",
        page.now.outlook or "",
        reader.sentence(age_of(page, reader)),
    ]
    return Preview(title_of(page, reader), " ".join(filter(None, sentences)))


def card_style(sheet: str, rules: str) -> tuple[str, str]:
    """The style of a card: the colours of the site's sheet and the card's own rules; and its source in a CSP."""
    style = f"{colours(sheet)}\n{rules.strip()}\n"
    return style, f"'sha256-{b64encode(sha256(style.encode()).digest()).decode()}'"


def card_headers(style_source: str, origins: Sequence[str]) -> dict[str, str]:
    """The headers of a card, and of an error in its stead: who may frame it, and when it is loaded again."""
    framers = " ".join(origins) or "*"
    return {
        "Content-Security-Policy": f"{NO_SCRIPT}; style-src {style_source}; frame-ancestors {framers}",
        "Cross-Origin-Resource-Policy": "cross-origin",
        "Refresh": str(RENEWED_AFTER),
    }


def is_card(path: str) -> bool:
    """Whether a path is that of a card."""
    return path.startswith("/forecast/") and path.endswith("/card")
