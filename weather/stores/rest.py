"""What is done while a server cannot be used: leave it alone for a second, doubling to a quarter of a minute."""

from collections.abc import Callable

FIRST_REST, LONGEST_REST = 1.0, 15.0


class Rest:
    """Of one kind of requests: whether they are left for now, and what was the trouble (None: there is none)."""

    def __init__(self, steady: Callable[[], float]) -> None:
        self._steady = steady
        self._length, self._until = 0.0, 0.0
        self.trouble: str | None = None

    @property
    def is_on(self) -> bool:
        return self._steady() < self._until

    def try_again(self) -> bool:
        """Whether the next request is a trial: the others are left as long as it is under way."""
        if self.trouble is not None:
            self._until = self._steady() + self._length
        return self.trouble is not None

    def fail(self, trouble: str) -> None:
        self._length = min(LONGEST_REST, max(FIRST_REST, 2 * self._length))
        self._until = self._steady() + self._length
        self.trouble = trouble

    def end(self) -> None:
        self._length, self._until, self.trouble = 0.0, 0.0, None
