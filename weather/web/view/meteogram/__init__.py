"""The meteogram as geometry: from the hours of a forecast to numbers and paths that a template prints as they are.

A value that is not known is a gap: no point, no bar, no dot, no number. What is told of a moment (temperature, wind,
sky) stands at that moment; what falls in the hours before it is a bar as wide as they are. Time runs from left to
right in every language.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from weather.domain.model import HourlyForecast
from weather.domain.units import System
from weather.web.view.meteogram import axes, series
from weather.web.view.meteogram.geometry import Box, Text, lines_down
from weather.web.view.meteogram.labels import Labels
from weather.web.view.meteogram.layout import LEFT, RIGHT, TOP, WIDTH, WITHOUT_BARS, plot_of

__all__ = ["Labels", "Meteogram", "colours", "draw", "style"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meteogram:
    """All that the template prints. A path with nothing to draw is ""; a bar's kind is a label's name."""

    nights: Sequence[Box]
    past: Box | None
    now: str
    days: Sequence[Text]
    midnights: str
    hours: Sequence[Text]
    grid: str
    freezing: str
    numbers: Sequence[Text]
    depths: Sequence[Text]
    repeated: Sequence[Text]
    units: Sequence[Text]
    temperature: str
    feels_like: str
    extremes: Sequence[Text]
    bars: Sequence[Box]
    foot: float
    dots: str
    amounts: Sequence[Text]
    chances: Sequence[Text]
    arrows: Sequence[series.Arrow]
    speeds: Sequence[Text]
    symbols: Sequence[series.Symbol]
    targets: Sequence[series.Target]
    keys: Sequence[axes.Key]
    note: Text
    stamp: Text
    height: int
    width: int = WIDTH
    symbol: float = series.SYMBOL


def draw(
    hours: Sequence[HourlyForecast],
    as_of: datetime,
    system: System,
    dark: axes.Spans,
    labels: Labels,
    stamp: str,
) -> Meteogram | None:
    """The drawing of some hours, sorted, in the units of `system` and the zone of the place; None if there are none.

    `dark` tells when the sun is down there; `stamp` says in the corner where the forecast comes from and when.
    """
    if not hours:
        return None
    now = as_of.timestamp()
    plot = plot_of(hours, system, labels, now)
    wet = series.wet(plot)
    plot = plot if wet else replace(plot, rows=WITHOUT_BARS)
    axis, rows = plot.axis, plot.rows
    bars = list(series.bars(plot, wet))
    midnights = [axis.x(midnight.timestamp()) for midnight in axis.midnights()]
    warm, felt = series.runs(plot, lambda hour: hour.temperature), series.runs(plot, lambda hour: hour.feels_like)
    legend = list(axes.keys(plot, drawn(warm, felt, bars)))
    lower = legend[-1].word.y - rows.keys if legend else 0.0
    extremes, winds, chances = series.extremes(plot), series.winds(plot), series.chances(plot)
    return Meteogram(
        nights=axes.nights(plot, dark),
        past=axes.column(plot, LEFT, axis.x(now)) if now > axis.start else None,
        now="" if plot.now is None else lines_down([plot.now], TOP, rows.bottom),
        days=list(axes.days(axis, labels)),
        midnights=lines_down(midnights, 2, rows.bottom),
        hours=axes.hours(plot, now),
        grid=axes.grid(plot),
        freezing=axes.freezing_line(plot),
        numbers=axes.numbers(plot),
        depths=axes.depths(plot) if wet else [],
        repeated=axes.repeated(plot, midnights, warm + felt, extremes),
        units=axes.units(plot, chances),
        temperature=series.line(warm),
        feels_like=series.line(felt),
        extremes=extremes,
        bars=bars,
        foot=rows.dry,
        dots=series.dry_dots(plot),
        amounts=series.amounts(plot, wet),
        chances=chances,
        arrows=list(series.arrows(plot, winds)),
        speeds=list(series.speeds(plot, winds)),
        symbols=list(series.symbols(plot)),
        targets=list(series.targets(plot)),
        keys=legend,
        note=Text(LEFT, rows.foot + lower, labels.steps(max(hour.interval_hours for hour in hours))),
        stamp=Text(RIGHT, rows.foot + lower, stamp),
        height=rows.height + int(lower),
    )


def drawn(warm: Sequence[object], felt: Sequence[object], bars: Sequence[Box]) -> list[str]:
    """What there is to explain: names of labels."""
    lines = {"temperature": warm, "feels_like": felt}
    return [kind for kind, parts in lines.items() if parts] + list(dict.fromkeys(bar.kind for bar in bars))


def style(sheet: str) -> str:
    """The style of the picture by itself: the colours of the site's sheet, and its rules for the drawing.

    The first block of the sheet holds the colours; the rules stand between the two comments that name the meteogram.
    Raises ValueError if they are not there.
    """
    start, end = "/* meteogram */", "/* end of meteogram */"
    return f"{colours(sheet)}\n{sheet[sheet.index(start) + len(start) : sheet.index(end)].strip()}\n"


def colours(sheet: str) -> str:
    """The first block of the site's sheet, which holds its colours. Raises ValueError if it is not there."""
    return sheet[sheet.index(":root") : sheet.index("}") + 1]
