"""The meteogram as geometry: from the hours of a forecast to numbers and paths that a template prints as they are.

A value that is not known is a gap: no point, no bar, no dot, no number. What is told of a moment (temperature, wind,
sky) stands at that moment; what falls in the hours before it is a bar as wide as they are. Time runs from left to
right in every language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from weather.model import HourlyForecast
from weather.units import System
from weather.web.meteogram import frame, marks
from weather.web.meteogram.plot import BOTTOM, FOOT, HEIGHT, LEFT, RIGHT, TOP, WIDTH, plot_of
from weather.web.meteogram.shapes import Box, Text, lines_down
from weather.web.meteogram.words import Labels

__all__ = ["Labels", "Meteogram", "draw", "style"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Meteogram:
    """All that the template prints. A path with nothing to draw is ""; a bar's kind is "rain", "snow" or "sleet"."""

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
    arrows: Sequence[marks.Arrow]
    speeds: Sequence[Text]
    symbols: Sequence[marks.Symbol]
    targets: Sequence[marks.Target]
    keys: Sequence[frame.Key]
    note: Text
    stamp: Text
    width: int = WIDTH
    height: int = HEIGHT
    symbol: float = marks.SYMBOL


def draw(
    hours: Sequence[HourlyForecast],
    as_of: datetime,
    system: System,
    dark: frame.Spans,
    labels: Labels,
    stamp: str,
) -> Meteogram | None:
    """The drawing of some hours, sorted, in the units of `system` and the zone of the place; None if there are none.

    `dark` tells when the sun is down there; `stamp` says in the corner where the forecast comes from and when.
    """
    if not hours:
        return None
    plot, now = plot_of(hours, system, labels), as_of.timestamp()
    axis, wet = plot.axis, marks.wet(plot)
    bars = list(marks.bars(plot, wet))
    midnights = [axis.x(midnight.timestamp()) for midnight in axis.midnights()]
    warm, felt = marks.runs(plot, lambda hour: hour.temperature), marks.runs(plot, lambda hour: hour.feels_like)
    extremes, winds = marks.extremes(plot), marks.winds(plot)
    return Meteogram(
        nights=frame.nights(axis, dark),
        past=frame.column(LEFT, axis.x(now)) if now > axis.start else None,
        now=lines_down([axis.x(now)], TOP, BOTTOM) if axis.holds(now) else "",
        days=list(frame.days(axis, labels)),
        midnights=lines_down(midnights, 2, BOTTOM),
        hours=frame.hours(axis, now, labels),
        grid=frame.grid(plot),
        freezing=frame.freezing_line(plot),
        numbers=frame.numbers(plot),
        depths=frame.depths(plot),
        repeated=frame.repeated(plot, midnights, warm + felt, extremes),
        units=frame.units(system),
        temperature=marks.line(warm),
        feels_like=marks.line(felt),
        extremes=extremes,
        bars=bars,
        dots=marks.dry_dots(plot),
        amounts=marks.amounts(plot, wet),
        chances=marks.chances(plot),
        arrows=list(marks.arrows(winds)),
        speeds=list(marks.speeds(plot, winds)),
        symbols=list(marks.symbols(plot)),
        targets=list(marks.targets(plot)),
        keys=list(frame.keys(labels, drawn(warm, felt, bars))),
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
