"""Numbers to sentences: whole ones, with clock times, each number one that the reader finds in the data. Pure."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import takewhile
from typing import Protocol, TypeVar

from weather.domain.model import CurrentConditions, DailyForecast, HourlyForecast, Minute
from weather.domain.precipitation import (
    TRACE,
    Kind,
    is_dry,
    kind_of_code,
    least,
    main_kind,
    step_kind,
    wet_steps,
)
from weather.domain.rounding import round_half
from weather.i18n.formatting import Formatter
from weather.i18n.precipitation_messages import AT_TIMES, AT_TIMES_UNTIL, LATER, UNTIL
from weather.messages import N_

LIKELY = 30
"""Per cent from which precipitation is named although hardly any is foreseen."""

STRONG = 10.8
"""Metres a second from which the wind is worth a sentence of its own: Beaufort 6."""

CALM, GALE = 0.3, 17.2
"""Metres a second: Beaufort 0 lies below the one; gusts from the other on are told beside any mean."""

HOUR = timedelta(hours=1)
OUTLOOK = 24 * HOUR


def capitalised(text: str) -> str:
    return text[:1].upper() + text[1:]


def now(current: CurrentConditions, reader: Formatter) -> str | None:
    """The sky, the temperature and the wind now; None if none of them is known."""
    parts = []
    if current.condition:
        parts.append(capitalised(reader.say(current.condition.text)))
    if current.temperature is not None:
        parts.append(reader.temperature(current.temperature))
    told = wind(current.wind_speed, current.wind_gust, current.wind_direction, reader)
    sentences = [f"{', '.join(parts)}."] if parts else []
    words = " ".join([*sentences, told] if told else sentences)
    if words and current.basis == "forecast":
        return reader.say("By the forecast: {words}", words=words)
    return words or None


def wind(speed: float | None, gust: float | None, direction: float | None, reader: Formatter) -> str | None:
    """The wind in one sentence: how strong, from where, and its gusts when they are much stronger, or of a gale."""
    if speed is None:
        return None
    if speed < CALM:
        return reader.say("Calm.")
    values = {"speed": reader.speed(speed), "gust": reader.speed(gust)}
    gusty = gust is not None and gust > speed and gust >= min(max(speed * 1.4, STRONG), GALE)
    if direction is None:
        return reader.say(N_("Wind {speed}, gusts {gust}.") if gusty else N_("Wind {speed}."), **values)
    values["direction"] = reader.from_direction(direction)
    if gusty:
        return reader.say("Wind {speed} from the {direction}, gusts {gust}.", **values)
    return reader.say("Wind {speed} from the {direction}.", **values)


class Timed(Protocol):
    """What is told of a time."""

    @property
    def time(self) -> datetime: ...


T = TypeVar("T", bound=Timed)


def ahead(hours: Sequence[T], as_of: datetime, span: timedelta) -> list[T]:
    """The steps that end after now and within a span from now."""
    now = as_of.astimezone(UTC)  # two times of one zone would be compared by their clocks, which may be set back
    return [hour for hour in hours if now < hour.time <= now + span]


def today(hours: Sequence[HourlyForecast], reader: Formatter, as_of: datetime) -> str:
    """The next 24 hours: whether it will be wet and when, how warm, and a strong wind."""
    coming = ahead(hours, as_of, OUTLOOK)
    if not coming:
        return reader.say("The forecast that is kept has come to its end.")
    sentences = [
        precipitation(coming, reader, as_of),
        warmth(coming, reader, as_of),
        strong_wind(coming, reader, as_of),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def precipitation(coming: Sequence[HourlyForecast], reader: Formatter, as_of: datetime) -> str:
    """When precipitation falls and how much, from steps of some hours: so "about"."""
    wet = wet_steps(coming)
    if not wet:
        return dry(coming, reader, as_of)
    hazards = (Kind.FREEZING_RAIN, Kind.THUNDER)
    by_kind = [[hour for hour in wet if step_kind(hour) is kind] for kind in hazards]
    others = [hour for hour in wet if step_kind(hour) not in hazards]
    told = [when(group, coming, group, reader, as_of) for group in by_kind if group]
    if others:
        told.append(when(others, coming, wet, reader, as_of))
    return " ".join([*told, total(coming, reader, as_of)])


def when(
    group: Sequence[HourlyForecast],
    coming: Sequence[HourlyForecast],
    filled: Sequence[HourlyForecast],
    reader: Formatter,
    as_of: datetime,
) -> str:
    """From when to when steps of a kind bring it; at times where a step between is none of `filled`."""
    first, last = group[0], group[-1]
    between = coming[coming.index(first) : coming.index(last)]
    begins = first.time.astimezone(UTC) - first.interval * HOUR
    is_on, has_gaps = begins <= as_of, any(hour not in filled for hour in between)
    told = (AT_TIMES_UNTIL if is_on else AT_TIMES) if has_gaps else (UNTIL if is_on else LATER)
    since = as_of if is_on else begins.astimezone(as_of.tzinfo)  # a day that the start has named is not named again
    values = {"end": reader.stamp(last.time, since)} | ({} if is_on else {"start": reader.stamp(begins, as_of)})
    return reader.say(told[main_kind(group)], **values)


def total(coming: Sequence[HourlyForecast], reader: Formatter, as_of: datetime) -> str:
    """How much falls; up to when, if the forecast that is kept ends before the outlook does."""
    fallen, is_least = least(hour.precipitation for hour in coming), any(h.precipitation is None for h in coming)
    if fallen < TRACE:
        return reader.say(N_("How much will fall is not known.") if is_least else N_("No more than traces."))
    last, values = coming[-1], {"amount": reader.amount(fallen)}
    if any(step_kind(hour) in (Kind.SNOW, Kind.SLEET) for hour in wet_steps(coming)):
        values["amount"] = reader.say("{amount} as water", **values)
    if as_of.astimezone(UTC) + OUTLOOK < last.time.astimezone(UTC) + last.interval * HOUR:
        text = N_("At least {amount} in 24 hours.") if is_least else N_("About {amount} in 24 hours.")
        return reader.say(text, **values)
    text = N_("At least {amount} by {time}.") if is_least else N_("About {amount} by {time}.")
    return reader.say(text, **values, time=reader.stamp(last.time, as_of))


def dry(coming: Sequence[HourlyForecast], reader: Formatter, as_of: datetime) -> str:
    """An outlook that is not wet, with the chance that it will be; dry only where not a drop is foreseen."""
    chance = max((hour.precipitation_probability or 0.0 for hour in coming), default=0.0)
    values = {"until": reader.stamp(coming[-1].time, as_of)}
    if any(hour.precipitation is None for hour in coming):
        text, values = N_("How much will fall is not known."), {}
    elif not is_dry(coming):
        text = N_("No more than traces of precipitation until {until}.")
    else:
        text = N_("Mostly dry until {until}.") if chance >= LIKELY else N_("Dry until {until}.")
    doubt = reader.say("The chance of precipitation reaches {chance}.", chance=reader.percent(chance))
    return f"{reader.say(text, **values)} {doubt}" if chance >= LIKELY else reader.say(text, **values)


def warmth(coming: Sequence[HourlyForecast], reader: Formatter, as_of: datetime) -> str:
    """The lowest and the highest temperature, in the order in which they come."""
    told = [hour for hour in coming if hour.temperature is not None]
    if not told:
        return ""
    low, high = min(told, key=warm), max(told, key=warm)
    if reader.temperature(low.temperature) == reader.temperature(high.temperature):
        return reader.say("About {temperature} throughout.", temperature=reader.temperature(low.temperature))
    values = {"low": reader.temperature(low.temperature), "high": reader.temperature(high.temperature)}
    rises = low.time.timestamp() < high.time.timestamp()
    first, then = (low, high) if rises else (high, low)
    earlier, later = ("low_at", "high_at") if rises else ("high_at", "low_at")
    values[earlier] = reader.stamp(first.time, as_of)
    values[later] = reader.stamp(then.time, first.time.astimezone(as_of.tzinfo))  # a named day is not named again
    if rises:
        return reader.say("Down to {low} at {low_at}, then up to {high} at {high_at}.", **values)
    return reader.say("Up to {high} at {high_at}, then down to {low} at {low_at}.", **values)


def warm(hour: HourlyForecast) -> float:
    return hour.temperature or 0.0


def strong_wind(coming: Sequence[HourlyForecast], reader: Formatter, as_of: datetime) -> str:
    """The strongest gust, if it is a strong one; where no gust beats the mean wind, that, and not called a gust."""
    gusty = max(coming, key=lambda hour: max(hour.wind_gust or 0.0, hour.wind_speed or 0.0))
    mean, gust = gusty.wind_speed or 0.0, gusty.wind_gust or 0.0
    strongest = max(mean, gust)
    if mean >= gust and mean >= STRONG:
        values = {"speed": reader.speed(mean), "time": reader.stamp(gusty.time, as_of)}
        return reader.say("Wind up to {speed} at {time}.", **values)
    if strongest < STRONG * 1.3:
        return ""
    return reader.say(
        "Gusts up to {gust} at {time}.", gust=reader.speed(strongest), time=reader.stamp(gusty.time, as_of)
    )


def next_hour(minutes: Sequence[Minute], reader: Formatter) -> str | None:
    """When precipitation begins or ends in the minutes up to the first unknown one; None if there is none of those."""
    told = list(takewhile(lambda minute: minute.precipitation is not None, minutes))
    wet = [i for i, minute in enumerate(told) if minute.precipitation]
    if not told:
        return None
    if not wet:
        return reader.say("No rain until {end}.", end=reader.clock(told[-1].time))
    begins, ends = wet[0] > 0, wet[-1] + 1 < len(told)
    values = {"start": reader.clock(told[wet[0]].time)}
    if ends:  # the minute after the last wet one is told, not reckoned: the clocks may change between the two
        values["end"] = reader.clock(told[wet[-1] + 1].time)
        return reader.say(N_("Rain from {start} to {end}.") if begins else N_("Rain until {end}."), **values)
    is_complete = not begins and len(told) >= 60
    return reader.say(N_("Rain for the whole hour.") if is_complete else N_("Rain from {start}."), **values)


def day(forecast: DailyForecast, reader: Formatter) -> str | None:
    """A day in a few words; None if nothing is known of its sky."""
    if forecast.condition is None:
        return None
    sky = capitalised(reader.say(forecast.condition.text))
    fallen, kind = forecast.precipitation or 0.0, kind_of_code(forecast.condition.code)
    if fallen == 0:
        return f"{sky}."
    if fallen < TRACE:
        return reader.say("{sky}, traces of precipitation.", sky=sky)
    amount = reader.amount(fallen)
    if kind in (Kind.SNOW, Kind.SLEET):
        amount = reader.say("{amount} as water", amount=amount)
    return reader.say("{sky}, about {amount}.", sky=sky, amount=amount)


def with_summaries(days: Sequence[DailyForecast], reader: Formatter) -> tuple[DailyForecast, ...]:
    """The days, each with its own words."""
    return tuple(replace(one, summary=day(one, reader)) for one in days)


def week(days: Sequence[DailyForecast], reader: Formatter, today: date) -> str:
    """The warmest, the coldest and the wettest of the days to come."""
    told = [one for one in days if one.temperature_max is not None and one.temperature_min is not None]
    if len(told) < 3:
        return ""
    warmest = max(told, key=lambda one: one.temperature_max or 0.0)
    coldest = min(told, key=lambda one: one.temperature_min or 0.0)
    text = N_("Warmest day: {warm_day}, {high}. Coldest: {cold_day}, {low}.")
    values = {"warm_day": reader.day(warmest.date, today), "high": reader.temperature(warmest.temperature_max)}
    values |= {"cold_day": reader.day(coldest.date, today), "low": reader.temperature(coldest.temperature_min)}
    wettest = max(told, key=lambda one: one.precipitation or 0.0)
    sentences = [reader.say(text, **values)]
    if (wettest.precipitation or 0.0) >= 1.0:
        values = {"day": reader.day(wettest.date, today), "amount": reader.amount(wettest.precipitation)}
        sentences.append(reader.say("Wettest: {day}, {amount}.", **values))
    return " ".join(sentences)


def sun(day: DailyForecast, is_up_at_noon: bool, reader: Formatter) -> str:
    """Sunrise and sunset; words where there is none."""
    if day.sunrise and day.sunset:
        return reader.say("{sunrise} to {sunset}", sunrise=reader.clock(day.sunrise), sunset=reader.clock(day.sunset))
    if day.sunrise:
        return reader.say("rises {sunrise}, does not set", sunrise=reader.clock(day.sunrise))
    if day.sunset:
        return reader.say("sets {sunset}, does not rise", sunset=reader.clock(day.sunset))
    return reader.say(N_("does not set") if is_up_at_noon else N_("does not rise"))


PHASES = (
    N_("new moon"),
    N_("waxing crescent"),
    N_("first quarter"),
    N_("waxing gibbous"),
    N_("full moon"),
    N_("waning gibbous"),
    N_("last quarter"),
    N_("waning crescent"),
)


def moon(phase: float | None, reader: Formatter) -> str:
    """The phase in words: one of eight."""
    return "–" if phase is None else reader.say(PHASES[int(round_half(phase * 8)) % 8])
