"""What every output for a terminal is made of: a report, who reads it, and when; what marks an old one. Pure."""

from dataclasses import dataclass
from datetime import date, datetime, tzinfo

from weather.domain.model import CurrentConditions, Place, zone
from weather.i18n.formatting import Formatter
from weather.messages import N_
from weather.providers.report import Report

DEMO = N_("demo")


@dataclass(frozen=True, slots=True)
class View:
    """A report as of a whole minute. Of its place the name is as the reader's language has it."""

    report: Report
    reader: Formatter
    as_of: datetime

    @property
    def place(self) -> Place:
        return self.report.place

    @property
    def current(self) -> CurrentConditions | None:
        return self.report.now

    @property
    def tz(self) -> tzinfo:
        return zone(self.place.timezone)

    @property
    def today(self) -> date:
        return self.as_of.date()

    @property
    def is_stale(self) -> bool:
        return self.report.has_data and self.report.freshness_now.is_stale

    @property
    def is_demo(self) -> bool:
        return self.report.source.word == "demo"

    def age(self) -> float:
        """Seconds since its oldest part was fetched."""
        fetched = (part.fetched.entry.fetched_at for part in self.report.sections().values() if part.fetched)
        return max(0.0, self.as_of.timestamp() - min(fetched, default=self.as_of.timestamp()))

    def mark(self) -> str:
        """What stands behind anything short that is old or invented: "3 h ago", "demo"; "" behind all else."""
        words = [self.reader.say(DEMO)] if self.is_demo else []
        if self.is_stale:
            words.append(self.reader.language.ago(self.age()))
        return self.reader.listed(words)


def view_of(report: Report, reader: Formatter, now: float) -> View:
    return View(report, reader, datetime.fromtimestamp(now // 60 * 60, zone(report.place.timezone)))
