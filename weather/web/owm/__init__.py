"""OpenWeatherMap's own routes: its clients are answered as there. Here are no pages."""
