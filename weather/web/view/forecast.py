"""What `forecast.html` shows: a page's variables, made from a report as of the whole minute. Pure."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from weather.domain.model import Place, zone
from weather.i18n import sentences
from weather.i18n.formatting import Formatter
from weather.places.saved.lists import SavedPlace
from weather.providers.report import Attribution, Freshness, Report
from weather.web.view import icons
from weather.web.view.air import Air, air_part
from weather.web.view.alerts import Alerts, alerts_part
from weather.web.view.chart import SPAN, StandaloneMeteogram, chart, symbols
from weather.web.view.chips import Chip
from weather.web.view.day_rows import Days, days_part
from weather.web.view.hour_rows import Step, steps
from weather.web.view.hour_strip import Column, columns
from weather.web.view.labels import PLANS, why_missing
from weather.web.view.meteogram import Meteogram
from weather.web.view.notice import Notice, notice, stamp
from weather.web.view.now import Now, now_part
from weather.web.view.place_names import name_of, point_in_words


@dataclass(frozen=True, slots=True)
class Hours:
    """The next two days, as a table, as a drawing and as a strip of columns."""

    steps: Sequence[Step]
    chart: Meteogram | None
    strip: Sequence[Column]


@dataclass(frozen=True, slots=True)
class Origin:
    """Where it comes from, and whom to credit.

    `sections`: how old each part is; `skipped_products`: products whose calls are used up.
    """

    attributions: tuple[Attribution, ...]
    plan: str
    skipped_products: tuple[str, ...]
    sections: dict[str, Freshness]


@dataclass(frozen=True, slots=True)
class ForecastPage:
    """Values of the model, in its units; the reader writes them. `expires` is the first part's end, in Unix seconds.

    `saved`: the reader's own saved place of the same cell. `has_picture`: one for previews of links can be drawn.
    """

    place: Place
    label: str
    heading: str
    as_of: datetime
    expires: int
    saved_from: str
    notice: Notice
    now: Now
    alerts: Alerts
    hours: Hours
    days: Days
    air: Air
    missing: dict[str, str]
    origin: Origin
    is_demo: bool
    symbols: Sequence[str]
    chips: Sequence[Chip] = ()
    saved: SavedPlace | None = None
    has_picture: bool = False


def forecast_page(report: Report, label: str, reader: Formatter, now: float) -> ForecastPage:
    """The page's variables, from a report as of the whole minute."""
    as_of = datetime.fromtimestamp(now // 60 * 60, zone(report.place.timezone))
    ages, table = report.freshness(), steps(report.hours, reader, as_of)
    days = days_part(report, table, reader, as_of)
    age, present = notice(report, reader, as_of), now_part(report, reader, as_of)
    named = label or report.place.name or point_in_words(report.place.coordinates)
    corner = stamp(report.source, age, reader, as_of, named)
    drawing = chart(report.hours, report.place, reader, as_of, corner)
    alerts = alerts_part(report.alerts, reader, as_of)
    strip = columns(report.now, report.hours, reader, as_of)
    return ForecastPage(
        place=report.place,
        label=named,
        heading=label or name_of(report.place, reader),
        as_of=as_of,
        expires=min(int(part.valid_until.timestamp()) for part in ages.values()),
        saved_from=reader.dated(age.fetched_at),
        notice=age,
        now=present,
        alerts=alerts,
        hours=Hours(sentences.ahead(table, as_of, SPAN), drawing, strip),
        days=days,
        air=air_part(report.air.value if report.air else None, reader),
        missing={gap.section: why_missing(gap) for gap in report.missing},
        origin=Origin(report.attributions, PLANS.get(report.plan, ""), report.skipped_products, ages),
        is_demo=report.source.word == "demo",
        symbols=sorted(used(present, days, alerts) | of_cells(strip, table, days) | symbols(drawing)),
    )


def picture(page: ForecastPage, reader: Formatter, style: str) -> StandaloneMeteogram:
    """The drawing of a page by itself."""
    drawing = page.hours.chart
    assert drawing  # noqa: S101
    title = reader.say("{place}: the next two days", place=page.label)
    return StandaloneMeteogram(drawing, title, page.now.outlook or "", style, icons.symbols(symbols(drawing)))


def used(now: Now, days: Days, alerts: Alerts) -> set[str]:
    """The symbols that the page shows outside the drawing: now, of alerts, of the days, of today's sun and moon."""
    today = ("sunrise", days.rows[0].moon) if days.rows else ()
    names = (now.picture, "alert" if alerts.in_force else None, *(row.symbol for row in days.rows), *today)
    return {name for name in names if name}


def of_cells(strip: Sequence[Column], table: Sequence[Step], days: Days) -> set[str]:
    """The symbols of the strip, of the table, and of the quarters of the days."""
    shown = [row.symbol for row in strip] + [row.symbol for row in table]
    shown += [quarter.symbol for row in days.rows for quarter in row.quarters]
    return {name for name in shown if name}
