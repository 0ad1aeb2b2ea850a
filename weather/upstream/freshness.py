"""How old an answer may be, and the headers that say its age (RFC 9111, 5861, 9211). Pure: the time is passed in."""

from collections.abc import Iterable
from dataclasses import dataclass

AHEAD = 60.0
"""Seconds by which clocks may differ. The age of an entry that is dated further ahead is not known, for its clock was
wrong. If an entry is so much older by a steady clock than by the time of day, the time of day was set back since."""


@dataclass(frozen=True, slots=True)
class Lifetime:
    """Seconds that an answer is fresh, and seconds after that in which it may still be served, marked stale."""

    fresh_for: float
    stale_for: float

    def state_at(self, fetched_at: float, now: float) -> str:
        """Return "fresh", "stale" or "gone". A `fetched_at` in the future (the clock was set back) counts as now."""
        age = max(0.0, now - fetched_at)
        if age < self.fresh_for:
            return "fresh"
        return "stale" if age < self.fresh_for + self.stale_for else "gone"


@dataclass(frozen=True, slots=True)
class CacheOutcome:
    """How the cache came to an answer, in the words of RFC 9211; without `fwd` it is a hit.

    `retry_at`: when upstream will be asked again (Unix seconds), where that is known. `code`: the code of the error
    because of which the answer is not fresh. `unchanged_until`: when upstream may be asked again on anybody's behalf
    (Unix seconds); 0 where that is not known.
    """

    fwd: str | None = None
    stored: bool = False
    collapsed: bool = False
    fwd_status: int | None = None
    detail: str | None = None
    retry_at: float | None = None
    code: str | None = None
    unchanged_until: float = 0.0


@dataclass(frozen=True, slots=True)
class FreshnessNow:
    """The age of an answer and its time to live, in whole seconds; the ttl of a stale answer is negative.

    `now`: of when this is said, in Unix seconds.
    """

    age: int
    ttl: int
    via: CacheOutcome
    now: float

    @property
    def is_stale(self) -> bool:
        return self.ttl < 0


@dataclass(frozen=True, slots=True)
class Validity:
    """When an answer was fetched (Unix seconds), its lifetime, and how the cache would come to it again."""

    fetched_at: float
    lifetime: Lifetime
    via: CacheOutcome = CacheOutcome()

    @property
    def ends_at(self) -> float:
        """When it becomes stale, in Unix seconds."""
        return self.fetched_at + self.lifetime.fresh_for

    @property
    def unchanged_until(self) -> float:
        """Until when it is served as it is now: while it is fresh; a stale one until upstream may be asked again."""
        return max(self.ends_at, min(self.via.unchanged_until, self.ends_at + self.lifetime.stale_for))

    def state_ends_at(self, now: float) -> float:
        """When what is fresh becomes stale, and what is stale too old to be served, in Unix seconds."""
        return self.ends_at if now < self.ends_at else self.ends_at + self.lifetime.stale_for

    def standing(self, now: float, via: CacheOutcome) -> FreshnessNow:
        """Age and ttl now; just expired is ttl -1."""
        age = int(max(0.0, now - self.fetched_at))
        left = int(self.lifetime.fresh_for) - age
        is_fresh = self.lifetime.state_at(self.fetched_at, now) == "fresh"
        return FreshnessNow(age, max(left, 0) if is_fresh else min(left, -1), via, now)


def fetched_at(dated_at: float, now: float, fresh_for: float) -> float:
    """When an entry was fetched that another process, or an earlier run, has dated: never in the future.

    One that is dated more than a minute ahead counts as just stale, so that it is fetched anew.
    """
    return now - fresh_for if dated_at > now + AHEAD else min(dated_at, now)


def still_fetched_at(dated_at: float, last_at: float, now: float, age: float) -> float:
    """When an entry was fetched whose age is known by a steady clock, though the time of day may have been set since.

    As it was dated, if that makes it no younger: a steady clock stands still while a machine sleeps. Else as this
    function last returned (`last_at`), while that is right, so that it does not change with every call.
    """
    if dated_at <= min(now, now - age + AHEAD):
        return dated_at
    return last_at if abs(last_at - (now - age)) <= AHEAD and last_at <= now else min(now, now - age)


def combine(parts: Iterable[FreshnessNow]) -> FreshnessNow:
    """The freshness of an answer of several parts: the greatest age, the least ttl, and the worst part's outcome."""
    parts = list(parts)
    if len(parts) == 1:
        return parts[0]
    worst = max(parts, key=lambda part: (part.is_stale, part.via.fwd is not None, -part.ttl))
    now = min(part.now for part in parts)
    return FreshnessNow(max(part.age for part in parts), min(part.ttl for part in parts), worst.via, now)


def last_modified(at: FreshnessNow, fetched_at: float, *, is_whole: bool) -> float:
    """When an answer that is rendered as of a whole minute last changed, or a little later (Unix seconds).

    `fetched_at`: of its newest part. One that lacks parts may change at any moment; nothing stale looks younger.
    """
    if at.is_stale:
        return fetched_at
    return max(fetched_at, at.now // 60 * 60) if is_whole else at.now


def cache_status(at: FreshnessNow) -> str:
    """The Cache-Status header (RFC 9211): `hit` or `fwd`, never both; the ttl, negative when it is stale."""
    via = at.via
    members = ["weather", "hit" if via.fwd is None else f"fwd={via.fwd}"]
    if via.fwd_status is not None:
        members.append(f"fwd-status={via.fwd_status}")
    members += [name for name, is_set in (("stored", via.stored), ("collapsed", via.collapsed)) if is_set]
    if via.fwd is None or at.is_stale:
        members.append(f"ttl={at.ttl}")
    if via.detail is not None:
        members.append(f"detail={via.detail}")
    return "; ".join(members)


def cache_control(at: FreshnessNow, stale_for: float) -> str:
    """The Cache-Control header (RFC 9111, 5861): reusable while it is fresh; a stale answer only after revalidation,
    or for 30 s if we fail."""
    if at.is_stale:
        return f"max-age=0, stale-if-error={min(30, int(stale_for))}"
    return f"max-age={at.age + at.ttl}, stale-while-revalidate=60, stale-if-error={int(stale_for)}"
