"""Everything that speaks OpenWeatherMap."""
