"""An answer of `/hourly` or `/daily` as CSV (RFC 4180): a row for each step or day, with its age and units. Pure.

Rows are read without what stands around them, so each says itself how old it is and in which units its numbers are.
"""

import csv
from collections.abc import Iterator, Mapping
from io import StringIO
from typing import Any

from weather.errors import NotFound
from weather.messages import N_
from weather.web.http.responses import acceptable

CSV = "text/csv; charset=utf-8; header=present"
TABLES = frozenset({"/api/v1/hourly", "/api/v1/daily"})
"""The addresses that also give CSV, where `Accept` or `format` asks for it."""

NOTHING = N_("The saved forecast has come to its end.")
FRESHNESS = ("state", "source", "fetched_at", "fresh_until")


LONGEST_ACCEPT = 300
"""Characters of an Accept header that is read."""


def wants_csv(accept: str) -> bool:
    """Whether an Accept header names CSV and no JSON."""
    asked = acceptable(accept) if len(accept) <= LONGEST_ACCEPT else {}
    return asked.get("text/csv", False) and not any("json" in name for name in asked)


def table(body: Mapping[str, Any], section: str) -> bytes:
    """The rows, under the dotted names of the members; "" where a value is not known. Raises NotFound without any."""
    rows = body.get(section)
    if not rows:
        gap = next((missing for missing in body["missing"] if missing["section"] == section), None)
        raise NotFound(gap["detail"] if gap else NOTHING)
    around = {f"freshness.{name}": body["freshness"][name] for name in FRESHNESS}
    around |= {f"units.{name}": unit for name, unit in body["units"].items()}
    flat = [dict(leaves(row, "")) | around for row in rows]
    text = StringIO()
    writer = csv.DictWriter(text, list(flat[0]), restval="")
    writer.writeheader()
    writer.writerows(flat)
    return text.getvalue().encode()


def leaves(value: Mapping[str, Any], above: str) -> Iterator[tuple[str, Any]]:
    """The members by dotted name; truth as JSON writes it."""
    for name, inner in value.items():
        if isinstance(inner, Mapping):
            yield from leaves(inner, f"{above}{name}.")
        else:
            yield above + name, str(inner).lower() if isinstance(inner, bool) else inner
