"""The settings: one frozen record, and the only reader of the environment and of `.env`.

Each field's metadata holds the name of its variable, how its text is read, and its line of help. A name that starts
with WEATHER_ and is not among them, or a value that does not parse, stops the start with one line.
"""

import logging
import os
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from importlib.util import find_spec
from pathlib import Path
from pwd import getpwuid
from typing import Any
from urllib.parse import SplitResult, parse_qsl

from weather.settings.dotenv import DotenvError, dotenv
from weather.settings.values import (
    ca_file,
    count,
    duration,
    environment_proxies,
    filled,
    home,
    located,
    masked,
    networks,
    one_of,
    origin,
    proxies,
    root_path,
    size,
    words,
    yes_or_no,
)

log = logging.getLogger(__name__)

UNITS = ("metric", "si", "us", "uk")
PLANS = ("auto", "free", "onecall3", "onecall4")
PROVIDERS = ("auto", "openweathermap", "open-meteo", "demo")
DISK_LIMIT, LEAST_DISK = 512 * 2**20, 2**20
ENCODED = "with a port from 1 to 65535 if any; in a password @ is written %40, / %2F, # %23, ? %3F"
REDIS_OPTIONS = {
    "ssl_cert_reqs": "none|optional|required",
    "ssl_ca_certs": ".+",
    "ssl_certfile": ".+",
    "ssl_keyfile": ".+",
    "db": "[0-9]{1,4}",
}
"""What redis-py may be told in the URL, and how; what else it takes it may fail of, long after the start."""

KUBERNETES = re.compile(
    r"WEATHER_(\w+_)?(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)"
)
""""Service variables" that it puts into every pod beside a service called weather, or weather-something."""


class SettingsError(Exception):
    """A setting that cannot be used: names it, its value and what is allowed, in one line."""


@dataclass(frozen=True, slots=True)
class CacheLocation:
    """Where answers are kept: `kind` is disk, memory or redis; `folder` and `limit` (bytes) belong to disk."""

    kind: str
    folder: Path
    limit: int = DISK_LIMIT
    url: str = field(default="", repr=False)


def cache_location(text: str) -> CacheLocation:
    """The meaning of WEATHER_CACHE_URL."""
    url = located(text)
    if text == "memory:":
        return CacheLocation("memory", Path())
    if url and url.scheme in ("redis", "rediss", "unix"):
        return redis_location(text, url)
    options = dict(parse_qsl(url.query, keep_blank_values=True)) if url else {}
    if not url or url.scheme != "disk" or url.netloc or url.fragment or url.path == "/" or options.keys() - {"limit"}:
        raise ValueError("disk:///folder?limit=512MB, redis://host:port/db or memory:")
    limit = size(options.get("limit", "512MB"))
    if limit < LEAST_DISK:
        raise ValueError("a limit from 1MB up, such as disk:///folder?limit=512MB")
    return CacheLocation("disk", Path(url.path or user_folder("XDG_CACHE_HOME", ".cache", os.environ)), limit)


def redis_location(text: str, url: SplitResult) -> CacheLocation:
    """One Redis: by host, or by the path of its socket."""
    options = dict(parse_qsl(url.query, keep_blank_values=True))
    is_number = re.fullmatch(r"/?[0-9]{0,4}", url.path) and not url.query.count("db=")
    is_somewhere = url.hostname and is_number if url.scheme != "unix" else url.path.strip("/") and not url.hostname
    is_known = all(re.fullmatch(REDIS_OPTIONS.get(name, "(?!)"), value) for name, value in options.items())
    if not is_somewhere or not is_known or url.fragment:
        raise ValueError("redis://user:password@host:port/db (rediss:, unix:), " + ENCODED)
    if find_spec("redis") is None:
        raise ValueError("redis:// with the extra: pip install 'weatherglass[redis]'")
    return CacheLocation("redis", Path(), url=text)


def database_url(text: str) -> str:
    """The meaning of WEATHER_DATABASE_URL."""
    if text == "sqlite:":
        return f"sqlite:///{user_folder('XDG_DATA_HOME', '.local/share', os.environ)}/places.sqlite"
    if re.fullmatch(r"sqlite:///[^?#]+", text) and ":memory:" not in text:
        return text
    url = located(text)
    if not url or url.scheme not in ("postgres", "postgresql") or not (url.netloc or url.path.strip("/")):
        raise ValueError("sqlite:///file or postgresql://user:password@host:port/database, " + ENCODED)
    if find_spec("psycopg") is None:
        raise ValueError("postgresql:// with the extra: pip install 'weatherglass[postgresql]'")
    return "postgresql" + text[len(url.scheme) :]


def user_folder(variable: str, below_home: str, environment: Mapping[str, str]) -> str:
    """Our folder for a user's caches or data (XDG Base Directory Specification). Raises ValueError if there is none."""
    base = environment.get(variable, "")
    if not base.startswith("/"):  # the specification: what is not absolute is to be ignored
        base = f"{environment.get('HOME') or home_by_number()}/{below_home}"
    if not base.startswith("/"):
        raise ValueError(f"a place that is named, for there is no HOME and no {variable} to derive it from")
    return f"{base}/weatherglass"


def home_by_number() -> str:
    """The home of who runs this, by the system's list of users; empty if it has none there."""
    try:
        return getpwuid(os.getuid()).pw_dir
    except KeyError:
        return ""


