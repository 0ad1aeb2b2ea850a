"""What the operator is told at the start: where it answers, by whose weather, and what to know before."""

from ipaddress import ip_address

from weather.port import shown
from weather.settings import Settings


def greeting(settings: Settings, host: str, port: int) -> list[str]:
    """The lines that are printed once the site answers."""
    lines = [f"Weatherglass: http://{shown(host)}:{port}{settings.root_path}/"]
    if settings.provider == "demo":
        lines.append("Demo: all weather shown is invented.")
    elif settings.provider == "open-meteo":
        lines.append("Weather by Open-Meteo.com, for non-commercial use.")
    elif settings.api_key is None and settings.provider == "openweathermap":
        lines.append("Without OPENWEATHERMAP_API_KEY: only what is kept can be shown.")
    elif settings.api_key is None:
        lines.append("Without OPENWEATHERMAP_API_KEY: weather by Open-Meteo.com, for non-commercial use.")
    return lines


def warnings(settings: Settings, address: str) -> list[str]:
    """What the operator should know before it starts."""
    lines = []
    if not ip_address(address).is_loopback and not settings.access_keys:
        lines.append(f"listening at {address} without WEATHER_ACCESS_KEYS: whoever reaches it spends your calls")
    if settings.provider == "auto" and settings.contact is None:
        lines.append("without WEATHER_CONTACT MET Norway is left out: its terms ask for a mail address or URL")
    if settings.provider in ("auto", "open-meteo") and settings.alerts == ("auto",) and settings.contact is None:
        lines.append(
            "without WEATHER_CONTACT NWS (US) and MetAlerts (Norway) are not asked for warnings: their terms ask for it"
        )
    return lines
