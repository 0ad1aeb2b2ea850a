"""The next hour minute by minute: from when to when it is wet, with which gap, of what kind. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from itertools import pairwise, takewhile

from weather.domain import conditions
from weather.domain.model import Conditions, CurrentConditions, HourlyForecast, NowcastStep
from weather.domain.nowcast import is_too_old
from weather.domain.precipitation import WET_RATE, Kind, is_wet_step, kind_of_code, main_kind

LONG_GAP = 10
"""Dry minutes between wet ones from which the gap is told."""


class Start(IntEnum):
    """How the time to come begins: dry or not known, with a wet hour by its minutes, or with what falls now."""

    DRY = 0
    WET_HOUR = 1
    WET_NOW = 2


@dataclass(frozen=True, slots=True)
class NextHour:
    """What the known minutes tell. `start` and `end` are those of what falls, None where they lie outside; `wet` and
    `gaps` count from the first minute; a gap is the first dry minute and the next wet one.
    """

    known: Sequence[NowcastStep]
    wet: Sequence[int]
    gaps: Sequence[tuple[datetime, datetime]]

    @property
    def has_traces_alone(self) -> bool:
        """Whether something falls, and less in every minute than makes an hour wet."""
        return bool(self.wet) and all((self.known[n].precipitation_rate or 0.0) < WET_RATE for n in self.wet)

    @property
    def start(self) -> datetime | None:
        return self.known[self.wet[0]].time if self.wet and self.wet[0] > 0 else None

    @property
    def end(self) -> datetime | None:
        """The minute after the last wet one: told, not reckoned, for the clocks may change between the two."""
        is_over = self.wet and self.wet[-1] + 1 < len(self.known)
        return self.known[self.wet[-1] + 1].time if is_over else None


def next_hour(minutes: Iterable[NowcastStep]) -> NextHour | None:
    """The minutes up to the first unknown one; None if there is none of those."""
    known = list(takewhile(lambda minute: minute.precipitation_rate is not None, minutes))
    wet = [n for n, minute in enumerate(known) if minute.precipitation_rate]
    gaps = [(known[one + 1].time, known[other].time) for one, other in pairwise(wet) if other - one > LONG_GAP]
    return NextHour(known, wet, gaps) if known else None


def to_come(minutes: Iterable[NowcastStep], as_of: datetime) -> list[NowcastStep]:
    """The minutes that are not over: what is kept may be hours old."""
    return [minute for minute in minutes if minute.time.timestamp() >= as_of.timestamp()]


def is_wet(minutes: Iterable[NowcastStep]) -> bool:
    """Whether anything falls in a minute that is known."""
    return any(minute.precipitation_rate for minute in minutes)


def start_of(minutes: Iterable[NowcastStep], current: CurrentConditions | None, as_of: datetime) -> Start:
    """How it begins, by the minutes to come and by the current weather, unless that is too old."""
    if is_wet(minutes):
        return Start.WET_HOUR
    if current is None or current.condition is None or is_too_old(current, as_of.timestamp()):
        return Start.DRY
    return Start.WET_NOW if conditions.is_wet(current.condition.code) else Start.DRY


def conditions_about(
    told: NextHour, current: CurrentConditions | None, steps: Iterable[HourlyForecast]
) -> list[Conditions]:
    """Now, and the steps that the wet minutes lie in; all the minutes where none is wet."""
    minutes = [told.known[n] for n in told.wet] or told.known
    first, end = minutes[0].time.timestamp(), minutes[-1].time.timestamp()
    last = max(end, first + 1)  # the minute at which the next step begins is not yet in that
    ends = ((step, step.time.timestamp()) for step in steps)
    within = [step for step, over in ends if over > first and over - step.interval_hours * 3600 < last]
    return [*([current] if current else []), *within]


def kind_about(about: Sequence[Conditions]) -> Kind | None:
    """What falls under these conditions, the wet ones first; None where neither a code nor a temperature tells."""
    wet = [one for one in about if is_wet_step(one)]
    telling = [one for one in wet or about if one.temperature is not None or has_kind(one)]
    return main_kind(telling) if telling else None


def has_kind(one: Conditions) -> bool:
    return one.condition is not None and kind_of_code(one.condition.code) is not None
