"""OpenWeatherMap: how its products are asked and read. Here is nothing that another source needs."""
