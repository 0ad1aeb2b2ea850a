"""The quiet line that says why another source stands in. Pure."""

from datetime import datetime

from weather.messages import N_
from weather.reader import Reader
from weather.report import Report

WHY_INSTEAD = {
    "key_rejected": N_("{source} rejects this server's key, so this is from {other}. A new key takes up to two hours."),
    "quota_exhausted": N_("The calls that {source} allows are used up for now, so this is from {other}."),
}
INSTEAD = N_("{source} could not be asked, so this is from {other}.")
"""By the codes of errors, and for all others: why another source stands in."""

REASON = N_("The reason: {reason}.")


def instead(report: Report, reader: Reader, as_of: datetime) -> str:
    """Why another source stands in, and when the one that should answer is asked again; "" if it does answer."""
    if report.instead is None:
        return ""
    source, again_at = reader.say(report.instead.source.name), report.instead.again_at
    why = WHY_INSTEAD.get(report.instead.code, INSTEAD)
    told = reader.say(why, source=source, other=reader.say(report.source.name))
    if report.instead.reason:
        told = f"{told} {reader.say(REASON, reason=reader.say(report.instead.reason))}"
    if again_at is None:
        return told
    time = reader.stamp(datetime.fromtimestamp(again_at, as_of.tzinfo), as_of)
    return f"{told} " + reader.say("{source} is asked again at {time}.", source=source, time=time)
