"""The UV index as the World Health Organization tells it: a whole number and its category (Global Solar UV Index)."""

from bisect import bisect

from weather.domain.rounding import round_half
from weather.i18n.formatting import Formatter
from weather.messages import N_

BOUNDS = (3, 6, 8, 11)
WORDS = (
    N_("{index}, low"),
    N_("{index}, moderate"),
    N_("{index}, high"),
    N_("{index}, very high"),
    N_("{index}, extreme"),
)


def uv_words(index: float, reader: Formatter) -> str:
    """The index as a whole number, and in a word how strong that is."""
    whole = round_half(index)
    return reader.say(WORDS[bisect(BOUNDS, whole)], index=int(whole))
