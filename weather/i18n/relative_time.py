"""How `Language.ago` says an age, for the browser to go on with while a page stands open. Pure."""

import json
from collections.abc import Callable, Mapping
from functools import cache

from weather.i18n.language import language


@cache
def ages(code: str) -> str:
    """The messages that an age is made of in a language, as JSON; those with a number by their plural category."""
    translations = language(code)
    samples = translations.conventions.samples
    words = {
        "now": translations.text("just now"),
        "ago": translations.text("{span} ago"),
        "both": translations.text("{longer} {shorter}"),
        "minutes": by_category(lambda n: translations.plural_text("{n} min", "{n} min", n), samples),
        "hours": by_category(lambda n: translations.plural_text("{n} h", "{n} h", n), samples),
        "days": by_category(lambda n: translations.plural_text("{n} day ago", "{n} days ago", n), samples),
        "days_hours": by_category(
            lambda n: translations.plural_text("{n} day {hours} ago", "{n} days {hours} ago", n), samples
        ),
    }
    return json.dumps(words, ensure_ascii=False, separators=(",", ":"))


def by_category(text: Callable[[int], str], samples: Mapping[str, int]) -> dict[str, str]:
    """What is said with a number of each plural category (CLDR); those left out say what "other" says."""
    other = text(samples.get("other", max(samples.values())))  # of some languages only fractions are "other"
    return {name: text(n) for name, n in samples.items() if text(n) != other} | {"other": other}
