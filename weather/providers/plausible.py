"""Keeps numbers that no weather has out of reports, and says once in the log that a source gave such ones."""

import logging
from collections import Counter

from weather.domain.bounds import is_possible

log = logging.getLogger(__name__)


class PlausibleNumbers:
    """The numbers of one source. `impossible` counts by quantity those that were not passed on."""

    def __init__(self, source: str) -> None:
        self._source = source
        self.impossible: Counter[str] = Counter()  # no more names than the table of bounds has

    def known(self, name: str, number: float | None) -> float | None:
        """The number, or None if it is none that the quantity of that name can have."""
        if number is None or is_possible(name, number):
            return number
        if not self.impossible[name]:
            log.warning(
                "%s gave a %s that is impossible, %.6g: it counts as not known, and so do others, which are not logged",
                self._source,
                name.replace("_", " "),
                number,
            )
        self.impossible[name] += 1
        return None
