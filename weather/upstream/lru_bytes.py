"""A mapping that is bounded in bytes."""

from collections import OrderedDict
from collections.abc import Callable, Iterator
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class LruBytes(Generic[K, V]):
    """The values that were used last. `limit` in bytes; `size` returns how many of them a key and its value take."""

    def __init__(self, limit: int, size: Callable[[K, V], int]) -> None:
        self._limit, self._size = limit, size
        self._bytes = 0
        self._values: OrderedDict[K, V] = OrderedDict()

    def __len__(self) -> int:
        return len(self._values)

    @property
    def bytes(self) -> int:
        return self._bytes

    def get(self, key: K) -> V | None:
        if (value := self._values.get(key)) is not None:
            self._values.move_to_end(key)
        return value

    def put(self, key: K, value: V) -> None:
        """Put a value, and drop those that were used longest ago while there is too much."""
        self.drop(key)
        self._values[key] = value
        self._bytes += self._size(key, value)
        while self._bytes > self._limit:
            self.drop(next(iter(self._values)))

    def drop(self, key: K) -> None:
        if (value := self._values.pop(key, None)) is not None:
            self._bytes -= self._size(key, value)

    def items(self) -> Iterator[tuple[K, V]]:
        """All, the one that was used last at the end."""
        return iter(self._values.items())
