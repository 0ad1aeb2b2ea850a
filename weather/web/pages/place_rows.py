"""The rows of `/places`: of each saved place what its weather is now, and its next days. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from weather.domain.model import CurrentConditions, DailyForecast, zone
from weather.places.saved.lists import SavedPlace
from weather.providers.report import Freshness, Report
from weather.web.view.day_rows import day_symbol
from weather.web.view.now import symbol_of

DAYS = 5
"""Columns of days: they fit a phone."""


class DayCell(NamedTuple):
    """A day of a place, and its picture."""

    day: DailyForecast
    symbol: str | None


@dataclass(frozen=True, slots=True)
class Card:
    """A saved place with its weather now, if that could be had, and what is kept of its days, a cell for each column.

    `as_of`: in the place's own time. `days_freshness`: None where it is that of the weather now.
    """

    saved: SavedPlace
    as_of: datetime
    current: CurrentConditions | None = None
    freshness: Freshness | None = None
    picture: str | None = None
    cells: Sequence[DayCell | None] = ()
    days_freshness: Freshness | None = None

    def age(self, freshness: Freshness) -> float:
        """Seconds since something was fetched."""
        return max(0.0, self.as_of.timestamp() - freshness.fetched_at.timestamp())


@dataclass(frozen=True, slots=True)
class PlacesPage:
    """What `places.html` shows. `edit`: the names, the order and the home are to be changed, without weather."""

    cards: Sequence[Card]
    dates: Sequence[date]
    symbols: Sequence[str]
    served: int
    edit: bool = False
    query: str = ""


def columns(saved: Sequence[SavedPlace], now: float) -> list[date]:
    """The days of the table: from the earliest date that any of the places has at this time (Unix seconds)."""
    first = min((datetime.fromtimestamp(now, zone(place.timezone)).date() for place in saved), default=None)
    return [first + timedelta(days=n) for n in range(DAYS)] if first else []


def card(saved: SavedPlace, report: Report | None, days: Report | None, dates: Sequence[date], now: float) -> Card:
    """What the page says of a place: now, by one report, and its days, by another that may be of an earlier answer."""
    as_of = datetime.fromtimestamp(now, zone(report.place.timezone if report else saved.timezone))
    current = report.current.value if report and report.current else None
    freshness = report.freshness()["current"] if report and current else None
    later = days.freshness().get("daily") if days else None
    return Card(
        saved=saved,
        as_of=as_of,
        current=current,
        freshness=freshness,
        picture=symbol_of(current),
        cells=cells(days, dates, as_of.date()),
        days_freshness=None if freshness and later and freshness.fetched_at == later.fetched_at else later,
    )


def cells(report: Report | None, dates: Sequence[date], today: date) -> list[DayCell | None]:
    """The days of a report under their dates; None where one is not kept, or is over."""
    by_date = {day.date: day for day in (report.days if report else None) or () if day.date >= today}
    return [DayCell(day, day_symbol(day)) if (day := by_date.get(date)) else None for date in dates]


def places_page(cards: Sequence[Card], dates: Sequence[date], now: float) -> PlacesPage:
    """The page of these cards, with the symbols that it shows."""
    shown = [card.picture for card in cards] + [cell.symbol for card in cards for cell in card.cells if cell]
    return PlacesPage(cards, dates, sorted({symbol for symbol in shown if symbol}), int(now))
