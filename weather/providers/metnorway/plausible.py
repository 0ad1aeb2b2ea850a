"""Which of MET Norway's numbers count."""

from weather.providers.plausible import PlausibleNumbers

NUMBERS = PlausibleNumbers("MET Norway")
known = NUMBERS.known
