"""Decides whether upstream may be called, and how long it is left alone after failures. Pure: time and dice are passed.

The words are those of the field: a closed circuit breaker lets calls pass, an open one refuses them, a half-open one
lets one call pass, the probe, whose result decides. The rules:

1. There is one breaker for each cache key, one for each product of upstream, and one for the account.
2. A key's breaker opens at its first failure: for one second, doubling up to a minute.
3. A product's breaker opens when its last five calls failed, or half of at least five calls within 30 s: for five
   seconds, doubling up to a minute, and up to a fifth longer by chance.
4. Of each target only the latest result counts, so that one for which upstream always fails pauses only itself. A
   connection that cannot be made concerns every target, and counts once for each request.
5. A 4xx is an answer and no failure. A 401 opens the product's breaker for ten minutes; a 429 opens the account's for
   as long as its Retry-After says, or by rule 3 if that is less than a second.
6. While a breaker is open, failures of other calls change nothing, except that a 401 or 429 may lengthen the pause.
7. A breaker that has been half-open for ten minutes is reset.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from weather.errors import (
    CircuitOpen,
    KeyPaused,
    KeyRejected,
    RequestTimeout,
    UntrustedUpstream,
    UpstreamError,
    UpstreamInvalid,
    UpstreamRateLimited,
    UpstreamServerError,
    UpstreamStatus,
    UpstreamTimeout,
    UpstreamUnreachable,
)
from weather.upstream.validation import LONGEST_WAIT

LEAST_WAIT = 1.0
"""Seconds. A shorter Retry-After is ignored, for upstream's clock may be ahead of ours."""

WINDOW_SECONDS, LEAST_CALLS = 30.0, 5
MOST_CALLS = 20
"""A breaker remembers so many calls."""

RESET_SECONDS = 600.0
"""Seconds after the end of a pause when the breaker is reset: a crowd need not wait for one probe any more."""

MOST_BODY = 2**12

Call = tuple[float, bool, str]
"""When a call ended, whether it succeeded, and its target id."""

ERRORS: Mapping[str, type[UpstreamError]] = {
    "error": UpstreamError,
    "status": UpstreamStatus,
    "server_error": UpstreamServerError,
    "request_timeout": RequestTimeout,
    "key_rejected": KeyRejected,
    "rate_limited": UpstreamRateLimited,
    "invalid": UpstreamInvalid,
    "unreachable": UpstreamUnreachable,
    "untrusted": UntrustedUpstream,
    "timeout": UpstreamTimeout,
}
"""Errors by the code under which they are stored. Other workers, of other versions too, read these codes: never change
one."""

CODES: Mapping[type, str] = {kind: code for code, kind in ERRORS.items()}


@dataclass(frozen=True, slots=True)
class BreakerPolicy:
    """How many failures in a row open a breaker; the seconds of its first and its longest pause; and the part of a
    pause that chance may add."""

    failures: int
    first: float
    longest: float
    jitter: float = 0.0


KEY, PRODUCT = BreakerPolicy(1, 1.0, 60.0), BreakerPolicy(5, 5.0, 60.0, 0.2)


@dataclass(frozen=True, slots=True)
class Attempt:
    """An attempt that has ended: the id of its target, and whether it was the probe of the breaker."""

    target_id: str = ""
    is_probe: bool = True


@dataclass(frozen=True, slots=True)
class Failure:
    """An UpstreamError in a form that can be stored: its code in `ERRORS`, what upstream answered, our own words."""

    code: str
    status: int | None = None
    content_type: str = ""
    body: bytes = b""
    wait: float | None = None
    words: str = "upstream failed a moment ago"


@dataclass(frozen=True, slots=True)
class BreakerState:
    """What is stored of one breaker. The initial state is closed. Times are Unix seconds.

    `at`: when the state last changed. `recent`: the last calls. `openings`: how many times in a row it opened.
    `open_until`: the end of the pause. `reason`: failing, retry_after, key_rejected or rate_limited.
    """

    at: float = 0.0
    recent: tuple[Call, ...] = ()
    openings: int = 0
    open_until: float = 0.0
    reason: str = ""
    failure: Failure | None = None

    def is_open(self, now: float) -> bool:
        """Whether calls are refused. A state dated in the future is ignored: the clock was set back."""
        return self.at <= now < self.open_until

    def is_half_open(self, now: float) -> bool:
        """Whether the next call is the probe."""
        return self.openings > 0 and not self.is_open(now)

    def is_expired(self, now: float) -> bool:
        """Whether the pause ended so long ago that the breaker is to be reset."""
        return self.openings > 0 and now - self.open_until >= RESET_SECONDS

    @property
    def is_client_error(self) -> bool:
        """Whether the failure is a 4xx: upstream's answer to this very request, by which it is not failing itself."""
        return self.reason == "failing" and self.failure is not None and 400 <= (self.failure.status or 0) < 500


