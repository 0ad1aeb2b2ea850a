"""Who reads: a language, a unit system, a clock. Numbers of ours become text here."""

from dataclasses import dataclass
from datetime import date, datetime

from weather.domain.units import DECIMALS, WITH_ZEROS, System, compass, in_unit
from weather.i18n.language import Language
from weather.messages import N_

UNKNOWN = "–"


@dataclass(frozen=True, slots=True)
class Formatter:
    """Writes numbers and times as this reader is used to; what is not known is a dash, never a zero."""

    language: Language
    system: System
    twelve: bool = False

    def say(self, message: str, /, **values: str | int) -> str:
        return self.language.say(message, **values)

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
        return UNKNOWN if value is None else f"{self.number(value, symbol)}\u00a0{self.say(symbol)}"

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

    def percent(self, value: float | None) -> str:
        return UNKNOWN if value is None else f"{self.language.number(value)}\u00a0%"

    def plain(self, value: float | None, decimals: int = 0) -> str:
        return UNKNOWN if value is None else self.language.number(value, decimals)

    def clock(self, moment: datetime) -> str:
        return self.language.clock(moment, self.twelve)

    def hour(self, moment: datetime) -> str:
        """The hour alone, for an axis: "15", or "3 pm" with twelve hours."""
        return self.language.hour(moment, self.twelve)

    def stamp(self, moment: datetime, as_of: datetime) -> str:
        """A time of day; with its weekday or date when it is another day's."""
        return self.language.day_time(moment.astimezone(as_of.tzinfo), as_of, self.twelve)

    def span(self, start: datetime, end: datetime, as_of: datetime) -> str:
        """From a time to a time; the day is named once where both are of one."""
        since = start.astimezone(as_of.tzinfo)
        is_one_day = end.astimezone(as_of.tzinfo).date() == since.date()
        told = self.stamp(end, since if is_one_day else as_of)
        return self.say("{start} to {end}", start=self.stamp(start, as_of), end=told)

    def day(self, day: date, today: date) -> str:
        """A day's name that no other of the days around has: today, tomorrow, its weekday, from a week on its date."""
        apart = (day - today).days
        if apart in (0, 1):
            return self.say(N_("tomorrow") if apart else N_("today"))
        return self.language.weekday(day) if 0 < apart < 7 else self.language.date(day)

    def from_direction(self, format_degrees: float) -> str:
        """One of sixteen points, as it stands after "from the"."""
        return self.say(compass(format_degrees))
