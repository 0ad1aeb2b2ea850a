"""What the holders of access keys asked for, by their names, as `/status` shows it to the operator. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from weather.settings.access_keys import AccessKey
from weather.web.metrics.names import REQUESTS


@dataclass(frozen=True, slots=True)
class Consumer:
    """The requests for weather of one name, "" for keys and visitors that have none, by how they were answered."""

    name: str
    results: Counter[str]

    @property
    def total(self) -> int:
        return sum(self.results.values())


def consumers(keys: Sequence[AccessKey], counts: Mapping[tuple[str, ...], float]) -> list[Consumer]:
    """Each name of the access keys, also one that has asked for nothing; last who has no name, if anybody has asked.

    `counts` are those of `/metrics`: requests by door, result and name.
    """
    results = {name: Counter[str]() for name in dict.fromkeys(key.name for key in keys if key.name)}
    for (kind, *labels), value in counts.items():
        if kind == REQUESTS:
            _, result, name = labels
            results.setdefault(name, Counter())[result] += int(value)
    nameless = results.pop("", None)
    return [Consumer(*row) for row in results.items()] + ([Consumer("", nameless)] if nameless else [])