def reason_of(error: UpstreamError) -> str:
    """The reason for which an error opens a breaker, in the one vocabulary of log, `/status` and `/readyz`."""
    if isinstance(error, KeyRejected):
        return "key_rejected"
    if isinstance(error, UpstreamRateLimited):
        return "rate_limited"
    return "retry_after" if isinstance(error, UpstreamStatus) and error.has_retry_after else "failing"


def is_failure(error: UpstreamError | None) -> bool:
    """Whether a call counts as a failure of its product. A 4xx does not."""
    return error is not None and not 400 <= (error.upstream_status or 0) < 500


def after_success(state: BreakerState, now: float, attempt: Attempt) -> BreakerState:
    """Reset the breaker. If it is open, only the probe's result counts: other calls began before it opened."""
    if state.openings and not attempt.is_probe:
        return state
    recent = () if state.openings else recent_calls(state, now, attempt.target_id)
    return BreakerState(now, (*recent, (now, True, attempt.target_id)))


def after_failure(
    state: BreakerState, error: UpstreamError, now: float, policy: BreakerPolicy, dice: float, attempt: Attempt
) -> BreakerState:
    """Count one more failure, and open the breaker if that is one too many (rules 2 to 6)."""
    if now < state.at:  # the clock was set back: that pause is over, and this failure must not revive it
        state = replace(state, open_until=now)
    recent = (*recent_calls(state, now, attempt.target_id), (now, False, attempt.target_id))
    failure, reason = dump_error(error), reason_of(error)
    is_counted = reason in ("failing", "retry_after")
    if is_counted and state.openings and (state.is_open(now) or not attempt.is_probe):
        return replace(state, at=now, failure=failure if state.reason in ("failing", "retry_after") else state.failure)
    if is_counted and not state.openings and not is_tripped(recent, policy):
        return BreakerState(now, recent, failure=failure)
    openings = state.openings + (not state.is_open(now))
    open_until = now + open_seconds(error, openings, policy, dice)
    if state.is_open(now) and open_until <= state.open_until:
        return replace(state, at=now)
    return BreakerState(now, recent, openings, open_until, reason, failure)


def is_tripped(recent: tuple[Call, ...], policy: BreakerPolicy) -> bool:
    """Whether these calls open a closed breaker."""
    last = recent[-policy.failures :]
    failures = sum(not succeeded for _, succeeded, _ in recent)
    all_failed = len(last) == policy.failures and not any(succeeded for _, succeeded, _ in last)
    return all_failed or (len(recent) >= LEAST_CALLS and failures * 2 >= len(recent))


def open_seconds(error: UpstreamError, openings: int, policy: BreakerPolicy, dice: float) -> float:
    """The length of a pause: what upstream asks for, or the policy's where it asks for nothing or next to nothing."""
    reason = reason_of(error)
    own = float(min(policy.longest, policy.first * 2 ** min(openings - 1, 10)) * (1 + policy.jitter * dice))
    asked = 0.0 if reason == "failing" else min(error.retry_after or 0.0, LONGEST_WAIT)
    return max(own, asked) if reason == "retry_after" or asked < LEAST_WAIT else asked


def recent_calls(state: BreakerState, now: float, target_id: str) -> tuple[Call, ...]:
    """The last calls within 30 s, without the one of this target, which is about to be counted anew."""
    others = [call for call in state.recent if 0 <= now - call[0] < WINDOW_SECONDS and call[2] != target_id]
    return tuple(others[-MOST_CALLS + 1 :])


def dump_error(error: UpstreamError) -> Failure:
    """The error in a form that can be stored; a class that is not in `ERRORS` as the nearest of its bases."""
    code = next(CODES[kind] for kind in type(error).__mro__ if kind in CODES)
    if not isinstance(error, UpstreamStatus):
        return Failure(code, words=str(error))
    wait = error.retry_after if error.has_retry_after else None
    return Failure(code, error.upstream_status, error.content_type, error.body[:MOST_BODY], wait)


def load_error(failure: Failure) -> UpstreamError:
    """The error that was stored. A code that is not known, or does not fit, gives the base class."""
    kind = ERRORS.get(failure.code, UpstreamError)
    if failure.status is not None:
        status_kind = kind if issubclass(kind, UpstreamStatus) else UpstreamStatus
        return status_kind(failure.status, failure.content_type, failure.body, failure.wait)
    return UpstreamError(failure.words) if issubclass(kind, UpstreamStatus) else kind(failure.words)


def error_if_open(state: BreakerState, now: float) -> CircuitOpen | None:
    """The error for a call that is refused now; None if it may pass."""
    if not state.is_open(now):
        return None
    if state.reason == "key_rejected" and state.failure:
        return KeyPaused(state.open_until - now, state.failure.content_type, state.failure.body)
    return CircuitOpen(state.open_until - now, load_error(state.failure) if state.failure else None)
