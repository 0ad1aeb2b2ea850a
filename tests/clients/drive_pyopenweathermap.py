"""pyopenweathermap (Home Assistant's) against another host: the README's recipe is run as it stands."""

import asyncio
import json
import sys

import pyopenweathermap
from recipes import recipe

key = sys.argv[2]
exec(recipe("pyopenweathermap", "python", *sys.argv[1:3]), {})


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
