"""May upstream be asked now; if not, until when and why. Pure: the time is passed in.

For now it knows two reasons: the operator's offline switch, and a failure a moment ago of the very same request.
"""

from collections import OrderedDict
from dataclasses import dataclass

from weather.errors import AccountBlocked, GateClosed, Offline, Refusal, UpstreamError, UpstreamStatus

FIRST_PAUSE, LONGEST_PAUSE, LONGEST_WAIT = 1.0, 60.0, 3600.0
REMEMBERED = 10_000


@dataclass(frozen=True, slots=True)
class Pause:
    """A key is left alone until then; `ordered` when upstream itself named the time."""

    failures: int
    until: float
    ordered: bool


def pause_after(error: UpstreamError, failures: int, now: float) -> Pause:
    """The pause that follows the n-th failure in a row: one second, doubling up to a minute, or what upstream said."""
    ordered = isinstance(error, AccountBlocked) or (isinstance(error, UpstreamStatus) and error.told_to_wait)
    doubled = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(failures - 1, 10))
    wait = min(error.retry_after or 0.0, LONGEST_WAIT) if ordered else doubled
    return Pause(failures, now + wait, ordered)


class Gate:
    """What is closed now."""

    def __init__(self, *, offline: bool) -> None:
        self._offline = offline
        self._pauses: OrderedDict[str, Pause] = OrderedDict()

    def refusal(self, key: str, has_old: bool, now: float) -> Refusal | None:
        """Why this key may not be asked for now. Who has nothing old to show waits only when upstream said so."""
        if self._offline:
            return Offline("upstream is switched off")
        pause = self._pauses.get(key)
        # A pause that would end far ahead is one from before the clock was set back.
        if pause is None or not now < pause.until <= now + LONGEST_WAIT or not (has_old or pause.ordered):
            return None
        return GateClosed(pause.until - now)

    def failed(self, key: str, error: UpstreamError, now: float) -> None:
        """Upstream failed this key: leave it alone for a while."""
        before = self._pauses.pop(key, None)
        self._pauses[key] = pause_after(error, before.failures + 1 if before else 1, now)
        if len(self._pauses) > REMEMBERED:
            self._pauses.popitem(last=False)

    def succeeded(self, key: str) -> None:
        """Upstream answered: all is forgiven."""
        self._pauses.pop(key, None)
