"""The layers of a map: their names here and at the provider, and what their colours mean. Pure.

Colours and values are OpenWeatherMap's own (https://openweathermap.org/map_legend).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from weather.i18n.formatting import Formatter
from weather.messages import C_, N_


class Stop(NamedTuple):
    """A value with its colour, and how opaque that is."""

    value: float
    colour: str
    opacity: float


class Key(NamedTuple):
    """A colour of the legend, and its value in words."""

    colour: str
    opacity: float
    words: str


@dataclass(frozen=True, slots=True)
class Layer:
    """A layer by the name in our addresses; `tiles`: by the provider's. `note`: what its colours do not show."""

    word: str
    tiles: str
    title: str
    stops: Sequence[Stop]
    write: Callable[[Formatter, float], str]
    note: str = ""


RAIN = Layer(
    "rain",
    "precipitation_new",
    C_("map", "Rain and snow"),
    (Stop(1, "#6e6ecd", 0.3), Stop(10, "#5050e1", 0.7), Stop(140, "#1414ff", 0.9)),
    Formatter.amount,
    N_("The lightest rain has no colour: where nothing is shown it may not be dry."),
)
CLOUDS = Layer(
    "clouds",
    "clouds_new",
    C_("map", "Clouds"),
    (Stop(20, "#fcfbff", 0.2), Stop(40, "#f9f8ff", 0.4), Stop(60, "#f6f5ff", 0.75), Stop(100, "#f0f0ff", 1)),
    Formatter.percent,
)
TEMPERATURE = Layer(
    "temperature",
    "temp_new",
    C_("map", "Temperature"),
    (
        *(Stop(-40, "#821692", 1), Stop(-30, "#8257db", 1), Stop(-20, "#208cec", 1), Stop(-10, "#20c4e8", 1)),
        *(Stop(0, "#23dddd", 1), Stop(10, "#c2ff28", 1), Stop(20, "#fff028", 1), Stop(30, "#fc8014", 1)),
    ),
    Formatter.temperature,
)
WIND = Layer(
    "wind",
    "wind_new",
    C_("map", "Wind"),
    (Stop(5, "#eecece", 0.4), Stop(15, "#b364bc", 0.7), Stop(25, "#3f213b", 0.8), Stop(50, "#744cac", 0.9)),
    Formatter.speed,
)
LAYERS = {layer.word: layer for layer in (RAIN, CLOUDS, TEMPERATURE, WIND)}


def legend(layer: Layer, reader: Formatter) -> list[Key]:
    """What the colours of a layer mean, in the reader's units."""
    return [Key(stop.colour, stop.opacity, layer.write(reader, stop.value)) for stop in layer.stops]
