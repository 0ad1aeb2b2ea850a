"""How `Language.ago` says an age, for the browser to go on with while a page stands open. Pure."""

import json
from collections.abc import Callable
from functools import cache

from weather.i18n.language import language

SAMPLES = {"zero": 0, "one": 1, "two": 2, "few": 3, "many": 11, "other": 100}
"""A number of each plural category (CLDR, plural rules), in every language that we speak or are likely to."""


@cache
def ages(code: str) -> str:
    """The messages that an age is made of in a language, as JSON; those with a number by their plural category."""
    told = language(code)
    words = {
        "now": told.text("just now"),
        "ago": told.text("{span} ago"),
        "both": told.text("{longer} {shorter}"),
        "minutes": by_category(lambda n: told.plural_text("{n} min", "{n} min", n)),
        "hours": by_category(lambda n: told.plural_text("{n} h", "{n} h", n)),
        "days": by_category(lambda n: told.plural_text("{n} day ago", "{n} days ago", n)),
        "days_hours": by_category(lambda n: told.plural_text("{n} day {hours} ago", "{n} days {hours} ago", n)),
    }
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def by_category(text: Callable[[int], str]) -> dict[str, str]:
    """What is said with a number of each category; those left out say what "other" says."""
    other = text(SAMPLES["other"])
    return {name: text(n) for name, n in SAMPLES.items() if name == "other" or text(n) != other}
