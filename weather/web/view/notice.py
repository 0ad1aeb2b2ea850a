"""The freshness line of a page: how old the answer is, why it is no younger, and why another source stands in. Pure."""

from dataclasses import dataclass
from datetime import datetime

from weather.domain.model import zone
from weather.errors import KeyRejected
from weather.i18n.formatting import Formatter
from weather.messages import N_
from weather.providers.report import Report, Source, overall
from weather.upstream.freshness import combine

WHY_OLD = {
    "offline": N_("This server is set to work offline."),
    "gate": N_("The weather service did not answer a moment ago."),
    "quota": N_("The weather service has no calls left for now."),
    "key": N_("The weather service does not accept this server's key. New keys take up to two hours to work."),
    "upstream-timeout": N_("The weather service did not answer in time."),
    "upstream-unreachable": N_("The weather service could not be reached."),
    "upstream-status": N_("The weather service answered with an error."),
    "upstream-invalid": N_("The weather service sent something that cannot be read."),
}


WHY_INSTEAD = {
    "key_rejected": N_(
        "{source} does not accept this server's key. Shown instead: {other}. New keys take up to two hours to work."
    ),
    "quota_exhausted": N_("No calls left for {source} now. Shown instead: {other}."),
}
INSTEAD = N_("No answer from {source}. Shown instead: {other}.")
"""By the codes of errors, and for all others: why another source stands in."""

REASON = N_("The reason: {reason}.")


LONGEST_NAME = 32
"""Letters of a place in the corner of the drawing, where there is room for few."""


@dataclass(frozen=True, slots=True)
class Notice:
    """How old the answer is; ages in seconds, None for a time to come. `kind`: fresh, stale, offline, quota, key.

    `retry_at`: when the source is asked again; `instead`: why another source stands in, "" if none does.
    """

    kind: str
    why: str
    fetched_at: datetime
    age: float
    is_mixed: bool
    retry_at: datetime | None
    measured_at: datetime | None
    observed_age: float | None
    instead: str


def notice(report: Report, reader: Formatter, as_of: datetime) -> Notice:
    """How old the whole is, and why it is no younger. Parts of other sources tell that themselves."""
    via, tz = combine(part.fetched.standing for part in report.own if part.fetched).via, zone(report.place.timezone)
    ages = [age for part in report.own if (age := part.freshness(report.source.word, tz))]
    whole, measured_at = overall(ages), report.current.observed_at if report.current else None
    detail = "key" if via.code == KeyRejected.code else via.detail or ""
    kind = detail if detail in ("offline", "quota", "key") else "stale"
    return Notice(
        kind=kind if whole.state == "stale" else "fresh",
        why=WHY_OLD.get(detail, ""),
        fetched_at=whole.fetched_at,
        age=since(whole.fetched_at, as_of),
        is_mixed=any(since(whole.fetched_at, part.fetched_at) >= 60 for part in ages),
        retry_at=None if via.retry_at is None else datetime.fromtimestamp(via.retry_at, as_of.tzinfo),
        measured_at=measured_at,
        observed_age=age_of(measured_at, as_of),
        instead=instead(report, reader, as_of),
    )


def age_of(moment: datetime | None, as_of: datetime) -> float | None:
    """Seconds since then; None for one that is later than the minute of `as_of`: it is not "just now"."""
    if moment is None or moment.timestamp() - as_of.timestamp() > 60:
        return None
    return since(moment, as_of)


def since(moment: datetime, as_of: datetime) -> float:
    """Seconds since then, never below zero."""
    return max(0.0, as_of.timestamp() - moment.timestamp())


def stamp(source: Source, freshness: Notice, reader: Formatter, as_of: datetime, place: str) -> str:
    """What stands in the corner of the drawing: of which place it is, whose, and how old, in absolute times."""
    where = place if len(place) <= LONGEST_NAME else f"{place[: LONGEST_NAME - 1]}…"
    return f"{where} · {origin(source, freshness, reader, as_of)}"


def origin(source: Source, freshness: Notice, reader: Formatter, as_of: datetime) -> str:
    """Where the weather comes from, and when it was received."""
    values = {"source": reader.say(source.name), "time": reader.stamp(freshness.fetched_at, as_of)}
    if freshness.kind == "fresh":
        return reader.say("{source}, received {time}", **values)
    return reader.say("{source}, out of date: received {time}", **values)


def instead(report: Report, reader: Formatter, as_of: datetime) -> str:
    """Why another source stands in, and when the one that should answer is asked again; "" if it does answer."""
    if report.instead is None:
        return ""
    source, retry_at = reader.say(report.instead.source.name), report.instead.retry_at
    why = WHY_INSTEAD.get(report.instead.code, INSTEAD)
    text = reader.say(why, source=source, other=reader.say(report.source.name))
    if report.instead.reason:
        text = f"{text} {reader.say(REASON, reason=reader.say(report.instead.reason))}"
    if retry_at is None:
        return text
    time = reader.stamp(datetime.fromtimestamp(retry_at, as_of.tzinfo), as_of)
    return f"{text} " + reader.say("Next try for {source}: {time}", source=source, time=time)
