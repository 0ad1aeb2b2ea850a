"""May upstream be asked now; until when not, and why; and how long it is left alone. Pure: time and dice are passed in.

One mechanism at three widths. A key that failed is left alone for a second, doubling up to a minute. A product whose
last five keys failed, or half of at least five within 30 s, is closed for five seconds, doubling up to a minute; then
one probe goes through and decides for all. Of each key only its latest outcome counts, so that one for which upstream
always fails costs itself alone; a connection that is not made concerns all keys, and counts for each request. A product
that rejects our key is closed for ten minutes, the account for as long as a 429 says, but never for no time at all.
"""

from dataclasses import dataclass, replace

from weather import errors
from weather.errors import CircuitOpen, KeyPaused, KeyRejected, UpstreamError, UpstreamRateLimited, UpstreamStatus

LONGEST_WAIT, LEAST_WAIT = 3600.0, 1.0
"""Seconds that upstream may order; less than the least is no order, for its clock may be ahead of ours."""

SPAN, LEAST = 30.0, 5
FORGOTTEN = 600.0
"""Seconds after which nothing is left of a pause that is over: a crowd need not wait for one probe any more."""

MOST_BODY = 2**12

Outcome = tuple[float, bool, str]
"""When a call ended, whether it succeeded, and whose it was: of each key, or lost connection, the latest counts."""


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """How many failures in a row close it, for how many seconds at first and at most, and how far the dice add."""

    in_a_row: int
    first: float
    longest: float
    jitter: float = 0.0


KEY, PRODUCT = BreakerPolicy(1, 1.0, 60.0), BreakerPolicy(5, 5.0, 60.0, 0.2)


@dataclass(frozen=True, slots=True)
class Failure:
    """An error of upstream in a form that can be stored: its class, what upstream ordered to wait, our own words."""

    kind: str
    status: int | None = None
    content_type: str = ""
    body: bytes = b""
    wait: float | None = None
    words: str = "upstream failed a moment ago"


@dataclass(frozen=True, slots=True)
class BreakerState:
    """What is remembered of one gate; the initial state is open.

    `at`: when it last changed. `recent`: the last calls. `closings`: how often in a row it closed; then closed until
    `until` for the reason `why`: failing, told, key or blocked.
    """

    at: float = 0.0
    recent: tuple[Outcome, ...] = ()
    openings: int = 0
    until: float = 0.0
    why: str = ""
    failure: Failure | None = None

    def is_open(self, now: float) -> bool:
        """A state of a time ahead is from before the clock was set back, and holds nobody up."""
        return self.at <= now < self.until

    def is_half_open(self, now: float) -> bool:
        """Whether the next call decides for all that follow."""
        return self.openings > 0 and not self.is_open(now)

    def is_forgotten(self, now: float) -> bool:
        """Whether its pause has been over for so long that it says nothing any more."""
        return self.openings > 0 and now - self.until >= FORGOTTEN

    @property
    def is_answer(self) -> bool:
        """Whether what went wrong is upstream's own word about the question, a 4xx, by which it does not fail."""
        return self.why == "failing" and self.failure is not None and 400 <= (self.failure.status or 0) < 500


def why_closed(error: UpstreamError) -> str:
    """The reason that an error gives for closing, in the one vocabulary of log, page and `/readyz`."""
    if isinstance(error, KeyRejected):
        return "key"
    if isinstance(error, UpstreamRateLimited):
        return "blocked"
    return "told" if isinstance(error, UpstreamStatus) and error.has_retry_after else "failing"


def is_failure(error: UpstreamError | None) -> bool:
    """Whether a call counts against a product: a 4xx is an answer, and upstream's health is not in doubt."""
    return error is not None and not 400 <= (error.upstream_status or 0) < 500


