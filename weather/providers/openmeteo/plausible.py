"""Which of Open-Meteo's numbers count."""

from weather.providers.plausible import PlausibleNumbers

NUMBERS = PlausibleNumbers("Open-Meteo")
known = NUMBERS.known
