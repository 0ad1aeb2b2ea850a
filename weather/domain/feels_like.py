"""How warm the air feels, for sources that do not say so. Pure.

Wind chill up to 10 °C and from 4.8 km/h on: the index of 2001 (Environment Canada, US National Weather Service). Heat
index above 26 °C and from 40 % humidity on: Rothfusz's regression (US National Weather Service, SR 90-23). Between
the two the air feels as it is.
"""

from weather.domain.rounding import cleaned


def feels_like(temperature: float | None, humidity: float | None, wind_speed: float | None) -> float | None:
    """In °C, of °C, per cent and m/s; None where something that matters is not known."""
    if temperature is None:
        return None
    if temperature <= 10:
        return None if wind_speed is None else wind_chill(temperature, wind_speed)
    if temperature > 26:
        return None if humidity is None else heat_index(temperature, humidity)
    return temperature


def wind_chill(temperature: float, wind_speed: float) -> float:
    kmh = wind_speed * 3.6
    if kmh < 4.8:
        return temperature
    factor = kmh**0.16
    return cleaned(13.12 + 0.6215 * temperature - 11.37 * factor + 0.3965 * temperature * factor)


def heat_index(temperature: float, humidity: float) -> float:
    if humidity < 40:
        return temperature
    t, h = temperature * 9 / 5 + 32, humidity
    index = (
        *(-42.379, 2.04901523 * t, 10.14333127 * h, -0.22475541 * t * h, -6.83783e-3 * t * t, -5.481717e-2 * h * h),
        *(1.22874e-3 * t * t * h, 8.5282e-4 * t * h * h, -1.99e-6 * t * t * h * h),
    )
    return cleaned(max(temperature, (sum(index) - 32) * 5 / 9))
