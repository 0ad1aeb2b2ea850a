"""The hours of a day that is still far off, three in a row of its table. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from itertools import groupby

from weather.domain.calendar_day import begin_of, middle
from weather.domain.daily import known, summed
from weather.domain.day_picture import sky as sky_of
from weather.domain.daylight import lit
from weather.domain.model import HourlyForecast
from weather.domain.precipitation import day_condition
from weather.i18n.formatting import Formatter
from weather.web.view.hour_rows import Step, steps
from weather.web.view.hour_strip import label

SPAN = 3
"""Hours in a row, cut at 00:00, 03:00 and so on of the clock of the place."""


def rows_of_spans(hours: Sequence[HourlyForecast], reader: Formatter, as_of: datetime) -> list[Step]:
    """The rows of hours, by threes; of longer steps one each. A row is told with its span, "12 to 15"."""
    groups = [list(group) for _, group in groupby(hours, span_of)]
    rows = steps([merged(group) for group in groups], reader, as_of)
    return [
        row._replace(clock=clock(group, reader), temperature=warmth(group, reader))
        for row, group in zip(rows, groups, strict=True)
    ]


def span_of(hour: HourlyForecast) -> tuple[int, int]:
    """Which span of which day holds the middle of a step."""
    local = datetime.fromtimestamp(middle(hour), hour.time.tzinfo)
    return local.toordinal(), local.hour // SPAN


def merged(hours: Sequence[HourlyForecast]) -> HourlyForecast:
    """A step for all: what falls in them, the strongest wind and gust, the highest chance, the lowest temperature."""
    windiest = max(hours, key=lambda hour: hour.wind_speed or 0.0)
    is_day = any(hour.is_day for hour in hours)
    return replace(
        hours[-1],
        interval_hours=sum(hour.interval_hours for hour in hours),
        temperature=min(known(hour.temperature for hour in hours), default=None),
        precipitation=summed(hour.precipitation for hour in hours),
        snowfall=summed(hour.snowfall for hour in hours),
        precipitation_probability=max(known(hour.precipitation_probability for hour in hours), default=None),
        wind_speed=windiest.wind_speed,
        wind_direction=windiest.wind_direction,
        wind_gust=max(known(hour.wind_gust for hour in hours), default=None),
        condition=lit(day_condition(hours) or sky_of(hours), is_day=is_day),
        is_day=is_day,
    )


def clock(hours: Sequence[HourlyForecast], reader: Formatter) -> str:
    """From when to when."""
    since = datetime.fromtimestamp(begin_of(hours[0]), hours[0].time.tzinfo)
    return reader.say("{start} to {end}", start=label(since, reader), end=label(hours[-1].time, reader))


def warmth(hours: Sequence[HourlyForecast], reader: Formatter) -> str:
    """The lowest and the highest temperature, or the one that both are."""
    degrees = known(hour.temperature for hour in hours)
    low, high = (reader.temperature(ends(degrees, default=None)) for ends in (min, max))
    own = reader.language.isolated  # a minus would turn their order round in a page from right to left
    return low if low == high else f"{own(low)} {own(high)}"