def setting(name: str, read: Callable[[str], Any], text: str | None, help: str, secret: bool = False) -> Any:
    """A field: its variable, its reader, its default as text (None: not set), its line of help."""
    return field(repr=not secret, metadata={"name": name, "read": read, "text": text, "help": help, "secret": secret})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """All settings, checked. Built by `load`."""

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
    provider: str = setting("WEATHER_PROVIDER", one_of(*PROVIDERS), "auto", "where weather comes from")
    openmeteo_url: str = setting(
        "WEATHER_OPENMETEO_URL", origin, "https://api.open-meteo.com", "origin of Open-Meteo's forecasts"
    )
    openmeteo_air_url: str = setting(
        "WEATHER_OPENMETEO_AIR_URL", origin, "https://air-quality-api.open-meteo.com", "origin of its air quality"
    )
    plan: str = setting("WEATHER_PLAN", one_of(*PLANS), "auto", "OWM products used: auto, free, onecall3, onecall4")
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
    access_keys: tuple[str, ...] = setting(
        "WEATHER_ACCESS_KEYS", words, "", "keys that the APIs ask for; none: open", True
    )
    trusted_proxies: tuple[str, ...] = setting(
        "WEATHER_TRUSTED_PROXIES", networks, "", "proxies whose forwarding headers are believed"
    )
    root_path: str = setting("WEATHER_ROOT_PATH", root_path, "", "path prefix when served below another site")
    log: str = setting("WEATHER_LOG", one_of("text", "json"), "text", "form of the log: text or json")
    proxies: Mapping[str, str] = setting(
        "WEATHER_PROXY", proxies, None, "the way out: a proxy's URL, or env for HTTPS_PROXY and its like", True
    )
    ca_file: Path | None = setting(
        "WEATHER_CA_FILE", ca_file, None, "authorities that upstream may be signed by, else SSL_CERT_FILE, certifi's"
    )


def load(environment: Mapping[str, str] | None = None, folder: Path | None = None) -> Settings:
    """The settings from the environment, else from `.env` in a folder. Raises SettingsError."""
    texts = {**from_file((folder or Path()) / ".env"), **(os.environ if environment is None else environment)}
    known = {f.metadata["name"] for f in fields(Settings)}
    unknown = sorted(name for name in texts if name.startswith("WEATHER_") and name not in known)
    if ignored := [name for name in unknown if is_of_kubernetes(name, texts[name])]:
        log.warning("ignored, for Kubernetes makes them for services: %s", ", ".join(ignored))
    for name in sorted({*unknown} - {*ignored}):
        raise SettingsError(f"{name} is not a setting; there are: {', '.join(sorted(known))}")
    values = {f.name: value_of(f.metadata, texts.get(f.metadata["name"], "")) for f in fields(Settings)}
    if values["api_key"] is not None:
        values["api_key_file"] = None
    elif values["api_key_file"]:
        values["api_key"] = key_from_file(values["api_key_file"])
    values["proxies"] = way_out(values["proxies"] or {}, texts)
    if values["ca_file"] is None:
        meta = {"name": "SSL_CERT_FILE", "read": ca_file, "text": None, "secret": False}
        values["ca_file"] = value_of(meta, texts.get("SSL_CERT_FILE", ""))
    return Settings(**values)


def from_file(path: Path) -> dict[str, str]:
    """What `.env` says, if there is one. Raises SettingsError if it cannot be read: what is in it may close a door."""
    try:
        return dotenv(path)
    except DotenvError as error:
        raise SettingsError(f"{path} {error}; allowed: lines NAME=value in UTF-8, or no such file") from None


def is_of_kubernetes(name: str, text: str) -> bool:
    """Whether that is a service variable: by its name, or `…_PORT`, which a person may write, by its value too."""
    is_port = re.fullmatch(r"WEATHER_(\w+_)?PORT", name) and re.match(r"(tcp|udp|sctp)://", text)
    return bool(is_port or KUBERNETES.fullmatch(name))


def way_out(told: Mapping[str, str], texts: Mapping[str, str]) -> Mapping[str, str]:
    """The proxies, those of the environment if that is what was told. Raises SettingsError."""
    if "env" not in told:
        return told
    try:
        return environment_proxies(texts)
    except ValueError as error:
        raise SettingsError(f"WEATHER_PROXY is env, but a proxy in the environment is none; allowed: {error}") from None


def value_of(meta: Mapping[str, Any], text: str) -> Any:
    """The value of one setting; an empty text is the default, blanks are not."""
    given = text.strip() or text or meta["text"]
    if given is None:
        return None
    try:
        given.encode()  # bytes of the environment that are no UTF-8 would fail later, one by one
        return meta["read"](given)
    except UnicodeEncodeError:
        raise SettingsError(f"{meta['name']} is {shown(meta, given)}; allowed: text in UTF-8") from None
    except ValueError as error:
        raise SettingsError(f"{meta['name']} is {shown(meta, given)}; allowed: {error}") from None


def shown(meta: Mapping[str, Any], text: str) -> str:
    """A value as an error may show it."""
    if meta["name"].endswith("_URL"):
        return repr(masked(text))
    return "…" if meta["secret"] else repr(text)


def key_from_file(path: Path) -> str:
    """The key in a file (a secret mounted into a container). Raises SettingsError if it cannot be read."""
    try:
        return filled(path.read_text("utf-8-sig").strip())
    except (OSError, ValueError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is empty, or not UTF-8"
        raise SettingsError(f"OPENWEATHERMAP_API_KEY_FILE is '{path}'; allowed: a readable file ({why})") from None
