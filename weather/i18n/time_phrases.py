"""Times as a sentence holds them: with the preposition and the name of the day that they need. Pure.

A preposition before a time depends on what the time is: "at 14:00", but "on Friday at 06:00"; "jusqu’à 14:00", but
"jusqu’au 17 novembre". So a message has no preposition before a time: it holds a phrase that is made here. Where no
sentence needs one it holds the bare time, behind a colon or as it is.

A day is named today not at all, then tomorrow (yesterday), by its weekday up to six days ahead, else by its date: so
no weekday ever means two days.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime

from weather.i18n.language import Language
from weather.messages import N_

ON_WEEKDAYS = (
    N_("on Monday"),
    N_("on Tuesday"),
    N_("on Wednesday"),
    N_("on Thursday"),
    N_("on Friday"),
    N_("on Saturday"),
    N_("on Sunday"),
)
UNTIL_WEEKDAYS = (
    N_("until Monday"),
    N_("until Tuesday"),
    N_("until Wednesday"),
    N_("until Thursday"),
    N_("until Friday"),
    N_("until Saturday"),
    N_("until Sunday"),
)
"""Monday first. Whole messages, for the names bend in many languages."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A preposition with a time: of today, of the days beside it, of a day with a weekday, and of any other.

    Where the last two are empty, CLDR has them; else the date stands for a day that has no message of its own.
    """

    today: str
    tomorrow: str
    yesterday: str = ""
    date: str = ""
    weekday: str = ""


BARE = Phrase("", N_("tomorrow {time}"), N_("yesterday {time}"))
AT = Phrase(
    N_("at {time}"),
    N_("tomorrow at {time}"),
    N_("yesterday at {time}"),
    N_("on {date} at {time}"),
    N_("{on_weekday} at {time}"),
)
UNTIL = Phrase(
    N_("until {time}"),
    N_("until {time} tomorrow"),
    date=N_("until {date}, {time}"),
    weekday=N_("{until_weekday}, {time}"),
)
UNTIL_ABOUT = replace(UNTIL, today=N_("until about {time}"), tomorrow=N_("until about {time} tomorrow"))
TO = replace(UNTIL, today=N_("to {time}"), tomorrow=N_("to {time} tomorrow"))
BY = replace(UNTIL, today=N_("by {time}"), tomorrow=N_("by {time} tomorrow"))
FROM_ABOUT = Phrase(N_("from about {time}"), N_("from about {time} tomorrow"), date=N_("from {date}, about {time}"))


def phrase(
    kind: Phrase, moment: datetime, as_of: datetime, language: Language, twelve: bool = False, named: date | None = None
) -> str:
    """A time as a phrase where `as_of` is; the day `named` has been named already and is not named again."""
    local = moment.astimezone(as_of.tzinfo)
    time, day = language.clock(local, twelve, in_text=kind is not BARE), local.date()
    apart = 0 if day == named else (day - as_of.date()).days
    if beside := {0: kind.today, 1: kind.tomorrow, -1: kind.yesterday}.get(apart):
        return language.say(beside, time=time)
    if apart == 0:
        return time
    if 1 < apart < 7 and bool(kind.weekday) == bool(kind.date):
        return with_weekday(kind, day, time, language)
    return with_date(kind, language.date_as_of(day, as_of.date()), time, language)


def with_weekday(kind: Phrase, day: date, time: str, language: Language) -> str:
    if not kind.weekday:
        return language.conventions.weekday_time.format(EEEE=language.weekday(day), time=time)
    forms = {"on_weekday": ON_WEEKDAYS[day.weekday()], "until_weekday": UNTIL_WEEKDAYS[day.weekday()]}
    return language.say(kind.weekday, **{name: language.say(form) for name, form in forms.items()}, time=time)


def with_date(kind: Phrase, day: str, time: str, language: Language) -> str:
    if not kind.date:
        return language.conventions.date_time.format(time, day)
    return language.say(kind.date, date=day, time=time)


def dated(moment: datetime, language: Language, twelve: bool = False) -> str:
    """A time with its weekday and date, which means the same whenever it is read."""
    return language.conventions.date_time.format(language.clock(moment, twelve), language.date(moment))
