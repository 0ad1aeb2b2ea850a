"""pyowm against another host: its clients' `root_uri` is all that is set. Prints what it understood."""

import json
import sys

from pyowm import OWM
from pyowm.commons.exceptions import UnauthorizedError
from pyowm.utils.config import get_default_config

host, key = sys.argv[1].removeprefix("http://"), sys.argv[2]
config = get_default_config()
config["connection"]["use_ssl"] = False
owm = OWM(key, config)


def pointed(client, root):
    client.root_uri, client.admits_subdomains = f"{host}/{root}", False


weather, air, places = owm.weather_manager(), owm.airpollution_manager(), owm.geocoding_manager()
pointed(weather.http_client, "data/2.5")
pointed(weather.one_call_http_client, "data/3.0")
pointed(air.new_ap_client._client, "data/2.5")
pointed(places.http_client, "geo/1.0")
tiles = owm.tile_manager("temp_new")
pointed(tiles.http_client, "map")

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
