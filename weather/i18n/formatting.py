"""Who reads: a language, a unit system, a clock. Numbers of ours become text here."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from weather.domain.units import DECIMALS, WITH_ZEROS, System, compass, in_unit
from weather.i18n.language import Language
from weather.i18n.time_phrases import AT, BARE, BY, FROM_ABOUT, TO, UNTIL, UNTIL_ABOUT, dated, phrase
from weather.messages import C_, N_

UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Formatter:
    """Writes numbers and times as this reader is used to; what is not known is a dash, never a zero."""

    language: Language
    system: System
    twelve: bool = False

    def say(self, message: str, /, **values: str | int) -> str:
        return self.language.say(message, **values)

    def listed(self, items: Sequence[str]) -> str:
        """Items behind each other: "rain, 7°"."""
        return self.language.conventions.comma.join(items)

    def sentence(self, words: str) -> str:
        """Words that stand alone, with a full stop."""
        # Translators: a sentence of one or more words, with the full stop of your language.
        return self.say("{words}.", words=words)

    def number(self, value: float | None, symbol: str) -> str:
        """A number of ours in the unit of that symbol, without the symbol."""
        if value is None:
            return UNKNOWN
        return self.figure(in_unit(value, symbol), symbol)

    def figure(self, value: float, symbol: str) -> str:
        """A number that is in that unit already: no more digits than are known."""
        return self.language.number(value, DECIMALS.get(symbol, 0), trim=symbol not in WITH_ZEROS)

    def measure(self, value: float | None, symbol: str) -> str:
        """The same with its symbol: "4 mm"."""
        return UNKNOWN if value is None else f"{self.number(value, symbol)}\u00a0{self.unit(symbol)}"

    def unit(self, symbol: str) -> str:
        """The symbol of a unit as this language writes it."""
        return self.say(C_("unit", symbol))

    def measure_to(self, value: float, symbol: str, decimals: int) -> str:
        """The same with so many decimals at most."""
        return f"{self.language.number(in_unit(value, symbol), decimals, trim=True)}\u00a0{self.unit(symbol)}"

    def temperature(self, celsius: float | None) -> str:
        return UNKNOWN if celsius is None else f"{self.number(celsius, self.system.temperature)}°"

    def amount(self, millimetres: float | None) -> str:
        return self.measure(millimetres, self.system.precipitation)

    def speed(self, metres_a_second: float | None) -> str:
        return self.measure(metres_a_second, self.system.wind_speed)

    def pressure(self, hectopascals: float | None) -> str:
        return self.measure(hectopascals, self.system.pressure)

    def distance(self, metres: float | None) -> str:
        return self.measure(metres, self.system.distance)

    def concentration(self, micrograms: float | None) -> str:
        """So much in a cubic metre of air."""
        return UNKNOWN if micrograms is None else f"{self.plain(micrograms, 1)}\u00a0{self.unit('µg/m³')}"

    def percent(self, value: float | None) -> str:
        return UNKNOWN if value is None else self.language.percent(value)

    def plain(self, value: float | None, decimals: int = 0) -> str:
        return UNKNOWN if value is None else self.language.number(value, decimals)

    def clock(self, moment: datetime) -> str:
        return self.language.clock(moment, self.twelve)

    def clock_in_text(self, moment: datetime) -> str:
        """The time of day as a sentence has it."""
        return self.language.clock(moment, self.twelve, in_text=True)

    def hour(self, moment: datetime) -> str:
        """The hour alone, for an axis: "15", or "3 pm" with twelve hours."""
        return self.language.hour(moment, self.twelve)

    def stamp(self, moment: datetime, as_of: datetime, named: date | None = None) -> str:
        """A time of day, bare; with its day when it is another one than today, or than the day just named."""
        return phrase(BARE, moment, as_of, self.language, self.twelve, named)

    def at(self, moment: datetime, as_of: datetime, named: date | None = None) -> str:
        """The same with its preposition: "at 14:00", "tomorrow at 14:00", "on Friday at 14:00"."""
        return phrase(AT, moment, as_of, self.language, self.twelve, named)

    def until(self, moment: datetime, as_of: datetime) -> str:
        return phrase(UNTIL, moment, as_of, self.language, self.twelve)

    def until_about(self, moment: datetime, as_of: datetime) -> str:
        return phrase(UNTIL_ABOUT, moment, as_of, self.language, self.twelve)

    def from_about(self, moment: datetime, as_of: datetime) -> str:
        return phrase(FROM_ABOUT, moment, as_of, self.language, self.twelve)

    def to(self, moment: datetime, as_of: datetime, named: date | None = None) -> str:
        return phrase(TO, moment, as_of, self.language, self.twelve, named)

    def by(self, moment: datetime, as_of: datetime) -> str:
        return phrase(BY, moment, as_of, self.language, self.twelve)

    def dated(self, moment: datetime) -> str:
        """A time with its weekday and date, which means the same on whichever day it is read."""
        return dated(moment, self.language, self.twelve)

    def span(self, start: datetime, end: datetime, as_of: datetime) -> str:
        """From a time to a time; the day is named once where both are of one."""
        since, until = (moment.astimezone(as_of.tzinfo) for moment in (start, end))
        values = {"start": self.stamp(since, as_of), "end": self.stamp(until, as_of, since.date())}
        if since.date() == until.date():
            return self.say("{start} to {end}", **values)
        # Translators: two times of two days, each with the name of its day: "14:20 – tomorrow 06:00".
        return self.say("{start} – {end}", **values)

    def day(self, day: date, today: date) -> str:
        """A day's name that no other of the days around has: today, tomorrow, its weekday, from a week on its date."""
        apart = (day - today).days
        if apart in (0, 1):
            return self.say(N_("tomorrow") if apart else N_("today"))
        return self.language.weekday(day) if 0 < apart < 7 else self.language.date(day)

    def from_direction(self, degrees: float) -> str:
        """One of sixteen points, as it stands after "from the"."""
        return self.say(compass(degrees))
