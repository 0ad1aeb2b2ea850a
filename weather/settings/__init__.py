"""The settings: one frozen record (`record`), read from the environment and `.env` (`reader`), and nothing else.

How texts become values: `values`, `locations`. No other package reads the environment.
"""

from weather.settings.locations import CacheLocation
from weather.settings.reader import SettingsError, key_from_file, load
from weather.settings.record import Settings

__all__ = ["CacheLocation", "Settings", "SettingsError", "key_from_file", "load"]
