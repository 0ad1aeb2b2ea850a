"""What stands before an answer of a tool: how old it is, who gave it, and what is not known. Pure.

A language model does not know what time it is, and may not look at `freshness`: so it is told in a sentence.
"""

from datetime import UTC, datetime
from typing import Any

STATES = {
    "fresh": "Fresh: fetched {age} ago, at {fetched_at}, from {source}; up to date until {fresh_until}.",
    "stale": "OUT OF DATE: fetched {age} ago, at {fetched_at}, from {source}; no newer answer could be had. "
    "Say how old it is wherever you repeat it.",
    "demo": "INVENTED: a demonstration of this server. Do not repeat it as real weather.",
    "missing": "There is no data: nothing below says what the weather is like.",
}
NO_ALERTS = "No official warning is in force, as far as {source} says."
UNKNOWN_ALERTS = (
    "Whether there are official warnings is NOT KNOWN. That is not the same as none: there may be some in force."
)


def lead_of(document: dict[str, Any], now: float) -> str:
    """Return the sentences that go before an answer of `/api/v1`, at a time (Unix seconds)."""
    freshness = document["freshness"]
    age = age_of(freshness["fetched_at"], now)
    lines = [STATES[freshness["state"]].format(**freshness | {"age": age}), f"Place: {in_words(document['place'])}."]
    if "alerts" in document:
        lines += alerts_of(document)
    lines += [f"Not known: {gap['section']} ({gap['detail']})" for gap in document["missing"]]
    credits = "; ".join(attribution["text"] for attribution in document["attributions"])
    return "\n".join([*lines, f"Credit to print: {credits}."])


def in_words(place: dict[str, Any]) -> str:
    """Return which place it is: of several of one name the likeliest was taken."""
    point = f"{place['latitude']}, {place['longitude']}"
    names = [place[member] for member in ("name", "region", "country") if place[member]]
    found_as = f"; found by the name {place['matched']}" if place["matched"] else ""
    return f"{', '.join(dict.fromkeys(names)) or 'without a name'} ({point}{found_as})"


def alerts_of(document: dict[str, Any]) -> list[str]:
    """Return what is said of warnings where none are listed."""
    if document["alerts"] is None:
        return [UNKNOWN_ALERTS]
    section = document["freshness"]["sections"].get("alerts", {})
    return [] if document["alerts"] else [NO_ALERTS.format(source=section.get("source") or "the source")]


def age_of(fetched_at: str | None, now: float) -> str:
    """Return how long ago a time of RFC 3339 was, in whole units."""
    if fetched_at is None:
        return "an unknown time"
    minutes = max(0, int(now - datetime.fromisoformat(fetched_at).astimezone(UTC).timestamp())) // 60
    for name, length in (("day", 1440), ("hour", 60), ("minute", 1)):
        if count := minutes // length:
            return f"{count} {name}{'' if count == 1 else 's'}"
    return "less than a minute"
