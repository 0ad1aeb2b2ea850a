"""Which numbers can be weather at all: one table, for every source. Pure."""

from collections.abc import Mapping

BOUNDS: Mapping[str, tuple[float, float]] = {
    "temperature": (-95, 65), "feels_like": (-150, 110), "dew_point": (-110, 45), "humidity": (0, 100),
    "pressure": (800, 1100), "wind_speed": (0, 150), "wind_gust": (0, 200), "wind_direction": (0, 360),
    "cloud_cover": (0, 100), "visibility": (0, 1e6), "uv_index": (0, 60), "precipitation": (0, 2000),
    "rain": (0, 2000), "precipitation_rate": (0, 2000),
    "snowfall": (0, 5000), "precipitation_probability": (0, 100), "air_quality_index": (1, 5), "component": (0, 1e6),
    "pollen": (0, 1e5),
}  # fmt: skip
"""The least and the most of each quantity, in the model's units and a little beyond all that was ever measured (WMO's
archive of weather and climate extremes: −89.2 to 56.7 °C, dew point 35 °C, 870 to 1084.8 hPa, gust 113 m/s, 1825 mm in
a day). A sum over hours has the bounds of a day's."""


def is_possible(name: str, number: float) -> bool:
    """Whether weather can have such a number: upstreams fill gaps with -9999, or with absolute zero."""
    least, most = BOUNDS[name]
    return least <= number <= most
