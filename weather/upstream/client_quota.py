"""What is left to one client of the quotas that its calls are charged to."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ClientQuota:
    """A client's part of a quota: at most `limit` calls in a window (minute, hour, day, month), so many of them left.

    `resets_in`: seconds until there are more.
    """

    name: str
    limit: int
    window: str
    left: int
    resets_in: int
