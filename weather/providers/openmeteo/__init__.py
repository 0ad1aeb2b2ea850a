"""Open-Meteo: how it is asked and read, in the model's units. Here is nothing that another source needs."""
