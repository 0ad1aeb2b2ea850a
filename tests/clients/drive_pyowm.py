"""pyowm against another host: the README's recipe is run as it stands. Prints what it understood."""

import json
import sys

from pyowm.commons.exceptions import UnauthorizedError
from recipes import recipe

names: dict = {}
exec(recipe("pyowm", "python", *sys.argv[1:3]), names)
owm, weather, air, places = (names[name] for name in ("owm", "weather", "air", "places"))
tiles = owm.tile_manager("temp_new")
tiles.http_client.root_uri, tiles.http_client.admits_subdomains = f"{sys.argv[1].removeprefix('http://')}/map", False

try:
    here = weather.weather_at_place("São Paulo,BR")
except UnauthorizedError as error:
    print(json.dumps({"refused": str(error)}))
    sys.exit()
steps = weather.forecast_at_coords(51.51, -0.13, "3h").forecast
whole = weather.one_call(lat=52.52, lon=13.41)
quality = air.air_quality_at_coords(38.71, -9.14)
print(
    json.dumps(
        {
            "name": here.location.name,
            "temp": here.weather.temperature("kelvin")["temp"],
            "steps": [[step.reference_time(), step.temperature("kelvin")["temp"]] for step in steps.weathers],
            "now": whole.current.temperature("kelvin")["temp"],
            "hours": [hour.temperature("kelvin")["temp"] for hour in whole.forecast_hourly],
            "alerts": [alert.title for alert in whole.national_weather_alerts],
            "pm2_5": quality.pm2_5,
            "places": [[place.name, place.lat] for place in places.geocode("Lisboa", "PT", limit=1)],
            "tile": len(tiles.get_tile(0, 0, 0).image.data),
        }
    )
)
