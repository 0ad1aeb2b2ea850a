"""Names of countries as CLDR has them; `.build/locale.py` makes the table."""

import json
from functools import cache

from weather.i18n.language import FOLDER, SOURCE


@cache
def table() -> dict[str, dict[str, str]]:
    """Return the names by language and ISO 3166 code. Read at the first use: no start needs it."""
    names: dict[str, dict[str, str]] = json.loads((FOLDER / "territories.json").read_text("utf-8"))
    return names


def territory(code: str | None, language: str) -> str | None:
    """Return a country's name in a language, else in English, else its code; None if there is no code."""
    if code is None:
        return None
    return table().get(language, {}).get(code) or table()[SOURCE].get(code, code)
