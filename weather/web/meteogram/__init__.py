"""The meteogram as geometry: from the hours of a forecast to numbers and paths that a template prints as they are.

A value that is not known is a gap: no point, no bar, no dot, no number. What is told of a moment (temperature, wind,
sky) stands at that moment; what falls in the hours before it is a bar as wide as they are. Time runs from left to
right in every language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from weather.domain.model import HourlyForecast
from weather.domain.units import System
from weather.web.meteogram import axes, series
from weather.web.meteogram.geometry import Box, Text, lines_down
from weather.web.meteogram.labels import Labels
from weather.web.meteogram.layout import BOTTOM, FOOT, HEIGHT, LEFT, RIGHT, TOP, WIDTH, plot_of

__all__ = ["Labels", "Meteogram", "draw", "style"]


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
    width: int = WIDTH
    height: int = HEIGHT
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
    plot, now = plot_of(hours, system, labels), as_of.timestamp()
    axis, wet = plot.axis, series.wet(plot)
    bars = list(series.bars(plot, wet))
    midnights = [axis.x(midnight.timestamp()) for midnight in axis.midnights()]
    warm, felt = series.runs(plot, lambda hour: hour.temperature), series.runs(plot, lambda hour: hour.feels_like)
    extremes, winds = series.extremes(plot), series.winds(plot)
    return Meteogram(
        nights=axes.nights(axis, dark),
        past=axes.column(LEFT, axis.x(now)) if now > axis.start else None,
        now=lines_down([axis.x(now)], TOP, BOTTOM) if axis.holds(now) else "",
        days=list(axes.days(axis, labels)),
        midnights=lines_down(midnights, 2, BOTTOM),
        hours=axes.hours(axis, now, labels),
        grid=axes.grid(plot),
        freezing=axes.freezing_line(plot),
        numbers=axes.numbers(plot),
        depths=axes.depths(plot),
        repeated=axes.repeated(plot, midnights, warm + felt, extremes),
        units=axes.units(system),
        temperature=series.line(warm),
        feels_like=series.line(felt),
        extremes=extremes,
        bars=bars,
        dots=series.dry_dots(plot),
        amounts=series.amounts(plot, wet),
        chances=series.chances(plot),
        arrows=list(series.arrows(winds)),
        speeds=list(series.speeds(plot, winds)),
        symbols=list(series.symbols(plot)),
        targets=list(series.targets(plot)),
        keys=list(axes.keys(labels, drawn(warm, felt, bars))),
        note=Text(LEFT, FOOT, labels.steps.format(hours=max(hour.interval for hour in hours))),
        stamp=Text(RIGHT, FOOT, stamp),
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
    colours = sheet[sheet.index(":root") : sheet.index("}") + 1]
    start, end = "/* meteogram */", "/* end of meteogram */"
    return f"{colours}\n{sheet[sheet.index(start) + len(start) : sheet.index(end)].strip()}\n"
