"""pyopenweathermap (Home Assistant's) against another host: its URL constants are set. Prints what it understood."""

import asyncio
import json
import sys

import pyopenweathermap
from pyopenweathermap.client import air_pollution_client, free_client, onecall_client

host, key = sys.argv[1:3]
for module in (air_pollution_client, free_client, onecall_client):
    for name, value in list(vars(module).items()):
        if name.endswith("API_URL"):
            setattr(module, name, value.replace("https://api.openweathermap.org", host))


async def told() -> dict:
    clients = {mode: pyopenweathermap.create_owm_client(key, mode) for mode in ("current", "forecast", "v3.0")}
    if not await clients["current"].validate_key():
        return {"refused": True}
    reports = {mode: await client.get_weather(52.52, 13.41) for mode, client in clients.items()}
    air = await pyopenweathermap.create_owm_client(key, "air_pollution").get_air_pollution(38.71, -9.14)
    three = reports["v3.0"]
    return {
        "temp": reports["current"].current.temperature,
        "steps": [step.temperature for step in reports["forecast"].hourly_forecast],
        "now": three.current.temperature,
        "minutes": [minute.precipitation for minute in three.minutely_forecast],
        "hours": [hour.temperature for hour in three.hourly_forecast],
        "days": [day.temperature.max for day in three.daily_forecast],
        "pm2_5": air.current.pm2_5,
    }


print(json.dumps(asyncio.run(told())))
