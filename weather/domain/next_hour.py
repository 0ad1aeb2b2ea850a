"""The next hour by the minute, or the next two by the quarter hour: from when to when it is wet, of what kind. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from itertools import pairwise, takewhile

from weather.domain import conditions
from weather.domain.calendar_day import begin_of
from weather.domain.model import Conditions, CurrentConditions, HourlyForecast, NowcastStep
from weather.domain.nowcast import is_too_old
from weather.domain.precipitation import Kind, is_wet_rate, is_wet_step, kind_of_code, main_kind

LONG_GAP = 10
"""Dry minutes between wet ones from which the gap is told."""

AHEAD = 2 * 3600.0
"""Seconds that are looked ahead."""


class Start(IntEnum):
    """How the time to come begins: dry or not known, with steps that are not dry, or with what falls now."""

    DRY = 0
    WET_HOUR = 1
    WET_NOW = 2
    WET_TWO_HOURS = 3


@dataclass(frozen=True, slots=True)
class NextHour:
    """What the known steps tell. `start` and `end` are those of what falls, None where they lie outside; `wet` and
    `gaps` count from the first step; a gap is the first dry step and the next wet one.
    """

    known: Sequence[NowcastStep]
    wet: Sequence[int]
    gaps: Sequence[tuple[datetime, datetime]]

    @property
    def start(self) -> datetime | None:
        return self.known[self.wet[0]].time if self.wet and self.wet[0] > 0 else None

    @property
    def end(self) -> datetime | None:
        """The step after the last wet one: told, not reckoned, for the clocks may change between the two."""
        is_over = self.wet and self.wet[-1] + 1 < len(self.known)
        return self.known[self.wet[-1] + 1].time if is_over else None

    @property
    def until(self) -> datetime:
        """Up to when it is known: of minutes the last one, which is a moment, of quarter hours the end of the last."""
        last, length = self.known[-1], self.known[-1].interval_minutes
        over = last.time.astimezone(UTC) + timedelta(minutes=length if length > 1 else 0)
        return over.astimezone(last.time.tzinfo)

    @property
    def is_by_minute(self) -> bool:
        return self.known[0].interval_minutes == 1

    @property
    def is_whole(self) -> bool:
        """Whether the whole hour is known by its minutes, or both hours by their quarters."""
        return len(self.known) >= (60 if self.is_by_minute else AHEAD / 60 / self.known[0].interval_minutes)

    @property
    def has_traces(self) -> bool:
        """Whether something falls, but nowhere enough to be wet."""
        return not self.wet and has_any(self.known)


def next_hour(steps: Iterable[NowcastStep]) -> NextHour | None:
    """The steps up to the first unknown one; None if there is none of those."""
    known = list(takewhile(lambda step: step.precipitation_rate is not None, steps))
    wet = [n for n, step in enumerate(known) if is_wet_rate(step.precipitation_rate)]
    gaps = [(known[one + 1].time, known[other].time) for one, other in pairwise(wet) if is_gap(known[one + 1 : other])]
    return NextHour(known, wet, gaps) if known else None


def is_gap(between: Sequence[NowcastStep]) -> bool:
    """Whether the steps between two wet ones are worth telling as dry."""
    return not has_any(between) and sum(step.interval_minutes for step in between) >= LONG_GAP


def to_come(steps: Iterable[NowcastStep], as_of: datetime) -> list[NowcastStep]:
    """The steps that are not over, for two hours: what is kept may be hours old, or reach farther."""
    return [step for step in steps if is_to_come(step, as_of)]


def is_to_come(step: NowcastStep, as_of: datetime) -> bool:
    begin, now = step.time.timestamp(), as_of.timestamp()
    return begin + step.interval_minutes * 60 > now > begin - AHEAD


def two_hours(steps: Sequence[NowcastStep]) -> list[NowcastStep]:
    """Of the steps to come those for a sentence and its drawing: the running quarter hour and seven more, or all."""
    end = steps[0].time.timestamp() + AHEAD if steps else 0.0
    return [step for step in steps if step.time.timestamp() < end]


def has_any(steps: Iterable[NowcastStep]) -> bool:
    """Whether anything falls in a step that is known, be it traces."""
    return any(step.precipitation_rate for step in steps)


def start_of(steps: Sequence[NowcastStep], current: CurrentConditions | None, as_of: datetime) -> Start:
    """How it begins, by the steps to come and by the current weather, unless that is too old."""
    if has_any(steps):
        return Start.WET_HOUR if steps[0].interval_minutes == 1 else Start.WET_TWO_HOURS
    if current is None or current.condition is None or is_too_old(current, as_of.timestamp()):
        return Start.DRY
    return Start.WET_NOW if conditions.is_wet(current.condition.code) else Start.DRY


@dataclass(frozen=True, slots=True)
class Spell:
    """From when to when it falls by the finest steps, the known ones; None where that is not known.

    `until`: up to when they reach.
    """

    start: datetime | None = None
    end: datetime | None = None
    until: datetime | None = None
    steps: Sequence[NowcastStep] = ()


def spell(steps: Sequence[NowcastStep]) -> Spell:
    """When it begins to fall, if it is known that nothing does before, and when it ends, if nothing does after."""
    nowcast = next_hour(steps)
    if nowcast is None or not nowcast.wet:
        return Spell()
    before, after = nowcast.known[: nowcast.wet[0]], nowcast.known[nowcast.wet[-1] + 1 :]
    start = None if has_any(before) else nowcast.start
    return Spell(start, None if has_any(after) else nowcast.end, nowcast.until, nowcast.known)


def conditions_about(
    nowcast: NextHour, current: CurrentConditions | None, hours: Iterable[HourlyForecast]
) -> list[Conditions]:
    """Now, and the hours that the wet steps lie in; all the steps where none is wet."""
    steps = [nowcast.known[n] for n in nowcast.wet] or nowcast.known
    first, end = steps[0].time.timestamp(), steps[-1].time.timestamp() + (steps[-1].interval_minutes - 1) * 60
    last = max(end, first + 1)  # the minute at which the next hour begins is not yet in that
    ends = ((hour, hour.time.timestamp()) for hour in hours)
    within = [hour for hour, over in ends if over > first and begin_of(hour) < last]
    return [*([current] if current else []), *within]


def kind_about(about: Sequence[Conditions]) -> Kind | None:
    """What falls under these conditions, the wet ones first; None where neither a code nor a temperature tells."""
    wet = [step for step in about if is_wet_step(step)]
    telling = [step for step in wet or about if step.temperature is not None or has_kind(step)]
    return main_kind(telling) if telling else None


def has_kind(step: Conditions) -> bool:
    return step.condition is not None and kind_of_code(step.condition.code) is not None
