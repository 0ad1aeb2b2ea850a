"""Open-Meteo: weather without a key, its calls and its words (https://open-meteo.com/en/docs)."""
