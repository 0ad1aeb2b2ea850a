"""How old an answer may be, and how its age is told (RFC 9111, RFC 5861, RFC 9211). Pure: the time is passed in."""

from collections.abc import Iterable
from dataclasses import dataclass

AHEAD = 60.0
"""Seconds by which clocks may differ. What was fetched further ahead is of a clock that was wrong, and its age is not
known; and if by a steady clock something is so much older than by the time of day, that has been set back since."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Seconds that an answer is fresh, and seconds after that in which it may still be served, marked stale."""

    fresh_for: float
    stale_for: float

    def state_at(self, fetched_at: float, now: float) -> str:
        """Return "fresh", "stale" or "gone". A time of fetching that lies ahead (the clock was set back) is now."""
        age = max(0.0, now - fetched_at)
        if age < self.fresh_for:
            return "fresh"
        return "stale" if age < self.fresh_for + self.stale_for else "gone"


@dataclass(frozen=True, slots=True)
class CacheOutcome:
    """How an answer came about, in the words of RFC 9211; without `fwd` it is a hit.

    `retry_at`: when upstream will be asked again (Unix seconds), where that is known; `code`: of the error, if it is
    the reason why an answer is no better.
    """

    fwd: str | None = None
    stored: bool = False
    collapsed: bool = False
    fwd_status: int | None = None
    detail: str | None = None
    retry_at: float | None = None
    code: str | None = None


@dataclass(frozen=True, slots=True)
class FreshnessNow:
    """Where an answer stands now: its age and what is left of its lifetime, in whole seconds; stale is below zero."""

    age: int
    ttl: int
    via: CacheOutcome

    @property
    def is_stale(self) -> bool:
        return self.ttl < 0


@dataclass(frozen=True, slots=True)
class Validity:
    """When an answer was fetched (Unix seconds), and how long it lives."""

    fetched_at: float
    lifetime: Lifetime

    @property
    def ends_at(self) -> float:
        """When it ceases to be fresh."""
        return self.fetched_at + self.lifetime.fresh_for

    def standing(self, now: float, via: CacheOutcome) -> FreshnessNow:
        """Where it stands now; one that is stale by a breath has a ttl of -1."""
        age = int(max(0.0, now - self.fetched_at))
        left = int(self.lifetime.fresh_for) - age
        is_fresh = self.lifetime.state_at(self.fetched_at, now) == "fresh"
        return FreshnessNow(age, max(left, 0) if is_fresh else min(left, -1), via)


def fetched_at(told: float, now: float, fresh_for: float) -> float:
    """When something was fetched that another process, or an earlier run, has dated: never in the future.

    What claims to be of more than a minute ahead is as old as makes it stale, so that it is asked for anew.
    """
    return now - fresh_for if told > now + AHEAD else min(told, now)


def still_fetched_at(dated_at: float, last_told: float, now: float, age: float) -> float:
    """When something was fetched whose age is known by a steady clock, though the time of day may have been set since.

    As it was dated, if that makes it no younger: a steady clock stands still while a machine sleeps. Else as was told
    last, while that is right, so that it does not change with every look.
    """
    if dated_at <= min(now, now - age + AHEAD):
        return dated_at
    return last_told if abs(last_told - (now - age)) <= AHEAD and last_told <= now else min(now, now - age)


def combine(parts: Iterable[FreshnessNow]) -> FreshnessNow:
    """One standing for an answer of several parts: the oldest age, the least left, and how the worst part came."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    worst = max(parts, key=lambda part: (part.is_stale, part.via.fwd is not None, -part.ttl))
    return FreshnessNow(max(part.age for part in parts), min(part.ttl for part in parts), worst.via)


def cache_status(at: FreshnessNow) -> str:
    """RFC 9211: `hit` or `fwd`, never both; the ttl of what is kept, negative when it is stale."""
    via = at.via
    members = ["weather", "hit" if via.fwd is None else f"fwd={via.fwd}"]
    if via.fwd_status is not None:
        members.append(f"fwd-status={via.fwd_status}")
    members += [word for word, said in (("stored", via.stored), ("collapsed", via.collapsed)) if said]
    if via.fwd is None or at.is_stale:
        members.append(f"ttl={at.ttl}")
    if via.detail is not None:
        members.append(f"detail={via.detail}")
    return "; ".join(members)


def cache_control(at: FreshnessNow, stale_for: float) -> str:
    """RFC 9111 and 5861: reusable for what is left; a stale answer only by who checks, or for 30 s if we fail."""
    if at.is_stale:
        return f"max-age=0, stale-if-error={min(30, int(stale_for))}"
    return f"max-age={at.age + at.ttl}, stale-while-revalidate=60, stale-if-error={int(stale_for)}"
