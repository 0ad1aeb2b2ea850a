"""Says in plain words why a Redis cannot be used. The text of the error is never shown: it may hold an address."""

from collections.abc import Mapping

from redis.exceptions import (
    AuthenticationError,
    ClusterCrossSlotError,
    ClusterDownError,
    MovedError,
    ResponseError,
)

from weather.messages import N_

OF_CLUSTER = (ClusterCrossSlotError, ClusterDownError, MovedError)
"""Errors of a server that has only a part of the keys: what must be atomic here is one script with several of them."""

REFUSALS: Mapping[type[Exception] | tuple[type[Exception], ...], str] = {
    OF_CLUSTER: N_("redis is part of a Redis Cluster, which is not supported; a server that stands alone is"),
    AuthenticationError: N_("redis refuses the user or password in WEATHER_CACHE_URL"),
    ResponseError: N_("redis refuses the database number in WEATHER_CACHE_URL, or its user has too few rights"),
}
"""What a server says no to; the first that fits counts."""


def problem_of(error: Exception, *, is_write: bool = False) -> str:
    """What `/readyz` and `weather doctor` say of a fault."""
    words = next((words for kinds, words in REFUSALS.items() if isinstance(error, kinds)), N_("redis does not answer"))
    if is_write and not isinstance(error, OF_CLUSTER):
        words = N_("redis refuses writes")
    return f"{words}: {type(cause_of(error)).__name__}"


def cause_of(error: BaseException) -> BaseException:
    """The first cause: redis-py's own error says no more than that there is no connection."""
    before = error.__cause__ or error.__context__
    return error if before is None or isinstance(error, TimeoutError) else cause_of(before)
