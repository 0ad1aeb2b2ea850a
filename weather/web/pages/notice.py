"""The freshness line of a page: how old the answer is, why it is no younger, and why another source stands in. Pure."""

from dataclasses import dataclass
from datetime import datetime

from weather.errors import KeyRejected
from weather.i18n.formatting import Formatter
from weather.messages import N_
from weather.providers.report import Report, Source, overall

WHY_OLD = {
    "offline": N_("This server is set to be offline, so nobody was asked."),
    "gate": N_("The source failed a moment ago."),
    "quota": N_("The calls that the source allows are used up for now."),
    "key": N_("The source rejects this server's key. Not active yet? New keys take up to two hours."),
    "upstream-timeout": N_("The source has not answered in time."),
    "upstream-unreachable": N_("The source could not be reached."),
    "upstream-status": N_("The source answered with an error."),
    "upstream-invalid": N_("The source answered with something unreadable."),
}


WHY_INSTEAD = {
    "key_rejected": N_("{source} rejects this server's key, so this is from {other}. A new key takes up to two hours."),
    "quota_exhausted": N_("The calls that {source} allows are used up for now, so this is from {other}."),
}
INSTEAD = N_("{source} could not be asked, so this is from {other}.")
"""By the codes of errors, and for all others: why another source stands in."""

REASON = N_("The reason: {reason}.")


@dataclass(frozen=True, slots=True)
class Notice:
    """How old the answer is; ages in seconds. `kind`: fresh, stale, offline, quota, key.

    `retry_at`: when the source is asked again; `instead`: why another source stands in, "" if none does.
    """

    kind: str
    why: str
    fetched_at: datetime
    age: float
    is_mixed: bool
    retry_at: datetime | None
    measured_at: datetime | None
    observed_age: float
    instead: str


def notice(report: Report, reader: Formatter, as_of: datetime) -> Notice:
    """How old the whole is, and why it is no younger."""
    via, ages = report.freshness_now.via, report.freshness().values()
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
        observed_age=since(measured_at, as_of) if measured_at else 0.0,
        instead=instead(report, reader, as_of),
    )


def since(moment: datetime, as_of: datetime) -> float:
    """Seconds since then, never below zero."""
    return max(0.0, as_of.timestamp() - moment.timestamp())


def stamp(source: Source, told: Notice, reader: Formatter, as_of: datetime) -> str:
    """What stands in the corner of the drawing: where it comes from and how old it is, in absolute times."""
    values = {"source": reader.say(source.name), "time": reader.stamp(told.fetched_at, as_of)}
    if told.kind == "fresh":
        return reader.say("{source}, fetched {time}", **values)
    return reader.say("{source}, not up to date: fetched {time}", **values)


def instead(report: Report, reader: Formatter, as_of: datetime) -> str:
    """Why another source stands in, and when the one that should answer is asked again; "" if it does answer."""
    if report.instead is None:
        return ""
    source, retry_at = reader.say(report.instead.source.name), report.instead.retry_at
    why = WHY_INSTEAD.get(report.instead.code, INSTEAD)
    told = reader.say(why, source=source, other=reader.say(report.source.name))
    if report.instead.reason:
        told = f"{told} {reader.say(REASON, reason=reader.say(report.instead.reason))}"
    if retry_at is None:
        return told
    time = reader.stamp(datetime.fromtimestamp(retry_at, as_of.tzinfo), as_of)
    return f"{told} " + reader.say("{source} is asked again at {time}.", source=source, time=time)
