"""Counties of England, which people write behind a town and of which the gazetteer's data has but a few. Pure."""

from weather.places.names.tables import rows

CIRCLES = {name: tuple(map(float, circle.split())) for name, (circle,) in rows("counties")}
"""Of each the latitude and longitude of its middle in degrees, and the kilometres that reach its towns."""
