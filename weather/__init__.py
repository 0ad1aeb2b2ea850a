"""Weatherglass: a weather site and weather API to run yourself, that always says how old its answer is."""

__version__ = "0.1.0"
