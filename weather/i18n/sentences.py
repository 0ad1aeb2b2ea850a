"""Numbers to sentences: whole ones, with clock times, each number one that the reader finds in the data. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Protocol, TypeVar

from weather.domain.beaufort import CALM
from weather.domain.calendar_day import begin_of
from weather.domain.conditions import tells_of_hail
from weather.domain.day_picture import HAZARDS, NightFall
from weather.domain.model import CurrentConditions, DailyForecast, HourlyForecast
from weather.domain.next_hour import Spell, Start
from weather.domain.nowcast_in_hours import amount_in
from weather.domain.precipitation import (
    Kind,
    amount_left,
    is_dry,
    kind_by_temperature,
    kind_of_code,
    kinds_of,
    least,
    main_kind,
    step_kind,
    wet_steps,
)
from weather.i18n.amounts import fallen, in_all, is_depth_told, is_hardly_any, kind_of, with_snow
from weather.i18n.day_and_night import day_and_night
from weather.i18n.formatting import Formatter
from weather.i18n.precipitation_messages import (
    AT_TIMES,
    AT_TIMES_UNTIL,
    CHANCES,
    DRY,
    LATER,
    LITTLE,
    MOSTLY_DRY,
    TRACES,
    UNTIL,
)
from weather.i18n.warmth import warmth
from weather.messages import N_

LIKELY = 30
"""Per cent from which precipitation is named although hardly any is foreseen."""

STRONG = 10.8
"""Metres a second from which the wind is worth a sentence of its own: Beaufort 6."""

GALE = 17.2
"""Metres a second: gusts from it on are told beside any mean."""

IN_ALL = N_("{sky}, in all about {amount}.")
"""Of a day with freezing rain, for which the day is named though most of what falls may be something else."""

HOUR = timedelta(hours=1)
OUTLOOK = 24 * HOUR
NO_SPELL = Spell()


def now(current: CurrentConditions, reader: Formatter) -> str | None:
    """The sky, the temperature and the wind now; None if none of them is known."""
    parts = list(sky_and_temperature(current, reader))
    wind_sentence = wind(current.wind_speed, current.wind_gust, current.wind_direction, reader)
    sentences = [reader.sentence(reader.listed(parts))] if parts else []
    words = " ".join([*sentences, wind_sentence] if wind_sentence else sentences)
    if words and current.basis == "forecast":
        return reader.say("Forecast for now: {words}", words=words)
    return words or None


def sky_and_temperature(current: CurrentConditions, reader: Formatter) -> Iterator[str]:
    if current.condition:
        yield reader.language.capitalised(reader.say(current.condition.text))
    if current.temperature is not None:
        yield reader.temperature(current.temperature)


def wind(speed: float | None, gust: float | None, direction: float | None, reader: Formatter) -> str | None:
    """The wind in one sentence: how strong, from where, and its gusts when they are much stronger, or of a gale."""
    if speed is None:
        return None
    values = {"speed": reader.speed(speed), "gust": reader.speed(gust)}
    gusty = gust is not None and gust > speed and gust >= min(max(speed * 1.4, STRONG), GALE)
    gusty = gusty and values["gust"] != values["speed"]  # of one force on Beaufort's scale
    if speed < CALM and not gusty:
        return reader.say("Calm.")
    if direction is not None:
        values["direction"] = reader.from_direction(direction)
    if gusty:
        text = N_("Wind {speed}, gusts up to {gust}.")
        text = text if direction is None else N_("Wind from the {direction}, {speed}, gusts up to {gust}.")
        return reader.say(text, **values)
    text = N_("wind {speed}") if direction is None else N_("wind from the {direction}, {speed}")
    return reader.sentence(reader.language.capitalised(reader.say(text, **values)))


class Timed(Protocol):
    """What is told of a time."""

    @property
    def time(self) -> datetime: ...


T = TypeVar("T", bound=Timed)


def ahead(hours: Sequence[T], as_of: datetime, span: timedelta) -> list[T]:
    """The steps that end after now and within a span from now."""
    now = as_of.astimezone(UTC)  # two times of one zone would be compared by their clocks, which may be set back
    return [hour for hour in hours if now < hour.time <= now + span]


def today(
    hours: Sequence[HourlyForecast],
    reader: Formatter,
    as_of: datetime,
    start: Start = Start.DRY,
    present: float | None = None,
    falls: Spell = NO_SPELL,
) -> str:
    """The next 24 hours: whether it will be wet and when, how warm, and a strong wind.

    By what is told beside it: `start`, how it begins, `present`, the temperature now in °C, and `falls`, from when to
    when it does by finer steps than the hours.
    """
    coming = ahead(hours, as_of, OUTLOOK)
    if not coming:
        return reader.say("The saved forecast has come to its end.")
    sentences = [
        precipitation(coming, reader, as_of, start, falls),
        warmth(coming, present, reader, as_of),
        strong_wind(coming, reader, as_of),
    ]
    return " ".join(sentence for sentence in sentences if sentence)


def precipitation(
    coming: Sequence[HourlyForecast], reader: Formatter, as_of: datetime, start: Start, falls: Spell
) -> str:
    """When precipitation falls and how much, from steps of some hours: so "about"."""
    wet = wet_steps(coming)
    if start is Start.WET_NOW and is_wet_by_now_alone(coming, wet):
        coming, wet = coming[1:], wet[1:]
        if wet or any(hour.precipitation is None for hour in coming):
            first = reader.say("Wet at first.")
            return f"{first} {precipitation(coming, reader, as_of, Start.DRY, falls)}"
    if not wet:
        return dry(coming, reader, as_of, start)
    by_kind = [[hour for hour in wet if step_kind(hour) is kind] for kind in HAZARDS]
    others = [hour for hour in wet if step_kind(hour) not in HAZARDS]
    spells = [when(group, coming, group, reader, as_of, falls) for group in by_kind if group]
    if others:
        spells.append(when(others, coming, wet, reader, as_of, falls))
    if any(tells_of_hail(hour.condition) for hour in wet):
        spells.append(reader.say("Hail is possible."))
    return " ".join([*spells, *total(coming, wet, reader, as_of)])


def is_wet_by_now_alone(coming: Sequence[HourlyForecast], wet: Sequence[HourlyForecast]) -> bool:
    """Whether the first of some steps is wet, and the second is not, of an amount that nobody knows: that it lasts to
    its end is too much to say. What is dangerous is named all the same.
    """
    is_alone = len(coming) > 1 and wet[:1] == [coming[0]] and coming[1] not in wet
    return is_alone and coming[0].precipitation is None and step_kind(coming[0]) not in HAZARDS


def when(
    group: Sequence[HourlyForecast],
    coming: Sequence[HourlyForecast],
    filled: Sequence[HourlyForecast],
    reader: Formatter,
    as_of: datetime,
    falls: Spell,
) -> str:
    """From when to when steps of a kind bring it; at times where a step between is none of `filled`."""
    first, last = group[0], group[-1]
    between = coming[coming.index(first) : coming.index(last)]
    begins = first.time.astimezone(UTC) - first.interval_hours * HOUR
    if falls.start and begins < falls.start.astimezone(UTC) < last.time:
        begins = falls.start.astimezone(UTC)
    ends = end_of(last, falls)
    is_on, has_gaps = begins <= as_of, any(hour not in filled for hour in between)
    messages = (AT_TIMES_UNTIL if is_on else AT_TIMES) if has_gaps else (UNTIL if is_on else LATER)
    if is_on:
        return reader.say(messages[main_kind(group)], until_about=reader.until_about(ends, as_of))
    named = begins.astimezone(as_of.tzinfo).date()  # a day that the start has named is not named again
    values = {"from_about": reader.from_about(begins, as_of), "to": reader.to(ends, as_of, named)}
    return reader.say(messages[main_kind(group)], **values)


def end_of(last: HourlyForecast, falls: Spell) -> datetime:
    """When the last wet step ends: earlier where finer steps know all of the rest of it, or bring all that it does."""
    if falls.end is None or not begin_of(last) < falls.end.timestamp() < last.time.timestamp():
        return last.time
    knows_rest = falls.until is not None and falls.until.timestamp() >= last.time.timestamp()
    brings_all = last.precipitation is not None and last.precipitation <= amount_in(last, falls.steps)
    return falls.end if knows_rest or brings_all else last.time


def total(
    coming: Sequence[HourlyForecast], wet: Sequence[HourlyForecast], reader: Formatter, as_of: datetime
) -> list[str]:
    """How much has yet to fall; up to when, if the forecast that is kept ends before the outlook does."""
    is_least, kinds = any(h.precipitation is None for h in coming), kinds_of(wet)
    water = least(amount_left(hour, hour.precipitation, as_of) for hour in coming)
    depths = [amount_left(hour, hour.snowfall, as_of) for hour in coming]
    snow = None if None in depths else least(depths)
    if is_hardly_any(water, reader):
        return [reader.say(N_("How much will fall is not known.") if is_least else N_("No more than traces."))]
    last, values = coming[-1], {"amount": in_all(kinds, water, snow, reader)}
    if as_of.astimezone(UTC) + OUTLOOK < last.time.astimezone(UTC) + last.interval_hours * HOUR:
        text = N_("At least {amount} in the next 24 hours.") if is_least else N_("About {amount} in the next 24 hours.")
    else:
        text = N_("At least {amount} {by}.") if is_least else N_("About {amount} {by}.")
        values["by"] = reader.by(last.time, as_of)
    return [reader.say(text, **values), *filter(None, [with_snow(kinds, snow, reader)])]


def dry(coming: Sequence[HourlyForecast], reader: Formatter, as_of: datetime, start: Start) -> str:
    """An outlook that is not wet, with the chance that it will be; dry only where not a drop is foreseen."""
    likeliest = max(coming, key=lambda hour: hour.precipitation_probability or 0.0)
    chance, values = likeliest.precipitation_probability or 0.0, {"until": reader.until(coming[-1].time, as_of)}
    if any(hour.precipitation is None for hour in coming):
        text, values = N_("How much will fall is not known."), {}
    elif not is_dry(coming):
        water = least(amount_left(hour, hour.precipitation, as_of) for hour in coming)
        text = (TRACES if is_hardly_any(water, reader) else LITTLE)[start]
    else:
        text = (MOSTLY_DRY if chance >= LIKELY else DRY)[start]
    if chance < LIKELY:
        return reader.say(text, **values)
    doubt = CHANCES[None if likeliest.temperature is None else kind_by_temperature(likeliest)]
    return f"{reader.say(text, **values)} {reader.say(doubt, chance=reader.percent(chance))}"


def says_plainly_dry(hours: Sequence[HourlyForecast], as_of: datetime, start: Start, until: datetime) -> bool:
    """Whether `today` says no more of precipitation than that it is dry, from now to that time and beyond it."""
    coming = ahead(hours, as_of, OUTLOOK)
    if start is not Start.DRY or not coming or coming[-1].time.timestamp() < until.timestamp():
        return False
    return is_dry(coming) and all((hour.precipitation_probability or 0.0) < LIKELY for hour in coming)


def strong_wind(coming: Sequence[HourlyForecast], reader: Formatter, as_of: datetime) -> str:
    """The strongest gust, if it is a strong one; else the mean wind if that is, and not called a gust."""
    windy, gusty = (max(coming, key=lambda hour: getattr(hour, name) or 0.0) for name in ("wind_speed", "wind_gust"))
    mean, gust = windy.wind_speed or 0.0, gusty.wind_gust or 0.0
    if gust > mean and gust >= STRONG * 1.3:
        return reader.say("Gusts up to {gust} {at}.", gust=reader.speed(gust), at=reader.at(gusty.time, as_of))
    if mean < STRONG:
        return ""
    return reader.say("Wind up to {speed} {at}.", speed=reader.speed(mean), at=reader.at(windy.time, as_of))


def day(forecast: DailyForecast, reader: Formatter, night: NightFall | None = None) -> str | None:
    """A day in a few words; None if nothing is known of its sky. `night`: what falls in the dark of a dry day."""
    if forecast.condition is None:
        return None
    sky = reader.language.capitalised(reader.say(forecast.condition.text))
    if night:
        return day_and_night(sky, night, forecast, reader)
    kind = kind_of_code(forecast.condition.code)
    water, depth = forecast.precipitation or 0.0, forecast.snowfall
    if water == 0 and not depth:
        return reader.sentence(sky)
    if is_hardly_any(water, reader) and not (kind is Kind.SNOW and is_depth_told(depth)):
        return reader.say("{sky}, traces of precipitation.", sky=sky)
    text = IN_ALL if kind is Kind.FREEZING_RAIN else N_("{sky}, about {amount}.")
    sentence = reader.say(text, sky=sky, amount=fallen(kind, water, depth, reader))
    return " ".join(filter(None, [sentence, with_snow({kind}, depth, reader)]))


def with_summaries(
    days: Sequence[DailyForecast], nights: Mapping[date, NightFall], reader: Formatter
) -> tuple[DailyForecast, ...]:
    """The days, each with its own words; `nights`: see `day`."""
    return tuple(replace(forecast, summary=day(forecast, reader, nights.get(forecast.date))) for forecast in days)


def week(days: Sequence[DailyForecast], reader: Formatter, today: date) -> str:
    """The warmest, the coldest and the wettest of the days to come."""
    known = [
        forecast for forecast in days if forecast.temperature_max is not None and forecast.temperature_min is not None
    ]
    if len(known) < 3:
        return ""
    warmest = max(known, key=lambda forecast: forecast.temperature_max or 0.0)
    coldest = min(known, key=lambda forecast: forecast.temperature_min or 0.0)
    text = N_("Warmest day: {warm_day}, {high}. Coldest: {cold_day}, {low}.")
    values = {"warm_day": reader.day(warmest.date, today), "high": reader.temperature(warmest.temperature_max)}
    values |= {"cold_day": reader.day(coldest.date, today), "low": reader.temperature(coldest.temperature_min)}
    wettest = max(known, key=lambda forecast: forecast.precipitation or 0.0)
    sentences = [reader.say(text, **values)]
    if (wettest.precipitation or 0.0) >= 1.0:
        kind = kind_of(wettest.condition)
        amount = fallen(kind, wettest.precipitation, None, reader)  # by water, as they are compared
        values = {"day": reader.day(wettest.date, today), "amount": amount}
        sentences.append(reader.say("Most rain or snow: {day}, about {amount}.", **values))
    return " ".join(sentences)
