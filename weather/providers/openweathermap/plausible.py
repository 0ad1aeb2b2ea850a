"""Which of OpenWeatherMap's numbers count."""

from weather.providers.plausible import PlausibleNumbers

NUMBERS = PlausibleNumbers("OpenWeatherMap")
known = NUMBERS.known
