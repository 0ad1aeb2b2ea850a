"""A brake on guessing access keys: who has sent many wrong ones waits before another is looked at. Pure.

Nobody may be locked out by what others do. So a key that has opened for a client goes on to open for it, and who has
sent no wrong key is always heard, also while many guess; who has guessed is then heard once in a window. A key that is
known to be wrong is no new guess, however often a program sends it. Each process counts for itself.
"""

from collections import OrderedDict, deque
from collections.abc import Callable
from hashlib import blake2b
from os import urandom
from typing import Any

from weather.errors import RequestError
from weather.messages import N_

WINDOW = 60.0
"""Seconds for which a wrong key counts."""

PER_CLIENT, IN_ALL = 10, 100
"""How many different wrong keys one client may send in a window, and all may before it is one for each."""

MOST_CLIENTS = 10_000
"""Of how many clients wrong keys are remembered, and of how many good ones."""


class TooManyGuesses(RequestError):
    """This client has sent as many wrong access keys as one may for now."""

    status, code, title = 429, "client_budget", N_("Too many requests")

    def __init__(self, retry_after: float) -> None:
        super().__init__(N_("Too many wrong access keys have come from your address. Please try again in a minute."))
        self.retry_after = retry_after


class KeyGuesses:
    """What was sent of late, and by whom. `steady`: a clock in seconds that nobody sets."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady, self._secret = steady, urandom(16)
        self._wrong: OrderedDict[str, dict[bytes, float]] = OrderedDict()
        self._good: OrderedDict[tuple[str, bytes], None] = OrderedDict()
        self._all: deque[float] = deque(maxlen=IN_ALL)

    def check(self, client: str, sent: str, is_good: bool) -> None:
        """Count what a client has sent. Raises TooManyGuesses where nothing may be told of it, were it good or not."""
        now, what = self._steady(), blake2b(sent.encode("utf-8", "replace"), digest_size=16, key=self._secret).digest()
        wrong = self._recent(client, now)
        if (client, what) in self._good or what in wrong:
            return
        if len(wrong) >= self._allowed(now):
            raise TooManyGuesses(min(wrong.values()) + WINDOW - now)
        if is_good:
            self._good[client, what] = None
            bound(self._good)
        else:
            self._wrong[client] = wrong | {what: now}
            self._all.append(now)
            bound(self._wrong)

    def _recent(self, client: str, now: float) -> dict[bytes, float]:
        return {what: at for what, at in self._wrong.get(client, {}).items() if now - at < WINDOW}

    def _allowed(self, now: float) -> int:
        """How many wrong keys of one client are looked at."""
        return 1 if len(self._all) == IN_ALL and now - self._all[0] < WINDOW else PER_CLIENT


def bound(remembered: "OrderedDict[Any, Any]") -> None:
    """Forget the oldest of too many."""
    while len(remembered) > MOST_CLIENTS:
        remembered.popitem(last=False)
