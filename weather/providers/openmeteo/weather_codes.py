"""What Open-Meteo's weather codes mean (https://open-meteo.com/en/docs, "WMO Weather interpretation codes")."""

from dataclasses import replace

from weather.domain.conditions import cloud_code, condition
from weather.domain.model import Condition
from weather.messages import N_

CODES: dict[float | None, int] = {
    0: 800, 1: 801, 2: 802, 3: 804, 45: 741, 48: 741, 51: 300, 53: 301, 55: 302, 56: 511, 57: 511,
    61: 500, 63: 501, 65: 502, 66: 511, 67: 511, 71: 600, 73: 601, 75: 602, 77: 600, 80: 520, 81: 521, 82: 522,
    85: 620, 86: 622, 95: 211, 96: 211, 99: 212,
}  # fmt: skip
"""OpenWeatherMap's condition by WMO code."""

TEXTS: dict[float | None, str] = {
    48: N_("freezing fog"),
    56: N_("light freezing drizzle"),
    57: N_("heavy freezing drizzle"),
    66: N_("light freezing rain"),
    67: N_("heavy freezing rain"),
    77: N_("snow grains"),
    96: N_("thunderstorm, hail possible"),
    99: N_("thunderstorm with heavy hail"),
}
"""What OpenWeatherMap has no condition of its own for. Open-Meteo gives 96 for any strong storm, hail or not."""

DRY = (0, 1, 2, 3)  # codes that cloud cover tells better, where it is known

FOG, RIME_FOG = 45, 48
FROST = 0.5
"""Degrees Celsius from which on, written as 1 or more, fog is not called freezing, whatever the code."""


def to_condition(
    code: float | None, cover: float | None, is_day: bool, celsius: float | None = None
) -> Condition | None:
    """The condition of a code; of a dry one by the per cent of cloud. None for a code that Open-Meteo has not."""
    if code == RIME_FOG and celsius is not None and celsius >= FROST:
        code = FOG
    ours = cloud_code(cover) if code in DRY and cover is not None else CODES.get(code)
    if ours is None:
        return None
    common = condition(ours, None, is_day)
    return replace(common, text=TEXTS[code]) if code in TEXTS else common