def after_success(state: BreakerState, now: float, whose: str, decides: bool = True) -> BreakerState:
    """All is forgiven. Of a gate that was closed only its probe `decides`: other calls left before it was."""
    if state.openings and not decides:
        return state
    return BreakerState(now, (*(() if state.openings else recently(state, now, whose)), (now, True, whose)))


def after_failure(
    state: BreakerState,
    error: UpstreamError,
    now: float,
    rule: BreakerPolicy,
    dice: float,
    whose: str,
    decides: bool = True,
) -> BreakerState:
    """One failure more; it closes the gate if that is one too many.

    What fails while it is closed, or does not decide, is only noted; but a rejected key or a blocked account closes it
    at once, and for longer if that is longer.
    """
    if now < state.at:  # of before the clock was set back: it is over, and noting it now must not bring it back
        state = replace(state, until=now)
    recent, failure, why = (*recently(state, now, whose), (now, False, whose)), failure_of(error), why_closed(error)
    is_counted = why in ("failing", "told")
    if is_counted and state.openings and (state.is_open(now) or not decides):
        return replace(state, at=now, failure=failure if state.why in ("failing", "told") else state.failure)
    if is_counted and not state.openings and not is_tripped(recent, rule):
        return BreakerState(now, recent, failure=failure)
    openings = state.openings + (not state.is_open(now))
    until = now + pause(error, why, openings, rule, dice)
    if state.is_open(now) and until <= state.until:
        return replace(state, at=now)
    return BreakerState(now, recent, openings, until, why, failure)


def is_tripped(recent: tuple[Outcome, ...], rule: BreakerPolicy) -> bool:
    last = recent[-rule.in_a_row :]
    failures = sum(not succeeded for _, succeeded, _ in recent)
    in_a_row = len(last) == rule.in_a_row and not any(succeeded for _, succeeded, _ in last)
    return in_a_row or (len(recent) >= LEAST and failures * 2 >= len(recent))


def pause(error: UpstreamError, why: str, openings: int, rule: BreakerPolicy, dice: float) -> float:
    """Seconds to stay closed: what upstream says, and the rule's, doubling, where it says nothing or no time at all."""
    own = float(min(rule.longest, rule.first * 2 ** min(openings - 1, 10)) * (1 + rule.jitter * dice))
    told = 0.0 if why == "failing" else min(error.retry_after or 0.0, LONGEST_WAIT)
    return max(own, told) if why == "told" or told < LEAST_WAIT else told


def recently(state: BreakerState, now: float, whose: str) -> tuple[Outcome, ...]:
    """The calls of the last half minute, the last twenty at most, without the one that is to be counted anew."""
    others = (one for one in state.recent if 0 <= now - one[0] < SPAN and one[2] != whose)
    return tuple(others)[-19:]


def failure_of(error: UpstreamError) -> Failure:
    if not isinstance(error, UpstreamStatus):
        return Failure(type(error).__name__, words=str(error))
    wait = error.retry_after if error.has_retry_after else None
    return Failure(type(error).__name__, error.upstream_status, error.content_type, error.body[:MOST_BODY], wait)


def error_of(failure: Failure) -> UpstreamError:
    """The error that was stored as this failure."""
    kind = getattr(errors, failure.kind, None)
    if failure.status is not None:
        told = kind if isinstance(kind, type) and issubclass(kind, UpstreamStatus) else UpstreamStatus
        return told(failure.status, failure.content_type, failure.body, failure.wait)
    told_so = isinstance(kind, type) and issubclass(kind, UpstreamError) and not issubclass(kind, UpstreamStatus)
    return kind(failure.words) if told_so and kind else UpstreamError(failure.words)


def refusal(state: BreakerState, now: float) -> CircuitOpen | None:
    """Why nobody may pass now, if it is closed."""
    if not state.is_open(now):
        return None
    if state.why == "key" and state.failure:
        return KeyPaused(state.until - now, state.failure.content_type, state.failure.body)
    return CircuitOpen(state.until - now, error_of(state.failure) if state.failure else None)
