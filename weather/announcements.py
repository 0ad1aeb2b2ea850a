"""What the operator is told at the start: where it answers, by whose weather, and what to know before."""

from ipaddress import ip_address

from weather.port import shown
from weather.settings import Settings
from weather.settings.record import ALERT_SOURCES, NEED_CONTACT, PROVIDERS


def greeting(settings: Settings, host: str, port: int) -> list[str]:
    """The lines that are printed once the site answers."""
    lines = [f"Weatherglass: http://{shown(host)}:{port}{settings.root_path}/"]
    if settings.provider == "demo":
        lines.append("Demo: all weather shown is invented.")
    elif settings.provider == "open-meteo":
        lines.append("Weather by Open-Meteo.com, for non-commercial use.")
    elif settings.provider not in ("auto", "openweathermap"):
        lines.append(f"Weather by {PROVIDERS[settings.provider]}.")
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
    if settings.contact is None and (names := left_out(settings)):
        lines.append(f"without WEATHER_CONTACT these are not asked, for their terms ask for it: {', '.join(names)}")
    return lines


def left_out(settings: Settings) -> list[str]:
    """The names of the sources that would be asked if there were a contact."""
    weather = PROVIDERS if settings.provider == "auto" else {}
    is_keyless = settings.provider in ("auto", "open-meteo")
    alerts = ALERT_SOURCES if settings.alerts == ("auto",) and is_keyless else {}
    return [name for word, name in {**weather, **alerts}.items() if word in NEED_CONTACT]
