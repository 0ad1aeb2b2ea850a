"""The record of all settings: for each its variable, how its text is read, its default and its line of help."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from weather.settings.access_keys import AccessKey, access_keys
from weather.settings.locations import CacheLocation, cache_location, collector, database_url
from weather.settings.values import (
    ca_file,
    contact,
    count,
    duration,
    filled,
    home,
    networks,
    one_of,
    origin,
    origins,
    proxies,
    public_url,
    radar_url,
    root_path,
    some_of,
    yes_or_no,
)

UNITS = ("metric", "si", "us", "uk")
PLANS = ("auto", "free", "onecall3", "onecall4")
PROVIDERS = {
    "openweathermap": "OpenWeatherMap",
    "open-meteo": "Open-Meteo",
    "met-norway": "MET Norway",
    "demo": "demo, invented",
}
ALERT_SOURCES = {
    "nws": "NWS",
    "brightsky": "Bright Sky",
    "metalerts": "MetAlerts",
    "eccc": "Environment Canada",
    "geosphere": "GeoSphere Austria",
    "meteoalarm": "MeteoAlarm",
}
"""The sources of weather and those of official warnings: their words, and their names for operators."""
NEED_CONTACT = frozenset({"met-norway", "nws", "metalerts"})
"""The sources whose terms ask for WEATHER_CONTACT."""


def setting(name: str, read: Callable[[str], Any], text: str | None, help: str, secret: bool = False) -> Any:
    """A field: its variable, its reader, its default as text (None: not set), its line of help."""
    return field(repr=not secret, metadata={"name": name, "read": read, "text": text, "help": help, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, checked. Built by `reader.load`."""

    api_key: str | None = setting(
        "OPENWEATHERMAP_API_KEY", filled, None, "the OpenWeatherMap key; none: Open-Meteo", True
    )
    api_key_file: Path | None = setting(
        "OPENWEATHERMAP_API_KEY_FILE", Path, None, "a file that holds it; a new key in it is used at once"
    )
    upstream_url: str = setting(
        "WEATHER_UPSTREAM_URL", origin, "https://api.openweathermap.org", "origin of the OWM API"
    )
    tiles_url: str = setting(
        "WEATHER_TILES_URL", origin, "https://tile.openweathermap.org", "origin of the OWM map tiles"
    )
    provider: str = setting("WEATHER_PROVIDER", one_of("auto", *PROVIDERS), "auto", "where weather comes from")
    openmeteo_url: str = setting(
        "WEATHER_OPENMETEO_URL", origin, "https://api.open-meteo.com", "origin of Open-Meteo's forecasts"
    )
    openmeteo_air_url: str = setting(
        "WEATHER_OPENMETEO_AIR_URL", origin, "https://air-quality-api.open-meteo.com", "origin of its air quality"
    )
    openmeteo_geocoding_url: str = setting(
        "WEATHER_OPENMETEO_GEOCODING_URL",
        origin,
        "https://geocoding-api.open-meteo.com",
        "origin of its geocoder, asked for names and postal codes that are not known here",
    )
    metnorway_url: str = setting("WEATHER_METNORWAY_URL", origin, "https://api.met.no", "origin of MET Norway")
    alerts: tuple[str, ...] = setting(
        "WEATHER_ALERTS", some_of(*ALERT_SOURCES), "auto", "who is asked for warnings where the weather source has none"
    )
    nws_url: str = setting("WEATHER_NWS_URL", origin, "https://api.weather.gov", "origin of the US weather service")
    brightsky_url: str = setting(
        "WEATHER_BRIGHTSKY_URL", origin, "https://api.brightsky.dev", "origin of Bright Sky: Germany's warnings"
    )
    metalerts_url: str = setting(
        "WEATHER_METALERTS_URL", origin, "https://api.met.no", "origin of MetAlerts: Norway's warnings"
    )
    eccc_url: str = setting("WEATHER_ECCC_URL", origin, "https://api.weather.gc.ca", "origin of Canada's warnings")
    geosphere_url: str = setting(
        "WEATHER_GEOSPHERE_URL", origin, "https://warnungen.zamg.at", "origin of GeoSphere: Austria's warnings"
    )
    meteoalarm_url: str = setting(
        "WEATHER_METEOALARM_URL",
        origin,
        "https://feeds.meteoalarm.org",
        "origin of MeteoAlarm's feeds: Europe's warnings",
    )
    plan: str = setting("WEATHER_PLAN", one_of(*PLANS), "auto", "OWM products used: auto, free, onecall3, onecall4")
    onecall: str = setting(
        "WEATHER_ONECALL", one_of("relay", "answer"), "relay", "answer: One Call's routes from whatever is to be had"
    )
    calls_per_minute: int = setting("WEATHER_CALLS_PER_MINUTE", count, "60", "upstream calls in any 60 seconds")
    calls_per_month: int = setting("WEATHER_CALLS_PER_MONTH", count, "1000000", "upstream calls in a UTC month")
    onecall_per_day: int = setting("WEATHER_ONECALL_PER_DAY", count, "1000", "One Call calls in a UTC day")
    cache: CacheLocation = setting(
        "WEATHER_CACHE_URL", cache_location, "disk:", "where answers are kept: disk:///folder?limit=512MB, memory:"
    )
    database_url: str = setting(
        "WEATHER_DATABASE_URL", database_url, "sqlite:", "saved places: sqlite:///file, postgresql://…", True
    )
    fresh_for: float | None = setting(
        "WEATHER_FRESH_FOR", duration, None, "one lifetime for all endpoints instead of their own"
    )
    stale_for: float = setting("WEATHER_STALE_FOR", duration, "3d", "how long after that an old answer may be served")
    timeout: float = setting("WEATHER_TIMEOUT", duration, "8s", "the longest a visitor waits for upstream")
    offline: bool = setting("WEATHER_OFFLINE", yes_or_no, "no", "never ask upstream; serve what is kept")
    home: str | None = setting("WEATHER_HOME", home, None, "the place shown at /: a name or lat,lon")
    units: str | None = setting("WEATHER_UNITS", one_of(*UNITS), None, "metric, si, us or uk")
    access_keys: tuple[AccessKey, ...] = setting(
        "WEATHER_ACCESS_KEYS",
        access_keys,
        "",
        "keys that the APIs ask for, as key or name:key or name:key:20%",
        True,
    )
    trusted_proxies: tuple[str, ...] = setting(
        "WEATHER_TRUSTED_PROXIES", networks, "", "proxies whose forwarding headers are believed"
    )
    root_path: str = setting("WEATHER_ROOT_PATH", root_path, "", "path prefix when served below another site")
    public_url: str | None = setting(
        "WEATHER_PUBLIC_URL", public_url, None, "this site's address for others: in previews of links, in snippets"
    )
    embed_origins: tuple[str, ...] = setting(
        "WEATHER_EMBED_ORIGINS", origins, "", "origins that may frame the card of a place; none: any"
    )
    radar_url: str | None = setting(
        "WEATHER_RADAR_URL", radar_url, None, "a link to a rain radar; {lat} and {lon} are filled in"
    )
    log: str = setting("WEATHER_LOG", one_of("text", "json"), "text", "form of the log: text or json")
    metrics: str = setting(
        "WEATHER_METRICS",
        one_of("local", "keys", "open"),
        "local",
        "who may read /metrics: this machine and proxies, holders of an access key alone, or all",
    )
    otel_url: str | None = setting(
        "WEATHER_OTEL_URL",
        collector,
        None,
        "where traces are sent: an OpenTelemetry collector, such as http://host:4318",
    )
    private: bool = setting(
        "WEATHER_PRIVATE", yes_or_no, "no", "pages ask for an access key too; needs WEATHER_ACCESS_KEYS"
    )
    status: str = setting(
        "WEATHER_STATUS", one_of("open", "local", "keys"), "open", "who may see /status: all, or as /metrics"
    )
    proxies: Mapping[str, str] = setting(
        "WEATHER_PROXY", proxies, None, "the way out: a proxy's URL, or env for HTTPS_PROXY and its like", True
    )
    contact: str | None = setting(
        "WEATHER_CONTACT", contact, None, "a mail address or URL of yours, for upstream: it stands in the User-Agent"
    )
    ca_file: Path | None = setting(
        "WEATHER_CA_FILE", ca_file, None, "authorities that upstream may be signed by, else SSL_CERT_FILE, certifi's"
    )
